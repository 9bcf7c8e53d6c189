/** When something counts: from `startsAt` (included) to `endsAt` (excluded); no end means until further notice. */
export type Validity = { readonly startsAt: Date; readonly endsAt: Date | null };

/** Where an instant stands; computed at each read, no nightly job makes it right. */
export function validityAt(validity: Validity, now: Date): "planned" | "active" | "ended" {
  if (now < validity.startsAt) return "planned";
  return validity.endsAt !== null && now >= validity.endsAt ? "ended" : "active";
}

/** Whether the end comes strictly after the start. */
export function endsAfterItStarts({ startsAt, endsAt }: Validity): boolean {
  return endsAt === null || endsAt > startsAt;
}
