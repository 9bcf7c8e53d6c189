import { sql } from "kysely";
import type { Tx } from "../../platform/database/index.ts";
import type { FollowingRight, Right, StandingRight } from "./domain/followed-rights.ts";

export type SuccessionRow = {
  readonly id: number;
  readonly structureId: number;
  readonly successorId: number;
  readonly successorCode: string;
  readonly successorLabel: string;
  readonly takesEffectAt: Date;
  readonly state: "planned" | "done" | "cancelled" | "undone";
  readonly decidedAt: Date;
  readonly decidedBy: number;
  readonly decidedByLabel: string;
  readonly doneAt: Date | null;
  readonly givenUpAt: Date | null;
  readonly givenUpByLabel: string | null;
  readonly leftAsIs: readonly string[];
};

function successions(tx: Tx) {
  return tx
    .selectFrom("succession as n")
    .innerJoin("service as t", "t.id", "n.successorId")
    .select([
      "n.id",
      "n.structureId",
      "n.successorId",
      "t.code as successorCode",
      "t.label as successorLabel",
      "n.takesEffectAt",
      "n.state",
      "n.decidedAt",
      "n.decidedBy",
      "n.decidedByLabel",
      "n.doneAt",
      "n.givenUpAt",
      "n.givenUpByLabel",
      "n.leftAsIs",
    ]);
}

/** A succession of a structure, its row locked until the end of the transaction. */
export async function lockSuccession(
  tx: Tx,
  structureId: number,
  id: number,
): Promise<SuccessionRow | undefined> {
  return (await successions(tx)
    .where("n.id", "=", id)
    .where("n.structureId", "=", structureId)
    .forUpdate("n")
    .executeTakeFirst()) as SuccessionRow | undefined;
}

/** The last decision to replace a service; another structure's is not found. */
export async function findSuccessionOf(
  tx: Tx,
  structureId: number,
  serviceId: number,
): Promise<SuccessionRow | undefined> {
  return (await successions(tx)
    .innerJoin("successionService as s", "s.successionId", "n.id")
    .where("n.structureId", "=", structureId)
    .where("s.serviceId", "=", serviceId)
    .orderBy("n.id", "desc")
    .executeTakeFirst()) as SuccessionRow | undefined;
}

/** The successions whose date has come and that are still to be carried out, in active structures. */
export function listDue(
  tx: Tx,
  now: Date,
  structureIds: readonly number[] | null,
): Promise<{ id: number; structureId: number }[]> {
  return tx
    .selectFrom("succession as n")
    .innerJoin("structure as s", "s.id", "n.structureId")
    .select(["n.id", "n.structureId"])
    .where("n.state", "=", "planned")
    .where("n.takesEffectAt", "<=", now)
    .where("s.state", "=", "active")
    .$if(structureIds !== null, (query) =>
      query.where(sql<boolean>`n.structure_id = any(${[...(structureIds ?? [])]}::bigint[])`),
    )
    .orderBy("n.takesEffectAt")
    .orderBy("n.id")
    .limit(500)
    .execute();
}

export async function insertSuccession(
  tx: Tx,
  succession: {
    readonly structureId: number;
    readonly successorId: number;
    readonly takesEffectAt: Date;
    readonly decidedAt: Date;
    readonly decidedBy: number;
    readonly decidedByLabel: string;
    readonly closing: readonly { readonly id: number; readonly endsAt: Date | null }[];
  },
): Promise<number> {
  const { closing, ...row } = succession;
  const { id } = await tx.insertInto("succession").values(row).returning("id").executeTakeFirstOrThrow();
  await tx
    .insertInto("successionService")
    .values(
      closing.map((service) => ({
        successionId: id,
        structureId: row.structureId,
        serviceId: service.id,
        endedAtBefore: service.endsAt,
      })),
    )
    .execute();
  return id;
}

export type ClosedService = { readonly serviceId: number; readonly endedAtBefore: Date | null };

/** The services that a succession closes, with the end that each had before. */
export function listClosed(tx: Tx, successionId: number): Promise<ClosedService[]> {
  return tx
    .selectFrom("successionService")
    .select(["serviceId", "endedAtBefore"])
    .where("successionId", "=", successionId)
    .orderBy("serviceId")
    .execute();
}

