import pino from "pino";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DEMO_PASSWORD, makeDemoWorld } from "../../src/modules/demo/index.ts";
import { renounceMainManager } from "../../src/modules/memberships/use-cases/changes.ts";
import { buildServer } from "../../src/server.ts";
import type { Browser } from "../support/browser.ts";
import { attach, PASSWORD, signIn as signInWith, signUp } from "../support/people.ts";
import { startPortal, type TestPortal } from "../support/portal.ts";

const TOWN = 1;
const HOSPITAL = 3;
let portal: TestPortal;
const signIn = (email: string) => signInWith(portal, email, DEMO_PASSWORD);

beforeAll(async () => {
  portal = await startPortal();
  await makeDemoWorld(portal.database);
});
afterAll(() => portal.close());

/** An address of a route with objects of the town in the place of its parameters. */
function townUrl(url: string): string {
  return url
    .replace(":structureId", String(TOWN))
    .replace(":serviceId", "2")
    .replace(":bankAccountId", "1")
    .replace(":membershipId", "3")
    .replace(":requestId", "1")
    .replace(":invitationId", "1")
    .replace(":sessionId", "1")
    .replace(":mailId", "1")
    .replace(":importId", "1")
    .replace(":factorId", "1")
    .replace(":browserId", "1")
    .replace(":id", "1");
}

const tokenIn = (browser: Browser, form?: string) =>
  browser.form(form).querySelector('[name="_jeton"]')!.getAttribute("value")!;

async function post(
  browser: Browser,
  path: string,
  body: Record<string, string>,
  from = "/mon-compte/identite",
): Promise<Response> {
  await browser.open(from);
  const token = browser.answer!.page.querySelector('[name="_jeton"]')?.getAttribute("value") ?? "";
  return browser.request(path, {
    method: "POST",
    body: new URLSearchParams({ _jeton: token, ...body }),
    headers: { "sec-fetch-site": "same-origin", origin: portal.url },
  });
}

