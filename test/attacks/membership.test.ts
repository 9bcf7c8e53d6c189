import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DEMO_PASSWORD, makeDemoWorld } from "../../src/modules/demo/index.ts";
import type { Browser } from "../support/browser.ts";
import { launchChromium } from "../support/chromium.ts";
import { attach, signIn as signInWith, signUp } from "../support/people.ts";
import { startPortal, type TestPortal } from "../support/portal.ts";

const TOWN = 1;
const HOSPITAL = 3;
const PAUL_AT_TOWN = 3;
const GRID = 'main form[method="post"]';
let portal: TestPortal;
beforeAll(async () => {
  portal = await startPortal();
  await makeDemoWorld(portal.database);
});
afterAll(() => portal?.close());

const signIn = (email: string) => signInWith(portal, email, DEMO_PASSWORD);
const claire = () => signIn("claire.morel@sainte-aurore.example");
const paul = () => signIn("paul.durand@sainte-aurore.example");
const membershipsOf = (email: string) =>
  portal.query(
    `select m.structure_id::int as structure, m.role, m.scope, array(select v.code from membership_service s
       join service v on v.id = s.service_id where s.membership_id = m.id) as services,
       array(select distinct g.level from membership_grant g where g.membership_id = m.id) as levels
     from membership m join account a on a.id = m.account_id where a.sign_in_email = $1`,
    [email],
  );

describe("Une invitation", () => {
  test("A-27 vaut ce que dit sa ligne, quoi qu'on ajoute aux formulaires ou au lien", async () => {
    const email = "invitee@ville-exemple.fr";
    await attach(await claire(), TOWN, { email, services: ["URBANISME"], profile: "lecture-seule" });
    const invitation = (await portal.mailsTo(email)).at(-1)!;
    const forged = {
      structureId: String(HOSPITAL),
      role: "mainManager",
      scope: "structure",
      profile: "administrateur",
    };
    const person = portal.browser();
    await person.open(
      `${portal.linkIn(invitation).split("?")[0]}?${new URLSearchParams({ ...forged, email })}`,
    );
    await person.open("/compte/creer");
    const identity = { email, emailAgain: email, firstName: "Vera", lastName: "Invitée", acceptsTerms: true };
    await person.send({ ...identity, ...forged }, { extra: true });
    expect(person.answer!.status).toBe(422);
    await signUp(portal, { email });
    expect(await membershipsOf(email)).toEqual([
      { structure: TOWN, role: "member", scope: "service", services: ["URBANISME"], levels: ["read"] },
    ]);
  });

  test("A-28 ne montre son lien à personne d'autre, pas même à qui invite", async () => {
    const email = "secrete@ville-exemple.fr";
    const manager = await claire();
    await attach(manager, TOWN, { email });
    await signUp(portal, { email: "une-autre@ville-exemple.fr" });
    const links = (await portal.mailsTo(email)).map((mail) => portal.linkIn(mail));
    const secrets = links.flatMap((link) => link.match(/[\w-]{40,}/g) ?? []);
    for (const path of [
      `/organisation/utilisateurs?structureId=${TOWN}`,
      `/organisation/utilisateurs.csv?structureId=${TOWN}`,
      `/organisation/historique?structureId=${TOWN}`,
      `/organisation/historique.csv?structureId=${TOWN}`,
      "/notifications",
    ]) {
      const { text } = await manager.open(path);
      for (const secret of secrets) expect(text, path).not.toContain(secret);
      expect(text, path).not.toContain("lien=");
    }
    // the invitation itself opens nothing: the address is proved by activating the account
    expect(secrets).toEqual([]);
  });
});