/** Asks the queue to carry out a succession at its date. */
export async function enqueueSuccession(tx: Tx, id: number, at: Date): Promise<void> {
  await sql`select enqueue_job('carry-out-successions', '{}', ${at}, ${`succession-${id}`})`.execute(tx);
}

export async function markSuccession(
  tx: Tx,
  id: number,
  change:
    | { readonly state: "done"; readonly doneAt: Date }
    | {
        readonly state: "cancelled" | "undone";
        readonly givenUpAt: Date;
        readonly givenUpByLabel: string;
        readonly leftAsIs: readonly string[];
      },
): Promise<void> {
  await tx
    .updateTable("succession")
    .set(change.state === "done" ? change : { ...change, leftAsIs: [...change.leftAsIs] })
    .where("id", "=", id)
    .execute();
}

/** Somebody attached to services that close, or with rights on them. */
export type Follower = {
  readonly membershipId: number;
  readonly accountId: number;
  readonly name: string;
  readonly scope: "structure" | "service";
  readonly serviceIds: readonly number[];
  readonly rights: readonly Right[];
};

type RawRight = Omit<Right, "startsAt" | "endsAt"> & {
  readonly startsAt: string | null;
  readonly endsAt: string | null;
};
const toRight = (raw: RawRight): Right => ({
  ...raw,
  startsAt: raw.startsAt === null ? null : new Date(raw.startsAt),
  endsAt: raw.endsAt === null ? null : new Date(raw.endsAt),
});

const rightsOf = sql`coalesce((select json_agg(json_build_object('application', g.application, 'level', g.level,
    'serviceId', g.service_id, 'startsAt', g.starts_at, 'endsAt', g.ends_at, 'givenSet', g.given_set) order by g.application, g.id)
  from membership_grant g where g.membership_id = m.id), '[]')`;

/** Everybody whom the end of some services concerns, by name: living attachments of users, with all their rights. */
export async function listFollowers(
  tx: Tx,
  structureId: number,
  closing: readonly number[],
  now: Date,
): Promise<Follower[]> {
  const { rows } = await sql<Omit<Follower, "rights"> & { readonly rights: readonly RawRight[] }>`
    select m.id as membership_id, m.account_id, a.first_name || ' ' || a.last_name as name, m.scope,
      array(select ms.service_id from membership_service ms where ms.membership_id = m.id order by 1) as service_ids,
      ${rightsOf} as rights
    from membership m join account a on a.id = m.account_id
    where m.structure_id = ${structureId} and m.state <> 'ended' and m.role = 'member'
      and (m.ends_at is null or m.ends_at > ${now})
      and (exists (select from membership_service ms where ms.membership_id = m.id and ms.service_id = any(${[...closing]}::bigint[]))
        or exists (select from membership_grant g where g.membership_id = m.id and g.service_id = any(${[...closing]}::bigint[])))
    order by lower(a.last_name), lower(a.first_name), m.id`.execute(tx);
  return rows.map((row) => ({ ...row, rights: row.rights.map(toRight) }));
}

/** The rights of an attachment on some services, as they stand. */
export async function listRightsOn(
  tx: Tx,
  membershipId: number,
  serviceIds: readonly number[],
): Promise<StandingRight[]> {
  return (await tx
    .selectFrom("membershipGrant")
    .select(["application", "level", "serviceId", "startsAt", "endsAt", "givenSet", "grantedAt"])
    .where("membershipId", "=", membershipId)
    .where(sql<boolean>`service_id = any(${[...serviceIds]}::bigint[])`)
    .execute()) as StandingRight[];
}

/** Gives a right on a service in the place of what stands there, as given by somebody at an instant. */
export async function putRight(
  tx: Tx,
  member: { readonly id: number; readonly structureId: number },
  right: Right,
  given: { readonly by: number | null; readonly at: Date },
): Promise<void> {
  await sql`
    insert into membership_grant (membership_id, structure_id, application, level, service_id, starts_at, ends_at, given_set,
      granted_by, granted_at)
    values (${member.id}, ${member.structureId}, ${right.application}, ${right.level}, ${right.serviceId}, ${right.startsAt},
      ${right.endsAt}, ${right.givenSet}, ${given.by}::bigint, ${given.at})
    on conflict on constraint membership_grant_is_unique do update set level = excluded.level, starts_at = excluded.starts_at,
      ends_at = excluded.ends_at, given_set = excluded.given_set, granted_by = excluded.granted_by,
      granted_at = excluded.granted_at`.execute(tx);
}

