import { DateTime } from "luxon";

const ZONE = "Europe/Paris";

/**
 * Reads a date as a French person types it: `10/03/2022 15:01:32`, `10/3/2022 15:01`, `10/03/2022`, `10/3/22`.
 * @param dayAlone what a date without hour means: the start of that day or its last second (SRV-01)
 * @returns the instant in Paris time, or null when it is not a date of the calendar
 */
export function frenchDateTime(typed: string, dayAlone: "start" | "end"): Date | null {
  const found =
    /^(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4}|\d{2})(?:[ T]+(?:à )?(\d{1,2})[:h](\d{2})(?::(\d{2}))?)?$/.exec(
      typed.trim(),
    );
  if (!found) return null;
  const [, day, month, year, hour, minute, second] = found.map((part) =>
    part === undefined ? Number.NaN : Number(part),
  );
  const hasHour = !Number.isNaN(hour);
  const at = DateTime.fromObject(
    {
      year: year! < 100 ? 2000 + year! : year!,
      month: month!,
      day: day!,
      hour: hasHour ? hour! : dayAlone === "start" ? 0 : 23,
      minute: hasHour ? minute! : dayAlone === "start" ? 0 : 59,
      second: hasHour ? (Number.isNaN(second) ? 0 : second!) : dayAlone === "start" ? 0 : 59,
    },
    { zone: ZONE },
  );
  return at.isValid ? at.toJSDate() : null;
}

/** The start, in Paris, of a day written `2026-11-28`; null when it is none of the calendar. */
export function dayInParis(written: string): Date | null {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(written)) return null;
  const at = DateTime.fromISO(written, { zone: ZONE });
  return at.isValid ? at.toJSDate() : null;
}

/** A day written `2026-11-28`, as a French person reads it: `28/11/2026`. */
export const frenchDay = (written: string): string => written.split("-").reverse().join("/");

/** The day of an instant in Paris, written `2026-11-28`. */
export function toIsoDay(instant: Date): string {
  return DateTime.fromJSDate(instant, { zone: ZONE }).toFormat("yyyy-MM-dd");
}

/** An instant as a field shows it: `10/03/2022 15:01:32`, Paris time. */
export function toFrenchDateTime(instant: Date): string {
  return DateTime.fromJSDate(instant, { zone: ZONE }).toFormat("dd/MM/yyyy HH:mm:ss");
}

/** The same day and hour in Paris some years later; a 29 February becomes the 28. */
export function yearsLater(instant: Date, years: number): Date {
  return DateTime.fromJSDate(instant, { zone: ZONE }).plus({ years }).toJSDate();
}

/** The same hour in Paris some months later (earlier when negative); a day that the month lacks becomes its last. */
export function monthsLater(instant: Date, months: number): Date {
  return DateTime.fromJSDate(instant, { zone: ZONE }).plus({ months }).toJSDate();
}
