import { type RawBuilder, sql } from "kysely";
import type { Tx } from "../../platform/database/index.ts";
import { sortableInstant, sortedPage } from "../../platform/database/sorted-page.ts";
import { canonicalEmail } from "../../shared/email-address.ts";
import type { Place, Sorting } from "../../shared/sorting.ts";
import { type GrantLine, replaceGrants } from "./grants-store.ts";
import { nameOf } from "./people-store.ts";

export type MembershipRow = {
  readonly id: number;
  readonly accountId: number;
  readonly structureId: number;
  readonly role: "mainManager" | "member";
  readonly scope: "structure" | "service";
  readonly state: "active" | "suspended" | "ended";
  readonly createdAt: Date;
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

/** What every list of attachments shows of one. */
export function memberships(tx: Tx) {
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
      "m.createdAt",
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

/** The last attachment of an account in a structure, once it has ended. */
export function findLastEndedMembership(
  tx: Tx,
  accountId: number,
  structureId: number,
): Promise<MembershipRow | undefined> {
  return memberships(tx)
    .where("m.accountId", "=", accountId)
    .where("m.structureId", "=", structureId)
    .where("m.state", "=", "ended")
    .orderBy("m.endedAt", "desc")
    .limit(1)
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

/** Whether a person is main manager of a structure that is not archived. */
export async function isMainManager(tx: Tx, accountId: number): Promise<boolean> {
  const found = await tx
    .selectFrom("membership as m")
    .innerJoin("structure as s", "s.id", "m.structureId")
    .select("m.id")
    .where("m.accountId", "=", accountId)
    .where("m.role", "=", "mainManager")
    .where("m.state", "=", "active")
    .where("s.state", "<>", "archived")
    .limit(1)
    .executeTakeFirst();
  return found !== undefined;
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

export async function updateMembership(
  tx: Tx,
  id: number,
  change: Partial<{
    role: "mainManager" | "member";
    scope: "structure" | "service";
    state: "active" | "suspended" | "ended";
    startsAt: Date;
    endsAt: Date | null;
    suspendedAt: Date | null;
    suspensionReason: string | null;
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
  /** Null: whoever has not left; « ended » : those who have, and did not come back. */
  readonly state: "active" | "suspended" | "ended" | null;
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
    .$if(search.state !== "ended", (query) => query.where("m.state", "<>", "ended"))
    .$if(search.state === "ended", (query) =>
      query.where(
        sql<boolean>`not exists (select from membership later where later.account_id = m.account_id
                       and later.structure_id = m.structure_id and later.id > m.id)`,
      ),
    )
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

/** Ends the attachments to a structure that goes to the archives. */
export async function endMemberships(
  tx: Tx,
  structureId: number,
  endReason: string,
  now: Date,
): Promise<void> {
  await tx
    .updateTable("membership")
    .set({ state: "ended", endedAt: now, endReason, changedAt: now })
    .where("structureId", "=", structureId)
    .where("state", "<>", "ended")
    .execute();
}
