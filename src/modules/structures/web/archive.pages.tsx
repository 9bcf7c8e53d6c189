import { notFound } from "../../../web/access.ts";
import { formatDate, formatDateTime, formatIdentifier } from "../../../web/format.ts";
import { OPERATOR, Page } from "../../../web/layout.tsx";
import type { Context, Portal } from "../../../web/portal.ts";
import { Card, Code, EmptyState, Link, ListSearch, SummaryList, Table, Tag } from "../../../web/ui/index.ts";
import { type JournalRow, listJournalOf } from "../../audit/index.tsx";
import { type ArchivedStructure, FOUND_AT_ONCE, searchArchives } from "../archive-store.ts";
import { listAllServices, type ServiceRow } from "../service-store.ts";
import { findStructure, type StructureRow } from "../store.ts";
import { addressText } from "./service-parts.tsx";

const eyes = "the operator reads the archives, whose structures have no members";
const url = "/operateur/archives";
const ACTIONS_SHOWN = 20;

function SearchPage({
  ctx,
  words,
  found,
}: {
  ctx: Context;
  words: string;
  found: readonly ArchivedStructure[];
}) {
  return (
    <Page
      chrome={ctx.chrome}
      title="Structures archivées"
      searched={words}
      lead="Désactivées depuis vingt-quatre mois, ou nées d'un changement d'identifiant défait, elles ne paraissent plus qu'ici. Leur identifiant est libre."
      crumbs={[OPERATOR]}
      wide
    >
      <ListSearch label="Nom ou identifiant" value={words} action={url} />
      {found.length === 0 ? (
        <EmptyState>
          {words === "" ? "Aucune structure n'est archivée." : "Aucune structure archivée ne correspond."}
        </EmptyState>
      ) : (
        <Table
          caption={found.length < FOUND_AT_ONCE ? "Structures" : `Les ${FOUND_AT_ONCE} dernières archivées`}
          rows={found}
          keyOf={(one) => one.id}
          columns={[
            {
              title: "Structure",
              heads: true,
              cell: (one) => <Link href={`${url}/${one.id}`}>{one.displayName}</Link>,
            },
            { title: "Identifiant", cell: (one) => <Code>{formatIdentifier(one.identifierValue)}</Code> },
            { title: "Ville", cell: (one) => one.town || "—" },
            {
              title: "Désactivée le",
              cell: (one) => (one.deactivatedAt ? formatDate(one.deactivatedAt) : "—"),
            },
            { title: "Archivée le", cell: (one) => formatDate(one.archivedAt) },
          ]}
        />
      )}
    </Page>
  );
}

type Archived = {
  readonly structure: StructureRow;
  readonly services: readonly ServiceRow[];
  readonly actions: readonly JournalRow[];
};

function SheetPage({ ctx, structure, services, actions }: Archived & { ctx: Context }) {
  return (
    <Page
      chrome={ctx.chrome}
      title={structure.displayName}
      caption={`${structure.kind === "public" ? "Structure publique" : "Structure privée"} · ${formatIdentifier(structure.identifierValue)}`}
      crumbs={[OPERATOR, { label: "Structures archivées", href: url }]}
      wide
      actions={<Tag tone="neutral">Archivée</Tag>}
    >
      <Card title="Général">
        <SummaryList
          rows={[
            { label: "Raison sociale", value: structure.legalName },
            { label: "Identifiant", value: <Code>{structure.identifierValue}</Code> },
            { label: "Adresse", value: addressText(structure) ?? "Non renseignée" },
            { label: "Adresse électronique", value: structure.email ?? "Non renseignée" },
            { label: "Créée le", value: formatDate(structure.createdAt) },
            {
              label: "Désactivée le",
              value: structure.deactivatedAt ? formatDate(structure.deactivatedAt) : "Date inconnue",
            },
            { label: "Motif", value: structure.deactivationReason ?? "Aucun" },
            { label: "Archivée le", value: formatDate(structure.changedAt) },
          ]}
        />
      </Card>
      {services.length > 0 && (
        <Table
          caption="Services"
          rows={services}
          keyOf={(one) => one.id}
          columns={[
            { title: "Code", heads: true, cell: (one) => <Code>{one.code}</Code> },
            { title: "Libellé", cell: (one) => one.label },
            { title: "Depuis le", cell: (one) => formatDate(one.startsAt) },
            { title: "Jusqu'au", cell: (one) => (one.endsAt ? formatDate(one.endsAt) : "—") },
          ]}
        />
      )}
      <Table
        caption="Dernières actions"
        rows={actions}
        keyOf={(row) => row.seq}
        columns={[
          { title: "Le", heads: true, cell: (row) => formatDateTime(row.at) },
          { title: "Action", cell: (row) => `${row.actorLabel} ${row.sentence}` },
          { title: "Motif", cell: (row) => row.reason || "—" },
        ]}
      />
    </Page>
  );
}

/** « Structures archivées »: the one place where an archived structure is still found, to be read. */
export function archivePages(portal: Portal): void {
  portal.page({
    method: "GET",
    url,
    access: "operator",
    handler: async (ctx) => {
      const words = ctx.one("q").trim().slice(0, 100);
      const found = await ctx.systemTx(eyes, (tx) => searchArchives(tx, words));
      return ctx.html(<SearchPage ctx={ctx} words={words} found={found} />);
    },
  });
  portal.page({
    method: "GET",
    url: `${url}/:id`,
    access: "operator",
    handler: async (ctx) => {
      const id = ctx.id("id");
      const [structure, services, actions] = await ctx.systemTx(eyes, (tx) =>
        Promise.all([
          findStructure(tx, id),
          listAllServices(tx, id),
          listJournalOf(tx, id, { kind: "structure", id }, ACTIONS_SHOWN),
        ]),
      );
      if (structure?.state !== "archived") throw notFound();
      return ctx.html(<SheetPage {...{ ctx, structure, services, actions }} />);
    },
  });
}
