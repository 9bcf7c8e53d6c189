import { type RawBuilder, sql } from "kysely";
import type { Tx } from "../../platform/database/index.ts";
import { canonicalEmail } from "../../shared/email-address.ts";
import type { PersonFacts } from "./domain/events.ts";

/** The name of an account that the reader may see; null when it is out of sight. */
export const nameOf = (column: string) =>
  sql<string | null>`(select first_name || ' ' || last_name from account where id = ${sql.ref(column)})`;

/** The rights that make somebody concerned beside the main managers. */
const applicationsOf = {
  members: [],
  managers: [],
  wholeStructure: [],
  answerers: ["memberships.approve", "users"],
  rightsGivers: ["users"],
} as const;

export type Concerned = {
  readonly accountId: number;
  readonly address: string;
  readonly firstName: string;
  readonly lastName: string;
};

/** The active managers of a structure, and those of its other active members who are `also` concerned. */
async function concerned(tx: Tx, structureId: number, also: RawBuilder<boolean>): Promise<Concerned[]> {
  const { rows } = await sql<Concerned>`
    select a.id as account_id, a.sign_in_email as address, a.first_name, a.last_name from membership m join account a on a.id = m.account_id
    where m.structure_id = ${structureId} and m.state = 'active' and a.state = 'active' and m.starts_at <= unisson_now()
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
  who: "members" | "managers" | "wholeStructure" | "answerers" | "rightsGivers",
): Promise<Concerned[]> =>
  concerned(
    tx,
    structureId,
    sql`${who === "members"} or (${who === "wholeStructure"} and m.scope = 'structure') or exists (
      select from membership_grant g where g.membership_id = m.id and g.level = 'write'
        and g.application = any(${applicationsOf[who]}::text[]) and g.service_id is null)`,
  );

/** The same, but those who know already: who acts, or whom it is about. */
export async function othersToTell(
  tx: Tx,
  structureId: number,
  who: Parameters<typeof peopleToTell>[2],
  ...knowing: readonly (number | null)[]
): Promise<Concerned[]> {
  const people = await peopleToTell(tx, structureId, who);
  return people.filter((one) => !knowing.includes(one.accountId));
}

/** Whom an event about a service concerns: the active managers of its structure, and those attached to it. */
export const peopleOfService = (tx: Tx, structureId: number, serviceId: number): Promise<Concerned[]> =>
  concerned(
    tx,
    structureId,
    sql`exists (
      select from membership_service ms where ms.membership_id = m.id and ms.service_id = ${serviceId})`,
  );

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

export type LivingMembership = {
  readonly membershipId: number;
  readonly structureId: number;
  readonly structureName: string;
};

/** Where a person works, suspended included, in the order of the structures. */
export function listLivingMembershipsOf(tx: Tx, accountId: number): Promise<LivingMembership[]> {
  return tx
    .selectFrom("membership as m")
    .innerJoin("structure as s", "s.id", "m.structureId")
    .select(["m.id as membershipId", "m.structureId", "s.displayName as structureName"])
    .where("m.accountId", "=", accountId)
    .where("m.state", "<>", "ended")
    .where("s.state", "=", "active")
    .orderBy("m.structureId")
    .execute();
}

/** The sign-in address that an account has proved, and that still receives mails; null: no such one. */
export async function provedAddressOf(tx: Tx, accountId: number): Promise<string | null> {
  const row = await tx
    .selectFrom("account")
    .select("signInEmail")
    .where("id", "=", accountId)
    .where("state", "=", "active")
    .where("bouncedAt", "is", null)
    .executeTakeFirst();
  return row?.signInEmail ?? null;
}

/** The active accounts of some addresses, in their canonical form. */
export async function peopleOfAddresses(tx: Tx, addresses: readonly string[]): Promise<PersonFacts[]> {
  const { rows } = await sql<PersonFacts>`
    select id as account_id, sign_in_email as address, first_name, first_name || ' ' || last_name as name
    from account where sign_in_email_canonical = any(${addresses}::text[]) and state = 'active'`.execute(tx);
  return rows;
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
