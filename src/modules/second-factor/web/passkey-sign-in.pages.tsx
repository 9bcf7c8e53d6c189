import { isIP } from "node:net";
import { z } from "zod";
import { Page } from "../../../web/layout.tsx";
import type { Context, Portal } from "../../../web/portal.ts";
import { Form, Link, Paragraph } from "../../../web/ui/index.ts";
import { browserOf, pathAfterSignIn, safePath } from "../../accounts/index.ts";
import {
  type PasskeySignInRefusal,
  passkeySignInOptions,
  signInByPasskey,
} from "../use-cases/passkey-sign-in.ts";
import type { PasskeyOptions } from "../use-cases/passkeys.ts";
import { PasskeyPart } from "./passkey-part.tsx";
import { relyingParty } from "./second-step.pages.tsx";

const PATH = "/connexion/cle-d-acces";

/** What the sign-in page offers passkeys with; null where browsers know none: a portal called by a number. */
export async function offerPasskeySignIn(portal: Portal, ctx: Context): Promise<PasskeyOptions | null> {
  const party = relyingParty(portal);
  return isIP(party.id) === 0 ? passkeySignInOptions(ctx.config.secret, party, ctx.formToken, ctx.now) : null;
}

/** The button of the sign-in page; without script it does not show. */
export function PasskeySignIn({
  ctx,
  passkey,
  next,
}: {
  ctx: Context;
  passkey: PasskeyOptions;
  next: string;
}) {
  return (
    <div class="u-other-way">
      <Form token={ctx.formToken} action={PATH}>
        <input type="hidden" name="suite" value={next} />
        <PasskeyPart act="get" label="Entrer avec ma clé d'accès" passkey={passkey} />
      </Form>
    </div>
  );
}

function RefusedPage({ ctx, refusal }: { ctx: Context; refusal: PasskeySignInRefusal }) {
  const says =
    refusal.code === "SIGN_IN_WAIT"
      ? `Trop d'essais. Réessayez dans ${refusal.seconds} secondes.`
      : "Elle a pu être retirée de votre compte, ou n'a pas vérifié que c'est vous. Réessayez, ou donnez votre mot de passe.";
  return (
    <Page chrome={ctx.chrome} title="Cette clé d'accès n'a pas été reconnue" lead={says}>
      <Paragraph>
        <Link href="/connexion">Revenir à la connexion</Link>
      </Paragraph>
    </Page>
  );
}

/** Sign-in by a passkey alone. */
export function passkeySignInPages(portal: Portal): void {
  const { database, config } = portal;
  const deps = { database, secret: config.secret, party: () => relyingParty(portal) };
  portal.page({
    method: "POST",
    url: PATH,
    access: "public",
    handler: async (ctx) => {
      const form = ctx.form({
        defi: z.string().default(""),
        reponse: z.string().default(""),
        suite: z.string().default("/"),
      });
      const refuse = (refusal: PasskeySignInRefusal) =>
        ctx.html(<RefusedPage ctx={ctx} refusal={refusal} />, refusal.code === "SIGN_IN_WAIT" ? 429 : 422);
      if (!form.ok) return refuse({ code: "PASSKEY_WRONG" });
      const { defi, reponse, suite } = form.values;
      const offered = { sealed: defi, response: reponse, browserKey: ctx.formToken };
      const signedIn = await signInByPasskey(deps, offered, browserOf(ctx));
      if (!signedIn.ok) {
        if (signedIn.refusal.code === "SIGN_IN_WAIT")
          ctx.reply.header("retry-after", signedIn.refusal.seconds);
        return refuse(signedIn.refusal);
      }
      ctx.setSession(signedIn.value.token);
      return ctx.redirect(pathAfterSignIn(safePath(suite)));
    },
  });
}