describe("A-21 Chaque route, appelée par qui n'en a pas le droit", () => {
  test("toutes disent qui peut les appeler", () => {
    expect(portal.portal.routes.length).toBeGreaterThan(60);
    for (const route of portal.portal.routes) expect(route.access, route.url).toBeDefined();
  });

  test("une route qui ne le dit pas empêche le serveur de démarrer", async () => {
    const { fastify } = await buildServer({
      config: portal.config,
      database: portal.database,
      log: pino({ level: "silent" }),
      publicUrl: () => portal.url,
    });
    expect(() => fastify.get("/sans-regle", async () => "")).toThrow("does not say who may call it");
    await fastify.close();
  });

  test("personne : mené à la connexion, sur toute route qui n'est pas publique", async () => {
    const nobody = portal.browser();
    await nobody.open("/connexion");
    const token = nobody.form().querySelector('[name="_jeton"]')!.getAttribute("value")!;
    for (const { method, url, access } of portal.portal.routes.filter((one) => one.access !== "public")) {
      const answer = await nobody.request(
        townUrl(url),
        method === "POST"
          ? { method, body: new URLSearchParams({ _jeton: token }), headers: { origin: portal.url } }
          : { method },
      );
      expect(
        [answer.status, answer.headers.get("location")?.split("?")[0]],
        `${method} ${url} ${JSON.stringify(access)}`,
      ).toEqual([303, "/connexion"]);
    }
  });

  test("la gestionnaire d'une autre structure : introuvable, sur toute route d'une structure", async () => {
    const stranger = await signIn("agathe.vidal@gh-trois-vallees.example");
    const routes = portal.portal.routes.filter((one) => typeof one.access === "object");
    expect(routes.length).toBeGreaterThan(25);
    for (const { method, url } of routes) {
      const path = townUrl(url);
      const answer =
        method === "POST"
          ? await post(stranger, path, { structureId: String(TOWN) })
          : await stranger.request(`${path}${path.includes("?") ? "&" : "?"}structureId=${TOWN}`);
      expect(answer.status, `${method} ${url}`).toBe(404);
    }
  });

  test("qui n'est rattaché à rien : introuvable sur toute route d'une structure, et d'un opérateur", async () => {
    const nobodys = await signUp(portal, { email: "rattachee-a-rien@exemple.fr" });
    const routes = portal.portal.routes.filter(
      ({ access }) => typeof access === "object" || access === "operator",
    );
    for (const { method, url } of routes) {
      const path = townUrl(url);
      const answer =
        method === "POST"
          ? await post(nobodys, path, { structureId: String(TOWN) })
          : await nobodys.request(`${path}?structureId=${TOWN}`);
      expect(answer.status, `${method} ${url}`).toBe(404);
    }
  });

  test("un objet d'une autre structure sous la sienne (A-34) : introuvable, rien ne change", async () => {
    const stranger = await signIn("agathe.vidal@gh-trois-vallees.example");
    const before = await portal.query("select * from service where structure_id = $1 order by id", [TOWN]);
    for (const path of [
      `/organisation/structures/${HOSPITAL}/services/2`,
      `/organisation/structures/${HOSPITAL}/utilisateurs/3`,
      `/organisation/structures/${HOSPITAL}/utilisateurs/3/habilitations`,
      `/organisation/structures/${HOSPITAL}/coordonnees-bancaires/1`,
      `/organisation/structures/${HOSPITAL}/coordonnees-bancaires/1/modifier`,
    ])
      expect((await stranger.request(path)).status, path).toBe(404);
    expect(
      (await post(stranger, `/organisation/structures/${HOSPITAL}/services/2/desactiver`, { version: "1" }))
        .status,
    ).toBe(404);
    expect(
      (await post(stranger, `/organisation/structures/${HOSPITAL}/invitations/1/annuler`, {})).status,
    ).toBe(404);
    expect(await portal.query("select * from service where structure_id = $1 order by id", [TOWN])).toEqual(
      before,
    );
  });

  test("A-22 une personne en consultation seule : tout acte de gestion refusé", async () => {
    const hugo = await signIn("hugo.lemaire@sainte-aurore.example");
    const acts = portal.portal.routes.filter(
      (one) =>
        typeof one.access === "object" &&
        !["structure.read", "service.read", "bankAccount.read", "member.list", "journal.read"].includes(
          one.access.action,
        ),
    );
    expect(acts.length).toBeGreaterThan(15);
    for (const { method, url } of acts) {
      const path = townUrl(url);
      const answer =
        method === "POST"
          ? await post(hugo, path, { structureId: String(TOWN) })
          : await hugo.request(`${path}?structureId=${TOWN}`);
      expect(answer.status, `${method} ${url}`).toBe(403);
    }
  });
});

