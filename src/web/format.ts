import { LRUCache } from "lru-cache";

const dateTime = new Intl.DateTimeFormat("fr-FR", {
  dateStyle: "short",
  timeStyle: "medium",
  timeZone: "Europe/Paris",
});
const dateOnly = new Intl.DateTimeFormat("fr-FR", { dateStyle: "short", timeZone: "Europe/Paris" });

/** Instants already written: a list of fifty shows the same ones to each reader, and writing one costs as much as its row. */
const written = new LRUCache<number, string>({ max: 10_000 });

/** An instant as the screens show it: `10/03/2022 15:01:32`, Europe/Paris. */
export function formatDateTime(instant: Date): string {
  const known = written.get(instant.getTime());
  if (known !== undefined) return known;
  const text = dateTime.format(instant);
  written.set(instant.getTime(), text);
  return text;
}

/** The day of an instant in Paris: `10/03/2022`. */
export const formatDate = (instant: Date): string => dateOnly.format(instant);

/** A SIRET by groups, as people read it: `999 100 001 00018`; other identifiers as they are. */
export function formatIdentifier(value: string): string {
  return /^\d{14}$/.test(value) ? value.replace(/^(\d{3})(\d{3})(\d{3})(\d{5})$/, "$1 $2 $3 $4") : value;
}

const month = new Intl.DateTimeFormat("fr-FR", { month: "long", year: "numeric", timeZone: "Europe/Paris" });

/** The month of an instant in Paris: « novembre 2026 ». */
export const formatMonth = (instant: Date): string => month.format(instant);

const DAY_MS = 24 * 3_600_000;

/** How long something has lasted, in days: « depuis aujourd'hui », « depuis 2 jours ». */
export function formatSince(from: Date, now: Date): string {
  const days = Math.floor((now.getTime() - from.getTime()) / DAY_MS);
  if (days < 1) return "depuis aujourd'hui";
  return days === 1 ? "depuis hier" : `depuis ${days} jours`;
}
