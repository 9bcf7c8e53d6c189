import { randomInt } from "node:crypto";
import { sql } from "kysely";
import type { Tx } from "../../../platform/database/index.ts";
import { type Actor, publish, publishAll } from "../../../platform/events.ts";
import { accepted, type Result, refused } from "../../../shared/result.ts";
import { addCreator, findLivingMembership } from "../../memberships/index.ts";
import { structureEvent } from "../domain/events.ts";
import { drawnIdentifier, type IdentifierType } from "../domain/identifier.ts";
import { publication } from "../domain/register-update.ts";
import { type BillingChoice, billingRules } from "../domain/service.ts";
import { countActiveServices, insertNewServices } from "../service-store.ts";
import {
  findStructure,
  findStructureByIdentifier,
  insertNewStructures,
  type StructureChange,
  type StructureRow,
  updateStructure,
} from "../store.ts";

export type NewStructure = {
  readonly identifierType: IdentifierType;
  /** "" for the types that the portal draws: it is drawn at the creation. */
  readonly identifierValue: string;
  readonly kind: "public" | "private";
  readonly legalName: string;
  readonly addressLine: string;
  readonly addressExtra1: string;
  readonly postcode: string;
  readonly town: string;
  readonly country: string;
  readonly legalCategory: string | null;
  readonly companyCategory: string | null;
  readonly activityCode: string | null;
  /** Whether the national register confirmed it, or is still to be asked. */
  readonly registryCheck: "none" | "confirmed" | "pending";
  readonly registryConfidential: boolean;
  /** Whether its name and address come from the national register. */
  readonly isFromRegister: boolean;
};

export type CreateStructureRefusal =
  | { readonly code: "STRUCTURE_EXISTS"; readonly structureId: number; readonly structureName: string }
  | { readonly code: "STRUCTURE_INACTIVE"; readonly structureName: string }
  | { readonly code: "PUBLIC_NEEDS_SIRET" };

/**
 * Creates a structure; its creator becomes its gestionnaire principal. A public one stays « à vérifier » until an
 * operator confirms that she acts for it. Two creations at once: one wins, the other learns that it exists (STR-09).
 * The transaction must see everything: a private structure of others is known by its identifier only.
 */
export async function createStructure(
  tx: Tx,
  input: { readonly structure: NewStructure; readonly creatorId: number },
  actor: Actor,
  now: Date,
): Promise<Result<{ structureId: number; displayName: string }, CreateStructureRefusal>> {
  const { isFromRegister, ...described } = input.structure;
  const structure = { ...described, identifierValue: identifierOf(input.structure) };
  if (structure.kind === "public" && structure.identifierType !== "SIRET")
    return refused({ code: "PUBLIC_NEEDS_SIRET" });
  const known = await lockIdentifier(tx, structure);
  if (known) return refused(takenBy(known));
  const inserted = await insertNewStructures(tx, [
    {
      ...structure,
      proofState: structure.kind === "public" ? "toVerify" : "notNeeded",
      registerDataAt: isFromRegister ? now : null,
      createdBy: input.creatorId,
      now,
    },
  ]);
  const structureId = inserted.get(structure.identifierValue);
  // a reference list that is being imported locks no identifier: the unique constraint has the last word
  if (structureId === undefined)
    return refused(
      takenBy((await findStructureByIdentifier(tx, structure.identifierType, structure.identifierValue))!),
    );
  if (structure.kind === "public") await addReservedServices(tx, [structureId], now);
  await addCreator(tx, { accountId: input.creatorId, structureId }, now);
  await publish(
    tx,
    structureEvent("StructureCreated", { structureId, structureName: structure.legalName }, actor, {
      after: structure,
    }),
  );
  return accepted({ structureId, displayName: structure.legalName });
}

const takenBy = ({ id, displayName, state }: StructureRow): CreateStructureRefusal =>
  state === "active"
    ? { code: "STRUCTURE_EXISTS", structureId: id, structureName: displayName }
    : { code: "STRUCTURE_INACTIVE", structureName: displayName };

export type PublicStructure = Pick<
  StructureRow,
  "identifierValue" | "legalName" | "addressLine" | "addressExtra1" | "postcode" | "town" | "country"
> &
  Omit<StructureChange, "displayName" | "receivesInvoices" | "registryCheck">;

