/** What a form shows: the values typed (never lost by a refusal) and, beside each field, what to correct. */
export type FormState = {
  readonly values: Readonly<Record<string, string | readonly string[]>>;
  readonly errors: Readonly<Record<string, string>>;
};
