import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Browser } from "../support/browser.ts";
import { answerOf, FEDERATION_SETTINGS, linkIdentity, signInWith } from "../support/federation.ts";
import { type IdentityProvider, startIdentityProvider } from "../support/identity-provider.ts";
import { PASSWORD, signUp } from "../support/people.ts";
import { startPortal, type TestPortal } from "../support/portal.ts";

let provider: IdentityProvider;
let portal: TestPortal;
beforeAll(async () => {
  provider = await startIdentityProvider();
  portal = await startPortal(provider.settings, "localhost");
  provider.serve(portal.url);
});
afterAll(async () => {
  await portal?.close();
  await provider?.close();
});

/** A person with an account, and an identity linked to it under her first name. */
async function linked(who: string): Promise<Browser> {
  const email = `${who}@exemple.fr`;
  provider.people.set(who, { email });
  const browser = await signUp(portal, { email });
  await linkIdentity(browser, who);
  expect(browser.text).toContain("ProConnect est relié à votre compte.");
  return browser;
}

const isIn = async (browser: Browser) => (await browser.request("/mon-compte")).status === 200;

async function atSignIn(): Promise<Browser> {
  const browser = portal.browser();
  await browser.open("/connexion");
  return browser;
}

describe("SIG-07 Une adresse connue du fournisseur n'ouvre le compte de personne", () => {
  for (const [verified, emailVerified] of [
    ["vérifiée", true],
    ["non vérifiée", false],
  ] as const)
    test(`la même adresse, ${verified}`, async () => {
      const who = `voleur-${emailVerified}`;
      const email = `victime-${emailVerified}@exemple.fr`;
      await signUp(portal, { email });
      provider.people.set(who, { email, emailVerified });
      const thief = await signInWith(portal, who);
      expect(thief.answer!.status).toBe(422);
      expect(thief.text).toContain("aucun compte du portail ne l'a reliée");
      expect(await isIn(thief)).toBe(false);
      expect(await portal.query("select 1 from federated_identity where subject = $1", [who])).toEqual([]);
    });

  test("ni quand le titulaire de l'identité prend ensuite l'adresse d'un autre", async () => {
    await linked("mobile");
    await signUp(portal, { email: "cible@exemple.fr" });
    provider.people.set("mobile", { email: "cible@exemple.fr" });
    const browser = await signInWith(portal, "mobile");
    await browser.open("/mon-compte");
    expect(browser.text).toContain("mobile@exemple.fr");
    expect(browser.text).not.toContain("cible@exemple.fr");
  });

  test("ni le même sujet chez un autre fournisseur", async () => {
    await linked("homonyme");
    await portal.query(
      "update federated_identity set issuer = 'https://autre.example' where subject = 'homonyme'",
    );
    expect((await signInWith(portal, "homonyme")).text).toContain("aucun compte du portail ne l'a reliée");
  });
});

