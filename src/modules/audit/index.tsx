import type { Readable } from "node:stream";
import { publish } from "../../platform/events.ts";
import { frenchDateTime } from "../../shared/french-date-time.ts";
import { type CsvColumn, csvFile, inBatches, sendCsvFile } from "../../web/csv.ts";
import { formatDateTime } from "../../web/format.ts";
import { Page } from "../../web/layout.tsx";
import { listAddress } from "../../web/list-address.ts";
import type { Context, Portal } from "../../web/portal.ts";
import { ButtonLink, Details, EmptyState, ListSearch, Pagination, Table } from "../../web/ui/index.ts";
import type { Module } from "../index.ts";
import { exportEvent } from "./domain/export-event.ts";
import { families, kindsOfFamily } from "./domain/families.ts";
import { sealJournal } from "./jobs.ts";
import { type JournalRow, type JournalSearch, listJournal } from "./store.ts";
import { ownHistoryPages } from "./web/own-history.pages.tsx";

export { exportEvent } from "./domain/export-event.ts";
export { type FamilyOfWeek, familiesOfWeek } from "./domain/families.ts";
export { countJournal, type JournalRow, listJournalOf } from "./store.ts";

const means: Readonly<Record<string, string>> = {
  page: "Page",
  api: "API",
  import: "Import",
  job: "Portail",
  operator: "Opérateur",
  system: "Portail",
};
const PAGE_SIZE = 50;
const CSV_BATCH = 2000;
/** What filters a journal, as it stands in the address. */
const filterNames = ["q", "du", "au", "famille", "tri"] as const;

/** The search that an address asks for; a date that cannot be read filters nothing, and its field says so. */
function searchOf(ctx: Context): JournalSearch & { readonly wrongDates: readonly string[] } {
  const dates = { du: frenchDateTime(ctx.one("du"), "start"), au: frenchDateTime(ctx.one("au"), "end") };
  return {
    words: ctx.one("q").trim().slice(0, 100),
    from: dates.du,
    until: dates.au,
    kinds: kindsOfFamily(ctx.one("famille")),
    oldestFirst: ctx.one("tri") === "ancien",
    wrongDates: (["du", "au"] as const).filter((name) => ctx.one(name).trim() !== "" && !dates[name]),
  };
}

/** The address of the journal, or of its file, with the filters of the page. */
const addressOf = (ctx: Context, path: string, more: Readonly<Record<string, string>> = {}): string =>
  listAddress(ctx, path, filterNames, more);

function JournalPage({
  ctx,
  rows,
  search,
  next,
}: {
  ctx: Context;
  rows: readonly JournalRow[];
  search: ReturnType<typeof searchOf>;
  next: number | null;
}) {
  const { structureId, structure } = ctx.membership;
  const dateFilter = (name: "du" | "au", label: string) => ({
    name,
    label,
    value: ctx.one(name),
    ...(search.wrongDates.includes(name)
      ? { error: "Cette date n'a pas été comprise : écrivez-la comme 31/12/2026." }
      : {}),
  });
  return (
    <Page
      chrome={ctx.chrome}
      title="Historique des actions"
      hasErrors={search.wrongDates.length > 0}
      searched={search.words}
      caption={structure.displayName}
      crumbs={[{ label: "Organisation", href: "/organisation" }]}
      wide
      actions={
        <ButtonLink kind="secondary" href={addressOf(ctx, "/organisation/historique.csv")}>
          Exporter (CSV)
        </ButtonLink>
      }
    >
      <ListSearch
        label="Une personne, une action, un service, un motif"
        value={search.words}
        action="/organisation/historique"
        hidden={{ structureId: String(structureId) }}
        filters={[
          {
            name: "famille",
            label: "Sur quoi",
            value: ctx.one("famille"),
            options: [
              { value: "", label: "Tout" },
              ...families.map((one) => ({ value: one.code, label: one.label })),
            ],
          },
          dateFilter("du", "Du (jj/mm/aaaa)"),
          dateFilter("au", "Au (jj/mm/aaaa)"),
          {
            name: "tri",
            label: "Trier",
            value: search.oldestFirst ? "ancien" : "",
            options: [
              { value: "", label: "Récentes d'abord" },
              { value: "ancien", label: "Anciennes d'abord" },
            ],
          },
        ]}
      />
      {rows.length === 0 ? (
        <EmptyState>Aucune action ne correspond à cette recherche.</EmptyState>
      ) : (
        <Table
          caption="Actions"
          rows={rows}
          keyOf={(row) => row.seq}
          columns={[
            { title: "Le", heads: true, cell: (row) => formatDateTime(row.at) },
            { title: "Action", cell: (row) => `${row.actorLabel} ${row.sentence}` },
            { title: "Motif", cell: (row) => row.reason || "—" },
            { title: "Par", cell: (row) => means[row.means] ?? row.means },
            {
              title: "Avant et après",
              cell: (row) =>
                row.before || row.after ? (
                  <Details summary="Voir">
                    <pre class="u-code u-small">
                      {JSON.stringify(
                        { avant: row.before ?? undefined, apres: row.after ?? undefined },
                        null,
                        1,
                      )}
                    </pre>
                  </Details>
                ) : (
                  "—"
                ),
            },
          ]}
        />
      )}
      <Pagination
        first={ctx.one("apres") ? addressOf(ctx, "/organisation/historique") : null}
        next={next === null ? null : addressOf(ctx, "/organisation/historique", { apres: String(next) })}
      />
    </Page>
  );
}

