import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DEMO_PASSWORD, makeDemoWorld } from "../../src/modules/demo/index.ts";
import type { Browser, Filling } from "../support/browser.ts";
import { signIn as signInWith, signUp } from "../support/people.ts";
import { startPortal, type TestPortal } from "../support/portal.ts";

const TOWN = 1;
const CLAIRE = "claire.morel@sainte-aurore.example";
const FORM = 'main form[method="post"][action$="/rattacher"]';
let portal: TestPortal;
let social: number;
const services: Record<string, string> = {};
beforeAll(async () => {
  portal = await startPortal();
  await makeDemoWorld(portal.database);
  for (const email of ["anne@exemple.fr", "basile@exemple.fr", "chloe@exemple.fr"])
    await signUp(portal, { email, firstName: "Anne", lastName: "Connue" });
  const [other] = await portal.query<{ id: number }>(
    `select m.structure_id::int as id from membership m join account a on a.id = m.account_id
     where a.sign_in_email = $1 and m.structure_id <> $2`,
    [CLAIRE, TOWN],
  );
  social = other!.id;
  for (const { code, id } of await portal.query<{ code: string; id: string }>(
    "select code, id from service where structure_id = $1",
    [TOWN],
  ))
    services[code] = id;
});
afterAll(() => portal?.close());

const claire = () => signInWith(portal, CLAIRE, DEMO_PASSWORD);
async function attach(browser: Browser, filling: Filling): Promise<void> {
  await browser.open(`/organisation/utilisateurs/rattacher?structureId=${TOWN}`);
  await browser.send(
    { scope: "structure", profile: "lecture-seule", mayAccept: false, ...filling },
    { form: FORM },
  );
}
const membershipsOf = (email: string) =>
  portal.query<{ id: number; structureId: number; scope: string; state: string; codes: string[] }>(
    `select m.id::int, m.structure_id::int as "structureId", m.scope, m.state,
       array(select s.code from membership_service ms join service s on s.id = ms.service_id
             where ms.membership_id = m.id order by 1) as codes
     from membership m join account a on a.id = m.account_id where a.sign_in_email = $1 order by m.id`,
    [email],
  );
const rightsOf = async (email: string) =>
  (
    await portal.query<{ said: string }>(
      `select g.application || ' ' || g.level || coalesce(' ' || s.code, '') as said from membership_grant g
       join membership m on m.id = g.membership_id join account a on a.id = m.account_id
       left join service s on s.id = g.service_id
       where a.sign_in_email = $1 and m.state <> 'ended' order by 1`,
      [email],
    )
  ).map((row) => row.said);
const lastMailTo = async (address: string) => (await portal.mailsTo(address)).at(-1)!;

