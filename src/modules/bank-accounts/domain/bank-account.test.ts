import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  bankAccountState,
  bic,
  groupedIban,
  iban,
  isBicOfAnotherCountry,
  maskedIban,
} from "./bank-account.ts";

const BANK_ACCOUNT = "FR7630001007941234567890185";

describe("Un IBAN est lu tel qu'il se recopie, et vérifié", () => {
  test.each([
    ["FR76 3000 1007 9412 3456 7890 185", BANK_ACCOUNT],
    ["fr76-3000-1007-9412-3456-7890-185", BANK_ACCOUNT],
    ["DE89 3704 0044 0532 0130 00", "DE89370400440532013000"],
    ["", "IBAN_COUNTRY"],
    ["ZZ89 3704 0044 0532 0130 00", "IBAN_COUNTRY"],
    ["FR76 3000 1007 9412 3456 7890 18", "IBAN_LENGTH"],
    ["FR76 3000 1007 9412 3456 7890 186", "IBAN_KEY"],
    // the key modulo 97 is right, the French RIB key is not
    ["FR49 3000 1007 9412 3456 7890 186", "IBAN_KEY"],
  ])("« %s » : %s", (typed, expected) => {
    const read = iban(typed);
    expect(read.ok ? read.value : read.refusal.code).toBe(expected);
  });

  test("la longueur attendue est celle du pays", () =>
    expect(iban("DE8937040044053201300")).toEqual({
      ok: false,
      refusal: { code: "IBAN_LENGTH", expected: 22, given: 21 },
    }));

  test("un seul chiffre changé est toujours vu", () =>
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: BANK_ACCOUNT.length - 1 }),
        fc.integer({ min: 0, max: 9 }),
        (position, digit) => {
          fc.pre(BANK_ACCOUNT[position] !== String(digit));
          return !iban(`${BANK_ACCOUNT.slice(0, position)}${digit}${BANK_ACCOUNT.slice(position + 1)}`).ok;
        },
      ),
    ));
});

describe("Le BIC", () => {
  test.each([
    ["bdfe fr pp cct", BANK_ACCOUNT, "BDFEFRPPCCT"],
    ["BDFEFRPP", BANK_ACCOUNT, "BDFEFRPP"],
    ["", BANK_ACCOUNT, null],
    ["", "BR1800360305000010009795493C1", "BIC_NEEDED"],
    ["BDFEFRP", BANK_ACCOUNT, "BIC_FORM"],
  ])("« %s » avec %s : %s", (typed, account, expected) => {
    const read = bic(typed, account);
    expect(read.ok ? read.value : read.refusal.code).toBe(expected);
  });

  test("d'un autre pays que le compte, il est signalé", () => {
    expect(isBicOfAnotherCountry("DEUTDEFF", BANK_ACCOUNT)).toBe(true);
    expect(isBicOfAnotherCountry("BDFEFRPP", BANK_ACCOUNT)).toBe(false);
    expect(isBicOfAnotherCountry(null, BANK_ACCOUNT)).toBe(false);
  });
});

test("Masqué, un IBAN garde quatre caractères de chaque bout", () => {
  expect(maskedIban(BANK_ACCOUNT)).toBe("FR76 •••• •••• 0185");
  expect(groupedIban(BANK_ACCOUNT)).toBe("FR76 3000 1007 9412 3456 7890 185");
});

test("Seule une coordonnée confirmée, en cours de validité et non désactivée est active", () => {
  const noon = new Date("2026-03-10T12:00:00Z");
  const account = { startsAt: noon, endsAt: new Date("2026-04-10T12:00:00Z"), state: "active" } as const;
  expect(bankAccountState(account, noon)).toBe("active");
  expect(bankAccountState(account, new Date(noon.getTime() - 1))).toBe("planned");
  expect(bankAccountState(account, account.endsAt)).toBe("ended");
  expect(bankAccountState({ ...account, state: "disabled" }, noon)).toBe("disabled");
  expect(bankAccountState({ ...account, state: "blocked" }, noon)).toBe("blocked");
  expect(bankAccountState({ ...account, state: "pendingConfirmation" }, noon)).toBe("toConfirm");
});
