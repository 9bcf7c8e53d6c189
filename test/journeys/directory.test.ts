import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DEMO_PASSWORD, makeDemoWorld } from "../../src/modules/demo/index.ts";
import { signIn as signInWith } from "../support/people.ts";
import { startPortal, type TestPortal } from "../support/portal.ts";

const TOWN = 1;
const HOSPITAL = 3;
const OPERATOR = "odile.marchand@eaux-val-fleuri.example";
const CLAIRE = "claire.morel@sainte-aurore.example";
const SUPPLIER = "jeanne.caron@clair-reseau.example";
let portal: TestPortal;
beforeAll(async () => {
  portal = await startPortal({ UNISSON_OPERATORS: OPERATOR });
  await makeDemoWorld(portal.database);
});
afterAll(() => portal?.close());

const signIn = (email: string) => signInWith(portal, email, DEMO_PASSWORD);
const found = async (query: string) => {
  const nobody = portal.browser();
  await nobody.open(`/annuaire?${query}`);
  return {
    text: nobody.text,
    names: nobody.answer!.page.querySelectorAll("main tbody th a").map((link) => link.text),
  };
};

describe("§ 14.1 Chercher dans l'annuaire, parmi", () => {
  test("un département : seul, ou avec des mots ; un numéro faux se dit et ne filtre rien", async () => {
    await portal.query("update structure set postcode = '97400' where id = $1", [HOSPITAL]);
    expect((await found("departement=974")).names).toHaveLength(1);
    expect((await found("q=hopital+vallees&departement=974")).names).toHaveLength(1);
    expect((await found("q=aurore&departement=974")).names).toEqual([]);
    const wrong = await found("q=aurore&departement=99x");
    expect(wrong.text).toContain("Ce département n'a pas été reconnu");
    expect(wrong.names.length).toBeGreaterThan(0);
    // what is typed is a number, never a pattern
    expect((await found("departement=%25")).names).toEqual([]);
  });

  test("celles qui ont des services", async () => {
    await portal.query(
      `insert into structure (kind, identifier_type, identifier_value, legal_name, display_name, town, postcode)
       values ('public', 'SIRET', '73282932000074', 'Syndicat sans service', 'Syndicat sans service', 'Aurore', '45990')`,
    );
    expect((await found("q=syndicat+sans+service")).names).toEqual(["Syndicat sans service"]);
    expect((await found("q=syndicat+sans+service&services=oui")).names).not.toContain(
      "Syndicat sans service",
    );
    expect((await found("q=aurore&services=oui")).names).toContain("Commune de Sainte-Aurore");
  });

  test("les fermées si on le demande ; leur fiche dit depuis quand, et qui les remplace ; une privée, jamais", async () => {
    await portal.query(
      `update structure set state = 'inactive', deactivated_at = now() where identifier_value = '73282932000074'`,
    );
    expect((await found("q=syndicat+sans+service")).names).not.toContain("Syndicat sans service");
    const all = await found("q=syndicat+sans+service&etat=toutes");
    expect(all.names).toEqual(["Syndicat sans service"]);
    expect(all.text).toContain("Fermée ou remplacée");
    const [{ id }] = (await portal.query<{ id: number }>(
      "select id from structure where identifier_value = '73282932000074'",
    )) as [{ id: number }];
    const nobody = portal.browser();
    await nobody.open(`/annuaire/${id}`);
    expect(nobody.text).toMatch(/Fermée depuis le \d\d\/\d\d\/\d{4}/);
    await portal.query("update structure set state = 'replaced', replaced_by_id = $1 where id = $2", [
      TOWN,
      id,
    ]);
    await nobody.open(`/annuaire/${id}`);
    expect(nobody.answer!.page.querySelector(`main a[href="/annuaire/${TOWN}"]`)).not.toBeNull();
    await portal.query("update structure set deactivated_at = now() - interval '3 years' where id = $1", [
      id,
    ]);
    expect((await nobody.request(`/annuaire/${id}`)).status).toBe(404);

    const [{ own, name }] = (await portal.query<{ own: number; name: string }>(
      "select id as own, display_name as name from structure where kind = 'private' order by id limit 1",
    )) as [{ own: number; name: string }];
    await portal.query("update structure set state = 'inactive', deactivated_at = now() where id = $1", [
      own,
    ]);
    expect((await found(`q=${encodeURIComponent(name)}&etat=toutes`)).names).not.toContain(name);
    expect((await nobody.request(`/annuaire/${own}`)).status).toBe(404);
    await portal.query("update structure set state = 'active', deactivated_at = null where id = $1", [own]);
  });
});

