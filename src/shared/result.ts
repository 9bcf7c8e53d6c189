/**
 * What a rule or a use case answers: the value, or the reason why not.
 * A refusal is what a careful user can meet; a bug or an outage throws instead.
 */
export type Result<T, R> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly refusal: R };

/** The value was accepted. */
export function accepted<T>(value: T): { readonly ok: true; readonly value: T } {
  return { ok: true, value };
}

/** The value was refused; the refusal carries a code and the facts that explain it. */
export function refused<R>(refusal: R): { readonly ok: false; readonly refusal: R } {
  return { ok: false, refusal };
}