describe("Un droit qui cesse", () => {
  test("A-33 pendant que la page est ouverte : l'envoi est refusé, et dit pourquoi", async () => {
    const manager = await claire();
    await manager.open(`/organisation/structures/${TOWN}/utilisateurs/${PAUL_AT_TOWN}/habilitations`);
    await manager.send({ "droit-structures": "write" }, { form: GRID });
    const person = await paul();
    await person.open(`/organisation/services/nouveau?structureId=${TOWN}`);
    expect(person.answer!.status).toBe(200);
    await manager.open(`/organisation/structures/${TOWN}/utilisateurs/${PAUL_AT_TOWN}/habilitations`);
    await manager.send({ "droit-structures": "read" }, { form: GRID });
    await person.send({ code: "TROP_TARD", label: "Trop tard", startsAt: "01/01/2026" });
    expect(person.answer!.status).toBe(403);
    expect(person.text).toContain("habilitation");
    expect(await portal.query("select 1 from service where code = 'TROP_TARD'")).toEqual([]);
  });

  test.each([
    [
      "rattachement fini hier",
      "update membership set starts_at = now() - interval '9 days', ends_at = now() - interval '1 day' where id = $1",
    ],
    [
      "rattachement qui commence demain",
      "update membership set starts_at = now() + interval '1 day', ends_at = null where id = $1",
    ],
    [
      "rattachement suspendu",
      "update membership set state = 'suspended', starts_at = now() - interval '9 days', ends_at = null where id = $1",
    ],
  ])("A-42 %s : ni page, ni acte, ni liste", async (_, change) => {
    const before = await portal.query("select state, starts_at, ends_at from membership where id = $1", [
      PAUL_AT_TOWN,
    ]);
    const person = await paul();
    expect((await person.request(`/organisation/structures/${TOWN}`)).status).toBe(200);
    await portal.query(change, [PAUL_AT_TOWN]);
    for (const path of [
      `/organisation/structures/${TOWN}`,
      `/organisation/services?structureId=${TOWN}`,
      `/organisation/utilisateurs?structureId=${TOWN}`,
      `/organisation/services.csv?structureId=${TOWN}`,
      `/organisation/services/nouveau?structureId=${TOWN}`,
    ])
      expect([403, 404], path).toContain((await person.request(path)).status);
    expect((await person.open("/organisation")).text).not.toContain("Commune de Sainte-Aurore");
    const { state, starts_at, ends_at } = before[0] as Record<string, unknown>;
    await portal.query("update membership set state = $2, starts_at = $3, ends_at = $4 where id = $1", [
      PAUL_AT_TOWN,
      state,
      starts_at,
      ends_at,
    ]);
  });

  test("A-42 service désactivé : qui n'avait de droits que sur lui ne peut plus rien y faire", async () => {
    const email = "du-service@ville-exemple.fr";
    await signUp(portal, { email });
    await attach(await claire(), TOWN, { email, services: ["URBANISME"], profile: "administrateur" });
    const person = await signInWith(portal, email);
    const [service] = await portal.query<{ id: number }>(
      "select id::int from service where structure_id = $1 and code = 'URBANISME'",
      [TOWN],
    );
    const sheet = `/organisation/structures/${TOWN}/services/${service!.id}`;
    expect((await person.request(sheet)).status).toBe(200);
    await portal.query("update service set disabled_at = now() where id = $1", [service!.id]);
    expect([403, 404]).toContain((await person.request(`${sheet}/modifier`)).status);
    await portal.query("update service set disabled_at = null where id = $1", [service!.id]);
  });

  test("A-42 structure fermée : plus rien ne s'y crée, ses demandes sont refusées", async () => {
    const manager = await claire();
    await manager.open(`/organisation/services/nouveau?structureId=${TOWN}`);
    const form = manager.answer!;
    await portal.query("update structure set state = 'inactive' where id = $1", [TOWN]);
    manager.answer = form;
    await manager.send({ code: "APRES", label: "Après la fermeture", startsAt: "01/01/2026" });
    expect([403, 409, 422]).toContain(manager.answer!.status);
    expect(await portal.query("select 1 from service where code = 'APRES'")).toEqual([]);
    await attach(manager, TOWN, { email: "apres@ville-exemple.fr" }).catch(() => {});
    expect(await portal.query("select 1 from invitation where email = 'apres@ville-exemple.fr'")).toEqual([]);
    await portal.query("update structure set state = 'active' where id = $1", [TOWN]);
  });
});

