import { connect } from "node:net";
import pino from "pino";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DEMO_PASSWORD, makeDemoWorld } from "../../src/modules/demo/index.ts";
import { buildServer } from "../../src/server.ts";
import { signIn as signInWith } from "../support/people.ts";
import { startPortal, type TestPortal } from "../support/portal.ts";

let portal: TestPortal;
const signIn = (email: string) => signInWith(portal, email, DEMO_PASSWORD);
const CLAIRE = "claire.morel@sainte-aurore.example";
const LUCIE = "lucie.garnier@gh-trois-vallees.example";

beforeAll(async () => {
  portal = await startPortal();
  await makeDemoWorld(portal.database);
});
afterAll(() => portal.close());

/** Lines on the wire, as no browser would send them; all that comes back until the connection closes. */
function exchange(lines: readonly string[], body = ""): Promise<string> {
  return new Promise((resolve) => {
    const { hostname, port } = new URL(portal.url);
    let said = "";
    const socket = connect(Number(port), hostname, () =>
      socket.write(`${[...lines, "connection: close"].join("\r\n")}\r\n\r\n${body}`),
    );
    socket.on("data", (data) => {
      said += data.toString("latin1");
    });
    socket.on("error", () => {});
    socket.on("close", () => resolve(said));
  });
}
const statusOf = (said: string) => Number(/^HTTP\/1\.1 (\d{3})/.exec(said)?.[1] ?? 0);

describe("A-07 L'hôte que dit la demande n'entre dans aucun lien", () => {
  const host = () => new URL(portal.url).host;
  test.each([
    ["en-tête Host", "/mot-de-passe/oublie", () => ["host: evil.example"]],
    ["X-Forwarded-Host", "/mot-de-passe/oublie", () => [`host: ${host()}`, "x-forwarded-host: evil.example"]],
    ["Forwarded", "/mot-de-passe/oublie", () => [`host: ${host()}`, "forwarded: host=evil.example"]],
    ["X-Host", "/mot-de-passe/oublie", () => [`host: ${host()}`, "x-host: evil.example"]],
    ["adresse entière", "http://evil.example/mot-de-passe/oublie", () => [`host: ${host()}`]],
  ] as const)("%s", async (_, path, headers) => {
    const browser = portal.browser();
    await browser.open("/mot-de-passe/oublie");
    const token = browser.form().querySelector('[name="_jeton"]')!.getAttribute("value")!;
    const body = new URLSearchParams({ _jeton: token, email: LUCIE }).toString();
    const before = (await portal.mailsTo(LUCIE)).length;
    const said = await exchange(
      [
        `POST ${path} HTTP/1.1`,
        ...headers(),
        `origin: ${portal.url}`,
        `cookie: unisson=${browser.cookies.get("unisson")}`,
        "content-type: application/x-www-form-urlencoded",
        `content-length: ${body.length}`,
      ],
      body,
    );
    // answered with the link of the settings, or not understood at all
    expect([200, 400, 404]).toContain(statusOf(said));
    for (const mail of (await portal.mailsTo(LUCIE)).slice(before)) {
      expect(mail.text).toContain(portal.url);
      expect(`${mail.text}${mail.html}`).not.toContain("evil");
    }
    if (statusOf(said) === 200) expect((await portal.mailsTo(LUCIE)).length).toBe(before + 1);
    portal.advance({ hours: 2 });
  });
});

describe("A-10 Une adresse qui ressemble à une autre", () => {
  const lookalikes = [
    "m\u0131ke@exemple.fr",
    "mi\u212ae@exemple.fr",
    "\uff4d\uff49\uff4b\uff45@exemple.fr",
    "mike@ex\u0435mple.fr",
  ];
  test.each(lookalikes)("%s n'ouvre pas de compte, et ne reçoit pas le lien de mike", async (email) => {
    await portal.query(
      `insert into account (sign_in_email, sign_in_email_canonical, first_name, last_name, state, activated_at)
       values ('mike@exemple.fr', 'mike@exemple.fr', 'Mike', 'Vrai', 'active', now()) on conflict do nothing`,
    );
    const signUp = portal.browser();
    await signUp.open("/compte/creer");
    const identity = { email, emailAgain: email, firstName: "Mike", lastName: "Faux", acceptsTerms: true };
    await signUp.send(identity);
    expect(signUp.answer!.status).toBe(422);
    const links = await portal.query(
      "select 1 from emailed_token where purpose = 'passwordReset' and email ilike 'mike@exemple.fr'",
    );
    const reset = portal.browser();
    await reset.open("/mot-de-passe/oublie");
    await reset.send({ email });
    expect(await portal.mailsTo(email)).toEqual([]);
    expect(
      await portal.query(
        "select 1 from emailed_token where purpose = 'passwordReset' and email ilike 'mike@exemple.fr'",
      ),
    ).toEqual(links);
  });
});

