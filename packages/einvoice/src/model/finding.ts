/** What a check reports: one broken rule, at one place. */
export interface Finding {
  /** Rule id as published, such as `BR-CO-10`. */
  rule: string;
  severity: "fatal" | "warning";
  /** Where the value stands in the source; absent when the invoice was never read from a file. */
  place?: Place;
  /** Business term concerned, such as `BT-112` or `BG-25`. */
  term?: string;
  /** The offending value, as written. */
  value?: string;
  /** Says what to change. */
  message: { fr: string; en: string };
}

/** A position in the source. */
export interface Place {
  xpath: string;
  /** From 1. */
  line: number;
  /** From 1. */
  column: number;
}
