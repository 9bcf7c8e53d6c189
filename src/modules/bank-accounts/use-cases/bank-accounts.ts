import type { Tx } from "../../../platform/database/index.ts";
import { type Actor, publish } from "../../../platform/events.ts";
import { accepted, type Result, refused } from "../../../shared/result.ts";
import { endsAfterItStarts } from "../../../shared/validity.ts";
import { lockManagers } from "../../memberships/index.ts";
import { findStructure, type StructureRow } from "../../structures/index.ts";
import { type BicRefusal, bic, type IbanRefusal, iban, maskedIban } from "../domain/bank-account.ts";
import {
  type ConfirmationRefusal,
  endOfReplaced,
  isInUse,
  needsSecondManager,
} from "../domain/confirmation.ts";
import { type BankAccountEventType, bankAccountEvent } from "../domain/events.ts";
import {
  type BankAccountChange,
  type BankAccountRow,
  clearDefault,
  findBankAccount,
  insertBankAccount,
  listBankAccounts,
  lockBankAccounts,
  updateBankAccount,
} from "../store.ts";

export type ChangeRefusal = {
  readonly code:
    | "NAME_TAKEN"
    | "ENDS_BEFORE_IT_STARTS"
    | "BLOCKED_BY_MANAGER"
    | "CHANGED_MEANWHILE"
    | "NOT_FOUND"
    | ConfirmationRefusal;
};
/** The state that it has once changed, or why it was not. */
export type ChangeAnswer = Promise<Result<Pick<BankAccountRow, "state">, ChangeRefusal>>;
export type BankAccountRefusal =
  | IbanRefusal
  | BicRefusal
  | ChangeRefusal
  | { readonly code: "STRUCTURE_INACTIVE" };

export type BankAccountTerms = Pick<BankAccountRow, "name" | "holder" | "startsAt" | "endsAt" | "isDefault">;

/** What the deployment wants: BANK_FOUR_EYES. */
export type FourEyes = { readonly fourEyes: boolean };

/**
 * Adds a bank account. Where a second manager has to confirm it, it serves nothing until then (BNK-03). The first one of a
 * structure is its default; another chosen as default takes its place, when it is in use. BNK-02: one that replaces another
 * ends it, when it is in use.
 */
export async function createBankAccount(
  tx: Tx,
  input: BankAccountTerms & {
    readonly structureId: number;
    readonly typedIban: string;
    readonly typedBic: string;
    readonly replacesId: number | null;
  },
  { fourEyes }: FourEyes,
  actor: Actor,
  now: Date,
): Promise<Result<BankAccountRow, BankAccountRefusal>> {
  const activeManagers = await lockManagers(tx, input.structureId);
  await lockBankAccounts(tx, input.structureId);
  const structure = await findStructure(tx, input.structureId);
  if (!structure) return refused({ code: "NOT_FOUND" });
  if (structure.state !== "active") return refused({ code: "STRUCTURE_INACTIVE" });
  const account = iban(input.typedIban);
  if (!account.ok) return account;
  const bank = bic(input.typedBic, account.value);
  if (!bank.ok) return bank;
  if (!endsAfterItStarts(input)) return refused({ code: "ENDS_BEFORE_IT_STARTS" });
  const others = (await listBankAccounts(tx, structure.id)).filter(isInUse);
  if (others.some((one) => isSameName(one.name, input.name))) return refused({ code: "NAME_TAKEN" });
  const replaced = input.replacesId === null ? null : others.find((one) => one.id === input.replacesId);
  if (replaced === undefined) return refused({ code: "NOT_FOUND" });
  const waits = needsSecondManager({ fourEyes, activeManagers });
  const { structureId, name, holder, startsAt, endsAt } = input;
  const row = {
    structureId,
    name,
    holder,
    startsAt,
    endsAt,
    isDefault: input.isDefault || replaced?.isDefault === true || !others.some((one) => one.isDefault),
    iban: account.value,
    bic: bank.value,
    state: waits ? ("pendingConfirmation" as const) : ("active" as const),
    createdBy: actor.accountId,
    submittedBy: waits ? actor.accountId : null,
    replacesId: replaced?.id ?? null,
  };
  if (!waits && row.isDefault) await clearDefault(tx, structure.id);
  const id = await insertBankAccount(tx, { ...row, now });
  const created = (await findBankAccount(tx, structure.id, id))!;
  const { state, isDefault } = row;
  await publish(
    tx,
    bankAccountEvent("BankAccountCreated", factsOf(structure, created), actor, {
      after: {
        name,
        holder,
        iban: maskedIban(row.iban),
        bic: row.bic,
        startsAt,
        endsAt,
        isDefault,
        state,
        ...(replaced ? { remplace: replaced.name } : {}),
      },
    }),
  );
  if (!waits) await endReplaced(tx, structure, created, actor, now);
  return accepted(created);
}

