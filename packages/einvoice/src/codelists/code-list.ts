/** Where a list of codes comes from. */
export interface CodeListSource {
  /** As people call the list, such as `ISO 4217`. */
  readonly name: string;
  /** The publication that the codes were taken from, with its version. */
  readonly publication: string;
  /** Of that publication, as `YYYY-MM-DD`. */
  readonly date: string;
  /**
   * The published rules that hold codes to this list, such as `BR-CL-14`; followed by the element's name where one rule
   * has several lists.
   */
  readonly rules: readonly string[];
  /** The syntax whose rules those are, where the other has another list. */
  readonly syntax?: "ubl" | "cii";
  /** How the title of a published list file names the list. */
  readonly title: RegExp;
}

/** A list of codes that knows its source. */
export type CodeList = ReadonlySet<string> & { readonly source: CodeListSource };

/** A list of codes, from text where space separates them. */
export function codeList(source: CodeListSource, codes: string): CodeList {
  return Object.assign(new Set(codes.trim().split(/\s+/)), { source });
}

/** The publication that holds the lists of EN 16931, each restricted as the standard asks. */
export const europeanArtefacts = {
  publication: "European validation artefacts for EN 16931, 1.3.16",
  date: "2026-04-10",
};

/** The publication that holds the French lists. */
export const frenchRules = {
  publication: "XP Z12-012, rule set BR-FR of FNFE-MPE, 1.4.0.03",
  date: "2026-08-04",
};
