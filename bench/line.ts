/** One line of the report. */
export type Line = {
  /** The budget that it answers: P-01 … */
  readonly path: string;
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  /** What the value is held against: a bare measure or a peer of the same run, or a bound of the reference machine. */
  readonly against: "bare" | "absolute";
  readonly reference: number;
  /** How the value compares to its reference, the higher the better. */
  readonly ratio: number;
  /** The least ratio asked. */
  readonly bound: number;
};

/** A rate held against the bare rate of the same run. */
export function rateLine(
  line: Pick<Line, "path" | "what" | "unit" | "value" | "bound"> & { bare: number },
): Line {
  const { bare, ...rest } = line;
  return { ...rest, against: "bare", reference: bare, ratio: line.value / bare };
}

/** A rate that the reference machine must reach. */
export const atLeast = (path: string, what: string, value: number, unit: string, least: number): Line => ({
  path,
  what,
  value,
  unit,
  against: "absolute",
  reference: least,
  ratio: value / least,
  bound: 1,
});

/** A duration or a size that the reference machine must not exceed. */
export const atMost = (path: string, what: string, value: number, unit: string, most: number): Line => ({
  path,
  what,
  value,
  unit,
  against: "absolute",
  reference: most,
  ratio: value === 0 ? Number.POSITIVE_INFINITY : most / value,
  bound: 1,
});

export const holds = ({ ratio, bound }: Line): boolean => ratio >= bound;

export function written(line: Line): string {
  const { path, what, value, unit, against, reference, ratio, bound } = line;
  const number = (one: number, width: number) => one.toFixed(one < 100 ? 2 : 0).padStart(width);
  return `${path.padEnd(5)} ${what.padEnd(66)} ${number(value, 11)} ${unit.padEnd(9)} ${against.padEnd(8)} ${number(reference, 11)}  ratio ${number(ratio, 9)}  asked ${String(bound).padEnd(4)} ${holds(line) ? "ok" : "MISSED"}`;
}
