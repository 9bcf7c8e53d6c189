import type { Tx } from "../../../platform/database/index.ts";
import type { Actor } from "../../../platform/events.ts";
import { accepted, refused } from "../../../shared/result.ts";
import { lockManagers } from "../../memberships/index.ts";
import type { Member } from "../../rights/index.ts";
import { isInUse, refuseConfirmation, stateOnceEnabled } from "../domain/confirmation.ts";
import { type ChangeAnswer, change, type FourEyes, type NamedBankAccount } from "./bank-accounts.ts";

/** BNK-03. A second main manager confirms: from now on it may be named; the line that it replaces ends. */
export async function confirmBankAccount(
  tx: Tx,
  input: NamedBankAccount,
  by: Member,
  actor: Actor,
  now: Date,
): ChangeAnswer {
  const activeManagers = await lockManagers(tx, input.structureId);
  return change(tx, input, "BankAccountConfirmed", actor, now, (before) => {
    const isAuthor = by.accountId === before.createdBy || by.accountId === before.submittedBy;
    const refusal = refuseConfirmation({ state: before.state, isAuthor, activeManagers });
    return refusal
      ? refused({ code: refusal })
      : accepted({ state: "active", confirmedAt: now, confirmedBy: by.accountId });
  });
}

/**
 * BNK-03. « Ce n'est pas nous : bloquer »: whatever it was, it serves no more, and the operators of the portal are alerted.
 * Blocking what has changed meanwhile is what a manager in a hurry wants, so the version does not count.
 * @param operators their addresses
 */
export async function blockBankAccount(
  tx: Tx,
  input: Omit<NamedBankAccount, "version">,
  operators: readonly string[],
  by: Member,
  actor: Actor,
  now: Date,
): ChangeAnswer {
  return change(
    tx,
    { ...input, version: null },
    "BankAccountBlocked",
    actor,
    now,
    (before) => {
      if (before.state === "blocked") return refused({ code: "CHANGED_MEANWHILE" });
      return accepted({ state: "blocked", isDefault: false, blockedAt: now, blockedBy: by.accountId });
    },
    { operators },
  );
}

/**
 * « Activer »: it may be named again, if no other account took its name meanwhile, and once a second manager has confirmed
 * it where that is asked. What a main manager blocked is enabled by a main manager only.
 */
export async function enableBankAccount(
  tx: Tx,
  input: NamedBankAccount,
  { fourEyes }: FourEyes,
  by: Member,
  actor: Actor,
  now: Date,
): ChangeAnswer {
  const activeManagers = await lockManagers(tx, input.structureId);
  return change(tx, input, "BankAccountEnabled", actor, now, (before) => {
    if (isInUse(before)) return refused({ code: "CHANGED_MEANWHILE" });
    if (before.state === "blocked" && by.role !== "mainManager")
      return refused({ code: "BLOCKED_BY_MANAGER" });
    const state = stateOnceEnabled(before.state, { fourEyes, activeManagers });
    return accepted({
      state,
      submittedBy: state === "pendingConfirmation" ? by.accountId : null,
      blockedAt: null,
      blockedBy: null,
    });
  });
}
