import type { Readable } from "node:stream";
import { publish } from "../../../platform/events.ts";
import { frenchDateTime } from "../../../shared/french-date-time.ts";
import { type CsvColumn, csvFile, inBatches, sendCsvFile } from "../../../web/csv.ts";
import { formatDateTime } from "../../../web/format.ts";
import { Page } from "../../../web/layout.tsx";
import { listAddress } from "../../../web/list-address.ts";
import type { Context, Portal } from "../../../web/portal.ts";
import { StructureTabs } from "../../../web/structure-tabs.tsx";
import {
  ButtonLink,
  Details,
  EmptyState,
  Link,
  ListSearch,
  Pagination,
  Table,
} from "../../../web/ui/index.ts";
import { changesOf, servicesNamed } from "../domain/changes.ts";
import { exportEvent } from "../domain/export-event.ts";
import { families, familyOf } from "../domain/families.ts";
import { codesOfServices, type JournalRow, type JournalSearch, listJournal } from "../store.ts";

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
    family: familyOf(ctx.one("famille")),
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
  serviceCodes,
  search,
  next,
}: {
  ctx: Context;
  rows: readonly JournalRow[];
  serviceCodes: ReadonlyMap<number, string>;
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
      <StructureTabs ctx={ctx} current="journal" />
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
            { title: "Sur quoi", cell: (row) => <About row={row} structureId={structureId} /> },
            { title: "Motif", cell: (row) => row.reason || "—" },
            { title: "Par", cell: (row) => means[row.means] ?? row.means },
            { title: "Avant et après", cell: (row) => <Changes row={row} serviceCodes={serviceCodes} /> },
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

/** What an action changed, one line a field. */
function Changes({ row, serviceCodes }: { row: JournalRow; serviceCodes: ReadonlyMap<number, string> }) {
  const changes = changesOf(row.before, row.after, serviceCodes);
  if (changes.length === 0) return <>—</>;
  return (
    <Details
      summary={
        <>
          Voir<span class="govuk-visually-hidden"> ce qui a changé le {formatDateTime(row.at)}</span>
        </>
      }
    >
      <ul class="govuk-list u-small">
        {changes.map(({ label, before, after }) => (
          <li key={label}>
            <strong>{label}</strong> : {before}
            {before !== null && after !== null && (
              <>
                {" "}
                <span aria-hidden="true">→</span>
                <span class="govuk-visually-hidden">devient</span>{" "}
              </>
            )}
            {after}
          </li>
        ))}
      </ul>
    </Details>
  );
}

/** What an action is about, with the way to it while it is there. */
function About({ row, structureId }: { row: JournalRow; structureId: number }) {
  const path = pathOf(row, structureId);
  if (path === null) return <>{row.objectLabel || "—"}</>;
  return (
    <Link href={path}>
      {row.objectLabel}
      <span class="govuk-visually-hidden"> (action du {formatDateTime(row.at)})</span>
    </Link>
  );
}

function pathOf({ objectKind, objectId, objectLabel }: JournalRow, structureId: number): string | null {
  const sheet = `/organisation/structures/${structureId}`;
  switch (objectKind) {
    case "structure":
      return sheet;
    case "service":
      return objectId === null ? null : `${sheet}/services/${objectId}`;
    case "person":
      return `/organisation/utilisateurs?structureId=${structureId}&q=${encodeURIComponent(objectLabel)}`;
    case "review":
      return `/organisation/revue?structureId=${structureId}`;
    case "bankAccount":
      return `/organisation/coordonnees-bancaires?structureId=${structureId}`;
    default:
      return null;
  }
}

/** « Historique des actions » of a structure. */
export function journalPages(portal: Portal): void {
  const access = { action: "journal.read", on: "structure" } as const;
  portal.page({
    method: "GET",
    url: "/organisation/historique",
    access,
    handler: async (ctx) => {
      const search = searchOf(ctx);
      const after = Number(ctx.one("apres")) || null;
      const { found, serviceCodes } = await ctx.tx(async (tx) => {
        const page = { after, limit: PAGE_SIZE + 1 };
        const list = await listJournal(tx, ctx.membership.structureId, search, page);
        const services = list.flatMap((row) => servicesNamed(row.before, row.after));
        return { found: list, serviceCodes: await codesOfServices(tx, services) };
      });
      const rows = found.slice(0, PAGE_SIZE);
      const next = found.length > PAGE_SIZE ? rows.at(-1)!.seq : null;
      return ctx.html(
        <JournalPage ctx={ctx} rows={rows} serviceCodes={serviceCodes} search={search} next={next} />,
      );
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

const wholeJournal: JournalSearch = { words: "", from: null, until: null, family: null, oldestFirst: true };

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
  ["Sur quoi", (row) => row.objectLabel],
  ["Motif", (row) => row.reason ?? ""],
  ["Par", (row) => means[row.means] ?? row.means],
  ["Avant", (row) => (row.before ? JSON.stringify(row.before) : "")],
  ["Après", (row) => (row.after ? JSON.stringify(row.after) : "")],
];
