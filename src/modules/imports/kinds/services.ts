import type { Tx } from "../../../platform/database/index.ts";
import type { Actor } from "../../../platform/events.ts";
import { toFrenchDateTime } from "../../../shared/french-date-time.ts";
import { accepted, type Result, refused } from "../../../shared/result.ts";
import { isAllowed, type Member } from "../../rights/index.ts";
import {
  changeService,
  createService,
  disableService,
  findStructure,
  listAllServices,
  ServiceCodeTaken,
  type ServiceRow,
  serviceCode,
  serviceState,
  serviceTexts,
  serviceValidity,
} from "../../structures/index.ts";
import { awaitedAt, refuseSuccession, replaceServices, successionTexts } from "../../successions/index.ts";
import { isToDo, type JudgedLine, judgeOnce, type StructureImport } from "../domain/import.ts";
import {
  readServiceLine,
  type ServiceLine,
  serviceChanges,
  serviceColumns,
} from "../domain/service-lines.ts";
import type { TableRow } from "../domain/table.ts";

const keyOf = (code: string) => code.toLowerCase();
const notAllowed = "Il vous faut l'habilitation « Organisation – structures », en modification.";

/** Source: organisation.md 15.3. A code that is known changes the service, another creates one. */
export const serviceImport: StructureImport = {
  of: "structure",
  name: "services",
  path: "services",
  title: "services",
  action: "service.create",
  seesEverything: false,
  maxLines: 5_000,
  columns: serviceColumns,
  help: [
    "code, obligatoire : un code déjà connu modifie le service, un autre en crée un.",
    "libelle, debut : obligatoires pour créer. fin, description : facultatives. Dates comme 31/12/2027.",
    "service_successeur : le code du service qui prend la place de celui-ci à sa date de fin, avec ses personnes et leurs droits ; vide, rien ne change.",
    "engagement_obligatoire : oui ou non. identifiant_structure, facultative, refuse une ligne d'une autre structure.",
    "Une colonne absente laisse tel quel. Le même fichier deux fois ne change rien la seconde.",
  ],
  shown: [
    { title: "Code", cell: (line) => line.cells.code ?? "" },
    { title: "Libellé", cell: (line) => line.cells.libelle ?? "" },
  ],
  list: { label: "Services", path: "/organisation/services" },
  examples: [
    ["", "FI_SGPI", "Service de gestion des paies", "", "01/01/2027", "", "non", ""],
    ["", "ST_TECHNIQUE", "Services techniques", "", "01/01/2027", "", "oui", ""],
    ["", "ST_VOIRIE", "Voirie", "Travaux et entretien", "01/01/2027", "31/12/2027", "oui", "ST_TECHNIQUE"],
  ],
  closesAbsent: {
    label: "Fermer les services absents du fichier",
    hint: "Ils seront désactivés. L'analyse les montre avant, et vous en confirmerez le nombre.",
  },
  asksBeforeClosing: () => Promise.resolve("Combien de services seront désactivés ?"),
  judge: async (tx, rows, { structureId }, { closeAbsent }, now) => {
    const structure = (await findStructure(tx, structureId))!;
    const services = await listAllServices(tx, structureId);
    const read = rows.map((row) => ({ row, line: readServiceLine(row.cells, structure.identifierValue) }));
    const around = { services, inFile: byCodeOf(read), now };
    const seenAt = new Map<string, number>();
    const judged = judgeOnce(
      read,
      "Ce code",
      (line) => keyOf(line.code),
      (row, line) => judgeService(row, line, around),
      seenAt,
    );
    if (!closeAbsent) return judged;
    const awaited = awaitedAt(services, now, now);
    const absent = services.filter(
      (one) =>
        !one.reserved &&
        one.disabledAt === null &&
        (one.endsAt === null || one.endsAt > now) &&
        // what another is to replace ends already
        one.successorId === null &&
        !seenAt.has(keyOf(one.code)),
    );
    const last = rows.at(-1)?.lineNumber ?? 1;
    return [
      ...judged,
      ...absent.map((one, index): JudgedLine => {
        const row = { lineNumber: last + index + 1, cells: { code: one.code, libelle: one.label } };
        return awaited.includes(one.id)
          ? refusedLine(row, `Absent du fichier, mais : ${serviceTexts.SERVICE_IS_AWAITED.text}`)
          : { ...row, verdict: "close", says: "Sera désactivé : absent du fichier" };
      }),
    ];
  },
  apply: async (tx, line, { structureId, member }, actor, now) => {
    const structure = (await findStructure(tx, structureId))!;
    const services = await listAllServices(tx, structureId);
    const known = findByCode(services, line.cells.code ?? "");
    if (
      !isAllowed(member, known ? "service.update" : "service.create", { serviceId: known?.id ?? null }, now)
    )
      return refused(notAllowed);
    if (line.verdict === "close") {
      if (!known || known.disabledAt !== null) return accepted("same");
      return answerOf(
        await disableService(tx, { structureId, serviceId: known.id, version: known.version }, actor, now),
      );
    }
    const read = readServiceLine(line.cells, structure.identifierValue);
    if (!read.ok) return refused(read.refusal);
    const verdict = judgeService(line, read.value, { services, inFile: new Map(), now });
    if (!isToDo(verdict.verdict))
      return verdict.verdict === "same" ? accepted("same") : refused(verdict.says);
    const saved = await save(tx, { structureId, known, line: read.value }, member, actor, now);
    if (!saved.ok) return saved;
    const successor = successorAsked(read.value, known, services);
    if (!successor) return accepted("done");
    const { id: serviceId, endsAt } = saved.value;
    const replaced = await replaceServices(
      tx,
      { structureId, serviceIds: [serviceId], successorId: successor.id, at: endsAt },
      member,
      actor,
      now,
    );
    return replaced.ok ? accepted("done") : refused(successionTexts(replaced.refusal).text);
  },
  refusalOf: (error) => (error instanceof ServiceCodeTaken ? serviceTexts.SERVICE_CODE_TAKEN.text : null),
};