describe("Rattacher un utilisateur", () => {
  test("J3 à plusieurs structures d'un seul geste : un rattachement et un message pour chacune", async () => {
    const browser = await claire();
    await attach(browser, { email: "anne@exemple.fr", structureIds: [String(TOWN), String(social)] });
    expect(browser.text).toContain("anne@exemple.fr recevra un message.");
    expect((await membershipsOf("anne@exemple.fr")).map((one) => one.structureId)).toEqual(
      [social, TOWN].sort(),
    );
    const subjects = (await portal.mailsTo("anne@exemple.fr")).map((mail) => mail.subject);
    expect(subjects.filter((subject) => subject.includes("vous a rattaché"))).toHaveLength(2);
  });

  test("les droits s'ajustent à l'ensemble choisi, application par application", async () => {
    const browser = await claire();
    await attach(browser, {
      email: "basile@exemple.fr",
      profile: "valideur",
      "ajuste-commitments": "read",
      "ajuste-structures": "none",
      mayAccept: true,
      endsAt: "31/12/2027",
    });
    expect(browser.text).toContain(
      "Valideur, ajusté, avec l'acceptation des rattachements, sur toute la structure, jusqu'au 31/12/2027.",
    );
    expect(await rightsOf("basile@exemple.fr")).toEqual([
      "commitments read",
      "invoicesToValidate write",
      "memberships.approve write",
      "receivedInvoices read",
    ]);
  });

  test("déjà rattachée : depuis quand, et rien ne part", async () => {
    const browser = await claire();
    const before = (await portal.mailsTo("basile@exemple.fr")).length;
    await attach(browser, { email: "basile@exemple.fr" });
    expect(browser.answer!.status).toBe(422);
    expect(browser.text).toMatch(/Cette personne est déjà rattachée depuis le \d\d\/\d\d\/\d{4}/);
    expect((await portal.mailsTo("basile@exemple.fr")).length).toBe(before);
    await browser.click("Voir la fiche de basile@exemple.fr");
    expect(browser.answer!.status).toBe(200);
  });

  test("de toute la structure à un service : le lien mène là où ses droits se restreignent", async () => {
    const browser = await claire();
    await attach(browser, { email: "basile@exemple.fr", scope: "service", serviceIds: [services.FI_SGPI!] });
    expect(browser.text).toContain("restreignez ses droits depuis sa fiche");
    await browser.click("Restreindre les droits de basile@exemple.fr");
    await browser.send({ scope: "service", serviceIds: [services.FI_SGPI!] });
    expect(browser.answer!.status).toBe(422);
    expect(browser.text).toContain("La grille montre maintenant les services choisis");
    await browser.send();
    expect(browser.text).toContain("Les droits de Anne Connue sont changés.");
    expect(await rightsOf("basile@exemple.fr")).toEqual([
      "commitments read FI_SGPI",
      "invoicesToValidate write FI_SGPI",
      "memberships.approve write FI_SGPI",
      "receivedInvoices read FI_SGPI",
    ]);
  });

  test("d'un service à un autre : les deux ; à toute la structure : après confirmation seulement", async () => {
    const browser = await claire();
    await attach(browser, {
      email: "basile@exemple.fr",
      profile: "comptable",
      scope: "service",
      serviceIds: [services.CULTURE!],
    });
    expect(await membershipsOf("basile@exemple.fr")).toMatchObject([
      { scope: "service", codes: ["CULTURE", "FI_SGPI"] },
    ]);
    await attach(browser, { email: "basile@exemple.fr" });
    expect(browser.answer!.status).toBe(422);
    expect(browser.text).toContain("confirmez que vous lui ouvrez toute la structure");
    expect(await membershipsOf("basile@exemple.fr")).toMatchObject([{ scope: "service" }]);
    await browser.send({ confirmsWidening: true }, { form: FORM });
    expect(await membershipsOf("basile@exemple.fr")).toMatchObject([{ scope: "structure", codes: [] }]);
  });

  test("à partir d'une date : « À venir », sans effet avant ; la fin vient après le début", async () => {
    const browser = await claire();
    await attach(browser, { email: "chloe@exemple.fr", startsAt: "01/01/2031", endsAt: "31/12/2030" });
    expect(browser.text).toContain("La date de fin doit être postérieure à la date de début.");
    await attach(browser, { email: "chloe@exemple.fr", startsAt: "01/01/2031" });
    expect(browser.text).toContain("à partir du 01/01/2031");
    await browser.open(`/organisation/utilisateurs?structureId=${TOWN}&q=chloe`);
    expect(browser.text).toContain("À venir");
    const chloe = await signInWith(portal, "chloe@exemple.fr");
    expect((await chloe.request(`/organisation/structures/${TOWN}`)).status).toBe(404);
    await chloe.open("/mes-rattachements");
    expect(chloe.text).toMatch(/À partir du 01\/01\/2031.*À venir/);
    const [member] = await membershipsOf("chloe@exemple.fr");
    await browser.open(`/organisation/structures/${TOWN}/utilisateurs/${member!.id}/habilitations`);
    await browser.send({ startsAt: "" });
    await chloe.open(`/organisation/structures/${TOWN}`);
    expect(chloe.answer!.status).toBe(200);
  });

  test("« Je ne connais pas cette structure » suspend tout de suite, et le dit aux gestionnaires (cas 37)", async () => {
    const chloe = await signInWith(portal, "chloe@exemple.fr");
    const mail = (await portal.mailsTo("chloe@exemple.fr")).findLast((one) => one.name === "user-attached")!;
    const link = /(\/mes-rattachements\/\d+\/je-ne-la-connais-pas)/.exec(mail.text)![1]!;
    await chloe.open(link);
    expect(await membershipsOf("chloe@exemple.fr")).toMatchObject([{ state: "active" }]);
    await chloe.send();
    expect(chloe.text).toContain("est suspendu");
    expect(await membershipsOf("chloe@exemple.fr")).toMatchObject([{ state: "suspended" }]);
    expect((await chloe.request(`/organisation/structures/${TOWN}`)).status).toBe(404);
    const told = await lastMailTo(CLAIRE);
    expect(told.subject).toContain("chloe@exemple.fr ne connaît pas Commune de Sainte-Aurore");
    await (await claire()).open(portal.linkIn(told));
    expect((await chloe.open(link)).text).toContain("Ce rattachement est suspendu");
    const stranger = await signInWith(portal, "agathe.vidal@gh-trois-vallees.example", DEMO_PASSWORD);
    expect((await stranger.request(link)).status).toBe(404);
  });

  test("partie puis revenue : « ses anciens droits », tels quels ; sans passé ici, refusé sans rien dire d'un compte", async () => {
    const browser = await claire();
    await attach(browser, { email: "inconnue@exemple.fr", profile: "anciens-droits" });
    const unknown = browser.text;
    await signUp(portal, { email: "ailleurs@exemple.fr" });
    await attach(browser, { email: "ailleurs@exemple.fr", profile: "anciens-droits" });
    expect(browser.text).toContain("n'a pas ici d'anciens droits que vous puissiez redonner");
    expect(browser.text.replace("ailleurs@", "inconnue@")).toBe(unknown);
    const [basile] = await membershipsOf("basile@exemple.fr");
    const before = await rightsOf("basile@exemple.fr");
    await browser.open(`/organisation/structures/${TOWN}/utilisateurs/${basile!.id}/detacher`);
    await browser.send({ reason: "stage fini" });
    expect(await rightsOf("basile@exemple.fr")).toEqual([]);
    await browser.open(`/organisation/utilisateurs?structureId=${TOWN}&etat=parti`);
    await browser.click("Rattacher de nouveau");
    await browser.send({}, { form: FORM });
    expect(browser.text).toContain("Son accès : les droits d'avant, sur toute la structure.");
    expect(await rightsOf("basile@exemple.fr")).toEqual(before);
    expect((await membershipsOf("basile@exemple.fr")).map((one) => one.state)).toEqual(["ended", "active"]);
    await browser.open(`/organisation/utilisateurs?structureId=${TOWN}&etat=parti`);
    expect(browser.text).not.toContain("basile@exemple.fr");
  });

  test("RIG-01 l'ensemble choisi par défaut par la gestionnaire est proposé d'abord", async () => {
    const browser = await claire();
    await browser.open(`/organisation/ensembles-de-droits?structureId=${TOWN}`);
    await browser.send({ profile: "lecture-seule" }, { form: 'main form[action$="par-defaut"]' });
    await browser.open(`/organisation/utilisateurs/rattacher?structureId=${TOWN}`);
    const form = browser.form(FORM);
    expect(form.querySelector('[name="profile"] option[selected]')!.getAttribute("value")).toBe(
      "lecture-seule",
    );
    expect(form.querySelector('[name="mayAccept"]')!.hasAttribute("checked")).toBe(false);
    await browser.open(`/organisation/structures/${TOWN}/ensembles-de-droits/lecture-seule`);
    expect(
      (await browser.post(`/organisation/structures/${TOWN}/ensembles-de-droits/lecture-seule/retirer`, {}))
        .status,
    ).toBe(403);
    const paul = await signInWith(portal, "paul.durand@sainte-aurore.example", DEMO_PASSWORD);
    await paul.open("/mon-compte/identite");
    expect(
      (
        await paul.post(`/organisation/structures/${TOWN}/ensemble-de-droits-par-defaut`, {
          profile: "administrateur",
        })
      ).status,
    ).toBe(403);
  });
});

