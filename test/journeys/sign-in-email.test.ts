import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Browser } from "../support/browser.ts";
import { PASSWORD, signIn, signUp } from "../support/people.ts";
import { startPortal, type TestPortal } from "../support/portal.ts";

let portal: TestPortal;
beforeAll(async () => {
  portal = await startPortal();
});
afterAll(() => portal?.close());

async function ask(browser: Browser, email: string): Promise<void> {
  await browser.open("/mon-compte/adresse");
  await browser.send({ email, emailAgain: email });
}

const linksTo = async (email: string) =>
  (await portal.mailsTo(email))
    .filter((one) => one.name === "sign-in-email-link")
    .map((one) => portal.linkIn(one));

const addressOf = async (accountId: number) =>
  (
    await portal.query<{ email: string }>("select sign_in_email as email from account where id = $1", [
      accountId,
    ])
  )[0]!.email;

async function accountId(email: string): Promise<number> {
  return (await portal.query<{ id: number }>("select id from account where sign_in_email = $1", [email]))[0]!
    .id;
}

describe("Changer son adresse de connexion", () => {
  test("rien ne change avant la confirmation ; après, la nouvelle ouvre le compte, et les deux sont prévenues", async () => {
    const browser = await signUp(portal, { email: "ancienne@exemple.fr" });
    const elsewhere = await signIn(portal, "ancienne@exemple.fr");
    await ask(browser, "nouvelle@exemple.fr");
    expect(browser.text).toContain("Ouvrez le message");
    expect((await portal.mailsTo("ancienne@exemple.fr")).at(-1)!.name).toBe("sign-in-email-change-asked");
    expect((await signIn(portal, "ancienne@exemple.fr")).text).toContain("À faire");

    await browser.open((await linksTo("nouvelle@exemple.fr"))[0]!);
    await browser.send();
    expect(browser.text).toContain("Votre adresse de connexion a changé");
    expect(browser.text).toContain("nouvelle@exemple.fr");
    expect((await elsewhere.request("/mon-compte")).status).toBe(303);
    const told = (await portal.mailsTo("ancienne@exemple.fr")).at(-1)!;
    expect([told.name, told.text.includes("n…@exemple.fr")]).toEqual(["sign-in-email-changed", true]);
    expect((await portal.mailsTo("nouvelle@exemple.fr")).at(-1)!.name).toBe("sign-in-email-confirmed");
    expect((await signIn(portal, "ancienne@exemple.fr")).answer!.status).toBe(422);
    expect((await signIn(portal, "nouvelle@exemple.fr")).text).toContain("À faire");
    expect(await portal.query("select 1 from journal_entry where type = 'SignInEmailChanged'")).toHaveLength(
      1,
    );
  });

  test("le lien s'ouvre aussi dans un autre navigateur, et mène à la connexion", async () => {
    await ask(await signUp(portal, { email: "poste@exemple.fr" }), "telephone@exemple.fr");
    const phone = portal.browser();
    await phone.open((await linksTo("telephone@exemple.fr"))[0]!);
    await phone.send();
    expect(phone.text).toContain("Toutes vos sessions ouvertes sont fermées");
    expect((await signIn(portal, "telephone@exemple.fr")).text).toContain("À faire");
  });

  test("une faute de frappe, deux adresses qui diffèrent, ou la sienne : dites à côté du champ", async () => {
    const browser = await signUp(portal, { email: "faute@exemple.fr" });
    for (const [email, emailAgain, says] of [
      ["faute", "faute", "Cette adresse n'est pas complète"],
      ["juste@exemple.fr", "autre@exemple.fr", "Les deux adresses diffèrent"],
      ["FAUTE@exemple.fr", "FAUTE@exemple.fr", "C'est déjà l'adresse"],
    ] as const) {
      await browser.open("/mon-compte/adresse");
      await browser.send({ email, emailAgain });
      expect(browser.answer!.status).toBe(422);
      expect(browser.text).toContain(says);
    }
  });
});

