import { emailAddress } from "../../../shared/email-address.ts";
import { forbidden, notFound } from "../../../web/access.ts";
import { Page } from "../../../web/layout.tsx";
import type { Context, Portal } from "../../../web/portal.ts";
import { text, typedValues } from "../../../web/read-form.ts";
import { Form, FormFooter, type FormState, noForm, TextInput } from "../../../web/ui/index.ts";
import { officialAddress } from "../proof-store.ts";
import { findStructure } from "../store.ts";
import { keepOfficialAddress } from "../use-cases/proof.ts";
import { OWN, toVerifyCrumbs } from "./operator-structures.pages.tsx";

const eyes = "the operator keeps the official address of structures she is no member of";

function AddressPage({
  ctx,
  structure,
  form,
}: {
  ctx: Context;
  structure: { readonly id: number; readonly name: string; readonly address: string | null };
  form: FormState;
}) {
  return (
    <Page
      chrome={ctx.chrome}
      title="Adresse officielle"
      caption={structure.name}
      crumbs={toVerifyCrumbs}
      lead="Celle que publie la structure elle-même, jamais celle que donne la personne à vérifier."
      hasErrors={Object.keys(form.errors).length > 0}
    >
      <Form token={ctx.formToken} action={`/operateur/structures/${structure.id}/adresse`} state={form}>
        <TextInput
          form={form}
          name="address"
          label="Adresse électronique officielle"
          hint="Le code de preuve y est envoyé. Un code déjà parti ailleurs ne servira plus."
          type="email"
          inputmode="email"
          required
          maxlength={254}
          value={structure.address ?? ""}
        />
        <FormFooter submit="Enregistrer" cancel="/operateur/structures" />
      </Form>
    </Page>
  );
}

/** Where the operator writes the official address of a public structure. */
export function officialAddressPages(portal: Portal): void {
  const url = "/operateur/structures/:id/adresse";
  const load = (ctx: Context) =>
    ctx.systemTx(eyes, async (tx) => {
      const structure = await findStructure(tx, ctx.id("id"));
      if (structure?.kind !== "public") throw notFound();
      return {
        id: structure.id,
        name: structure.displayName,
        address: await officialAddress(tx, structure.id),
      };
    });
  portal.page({
    method: "GET",
    url,
    access: "operator",
    fresh: true,
    handler: async (ctx) => ctx.html(<AddressPage ctx={ctx} structure={await load(ctx)} form={noForm} />),
  });
  portal.page({
    method: "POST",
    url,
    access: "operator",
    fresh: true,
    handler: async (ctx) => {
      const structure = await load(ctx);
      const form = ctx.form({ address: text.required("Adresse électronique officielle", 254) });
      const again = (state: FormState) =>
        ctx.html(<AddressPage ctx={ctx} structure={structure} form={state} />, 422);
      if (!form.ok) return again(form.state);
      const address = emailAddress(form.values.address);
      if (!address.ok)
        return again({
          values: typedValues(ctx.body),
          errors: { address: "Écrivez une adresse comme mairie@exemple.fr." },
        });
      const kept = await ctx.systemTx(eyes, (tx, now) =>
        keepOfficialAddress(
          tx,
          { structureId: structure.id, address: address.value },
          { ...ctx.actor, means: "operator" },
          now,
        ),
      );
      if (!kept.ok) throw kept.refusal.code === "OWN_STRUCTURE" ? forbidden(OWN) : notFound();
      return ctx.redirect("/operateur/structures", {
        confirmation: { title: `L'adresse officielle de ${structure.name} est enregistrée.` },
      });
    },
  });
}
