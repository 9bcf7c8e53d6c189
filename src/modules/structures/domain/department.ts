import { accepted, type Result, refused } from "../../../shared/result.ts";

/**
 * The beginnings of the postcodes of a department: its number, of three digits overseas; Corsica's two share those in 20.
 * Source: Insee's codes of departments, La Poste's postcodes.
 */
export function departmentPostcodes(
  typed: string,
): Result<readonly string[], { readonly code: "DEPARTMENT_UNKNOWN" }> {
  const code = typed.trim().toUpperCase();
  if (code === "2A") return accepted(["200", "201"]);
  if (code === "2B") return accepted(["202", "206"]);
  if (/^(97|98)\d$/.test(code)) return accepted([code]);
  const number = /^\d{1,2}$/.test(code) ? Number(code) : 0;
  return number >= 1 && number <= 95
    ? accepted([String(number).padStart(2, "0")])
    : refused({ code: "DEPARTMENT_UNKNOWN" });
}
