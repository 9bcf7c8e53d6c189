import type { Tx } from "../../../platform/database/index.ts";
import type { Actor } from "../../../platform/events.ts";
import { type Result, refused } from "../../../shared/result.ts";
import { refuseSheetChange, type SheetRefusal } from "../domain/sheet.ts";
import { findStructure, type StructureChange } from "../store.ts";
import { type ChangeRefusal, changeStructure } from "./structures.ts";

/** What a manager may change on the sheet of a structure. */
export type SheetChange = Pick<
  StructureChange,
  | "legalName"
  | "displayName"
  | "vatNumber"
  | "tradeRegister"
  | "addressLine"
  | "addressExtra1"
  | "addressExtra2"
  | "postcode"
  | "town"
  | "email"
  | "emailPublished"
  | "phone"
  | "issuesInvoices"
  | "receivesInvoices"
  | "worksOwner"
  | "worksOwnerOnly"
  | "worksManager"
  | "delegatedValidator"
  | "listedInDirectory"
>;

/** « Modifier la structure »: what the national register holds stays as it says (STR-03). */
export async function changeSheet(
  tx: Tx,
  input: { readonly structureId: number; readonly version: number; readonly change: SheetChange },
  actor: Actor,
  now: Date,
): Promise<Result<null, ChangeRefusal | { readonly code: SheetRefusal | "WORKS_OWNER_ONLY_ALONE" }>> {
  const structure = await findStructure(tx, input.structureId);
  if (!structure) return refused({ code: "NOT_FOUND" });
  const refusal = refuseSheetChange(structure, input.change);
  return refusal ? refused({ code: refusal }) : changeStructure(tx, input, actor, now);
}
