import { brokenConstraint, type Tx } from "../../../platform/database/index.ts";
import { type Actor, publish, publishAll } from "../../../platform/events.ts";
import { accepted, type Result, refused } from "../../../shared/result.ts";
import { followServices, lockManagers } from "../../memberships/index.ts";
import { serviceEvent } from "../domain/events.ts";
import {
  isOpen,
  type ServiceCodeRefusal,
  serviceCode,
  serviceState,
  serviceValidity,
} from "../domain/service.ts";
import { areOtherDates } from "../domain/service-notice.ts";
import { lockStructure } from "../replacement-store.ts";
import {
  countActiveServices,
  insertNewServices,
  insertService,
  listReplacedBy,
  lockServices,
  type PostalAddress,
  type ServiceRow,
  updateService,
  wasServiceUsed,
} from "../service-store.ts";
import { findStructure, type StructureRow } from "../store.ts";

export type ServiceRefusal =
  | ServiceCodeRefusal
  | { readonly code: "SERVICE_ENDS_BEFORE_IT_STARTS" }
  | { readonly code: "SERVICE_CODE_TAKEN" }
  | { readonly code: "STRUCTURE_INACTIVE" }
  | { readonly code: "SERVICE_RESERVED" }
  | { readonly code: "SERVICE_CODE_FROZEN" }
  | { readonly code: "SERVICE_IN_USE" }
  | { readonly code: "SERVICE_END_IS_PAST" }
  | { readonly code: "SERVICE_TO_BE_REPLACED" }
  | { readonly code: "SERVICE_IS_AWAITED" }
  | { readonly code: "LAST_SERVICE_REQUIRED" }
  | { readonly code: "CHANGED_MEANWHILE" }
  | { readonly code: "NOT_FOUND" };

export type ServiceInput = {
  readonly structureId: number;
  readonly code: string;
  readonly label: string;
  readonly description: string;
  readonly startsAt: Date;
  readonly endsAt: Date | null;
  readonly commitmentRequired: boolean;
  /** Absent or null: as the structure says. */
  readonly paymentStatusReported?: boolean | null;
} & Partial<PostalAddress>;

/** Creates a service, active from its start to its end. Source: guide, « Création d'un nouveau service ». */
export async function createService(
  tx: Tx,
  input: ServiceInput,
  creatorId: number | null,
  actor: Actor,
  now: Date,
): Promise<Result<ServiceRow, ServiceRefusal>> {
  const structure = await findStructure(tx, input.structureId);
  if (!structure) return refused({ code: "NOT_FOUND" });
  if (structure.state !== "active") return refused({ code: "STRUCTURE_INACTIVE" });
  const code = serviceCode(input.code);
  if (!code.ok) return code;
  const validity = serviceValidity(input.startsAt, input.endsAt);
  if (!validity.ok) return validity;
  try {
    const row = {
      ...input,
      code: code.value,
      // the seed: « dans le cas particulier des entités publiques »
      commitmentRequired: structure.kind === "public" && input.commitmentRequired,
      paymentStatusReported: structure.kind === "public" ? (input.paymentStatusReported ?? null) : null,
    };
    const id = await insertService(tx, { ...row, createdBy: creatorId, now });
    await publish(
      tx,
      serviceEvent(
        "ServiceCreated",
        { structureId: structure.id, structureName: structure.displayName, serviceId: id, code: code.value },
        actor,
        { after: row },
      ),
    );
    const noAddress = { addressLine: "", postcode: "", town: "" };
    return accepted({
      ...noAddress,
      ...row,
      id,
      disabledAt: null,
      reserved: false,
      successorId: null,
      successorCode: null,
      version: 1,
    });
  } catch (error) {
    // thrown out of the caller's transaction by the database: the caller must open a new one
    if (brokenConstraint(error) === "service_code_is_unique") throw new ServiceCodeTaken({ cause: error });
    throw error;
  }
}

/**
 * Adds services to public structures from a reference list, whose lines were found good. Answers those added; the codes
 * of the others are taken.
 */
