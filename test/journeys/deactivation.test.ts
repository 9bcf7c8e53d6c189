import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { DEMO_PASSWORD, makeDemoWorld } from "../../src/modules/demo/index.ts";
import { deactivateStructure } from "../../src/modules/structures/index.ts";
import { replaceStructure } from "../../src/modules/structures/use-cases/replacement.ts";
import type { Browser } from "../support/browser.ts";
import { deactivatePublic, signIn as signInWith } from "../support/people.ts";
import { startPortal, type TestPortal } from "../support/portal.ts";

const TOWN = { id: 1, name: "Commune de Sainte-Aurore" };
const CLAIRE = "claire.morel@sainte-aurore.example";
const PAUL = "paul.durand@sainte-aurore.example";
const HUGO = "hugo.lemaire@sainte-aurore.example";
const AGATHE = "agathe.vidal@gh-trois-vallees.example";
const EMILE = "emile.tessier@atelier-demo.example";
const OPERATOR = "odile.marchand@eaux-val-fleuri.example";
const SHEET = `/organisation/structures/${TOWN.id}`;
const TO_ANSWER = "/operateur/desactivations";
const eyes = { kind: "system", reason: "a test" } as const;
const clerk = { accountId: null, label: "Essai", means: "import" } as const;
let portal: TestPortal;

beforeAll(async () => {
  portal = await startPortal({ UNISSON_OPERATORS: OPERATOR });
  await makeDemoWorld(portal.database);
});
afterAll(() => portal?.close());
beforeEach(async () => {
  await portal.query("delete from deactivation_request");
  await portal.query(
    "update structure set state = 'active', deactivated_at = null, deactivation_reason = null where id = $1",
    [TOWN.id],
  );
});

const signIn = (email: string) => signInWith(portal, email, DEMO_PASSWORD);
const requests = () =>
  portal.query<{ id: number; state: string; reason: string; answer: string }>(
    "select id, state, reason, answer from deactivation_request order by id",
  );
const stateOf = async (id = TOWN.id) =>
  (await portal.query<{ state: string }>("select state from structure where id = $1", [id]))[0]!.state;
const lastMail = async (address: string) => (await portal.mailsTo(address)).at(-1);
const sentences = async () =>
  (
    await portal.query<{ said: string }>(
      "select actor_label || ' ' || sentence as said from journal_entry where structure_id = $1 order by seq",
      [TOWN.id],
    )
  ).map((one) => one.said);
async function ask(browser: Browser, filling: Record<string, string> = {}) {
  await browser.open(`${SHEET}/desactiver`);
  return browser.send(
    { typedName: TOWN.name, reason: "Fusion de communes", ...filling },
    { form: "main form" },
  );
}
const numberOf = async () => Number((await requests())[0]!.id);

