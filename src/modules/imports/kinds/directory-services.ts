import type { Tx } from "../../../platform/database/index.ts";
import type { Actor } from "../../../platform/events.ts";
import { accepted, type Result, refused } from "../../../shared/result.ts";
import {
  addListedServices,
  changeService,
  countDirectory,
  createService,
  disableService,
  enableService,
  listServicesOf,
  listStructuresBySiret,
  ServiceCodeTaken,
  type ServiceInput,
  type ServiceRow,
  type StructureRow,
  serviceCode,
  serviceState,
  serviceTexts,
  serviceValidity,
} from "../../structures/index.ts";
import { closesSuspiciouslyMany, MAX_DIRECTORY_LINES } from "../domain/directory-limits.ts";
import {
  type DirectoryServiceLine,
  directoryServiceChanges,
  directoryServiceColumns,
  readDirectoryServiceLine,
} from "../domain/directory-service-lines.ts";
import { isToDo, type JudgedLine, judgeOnce, type OperatorImport, readable } from "../domain/import.ts";
import type { TableRow } from "../domain/table.ts";

/** Source: organisation.md 15.4. A code that is known in its structure changes the service, another creates one. */
export const directoryServiceImport: OperatorImport = {
  of: "operator",
  name: "directoryServices",
  path: "services-publics",
  title: "services des structures publiques",
  maxLines: MAX_DIRECTORY_LINES,
  nightlyFile: "services.csv",
  columns: directoryServiceColumns,
  help: [
    "Les colonnes du fichier services.csv de l'annuaire, dans n'importe quel ordre. Importez d'abord les structures.",
    "Un code connu dans sa structure met le service à jour, un autre en crée un.",
    "ServiceActif : 0 désactive un service que ses dates disent actif, 1 réactive un service désactivé.",
    "Un service absent du fichier reste tel quel. Dates comme 31/12/2027, à Paris.",
  ],
  shown: [
    { title: "SIRET", cell: (line) => line.cells.Identifiant ?? "" },
    { title: "Code", cell: (line) => line.cells.CodeService ?? "" },
    { title: "Libellé", cell: (line) => line.cells.LibelleService ?? "" },
  ],
  list: { label: "Annuaire", path: "/annuaire" },
  examples: ["73282932000074;FIN;Finances;1;1;01/01/2026;;1 place de la Mairie;44000;Nantes".split(";")],
  asksBeforeClosing: async (tx, count, now) => {
    const { services } = await countDirectory(tx, now);
    return closesSuspiciouslyMany(count, services)
      ? `Ce fichier ferme plus de 5 % des ${services.toLocaleString("fr-FR")} services actifs. Combien seront fermés ?`
      : null;
  },
  judge: async (tx, rows, seenAt, now) => {
    const read = rows.map((row) => ({ row, line: readDirectoryServiceLine(row.cells) }));
    const known = await knownServices(
      tx,
      read.flatMap(({ line }) => (line.ok ? [line.value.siret] : [])),
    );
    const keyOfLine = (line: DirectoryServiceLine) => keyOf(line.siret, line.code);
    const judge = (row: TableRow, line: DirectoryServiceLine) => judgeService(row, line, known, now);
    return judgeOnce(read, "Ce service", keyOfLine, judge, seenAt);
  },
  apply: async (tx, line, { accountId }, actor, now) => {
    const read = readDirectoryServiceLine(line.cells);
    if (!read.ok) return read;
    const known = await knownServices(tx, [read.value.siret]);
    const { verdict, says } = judgeService(line, read.value, known, now);
    if (!isToDo(verdict)) return verdict === "same" ? accepted("same") : refused(says);
    const structure = known.structures.get(read.value.siret)!;
    const service = known.services.get(keyOf(read.value.siret, read.value.code));
    if (!service) {
      const created = await createService(tx, newService(read.value, structure), accountId, actor, now);
      if (!created.ok || !bornDisabled(read.value, now)) return answerOf(created);
      return answerOf(await disableService(tx, handle(created.value), actor, now));
    }
    return changeKnown(tx, { line: read.value, service, structure, closes: verdict === "close" }, actor, now);
  },
  applyTogether: async (tx, lines, { accountId }, actor, now) => {
    const read = readable(lines, readDirectoryServiceLine);
    const known = await knownServices(
      tx,
      read.map(({ line }) => line.siret),
    );
    const news = read.flatMap(({ row, line }) => {
      if (judgeService(row, line, known, now).verdict !== "create" || bornDisabled(line, now)) return [];
      const structure = known.structures.get(line.siret)!;
      return [{ row, structure, input: newService(line, structure) }];
    });
    const added = new Set(await addListedServices(tx, news, accountId, actor, now));
    return new Set(news.flatMap(({ row, input }) => (added.has(input) ? [row.lineNumber] : [])));
  },
  refusalOf: (error) => (error instanceof ServiceCodeTaken ? serviceTexts.SERVICE_CODE_TAKEN.text : null),
};

