import { z } from "zod";
import { Page } from "../../../web/layout.tsx";
import type { Context, Portal } from "../../../web/portal.ts";
import { text, typedValues } from "../../../web/read-form.ts";
import {
  Bullets,
  Form,
  FormFooter,
  type FormState,
  noForm,
  Paragraph,
  Textarea,
  TextInput,
} from "../../../web/ui/index.ts";
import { findOpenDeactivationRequest } from "../deactivation-store.ts";
import type { DeactivationRefusal } from "../domain/deactivation.ts";
import type { StructureRow } from "../store.ts";
import { deactivateByManager, reactivateStructure } from "../use-cases/deactivation.ts";
import { withdrawDeactivation } from "../use-cases/deactivation-requests.ts";
import type { ChangeRefusal } from "../use-cases/structures.ts";
import { consequencesOf, countTouched, type Touched } from "./deactivation-parts.tsx";
import { CHANGED, load, sheetCrumbs, version } from "./loaded-structure.tsx";

/** What is told of each refusal, beside which field. */
const refusalTexts: {
  readonly [C in DeactivationRefusal | ChangeRefusal["code"]]: {
    readonly field: "typedName" | "reason";
    readonly text: string;
    readonly status: number;
  };
} = {
  NAME_DIFFERS: {
    field: "typedName",
    text: "Ce n'est pas le libellé de la structure. Recopiez-le exactement.",
    status: 422,
  },
  REASON_MISSING: {
    field: "reason",
    text: "Dites à l'opérateur pourquoi désactiver la structure.",
    status: 422,
  },
  ALREADY_ASKED: {
    field: "typedName",
    text: "Sa désactivation est déjà demandée : la demande se lit sur la fiche.",
    status: 409,
  },
  WRONG_STATE: { field: "typedName", text: CHANGED, status: 409 },
  CHANGED_MEANWHILE: { field: "typedName", text: CHANGED, status: 409 },
  NOT_FOUND: { field: "typedName", text: CHANGED, status: 409 },
};

function DeactivatePage({
  ctx,
  structure,
  touched,
  form,
}: {
  ctx: Context;
  structure: StructureRow;
  touched: Touched;
  form: FormState;
}) {
  const asks = structure.kind === "public";
  return (
    <Page
      chrome={ctx.chrome}
      title={asks ? "Demander la désactivation de la structure" : "Désactiver la structure"}
      caption={structure.displayName}
      crumbs={sheetCrumbs(structure)}
      {...(asks && {
        lead: "C'est une structure publique : l'opérateur du portail doit donner son accord. D'ici là, elle reste active.",
      })}
      hasErrors={Object.keys(form.errors).length > 0}
    >
      {asks && <Paragraph>Une fois désactivée :</Paragraph>}
      <Bullets items={consequencesOf(touched, "member")} />
      <Form token={ctx.formToken} state={form}>
        <input type="hidden" name="version" value={structure.version} />
        <Textarea
          form={form}
          name="reason"
          label="Motif"
          rows={2}
          maxlength={500}
          required={asks}
          {...(asks && { hint: "L'opérateur le lit avant de répondre." })}
        />
        <TextInput
          form={form}
          name="typedName"
          label={`Pour confirmer, saisissez le libellé : ${structure.displayName}`}
          required
        />
        <FormFooter
          submit={asks ? "Demander la désactivation" : "Désactiver"}
          kind="warning"
          cancel={`/organisation/structures/${structure.id}`}
        />
      </Form>
    </Page>
  );
}

/** « Désactiver », or asking the operator to, and « Réactiver » a structure. */
export function structureStatePages(portal: Portal): void {
  const url = "/organisation/structures/:structureId/desactiver";
  const access = { action: "structure.deactivate", on: "structure" } as const;
  const show = async (ctx: Context, structure: StructureRow, form: FormState, status = 200) => {
    const touched = await ctx.tx((tx, now) => countTouched(tx, structure.id, now));
    return ctx.html(<DeactivatePage {...{ ctx, structure, touched, form }} />, status);
  };
  portal.page({
    method: "GET",
    url,
    access,
    fresh: true,
    handler: async (ctx) => {
      const structure = await load(ctx);
      const open = await ctx.tx((tx) => findOpenDeactivationRequest(tx, structure.id));
      // what was asked is told there
      return open ? ctx.redirect(`/organisation/structures/${structure.id}`) : show(ctx, structure, noForm);
    },
  });
  portal.page({
    method: "POST",
    url,
    access,
    fresh: true,
    handler: async (ctx) => {
      const structure = await load(ctx);
      const form = ctx.form({
        version,
        reason: text.optional("Motif", 500),
        typedName: z.string().default(""),
      });
      if (!form.ok) return show(ctx, structure, form.state, 422);
      const input = { structureId: structure.id, ...form.values };
      const operators = ctx.config.UNISSON_OPERATORS;
      const done = await ctx.tx((tx, now) =>
        deactivateByManager(tx, input, operators, ctx.membership, ctx.actor, now),
      );
      if (!done.ok) {
        const { field, text: says, status } = refusalTexts[done.refusal.code];
        return show(ctx, structure, { values: typedValues(ctx.body), errors: { [field]: says } }, status);
      }
      return ctx.redirect(`/organisation/structures/${structure.id}`, {
        confirmation:
          done.value === "deactivated"
            ? { title: "La structure est désactivée." }
            : {
                title: "La désactivation est demandée.",
                text: "La structure reste active jusqu'à la réponse de l'opérateur, que vous recevrez par message.",
              },
      });
    },
  });
  portal.page({
    method: "POST",
    url: `${url}/retirer`,
    access,
    handler: async (ctx) => {
      const { structureId } = ctx.membership;
      const done = await ctx.tx((tx, now) => withdrawDeactivation(tx, structureId, ctx.actor, now));
      return ctx.redirect(`/organisation/structures/${structureId}`, {
        confirmation: {
          title: done.ok
            ? "La demande de désactivation est retirée."
            : "Il n'y a plus de demande à retirer : elle a reçu sa réponse, ou quelqu'un l'a retirée.",
        },
      });
    },
  });
  portal.page({
    method: "POST",
    url: "/organisation/structures/:structureId/reactiver",
    access: { action: "structure.reactivate", on: "structure" },
    handler: async (ctx) => {
      const form = ctx.form({ version });
      const { structureId } = ctx.membership;
      const done =
        form.ok &&
        (
          await ctx.tx((tx, now) =>
            reactivateStructure(tx, { structureId, version: form.values.version }, ctx.actor, now),
          )
        ).ok;
      return ctx.redirect(`/organisation/structures/${structureId}`, {
        confirmation: { title: done ? "La structure est de nouveau active." : CHANGED },
      });
    },
  });
}
