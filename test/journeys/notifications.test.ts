import { DateTime } from "luxon";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DEMO_PASSWORD, makeDemoWorld } from "../../src/modules/demo/index.ts";
import type { Browser } from "../support/browser.ts";
import { signIn as signInWith, signUp } from "../support/people.ts";
import { startPortal, type TestPortal } from "../support/portal.ts";

const TOWN = 1;
const CLAIRE = "claire.morel@sainte-aurore.example";
const SETTINGS = "/mon-compte/notifications";
let portal: TestPortal;
let siret: string;
beforeAll(async () => {
  portal = await startPortal();
  await makeDemoWorld(portal.database);
  const [row] = await portal.query<{ siret: string }>(
    "select identifier_value as siret from structure where id = $1",
    [TOWN],
  );
  siret = row!.siret;
});
afterAll(() => portal?.close());

const claire = () => signInWith(portal, CLAIRE, DEMO_PASSWORD);
const formOf = `main form:has(input[name="structureId"][value="${TOWN}"])`;
const choose = async (browser: Browser, rhythms: Record<string, string>) => {
  await browser.open(SETTINGS);
  return browser.send(
    Object.fromEntries(Object.entries(rhythms).map(([family, rhythm]) => [`${family}-${TOWN}`, rhythm])),
    { form: formOf },
  );
};
const mails = async (name: string) => (await portal.mailsTo(CLAIRE)).filter((mail) => mail.name === name);

/** Moves the clock on to the next working day, at this hour in Paris. */
async function nextWorkingMorning(hour: number): Promise<void> {
  for (;;) {
    const now = new Date(Date.now() + portal.database.clockOffsetMs);
    const paris = new Intl.DateTimeFormat("fr-FR", {
      hour: "numeric",
      minute: "numeric",
      weekday: "short",
      timeZone: "Europe/Paris",
    }).format(now);
    const [, day, hours, minutes] = /^(\S+) (\d+):(\d+)/.exec(paris)!;
    portal.advance({ hours: ((hour - Number(hours) + 23) % 24) + 1, minutes: -Number(minutes) });
    const isWeekend = /^(ven|sam)/.test(day!) && Number(hours) >= hour;
    if (!isWeekend && !/^(sam|dim)/.test(day!)) return;
  }
}

describe("Les demandes en un message par jour ouvré", () => {
  test("rien tout de suite ; le matin, un message qui les dit toutes ; puis plus rien", async () => {
    for (const name of ["anna", "bela"])
      await signUp(portal, { email: `${name}@exemple.fr`, structure: { siret, name: "sans effet" } });
    expect(await mails("membership-requested")).toEqual([]);
    expect(await mails("digest")).toEqual([]);
    await nextWorkingMorning(6);
    expect(await portal.runJob("send-digests")).toEqual({ sent: 0 });
    portal.advance({ hours: 1, minutes: 10 });
    await portal.runJob("send-digests");
    const [digest, ...others] = await mails("digest");
    expect(others).toEqual([]);
    expect(digest!.text).toContain("Commune de Sainte-Aurore");
    expect(digest!.text.match(/demande à rejoindre/g)!.length).toBeGreaterThanOrEqual(2);
    expect(digest!.text).toContain("/notifications");
    await portal.runJob("send-digests");
    expect(await mails("digest")).toHaveLength(1);
  });

  test("deux instances au même instant n'en font qu'un", async () => {
    await signUp(portal, { email: "cleo@exemple.fr", structure: { siret, name: "sans effet" } });
    portal.advance({ hours: 12 });
    await nextWorkingMorning(8);
    await Promise.all([portal.runJob("send-digests"), portal.runJob("send-digests")]);
    expect(await mails("digest")).toHaveLength(2);
  });

  test("qui le choisit est averti tout de suite", async () => {
    const browser = await claire();
    await choose(browser, { requestsToAnswer: "now" });
    expect(browser.text).toContain("sont réglés");
    await browser.open("/mon-historique");
    expect(browser.text).toContain("a choisi ses messages");
    await signUp(portal, { email: "dora@exemple.fr", structure: { siret, name: "sans effet" } });
    expect(await mails("membership-requested")).toHaveLength(1);
  });
});