describe("Attaques", () => {
  test("A-34 une structure où l'on ne rattache personne n'est pas trouvée, et rien n'est fait dans les autres", async () => {
    const browser = await claire();
    await browser.open(`/organisation/utilisateurs/rattacher?structureId=${TOWN}`);
    await browser.send(
      { email: "zoe@exemple.fr", profile: "lecture-seule", structureIds: [String(TOWN), "3"] },
      { form: FORM },
    );
    expect(browser.answer!.status).toBe(404);
    expect(await portal.mailsTo("zoe@exemple.fr")).toEqual([]);
  });

  test("RIG-07 qui ne gère qu'un service n'étend personne hors de lui, même sans droit donné", async () => {
    const [ines] = await membershipsOf("ines.benali@sainte-aurore.example");
    await portal.query(
      `insert into membership_grant (membership_id, structure_id, application, level, service_id, granted_at)
       values ($1, $2, 'users', 'write', $3, now())
       on conflict (membership_id, application, service_id) do update set level = 'write'`,
      [ines!.id, TOWN, services.FI_SGPI],
    );
    const browser = await claire();
    await attach(browser, {
      email: "anne-service@exemple.fr",
      profile: "valideur",
      scope: "service",
      serviceIds: [services.FI_SGPI!],
    });
    await signUp(portal, { email: "anne-service@exemple.fr" });
    const [target] = await membershipsOf("anne-service@exemple.fr");
    const manager = await signInWith(portal, "ines.benali@sainte-aurore.example", DEMO_PASSWORD);
    const editor = `/organisation/structures/${TOWN}/utilisateurs/${target!.id}/habilitations`;
    await manager.open(editor);
    expect(manager.answer!.status).toBe(200);
    await manager.post(editor, { scope: "structure", "droit-users": "none" });
    expect(manager.answer!.status).toBe(422);
    expect(manager.text).toContain("Vous n'agissez que sur les personnes de vos services.");
    await attach(manager, {
      email: "nouvelle@exemple.fr",
      scope: "structure",
      profile: "valideur",
      ...Object.fromEntries(
        ["structures", "receivedInvoices", "invoicesToValidate"].map((one) => [`ajuste-${one}`, "none"]),
      ),
    });
    expect(manager.answer!.status).toBe(422);
    expect(await membershipsOf("anne-service@exemple.fr")).toMatchObject([{ scope: "service" }]);
    expect(await portal.mailsTo("nouvelle@exemple.fr")).toEqual([]);
  });

  test("A-03 deux cents adresses nouvelles par jour : la suivante attend le lendemain", async () => {
    await portal.query(
      `insert into invitation (structure_id, email, email_canonical, scope, invited_at, sent_at, expires_at)
       select $1, 'p' || n || '@exemple.fr', 'p' || n || '@exemple.fr', 'structure', now(), now(), now() + interval '7 days'
       from generate_series(1, 200) n`,
      [TOWN],
    );
    const browser = await claire();
    await attach(browser, { email: "de-trop@exemple.fr" });
    expect(browser.text).toContain("a déjà ajouté 200 adresses en vingt-quatre heures");
    portal.advance({ days: 1, minutes: 1 });
    await attach(await claire(), { email: "de-trop@exemple.fr" });
    expect(await portal.mailsTo("de-trop@exemple.fr")).toHaveLength(1);
  });
});