describe("Les mêmes réponses pour qui ne doit pas savoir", () => {
  test("A-05 un objet d'autrui et un objet qui n'existe pas : la même page", async () => {
    const stranger = await signIn("agathe.vidal@gh-trois-vallees.example");
    const strip = (text: string) => text.replaceAll(/organisation\/structures\/\d+/g, "");
    const theirs = await stranger.open(`/organisation/structures/${TOWN}`);
    const nobodys = await stranger.open("/organisation/structures/987654321");
    expect([theirs.status, strip(theirs.text)]).toEqual([nobodys.status, strip(nobodys.text)]);
  });

  test("A-03 une inscription sur une adresse déjà prise : la même page, aucun compte, un message à son titulaire", async () => {
    const pages: string[] = [];
    for (const email of ["claire.morel@sainte-aurore.example", "claire.nouvel@sainte-aurore.example"]) {
      const browser = portal.browser();
      await browser.open("/compte/creer");
      await browser.send({
        email,
        emailAgain: email,
        firstName: "Claire",
        lastName: "Nouvel",
        acceptsTerms: true,
      });
      await browser.send({}, { button: ["later", "oui"] });
      await browser.send();
      pages.push(browser.text);
    }
    expect(pages[0]).toBe(pages[1]);
    expect((await portal.mailsTo("claire.morel@sainte-aurore.example")).at(-1)!.name).toBe(
      "sign-up-on-existing-account",
    );
    expect(
      await portal.query(
        "select first_name from account where sign_in_email = 'claire.morel@sainte-aurore.example'",
      ),
    ).toEqual([{ first_name: "Claire" }]);
  });

  test("A-02 mot de passe oublié : la même page ; un message au seul compte actif", async () => {
    await portal.query(
      `insert into account (sign_in_email, sign_in_email_canonical, first_name, last_name, state, activated_at)
       values ('desactivee@exemple.example', 'desactivee@exemple.example', 'Ada', 'Partie', 'inactive', now())`,
    );
    const pages = new Set<string>();
    for (const email of [
      "desactivee@exemple.example",
      "paul.durand@sainte-aurore.example",
      "inconnu@exemple.fr",
      "rose.aubry@exemple.example",
    ]) {
      const browser = portal.browser();
      await browser.open("/mot-de-passe/oublie");
      await browser.send({ email });
      pages.add(browser.text);
    }
    expect(pages.size).toBe(1);
    const mails = await portal.query<{ to_address: string }>(
      "select to_address from mail where name = 'password-reset'",
    );
    expect(mails).toEqual([{ to_address: "paul.durand@sainte-aurore.example" }]);
  });
});

