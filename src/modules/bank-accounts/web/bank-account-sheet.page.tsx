import { formatDateTime } from "../../../web/format.ts";
import { Page } from "../../../web/layout.tsx";
import type { Portal } from "../../../web/portal.ts";
import { ButtonLink, Card, Code, Paragraph, SummaryList } from "../../../web/ui/index.ts";
import { groupedIban, maskedIban } from "../domain/bank-account.ts";
import { crumbsOf, load, type OnePage, read, StateTag, sheet, sheetOf } from "./loaded-bank-account.tsx";

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

/** The sheet of a bank account. */
export function bankAccountSheetPage(portal: Portal): void {
  portal.page({
    method: "GET",
    url: sheet,
    access: read,
    handler: async (ctx) => ctx.html(<SheetPage ctx={ctx} account={await load(ctx)} />),
  });
}
