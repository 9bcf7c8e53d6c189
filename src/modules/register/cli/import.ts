/**
 * `npm run import:sirene -- FILE`: fills the register from INSEE's StockEtablissement or StockUniteLegale, as published
 * (`.csv`, `.csv.gz`; `-` for the standard input). Run again, it goes on where it was cut short.
 */
import { createHash } from "node:crypto";
import { createReadStream, statSync } from "node:fs";
import { basename } from "node:path";
import { createGunzip } from "node:zlib";
import { readConfig } from "../../../config.ts";
import { migrate } from "../../../platform/database/migrate.ts";
import { openOwnerConnection } from "../../../platform/owner-connection.ts";
import { importSirene } from "../import-sirene.ts";

const path = process.argv[2];
if (!path) {
  console.error("Indiquez le fichier : npm run import:sirene -- StockEtablissement_utf8.csv");
  process.exit(2);
}

/** Names a file's content without reading it whole. */
function keyOf(file: string): string {
  const { size, mtimeMs } = statSync(file);
  return createHash("sha256")
    .update(`${basename(file)} ${size} ${mtimeMs}`)
    .digest("hex");
}

function open(file: string): { key: string; stream: NodeJS.ReadableStream } {
  if (file === "-") return { key: `standard input ${Date.now()}`, stream: process.stdin };
  const bytes = createReadStream(file);
  return { key: keyOf(file), stream: file.endsWith(".gz") ? bytes.pipe(createGunzip()) : bytes };
}

const config = readConfig(process.env);
const { client, url, close } = await openOwnerConnection(config);
try {
  await migrate(url);
  const started = performance.now();
  const seconds = () => (performance.now() - started) / 1000;
  const done = await importSirene(client, open(path), ({ lines }) =>
    process.stderr.write(
      `\r${lines.toLocaleString("fr-FR")} lignes, ${Math.round(lines / seconds())} par seconde`,
    ),
  );
  if (done.ok) {
    const { lines, skipped, kind } = done.value;
    const what = kind === "establishments" ? "établissements" : "unités légales";
    console.log(
      `\n${lines.toLocaleString("fr-FR")} lignes (${what}) lues en ${seconds().toFixed(1)} s, dont ${skipped} sans numéro valable.`,
    );
  } else {
    console.error(
      "Ce fichier n'est ni StockEtablissement ni StockUniteLegale : sa première ligne n'a pas leurs titres.",
    );
    process.exitCode = 2;
  }
} finally {
  await close();
}
