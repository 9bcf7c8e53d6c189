import { formatDateTime } from "../../../web/format.ts";
import { Page } from "../../../web/layout.tsx";
import type { Portal } from "../../../web/portal.ts";
import { EmptyState, Pagination, Table } from "../../../web/ui/index.ts";
import { listJournalOfPerson, type PlaceInJournal } from "../store.ts";

const PAGE_SIZE = 50;
const HISTORY_PATH = "/mon-historique";
const eyes = "what concerns her is hers to read, in the structures that she left too";

/** « 12-345 »: the entry after which the next page begins. */
function placeOf(typed: string): PlaceInJournal | null {
  const found = /^(\d{1,15})-(\d{1,15})$/.exec(typed);
  return found && { chainId: Number(found[1]), seq: Number(found[2]) };
}

/** « Mon historique »: what a person did and what was done about her, everywhere. Source: organisation.md 16. */
export function ownHistoryPages(portal: Portal): void {
  portal.page({
    method: "GET",
    url: HISTORY_PATH,
    access: "account",
    handler: async (ctx) => {
      const before = placeOf(ctx.one("avant"));
      const found = await ctx.systemTx(eyes, (tx) =>
        listJournalOfPerson(tx, ctx.who.accountId, { before, limit: PAGE_SIZE + 1 }),
      );
      const rows = found.slice(0, PAGE_SIZE);
      const last = found.length > PAGE_SIZE ? rows.at(-1)! : null;
      return ctx.html(
        <Page
          chrome={ctx.chrome}
          title="Mon historique"
          crumbs={[{ label: "Mon compte", href: "/mon-compte" }]}
          lead="Ce que vous avez fait, et ce qui a été fait pour vous, dans toutes vos structures."
          wide
        >
          {rows.length === 0 ? (
            <EmptyState>Rien de plus ancien.</EmptyState>
          ) : (
            <Table
              caption="De la plus récente à la plus ancienne"
              rows={rows}
              keyOf={(row) => `${row.chainId}-${row.seq}`}
              columns={[
                { title: "Le", heads: true, cell: (row) => formatDateTime(row.at) },
                { title: "Action", cell: (row) => `${row.actorLabel} ${row.sentence}` },
                { title: "Structure", cell: (row) => row.structureName ?? "—" },
                { title: "Motif", cell: (row) => row.reason || "—" },
              ]}
            />
          )}
          <Pagination
            first={before && HISTORY_PATH}
            next={last && `${HISTORY_PATH}?avant=${last.chainId}-${last.seq}`}
          />
        </Page>,
      );
    },
  });
}
