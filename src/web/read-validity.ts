import { frenchDateTime } from "../shared/french-date-time.ts";
import type { Validity } from "../shared/validity.ts";

/** The two dates of a form as typed; an error says how to type them. */
export function readValidity(values: {
  readonly startsAt: string;
  readonly endsAt: string;
}): Validity | { readonly errors: Record<string, string> } {
  const startsAt = frenchDateTime(values.startsAt, "start");
  const endsAt = values.endsAt.trim() === "" ? null : frenchDateTime(values.endsAt, "end");
  const errors: Record<string, string> = {};
  if (!startsAt) errors.startsAt = "Saisissez la date de début, par exemple 10/03/2022 15:01:32.";
  if (values.endsAt.trim() !== "" && !endsAt)
    errors.endsAt = "Saisissez la date de fin comme 31/12/2027 18:00:00, ou laissez le champ vide.";
  return Object.keys(errors).length > 0 ? { errors } : { startsAt: startsAt!, endsAt };
}
