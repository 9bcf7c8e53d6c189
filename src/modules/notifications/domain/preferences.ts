/** What a person may choose the rhythm of; organisation.md 5.5. */
export type MailFamily =
  | "security"
  | "ownRequests"
  | "requestsToAnswer"
  | "structureLife"
  | "connections"
  | "news";

export type Rhythm = "now" | "daily" | "weekly" | "off";

/** The rhythm of a family until the person chooses another; security is always at once. */
export const defaultRhythm: Readonly<Record<MailFamily, Rhythm>> = {
  security: "now",
  ownRequests: "now",
  requestsToAnswer: "daily",
  structureLife: "weekly",
  connections: "now",
  news: "off",
};

/** A family that a person sets for each of her structures, and how often it may come. */
export type ChosenFamily = {
  readonly code: MailFamily;
  readonly label: string;
  readonly rhythms: readonly Rhythm[];
};

/** What is chosen structure by structure. */
export const chosenFamilies: readonly ChosenFamily[] = [
  { code: "ownRequests", label: "Mes demandes", rhythms: ["now", "daily"] },
  { code: "requestsToAnswer", label: "Demandes à traiter", rhythms: ["now", "daily", "weekly", "off"] },
  { code: "structureLife", label: "Vie de la structure", rhythms: ["now", "daily", "weekly", "off"] },
];

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
