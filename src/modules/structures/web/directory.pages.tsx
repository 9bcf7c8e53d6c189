import { siret } from "../../../shared/siret.ts";
import { notFound } from "../../../web/access.ts";
import { formatDate, formatIdentifier } from "../../../web/format.ts";
import { DIRECTORY_SUGGESTIONS, Page } from "../../../web/layout.tsx";
import type { Context, Portal } from "../../../web/portal.ts";
import {
  Banner,
  Bullets,
  Card,
  Code,
  EmptyState,
  Link,
  ListSearch,
  Paragraph,
  SummaryList,
  Table,
  Tag,
} from "../../../web/ui/index.ts";
import { departmentPostcodes } from "../domain/department.ts";
import { leavesFilesIfClosedBefore } from "../domain/directory-files.ts";
import { billingSentence, reportsPayment, requiresCommitment } from "../domain/service.ts";
import { findNeighbours, type Neighbour } from "../replacement-store.ts";
import { listOpenServices, listReplaced, type ServiceRow } from "../service-store.ts";
import {
  type DirectoryFilters,
  type DirectoryHit,
  findStructure,
  findStructureByIdentifier,
  type StructureRow,
  searchDirectory,
} from "../store.ts";
import { directoryFacts } from "./directory-facts.tsx";
import { addressText, successionText } from "./service-parts.tsx";

function SearchPage({
  ctx,
  asked,
  hits,
  replaced,
}: {
  ctx: Context;
  asked: DirectorySearch;
  /** Null: nothing was asked. */
  hits: readonly DirectoryHit[] | null;
  /** The structure of that number, when another replaces it. */
  replaced: StructureRow | null;
}) {
  const { words, department, filters } = asked;
  return (
    <Page
      chrome={ctx.chrome}
      title="Annuaire"
      searched={words}
      lead="Cherchez une structure publique : ce que votre facture doit porter, et ses services."
      wide
    >
      <ListSearch
        label="Nom, SIRET ou SIREN, ville ou code de service"
        value={words}
        action="/annuaire"
        suggestions={DIRECTORY_SUGGESTIONS}
        filters={[
          {
            name: "departement",
            label: "Département",
            value: department,
            ...(asked.isDepartmentWrong && {
              error: "Ce département n'a pas été reconnu : écrivez son numéro, comme 44 ou 2A.",
            }),
          },
          {
            name: "etat",
            label: "État",
            value: filters.openOnly ? "" : "toutes",
            options: [
              { value: "", label: "Ouvertes" },
              { value: "toutes", label: "Toutes" },
            ],
          },
          {
            name: "services",
            label: "Services",
            value: filters.withServices ? "oui" : "",
            options: [
              { value: "", label: "Avec ou sans" },
              { value: "oui", label: "Avec des services" },
            ],
          },
        ]}
      />
      {replaced && (
        <Banner tone="warning" title={`${replaced.displayName} a changé d'identifiant.`}>
          <p>
            <Link href={`/annuaire/${replaced.id}`}>Voir la structure qui la remplace</Link>
          </p>
        </Banner>
      )}
      {hits?.length === 0 && !replaced && (
        <EmptyState>
          {words === ""
            ? "Aucune structure publique n'est dans ce département."
            : `Aucune structure publique ${filters.openOnly ? "active " : ""}ne correspond à « ${words} ». Essayez son SIRET, ou un mot de son nom.`}
        </EmptyState>
      )}
      {hits && hits.length > 0 && (
        <Table
          caption={`Structures trouvées${hits.length === 20 ? (words === "" ? " (les 20 premières)" : " (les 20 plus proches)") : ""}`}
          rows={hits}
          keyOf={(hit) => hit.id}
          columns={[
            {
              title: "Structure",
              heads: true,
              cell: (hit) => <a href={`/annuaire/${hit.id}`}>{hit.displayName}</a>,
            },
            { title: "Identifiant", cell: (hit) => <Code>{formatIdentifier(hit.identifierValue)}</Code> },
            { title: "Ville", cell: (hit) => `${hit.postcode} ${hit.town}` },
            ...(filters.openOnly
              ? []
              : [
                  {
                    title: "État",
                    cell: (hit: DirectoryHit) =>
                      hit.isOpen ? "Ouverte" : <Tag tone="warning">Fermée ou remplacée</Tag>,
                  },
                ]),
          ]}
        />
      )}
      <Bullets
        items={[
          <Link href="/annuaire/verifier">Vérifier une liste de SIRET</Link>,
          <Link href="/annuaire/telecharger">Télécharger l'annuaire</Link>,
        ]}
      />
    </Page>
  );
}