/**
 * MGR-04. Adds public structures from a reference list, without any manager: who asks to join one is answered by the
 * operator. Answers the SIRETs of those added; the others were there already.
 */
export async function addPublicStructures(
  tx: Tx,
  structures: readonly PublicStructure[],
  actor: Actor,
  now: Date,
): Promise<ReadonlySet<string>> {
  const rows = structures.map((structure) => ({
    ...structure,
    identifierType: "SIRET" as const,
    kind: "public" as const,
    legalCategory: null,
    activityCode: null,
    registryCheck: "none" as const,
    proofState: "notNeeded" as const,
    withoutManager: true,
  }));
  const ids = await insertNewStructures(
    tx,
    rows.map((row) => ({ ...row, createdBy: null, now })),
  );
  await addReservedServices(tx, [...ids.values()], now);
  const added = rows.filter(({ identifierValue }) => ids.has(identifierValue));
  await publishAll(
    tx,
    added.map((row) => {
      const facts = { structureId: ids.get(row.identifierValue)!, structureName: row.legalName };
      return structureEvent("StructureListed", facts, actor, { after: row });
    }),
  );
  return new Set(ids.keys());
}

function identifierOf({ identifierType, identifierValue }: NewStructure): string {
  if (identifierType !== "PARTICULIER" && identifierType !== "EN_COURS_D_IMMATRICULATION")
    return identifierValue;
  return drawnIdentifier(identifierType, randomInt(10_000_000_000));
}

export type GiveSiretRefusal =
  | ChangeRefusal
  | { readonly code: "NOT_WAITING_FOR_SIRET" }
  | { readonly code: "SIRET_TAKEN"; readonly structureName: string };

/** STR-12. The number that a company waited for takes the place of its reference: no other structure is made. */
export async function giveSiret(
  tx: Tx,
  input: {
    readonly structureId: number;
    readonly version: number;
    readonly siret: string;
    readonly legalCategory: string | null;
    readonly companyCategory: string | null;
    readonly activityCode: string | null;
    readonly registryCheck: "confirmed" | "pending";
    readonly registryConfidential: boolean;
  },
  actor: Actor,
  now: Date,
): Promise<Result<null, GiveSiretRefusal>> {
  const before = await findStructure(tx, input.structureId);
  if (!before) return refused({ code: "NOT_FOUND" });
  if (before.identifierType !== "EN_COURS_D_IMMATRICULATION")
    return refused({ code: "NOT_WAITING_FOR_SIRET" });
  const identifier = { identifierType: "SIRET", identifierValue: input.siret } as const;
  const known = await lockIdentifier(tx, identifier);
  if (known) return refused({ code: "SIRET_TAKEN", structureName: known.displayName });
  const { registryCheck, registryConfidential, legalCategory, companyCategory, activityCode } = input;
  const said = { registryCheck, legalCategory, companyCategory, activityCode };
  const change = { ...identifier, ...said, ...publication(registryConfidential) };
  if (!(await updateStructure(tx, before.id, input.version, change, now)))
    return refused({ code: "CHANGED_MEANWHILE" });
  await publish(
    tx,
    structureEvent(
      "StructureIdentified",
      { structureId: before.id, structureName: before.displayName },
      actor,
      {
        before: { identifierType: before.identifierType, identifierValue: before.identifierValue },
        after: change,
      },
    ),
  );
  return accepted(null);
}

