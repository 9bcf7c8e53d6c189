import { type RawBuilder, sql } from "kysely";
import type { Tx } from "../../platform/database/index.ts";
import { sortableInstant, sortedPage } from "../../platform/database/sorted-page.ts";
import type { Place, Sorting } from "../../shared/sorting.ts";
import { leavesFilesIfClosedBefore } from "./domain/directory-files.ts";
import type { ServiceState } from "./domain/service.ts";
import type { NoticeFacts, ServiceNotice } from "./domain/service-notice.ts";

/** Whether a service `v` is active, as `serviceState` says it. */
export const isInForce = (now: Date | RawBuilder<unknown>) =>
  sql<boolean>`v.disabled_at is null and v.starts_at <= ${now} and (v.ends_at is null or v.ends_at > ${now})`;

export type PostalAddress = {
  readonly addressLine: string;
  readonly postcode: string;
  readonly town: string;
};

export type ServiceRow = PostalAddress & {
  readonly id: number;
  readonly structureId: number;
  readonly code: string;
  readonly label: string;
  readonly description: string;
  readonly startsAt: Date;
  readonly endsAt: Date | null;
  readonly disabledAt: Date | null;
  readonly reserved: boolean;
  readonly commitmentRequired: boolean;
  /** Whether « Mise en paiement » is reported; null: as its structure says. */
  readonly paymentStatusReported: boolean | null;
  /** The service that takes its place once it has ended, if one was named. */
  readonly successorId: number | null;
  readonly successorCode: string | null;
  readonly version: number;
};

const serviceColumns = [
  "id",
  "structureId",
  "code",
  "label",
  "description",
  "startsAt",
  "endsAt",
  "disabledAt",
  "reserved",
  "commitmentRequired",
  "paymentStatusReported",
  "successorId",
  "addressLine",
  "postcode",
  "town",
  "version",
] as const;
const successorCode = sql<string | null>`(select s.code from service s where s.id = service.successor_id)`.as(
  "successorCode",
);

/** Every service that was not deleted, as its rows are read. */
const services = (tx: Tx) =>
  tx.selectFrom("service").select(serviceColumns).select(successorCode).where("deletedAt", "is", null);

/** A service of a structure; another structure's is not found. */
export function findService(tx: Tx, structureId: number, id: number): Promise<ServiceRow | undefined> {
  return services(tx).where("id", "=", id).where("structureId", "=", structureId).executeTakeFirst();
}

type InsertedService = Omit<
  ServiceRow,
  | "id"
  | "version"
  | "disabledAt"
  | "reserved"
  | "successorId"
  | "successorCode"
  | "paymentStatusReported"
  | keyof PostalAddress
> & {
  reserved?: boolean;
  paymentStatusReported?: boolean | null;
  createdBy: number | null;
  now: Date;
} & Partial<PostalAddress>;

const insertedRow = ({ now, ...values }: InsertedService) => ({ ...values, createdAt: now, changedAt: now });

export async function insertService(tx: Tx, service: InsertedService): Promise<number> {
  const row = await tx
    .insertInto("service")
    .values(insertedRow(service))
    .returning("id")
    .executeTakeFirstOrThrow();
  return row.id;
}

/** Inserts those whose code is free in their structure; answers them with their ids. */
export async function insertNewServices(
  tx: Tx,
  services: readonly InsertedService[],
): Promise<Pick<ServiceRow, "id" | "structureId" | "code">[]> {
  if (services.length === 0) return [];
  return tx
    .insertInto("service")
    .values(services.map(insertedRow))
    .onConflict((conflict) => conflict.doNothing())
    .returning(["id", "structureId", "code"])
    .execute();
}

export type ServiceToTell = NoticeFacts & {
  readonly id: number;
  readonly structureId: number;
  readonly code: string;
  readonly version: number;
  readonly structureName: string;
  readonly successorCode: string | null;
};

/** The services of active structures whose start or end is near: what may be told of is the domain's to say. */
export async function listServicesToTell(tx: Tx, now: Date): Promise<ServiceToTell[]> {
  const { rows } = await sql<ServiceToTell>`
    select v.id, v.structure_id, v.code, v.created_at, v.starts_at, v.ends_at, v.told, v.version, s.display_name as structure_name,
      (select t.code from service t where t.id = v.successor_id) as successor_code
    from service v join structure s on s.id = v.structure_id
    where s.state = 'active' and v.disabled_at is null and v.deleted_at is null and v.told is distinct from 'ended'
      and ((v.ends_at > ${now}::timestamptz - interval '2 days' and v.ends_at <= ${now}::timestamptz + interval '30 days')
        or (v.told is null and v.starts_at > v.created_at and v.starts_at <= ${now}
            and v.starts_at > ${now}::timestamptz - interval '2 days'))
    order by v.id limit 2000`.execute(tx);
  return rows;
}

