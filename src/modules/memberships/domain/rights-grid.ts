import type { RightLine, RightsOf } from "./rights-changes.ts";

/** A column of the grid: the whole structure (null), or one service. */
export type GridColumn = number | null;

/**
 * The rights that a grid gives: what its columns show becomes what was chosen; what they do not show stays as it was.
 * A choice on a service that the whole structure already gives is left out. Source: organisation.md 12.4.
 */
export function rightsOfGrid(
  before: readonly RightLine[],
  columns: readonly GridColumn[],
  chosen: readonly RightLine[],
): readonly RightLine[] {
  const kept = before.filter((one) => !columns.includes(one.serviceId));
  const shown = chosen.filter((one) => columns.includes(one.serviceId));
  const everywhere = [...kept, ...shown].filter((one) => one.serviceId === null);
  const isGivenEverywhere = (one: RightLine) =>
    one.serviceId !== null &&
    everywhere.some(
      (wide) => wide.application === one.application && (wide.level === "write" || one.level === "read"),
    );
  return [...kept, ...shown.filter((one) => !isGivenEverywhere(one))];
}

/**
 * What a cell shows before anything is chosen in it: the right held there. Where a column is new to the person, what she
 * would have if her rights followed her: those of the whole structure she leaves, or those that all her services share.
 * @param scope the level asked for
 */
export function levelInGrid(
  person: RightsOf,
  application: string,
  column: GridColumn,
  scope: RightsOf["scope"],
): "none" | "read" | "write" {
  const at = (place: GridColumn) =>
    person.grants.find((one) => one.application === application && one.serviceId === place)?.level;
  const held = at(column);
  if (held) return held;
  const isNew =
    column === null
      ? person.scope === "service"
      : scope === "service" &&
        !person.serviceIds.includes(column) &&
        !person.grants.some((one) => one.serviceId === column);
  if (!isNew) return "none";
  if (person.scope === "structure") return at(null) ?? "none";
  const [first] = person.serviceIds;
  const isShared = first !== undefined && areSameEverywhere(person.grants, person.serviceIds);
  return (isShared && at(first)) || "none";
}

/** Whether rights are the same on every service of an attachment; of the whole structure (null), on no service apart. */
export function areSameEverywhere(
  rights: readonly RightLine[],
  serviceIds: readonly number[] | null,
): boolean {
  if (serviceIds === null) return rights.every((one) => one.serviceId === null);
  const of = (column: GridColumn) =>
    rights
      .filter((one) => one.serviceId === column)
      .map((one) => `${one.application}:${one.level}`)
      .sort()
      .join();
  return of(null) === "" && new Set(serviceIds.map(of)).size <= 1;
}
