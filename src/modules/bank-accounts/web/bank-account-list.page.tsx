import { Page } from "../../../web/layout.tsx";
import type { Context, Portal } from "../../../web/portal.ts";
import { StructureTabs } from "../../../web/structure-tabs.tsx";
import { ButtonLink, Code, EmptyState, Table } from "../../../web/ui/index.ts";
import { maskedIban } from "../domain/bank-account.ts";
import { type BankAccountRow, listBankAccounts } from "../store.ts";
import { defaultText, LIST, organisation, read, StateTag, sheetOf } from "./loaded-bank-account.tsx";

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
          caption="Coordonnées bancaires, celles à confirmer d'abord"
          rows={accounts}
          keyOf={(account) => account.id}
          columns={[
            { title: "Nom", heads: true, cell: (account) => <a href={sheetOf(account)}>{account.name}</a> },
            { title: "Titulaire", cell: (account) => account.holder },
            { title: "IBAN", cell: (account) => <Code>{maskedIban(account.iban)}</Code> },
            { title: "Par défaut", cell: (account) => defaultText(account, "—") },
            { title: "État", cell: (account) => <StateTag account={account} now={ctx.now} /> },
          ]}
        />
      )}
    </Page>
  );
}

/** « Gérer une coordonnée bancaire »: those of a structure. */
export function bankAccountListPage(portal: Portal): void {
  portal.page({
    method: "GET",
    url: LIST,
    access: read,
    handler: async (ctx) => {
      const accounts = await ctx.tx((tx) => listBankAccounts(tx, ctx.membership.structureId));
      return ctx.html(<ListPage ctx={ctx} accounts={accounts} />);
    },
  });
}