/** BNK-02. Changes what surrounds an IBAN, never the IBAN: another account is another line. */
export async function changeBankAccount(
  tx: Tx,
  input: NamedBankAccount & { readonly change: BankAccountTerms },
  actor: Actor,
  now: Date,
): ChangeAnswer {
  if (!endsAfterItStarts(input.change)) return refused({ code: "ENDS_BEFORE_IT_STARTS" });
  return change(tx, input, "BankAccountChanged", actor, now, (before) =>
    accepted({
      ...input.change,
      // a default is replaced by another one, not given up
      isDefault: isInUse(before) && (before.isDefault || input.change.isDefault),
    }),
  );
}

/** « Désactiver »: no invoice may name it any more; it is no longer the default. */
export const disableBankAccount = (tx: Tx, input: NamedBankAccount, actor: Actor, now: Date): ChangeAnswer =>
  change(tx, input, "BankAccountDisabled", actor, now, (before) =>
    before.state === "blocked"
      ? refused({ code: "CHANGED_MEANWHILE" })
      : accepted({ state: "disabled", isDefault: false }),
  );

/** One bank account, as whoever acts on it saw it. */
export type NamedBankAccount = {
  readonly structureId: number;
  readonly bankAccountId: number;
  /** The version that was seen; null: whatever it is by now. */
  readonly version: number | null;
};

/** Changes one bank account of a structure, alone at that; what is asked depends on what it was. */
export async function change(
  tx: Tx,
  input: NamedBankAccount,
  type: BankAccountEventType,
  actor: Actor,
  now: Date,
  wanted: (before: BankAccountRow) => Result<BankAccountChange, ChangeRefusal>,
  transient?: unknown,
): ChangeAnswer {
  await lockBankAccounts(tx, input.structureId);
  const structure = await findStructure(tx, input.structureId);
  const before = await findBankAccount(tx, input.structureId, input.bankAccountId);
  if (!structure || !before) return refused({ code: "NOT_FOUND" });
  const asked = wanted(before);
  if (!asked.ok) return asked;
  const after = { ...before, ...asked.value };
  if (isInUse(after)) {
    const others = (await listBankAccounts(tx, structure.id)).filter((one) => one.id !== before.id);
    if (others.some((one) => isInUse(one) && isSameName(one.name, after.name)))
      return refused({ code: "NAME_TAKEN" });
  }
  const becomesDefault = after.state === "active" && after.isDefault;
  if (becomesDefault && !(before.state === "active" && before.isDefault))
    await clearDefault(tx, structure.id);
  if (
    !(await updateBankAccount(tx, { ...before, version: input.version ?? before.version }, asked.value, now))
  )
    return refused({ code: "CHANGED_MEANWHILE" });
  const keys = Object.keys(asked.value).filter((key): key is keyof typeof before => key in before);
  await publish(tx, {
    ...bankAccountEvent(type, factsOf(structure, after), actor, {
      before: Object.fromEntries(keys.map((key) => [key, before[key]])),
      after: Object.fromEntries(keys.map((key) => [key, after[key]])),
    }),
    ...(transient === undefined ? {} : { transient }),
  });
  if (after.state === "active" && before.state === "pendingConfirmation")
    await endReplaced(tx, structure, after, actor, now);
  return accepted({ state: after.state });
}

