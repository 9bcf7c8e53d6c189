import { createHash } from "node:crypto";
import type { Readable } from "node:stream";
import type { FastifyReply } from "fastify";
import type { Database, Tx } from "../../../platform/database/index.ts";
import { toFrenchDateTime } from "../../../shared/french-date-time.ts";
import { HttpProblem } from "../../../web/access.ts";
import { type CsvColumn, csvFile, inBatches, sendCsvFile } from "../../../web/csv.ts";
import { isFresh, weakEtag } from "../../../web/etag.ts";
import { Page } from "../../../web/layout.tsx";
import type { Context, Portal } from "../../../web/portal.ts";
import { Card, Code, Link, Paragraph } from "../../../web/ui/index.ts";
import {
  directoryMarks,
  listServiceLines,
  listStructureLines,
  type ServiceLine,
  type StructureLine,
} from "../directory-files-store.ts";

const flag = (value: boolean) => (value ? "1" : "0");

/** Organisation 14.2. Public structures all have a SIRET (type 1); none exchanges by EDI here. */
const structureColumns: readonly CsvColumn<StructureLine>[] = [
  ["TypeIdentifiant", () => "1"],
  ["Identifiant", (line) => line.identifierValue],
  ["RaisonSociale", (line) => line.legalName],
  ["EmetteurEdi", () => "0"],
  ["RecepteurEdi", () => "0"],
  ["GestionStatutMiseEnPaiement", (line) => flag(line.paymentStatusReported)],
  ["GestionEngagement", (line) => flag(line.commitmentRequired)],
  ["GestionService", (line) => flag(line.serviceCodeRequired)],
  ["GestionServiceEngagement", (line) => flag(line.serviceOrCommitmentRequired)],
  ["EstMOA", (line) => flag(line.worksOwner)],
  ["EstMOAUniquement", (line) => flag(line.worksOwnerOnly)],
  ["StructureActive", (line) => flag(line.state === "active")],
  ["Adresse", (line) => line.addressLine],
  ["ComplementAdresse1", (line) => line.addressExtra1],
  ["ComplementAdresse2", (line) => line.addressExtra2],
  ["CodePostal", (line) => line.postcode],
  ["Ville", (line) => line.town],
  ["NumTelephone", () => ""],
  ["Courriel", (line) => (line.emailPublished ? (line.email ?? "") : "")],
  ["CodePays", (line) => line.country],
  ["LibellePays", (line) => countryNames.of(line.country) ?? line.country],
];
const countryNames = new Intl.DisplayNames("fr", { type: "region" });

const serviceColumns: readonly CsvColumn<ServiceLine>[] = [
  ["Identifiant", (line) => line.identifierValue],
  ["CodeService", (line) => line.code],
  ["LibelleService", (line) => line.label],
  ["GestionEngagement", (line) => flag(line.commitmentRequired)],
  ["ServiceActif", (line) => flag(line.active)],
  ["DateDebut", (line) => toFrenchDateTime(line.startsAt)],
  ["DateFin", (line) => (line.endsAt ? toFrenchDateTime(line.endsAt) : "")],
  ["Adresse", (line) => line.addressLine],
  ["CodePostal", (line) => line.postcode],
  ["Ville", (line) => line.town],
];

/** Lines read at once: each batch of services costs a reading of whose structure is public. */
const BATCH = 10_000;

function DownloadPage({ ctx }: { ctx: Context }) {
  return (
    <Page
      chrome={ctx.chrome}
      title="Télécharger l'annuaire"
      lead="Les structures publiques et leurs services, tels qu'ils sont à l'instant où vous les téléchargez."
      crumbs={[{ label: "Annuaire", href: "/annuaire" }]}
    >
      <Card title="Structures">
        <Paragraph>
          Une ligne par structure : son identifiant, son adresse et ce que la facture doit porter. L'adresse
          électronique n'y figure que si la structure la publie. Une structure fermée y reste vingt-quatre
          mois, dite inactive.
        </Paragraph>
        <Paragraph>
          <Link href="/annuaire/structures.csv">Télécharger les structures (CSV)</Link>
        </Paragraph>
      </Card>
      <Card title="Services">
        <Paragraph>
          Une ligne par service : la structure dont il dépend, son code, son libellé, ses dates et s'il est
          actif.
        </Paragraph>
        <Paragraph>
          <Link href="/annuaire/services.csv">Télécharger les services (CSV)</Link>
        </Paragraph>
      </Card>
      <Card title="Pour les programmes">
        <Paragraph>
          Chaque fichier porte un <Code>ETag</Code> : redemandé avec <Code>If-None-Match</Code>, il n'est
          envoyé que s'il a changé. Le manifeste donne leurs nombres de lignes, leurs empreintes SHA-256 et
          leur licence, {ctx.config.DIRECTORY_LICENCE}.
        </Paragraph>
        <Paragraph>
          <Link href="/annuaire/manifest.json">Lire le manifeste (JSON)</Link>
        </Paragraph>
      </Card>
      <Paragraph>
        Les colonnes sont séparées par des points-virgules, en UTF-8 ; « 1 » veut dire oui, « 0 » non.
      </Paragraph>
      <Paragraph>
        Pour quelques identifiants seulement : <Link href="/annuaire/verifier">vérifier une liste</Link>.
      </Paragraph>
    </Page>
  );
}

