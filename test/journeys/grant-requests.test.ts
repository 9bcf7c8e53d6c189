import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DEMO_PASSWORD, makeDemoWorld } from "../../src/modules/demo/index.ts";
import type { Browser } from "../support/browser.ts";
import { signIn as signInWith } from "../support/people.ts";
import { startPortal, type TestPortal } from "../support/portal.ts";

const TOWN = 1;
const ASK = 'main form[action="/mes-habilitations/demander"]';
let portal: TestPortal;
const signIn = (email: string): Promise<Browser> => signInWith(portal, email, DEMO_PASSWORD);
const claire = () => signIn("claire.morel@sainte-aurore.example");
const hugo = () => signIn("hugo.lemaire@sainte-aurore.example");
const paul = () => signIn("paul.durand@sainte-aurore.example");

beforeAll(async () => {
  portal = await startPortal();
  await makeDemoWorld(portal.database);
  await portal.query(
    `insert into notification_preference (account_id, structure_id, family, rhythm)
     select id, $1, 'requestsToAnswer', 'now' from account where sign_in_email = 'claire.morel@sainte-aurore.example'`,
    [TOWN],
  );
});
afterAll(() => portal?.close());

const grantsOf = (name: string, application: string) =>
  portal.query(
    `select g.level, s.code from membership_grant g join membership m on m.id = g.membership_id
     join account a on a.id = m.account_id left join service s on s.id = g.service_id
     where m.structure_id = $1 and a.sign_in_email like $2 and g.application = $3`,
    [TOWN, `${name}%`, application],
  );
const lastMail = async (address: string) => (await portal.mailsTo(address)).at(-1)!;
async function ask(browser: Browser, application: string, level: string) {
  await browser.open(`/mes-habilitations/demander?structureId=${TOWN}`);
  return browser.send({ application, level, message: "Pour la clôture." }, { form: ASK });
}
async function post(browser: Browser, path: string, fields: Record<string, string>): Promise<number> {
  await browser.open("/mon-compte/identite");
  const token = browser.answer!.page.querySelector('[name="_jeton"]')!.getAttribute("value")!;
  const answer = await browser.request(path, {
    method: "POST",
    body: new URLSearchParams({ _jeton: token, ...fields }),
    headers: { "sec-fetch-site": "same-origin", origin: portal.url },
  });
  return answer.status;
}
const sheet = (id: number) => `/organisation/structures/${TOWN}/demandes-d-habilitation/${id}`;
const lastRequest = async () =>
  (
    await portal.query<{ id: string; state: string }>(
      "select id, state from grant_request order by id desc limit 1",
    )
  )[0]!;

describe("Demander une habilitation, et y répondre", () => {
  test("la gestionnaire est attendue ; elle accorde moins que demandé, et le droit vaut aussitôt", async () => {
    const browser = await claire();
    await browser.open("/");
    await browser.click("Une demande d'habilitation attend votre réponse");
    await browser.click("Hugo Lemaire");
    expect(browser.text).toContain("Factures reçues, en modification");
    expect(browser.text).toContain("Je remplace Nora Petit pendant son absence.");
    await browser.send({ level: "read" }, { form: `main form[action="${sheet(1)}/accepter"]` });
    expect(browser.text).toContain("La demande de Hugo Lemaire est acceptée");
    expect(await grantsOf("hugo", "receivedInvoices")).toEqual([{ level: "read", code: null }]);
    expect((await lastMail("hugo.lemaire@sainte-aurore.example")).subject).toContain("est acceptée");
  });

  test("qui demande est suivi : envoyée, modifiée, refusée avec un motif, pas redemandée avant sept jours", async () => {
    const asker = await hugo();
    await ask(asker, "commitments", "read");
    expect(asker.answer!.status).toBe(422);
    expect(asker.text).toContain("Vous avez déjà cette habilitation.");
    await ask(asker, "commitments", "write");
    expect(asker.text).toContain("Votre demande est envoyée.");
    expect((await lastMail("claire.morel@sainte-aurore.example")).text).toContain(
      "Engagements, en modification",
    );
    const { id } = await lastRequest();
    const browser = await claire();
    await browser.open(sheet(Number(id)));
    await browser.send({ reason: " " }, { form: `main form[action="${sheet(Number(id))}/refuser"]` });
    expect(browser.answer!.status).toBe(422);
    await browser.send(
      { reason: "La comptabilité s'en charge." },
      { form: `main form[action="${sheet(Number(id))}/refuser"]` },
    );
    expect(browser.text).toContain("est refusée");
    expect((await lastMail("hugo.lemaire@sainte-aurore.example")).text).toContain(
      "La comptabilité s'en charge.",
    );
    await asker.open("/mes-habilitations/demandes");
    expect(asker.text).toContain("La comptabilité s'en charge.");
    await ask(asker, "commitments", "write");
    expect(asker.text).toContain("refusée il y a moins de sept jours");
  });

  test("une demande se retire ; sans réponse, elle expire après trente jours", async () => {
    const asker = await hugo();
    await ask(asker, "issuedInvoices", "write");
    const { id } = await lastRequest();
    await asker.send({}, { form: `main form[action="/mes-habilitations/demandes/${id}/retirer"]` });
    expect((await lastRequest()).state).toBe("withdrawn");
    await ask(asker, "issuedInvoices", "write");
    expect(await portal.runJob("expire-grant-requests")).toEqual({ expired: 0 });
    portal.advance({ days: 31 });
    expect(await portal.runJob("expire-grant-requests")).toEqual({ expired: 1 });
    expect((await lastRequest()).state).toBe("expired");
  });

  test("à la maille service, le droit demandé est celui de ses services, et s'ajoute aux autres", async () => {
    await portal.query("update membership set ends_at = null where ends_at is not null");
    const ines = await signIn("ines.benali@sainte-aurore.example");
    await ask(ines, "bankAccounts", "write");
    expect(ines.text).toContain("Cette habilitation vaut pour toute la structure");
    await ask(ines, "invoicesToValidate", "write");
    const { id } = await lastRequest();
    const browser = await claire();
    await browser.open(sheet(Number(id)));
    await browser.send({}, { form: `main form[action="${sheet(Number(id))}/accepter"]` });
    expect(await grantsOf("ines", "invoicesToValidate")).toEqual([{ level: "write", code: "FI_SGPI" }]);
    expect(await grantsOf("ines", "receivedInvoices")).toEqual([{ level: "write", code: "FI_SGPI" }]);
  });
});

