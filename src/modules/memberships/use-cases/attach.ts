import type { Tx } from "../../../platform/database/index.ts";
import { type Actor, publish } from "../../../platform/events.ts";
import { canonicalEmail } from "../../../shared/email-address.ts";
import { accepted, type Result, refused } from "../../../shared/result.ts";
import { offeredProfiles } from "../../profiles/index.ts";
import { beyondWhatIsHeld, grantsOf, linesOf, type Member } from "../../rights/index.ts";
import { findStructure, listOpenServices, type StructureRow } from "../../structures/index.ts";
import { type AttachFacts, decideAttach, type MembershipRefusal } from "../domain/decisions.ts";
import { membershipEvent } from "../domain/events.ts";
import { type GrantLine, listGrants, replaceGrants } from "../grants-store.ts";
import { closeInvitation, lockInvitationsFor, saveInvitation } from "../invitations-store.ts";
import { personFacts, standingOfAddress } from "../people-store.ts";
import { closeRequest, requestStanding } from "../requests-store.ts";
import { findLivingMembership, insertMembership, setServices, updateMembership } from "../store.ts";

const DAY_MS = 24 * 3600 * 1000;

export type Gift = {
  readonly scope: "structure" | "service";
  readonly serviceIds: readonly number[];
  readonly profile: string;
  readonly mayAccept: boolean;
  readonly endsAt: Date | null;
};

export type AttachInput = Gift & {
  readonly structureId: number;
  readonly email: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly message: string;
};

/** A gift as rights, checked: known set, services of the structure, nothing beyond what the giver holds (RIG-05). */
export async function readGift(
  tx: Tx,
  giver: Member,
  gift: Gift,
  now: Date,
): Promise<
  Result<
    {
      grants: readonly GrantLine[];
      serviceIds: readonly number[];
      words: string;
      isWithinGiversRights: boolean;
    },
    MembershipRefusal
  >
> {
  const profile = (await offeredProfiles(tx, giver.structureId)).find((one) => one.code === gift.profile);
  if (!profile) return refused({ code: "UNKNOWN_PROFILE" });
  const lines = linesOf(profile, gift.mayAccept);
  if (gift.scope === "structure") {
    const grants = grantsOf(lines, null);
    return accepted({
      grants,
      serviceIds: [],
      words: `${profile.name}, sur toute la structure`,
      isWithinGiversRights: isWithin(giver, grants, now),
    });
  }
  const open = await listOpenServices(tx, giver.structureId, now);
  const chosen = open.filter((one) => gift.serviceIds.includes(one.id));
  if (chosen.length === 0 || chosen.length !== new Set(gift.serviceIds).size)
    return refused({ code: "NO_SERVICE" });
  const serviceIds = chosen.map((one) => one.id);
  const grants = grantsOf(lines, serviceIds);
  return accepted({
    grants,
    serviceIds,
    words: `${profile.name}, sur ${chosen.map((one) => one.code).join(", ")}`,
    isWithinGiversRights: isWithin(giver, grants, now),
  });
}

function isWithin(giver: Member, grants: readonly GrantLine[], now: Date): boolean {
  return beyondWhatIsHeld(giver, grants, now).length === 0;
}

/**
 * « Rattacher un utilisateur ». A known active account is attached at once and told; any other address receives an
 * invitation bound to it. The transaction must see everything; what it answers tells not which of the two happened.
 */
export async function attachUser(
  tx: Tx,
  input: AttachInput,
  giver: Member & { readonly email: string },
  options: { readonly invitationDays: number },
  actor: Actor,
  now: Date,
): Promise<Result<{ given: string }, MembershipRefusal>> {
  const structure = await findStructure(tx, input.structureId);
  if (!structure) return refused({ code: "NOT_FOUND" });
  const gift = await readGift(tx, giver, input, now);
  if (!gift.ok) return gift;
  const account = await standingOfAddress(tx, input.email);
  const living =
    account.accountId === null ? undefined : await findLivingMembership(tx, account.accountId, structure.id);
  const pendingId =
    account.accountId === null
      ? null
      : (await requestStanding(tx, account.accountId, structure.id)).pendingId;
  const decision = decideAttach({
    ...standingOf(structure),
    isOwnAddress: canonicalEmail(input.email) === canonicalEmail(giver.email),
    account: account.state,
    standing: !living
      ? "none"
      : living.state === "suspended"
        ? "suspended"
        : living.scope === "structure"
          ? "attachedToStructure"
          : "attachedToServices",
    hasPendingRequest: pendingId !== null,
    gives: input.scope,
    isWithinGiversRights: gift.value.isWithinGiversRights,
  });
  if (decision.kind === "refuse") return refused({ code: decision.code });
  if (decision.kind === "invite")
    return invite(tx, structure, input, gift.value, giver, options.invitationDays, actor, now);

  const person = await personFacts(tx, account.accountId!);
  if (decision.kind === "attach") {
    await insertMembership(tx, {
      accountId: account.accountId!,
      structureId: structure.id,
      role: "member",
      scope: input.scope,
      origin: "attach",
      attachedBy: giver.accountId,
      startsAt: now,
      endsAt: input.endsAt,
      comment: input.message,
      serviceIds: gift.value.serviceIds,
      grants: gift.value.grants,
      now,
    });
    if (pendingId !== null)
      await closeRequest(tx, pendingId, { state: "approved", answeredBy: giver.accountId, now });
  } else {
    const kept =
      decision.kind === "addServices"
        ? (await listGrants(tx, living!.id)).filter(
            (one) => !gift.value.serviceIds.includes(one.serviceId ?? 0),
          )
        : [];
    await updateMembership(tx, living!.id, { scope: input.scope, endsAt: input.endsAt }, now);
    const keptServices = kept.flatMap((one) => one.serviceId ?? []);
    await setServices(
      tx,
      living!,
      input.scope === "structure" ? [] : [...new Set([...keptServices, ...gift.value.serviceIds])],
    );
    await replaceGrants(
      tx,
      living!,
      [
        ...kept.map(({ application, level, serviceId, givenSet }) => ({
          application,
          level,
          serviceId,
          givenSet,
        })),
        ...gift.value.grants,
      ],
      giver.accountId,
      now,
    );
  }
  await publish(
    tx,
    membershipEvent(
      "UserAttached",
      structure.id,
      { structureName: structure.displayName, person, given: gift.value.words, message: input.message },
      actor,
      {
        after: { niveau: input.scope, droits: gift.value.words },
      },
    ),
  );
  return accepted({ given: gift.value.words });
}

