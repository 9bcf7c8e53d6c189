import type { Tx } from "../../../platform/database/index.ts";
import { type Actor, publish, theClock } from "../../../platform/events.ts";
import { accepted, type Result, refused } from "../../../shared/result.ts";
import {
  findLivingMembership,
  findMemberByAddress,
  lockManagers,
  type MembershipRow,
  makeMainManager,
  makeUser,
  updateMembership,
} from "../../memberships/index.ts";
import { findProfile, grantsOf, linesOf } from "../../rights/index.ts";
import { findStructure } from "../../structures/index.ts";
import { type ProposalEventType, type ProposalFacts, proposalEvent } from "../domain/events.ts";
import {
  type Answerer,
  type ProposalAnswer,
  type ProposalKind,
  type ProposalRefusal,
  proposalDue,
  refuseProposal,
  refuseProposalAnswer,
  type Succession,
} from "../domain/proposal.ts";
import {
  closeProposal,
  findProposal,
  insertProposal,
  markProposalReminded,
  type ProposalRow,
  proposalStanding,
} from "../store.ts";

type Answer = Result<
  { readonly name: string; readonly structureName: string },
  { readonly code: ProposalRefusal }
>;

const asked = {
  name: "MainManagerProposed",
  handOver: "MainManagerHandOverProposed",
  remove: "MainManagerRemovalAsked",
} as const satisfies Record<ProposalKind, ProposalEventType>;

type Proposing = {
  readonly kind: ProposalKind;
  readonly structureId: number;
  /** The person's attachment, undefined when she has none in this structure. */
  readonly target: MembershipRow | undefined;
  readonly becomes: Succession | null;
  readonly reason: string;
};

/**
 * A main manager proposes her role to somebody, besides her or in her place, or asks that another loses it. Nothing
 * changes before the answer, or the end of the time to object (organisation.md 13.2).
 */
export async function propose(
  tx: Tx,
  input: Proposing,
  author: { readonly accountId: number },
  actor: Actor,
  now: Date,
): Promise<Answer> {
  const opened = await open(tx, input, author, now);
  return opened.ok ? tell(tx, asked[input.kind], opened.value, actor, input.reason) : opened;
}

type Outcome = {
  readonly structureName: string;
  readonly name: string;
  readonly refusal: ProposalRefusal | null;
};

/**
 * MGR-07. Proposes the role to one person in several structures, in one gesture: each under its own rules, and one
 * message for all. A structure that refuses stops none of the others.
 */
export async function proposeInMany(
  tx: Tx,
  input: {
    readonly kind: Exclude<ProposalKind, "remove">;
    readonly becomes: Succession | null;
    readonly address: string;
    readonly structures: readonly {
      readonly structureId: number;
      readonly structure: { readonly displayName: string };
    }[];
  },
  author: { readonly accountId: number },
  actor: Actor,
  now: Date,
): Promise<readonly Outcome[]> {
  const { kind, becomes, address, structures } = input;
  const outcomes: Outcome[] = [];
  const opened: ProposalRow[] = [];
  // always in the same order: two managers who do the same at once wait for one another
  for (const { structureId, structure } of structures.toSorted((a, b) => a.structureId - b.structureId)) {
    const target = await findMemberByAddress(tx, structureId, address);
    const one = await open(tx, { kind, structureId, target, becomes, reason: "" }, author, now);
    if (one.ok) opened.push(one.value);
    outcomes.push({
      structureName: structure.displayName,
      name: one.ok ? one.value.personName : "",
      refusal: one.ok ? null : one.refusal.code,
    });
  }
  const [first, ...others] = opened;
  if (first) {
    const alsoFor = others.map((one) => one.structureName);
    await tell(tx, asked[kind], first, actor, "", {}, { alsoFor });
    for (const one of others) await tell(tx, asked[kind], one, actor, "", {}, { isFolded: true });
  }
  return outcomes;
}