describe("Les attaques sur ce changement", () => {
  test("A-03 une adresse déjà prise : la même page, aucun message, rien ne change", async () => {
    await signUp(portal, { email: "prise@exemple.fr" });
    const browser = await signUp(portal, { email: "envieuse@exemple.fr" });
    await ask(browser, "libre@exemple.fr");
    const free = browser.text.replace("libre@", "…@");
    await ask(browser, "prise@exemple.fr");
    expect(browser.text.replace("prise@", "…@")).toBe(free);
    expect(await linksTo("prise@exemple.fr")).toEqual([]);
  });

  test("une adresse prise entre le lien et sa confirmation : le lien ne vaut plus", async () => {
    const browser = await signUp(portal, { email: "lente@exemple.fr" });
    const id = await accountId("lente@exemple.fr");
    await ask(browser, "convoitee@exemple.fr");
    await signUp(portal, { email: "convoitee@exemple.fr" });
    await browser.open((await linksTo("convoitee@exemple.fr"))[0]!);
    await browser.send();
    expect(browser.answer!.status).toBe(410);
    expect(await addressOf(id)).toBe("lente@exemple.fr");
  });

  test("A-08 un lien sert une fois ; le plus récent seul ; pas après 30 minutes ni après un nouveau mot de passe", async () => {
    const browser = await signUp(portal, { email: "a08@exemple.fr" });
    const id = await accountId("a08@exemple.fr");
    const isDead = async (link: string) => (await portal.browser().open(link)).status === 410;
    await ask(browser, "a08-1@exemple.fr");
    await ask(browser, "a08-2@exemple.fr");
    const [older] = await linksTo("a08-1@exemple.fr");
    const [newer] = await linksTo("a08-2@exemple.fr");
    expect([await isDead(older!), await isDead(newer!)]).toEqual([true, false]);

    await browser.open("/mon-compte/mot-de-passe");
    const password = "Pommier-Locomotive-17";
    await browser.send({ currentPassword: PASSWORD, newPassword: password, newPasswordAgain: password });
    expect(await isDead(newer!)).toBe(true);

    await ask(browser, "a08-3@exemple.fr");
    const [late] = await linksTo("a08-3@exemple.fr");
    portal.advance({ minutes: 31 });
    expect(await isDead(late!)).toBe(true);
    expect(await addressOf(id)).toBe("a08@exemple.fr");

    portal.advance({ hours: 1 });
    const again = await signIn(portal, "a08@exemple.fr", password);
    await ask(again, "a08-4@exemple.fr");
    const [link] = await linksTo("a08-4@exemple.fr");
    await again.open(link!);
    await again.send();
    expect(await isDead(link!)).toBe(true);
    expect(await addressOf(id)).toBe("a08-4@exemple.fr");
  });

  test("A-09 un lecteur automatique qui ouvre le lien ne change rien et ne l'use pas", async () => {
    const browser = await signUp(portal, { email: "a09@exemple.fr" });
    const id = await accountId("a09@exemple.fr");
    await ask(browser, "a09-nouvelle@exemple.fr");
    const [link] = await linksTo("a09-nouvelle@exemple.fr");
    for (const method of ["GET", "HEAD", "OPTIONS"]) await portal.browser().request(link!, { method });
    expect(await addressOf(id)).toBe("a09@exemple.fr");
    await browser.open(link!);
    await browser.send();
    expect(await addressOf(id)).toBe("a09-nouvelle@exemple.fr");
  });

  test("A-20 six minutes après la connexion, le mot de passe est redemandé", async () => {
    const browser = await signUp(portal, { email: "a20@exemple.fr" });
    portal.advance({ minutes: 6 });
    await browser.open("/mon-compte/adresse");
    expect(browser.answer!.url).toContain("/confirmer-identite");
  });

  test("au plus trois liens par heure", async () => {
    const browser = await signUp(portal, { email: "insistante@exemple.fr" });
    for (let index = 0; index < 5; index++) await ask(browser, `essai-${index}@exemple.fr`);
    const sent = await Promise.all([0, 1, 2, 3, 4].map((index) => linksTo(`essai-${index}@exemple.fr`)));
    expect(sent.flat()).toHaveLength(3);
  });
});
