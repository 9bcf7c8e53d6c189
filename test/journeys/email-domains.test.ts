import { domainToASCII } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DEMO_PASSWORD, makeDemoWorld } from "../../src/modules/demo/index.ts";
import { requestMembership } from "../../src/modules/memberships/index.ts";
import { sendDomainCode } from "../../src/modules/structures/use-cases/email-domains.ts";
import { theClock } from "../../src/platform/events.ts";
import type { Browser } from "../support/browser.ts";
import { type DomainNameServer, startDomainNameServer } from "../support/domain-name-server.ts";
import { signIn as signInWith, signUp } from "../support/people.ts";
import { startPortal, type TestPortal } from "../support/portal.ts";

const TOWN = 1;
const HOSPITAL = 3;
const DOMAIN = "ville-aurore.fr";
const CLAIRE = "claire.morel@sainte-aurore.example";
const AGATHE = "agathe.vidal@gh-trois-vallees.example";
const pageOf = (structure: number) => `/organisation/structures/${structure}/domaines`;
const PAGE = pageOf(TOWN);
let portal: TestPortal;
let names: DomainNameServer;
let siret: string;

beforeAll(async () => {
  names = await startDomainNameServer();
  portal = await startPortal({ DNS_SERVERS: names.address });
  await makeDemoWorld(portal.database);
  const [town] = await portal.query<{ siret: string }>(
    "select identifier_value as siret from structure where id = $1",
    [TOWN],
  );
  siret = town!.siret;
  await portal.query(
    `insert into notification_preference (account_id, structure_id, family, rhythm)
     select id, $1, 'requestsToAnswer', 'now' from account where sign_in_email = $2`,
    [TOWN, CLAIRE],
  );
});
afterAll(async () => {
  await portal?.close();
  names?.close();
});

const claire = () => signInWith(portal, CLAIRE, DEMO_PASSWORD);
const agathe = () => signInWith(portal, AGATHE, DEMO_PASSWORD);
async function add(browser: Browser, domain: string, structure = TOWN): Promise<void> {
  await browser.open(pageOf(structure));
  await browser.send({ domain }, { form: `main form[action="${pageOf(structure)}"]` });
}
const proveUrl = async (domain: string, structure = TOWN) => {
  const [row] = await portal.query<{ id: number }>(
    "select id from email_domain where structure_id = $1 and domain = $2",
    [structure, domain],
  );
  return `${pageOf(structure)}/${row!.id}`;
};
const tokenOf = async (domain: string, structure = TOWN) =>
  (
    await portal.query<{ token: string }>(
      "select dns_token as token from email_domain where structure_id = $1 and domain = $2",
      [structure, domain],
    )
  )[0]!.token;
const codesTo = async (domain: string) =>
  (await portal.mailsTo(`postmaster@${domain}`)).map(
    (mail) => /code : ([0-9A-Z]{5}-[0-9A-Z]{5})/.exec(mail.text)![1]!,
  );