describe("A-13 Un jeton de session", () => {
  test("dans l'adresse, dans un en-tête, ou sous un autre nom, n'ouvre rien", async () => {
    const token = (await signIn(CLAIRE)).cookies.get("unisson")!;
    const nobody = portal.browser();
    for (const [path, headers] of [
      [`/mon-compte?unisson=${token}&session=${token}`, {}],
      ["/mon-compte", { authorization: `Bearer ${token}` }],
      ["/mon-compte", { cookie: `session=${token}` }],
      ["/mon-compte", { cookie: `__Host-unisson=${token}` }],
    ] as [string, Record<string, string>][])
      expect((await nobody.request(path, { headers })).status, path).toBe(303);
  });

  test("derrière https, son cookie a le préfixe qui le garde, et l'autre nom n'ouvre rien", async () => {
    const token = (await signIn(CLAIRE)).cookies.get("unisson")!;
    const { fastify } = await buildServer({
      config: portal.config,
      database: portal.database,
      log: pino({ level: "silent" }),
      publicUrl: () => "https://portail.exemple.fr",
    });
    const ask = (cookie: string) => fastify.inject({ url: "/mon-compte", headers: { cookie } });
    expect((await ask(`__Host-unisson=${token}`)).statusCode).toBe(200);
    expect((await ask(`unisson=${token}`)).statusCode).toBe(303);
    const given = (await fastify.inject({ url: "/connexion" })).headers["set-cookie"];
    expect(String(given)).toMatch(/^__Host-unisson=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Lax$/);
    await fastify.close();
  });

  test("ne s'écrit pas dans le journal technique, pas plus qu'un lien ou un mot de passe", async () => {
    const lines: string[] = [];
    const { fastify } = await buildServer({
      config: portal.config,
      database: portal.database,
      log: pino({ level: "trace" }, { write: (line) => void lines.push(line) }),
      publicUrl: () => portal.url,
    });
    const token = (await signIn(CLAIRE)).cookies.get("unisson")!;
    const link = "L".repeat(43);
    await fastify.inject({ url: `/compte/activer?lien=${link}`, headers: { cookie: `unisson=${token}` } });
    await fastify.inject({
      method: "POST",
      url: "/connexion",
      headers: { cookie: `unisson=${token}`, "content-type": "application/x-www-form-urlencoded" },
      payload: "email=claire.morel%40sainte-aurore.example&password=Secret-Tres-Long-42",
    });
    await fastify.close();
    const said = lines.join("");
    expect(said.length).toBeGreaterThan(100);
    for (const secret of [token, link, "Secret-Tres-Long-42"]) expect(said).not.toContain(secret);
  });
});

test("A-16 un refus s'écrit dans le journal technique : qui, où, pourquoi, sans rien de secret", async () => {
  const lines: Record<string, unknown>[] = [];
  const { fastify } = await buildServer({
    config: portal.config,
    database: portal.database,
    log: pino({ level: "warn" }, { write: (line) => void lines.push(JSON.parse(line)) }),
    publicUrl: () => portal.url,
  });
  const hugo = await signIn("hugo.lemaire@sainte-aurore.example");
  const cookie = `unisson=${hugo.cookies.get("unisson")}`;
  const form = { "content-type": "application/x-www-form-urlencoded", cookie };
  await fastify.inject({ url: "/organisation/services/nouveau?structureId=1", headers: { cookie } });
  await fastify.inject({
    method: "POST",
    url: "/mon-compte/identite",
    headers: { ...form, origin: "https://ailleurs.example" },
    payload: "firstName=Pirate",
  });
  await fastify.close();
  expect(lines.map(({ msg, code, url }) => [msg, code, url])).toEqual([
    ["request refused", "forbidden", "/organisation/services/nouveau"],
    ["request refused", "forged-form", "/mon-compte/identite"],
  ]);
  const [{ id }] = (await portal.query(
    "select id::int from account where sign_in_email like 'hugo.lemaire@%'",
  )) as [{ id: number }];
  expect(lines.map(({ accountId }) => accountId)).toEqual([id, id]);
  expect(JSON.stringify(lines)).not.toMatch(/hugo|Pirate/);
});