describe("Une invitation", () => {
  test("se renvoie, une heure après au plus tôt, même expirée ; acceptée, elle n'est plus dans la liste", async () => {
    const browser = await claire();
    const list = `/organisation/utilisateurs?structureId=${TOWN}`;
    await attach(browser, { email: "tardive@exemple.fr", firstName: "Tara", lastName: "Tardive" });
    const [{ id }] = (await portal.query<{ id: string }>(
      "select id from invitation where email = 'tardive@exemple.fr'",
    )) as [{ id: string }];
    const resend = `main form[action$="/invitations/${id}/renvoyer"]`;
    await browser.open(list);
    await browser.send({}, { form: resend });
    expect(browser.text).toContain("il y a moins d'une heure");
    expect(await portal.mailsTo("tardive@exemple.fr")).toHaveLength(1);
    portal.advance({ days: 8 });
    await portal.runJob("end-by-clock");
    const later = await claire();
    await later.open(list);
    expect(later.text).toMatch(/Tardive Tara.*Expirée/);
    await later.send({}, { form: resend });
    expect(later.text).toContain("L'invitation de Tara Tardive est renvoyée.");
    expect(await portal.mailsTo("tardive@exemple.fr")).toHaveLength(2);
    await signUp(portal, { email: "tardive@exemple.fr" });
    expect(await membershipsOf("tardive@exemple.fr")).toMatchObject([{ state: "active" }]);
    await later.open(list);
    expect(later.answer!.page.querySelector(resend)).toBeNull();
  });
});
