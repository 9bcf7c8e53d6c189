import type { Actor, DomainEvent } from "../../../platform/events.ts";

export type ImportFacts = {
  /** Null for the operator's. */
  readonly structureName: string | null;
  readonly importId: number;
  readonly importerId: number;
  /** What is imported: « services ». */
  readonly title: string;
  readonly fileName: string;
  readonly done: number;
  readonly refused: number;
  readonly failure: string | null;
};

export type ImportEvent = DomainEvent & { readonly facts: ImportFacts };

/** An import that ran to its end, or stopped. */
export function importEvent(
  type: "ImportApplied" | "ImportFailed",
  structureId: number | null,
  facts: ImportFacts,
  actor: Actor,
): ImportEvent {
  const sentence =
    type === "ImportApplied"
      ? `a importé des ${facts.title} depuis ${facts.fileName}`
      : `n'a pas pu importer les ${facts.title} de ${facts.fileName}`;
  return {
    type,
    structureId,
    actor,
    sentence,
    object: { kind: "import", id: facts.importId, label: facts.fileName },
    after: { faites: facts.done, refusées: facts.refused },
    ...(facts.failure === null ? {} : { reason: facts.failure }),
    facts,
  };
}