/** Every column of it, so that many are written by one statement. */
function newService(
  { code, commitmentRequired, facts }: DirectoryServiceLine,
  structure: StructureRow,
): ServiceInput {
  return {
    ...{ description: "", endsAt: null, addressLine: "", postcode: "", town: "" },
    ...facts,
    structureId: structure.id,
    code,
    commitmentRequired: commitmentRequired === true && !structure.commitmentRequired,
  };
}

/** A service that its dates say active, and the file does not. */
const bornDisabled = ({ isActive, facts }: DirectoryServiceLine, now: Date) =>
  isActive === false &&
  serviceState({ startsAt: facts.startsAt, endsAt: facts.endsAt ?? null, disabledAt: null }, now) ===
    "active";

/** Changes, opens again or disables a service of the directory. */
async function changeKnown(
  tx: Tx,
  {
    line,
    service,
    structure,
    closes,
  }: { line: DirectoryServiceLine; service: ServiceRow; structure: StructureRow; closes: boolean },
  actor: Actor,
  now: Date,
): Promise<Result<"done", string>> {
  let present = handle(service);
  const { change, names } = directoryServiceChanges(line, service, structure.commitmentRequired);
  if (reopens(line, service)) {
    const enabled = await enableService(tx, present, actor, now);
    if (!enabled.ok) return answerOf(enabled);
    present = { ...present, version: present.version + 1 };
  }
  if (names.length > 0) {
    const told = { description: service.description, ...change };
    const changed = await changeService(tx, { ...present, change: told }, actor, now);
    if (!changed.ok) return answerOf(changed);
    present = { ...present, version: present.version + 1 };
  }
  return closes ? answerOf(await disableService(tx, present, actor, now)) : accepted("done");
}

type Known = {
  readonly structures: ReadonlyMap<string, StructureRow>;
  readonly services: ReadonlyMap<string, ServiceRow>;
};

const keyOf = (siret: string, code: string) => `${siret} ${code.toLowerCase()}`;
const handle = ({ structureId, id, version }: ServiceRow) => ({ structureId, serviceId: id, version });
/** A service that somebody disabled, and that the file says active. */
const reopens = (line: DirectoryServiceLine, service: ServiceRow) =>
  line.isActive === true && service.disabledAt !== null;
async function knownServices(tx: Tx, sirets: readonly string[]): Promise<Known> {
  const structures = await listStructuresBySiret(tx, [...new Set(sirets)]);
  const siretOf = new Map(structures.map((one) => [one.id, one.identifierValue]));
  const services = await listServicesOf(tx, [...siretOf.keys()]);
  return {
    structures: new Map(structures.map((one) => [one.identifierValue, one])),
    services: new Map(services.map((one) => [keyOf(siretOf.get(one.structureId)!, one.code), one])),
  };
}

/** What a line makes of the service of the same structure and code, if there is one. */
function judgeService(row: TableRow, line: DirectoryServiceLine, known: Known, now: Date): JudgedLine {
  const says = (verdict: JudgedLine["verdict"], sentence: string) => ({ ...row, verdict, says: sentence });
  const structure = known.structures.get(line.siret);
  if (structure?.kind !== "public")
    return says("refused", "Aucune structure publique de ce SIRET : importez d'abord les structures.");
  const service = known.services.get(keyOf(line.siret, line.code));
  if (service?.reserved) return says("refused", serviceTexts.SERVICE_RESERVED.text);
  if (!service) {
    if (structure.state !== "active") return says("refused", "Sa structure est fermée.");
    const code = serviceCode(line.code);
    if (!code.ok) return says("refused", serviceTexts[code.refusal.code].text);
    const validity = serviceValidity(line.facts.startsAt, line.facts.endsAt ?? null);
    return validity.ok
      ? says("create", "Sera créé")
      : says("refused", serviceTexts[validity.refusal.code].text);
  }
  const { change, names } = directoryServiceChanges(line, service, structure.commitmentRequired);
  const validity = serviceValidity(change.startsAt, change.endsAt);
  if (!validity.ok) return says("refused", serviceTexts[validity.refusal.code].text);
  if (
    line.isActive === false &&
    structure.state === "active" &&
    serviceState({ ...service, ...change }, now) === "active"
  )
    return says("close", "Sera désactivé");
  if (reopens(line, service))
    return says("change", ["Sera réactivé", ...(names.length > 0 ? [names.join(", ")] : [])].join(" ; "));
  return names.length === 0
    ? says("same", "Déjà fait")
    : says("change", `Sera modifié : ${names.join(", ")}`);
}

function answerOf(
  answer: Awaited<ReturnType<typeof disableService | typeof createService>>,
): Result<"done", string> {
  return answer.ok ? accepted("done") : refused(serviceTexts[answer.refusal.code].text);
}
