/** A list of codes, from text where space separates them. */
export function codeList(codes: string): ReadonlySet<string> {
  return new Set(codes.trim().split(/\s+/));
}
