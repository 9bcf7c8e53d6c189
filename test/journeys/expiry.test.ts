import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DEMO_PASSWORD, makeDemoWorld } from "../../src/modules/demo/index.ts";
import type { Browser } from "../support/browser.ts";
import { signIn as signInWith } from "../support/people.ts";
import { startPortal, type TestPortal } from "../support/portal.ts";

const TOWN = 1;
const MANAGER = "claire.morel@sainte-aurore.example";
let portal: TestPortal;
let paul: { id: number; address: string };
const signIn = (address: string): Promise<Browser> => signInWith(portal, address, DEMO_PASSWORD);
const sheet = () => `/organisation/structures/${TOWN}/utilisateurs/${paul.id}`;
const renewal = () => `main form[action="${sheet()}/renouveler"]`;

beforeAll(async () => {
  portal = await startPortal();
  await makeDemoWorld(portal.database);
  await portal.query("update membership set ends_at = null");
  const [found] = await portal.query<{ id: number; address: string }>(
    `update membership m set starts_at = now() - interval '1 year', ends_at = date_trunc('second', now()) + interval '40 days' from account a
     where a.id = m.account_id and m.structure_id = $1 and a.sign_in_email like 'paul.%'
     returning m.id, a.sign_in_email as address`,
    [TOWN],
  );
  paul = found!;
});
afterAll(() => portal?.close());

const endOf = async () =>
  (await portal.query<{ at: Date }>("select ends_at as at from membership where id = $1", [paul.id]))[0]!.at;
const mailNames = async (address: string) => (await portal.mailsTo(address)).map((mail) => mail.name);

async function post(browser: Browser, path: string): Promise<Response> {
  await browser.open("/mon-compte/identite");
  const token = browser.form("main form").querySelector('[name="_jeton"]')!.getAttribute("value")!;
  return browser.request(path, {
    method: "POST",
    body: new URLSearchParams({ _jeton: token }),
    headers: { "sec-fetch-site": "same-origin", origin: browser.base },
  });
}

describe("MEM-17 La fin d'un rattachement", () => {
  test("plus de trente jours avant : rien n'est annoncé, rien ne se renouvelle", async () => {
    expect(await portal.runJob("warn-of-ends")).toEqual({ warned: 0 });
    const claire = await signIn(MANAGER);
    await claire.open(sheet());
    expect(claire.text).not.toContain("Renouveler");
    const before = await endOf();
    expect((await post(claire, `${sheet()}/renouveler`)).status).toBe(403);
    expect(await endOf()).toEqual(before);
  });

  test("trente jours avant : la personne et les gestionnaires le savent, une seule fois, même à deux processus", async () => {
    portal.advance({ days: 11 });
    const runs = await Promise.all([portal.runJob("warn-of-ends"), portal.runJob("warn-of-ends")]);
    expect(runs.map((run) => run.warned).sort()).toEqual([0, 1]);
    expect(await mailNames(paul.address)).toEqual(["membership-expiring"]);
    expect((await mailNames(MANAGER)).filter((name) => name === "member-expiring")).toHaveLength(1);
    const [bell] = await portal.query<{ count: string }>(
      "select count(*) as count from notification where title like '%se termine bientôt'",
    );
    expect(Number(bell!.count)).toBe(2);
  });

  test("ni l'intéressé, ni un gestionnaire d'une autre structure, ni un simple lien ne renouvelle", async () => {
    const before = await endOf();
    expect((await post(await signIn(paul.address), `${sheet()}/renouveler`)).status).toBe(403);
    const agathe = await signIn("agathe.vidal@gh-trois-vallees.example");
    expect((await post(agathe, `${sheet()}/renouveler`)).status).toBe(404);
    expect((await (await signIn(MANAGER)).request(`${sheet()}/renouveler`)).status).toBe(404);
    expect(await endOf()).toEqual(before);
  });

  test("la gestionnaire suit le lien du message et renouvelle d'un clic ; le second clic ne donne rien de plus", async () => {
    const mail = (await portal.mailsTo(MANAGER)).at(-1)!;
    const claire = await signIn(MANAGER);
    await claire.open(portal.linkIn(mail));
    expect(claire.text).toContain("Son accès se termine le");
    await claire.send({}, { form: renewal() });
    expect(claire.text).toContain("est renouvelé pour un an");
    const renewed = await endOf();
    expect(renewed.getTime() - Date.now() - portal.database.clockOffsetMs).toBeGreaterThan(
      390 * 24 * 3_600_000,
    );
    expect((await post(claire, `${sheet()}/renouveler`)).status).toBe(403);
    expect(await endOf()).toEqual(renewed);
    expect((await mailNames(paul.address)).at(-1)).toBe("membership-end-changed");
  });

  test("renouvelé, il est annoncé de nouveau à sa prochaine fin, puis se termine à sa date", async () => {
    portal.advance({ days: 388 });
    expect(await portal.runJob("warn-of-ends")).toEqual({ warned: 1 });
    expect(await portal.runJob("end-by-clock")).toMatchObject({ memberships: 0 });
    portal.advance({ days: 8 });
    portal.advance({ days: 365 });
    const runs = await Promise.all([portal.runJob("end-by-clock"), portal.runJob("end-by-clock")]);
    expect(runs.map((run) => run.memberships).sort()).toEqual([0, 1]);
    expect((await mailNames(paul.address)).at(-1)).toBe("membership-expired");
    expect((await mailNames(MANAGER)).filter((name) => name === "member-expired")).toHaveLength(1);
    const types = await portal.query<{ type: string }>(
      "select type from journal_entry where structure_id = $1 and type like 'Membership%' order by seq",
      [TOWN],
    );
    expect(types.map((one) => one.type).slice(-4)).toEqual([
      "MembershipExpiring",
      "MembershipEndChanged",
      "MembershipExpiring",
      "MembershipExpired",
    ]);
  });
});
