import type { Tx } from "../../../platform/database/index.ts";
import { type Actor, publish } from "../../../platform/events.ts";
import { accepted, type Result, refused } from "../../../shared/result.ts";
import { endsAfterItStarts } from "../../../shared/validity.ts";
import { findStructure, type StructureRow } from "../../structures/index.ts";
import { type BicRefusal, bic, type IbanRefusal, iban, maskedIban } from "../domain/bank-account.ts";
import { bankAccountEvent } from "../domain/events.ts";
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

type ChangeRefusal = {
  readonly code: "NAME_TAKEN" | "ENDS_BEFORE_IT_STARTS" | "CHANGED_MEANWHILE" | "NOT_FOUND";
};
export type BankAccountRefusal =
  | IbanRefusal
  | BicRefusal
  | ChangeRefusal
  | { readonly code: "STRUCTURE_INACTIVE" };

export type BankAccountTerms = Pick<BankAccountRow, "name" | "holder" | "startsAt" | "endsAt" | "isDefault">;

/** Adds a bank account. The first one of a structure is its default; another chosen as default takes its place. */
export async function createBankAccount(
  tx: Tx,
  input: BankAccountTerms & {
    readonly structureId: number;
    readonly typedIban: string;
    readonly typedBic: string;
  },
  actor: Actor,
  now: Date,
): Promise<Result<Pick<BankAccountRow, "id" | "structureId" | "name" | "iban" | "bic">, BankAccountRefusal>> {
  const structure = await findStructure(tx, input.structureId);
  if (!structure) return refused({ code: "NOT_FOUND" });
  if (structure.state !== "active") return refused({ code: "STRUCTURE_INACTIVE" });
  const account = iban(input.typedIban);
  if (!account.ok) return account;
  const bank = bic(input.typedBic, account.value);
  if (!bank.ok) return bank;
  if (!endsAfterItStarts(input)) return refused({ code: "ENDS_BEFORE_IT_STARTS" });
  await lockBankAccounts(tx, structure.id);
  const others = (await listBankAccounts(tx, structure.id)).filter((one) => !one.disabled);
  if (others.some((one) => isSameName(one.name, input.name))) return refused({ code: "NAME_TAKEN" });
  const isDefault = input.isDefault || !others.some((one) => one.isDefault);
  if (isDefault) await clearDefault(tx, structure.id);
  const { structureId, name, holder, startsAt, endsAt } = input;
  const row = {
    structureId,
    name,
    holder,
    startsAt,
    endsAt,
    isDefault,
    iban: account.value,
    bic: bank.value,
  };
  const id = await insertBankAccount(tx, { ...row, createdBy: actor.accountId, now });
  await publish(
    tx,
    bankAccountEvent("BankAccountCreated", factsOf(structure, { id, name }), actor, {
      after: { ...row, iban: maskedIban(row.iban) },
    }),
  );
  return accepted({ ...row, id });
}

/** BNK-02. Changes what surrounds an IBAN, never the IBAN: another account is another line. */
export async function changeBankAccount(
  tx: Tx,
  input: {
    readonly structureId: number;
    readonly bankAccountId: number;
    readonly version: number;
    readonly change: BankAccountTerms;
  },
  actor: Actor,
  now: Date,
): Promise<Result<null, ChangeRefusal>> {
  if (!endsAfterItStarts(input.change)) return refused({ code: "ENDS_BEFORE_IT_STARTS" });
  const wanted = (before: BankAccountRow) => ({
    ...input.change,
    // a default is replaced by another one, not given up
    isDefault: !before.disabled && (before.isDefault || input.change.isDefault),
  });
  return change(tx, input, "BankAccountChanged", wanted, actor, now);
}

/** « Désactiver »: no invoice may name it any more; it is no longer the default. */
export const disableBankAccount = (
  tx: Tx,
  input: { readonly structureId: number; readonly bankAccountId: number; readonly version: number },
  actor: Actor,
  now: Date,
): Promise<Result<null, ChangeRefusal>> =>
  change(tx, input, "BankAccountDisabled", () => ({ disabled: true, isDefault: false }), actor, now);

/** « Activer »: it may be named again, if no other account took its name meanwhile. */
export const enableBankAccount = (
  tx: Tx,
  input: { readonly structureId: number; readonly bankAccountId: number; readonly version: number },
  actor: Actor,
  now: Date,
): Promise<Result<null, ChangeRefusal>> =>
  change(tx, input, "BankAccountEnabled", () => ({ disabled: false }), actor, now);

async function change(
  tx: Tx,
  input: { readonly structureId: number; readonly bankAccountId: number; readonly version: number },
  type: "BankAccountChanged" | "BankAccountDisabled" | "BankAccountEnabled",
  wanted: (before: BankAccountRow) => BankAccountChange,
  actor: Actor,
  now: Date,
): Promise<Result<null, ChangeRefusal>> {
  await lockBankAccounts(tx, input.structureId);
  const structure = await findStructure(tx, input.structureId);
  const before = await findBankAccount(tx, input.structureId, input.bankAccountId);
  if (!structure || !before) return refused({ code: "NOT_FOUND" });
  const asked = wanted(before);
  const after = { ...before, ...asked };
  if (!after.disabled) {
    const others = (await listBankAccounts(tx, structure.id)).filter((one) => one.id !== before.id);
    if (others.some((one) => !one.disabled && isSameName(one.name, after.name)))
      return refused({ code: "NAME_TAKEN" });
  }
  if (asked.isDefault && !before.isDefault) await clearDefault(tx, structure.id);
  if (!(await updateBankAccount(tx, { ...before, version: input.version }, asked, now)))
    return refused({ code: "CHANGED_MEANWHILE" });
  const keys = Object.keys(asked) as (keyof typeof asked)[];
  await publish(
    tx,
    bankAccountEvent(type, factsOf(structure, after), actor, {
      before: Object.fromEntries(keys.map((key) => [key, before[key]])),
      after: asked,
    }),
  );
  return accepted(null);
}

const isSameName = (one: string, other: string) => one.toLowerCase() === other.toLowerCase();
const factsOf = (structure: StructureRow, account: Pick<BankAccountRow, "id" | "name">) => ({
  structureId: structure.id,
  structureName: structure.displayName,
  bankAccountId: account.id,
  name: account.name,
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
    case "CHANGED_MEANWHILE":
      return {
        field: "name",
        text: "Quelqu'un a modifié cette fiche entre-temps. Rechargez la page, comparez, puis enregistrez.",
      };
    case "NOT_FOUND":
      return { field: "name", text: "Cette coordonnée bancaire n'existe pas dans cette structure." };
  }
}