function SheetPage({
  ctx,
  structure,
  services,
  replaced,
}: {
  ctx: Context;
  structure: StructureRow;
  services: readonly ServiceRow[];
  /** Those that are closed, and say which one to use instead. */
  replaced: readonly ServiceRow[];
}) {
  const mayAsk =
    structure.state === "active" &&
    ctx.caller !== null &&
    !ctx.caller.memberships.some((one) => one.structureId === structure.id);
  const tellsPaymentApart = services.some(
    (one) => reportsPayment(structure, one) !== structure.paymentStatusReported,
  );
  return (
    <Page
      chrome={ctx.chrome}
      title={structure.displayName}
      caption={formatIdentifier(structure.identifierValue)}
      crumbs={[{ label: "Annuaire", href: "/annuaire" }]}
      wide
    >
      {structure.state === "active" ? (
        <Banner tone="info" title={billingSentence(structure)}>
          {structure.worksOwnerOnly && (
            <p>Elle ne reçoit que des factures de travaux, comme maître d'ouvrage.</p>
          )}
        </Banner>
      ) : (
        <Banner tone="warning" title={`Fermée depuis le ${formatDate(structure.deactivatedAt!)}.`}>
          <p>Ne lui adressez plus de facture.</p>
        </Banner>
      )}
      <Card title="Structure">
        <SummaryList rows={directoryFacts(structure)} />
        {structure.kind === "public" && structure.state === "active" && (
          <Paragraph>
            <Link href={`/annuaire/${structure.id}/signaler`}>Signaler une erreur</Link>
          </Paragraph>
        )}
        {mayAsk && (
          <Paragraph>
            Vous y travaillez ?{" "}
            <Link
              href={`/mes-rattachements/demander?type=${structure.identifierType}&identifiant=${structure.identifierValue}`}
            >
              Demander un rattachement
            </Link>
          </Paragraph>
        )}
      </Card>
      {structure.state !== "active" ? null : services.length === 0 ? (
        <Paragraph>Cette structure n'a pas de service : la facture lui est adressée directement.</Paragraph>
      ) : (
        <Table
          caption="Services actifs"
          rows={services}
          keyOf={(service) => service.id}
          columns={[
            { title: "Code", heads: true, cell: (service) => <Code>{service.code}</Code> },
            { title: "Libellé", cell: (service) => service.label },
            { title: "Description", cell: (service) => <Describe service={service} now={ctx.now} /> },
            {
              title: "Numéro d'engagement",
              cell: (service) => (requiresCommitment(structure, service) ? "Obligatoire" : "Facultatif"),
            },
            ...(tellsPaymentApart
              ? [
                  {
                    title: "Mise en paiement",
                    cell: (service: ServiceRow) =>
                      reportsPayment(structure, service) ? "Remontée" : "Non remontée",
                  },
                ]
              : []),
          ]}
        />
      )}
      {replaced.length > 0 && (
        <Table
          caption="Services remplacés"
          rows={replaced}
          keyOf={(service) => service.id}
          columns={[
            { title: "Code", heads: true, cell: (service) => <Code>{service.code}</Code> },
            { title: "Libellé", cell: (service) => service.label },
            {
              title: "À utiliser",
              cell: (service) => `${successionText(service, ctx.now)}. Indiquez ${service.successorCode}.`,
            },
          ]}
        />
      )}
    </Page>
  );
}

/** STR-10. A structure that another replaces: it is named for twenty-four months, and leads to the other. */
function ReplacedPage({
  ctx,
  structure,
  replacedBy,
}: {
  ctx: Context;
  structure: StructureRow;
  replacedBy: Neighbour;
}) {
  return (
    <Page
      chrome={ctx.chrome}
      title={structure.displayName}
      caption={formatIdentifier(structure.identifierValue)}
      crumbs={[{ label: "Annuaire", href: "/annuaire" }]}
    >
      <Banner tone="warning" title={`Remplacée par ${formatIdentifier(replacedBy.identifierValue)}`}>
        <p>
          Depuis le {formatDate(structure.deactivatedAt!)}, cet identifiant n'est plus actif : adressez vos
          factures à{" "}
          <Link href={`/annuaire/${replacedBy.id}`}>
            {replacedBy.displayName}, sous son nouvel identifiant
          </Link>
          .
        </p>
      </Banner>
    </Page>
  );
}

/** Whether the directory still tells of a public structure that is closed or replaced: as long as its files do (DIR-03). */
const isStillNamed = ({ kind, state, deactivatedAt }: StructureRow, now: Date): boolean =>
  kind === "public" &&
  (state === "inactive" || state === "replaced") &&
  deactivatedAt !== null &&
  deactivatedAt > leavesFilesIfClosedBefore(now);

