import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import { productRoot } from "../platform/paths.ts";

/** A line of docs/rgaa.csv: a criterion of RGAA 4.1.2, as its makers found it. */
export type Criterion = {
  readonly critère: string;
  readonly thématique: string;
  readonly état: "conforme" | "non conforme" | "non applicable";
  readonly comment: string;
  readonly preuve: string;
};

export type Conformity = {
  /** As the law words it. */
  readonly state: "totalement conforme" | "partiellement conforme" | "non conforme";
  readonly conforming: number;
  readonly applicable: number;
  readonly failing: readonly Criterion[];
};

/** The last time the grid was gone through, and on which version. */
export const accessibilityReview = { on: new Date("2026-11-24T12:00:00Z"), version: "0.1.0" } as const;

/** Counts a grid: nothing fails, at least half holds, or less (decree 2019-768, article 5). */
export function conformityOf(grid: readonly Criterion[]): Conformity {
  const conforming = grid.filter((one) => one.état === "conforme").length;
  const failing = grid.filter((one) => one.état === "non conforme");
  const applicable = conforming + failing.length;
  const state =
    failing.length === 0
      ? "totalement conforme"
      : conforming * 2 >= applicable
        ? "partiellement conforme"
        : "non conforme";
  return { state, conforming, applicable, failing };
}

/** The share that holds, in percent, cut after one decimal: never rounded up to a conformity that is not there. */
export function conformityRate({ conforming, applicable }: Conformity): string {
  return (Math.floor((1000 * conforming) / applicable) / 10).toLocaleString("fr-FR");
}

let known: Conformity | null = null;

/** How accessible this version is, by its own grid. */
export function conformity(): Conformity {
  known ??= conformityOf(
    parse(readFileSync(join(productRoot, "docs/rgaa.csv")), { delimiter: ";", columns: true }) as Criterion[],
  );
  return known;
}
