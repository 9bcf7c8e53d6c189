import { argon2Sync } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Browser } from "../support/browser.ts";
import { PASSWORD, signIn, signUp } from "../support/people.ts";
import { startPortal, type TestPortal } from "../support/portal.ts";

const OTHER_PASSWORD = "Pommier-Locomotive-17";
let portal: TestPortal;
beforeAll(async () => {
  portal = await startPortal();
});
afterAll(() => portal?.close());

async function resetLink(email: string): Promise<string> {
  const browser = portal.browser();
  await browser.open("/mot-de-passe/oublie");
  await browser.send({ email });
  const mail = (await portal.mailsTo(email)).findLast((one) => one.name === "password-reset")!;
  return portal.linkIn(mail);
}

const isDead = async (link: string) => (await portal.browser().open(link)).status === 410;

async function choose(browser: Browser, link: string, password: string): Promise<number> {
  await browser.open(link);
  return (await browser.send({ newPassword: password, newPasswordAgain: password })).status;
}

async function changePassword(browser: Browser, password: string, current = PASSWORD): Promise<number> {
  await browser.open("/mon-compte/mot-de-passe");
  const answer = await browser.send({
    currentPassword: current,
    newPassword: password,
    newPasswordAgain: password,
  });
  return answer.status;
}

describe("A-08 Un lien pour choisir un nouveau mot de passe", () => {
  test("sert une fois", async () => {
    await signUp(portal, { email: "une-fois@exemple.fr" });
    const link = await resetLink("une-fois@exemple.fr");
    expect(await choose(portal.browser(), link, OTHER_PASSWORD)).toBe(200);
    expect(await isDead(link)).toBe(true);
  });

  test("meurt quand un plus récent est demandé", async () => {
    await signUp(portal, { email: "recent@exemple.fr" });
    const older = await resetLink("recent@exemple.fr");
    const newer = await resetLink("recent@exemple.fr");
    expect([await isDead(older), await isDead(newer)]).toEqual([true, false]);
  });

  test("meurt après trente minutes", async () => {
    await signUp(portal, { email: "tard@exemple.fr" });
    const link = await resetLink("tard@exemple.fr");
    portal.advance({ minutes: 31 });
    expect(await isDead(link)).toBe(true);
  });

  test("meurt quand le mot de passe a changé autrement", async () => {
    const browser = await signUp(portal, { email: "autrement@exemple.fr" });
    const link = await resetLink("autrement@exemple.fr");
    expect(await changePassword(browser, OTHER_PASSWORD)).toBe(200);
    expect(await isDead(link)).toBe(true);
    expect((await signIn(portal, "autrement@exemple.fr", OTHER_PASSWORD)).text).toContain(
      "Pour quelle structure travaillez-vous ?",
    );
  });
});

describe("A-09 Un lecteur automatique ouvre les liens avant la personne", () => {
  test("le lien d'un nouveau mot de passe reste utilisable, et rien n'a changé", async () => {
    await signUp(portal, { email: "lu@exemple.fr" });
    const link = await resetLink("lu@exemple.fr");
    for (const method of ["GET", "HEAD", "OPTIONS"]) await portal.browser().request(link, { method });
    expect((await signIn(portal, "lu@exemple.fr")).text).toContain("Pour quelle structure travaillez-vous ?");
    expect(await choose(portal.browser(), link, OTHER_PASSWORD)).toBe(200);
  });

  test("le lien d'activation aussi", async () => {
    const browser = portal.browser();
    const email = "attend@exemple.fr";
    await browser.open("/compte/creer");
    await browser.send({ email, emailAgain: email, firstName: "Ana", lastName: "Petit", acceptsTerms: true });
    await browser.send({}, { button: ["later", "oui"] });
    await browser.send();
    const link = portal.linkIn((await portal.mailsTo(email))[0]!);
    for (const method of ["GET", "HEAD", "OPTIONS"]) await portal.browser().request(link, { method });
    expect(await portal.query("select state from account where sign_in_email = $1", [email])).toEqual([
      { state: "pending" },
    ]);
    expect(await choose(browser, link, PASSWORD)).toBe(200);
    expect((await signIn(portal, email)).text).toContain("Pour quelle structure travaillez-vous ?");
  });
});

test("A-12 la copie d'une session meurt quand le mot de passe change ailleurs", async () => {
  const browser = await signUp(portal, { email: "copie@exemple.fr" });
  const copy = await signIn(portal, "copie@exemple.fr");
  await changePassword(browser, OTHER_PASSWORD);
  expect((await copy.request("/mon-compte")).status).toBe(303);
  expect((await browser.request("/mon-compte")).status).toBe(200);
});

