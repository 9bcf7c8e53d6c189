import { sql } from "kysely";
import type { Tx } from "../../platform/database/index.ts";

export type GrantLine = {
  readonly application: string;
  readonly level: "read" | "write";
  readonly serviceId: number | null;
  /** The set it is given with; none when it was chosen by itself. */
  readonly givenSet?: string | null;
};

/** The rights of an attachment become these; what stays the same keeps who gave it and when. */
export async function replaceGrants(
  tx: Tx,
  membership: { id: number; structureId: number },
  grants: readonly GrantLine[],
  grantedBy: number | null,
  now: Date,
): Promise<void> {
  const wanted = JSON.stringify(grants);
  await sql`
    delete from membership_grant g where membership_id = ${membership.id} and not exists (
      select from jsonb_to_recordset(${wanted}::jsonb) as w(application text, level text, "serviceId" bigint)
      where w.application = g.application and w.level = g.level and w."serviceId" is not distinct from g.service_id)`.execute(
    tx,
  );
  await sql`
    insert into membership_grant (membership_id, structure_id, application, level, service_id, given_set, granted_by, granted_at)
    select ${membership.id}, ${membership.structureId}, application, level, "serviceId", "givenSet", ${grantedBy}::bigint, ${now}
    from jsonb_to_recordset(${wanted}::jsonb) as w(application text, level text, "serviceId" bigint, "givenSet" text)
    on conflict on constraint membership_grant_is_unique do nothing`.execute(tx);
}

export type GrantRow = GrantLine & {
  readonly givenSet: string | null;
  readonly startsAt: Date | null;
  readonly endsAt: Date | null;
  readonly serviceCode: string | null;
  readonly serviceStartsAt: Date | null;
  readonly serviceEndsAt: Date | null;
  readonly grantedAt: Date;
  readonly grantedByName: string | null;
};

/** The rights of an attachment with where each comes from. */
export async function listGrants(tx: Tx, membershipId: number): Promise<GrantRow[]> {
  const { rows } = await sql<GrantRow>`
    select g.application, g.level, g.service_id, g.given_set, g.starts_at, g.ends_at, g.granted_at,
      s.code as service_code, s.starts_at as service_starts_at, least(s.ends_at, s.disabled_at) as service_ends_at, a.first_name || ' ' || a.last_name as granted_by_name
    from membership_grant g left join service s on s.id = g.service_id left join account a on a.id = g.granted_by
    where g.membership_id = ${membershipId} order by g.application, s.code nulls first`.execute(tx);
  return rows;
}

export type HolderRow = {
  readonly membershipId: number;
  readonly lastName: string;
  readonly firstName: string;
  readonly role: "mainManager" | "member";
  readonly level: "read" | "write";
  readonly serviceId: number | null;
  readonly serviceCode: string | null;
};

/**
 * Who may act in an application at this instant, everywhere or somewhere, by name: main managers, then whoever has a
 * right in force on what has not closed.
 * @param serviceIds the services that the reader may see people of; null: all
 */
export async function listHolders(
  tx: Tx,
  structureId: number,
  application: string,
  serviceIds: readonly number[] | null,
  now: Date,
): Promise<HolderRow[]> {
  const { rows } = await sql<HolderRow>`
    select m.id as membership_id, a.last_name, a.first_name, m.role,
      case when m.role = 'mainManager' then 'write' else g.level end as level, g.service_id, s.code as service_code
    from membership m join account a on a.id = m.account_id
      left join membership_grant g on g.membership_id = m.id and g.application = ${application} and m.role = 'member'
        and (g.starts_at is null or g.starts_at <= ${now}) and (g.ends_at is null or g.ends_at > ${now})
      left join service s on s.id = g.service_id
    where m.structure_id = ${structureId} and m.state = 'active' and a.state = 'active' and m.starts_at <= ${now}
      and (m.role = 'mainManager' or g.membership_id is not null)
      and (s.id is null or (s.disabled_at is null and s.starts_at <= ${now} and (s.ends_at is null or s.ends_at > ${now})))
      and (${serviceIds}::bigint[] is null or exists (
        select from membership_service ms where ms.membership_id = m.id and ms.service_id = any(${serviceIds}::bigint[])))
    order by lower(a.last_name), lower(a.first_name), m.id, s.code nulls first limit 500`.execute(tx);
  return rows;
}

export type ServiceHolderRow = {
  readonly membershipId: number;
  readonly lastName: string;
  readonly firstName: string;
  readonly role: "mainManager" | "member";
  readonly rights: readonly { readonly application: string; readonly level: "read" | "write" }[];
};

/**
 * Who may act on a service at this instant, and in what, by name: the rights on it and those on the whole structure.
 * @param seen the services that the reader may see people of; null: all
 */
export async function listHoldersOnService(
  tx: Tx,
  structureId: number,
  serviceId: number,
  seen: readonly number[] | null,
  now: Date,
): Promise<ServiceHolderRow[]> {
  const { rows } = await sql<ServiceHolderRow>`
    select m.id as membership_id, a.last_name, a.first_name, m.role,
      coalesce(jsonb_agg(distinct jsonb_build_object('application', g.application, 'level', g.level))
               filter (where g.membership_id is not null), '[]') as rights
    from membership m join account a on a.id = m.account_id
      left join membership_grant g on g.membership_id = m.id and (g.service_id is null or g.service_id = ${serviceId})
        and m.role = 'member' and (g.starts_at is null or g.starts_at <= ${now}) and (g.ends_at is null or g.ends_at > ${now})
    where m.structure_id = ${structureId} and m.state = 'active' and a.state = 'active' and m.starts_at <= ${now}
      and (m.role = 'mainManager' or g.membership_id is not null)
      and (${seen}::bigint[] is null or exists (
        select from membership_service ms where ms.membership_id = m.id and ms.service_id = any(${seen}::bigint[])))
    group by m.id, a.id order by lower(a.last_name), lower(a.first_name), m.id limit 500`.execute(tx);
  return rows;
}

/** The sets with which the rights of attachments were given; null for those chosen one by one. */
export async function listGivenSets(
  tx: Tx,
  membershipIds: readonly number[],
): Promise<ReadonlyMap<number, readonly (string | null)[]>> {
  const { rows } = await sql<{ id: number; sets: (string | null)[] }>`
    select membership_id as id, array_agg(distinct given_set) as sets from membership_grant
    where membership_id = any(${membershipIds}::bigint[]) group by membership_id`.execute(tx);
  return new Map(rows.map((row) => [row.id, row.sets]));
}
