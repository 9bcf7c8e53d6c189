import type { Tone } from "../../../web/ui/index.ts";
import type { ImportKind, Verdict } from "../domain/import.ts";
import type { ImportRow, VerdictCounts } from "../store.ts";

export const organisation = { label: "Organisation", href: "/organisation" };
export const operatorEyes = "an import of the operator belongs to no structure";

/** Where a kind's imports start: in a structure, or with the operator (null). */
export const homeOf = (kind: ImportKind, structureId: number | null) =>
  structureId === null
    ? `/operateur/imports/${kind.path}`
    : `/organisation/imports/${kind.path}?structureId=${structureId}`;
export const listOf = (kind: ImportKind, structureId: number | null) =>
  structureId === null ? kind.list.path : `${kind.list.path}?structureId=${structureId}`;

export const states: { readonly [S in ImportRow["state"]]: { readonly tone: Tone; readonly label: string } } =
  {
    analysing: { tone: "info", label: "Analyse en cours" },
    analysed: { tone: "info", label: "Analysé" },
    applying: { tone: "info", label: "En cours" },
    applied: { tone: "success", label: "Terminé" },
    failed: { tone: "error", label: "Interrompu" },
    abandoned: { tone: "neutral", label: "Abandonné" },
  };
export const verdicts: { readonly [V in Verdict]: { readonly tone: Tone; readonly many: string } } = {
  refused: { tone: "error", many: "Refusées" },
  create: { tone: "success", many: "À créer" },
  change: { tone: "info", many: "À modifier" },
  close: { tone: "warning", many: "À fermer" },
  same: { tone: "neutral", many: "Déjà faites" },
};
export const verdictNames = Object.keys(verdicts) as Verdict[];
export const linesText = (count: number) => `${count.toLocaleString("fr-FR")} ligne${count > 1 ? "s" : ""}`;
export const toDo = (counts: VerdictCounts) => counts.create + counts.change + counts.close;