test("A-34 une session se ferme depuis la liste des siennes, et d'elle seule", async () => {
  const browser = await signUp(portal, { email: "listee@exemple.fr" });
  const other = await signIn(portal, "listee@exemple.fr");
  const stranger = await signUp(portal, { email: "etrangere@exemple.fr" });
  await browser.open("/mon-compte");
  const [close, ...more] = browser
    .answer!.page.querySelectorAll('form[action^="/mon-compte/sessions/"]')
    .map((form) => form.getAttribute("action")!);
  expect(more).toEqual([]);
  await stranger.open("/mon-compte");
  expect((await stranger.post(close!, {})).status).toBe(404);
  expect((await other.request("/mon-compte")).status).toBe(200);
  await browser.send({}, { form: `form[action="${close}"]` });
  expect(browser.text).toContain("La session est fermée.");
  expect((await other.request("/mon-compte")).status).toBe(303);
  expect((await browser.request("/mon-compte")).status).toBe(200);
});

describe("A-14 Les mots de passe longs", () => {
  const long = "Cerisier-Vapeur-42 et la suite d'une phrase ".repeat(3);

  test("129 signes sont acceptés, et ouvrent le compte", async () => {
    const password = long.slice(0, 129);
    const browser = await signUp(portal, { email: "long@exemple.fr" });
    expect(await changePassword(browser, password)).toBe(200);
    expect((await signIn(portal, "long@exemple.fr", password)).text).toContain(
      "Pour quelle structure travaillez-vous ?",
    );
  });

  test("deux mots de passe qui ne diffèrent qu'après 72 octets sont distincts", async () => {
    const password = `${long.slice(0, 120)}A`;
    const browser = await signUp(portal, { email: "suite@exemple.fr" });
    await changePassword(browser, password);
    expect((await signIn(portal, "suite@exemple.fr", `${long.slice(0, 120)}B`)).answer!.status).toBe(422);
    expect((await signIn(portal, "suite@exemple.fr", password)).text).toContain(
      "Pour quelle structure travaillez-vous ?",
    );
  });

  test("un mébioctet est refusé sans être haché", async () => {
    const browser = await signUp(portal, { email: "enorme@exemple.fr" });
    const huge = `Cerisier-42 ${"é".repeat(300_000)}`;
    expect([413, 422]).toContain(await changePassword(browser, huge));
    const answer = (await signIn(portal, "enorme@exemple.fr", "x".repeat(1_100_000))).answer!;
    expect(answer.status).toBe(413);
    expect((await signIn(portal, "enorme@exemple.fr")).text).toContain(
      "Pour quelle structure travaillez-vous ?",
    );
  });
});

test("Un mot de passe haché à un coût ancien l'est au coût du jour quand il sert, et ouvre toujours le compte", async () => {
  await signUp(portal, { email: "ancienne@exemple.fr" });
  const nonce = Buffer.alloc(16, 7);
  const cost = { memory: 4_096, passes: 1, parallelism: 1 };
  const hash = argon2Sync("argon2id", { message: PASSWORD, nonce, tagLength: 32, ...cost });
  const text = (bytes: Buffer) => bytes.toString("base64").replace(/=+$/, "");
  const old = `$argon2id$v=19$m=4096,t=1,p=1$${text(nonce)}$${text(hash)}`;
  const stored = async () =>
    (
      await portal.query<{ hash: string }>(
        "select password_hash as hash from account where sign_in_email = 'ancienne@exemple.fr'",
      )
    )[0]!.hash;
  await portal.query("update account set password_hash = $1 where sign_in_email = 'ancienne@exemple.fr'", [
    old,
  ]);
  expect((await signIn(portal, "ancienne@exemple.fr", "faux-mot-de-passe")).answer!.status).toBe(422);
  expect(await stored()).toBe(old);
  expect((await signIn(portal, "ancienne@exemple.fr")).text).toContain(
    "Pour quelle structure travaillez-vous ?",
  );
  expect(await stored()).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  expect((await signIn(portal, "ancienne@exemple.fr")).text).toContain(
    "Pour quelle structure travaillez-vous ?",
  );
});

describe("Une personne qui se connecte de plusieurs navigateurs au même instant", () => {
  test("entre partout : ses connexions ne s'attendent pas l'une l'autre sans fin", async () => {
    await signUp(portal, { email: "partout@exemple.fr" });
    const signInTenTimes = async () => {
      const statuses: number[] = [];
      for (let time = 0; time < 10; time++) {
        const browser = portal.browser();
        await browser.open("/connexion");
        statuses.push((await browser.send({ email: "partout@exemple.fr", password: PASSWORD })).status);
      }
      return statuses;
    };
    const statuses = await Promise.all(Array.from({ length: 4 }, signInTenTimes));
    expect(statuses.flat().filter((status) => status !== 200)).toEqual([]);
  });
});
