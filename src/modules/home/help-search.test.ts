import { describe, expect, test } from "vitest";
import { findHelp } from "./help-search.ts";
import { helpTopics } from "./help-topics.ts";

const topics = helpTopics({ idleMinutes: 30, hours: 12 });
const found = (search: string) => findHelp(topics, search).map(({ id }) => id);

describe("L'aide se cherche avec ses mots, et ceux de l'ancien portail", () => {
  for (const [search, first] of [
    ["creer service", "creer-un-service"],
    ["Créer un SERVICE", "creer-un-service"],
    ["rattacher utilisateur", "rattacher-un-utilisateur"],
    ["gestionnaire secondaire", "gestionnaires"],
    ["RIB", "coordonnees-bancaires"],
    ["mots de passe", "mot-de-passe"],
  ] as const)
    test(`« ${search} » mène d'abord à « ${first} »`, () => expect(found(search)[0]).toBe(first));

  for (const [old, now] of [
    ["espace", "obtenir-un-droit"],
    ["abonnement", "obtenir-un-droit"],
    ["Activités du gestionnaire", "rattacher-un-utilisateur"],
    ["CPP", "creer-un-compte"],
  ] as const)
    test(`« ${old} » trouve « ${now} »`, () => expect(found(old)).toContain(now));

  test("sans mot, ou de mots trop courants, toute l'aide", () => {
    expect(found("")).toEqual(topics.map(({ id }) => id));
    expect(found("la de")).toHaveLength(topics.length);
  });
  test("un mot inconnu ne trouve rien", () => expect(found("zzzz")).toEqual([]));
  test("chaque sujet a sa propre adresse dans la page", () => {
    expect(new Set(topics.map(({ id }) => id)).size).toBe(topics.length);
  });
});