export async function addListedServices(
  tx: Tx,
  services: readonly {
    readonly structure: Pick<StructureRow, "id" | "displayName">;
    readonly input: ServiceInput;
  }[],
  creatorId: number | null,
  actor: Actor,
  now: Date,
): Promise<readonly ServiceInput[]> {
  const keyOf = (one: { readonly structureId: number; readonly code: string }) =>
    `${one.structureId} ${one.code}`;
  const inserted = await insertNewServices(
    tx,
    services.map(({ input }) => ({ ...input, createdBy: creatorId, now })),
  );
  const ids = new Map(inserted.map((one) => [keyOf(one), one.id]));
  const added = services.filter(({ input }) => ids.has(keyOf(input)));
  await publishAll(
    tx,
    added.map(({ structure, input }) => {
      const facts = { structureId: structure.id, structureName: structure.displayName, code: input.code };
      return serviceEvent("ServiceCreated", { ...facts, serviceId: ids.get(keyOf(input))! }, actor, {
        after: input,
      });
    }),
  );
  return added.map(({ input }) => input);
}

/** The code is taken: known only when the row is written, and the transaction is lost with it. */
export class ServiceCodeTaken extends Error {
  constructor(options: ErrorOptions) {
    super("SERVICE_CODE_TAKEN", options);
  }
}

export type ServiceChange = Pick<
  ServiceInput,
  | "label"
  | "description"
  | "startsAt"
  | "endsAt"
  | "commitmentRequired"
  | "paymentStatusReported"
  | keyof PostalAddress
> & {
  /** As typed; another than the present one only while nobody knows it (SRV-03). */
  readonly code?: string;
};

type Handle = { readonly structureId: number; readonly serviceId: number; readonly version: number };

/** Changes a service; its code only while nobody has used or seen it (SRV-03). */
export async function changeService(
  tx: Tx,
  input: Handle & { readonly change: ServiceChange },
  actor: Actor,
  now: Date,
): Promise<Result<null, ServiceRefusal>> {
  const before = await changeable(tx, input);
  if (!before.ok) return before;
  const { code: typed, ...change } = input.change;
  const validity = serviceValidity(change.startsAt, change.endsAt);
  if (!validity.ok) return validity;
  const code = await otherCode(tx, before.value, typed, now);
  if (!code.ok) return code;
  const after = { ...before.value, ...change };
  if (areOtherDates(before.value, after) && isToBeReplaced(before.value, now))
    return refused({ code: "SERVICE_TO_BE_REPLACED" });
  if (await isMissedByWaiting(tx, before.value, after, now)) return refused({ code: "SERVICE_IS_AWAITED" });
  const closesNow = change.startsAt > now || (change.endsAt !== null && change.endsAt <= now);
  if (closesNow && (await isLastRequired(tx, before.value, now)))
    return refused({ code: "LAST_SERVICE_REQUIRED" });
  return apply(tx, before.value, input.version, { ...change, ...code.value }, "ServiceChanged", actor, now);
}

/** SRV-02. « Désactiver »: from now on the service is not active; its dates stay as planned. */
export async function disableService(
  tx: Tx,
  input: Handle,
  actor: Actor,
  now: Date,
): Promise<Result<null, ServiceRefusal>> {
  const before = await changeable(tx, input);
  if (!before.ok) return before;
  if (isToBeReplaced(before.value, now)) return refused({ code: "SERVICE_TO_BE_REPLACED" });
  if (await isMissedByWaiting(tx, before.value, { ...before.value, disabledAt: now }, now))
    return refused({ code: "SERVICE_IS_AWAITED" });
  if (await isLastRequired(tx, before.value, now)) return refused({ code: "LAST_SERVICE_REQUIRED" });
  return apply(tx, before.value, input.version, { disabledAt: now }, "ServiceDisabled", actor, now);
}

/**
 * SRV-02. « Activer »: the mark goes, and a past end gives way to another.
 * @param input.endsAt what takes the place of a past end; an end to come stays as it is
 */
