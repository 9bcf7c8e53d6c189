import type { IdentifierType } from "./identifier.ts";
import { heldFields } from "./register-update.ts";

export type SheetFacts = {
  readonly kind: "public" | "private";
  readonly identifierType: IdentifierType;
  readonly registerDataAt: Date | null;
  readonly registryConfidential: boolean;
};

export type SheetRefusal = "HELD_BY_REGISTER" | "NOT_LISTABLE";

/** STR-03. Whether the national register holds the name and address of a structure: its managers do not type them. */
export const isHeldByRegister = ({ registerDataAt }: Pick<SheetFacts, "registerDataAt">): boolean =>
  registerDataAt !== null;

/**
 * Whether a structure chooses to be found in the directory: private, neither a natural person nor one whose holder objected
 * to its publication. Public structures are always there. Source: organisation.md 6, 21, 22.
 */
export const mayChooseListing = ({ kind, identifierType, registryConfidential }: SheetFacts): boolean =>
  kind === "private" && identifierType !== "PARTICULIER" && !registryConfidential;

/** Why its managers may not change the sheet of a structure so; null when they may. */
export function refuseSheetChange(
  facts: SheetFacts,
  change: { readonly listedInDirectory?: boolean } & Readonly<Record<string, unknown>>,
): SheetRefusal | null {
  if (isHeldByRegister(facts) && heldFields.some((field) => change[field] !== undefined))
    return "HELD_BY_REGISTER";
  return change.listedInDirectory && !mayChooseListing(facts) ? "NOT_LISTABLE" : null;
}