describe("A-38 Un rapport d'import", () => {
  let report: string;
  beforeAll(async () => {
    const manager = await claire();
    await manager.open(`/organisation/imports/services?structureId=${TOWN}`);
    const file = new File(
      ["code;libelle;debut;fin;engagement_obligatoire\r\nA38;Essai;01/01/2026;;non"],
      "services.csv",
    );
    await manager.send({ file }, { form: 'main form[enctype="multipart/form-data"]' });
    const [, importId] = /imports\/\w+\/(\d+)|imports\/(\d+)/.exec(manager.answer!.url)!.filter(Boolean);
    report = `${new URL(manager.answer!.url).pathname}/rapport.csv`;
    expect(Number(importId)).toBeGreaterThan(0);
    expect((await manager.request(report)).status).toBe(200);
  });

  test.each([
    ["d'une personne de la structure sans ce droit", "ines.benali@sainte-aurore.example"],
    ["d'une gestionnaire d'une autre structure", "agathe.vidal@gh-trois-vallees.example"],
  ])("n'est pas %s", async (_, email) => {
    expect([403, 404]).toContain((await (await signIn(email)).request(report)).status);
  });

  test("ni de personne", async () => {
    expect((await portal.browser().request(report)).status).toBe(303);
  });
});

describe("A-19 Un mot de passe", () => {
  test("se colle, se montre et se laisse garder par un gestionnaire de mots de passe", async () => {
    const chromium = await launchChromium();
    const context = await chromium.newContext();
    const page = await context.newPage();
    await page.goto(`${portal.url}/connexion`);
    const field = page.locator("[name=password]");
    expect(await field.getAttribute("autocomplete")).toBe("current-password");
    expect(await field.getAttribute("type")).toBe("password");
    await page.locator("[name=email]").fill("copié-collé-1234");
    await page.locator("[name=email]").press("Control+a");
    await page.locator("[name=email]").press("Control+c");
    await field.press("Control+v");
    expect(await field.inputValue()).toBe("copié-collé-1234");
    const reveal = page.getByRole("button", { name: "Afficher" });
    await reveal.click();
    expect([await field.getAttribute("type"), await reveal.getAttribute("aria-pressed")]).toEqual([
      "text",
      "true",
    ]);
    await reveal.click();
    expect(await field.getAttribute("type")).toBe("password");
    await reveal.click();
    await page.getByRole("button", { name: "Se connecter", exact: true }).click();
    await page.getByText("Adresse ou mot de passe incorrect").first().waitFor();
    expect(await field.getAttribute("type")).toBe("password");
    await chromium.close();
  });

  test("sans JavaScript, le bouton ne se montre pas", async () => {
    const browser = portal.browser();
    await browser.open("/connexion");
    expect(browser.form().querySelector("[data-reveals]")!.hasAttribute("hidden")).toBe(true);
    expect(browser.form().querySelector("[name=password]")!.getAttribute("onpaste")).toBeUndefined();
  });
});

describe("A-67 Ce que le portail appelle lui-même", () => {
  test.each([
    ["le répertoire national", (url: string) => ({ NATIONAL_REGISTER: url }), identifies],
    [
      "le fournisseur d'identité",
      (url: string) => ({
        OIDC_ISSUER: url,
        OIDC_CLIENT_ID: "unisson",
        OIDC_CLIENT_SECRET: "secret-d-essai",
      }),
      startsFederation,
    ],
  ] as const)("%s ne le renvoie pas vers un autre hôte", async (_, settings, call) => {
    let hits = 0;
    const inner = createServer((_request, response) => {
      hits++;
      response.end("{}");
    });
    const outer = createServer((request, response) => {
      response.writeHead(302, { location: `http://127.0.0.1:${portOf(inner)}${request.url}` }).end();
    });
    for (const server of [inner, outer])
      await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    const calling = await startPortal(settings(`http://127.0.0.1:${portOf(outer)}`), "localhost");
    try {
      await call(calling);
      expect(hits).toBe(0);
    } finally {
      await calling.close();
      inner.close();
      outer.close();
    }
  });

  const portOf = (server: ReturnType<typeof createServer>) => (server.address() as AddressInfo).port;

  async function identifies(calling: TestPortal): Promise<void> {
    expect(await calling.portal.register.find("35600000000048")).toMatchObject({ kind: "silent" });
  }

  async function startsFederation(calling: TestPortal): Promise<void> {
    const browser: Browser = calling.browser();
    await browser.open("/connexion");
    await browser.send({}, { form: 'main form[action^="/connexion/federation"]' });
    expect(browser.answer!.status).toBe(503);
  }
});