export async function enableService(
  tx: Tx,
  input: Handle & { readonly endsAt?: Date | null },
  actor: Actor,
  now: Date,
): Promise<Result<null, ServiceRefusal>> {
  const before = await changeable(tx, input);
  if (!before.ok) return before;
  const { endsAt = null } = input;
  if (endsAt !== null && endsAt <= now) return refused({ code: "SERVICE_END_IS_PAST" });
  const endIsPast = before.value.endsAt !== null && before.value.endsAt <= now;
  if (endIsPast && !serviceValidity(before.value.startsAt, endsAt).ok)
    return refused({ code: "SERVICE_ENDS_BEFORE_IT_STARTS" });
  return apply(
    tx,
    before.value,
    input.version,
    { disabledAt: null, ...(endIsPast ? { endsAt } : {}) },
    "ServiceEnabled",
    actor,
    now,
  );
}

/** SRV-04. Removes a service that nobody ever used or saw; any other is disabled instead. */
export async function deleteService(
  tx: Tx,
  input: Handle,
  actor: Actor,
  now: Date,
): Promise<Result<null, ServiceRefusal>> {
  const before = await changeable(tx, input);
  if (!before.ok) return before;
  if (await wasServiceUsed(tx, before.value, now)) return refused({ code: "SERVICE_IN_USE" });
  if (await isLastRequired(tx, before.value, now)) return refused({ code: "LAST_SERVICE_REQUIRED" });
  if (!(await updateService(tx, { ...before.value, version: input.version }, { deletedAt: now }, now)))
    return refused({ code: "CHANGED_MEANWHILE" });
  const { id: serviceId, structureId, code, label, startsAt, endsAt } = before.value;
  const facts = { structureId, structureName: "", serviceId, code };
  await publish(
    tx,
    serviceEvent("ServiceDeleted", facts, actor, { before: { code, label, startsAt, endsAt } }),
  );
  return accepted(null);
}

/** The service, its row locked after its structure's people as everywhere, unless it is the reserved one. */
async function changeable(
  tx: Tx,
  { structureId, serviceId }: Handle,
): Promise<Result<ServiceRow, ServiceRefusal>> {
  await lockManagers(tx, structureId);
  const [service] = await lockServices(tx, structureId, [serviceId]);
  if (!service) return refused({ code: "NOT_FOUND" });
  return service.reserved ? refused({ code: "SERVICE_RESERVED" }) : accepted(service);
}

/** SRV-03. The code that is asked for, where it is another one: read, and refused once somebody knows the present one. */
async function otherCode(
  tx: Tx,
  service: ServiceRow,
  typed: string | undefined,
  now: Date,
): Promise<Result<{ readonly code?: string }, ServiceRefusal>> {
  if (typed === undefined || typed.trim() === service.code) return accepted({});
  const code = serviceCode(typed);
  if (!code.ok) return code;
  return (await wasServiceUsed(tx, service, now))
    ? refused({ code: "SERVICE_CODE_FROZEN" })
    : accepted({ code: code.value });
}

/** Whether another service is to take the place of this one at its end: the two are changed together. */
const isToBeReplaced = (service: ServiceRow, now: Date): boolean =>
  service.successorId !== null && isOpen(service, now);

/** Whether a service would no longer be there when others, still open, are to be replaced by it. */
async function isMissedByWaiting(
  tx: Tx,
  before: ServiceRow,
  after: Pick<ServiceRow, "startsAt" | "endsAt" | "disabledAt">,
  now: Date,
): Promise<boolean> {
  const waiting = (await listReplacedBy(tx, before)).filter((one) => isOpen(one, now));
  return waiting.some((one) => serviceState(after, one.endsAt ?? now) !== "active");
}

/** STR-08. Suppliers must give a service and this is the last active one; of two closed at once, one waits. */
async function isLastRequired(tx: Tx, service: ServiceRow, now: Date): Promise<boolean> {
  const structure = await lockStructure(tx, service.structureId);
  return (
    structure!.serviceCodeRequired &&
    (await countActiveServices(tx, service.structureId, now, service.id)) === 0
  );
}

