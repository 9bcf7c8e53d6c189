import { type RawBuilder, sql } from "kysely";
import type { Tx } from "../../platform/database/index.ts";
import { sortableInstant, sortedPage } from "../../platform/database/sorted-page.ts";
import type { Place, Sorting } from "../../shared/sorting.ts";
import type { ServiceState } from "./domain/service.ts";
import type { NoticeFacts, ServiceNotice } from "./domain/service-notice.ts";

/** Whether a service `v` is active, as `serviceState` says it. */
export const isInForce = (now: Date) =>
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
  "addressLine",
  "postcode",
  "town",
  "version",
] as const;

/** A service of a structure; another structure's is not found. */
export function findService(tx: Tx, structureId: number, id: number): Promise<ServiceRow | undefined> {
  return tx
    .selectFrom("service")
    .select(serviceColumns)
    .where("id", "=", id)
    .where("structureId", "=", structureId)
    .where("deletedAt", "is", null)
    .executeTakeFirst();
}

export async function insertService(
  tx: Tx,
  service: Omit<ServiceRow, "id" | "version" | "disabledAt" | "reserved" | keyof PostalAddress> & {
    reserved?: boolean;
    createdBy: number | null;
    now: Date;
  } & Partial<PostalAddress>,
): Promise<number> {
  const { now, ...values } = service;
  const row = await tx
    .insertInto("service")
    .values({ ...values, createdAt: now, changedAt: now })
    .returning("id")
    .executeTakeFirstOrThrow();
  return row.id;
}

export type ServiceToTell = NoticeFacts & {
  readonly id: number;
  readonly structureId: number;
  readonly code: string;
  readonly version: number;
  readonly structureName: string;
};

/** The services of active structures whose start or end is near: what may be told of is the domain's to say. */
export async function listServicesToTell(tx: Tx, now: Date): Promise<ServiceToTell[]> {
  const { rows } = await sql<ServiceToTell>`
    select v.id, v.structure_id, v.code, v.created_at, v.starts_at, v.ends_at, v.told, v.version, s.display_name as structure_name
    from service v join structure s on s.id = v.structure_id
    where s.state = 'active' and v.disabled_at is null and v.deleted_at is null and v.told is distinct from 'ended'
      and ((v.ends_at > ${now}::timestamptz - interval '2 days' and v.ends_at <= ${now}::timestamptz + interval '30 days')
        or (v.told is null and v.starts_at > v.created_at and v.starts_at <= ${now}
            and v.starts_at > ${now}::timestamptz - interval '2 days'))
    order by v.id limit 2000`.execute(tx);
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
      | "label"
      | "description"
      | "startsAt"
      | "endsAt"
      | "disabledAt"
      | "commitmentRequired"
      | keyof PostalAddress
    > & { readonly told: null }
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

export type ListedService = Pick<ServiceRow, (typeof listedColumns)[number]> & {
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
  return tx
    .selectFrom("service")
    .select(serviceColumns)
    .where(sql<boolean>`structure_id = any(${structureIds}::bigint[])`)
    .where("deletedAt", "is", null)
    .execute();
}

/** Every service of a structure, ended ones included; or the one of a code. */
export function listAllServices(tx: Tx, structureId: number, code?: string): Promise<ServiceRow[]> {
  return tx
    .selectFrom("service")
    .select(serviceColumns)
    .where("structureId", "=", structureId)
    .where("deletedAt", "is", null)
    .$if(code !== undefined, (query) => query.where(sql`lower(code)`, "=", code!.toLowerCase()))
    .orderBy(sql`lower(code)`)
    .execute();
}

/** Services that can be chosen: neither ended, disabled nor reserved. */
export function listOpenServices(tx: Tx, structureId: number, now: Date): Promise<ServiceRow[]> {
  return tx
    .selectFrom("service")
    .select(serviceColumns)
    .where("structureId", "=", structureId)
    .where("deletedAt", "is", null)
    .where("disabledAt", "is", null)
    .where("reserved", "=", false)
    .where((build) => build.or([build("endsAt", "is", null), build("endsAt", ">", now)]))
    .orderBy(sql`lower(code)`)
    .execute();
}

export async function countActiveServices(
  tx: Tx,
  structureId: number,
  now: Date,
  but?: number,
): Promise<number> {
  const services = await listOpenServices(tx, structureId, now);
  return services.filter((one) => one.startsAt <= now && one.id !== but).length;
}
