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
} from "../../../web/ui/index.ts";
import { leavesFilesIfClosedBefore } from "../domain/directory-files.ts";
import { billingSentence } from "../domain/service.ts";
import { findNeighbours, type Neighbour } from "../replacement-store.ts";
import {
  type DirectoryHit,
  findStructure,
  findStructureByIdentifier,
  listOpenServices,
  type ServiceRow,
  type StructureRow,
  searchDirectory,
} from "../store.ts";

function SearchPage({
  ctx,
  words,
  hits,
  replaced,
}: {
  ctx: Context;
  words: string;
  hits: readonly DirectoryHit[] | null;
  /** The structure of that number, when another replaces it. */
  replaced: StructureRow | null;
}) {
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
          Aucune structure publique active ne correspond à « {words} ». Essayez son SIRET, ou un mot de son
          nom.
        </EmptyState>
      )}
      {hits && hits.length > 0 && (
        <Table
          caption={`Structures trouvées${hits.length === 20 ? " (les 20 plus proches)" : ""}`}
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
}: {
  ctx: Context;
  structure: StructureRow;
  services: readonly ServiceRow[];
}) {
  return (
    <Page
      chrome={ctx.chrome}
      title={structure.displayName}
      caption={formatIdentifier(structure.identifierValue)}
      crumbs={[{ label: "Annuaire", href: "/annuaire" }]}
      wide
    >
      <Banner tone="info" title={billingSentence(structure)}>
        {structure.worksOwnerOnly && (
          <p>Elle ne reçoit que des factures de travaux, comme maître d'ouvrage.</p>
        )}
      </Banner>
      <Card title="Structure">
        <SummaryList
          rows={[
            { label: "Identifiant", value: <Code>{structure.identifierValue}</Code> },
            { label: "Adresse", value: `${structure.addressLine}, ${structure.postcode} ${structure.town}` },
            {
              label: "Suivi du paiement",
              value: structure.paymentStatusReported
                ? "Le statut « Mise en paiement » est remonté."
                : "Le paiement n'est pas suivi ici.",
            },
            ...(structure.email && structure.emailPublished
              ? [{ label: "Adresse électronique", value: structure.email }]
              : []),
          ]}
        />
      </Card>
      {services.length === 0 ? (
        <Paragraph>Cette structure n'a pas de service : la facture lui est adressée directement.</Paragraph>
      ) : (
        <Table
          caption="Services actifs"
          rows={services}
          keyOf={(service) => service.id}
          columns={[
            { title: "Code", heads: true, cell: (service) => <Code>{service.code}</Code> },
            { title: "Libellé", cell: (service) => service.label },
            { title: "Description", cell: (service) => service.description || "—" },
            {
              title: "Numéro d'engagement",
              cell: (service) =>
                service.commitmentRequired || structure.commitmentRequired ? "Obligatoire" : "Facultatif",
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

/** Whether the directory still names a replaced structure: as long as its files do (DIR-03). */
const isStillNamed = (structure: StructureRow | undefined, now: Date): structure is StructureRow =>
  structure?.state === "replaced" &&
  structure.deactivatedAt !== null &&
  structure.deactivatedAt > leavesFilesIfClosedBefore(now);

/** The replaced structure of a number that was looked for, when the directory has no active one of that number. */
async function findReplaced(ctx: Context, words: string): Promise<StructureRow | null> {
  const read = siret(words);
  if (!read.ok) return null;
  const found = await ctx.database.transaction({ kind: "public" }, (tx) =>
    findStructureByIdentifier(tx, "SIRET", read.value),
  );
  return isStillNamed(found, ctx.now) ? found : null;
}

/** Structures proposed while one types. */
const SUGGESTED = 8;

async function search(ctx: Context, words: string): Promise<DirectoryHit[]> {
  if (words === "") return [];
  return ctx.systemTx("the directory is public; the query itself keeps to public structures", (tx) =>
    searchDirectory(tx, words),
  );
}

/** The public directory: what an invoice to each public structure must carry. */
export function directoryPages(portal: Portal): void {
  portal.page({
    method: "GET",
    url: "/annuaire",
    access: "public",
    handler: async (ctx) => {
      const words = ctx.one("q").trim().slice(0, 100);
      const hits = words === "" ? null : await search(ctx, words);
      const replaced = hits?.length === 0 ? await findReplaced(ctx, words) : null;
      return ctx.html(<SearchPage ctx={ctx} words={words} hits={hits} replaced={replaced} />);
    },
  });
  portal.page({
    method: "GET",
    url: DIRECTORY_SUGGESTIONS,
    access: "public",
    handler: async (ctx) => {
      const hits = await search(ctx, ctx.one("q").trim().slice(0, 100));
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
      const found = await ctx.database.transaction({ kind: "public" }, async (tx, now) => {
        const structure = await findStructure(tx, ctx.id("id"));
        return (
          structure && {
            structure,
            replacedBy: (await findNeighbours(tx, structure.id)).replacedBy,
            services: (await listOpenServices(tx, structure.id, now)).filter((one) => one.startsAt <= now),
          }
        );
      });
      if (!found) throw notFound();
      const { structure, services, replacedBy } = found;
      if (replacedBy && isStillNamed(structure, ctx.now))
        return ctx.html(<ReplacedPage ctx={ctx} structure={structure} replacedBy={replacedBy} />);
      if (structure.state !== "active") throw notFound();
      return ctx.html(<SheetPage ctx={ctx} structure={structure} services={services} />);
    },
  });
}
