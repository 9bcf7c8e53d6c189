import type { Actor, DomainEvent } from "../../../platform/events.ts";
import type { StructureFacts } from "./events.ts";

/** What a reader of the directory finds wrong in a sheet. */
export const reportSubjects = {
  rule: "Ce que la facture doit porter",
  services: "Les services",
  identity: "Le nom ou l'adresse",
  closed: "La structure est fermée ou remplacée",
  other: "Autre chose",
} as const;
export type ReportSubject = keyof typeof reportSubjects;

/** Reports of one person in twenty-four hours: what is more is a nuisance for those who receive them. */
const REPORTS_A_DAY = 5;

/** Whether a person may still report something, by what she did in the last twenty-four hours. */
export const mayReport = (lastDay: number): boolean => lastDay < REPORTS_A_DAY;

/** A reader of the directory says that a sheet is wrong: those who manage the structure, or else the operators, are told. */
export type DirectoryErrorReported = DomainEvent & {
  readonly type: "DirectoryErrorReported";
  readonly structureId: number;
  readonly reason: string;
  readonly facts: StructureFacts & {
    readonly subject: ReportSubject;
    readonly reporterAddress: string;
    readonly operators: readonly string[];
  };
};

export function directoryErrorReported(
  facts: DirectoryErrorReported["facts"],
  reason: string,
  actor: Actor,
): DirectoryErrorReported {
  return {
    type: "DirectoryErrorReported",
    structureId: facts.structureId,
    actor,
    sentence: `a signalé une erreur dans la fiche de ${facts.structureName} : ${reportSubjects[facts.subject].toLowerCase()}`,
    object: { kind: "structure", id: facts.structureId, label: facts.structureName },
    reason,
    facts,
  };
}