describe("SIG-07 La réponse du fournisseur", () => {
  test("ne sert qu'au navigateur qui est parti la chercher", async () => {
    await linked("attaquant");
    const attacker = await atSignIn();
    const answer = await answerOf(attacker, "attaquant");
    const victim = await atSignIn();
    await victim.open(answer);
    expect(victim.answer!.status).toBe(422);
    expect(await isIn(victim)).toBe(false);
    await attacker.open(answer);
    expect(await isIn(attacker)).toBe(true);
  });

  test("ne relie pas l'identité d'un attaquant au compte de sa victime", async () => {
    provider.people.set("intrus", { email: "intrus@exemple.fr" });
    const attacker = await signUp(portal, { email: "intrus@exemple.fr" });
    await attacker.open(FEDERATION_SETTINGS);
    const answer = await answerOf(attacker, "intrus", `${FEDERATION_SETTINGS}/relier`);
    const victim = await signUp(portal, { email: "abusee@exemple.fr" });
    expect((await victim.open(answer)).status).toBe(422);
    expect(await portal.query("select 1 from federated_identity where subject = 'intrus'")).toEqual([]);
  });

  test("ne sert qu'une fois, même à deux au même instant", async () => {
    await linked("rejouee");
    const browser = await atSignIn();
    const answer = await answerOf(browser, "rejouee");
    const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const statuses = await Promise.all(
      [1, 2, 3].map(async () => (await portal.browser().request(answer, { headers: { cookie } })).status),
    );
    expect(statuses.sort()).toEqual([303, 422, 422]);
  });

  test("ne vaut plus après dix minutes", async () => {
    await linked("lente");
    const browser = await atSignIn();
    const answer = await answerOf(browser, "lente");
    portal.advance({ minutes: 11 });
    expect((await browser.open(answer)).status).toBe(422);
    expect(await isIn(browser)).toBe(false);
  });

  const unknown = "a déjà servi";
  const unproven = "n'a pas pu être vérifiée";
  const forgeries: [string, string, (answer: URL, mine: URL) => void | Promise<void>][] = [
    ["un état inventé", unknown, (answer) => answer.searchParams.set("state", "invente")],
    ["sans état", unknown, (answer) => answer.searchParams.delete("state")],
    ["un état donné deux fois", unproven, (answer) => answer.searchParams.append("state", "autre")],
    [
      "le code d'un autre départ",
      unproven,
      (answer, mine) => answer.searchParams.set("code", mine.searchParams.get("code")!),
    ],
    ["un code inventé", unproven, (answer) => answer.searchParams.set("code", "invente")],
    ["sans code", unproven, (answer) => answer.searchParams.delete("code")],
    ["un autre émetteur", unproven, (answer) => answer.searchParams.set("iss", "https://autre.example")],
    [
      "un jeton fait pour un autre départ (nonce)",
      unproven,
      async () => {
        await portal.query("update federation_attempt set nonce = 'un-autre'");
      },
    ],
    [
      "un autre vérificateur (PKCE)",
      unproven,
      async () => {
        await portal.query("update federation_attempt set code_verifier = $1", ["v".repeat(43)]);
      },
    ],
  ];
  for (const [index, [what, says, forge]] of forgeries.entries())
    test(`n'ouvre rien, falsifiée : ${what}`, async () => {
      const who = `falsifiee-${index}`;
      await linked(who);
      const attacker = await atSignIn();
      const mine = new URL(await answerOf(attacker, who));
      const browser = await atSignIn();
      const answer = new URL(await answerOf(browser, who));
      await forge(answer, mine);
      expect((await browser.open(answer.href)).status).toBe(422);
      expect(browser.text).toContain(says);
      expect(await isIn(browser)).toBe(false);
    });

  test("un refus du fournisseur est dit, et n'ouvre rien", async () => {
    const browser = await signInWith(portal, "");
    expect(browser.answer!.status).toBe(422);
    expect(browser.text).toContain("vous y avez renoncé");
    expect(await isIn(browser)).toBe(false);
  });
});

