import type { Database, Tx } from "../../../platform/database/index.ts";
import { toIsoDay } from "../../../shared/french-date-time.ts";
import { HttpProblem } from "../../../web/access.ts";
import { inBatches, sendCsv } from "../../../web/csv.ts";
import { Page } from "../../../web/layout.tsx";
import type { Context, Portal } from "../../../web/portal.ts";
import { Bullets, Card, Code, Link, Paragraph } from "../../../web/ui/index.ts";
import { directoryEditions, type Editions } from "../directory-editions.ts";
import { listMovedServices, listMovedStructures } from "../directory-files-store.ts";
import { dayOfFiles, type Movement } from "../domain/directory-files.ts";
import {
  differenceColumns,
  type MovedLine,
  movedLine,
  serviceColumns,
  structureColumns,
} from "./directory-columns.ts";
import { BATCH, sendWholeFile, wholeFiles } from "./directory-files.ts";

const DAY_MS = 24 * 3_600_000;
/** What the page proposes; programs may ask for any day of the last twenty-four months. */
const proposedDays: readonly (readonly [days: number, label: string])[] = [
  [1, "depuis hier"],
  [7, "depuis une semaine"],
  [30, "depuis trente jours"],
];

function DownloadPage({ ctx }: { ctx: Context }) {
  const dayBefore = (days: number) => toIsoDay(new Date(ctx.now.getTime() - days * DAY_MS));
  return (
    <Page
      chrome={ctx.chrome}
      title="Télécharger l'annuaire"
      lead="Les structures publiques et leurs services, tels qu'ils sont à l'instant où vous les téléchargez."
      crumbs={[{ label: "Annuaire", href: "/annuaire" }]}
    >
      <Card title="Tout, dans un classeur">
        <Paragraph>
          Deux feuilles, les structures et leurs services, pour Excel ou LibreOffice. Chaque cellule est un
          texte : un SIRET garde ses quatorze chiffres.
        </Paragraph>
        <Paragraph>
          <Link href="/annuaire/annuaire.xlsx">Télécharger l'annuaire (Excel)</Link>
        </Paragraph>
      </Card>
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
      <Card title="Ce qui a changé">
        <Paragraph>
          Les lignes ajoutées, modifiées ou fermées depuis un jour, sous les colonnes des deux fichiers.
        </Paragraph>
        <Bullets
          items={proposedDays.map(([days, label]) => (
            <Link href={`/annuaire/diff-${dayBefore(days)}.csv`}>Les différences {label} (CSV)</Link>
          ))}
        />
      </Card>
      <Card title="Pour les programmes">
        <Paragraph>
          Chaque fichier porte un <Code>ETag</Code> : redemandé avec <Code>If-None-Match</Code>, il n'est
          envoyé que s'il a changé ; coupé, il se reprend où il en était avec <Code>Range</Code> et{" "}
          <Code>If-Range</Code>. Le manifeste donne leurs nombres de lignes, leurs empreintes SHA-256 et leur
          licence, {ctx.config.DIRECTORY_LICENCE}.
        </Paragraph>
        <Paragraph>
          <Link href="/annuaire/manifest.json">Lire le manifeste (JSON)</Link>
        </Paragraph>
        <Paragraph>
          Les différences se demandent pour tout jour des vingt-quatre derniers mois :{" "}
          <Code>/annuaire/diff-AAAA-MM-JJ.csv</Code>.
        </Paragraph>
      </Card>
      <Paragraph>
        Les colonnes des CSV sont séparées par des points-virgules, en UTF-8 ; « 1 » veut dire oui, « 0 » non.
      </Paragraph>
      <Paragraph>
        Pour quelques identifiants seulement : <Link href="/annuaire/verifier">vérifier une liste</Link>.
      </Paragraph>
    </Page>
  );
}

/** The lines that moved since an instant: structures, then services. */
async function* movedLines(database: Database, since: Date): AsyncGenerator<MovedLine> {
  const all = <R extends { readonly id: number; readonly movement: Movement }>(
    read: (tx: Tx, since: Date, after: number, limit: number, now: Date) => Promise<readonly R[]>,
  ) =>
    inBatches<R>(BATCH, (after) =>
      database.transaction({ kind: "public" }, (tx, now) => read(tx, since, after?.id ?? 0, BATCH, now)),
    );
  for await (const line of all(listMovedStructures)) yield movedLine("structure", structureColumns, line);
  for await (const line of all(listMovedServices)) yield movedLine("service", serviceColumns, line);
}

/**
 * What the files hold now, told by the manifest. Each line is true of one edition; where the directory changes while they
 * are made, two may be of two instants.
 */
async function manifestOf(ctx: Context, editions: Editions, publicUrl: string) {
  const fichiers = [];
  const marks = await editions.marksNow();
  for (const file of wholeFiles) {
    const edition = await editions.current(file, marks);
    const { lines, bytes, sha256 } = await edition.made();
    fichiers.push({
      nom: file.name,
      adresse: `${publicUrl}/annuaire/${file.name}`,
      lignes: lines,
      octets: bytes,
      sha256,
      etag: edition.etag,
    });
  }
  return { instant: ctx.now.toISOString(), licence: ctx.config.DIRECTORY_LICENCE, fichiers };
}

/** The directory as files, for programs and spreadsheets (organisation 14.2). */
export function directoryFilePages(portal: Portal): void {
  const editions = directoryEditions(portal.database);
  portal.fastify.addHook("onClose", () => editions.close());
  portal.page({
    method: "GET",
    url: "/annuaire/telecharger",
    access: "public",
    handler: async (ctx) => ctx.html(<DownloadPage ctx={ctx} />),
  });
  for (const file of wholeFiles)
    portal.page({
      method: "GET",
      url: `/annuaire/${file.name}`,
      access: "public",
      handler: (ctx) => sendWholeFile(ctx, editions, file),
    });
  portal.page({
    method: "GET",
    url: "/annuaire/manifest.json",
    access: "public",
    handler: async (ctx) => ctx.reply.send(await manifestOf(ctx, editions, portal.publicUrl())),
  });
  portal.page({
    method: "GET",
    url: "/annuaire/diff-:day.csv",
    access: "public",
    perMinute: 60,
    handler: (ctx) => {
      const { day = "" } = ctx.request.params as { day?: string };
      const since = dayOfFiles(day, ctx.now);
      if (since === null)
        throw new HttpProblem(
          404,
          "not-found",
          "Indiquez un jour des vingt-quatre derniers mois, écrit AAAA-MM-JJ. Pour tout reprendre, téléchargez les fichiers entiers.",
        );
      return sendCsv(ctx.reply, `diff-${day}.csv`, differenceColumns, movedLines(portal.database, since));
    },
  });
}
