import { accepted, type Result, refused } from "../../../shared/result.ts";
import { type Establishment, isPublicCategory, type NationalRegister } from "../../register/index.ts";
import { type ReplacementRefusal, refuseEstablishment } from "../domain/replacement.ts";
import type { PostalAddress } from "../service-store.ts";
import type { StructureRow } from "../store.ts";
import type { ReplacementTerms } from "./replacement.ts";

type NumberKnown = {
  /** Null when the register does not know it, or is silent. */
  readonly found: Establishment | null;
  readonly terms: Omit<ReplacementTerms, "bankFourEyes">;
};

/** What the national register says of the number that a structure is to have, when it is asked and on the day. */
export async function askAboutNumber(
  register: NationalRegister,
  { kind, identifierType }: Pick<StructureRow, "kind" | "identifierType">,
  identifierValue: string,
): Promise<Result<NumberKnown, ReplacementRefusal>> {
  const isSiret = identifierType === "SIRET";
  const answer = isSiret ? await register.find(identifierValue) : null;
  const found = answer?.kind === "found" ? answer.establishment : null;
  const refusal = refuseEstablishment(
    found && { isOpen: found.isOpen, isPublic: isPublicCategory(found.legalCategory) },
    kind,
  );
  if (refusal) return refused(refusal);
  const registryCheck = found ? "confirmed" : isSiret ? "pending" : "none";
  return accepted({ found, terms: { registryCheck, address: publishedAddress(found) } });
}

/** Where the register says an establishment is, unless its holder objected to its publication. */
export const publishedAddress = (found: Establishment | null): PostalAddress | null =>
  found && !found.isConfidential && found.addressLine !== ""
    ? { addressLine: found.addressLine, postcode: found.postcode, town: found.town }
    : null;
