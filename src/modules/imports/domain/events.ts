import type { Actor, DomainEvent } from "../../../platform/events.ts";

export type ImportFacts = {
  /** Null for the operator's. */
  readonly structureName: string | null;
  readonly importId: number;
  /** Null: the portal itself, which then tells its operators. */
  readonly importerId: number | null;
  /** Addresses of the operators, in their canonical form. */
  readonly operators: readonly string[];
  /** What is imported: « services ». */
  readonly title: string;
  readonly fileName: string;
  readonly done: number;
  readonly refused: number;
  /** What it would close, where that is asked. */
  readonly closes?: number;
  readonly failure: string | null;
};

export type ImportEvent = DomainEvent & { readonly facts: ImportFacts };

const sentences = {
  ImportApplied: ({ title, fileName }: ImportFacts) => `a importé des ${title} depuis ${fileName}`,
  ImportFailed: ({ title, fileName }: ImportFacts) => `n'a pas pu importer les ${title} de ${fileName}`,
  ImportAwaitsDecision: ({ title, fileName, closes }: ImportFacts) =>
    `a suspendu l'import des ${title} de ${fileName}, qui en fermerait ${closes}`,
} as const;

/** An import that ran to its end, or stopped. */
export function importEvent(
  type: keyof typeof sentences,
  structureId: number | null,
  facts: ImportFacts,
  actor: Actor,
): ImportEvent {
  return {
    type,
    structureId,
    actor,
    sentence: sentences[type](facts),
    object: { kind: "import", id: facts.importId, label: facts.fileName },
    after: { faites: facts.done, refusées: facts.refused },
    ...(facts.failure === null ? {} : { reason: facts.failure }),
    facts,
  };
}
