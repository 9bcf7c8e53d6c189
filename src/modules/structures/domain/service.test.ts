import { describe, expect, test } from "vitest";
import {
  type BillingChoice,
  billingChoice,
  billingRules,
  billingSentence,
  openInPlaceOf,
  reportsPayment,
  requiresCommitment,
  serviceCode,
  serviceState,
  serviceValidity,
} from "./service.ts";

const at = (text: string) => new Date(text);
const start = at("2022-03-10T15:01:32+01:00");

describe("SRV-01 Un service se termine après avoir commencé", () => {
  for (const [end, ok] of [
    ["2022-03-10T15:01:33+01:00", true],
    ["2022-03-10T15:01:32+01:00", false], // same instant: the service would never be active
    ["2022-03-09T00:00:00+01:00", false],
  ] as const)
    test(`fin ${end}`, () => expect(serviceValidity(start, at(end)).ok).toBe(ok));

  test("sans fin", () => expect(serviceValidity(start, null).ok).toBe(true));
});

describe("L'état d'un service se lit de ses dates", () => {
  const service = {
    startsAt: at("2026-01-01T00:00:00Z"),
    endsAt: at("2026-02-01T00:00:00Z"),
    disabledAt: null,
  };
  for (const [now, expected] of [
    ["2025-12-31T23:59:59Z", "planned"],
    ["2026-01-01T00:00:00Z", "active"],
    ["2026-01-31T23:59:59Z", "active"],
    ["2026-02-01T00:00:00Z", "ended"],
  ] as const)
    test(now, () => expect(serviceState(service, at(now))).toBe(expected));

  test("désactivé, quelles que soient ses dates", () =>
    expect(
      serviceState({ ...service, disabledAt: at("2026-01-10T00:00:00Z") }, at("2026-01-11T00:00:00Z")),
    ).toBe("disabled"));
});

describe("Le code d'un service", () => {
  for (const [typed, expected] of [
    [" FI_SGPI ", "FI_SGPI"],
    ["x".repeat(100), "x".repeat(100)],
    ["x".repeat(101), "SERVICE_CODE_TOO_LONG"],
    ["factures_publiques", "SERVICE_CODE_RESERVED"],
    ["A\u0000B", "SERVICE_CODE_CHARACTERS"],
    ["A\u202eB", "SERVICE_CODE_CHARACTERS"],
  ] as const)
    test(typed.slice(0, 20), () => {
      const answer = serviceCode(typed);
      expect(answer.ok ? answer.value : answer.refusal.code).toBe(expected);
    });
});

test("Les quatre choix de facturation se relisent", () => {
  for (const choice of ["nothing", "service", "commitment", "either", "both"] as BillingChoice[]) {
    expect(billingChoice(billingRules(choice))).toBe(choice);
    expect(billingSentence(billingRules(choice))).toMatch(/\.$/);
  }
});

test("SRV-08 L'engagement est exigé par la structure ou par le service", () => {
  const asks = (commitmentRequired: boolean) => ({ commitmentRequired });
  expect(requiresCommitment(asks(false), asks(false))).toBe(false);
  expect(requiresCommitment(asks(true), asks(false))).toBe(true);
  expect(requiresCommitment(asks(false), asks(true))).toBe(true);
});

test("La mise en paiement est remontée comme le service le dit, sinon comme la structure", () => {
  const says = (paymentStatusReported: boolean) => ({ paymentStatusReported });
  expect(reportsPayment(says(true), { paymentStatusReported: null })).toBe(true);
  expect(reportsPayment(says(true), says(false))).toBe(false);
  expect(reportsPayment(says(false), says(true))).toBe(true);
});

describe("SRV-10 Ce qui vise un service fermé vise celui qui l'a remplacé", () => {
  const now = at("2026-03-02T10:00:00Z");
  const service = (id: number, successorId: number | null, endsAt: Date | null) => ({
    id,
    successorId,
    startsAt: at("2026-01-01T00:00:00Z"),
    endsAt,
    disabledAt: null,
  });
  const closed = at("2026-02-01T00:00:00Z");
  const services = [
    service(1, 2, closed),
    service(2, 3, closed),
    service(3, null, null),
    service(4, null, closed),
    service(5, 3, at("2026-04-01T00:00:00Z")),
    service(6, 7, closed),
    service(7, 6, closed),
  ];
  for (const [name, ids, expected] of [
    ["de proche en proche", [1], [3]],
    ["une fois, quand deux mènent au même", [1, 2, 3], [3]],
    ["rien, quand rien ne l'a remplacé", [4], []],
    ["lui-même, tant qu'il est ouvert", [5], [5]],
    ["rien, quand ils se remplacent en rond", [6], []],
  ] as const)
    test(name, () => expect(openInPlaceOf(ids, services, now)).toEqual(expected));
});
