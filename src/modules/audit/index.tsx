import { stringify } from "csv-stringify/sync";
import { csvCell } from "../../shared/csv-cell.ts";
import { formatDateTime } from "../../web/format.ts";
import { Page } from "../../web/layout.tsx";
import type { Context, Portal } from "../../web/portal.ts";
import { ButtonLink, Details, EmptyState, ListSearch, Pagination, Table } from "../../web/ui/index.ts";
import type { Module } from "../index.ts";
import { sealJournal } from "./jobs.ts";
import { type JournalRow, listJournal, PAGE_SIZE } from "./store.ts";

const means: Readonly<Record<string, string>> = {
  page: "Page",
  api: "API",
  import: "Import",
  job: "Portail",
  operator: "Opérateur",
  system: "Portail",
};
const EXPORT_LIMIT = 10_000;

function JournalPage({
  ctx,
  rows,
  words,
  next,
}: {
  ctx: Context;
  rows: readonly JournalRow[];
  words: string;
  next: number | null;
}) {
  const { structureId, structure } = ctx.membership;
  const base = `/organisation/historique?structureId=${structureId}`;
  return (
    <Page
      chrome={ctx.chrome}
      title="Historique des actions"
      caption={structure.displayName}
      crumbs={[{ label: "Organisation", href: "/organisation" }]}
      wide
      actions={
        <ButtonLink kind="secondary" href={`/organisation/historique.csv?structureId=${structureId}`}>
          Exporter (CSV)
        </ButtonLink>
      }
    >
      <ListSearch
        label="Chercher une personne, une action, un motif"
        value={words}
        action="/organisation/historique"
        hidden={{ structureId: String(structureId) }}
      />
      {rows.length === 0 ? (
        <EmptyState>Aucune action ne correspond à cette recherche.</EmptyState>
      ) : (
        <Table
          caption="Actions, de la plus récente à la plus ancienne"
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
        first={ctx.one("avant") ? base : null}
        next={next === null ? null : `${base}&avant=${next}&q=${encodeURIComponent(words)}`}
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
      const words = ctx.one("q").trim().slice(0, 100);
      const before = Number(ctx.one("avant")) || null;
      const found = await ctx.tx((tx) => listJournal(tx, ctx.membership.structureId, { words, before }));
      const rows = found.slice(0, PAGE_SIZE);
      return ctx.html(
        <JournalPage
          ctx={ctx}
          rows={rows}
          words={words}
          next={found.length > PAGE_SIZE ? rows.at(-1)!.seq : null}
        />,
      );
    },
  });
  portal.page({
    method: "GET",
    url: "/organisation/historique.csv",
    access,
    handler: async (ctx) => {
      const rows = await ctx.tx(
        (tx) => listJournal(tx, ctx.membership.structureId, { words: "", before: null, limit: EXPORT_LIMIT }),
        { statementTimeoutMs: 60_000 },
      );
      const lines = [
        ["Numéro", "Le", "Personne", "Action", "Motif", "Par"],
        ...rows.map((row) => [
          String(row.seq),
          row.at.toISOString(),
          csvCell(row.actorLabel),
          csvCell(row.sentence),
          csvCell(row.reason ?? ""),
          means[row.means] ?? row.means,
        ]),
      ];
      return ctx.reply
        .type("text/csv; charset=utf-8")
        .header("content-disposition", 'attachment; filename="historique.csv"')
        .send(stringify(lines, { delimiter: ";", bom: true, record_delimiter: "\r\n" }));
    },
  });
}

export const audit: Module = { routes, jobs: [sealJournal] };
