import { notFound } from "../../../web/access.ts";
import { formatIdentifier } from "../../../web/format.ts";
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
import { billingSentence } from "../domain/service.ts";
import {
  type DirectoryHit,
  findStructure,
  listOpenServices,
  type ServiceRow,
  type StructureRow,
  searchDirectory,
} from "../store.ts";

function SearchPage({
  ctx,
  words,
  hits,
}: {
  ctx: Context;
  words: string;
  hits: readonly DirectoryHit[] | null;
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
      {hits?.length === 0 && (
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
      <Banner tone="info" title={billingSentence(structure)} />
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
      return ctx.html(<SearchPage ctx={ctx} words={words} hits={hits} />);
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
            services: (await listOpenServices(tx, structure.id, now)).filter((one) => one.startsAt <= now),
          }
        );
      });
      if (found?.structure.state !== "active") throw notFound();
      return ctx.html(<SheetPage ctx={ctx} {...found} />);
    },
  });
}
