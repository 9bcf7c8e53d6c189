import { sql } from "kysely";
import type { Tx } from "../../platform/database/index.ts";
import type { ReviewedPerson } from "./domain/review.ts";

export type ReviewRow = {
  readonly id: number;
  readonly structureId: number;
  readonly structureName: string;
  readonly state: "open" | "closed" | "stopped";
  readonly startedAt: Date;
  readonly startedByName: string | null;
  readonly dueAt: Date;
  readonly remindedAt: Date | null;
  readonly closedAt: Date | null;
  readonly suspendedCount: number;
  readonly peopleCount: number;
  readonly answeredCount: number;
};

const people = sql<number>`(select count(*) from review_item i where i.review_id = r.id)`;
const answered = sql<number>`(select count(*) from review_item i where i.review_id = r.id and i.answer is not null)`;

function reviews(tx: Tx) {
  return tx
    .selectFrom("review as r")
    .innerJoin("structure as s", "s.id", "r.structureId")
    .leftJoin("account as a", "a.id", "r.startedBy")
    .select([
      "r.id",
      "r.structureId",
      "s.displayName as structureName",
      "r.state",
      "r.startedAt",
      sql<string | null>`a.first_name || ' ' || a.last_name`.as("startedByName"),
      "r.dueAt",
      "r.remindedAt",
      "r.closedAt",
      "r.suspendedCount",
      people.as("peopleCount"),
      answered.as("answeredCount"),
    ]);
}

/** The reviews of a structure, the newest first. */
export function listReviews(tx: Tx, structureId: number): Promise<ReviewRow[]> {
  return reviews(tx)
    .where("r.structureId", "=", structureId)
    .orderBy("r.startedAt", "desc")
    .limit(20)
    .execute() as Promise<ReviewRow[]>;
}

/** The reviews under way, in every structure. */
export function listOpenReviews(tx: Tx): Promise<ReviewRow[]> {
  return reviews(tx).where("r.state", "=", "open").orderBy("r.dueAt").execute() as Promise<ReviewRow[]>;
}

/** Locks the reviews of a structure; answers the one under way. */
export async function lockOpenReview(tx: Tx, structureId: number): Promise<ReviewRow | undefined> {
  await sql`select pg_advisory_xact_lock(${structureId}, 4)`.execute(tx);
  return reviews(tx)
    .where("r.structureId", "=", structureId)
    .where("r.state", "=", "open")
    .executeTakeFirst() as Promise<ReviewRow | undefined>;
}

/** Everybody whose attachment works today. */
export async function listActivePeople(tx: Tx, structureId: number): Promise<ReviewedPerson[]> {
  const { rows } = await sql<ReviewedPerson>`
    select m.id as membership_id, m.role, m.starts_at from membership m join account a on a.id = m.account_id
    where m.structure_id = ${structureId} and m.state = 'active' and a.state = 'active'`.execute(tx);
  return rows;
}

export async function insertReview(
  tx: Tx,
  review: { structureId: number; startedAt: Date; startedBy: number | null; dueAt: Date },
  membershipIds: readonly number[],
): Promise<number> {
  const { id } = await tx.insertInto("review").values(review).returning("id").executeTakeFirstOrThrow();
  await sql`insert into review_item (review_id, structure_id, membership_id)
    select ${id}, ${review.structureId}, unnest(${membershipIds}::bigint[])`.execute(tx);
  return id;
}

export type ReviewItem = ReviewedPerson & {
  readonly accountId: number;
  readonly name: string;
  readonly scope: "structure" | "service";
  readonly serviceCodes: readonly string[];
  readonly openServiceIds: readonly number[];
  readonly sets: readonly string[];
  readonly lastSignInAt: Date | null;
};

/** Who waits for an answer and still works; who has not signed in for longest comes first. */
export async function listUnanswered(tx: Tx, reviewId: number): Promise<ReviewItem[]> {
  const { rows } = await sql<ReviewItem>`
    select m.id as membership_id, m.role, m.starts_at, m.scope, a.id as account_id, a.last_sign_in_at,
      a.first_name || ' ' || a.last_name as name,
      array(select s.code from membership_service ms join service s on s.id = ms.service_id
            where ms.membership_id = m.id order by lower(s.code)) as service_codes,
      array(select s.id from membership_service ms join service s on s.id = ms.service_id
            where ms.membership_id = m.id and s.disabled_at is null
              and (s.ends_at is null or s.ends_at > unisson_now())) as open_service_ids,
      array(select distinct g.given_set from membership_grant g
            where g.membership_id = m.id and g.given_set is not null order by 1) as sets
    from review_item i join membership m on m.id = i.membership_id join account a on a.id = m.account_id
    where i.review_id = ${reviewId} and i.answer is null and m.state = 'active'
    order by a.last_sign_in_at nulls first, m.id`.execute(tx);
  return rows;
}

/** Keeps an answer, unless somebody answered before; answers whether it was kept. */
export async function answerItem(
  tx: Tx,
  reviewId: number,
  membershipId: number,
  answer: { readonly kind: "keep" | "narrow" | "end"; readonly by: number; readonly now: Date },
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable("reviewItem")
    .set({ answer: answer.kind, answeredAt: answer.now, answeredBy: answer.by })
    .where("reviewId", "=", reviewId)
    .where("membershipId", "=", membershipId)
    .where("answer", "is", null)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

export async function endReview(
  tx: Tx,
  id: number,
  end: { readonly state: "closed" | "stopped"; readonly suspendedCount: number; readonly now: Date },
): Promise<void> {
  const { now, ...change } = end;
  await tx
    .updateTable("review")
    .set({ ...change, closedAt: now })
    .where("id", "=", id)
    .execute();
}

export async function markReminded(tx: Tx, id: number, now: Date): Promise<void> {
  await tx.updateTable("review").set({ remindedAt: now }).where("id", "=", id).execute();
}

export async function isReviewedYearly(tx: Tx, structureId: number): Promise<boolean> {
  const { yearlyReview } = await tx
    .selectFrom("structure")
    .select("yearlyReview")
    .where("id", "=", structureId)
    .executeTakeFirstOrThrow();
  return yearlyReview;
}

export async function chooseYearlyReview(tx: Tx, structureId: number, yearly: boolean): Promise<void> {
  await tx.updateTable("structure").set({ yearlyReview: yearly }).where("id", "=", structureId).execute();
}

/** The active structures with a yearly review and none under way, with the start of their last one. */
export async function listYearlyReviewed(
  tx: Tx,
): Promise<{ structureId: number; lastStartedAt: Date | null }[]> {
  const { rows } = await sql<{ structureId: number; lastStartedAt: Date | null }>`
    select s.id as structure_id, max(r.started_at) as last_started_at
    from structure s left join review r on r.structure_id = s.id
    where s.yearly_review and s.state = 'active' group by s.id
    having not coalesce(bool_or(r.state = 'open'), false)`.execute(tx);
  return rows;
}
