import { z } from "zod";
import { notFound } from "../../../web/access.ts";
import { Page } from "../../../web/layout.tsx";
import type { Context, Portal } from "../../../web/portal.ts";
import { box, typedValues } from "../../../web/read-form.ts";
import { Banner, Checkbox, Form, FormFooter, type FormState, noForm, Radios } from "../../../web/ui/index.ts";
import { type BillingChoice, billingChoice } from "../domain/service.ts";
import type { StructureRow } from "../store.ts";
import { changeBillingRules } from "../use-cases/structures.ts";
import { CHANGED, list, loadToChange, organisation, version } from "./loaded-structure.tsx";

const billingOptions: { value: BillingChoice; label: string }[] = [
  { value: "nothing", label: "Rien" },
  { value: "service", label: "Le code service" },
  { value: "commitment", label: "Le numéro d'engagement" },
  { value: "either", label: "Le code service ou le numéro d'engagement" },
  { value: "both", label: "Le code service et le numéro d'engagement" },
];

function BillingPage({ ctx, structure, form }: { ctx: Context; structure: StructureRow; form: FormState }) {
  return (
    <Page
      chrome={ctx.chrome}
      title="Paramètres de facturation"
      caption={structure.displayName}
      crumbs={[organisation, list]}
      hasErrors={Object.keys(form.errors).length > 0}
    >
      <Banner tone="info">
        <p>
          Vos fournisseurs verront la nouvelle règle dans l'annuaire dès l'enregistrement. Les factures déjà
          déposées ne changent pas.
        </p>
      </Banner>
      <Form token={ctx.formToken} state={form}>
        <input type="hidden" name="version" value={structure.version} />
        <Radios
          form={form}
          name="choice"
          label="La facture doit porter"
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
        if (changed.refusal.code === "NOT_PUBLIC") throw notFound();
        const says =
          changed.refusal.code === "NO_ACTIVE_SERVICE"
            ? "Créez d'abord un service actif : vos fournisseurs n'auraient aucun code à indiquer."
            : CHANGED;
        return ctx.html(
          <BillingPage
            ctx={ctx}
            structure={structure}
            form={{ values: typedValues(ctx.body), errors: { choice: says } }}
          />,
          changed.refusal.code === "CHANGED_MEANWHILE" ? 409 : 422,
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