/** Who gave the right of an application on a service, and when. */
export async function findGiver(
  tx: Tx,
  membershipId: number,
  right: Pick<Right, "application" | "serviceId">,
): Promise<{ by: number | null; at: Date } | undefined> {
  return tx
    .selectFrom("membershipGrant")
    .select(["grantedBy as by", "grantedAt as at"])
    .where("membershipId", "=", membershipId)
    .where("application", "=", right.application)
    .where("serviceId", "=", right.serviceId)
    .executeTakeFirst();
}

export async function removeRight(
  tx: Tx,
  membershipId: number,
  right: Pick<Right, "application" | "serviceId">,
): Promise<void> {
  await tx
    .deleteFrom("membershipGrant")
    .where("membershipId", "=", membershipId)
    .where("application", "=", right.application)
    .where("serviceId", "=", right.serviceId)
    .execute();
}

/** Adds a service to those of an attachment; answers whether it was not among them. */
export async function joinService(
  tx: Tx,
  member: { readonly id: number; readonly structureId: number },
  serviceId: number,
): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto("membershipService")
    .values({ membershipId: member.id, serviceId, structureId: member.structureId })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return numInsertedOrUpdatedRows === 1n;
}

export async function leaveService(tx: Tx, membershipId: number, serviceId: number): Promise<void> {
  await tx
    .deleteFrom("membershipService")
    .where("membershipId", "=", membershipId)
    .where("serviceId", "=", serviceId)
    .execute();
}

/** A right given on the successor; who gave what it raised, and when, is kept with it. */
export type GivenRight = FollowingRight & { readonly beforeGiven: { by: number | null; at: Date } | null };

/** What followed of one person. */
export type FollowedMember = {
  readonly membershipId: number;
  readonly joined: boolean;
  readonly held: readonly Right[];
  readonly given: readonly GivenRight[];
  readonly leftOut: readonly Right[];
};

export async function keepFollowed(
  tx: Tx,
  succession: { readonly id: number; readonly structureId: number },
  member: FollowedMember,
): Promise<void> {
  await tx
    .insertInto("successionMember")
    .values({
      successionId: succession.id,
      structureId: succession.structureId,
      membershipId: member.membershipId,
      joined: member.joined,
      held: JSON.stringify(member.held),
      given: JSON.stringify(member.given),
      leftOut: JSON.stringify(member.leftOut),
    })
    .execute();
}

export type FollowedPerson = FollowedMember & {
  readonly accountId: number;
  readonly name: string;
  readonly state: "active" | "suspended" | "ended";
  readonly serviceIds: readonly number[];
};

type RawGiven = {
  readonly right: RawRight;
  readonly before: RawRight | null;
  readonly beforeGiven: { readonly by: number | null; readonly at: string } | null;
};

/** What followed, person by person, by name. */
export async function listFollowed(tx: Tx, successionId: number): Promise<FollowedPerson[]> {
  const { rows } = await sql<
    Omit<FollowedPerson, "held" | "given" | "leftOut"> & {
      readonly held: readonly RawRight[];
      readonly given: readonly RawGiven[];
      readonly leftOut: readonly RawRight[];
    }
  >`
    select f.membership_id, m.account_id, f.joined, f.held, f.given, f.left_out, m.state, a.first_name || ' ' || a.last_name as name,
      array(select ms.service_id from membership_service ms where ms.membership_id = m.id order by 1) as service_ids
    from succession_member f join membership m on m.id = f.membership_id join account a on a.id = m.account_id
    where f.succession_id = ${successionId} order by lower(a.last_name), lower(a.first_name), m.id`.execute(
    tx,
  );
  return rows.map((row) => ({
    ...row,
    held: row.held.map(toRight),
    leftOut: row.leftOut.map(toRight),
    given: row.given.map((one) => ({
      right: toRight(one.right),
      before: one.before && toRight(one.before),
      beforeGiven: one.beforeGiven && { by: one.beforeGiven.by, at: new Date(one.beforeGiven.at) },
    })),
  }));
}