describe("Un gestionnaire au moins reste averti", () => {
  test("la seule gestionnaire ne peut faire taire les demandes ; ce qu'elle a choisi revient", async () => {
    const browser = await claire();
    await choose(browser, { requestsToAnswer: "off", structureLife: "off" });
    expect(browser.answer!.status).toBe(422);
    expect(browser.text).toContain("Vous êtes le dernier gestionnaire principal averti");
    expect(browser.answer!.page.querySelector(`${formOf} option[value="off"][selected]`)).not.toBeNull();
    expect(
      await portal.query(
        "select * from notification_preference where rhythm = 'off' and family <> 'weekSummary'",
      ),
    ).toEqual([]);
  });

  test("deux gestionnaires qui le font au même instant : l'une est refusée", async () => {
    await portal.query(
      `update membership set role = 'mainManager', scope = 'structure', state = 'active' where structure_id = $1
       and account_id = (select id from account where sign_in_email = 'paul.durand@sainte-aurore.example')`,
      [TOWN],
    );
    const both = [
      await claire(),
      await signInWith(portal, "paul.durand@sainte-aurore.example", DEMO_PASSWORD),
    ];
    const answers = await Promise.all(both.map((browser) => choose(browser, { requestsToAnswer: "off" })));
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 422]);
  });

  test("si l'autre part ensuite, le message du jour revient à qui avait fait taire", async () => {
    await portal.query(
      `insert into notification_preference (account_id, structure_id, family, rhythm)
       select account_id, structure_id, 'requestsToAnswer', 'off' from membership where structure_id = $1 and state = 'active'
       on conflict (account_id, structure_id, family) do update set rhythm = 'off'`,
      [TOWN],
    );
    const before = (await mails("digest")).length;
    await signUp(portal, { email: "elsa@exemple.fr", structure: { siret, name: "sans effet" } });
    portal.advance({ hours: 12 });
    await nextWorkingMorning(8);
    await portal.runJob("send-digests");
    expect((await mails("digest")).length).toBe(before + 1);
  });
});

