import { z } from "zod";
import { toFrenchDateTime } from "../../../shared/french-date-time.ts";
import { forbidden, notFound } from "../../../web/access.ts";
import { formatDateTime, formatIdentifier } from "../../../web/format.ts";
import { Page } from "../../../web/layout.tsx";
import type { CallerMembership, Context, Portal } from "../../../web/portal.ts";
import { box, idChoice, text, typedValues } from "../../../web/read-form.ts";
import { readValidity } from "../../../web/read-validity.ts";
import {
  Banner,
  ButtonLink,
  Card,
  Checkbox,
  Code,
  DateTimeInput,
  EmptyState,
  Form,
  FormFooter,
  type FormState,
  noForm,
  Paragraph,
  Select,
  SummaryList,
  Table,
  Tag,
  TextInput,
} from "../../../web/ui/index.ts";
import { StructureTabs } from "../../structures/index.ts";
import {
  type BankAccountState,
  bankAccountState,
  groupedIban,
  isBicOfAnotherCountry,
  maskedIban,
} from "../domain/bank-account.ts";
import { type BankAccountRow, findBankAccount, listBankAccounts } from "../store.ts";
import {
  bankAccountText,
  changeBankAccount,
  createBankAccount,
  disableBankAccount,
  enableBankAccount,
} from "../use-cases/bank-accounts.ts";

const LIST = "/organisation/coordonnees-bancaires";
const organisation = { label: "Organisation", href: "/organisation" };
const sheetOf = (account: Pick<BankAccountRow, "id" | "structureId">) =>
  `/organisation/structures/${account.structureId}/coordonnees-bancaires/${account.id}`;
const stateTags: {
  readonly [S in BankAccountState]: {
    readonly tone: "success" | "info" | "neutral";
    readonly label: string;
  };
} = {
  planned: { tone: "info", label: "À venir" },
  active: { tone: "success", label: "Active" },
  ended: { tone: "neutral", label: "Terminée" },
  disabled: { tone: "neutral", label: "Désactivée" },
};

function StateTag({ account, now }: { account: BankAccountRow; now: Date }) {
  const { tone, label } = stateTags[bankAccountState(account, now)];
  return <Tag tone={tone}>{label}</Tag>;
}

function ListPage({ ctx, accounts }: { ctx: Context; accounts: readonly BankAccountRow[] }) {
  const { structureId, structure } = ctx.membership;
  const create = {
    href: `${LIST}/nouvelle?structureId=${structureId}`,
    label: "Créer une coordonnée bancaire",
  };
  const mayWrite = ctx.can("bankAccount.write");
  return (
    <Page
      chrome={ctx.chrome}
      title="Gérer une coordonnée bancaire"
      caption={structure.displayName}
      crumbs={[organisation]}
      wide
      actions={mayWrite && <ButtonLink href={create.href}>{create.label}</ButtonLink>}
    >
      <StructureTabs ctx={ctx} current="bankAccounts" />
      {accounts.length === 0 ? (
        <EmptyState action={mayWrite ? create : undefined}>
          Aucune coordonnée bancaire. Elles disent sur quel compte vos factures sont payées.
        </EmptyState>
      ) : (
        <Table
          caption="Coordonnées bancaires, celle par défaut d'abord"
          rows={accounts}
          keyOf={(account) => account.id}
          columns={[
            { title: "Nom", heads: true, cell: (account) => <a href={sheetOf(account)}>{account.name}</a> },
            { title: "Titulaire", cell: (account) => account.holder },
            { title: "IBAN", cell: (account) => <Code>{maskedIban(account.iban)}</Code> },
            { title: "Par défaut", cell: (account) => (account.isDefault ? "Oui" : "—") },
            { title: "État", cell: (account) => <StateTag account={account} now={ctx.now} /> },
          ]}
        />
      )}
    </Page>
  );
}