async function sendCode(browser: Browser, domain: string, structure = TOWN): Promise<void> {
  const url = await proveUrl(domain, structure);
  await browser.open(url);
  await browser.send({}, { form: `main form[action="${url}/envoyer-code"]` });
}
async function type(browser: Browser, domain: string, code: string): Promise<void> {
  const url = await proveUrl(domain);
  await browser.open(url);
  await browser.send({ code }, { form: `main form[action="${url}/code"]` });
}
async function checkDns(browser: Browser, domain: string, structure = TOWN): Promise<void> {
  const url = await proveUrl(domain, structure);
  await browser.open(url);
  await browser.send({}, { form: `main form[action="${url}/dns"]` });
}
async function proveByDns(browser: Browser, domain: string, structure = TOWN): Promise<void> {
  await add(browser, domain, structure);
  names.texts.set(domain, [`unisson-domaine=${await tokenOf(domain, structure)}`]);
  await checkDns(browser, domain, structure);
  expect(browser.text).toContain(`Le domaine ${domain} est prouvé`);
}
async function choose(filling: { scope: string; serviceIds?: string[] }): Promise<Browser> {
  const browser = await claire();
  await browser.open(PAGE);
  await browser.send(filling, { form: `main form[action="${PAGE}/automatique"]` });
  expect(browser.answer!.status, browser.text).toBe(200);
  return browser;
}
async function askToJoin(browser: Browser, filling: Record<string, string | string[]> = {}): Promise<void> {
  await browser.open(`/mes-rattachements/demander?type=SIRET&identifiant=${siret}`);
  await browser.send({ scope: "structure", ...filling });
}
async function move(from: string, to: string): Promise<void> {
  const browser = await signInWith(portal, from);
  await browser.open("/mon-compte/adresse");
  await browser.send({ email: to, emailAgain: to });
  const link = (await portal.mailsTo(to)).findLast((one) => one.name === "sign-in-email-link")!;
  await browser.open(portal.linkIn(link));
  await browser.send();
  expect(browser.text).toContain("Votre adresse de connexion a changé");
}
let number = 0;
/** A new person of an address, who asks to join the town. */
async function newcomer(at: string, filling: Record<string, string | string[]> = {}): Promise<string> {
  const email = at.includes("@") ? at : `agent${++number}@${at}`;
  await askToJoin(await signUp(portal, { email, firstName: "Agent", lastName: "Nouveau" }), filling);
  return email;
}
const placeOf = async (email: string) =>
  (
    await portal.query<{ role: string; scope: string; rights: string[] }>(
      `select m.role, m.scope, array(select distinct g.application || ':' || g.level from membership_grant g
         where g.membership_id = m.id and g.application in ('users', 'memberships.approve') order by 1) as rights
       from membership m join account a on a.id = m.account_id
       where a.sign_in_email = $1 and m.structure_id = $2 and m.state = 'active'`,
      [email, TOWN],
    )
  )[0] ?? null;
const requestOf = async (email: string) =>
  (
    await portal.query<{ state: string }>(
      `select r.state from membership_request r join account a on a.id = r.account_id
       where a.sign_in_email = $1 order by r.id desc limit 1`,
      [email],
    )
  )[0]?.state ?? null;
/** Nothing was given: the request waits for a manager. */
const waits = async (email: string) =>
  expect([await placeOf(email), await requestOf(email)]).toEqual([null, "pending"]);

