import { accepted, refused } from "../../../shared/result.ts";
import { isAllowed } from "../../rights/index.ts";
import {
  changeService,
  createService,
  disableService,
  findStructure,
  listAllServices,
  ServiceCodeTaken,
  type ServiceRow,
  serviceCode,
  serviceTexts,
  serviceValidity,
} from "../../structures/index.ts";
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
    "engagement_obligatoire : oui ou non. identifiant_structure, facultative, refuse une ligne d'une autre structure.",
    "Une colonne absente laisse tel quel. Le même fichier deux fois ne change rien la seconde.",
  ],
  shown: [
    { title: "Code", cell: (line) => line.cells.code ?? "" },
    { title: "Libellé", cell: (line) => line.cells.libelle ?? "" },
  ],
  list: { label: "Services", path: "/organisation/services" },
  examples: [
    ["", "FI_SGPI", "Service de gestion des paies", "", "01/01/2027", "", "non"],
    ["", "ST_VOIRIE", "Voirie", "Travaux et entretien", "01/01/2027", "31/12/2027", "oui"],
  ],
  closesAbsent: {
    label: "Fermer les services absents du fichier",
    hint: "Ils seront désactivés. L'analyse les montre avant, et vous en confirmerez le nombre.",
  },
  asksBeforeClosing: () => Promise.resolve("Combien de services seront désactivés ?"),
  judge: async (tx, rows, { structureId }, { closeAbsent }, now) => {
    const structure = (await findStructure(tx, structureId))!;
    const services = await listAllServices(tx, structureId);
    const byCode = new Map(services.map((one) => [keyOf(one.code), one]));
    const { judged, keys } = judgeOnce(
      rows.map((row) => ({ row, line: readServiceLine(row.cells, structure.identifierValue) })),
      "Ce code",
      (line) => keyOf(line.code),
      (row, line) => judgeService(row, line, byCode.get(keyOf(line.code))),
    );
    if (!closeAbsent) return judged;
    const absent = services.filter(
      (one) =>
        !one.reserved &&
        one.disabledAt === null &&
        (one.endsAt === null || one.endsAt > now) &&
        !keys.has(keyOf(one.code)),
    );
    const last = rows.at(-1)?.lineNumber ?? 1;
    return [
      ...judged,
      ...absent.map(
        (one, index): JudgedLine => ({
          lineNumber: last + index + 1,
          cells: { code: one.code, libelle: one.label },
          verdict: "close",
          says: "Sera désactivé : absent du fichier",
        }),
      ),
    ];
  },
  apply: async (tx, line, { structureId, member }, actor, now) => {
    const structure = (await findStructure(tx, structureId))!;
    const [known] = await listAllServices(tx, structureId, line.cells.code);
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
    const verdict = judgeService(line, read.value, known);
    if (!isToDo(verdict.verdict))
      return verdict.verdict === "same" ? accepted("same") : refused(verdict.says);
    if (!known)
      return answerOf(
        await createService(tx, newService(structureId, read.value), member.accountId, actor, now),
      );
    const { change } = serviceChanges(read.value, known);
    return answerOf(
      await changeService(
        tx,
        { structureId, serviceId: known.id, version: known.version, change },
        actor,
        now,
      ),
    );
  },
  refusalOf: (error) => (error instanceof ServiceCodeTaken ? serviceTexts.SERVICE_CODE_TAKEN.text : null),
};

const refusedLine = (row: TableRow, says: string): JudgedLine => ({ ...row, verdict: "refused", says });

/** What a line makes of a service of the same code, if there is one. */
function judgeService(row: TableRow, line: ServiceLine, known: ServiceRow | undefined): JudgedLine {
  if (known) {
    const { change, names } = serviceChanges(line, known);
    if (names.length === 0) return { ...row, verdict: "same", says: "Déjà fait" };
    if (known.reserved) return refusedLine(row, serviceTexts.SERVICE_RESERVED.text);
    const validity = serviceValidity(change.startsAt, change.endsAt);
    if (!validity.ok) return refusedLine(row, serviceTexts[validity.refusal.code].text);
    return { ...row, verdict: "change", says: `Sera modifié : ${names.join(", ")}` };
  }
  const code = serviceCode(line.code);
  if (!code.ok) return refusedLine(row, serviceTexts[code.refusal.code].text);
  if (line.label === undefined) return refusedLine(row, "Indiquez le libellé du service.");
  if (line.startsAt === undefined) return refusedLine(row, "Indiquez la date de début du service.");
  const validity = serviceValidity(line.startsAt, line.endsAt ?? null);
  if (!validity.ok) return refusedLine(row, serviceTexts[validity.refusal.code].text);
  return { ...row, verdict: "create", says: "Sera créé" };
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

function answerOf(answer: Awaited<ReturnType<typeof disableService | typeof createService>>) {
  return answer.ok ? accepted("done" as const) : refused(serviceTexts[answer.refusal.code].text);
}
