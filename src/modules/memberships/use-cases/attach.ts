import type { Tx } from "../../../platform/database/index.ts";
import { type Actor, publish } from "../../../platform/events.ts";
import { canonicalEmail } from "../../../shared/email-address.ts";
import { accepted, type Result, refused } from "../../../shared/result.ts";
import { isAllowed, type Member } from "../../rights/index.ts";
import { findStructure, listAllServices, openInPlaceOf, type StructureRow } from "../../structures/index.ts";
import { type AttachFacts, decideAttach, type MembershipRefusal } from "../domain/decisions.ts";
import { membershipEvent } from "../domain/events.ts";
import { differences } from "../domain/rights-changes.ts";
import { startOf } from "../domain/start.ts";
import { listGrants, replaceGrants } from "../grants-store.ts";
import {
  closeInvitation,
  countNewAddresses,
  lockInvitationsFor,
  saveInvitation,
} from "../invitations-store.ts";
import { personFacts, standingOfAddress } from "../people-store.ts";
import { closeRequest, requestStanding } from "../requests-store.ts";
import {
  findLivingMembership,
  insertMembership,
  type MembershipRow,
  setServices,
  updateMembership,
} from "../store.ts";
import { mayActOn, rightsOf } from "./changes.ts";
import {
  FORMER_RIGHTS,
  factsOfGift,
  formerGift,
  type Gift,
  type Givable,
  type GivenRights,
  loadGivable,
  readGift,
} from "./gift.ts";
import { invited } from "./invitations.ts";

const DAY_MS = 24 * 3600 * 1000;

/** Whom one attaches, from when to when. */
export type Attached = Pick<Gift, "startsAt" | "endsAt"> & {
  readonly email: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly message: string;
  /** Whether somebody attached to services may get the whole structure. */
  readonly confirmsWidening: boolean;
};
export type AttachInput = Attached & Gift;

export type AttachOptions = {
  readonly invitationDays: number;
  /** How the attachment came about, as it keeps it. */
  readonly origin: "attach" | "import";
  /** New addresses that the structure may add in a day; absent where something else bounds them. */
  readonly newAddressesADay?: number;
  /** What the structure has to give, where it is known already. */
  readonly givable?: Givable;
};

/**
 * « Rattacher un utilisateur », in the giver's structure. A known active account is attached at once and told; any other
 * address receives an invitation bound to it. The transaction must see everything; what it answers tells not which of
 * the two happened, and a request that waits is answered by it.
 */
export async function attachUser(
  tx: Tx,
  input: AttachInput,
  giver: Member & { readonly email: string },
  options: AttachOptions,
  actor: Actor,
  now: Date,
): Promise<Result<{ given: string }, MembershipRefusal>> {
  const gift = await (input.profile === FORMER_RIGHTS
    ? formerGift(tx, giver, (await standingOfAddress(tx, input.email)).accountId, input, now)
    : readGift(options.givable ?? (await loadGivable(tx, giver.structureId, now)), input, now));
  return gift.ok ? attachWith(tx, gift.value, input, giver, options, actor, now) : gift;
}

/** Attaches or invites somebody with rights that are known already, under the same rules. */
export async function attachWith(
  tx: Tx,
  given: GivenRights,
  input: Attached,
  giver: Member & { readonly email: string },
  options: Omit<AttachOptions, "givable">,
  actor: Actor,
  now: Date,
): Promise<Result<{ given: string }, MembershipRefusal>> {
  const structure = await findStructure(tx, giver.structureId);
  if (!structure) return refused({ code: "NOT_FOUND" });
  const account = await standingOfAddress(tx, input.email);
  const living =
    account.accountId === null ? undefined : await findLivingMembership(tx, account.accountId, structure.id);
  const decision = decideAttach({
    ...standingOf(structure),
    ...factsOfGift(giver, given, input, now),
    mayAttachThere: placesOf(given).every((serviceId) =>
      isAllowed(giver, "member.attach", { serviceId }, now),
    ),
    isOwnAddress: canonicalEmail(input.email) === canonicalEmail(giver.email),
    account: account.state,
    standing: !living
      ? "none"
      : living.state === "suspended"
        ? "suspended"
        : living.scope === "structure"
          ? "attachedToStructure"
          : "attachedToServices",
    isSame: living !== undefined && (await hasAlready(tx, living, given, input.endsAt)),
    confirmsWidening: input.confirmsWidening,
    isDailyShareSpent:
      options.newAddressesADay !== undefined &&
      (await countNewAddresses(tx, structure.id, new Date(now.getTime() - DAY_MS))) >=
        options.newAddressesADay,
  });
  if (decision.kind === "refuse")
    return refused({
      code: decision.code,
      ...(living ? { membership: { id: living.id, since: living.startsAt } } : {}),
    });
  if (decision.kind === "invite")
    return invite(tx, structure, input, given, giver, options.invitationDays, actor, now);

  const accountId = account.accountId!;
  if (decision.kind === "attach")
    await insertMembership(tx, {
      accountId,
      structureId: structure.id,
      role: "member",
      scope: given.scope,
      origin: options.origin,
      attachedBy: giver.accountId,
      startsAt: startOf(input, now),
      endsAt: input.endsAt,
      comment: input.message,
      serviceIds: given.serviceIds,
      grants: given.grants,
      now,
    });
  else await extend(tx, living!, given, input.endsAt, giver, now);
  const { pendingId } = await requestStanding(tx, accountId, structure.id);
  if (pendingId !== null)
    await closeRequest(tx, pendingId, { state: "approved", answeredBy: giver.accountId, now });
  const facts = {
    structureName: structure.displayName,
    person: await personFacts(tx, accountId),
    given: given.words,
    message: input.message,
  };
  await publish(
    tx,
    membershipEvent("UserAttached", structure.id, facts, actor, {
      after: { niveau: given.scope, droits: given.words },
    }),
  );
  return accepted({ given: given.words });
}

