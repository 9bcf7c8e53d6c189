import type { Tx } from "../../../platform/database/index.ts";
import { type Actor, publish } from "../../../platform/events.ts";
import { accepted, type Result, refused } from "../../../shared/result.ts";
import { beyondWhatIsHeld, type Member } from "../../rights/index.ts";
import type { MembershipRefusal } from "../domain/decisions.ts";
import { membershipEvent } from "../domain/events.ts";
import {
  closeInvitation,
  findInvitation,
  type InvitationRow,
  lockSendableInvitation,
  renewInvitation,
} from "../invitations-store.ts";

type Answer = Result<{ name: string }, MembershipRefusal>;
const HOUR_MS = 3_600_000;

/** Cancels an invitation that waits. */
export async function revokeInvitation(
  tx: Tx,
  invitationId: number,
  by: Pick<Member, "structureId">,
  actor: Actor,
  now: Date,
): Promise<Answer> {
  const invitation = await findInvitation(tx, by.structureId, invitationId);
  if (!invitation || !(await closeInvitation(tx, invitation.id, "revoked", null, now)))
    return refused({ code: "NOT_FOUND" });
  const person = invited(invitation);
  await publish(
    tx,
    membershipEvent(
      "InvitationRevoked",
      by.structureId,
      { structureName: invitation.structureName, person },
      actor,
    ),
  );
  return accepted({ name: person.name });
}

/**
 * Sends an invitation again, expired or not, for as long as a new one: once an hour at most, and by who holds what it
 * gives (RIG-05).
 */
export async function resendInvitation(
  tx: Tx,
  invitationId: number,
  by: Member,
  options: { readonly invitationDays: number },
  actor: Actor,
  now: Date,
): Promise<Answer> {
  const invitation = await lockSendableInvitation(tx, by.structureId, invitationId, now);
  if (!invitation) return refused({ code: "NOT_FOUND" });
  if (now.getTime() < invitation.sentAt.getTime() + HOUR_MS) return refused({ code: "SENT_RECENTLY" });
  if (beyondWhatIsHeld(by, invitation.grants, now).length > 0) return refused({ code: "CANNOT_GRANT_MORE" });
  const expiresAt = new Date(now.getTime() + options.invitationDays * 24 * HOUR_MS);
  await renewInvitation(tx, invitation.id, { invitedBy: by.accountId, expiresAt, now });
  const person = invited(invitation);
  await publish(
    tx,
    membershipEvent(
      "UserInvited",
      by.structureId,
      { structureName: invitation.structureName, person },
      actor,
    ),
  );
  return accepted({ name: person.name });
}

/** Whom an invitation is for, who has no account to be known by. */
export function invited({
  email,
  firstName,
  lastName,
}: Pick<InvitationRow, "email" | "firstName" | "lastName">) {
  const name = `${firstName} ${lastName}`.trim() || email;
  return { accountId: null, address: email, firstName, name };
}
