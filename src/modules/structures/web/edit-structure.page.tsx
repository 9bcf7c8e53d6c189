import { z } from "zod";
import { Page } from "../../../web/layout.tsx";
import type { Context, Portal } from "../../../web/portal.ts";
import { box, text, typedValues } from "../../../web/read-form.ts";
import {
  Checkbox,
  Fieldset,
  Form,
  FormFooter,
  type FormState,
  noForm,
  TextInput,
} from "../../../web/ui/index.ts";
import type { StructureRow } from "../store.ts";
import { changeStructure } from "../use-cases/structures.ts";
import { CHANGED, list, loadToChange, organisation, version } from "./loaded-structure.tsx";

function EditPage({ ctx, structure, form }: { ctx: Context; structure: StructureRow; form: FormState }) {
  return (
    <Page
      chrome={ctx.chrome}
      title="Modifier la structure"
      caption={structure.displayName}
      crumbs={[organisation, list]}
      hasErrors={Object.keys(form.errors).length > 0}
    >
      <Form token={ctx.formToken} state={form}>
        <input type="hidden" name="version" value={structure.version} />
        <TextInput
          form={form}
          name="displayName"
          label="Libellé"
          value={structure.displayName}
          required
          maxlength={255}
        />
        <TextInput
          form={form}
          name="addressLine"
          label="Adresse"
          value={structure.addressLine}
          required
          maxlength={38}
          autocomplete="address-line1"
        />
        <TextInput
          form={form}
          name="addressExtra1"
          label="Complément d'adresse"
          value={structure.addressExtra1}
          maxlength={38}
          autocomplete="address-line2"
        />
        <TextInput
          form={form}
          name="postcode"
          label="Code postal"
          value={structure.postcode}
          required
          maxlength={10}
          width={10}
          autocomplete="postal-code"
        />
        <TextInput
          form={form}
          name="town"
          label="Ville"
          value={structure.town}
          required
          maxlength={80}
          autocomplete="address-level2"
        />
        <TextInput
          form={form}
          name="email"
          label="Adresse électronique de la structure"
          type="email"
          value={structure.email ?? ""}
          maxlength={254}
        />
        <Checkbox
          form={form}
          name="emailPublished"
          label="Publier cette adresse dans l'annuaire"
          checked={structure.emailPublished}
        />
        <TextInput
          form={form}
          name="phone"
          label="Téléphone"
          type="tel"
          value={structure.phone ?? ""}
          maxlength={20}
          width={20}
        />
        <Fieldset legend="Ce que fait la structure">
          <Checkbox
            form={form}
            name="issuesInvoices"
            label="Émet des factures"
            checked={structure.issuesInvoices}
          />
          <Checkbox
            form={form}
            name="receivesInvoices"
            label="Reçoit des factures"
            checked={structure.receivesInvoices}
          />
          <Checkbox
            form={form}
            name="worksOwner"
            label="Maîtrise d'ouvrage (MOA)"
            checked={structure.worksOwner}
          />
          <Checkbox
            form={form}
            name="worksManager"
            label="Maîtrise d'œuvre (MOE)"
            checked={structure.worksManager}
          />
        </Fieldset>
        <FormFooter cancel={`/organisation/structures/${structure.id}`} />
      </Form>
    </Page>
  );
}

/** « Modifier la structure ». */
export function editStructurePage(portal: Portal): void {
  portal.page({
    method: "GET",
    url: "/organisation/structures/:structureId/modifier",
    access: { action: "structure.update", on: "structure" },
    handler: async (ctx) =>
      ctx.html(<EditPage ctx={ctx} structure={await loadToChange(ctx)} form={noForm} />),
  });
  portal.page({
    method: "POST",
    url: "/organisation/structures/:structureId/modifier",
    access: { action: "structure.update", on: "structure" },
    handler: async (ctx) => {
      const structure = await loadToChange(ctx);
      const form = ctx.form({
        version,
        displayName: text.required("Libellé", 255),
        addressLine: text.required("Adresse", 38),
        addressExtra1: text.optional("Complément d'adresse", 38),
        postcode: text.required("Code postal", 10),
        town: text.required("Ville", 80),
        email: z
          .union([
            z.literal(""),
            z.email({ error: "Cette adresse n'est pas complète. Exemple : mairie@exemple.fr" }),
          ])
          .default(""),
        emailPublished: box,
        phone: text.optional("Téléphone", 20),
        issuesInvoices: box,
        receivesInvoices: box,
        worksOwner: box,
        worksManager: box,
      });
      if (!form.ok) return ctx.html(<EditPage ctx={ctx} structure={structure} form={form.state} />, 422);
      const { version: seen, email, phone, ...rest } = form.values;
      const changed = await ctx.tx((tx, now) =>
        changeStructure(
          tx,
          {
            structureId: structure.id,
            version: seen,
            change: { ...rest, email: email || null, phone: phone || null },
          },
          ctx.actor,
          now,
        ),
      );
      if (!changed.ok)
        return ctx.html(
          <EditPage
            ctx={ctx}
            structure={structure}
            form={{ values: typedValues(ctx.body), errors: { displayName: CHANGED } }}
          />,
          409,
        );
      return ctx.redirect(`/organisation/structures/${structure.id}`, {
        confirmation: { title: "La structure est modifiée." },
      });
    },
  });
}
