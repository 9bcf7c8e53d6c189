import { describe, expect, test } from "vitest";
import { type AskFacts, refuseAnswering, refuseAsking } from "./grant-request.ts";

const now = new Date("2026-03-10T10:00:00Z");
const daysAgo = (days: number) => new Date(now.getTime() - days * 24 * 3_600_000);

describe("Demander une habilitation", () => {
  const facts: AskFacts = {
    role: "member",
    scope: "structure",
    isByService: true,
    hasOpenService: false,
    isHeld: false,
    lastRefusedAt: null,
  };
  test.each([
    ["qu'on n'a pas", {}, null],
    ["qu'on a déjà", { isHeld: true }, "ALREADY_HELD"],
    ["étant gestionnaire principal", { role: "mainManager" }, "MANAGER_HOLDS_ALL"],
    ["dans son service", { scope: "service", hasOpenService: true }, null],
    ["dans un service fermé", { scope: "service" }, "NO_OPEN_SERVICE"],
    [
      "qui ne se limite pas à un service",
      { scope: "service", hasOpenService: true, isByService: false },
      "WHOLE_STRUCTURE_ONLY",
    ],
    ["refusée il y a six jours", { lastRefusedAt: daysAgo(6) }, "RECENTLY_REFUSED"],
    ["refusée il y a sept jours", { lastRefusedAt: daysAgo(7) }, null],
  ] as [string, Partial<AskFacts>, string | null][])("%s : %o → %s", (_title, change, expected) =>
    expect(refuseAsking({ ...facts, ...change }, now)).toBe(expected),
  );
});

describe("Répondre à une demande d'habilitation", () => {
  const facts = { state: "pending", isOwnRequest: false, mayChangeRights: true } as const;
  test.each([
    ["en attente", {}, null],
    ["la sienne, même avec le droit (RIG-06)", { isOwnRequest: true }, "CANNOT_ANSWER_SELF"],
    ["de qui n'est pas de ses services (RIG-07)", { mayChangeRights: false }, "NOT_YOURS_TO_ANSWER"],
    ["déjà répondue", { state: "refused" }, "ALREADY_ANSWERED"],
  ] as const)("%s : %o → %s", (_title, change, expected) =>
    expect(refuseAnswering({ ...facts, ...change })).toBe(expected),
  );
});
