import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { directoryStructureImport } from "../src/modules/imports/kinds/directory-structures.ts";
import { kindOf } from "../src/modules/imports/kinds/index.ts";
import { applyImport } from "../src/modules/imports/use-cases/apply.ts";
import { judgeImport } from "../src/modules/imports/use-cases/judge.ts";
import { receiveFile } from "../src/modules/imports/use-cases/receive.ts";
import { isLuhn } from "../src/shared/siret.ts";
import { atMost, type Line, rateLine } from "./line.ts";
import { percentile } from "./measure.ts";
import type { BenchPortal } from "./portal.ts";

const STRUCTURES = 20_000;
const SETTINGS = { invitationDays: 7, operators: [] };

/**
 * P-19: a reference list of structures that nobody knows, as the night imports it: received, judged, then made with their
 * reserved service and their journal; against the bare insertion of their public facts, and read meanwhile.
 */
export async function benchImports(portal: BenchPortal, folder: string): Promise<Line[]> {
  const path = join(folder, "structures.csv");
  const sirets = Array.from({ length: STRUCTURES }, (_, index) => siretOf(index));
  writeFileSync(
    path,
    `Identifiant;RaisonSociale;CodePostal;Ville\n${sirets.map((one, index) => `${one};Commune de Val ${index};45000;Vertbourg`).join("\n")}`,
  );
  const bare = (STRUCTURES / (await bareInsertion(portal, sirets))) * 1000;
  const reading = readMeanwhile(`${portal.url}/annuaire?q=commune+de+val`);
  const started = performance.now();
  const importer = { id: null, label: "Portail" };
  const received = await receiveFile(portal.database, directoryStructureImport, {
    name: "structures.csv",
    path,
    importer,
  });
  if (!received.ok) throw new Error(received.refusal);
  await judgeImport(portal.database, kindOf, received.value, SETTINGS);
  const judged = performance.now();
  const { done } = await applyImport(portal.database, kindOf, received.value, SETTINGS);
  if (done !== STRUCTURES) throw new Error(`${done} of ${STRUCTURES} structures were imported`);
  const ended = performance.now();
  const { failures, p95 } = await reading();
  const line = (what: string, value: number) =>
    rateLine({
      path: "P-19",
      what: `directory import of ${STRUCTURES}: ${what}`,
      ...{ value, bare, unit: "lines/s", bound: 0.5 },
    });
  return [
    line("received and judged, against a bare insertion", (STRUCTURES / (judged - started)) * 1000),
    line("made, against a bare insertion", (STRUCTURES / (ended - judged)) * 1000),
    atMost("P-19", "directory read meanwhile: answers other than the page", failures, "answers", 0),
    atMost("P-19", "directory read meanwhile: p95", p95, "ms", 100),
  ];
}

function siretOf(index: number): string {
  const body = String(40_000_000 + index);
  const siren = `${body}${key(body)}`;
  return `${siren}0001${key(`${siren}0001`)}`;
}

/** The digit that makes a number one of Luhn's. */
const key = (body: string) =>
  Array.from({ length: 10 }, (_, digit) => digit).find((one) => isLuhn(`${body}${one}`))!;

/** Milliseconds of the same facts inserted at once in a table of the same columns and indexes as the directory. */
async function bareInsertion({ owner }: BenchPortal, sirets: readonly string[]): Promise<number> {
  await owner.query("create table bare_entry (like directory_entry including all)");
  const started = performance.now();
  await owner.query(
    `insert into bare_entry (structure_id, display_name, identifier_value, postcode, town, search_text)
     select n, 'Commune de Val ' || n, siret, '45000', 'Vertbourg', directory_text('Commune de Val ' || n || ' Vertbourg')
     from unnest($1::text[]) with ordinality as t (siret, n)`,
    [sirets],
  );
  const ms = performance.now() - started;
  await owner.query("drop table bare_entry");
  return ms;
}

/** Reads a page twenty times a second until asked what came of it. */
function readMeanwhile(url: string): () => Promise<{ failures: number; p95: number }> {
  const times: number[] = [];
  let failures = 0;
  const read = async () => {
    const asked = performance.now();
    const answer = await fetch(url);
    await answer.text();
    times.push(performance.now() - asked);
    if (answer.status !== 200) failures++;
  };
  const pending: Promise<void>[] = [];
  const clock = setInterval(() => pending.push(read()), 50);
  return async () => {
    clearInterval(clock);
    await Promise.all(pending);
    return { failures, p95: percentile(times, 0.95) };
  };
}
