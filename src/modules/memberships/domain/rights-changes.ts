/** One right of an attachment, as it is copied and compared. */
export type RightLine = {
  readonly application: string;
  readonly level: "read" | "write";
  readonly serviceId: number | null;
  readonly givenSet?: string | null;
};

/** What an attachment may do, and where: its level, its services, its rights. */
export type RightsOf = {
  readonly scope: "structure" | "service";
  readonly serviceIds: readonly number[];
  readonly grants: readonly RightLine[];
};

/**
 * The rights of one person given to another: instead of hers, or on top of them. Role and dates are never copied.
 * Source: organisation.md 12.5.
 */
export function copyRights(source: RightsOf, target: RightsOf, mode: "add" | "replace"): RightsOf {
  if (mode === "replace") return source;
  const grants = [...target.grants];
  for (const given of source.grants) {
    const at = grants.findIndex((one) => isSameRight(one, given));
    if (at < 0) grants.push(given);
    else if (grants[at]!.level === "read" && given.level === "write") grants[at] = given;
  }
  if (source.scope === "structure" || target.scope === "structure")
    return { scope: "structure", serviceIds: [], grants };
  return {
    scope: "service",
    serviceIds: [...new Set([...target.serviceIds, ...source.serviceIds])],
    grants,
  };
}

/**
 * The rights of one structure as they are in another: services are the same by their code, and what the other has no
 * service or no use for is left out. Source: organisation.md 12.5.
 */
export function translated(
  rights: RightsOf,
  /** The service of the other structure that bears the code of one of this. */
  serviceFor: ReadonlyMap<number, number>,
  isKnownThere: (application: string) => boolean,
): RightsOf {
  const placeOf = (serviceId: number | null) => (serviceId === null ? null : serviceFor.get(serviceId));
  return {
    scope: rights.scope,
    serviceIds: rights.serviceIds.flatMap((id) => serviceFor.get(id) ?? []),
    grants: rights.grants.flatMap((one) => {
      const serviceId = placeOf(one.serviceId);
      return serviceId === undefined || !isKnownThere(one.application) ? [] : [{ ...one, serviceId }];
    }),
  };
}

export type Difference = {
  readonly application: string;
  readonly serviceId: number | null;
  readonly from: "none" | "read" | "write";
  readonly to: "none" | "read" | "write";
};

/** What changes from some rights to others, one line for each right that is gained, lost, raised or lowered. */
export function differences(
  before: readonly RightLine[],
  after: readonly RightLine[],
): readonly Difference[] {
  const gainedOrChanged = after.flatMap((one): Difference[] => {
    const from = before.find((old) => isSameRight(old, one))?.level ?? "none";
    const { application, serviceId, level: to } = one;
    return from === to ? [] : [{ application, serviceId, from, to }];
  });
  const lost = before
    .filter((old) => !after.some((one) => isSameRight(one, old)))
    .map(({ application, serviceId, level }) => ({
      application,
      serviceId,
      from: level,
      to: "none" as const,
    }));
  return [...gainedOrChanged, ...lost];
}

/** What some rights hold more than others: what it takes to hold oneself, to give them (RIG-05). */
export function addedRights<R extends RightLine>(
  before: readonly RightLine[],
  after: readonly R[],
): readonly R[] {
  return after.filter(
    (one) =>
      !before.some((old) => isSameRight(old, one) && (old.level === one.level || old.level === "write")),
  );
}

/** Whether some rights give nothing that others do not give already: then the first only restrict. */
export function isNarrower(after: readonly RightLine[], before: readonly RightLine[]): boolean {
  return after.every((one) =>
    before.some(
      (old) =>
        old.application === one.application &&
        (old.level === "write" || one.level === "read") &&
        (old.serviceId === null || old.serviceId === one.serviceId),
    ),
  );
}

const isSameRight = (one: RightLine, other: RightLine): boolean =>
  one.application === other.application && one.serviceId === other.serviceId;