describe("§ 7.6 Une structure publique se désactive avec l'accord de l'opérateur", () => {
  test("sans motif, ou sous un autre nom : refusé, et la saisie reste", async () => {
    const claire = await signIn(CLAIRE);
    await claire.open(SHEET);
    await claire.click("Demander la désactivation");
    expect(claire.text).toContain("D'ici là, elle reste active.");
    expect(claire.text).toContain("invitations en attente sont annulées");
    expect((await ask(claire, { reason: " " })).status).toBe(422);
    expect(claire.text).toContain("Dites à l'opérateur pourquoi");
    expect(claire.form("main form").toString()).toContain(TOWN.name);
    expect((await ask(claire, { typedName: "Commune" })).status).toBe(422);
    expect(claire.form("main form").toString()).toContain("Fusion de communes");
    expect(await requests()).toEqual([]);
  });

  test("demandée : elle reste active, l'opérateur et les autres gestionnaires le savent, la fiche le dit", async () => {
    await portal.query(
      "update membership set role = 'mainManager' where structure_id = $1 and account_id = (select id from account where sign_in_email = $2)",
      [TOWN.id, PAUL],
    );
    const claire = await signIn(CLAIRE);
    await ask(claire);
    expect(claire.text).toContain("La désactivation est demandée.");
    expect(claire.text).toContain("Désactivation demandée : l'opérateur du portail doit donner son accord.");
    expect(claire.text).toContain("Motif : Fusion de communes");
    expect(claire.text).not.toContain("Demander la désactivation");
    expect(await stateOf()).toBe("active");
    expect((await lastMail(OPERATOR))!.name).toBe("deactivation-asked");
    expect((await lastMail(OPERATOR))!.text).toContain("Fusion de communes");
    expect((await lastMail(PAUL))!.name).toBe("deactivation-asked-managers");
    for (const address of [CLAIRE, HUGO])
      expect((await portal.mailsTo(address)).map((mail) => mail.name)).not.toContain(
        "deactivation-asked-managers",
      );
    expect(await sentences()).toContain(`Claire Morel a demandé à l'opérateur de désactiver ${TOWN.name}`);
    const hugo = await signIn(HUGO);
    await hugo.open(SHEET);
    expect(hugo.text).not.toContain("Désactivation demandée");
    const operator = await signIn(OPERATOR);
    await operator.open("/notifications");
    expect(operator.text).toContain(`Désactiver ${TOWN.name} : votre accord est demandé`);
    await operator.open("/");
    expect(operator.text).toContain(`La désactivation de ${TOWN.name} attend votre accord`);
    await operator.open("/operateur");
    await operator.click("Désactivations à décider");
    for (const says of ["Claire Morel (claire.morel@", "Fusion de communes", "invitations en attente sont"])
      expect(operator.text).toContain(says);
    await portal.query(
      "update membership set role = 'member' where structure_id = $1 and account_id = (select id from account where sign_in_email = $2)",
      [TOWN.id, PAUL],
    );
  });

  test("une seule à la fois : deux envois du même formulaire, ou de deux gestionnaires, n'en font qu'une", async () => {
    const claire = await signIn(CLAIRE);
    await claire.open(`${SHEET}/desactiver`);
    const version = claire.form("main form").querySelector('[name="version"]')!.getAttribute("value")!;
    const filling = { version, typedName: TOWN.name, reason: "Fusion" };
    await Promise.all([1, 2, 3].map(() => claire.post(`${SHEET}/desactiver`, filling)));
    expect(await requests()).toHaveLength(1);
    await claire.open(SHEET);
    expect((await claire.post(`${SHEET}/desactiver`, filling)).status).toBe(409);
    expect(claire.text).toContain("Sa désactivation est déjà demandée");
    await claire.open(`${SHEET}/desactiver`);
    expect(new URL(claire.answer!.url).pathname).toBe(SHEET);
  });

  test("retirée : rien n'a changé, et l'opérateur qui répond l'apprend", async () => {
    const claire = await signIn(CLAIRE);
    await ask(claire);
    const operator = await signIn(OPERATOR);
    await operator.open(TO_ANSWER);
    await claire.send({}, { form: 'main form[action$="/retirer"]' });
    expect(claire.text).toContain("La demande de désactivation est retirée.");
    expect(claire.text).not.toContain("Désactivation demandée");
    expect((await lastMail(CLAIRE))!.name).toBe("deactivation-withdrawn");
    await operator.send({}, { form: 'main form[action$="/accepter"]' });
    expect(operator.answer!.status).toBe(409);
    expect(operator.text).toContain("Cette demande a été retirée entre-temps : rien n'a changé.");
    expect(await stateOf()).toBe("active");
    await claire.post(`${SHEET}/desactiver/retirer`, {});
    expect(claire.text).toContain("Il n'y a plus de demande à retirer");
    expect((await sentences()).filter((one) => one.includes("a retiré la demande"))).toHaveLength(1);
  });

  test("refusée, avec un motif que lisent la demandeuse et sa fiche ; elle peut redemander", async () => {
    const claire = await signIn(CLAIRE);
    await ask(claire);
    const operator = await signIn(OPERATOR);
    await operator.open(TO_ANSWER);
    await operator.send({ reason: " " }, { form: 'main form[action$="/refuser"]' });
    expect(operator.answer!.status).toBe(422);
    expect((await requests())[0]!.state).toBe("open");
    await operator.send({ reason: "Des factures attendent." }, { form: 'main form[action$="/refuser"]' });
    expect(operator.text).toContain(`${TOWN.name} reste active`);
    expect(await stateOf()).toBe("active");
    const mail = (await lastMail(CLAIRE))!;
    expect(mail.name).toBe("deactivation-refused");
    expect(mail.text).toContain("Motif : Des factures attendent.");
    expect(await sentences()).toContain(`Odile Marchand a refusé de désactiver ${TOWN.name}`);
    await claire.open(SHEET);
    expect(claire.text).toContain("L'opérateur du portail a refusé de la désactiver");
    expect(claire.text).toContain("Des factures attendent.");
    await ask(claire);
    expect(claire.text).toContain("La désactivation est demandée.");
    expect(claire.text).not.toContain("Des factures attendent.");
    expect((await requests()).map((one) => one.state)).toEqual(["refused", "open"]);
  });

  test("accordée : elle ferme avec ses conséquences, au nom de qui l'a demandé", async () => {
    const claire = await signIn(CLAIRE);
    await deactivatePublic(claire, await signIn(OPERATOR), TOWN, "Fusion de communes");
    expect(await stateOf()).toBe("inactive");
    expect((await requests())[0]!.state).toBe("agreed");
    await claire.open(SHEET);
    expect(claire.text).toContain("Désactivée : Fusion de communes");
    for (const address of [CLAIRE, HUGO])
      expect((await lastMail(address))!.text).toContain("par Odile Marchand, à la demande de Claire Morel");
    expect(
      await portal.query(
        "select actor_label, on_behalf_of, means, reason from journal_entry where type = 'StructureDeactivated' order by at desc limit 1",
      ),
    ).toEqual([
      {
        actor_label: "Odile Marchand",
        on_behalf_of: "Claire Morel",
        means: "operator",
        reason: "Fusion de communes",
      },
    ]);
    expect(
      await portal.query("select from membership_request where structure_id = $1 and state = 'pending'", [
        TOWN.id,
      ]),
    ).toEqual([]);
    const visitor = portal.browser();
    await visitor.open("/annuaire?q=Sainte-Aurore");
    expect(visitor.text).not.toContain(TOWN.name);
    await claire.send({}, { form: `main form[action="${SHEET}/reactiver"]` });
    expect(await stateOf()).toBe("active");
    expect(claire.text).not.toContain("Désactivation demandée");
  });

  test("fermée entre-temps par la liste de référence : la demande est sans objet, et l'opérateur le lit", async () => {
    const claire = await signIn(CLAIRE);
    await ask(claire);
    const operator = await signIn(OPERATOR);
    await operator.open(TO_ANSWER);
    const [{ version } = { version: 0 }] = await portal.query<{ version: number }>(
      "select version from structure where id = $1",
      [TOWN.id],
    );
    await portal.database.transaction(eyes, (tx, now) =>
      deactivateStructure(tx, { structureId: TOWN.id, version, reason: "Liste" }, clerk, now),
    );
    expect((await requests())[0]!.state).toBe("lapsed");
    expect((await sentences()).at(-2)).toContain("a rendu sans objet la demande de désactivation");
    for (const verb of ["accepter", "refuser"]) {
      await operator.post(`${TO_ANSWER}/${await numberOf()}/${verb}`, { reason: "Non" });
      expect(operator.answer!.status).toBe(409);
      expect(operator.text).toContain("désactivée ou remplacée entre-temps");
    }
    expect(operator.text).toContain("Aucune désactivation n'est demandée.");
  });

  test("remplacée entre-temps : de même, et la copie n'hérite pas de la demande", async () => {
    const hospital = 3;
    const agathe = await signIn(AGATHE);
    await agathe.open(`/organisation/structures/${hospital}/desactiver`);
    await agathe.send(
      { typedName: "Groupe hospitalier des Trois-Vallées", reason: "Scission" },
      { form: "main form" },
    );
    const [{ version } = { version: 0 }] = await portal.query<{ version: number }>(
      "select version from structure where id = $1",
      [hospital],
    );
    const done = await portal.database.transaction(eyes, async (tx, now) =>
      replaceStructure(
        tx,
        {
          structureId: hospital,
          version,
          identifierValue: "99910022000025",
          reason: "Déménagement",
          registryCheck: "none",
          address: null,
          bankFourEyes: false,
        },
        { accountId: 1 },
        clerk,
        now,
      ),
    );
    expect(done.ok).toBe(true);
    expect((await requests()).map((one) => one.state)).toEqual(["lapsed"]);
    const operator = await signIn(OPERATOR);
    await operator.post(`${TO_ANSWER}/${await numberOf()}/accepter`, {});
    expect(operator.text).toContain("désactivée ou remplacée entre-temps");
    expect(await stateOf(hospital)).toBe("replaced");
  });

  test("une structure privée ferme d'un geste, sans rien demander à l'opérateur", async () => {
    const emile = await signIn(EMILE);
    const [workshop] = await portal.query<{ id: number }>(
      "select id from structure where display_name = 'Atelier Démo'",
    );
    const id = Number(workshop!.id);
    await emile.open(`/organisation/structures/${id}/desactiver`);
    await emile.send({ typedName: "Atelier Démo" }, { form: "main form" });
    expect(emile.text).toContain("La structure est désactivée.");
    expect(await stateOf(id)).toBe("inactive");
    expect(await requests()).toEqual([]);
  });
});

