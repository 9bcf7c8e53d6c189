import { z } from "zod";
import { notFound } from "../../../web/access.ts";
import { Page } from "../../../web/layout.tsx";
import type { Context, Portal } from "../../../web/portal.ts";
import { box, typedValues } from "../../../web/read-form.ts";
import {
  Banner,
  ChangedMeanwhile,
  Checkbox,
  type Conflict,
  type Difference,
  Form,
  FormFooter,
  type FormState,
  noForm,
  Radios,
} from "../../../web/ui/index.ts";
import { type BillingChoice, billingChoice, billingSentence } from "../domain/service.ts";
import type { StructureRow } from "../store.ts";
import { changeBillingRules } from "../use-cases/structures.ts";
import { lastChangeOf, loadToChange, sheetCrumbs, version } from "./loaded-structure.tsx";

const billingOptions: { value: BillingChoice; label: string }[] = [
  { value: "nothing", label: "Rien" },
  { value: "service", label: "Le code service" },
  { value: "commitment", label: "Le numéro d'engagement" },
  { value: "either", label: "Le code service ou le numéro d'engagement" },
  { value: "both", label: "Le code service et le numéro d'engagement" },
];

type BillingProps = { ctx: Context; structure: StructureRow; form: FormState; conflict?: Conflict };

function BillingPage({ ctx, structure, form, conflict }: BillingProps) {
  return (
    <Page
      chrome={ctx.chrome}
      title="Paramètres de facturation"
      caption={structure.displayName}
      crumbs={sheetCrumbs(structure)}
      hasErrors={conflict !== undefined || Object.keys(form.errors).length > 0}
    >
      {conflict && <ChangedMeanwhile {...conflict} />}
      <Banner tone="warning" title="Une nouvelle règle vaut aussitôt">
        <p>
          Une facture que vos fournisseurs préparent, sans ce que vous exigerez, sera refusée à son dépôt ;
          celles déjà déposées ne changent pas. L'annuaire donne la règle dès l'enregistrement.
        </p>
      </Banner>
      <Form token={ctx.formToken} state={form}>
        <input type="hidden" name="version" value={structure.version} />
        <Radios
          form={form}
          name="choice"
          label="La facture doit porter"
          hint={`Aujourd'hui : ${billingSentence(structure)}`}
          required
          value={billingChoice(structure)}
          options={billingOptions}
        />
        <Checkbox
          form={form}
          name="paymentStatusReported"
          label="Le statut « Mise en paiement » est remonté"
          checked={structure.paymentStatusReported}
        />
        <FormFooter cancel={`/organisation/structures/${structure.id}`} />
      </Form>
    </Page>
  );
}

/** What two people who changed the rules at once chose, where it differs. */
function differencesOf(
  stored: StructureRow,
  typed: { readonly choice: BillingChoice; readonly paymentStatusReported: boolean },
): Difference[] {
  const labelOf = (choice: BillingChoice) => billingOptions.find((one) => one.value === choice)!.label;
  const yesNo = (value: boolean) => (value ? "Oui" : "Non");
  return [
    {
      label: "La facture doit porter",
      stored: labelOf(billingChoice(stored)),
      typed: labelOf(typed.choice),
    },
    {
      label: "Le statut « Mise en paiement » est remonté",
      stored: yesNo(stored.paymentStatusReported),
      typed: yesNo(typed.paymentStatusReported),
    },
  ].filter((one) => one.stored !== one.typed);
}

/** What an invoice to a public structure must carry. */
export function billingRulesPage(portal: Portal): void {
  portal.page({
    method: "GET",
    url: "/organisation/structures/:structureId/facturation",
    access: { action: "structure.update", on: "structure" },
    handler: async (ctx) => {
      const structure = await loadToChange(ctx);
      if (structure.kind !== "public") throw notFound();
      return ctx.html(<BillingPage ctx={ctx} structure={structure} form={noForm} />);
    },
  });
  portal.page({
    method: "POST",
    url: "/organisation/structures/:structureId/facturation",
    access: { action: "structure.update", on: "structure" },
    handler: async (ctx) => {
      const structure = await loadToChange(ctx);
      const form = ctx.form({
        version,
        choice: z.enum(["nothing", "service", "commitment", "either", "both"], {
          error: "Choisissez ce que la facture doit porter.",
        }),
        paymentStatusReported: box,
      });
      if (!form.ok) return ctx.html(<BillingPage ctx={ctx} structure={structure} form={form.state} />, 422);
      const changed = await ctx.tx((tx, now) =>
        changeBillingRules(tx, { structureId: structure.id, ...form.values }, ctx.actor, now),
      );
      if (!changed.ok) {
        const { code } = changed.refusal;
        if (code === "NOT_PUBLIC" || code === "NOT_FOUND") throw notFound();
        const values = typedValues(ctx.body);
        if (code === "CHANGED_MEANWHILE") {
          const present = await loadToChange(ctx);
          const last = await lastChangeOf(ctx, present.id);
          const conflict = { ...last, differences: differencesOf(present, form.values) };
          return ctx.html(
            <BillingPage ctx={ctx} structure={present} form={{ values, errors: {} }} conflict={conflict} />,
            409,
          );
        }
        const says = "Créez d'abord un service actif : vos fournisseurs n'auraient aucun code à indiquer.";
        return ctx.html(
          <BillingPage ctx={ctx} structure={structure} form={{ values, errors: { choice: says } }} />,
          422,
        );
      }
      return ctx.redirect(`/organisation/structures/${structure.id}`, {
        confirmation: {
          title: "Les paramètres de facturation sont modifiés.",
          text: "La nouvelle règle est dans l'annuaire.",
        },
      });
    },
  });
}
