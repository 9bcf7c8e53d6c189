import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Browser } from "../support/browser.ts";
import { PASSWORD, signIn, signUp } from "../support/people.ts";
import { startPortal, type TestPortal } from "../support/portal.ts";
import { reachSummary } from "../support/sign-up-form.ts";

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
    expect((await signIn(portal, "ancienne@exemple.fr")).text).toContain(
      "Pour quelle structure travaillez-vous ?",
    );

    await browser.open((await linksTo("nouvelle@exemple.fr"))[0]!);
    await browser.send();
    expect(browser.text).toContain("Votre adresse de connexion a changé");
    expect(browser.text).toContain("nouvelle@exemple.fr");
    expect((await elsewhere.request("/mon-compte")).status).toBe(303);
    const told = (await portal.mailsTo("ancienne@exemple.fr")).at(-1)!;
    expect([told.name, told.text.includes("n…@exemple.fr")]).toEqual(["sign-in-email-changed", true]);
    expect((await portal.mailsTo("nouvelle@exemple.fr")).at(-1)!.name).toBe("sign-in-email-confirmed");
    expect((await signIn(portal, "ancienne@exemple.fr")).answer!.status).toBe(422);
    expect((await signIn(portal, "nouvelle@exemple.fr")).text).toContain(
      "Pour quelle structure travaillez-vous ?",
    );
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
    expect((await signIn(portal, "telephone@exemple.fr")).text).toContain(
      "Pour quelle structure travaillez-vous ?",
    );
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