/** « Créer une coordonnée bancaire »; the structure is chosen when one may choose. */
function CreatePage({
  ctx,
  structures,
  chosen,
  form,
}: {
  ctx: Context;
  structures: readonly CallerMembership[];
  chosen: CallerMembership;
  form: FormState;
}) {
  return (
    <Page
      chrome={ctx.chrome}
      title="Créer une coordonnée bancaire"
      lead="Tous les gestionnaires principaux de la structure seront prévenus."
      crumbs={[organisation, { label: "Coordonnées bancaires", href: LIST }]}
      hasErrors={Object.keys(form.errors).length > 0}
    >
      <Form token={ctx.formToken} action={`${LIST}/nouvelle`} state={form}>
        {structures.length > 1 ? (
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
          hint="Pour la reconnaître dans la liste, par exemple « Compte courant »."
        />
        <TextInput
          form={form}
          name="holder"
          label="Titulaire du compte"
          required
          maxlength={140}
          value={chosen.structure.displayName}
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
        <Checkbox form={form} name="isDefault" label="Coordonnée par défaut" />
        <FormFooter cancel={LIST} />
      </Form>
    </Page>
  );
}

type OnePage = { ctx: Context; account: BankAccountRow };

function crumbsOf(ctx: Context) {
  const { structureId, structure } = ctx.membership;
  return [
    organisation,
    { label: structure.displayName, href: `/organisation/structures/${structureId}` },
    { label: "Coordonnées bancaires", href: `${LIST}?structureId=${structureId}` },
  ];
}

function SheetPage({ ctx, account }: OnePage) {
  const mayWrite = ctx.can("bankAccount.write");
  const change = mayWrite ? { href: `${sheetOf(account)}/modifier` } : undefined;
  return (
    <Page
      chrome={ctx.chrome}
      title={account.name}
      caption={`Coordonnée bancaire · ${ctx.membership.structure.displayName}`}
      crumbs={crumbsOf(ctx)}
      wide
      actions={<StateTag account={account} now={ctx.now} />}
    >
      <Card>
        <SummaryList
          rows={[
            { label: "Nom", value: account.name, change },
            { label: "Titulaire", value: account.holder, change },
            {
              label: "IBAN",
              value: <Code>{mayWrite ? groupedIban(account.iban) : maskedIban(account.iban)}</Code>,
            },
            { label: "BIC", value: account.bic ? <Code>{account.bic}</Code> : "Non renseigné" },
            { label: "Début de validité", value: formatDateTime(account.startsAt), change },
            {
              label: "Fin de validité",
              value: account.endsAt ? formatDateTime(account.endsAt) : "Aucune",
              change,
            },
            { label: "Par défaut", value: account.isDefault ? "Oui" : "Non", change },
          ]}
        />
      </Card>
      {!mayWrite && (
        <Paragraph>
          L'IBAN n'est montré en entier qu'aux personnes habilitées à modifier les coordonnées bancaires.
        </Paragraph>
      )}
      {mayWrite && (
        <ButtonLink
          kind="secondary"
          href={`${sheetOf(account)}/${account.disabled ? "activer" : "desactiver"}`}
        >
          {account.disabled ? "Activer" : "Désactiver"}
        </ButtonLink>
      )}
    </Page>
  );
}

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
          Un IBAN ne se modifie pas. Pour changer de compte, créez une autre coordonnée bancaire, puis
          désactivez celle-ci.
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
            C'est la coordonnée par défaut. Pour en changer, choisissez-en une autre par défaut.
          </Paragraph>
        ) : (
          !account.disabled && <Checkbox form={form} name="isDefault" label="Coordonnée par défaut" />
        )}
        <FormFooter cancel={sheetOf(account)} />
      </Form>
    </Page>
  );
}

const verbs = {
  desactiver: {
    title: "Désactiver la coordonnée bancaire",
    says: "Elle ne pourra plus figurer sur une facture. Celles déjà déposées la gardent. Vous pourrez la réactiver.",
    done: "désactivée",
    act: disableBankAccount,
  },
  activer: {
    title: "Activer la coordonnée bancaire",
    says: "Elle pourra de nouveau figurer sur une facture, pendant ses dates de validité.",
    done: "activée",
    act: enableBankAccount,
  },
} as const;

function ConfirmPage({ ctx, account, verb }: OnePage & { verb: keyof typeof verbs }) {
  return (
    <Page
      chrome={ctx.chrome}
      title={verbs[verb].title}
      caption={`${account.name} · ${maskedIban(account.iban)}`}
      crumbs={crumbsOf(ctx)}
      lead={verbs[verb].says}
    >
      <Form token={ctx.formToken}>
        <input type="hidden" name="version" value={account.version} />
        <FormFooter
          submit={verb === "desactiver" ? "Désactiver" : "Activer"}
          kind={verb === "desactiver" ? "warning" : undefined}
          cancel={sheetOf(account)}
        />
      </Form>
    </Page>
  );
}

const termsShape = {
  name: text.required("Nom de la coordonnée bancaire", 80),
  holder: text.required("Titulaire du compte", 140),
  startsAt: z.string().default(""),
  endsAt: z.string().default(""),
  isDefault: box,
};
const version = z.coerce.number().int().positive();