const refusedLine = (row: TableRow, says: string): JudgedLine => ({ ...row, verdict: "refused", says });
const findByCode = (services: readonly ServiceRow[], code: string): ServiceRow | undefined =>
  services.find((one) => keyOf(one.code) === keyOf(code));

/** The lines of a file by the code that each names, the first of each. */
function byCodeOf(
  read: readonly { readonly line: Result<ServiceLine, string> }[],
): ReadonlyMap<string, ServiceLine> {
  const lines = new Map<string, ServiceLine>();
  for (const { line } of read)
    if (line.ok && !lines.has(keyOf(line.value.code))) lines.set(keyOf(line.value.code), line.value);
  return lines;
}

type Around = {
  /** Every service of the structure. */
  readonly services: readonly ServiceRow[];
  /** The lines of the file, by their codes. */
  readonly inFile: ReadonlyMap<string, ServiceLine>;
  readonly now: Date;
};

/** What a line makes of a service of the same code, if there is one, and of its succession. */
function judgeService(row: TableRow, line: ServiceLine, around: Around): JudgedLine {
  const known = findByCode(around.services, line.code);
  const judged = known ? judgeKnown(row, line, known, around.now) : judgeNew(row, line);
  if (judged.verdict === "refused" || isSaidAlready(line, known)) return judged;
  const endsAt = line.endsAt === undefined ? (known?.endsAt ?? null) : line.endsAt;
  if (keyOf(line.successorCode!) === keyOf(line.code))
    return refusedLine(row, "Un service ne se remplace pas lui-même.");
  const turn = turnOf(line, around.inFile);
  if (turn === null) return refusedLine(row, "Ces services se remplacent en rond : l'un d'eux doit rester.");
  const refusal = refuseSuccessor(line, known, endsAt, around);
  if (refusal !== null) return refusedLine(row, refusal);
  const replaced = `remplacé par ${line.successorCode} le ${toFrenchDateTime(endsAt!)}`;
  return judged.verdict === "same"
    ? { ...row, verdict: "change", says: `Sera ${replaced}`, turn }
    : { ...judged, says: `${judged.says} ; ${replaced}`, turn };
}

/** After how many others a line is done: its successor's first, and so on; null when they go round in a circle. */
function turnOf(line: ServiceLine, inFile: ReadonlyMap<string, ServiceLine>): number | null {
  const seen = new Set<ServiceLine>();
  let at: ServiceLine | undefined = line;
  while (at) {
    if (seen.has(at)) return null;
    seen.add(at);
    at = at.successorCode === undefined ? undefined : inFile.get(keyOf(at.successorCode));
  }
  return seen.size - 1;
}

/** Whether a line says nothing of a successor that is not so already. */
const isSaidAlready = (line: ServiceLine, known: ServiceRow | undefined): boolean =>
  line.successorCode === undefined ||
  (known?.successorCode != null && keyOf(known.successorCode) === keyOf(line.successorCode));

