import type { Actor, DomainEvent } from "../../../platform/events.ts";

const sentences = {
  BankAccountCreated: "a créé la coordonnée bancaire",
  BankAccountChanged: "a modifié la coordonnée bancaire",
  BankAccountDisabled: "a désactivé la coordonnée bancaire",
  BankAccountEnabled: "a activé la coordonnée bancaire",
  BankAccountConfirmed: "a confirmé la coordonnée bancaire",
  BankAccountBlocked: "a bloqué la coordonnée bancaire",
  BankAccountReplaced: "a mis fin, en la remplaçant, à la coordonnée bancaire",
} as const;

export type BankAccountEventType = keyof typeof sentences;
export type BankAccountFacts = {
  readonly structureId: number;
  readonly structureName: string;
  readonly bankAccountId: number;
  readonly name: string;
  /** Whether it waits for a second manager. */
  readonly waits: boolean;
};
export type BankAccountEvent<T extends BankAccountEventType = BankAccountEventType> = DomainEvent & {
  readonly type: T;
  readonly structureId: number;
  readonly facts: BankAccountFacts;
};
/** Bank details that somebody blocked: the operators of the portal are alerted. */
export type BankAccountBlocked = BankAccountEvent<"BankAccountBlocked"> & {
  readonly transient: { readonly operators: readonly string[] };
};

/** A change of bank details. `before` and `after` never hold an IBAN but masked: the journal is read by many. */
export function bankAccountEvent<T extends BankAccountEventType>(
  type: T,
  facts: BankAccountFacts,
  actor: Actor,
  more: Pick<DomainEvent, "before" | "after"> = {},
): BankAccountEvent<T> {
  return {
    type,
    structureId: facts.structureId,
    actor,
    sentence: `${sentences[type]} ${facts.name}`,
    object: { kind: "bankAccount", id: facts.bankAccountId, label: facts.name },
    facts,
    ...more,
  };
}