describe("Ce qu'une demande d'habilitation ne permet pas", () => {
  test("A-31 nul n'accepte sa propre demande ; A-30 nul n'accorde plus qu'il n'a", async () => {
    await portal.query(
      `update membership_grant set level = 'write' where application = 'users' and membership_id in
       (select m.id from membership m join account a on a.id = m.account_id where a.sign_in_email like 'paul.durand@%')`,
    );
    const own = await paul();
    await ask(own, "bankAccounts", "write");
    const mine = await lastRequest();
    expect(await post(own, `${sheet(Number(mine.id))}/accepter`, { level: "write" })).toBe(403);
    await ask(await hugo(), "bankAccounts", "write");
    const hugos = await lastRequest();
    expect(await post(own, `${sheet(Number(hugos.id))}/accepter`, { level: "write" })).toBe(422);
    expect(await grantsOf("hugo", "bankAccounts")).toEqual([{ level: "read", code: null }]);
    expect((await lastRequest()).state).toBe("pending");
  });

  test("A-26 une même demande acceptée dix fois à la fois : une seule réponse compte", async () => {
    const { id } = await lastRequest();
    const browser = await claire();
    await browser.open(sheet(Number(id)));
    const token = browser.form().querySelector('[name="_jeton"]')!.getAttribute("value")!;
    const answers = await Promise.all(
      Array.from({ length: 10 }, () =>
        browser.request(`${sheet(Number(id))}/accepter`, {
          method: "POST",
          body: new URLSearchParams({ _jeton: token, level: "write" }),
          headers: { "sec-fetch-site": "same-origin", origin: portal.url },
        }),
      ),
    );
    expect(answers.map((one) => one.status).toSorted()).toEqual([303, ...Array(9).fill(409)]);
  });

  test("A-34 la demande d'une structure n'existe pas dans une autre, ni pour qui n'y change pas les droits", async () => {
    const agathe = await signIn("agathe.vidal@gh-trois-vallees.example");
    const { id } = await lastRequest();
    expect(
      await post(agathe, `/organisation/structures/3/demandes-d-habilitation/${id}/accepter`, {
        level: "read",
      }),
    ).toBe(404);
    expect((await (await hugo()).request(sheet(Number(id)))).status).toBe(403);
    expect(await post(agathe, `/mes-habilitations/demandes/${id}/retirer`, { structureId: "3" })).toBe(404);
  });
});