/** Keeps a proposal that may be made; nobody is told yet. */
async function open(
  tx: Tx,
  { kind, structureId, target, becomes, reason }: Proposing,
  author: { readonly accountId: number },
  now: Date,
): Promise<Result<ProposalRow, { readonly code: ProposalRefusal }>> {
  const activeManagers = await lockManagers(tx, structureId);
  const structure = await findStructure(tx, structureId);
  const standing = await proposalStanding(tx, target?.id ?? 0, structureId, author.accountId);
  const refusal = refuseProposal(kind, {
    ...standing,
    structure: structure?.state === "active" ? "active" : "inactive",
    isSelf: target?.accountId === author.accountId,
    target: target
      ? { role: target.role, isActive: target.state === "active" && target.accountState === "active" }
      : null,
    activeManagers,
  });
  if (refusal || !target) return refused({ code: refusal ?? "NOT_ATTACHED" });
  const id = await insertProposal(tx, {
    structureId,
    accountId: target.accountId,
    membershipId: target.id,
    kind,
    becomes,
    reason,
    proposedBy: author.accountId,
    proposedAt: now,
    dueAt: proposalDue(kind, now),
  });
  return accepted((await findProposal(tx, id))!);
}

/** Who answers: a person in a structure, or the operator, who is of none. */
type Answering = {
  readonly accountId: number;
  /** Null: the operator. */
  readonly structureId: number | null;
};

/**
 * Answers a proposal. Accepted, the person is main manager at once, and who hands her role over steps down; declined or
 * taken back, nothing changes; objected to, the manager keeps her role until a third person confirms the removal, or
 * dismisses it.
 */
export async function answerProposal(
  tx: Tx,
  { id, kind, text }: { readonly id: number; readonly kind: ProposalAnswer; readonly text: string },
  who: Answering,
  actor: Actor,
  now: Date,
): Promise<Answer> {
  const found = await findProposal(tx, id);
  if (!found || (who.structureId !== null && found.structureId !== who.structureId))
    return refused({ code: "NOT_FOUND" });
  const activeManagers = await lockManagers(tx, found.structureId);
  const proposal = (await findProposal(tx, id))!;
  const refusal = refuseProposalAnswer(kind, { ...proposal, by: answererOf(proposal, who) }, now);
  if (refusal) return refused({ code: refusal });
  const close = (state: Parameters<typeof closeProposal>[2]["state"]) =>
    closeProposal(tx, id, { state, answeredBy: who.accountId, answer: text, now });
  switch (kind) {
    case "accept": {
      const done = await takeRole(tx, proposal, now);
      if (!done.ok) return done;
      await close("accepted");
      const type = proposal.kind === "handOver" ? "MainManagerHandedOver" : "MainManagerNamed";
      return tell(tx, type, proposal, actor, "", {
        before: { role: "member" },
        after: { role: "mainManager", ...(proposal.becomes ? { cédant: proposal.becomes } : {}) },
      });
    }
    case "decline":
      await close("declined");
      return tell(tx, "MainManagerDeclined", proposal, actor, text);
    case "object":
      await close("objected");
      return tell(tx, "MainManagerRemovalObjected", proposal, actor, text);
    case "confirm":
      return carryOutRemoval(tx, proposal, activeManagers, actor, now);
    default:
      await close("cancelled");
      return tell(
        tx,
        proposal.kind === "remove" ? "MainManagerRemovalCancelled" : "MainManagerProposalCancelled",
        proposal,
        actor,
        "",
      );
  }
}

function answererOf(proposal: ProposalRow, who: Answering): Answerer {
  if (who.accountId === proposal.accountId) return "target";
  if (who.accountId === proposal.proposedBy) return "author";
  return who.structureId === null ? "operator" : "otherManager";
}

/** MGR-05. The person becomes main manager, if who proposed it still is one; an author who hands over steps down. */
async function takeRole(
  tx: Tx,
  proposal: ProposalRow,
  now: Date,
): Promise<Result<null, { code: ProposalRefusal }>> {
  const { structureId } = proposal;
  if (proposal.structureState !== "active") return refused({ code: "STRUCTURE_INACTIVE" });
  const target = await findLivingMembership(tx, proposal.accountId, structureId);
  if (target?.state !== "active") return refused({ code: "PERSON_NOT_ACTIVE" });
  if (target.role === "mainManager") return refused({ code: "ALREADY_MANAGER" });
  const author = await findLivingMembership(tx, proposal.proposedBy, structureId);
  if (author?.role !== "mainManager" || author.state !== "active") return refused({ code: "PROPOSER_GONE" });
  await makeMainManager(tx, target, proposal.proposedBy, now);
  if (proposal.becomes === "leaves")
    await updateMembership(tx, author.id, { state: "ended", endedAt: now, endReason: "left" }, now);
  else if (proposal.becomes !== null)
    await makeUser(tx, author, rightsOf(proposal.becomes), target.accountId, now);
  return accepted(null);
}