describe("La connexion", () => {
  test("A-04 après cinq échecs, le bon mot de passe attend son tour", async () => {
    for (let index = 0; index < 5; index++)
      expect(
        (await signInWith(portal, "emile.tessier@atelier-demo.example", `faux-mot-de-passe-${index}`)).answer!
          .status,
      ).toBe(422);
    const early = await signIn("emile.tessier@atelier-demo.example");
    expect(early.answer!.status).toBe(429);
    expect(Number(early.answer!.headers.get("retry-after"))).toBeLessThanOrEqual(60);
    portal.advance({ seconds: 61 });
    expect((await signIn("emile.tessier@atelier-demo.example")).text).toContain("À faire");
  });

  test("A-06 cent essais à la fois, dont le bon : cinq au plus sont évalués, les autres sont renvoyés", async () => {
    const email = "theo.blin@clair-reseau.example";
    const browsers = await Promise.all(
      Array.from({ length: 100 }, async () => {
        const browser = portal.browser();
        await browser.open("/connexion");
        return browser;
      }),
    );
    const right = Math.floor(Math.random() * 100);
    const answers = await Promise.all(
      browsers.map((browser, index) =>
        browser.send({ email, password: index === right ? DEMO_PASSWORD : `faux-${index}` }),
      ),
    );
    const evaluated = answers.filter((one) => one.status === 422).length;
    // the right one, when it comes among the first, forgets the failures: as many again may follow
    expect(evaluated).toBeLessThanOrEqual(answers.some((one) => one.status === 200) ? 9 : 5);
    const sentAway = answers.filter((one) => one.status === 429 || one.status === 503);
    expect(sentAway.length).toBeGreaterThanOrEqual(90);
    for (const one of sentAway) expect(Number(one.headers.get("retry-after"))).toBeGreaterThan(0);
    portal.advance({ minutes: 16 });
  });

  test("A-04 en un jour, vingt-cinq essais au plus sont évalués, si patient qu'on soit", async () => {
    let evaluated = 0;
    for (let minutes = 0; minutes < 24 * 60; minutes += 20) {
      const browser = await signInWith(portal, "emile.tessier@atelier-demo.example", `faux-${minutes}`);
      if (browser.answer!.status === 422) evaluated++;
      portal.advance({ minutes: 20 });
    }
    expect(evaluated).toBeGreaterThan(5);
    expect(evaluated).toBeLessThanOrEqual(25);
  });

  test("A-11, A-12 le jeton change à la connexion, et meurt à la déconnexion", async () => {
    const browser = portal.browser();
    await browser.open("/connexion");
    const before = browser.cookies.get("unisson");
    await browser.send({ email: "jeanne.caron@clair-reseau.example", password: DEMO_PASSWORD });
    const after = browser.cookies.get("unisson")!;
    expect(after).not.toBe(before);
    const copy = portal.browser();
    copy.cookies.set("unisson", after);
    expect((await copy.request("/mon-compte")).status).toBe(200);
    await browser.send({}, { form: 'form[action="/deconnexion"]' });
    expect((await copy.request("/mon-compte")).status).toBe(303);
  });

  test("A-11 le jeton change avec la structure où l'on travaille, que l'en-tête montre", async () => {
    const browser = await signIn("claire.morel@sainte-aurore.example");
    const shown = () =>
      browser.answer!.page.querySelector('.u-menu__item[aria-current="true"]')!.getAttribute("value");
    await browser.open(`/organisation/services?structureId=${TOWN}`);
    expect(shown()).toBe(String(TOWN));
    const [other] = await portal.query<{ id: number }>(
      `select structure_id::int as id from membership m join account a on a.id = m.account_id
       where a.sign_in_email = 'claire.morel@sainte-aurore.example' and m.structure_id <> $1`,
      [TOWN],
    );
    const copy = portal.browser();
    copy.cookies.set("unisson", browser.cookies.get("unisson")!);
    await browser.send(
      {},
      { form: 'form[action="/structure-courante"]', button: ["structureId", String(other!.id)] },
    );
    expect((await copy.request("/mon-compte")).status).toBe(303);
    await browser.open("/organisation/services");
    expect(shown()).toBe(String(other!.id));
    await browser.open(`/organisation/services?structureId=${TOWN}`);
    expect(shown()).toBe(String(TOWN));
  });

  test("A-13 deux cookies du même nom n'ouvrent rien", async () => {
    const browser = await signIn("jeanne.caron@clair-reseau.example");
    const token = browser.cookies.get("unisson");
    const answer = await portal
      .browser()
      .request("/mon-compte", { headers: { cookie: `unisson=${token}; unisson=${"x".repeat(43)}` } });
    expect(answer.status).toBe(303);
  });

  test("A-16 un formulaire venu d'ailleurs, ou sans jeton, ne change rien", async () => {
    const browser = await signIn("jeanne.caron@clair-reseau.example");
    await browser.open("/mon-compte/identite");
    const token = browser.form("main form").querySelector('[name="_jeton"]')!.getAttribute("value")!;
    const body = (jeton: string) =>
      new URLSearchParams({ _jeton: jeton, firstName: "Pirate", lastName: "Caron", phone: "" });
    for (const [headers, jeton] of [
      [{ "sec-fetch-site": "cross-site", origin: portal.url }, token],
      [{ origin: "null" }, token],
      [{ origin: "https://unisson.example.evil" }, token],
      [{ origin: portal.url }, ""],
      [{ origin: portal.url }, "x".repeat(43)],
    ] as [Record<string, string>, string][])
      expect(
        (await browser.request("/mon-compte/identite", { method: "POST", body: body(jeton), headers }))
          .status,
      ).toBe(403);
    const json = await browser.request("/mon-compte/identite", {
      method: "POST",
      body: JSON.stringify({ firstName: "Pirate" }),
      headers: { "content-type": "text/plain" },
    });
    expect([403, 415]).toContain(json.status);
    expect(
      await portal.query("select first_name from account where sign_in_email like 'jeanne.caron@%'"),
    ).toEqual([{ first_name: "Jeanne" }]);
  });

  test("A-20 six minutes après la connexion, un acte sensible redemande le mot de passe", async () => {
    const claire = await signIn("claire.morel@sainte-aurore.example");
    portal.advance({ minutes: 6 });
    await claire.open(`/organisation/structures/${TOWN}/desactiver`);
    expect(claire.answer!.url).toContain("/confirmer-identite");
    await claire.send({ password: DEMO_PASSWORD });
    expect(claire.answer!.url).toContain(`/organisation/structures/${TOWN}/desactiver`);
  });

  test("A-23 un champ de trop est refusé par son nom", async () => {
    const browser = await signIn("jeanne.caron@clair-reseau.example");
    await browser.open("/mon-compte/identite");
    await browser.send({ isOperator: "true" }, { extra: true, form: "main form" });
    expect(browser.answer!.status).toBe(422);
    expect(browser.text).toContain("isOperator");
  });
});

