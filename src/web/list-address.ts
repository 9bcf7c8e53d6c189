import type { Context } from "./portal.ts";

/**
 * The address of a list of the structure of the page, or of its file, with the filters that the page's own address has.
 * @param names of the filters
 * @param change filters to set instead, and what else the address says
 */
export function listAddress(
  ctx: Context,
  path: string,
  names: readonly string[],
  change: Readonly<Record<string, string>> = {},
): string {
  const query = new URLSearchParams({ structureId: String(ctx.membership.structureId) });
  const kept = Object.fromEntries(names.map((name) => [name, ctx.one(name)]));
  for (const [name, value] of Object.entries({ ...kept, ...change })) if (value) query.set(name, value);
  return `${path}?${query}`;
}