test("§ 14.1 La fiche dit le paiement, les travaux et la dernière modification ; l'identifiant se copie", async () => {
  await portal.query("update structure set works_owner = true, works_owner_only = true where id = $1", [
    TOWN,
  ]);
  const nobody = portal.browser();
  await nobody.open(`/annuaire/${TOWN}`);
  for (const words of ["Suivi du paiement", "Maître d'ouvrage uniquement", "Dernière modification"])
    expect(nobody.text).toContain(words);
  const copy = nobody.answer!.page.querySelector("[data-copies]")!;
  expect(copy.getAttribute("data-copies")).toMatch(/^\d{14}$/);
  expect(copy.hasAttribute("hidden")).toBe(true);
});

describe("§ 14.1 Signaler une erreur", () => {
  const report = async (email: string, id = TOWN, message = "Le service ECOLES n'existe plus.") => {
    const browser = await signIn(email);
    await browser.open(`/annuaire/${id}/signaler`);
    return browser.send({ subject: "services", message }, { form: "main form" });
  };
  const mailsOf = async (address: string) =>
    (await portal.mailsTo(address)).filter((mail) => mail.name === "directory-error-reported");

  test("les gestionnaires sont prévenus, avec le message et l'adresse de qui signale ; l'historique le garde", async () => {
    const browser = await signIn(CLAIRE);
    await browser.open("/mon-compte/notifications");
    await browser.send(
      { [`requestsToAnswer-${TOWN}`]: "now" },
      { form: `main form:has(input[name="structureId"][value="${TOWN}"])` },
    );
    const nobody = portal.browser();
    expect((await nobody.request(`/annuaire/${TOWN}/signaler`)).headers.get("location")).toBe(
      `/connexion?suite=${encodeURIComponent(`/annuaire/${TOWN}/signaler`)}`,
    );
    const answer = await report(SUPPLIER);
    expect(answer.status).toBe(200);
    const [mail, ...others] = await mailsOf(CLAIRE);
    expect(others).toEqual([]);
    expect(mail!.text).toContain(`(${SUPPLIER})`);
    expect(mail!.text).toContain("« Le service ECOLES n'existe plus. »");
    await browser.open(`/organisation/historique?structureId=${TOWN}`);
    expect(browser.text).toContain(
      "a signalé une erreur dans la fiche de Commune de Sainte-Aurore : les services",
    );
  });

  test("sans gestionnaire, l'opérateur l'est", async () => {
    const [{ id }] = (await portal.query<{ id: number }>(
      `insert into structure (kind, identifier_type, identifier_value, legal_name, display_name, without_manager)
       values ('public', 'SIRET', '35600000000048', 'Office seul', 'Office seul', true) returning id`,
    )) as [{ id: number }];
    await report(SUPPLIER, id);
    portal.advance({ days: 4 });
    await portal.runJob("send-digests");
    const bells = await portal.query<{ title: string }>(
      `select n.title from notification n join account a on a.id = n.account_id where a.sign_in_email = $1`,
      [OPERATOR],
    );
    expect(bells.map(({ title }) => title)).toContain(
      "Une erreur est signalée dans l'annuaire : Office seul",
    );
  });

  test("sans message, ou sans objet : le formulaire revient, ce qui était tapé aussi", async () => {
    const browser = await signIn(SUPPLIER);
    await browser.open(`/annuaire/${TOWN}/signaler`);
    await browser.send({ message: "Tapé" }, { form: "main form" });
    expect(browser.answer!.status).toBe(422);
    expect(browser.text).toContain("Choisissez ce qui est faux.");
    expect(browser.form("main form").querySelector("textarea")!.text).toContain("Tapé");
  });

  test("cinq par jour au plus, même envoyés ensemble", async () => {
    const browser = await signIn("paul.durand@sainte-aurore.example");
    const url = `/annuaire/${TOWN}/signaler`;
    await browser.open(url);
    const token = browser.form("main form").querySelector('[name="_jeton"]')!.getAttribute("value")!;
    const answers = await Promise.all(
      Array.from({ length: 7 }, () =>
        browser.request(url, {
          method: "POST",
          headers: { origin: portal.url },
          body: new URLSearchParams({ _jeton: token, subject: "other", message: "Encore" }),
        }),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 303, 303, 303, 303, 422, 422]);
  });

  test("ni une structure privée, ni une fermée", async () => {
    const [{ id }] = (await portal.query<{ id: number }>(
      "select id from structure where kind = 'private' and state = 'active' order by id limit 1",
    )) as [{ id: number }];
    const browser = await signIn(SUPPLIER);
    expect((await browser.request(`/annuaire/${id}/signaler`)).status).toBe(404);
  });

  test("A-45 un message hostile reste du texte", async () => {
    await report(SUPPLIER, TOWN, `<img src=x onerror=alert(1)>`);
    const mail = (await mailsOf(CLAIRE)).at(-1)!;
    expect(mail.html).not.toContain("<img");
    expect(mail.text).toContain("<img src=x");
  });
});
