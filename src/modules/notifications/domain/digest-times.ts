import { DateTime } from "luxon";

const ZONE = "Europe/Paris";
const DIGEST_HOUR = 7;

/** Sunday of Easter (Gregorian computus of Meeus, Jones and Butcher). */
function easter(year: number): DateTime {
  const a = year % 19;
  const b = Math.floor(year / 100);
  const c = year % 100;
  const d = (19 * a + b - Math.floor(b / 4) - Math.floor((b - Math.floor((b + 8) / 25) + 1) / 3) + 15) % 30;
  const e = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - d - (c % 4)) % 7;
  const f = d + e - 7 * Math.floor((a + 11 * d + 22 * e) / 451) + 114;
  return DateTime.fromObject({ year, month: Math.floor(f / 31), day: (f % 31) + 1 }, { zone: ZONE });
}

/** Public holidays of metropolitan France that fall on the same day each year (article L3133-1 of the labour code). */
const fixedHolidays = new Set(["01-01", "05-01", "05-08", "07-14", "08-15", "11-01", "11-11", "12-25"]);
/** Days after Easter: its Monday, Ascension, the Monday of Pentecost. */
const movingHolidays = [1, 39, 50];

/** Whether an instant falls on a working day in France: Monday to Friday, public holidays left out. */
export function isWorkingDay(instant: Date): boolean {
  const day = DateTime.fromJSDate(instant, { zone: ZONE });
  if (day.weekday > 5 || fixedHolidays.has(day.toFormat("MM-dd"))) return false;
  const sunday = easter(day.year);
  return !movingHolidays.some((after) => sunday.plus({ days: after }).hasSame(day, "day"));
}

/**
 * Until when the news of the message due now go back: those of the day up to seven in the morning, those of the week
 * up to Monday at seven. Null outside working days and before seven: nothing is due.
 */
export function digestCutoffs(now: Date): { readonly daily: Date; readonly weekly: Date } | null {
  const day = DateTime.fromJSDate(now, { zone: ZONE });
  const daily = day.startOf("day").set({ hour: DIGEST_HOUR });
  if (!isWorkingDay(now) || day < daily) return null;
  return { daily: daily.toJSDate(), weekly: daily.set({ weekday: 1 }).toJSDate() };
}

/**
 * The week that a summary due now tells: from a Monday at seven in the morning to the next, the last that is over. Null when
 * nothing is due, as for the message of the day.
 */
export function weekToTell(now: Date): { readonly from: Date; readonly until: Date } | null {
  const cutoffs = digestCutoffs(now);
  if (cutoffs === null || cutoffs.weekly > now) return null;
  const until = DateTime.fromJSDate(cutoffs.weekly, { zone: ZONE });
  return { from: until.minus({ weeks: 1 }).toJSDate(), until: cutoffs.weekly };
}