/** Serialises who takes an identifier, and answers the structure that has it already. */
export async function lockIdentifier(
  tx: Tx,
  structure: Pick<NewStructure, "identifierType" | "identifierValue">,
): Promise<StructureRow | undefined> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`${structure.identifierType}:${structure.identifierValue}`}, 0))`.execute(
    tx,
  );
  return findStructureByIdentifier(tx, structure.identifierType, structure.identifierValue);
}

/** SRV-05. The reserved service of every public structure, for invoices between public bodies only. */
export async function addReservedServices(tx: Tx, structureIds: readonly number[], now: Date): Promise<void> {
  await insertNewServices(
    tx,
    structureIds.map((structureId) => ({
      structureId,
      code: "FACTURES_PUBLIQUES",
      label: "Service des factures publiques",
      description: "",
      startsAt: now,
      endsAt: null,
      commitmentRequired: false,
      reserved: true,
      createdBy: null,
      now,
    })),
  );
}

export type ChangeRefusal = { readonly code: "CHANGED_MEANWHILE" } | { readonly code: "NOT_FOUND" };

/** STR-05. Changes a structure; « MOA uniquement » goes with « MOA ». */
export async function changeStructure(
  tx: Tx,
  input: { readonly structureId: number; readonly version: number; readonly change: StructureChange },
  actor: Actor,
  now: Date,
): Promise<Result<null, ChangeRefusal | { readonly code: "WORKS_OWNER_ONLY_ALONE" }>> {
  const before = await findStructure(tx, input.structureId);
  // one that another replaces is only read
  if (!before || before.state === "replaced") return refused({ code: "NOT_FOUND" });
  const after = { ...before, ...input.change };
  if (after.worksOwnerOnly && !after.worksOwner) return refused({ code: "WORKS_OWNER_ONLY_ALONE" });
  if (!(await updateStructure(tx, before.id, input.version, input.change, now)))
    return refused({ code: "CHANGED_MEANWHILE" });
  const keys = (Object.keys(input.change) as (keyof StructureChange)[]).filter(
    (key) => input.change[key] !== before[key],
  );
  if (keys.length === 0) return accepted(null);
  await publish(
    tx,
    structureEvent("StructureChanged", { structureId: before.id, structureName: after.displayName }, actor, {
      before: Object.fromEntries(keys.map((key) => [key, before[key]])),
      after: Object.fromEntries(keys.map((key) => [key, after[key]])),
    }),
  );
  return accepted(null);
}

export type BillingRefusal =
  | ChangeRefusal
  | { readonly code: "WORKS_OWNER_ONLY_ALONE" }
  | { readonly code: "NO_ACTIVE_SERVICE" }
  | { readonly code: "NOT_PUBLIC" };

/** STR-08. What suppliers must give; a service code can be asked for only if there is one to give. */
export async function changeBillingRules(
  tx: Tx,
  input: {
    readonly structureId: number;
    readonly version: number;
    readonly choice: BillingChoice;
    readonly paymentStatusReported: boolean;
  },
  actor: Actor,
  now: Date,
): Promise<Result<null, BillingRefusal>> {
  const structure = await findStructure(tx, input.structureId);
  if (structure?.kind !== "public") return refused({ code: "NOT_PUBLIC" });
  const rules = billingRules(input.choice);
  if (rules.serviceCodeRequired && (await countActiveServices(tx, structure.id, now)) === 0)
    return refused({ code: "NO_ACTIVE_SERVICE" });
  return changeStructure(
    tx,
    {
      structureId: structure.id,
      version: input.version,
      change: { ...rules, paymentStatusReported: input.paymentStatusReported },
    },
    actor,
    now,
  );
}

export type StateRefusal =
  | ChangeRefusal
  | { readonly code: "WRONG_STATE" }
  | { readonly code: "OWN_STRUCTURE" };

/** Whether who acts works for the structure: nobody vouches for her own (MEM-05 says so of requests). */
export async function actsForOwn(tx: Tx, structureId: number, actor: Actor): Promise<boolean> {
  return (
    actor.accountId !== null && (await findLivingMembership(tx, actor.accountId, structureId)) !== undefined
  );
}

/** An operator confirms that the first manager of a public structure acts for it; never of her own. */
export async function confirmByOperator(
  tx: Tx,
  structureId: number,
  actor: Actor,
  now: Date,
): Promise<Result<null, StateRefusal>> {
  if (await actsForOwn(tx, structureId, actor)) return refused({ code: "OWN_STRUCTURE" });
  return confirmProof(tx, structureId, actor, now);
}

/** It is proved that the first manager of a public structure acts for it, by an operator or by a code. */
export async function confirmProof(
  tx: Tx,
  structureId: number,
  actor: Actor,
  now: Date,
): Promise<Result<null, StateRefusal>> {
  const structure = await findStructure(tx, structureId);
  if (!structure) return refused({ code: "NOT_FOUND" });
  if (structure.proofState !== "toVerify") return refused({ code: "WRONG_STATE" });
  if (!(await updateStructure(tx, structureId, structure.version, { proofState: "proved" }, now)))
    return refused({ code: "CHANGED_MEANWHILE" });
  await publish(
    tx,
    structureEvent("StructureProved", { structureId, structureName: structure.displayName }, actor),
  );
  return accepted(null);
}