/** A file of the directory, made when it is asked for. */
type DirectoryFile = {
  readonly name: "structures" | "services";
  readonly titles: readonly string[];
  /** @param onLine called for each line but the one of titles */
  make(database: Database, onLine?: () => void): Readable;
};

function directoryFile<R extends { readonly id: number }>(
  name: DirectoryFile["name"],
  columns: readonly CsvColumn<R>[],
  read: (tx: Tx, after: number, limit: number, now: Date) => Promise<readonly R[]>,
): DirectoryFile {
  return {
    name,
    titles: columns.map(([title]) => title),
    make: (database, onLine) =>
      csvFile(
        columns,
        inBatches<R>(BATCH, async (after) => {
          const lines = await database.transaction(eyes, (tx, now) => read(tx, after?.id ?? 0, BATCH, now));
          if (onLine) lines.forEach(onLine);
          return lines;
        }),
      ),
  };
}

const eyes = { kind: "public" } as const;
const directoryFiles: readonly DirectoryFile[] = [
  directoryFile("structures", structureColumns, listStructureLines),
  directoryFile("services", serviceColumns, listServiceLines),
];

type Etags = { readonly [N in DirectoryFile["name"]]: string };

/** DIR-01. The validators of the files: they change with what is in them, and with their columns. */
async function etagsOf(database: Database): Promise<Etags> {
  const marks = await database.transaction(
    { kind: "system", reason: "sums alone come out of it, and row by row they would cost five times more" },
    directoryMarks,
  );
  const [structures, services] = directoryFiles.map(({ name, titles }) => weakEtag(...titles, marks[name]));
  return { structures: structures!, services: services! };
}

type Manifest = {
  readonly etags: Etags;
  readonly fichiers: readonly {
    readonly nom: string;
    readonly lignes: number;
    readonly octets: number;
    readonly sha256: string;
    readonly etag: string;
  }[];
};

/** Times that the files are made again because the directory changed meanwhile. */
const MANIFEST_TRIES = 3;

/** Makes the manifest once for each content of the files, whoever asks for it at the same time. */
function manifestMaker(database: Database): () => Promise<Manifest> {
  let known: Manifest | null = null;
  let underWay: Promise<Manifest> | null = null;
  const make = async (): Promise<Manifest> => {
    for (let tries = 0; tries < MANIFEST_TRIES; tries++) {
      const etags = await etagsOf(database);
      const fichiers: Manifest["fichiers"][number][] = [];
      for (const file of directoryFiles)
        fichiers.push({
          nom: `${file.name}.csv`,
          ...(await measured((onLine) => file.make(database, onLine))),
          etag: etags[file.name],
        });
      const after = await etagsOf(database);
      if (sameContent(after, etags)) return { etags, fichiers };
    }
    throw new HttpProblem(
      503,
      "directory-changing",
      "L'annuaire est en train de changer. Réessayez dans une minute.",
      60,
    );
  };
  return async () => {
    if (known && sameContent(known.etags, await etagsOf(database))) return known;
    underWay ??= make().finally(() => {
      underWay = null;
    });
    known = await underWay;
    return known;
  };
}

const sameContent = (one: Etags, other: Etags) =>
  one.structures === other.structures && one.services === other.services;

/** Lines, size and digest of a file as it is sent. */
async function measured(make: (onLine: () => void) => Readable) {
  const digest = createHash("sha256");
  let [lignes, octets] = [0, 0];
  const file = make(() => {
    lignes++;
  });
  for await (const chunk of file) {
    const bytes = Buffer.from(chunk);
    digest.update(bytes);
    octets += bytes.length;
  }
  return { lignes, octets, sha256: digest.digest("hex") };
}

/** Answers with a file, or with its validator alone to a client that already holds it. */
async function sendFile(ctx: Context, file: DirectoryFile): Promise<FastifyReply> {
  const etag = (await etagsOf(ctx.database))[file.name];
  ctx.reply.header("etag", etag);
  // asked again each time: what is kept is used only if it is still true
  if (!ctx.caller) ctx.reply.header("cache-control", "public, no-cache");
  if (isFresh(ctx.request.headers["if-none-match"], etag)) return ctx.reply.code(304).send();
  return sendCsvFile(ctx.reply, `${file.name}.csv`, file.make(ctx.database));
}

/** The directory as files, for programs and spreadsheets (organisation 14.2). */
export function directoryFilePages(portal: Portal): void {
  portal.page({
    method: "GET",
    url: "/annuaire/telecharger",
    access: "public",
    handler: async (ctx) => ctx.html(<DownloadPage ctx={ctx} />),
  });
  for (const file of directoryFiles)
    portal.page({
      method: "GET",
      url: `/annuaire/${file.name}.csv`,
      access: "public",
      handler: (ctx) => sendFile(ctx, file),
    });
  const manifest = manifestMaker(portal.database);
  portal.page({
    method: "GET",
    url: "/annuaire/manifest.json",
    access: "public",
    handler: async (ctx) => {
      const { fichiers } = await manifest();
      return ctx.reply.send({
        instant: ctx.now.toISOString(),
        licence: ctx.config.DIRECTORY_LICENCE,
        fichiers: fichiers.map((file) => ({
          ...file,
          adresse: `${portal.publicUrl()}/annuaire/${file.nom}`,
        })),
      });
    },
  });
}