describe("MEM-20 Prouver un domaine de messagerie", () => {
  test("par un code : depuis la fiche, une saisie douteuse est dite, le code part à postmaster et sert une fois", async () => {
    const browser = await claire();
    await browser.open(`/organisation/structures/${TOWN}`);
    expect(browser.text).toMatch(/Domaines de messagerie prouvés ?Aucun/);
    for (const [typed, says] of [
      ["", "Renseignez le domaine"],
      ["mairie", "Ce n'est pas un domaine"],
      ["gmail.com", "N'importe qui peut avoir une adresse de ce domaine"],
      ["mairie.free.fr", "N'importe qui peut avoir une adresse de ce domaine"],
    ] as const) {
      await add(browser, typed);
      expect([browser.answer!.status, browser.text.includes(says)]).toEqual([422, true]);
      expect(
        browser
          .form(`main form[action="${PAGE}"]`)
          .querySelector("input[name=domain]")!
          .getAttribute("value"),
      ).toBe(typed);
    }
    await add(browser, "@Ville-Aurore.FR");
    expect(browser.text).toContain(`Prouver le domaine ${DOMAIN}`);
    await sendCode(browser, DOMAIN);
    expect(browser.text).toContain(`Un code est parti à postmaster@${DOMAIN}`);
    const [code] = await codesTo(DOMAIN);
    const [kept] = await portal.query<{ hash: string }>(
      "select encode(code_hash, 'hex') as hash from proof_code where domain is not null",
    );
    expect(kept!.hash).not.toContain(Buffer.from(code!).toString("hex"));
    await type(browser, DOMAIN, "00000-00000");
    expect([browser.answer!.status, browser.text.includes("Ce n'est pas le code reçu")]).toEqual([422, true]);
    await type(browser, DOMAIN, code!.toLowerCase());
    expect(browser.text).toContain(`Le domaine ${DOMAIN} est prouvé`);
    await browser.open(`/organisation/structures/${TOWN}`);
    expect(browser.text).toMatch(/Domaines de messagerie prouvés ?ville-aurore\.fr/);
    await browser.open(`/organisation/historique?structureId=${TOWN}`);
    expect(browser.text).toContain(`a prouvé le domaine de messagerie ${DOMAIN}`);
    expect(browser.text).not.toContain(code);
    await add(browser, "VILLE-AURORE.fr");
    expect(browser.text).toContain("Ce domaine est déjà dans la liste");
  });

  test("par le DNS : l'enregistrement de cette structure, pas celui d'une autre ; un groupe prouve le même domaine", async () => {
    const [browser, other] = [await claire(), await agathe()];
    await add(browser, "groupe.fr");
    await checkDns(browser, "groupe.fr");
    expect([browser.answer!.status, browser.text.includes("ne publie pas encore")]).toEqual([422, true]);
    await add(other, "groupe.fr", HOSPITAL);
    names.texts.set("groupe.fr", ["v=spf1 -all", `unisson-domaine=${await tokenOf("groupe.fr", HOSPITAL)}`]);
    await checkDns(browser, "groupe.fr");
    expect(browser.answer!.status).toBe(422);
    await checkDns(other, "groupe.fr", HOSPITAL);
    expect(other.text).toContain("Le domaine groupe.fr est prouvé");
    names.texts.set("groupe.fr", [`unisson-domaine=${await tokenOf("groupe.fr")}`]);
    await checkDns(browser, "groupe.fr");
    expect(browser.text).toContain("Le domaine groupe.fr est prouvé");
  });

  test("un DNS qui ne répond pas n'est pas un domaine sans preuve : la page le dit, en cinq secondes", async () => {
    const browser = await claire();
    await add(browser, "muet.fr");
    names.texts.set("muet.fr", [`unisson-domaine=${await tokenOf("muet.fr")}`]);
    names.isSilent = true;
    const start = performance.now();
    await checkDns(browser, "muet.fr");
    expect(performance.now() - start).toBeLessThan(8_000);
    expect([browser.answer!.status, browser.text.includes("n'a pas répondu")]).toEqual([503, true]);
    names.isSilent = false;
    await checkDns(browser, "muet.fr");
    expect(browser.text).toContain("est prouvé");
  }, 20_000);

  test("les autres gestionnaires principaux apprennent qu'un domaine est prouvé, et par quoi", async () => {
    const paul = "paul.durand@sainte-aurore.example";
    const setRole = (role: string) =>
      portal.query(
        `update membership set role = $1, manager_since = case $1 when 'member' then null else now() end
         where structure_id = $2 and account_id = (select id from account where sign_in_email = $3)`,
        [role, TOWN, paul],
      );
    await setRole("mainManager");
    await proveByDns(await claire(), "apprise.fr");
    const [mine, his] = [await portal.mailsTo(CLAIRE), await portal.mailsTo(paul)];
    await setRole("member");
    const told = his.filter((one) => one.name === "email-domain-proved");
    expect(told.map((one) => one.subject)).toEqual([
      "Unisson – apprise.fr est un domaine prouvé de Commune de Sainte-Aurore",
    ]);
    expect(told[0]!.text).toContain(
      "Claire Morel a prouvé, par un enregistrement DNS, que le domaine de messagerie apprise.fr",
    );
    expect(mine.map((one) => one.name)).not.toContain("email-domain-proved");
  });

  test("un domaine à accents se prouve sous son nom véritable", async () => {
    const browser = await claire();
    await add(browser, "mairie-école.fr");
    expect(browser.text).toContain("Prouver le domaine xn--mairie-cole-hbb.fr (mairie-école.fr)");
  });
});