describe("Les attaques", () => {
  test("qui n'est pas opérateur ne répond pas ; qui n'est pas gestionnaire principal ne demande ni ne retire", async () => {
    const claire = await signIn(CLAIRE);
    await ask(claire);
    const id = await numberOf();
    for (const email of [CLAIRE, HUGO, AGATHE]) {
      const browser = await signIn(email);
      await browser.open("/");
      for (const verb of ["accepter", "refuser"])
        expect([403, 404]).toContain(
          (await browser.post(`${TO_ANSWER}/${id}/${verb}`, { reason: "x" })).status,
        );
      expect([403, 404]).toContain((await browser.open(TO_ANSWER)).status);
    }
    for (const [email, status] of [
      [HUGO, 403],
      [AGATHE, 404],
    ] as const) {
      const browser = await signIn(email);
      await browser.open("/");
      for (const path of ["/desactiver", "/desactiver/retirer"])
        expect((await browser.post(`${SHEET}${path}`, { version: "1", typedName: TOWN.name })).status).toBe(
          status,
        );
    }
    expect((await requests()).map((one) => one.state)).toEqual(["open"]);
    expect(await stateOf()).toBe("active");
  });

  test("un opérateur ne répond pas pour une structure où il travaille", async () => {
    await ask(await signIn(CLAIRE));
    await portal.query(
      `insert into membership (account_id, structure_id, role, scope, state, origin, starts_at)
       select id, $1, 'member', 'structure', 'active', 'claim', unisson_now() from account where sign_in_email = $2`,
      [TOWN.id, OPERATOR],
    );
    const operator = await signIn(OPERATOR);
    await operator.open("/");
    expect(operator.text).not.toContain(`La désactivation de ${TOWN.name} attend`);
    await operator.open(TO_ANSWER);
    expect(operator.text).toContain("C'est votre structure : un autre opérateur doit répondre.");
    expect(operator.answer!.page.querySelector('main form[action$="/accepter"]')).toBeNull();
    for (const verb of ["accepter", "refuser"])
      expect((await operator.post(`${TO_ANSWER}/${await numberOf()}/${verb}`, { reason: "x" })).status).toBe(
        409,
      );
    expect(await stateOf()).toBe("active");
    await portal.query(
      "delete from membership where structure_id = $1 and account_id = (select id from account where sign_in_email = $2)",
      [TOWN.id, OPERATOR],
    );
  });

  test("la demande de qui ne gère plus la structure ne la ferme pas", async () => {
    await ask(await signIn(CLAIRE));
    const setRole = (role: string) =>
      portal.query(
        "update membership set role = $3 where structure_id = $1 and account_id = (select id from account where sign_in_email = $2)",
        [TOWN.id, CLAIRE, role],
      );
    await setRole("member");
    const operator = await signIn(OPERATOR);
    await operator.open(TO_ANSWER);
    expect(operator.text).toContain("ne gère plus cette structure");
    expect((await operator.post(`${TO_ANSWER}/${await numberOf()}/accepter`, {})).status).toBe(409);
    expect(await stateOf()).toBe("active");
    await operator.send({ reason: "Demandez à nouveau." }, { form: 'main form[action$="/refuser"]' });
    expect((await requests())[0]!.state).toBe("refused");
    await setRole("mainManager");
  });

  test("deux opérateurs à la fois, ou un retrait au même instant : une seule issue", async () => {
    const claire = await signIn(CLAIRE);
    await ask(claire);
    const id = await numberOf();
    const operators = await Promise.all([1, 2].map(() => signIn(OPERATOR)));
    for (const one of operators) await one.open(TO_ANSWER);
    await Promise.all([
      operators[0]!.post(`${TO_ANSWER}/${id}/accepter`, {}),
      operators[1]!.post(`${TO_ANSWER}/${id}/refuser`, { reason: "Non" }),
      claire.post(`${SHEET}/desactiver/retirer`, {}),
    ]);
    const [{ state } = { state: "" }] = await requests();
    expect(["agreed", "refused", "withdrawn"]).toContain(state);
    expect(await stateOf()).toBe(state === "agreed" ? "inactive" : "active");
  });
});