export type EndingService = {
  readonly id: number;
  readonly structureId: number;
  readonly code: string;
  readonly structureName: string;
  readonly endsAt: Date;
};

/** The active services of some structures that end within thirty days, the nearest first. */
export async function listEndingServices(
  tx: Tx,
  structureIds: readonly number[],
  now: Date,
): Promise<EndingService[]> {
  const { rows } = await sql<EndingService>`
    select v.id, v.structure_id, v.code, v.ends_at, s.display_name as structure_name
    from service v join structure s on s.id = v.structure_id
    where v.structure_id = any(${structureIds}::bigint[]) and s.state = 'active' and v.deleted_at is null
      and ${isInForce(now)} and v.ends_at <= ${now}::timestamptz + interval '30 days'
    order by v.ends_at, v.id`.execute(tx);
  return rows;
}

/** Keeps that a notice is given; answers whether it was not yet, for these dates, by any instance. */
export async function markServiceTold(
  tx: Tx,
  { id, version, told }: ServiceToTell,
  notice: ServiceNotice,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable("service")
    .set({ told: notice })
    .where("id", "=", id)
    .where("version", "=", version)
    .where(sql<boolean>`told is not distinct from ${told}::text`)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

export async function updateService(
  tx: Tx,
  service: Pick<ServiceRow, "id" | "structureId" | "version">,
  change: Partial<
    Pick<
      ServiceRow,
      | "code"
      | "label"
      | "description"
      | "startsAt"
      | "endsAt"
      | "disabledAt"
      | "commitmentRequired"
      | "paymentStatusReported"
      | "successorId"
      | keyof PostalAddress
    > & { readonly told: ServiceNotice | null; readonly deletedAt: Date }
  >,
  now: Date,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable("service")
    .set({ ...change, version: service.version + 1, changedAt: now })
    .where("id", "=", service.id)
    .where("structureId", "=", service.structureId)
    .where("version", "=", service.version)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** What one looks for among the services of a structure, and in which order. */
export type ServiceSearch = {
  readonly words: string;
  /** In this state at `now`; null: in any. */
  readonly state: ServiceState | null;
  readonly sorting: Sorting<ServiceOrder>;
};

export const serviceOrders = ["code", "libelle", "debut", "fin"] as const;
export type ServiceOrder = (typeof serviceOrders)[number];
const sortedBy: { readonly [K in ServiceOrder]: RawBuilder<string> } = {
  code: sql`lower(code)`,
  libelle: sql`directory_text(label)`,
  debut: sortableInstant("startsAt"),
  fin: sortableInstant("endsAt"),
};

const listedColumns = [
  "id",
  "structureId",
  "code",
  "label",
  "description",
  "startsAt",
  "endsAt",
  "disabledAt",
  "commitmentRequired",
] as const;

export type ListedService = Pick<ServiceRow, (typeof listedColumns)[number] | "successorCode"> & {
  readonly structureAsksCommitment: boolean;
  readonly sortValue: string;
  /** People attached to it. */
  readonly peopleCount: number;
};

/** Services of a structure, sorted, after a place (keys, no offset). */
export function listServices(
  tx: Tx,
  structureId: number,
  { words, state, sorting }: ServiceSearch,
  page: { readonly after: Place | null; readonly limit: number },
  now: Date,
): Promise<ListedService[]> {
  const found = tx
    .selectFrom("service")
    .select(listedColumns)
    .select(successorCode)
    .select(
      sql<boolean>`(select s.commitment_required from structure s where s.id = service.structure_id)`.as(
        "structureAsksCommitment",
      ),
    )
    .where("structureId", "=", structureId)
    .where("deletedAt", "is", null)
    .$if(words !== "", (query) =>
      query.where(
        sql<boolean>`position(directory_text(${words}) in directory_text(code || ' ' || label || ' ' || description)) > 0`,
      ),
    )
    .$if(state === "disabled", (query) => query.where("disabledAt", "is not", null))
    .$if(state !== null && state !== "disabled", (query) => query.where("disabledAt", "is", null))
    .$if(state === "planned", (query) => query.where("startsAt", ">", now))
    .$if(state === "active", (query) =>
      query
        .where("startsAt", "<=", now)
        .where((build) => build.or([build("endsAt", "is", null), build("endsAt", ">", now)])),
    )
    .$if(state === "ended", (query) => query.where("endsAt", "<=", now));
  const { by, descending } = sorting;
  const direction = descending ? "desc" : "asc";
  // people are counted once for the page, not once for each of its services
  return tx
    .with("found", () => sortedPage(found, sortedBy[by], sql`id`, { ...page, descending }))
    .with("people", (withFound) =>
      withFound
        .selectFrom("membershipService as ms")
        .innerJoin("membership as m", "m.id", "ms.membershipId")
        .select(["ms.serviceId", sql<number>`count(*)`.as("count")])
        .where("m.state", "=", "active")
        .where(sql<boolean>`ms.service_id = any(array(select id from found))`)
        .groupBy("ms.serviceId"),
    )
    .selectFrom("found")
    .leftJoin("people", "people.serviceId", "found.id")
    .selectAll("found")
    .select(sql<number>`coalesce(people.count, 0)`.as("peopleCount"))
    .orderBy("found.sortValue", direction)
    .orderBy("found.id", direction)
    .execute();
}

/** Every service of some structures, ended ones included. */
export function listServicesOf(tx: Tx, structureIds: readonly number[]): Promise<ServiceRow[]> {
  return services(tx).where(sql<boolean>`structure_id = any(${structureIds}::bigint[])`).execute();
}

/** Every service of a structure, ended ones included; or the one of a code. */
export function listAllServices(tx: Tx, structureId: number, code?: string): Promise<ServiceRow[]> {
  return services(tx)
    .where("structureId", "=", structureId)
    .$if(code !== undefined, (query) => query.where(sql`lower(code)`, "=", code!.toLowerCase()))
    .orderBy(sql`lower(code)`)
    .execute();
}

/** Services that can be chosen: neither ended, disabled nor reserved. */
export function listOpenServices(tx: Tx, structureId: number, now: Date): Promise<ServiceRow[]> {
  return services(tx)
    .where("structureId", "=", structureId)
    .where("disabledAt", "is", null)
    .where("reserved", "=", false)
    .where((build) => build.or([build("endsAt", "is", null), build("endsAt", ">", now)]))
    .orderBy(sql`lower(code)`)
    .execute();
}

/** Services that closed in favour of another, as long as the directory remembers what has closed (DIR-03). */
export function listReplaced(tx: Tx, structureId: number, now: Date): Promise<ServiceRow[]> {
  return services(tx)
    .where("structureId", "=", structureId)
    .where("successorId", "is not", null)
    .where("endsAt", "<=", now)
    .where("endsAt", ">", leavesFilesIfClosedBefore(now))
    .orderBy(sql`lower(code)`)
    .execute();
}

export async function countActiveServices(
  tx: Tx,
  structureId: number,
  now: Date,
  but?: number,
): Promise<number> {
  const open = await listOpenServices(tx, structureId, now);
  return open.filter((one) => one.startsAt <= now && one.id !== but).length;
}

/** Services of a structure, their rows locked until the end of the transaction, in the order of their numbers. */
export async function lockServices(
  tx: Tx,
  structureId: number,
  ids: readonly number[],
): Promise<ServiceRow[]> {
  await sql`
    select from service where structure_id = ${structureId} and id = any(${[...ids]}::bigint[]) order by id for update`.execute(
    tx,
  );
  return services(tx)
    .where("structureId", "=", structureId)
    .where(sql<boolean>`id = any(${[...ids]}::bigint[])`)
    .orderBy("id")
    .execute();
}

/** The services that one takes the place of, now or at their end. */
export function listReplacedBy(
  tx: Tx,
  service: Pick<ServiceRow, "id" | "structureId">,
): Promise<ServiceRow[]> {
  return services(tx)
    .where("structureId", "=", service.structureId)
    .where("successorId", "=", service.id)
    .orderBy(sql`lower(code)`)
    .execute();
}

/** Whether the decision that names the successor of a service is here to be seen: a copied structure has not those of old. */
export async function hasSuccession(tx: Tx, service: Pick<ServiceRow, "id">): Promise<boolean> {
  const row = await tx
    .selectFrom("successionService")
    .select("successionId")
    .where("serviceId", "=", service.id)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/**
 * SRV-03, SRV-04. Whether a service has ever been of use or public: somebody was attached to it, invited or asked for it,
 * another replaced it or was replaced by it, or it has been in force in a structure of the directory.
 */
export async function wasServiceUsed(
  tx: Tx,
  service: Pick<ServiceRow, "id" | "structureId" | "startsAt" | "successorId">,
  now: Date,
): Promise<boolean> {
  const { id, structureId, startsAt, successorId } = service;
  if (successorId !== null) return true;
  const { rows } = await sql<{ used: boolean }>`
    select exists (select from membership_service where service_id = ${id})
      or exists (select from membership_grant where structure_id = ${structureId} and service_id = ${id})
      or exists (select from invitation where structure_id = ${structureId} and ${id} = any(service_ids))
      or exists (select from membership_request where structure_id = ${structureId} and ${id} = any(service_ids))
      or exists (select from grant_request where structure_id = ${structureId} and ${id} = any(service_ids))
      or exists (select from succession_service where service_id = ${id})
      or exists (select from succession where successor_id = ${id})
      or exists (select from structure where id = ${structureId} and (kind = 'public' or listed_in_directory)
          and (${startsAt <= now} or exists (
            select from journal_entry j where j.object_kind = 'service' and j.object_id = ${id}
              and (j.before->>'startsAt')::timestamptz <= j.at))) as used`.execute(tx);
  return rows[0]!.used;
}
