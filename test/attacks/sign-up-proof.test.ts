import { type Challenge, solveChallenge } from "altcha-lib";
import { deriveKey } from "altcha-lib/algorithms/pbkdf2";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Browser } from "../support/browser.ts";
import { startPortal, type TestPortal } from "../support/portal.ts";
import { reachSummary } from "../support/sign-up-form.ts";

let portal: TestPortal;
beforeAll(async () => {
  portal = await startPortal({ SIGN_UP_PROOF: "on" });
});
beforeEach(() => portal.query("delete from sign_in_throttle"));
afterAll(() => portal?.close());

function challengeOn(browser: Browser): Challenge {
  return JSON.parse(browser.form().querySelector("[name=preuve]")!.getAttribute("data-challenge")!);
}

async function solve(challenge: Challenge): Promise<string> {
  return JSON.stringify({ challenge, solution: await solveChallenge({ challenge, deriveKey }) });
}

/** Sends the last step with a proof; answers the status. */
async function create(email: string, proofOf: (challenge: Challenge) => string | Promise<string>) {
  const browser = portal.browser();
  await reachSummary(browser, email);
  const preuve = await proofOf(challengeOn(browser));
  return { ...(await browser.send({ preuve })), browser };
}

const sentTo = async (email: string) => (await portal.mailsTo(email)).length;

describe("ACC-15 Un robot qui crée des comptes", () => {
  test("ne rejoue pas une solution, même en plusieurs fois au même instant", async () => {
    let kept = "";
    await create("premier@exemple.fr", async (challenge) => {
      kept = await solve(challenge);
      return kept;
    });
    expect(await sentTo("premier@exemple.fr")).toBe(1);
    const again = await create("second@exemple.fr", () => kept);
    expect(again.status).toBe(422);
    expect(again.browser.text).toContain("a déjà servi");
    expect(await sentTo("second@exemple.fr")).toBe(0);

    const browsers = Array.from({ length: 6 }, () => portal.browser());
    await Promise.all(browsers.map((one, index) => reachSummary(one, `ensemble-${index}@exemple.fr`)));
    const fresh = await solve(challengeOn(browsers[0]!));
    const answers = await Promise.all(browsers.map((one) => one.send({ preuve: fresh })));
    expect(answers.map((one) => one.status).sort()).toEqual([200, 422, 422, 422, 422, 422]);
  });

  test("reprend la main après un refus, avec un nouveau calcul", async () => {
    const { browser } = await create("reprise@exemple.fr", () => "{}");
    expect(browser.text).toContain("appuyez de nouveau");
    await browser.send({ preuve: await solve(challengeOn(browser)) });
    expect(await sentTo("reprise@exemple.fr")).toBe(1);
  });

  const forgeries: [string, (challenge: Challenge) => string | Promise<string>][] = [
    ["du texte", () => "oui"],
    ["rien dedans", () => "{}"],
    [
      "une clé inventée",
      (challenge) => JSON.stringify({ challenge, solution: { counter: 1, derivedKey: "00".repeat(32) } }),
    ],
    [
      "un défi facile, fait par lui",
      (challenge) =>
        solve({
          ...challenge,
          parameters: { ...challenge.parameters, cost: 1, keyPrefix: "0", keySignature: undefined },
        } as Challenge),
    ],
    ["un défi sans signature", async (challenge) => solve({ parameters: challenge.parameters })],
    [
      "une vie allongée",
      async (challenge) => {
        const solved = JSON.parse(await solve(challenge));
        solved.challenge.parameters.expiresAt += 86_400;
        return JSON.stringify(solved);
      },
    ],
  ];
  for (const [index, [what, forge]] of forgeries.entries())
    test(`n'invente pas une preuve : ${what}`, async () => {
      const email = `invente-${index}@exemple.fr`;
      const { status, browser } = await create(email, forge);
      expect(status).toBe(422);
      expect(browser.text).toContain("n'a pas abouti");
      expect(await sentTo(email)).toBe(0);
    });

  test("ne garde pas des solutions pour plus tard", async () => {
    const { browser, status } = await create("tard@exemple.fr", async (challenge) => {
      const solved = await solve(challenge);
      portal.advance({ minutes: 21 });
      return solved;
    });
    expect(status).toBe(422);
    expect(browser.text).toContain("plus de vingt minutes");
    expect(await sentTo("tard@exemple.fr")).toBe(0);
  });

  test("sans preuve, n'en crée que dix par heure d'une même origine, puis attend", async () => {
    for (let count = 0; count < 10; count++)
      expect((await create(`r${count}@exemple.fr`, () => "")).status).toBe(200);
    const refused = await create("r10@exemple.fr", () => "");
    expect(refused.status).toBe(429);
    expect(refused.headers.get("retry-after")).toMatch(/^3[56]\d\d$/);
    expect(refused.browser.text).toContain("Activez JavaScript");
    expect(await sentTo("r10@exemple.fr")).toBe(0);
    expect((await create("prouve@exemple.fr", solve)).status).toBe(200);
    portal.advance({ minutes: 61 });
    expect((await create("r10@exemple.fr", () => "")).status).toBe(200);
  });

  test("sans preuve, n'en crée que cent par heure, toutes origines réunies", async () => {
    expect((await create("un@exemple.fr", () => "")).status).toBe(200);
    await portal.query("update sign_in_throttle set failures = 99 where key = 'sign-up:all'");
    expect((await create("centieme@exemple.fr", () => "")).status).toBe(200);
    expect((await create("suivant@exemple.fr", () => "")).status).toBe(429);
    expect((await create("avec-preuve@exemple.fr", solve)).status).toBe(200);
  });
});
