import { brokenConstraint, type Tx } from "../../../platform/database/index.ts";
import { type Actor, publish } from "../../../platform/events.ts";
import { accepted, type Result, refused } from "../../../shared/result.ts";
import { serviceEvent } from "../domain/events.ts";
import { type ServiceCodeRefusal, serviceCode, serviceValidity } from "../domain/service.ts";
import { areOtherDates } from "../domain/service-notice.ts";
import {
  countActiveServices,
  findService,
  insertService,
  type PostalAddress,
  type ServiceRow,
  updateService,
} from "../service-store.ts";
import { findStructure } from "../store.ts";

export type ServiceRefusal =
  | ServiceCodeRefusal
  | { readonly code: "SERVICE_ENDS_BEFORE_IT_STARTS" }
  | { readonly code: "SERVICE_CODE_TAKEN" }
  | { readonly code: "STRUCTURE_INACTIVE" }
  | { readonly code: "SERVICE_RESERVED" }
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
    return accepted({ ...noAddress, ...row, id, disabledAt: null, reserved: false, version: 1 });
  } catch (error) {
    // thrown out of the caller's transaction by the database: the caller must open a new one
    if (brokenConstraint(error) === "service_code_is_unique") throw new ServiceCodeTaken({ cause: error });
    throw error;
  }
}

/** The code is taken: known only when the row is written, and the transaction is lost with it. */
export class ServiceCodeTaken extends Error {
  constructor(options: ErrorOptions) {
    super("SERVICE_CODE_TAKEN", options);
  }
}

export type ServiceChange = Pick<
  ServiceInput,
  "label" | "description" | "startsAt" | "endsAt" | "commitmentRequired" | keyof PostalAddress
>;

/** Changes a service, but its code, which suppliers may have learnt (SRV-03). */
export async function changeService(
  tx: Tx,
  input: {
    readonly structureId: number;
    readonly serviceId: number;
    readonly version: number;
    readonly change: ServiceChange;
  },
  actor: Actor,
  now: Date,
): Promise<Result<null, ServiceRefusal>> {
  const before = await changeable(tx, input.structureId, input.serviceId);
  if (!before.ok) return before;
  const validity = serviceValidity(input.change.startsAt, input.change.endsAt);
  if (!validity.ok) return validity;
  const closesNow =
    input.change.startsAt > now || (input.change.endsAt !== null && input.change.endsAt <= now);
  if (closesNow && (await isLastRequired(tx, before.value, now)))
    return refused({ code: "LAST_SERVICE_REQUIRED" });
  return apply(tx, before.value, input.version, input.change, "ServiceChanged", actor, now);
}

/** SRV-02. « Désactiver »: from now on the service is not active; its dates stay as planned. */
export async function disableService(
  tx: Tx,
  input: { readonly structureId: number; readonly serviceId: number; readonly version: number },
  actor: Actor,
  now: Date,
): Promise<Result<null, ServiceRefusal>> {
  const before = await changeable(tx, input.structureId, input.serviceId);
  if (!before.ok) return before;
  if (await isLastRequired(tx, before.value, now)) return refused({ code: "LAST_SERVICE_REQUIRED" });
  return apply(tx, before.value, input.version, { disabledAt: now }, "ServiceDisabled", actor, now);
}

/** SRV-02. « Activer »: the mark goes, and a past end with it. */
export async function enableService(
  tx: Tx,
  input: { readonly structureId: number; readonly serviceId: number; readonly version: number },
  actor: Actor,
  now: Date,
): Promise<Result<null, ServiceRefusal>> {
  const before = await changeable(tx, input.structureId, input.serviceId);
  if (!before.ok) return before;
  const endIsPast = before.value.endsAt !== null && before.value.endsAt <= now;
  return apply(
    tx,
    before.value,
    input.version,
    { disabledAt: null, ...(endIsPast ? { endsAt: null } : {}) },
    "ServiceEnabled",
    actor,
    now,
  );
}

async function changeable(
  tx: Tx,
  structureId: number,
  serviceId: number,
): Promise<Result<ServiceRow, ServiceRefusal>> {
  const service = await findService(tx, structureId, serviceId);
  if (!service) return refused({ code: "NOT_FOUND" });
  return service.reserved ? refused({ code: "SERVICE_RESERVED" }) : accepted(service);
}

/** STR-08. Suppliers must give a service and this is the last active one. */
async function isLastRequired(tx: Tx, service: ServiceRow, now: Date): Promise<boolean> {
  const structure = await findStructure(tx, service.structureId);
  return (
    structure!.serviceCodeRequired &&
    (await countActiveServices(tx, service.structureId, now, service.id)) === 0
  );
}

async function apply(
  tx: Tx,
  before: ServiceRow,
  version: number,
  change: Partial<ServiceChange & Pick<ServiceRow, "disabledAt">>,
  type: "ServiceChanged" | "ServiceDisabled" | "ServiceEnabled",
  actor: Actor,
  now: Date,
): Promise<Result<null, ServiceRefusal>> {
  const anew = areOtherDates(before, { ...before, ...change }) ? { told: null } : {};
  if (!(await updateService(tx, { ...before, version }, { ...change, ...anew }, now)))
    return refused({ code: "CHANGED_MEANWHILE" });
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
