import type { Tx } from "../../../platform/database/index.ts";
import { toFrenchDateTime } from "../../../shared/french-date-time.ts";
import { accepted, type Result, refused } from "../../../shared/result.ts";
import { offerWithDefault } from "../../profiles/index.ts";
import {
  type Adjustment,
  adjusted,
  beyondWhatIsHeld,
  grantsOf,
  linesOf,
  type Member,
  type ReadyProfile,
} from "../../rights/index.ts";
import { listOpenServices, type ServiceRow } from "../../structures/index.ts";
import type { GiftFacts, MembershipRefusal } from "../domain/decisions.ts";
import type { RightsOf } from "../domain/rights-changes.ts";
import { startOf } from "../domain/start.ts";
import type { GrantLine } from "../grants-store.ts";
import { findLastEndedMembership } from "../store.ts";
import { rightsOf } from "./changes.ts";

/** What a manager gives somebody: where, which rights, from when to when. */
export type Gift = {
  readonly scope: "structure" | "service";
  readonly serviceIds: readonly number[];
  /** The code of a set of rights, or `FORMER_RIGHTS`. */
  readonly profile: string;
  /** Absent: as the set says. */
  readonly mayAccept?: boolean;
  readonly adjustment: Adjustment;
  /** Null: at once. */
  readonly startsAt: Date | null;
  readonly endsAt: Date | null;
};

/** Stands in for the code of a set: what the person had here before she left. */
export const FORMER_RIGHTS = "anciens-droits";

/** A gift as rights: where, what, and in words. */
export type GivenRights = {
  readonly scope: "structure" | "service";
  readonly serviceIds: readonly number[];
  readonly grants: readonly GrantLine[];
  readonly words: string;
};

/** What a structure has to give: its sets of rights, one of which it proposes first, and its services that have not closed. */
export type Givable = {
  readonly profiles: readonly ReadyProfile[];
  readonly preset: ReadyProfile;
  readonly services: readonly ServiceRow[];
};

export async function loadGivable(tx: Tx, structureId: number, now: Date): Promise<Givable> {
  const { offered, preset } = await offerWithDefault(tx, structureId);
  return { profiles: offered, preset, services: await listOpenServices(tx, structureId, now) };
}

/** A gift as rights, checked: known set, services of the structure. */
export function readGift(
  { profiles, services }: Givable,
  gift: Gift,
  now: Date,
): Result<GivenRights, MembershipRefusal> {
  const profile = profiles.find((one) => one.code === gift.profile);
  if (!profile) return refused({ code: "UNKNOWN_PROFILE" });
  const lines = adjusted(linesOf(profile, gift.mayAccept), gift.adjustment);
  const accepts = profile.lines.some((line) => line.application === "memberships.approve");
  const mayAccept = gift.mayAccept ?? accepts;
  const name = [
    profile.name,
    ...(Object.keys(gift.adjustment).length > 0 ? ["ajusté"] : []),
    ...(accepts === mayAccept
      ? []
      : [mayAccept ? "avec l'acceptation des rattachements" : "sans accepter de rattachements"]),
  ].join(", ");
  if (gift.scope === "structure")
    return accepted({
      scope: "structure",
      serviceIds: [],
      grants: grantsOf(lines, null),
      words: `${name}, sur toute la structure${datesInWords(gift, now)}`,
    });
  const chosen = services.filter((one) => gift.serviceIds.includes(one.id));
  if (chosen.length === 0 || chosen.length !== new Set(gift.serviceIds).size)
    return refused({ code: "NO_SERVICE" });
  const serviceIds = chosen.map((one) => one.id);
  return accepted({
    scope: "service",
    serviceIds,
    grants: grantsOf(lines, serviceIds),
    words: `${name}, sur ${chosen.map((one) => codeAndStart(one, now)).join(", ")}${datesInWords(gift, now)}`,
  });
}

/**
 * What a person had in the giver's structure when she left it, less what the giver does not hold and the services that
 * have closed. Only the structure's own past is looked at.
 */
export async function formerGift(
  tx: Tx,
  giver: Member,
  accountId: number | null,
  gift: Pick<Gift, "startsAt" | "endsAt">,
  now: Date,
): Promise<Result<GivenRights, MembershipRefusal>> {
  const former = accountId === null ? null : await findLastEndedMembership(tx, accountId, giver.structureId);
  if (former?.role !== "member") return refused({ code: "NO_FORMER_RIGHTS" });
  const open = (await listOpenServices(tx, giver.structureId, now)).map((one) => one.id);
  const { grants: had } = await rightsOf(tx, former);
  const standing = had.filter((one) => one.serviceId === null || open.includes(one.serviceId));
  const beyond = beyondWhatIsHeld(giver, standing, now);
  const grants = standing.filter((one) => !beyond.includes(one));
  const serviceIds = former.openServiceIds.filter((id) => open.includes(id));
  if (grants.length === 0 || (former.scope === "service" && serviceIds.length === 0))
    return refused({ code: "NO_FORMER_RIGHTS" });
  return accepted({
    scope: former.scope,
    serviceIds,
    grants,
    words: `les droits d'avant, sur ${former.scope === "structure" ? "toute la structure" : former.serviceCodes.join(", ")}${datesInWords(gift, now)}`,
  });
}

/** What the rules ask of a gift, whoever it is for. */
export function factsOfGift(
  giver: Member,
  given: RightsOf,
  dates: Pick<Gift, "startsAt" | "endsAt">,
  now: Date,
): GiftFacts {
  const start = startOf(dates, now);
  return {
    gives: given.grants.length === 0 ? "nothing" : given.scope,
    isWithinGiversRights: beyondWhatIsHeld(giver, given.grants, now).length === 0,
    dates:
      dates.endsAt === null || dates.endsAt > start
        ? "inOrder"
        : dates.endsAt > now
          ? "endBeforeStart"
          : "endIsPast",
  };
}

function datesInWords(gift: Pick<Gift, "startsAt" | "endsAt">, now: Date): string {
  const start = startOf(gift, now);
  return [
    ...(start > now ? [`, à partir du ${toFrenchDateTime(start).slice(0, 10)}`] : []),
    ...(gift.endsAt ? [`, jusqu'au ${toFrenchDateTime(gift.endsAt).slice(0, 10)}`] : []),
  ].join("");
}

/** The code of a service; with the date from which it counts, when that is to come. */
const codeAndStart = ({ code, startsAt }: { code: string; startsAt: Date }, now: Date): string =>
  startsAt > now ? `${code} (à partir du ${toFrenchDateTime(startsAt)})` : code;
