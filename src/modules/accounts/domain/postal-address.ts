import { accepted, type Result, refused } from "../../../shared/result.ts";

/** What a French envelope holds above the postcode (norm NF Z 10-011). */
const MOST_LINES = 4;
const LONGEST_LINE = 38;

export type AddressLinesRefusal =
  | { readonly code: "TOO_MANY_LINES"; readonly most: number }
  | { readonly code: "LINE_TOO_LONG"; readonly line: string; readonly most: number };

/** The lines of a postal address as typed, empty ones left out: four of 38 characters at most. */
export function addressLines(typed: string): Result<readonly string[], AddressLinesRefusal> {
  const lines = typed
    .split(/\r?\n/)
    .map((line) => line.replace(/\s+/g, " ").trim())
    .filter((line) => line !== "");
  if (lines.length > MOST_LINES) return refused({ code: "TOO_MANY_LINES", most: MOST_LINES });
  const tooLong = lines.find((line) => [...line].length > LONGEST_LINE);
  return tooLong === undefined
    ? accepted(lines)
    : refused({ code: "LINE_TOO_LONG", line: tooLong, most: LONGEST_LINE });
}
