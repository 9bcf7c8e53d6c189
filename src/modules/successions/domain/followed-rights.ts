/** A right on one service, or on the whole structure, with its dates and the set it was given with. */
export type Right = {
  readonly application: string;
  readonly level: "read" | "write";
  readonly serviceId: number | null;
  readonly startsAt: Date | null;
  readonly endsAt: Date | null;
  readonly givenSet: string | null;
};

/** Right on the successor, to be given in the place of what stands there now (null: nothing). */
export type FollowingRight = { readonly right: Right; readonly before: Right | null };

/**
 * SRV-10. The rights that follow somebody from the services that close to their successor: of each application the
 * highest, with its own dates; nothing where she holds as much there already, or on the whole structure.
 */
export function rightsThatFollow(
  rights: readonly Right[],
  closing: ReadonlySet<number>,
  successorId: number,
): readonly FollowingRight[] {
  const highest = new Map<string, Right>();
  for (const right of rights) {
    if (right.serviceId === null || !closing.has(right.serviceId)) continue;
    const best = highest.get(right.application);
    if (!best || isMore(right, best)) highest.set(right.application, right);
  }
  return [...highest.values()].flatMap((right): FollowingRight[] => {
    const there = rights.filter(
      (one) =>
        one.application === right.application && (one.serviceId === null || one.serviceId === successorId),
    );
    if (there.some((one) => !isMore(right, one))) return [];
    const before = there.find((one) => one.serviceId === successorId) ?? null;
    return [{ right: { ...right, serviceId: successorId }, before }];
  });
}

/** Whether a right gives more than another, as soon: a higher level, or the same for longer. */
function isMore(one: Right, other: Right): boolean {
  if (one.startsAt !== null && (other.startsAt === null || one.startsAt > other.startsAt)) return false;
  if (one.level !== other.level) return one.level === "write";
  const ends = (right: Right) => right.endsAt?.getTime() ?? Number.POSITIVE_INFINITY;
  return ends(one) > ends(other);
}

/** A right as it stands on the successor now, with when it was given. */
export type StandingRight = Right & { readonly grantedAt: Date };

export type GivenBack =
  /** Somebody took it away meanwhile: there is nothing to do. */
  | "gone"
  /** It is as it was given: it goes, and what it had raised comes back. */
  | "asGiven"
  /** Somebody changed it: it stays. */
  | "changed";

/** What an undoing makes of a right that was given on the successor. */
export function givingBack(
  given: Pick<Right, "level">,
  standing: StandingRight | undefined,
  givenAt: Date,
): GivenBack {
  if (!standing) return "gone";
  return standing.level === given.level && standing.grantedAt.getTime() === givenAt.getTime()
    ? "asGiven"
    : "changed";
}
