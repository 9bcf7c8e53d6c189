import { formatDateTime } from "../../../web/format.ts";
import { Page } from "../../../web/layout.tsx";
import type { Portal } from "../../../web/portal.ts";
import { Banner, ButtonLink, Card, Code, Link, Paragraph, SummaryList } from "../../../web/ui/index.ts";
import { findStructure } from "../../structures/index.ts";
import { groupedIban, maskedIban } from "../domain/bank-account.ts";
import { isInUse } from "../domain/confirmation.ts";
import { findBankAccountPeople, listBankAccounts } from "../store.ts";
import {
  crumbsOf,
  defaultText,
  LIST,
  load,
  type OnePage,
  read,
  StateTag,
  sheet,
  sheetOf,
  Warnings,
} from "./loaded-bank-account.tsx";

type Shown = OnePage & {
  readonly people: Awaited<ReturnType<typeof findBankAccountPeople>>;
  readonly legalName: string;
  /** The lines that it replaces, and that replace it. */
  readonly replaces: OnePage["account"] | undefined;
  readonly replacedBy: OnePage["account"] | undefined;
};

function SheetPage({ ctx, account, people, legalName, replaces, replacedBy }: Shown) {
  const mayWrite = ctx.can("bankAccount.write");
  const change = mayWrite ? { href: `${sheetOf(account)}/modifier` } : undefined;
  const other = (label: string, one: OnePage["account"] | undefined) =>
    one ? [{ label, value: <Link href={sheetOf(one)}>{one.name}</Link> }] : [];
  return (
    <Page
      chrome={ctx.chrome}
      title={account.name}
      caption={`Coordonnée bancaire · ${ctx.membership.structure.displayName}`}
      crumbs={crumbsOf(ctx)}
      wide
      actions={<StateTag account={account} now={ctx.now} />}
    >
      {account.state === "pendingConfirmation" && (
        <Banner tone="warning" title="En attente de confirmation">
          <p>
            Elle ne sert pas encore : un gestionnaire principal, autre que{" "}
            {people.submittedBy ?? "son auteur"}, doit la confirmer.
          </p>
          {ctx.can("bankAccount.confirm") && (
            <p>
              <Link href={`${sheetOf(account)}/confirmer`}>Vérifier, puis confirmer ou bloquer</Link>
            </p>
          )}
        </Banner>
      )}
      {account.state === "blocked" && (
        <Banner tone="error" title={`Bloquée par ${people.blockedBy ?? "un gestionnaire principal"}`}>
          <p>
            Elle ne sert plus, depuis le {formatDateTime(account.blockedAt!)}. L'opérateur du portail a été
            alerté.
          </p>
        </Banner>
      )}
      {mayWrite && isInUse(account) && <Warnings ctx={ctx} account={account} legalName={legalName} />}
      <Card>
        <SummaryList
          rows={[
            { label: "Nom", value: account.name, change },
            { label: "Titulaire", value: account.holder, change },
            {
              label: "IBAN",
              value: <Code>{mayWrite ? groupedIban(account.iban) : maskedIban(account.iban)}</Code>,
              change:
                mayWrite && account.state === "active"
                  ? {
                      href: `${LIST}/nouvelle?structureId=${account.structureId}&remplace=${account.id}`,
                      label: "Changer de compte",
                    }
                  : undefined,
            },
            { label: "BIC", value: account.bic ? <Code>{account.bic}</Code> : "Non renseigné" },
            { label: "Début de validité", value: formatDateTime(account.startsAt), change },
            {
              label: "Fin de validité",
              value: account.endsAt ? formatDateTime(account.endsAt) : "Aucune",
              change,
            },
            { label: "Par défaut", value: defaultText(account, "Non"), change },
            ...(isInUse(account)
              ? other(account.state === "active" ? "Remplace" : "Remplacera", replaces)
              : []),
            ...other("Remplacée par", replacedBy),
            ...(people.createdBy ? [{ label: "Créée par", value: people.createdBy }] : []),
            ...(people.confirmedBy && people.confirmedBy !== people.createdBy
              ? [{ label: "Confirmée par", value: people.confirmedBy }]
              : []),
          ]}
        />
      </Card>
      {!mayWrite && (
        <Paragraph>
          L'IBAN n'est montré en entier qu'aux personnes habilitées à modifier les coordonnées bancaires.
        </Paragraph>
      )}
      <div class="u-buttons">
        {mayWrite && (account.state !== "blocked" || ctx.can("bankAccount.confirm")) && (
          <ButtonLink
            kind="secondary"
            href={`${sheetOf(account)}/${isInUse(account) ? "desactiver" : "activer"}`}
          >
            {isInUse(account) ? "Désactiver" : "Activer"}
          </ButtonLink>
        )}
        {account.state === "active" && ctx.can("bankAccount.confirm") && (
          <ButtonLink kind="secondary" href={`${sheetOf(account)}/bloquer`}>
            Ce n'est pas nous : bloquer
          </ButtonLink>
        )}
      </div>
    </Page>
  );
}

/** The sheet of a bank account. */
export function bankAccountSheetPage(portal: Portal): void {
  portal.page({
    method: "GET",
    url: sheet,
    access: read,
    handler: async (ctx) => {
      const account = await load(ctx);
      const [people, structure, all] = await ctx.tx((tx) =>
        Promise.all([
          findBankAccountPeople(tx, account.id),
          findStructure(tx, account.structureId),
          listBankAccounts(tx, account.structureId),
        ]),
      );
      return ctx.html(
        <SheetPage
          ctx={ctx}
          account={account}
          people={people}
          legalName={structure?.legalName ?? ""}
          replaces={all.find((one) => one.id === account.replacesId)}
          replacedBy={all.find((one) => one.replacesId === account.id && one.state === "active")}
        />,
      );
    },
  });
}
