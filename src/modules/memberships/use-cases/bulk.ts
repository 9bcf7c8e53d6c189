import type { Tx } from "../../../platform/database/index.ts";
import type { Actor } from "../../../platform/events.ts";
import { accepted, type Result, refused } from "../../../shared/result.ts";
import { grantsOf, linesOf, type Member, type ReadyProfile } from "../../rights/index.ts";
import type { MembershipRefusal } from "../domain/decisions.ts";
import { copyRights, isNarrower, type RightLine, type RightsOf } from "../domain/rights-changes.ts";
import { findMembership, type MembershipRow } from "../store.ts";
import {
  changeEndDate,
  changeGrants,
  detachUser,
  keepMembership,
  mayActOn,
  resumeMembership,
  rightsOf,
  suspendMembership,
} from "./changes.ts";

export type BulkAct =
  | { readonly kind: "suspend" | "resume" | "keep" }
  | { readonly kind: "detach"; readonly reason: string }
  | { readonly kind: "endDate"; readonly endsAt: Date | null }
  | { readonly kind: "giveSet" | "narrow"; readonly set: Pick<ReadyProfile, "name" | "lines"> }
  | { readonly kind: "copy"; readonly from: number; readonly mode: "add" | "replace" };

export type RowOutcome = {
  readonly membershipId: number;
  readonly name: string;
  readonly refusal: MembershipRefusal["code"] | null;
};

/**
 * One act on many attachments, each under the same rules as alone: a refused row changes nothing and stops no other.
 * Rows are taken in the order of their numbers, so that two managers at once wait for each other and never block.
 */
export async function changeMany(
  tx: Tx,
  input: { readonly membershipIds: readonly number[]; readonly act: BulkAct },
  by: Member,
  actor: Actor,
  now: Date,
): Promise<readonly RowOutcome[]> {
  const outcomes: RowOutcome[] = [];
  for (const membershipId of [...new Set(input.membershipIds)].sort((one, other) => one - other)) {
    const target = await findMembership(tx, by.structureId, membershipId);
    if (!target) continue;
    const done = mayActOn(by, target.openServiceIds, target.scope, now)
      ? await changeOne(tx, target, input.act, by, actor, now)
      : refused({ code: "NOT_YOUR_SERVICES" as const });
    outcomes.push({
      membershipId,
      name: `${target.firstName} ${target.lastName}`,
      refusal: done.ok ? null : done.refusal.code,
    });
  }
  return outcomes;
}

async function changeOne(
  tx: Tx,
  target: MembershipRow,
  act: BulkAct,
  by: Member,
  actor: Actor,
  now: Date,
): Promise<Result<unknown, MembershipRefusal>> {
  const membershipId = target.id;
  switch (act.kind) {
    case "suspend":
      return suspendMembership(tx, membershipId, by, actor, now);
    case "resume":
      return resumeMembership(tx, membershipId, by, actor, now);
    case "keep":
      return keepMembership(tx, membershipId, by, actor, now);
    case "narrow": {
      const narrowed = withSet(target, act.set);
      const { grants } = await rightsOf(tx, target);
      if (target.role === "member" && !isNarrower(narrowed.grants, grants))
        return refused({ code: "NOT_NARROWER" });
      return giveRights(tx, target, narrowed, by, actor, now);
    }
    case "detach":
      return detachUser(tx, { membershipId, reason: act.reason }, by, actor, now);
    case "endDate":
      return changeEndDate(tx, { membershipId, endsAt: act.endsAt }, by, actor, now);
    case "giveSet":
      return giveRights(tx, target, withSet(target, act.set), by, actor, now);
    case "copy": {
      const copied = await copiedRights(tx, target, act, by, now);
      return copied.ok ? giveRights(tx, target, copied.value, by, actor, now) : copied;
    }
  }
}

/** The rights of a set, at the level and in the services where the person already is. */
function withSet(target: MembershipRow, set: Pick<ReadyProfile, "name" | "lines">): RightsOf {
  const serviceIds = target.scope === "structure" ? [] : target.openServiceIds;
  return {
    scope: target.scope,
    serviceIds,
    grants: grantsOf(linesOf(set), target.scope === "structure" ? null : serviceIds),
  };
}

/**
 * What a person would have after a copy; nothing is changed yet. The rights of a main manager are her role: no copy.
 * Who copies must manage both people: the preview shows the rights of each (RIG-07).
 */
export async function copiedRights(
  tx: Tx,
  target: MembershipRow,
  copy: { readonly from: number; readonly mode: "add" | "replace" },
  by: Member,
  now: Date,
): Promise<Result<RightsOf & { readonly before: readonly RightLine[] }, MembershipRefusal>> {
  const source = await findMembership(tx, target.structureId, copy.from);
  if (source?.state !== "active") return refused({ code: "SOURCE_NOT_FOUND" });
  if (![source, target].every((one) => mayActOn(by, one.openServiceIds, one.scope, now)))
    return refused({ code: "NOT_YOUR_SERVICES" });
  if (source.role === "mainManager") return refused({ code: "MANAGER_RIGHTS_NOT_COPIED" });
  if (source.id === target.id) return refused({ code: "COPY_TO_SELF" });
  const [given, before] = [await rightsOf(tx, source), await rightsOf(tx, target)];
  return accepted({ ...copyRights(given, before, copy.mode), before: before.grants });
}

const giveRights = (
  tx: Tx,
  target: MembershipRow,
  { scope, serviceIds, grants }: RightsOf,
  by: Member,
  actor: Actor,
  now: Date,
) =>
  changeGrants(
    tx,
    { membershipId: target.id, scope, serviceIds, grants, endsAt: target.endsAt },
    by,
    actor,
    now,
  );