async function load(ctx: Context): Promise<BankAccountRow> {
  const account = await ctx.tx((tx) =>
    findBankAccount(tx, ctx.membership.structureId, ctx.id("bankAccountId")),
  );
  if (!account) throw notFound();
  return account;
}

/** « Créer une coordonnée bancaire », « Gérer une coordonnée bancaire » and the sheet of one. */
export function bankAccountPages(portal: Portal): void {
  const sheet = "/organisation/structures/:structureId/coordonnees-bancaires/:bankAccountId";
  const read = { action: "bankAccount.read", on: "structure" } as const;
  const write = { action: "bankAccount.write", on: "structure" } as const;

  portal.page({
    method: "GET",
    url: LIST,
    access: read,
    handler: async (ctx) => {
      const accounts = await ctx.tx((tx) => listBankAccounts(tx, ctx.membership.structureId));
      return ctx.html(<ListPage ctx={ctx} accounts={accounts} />);
    },
  });
  const writable = (ctx: Context) =>
    ctx.who.memberships.filter((one) => ctx.can("bankAccount.write", { membership: one }));
  portal.page({
    method: "GET",
    url: `${LIST}/nouvelle`,
    access: "account",
    fresh: true,
    handler: (ctx) => {
      const structures = writable(ctx);
      const asked = ctx.one("structureId") || String(ctx.who.current?.structureId ?? "");
      const chosen = structures.find((one) => String(one.structureId) === asked) ?? structures[0];
      if (!chosen)
        throw forbidden(
          "Il vous faut l'habilitation « Coordonnées bancaires », en modification. Demandez-la à un gestionnaire principal.",
        );
      return ctx.html(<CreatePage ctx={ctx} structures={structures} chosen={chosen} form={noForm} />);
    },
  });
  portal.page({
    method: "POST",
    url: `${LIST}/nouvelle`,
    access: write,
    fresh: true,
    handler: async (ctx) => {
      const again = (form: FormState) =>
        ctx.html(
          <CreatePage ctx={ctx} structures={writable(ctx)} chosen={ctx.membership} form={form} />,
          422,
        );
      const form = ctx.form({
        structureId: idChoice("Choisissez une structure."),
        ...termsShape,
        iban: text.required("IBAN", 60),
        bic: text.optional("BIC", 20),
      });
      if (!form.ok) return again(form.state);
      const validity = readValidity(form.values);
      if ("errors" in validity) return again({ values: typedValues(ctx.body), errors: validity.errors });
      const { iban: typedIban, bic: typedBic, ...terms } = form.values;
      const created = await ctx.tx((tx, now) =>
        createBankAccount(tx, { ...terms, ...validity, typedIban, typedBic }, ctx.actor, now),
      );
      if (!created.ok) {
        const { field, text: says } = bankAccountText(created.refusal);
        return again({ values: typedValues(ctx.body), errors: { [field]: says } });
      }
      const { bic, iban, name } = created.value;
      return ctx.redirect(sheetOf(created.value), {
        confirmation: {
          title: "L'envoi des données pour « Créer une coordonnée bancaire » a bien été effectué.",
          text: isBicOfAnotherCountry(bic, iban)
            ? `« ${name} » est créée. Le BIC et l'IBAN sont de deux pays différents : vérifiez-les.`
            : `« ${name} » est créée. Les gestionnaires principaux sont prévenus.`,
        },
      });
    },
  });
  portal.page({
    method: "GET",
    url: sheet,
    access: read,
    handler: async (ctx) => ctx.html(<SheetPage ctx={ctx} account={await load(ctx)} />),
  });
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
  for (const verb of ["desactiver", "activer"] as const) {
    portal.page({
      method: "GET",
      url: `${sheet}/${verb}`,
      access: write,
      fresh: true,
      handler: async (ctx) => ctx.html(<ConfirmPage ctx={ctx} account={await load(ctx)} verb={verb} />),
    });
    portal.page({
      method: "POST",
      url: `${sheet}/${verb}`,
      access: write,
      fresh: true,
      handler: async (ctx) => {
        const account = await load(ctx);
        const form = ctx.form({ version });
        const answer = await ctx.tx((tx, now) =>
          verbs[verb].act(
            tx,
            {
              structureId: account.structureId,
              bankAccountId: account.id,
              version: form.ok ? form.values.version : 0,
            },
            ctx.actor,
            now,
          ),
        );
        return ctx.redirect(sheetOf(account), {
          confirmation: {
            title: answer.ok
              ? `La coordonnée bancaire « ${account.name} » est ${verbs[verb].done}.`
              : bankAccountText(answer.refusal).text,
          },
        });
      },
    });
  }
}
