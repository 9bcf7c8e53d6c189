/** When an attachment starts: at its date, and never before it is made. */
export const startOf = ({ startsAt }: { readonly startsAt?: Date | null }, now: Date): Date =>
  startsAt && startsAt > now ? startsAt : now;