describe("« Ce n'est pas moi », depuis l'ancienne adresse", () => {
  const NEW_PASSWORD = "Pommier-Locomotive-17";

  async function objectionTo(email: string, mail: string): Promise<string> {
    return portal.linkIn((await portal.mailsTo(email)).findLast((one) => one.name === mail)!);
  }

  /** Somebody who knows the password takes the account to another address. */
  async function takeOver(victim: string, thief: string): Promise<Browser> {
    const browser = await signIn(portal, victim);
    await ask(browser, thief);
    await browser.open((await linksTo(thief))[0]!);
    await browser.send();
    return browser;
  }

  async function object(link: string, password = NEW_PASSWORD): Promise<Browser> {
    const browser = portal.browser();
    await browser.open(link);
    await browser.send();
    expect(browser.text).toContain("Choisir un nouveau mot de passe");
    await browser.send({ newPassword: password, newPasswordAgain: password });
    return browser;
  }

  test("avant la confirmation : la demande s'arrête, le mot de passe connu du voleur ne sert plus", async () => {
    await signUp(portal, { email: "avant@exemple.fr" });
    const thief = await signIn(portal, "avant@exemple.fr");
    await ask(thief, "avant-voleur@exemple.fr");
    await object(await objectionTo("avant@exemple.fr", "sign-in-email-change-asked"));
    expect((await thief.request("/mon-compte")).status).toBe(303);
    expect((await thief.open((await linksTo("avant-voleur@exemple.fr"))[0]!)).status).toBe(410);
    expect((await signIn(portal, "avant@exemple.fr")).answer!.status).toBe(422);
    expect((await signIn(portal, "avant@exemple.fr", NEW_PASSWORD)).text).toContain(
      "Pour quelle structure travaillez-vous ?",
    );
  });

  for (const mail of ["sign-in-email-change-asked", "sign-in-email-changed"])
    test(`après la confirmation, par le message « ${mail} » : l'adresse revient, ce que le voleur a ajouté s'en va`, async () => {
      const email = `apres-${mail}@exemple.fr`;
      await signUp(portal, { email });
      const id = await accountId(email);
      const thief = await takeOver(email, `voleur-${mail}@exemple.fr`);
      await portal.query(
        `insert into second_factor (account_id, kind, name, secret_encrypted, confirmed_at, created_at)
         values ($1, 'totp', 'Téléphone du voleur', '\\x00', unisson_now(), unisson_now() + interval '30 days')`,
        [id],
      );
      portal.advance({ days: 6 });
      await object(await objectionTo(email, mail));
      expect(await addressOf(id)).toBe(email);
      expect((await thief.request("/mon-compte")).status).toBe(303);
      expect((await signIn(portal, `voleur-${mail}@exemple.fr`)).answer!.status).toBe(422);
      expect((await signIn(portal, email, NEW_PASSWORD)).text).toContain(
        "Pour quelle structure travaillez-vous ?",
      );
      expect((await portal.mailsTo(email)).at(-1)!.name).toBe("password-changed");
      const journal =
        "select 1 from journal_entry where type = 'SignInEmailChangeObjected' and actor_account_id = $1";
      expect(await portal.query(journal, [id])).toHaveLength(1);
    });

  test("sert une fois, sept jours, et un lecteur automatique ne l'use pas", async () => {
    await signUp(portal, { email: "unefois@exemple.fr" });
    await takeOver("unefois@exemple.fr", "unefois-voleur@exemple.fr");
    const link = await objectionTo("unefois@exemple.fr", "sign-in-email-changed");
    for (const method of ["GET", "HEAD", "OPTIONS"]) await portal.browser().request(link, { method });
    expect((await portal.browser().open(link)).status).toBe(200);
    await object(link);
    expect((await portal.browser().open(link)).status).toBe(410);

    await signUp(portal, { email: "septjours@exemple.fr" });
    await takeOver("septjours@exemple.fr", "septjours-neuve@exemple.fr");
    const late = await objectionTo("septjours@exemple.fr", "sign-in-email-changed");
    portal.advance({ days: 7, minutes: 1 });
    expect((await portal.browser().open(late)).status).toBe(410);
  });

  test("un voleur qui change d'adresse une seconde fois, puis s'oppose lui-même, ne fait pas taire la première", async () => {
    await signUp(portal, { email: "premiere@exemple.fr" });
    const id = await accountId("premiere@exemple.fr");
    await takeOver("premiere@exemple.fr", "voleur-1@exemple.fr");
    await takeOver("voleur-1@exemple.fr", "voleur-2@exemple.fr");
    await object(await objectionTo("voleur-1@exemple.fr", "sign-in-email-changed"), PASSWORD);
    expect(await addressOf(id)).toBe("voleur-1@exemple.fr");
    await object(await objectionTo("premiere@exemple.fr", "sign-in-email-changed"));
    expect(await addressOf(id)).toBe("premiere@exemple.fr");
    for (const mail of ["sign-in-email-change-asked", "sign-in-email-changed"])
      expect((await portal.browser().open(await objectionTo("voleur-1@exemple.fr", mail))).status).toBe(410);
  });

  test("un compte demandé entre-temps à l'ancienne adresse, jamais activé, ne la bloque pas", async () => {
    await signUp(portal, { email: "squattee@exemple.fr" });
    const id = await accountId("squattee@exemple.fr");
    await takeOver("squattee@exemple.fr", "squatteur@exemple.fr");
    const squatter = portal.browser();
    await reachSummary(squatter, "squattee@exemple.fr");
    await squatter.send();
    await object(await objectionTo("squattee@exemple.fr", "sign-in-email-changed"));
    expect(await addressOf(id)).toBe("squattee@exemple.fr");
  });

  test("une adresse devenue celle d'un autre compte ne lui est pas reprise", async () => {
    await signUp(portal, { email: "cedee@exemple.fr" });
    const id = await accountId("cedee@exemple.fr");
    await takeOver("cedee@exemple.fr", "partie@exemple.fr");
    await signUp(portal, { email: "cedee@exemple.fr" });
    const browser = portal.browser();
    await browser.open(await objectionTo("cedee@exemple.fr", "sign-in-email-changed"));
    await browser.send();
    expect(browser.text).toContain("Cette adresse est celle d'un autre compte");
    expect(await addressOf(id)).toBe("partie@exemple.fr");
    expect((await signIn(portal, "partie@exemple.fr")).text).toContain(
      "Pour quelle structure travaillez-vous ?",
    );
  });

  test("le second code d'avant le changement reste demandé : une boîte aux lettres ne le lève pas", async () => {
    await signUp(portal, { email: "double@exemple.fr" });
    const id = await accountId("double@exemple.fr");
    await takeOver("double@exemple.fr", "double-voleur@exemple.fr");
    await portal.query(
      `insert into second_factor (account_id, kind, name, secret_encrypted, confirmed_at, created_at)
       values ($1, 'totp', 'Téléphone', '\\x00', unisson_now(), unisson_now() - interval '30 days')`,
      [id],
    );
    await object(await objectionTo("double@exemple.fr", "sign-in-email-changed"));
    expect((await signIn(portal, "double@exemple.fr", NEW_PASSWORD)).text).toContain("Saisissez votre code");
  });
});
