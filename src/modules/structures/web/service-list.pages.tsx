import type { Readable } from "node:stream";
import { toFrenchDateTime } from "../../../shared/french-date-time.ts";
import { type Place, readPlace, readSorting, writePlace, writeSorting } from "../../../shared/sorting.ts";
import { type CsvColumn, csvFile, inBatches, sendCsvFile } from "../../../web/csv.ts";
import { formatDateTime } from "../../../web/format.ts";
import { Page } from "../../../web/layout.tsx";
import { listAddress } from "../../../web/list-address.ts";
import type { Context, Portal } from "../../../web/portal.ts";
import { StructureTabs } from "../../../web/structure-tabs.tsx";
import { ButtonLink, EmptyState, ListSearch, Pagination, sortFilter, Table } from "../../../web/ui/index.ts";
import { requiresCommitment, type ServiceState, serviceState } from "../domain/service.ts";
import { type ListedService, listServices, type ServiceSearch, serviceOrders } from "../service-store.ts";
import { organisation, ServiceTag, sheetOf, stateTags, successorText } from "./service-parts.tsx";

function ListPage({
  ctx,
  services,
  search,
  next,
}: {
  ctx: Context;
  services: readonly ListedService[];
  search: ServiceSearch;
  next: Place | null;
}) {
  const { words, state, sorting } = search;
  const { structureId, structure } = ctx.membership;
  return (
    <Page
      chrome={ctx.chrome}
      title="Gérer un service"
      searched={words}
      caption={structure.displayName}
      crumbs={[organisation]}
      wide
      actions={
        <>
          <ButtonLink kind="secondary" href={listUrl(ctx, {}, "/organisation/services.csv")}>
            Exporter (CSV)
          </ButtonLink>
          {ctx.can("service.replace") && services.length > 1 && (
            <ButtonLink kind="secondary" href={`/organisation/structures/${structureId}/services/remplacer`}>
              Fusionner / remplacer
            </ButtonLink>
          )}
          {ctx.can("service.create") && (
            <>
              <ButtonLink kind="secondary" href={`/organisation/imports/services?structureId=${structureId}`}>
                Importer
              </ButtonLink>
              <ButtonLink href={`/organisation/services/nouveau?structureId=${structureId}`}>
                Créer un service
              </ButtonLink>
            </>
          )}
        </>
      }
    >
      <StructureTabs ctx={ctx} current="services" />
      <ListSearch
        label="Code, libellé ou description"
        value={words}
        action="/organisation/services"
        hidden={{ structureId: String(structureId) }}
        filters={[
          {
            name: "etat",
            label: "État",
            value: state ?? "",
            options: [
              { value: "", label: "Tous" },
              ...serviceStates.map((value) => ({ value, label: stateTags[value].label })),
            ],
          },
          sortFilter(orders, sorting),
        ]}
      />
      {services.length === 0 ? (
        <EmptyState
          action={
            ctx.can("service.create")
              ? {
                  href: `/organisation/services/nouveau?structureId=${structureId}`,
                  label: "Créer un service",
                }
              : undefined
          }
        >
          {words || state
            ? "Aucun service ne correspond à cette recherche."
            : "Aucun service. Ils servent à organiser la réception des factures et à répartir le travail ; ils ne sont pas obligatoires."}
        </EmptyState>
      ) : (
        <Table
          caption="Services"
          rows={services}
          keyOf={(service) => service.id}
          sorting={{
            current: sorting,
            href: (other) => listUrl(ctx, { tri: writeSorting(other) }),
          }}
          columns={[
            {
              title: "Code",
              sort: "code",
              heads: true,
              cell: (service) => <a href={sheetOf(service)}>{service.code}</a>,
            },
            { title: "Libellé", sort: "libelle", cell: (service) => service.label },
            {
              title: "État",
              cell: (service) => (
                <div>
                  <ServiceTag service={service} now={ctx.now} />
                  {service.successorCode !== null && (
                    <>
                      <br />
                      {successorText(service, ctx.now)}
                    </>
                  )}
                </div>
              ),
            },
            { title: "Personnes", cell: (service) => service.peopleCount },
            {
              title: "Début",
              sort: "debut",
              nowrap: true,
              cell: (service) => formatDateTime(service.startsAt),
            },
            {
              title: "Fin",
              sort: "fin",
              nowrap: true,
              cell: (service) => (service.endsAt ? formatDateTime(service.endsAt) : "—"),
            },
            ...(structure.kind === "public"
              ? [
                  {
                    title: "Engagement",
                    cell: (service: ListedService) =>
                      requiresCommitment({ commitmentRequired: service.structureAsksCommitment }, service)
                        ? "Obligatoire"
                        : "—",
                  },
                ]
              : []),
          ]}
        />
      )}
      <Pagination
        first={ctx.one("apres") ? listUrl(ctx) : null}
        next={next && listUrl(ctx, { apres: writePlace(next) })}
      />
    </Page>
  );
}

