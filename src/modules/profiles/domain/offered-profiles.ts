import { type ProfileLine, type ReadyProfile, readyProfiles } from "../../rights/index.ts";

/** What a structure keeps of its own: a set of its own, a ready-made one adapted, or a ready-made one put away. */
export type KeptProfile = ReadyProfile & { readonly hidden: boolean; readonly version: number };

export type OfferedProfile = ReadyProfile & {
  readonly kind: "ready" | "adapted" | "own";
  /** Grows at each change, so that of two changes at once the second is refused; 0 for a ready-made set. */
  readonly version: number;
};

export type Offer = {
  readonly offered: readonly OfferedProfile[];
  /** The ready-made sets that the structure has put away. */
  readonly hidden: readonly ReadyProfile[];
};

/** The sets a structure offers: the ready-made ones as it adapted them, then its own by name (organisation.md 12.3). */
export function offerOf(kept: readonly KeptProfile[]): Offer {
  const keptFor = (code: string) => kept.find((one) => one.code === code);
  const ready = readyProfiles.filter((one) => !keptFor(one.code)?.hidden);
  const own = kept.filter((one) => !readyProfiles.some((known) => known.code === one.code));
  return {
    offered: [
      ...ready.map((one): OfferedProfile => {
        const adapted = keptFor(one.code);
        return adapted
          ? { ...offeredFields(adapted), kind: "adapted" }
          : { ...one, kind: "ready", version: 0 };
      }),
      ...own
        .toSorted((one, other) => one.name.localeCompare(other.name, "fr"))
        .map((one): OfferedProfile => ({ ...offeredFields(one), kind: "own" })),
    ],
    hidden: readyProfiles.filter((one) => keptFor(one.code)?.hidden),
  };
}

/** RIG-01. The set proposed first when rights are given: the one chosen, else the first, where it was put away. */
export function defaultAmong(offered: readonly OfferedProfile[], chosen: string): OfferedProfile {
  return offered.find((one) => one.code === chosen) ?? offered[0]!;
}

const offeredFields = ({ code, name, says, lines, version }: KeptProfile) => ({
  code,
  name,
  says,
  lines,
  version,
});

export type ProfileRefusal =
  | "NAME_TAKEN"
  | "NO_LINE"
  | "CANNOT_GRANT_MORE"
  | "CHANGED_MEANWHILE"
  | "LAST_PROFILE"
  | "IS_DEFAULT"
  | "NOT_FOUND";

export type DraftFacts = {
  readonly name: string;
  readonly lines: readonly ProfileLine[];
  /** The names of the other sets offered or put away. */
  readonly otherNames: readonly string[];
  /** Whether the author holds every right of the draft herself (RIG-05). */
  readonly isWithinAuthorsRights: boolean;
};

/** Why a set may not be kept so; null when it may. Two sets of one name could not be told apart where rights come from. */
export function refuseDraft(facts: DraftFacts): ProfileRefusal | null {
  if (facts.otherNames.some((name) => sameName(name, facts.name))) return "NAME_TAKEN";
  if (facts.lines.length === 0) return "NO_LINE";
  return facts.isWithinAuthorsRights ? null : "CANNOT_GRANT_MORE";
}

const sameName = (one: string, other: string) =>
  one.localeCompare(other, "fr", { sensitivity: "base", ignorePunctuation: true }) === 0;

/** The page that adds a set stands where the code of one would be. */
const RESERVED = "nouveau";

/** A code for a new set, made of its name, that no other set of the structure bears. */
export function codeFor(name: string, taken: readonly string[]): string {
  const words = name
    .normalize("NFD")
    .toLowerCase()
    .replace(/\p{M}/gu, "")
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
  const base = words || "ensemble";
  for (let number = 1; ; number++) {
    const code = number === 1 ? base : `${base}-${number}`;
    if (code !== RESERVED && !taken.includes(code)) return code;
  }
}

/** What to tell of each refusal. */
export const profileRefusalTexts: { readonly [C in ProfileRefusal]: string } = {
  NAME_TAKEN: "Un autre ensemble de droits porte déjà ce nom. Choisissez-en un autre.",
  NO_LINE: "Donnez au moins un droit à cet ensemble.",
  CANNOT_GRANT_MORE: "Un ensemble ne contient que des droits que vous avez vous-même.",
  CHANGED_MEANWHILE: "Quelqu'un a modifié cet ensemble entre-temps. Revenez à la liste et recommencez.",
  LAST_PROFILE: "C'est le dernier ensemble de droits de la structure : gardez-en au moins un.",
  IS_DEFAULT: "C'est l'ensemble proposé par défaut : le gestionnaire principal en choisit d'abord un autre.",
  NOT_FOUND: "Cet ensemble de droits n'existe plus.",
};