describe("N-33 La semaine de la structure, à qui l'a choisie", () => {
  const BELA = "paul.durand@sainte-aurore.example";
  const weeks = () => mails("weekSummary");
  /** Moves the clock on to the next Monday, at this hour in Paris. */
  const nextMonday = (hour: number) => {
    const now = DateTime.fromMillis(Date.now() + portal.database.clockOffsetMs, { zone: "Europe/Paris" });
    const thisWeek = now.set({ weekday: 1, hour, minute: 0, second: 0 });
    const monday = thisWeek > now ? thisWeek : thisWeek.plus({ weeks: 1 });
    portal.advance({ seconds: monday.diff(now).as("seconds") });
  };

  test("rien tant qu'on ne l'a pas choisie ; puis ce qui s'est fait, famille par famille, une fois", async () => {
    portal.advance({ hours: 12 });
    nextMonday(8);
    expect(await portal.runJob("send-weeks")).toEqual({ sent: 0 });
    const browser = await claire();
    await choose(browser, { weekSummary: "weekly", requestsToAnswer: "daily" });
    expect(browser.answer!.status).toBe(200);
    await browser.open(`/organisation/services/nouveau?structureId=${TOWN}`);
    await browser.send(
      { code: "SEMAINE", label: "Neuf", startsAt: "01/01/2026" },
      { form: 'main form[method="post"]' },
    );
    portal.advance({ hours: 12 });
    nextMonday(6);
    expect(await portal.runJob("send-weeks")).toEqual({ sent: 0 });
    portal.advance({ hours: 1, minutes: 10 });
    const both = await Promise.all([portal.runJob("send-weeks"), portal.runJob("send-weeks")]);
    expect(both.map(({ sent }) => sent)).toContain(1);
    const [week, ...others] = await weeks();
    expect(others).toEqual([]);
    expect(week!.subject).toContain("La semaine de Commune de Sainte-Aurore");
    expect(week!.text).toContain("Services : 1 action. Claire Morel a créé le service SEMAINE.");
    expect(week!.text).toContain("vous avez choisi le résumé de la semaine");
    const later = await claire();
    await later.open(portal.linkIn(week!));
    expect(later.answer!.status).toBe(200);
    expect(later.text).toContain("SEMAINE");
  });

  test("une semaine où rien ne s'est fait n'écrit à personne", async () => {
    portal.advance({ days: 7 });
    nextMonday(8);
    await portal.runJob("send-weeks");
    const before = (await weeks()).length;
    portal.advance({ hours: 12 });
    nextMonday(8);
    expect(await portal.runJob("send-weeks")).toEqual({ sent: 0 });
    expect(await weeks()).toHaveLength(before);
  });

  test("la semaine et le message du jour vont à l'adresse de contact de qui en a une", async () => {
    const contact = "claire@perso.example";
    await portal.query(
      "update account set contact_email = $1, contact_email_verified_at = now() where sign_in_email = $2",
      [contact, CLAIRE],
    );
    await signUp(portal, { email: "fanny@exemple.fr", structure: { siret, name: "sans effet" } });
    portal.advance({ hours: 12 });
    nextMonday(8);
    await portal.runJob("send-digests");
    await portal.runJob("send-weeks");
    const names = (await portal.mailsTo(contact)).map((mail) => mail.name);
    expect(names).toEqual(expect.arrayContaining(["digest", "weekSummary"]));
    await portal.query("update account set contact_email = null, contact_email_verified_at = null");
  });

  test("A-22 qui ne peut lire l'historique ne se la voit pas proposer, et ne la reçoit pas même s'il l'avait choisie", async () => {
    await portal.query(
      `update membership set role = 'member' where structure_id = $1
       and account_id = (select id from account where sign_in_email = $2)`,
      [TOWN, BELA],
    );
    const browser = await signInWith(portal, BELA, DEMO_PASSWORD);
    await browser.open(SETTINGS);
    expect(browser.text).not.toContain("Résumé de la semaine");
    await portal.query(
      `insert into notification_preference (account_id, structure_id, family, rhythm)
       select id, $1, 'weekSummary', 'weekly' from account where sign_in_email = $2`,
      [TOWN, BELA],
    );
    await portal.query(
      `insert into service (structure_id, code, label, starts_at) values ($1, 'AUTRE', 'Autre', now())`,
      [TOWN],
    );
    const manager = await claire();
    await manager.open(`/organisation/services/nouveau?structureId=${TOWN}`);
    await manager.send(
      { code: "SEMAINE_2", label: "Neuf", startsAt: "01/01/2026" },
      { form: 'main form[method="post"]' },
    );
    portal.advance({ hours: 12 });
    nextMonday(8);
    expect(await portal.runJob("send-weeks")).toEqual({ sent: 1 });
    expect((await portal.mailsTo(BELA)).filter((mail) => mail.name === "weekSummary")).toEqual([]);
  });
});

describe("Les actualités du portail, chaque semaine à qui les a choisies", () => {
  test("un message pour celles de la semaine ; un rythme inconnu est refusé", async () => {
    const browser = await claire();
    const portalForm = 'main form[action$="/actualites"]';
    await browser.open(SETTINGS);
    await browser.send({ "news-0": "now" }, { form: portalForm });
    expect(browser.answer!.status).toBe(422);
    await browser.open(SETTINGS);
    await browser.send({ "news-0": "weekly" }, { form: portalForm });
    expect(browser.text).toContain("Vos messages du portail sont réglés.");
    await portal.query(
      `insert into news (title, body, published_at, changed_at, written_by)
       select 'Maintenance dimanche', 'Une heure.', $1, $1, id from account limit 1`,
      [new Date(Date.now() + portal.database.clockOffsetMs)],
    );
    // a Monday may be a public holiday: the next working day then
    for (let day = 0; day < 7; day++) {
      portal.advance({ days: 1 });
      await portal.runJob("send-weeks");
    }
    const [letter, ...others] = await mails("news");
    expect(others).toEqual([]);
    expect(letter!.text).toContain("Maintenance dimanche");
    expect(letter!.text).toContain("/mon-compte/notifications");
  });
});

test("A-22 les messages d'une structure ne se règlent que par ses membres", async () => {
  const browser = await claire();
  await browser.open(SETTINGS);
  const token = browser.answer!.page.querySelector('[name="_jeton"]')!.getAttribute("value")!;
  const answer = await browser.request(SETTINGS, {
    method: "POST",
    headers: { origin: portal.url },
    body: new URLSearchParams({ _jeton: token, structureId: "3", "structureLife-3": "off" }),
  });
  expect(answer.status).toBe(404);
});
