/**
 * npm run codes -w packages/einvoice -- FILE [--list NAME]: what a newer file of code lists adds to ours and takes away.
 * Ends with 0 when nothing differs, 1 when something does, 2 when the file cannot be compared.
 */
import { existsSync, readFileSync } from "node:fs";
import { basename, resolve } from "node:path";
import { parseArgs } from "node:util";
import { codeLists } from "../src/codelists/all.ts";
import { comparedWithOurs, type ListChange } from "./published-lists.ts";

/** Says which lists there are, for `--list`. */
function listOurs(): number {
  console.log("Usage : npm run codes -w packages/einvoice -- FICHIER [--list NOM]\n");
  for (const { size, source } of codeLists)
    console.log(`${source.name} : ${counted(size)} (${source.publication}, ${source.date})`);
  return 2;
}

function compare(path: string, list: string | undefined): number {
  const file = resolve(process.env["INIT_CWD"] ?? ".", path); // npm runs the script in the folder of the package
  if (!existsSync(file)) return refuse(`Ce fichier n'existe pas : ${file}`);
  const comparison = comparedWithOurs(readFileSync(file), basename(file), list);
  if (!comparison.ok) return refuse(`${refusals[comparison.refusal]} (${comparison.detail})`);
  for (const change of comparison.changes) tell(change);
  for (const { title } of comparison.unknown) console.log(`${title} : pas de liste de ce nom ici`);
  return comparison.changes.some(isChange) ? 1 : 0;
}

function refuse(text: string): number {
  console.error(text);
  return 2;
}

const refusals = {
  UNREADABLE: "Le fichier est illisible : donnez-le en Genericode, en Schematron ou en CSV.",
  NO_LIST: "Le fichier ne contient aucun code.",
  UNKNOWN_LIST: "Aucune de nos listes ne porte ce nom : choisissez-la par --list.",
};

const isChange = ({ added, removed }: ListChange): boolean => added.length + removed.length > 0;

const counted = (count: number): string => `${count} code${count > 1 ? "s" : ""}`;

function tell(change: ListChange): void {
  const { ours, published, added, removed } = change;
  const { name, publication, date } = ours.source;
  const from = `${name} (${published.title})`;
  if (isChange(change)) console.log(`${from}, face à ${publication}, ${date} :`);
  else console.log(`${from} : rien ne change, ${counted(ours.size)}`);
  if (added.length > 0) console.log(`  ajouté : ${added.join(" ")}`);
  if (removed.length > 0) console.log(`  retiré : ${removed.join(" ")}`);
}

const { positionals, values } = parseArgs({ allowPositionals: true, options: { list: { type: "string" } } });
const [file] = positionals;
process.exitCode = file === undefined ? listOurs() : compare(file, values.list);
