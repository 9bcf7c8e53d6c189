import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Browser } from "../support/browser.ts";
import { answerOf, FEDERATION_SETTINGS, linkIdentity, signInWith } from "../support/federation.ts";
import { type IdentityProvider, startIdentityProvider } from "../support/identity-provider.ts";
import { activate, PASSWORD, signIn, signUp } from "../support/people.ts";
import { startPortal, type TestPortal } from "../support/portal.ts";
import { reachSummary } from "../support/sign-up-form.ts";

const OTHER_PASSWORD = "Pommier-Locomotive-17";
let provider: IdentityProvider;
let portal: TestPortal;
beforeAll(async () => {
  provider = await startIdentityProvider();
  portal = await startPortal(
    { ...provider.settings, UNISSON_OPERATORS: "veilleuse@exemple.fr" },
    "localhost",
  );
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

const holdersOf = (subject: string) =>
  portal.query(
    `select a.sign_in_email as email from federated_identity i join account a on a.id = i.account_id
     where i.subject = $1`,
    [subject],
  );

/** Fills the page of a first entry, which knows the names. */
async function finishEntry(browser: Browser, password = PASSWORD): Promise<void> {
  await browser.send({
    firstName: "Camille",
    lastName: "Exemple",
    newPassword: password,
    newPasswordAgain: password,
    acceptsTerms: true,
  });
}

async function atSignIn(): Promise<Browser> {
  const browser = portal.browser();
  await browser.open("/connexion");
  return browser;
}

describe("SIG-07 Une adresse connue du fournisseur n'ouvre le compte de personne", () => {
  test("la même adresse, non vérifiée", async () => {
    await signUp(portal, { email: "victime@exemple.fr" });
    provider.people.set("voleur", { email: "victime@exemple.fr", emailVerified: false });
    const thief = await signInWith(portal, "voleur");
    expect(thief.answer!.status).toBe(422);
    expect(thief.text).toContain("aucun compte du portail ne l'a reliée");
    expect(await isIn(thief)).toBe(false);
    expect(await holdersOf("voleur")).toEqual([]);
  });

  test("la même adresse, vérifiée : ni ouvert, ni relié, ni remplacé", async () => {
    await signUp(portal, { email: "active@exemple.fr" });
    provider.people.set("homonyme-verifie", { email: "active@exemple.fr" });
    const browser = await signInWith(portal, "homonyme-verifie");
    await finishEntry(browser, OTHER_PASSWORD);
    expect(browser.answer!.status).toBe(422);
    expect(browser.text).toContain("Vous avez déjà un compte");
    expect(await isIn(browser)).toBe(false);
    expect(await holdersOf("homonyme-verifie")).toEqual([]);
    expect((await signIn(portal, "active@exemple.fr")).text).toContain(
      "Pour quelle structure travaillez-vous ?",
    );
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
    const browser = await signInWith(portal, "homonyme");
    expect(browser.text).toContain("aucun compte du portail n'a encore reliée");
    expect(await isIn(browser)).toBe(false);
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
    expect(await holdersOf("unique")).toEqual([{ email: "unique@exemple.fr" }]);
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

describe("SIG-07 La première entrée, d'une identité à l'adresse vérifiée", () => {
  async function entering(who: string): Promise<Browser> {
    provider.people.set(who, { email: `${who}@exemple.fr` });
    const browser = await signInWith(portal, who);
    expect(browser.text).toContain("Créer mon compte avec ProConnect");
    return browser;
  }

  test("ouvre un compte, avec son mot de passe, que l'identité rouvre ensuite", async () => {
    const browser = await entering("entrante");
    await finishEntry(browser);
    expect(await isIn(browser)).toBe(true);
    expect(await isIn(await signInWith(portal, "entrante"))).toBe(true);
    expect(await isIn(await signIn(portal, "entrante@exemple.fr"))).toBe(true);
    expect((await portal.mailsTo("entrante@exemple.fr")).map((one) => one.name)).toEqual([
      "account-activated",
      "identity-linked",
    ]);
  });

  test("demande un mot de passe assez fort, un nom et l'accord, et garde ce qui est tapé", async () => {
    const browser = await entering("presseuse");
    await browser.send({ firstName: "Ana", lastName: "", newPassword: "court", newPasswordAgain: "autre" });
    expect(browser.answer!.status).toBe(422);
    for (const says of ["Les deux mots de passe diffèrent", "Acceptez les conditions", "Nom"])
      expect(browser.text).toContain(says);
    await finishEntry(browser, "court");
    expect(browser.text).toContain("trop court");
    expect(browser.form().querySelector("[name=firstName]")!.getAttribute("value")).toBe("Camille");
    await finishEntry(browser);
    expect(await isIn(browser)).toBe(true);
  });

  test("demande seize caractères à un opérateur", async () => {
    const browser = await entering("veilleuse");
    expect(browser.text).toContain("16 caractères variés");
    await finishEntry(browser, "Kf4-wmtrbv9l");
    expect(browser.text).toContain("trop court : 16 caractères au moins");
    await finishEntry(browser);
    expect(await isIn(browser)).toBe(true);
  });

  test("prend le compte en attente à cette adresse, dont l'ancien lien ne vaut plus", async () => {
    const other = portal.browser();
    await reachSummary(other, "attendue@exemple.fr");
    await other.send();
    const browser = await entering("attendue");
    await finishEntry(browser);
    expect(await isIn(browser)).toBe(true);
    await expect(activate(portal, other, "attendue@exemple.fr")).rejects.toThrow();
    expect(await isIn(other)).toBe(false);
  });

  test("n'est pas offerte à une adresse que le fournisseur n'a pas vérifiée", async () => {
    provider.people.set("douteuse", { email: "douteuse@exemple.fr", emailVerified: false });
    const browser = await signInWith(portal, "douteuse");
    expect(browser.answer!.page.querySelector("[name=entree]")).toBeNull();
  });

  test("ne sert qu'à son navigateur, une fois, vingt minutes, sans être changée", async () => {
    const browser = await entering("copiee");
    const entree = browser.form().querySelector("[name=entree]")!.getAttribute("value")!;
    const typed = {
      firstName: "Camille",
      lastName: "Exemple",
      newPassword: PASSWORD,
      newPasswordAgain: PASSWORD,
      acceptsTerms: true,
    };
    const thief = await entering("voleuse");
    expect((await thief.send({ ...typed, entree })).status).toBe(422);
    const changed = `${entree.slice(0, -2)}${entree.endsWith("AA") ? "BB" : "AA"}`;
    await thief.open("/connexion");
    const own = await entering("changee");
    expect((await own.send({ ...typed, entree: changed })).status).toBe(422);
    const statuses = await Promise.all(
      [1, 2, 3].map(async () => {
        const copy = portal.browser();
        for (const [name, value] of browser.cookies) copy.cookies.set(name, value);
        copy.answer = browser.answer;
        return (await copy.send(typed)).status;
      }),
    );
    expect(statuses.sort()).toEqual([200, 422, 422]);
    expect(await holdersOf("copiee")).toEqual([{ email: "copiee@exemple.fr" }]);
    expect(await portal.query("select 1 from account where sign_in_email like 'voleuse@%'")).toEqual([]);

    const late = await entering("tardive");
    portal.advance({ minutes: 21 });
    expect((await late.send(typed)).status).toBe(422);
    expect(await isIn(late)).toBe(false);
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

describe("SIG-07 Un jeton d'identité signé par le fournisseur, mais qui n'est pas pour nous", () => {
  const anHourAgo = () => Math.floor(Date.now() / 1000) - 3_600;
  test.each([
    ["tel quel, ouvre", {}, "RS256", "n'est relié à aucun compte"],
    ["pour un autre public (aud)", { aud: "un-autre-portail" }, "RS256", "n'a pas pu être vérifiée"],
    ["d'un autre émetteur (iss)", { iss: "https://autre.example" }, "RS256", "n'a pas pu être vérifiée"],
    ["périmé (exp)", { exp: anHourAgo(), iat: anHourAgo() - 60 }, "RS256", "n'a pas pu être vérifiée"],
    ["d'un autre départ (nonce)", { nonce: "un-autre" }, "RS256", "n'a pas pu être vérifiée"],
    ["sans sujet (sub)", { sub: undefined }, "RS256", "n'a pas pu être vérifiée"],
    ["sans signature (alg none)", {}, "none", "n'a pas pu être vérifiée"],
  ] as const)("%s", async (_, claims, alg, says) => {
    const forging = await startIdentityProvider();
    const believer = await startPortal(forging.settings, "localhost");
    forging.serve(believer.url);
    forging.people.set("visee", { email: "visee@exemple.fr", emailVerified: false });
    forging.alter("/token", (said) => ({
      ...said,
      id_token: forging.resigned(String(said.id_token), claims, alg),
    }));
    try {
      const browser = await signInWith(believer, "visee");
      expect(browser.text).toContain(says);
      expect(await isIn(browser)).toBe(false);
    } finally {
      await believer.close();
      await forging.close();
    }
  });

  test("un fournisseur qui se dit un autre n'est pas cru", async () => {
    const posing = await startIdentityProvider();
    const believer = await startPortal(posing.settings, "localhost");
    posing.serve(believer.url);
    posing.alter("/.well-known/openid-configuration", (said) => ({
      ...said,
      issuer: "https://autre.example",
    }));
    try {
      const browser = await signInWith(believer, "personne").catch(() => null);
      expect(browser === null || [422, 503].includes(browser.answer!.status)).toBe(true);
    } finally {
      await believer.close();
      await posing.close();
    }
  });
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
