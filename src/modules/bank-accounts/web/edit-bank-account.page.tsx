import { toFrenchDateTime } from "../../../shared/french-date-time.ts";
import { Page } from "../../../web/layout.tsx";
import type { Portal } from "../../../web/portal.ts";
import { typedValues } from "../../../web/read-form.ts";
import { readValidity } from "../../../web/read-validity.ts";
import {
  Banner,
  Checkbox,
  DateTimeInput,
  Form,
  FormFooter,
  type FormState,
  Link,
  noForm,
  Paragraph,
  TextInput,
} from "../../../web/ui/index.ts";
import { isInUse } from "../domain/confirmation.ts";
import { bankAccountText, changeBankAccount } from "../use-cases/bank-accounts.ts";
import {
  crumbsOf,
  LIST,
  load,
  type OnePage,
  sheet,
  sheetOf,
  termsShape,
  version,
  write,
} from "./loaded-bank-account.tsx";

function EditPage({ ctx, account, form }: OnePage & { form: FormState }) {
  return (
    <Page
      chrome={ctx.chrome}
      title={`Modifier ${account.name}`}
      caption={`Coordonnée bancaire · ${ctx.membership.structure.displayName}`}
      crumbs={crumbsOf(ctx)}
      hasErrors={Object.keys(form.errors).length > 0}
    >
      <Banner tone="info">
        <p>
          Un IBAN ne se modifie pas : pour changer de compte, une autre coordonnée bancaire prend la place de
          celle-ci.{" "}
          {account.state === "active" && (
            <Link href={`${LIST}/nouvelle?structureId=${account.structureId}&remplace=${account.id}`}>
              Changer de compte
            </Link>
          )}
        </p>
      </Banner>
      <Form token={ctx.formToken} state={form}>
        <input type="hidden" name="version" value={account.version} />
        <TextInput
          form={form}
          name="name"
          label="Nom de la coordonnée bancaire"
          required
          maxlength={80}
          value={account.name}
        />
        <TextInput
          form={form}
          name="holder"
          label="Titulaire du compte"
          required
          maxlength={140}
          value={account.holder}
        />
        <DateTimeInput
          form={form}
          name="startsAt"
          label="Date de début de validité"
          required
          value={toFrenchDateTime(account.startsAt)}
        />
        <DateTimeInput
          form={form}
          name="endsAt"
          label="Date de fin de validité"
          value={account.endsAt ? toFrenchDateTime(account.endsAt) : ""}
        />
        {account.isDefault ? (
          <Paragraph>
            {account.state === "active" ? "C'est" : "Ce sera, une fois confirmée,"} la coordonnée par défaut.
            Pour en changer, choisissez-en une autre par défaut.
          </Paragraph>
        ) : (
          isInUse(account) && <Checkbox form={form} name="isDefault" label="Coordonnée par défaut" />
        )}
        <FormFooter cancel={sheetOf(account)} />
      </Form>
    </Page>
  );
}

/** « Modifier » what surrounds an IBAN. */
export function editBankAccountPage(portal: Portal): void {
  portal.page({
    method: "GET",
    url: `${sheet}/modifier`,
    access: write,
    fresh: true,
    handler: async (ctx) => ctx.html(<EditPage ctx={ctx} account={await load(ctx)} form={noForm} />),
  });
  portal.page({
    method: "POST",
    url: `${sheet}/modifier`,
    access: write,
    fresh: true,
    handler: async (ctx) => {
      const account = await load(ctx);
      const again = (form: FormState, status = 422) =>
        ctx.html(<EditPage ctx={ctx} account={account} form={form} />, status);
      const form = ctx.form({ version, ...termsShape });
      if (!form.ok) return again(form.state);
      const validity = readValidity(form.values);
      if ("errors" in validity) return again({ values: typedValues(ctx.body), errors: validity.errors });
      const { version: seen, name, holder, isDefault } = form.values;
      const changed = await ctx.tx((tx, now) =>
        changeBankAccount(
          tx,
          {
            structureId: account.structureId,
            bankAccountId: account.id,
            version: seen,
            change: { name, holder, isDefault, ...validity },
          },
          ctx.actor,
          now,
        ),
      );
      if (!changed.ok) {
        const { field, text: says } = bankAccountText(changed.refusal);
        return again(
          { values: typedValues(ctx.body), errors: { [field]: says } },
          changed.refusal.code === "CHANGED_MEANWHILE" ? 409 : 422,
        );
      }
      return ctx.redirect(sheetOf(account), {
        confirmation: { title: `La coordonnée bancaire « ${name} » est modifiée.` },
      });
    },
  });
}
