import { type Action, isAllowed, type Member } from "../../rights/index.ts";

/** What a person may choose the rhythm of; organisation.md 5.5. */
export type MailFamily =
  | "security"
  | "ownRequests"
  | "requestsToAnswer"
  | "structureLife"
  | "weekSummary"
  | "connections"
  | "news";

/** Whether news of a family go to the contact address of who chose one; the rest goes to the sign-in address. */
export const goesToContactAddress = (family: MailFamily): boolean =>
  family === "structureLife" || family === "weekSummary" || family === "connections" || family === "news";

export type Rhythm = "now" | "daily" | "weekly" | "off";

/** The rhythm of a family until the person chooses another; security is always at once. */
export const defaultRhythm: Readonly<Record<MailFamily, Rhythm>> = {
  security: "now",
  ownRequests: "now",
  requestsToAnswer: "daily",
  structureLife: "weekly",
  weekSummary: "off",
  connections: "now",
  news: "off",
};

/** A family that a person sets for each of her structures, and how often it may come. */
export type ChosenFamily = {
  readonly code: MailFamily;
  readonly label: string;
  readonly hint?: string;
  readonly rhythms: readonly Rhythm[];
  /** What one must be allowed on the structure to be offered it. */
  readonly needs?: Action;
};

/** What is chosen structure by structure. */
const chosenFamilies: readonly ChosenFamily[] = [
  { code: "ownRequests", label: "Mes demandes", rhythms: ["now", "daily"] },
  { code: "requestsToAnswer", label: "Demandes à traiter", rhythms: ["now", "daily", "weekly", "off"] },
  { code: "structureLife", label: "Vie de la structure", rhythms: ["now", "daily", "weekly", "off"] },
  {
    code: "weekSummary",
    label: "Résumé de la semaine",
    hint: "Ce qui a été fait dans la structure, d'après son historique.",
    rhythms: ["off", "weekly"],
    needs: "journal.read",
  },
];

/** What is chosen for the portal as a whole. */
export const newsFamily: ChosenFamily = {
  code: "news",
  label: "Actualités du portail",
  rhythms: ["off", "weekly"],
};

/** What a member may choose of a structure at an instant. */
export const familiesOf = (member: Member, now: Date): readonly ChosenFamily[] =>
  chosenFamilies.filter(({ needs }) => needs === undefined || isAllowed(member, needs, {}, now));

export const rhythmLabels: { readonly [R in Rhythm]: string } = {
  now: "Tout de suite",
  daily: "Chaque jour ouvré, en un message",
  weekly: "Chaque semaine, en un message",
  off: "Jamais",
};

/**
 * Whether requests may be silenced: not by the last main manager whom they still reach.
 * @param othersTold other active main managers of the structure who have not silenced them
 */
export function maySilence(
  choice: { readonly family: MailFamily; readonly rhythm: Rhythm },
  facts: { readonly role: "mainManager" | "member"; readonly othersTold: number },
): boolean {
  if (choice.family !== "requestsToAnswer" || choice.rhythm !== "off") return true;
  return facts.role === "member" || facts.othersTold > 0;
}

/** The rhythms of those whom a request concerns: when everybody has silenced it, it comes in the day's message. */
export function toldAtLeastOnce(family: MailFamily, rhythms: readonly Rhythm[]): readonly Rhythm[] {
  if (family !== "requestsToAnswer" || rhythms.some((rhythm) => rhythm !== "off")) return rhythms;
  return rhythms.map(() => "daily");
}
