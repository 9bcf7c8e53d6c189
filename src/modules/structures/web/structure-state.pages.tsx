import { z } from "zod";
import { formatDate } from "../../../web/format.ts";
import { Page } from "../../../web/layout.tsx";
import type { Context, Portal } from "../../../web/portal.ts";
import { text, typedValues } from "../../../web/read-form.ts";
import {
  Bullets,
  Form,
  FormFooter,
  type FormState,
  noForm,
  Textarea,
  TextInput,
} from "../../../web/ui/index.ts";
import { countWaiting } from "../../memberships/index.ts";
import { findLastChange, type IdentifierChange } from "../replacement-store.ts";
import { countTouchedByClosing, type StructureRow } from "../store.ts";
import { deactivateStructure, reactivateStructure } from "../use-cases/structures.ts";
import { CHANGED, list, load, organisation, version } from "./loaded-structure.tsx";

type Touched = {
  readonly people: number;
  readonly services: number;
  readonly requests: number;
  readonly invitations: number;
  readonly planned: IdentifierChange | null;
};

async function countTouched(ctx: Context, { id }: StructureRow): Promise<Touched> {
  return ctx.tx(async (tx) => {
    const [touched, waiting, change] = await Promise.all([
      countTouchedByClosing(tx, id, ctx.now),
      countWaiting(tx, id),
      findLastChange(tx, id),
    ]);
    return { ...touched, ...waiting, planned: change?.state === "planned" ? change : null };
  });
}

/** What closing the structure does, counted. */
function consequencesOf({ people, services, requests, invitations, planned }: Touched): string[] {
  return [
    "Elle quitte l'annuaire et ne peut plus être destinataire.",
    services > 1
      ? `Ses ${services} services actifs ne peuvent plus être indiqués ; ils gardent leurs dates.`
      : services === 1
        ? "Son service actif ne peut plus être indiqué ; il garde ses dates."
        : "",
    `${people > 1 ? `Ses ${people} personnes rattachées la consultent` : "Vous la consultez"} encore ; plus personne ne peut y être rattaché.`,
    requests > 1
      ? `Ses ${requests} demandes de rattachement en attente sont refusées : leurs auteurs en lisent le motif.`
      : requests === 1
        ? "Sa demande de rattachement en attente est refusée : son auteur en lit le motif."
        : "",
    invitations > 1
      ? `Ses ${invitations} invitations en attente sont annulées.`
      : invitations === 1
        ? "Son invitation en attente est annulée."
        : "",
    planned ? `Le changement d'identifiant prévu le ${formatDate(planned.effectiveAt)} est annulé.` : "",
    "Un gestionnaire peut la réactiver : les rattachements et les droits reprennent alors.",
  ].filter(Boolean);
}

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
  return (
    <Page
      chrome={ctx.chrome}
      title="Désactiver la structure"
      caption={structure.displayName}
      crumbs={[organisation, list]}
      hasErrors={Object.keys(form.errors).length > 0}
    >
      <Bullets items={consequencesOf(touched)} />
      <Form token={ctx.formToken} state={form}>
        <input type="hidden" name="version" value={structure.version} />
        <Textarea form={form} name="reason" label="Motif" rows={2} maxlength={500} />
        <TextInput
          form={form}
          name="typedName"
          label={`Pour confirmer, saisissez le libellé : ${structure.displayName}`}
          required
        />
        <FormFooter submit="Désactiver" kind="warning" cancel={`/organisation/structures/${structure.id}`} />
      </Form>
    </Page>
  );
}

/** « Désactiver » and « Réactiver » a structure. */
export function structureStatePages(portal: Portal): void {
  portal.page({
    method: "GET",
    url: "/organisation/structures/:structureId/desactiver",
    access: { action: "structure.deactivate", on: "structure" },
    fresh: true,
    handler: async (ctx) => {
      const structure = await load(ctx);
      return ctx.html(
        <DeactivatePage
          ctx={ctx}
          structure={structure}
          touched={await countTouched(ctx, structure)}
          form={noForm}
        />,
      );
    },
  });
  portal.page({
    method: "POST",
    url: "/organisation/structures/:structureId/desactiver",
    access: { action: "structure.deactivate", on: "structure" },
    fresh: true,
    handler: async (ctx) => {
      const structure = await load(ctx);
      const form = ctx.form({
        version,
        reason: text.optional("Motif", 500),
        typedName: z.string().default(""),
      });
      const again = async (state: FormState, status: number) => {
        const touched = await countTouched(ctx, structure);
        return ctx.html(<DeactivatePage {...{ ctx, structure, touched }} form={state} />, status);
      };
      if (!form.ok) return again(form.state, 422);
      const done = await ctx.tx((tx, now) =>
        deactivateStructure(tx, { structureId: structure.id, ...form.values }, ctx.actor, now),
      );
      if (!done.ok) {
        const says =
          done.refusal.code === "NAME_DIFFERS"
            ? "Ce n'est pas le libellé de la structure. Recopiez-le exactement."
            : CHANGED;
        const state = { values: typedValues(ctx.body), errors: { typedName: says } };
        return again(state, done.refusal.code === "NAME_DIFFERS" ? 422 : 409);
      }
      return ctx.redirect(`/organisation/structures/${structure.id}`, {
        confirmation: { title: "La structure est désactivée." },
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