/** Ends the line whose place one that is now in use takes; it is the default if the other was. */
async function endReplaced(
  tx: Tx,
  structure: StructureRow,
  by: BankAccountRow,
  actor: Actor,
  now: Date,
): Promise<void> {
  const old = by.replacesId === null ? undefined : await findBankAccount(tx, structure.id, by.replacesId);
  if (old?.state !== "active") return;
  const end = endOfReplaced(old, by.startsAt, now) ?? { state: "disabled" as const };
  await updateBankAccount(tx, old, { ...end, isDefault: false }, now);
  if (old.isDefault && !by.isDefault)
    await updateBankAccount(tx, (await findBankAccount(tx, structure.id, by.id))!, { isDefault: true }, now);
  await publish(
    tx,
    bankAccountEvent("BankAccountReplaced", factsOf(structure, old), actor, {
      before: { endsAt: old.endsAt },
      after: { ...end, par: by.name },
    }),
  );
}

const isSameName = (one: string, other: string) => one.toLowerCase() === other.toLowerCase();

const factsOf = (structure: StructureRow, account: Pick<BankAccountRow, "id" | "name" | "state">) => ({
  structureId: structure.id,
  structureName: structure.displayName,
  bankAccountId: account.id,
  name: account.name,
  waits: account.state === "pendingConfirmation",
});

/** What to tell of each refusal, and beside which field. */
export function bankAccountText(refusal: BankAccountRefusal): { field: string; text: string } {
  switch (refusal.code) {
    case "IBAN_COUNTRY":
      return { field: "iban", text: "Un IBAN commence par les deux lettres d'un pays, par exemple FR76." };
    case "IBAN_LENGTH":
      return {
        field: "iban",
        text: `Un IBAN de ce pays compte ${refusal.expected} caractères ; vous en avez saisi ${refusal.given}.`,
      };
    case "IBAN_KEY":
      return {
        field: "iban",
        text: "Cet IBAN comporte une erreur de saisie. Recopiez-le depuis votre relevé d'identité bancaire.",
      };
    case "BIC_FORM":
      return { field: "bic", text: "Un BIC compte 8 ou 11 caractères, par exemple BDFEFRPPCCT." };
    case "BIC_NEEDED":
      return { field: "bic", text: "Renseignez le BIC : ce compte est hors de la zone SEPA." };
    case "NAME_TAKEN":
      return {
        field: "name",
        text: "Une coordonnée bancaire active de cette structure a déjà ce nom. Choisissez-en un autre.",
      };
    case "ENDS_BEFORE_IT_STARTS":
      return { field: "endsAt", text: "La date de fin doit être postérieure à la date de début." };
    case "STRUCTURE_INACTIVE":
      return {
        field: "structureId",
        text: "Cette structure est désactivée : réactivez-la avant de lui ajouter une coordonnée bancaire.",
      };
    case "OWN_SUBMISSION":
      return {
        field: "name",
        text: "Vous avez saisi ou activé cette coordonnée : un autre gestionnaire principal doit la confirmer.",
      };
    case "NOT_WAITING":
      return { field: "name", text: "Cette coordonnée bancaire n'attend pas de confirmation." };
    case "BLOCKED_BY_MANAGER":
      return {
        field: "name",
        text: "Un gestionnaire principal a bloqué cette coordonnée : lui ou un autre peut seul la réactiver.",
      };
    case "CHANGED_MEANWHILE":
      return {
        field: "name",
        text: "Quelqu'un a modifié cette fiche entre-temps. Rechargez la page, comparez, puis enregistrez.",
      };
    case "NOT_FOUND":
      return { field: "name", text: "Cette coordonnée bancaire n'existe pas dans cette structure." };
  }
}
