import { type RawBuilder, sql } from "kysely";
import type { Tx } from "../../platform/database/index.ts";
import { sortableInstant, sortedPage } from "../../platform/database/sorted-page.ts";
import { canonicalEmail } from "../../shared/email-address.ts";
import type { Place, Sorting } from "../../shared/sorting.ts";
import type { PersonFacts } from "./domain/events.ts";
import { WARNING_DAYS, type WarningDays } from "./domain/expiry.ts";

export type GrantLine = {
  readonly application: string;
  readonly level: "read" | "write";
  readonly serviceId: number | null;
  /** The set it is given with; none when it was chosen by itself. */
  readonly givenSet?: string | null;
};

export type MembershipRow = {
  readonly id: number;
  readonly accountId: number;
  readonly structureId: number;
  readonly role: "mainManager" | "member";
  readonly scope: "structure" | "service";
  readonly state: "active" | "suspended" | "ended";
  readonly startsAt: Date;
  readonly endsAt: Date | null;
  readonly firstName: string;
  readonly lastName: string;
  readonly signInEmail: string;
  readonly accountState: string;
  readonly serviceCodes: readonly string[];
  /** The services of hers that have not closed. */
  readonly openServiceIds: readonly number[];
  readonly version: number;
  readonly origin: string;
  readonly attachedByName: string | null;
  readonly managerSince: Date | null;
  readonly managerNamedByName: string | null;
};

/** The name of an account that the reader may see; null when it is out of sight. */
const nameOf = (column: string) =>
  sql<string | null>`(select first_name || ' ' || last_name from account where id = ${sql.ref(column)})`;

function memberships(tx: Tx) {
  return tx
    .selectFrom("membership as m")
    .innerJoin("account as a", "a.id", "m.accountId")
    .select([
      "m.id",
      "m.accountId",
      "m.structureId",
      "m.role",
      "m.scope",
      "m.state",
      "m.startsAt",
      "m.endsAt",
      "m.version",
      "m.origin",
      "m.managerSince",
      nameOf("m.attached_by").as("attachedByName"),
      nameOf("m.manager_named_by").as("managerNamedByName"),
      "a.firstName",
      "a.lastName",
      "a.signInEmail",
      "a.state as accountState",
      sql<string[]>`array(select s.code from membership_service ms join service s on s.id = ms.service_id
                          where ms.membership_id = m.id order by lower(s.code))`.as("serviceCodes"),
      sql<number[]>`array(select s.id from membership_service ms join service s on s.id = ms.service_id
                          where ms.membership_id = m.id and s.disabled_at is null
                            and (s.ends_at is null or s.ends_at > unisson_now()) order by s.id)`.as(
        "openServiceIds",
      ),
    ]);
}

/** The living attachment of an account in a structure. */
export function findLivingMembership(
  tx: Tx,
  accountId: number,
  structureId: number,
): Promise<MembershipRow | undefined> {
  return memberships(tx)
    .where("m.accountId", "=", accountId)
    .where("m.structureId", "=", structureId)
    .where("m.state", "<>", "ended")
    .executeTakeFirst() as Promise<MembershipRow | undefined>;
}

/** An attachment of a structure; another structure's is not found. */
export function findMembership(tx: Tx, structureId: number, id: number): Promise<MembershipRow | undefined> {
  return memberships(tx)
    .where("m.id", "=", id)
    .where("m.structureId", "=", structureId)
    .executeTakeFirst() as Promise<MembershipRow | undefined>;
}

/** The living attachment that an address has in a structure. */
export function findMemberByAddress(
  tx: Tx,
  structureId: number,
  address: string,
): Promise<MembershipRow | undefined> {
  return memberships(tx)
    .where("m.structureId", "=", structureId)
    .where("m.state", "<>", "ended")
    .where("a.signInEmailCanonical", "=", canonicalEmail(address))
    .executeTakeFirst() as Promise<MembershipRow | undefined>;
}

/**
 * Locks the managers of a structure, so that two who remove each other act one after the other (MGR-02, A-32);
 * answers how many active ones there are.
 */
