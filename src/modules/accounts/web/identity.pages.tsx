import { z } from "zod";
import { publish } from "../../../platform/events.ts";
import { countryChoices, countryCodes } from "../../../shared/countries.ts";
import { phoneNumber, phoneRefusalText } from "../../../shared/phone.ts";
import { Page } from "../../../web/layout.tsx";
import type { Context, Portal } from "../../../web/portal.ts";
import { text, typedValues } from "../../../web/read-form.ts";
import {
  Form,
  FormFooter,
  type FormState,
  noForm,
  Select,
  Textarea,
  TextInput,
} from "../../../web/ui/index.ts";
import { accountEvent } from "../domain/events.ts";
import { type AddressLinesRefusal, addressLines } from "../domain/postal-address.ts";
import { type AccountRow, saveIdentity, saveWhereabouts, type Whereabouts } from "../store.ts";
import { factsOf } from "../use-cases/sign-up.ts";
import { NameFields, readNames } from "./name-fields.tsx";
import { ownAccount, ownCrumbs } from "./own-account.ts";

type Shown = { readonly ctx: Context; readonly form: FormState; readonly account: AccountRow };

function IdentityPage({ ctx, form, account }: Shown) {
  return (
    <Page
      chrome={ctx.chrome}
      title="Modifier mon identité"
      crumbs={ownCrumbs}
      lead="Les gestionnaires de vos structures voient votre nom ; l'historique garde aussi l'ancien."
      hasErrors={Object.keys(form.errors).length > 0}
    >
      <Form token={ctx.formToken} state={form}>
        <NameFields form={form} names={account} />
        <FormFooter submit="Enregistrer" cancel="/mon-compte" />
      </Form>
    </Page>
  );
}

function WhereaboutsPage({ ctx, form, account }: Shown) {
  return (
    <Page
      chrome={ctx.chrome}
      title="Modifier mes coordonnées"
      crumbs={ownCrumbs}
      lead="Tout est facultatif."
      hasErrors={Object.keys(form.errors).length > 0}
    >
      <Form token={ctx.formToken} state={form}>
        <TextInput
          form={form}
          name="phone"
          label="Téléphone"
          type="tel"
          autocomplete="tel"
          value={account.phone ?? ""}
          maxlength={30}
          width={20}
        />
        <Textarea
          form={form}
          name="addressLines"
          label="Adresse"
          value={account.addressLines.join("\n")}
          rows={4}
          maxlength={200}
          hint="Quatre lignes au plus, sans le code postal ni la ville."
        />
        <TextInput
          form={form}
          name="postcode"
          label="Code postal"
          autocomplete="postal-code"
          value={account.postcode ?? ""}
          maxlength={10}
          width={10}
        />
        <TextInput
          form={form}
          name="town"
          label="Ville"
          autocomplete="address-level2"
          value={account.town ?? ""}
          maxlength={80}
        />
        <Select
          form={form}
          name="country"
          label="Pays"
          value={account.country ?? ""}
          options={[{ value: "", label: "Non renseigné" }, ...countryChoices(countryCodes)]}
        />
        <FormFooter submit="Enregistrer" cancel="/mon-compte" />
      </Form>
    </Page>
  );
}

const addressText = (refusal: AddressLinesRefusal) =>
  refusal.code === "TOO_MANY_LINES"
    ? `Une adresse compte au plus ${refusal.most} lignes.`
    : `Une ligne compte au plus ${refusal.most} caractères : coupez « ${refusal.line} ».`;

function readWhereabouts(
  ctx: Context,
): { readonly ok: true; readonly value: Whereabouts } | { readonly ok: false; readonly state: FormState } {
  const form = ctx.form({
    phone: z.string().default(""),
    addressLines: z.string().default(""),
    postcode: text.optional("Code postal", 10),
    town: text.optional("Ville", 80),
    country: z.string().default(""),
  });
  if (!form.ok) return form;
  const { postcode, town, country } = form.values;
  const phone = form.values.phone.trim() === "" ? null : phoneNumber(form.values.phone);
  const lines = addressLines(form.values.addressLines);
  const isCountry = country === "" || countryCodes.includes(country);
  if ((phone && !phone.ok) || !lines.ok || !isCountry) {
    const errors = {
      ...(phone && !phone.ok ? { phone: phoneRefusalText } : {}),
      ...(lines.ok ? {} : { addressLines: addressText(lines.refusal) }),
      ...(isCountry ? {} : { country: "Choisissez un pays de la liste." }),
    };
    return { ok: false, state: { values: typedValues(ctx.body), errors } };
  }
  return {
    ok: true,
    value: {
      phone: phone?.ok ? phone.value : null,
      addressLines: lines.value,
      postcode: postcode || null,
      town: town || null,
      country: country || null,
    },
  };
}

/** What one changes of oneself at once: name, telephone, postal address. */
export function identityPages(portal: Portal): void {
  portal.page({
    method: "GET",
    url: "/mon-compte/identite",
    access: "account",
    handler: async (ctx) =>
      ctx.html(<IdentityPage ctx={ctx} form={noForm} account={await ownAccount(ctx)} />),
  });
  portal.page({
    method: "POST",
    url: "/mon-compte/identite",
    access: "account",
    handler: async (ctx) => {
      const account = await ownAccount(ctx);
      const form = ctx.form({ firstName: z.string().default(""), lastName: z.string().default("") });
      if (!form.ok) return ctx.html(<IdentityPage ctx={ctx} form={form.state} account={account} />, 422);
      const read = readNames(form.values);
      if (!read.ok) {
        const state = { values: typedValues(ctx.body), errors: read.errors };
        return ctx.html(<IdentityPage ctx={ctx} form={state} account={account} />, 422);
      }
      const identity = read.names;
      await ctx.tx(async (tx) => {
        await saveIdentity(tx, account.id, identity);
        await publish(
          tx,
          accountEvent("ProfileChanged", factsOf(account), ctx.actor, {
            before: { prénom: account.firstName, nom: account.lastName },
            after: { prénom: identity.firstName, nom: identity.lastName },
          }),
        );
      });
      return ctx.redirect("/mon-compte", { confirmation: { title: "Votre identité est enregistrée." } });
    },
  });
  portal.page({
    method: "GET",
    url: "/mon-compte/coordonnees",
    access: "account",
    handler: async (ctx) =>
      ctx.html(<WhereaboutsPage ctx={ctx} form={noForm} account={await ownAccount(ctx)} />),
  });
  portal.page({
    method: "POST",
    url: "/mon-compte/coordonnees",
    access: "account",
    handler: async (ctx) => {
      const account = await ownAccount(ctx);
      const read = readWhereabouts(ctx);
      if (!read.ok) return ctx.html(<WhereaboutsPage ctx={ctx} form={read.state} account={account} />, 422);
      await ctx.tx(async (tx) => {
        await saveWhereabouts(tx, account.id, read.value);
        await publish(tx, accountEvent("WhereaboutsChanged", factsOf(account), ctx.actor));
      });
      return ctx.redirect("/mon-compte", { confirmation: { title: "Vos coordonnées sont enregistrées." } });
    },
  });
}