describe("Ce que la preuve d'un domaine ne permet pas", () => {
  test("A-15 le code d'un domaine ne resert pas : ni pour un autre, ni ailleurs, ni une fois le domaine retiré", async () => {
    const [browser, other] = [await claire(), await agathe()];
    await add(browser, "rejeu.fr");
    await add(other, "rejeu.fr", HOSPITAL);
    await sendCode(other, "rejeu.fr", HOSPITAL);
    await sendCode(browser, "rejeu.fr");
    const [theirs, ours] = await codesTo("rejeu.fr");
    await type(browser, "rejeu.fr", theirs!);
    expect(browser.text).toContain("Ce n'est pas le code reçu");
    await add(browser, "rejeu-autre.fr");
    await sendCode(browser, "rejeu-autre.fr");
    await type(browser, "rejeu-autre.fr", ours!);
    expect(browser.text).toContain("Ce n'est pas le code reçu");
    const oldUrl = await proveUrl("rejeu.fr");
    await browser.open(PAGE);
    await browser.send({}, { form: `main form[action="${oldUrl}/retirer"]` });
    expect(browser.text).toContain("Le domaine rejeu.fr est retiré");
    await add(browser, "rejeu.fr");
    await type(browser, "rejeu.fr", ours!);
    expect([browser.answer!.status, browser.text.includes("plus valable")]).toEqual([422, true]);
  });

  test("nul ne noie un postmaster : trois codes par jour, même en retirant le domaine", async () => {
    const browser = await claire();
    for (let sent = 0; sent < 2; sent++) await sendCode(browser, "rejeu.fr");
    expect(browser.text).toContain("Un code est parti");
    await sendCode(browser, "rejeu.fr");
    expect(browser.text).toContain("Trop de codes sont partis");
    expect(await codesTo("rejeu.fr")).toHaveLength(4);
  });

  test("ni de plusieurs structures au même instant : le dernier code du jour part une fois", async () => {
    const domain = "noyade.fr";
    await add(await claire(), domain);
    await add(await agathe(), domain, HOSPITAL);
    await portal.query(
      `insert into proof_code (structure_id, domain, code_hash, sent_at, expires_at)
       select 2, $1, sha256('x'), now(), now() from generate_series(1, 9)`,
      [domain],
    );
    const send = async (structure: number, meanwhile: () => Promise<unknown>) => {
      const domainId = Number((await proveUrl(domain, structure)).split("/").at(-1));
      return portal.database.transaction({ kind: "system", reason: "a test" }, async (tx, now) => {
        const sent = await sendDomainCode(tx, { structureId: structure, domainId }, theClock, now);
        await meanwhile();
        return sent.ok || sent.refusal.code;
      });
    };
    let second: Promise<unknown> = Promise.resolve();
    const first = await send(TOWN, async () => {
      second = send(HOSPITAL, async () => {});
      await new Promise((resolve) => setTimeout(resolve, 300));
    });
    expect([first, await second]).toEqual([true, "TOO_MANY_CODES"]);
  });

  test("A-34 le gestionnaire principal seul, de cette structure seule", async () => {
    const url = await proveUrl("rejeu.fr");
    const paul = await signInWith(portal, "paul.durand@sainte-aurore.example", DEMO_PASSWORD);
    await paul.open("/mon-compte/identite");
    expect((await paul.request(PAGE)).status).toBe(403);
    expect((await paul.post(PAGE, { domain: "paul.fr" })).status).toBe(403);
    expect((await paul.post(`${PAGE}/automatique`, { scope: "structure" })).status).toBe(403);
    const other = await agathe();
    await other.open("/mon-compte/identite");
    for (const path of [PAGE, url]) expect((await other.request(path)).status).toBe(404);
    for (const act of ["envoyer-code", "code", "dns", "retirer"])
      for (const structure of [TOWN, HOSPITAL])
        expect(
          (await other.post(`${url.replace(PAGE, pageOf(structure))}/${act}`, { code: "" })).status,
          `${act} ${structure}`,
        ).toBe(404);
    const [foreign] = await portal.query<{ id: string }>(
      "select id from service where structure_id <> $1 limit 1",
      [TOWN],
    );
    const browser = await claire();
    await browser.open(PAGE);
    await browser.post(`${PAGE}/automatique`, { scope: "service", serviceIds: foreign!.id });
    expect([browser.answer!.status, browser.text.includes("Choisissez au moins un service")]).toEqual([
      422,
      true,
    ]);
    expect(await portal.query("select * from domain_approval")).toEqual([]);
  });
});