describe("Répondre en nombre aux demandes d'habilitation", () => {
  const LIST = "/organisation/demandes/habilitations";
  const PICK = `main form[action="${LIST}/repondre"]`;
  const waiting = async () =>
    (
      await portal.query<{ id: string }>("select id from grant_request where state = 'pending' order by id")
    ).map(({ id }) => String(id));
  async function tick(browser: Browser, ids: readonly string[], answer: "valider" | "refuser") {
    await browser.open(LIST);
    return browser.send({ demande: [...ids] }, { form: PICK, button: ["reponse", answer] });
  }

  test("A-30 demander plus après que la réponse fut lue ne donne pas plus : la page le dit", async () => {
    await ask(await paul(), "bankAccounts", "write");
    await portal.query("update grant_request set level = 'read' where state = 'pending'");
    const before = await grantsOf("paul", "bankAccounts");
    const browser = await claire();
    await tick(browser, await waiting(), "valider");
    expect(browser.text).toContain("Coordonnées bancaires, en consultation");
    await ask(await paul(), "bankAccounts", "write");
    await browser.send();
    expect([browser.answer!.status, await grantsOf("paul", "bankAccounts")]).toEqual([409, before]);
    expect(browser.text).toMatch(/Une demande a changé.*Coordonnées bancaires, en modification/);
  });

  test("ce qui sera donné, et à qui, se lit avant ; chacun reçoit ce qu'il a demandé, et un message", async () => {
    await ask(await hugo(), "issuedInvoices", "write");
    await ask(await paul(), "bankAccounts", "write");
    const browser = await claire();
    const ids = await waiting();
    expect(ids).toHaveLength(2);
    await tick(browser, ids, "valider");
    expect(browser.text).toContain("Accorder 2 demandes");
    expect(browser.text).toContain(
      "Hugo Lemaire (hugo.lemaire@sainte-aurore.example), Commune de Sainte-Aurore : Factures émises, en modification",
    );
    expect(await waiting()).toEqual(ids);
    await browser.send();
    expect(browser.text).toContain("2 accordées, 0 laissée en attente. Chaque personne reçoit un message.");
    expect(browser.text).toMatch(/Paul Durand.*Accordée.*Coordonnées bancaires, en modification/);
    expect(await grantsOf("hugo", "issuedInvoices")).toEqual([{ level: "write", code: null }]);
    expect(await grantsOf("paul", "bankAccounts")).toEqual([{ level: "write", code: null }]);
    for (const name of ["hugo.lemaire", "paul.durand"])
      expect((await lastMail(`${name}@sainte-aurore.example`)).subject).toContain("est acceptée");
  });

  test("refuser en nombre : un motif, lu par chacun ; oublié, rien n'est perdu", async () => {
    await ask(await hugo(), "commitments", "write");
    await ask(await paul(), "activityLog", "read");
    const browser = await claire();
    await tick(browser, await waiting(), "refuser");
    await browser.send({ reason: " " });
    expect(browser.answer!.status).toBe(422);
    expect(await waiting()).toHaveLength(2);
    await browser.send({ reason: "Voyez la comptabilité." });
    expect(browser.text).toContain("2 refusées, 0 laissée en attente.");
    for (const name of ["hugo.lemaire", "paul.durand"])
      expect((await lastMail(`${name}@sainte-aurore.example`)).text).toContain("Voyez la comptabilité.");
  });

  test("MEM-11 répondue par une autre pendant que l'on choisit : dit, et le reste est fait", async () => {
    await ask(await hugo(), "supportRequests", "write");
    await ask(await paul(), "structures", "write");
    const ids = await waiting();
    const [browser, other] = [await claire(), await claire()];
    await tick(browser, ids, "valider");
    await other.open(sheet(Number(ids[0])));
    await other.send(
      { reason: "Pas maintenant." },
      { form: `main form[action="${sheet(Number(ids[0]))}/refuser"]` },
    );
    await browser.send();
    expect(browser.text).toContain("1 accordée, 0 laissée en attente, 1 déjà répondue.");
    expect(browser.text).toMatch(/Hugo Lemaire.*Déjà répondue.*Quelqu'un a déjà répondu à cette demande\./);
    expect(await grantsOf("paul", "structures")).toEqual([{ level: "write", code: null }]);
    expect(await grantsOf("hugo", "supportRequests")).toEqual([{ level: "read", code: null }]);
  });

  test("A-30 qui n'a pas le droit demandé ne le donne pas : la demande attend ; le reste est donné", async () => {
    await ask(await hugo(), "activityLog", "write");
    await ask(await hugo(), "receivedInvoices", "write");
    const browser = await paul();
    await tick(browser, await waiting(), "valider");
    expect(browser.text).toContain("Vous n'avez pas ce droit : la demande restera en attente.");
    await browser.send();
    expect(browser.text).toContain("1 accordée, 1 laissée en attente.");
    expect(await grantsOf("hugo", "receivedInvoices")).toEqual([{ level: "write", code: null }]);
    expect(await grantsOf("hugo", "activityLog")).toEqual([{ level: "read", code: null }]);
    expect(await waiting()).toHaveLength(1);
  });

  test("A-31, A-34 la sienne, ou celle d'une autre structure, n'est pas de celles que l'on coche", async () => {
    portal.advance({ days: 8 });
    await ask(await paul(), "activityLog", "read");
    const [hugos, pauls] = await waiting();
    const own = await paul();
    await own.open(LIST);
    expect(own.text).toContain("Hugo Lemaire");
    expect(own.answer!.page.querySelector(`input[name="demande"][value="${pauls}"]`)).toBeNull();
    await own.post(`${LIST}/repondre`, { demande: pauls!, reponse: "valider" });
    expect(own.answer!.status).toBe(422);
    const agathe = await signIn("agathe.vidal@gh-trois-vallees.example");
    await agathe.open("/mon-compte/identite");
    expect((await agathe.post(`${LIST}/repondre`, { demande: hugos!, reponse: "valider" })).status).toBe(422);
    const asker = await hugo();
    await asker.open("/mon-compte/identite");
    expect((await asker.post(`${LIST}/repondre`, { demande: pauls!, reponse: "valider" })).status).toBe(403);
    expect(await waiting()).toEqual([hugos, pauls]);
  });
});
