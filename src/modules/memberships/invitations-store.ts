import { sql } from "kysely";
import type { Tx } from "../../platform/database/index.ts";
import { canonicalEmail } from "../../shared/email-address.ts";
import type { GrantLine } from "./grants-store.ts";

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
  readonly startsAt: Date | null;
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
      "i.startsAt",
      "i.endsAt",
      "i.expiresAt",
      "i.sentAt",
      "i.invitedBy",
    ]);
}

/** Those that wait for their answer. */
const pending = (tx: Tx) => invitations(tx).where("i.state", "=", "pending");

/** Days during which an invitation that has expired may still be sent again. */
const EXPIRED_DAYS = 30;

/** What a structure offers: what waits, and what expired lately, unless the address was invited anew or has come. */
export function listInvitations(tx: Tx, structureId: number, now: Date): Promise<InvitationRow[]> {
  return sendable(tx, structureId, now).orderBy("i.sentAt", "desc").limit(200).execute() as never;
}

/** An invitation that may be sent again, locked. */
export function lockSendableInvitation(
  tx: Tx,
  structureId: number,
  id: number,
  now: Date,
): Promise<InvitationRow | undefined> {
  return sendable(tx, structureId, now).where("i.id", "=", id).forUpdate("i").executeTakeFirst() as never;
}

const sendable = (tx: Tx, structureId: number, now: Date) =>
  invitations(tx)
    .where("i.structureId", "=", structureId)
    .where(
      sql<boolean>`(i.state = 'pending' or (i.state = 'expired'
        and i.expires_at > ${new Date(now.getTime() - EXPIRED_DAYS * 24 * 3_600_000)}
        and not exists (select from invitation later where later.structure_id = i.structure_id
                        and later.email_canonical = i.email_canonical and later.id > i.id)))`,
    )
    .where(
      sql<boolean>`not exists (select from membership m join account a on a.id = m.account_id
        where m.structure_id = i.structure_id and m.state <> 'ended' and a.sign_in_email_canonical = i.email_canonical)`,
    );

/** Sends an invitation again, for as long as a new one. */
export async function renewInvitation(
  tx: Tx,
  id: number,
  renewal: { readonly invitedBy: number; readonly expiresAt: Date; readonly now: Date },
): Promise<void> {
  const { invitedBy, expiresAt, now } = renewal;
  await tx
    .updateTable("invitation")
    .set({ state: "pending", invitedBy, expiresAt, sentAt: now, answeredAt: null })
    .where("id", "=", id)
    .execute();
}

/** Every invitation that waits in a structure. */
export function listAllInvitations(tx: Tx, structureId: number): Promise<InvitationRow[]> {
  return pending(tx).where("i.structureId", "=", structureId).orderBy("i.id").execute() as never;
}

export function findInvitation(tx: Tx, structureId: number, id: number): Promise<InvitationRow | undefined> {
  return pending(tx)
    .where("i.structureId", "=", structureId)
    .where("i.id", "=", id)
    .executeTakeFirst() as never;
}

/** The invitation to a structure that waits for an address. */
export function findInvitationTo(
  tx: Tx,
  structureId: number,
  email: string,
): Promise<InvitationRow | undefined> {
  return pending(tx)
    .where("i.structureId", "=", structureId)
    .where("i.emailCanonical", "=", canonicalEmail(email))
    .executeTakeFirst() as never;
}

/** Invitations bound to an address and still good; the locked rows are taken once. */
export function lockInvitationsFor(tx: Tx, email: string, now: Date): Promise<InvitationRow[]> {
  return pending(tx)
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
    startsAt: Date | null;
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
            (invitation.scope, invitation.service_ids, invitation.grants, invitation.starts_at, invitation.ends_at, invitation.message)
              is distinct from
            (excluded.scope, excluded.service_ids, excluded.grants, excluded.starts_at, excluded.ends_at, excluded.message)`,
        ),
    )
    .returning("id")
    .executeTakeFirst();
  return saved !== undefined;
}

/** The addresses that a structure has attached or invited for the first time since an instant. */
export async function countNewAddresses(tx: Tx, structureId: number, since: Date): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select (select count(*) from invitation where structure_id = ${structureId} and invited_at > ${since})
      + (select count(*) from membership where structure_id = ${structureId} and origin = 'attach' and created_at > ${since})
      as count`.execute(tx);
  return Number(rows[0]!.count);
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