/** The service that a line wants to take the place of its own, unless it is said already. */
const successorAsked = (
  line: ServiceLine,
  known: ServiceRow | undefined,
  services: readonly ServiceRow[],
): ServiceRow | undefined =>
  isSaidAlready(line, known) ? undefined : findByCode(services, line.successorCode!);

/** Why a line may not name its successor, in a sentence; null when it may, as far as the file tells. */
function refuseSuccessor(
  line: ServiceLine,
  known: ServiceRow | undefined,
  endsAt: Date | null,
  { services, inFile, now }: Around,
): string | null {
  const code = line.successorCode!;
  const successor = findByCode(services, code);
  if (!successor && !inFile.has(keyOf(code)))
    return `« ${code} » n'est ni un service de cette structure, ni une ligne du fichier.`;
  if (endsAt === null) return `Indiquez la date de fin : c'est celle où ${code} prend sa place.`;
  if (!successor) return null;
  const closing = {
    id: known?.id ?? 0,
    code: line.code,
    reserved: false,
    startsAt: line.startsAt ?? known?.startsAt ?? now,
    endsAt,
    disabledAt: known?.disabledAt ?? null,
    successorId: known?.successorId ?? null,
  };
  const awaited = awaitedAt(services, endsAt, now);
  const facts = {
    structureState: "active",
    closing: [closing],
    askedCount: 1,
    successor,
    at: endsAt,
    awaited,
  };
  const refusal = refuseSuccession(facts, now);
  return refusal && successionTexts(refusal).text;
}

function judgeKnown(row: TableRow, line: ServiceLine, known: ServiceRow, now: Date): JudgedLine {
  const { change, names } = serviceChanges(line, known);
  if (names.length === 0) return { ...row, verdict: "same", says: "Déjà fait" };
  if (known.reserved) return refusedLine(row, serviceTexts.SERVICE_RESERVED.text);
  const validity = serviceValidity(change.startsAt, change.endsAt);
  if (!validity.ok) return refusedLine(row, serviceTexts[validity.refusal.code].text);
  const movesDates = names.includes("début") || names.includes("fin");
  if (movesDates && known.successorId !== null && ["active", "planned"].includes(serviceState(known, now)))
    return refusedLine(row, serviceTexts.SERVICE_TO_BE_REPLACED.text);
  return { ...row, verdict: "change", says: `Sera modifié : ${names.join(", ")}` };
}

function judgeNew(row: TableRow, line: ServiceLine): JudgedLine {
  const code = serviceCode(line.code);
  if (!code.ok) return refusedLine(row, serviceTexts[code.refusal.code].text);
  if (line.label === undefined) return refusedLine(row, "Indiquez le libellé du service.");
  if (line.startsAt === undefined) return refusedLine(row, "Indiquez la date de début du service.");
  const validity = serviceValidity(line.startsAt, line.endsAt ?? null);
  if (!validity.ok) return refusedLine(row, serviceTexts[validity.refusal.code].text);
  return { ...row, verdict: "create", says: "Sera créé" };
}

/** Creates a service, or changes the known one where the line says otherwise; answers which, and its end. */
async function save(
  tx: Tx,
  { structureId, known, line }: { structureId: number; known: ServiceRow | undefined; line: ServiceLine },
  member: Member,
  actor: Actor,
  now: Date,
): Promise<Result<Pick<ServiceRow, "id" | "endsAt">, string>> {
  if (!known) {
    const created = await createService(tx, newService(structureId, line), member.accountId, actor, now);
    return created.ok ? created : refused(serviceTexts[created.refusal.code].text);
  }
  const { change, names } = serviceChanges(line, known);
  if (names.length === 0) return accepted(known);
  const changed = await changeService(
    tx,
    { structureId, serviceId: known.id, version: known.version, change },
    actor,
    now,
  );
  return changed.ok
    ? accepted({ id: known.id, endsAt: change.endsAt })
    : refused(serviceTexts[changed.refusal.code].text);
}

const newService = (structureId: number, line: ServiceLine) => ({
  structureId,
  code: line.code,
  label: line.label!,
  description: line.description ?? "",
  startsAt: line.startsAt!,
  endsAt: line.endsAt ?? null,
  commitmentRequired: line.commitmentRequired ?? false,
});

function answerOf(answer: Awaited<ReturnType<typeof disableService>>) {
  return answer.ok ? accepted("done" as const) : refused(serviceTexts[answer.refusal.code].text);
}