/** Whether an attachment to services gives all that already; an end is the same when none is asked for. */
async function hasAlready(
  tx: Tx,
  living: MembershipRow,
  given: GivenRights,
  endsAt: Date | null,
): Promise<boolean> {
  const held = await listGrants(tx, living.id);
  return (
    given.scope === living.scope &&
    given.serviceIds.every((id) => living.openServiceIds.includes(id)) &&
    (endsAt === null || endsAt.getTime() === living.endsAt?.getTime()) &&
    differences(
      held.filter((one) => given.serviceIds.includes(one.serviceId ?? 0)),
      given.grants,
    ).length === 0
  );
}

/** Where rights are given: the whole structure (null), or services. */
const placesOf = (given: GivenRights): readonly (number | null)[] =>
  given.scope === "structure" ? [null] : given.serviceIds;

/**
 * More services, or the whole structure, for somebody attached to services. Her end stays unless another is given by
 * who manages all her services (RIG-07).
 */
export async function extend(
  tx: Tx,
  living: MembershipRow,
  given: GivenRights,
  endsAt: Date | null,
  giver: Member,
  now: Date,
): Promise<void> {
  const kept =
    given.scope === "structure"
      ? []
      : (await rightsOf(tx, living)).grants.filter((one) => !given.serviceIds.includes(one.serviceId ?? 0));
  const managesAll = mayActOn(giver, living.openServiceIds, living.scope, now);
  const end = (managesAll && endsAt) || living.endsAt;
  await updateMembership(tx, living.id, { scope: given.scope, endsAt: end }, now);
  const services = new Set([
    ...living.openServiceIds,
    ...kept.flatMap((one) => one.serviceId ?? []),
    ...given.serviceIds,
  ]);
  await setServices(tx, living, given.scope === "structure" ? [] : [...services]);
  await replaceGrants(tx, living, [...kept, ...given.grants], giver.accountId, now);
}

async function invite(
  tx: Tx,
  structure: StructureRow,
  input: Attached,
  given: GivenRights,
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
    scope: given.scope,
    serviceIds: given.serviceIds,
    grants: given.grants,
    startsAt: input.startsAt,
    endsAt: input.endsAt,
    message: input.message,
    invitedBy: giver.accountId,
    expiresAt: new Date(now.getTime() + invitationDays * DAY_MS),
    now,
  });
  if (!isNew) return accepted({ given: given.words });
  await publish(
    tx,
    membershipEvent(
      "UserInvited",
      structure.id,
      {
        structureName: structure.displayName,
        person: invited(input),
        given: given.words,
        message: input.message,
      },
      actor,
      { after: { niveau: given.scope, droits: given.words } },
    ),
  );
  return accepted({ given: given.words });
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
    const services = await listAllServices(tx, structure.id);
    const inPlaceOf = (ids: readonly number[]) => openInPlaceOf(ids, services, now);
    const serviceIds = inPlaceOf(invitation.serviceIds);
    if (invitation.scope === "service" && serviceIds.length === 0) continue;
    if (invitation.endsAt !== null && invitation.endsAt <= now) continue;
    await insertMembership(tx, {
      accountId: account.accountId,
      structureId: structure.id,
      role: "member",
      scope: invitation.scope,
      origin: "invitation",
      attachedBy: invitation.invitedBy,
      startsAt: startOf(invitation, now),
      endsAt: invitation.endsAt,
      comment: "",
      serviceIds,
      grants: invitation.grants.flatMap((grant) =>
        grant.serviceId === null
          ? [grant]
          : inPlaceOf([grant.serviceId]).map((serviceId) => ({ ...grant, serviceId })),
      ),
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