async function invite(
  tx: Tx,
  structure: StructureRow,
  input: AttachInput,
  gift: { grants: readonly GrantLine[]; serviceIds: readonly number[]; words: string },
  giver: Member,
  invitationDays: number,
  actor: Actor,
  now: Date,
): Promise<Result<{ given: string }, never>> {
  const isNew = await saveInvitation(tx, {
    structureId: structure.id,
    email: input.email,
    firstName: input.firstName,
    lastName: input.lastName,
    scope: input.scope,
    serviceIds: gift.serviceIds,
    grants: gift.grants,
    endsAt: input.endsAt,
    message: input.message,
    invitedBy: giver.accountId,
    expiresAt: new Date(now.getTime() + invitationDays * DAY_MS),
    now,
  });
  if (!isNew) return accepted({ given: gift.words });
  const name = `${input.firstName} ${input.lastName}`.trim() || input.email;
  await publish(
    tx,
    membershipEvent(
      "UserInvited",
      structure.id,
      {
        structureName: structure.displayName,
        person: { accountId: null, address: input.email, firstName: input.firstName, name },
        given: gift.words,
        message: input.message,
      },
      actor,
      { after: { niveau: input.scope, droits: gift.words } },
    ),
  );
  return accepted({ given: gift.words });
}

export function standingOf(structure: StructureRow): Pick<AttachFacts, "structure" | "proof"> {
  return {
    structure: structure.state === "active" ? "active" : "inactive",
    proof: structure.proofState === "toVerify" ? "needed" : "done",
  };
}

/**
 * Takes the invitations bound to an address that its account has just proved; role and structure come from the row,
 * never from a link. Answers a sentence for each.
 */
export async function acceptInvitationsOf(
  tx: Tx,
  account: { readonly accountId: number; readonly email: string },
  actor: Actor,
  now: Date,
): Promise<string[]> {
  const done: string[] = [];
  for (const invitation of await lockInvitationsFor(tx, account.email, now)) {
    const structure = await findStructure(tx, invitation.structureId);
    if (structure?.state !== "active") continue;
    if (!(await closeInvitation(tx, invitation.id, "accepted", account.accountId, now))) continue;
    if (await findLivingMembership(tx, account.accountId, structure.id)) continue;
    const open = new Set((await listOpenServices(tx, structure.id, now)).map((one) => one.id));
    const serviceIds = invitation.serviceIds.filter((id) => open.has(id));
    if (invitation.scope === "service" && serviceIds.length === 0) continue;
    await insertMembership(tx, {
      accountId: account.accountId,
      structureId: structure.id,
      role: "member",
      scope: invitation.scope,
      origin: "invitation",
      attachedBy: invitation.invitedBy,
      startsAt: now,
      endsAt: invitation.endsAt,
      comment: "",
      serviceIds,
      grants: invitation.grants.filter((grant) => grant.serviceId === null || open.has(grant.serviceId)),
      now,
    });
    await publish(
      tx,
      membershipEvent(
        "InvitationAccepted",
        structure.id,
        { structureName: structure.displayName, person: await personFacts(tx, account.accountId) },
        actor,
      ),
    );
    done.push(`Vous êtes rattaché à ${structure.displayName}.`);
  }
  return done;
}

/** The creator of a structure becomes its gestionnaire principal. Source: guide, Introduction. */
export async function addCreator(
  tx: Tx,
  creator: { readonly accountId: number; readonly structureId: number },
  now: Date,
): Promise<void> {
  await insertMembership(tx, {
    ...creator,
    role: "mainManager",
    scope: "structure",
    origin: "creation",
    attachedBy: creator.accountId,
    startsAt: now,
    endsAt: null,
    comment: "",
    serviceIds: [],
    grants: [],
    now,
  });
}