describe("MEM-20 Rattacher automatiquement", () => {
  test("rien sans que le gestionnaire principal l'ait voulu", async () => {
    await waits(await newcomer(DOMAIN));
  });

  test("voulu : aussitôt rattachée, sans pouvoir accepter ; les gestionnaires l'apprennent, l'historique dit par quoi", async () => {
    const browser = await choose({ scope: "structure" });
    expect(browser.text).toContain("Le rattachement automatique est enregistré");
    const email = `Nouvelle@${DOMAIN.toUpperCase()}`;
    const person = await signUp(portal, { email, firstName: "Nouvelle", lastName: "Agente" });
    await askToJoin(person);
    expect(person.text).toContain("Vous êtes rattaché à Commune de Sainte-Aurore");
    expect(await placeOf(email)).toEqual({ role: "member", scope: "structure", rights: ["users:read"] });
    expect(await requestOf(email)).toBe("approved");
    const mine = (await portal.mailsTo(email)).at(-1)!;
    expect([mine.name, mine.text.includes("sans accepter de rattachements")]).toEqual([
      "membership-request-approved",
      true,
    ]);
    const told = (await portal.mailsTo(CLAIRE)).at(-1)!;
    expect(told.name).toBe("member-attached-by-domain");
    expect(told.text).toContain(`automatiquement, par le domaine prouvé ${DOMAIN}`);
    await browser.open(`/organisation/historique?structureId=${TOWN}`);
    expect(browser.text).toMatch(/Portail.*a accepté la demande de Nouvelle Agente/);
    expect(
      await portal.query(
        "select actor_label, reason from journal_entry where type = 'MembershipRequestApproved' order by seq desc limit 1",
      ),
    ).toEqual([{ actor_label: "Portail", reason: `automatiquement, par le domaine prouvé ${DOMAIN}` }]);
    await person.open("/organisation");
    expect(person.answer!.status).toBe(200);
  });

  test("dès l'inscription ; et aux seuls services choisis, ceux qui sont encore ouverts", async () => {
    const manager = await claire();
    await manager.open(PAGE);
    const offered = manager
      .form(`main form[action="${PAGE}/automatique"]`)
      .querySelectorAll("[name=serviceIds]")
      .map((one) => one.getAttribute("value")!);
    const open = await portal.query<{ id: string; code: string }>(
      "select id, code from service where id = any($1) order by id limit 2",
      [offered],
    );
    await choose({ scope: "service", serviceIds: open.map((one) => String(one.id)) });
    await portal.query("update service set disabled_at = now() where id = $1", [open[0]!.id]);
    const email = `inscrite@${DOMAIN}`;
    const person = await signUp(portal, { email, structure: { siret, name: "" } });
    expect(person.text).toContain("vous y êtes rattaché");
    expect(
      await portal.query(
        `select s.code from membership_service ms join service s on s.id = ms.service_id
         join membership m on m.id = ms.membership_id join account a on a.id = m.account_id where a.sign_in_email = $1`,
        [email],
      ),
    ).toEqual([{ code: open[1]!.code }]);
    await portal.query("update service set disabled_at = now() where id = $1", [open[1]!.id]);
    await waits(await newcomer(DOMAIN));
    await portal.query("update service set disabled_at = null where id = any($1)", [
      open.map((one) => one.id),
    ]);
    await choose({ scope: "structure" });
  });

  test("un ensemble par défaut qui gère les utilisateurs ne le donne pas ainsi ; qui le demande attend", async () => {
    await portal.query("update structure set default_profile = 'administrateur' where id = $1", [TOWN]);
    expect(await placeOf(await newcomer(DOMAIN))).toEqual({
      role: "member",
      scope: "structure",
      rights: ["users:read"],
    });
    await portal.query("update structure set default_profile = 'utilisateur' where id = $1", [TOWN]);
    await waits(await newcomer(DOMAIN, { wishes: ["manageUsers"] }));
  });
});