/** The replaced structure of a number that was looked for, when the directory has no active one of that number. */
async function findReplaced(ctx: Context, words: string): Promise<StructureRow | null> {
  const read = siret(words);
  if (!read.ok) return null;
  const found = await ctx.database.transaction({ kind: "public" }, (tx) =>
    findStructureByIdentifier(tx, "SIRET", read.value),
  );
  return found?.state === "replaced" && isStillNamed(found, ctx.now) ? found : null;
}

/** What a service is for, where it is if elsewhere, and what will take its place. */
function Describe({ service, now }: { service: ServiceRow; now: Date }) {
  const parts = [
    service.description,
    addressText(service),
    service.successorCode && `${successionText(service, now)}.`,
  ].filter(Boolean);
  if (parts.length === 0) return <>—</>;
  return (
    <>
      {parts.map((part, index) => (
        <span key={part}>
          {index > 0 && <br />}
          {part}
        </span>
      ))}
    </>
  );
}

/** Structures proposed while one types. */
const SUGGESTED = 8;

function search(ctx: Context, words: string, filters?: DirectoryFilters): Promise<DirectoryHit[]> {
  return ctx.systemTx("the directory is public; the query itself keeps to public structures", (tx) =>
    searchDirectory(tx, words, filters),
  );
}

/** What one looks for, as the address says it. */
type DirectorySearch = {
  readonly words: string;
  readonly department: string;
  readonly isDepartmentWrong: boolean;
  readonly filters: DirectoryFilters;
};

function searchOf(ctx: Context): DirectorySearch {
  const department = ctx.one("departement").trim().slice(0, 3);
  const postcodes = department === "" ? null : departmentPostcodes(department);
  return {
    words: ctx.one("q").trim().slice(0, 100),
    department,
    isDepartmentWrong: postcodes !== null && !postcodes.ok,
    filters: {
      postcodes: postcodes?.ok ? postcodes.value : null,
      openOnly: ctx.one("etat") !== "toutes",
      withServices: ctx.one("services") === "oui",
    },
  };
}

/** The public directory: what an invoice to each public structure must carry. */
export function directoryPages(portal: Portal): void {
  portal.page({
    method: "GET",
    url: "/annuaire",
    access: "public",
    handler: async (ctx) => {
      const asked = searchOf(ctx);
      const asksNothing = asked.words === "" && asked.filters.postcodes === null;
      const hits = asksNothing ? null : await search(ctx, asked.words, asked.filters);
      const replaced = hits?.length === 0 ? await findReplaced(ctx, asked.words) : null;
      return ctx.html(<SearchPage ctx={ctx} asked={asked} hits={hits} replaced={replaced} />);
    },
  });
  portal.page({
    method: "GET",
    url: DIRECTORY_SUGGESTIONS,
    access: "public",
    handler: async (ctx) => {
      const words = ctx.one("q").trim().slice(0, 100);
      const hits = words === "" ? [] : await search(ctx, words);
      return ctx.reply.header("cache-control", "public, max-age=60").send({
        structures: hits.slice(0, SUGGESTED).map((hit) => ({
          name: hit.displayName,
          detail: `${formatIdentifier(hit.identifierValue)} · ${hit.postcode} ${hit.town}`,
          path: `/annuaire/${hit.id}`,
        })),
      });
    },
  });
  portal.page({
    method: "GET",
    url: "/annuaire/:id",
    access: "public",
    handler: async (ctx) => {
      const found = await ctx.database.read({ kind: "public" }, async (tx) => {
        const structure = await findStructure(tx, ctx.id("id"));
        if (!structure) return undefined;
        const [open, replaced, { replacedBy }] = await Promise.all([
          listOpenServices(tx, structure.id, ctx.now),
          listReplaced(tx, structure.id, ctx.now),
          findNeighbours(tx, structure.id),
        ]);
        return { structure, services: open.filter((one) => one.startsAt <= ctx.now), replaced, replacedBy };
      });
      if (!found) throw notFound();
      const { structure, services, replaced, replacedBy } = found;
      if (structure.state !== "active" && !isStillNamed(structure, ctx.now)) throw notFound();
      return ctx.html(
        replacedBy && structure.state === "replaced" ? (
          <ReplacedPage ctx={ctx} structure={structure} replacedBy={replacedBy} />
        ) : (
          <SheetPage ctx={ctx} structure={structure} services={services} replaced={replaced} />
        ),
      );
    },
  });
}