/** « Historique des actions » of a structure. */
function routes(portal: Portal): void {
  const access = { action: "journal.read", on: "structure" } as const;
  portal.page({
    method: "GET",
    url: "/organisation/historique",
    access,
    handler: async (ctx) => {
      const search = searchOf(ctx);
      const after = Number(ctx.one("apres")) || null;
      const found = await ctx.tx((tx) =>
        listJournal(tx, ctx.membership.structureId, search, { after, limit: PAGE_SIZE + 1 }),
      );
      const rows = found.slice(0, PAGE_SIZE);
      const next = found.length > PAGE_SIZE ? rows.at(-1)!.seq : null;
      return ctx.html(<JournalPage ctx={ctx} rows={rows} search={search} next={next} />);
    },
  });
  portal.page({
    method: "GET",
    url: "/organisation/historique.csv",
    access,
    writes: "the export is in the journal",
    handler: async (ctx) => {
      const { structureId } = ctx.membership;
      const search = searchOf(ctx);
      await ctx.tx((tx) => publish(tx, exportEvent(structureId, "l'historique des actions", ctx.actor)));
      return sendCsvFile(ctx.reply, "historique.csv", journalFile(ctx, search));
    },
  });
}

const wholeJournal: JournalSearch = { words: "", from: null, until: null, kinds: null, oldestFirst: true };

/** The journal of the structure of the page as a CSV file; whole, in its order, unless a search says what. */
export function journalFile(ctx: Context, search: JournalSearch = wholeJournal): Readable {
  const { structureId } = ctx.membership;
  return csvFile(
    csvColumns,
    inBatches<JournalRow>(CSV_BATCH, (after) =>
      ctx.tx((tx) => listJournal(tx, structureId, search, { after: after?.seq ?? null, limit: CSV_BATCH })),
    ),
  );
}

const csvColumns: readonly CsvColumn<JournalRow>[] = [
  ["Numéro", (row) => String(row.seq)],
  ["Le", (row) => row.at.toISOString()],
  ["Personne", (row) => row.actorLabel],
  ["Action", (row) => row.sentence],
  ["Motif", (row) => row.reason ?? ""],
  ["Par", (row) => means[row.means] ?? row.means],
  ["Avant", (row) => (row.before ? JSON.stringify(row.before) : "")],
  ["Après", (row) => (row.after ? JSON.stringify(row.after) : "")],
];

export const audit: Module = {
  routes: (portal) => {
    routes(portal);
    ownHistoryPages(portal);
  },
  jobs: [sealJournal],
};
