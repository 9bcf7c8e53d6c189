import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeDemoWorld } from "../../src/modules/demo/index.ts";
import type { Browser } from "../support/browser.ts";
import { signIn, signUp } from "../support/people.ts";
import { startPortal, type TestPortal } from "../support/portal.ts";

const PAIRS = 200;
const TOWN = 1;
let portal: TestPortal;
beforeAll(async () => {
  portal = await startPortal();
  await makeDemoWorld(portal.database);
});
afterAll(() => portal?.close());

/** How well the time of an answer tells one kind from the other: 0.5 when it tells nothing, 1 when it tells all. */
function areaUnderCurve(ones: readonly number[], others: readonly number[]): number {
  const ranked = [
    ...ones.map((ms) => ({ ms, isOne: true })),
    ...others.map((ms) => ({ ms, isOne: false })),
  ].sort((a, b) => a.ms - b.ms);
  const ranks = ranked.reduce((sum, { isOne }, index) => sum + (isOne ? index + 1 : 0), 0);
  return (ranks - (ones.length * (ones.length + 1)) / 2) / (ones.length * others.length);
}

/**
 * Times the two kinds by turns. Two hundred of each place the area within ± 0.03 of its true value, which chance alone
 * takes out of the bounds now and then: then twice as many decide, and again at most once.
 */
async function expectSameTime(pair: (index: number) => Promise<[number, number]>): Promise<void> {
  const ones: number[] = [];
  const others: number[] = [];
  for (let round = 0; round < 3; round++) {
    for (let index = 0; index < PAIRS; index++) {
      const [one, other] = await pair(round * PAIRS + index);
      ones.push(one);
      others.push(other);
    }
    const area = areaUnderCurve(ones, others);
    if (area >= 0.45 && area <= 0.55) return;
  }
  expect(areaUnderCurve(ones, others), "area under the curve of times").toBeCloseTo(0.5, 1);
}

async function timed(act: () => Promise<unknown>): Promise<number> {
  const asked = performance.now();
  await act();
  return performance.now() - asked;
}

/** The two in one order, then in the other: what comes second always finds a warmer server. */
async function byTurns(
  index: number,
  one: () => Promise<unknown>,
  other: () => Promise<unknown>,
): Promise<[number, number]> {
  if (index % 2 === 0) return [await timed(one), await timed(other)];
  const second = await timed(other);
  return [await timed(one), second];
}

const tokenOf = (browser: Browser, selector?: string) =>
  browser.form(selector).querySelector('[name="_jeton"]')!.getAttribute("value")!;

