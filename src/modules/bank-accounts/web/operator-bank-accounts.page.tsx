import { formatDateTime, formatIdentifier } from "../../../web/format.ts";
import { OPERATOR, Page } from "../../../web/layout.tsx";
import type { Portal } from "../../../web/portal.ts";
import { Code, EmptyState, Table } from "../../../web/ui/index.ts";
import { maskedIban } from "../domain/bank-account.ts";
import { type BankAccountToWatch, listBlocked, listShared } from "../store.ts";

const eyes = "the operator watches bank details of structures she is no member of";

const structureColumns = [
  {
    title: "Structure",
    heads: true as const,
    cell: (one: BankAccountToWatch) => `${one.structureName}, ${formatIdentifier(one.identifierValue)}`,
  },
  { title: "Coordonnée bancaire", cell: (one: BankAccountToWatch) => one.name },
  { title: "IBAN", cell: (one: BankAccountToWatch) => <Code>{maskedIban(one.iban)}</Code> },
];

/** What an operator watches: bank details that somebody blocked, and one IBAN in unrelated structures (BNK-03, BNK-05). */
export function operatorBankAccountsPage(portal: Portal): void {
  portal.page({
    method: "GET",
    url: "/operateur/coordonnees-bancaires",
    access: "operator",
    handler: async (ctx) => {
      const [blocked, shared] = await ctx.systemTx(eyes, (tx) =>
        Promise.all([listBlocked(tx), listShared(tx, ctx.now)]),
      );
      return ctx.html(
        <Page
          chrome={ctx.chrome}
          title="Coordonnées bancaires à surveiller"
          lead="Celles qu'un gestionnaire a bloquées, et les IBAN que des entreprises sans lien ont en commun."
          crumbs={[OPERATOR]}
          wide
        >
          {blocked.length === 0 ? (
            <EmptyState>Aucune coordonnée bancaire n'est bloquée.</EmptyState>
          ) : (
            <Table
              caption="Bloquées, la plus récente d'abord"
              rows={blocked}
              keyOf={(one) => one.id}
              columns={[
                ...structureColumns,
                {
                  title: "Bloquée le",
                  nowrap: true,
                  cell: (one) => (one.blockedAt ? formatDateTime(one.blockedAt) : "—"),
                },
              ]}
            />
          )}
          {shared.length === 0 ? (
            <EmptyState>Aucun IBAN n'est commun à des entreprises différentes.</EmptyState>
          ) : (
            <Table
              caption="IBAN communs à des entreprises différentes"
              rows={shared}
              keyOf={(one) => one.id}
              columns={structureColumns}
            />
          )}
        </Page>,
      );
    },
  });
}