describe("A-10 Qui n'est pas rattaché ainsi", () => {
  test.each([
    ["un sous-domaine", `dsi.${DOMAIN}`],
    ["un domaine qui le contient", `x${DOMAIN}`],
    ["un domaine qui le précède", `${DOMAIN}.pirate.fr`],
    ["un domaine qui lui ressemble", "ville-aur0re.fr"],
    ["le même avec un « а » cyrillique", domainToASCII("ville-аurore.fr")],
    ["un domaine ajouté, mais pas prouvé", "rejeu-autre.fr"],
    ["le nom du domaine avant le @", `${DOMAIN}@pirate.fr`],
  ])("%s", async (_title, at) => waits(await newcomer(at)));

  test("un sous-domaine prouvé à part l'est", async () => {
    await proveByDns(await claire(), `dsi.${DOMAIN}`);
    expect(await placeOf(await newcomer(`dsi.${DOMAIN}`))).toMatchObject({ role: "member" });
  });

  test("une adresse du domaine que rien ne prouve : pas encore confirmée, de contact, ou qui ne reçoit plus rien", async () => {
    const browser = await signUp(portal, { email: "ailleurs@pirate.fr" });
    const claimed = `directrice@${DOMAIN}`;
    await browser.open("/mon-compte/adresse");
    await browser.send({ email: claimed, emailAgain: claimed });
    await portal.query("update account set contact_email = $1 where sign_in_email = 'ailleurs@pirate.fr'", [
      claimed,
    ]);
    await askToJoin(browser);
    await waits("ailleurs@pirate.fr");
    const bouncing = `partie@${DOMAIN}`;
    const gone = await signUp(portal, { email: bouncing });
    await portal.query("update account set bounced_at = now() where sign_in_email = $1", [bouncing]);
    await gone.open(`/mes-rattachements/demander?type=SIRET&identifiant=${siret}`);
    if (gone.answer!.page.querySelector('[name="scope"]')) await askToJoin(gone);
    expect(await placeOf(bouncing)).toBeNull();
  });

  const membershipOf = async (email: string) =>
    (
      await portal.query<{ id: number }>(
        "select m.id from membership m join account a on a.id = m.account_id where a.sign_in_email = $1",
        [email],
      )
    )[0]!.id;

  test("qui est suspendu le reste ; qui fut détaché attend une réponse", async () => {
    const [suspended, detached] = [await newcomer(DOMAIN), await newcomer(DOMAIN)];
    await portal.query("update membership set state = 'suspended', suspended_at = now() where id = $1", [
      await membershipOf(suspended),
    ]);
    await portal.query("update membership set state = 'ended', ended_at = now() where id = $1", [
      await membershipOf(detached),
    ]);
    await askToJoin(await signInWith(portal, suspended));
    expect([await placeOf(suspended), await requestOf(suspended)]).toEqual([null, "approved"]);
    await askToJoin(await signInWith(portal, detached));
    await waits(detached);
  });

  /** Suspends somebody, whose mailbox still receives. */
  const suspend = async (email: string) =>
    portal.query("update membership set state = 'suspended', suspended_at = now() where id = $1", [
      await membershipOf(email),
    ]);

  test("ni sous une autre forme de sa boîte, d'un second compte", async () => {
    const email = await newcomer(DOMAIN);
    await suspend(email);
    await waits(await newcomer(email.replace("@", "+bis@")));
  });

  test("ni de la même adresse, son compte fermé puis rouvert", async () => {
    const email = await newcomer(DOMAIN);
    await suspend(email);
    const leaving = await signInWith(portal, email);
    await leaving.open("/mon-compte/fermer");
    await leaving.send({ confirms: "oui" });
    expect(
      await portal.query("select 1 from account where sign_in_email = $1", [email]),
      leaving.text,
    ).toEqual([]);
    await waits(await newcomer(email));
  });

  test("ni de l'adresse qu'elle a quittée, d'un second compte", async () => {
    const email = await newcomer(DOMAIN);
    await suspend(email);
    await move(email, `${email.split("@")[0]}@dsi.${DOMAIN}`);
    await waits(await newcomer(email));
  });

  test("une demande envoyée deux fois au même instant rattache une fois, et rien n'attend plus", async () => {
    const email = `presse@${DOMAIN}`;
    await signUp(portal, { email });
    const [{ id: accountId }] = (await portal.query<{ id: number }>(
      "select id from account where sign_in_email = $1",
      [email],
    )) as [{ id: number }];
    const ask = (meanwhile: () => Promise<unknown>) =>
      portal.database.transaction({ kind: "system", reason: "a test" }, async (tx, now) => {
        const place = {
          structureId: TOWN,
          scope: "structure",
          serviceIds: [],
          wishes: [],
          message: "",
        } as const;
        const done = await requestMembership(tx, { accountId, ...place }, theClock, now);
        await meanwhile();
        return done.ok ? done.value.given !== null : done.refusal.code;
      });
    let second: Promise<unknown> = Promise.resolve();
    const first = await ask(async () => {
      second = ask(async () => {});
      await new Promise((resolve) => setTimeout(resolve, 300));
    });
    expect([first, await second]).toEqual([true, "ALREADY_ATTACHED"]);
    expect([await placeOf(email), await requestOf(email)]).toEqual([expect.anything(), "approved"]);
  });

  test("qui fut détaché d'une structure que celle-ci remplace attend aussi", async () => {
    const email = `ancienne@${DOMAIN}`;
    const person = await signUp(portal, { email });
    await portal.query(
      `insert into membership (account_id, structure_id, role, scope, state, origin, starts_at, ended_at, created_at, changed_at)
       select id, $1, 'member', 'structure', 'ended', 'request', now(), now(), now(), now() from account where sign_in_email = $2`,
      [HOSPITAL, email],
    );
    await portal.query("update structure set replaces_id = $1 where id = $2", [HOSPITAL, TOWN]);
    await askToJoin(person);
    await portal.query("update structure set replaces_id = null where id = $1", [TOWN]);
    await waits(email);
  });

  test("qui fut refusé attend une réponse, même des mois après", async () => {
    const email = await newcomer(DOMAIN, { wishes: ["manageUsers"] });
    const [{ id }] = (await portal.query<{ id: number }>(
      "select r.id from membership_request r join account a on a.id = r.account_id where a.sign_in_email = $1",
      [email],
    )) as [{ id: number }];
    const manager = await claire();
    await manager.open(`/organisation/demandes/${id}?structureId=${TOWN}`);
    await manager.send({ reason: "NOT_OURS" }, { form: 'main form[action$="/refuser"]' });
    portal.advance({ days: 100 });
    await askToJoin(await signInWith(portal, email));
    await waits(email);
  });

  test("un domaine retiré ne rattache plus personne, aussitôt ; un automatisme coupé non plus", async () => {
    const person = await signUp(portal, { email: `tardive@${DOMAIN}` });
    const browser = await claire();
    const url = await proveUrl(DOMAIN);
    await browser.open(PAGE);
    await browser.send({}, { form: `main form[action="${url}/retirer"]` });
    await askToJoin(person);
    await waits(`tardive@${DOMAIN}`);
    await proveByDns(browser, DOMAIN);
    expect(await placeOf(await newcomer(DOMAIN))).not.toBeNull();
    await choose({ scope: "none" });
    await waits(await newcomer(DOMAIN));
  });
});

describe("§ 5.2 Une adresse de connexion qui quitte les domaines prouvés", () => {
  const notices = async () =>
    (await portal.mailsTo(CLAIRE)).filter((one) => one.name === "member-left-domains");

  test("les gestionnaires l'apprennent ; d'un domaine prouvé à l'autre, il n'y a rien à dire", async () => {
    const email = `inscrite@${DOMAIN}`;
    await move(email, `inscrite@dsi.${DOMAIN}`);
    expect(await notices()).toEqual([]);
    await move(`inscrite@dsi.${DOMAIN}`, "inscrite@ailleurs.fr");
    const told = await notices();
    expect(told).toHaveLength(1);
    expect(told[0]!.text).toContain("inscrite@ailleurs.fr");
    expect(
      await portal.query(
        "select structure_id from journal_entry where type = 'MembershipAddressLeftDomains'",
      ),
    ).toEqual([{ structure_id: TOWN }]);
  });
});
