import { z } from "zod";
import { toFrenchDateTime } from "../../../shared/french-date-time.ts";
import { forbidden, notFound } from "../../../web/access.ts";
import { formatIdentifier } from "../../../web/format.ts";
import { Page } from "../../../web/layout.tsx";
import type { CallerMembership, Context, Portal } from "../../../web/portal.ts";
import { idChoice, text, typedValues } from "../../../web/read-form.ts";
import { readValidity } from "../../../web/read-validity.ts";
import {
  Banner,
  Checkbox,
  DateTimeInput,
  Form,
  FormFooter,
  type FormState,
  noForm,
  Select,
  SummaryList,
  TextInput,
} from "../../../web/ui/index.ts";
import { maskedIban } from "../domain/bank-account.ts";
import { type BankAccountRow, findBankAccount } from "../store.ts";
import { bankAccountText, createBankAccount } from "../use-cases/bank-accounts.ts";
import { LIST, organisation, sheetOf, termsShape, write } from "./loaded-bank-account.tsx";

/** « Créer une coordonnée bancaire »; the structure is chosen when one may choose. */
function CreatePage({
  ctx,
  structures,
  chosen,
  replaced,
  form,
}: {
  ctx: Context;
  structures: readonly CallerMembership[];
  chosen: CallerMembership;
  replaced: BankAccountRow | null;
  form: FormState;
}) {
  return (
    <Page
      chrome={ctx.chrome}
      title={replaced ? "Changer de compte" : "Créer une coordonnée bancaire"}
      lead="Tous les gestionnaires principaux de la structure seront prévenus."
      crumbs={[organisation, { label: "Coordonnées bancaires", href: LIST }]}
      hasErrors={Object.keys(form.errors).length > 0}
    >
      <Form token={ctx.formToken} action={`${LIST}/nouvelle`} state={form}>
        {replaced && (
          <Banner tone="info" title={`Elle remplacera « ${replaced.name} » (${maskedIban(replaced.iban)}).`}>
            <p>
              L'ancienne prendra fin quand la nouvelle servira ; les factures déjà déposées la gardent.
              {replaced.isDefault && " La nouvelle sera la coordonnée par défaut."}
            </p>
          </Banner>
        )}
        <input type="hidden" name="remplace" value={replaced?.id ?? ""} />
        {structures.length > 1 && !replaced ? (
          <Select
            form={form}
            name="structureId"
            label="Choisir la structure"
            required
            value={String(chosen.structureId)}
            options={structures.map((one) => ({
              value: String(one.structureId),
              label: `${formatIdentifier(one.structure.identifierValue)} – ${one.structure.displayName}`,
            }))}
          />
        ) : (
          <>
            <input type="hidden" name="structureId" value={chosen.structureId} />
            <SummaryList rows={[{ label: "Structure", value: chosen.structure.displayName }]} />
          </>
        )}
        <TextInput
          form={form}
          name="name"
          label="Nom de la coordonnée bancaire"
          required
          maxlength={80}
          hint={
            replaced
              ? `Un autre que « ${replaced.name} », qui reste dans la liste.`
              : "Pour la reconnaître dans la liste, par exemple « Compte courant »."
          }
        />
        <TextInput
          form={form}
          name="holder"
          label="Titulaire du compte"
          required
          maxlength={140}
          value={replaced?.holder ?? chosen.structure.displayName}
        />
        <TextInput
          form={form}
          name="iban"
          label="IBAN"
          required
          maxlength={60}
          autocomplete="off"
          spellcheck={false}
          hint="Tel qu'il figure sur votre relevé d'identité bancaire, avec ou sans espaces."
        />
        <TextInput
          form={form}
          name="bic"
          label="BIC"
          maxlength={20}
          width={20}
          autocomplete="off"
          spellcheck={false}
          hint="8 ou 11 caractères. Obligatoire hors de la zone SEPA."
        />
        <DateTimeInput
          form={form}
          name="startsAt"
          label="Date de début de validité"
          required
          value={toFrenchDateTime(ctx.now)}
        />
        <DateTimeInput form={form} name="endsAt" label="Date de fin de validité" />
        {!replaced?.isDefault && <Checkbox form={form} name="isDefault" label="Coordonnée par défaut" />}
        <FormFooter cancel={replaced ? sheetOf(replaced) : LIST} />
      </Form>
    </Page>
  );
}