/** Takes the role away, unless others have gone meanwhile and this manager is the last (MGR-02). */
async function carryOutRemoval(
  tx: Tx,
  proposal: ProposalRow,
  activeManagers: number,
  actor: Actor,
  now: Date,
): Promise<Answer> {
  const target = await findLivingMembership(tx, proposal.accountId, proposal.structureId);
  if (target?.role !== "mainManager") return refused({ code: "NOT_MANAGER" });
  const counts = target.state === "active" && target.accountState === "active";
  if (counts && activeManagers < 2) return refused({ code: "LAST_MAIN_MANAGER" });
  await makeUser(tx, target, rightsOf("user"), actor.accountId, now);
  await closeProposal(tx, proposal.id, { state: "accepted", answeredBy: actor.accountId, answer: "", now });
  return tell(tx, "MainManagerRemoved", proposal, actor, proposal.reason, {
    before: { role: "mainManager" },
    after: { role: "member" },
  });
}

/**
 * What the clock does of a proposal whose time is over: an unanswered nomination expires; a removal that nobody
 * contested is carried out. Answers whether it did something.
 */
export async function settleDueProposal(
  tx: Tx,
  due: { readonly id: number; readonly structureId: number },
  now: Date,
): Promise<boolean> {
  const activeManagers = await lockManagers(tx, due.structureId);
  const proposal = await findProposal(tx, due.id);
  if (proposal?.state !== "open") return false;
  const isRemoval = proposal.kind === "remove";
  if (isRemoval && (await carryOutRemoval(tx, proposal, activeManagers, theClock, now)).ok) return true;
  await closeProposal(tx, proposal.id, {
    state: isRemoval ? "cancelled" : "expired",
    answeredBy: null,
    answer: "",
    now,
  });
  await tell(
    tx,
    isRemoval ? "MainManagerRemovalCancelled" : "MainManagerProposalExpired",
    proposal,
    theClock,
    "",
  );
  return true;
}

/** The clock reminds the person of a nomination about to expire, once. */
export async function remindProposal(
  tx: Tx,
  due: { readonly id: number; readonly structureId: number },
  now: Date,
): Promise<boolean> {
  if (!(await markProposalReminded(tx, due.id, now))) return false;
  const proposal = (await findProposal(tx, due.id))!;
  await tell(tx, "MainManagerProposalReminded", proposal, theClock, "");
  return true;
}

const rightsOf = (becomes: Exclude<Succession, "leaves">) =>
  grantsOf(linesOf(findProfile(becomes === "user" ? "utilisateur" : "administrateur")!), null);

async function tell(
  tx: Tx,
  type: ProposalEventType,
  proposal: ProposalRow,
  actor: Actor,
  reason: string,
  more: { before?: unknown; after?: unknown } = {},
  message: Pick<ProposalFacts, "alsoFor" | "isFolded"> = {},
): Promise<Answer> {
  await publish(
    tx,
    proposalEvent(type, proposal.structureId, { ...factsOf(proposal), ...message }, actor, {
      ...more,
      ...(reason ? { reason } : {}),
    }),
  );
  return accepted({ name: proposal.personName, structureName: proposal.structureName });
}

const factsOf = (proposal: ProposalRow): ProposalFacts => ({
  structureName: proposal.structureName,
  person: {
    accountId: proposal.accountId,
    address: proposal.personAddress,
    firstName: proposal.personFirstName,
    name: proposal.personName,
  },
  author: {
    accountId: proposal.proposedBy,
    address: proposal.authorAddress,
    firstName: proposal.authorFirstName,
    name: proposal.authorName,
  },
  proposalId: proposal.id,
  dueAt: proposal.dueAt,
  becomes: proposal.becomes,
});