describe("Rattachements et droits", () => {
  test("A-24, A-25 une invitation ne vaut que pour l'adresse invitée, une fois prouvée", async () => {
    const claire = await signIn("claire.morel@sainte-aurore.example");
    await attach(claire, TOWN, { email: "v@ville-exemple.fr" });
    await signUp(portal, { email: "x@ville-exemple.fr" });
    const other = await signInWith(portal, "x@ville-exemple.fr");
    expect((await other.request(`/organisation/structures/${TOWN}`)).status).toBe(404);
    expect(await portal.query("select state from invitation where email = 'v@ville-exemple.fr'")).toEqual([
      { state: "pending" },
    ]);
    const page = await claire.open(`/organisation/utilisateurs?structureId=${TOWN}`);
    expect(page.text).not.toContain("lien=");
    await signUp(portal, { email: "v@ville-exemple.fr" });
    expect(await portal.query("select state from invitation where email = 'v@ville-exemple.fr'")).toEqual([
      { state: "accepted" },
    ]);
  });

  test("A-30 nul ne donne plus qu'il n'a, ni ne change ses propres droits", async () => {
    const claire = await signIn("claire.morel@sainte-aurore.example");
    await claire.open(`/organisation/structures/${TOWN}/utilisateurs/3/habilitations`);
    await claire.send({ "droit-users": "write", "droit-structures": "read" });
    const paul = await signIn("paul.durand@sainte-aurore.example");
    await attach(paul, TOWN, { email: "nouvelle@ville-exemple.fr", profile: "administrateur" });
    expect(paul.answer!.status).toBe(422);
    expect(paul.text).toContain("Vous ne pouvez donner que les droits que vous avez");
    await paul.open(`/organisation/structures/${TOWN}/utilisateurs/5/habilitations`);
    await paul.send({ "droit-bankAccounts": "write" });
    expect(paul.answer!.status).toBe(422);
    expect(
      (
        await post(paul, `/organisation/structures/${TOWN}/utilisateurs/3/habilitations`, {
          scope: "structure",
          "droit-bankAccounts": "write",
        })
      ).status,
    ).toBe(422);
    expect((await post(paul, `/organisation/structures/${TOWN}/utilisateurs/1/detacher`, {})).status).toBe(
      403,
    );
  });

  test("A-31 nul n'accepte sa propre demande, même avec le droit", async () => {
    await portal.query(
      "insert into membership_request (account_id, structure_id, scope, asked_at) values (2, $1, 'structure', now())",
      [TOWN],
    );
    const [request] = await portal.query<{ id: string }>(
      "select id from membership_request where account_id = 2",
    );
    const paul = await signIn("paul.durand@sainte-aurore.example");
    const answer = await post(paul, `/organisation/demandes/${request!.id}/accepter`, {
      structureId: String(TOWN),
      scope: "structure",
      profile: "lecture-seule",
    });
    expect(answer.status).toBe(403);
    await portal.query("delete from membership_request where id = $1", [request!.id]);
  });

  test("A-26 une même demande acceptée vingt fois à la fois, de deux comptes : un seul rattachement", async () => {
    await portal.query(
      `update membership set role = 'mainManager', scope = 'structure', manager_since = now()
       where structure_id = $1 and account_id = (select id from account where sign_in_email like 'paul.durand@%')`,
      [TOWN],
    );
    const approvers = await Promise.all(
      ["claire.morel@sainte-aurore.example", "paul.durand@sainte-aurore.example"].map(async (email) => {
        const browser = await signIn(email);
        await browser.open("/mon-compte/identite");
        return { browser, token: tokenIn(browser, "main form") };
      }),
    );
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => {
        const { browser, token } = approvers[index % 2]!;
        return browser.request("/organisation/demandes/1/accepter", {
          method: "POST",
          body: new URLSearchParams({
            _jeton: token,
            structureId: String(TOWN),
            scope: "structure",
            profile: "lecture-seule",
          }),
          headers: { origin: portal.url },
        });
      }),
    );
    expect(answers.filter((one) => one.status === 303)).toHaveLength(1);
    expect(answers.filter((one) => one.status === 409)).toHaveLength(19);
    const rows = await portal.query<{ id: number }>(
      "select m.id::int from membership m join account a on a.id = m.account_id where a.sign_in_email like 'samuel.roche@%' and m.state = 'active'",
    );
    expect(rows).toHaveLength(1);
    expect(
      await portal.query(
        "select 1 from journal_entry where structure_id = $1 and type = 'MembershipRequestApproved' and at > now() - interval '1 minute'",
        [TOWN],
      ),
    ).toHaveLength(1);
  });

  test("A-26 une invitation prise vingt fois à la fois, de deux navigateurs : un seul compte, un seul rattachement", async () => {
    const email = "invitee-deux-fois@ville-exemple.fr";
    await attach(await signIn("claire.morel@sainte-aurore.example"), TOWN, { email });
    const person = portal.browser();
    await person.open("/compte/creer");
    await person.send({ email, emailAgain: email, firstName: "Ada", lastName: "Deux", acceptsTerms: true });
    await person.send({}, { button: ["later", "oui"] });
    await person.send();
    const link = portal.linkIn(
      (await portal.mailsTo(email)).findLast((one) => one.name === "activation-link")!,
    );
    const browsers = [portal.browser(), portal.browser()];
    for (const browser of browsers) await browser.open(link);
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => {
        const browser = browsers[index % 2]!;
        const fields = browser
          .form()
          .querySelectorAll('input[type="hidden"]')
          .map((field) => [field.getAttribute("name")!, field.getAttribute("value") ?? ""]);
        return browser.request(new URL(browser.answer!.url).pathname, {
          method: "POST",
          body: new URLSearchParams([...fields, ["newPassword", PASSWORD], ["newPasswordAgain", PASSWORD]]),
          headers: { origin: portal.url, "sec-fetch-site": "same-origin" },
        });
      }),
    );
    expect(answers.filter((one) => one.status < 400)).toHaveLength(1);
    expect(answers.filter((one) => one.status === 410)).toHaveLength(19);
    expect(
      await portal.query(
        "select 1 from membership m join account a on a.id = m.account_id where a.sign_in_email = $1",
        [email],
      ),
    ).toHaveLength(1);
    expect(
      await portal.query(
        "select 1 from journal_entry j join account a on a.id = j.object_id where j.type = 'AccountActivated' and a.sign_in_email = $1",
        [email],
      ),
    ).toHaveLength(1);
  });

  test("A-32 deux gestionnaires renoncent ensemble, deux cents fois : il en reste toujours un", {
    timeout: 60_000,
  }, async () => {
    const accounts = [1, 2];
    for (let round = 0; round < 200; round++) {
      await portal.query("delete from membership where structure_id = 9");
      for (const account of accounts)
        await portal.query(
          "insert into membership (account_id, structure_id, role, scope, state, starts_at, origin) values ($1, 9, 'mainManager', 'structure', 'active', now(), 'demo')",
          [account],
        );
      const rows = await portal.query<{ id: string; account_id: string }>(
        "select id, account_id from membership where structure_id = 9 order by account_id",
      );
      const [first, second] = rows.map((row) => ({ id: Number(row.id), accountId: Number(row.account_id) }));
      const renounce = (accountId: number, membershipId: number) =>
        portal.database.transaction({ kind: "caller", accountId, structureIds: [9] }, (tx, now) =>
          renounceMainManager(
            tx,
            membershipId,
            {
              accountId,
              structureId: 9,
              role: "mainManager",
              scope: "structure",
              grants: [],
            },
            [],
            { accountId, label: "Essai", means: "page" },
            now,
          ),
        );
      await Promise.all([renounce(first!.accountId, first!.id), renounce(second!.accountId, second!.id)]);
      const left = await portal.query(
        "select 1 from membership where structure_id = 9 and role = 'mainManager' and state = 'active'",
      );
      expect(left).toHaveLength(1);
    }
  });

  test("A-35 le second mur : sans contexte, ou sous celui d'une autre structure, aucune ligne", async () => {
    const tables = [
      "membership",
      "membershipGrant",
      "membershipRequest",
      "managerProposal",
      "deactivationRequest",
      "invitation",
      "bankAccount",
      "journalEntry",
      "account",
      "notification",
      "mail",
    ] as const;
    for (const table of tables) {
      const count = (visibility: Parameters<typeof portal.database.transaction>[0]) =>
        portal.database.transaction(visibility, async (tx) =>
          Number(
            (
              await tx
                .selectFrom(table)
                .select((build) => build.fn.countAll<number>().as("count"))
                .executeTakeFirstOrThrow()
            ).count,
          ),
        );
      expect(await count({ kind: "public" }), table).toBe(0);
      if (table !== "account") {
        const rows = await portal.database.transaction(
          { kind: "caller", accountId: 999_999, structureIds: [HOSPITAL] },
          (tx) => tx.selectFrom(table).selectAll().execute(),
        );
        for (const row of rows as { structureId?: number }[]) expect(row.structureId, table).toBe(HOSPITAL);
      }
    }
    const moved = portal.database.transaction(
      { kind: "caller", accountId: 7, structureIds: [HOSPITAL] },
      (tx) =>
        tx
          .updateTable("service")
          .set({ structureId: TOWN })
          .where("structureId", "=", HOSPITAL)
          .where("code", "=", "BLOC")
          .execute(),
    );
    await expect(moved).rejects.toThrow(/row-level security/);
  });

  test("A-37 la liste d'une structure ne montre jamais les lignes d'une autre", async () => {
    const agathe = await signIn("agathe.vidal@gh-trois-vallees.example");
    const page = await agathe.open(`/organisation/services?structureId=${HOSPITAL}&q=FI_SGPI`);
    expect(page.text).toContain("Aucun service ne correspond");
    expect(
      (await agathe.request(`/organisation/services?structureId=${HOSPITAL}&structureId=${TOWN}`)).status,
    ).not.toBe(500);
    expect((await agathe.request(`/organisation/services?structureId=${HOSPITAL}&q=a&q=b`)).status).toBe(400);
  });
});