/** The line that the new one is to replace, among those of the structure that serve. */
async function findReplaced(
  ctx: Context,
  { structureId }: CallerMembership,
  asked: string,
): Promise<BankAccountRow | null> {
  if (!/^[1-9]\d{0,14}$/.test(asked)) return null;
  const found = await ctx.tx((tx) => findBankAccount(tx, structureId, Number(asked)));
  if (found?.state !== "active") throw notFound();
  return found;
}

/** « Créer une coordonnée bancaire ». */
export function createBankAccountPage(portal: Portal): void {
  const writable = (ctx: Context) =>
    ctx.who.memberships.filter((one) => ctx.can("bankAccount.write", { membership: one }));
  portal.page({
    method: "GET",
    url: `${LIST}/nouvelle`,
    access: "account",
    fresh: true,
    handler: async (ctx) => {
      const structures = writable(ctx);
      const asked = ctx.one("structureId") || String(ctx.who.current?.structureId ?? "");
      const chosen = structures.find((one) => String(one.structureId) === asked) ?? structures[0];
      if (!chosen)
        throw forbidden(
          "Il vous faut l'habilitation « Coordonnées bancaires », en modification. Demandez-la à un gestionnaire principal.",
        );
      const replaced = await findReplaced(ctx, chosen, ctx.one("remplace"));
      return ctx.html(
        <CreatePage ctx={ctx} structures={structures} chosen={chosen} replaced={replaced} form={noForm} />,
      );
    },
  });
  portal.page({
    method: "POST",
    url: `${LIST}/nouvelle`,
    access: write,
    fresh: true,
    handler: async (ctx) => {
      const { remplace = "" } = ctx.body;
      const replaced = await findReplaced(ctx, ctx.membership, String(remplace));
      const page = { ctx, structures: writable(ctx), chosen: ctx.membership, replaced };
      const again = (form: FormState) => ctx.html(<CreatePage {...page} form={form} />, 422);
      const form = ctx.form({
        structureId: idChoice("Choisissez une structure."),
        ...termsShape,
        iban: text.required("IBAN", 60),
        bic: text.optional("BIC", 20),
        remplace: z.string().default(""),
      });
      if (!form.ok) return again(form.state);
      const validity = readValidity(form.values);
      if ("errors" in validity) return again({ values: typedValues(ctx.body), errors: validity.errors });
      const { iban: typedIban, bic: typedBic, remplace: _, ...terms } = form.values;
      const asked = { ...terms, ...validity, typedIban, typedBic, replacesId: replaced?.id ?? null };
      const fourEyes = ctx.config.BANK_FOUR_EYES === "on";
      const created = await ctx.tx((tx, now) => createBankAccount(tx, asked, { fourEyes }, ctx.actor, now));
      if (!created.ok) {
        const { field, text: says } = bankAccountText(created.refusal);
        return again({ values: typedValues(ctx.body), errors: { [field]: says } });
      }
      const { name, state } = created.value;
      return ctx.redirect(sheetOf(created.value), {
        confirmation: {
          title: "L'envoi des données pour « Créer une coordonnée bancaire » a bien été effectué.",
          text:
            state === "pendingConfirmation"
              ? `« ${name} » est créée. Elle servira une fois confirmée par un autre gestionnaire principal : ils sont prévenus.`
              : `« ${name} » est créée. Les gestionnaires principaux sont prévenus.`,
        },
      });
    },
  });
}