describe("Le temps d'une réponse ne dit rien", () => {
  test("l'aire sous la courbe reconnaît ce qui se voit", () => {
    expect(areaUnderCurve([1, 3, 5], [2, 4, 6])).toBeCloseTo(1 / 3);
    expect(areaUnderCurve([10, 11, 12], [1, 2, 3])).toBe(1);
  });

  test("A-01 à la connexion : deux cents comptes et deux cents adresses sans compte", {
    timeout: 120_000,
  }, async () => {
    await signUp(portal, { email: "modele@exemple.fr" });
    await portal.query(
      `insert into account (sign_in_email, sign_in_email_canonical, first_name, last_name, state, password_hash, activated_at)
       select address, address, 'Essai', 'Essai', 'active', m.password_hash, now()
       from account m, (select format('compte-%s@exemple.fr', lpad(n::text, 4, '0')) as address from generate_series(0, 599) n) one
       where m.sign_in_email = 'modele@exemple.fr'`,
    );
    const browser = portal.browser();
    await browser.open("/connexion");
    const token = tokenOf(browser);
    const shapes = new Set<string>();
    const attempt = async (email: string) => {
      const answer = await browser.request("/connexion", {
        method: "POST",
        body: new URLSearchParams({ _jeton: token, email, password: "Mauvais-mot-de-passe-7", suite: "/" }),
        headers: { origin: portal.url },
      });
      const text = (await answer.text()).replaceAll(email, "");
      const names = [...answer.headers]
        .filter(([name]) => name !== "date")
        .map(([name, value]) => `${name}:${value.length}`);
      shapes.add(`${answer.status} ${names.join(" ")} ${text}`);
    };
    await expectSameTime((index) => {
      // one source may fail a hundred times in a quarter of an hour
      if (index % 45 === 0) portal.advance({ minutes: 16 });
      const number = String(index).padStart(4, "0");
      return byTurns(
        index,
        () => attempt(`compte-${number}@exemple.fr`),
        () => attempt(`absent-${number}@exemple.fr`),
      );
    });
    expect(shapes.size).toBe(1);
    expect([...shapes][0]).toMatch(/^422 /);
  });

  test("A-02 au mot de passe oublié : l'adresse d'un compte, et une sans compte", {
    timeout: 240_000,
  }, async () => {
    const browser = portal.browser();
    await browser.open("/mot-de-passe/oublie");
    const token = tokenOf(browser);
    const ask = async (email: string) => {
      const answer = await browser.request("/mot-de-passe/oublie", {
        method: "POST",
        body: new URLSearchParams({ _jeton: token, email }),
        headers: { origin: portal.url },
      });
      expect(answer.status).toBe(200);
      await answer.text();
    };
    const times: [number, number][] = [];
    for (let index = 0; index < 20; index++)
      times.push(
        await byTurns(
          index,
          () => ask(`compte-${String(index).padStart(4, "0")}@exemple.fr`),
          () => ask(`absent-${index}@exemple.fr`),
        ),
      );
    const median = (of: 0 | 1) => times.map((pair) => pair[of]).sort((a, b) => a - b)[10]!;
    expect((await portal.query("select 1 from mail where name = 'password-reset'")).length).toBe(20);
    // neither answers before the other could have been written to
    expect(Math.min(...times.flat())).toBeGreaterThan(145);
    expect(Math.abs(median(0) - median(1))).toBeLessThan(25);
  });

  test("A-05 sur l'objet d'autrui : deux cents identifiants d'autrui, deux cents jamais donnés", {
    timeout: 120_000,
  }, async () => {
    await portal.query(
      `insert into service (structure_id, code, label, starts_at)
       select $1, 'A05_' || n, 'Essai', now() from generate_series(1, 600) n`,
      [TOWN],
    );
    const ids = await portal.query<{ id: number }>(
      "select id::int from service where structure_id = $1 and code like 'A05%' order by id",
      [TOWN],
    );
    const stranger = await signUp(portal, {
      email: "etrangere@exemple.fr",
      structure: { siret: "35600000000048", name: "Autre structure", kind: "private" },
    });
    const [own] = await portal.query<{ id: number }>(
      "select structure_id::int as id from membership m join account a on a.id = m.account_id where a.sign_in_email = 'etrangere@exemple.fr'",
    );
    const shapes = new Set<string>();
    const open = async (path: string) => {
      const answer = await stranger.request(path);
      const text = (await answer.text())
        .replace(/[0-9a-f]{8}-[0-9a-f-]{27}/, "")
        .replaceAll(path, "")
        .replace(/="\d+"/g, "");
      shapes.add(`${answer.status} ${text}`);
    };
    const sheet = (structureId: number, serviceId: number) =>
      `/organisation/structures/${structureId}/services/${serviceId}`;
    // a service of the town, under one's own structure and under the town; against numbers never given
    await expectSameTime((index) =>
      byTurns(
        index,
        () => open(sheet(own!.id, ids[index]!.id)),
        () => open(sheet(own!.id, 900_000_000 + index)),
      ),
    );
    await expectSameTime((index) =>
      byTurns(
        index,
        () => open(sheet(TOWN, ids[index]!.id)),
        () => open(sheet(900_000_000 + index, ids[index]!.id)),
      ),
    );
    expect(shapes.size).toBe(1);
    expect([...shapes][0]).toMatch(/^404 /);
    expect((await (await signIn(portal, "etrangere@exemple.fr")).request(sheet(own!.id, 1))).status).toBe(
      404,
    );
  });
});