describe("SIG-07 Une identité reliée", () => {
  test("n'est prise à aucun autre compte", async () => {
    await linked("unique");
    const other = await signUp(portal, { email: "autre-compte@exemple.fr" });
    await linkIdentity(other, "unique");
    expect(other.text).toContain("reliée à un autre compte");
    expect(
      await portal.query(
        "select a.sign_in_email from federated_identity i join account a on a.id = i.account_id where subject = 'unique'",
      ),
    ).toEqual([{ sign_in_email: "unique@exemple.fr" }]);
  });

  test("n'ouvre plus rien une fois retirée", async () => {
    const browser = await linked("retiree");
    await browser.open(FEDERATION_SETTINGS);
    await browser.send({}, { form: `form[action="${FEDERATION_SETTINGS}/retirer"]` });
    expect(browser.text).toContain("n'ouvre plus votre compte");
    expect(await isIn(await signInWith(portal, "retiree"))).toBe(false);
    expect((await portal.mailsTo("retiree@exemple.fr")).map((one) => one.name)).toEqual(
      expect.arrayContaining(["identity-linked", "identity-unlinked"]),
    );
  });

  test("est dite dans ses données, et s'efface avec le compte", async () => {
    const browser = await linked("fermee");
    const data = await browser.open("/mon-compte/donnees.json");
    expect(JSON.parse(data.text).identitesReliees).toMatchObject([
      { fournisseur: provider.issuer, adresse: "fermee@exemple.fr" },
    ]);
    await browser.open("/mon-compte/fermer");
    await browser.send({ confirms: true });
    expect(browser.text).toContain("Votre compte est fermé");
    expect(await portal.query("select 1 from federated_identity where subject = 'fermee'")).toEqual([]);
  });

  test("n'ouvre pas un compte désactivé", async () => {
    await linked("partie");
    await portal.query("update account set state = 'inactive' where sign_in_email = 'partie@exemple.fr'");
    const browser = await signInWith(portal, "partie");
    expect(browser.text).toContain("Ce compte est désactivé");
    expect(await isIn(browser)).toBe(false);
  });

  test("ne dispense pas du second code, ni du mot de passe pour un acte sensible", async () => {
    await linked("prudente");
    const browser = await signInWith(portal, "prudente");
    expect(await isIn(browser)).toBe(true);
    await browser.open(FEDERATION_SETTINGS);
    expect(browser.text).toContain("Confirmez que c'est vous");
    await browser.send({ password: PASSWORD });
    expect(browser.text).toContain("est relié à mon compte");
    await portal.query(
      `insert into second_factor (account_id, kind, name, secret_encrypted, confirmed_at, created_at)
       select id, 'totp', 'Téléphone', '\\x00', unisson_now(), unisson_now() from account where sign_in_email = 'prudente@exemple.fr'`,
    );
    const again = await signInWith(portal, "prudente");
    expect(again.text).toContain("Saisissez votre code");
    expect(await isIn(again)).toBe(false);
  });

  test("ne se relie pas sans mot de passe récent", async () => {
    const browser = await signUp(portal, { email: "ancienne@exemple.fr" });
    portal.advance({ minutes: 6 });
    await browser.open(FEDERATION_SETTINGS);
    expect(browser.text).toContain("Confirmez que c'est vous");
  });
});

test("SIG-07 Un jeton signé par une autre clé que celles du fournisseur n'est pas cru", async () => {
  const forged = await startIdentityProvider();
  const believer = await startPortal(forged.settings, "localhost");
  forged.serve(believer.url);
  forged.publishForeignKeys();
  forged.people.set("faussaire", { email: "faussaire@exemple.fr" });
  try {
    const browser = await signInWith(believer, "faussaire");
    expect(browser.answer!.status).toBe(422);
    expect(browser.text).toContain("n'a pas pu être vérifiée");
  } finally {
    await believer.close();
    await forged.close();
  }
});

test("F-26 Le fournisseur se tait : dit en trois secondes, et la connexion par mot de passe reste là", async () => {
  const silent = createServer(() => {});
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
  const issuer = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
  const waiting = await startPortal({ ...provider.settings, OIDC_ISSUER: issuer }, "localhost");
  try {
    const before = performance.now();
    const browser = await signInWith(waiting, "personne");
    expect(performance.now() - before).toBeLessThan(3500);
    expect(browser.answer!.status).toBe(503);
    expect(browser.text).toContain("ProConnect ne répond pas");
    await browser.open("/connexion");
    await browser.send({ email: "personne@exemple.fr", password: PASSWORD });
    expect(browser.text).toContain("Adresse ou mot de passe incorrect");
  } finally {
    await waiting.close();
    silent.closeAllConnections();
    silent.close();
  }
});

test("Sans réglage, aucune page de fédération n'existe", async () => {
  const plain = await startPortal();
  try {
    const browser = plain.browser();
    expect((await browser.open("/connexion")).text).not.toContain("ProConnect");
    expect((await browser.request("/connexion/federation/retour?state=x")).status).toBe(404);
  } finally {
    await plain.close();
  }
});
