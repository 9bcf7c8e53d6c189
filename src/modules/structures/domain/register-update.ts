import type { Establishment } from "../../register/index.ts";

/** What the national register holds of a structure. */
export type RegisterData = {
  readonly kind: "public" | "private";
  readonly legalName: string;
  readonly displayName: string;
  readonly addressLine: string;
  readonly postcode: string;
  readonly town: string;
  readonly legalCategory: string | null;
  readonly companyCategory: string | null;
  readonly activityCode: string | null;
  readonly closedInRegistryOn: string | null;
  readonly registryCheck: string;
  readonly registryConfidential: boolean;
  readonly listedInDirectory: boolean;
};

type HeldField = "legalName" | "addressLine" | "postcode" | "town";
/** The fields that the register holds once they come from it; complements and telephone stay free (organisation.md 7.1). */
export const heldFields: readonly HeldField[] = ["legalName", "addressLine", "postcode", "town"];

export type RegisterChange = Partial<
  Omit<RegisterData, "kind"> & { readonly registryCheck: "confirmed" | "negative" }
>;

/** One line of the comparison, in words. */
export type RegisterLine = {
  readonly field:
    | "name"
    | "address"
    | "activity"
    | "legalCategory"
    | "companyCategory"
    | "state"
    | "published"
    | "listed";
  readonly before: string;
  readonly after: string;
};

export type RegisterUpdate = { readonly lines: readonly RegisterLine[]; readonly change: RegisterChange };

/** Whether the register publishes a name and an address: it then holds those of the structure. */
export const isPublished = (found: Pick<Establishment, "isConfidential" | "legalName">): boolean =>
  !found.isConfidential && found.legalName !== "";

/**
 * STR-02. What becomes of a structure once the register said whether its holder objected to its publication: who did is
 * not in the directory, whatever was chosen before.
 */
export const publication = (
  isConfidential: boolean,
): { readonly registryConfidential: boolean; readonly listedInDirectory?: false } => ({
  registryConfidential: isConfidential,
  ...(isConfidential && { listedInDirectory: false }),
});

/**
 * What « Mettre à jour depuis le répertoire » would change of a structure, and how it reads. A register that publishes
 * neither name nor address (« non diffusible ») leaves those that are there; the name on screen follows the legal one as
 * long as nobody chose another. Source: organisation.md 7.4.
 * @returns null when the register says the establishment is of the other nature, public or private: an operator decides
 */
export function registerUpdate(
  known: RegisterData,
  found: Establishment & { readonly isPublic: boolean },
): RegisterUpdate | null {
  if (found.legalCategory && found.isPublic !== (known.kind === "public")) return null;
  const after: RegisterData = {
    ...known,
    ...(isPublished(found) && {
      legalName: found.legalName,
      displayName: known.displayName === known.legalName ? found.legalName : known.displayName,
      addressLine: found.addressLine,
      postcode: found.postcode,
      town: found.town,
    }),
    legalCategory: found.legalCategory || known.legalCategory,
    companyCategory: found.companyCategory || known.companyCategory,
    activityCode: found.activityCode || known.activityCode,
    registryCheck: found.isOpen ? "confirmed" : "negative",
    closedInRegistryOn: found.isOpen ? null : found.closedOn,
    ...publication(found.isConfidential),
  };
  const lines = described.flatMap(([field, say]) =>
    say(known) === say(after) ? [] : [{ field, before: say(known), after: say(after) }],
  );
  const keys = (Object.keys(after) as (keyof RegisterData)[]).filter((key) => after[key] !== known[key]);
  return { lines, change: Object.fromEntries(keys.map((key) => [key, after[key]])) };
}

const described: readonly (readonly [RegisterLine["field"], (data: RegisterData) => string])[] = [
  ["name", (data) => data.legalName],
  ["address", (data) => `${data.addressLine}, ${data.postcode} ${data.town}`.replace(/^, /, "").trim()],
  ["activity", (data) => data.activityCode ?? ""],
  ["legalCategory", (data) => data.legalCategory ?? ""],
  ["companyCategory", (data) => data.companyCategory ?? ""],
  ["published", (data) => (data.registryConfidential ? "no" : "yes")],
  ["listed", (data) => (data.listedInDirectory ? "yes" : "no")],
  [
    "state",
    (data) => (data.registryCheck === "negative" ? `closed ${data.closedInRegistryOn ?? ""}` : "open"),
  ],
];
