import type { ProfileName } from "../../model/profiles.ts";
import { structures } from "./structure.generated.ts";

/** The type of the root of a CII document. */
export const rootType = "CrossIndustryInvoice";

/** XRechnung has the schema of EN 16931. */
const schemaOf = (profile: ProfileName): string => (profile === "XRECHNUNG" ? "EN 16931" : profile);

/** What may stand in an element: another, of a type when it holds others itself, and how often. */
export interface Child {
  name: string;
  type: string | undefined;
  least: number;
  most: number;
}

const occurrences: Record<string, [least: number, most: number]> = {
  "": [1, 1],
  "?": [0, 1],
  "*": [0, Number.POSITIVE_INFINITY],
  "+": [1, Number.POSITIVE_INFINITY],
};

const childrenByType = new Map<string, readonly Child[]>();

/** What may stand in an element of that type, in order. */
export function childrenOfType(profile: ProfileName, type: string): readonly Child[] {
  const key = `${profile} ${type}`;
  const known = childrenByType.get(key);
  if (known) return known;
  const notation = structures[schemaOf(profile)]?.[type] ?? "";
  const children = notation
    .split(" ")
    .filter((each) => each !== "")
    .map(childFrom);
  childrenByType.set(key, children);
  return children;
}

function childFrom(notation: string): Child {
  const parts = /^(?:(rsm|udt|qdt):)?(\w+)(?::(\w+))?([?*+]|\{(\d+),(\d+)\})?$/.exec(notation);
  if (!parts) throw new Error(`structure.generated.ts: ${notation}`);
  const [, prefix = "ram", local, type, occurs = "", least, most] = parts;
  const bounds = occurrences[occurs] ?? [Number(least), Number(most)];
  return { name: `${prefix}:${local}`, type, least: bounds[0], most: bounds[1] };
}