describe("A-18 En-têtes et témoins, sur chaque réponse", () => {
  const expected: Readonly<Record<string, RegExp>> = {
    "content-security-policy":
      /^default-src 'none';script-src 'self';style-src 'self';img-src 'self' data:;font-src 'self';connect-src 'self';worker-src 'self';form-action 'self';frame-ancestors 'none';base-uri 'none';object-src 'none'$/,
    "strict-transport-security": /^max-age=63072000; includeSubDomains$/,
    "x-content-type-options": /^nosniff$/,
    "referrer-policy": /^(same-origin|no-referrer)$/,
    "cross-origin-opener-policy": /^same-origin$/,
    "cross-origin-resource-policy": /^same-origin$/,
    "permissions-policy": /camera=\(\).*microphone=\(\).*geolocation=\(\).*payment=\(\).*usb=\(\)/,
  };
  const paths = () =>
    portal.portal.routes
      .filter(({ method }) => method === "GET")
      .map(({ url }) => url.replace(/:\w+|\*/g, "1"));

  test.each([
    ["personne", () => portal.browser()],
    ["une gestionnaire", () => signIn(CLAIRE)],
  ] as const)(
    "vues par %s : toutes les pages, fichiers, renvois et refus",
    { timeout: 60_000 },
    async (_, who) => {
      const browser = await who();
      expect(paths().length).toBeGreaterThan(100);
      for (const path of [...paths(), "/nulle-part", "/%zz", "/mon-compte/identite?a=%00"]) {
        const answer = await browser.request(path);
        await answer.arrayBuffer();
        for (const [name, value] of Object.entries(expected))
          expect(answer.headers.get(name) ?? "", `${path} ${name}`).toMatch(value);
        for (const [name] of answer.headers)
          expect(name).not.toMatch(/^(server|x-powered-by|access-control-)/);
        for (const cookie of answer.headers.getSetCookie())
          expect(cookie, path).toMatch(/^unisson=[\w-]*; .*HttpOnly; SameSite=Lax/);
        if (answer.headers.get("content-type")?.startsWith("text/"))
          expect(answer.headers.get("content-type"), path).toContain("charset=utf-8");
        if (answer.headers.get("content-type")?.startsWith("text/csv"))
          expect(answer.headers.get("content-disposition"), path).toMatch(/^attachment; filename="[\w.-]+"$/);
        if (/^\/(mon-compte|organisation\/|mes-|notifications)/.test(path))
          expect(answer.headers.get("cache-control"), path).toMatch(/no-store/);
      }
    },
  );
});

describe("A-70 Méthodes et chemins oubliés", () => {
  test.each(["TRACE", "CONNECT", "PROPFIND", "PUT", "PATCH", "DELETE", "INVENTEE"])(
    "%s n'est pas servie",
    async (method) => {
      const said = await exchange([
        `${method} / HTTP/1.1`,
        `host: ${new URL(portal.url).host}`,
        "x-secret: reflet",
      ]);
      expect([0, 400, 404, 405]).toContain(statusOf(said));
      expect(said).not.toContain("reflet");
    },
  );

  test.each([
    "/.git/HEAD",
    "/.git/config",
    "/.env",
    "/server-status",
    "/metrics",
    "/assets/",
    "/assets",
    "/assets/manifest.json",
    "/assets/.inputs",
    "/assets/main.css.map",
    "/package.json",
    "/documentation",
    "/swagger.json",
    "/debug",
    "/src/main.ts",
  ])("%s n'existe pas", async (path) => {
    const answer = await portal.browser().request(path);
    expect(answer.status).toBe(404);
    expect(await answer.text()).not.toMatch(/fastify|postgres|node_modules|\bat \//i);
  });

  test("aucune page ne dit de quoi le portail est fait", async () => {
    const answer = await portal.browser().request("/nulle-part", { headers: { accept: "application/json" } });
    expect(await answer.json()).toEqual({
      type: "about:blank",
      title: "not-found",
      status: 404,
      code: "not-found",
      detail: expect.any(String),
      correlationId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
  });
});
