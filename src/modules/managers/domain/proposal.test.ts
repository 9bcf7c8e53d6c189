import { describe, expect, test } from "vitest";
import {
  type AnswerFacts,
  type ProposalFacts,
  type ProposalKind,
  proposalDue,
  refuseProposal,
  refuseProposalAnswer,
} from "./proposal.ts";

const now = new Date("2026-03-02T09:00:00Z");
const facts = (more: Partial<ProposalFacts> = {}): ProposalFacts => ({
  structure: "active",
  isSelf: false,
  target: { role: "member", isActive: true },
  isUnderWay: false,
  isHandingOver: false,
  activeManagers: 2,
  ...more,
});
const manager = { role: "mainManager", isActive: true } as const;

describe("Proposer ou retirer le rôle de gestionnaire principal", () => {
  test.each<[ProposalKind, Partial<ProposalFacts>, string | null]>([
    ["name", {}, null],
    ["name", { structure: "inactive" }, "STRUCTURE_INACTIVE"],
    ["name", { target: null }, "NOT_ATTACHED"],
    ["name", { isSelf: true }, "SELF"],
    ["name", { target: manager }, "ALREADY_MANAGER"],
    ["name", { target: { role: "member", isActive: false } }, "PERSON_NOT_ACTIVE"],
    ["name", { isUnderWay: true }, "UNDER_WAY"],
    ["name", { isHandingOver: true }, null],
    ["handOver", { activeManagers: 1 }, null],
    ["handOver", { isHandingOver: true }, "HANDING_OVER"],
    ["remove", { target: manager }, null],
    ["remove", {}, "NOT_MANAGER"],
    ["remove", { target: manager, isSelf: true }, "SELF"],
    ["remove", { target: manager, activeManagers: 1 }, "LAST_MAIN_MANAGER"],
    ["remove", { target: { role: "mainManager", isActive: false }, activeManagers: 1 }, null],
    ["remove", { target: manager, isUnderWay: true }, "UNDER_WAY"],
  ])("%s, %o : %s", (kind, more, refusal) => {
    expect(refuseProposal(kind, facts(more))).toBe(refusal);
  });
});

describe("Répondre à une proposition", () => {
  const asked = (more: Partial<AnswerFacts>): AnswerFacts => ({
    kind: "name",
    state: "open",
    dueAt: proposalDue(more.kind ?? "name", now),
    by: "target",
    ...more,
  });
  test.each<[Parameters<typeof refuseProposalAnswer>[0], Partial<AnswerFacts>, string | null]>([
    ["accept", {}, null],
    ["accept", { by: "author" }, "NOT_YOURS"],
    ["accept", { by: "otherManager" }, "NOT_YOURS"],
    ["accept", { kind: "remove" }, "NOT_YOURS"],
    ["accept", { state: "cancelled" }, "ANSWERED"],
    ["decline", { kind: "handOver" }, null],
    ["cancel", { by: "author" }, null],
    ["cancel", { by: "otherManager" }, null],
    ["cancel", { by: "target" }, "NOT_YOURS"],
    ["cancel", { by: "otherManager", kind: "remove" }, "NOT_YOURS"],
    ["cancel", { by: "author", kind: "remove", state: "objected" }, null],
    ["object", { kind: "remove" }, null],
    ["object", { kind: "remove", by: "otherManager" }, "NOT_YOURS"],
    ["object", { kind: "remove", state: "objected" }, "ANSWERED"],
    ["confirm", { kind: "remove", by: "otherManager" }, "NOT_YOURS"],
    ["confirm", { kind: "remove", state: "objected", by: "author" }, "NOT_YOURS"],
    ["confirm", { kind: "remove", state: "objected", by: "target" }, "NOT_YOURS"],
    ["confirm", { kind: "remove", state: "objected", by: "otherManager" }, null],
    ["dismiss", { kind: "remove", state: "objected", by: "operator" }, null],
    ["confirm", { kind: "name", by: "operator" }, "NOT_YOURS"],
  ])("%s, %o : %s", (answer, more, refusal) => {
    expect(refuseProposalAnswer(answer, asked(more), now)).toBe(refusal);
  });

  test("le rôle s'accepte pendant quatorze jours, un retrait se conteste pendant soixante-douze heures", () => {
    for (const [kind, answer, hours] of [
      ["name", "accept", 14 * 24],
      ["remove", "object", 72],
    ] as const) {
      const at = (ms: number) => refuseProposalAnswer(answer, asked({ kind }), new Date(now.getTime() + ms));
      expect(at(hours * 3_600_000 - 1)).toBe(null);
      expect(at(hours * 3_600_000)).toBe("TOO_LATE");
    }
  });
});