describe("Le reste", () => {
  test("A-43 des apostrophes partout : jamais d'erreur 500", async () => {
    const agathe = await signIn("agathe.vidal@gh-trois-vallees.example");
    for (const attack of ["'", "\\", ";--", "%27", "' or 1=1 --", "%", "_", "\u0000"])
      for (const path of [
        "/annuaire?q=",
        `/organisation/services?structureId=${HOSPITAL}&q=`,
        `/organisation/services?structureId=${HOSPITAL}&apres=`,
        `/organisation/utilisateurs?structureId=${HOSPITAL}&q=`,
        `/organisation/historique?structureId=${HOSPITAL}&q=`,
        `/organisation/historique?structureId=${HOSPITAL}&avant=`,
        "/boite-aux-lettres?q=",
        "/compte/activer?lien=",
        "/connexion?suite=",
      ])
        expect(
          (await agathe.request(`${path}${encodeURIComponent(attack)}`)).status,
          `${path}${attack}`,
        ).toBeLessThan(500);
  });

  test("A-47 un prénom avec des retours à la ligne n'ajoute ni en-tête ni destinataire", async () => {
    const browser = await signIn("jeanne.caron@clair-reseau.example");
    await browser.open("/mon-compte/identite");
    await browser.send({ firstName: "Jeanne\r\nBcc: tous@exemple.fr" }, { form: "main form" });
    expect(browser.answer!.status).toBe(422);
  });
});
