import { z } from "zod";
import { maskEmail } from "../../../shared/email-address.ts";
import { notFound } from "../../../web/access.ts";
import { Page } from "../../../web/layout.tsx";
import type { Context, Portal } from "../../../web/portal.ts";
import { typedValues } from "../../../web/read-form.ts";
import {
  Banner,
  Button,
  Card,
  Form,
  FormFooter,
  type FormState,
  noForm,
  Paragraph,
  TextInput,
} from "../../../web/ui/index.ts";
import type { SendRefusal, TryRefusal } from "../domain/proof-code.ts";
import { lastProofCode, officialAddress } from "../proof-store.ts";
import { findStructure } from "../store.ts";
import { sendProofCode, tryProofCode } from "../use-cases/proof.ts";
import { sheetCrumbs, sheetOf } from "./loaded-structure.tsx";

const eyes = "the official address and its codes are out of the reach of whoever has to prove herself";

const sendTexts: { readonly [C in SendRefusal["code"]]: string } = {
  NOT_TO_VERIFY: "Cette structure est déjà vérifiée.",
  NO_OFFICIAL_ADDRESS: "Le portail ne connaît pas l'adresse officielle de cette structure.",
  TOO_MANY_CODES: "Trois codes sont partis en un jour. Attendez demain, ou la réponse de l'opérateur.",
};
/** What to tell of a code that proves nothing. */
export const tryTexts: { readonly [C in TryRefusal["code"]]: string } = {
  NOT_TO_VERIFY: "Cette structure est déjà vérifiée.",
  NO_CODE: "Aucun code n'est parti. Demandez-en un.",
  CODE_EXPIRED: "Ce code n'est plus valable. Demandez-en un autre.",
  NO_TRY_LEFT: "Cinq codes faux : celui-ci ne sert plus. Demandez-en un autre.",
  WRONG_CODE: "Ce n'est pas le code reçu. Vérifiez les dix signes du dernier message.",
};

type ProofView = { readonly name: string; readonly address: string | null; readonly isCodeSent: boolean };

function ProofPage({ ctx, view, form }: { ctx: Context; view: ProofView; form: FormState }) {
  const { structureId } = ctx.membership;
  const sheet = sheetOf({ id: structureId });
  return (
    <Page
      chrome={ctx.chrome}
      title="Prouver que j'agis pour cette structure"
      caption={view.name}
      crumbs={sheetCrumbs({ id: structureId, displayName: view.name })}
      hasErrors={Object.keys(form.errors).length > 0}
    >
      {view.address === null ? (
        <Banner tone="info" title="L'opérateur du portail examine votre demande">
          <p>
            Le portail ne connaît pas l'adresse officielle de cette structure : l'opérateur la vérifie
            lui-même. Vous n'avez rien à faire, un message vous le dira.
          </p>
        </Banner>
      ) : (
        <>
          <Paragraph>
            Le portail connaît l'adresse officielle de la structure : {maskEmail(view.address)}. Demandez
            qu'un code y parte ; la personne qui le reçoit vous le donne, et la structure est vérifiée
            aussitôt.
          </Paragraph>
          {view.isCodeSent && (
            <Form token={ctx.formToken} action={`${sheet}/preuve`} state={form}>
              <TextInput
                form={form}
                name="code"
                label="Code reçu"
                hint="Dix signes, comme 4F7QX-2M9KD. Il vaut une heure et cinq essais."
                required
                maxlength={20}
                width={20}
                autocomplete="one-time-code"
                spellcheck={false}
              />
              <FormFooter submit="Vérifier la structure" cancel={sheet} />
            </Form>
          )}
          <Card title={view.isCodeSent ? "Rien reçu ?" : "Recevoir un code"}>
            <Paragraph>Trois codes par jour au plus ; le dernier envoyé est le seul qui serve.</Paragraph>
            <Form token={ctx.formToken} action={`${sheet}/preuve/code`}>
              <Button kind={view.isCodeSent ? "secondary" : undefined}>
                {view.isCodeSent ? "Envoyer un autre code" : "Envoyer le code"}
              </Button>
            </Form>
          </Card>
          <Paragraph>Sans code, l'opérateur du portail peut aussi vous confirmer lui-même.</Paragraph>
        </>
      )}
    </Page>
  );
}

/** The proof of the first manager of a public structure: a code sent where the structure is officially reached. */
export function proofPages(portal: Portal): void {
  const access = { action: "structure.prove", on: "structure" } as const;
  const url = "/organisation/structures/:structureId/preuve";
  const viewOf = (ctx: Context): Promise<ProofView> =>
    ctx.systemTx(eyes, async (tx) => {
      const { structureId } = ctx.membership;
      const structure = await findStructure(tx, structureId);
      if (structure?.proofState !== "toVerify") throw notFound();
      const last = await lastProofCode(tx, { structureId, domain: null });
      return {
        name: structure.displayName,
        address: await officialAddress(tx, structureId),
        isCodeSent: last !== undefined,
      };
    });
  portal.page({
    method: "GET",
    url,
    access,
    handler: async (ctx) => ctx.html(<ProofPage ctx={ctx} view={await viewOf(ctx)} form={noForm} />),
  });
  portal.page({
    method: "POST",
    url: `${url}/code`,
    access,
    handler: async (ctx) => {
      const { structureId } = ctx.membership;
      await viewOf(ctx);
      const sent = await ctx.systemTx(eyes, (tx, now) => sendProofCode(tx, structureId, ctx.actor, now));
      return ctx.redirect(`/organisation/structures/${structureId}/preuve`, {
        confirmation: sent.ok
          ? { title: "Un code est parti à l'adresse officielle de la structure." }
          : { title: "Aucun code n'est parti.", text: sendTexts[sent.refusal.code] },
      });
    },
  });
  portal.page({
    method: "POST",
    url,
    access,
    handler: async (ctx) => {
      const { structureId } = ctx.membership;
      const view = await viewOf(ctx);
      const form = ctx.form({ code: z.string().max(100).default("") });
      const tried = form.ok
        ? await ctx.systemTx(eyes, (tx, now) =>
            tryProofCode(tx, { structureId, typed: form.values.code }, ctx.actor, now),
          )
        : null;
      if (tried?.ok)
        return ctx.redirect(`/organisation/structures/${structureId}`, {
          confirmation: {
            title: `${view.name} est vérifiée.`,
            text: "Vous pouvez maintenant y rattacher des personnes.",
          },
        });
      const code = tryTexts[tried?.refusal.code ?? "WRONG_CODE"];
      const refusedForm = { values: typedValues(ctx.body), errors: { code } };
      return ctx.html(<ProofPage ctx={ctx} view={view} form={refusedForm} />, 422);
    },
  });
}
