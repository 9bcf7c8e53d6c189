import { z } from "zod";
import { Page } from "../../../web/layout.tsx";
import { type Context, type Portal, SECOND_STEP_PATH } from "../../../web/portal.ts";
import { box } from "../../../web/read-form.ts";
import {
  Checkbox,
  Form,
  FormFooter,
  type FormState,
  Link,
  noForm,
  Paragraph,
  TextInput,
} from "../../../web/ui/index.ts";
import { browserOf, pathAfterSignIn, safePath } from "../../accounts/index.ts";
import { authenticationOptions, type PasskeyOptions, type RelyingParty } from "../use-cases/passkeys.ts";
import { type Offered, type ProofRefusal, proveAtSignIn } from "../use-cases/prove.ts";
import { PasskeyPart } from "./passkey-part.tsx";

/** A refused code beside its field; what was typed is not sent back. */
export function proofText(refusal: ProofRefusal): FormState {
  const text = {
    PASSKEY_WRONG: "Cette clé d'accès n'a pas été reconnue. Réessayez, ou donnez un code.",
    CODE_WRONG: "Ce code n'est pas le bon. Lisez celui que l'application montre maintenant.",
    CODE_ALREADY_USED: "Ce code a déjà servi. Attendez que l'application montre le suivant.",
    CODE_WAIT: `Trop d'essais. Réessayez dans ${refusal.code === "CODE_WAIT" ? refusal.seconds : 0} secondes.`,
  }[refusal.code];
  return { values: {}, errors: { code: text } };
}

/** The field for a code of the application, or a recovery code; and the button of the passkeys, if there are any. */
export function ProofInput({ form, passkey }: { form: FormState; passkey: PasskeyOptions | null }) {
  return (
    <>
      {passkey && <PasskeyPart act="get" passkey={passkey} />}
      <TextInput
        form={form}
        name="code"
        label="Code"
        hint="Les six chiffres que montre votre application, ou un code de secours."
        autocomplete="one-time-code"
        spellcheck={false}
        maxlength={40}
        width={20}
        required
      />
    </>
  );
}

/** What `ProofInput` sends. */
export const proofShape = {
  code: z.string().default(""),
  defi: z.string().default(""),
  reponse: z.string().default(""),
};

/** The proof that a form brings: the passkey's answer if there is one, else what was typed. */
export function offeredBy(
  { code, defi, reponse }: { code: string; defi: string; reponse: string },
  sessionId: number,
): Offered {
  return { typed: code, passkey: reponse === "" ? null : { sessionId, sealed: defi, response: reponse } };
}

/** The passkeys that a browser may answer with; null when the account has none. */
export function passkeyOf(
  portal: Portal,
  who: { accountId: number; sessionId: number },
): Promise<PasskeyOptions | null> {
  const { database, config } = portal;
  return database.transaction({ kind: "caller", accountId: who.accountId, structureIds: [] }, (tx) =>
    authenticationOptions(tx, config.secret, relyingParty(portal), who),
  );
}

/** The portal as browsers know it. */
export function relyingParty({ config, publicUrl }: Portal): RelyingParty {
  const { hostname, origin } = new URL(publicUrl());
  return { name: config.PORTAL_NAME, id: hostname, origin };
}

type Step = { readonly form: FormState; readonly next: string; readonly passkey: PasskeyOptions | null };

function SecondStepPage({ ctx, form, next, passkey }: Step & { ctx: Context }) {
  return (
    <Page
      chrome={ctx.chrome}
      title="Saisissez votre code"
      lead="Votre mot de passe est le bon. Il reste à prouver que c'est bien vous."
      hasErrors={Object.keys(form.errors).length > 0}
    >
      <Form token={ctx.formToken} action={SECOND_STEP_PATH} state={form}>
        <input type="hidden" name="suite" value={next} />
        <ProofInput form={form} passkey={passkey} />
        <Checkbox
          form={form}
          name="trustsBrowser"
          label="Ne plus demander de code sur ce navigateur pendant 30 jours"
          hint="Seulement sur un appareil qui n'est qu'à vous."
        />
        <FormFooter submit="Se connecter" cancel="/connexion" cancelLabel="Revenir à la connexion" />
      </Form>
      <Paragraph>
        Téléphone perdu ? Un de vos dix codes de secours remplace le code de l'application.{" "}
        <Link href="/aide">Aide</Link>
      </Paragraph>
    </Page>
  );
}

/** The second step of a sign-in, for accounts that have a second factor. */
export function secondStepPages(portal: Portal): void {
  portal.page({
    method: "GET",
    url: SECOND_STEP_PATH,
    access: "public",
    handler: async (ctx) => {
      ctx.reply.header("cache-control", "no-store");
      const next = safePath(ctx.one("suite"));
      if (!ctx.halfSignedIn) return ctx.redirect(ctx.caller ? next : "/connexion");
      const passkey = await passkeyOf(portal, ctx.halfSignedIn);
      return ctx.html(<SecondStepPage ctx={ctx} form={noForm} next={next} passkey={passkey} />);
    },
  });
  portal.page({
    method: "POST",
    url: SECOND_STEP_PATH,
    access: "public",
    handler: async (ctx) => {
      if (!ctx.halfSignedIn) return ctx.redirect("/connexion");
      const who = ctx.halfSignedIn;
      const again = async (form: FormState, next: string, status: number) =>
        ctx.html(
          <SecondStepPage ctx={ctx} form={form} next={next} passkey={await passkeyOf(portal, who)} />,
          status,
        );
      const form = ctx.form({ ...proofShape, trustsBrowser: box, suite: z.string().default("/") });
      if (!form.ok) return again(form.state, "/", 422);
      const { trustsBrowser, suite } = form.values;
      const next = safePath(suite);
      const proved = await proveAtSignIn(
        { database: ctx.database, secret: ctx.config.secret, party: () => relyingParty(portal) },
        { ...who, offered: offeredBy(form.values, who.sessionId), trustsBrowser },
        browserOf(ctx),
      );
      if (!proved.ok) {
        const { refusal } = proved;
        if (refusal.code === "CODE_WAIT") ctx.reply.header("retry-after", refusal.seconds);
        return again(proofText(refusal), next, refusal.code === "CODE_WAIT" ? 429 : 422);
      }
      ctx.setSession(proved.value.token);
      if (proved.value.trustToken !== null) ctx.setTrustToken(proved.value.trustToken);
      return ctx.redirect(pathAfterSignIn(next));
    },
  });
}