const PAGE_SIZE = 50;
const CSV_BATCH = 1000;
const preset: ServiceSearch["sorting"] = { by: "code", descending: false };
const everyService: ServiceSearch = { words: "", state: null, sorting: preset };
const orders: readonly (readonly [ServiceSearch["sorting"], string])[] = [
  [preset, "Par code"],
  [{ by: "code", descending: true }, "Par code, de Z à A"],
  [{ by: "libelle", descending: false }, "Par libellé"],
  [{ by: "libelle", descending: true }, "Par libellé, de Z à A"],
  [{ by: "debut", descending: false }, "Du premier ouvert au dernier"],
  [{ by: "debut", descending: true }, "Du dernier ouvert au premier"],
  [{ by: "fin", descending: false }, "Du premier fermé au dernier"],
  [{ by: "fin", descending: true }, "Sans fin, puis du dernier fermé"],
];
const serviceStates = ["active", "planned", "ended", "disabled"] as const satisfies readonly ServiceState[];

/** The search that an address asks for. */
function searchOf(ctx: Context): ServiceSearch {
  return {
    words: ctx.one("q").trim().slice(0, 100),
    state: serviceStates.find((state) => state === ctx.one("etat")) ?? null,
    sorting: readSorting(ctx.one("tri"), serviceOrders, preset),
  };
}

/** The address of the list, or of its file, with the filters of the page. */
const listUrl = (
  ctx: Context,
  change: Readonly<Record<string, string>> = {},
  path = "/organisation/services",
): string => listAddress(ctx, path, ["q", "etat", "tri"], change);

const csvColumns = (now: Date): readonly CsvColumn<ListedService>[] => [
  ["Code", (service) => service.code],
  ["Libellé", (service) => service.label],
  ["Description", (service) => service.description],
  ["Début", (service) => toFrenchDateTime(service.startsAt)],
  ["Fin", (service) => (service.endsAt ? toFrenchDateTime(service.endsAt) : "")],
  ["Engagement obligatoire", (service) => (service.commitmentRequired ? "oui" : "non")],
  ["État", (service) => stateTags[serviceState(service, now)].label],
  ["Personnes", (service) => String(service.peopleCount)],
  ["Service successeur", (service) => service.successorCode ?? ""],
];

/** The services of the structure of the page as a CSV file; all of them unless a search says which. */
export function servicesFile(ctx: Context, search: ServiceSearch = everyService): Readable {
  const { structureId } = ctx.membership;
  return csvFile(
    csvColumns(ctx.now),
    inBatches<ListedService>(CSV_BATCH, (after) =>
      ctx.tx((tx, now) =>
        listServices(tx, structureId, search, { after: after && placeOf(after), limit: CSV_BATCH }, now),
      ),
    ),
  );
}

const placeOf = ({ sortValue, id }: ListedService): Place => ({ value: sortValue, id });

/** « Gérer un service »: the services of a structure, and their file. */
export function serviceListPages(portal: Portal): void {
  portal.page({
    method: "GET",
    url: "/organisation/services",
    access: { action: "service.read", on: "structure" },
    handler: async (ctx) => {
      const search = searchOf(ctx);
      const page = { after: readPlace(ctx.one("apres")), limit: PAGE_SIZE + 1 };
      const found = await ctx.tx((tx, now) =>
        listServices(tx, ctx.membership.structureId, search, page, now),
      );
      const services = found.slice(0, PAGE_SIZE);
      const next = found.length > PAGE_SIZE ? placeOf(services.at(-1)!) : null;
      return ctx.html(<ListPage ctx={ctx} services={services} search={search} next={next} />);
    },
  });
  portal.page({
    method: "GET",
    url: "/organisation/services.csv",
    access: { action: "service.read", on: "structure" },
    handler: (ctx) => sendCsvFile(ctx.reply, "services.csv", servicesFile(ctx, searchOf(ctx))),
  });
}