async function apply(
  tx: Tx,
  before: ServiceRow,
  version: number,
  asked: Partial<ServiceChange & Pick<ServiceRow, "disabledAt">>,
  type: "ServiceChanged" | "ServiceDisabled" | "ServiceEnabled",
  actor: Actor,
  now: Date,
): Promise<Result<null, ServiceRefusal>> {
  const opens = !isOpen(before, now) && isOpen({ ...before, ...asked }, now);
  // open again, it is replaced by nobody
  const change = opens && before.successorId !== null ? { ...asked, successorId: null } : asked;
  const anew = areOtherDates(before, { ...before, ...change }) ? { told: null } : {};
  try {
    if (!(await updateService(tx, { ...before, version }, { ...change, ...anew }, now)))
      return refused({ code: "CHANGED_MEANWHILE" });
  } catch (error) {
    if (brokenConstraint(error) === "service_code_is_unique") throw new ServiceCodeTaken({ cause: error });
    throw error;
  }
  const keys = Object.keys(change) as (keyof typeof change)[];
  await publish(
    tx,
    serviceEvent(
      type,
      { structureId: before.structureId, structureName: "", serviceId: before.id, code: before.code },
      actor,
      {
        before: Object.fromEntries(keys.map((key) => [key, before[key]])),
        after: change,
      },
    ),
  );
  if (opens) await followServices(tx, before.structureId, now);
  return accepted(null);
}

/** What to tell, and beside which field. */
export const serviceTexts: {
  readonly [C in ServiceRefusal["code"]]: { readonly field: string; readonly text: string };
} = {
  SERVICE_CODE_TOO_LONG: { field: "code", text: "Le code du service compte au plus 100 caractères." },
  SERVICE_CODE_RESERVED: {
    field: "code",
    text: "FACTURES_PUBLIQUES est un service réservé. Choisissez un autre code.",
  },
  SERVICE_CODE_CHARACTERS: {
    field: "code",
    text: "Ce code contient un caractère invisible. Saisissez-le de nouveau.",
  },
  SERVICE_CODE_TAKEN: {
    field: "code",
    text: "Un service de cette structure a déjà ce code. Choisissez-en un autre.",
  },
  SERVICE_ENDS_BEFORE_IT_STARTS: {
    field: "endsAt",
    text: "La date de fin d'activation doit être postérieure à la date de début.",
  },
  STRUCTURE_INACTIVE: {
    field: "structureId",
    text: "Cette structure est désactivée : réactivez-la avant de lui créer un service.",
  },
  SERVICE_RESERVED: {
    field: "code",
    text: "Ce service est réservé aux factures entre entités publiques : il ne se modifie pas.",
  },
  SERVICE_CODE_FROZEN: {
    field: "code",
    text: "Ce code est déjà connu de vos fournisseurs ou de vos collègues. Créez un nouveau service et désignez-le comme successeur de celui-ci.",
  },
  SERVICE_IN_USE: {
    field: "code",
    text: "Ce service a déjà servi ou figure dans l'annuaire : il ne se supprime pas. Désactivez-le.",
  },
  SERVICE_END_IS_PAST: {
    field: "endsAt",
    text: "Cette date est passée : choisissez-en une à venir, ou laissez le champ vide.",
  },
  SERVICE_TO_BE_REPLACED: {
    field: "endsAt",
    text: "Un autre service doit remplacer celui-ci à sa date de fin : annulez d'abord ce remplacement, depuis la fiche du service.",
  },
  SERVICE_IS_AWAITED: {
    field: "endsAt",
    text: "Ce service doit en remplacer un autre à une date où il serait fermé : annulez d'abord ce remplacement.",
  },
  LAST_SERVICE_REQUIRED: {
    field: "endsAt",
    text: "Vos fournisseurs doivent indiquer un service : gardez-en au moins un actif, ou retirez cette obligation.",
  },
  CHANGED_MEANWHILE: {
    field: "label",
    text: "Quelqu'un a modifié cette fiche entre-temps. Rechargez la page, comparez, puis enregistrez.",
  },
  NOT_FOUND: { field: "code", text: "Ce service n'existe pas dans cette structure." },
};