export async function lockManagers(tx: Tx, structureId: number): Promise<number> {
  await sql`select pg_advisory_xact_lock(${structureId}, 1)`.execute(tx);
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from membership m join account a on a.id = m.account_id
    where m.structure_id = ${structureId} and m.role = 'mainManager' and m.state = 'active' and a.state = 'active'`.execute(
    tx,
  );
  return Number(rows[0]!.count);
}

export type LivingMembership = {
  readonly id: number;
  readonly structureId: number;
  readonly structureName: string;
  readonly structureState: string;
  readonly role: "mainManager" | "member";
  readonly state: "active" | "suspended";
};

/** The attachments of a person that have not ended, in the order of the structures' numbers. */
export async function listLivingMembershipsOf(tx: Tx, accountId: number): Promise<LivingMembership[]> {
  const { rows } = await sql<LivingMembership>`
    select m.id, m.structure_id, s.display_name as structure_name, s.state as structure_state, m.role, m.state
    from membership m join structure s on s.id = m.structure_id
    where m.account_id = ${accountId} and m.state <> 'ended' order by m.structure_id`.execute(tx);
  return rows;
}

export async function insertMembership(
  tx: Tx,
  membership: {
    accountId: number;
    structureId: number;
    role: "mainManager" | "member";
    scope: "structure" | "service";
    origin: string;
    attachedBy: number | null;
    startsAt: Date;
    endsAt: Date | null;
    comment: string;
    serviceIds: readonly number[];
    grants: readonly GrantLine[];
    now: Date;
  },
): Promise<number> {
  const { serviceIds, grants, now, ...row } = membership;
  const { id } = await tx
    .insertInto("membership")
    .values({
      ...row,
      ...(row.role === "mainManager" ? { managerSince: now, managerNamedBy: row.attachedBy } : {}),
      state: "active",
      createdAt: now,
      changedAt: now,
    })
    .returning("id")
    .executeTakeFirstOrThrow();
  await setServices(tx, { id, structureId: row.structureId }, serviceIds);
  await replaceGrants(tx, { id, structureId: row.structureId }, grants, row.attachedBy, now);
  return id;
}

export async function setServices(
  tx: Tx,
  membership: { id: number; structureId: number },
  serviceIds: readonly number[],
): Promise<void> {
  await tx.deleteFrom("membershipService").where("membershipId", "=", membership.id).execute();
  if (serviceIds.length === 0) return;
  await tx
    .insertInto("membershipService")
    .values(
      serviceIds.map((serviceId) => ({
        membershipId: membership.id,
        serviceId,
        structureId: membership.structureId,
      })),
    )
    .execute();
}

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
  readonly serviceEndsAt: Date | null;
  readonly grantedAt: Date;
  readonly grantedByName: string | null;
};

/** The rights of an attachment with where each comes from. */
export async function listGrants(tx: Tx, membershipId: number): Promise<GrantRow[]> {
  const { rows } = await sql<GrantRow>`
    select g.application, g.level, g.service_id, g.given_set, g.starts_at, g.ends_at, g.granted_at,
      s.code as service_code, least(s.ends_at, s.disabled_at) as service_ends_at, a.first_name || ' ' || a.last_name as granted_by_name
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
    where m.structure_id = ${structureId} and m.state = 'active' and a.state = 'active'
      and (m.role = 'mainManager' or g.membership_id is not null)
      and (s.id is null or (s.disabled_at is null and (s.ends_at is null or s.ends_at > ${now})))
      and (${serviceIds}::bigint[] is null or exists (
        select from membership_service ms where ms.membership_id = m.id and ms.service_id = any(${serviceIds}::bigint[])))
    order by lower(a.last_name), lower(a.first_name), m.id, s.code nulls first limit 500`.execute(tx);
  return rows;
}

export async function updateMembership(
  tx: Tx,
  id: number,
  change: Partial<{
    role: "mainManager" | "member";
    scope: "structure" | "service";
    state: "active" | "suspended" | "ended";
    endsAt: Date | null;
    suspendedAt: Date | null;
    endedAt: Date;
    endReason: string;
    managerSince: Date;
    managerNamedBy: number | null;
    reviewedAt: Date;
  }>,
  now: Date,
): Promise<void> {
  await tx
    .updateTable("membership")
    .set({
      ...change,
      // another end is announced anew
      ...(change.endsAt === undefined
        ? {}
        : {
            expiryWarnedDays: sql<
              number | null
            >`case when ends_at is not distinct from ${change.endsAt}::timestamptz then expiry_warned_days end`,
          }),
      changedAt: now,
      version: sql`version + 1`,
    })
    .where("id", "=", id)
    .execute();
}

export const PAGE_SIZE = 50;

/** Whom one looks for among the people of a structure, and in which order; null: anybody. */
export type MemberSearch = {
  readonly words: string;
  readonly role: "mainManager" | "member" | null;
  readonly state: "active" | "suspended" | null;
  /** Attached to one of these services. */
  readonly serviceIds: readonly number[] | null;
  readonly sorting: Sorting<MemberOrder>;
};

export const memberOrders = ["nom", "depuis", "fin", "connexion"] as const;
export type MemberOrder = (typeof memberOrders)[number];
const sortedBy: { readonly [K in MemberOrder]: RawBuilder<string> } = {
  nom: sql`lower(a.last_name || ' ' || a.first_name)`,
  depuis: sortableInstant("m.startsAt"),
  fin: sortableInstant("m.endsAt"),
  // the month only: nobody's comings and goings are ranked by the minute
  connexion: sql`coalesce(to_char(a.last_sign_in_at, 'YYYY-MM'), '')`,
};

/** Everybody, by name. */
export const everybody: MemberSearch = {
  words: "",
  role: null,
  state: null,
  serviceIds: null,
  sorting: { by: "nom", descending: false },
};

export type ListedMember = MembershipRow & {
  readonly lastSignInAt: Date | null;
  readonly sortValue: string;
};

/** Who is attached to a structure, sorted, after a place (keys, no offset); one more than a page tells of a next. */
export async function listMembers(
  tx: Tx,
  structureId: number,
  search: MemberSearch,
  after: Place | null,
): Promise<ListedMember[]> {
  const words = `%${search.words.replace(/[%_\\]/g, "\\$&")}%`;
  const found = memberships(tx)
    .select("a.lastSignInAt")
    .where("m.structureId", "=", structureId)
    .where("m.state", "<>", "ended")
    .$if(search.role !== null, (query) => query.where("m.role", "=", search.role!))
    .$if(search.state !== null, (query) => query.where("m.state", "=", search.state!))
    .$if(search.words !== "", (query) =>
      query.where(
        sql<boolean>`(a.first_name || ' ' || a.last_name || ' ' || a.sign_in_email) ilike ${words}`,
      ),
    )
    .$if(search.serviceIds !== null, (query) =>
      query.where(
        sql<boolean>`exists (select from membership_service ms where ms.membership_id = m.id and ms.service_id = any(${search.serviceIds}::bigint[]))`,
      ),
    );
  const { by, descending } = search.sorting;
  return (await sortedPage(found, sortedBy[by], sql`m.id`, {
    descending,
    after,
    limit: PAGE_SIZE + 1,
  }).execute()) as ListedMember[];
}

/** The rights that make somebody concerned beside the main managers. */
const applicationsOf = {
  members: [],
  managers: [],
  answerers: ["memberships.approve", "users"],
  rightsGivers: ["users"],
} as const;

type Concerned = { readonly accountId: number; readonly address: string; readonly firstName: string };

/** The active managers of a structure, and those of its other active members who are `also` concerned. */
async function concerned(tx: Tx, structureId: number, also: RawBuilder<boolean>): Promise<Concerned[]> {
  const { rows } = await sql<Concerned>`
    select a.id as account_id, a.sign_in_email as address, a.first_name from membership m join account a on a.id = m.account_id
    where m.structure_id = ${structureId} and m.state = 'active' and a.state = 'active'
      and (m.role = 'mainManager' or ${also})`.execute(tx);
  return rows;
}

/**
 * The people of a structure whom an event about it concerns: its active managers, those who may answer requests for
 * attachments, those who may change rights; or all its members.
 */
export const peopleToTell = (
  tx: Tx,
  structureId: number,
  who: "members" | "managers" | "answerers" | "rightsGivers",
): Promise<Concerned[]> =>
  concerned(
    tx,
    structureId,
    sql`${who === "members"} or exists (
      select from membership_grant g where g.membership_id = m.id and g.level = 'write'
        and g.application = any(${applicationsOf[who]}::text[]) and g.service_id is null)`,
  );

/** Whom an event about a service concerns: the active managers of its structure, and those attached to it. */
export const peopleOfService = (tx: Tx, structureId: number, serviceId: number): Promise<Concerned[]> =>
  concerned(
    tx,
    structureId,
    sql`exists (
      select from membership_service ms where ms.membership_id = m.id and ms.service_id = ${serviceId})`,
  );

export type RequestRow = {
  readonly id: number;
  readonly accountId: number;
  readonly structureId: number;
  readonly structureName: string;
  readonly scope: "structure" | "service";
  readonly serviceIds: readonly number[];
  readonly serviceCodes: readonly string[];
  readonly message: string;
  readonly state: "pending" | "approved" | "refused" | "withdrawn" | "expired";
  readonly askedAt: Date;
  readonly answeredAt: Date | null;
  readonly refusalReason: string | null;
  readonly refusalText: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly signInEmail: string;
};

function requests(tx: Tx) {
  return tx
    .selectFrom("membershipRequest as r")
    .innerJoin("account as a", "a.id", "r.accountId")
    .leftJoin("structure as s", "s.id", "r.structureId")
    .select([
      "r.id",
      "r.accountId",
      "r.structureId",
      "r.scope",
      "r.serviceIds",
      "r.message",
      "r.state",
      "r.askedAt",
      "r.answeredAt",
      "r.refusalReason",
      "r.refusalText",
      "a.firstName",
      "a.lastName",
      "a.signInEmail",
      "s.displayName as structureName",
      sql<
        string[]
      >`array(select v.code from service v where v.id = any(r.service_ids) order by lower(v.code))`.as(
        "serviceCodes",
      ),
    ]);
}

export function findRequest(tx: Tx, structureId: number, id: number): Promise<RequestRow | undefined> {
  return requests(tx)
    .where("r.id", "=", id)
    .where("r.structureId", "=", structureId)
    .executeTakeFirst() as Promise<RequestRow | undefined>;
}

/** Locks a request for its answer, so that of two answers one wins (MEM-11). */
export async function lockRequest(tx: Tx, id: number): Promise<RequestRow["state"] | undefined> {
  const row = await tx
    .selectFrom("membershipRequest")
    .select("state")
    .where("id", "=", id)
    .forUpdate()
    .executeTakeFirst();
  return row?.state as RequestRow["state"] | undefined;
}

export function listRequests(tx: Tx, structureIds: readonly number[]): Promise<RequestRow[]> {
  return requests(tx)
    .where("r.structureId", "in", structureIds.length > 0 ? [...structureIds] : [0])
    .where("r.state", "=", "pending")
    .orderBy("r.askedAt")
    .limit(200)
    .execute() as Promise<RequestRow[]>;
}

/** Every request that waits in a structure. */
export function listAllRequests(tx: Tx, structureId: number): Promise<RequestRow[]> {
  return requests(tx)
    .where("r.structureId", "=", structureId)
    .where("r.state", "=", "pending")
    .orderBy("r.id")
    .execute() as Promise<RequestRow[]>;
}

export function listOwnRequests(tx: Tx, accountId: number): Promise<RequestRow[]> {
  return requests(tx)
    .where("r.accountId", "=", accountId)
    .orderBy("r.askedAt", "desc")
    .limit(100)
    .execute() as Promise<RequestRow[]>;
}

export async function requestStanding(
  tx: Tx,
  accountId: number,
  structureId: number,
): Promise<{ pendingId: number | null; lastRefusedAt: Date | null }> {
  const { rows } = await sql<{ pendingId: number | null; lastRefusedAt: Date | null }>`
    select max(id) filter (where state = 'pending') as pending_id, max(answered_at) filter (where state = 'refused') as last_refused_at
    from membership_request where account_id = ${accountId} and structure_id = ${structureId}`.execute(tx);
  return rows[0]!;
}

/** @returns null when the person has just asked the same, in another window or by pressing twice */
export async function insertRequest(
  tx: Tx,
  request: {
    accountId: number;
    structureId: number;
    scope: "structure" | "service";
    serviceIds: readonly number[];
    message: string;
    now: Date;
  },
): Promise<number | null> {
  const { now, serviceIds, ...row } = request;
  const inserted = await tx
    .insertInto("membershipRequest")
    .values({ ...row, serviceIds: [...serviceIds], askedAt: now })
    .onConflict((conflict) => conflict.doNothing())
    .returning("id")
    .executeTakeFirst();
  return inserted?.id ?? null;
}

export async function editRequest(
  tx: Tx,
  id: number,
  change: { scope: "structure" | "service"; serviceIds: readonly number[]; message: string },
): Promise<void> {
  await tx
    .updateTable("membershipRequest")
    .set({ ...change, serviceIds: [...change.serviceIds] })
    .where("id", "=", id)
    .execute();
}

/** Closes a pending request; answers whether it was still pending. */
export async function closeRequest(
  tx: Tx,
  id: number,
  answer: {
    state: "approved" | "refused" | "withdrawn" | "expired";
    answeredBy: number | null;
    reason?: string;
    text?: string;
    now: Date;
  },
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable("membershipRequest")
    .set({
      state: answer.state,
      answeredBy: answer.answeredBy,
      answeredAt: answer.now,
      refusalReason: answer.reason ?? null,
      refusalText: answer.text ?? "",
    })
    .where("id", "=", id)
    .where("state", "=", "pending")
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

export type InvitationRow = {
  readonly id: number;
  readonly structureId: number;
  readonly structureName: string;
  readonly email: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly scope: "structure" | "service";
  readonly serviceIds: readonly number[];
  readonly grants: readonly GrantLine[];
  readonly endsAt: Date | null;
  readonly expiresAt: Date;
  readonly sentAt: Date;
  readonly invitedBy: number | null;
};

function invitations(tx: Tx) {
  return tx
    .selectFrom("invitation as i")
    .innerJoin("structure as s", "s.id", "i.structureId")
    .select([
      "i.id",
      "i.structureId",
      "s.displayName as structureName",
      "i.email",
      "i.firstName",
      "i.lastName",
      "i.scope",
      "i.serviceIds",
      "i.grants",
      "i.endsAt",
      "i.expiresAt",
      "i.sentAt",
      "i.invitedBy",
    ])
    .where("i.state", "=", "pending");
}

export function listInvitations(tx: Tx, structureId: number): Promise<InvitationRow[]> {
  return invitations(tx)
    .where("i.structureId", "=", structureId)
    .orderBy("i.sentAt", "desc")
    .limit(200)
    .execute() as never;
}

/** Every invitation that waits in a structure. */
export function listAllInvitations(tx: Tx, structureId: number): Promise<InvitationRow[]> {
  return invitations(tx).where("i.structureId", "=", structureId).orderBy("i.id").execute() as never;
}

export function findInvitation(tx: Tx, structureId: number, id: number): Promise<InvitationRow | undefined> {
  return invitations(tx)
    .where("i.structureId", "=", structureId)
    .where("i.id", "=", id)
    .executeTakeFirst() as never;
}

/** Invitations bound to an address and still good; the locked rows are taken once. */
export function lockInvitationsFor(tx: Tx, email: string, now: Date): Promise<InvitationRow[]> {
  return invitations(tx)
    .where("i.emailCanonical", "=", canonicalEmail(email))
    .where("i.expiresAt", ">", now)
    .forUpdate("i")
    .execute() as never;
}

/** The same invitation within that time is a button pressed twice. */
const SAME_PRESS_MS = 60_000;

/**
 * Keeps an invitation, or sends anew the one that waits for that address in that structure.
 * @returns false when the same has just left: there is nothing to send
 */
export async function saveInvitation(
  tx: Tx,
  invitation: {
    structureId: number;
    email: string;
    firstName: string;
    lastName: string;
    scope: "structure" | "service";
    serviceIds: readonly number[];
    grants: readonly GrantLine[];
    endsAt: Date | null;
    message: string;
    invitedBy: number | null;
    expiresAt: Date;
    now: Date;
  },
): Promise<boolean> {
  const { now, grants, serviceIds, ...row } = invitation;
  const values = { ...row, serviceIds: [...serviceIds], grants: JSON.stringify(grants), sentAt: now };
  const saved = await tx
    .insertInto("invitation")
    .values({ ...values, emailCanonical: canonicalEmail(row.email), invitedAt: now })
    .onConflict((conflict) =>
      // written out: as a parameter, a plan kept for reuse would no longer match the index
      conflict
        .columns(["structureId", "emailCanonical"])
        .where(sql<boolean>`state = 'pending'`)
        .doUpdateSet(values)
        .where(
          sql<boolean>`invitation.sent_at < ${new Date(now.getTime() - SAME_PRESS_MS)} or
            (invitation.scope, invitation.service_ids, invitation.grants, invitation.ends_at, invitation.message)
              is distinct from
            (excluded.scope, excluded.service_ids, excluded.grants, excluded.ends_at, excluded.message)`,
        ),
    )
    .returning("id")
    .executeTakeFirst();
  return saved !== undefined;
}

export async function closeInvitation(
  tx: Tx,
  id: number,
  state: "accepted" | "revoked",
  acceptedBy: number | null,
  now: Date,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable("invitation")
    .set({ state, acceptedBy, answeredAt: now })
    .where("id", "=", id)
    .where("state", "=", "pending")
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

export async function personFacts(tx: Tx, accountId: number): Promise<PersonFacts> {
  const row = await tx
    .selectFrom("account")
    .select(["signInEmail", "firstName", "lastName"])
    .where("id", "=", accountId)
    .executeTakeFirstOrThrow();
  return {
    accountId,
    address: row.signInEmail,
    firstName: row.firstName,
    name: `${row.firstName} ${row.lastName}`,
  };
}

export type AddressStanding = {
  readonly accountId: number | null;
  readonly state: "none" | "pending" | "active" | "inactive";
};

/** Whether an address has an account. Never shown: a manager must not learn it. */
export async function standingOfAddress(tx: Tx, email: string): Promise<AddressStanding> {
  const row = await tx
    .selectFrom("account")
    .select(["id", "state"])
    .where("signInEmailCanonical", "=", canonicalEmail(email))
    .where("state", "<>", "closed")
    .executeTakeFirst();
  return row ? { accountId: row.id, state: row.state as "pending" } : { accountId: null, state: "none" };
}

/** Requests without an answer since before an instant. */
export function listStaleRequests(tx: Tx, before: Date): Promise<RequestRow[]> {
  return requests(tx)
    .where("r.state", "=", "pending")
    .where("r.askedAt", "<", before)
    .limit(500)
    .execute() as Promise<RequestRow[]>;
}

/** Requests without an answer since before an instant, and of which nobody was reminded. */
export function listRequestsToRemind(tx: Tx, before: Date): Promise<RequestRow[]> {
  return requests(tx)
    .where("r.state", "=", "pending")
    .where("r.askedAt", "<=", before)
    .where("r.remindedAt", "is", null)
    .limit(500)
    .execute() as Promise<RequestRow[]>;
}

/** Keeps that a request is reminded; answers whether it was not yet, by any instance. */
export async function markReminded(tx: Tx, id: number, now: Date): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable("membershipRequest")
    .set({ remindedAt: now })
    .where("id", "=", id)
    .where("state", "=", "pending")
    .where("remindedAt", "is", null)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Ends the invitations past their date; answers how many. */
export async function expireInvitations(tx: Tx, now: Date): Promise<number> {
  const { numUpdatedRows } = await tx
    .updateTable("invitation")
    .set({ state: "expired", answeredAt: now })
    .where("state", "=", "pending")
    .where("expiresAt", "<=", now)
    .executeTakeFirst();
  return Number(numUpdatedRows);
}

export type ExpiringMembership = {
  readonly id: number;
  readonly structureId: number;
  readonly accountId: number;
  readonly startsAt: Date;
  readonly endsAt: Date;
  readonly warnedDays: number | null;
};

const withEnd = (tx: Tx) =>
  tx
    .selectFrom("membership as m")
    .select([
      "m.id",
      "m.structureId",
      "m.accountId",
      "m.startsAt",
      "m.endsAt",
      "m.expiryWarnedDays as warnedDays",
    ])
    .orderBy("m.endsAt");

/** The attachments whose end has come, the oldest first; the next run takes what is beyond. */
export async function listEndedByDate(tx: Tx, now: Date): Promise<ExpiringMembership[]> {
  const found = await withEnd(tx)
    .where("m.state", "<>", "ended")
    .where("m.endsAt", "<=", now)
    .limit(500)
    .execute();
  return found as ExpiringMembership[];
}

/** The attachments in force that end within the longest warning, with the last one given. */
export async function listExpiring(tx: Tx, now: Date): Promise<ExpiringMembership[]> {
  const found = await withEnd(tx)
    .innerJoin("account as a", "a.id", "m.accountId")
    .where("a.state", "=", "active")
    .where("m.state", "=", "active")
    .where("m.endsAt", ">", now)
    .where("m.endsAt", "<=", new Date(now.getTime() + Math.max(...WARNING_DAYS) * 24 * 3_600_000))
    .execute();
  return found as ExpiringMembership[];
}

/** Keeps that a warning is given; answers whether it was not yet, for this end, by any instance. */
export async function markWarned(
  tx: Tx,
  { id, endsAt }: ExpiringMembership,
  days: WarningDays,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable("membership")
    .set({ expiryWarnedDays: days })
    .where("id", "=", id)
    .where("state", "=", "active")
    .where("endsAt", "=", endsAt)
    .where((or) => or.or([or("expiryWarnedDays", "is", null), or("expiryWarnedDays", ">", days)]))
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Ends an attachment whose end has come; answers whether it had not ended yet. */
export async function endAtItsDate(tx: Tx, id: number, now: Date): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable("membership")
    .set({ state: "ended", endedAt: now, endReason: "endDate" })
    .where("id", "=", id)
    .where("state", "<>", "ended")
    .where("endsAt", "<=", now)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}
