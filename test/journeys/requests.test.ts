import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DEMO_PASSWORD, makeDemoWorld } from "../../src/modules/demo/index.ts";
import { lockRequest } from "../../src/modules/memberships/requests-store.ts";
import { refuseRequest } from "../../src/modules/memberships/use-cases/answers.ts";
import type { Member } from "../../src/modules/rights/index.ts";
import { theClock } from "../../src/platform/events.ts";
import type { Browser } from "../support/browser.ts";
import { signIn as signInWith, signUp } from "../support/people.ts";
import { startPortal, type TestPortal } from "../support/portal.ts";

const TOWN = 1;
const CLAIRE = "claire.morel@sainte-aurore.example";
const LIST = "/organisation/demandes";
const PICK = 'main form[action$="/repondre"]';
let portal: TestPortal;
let siret: string;
const services: Record<string, string> = {};
beforeAll(async () => {
  portal = await startPortal();
  await makeDemoWorld(portal.database);
  await portal.query("delete from membership_request");
  const [town] = await portal.query<{ siret: string }>(
    "select identifier_value as siret from structure where id = $1",
    [TOWN],
  );
  siret = town!.siret;
  for (const { code, id } of await portal.query<{ code: string; id: string }>(
    "select code, id from service where structure_id = $1",
    [TOWN],
  ))
    services[code] = id;
});
afterAll(() => portal?.close());

const claire = () => signInWith(portal, CLAIRE, DEMO_PASSWORD);
const people: Record<string, Browser> = {};
/** A new person, by her first name, who asks to join the town. */
async function ask(name: string, filling: Record<string, string | string[]> = {}): Promise<Browser> {
  const email = `${name.toLowerCase()}@exemple.fr`;
  people[name] ??= await signUp(portal, { email, firstName: name, lastName: "Demande" });
  const browser = people[name];
  await browser.open(`/mes-rattachements/demander?type=SIRET&identifiant=${siret}`);
  await browser.send({ scope: "structure", ...filling });
  return browser;
}
const idOf = async (name: string) =>
  (
    await portal.query<{ id: string }>(
      `select r.id from membership_request r join account a on a.id = r.account_id
       where a.first_name = $1 and r.state = 'pending'`,
      [name],
    )
  )[0]!.id;
const mailsTo = async (name: string) => portal.mailsTo(`${name.toLowerCase()}@exemple.fr`);
/** What managers are told of requests waits in the bell for the message of the day. */
const lastBellOf = async (address: string) =>
  (
    await portal.query<{ title: string }>(
      `select n.title from notification n join account a on a.id = n.account_id
       where a.sign_in_email = $1 order by n.id desc limit 1`,
      [address],
    )
  )[0]!.title;
const attachmentOf = (name: string) =>
  portal.query<{ scope: string; sets: string[] }>(
    `select m.scope, array(select distinct given_set from membership_grant g where g.membership_id = m.id) as sets
     from membership m join account a on a.id = m.account_id where a.first_name = $1 and m.state = 'active'`,
    [name],
  );

describe("Répondre en nombre aux demandes de rattachement", () => {
  test("la somme est dite avant ; chacun à son niveau, avec l'ensemble par défaut ; qui veut gérer, à part", async () => {
    await ask("Alice", { message: "Je prends la suite de Marc." });
    await ask("Bruno", { scope: "service", serviceIds: [services.FI_SGPI!] });
    await ask("Carla", { wishes: ["manageUsers"] });
    const browser = await claire();
    await browser.open(LIST);
    expect(browser.text).toContain("depuis moins d'un jour");
    await browser.send(
      { demande: [await idOf("Alice"), await idOf("Bruno"), await idOf("Carla")] },
      { form: PICK, button: ["reponse", "valider"] },
    );
    expect(browser.text).toContain(
      "2 personnes recevront « Utilisateur », au niveau demandé, dans Commune de Sainte-Aurore.",
    );
    expect(browser.text).toContain("Carla Demande : demande à gérer les utilisateurs, à traiter à part.");
    expect(await attachmentOf("Alice")).toEqual([]);
    await browser.send();
    expect(browser.text).toContain("2 validées, 1 laissée en attente.");
    expect(browser.text).toMatch(/Carla Demande.*En attente.*répondez-lui à part/);
    expect(await attachmentOf("Alice")).toEqual([{ scope: "structure", sets: ["Utilisateur"] }]);
    expect(await attachmentOf("Bruno")).toEqual([{ scope: "service", sets: ["Utilisateur"] }]);
    expect(await attachmentOf("Carla")).toEqual([]);
    for (const name of ["Alice", "Bruno"])
      expect((await mailsTo(name)).at(-1)!.subject).toContain(
        "Vous êtes rattaché à Commune de Sainte-Aurore",
      );
  });

  test("refuser en nombre : le motif est lu par chacun ; un autre motif se dit", async () => {
    await ask("Denis");
    const browser = await claire();
    await browser.open(LIST);
    await browser.send(
      { demande: [await idOf("Carla"), await idOf("Denis")] },
      { form: PICK, button: ["reponse", "refuser"] },
    );
    await browser.send({ reason: "OTHER" });
    expect(browser.answer!.status).toBe(422);
    expect(browser.text).toContain("Dites le motif en quelques mots");
    await browser.send({ reason: "OTHER", text: "Le service n'existe plus." });
    expect(browser.text).toContain("2 refusées, 0 laissée en attente.");
    expect((await mailsTo("Denis")).at(-1)!.text).toContain("Le service n'existe plus.");
  });

  test("MEM-11 retirée pendant que l'on choisit : la page le dit, et valide le reste", async () => {
    await ask("Gilles");
    await ask("Louise");
    const gilles = await idOf("Gilles");
    const browser = await claire();
    await browser.open(LIST);
    await browser.send(
      { demande: [gilles, await idOf("Louise")] },
      { form: PICK, button: ["reponse", "valider"] },
    );
    await portal.query("update membership_request set state = 'withdrawn' where id = $1", [gilles]);
    await browser.send();
    expect(browser.text).toContain("1 validée, 0 laissée en attente, 1 déjà répondue.");
    expect(await attachmentOf("Gilles")).toEqual([]);
    expect(await attachmentOf("Louise")).toHaveLength(1);
  });

  test("un autre gestionnaire répond à l'une au même instant : l'autre réponse est faite, rien n'est perdu", async () => {
    for (const name of ["Nina", "Oscar", "Nora", "Omar"]) await ask(name);
    const browser = await claire();
    const answerBoth = async (names: readonly string[]) => {
      const demande = [];
      for (const name of names) demande.push(await idOf(name));
      await browser.open(LIST);
      await browser.send({ demande }, { form: PICK, button: ["reponse", "valider"] });
      return browser.send();
    };
    const [manager] = await portal.query<{ id: number }>("select id from account where sign_in_email = $1", [
      CLAIRE,
    ]);
    const other: Member = {
      accountId: manager!.id,
      structureId: TOWN,
      role: "mainManager",
      scope: "structure",
      grants: [],
    };
    /** Holds the request of somebody while something happens, then refuses it. */
    const refuseAfter = (name: string, meanwhile: () => Promise<void>) =>
      portal.database.transaction({ kind: "system", reason: "a test" }, async (tx, now) => {
        const requestId = Number(await idOf(name));
        await lockRequest(tx, requestId);
        await meanwhile();
        await refuseRequest(tx, { requestId, reason: "NOT_OURS", text: "" }, other, theClock, now);
      });
    let answer: Promise<unknown> = Promise.resolve();
    await refuseAfter("Oscar", async () => {
      answer = answerBoth(["Nina", "Oscar"]);
      while ((await attachmentOf("Nina")).length === 0) await new Promise((go) => setTimeout(go, 50));
    });
    await answer;
    expect(browser.text).toContain("1 validée, 0 laissée en attente, 1 déjà répondue.");
    await refuseAfter("Omar", async () => void (await answerBoth(["Nora", "Omar"])));
    expect(browser.text).toContain("1 validée, 1 laissée en attente.");
    expect(browser.text).toMatch(/Omar Demande.*En attente.*Quelqu'un d'autre agissait/);
    expect([await attachmentOf("Nora"), await attachmentOf("Omar")]).toEqual([[expect.anything()], []]);
  }, 20_000);

  test("A-30 une demande élargie après que l'on a lu ce qui sera donné : rien n'est donné, la page le dit", async () => {
    await ask("Ines", { scope: "service", serviceIds: [services.CULTURE!] });
    const browser = await claire();
    await browser.open(LIST);
    await browser.send({ demande: [await idOf("Ines")] }, { form: PICK, button: ["reponse", "valider"] });
    expect(browser.text).toContain("Ines Demande (ines@exemple.fr) : CULTURE.");
    await ask("Ines", { scope: "structure" });
    await browser.send();
    expect([browser.answer!.status, await attachmentOf("Ines")]).toEqual([409, []]);
    expect(browser.text).toMatch(/Une demande a changé.*Ines Demande.*: toute la structure\./);
    await browser.send();
    expect(await attachmentOf("Ines")).toMatchObject([{ scope: "structure" }]);
  });

  test("sans rien cocher, la page dit quoi faire ; les filtres restent dans l'adresse", async () => {
    await ask("Eva", { scope: "service", serviceIds: [services.CULTURE!] });
    const browser = await claire();
    await browser.open(LIST);
    await browser.send({}, { form: PICK, button: ["reponse", "valider"] });
    expect(browser.answer!.status).toBe(422);
    await browser.open(LIST);
    await browser.send({ service: services.FI_SGPI! }, { form: "main form.u-bulk" });
    expect(browser.answer!.url).toContain(`service=${services.FI_SGPI}`);
    expect(browser.text).toContain("Aucune demande ne correspond à ces filtres.");
    await browser.send({ service: services.CULTURE! }, { form: "main form.u-bulk" });
    expect(browser.text).toContain("Eva Demande");
    await browser.send({ age: "3" }, { form: "main form.u-bulk" });
    expect(browser.text).not.toContain("Eva Demande");
  });

  test("A-34 la demande d'une autre structure, ou la sienne, n'est pas de celles que l'on coche", async () => {
    const stranger = await signInWith(portal, "agathe.vidal@gh-trois-vallees.example", DEMO_PASSWORD);
    await stranger.open("/mon-compte/identite");
    const eva = await idOf("Eva");
    const answer = await stranger.post("/organisation/demandes/repondre", {
      demande: eva,
      reponse: "valider",
    });
    expect(answer.status).toBe(422);
    await people.Alice!.open("/mon-compte/identite");
    await portal.query(
      "insert into membership_request (account_id, structure_id, scope, asked_at) select id, $1, 'structure', now() from account where first_name = 'Alice'",
      [TOWN],
    );
    await people.Alice!.post("/organisation/demandes/repondre", {
      demande: await idOf("Alice"),
      reponse: "valider",
    });
    expect(people.Alice!.answer!.status).toBe(422);
    await portal.query(
      "delete from membership_request where account_id = (select id from account where first_name = 'Alice')",
    );
    const [still] = await portal.query(
      "select 1 from membership_request where id = $1 and state = 'pending'",
      [eva],
    );
    expect(still).toBeDefined();
  });
});

describe("Ce que devient une demande", () => {
  test("MEM-04 refusée : on répond au refus, sur la même demande, en le disant ; trois refus : une pause", async () => {
    const denis = people.Denis!;
    await ask("Denis");
    expect(denis.answer!.status).toBe(422);
    expect(denis.text).toContain("répondez au motif du refus dans le message");
    const manager = await claire();
    for (let refusal = 2; refusal <= 3; refusal++) {
      await ask("Denis", { message: "Le service a seulement changé de nom." });
      expect(denis.text).toContain("est envoyée");
      expect(await lastBellOf(CLAIRE)).toContain("répond au refus de sa demande");
      await manager.open(`${LIST}/${await idOf("Denis")}?structureId=${TOWN}`);
      expect(manager.text).toContain("Refusée une première fois");
      await manager.send({ reason: "NOT_OURS" }, { form: 'main form[action$="/refuser"]' });
    }
    await ask("Denis", { message: "S'il vous plaît." });
    expect(denis.text).toContain("Trois demandes ont été refusées en quatre-vingt-dix jours");
    expect(
      await portal.query(
        "select cardinality(refused_at) as refusals from membership_request r join account a on a.id = r.account_id where a.first_name = 'Denis'",
      ),
    ).toEqual([{ refusals: 3 }]);
    portal.advance({ days: 90, minutes: 1 });
    people.Denis = await signInWith(portal, "denis@exemple.fr");
    await ask("Denis");
    expect(people.Denis.text).toContain("est envoyée");
  });

  test("MEM-11 déjà répondue : on lit par qui, et quand", async () => {
    const manager = await claire();
    const id = await idOf("Denis");
    await manager.open(`${LIST}/${id}?structureId=${TOWN}`);
    const late = await claire();
    await late.open(`${LIST}/${id}?structureId=${TOWN}`);
    expect(late.text).toContain("Structures que vous partagez");
    await manager.send({ profile: "lecture-seule" }, { form: 'main form[action$="/accepter"]' });
    await late.send({ profile: "administrateur" }, { form: 'main form[action$="/accepter"]' });
    expect(late.answer!.status).toBe(409);
    expect(late.text).toContain("Demande acceptée par Claire Morel, le");
  });

  test("§ 10.6 personne ne répond : on relance tous les trois jours, puis les issues sont montrées", async () => {
    people.Frida = await ask("Frida");
    const frida = people.Frida;
    await frida.open("/mes-rattachements");
    expect(frida.answer!.page.querySelector('form[action$="/relancer"]')).toBeNull();
    portal.advance({ days: 11 });
    people.Frida = await signInWith(portal, "frida@exemple.fr");
    await people.Frida.open("/mes-rattachements");
    expect(people.Frida.text).toContain("Personne ne vous répond depuis dix jours ?");
    await people.Frida.send({}, { form: 'main form[action$="/relancer"]' });
    expect(people.Frida.text).toContain("sont relancés");
    expect(await lastBellOf(CLAIRE)).toContain("Frida Demande attend votre réponse");
    expect(people.Frida.answer!.page.querySelector('form[action$="/relancer"]')).toBeNull();
    const stranger = await signInWith(portal, "denis@exemple.fr");
    await stranger.open("/mon-compte/identite");
    const path = `/mes-demandes/${await idOf("Frida")}/relancer`;
    expect((await stranger.post(path, {})).status).toBe(404);
  });

  test("MEM-14 plus aucun service ouvert : l'accès se suspend, la gestionnaire l'apprend, une seule fois", async () => {
    // those whose end has come leave by it
    await portal.runJob("end-by-clock");
    await portal.query("update service set disabled_at = now() where id = $1", [services.FI_SGPI]);
    const [{ count }] = (await portal.query<{ count: number }>(
      `select count(*)::int as count from membership m where m.structure_id = $1 and m.scope = 'service' and m.state = 'active'
         and not exists (select from membership_service ms join service s on s.id = ms.service_id
                         where ms.membership_id = m.id and s.disabled_at is null and (s.ends_at is null or s.ends_at > now()))`,
      [TOWN],
    )) as [{ count: number }];
    expect(count).toBeGreaterThan(0);
    expect((await portal.runJob("follow-services")).suspended).toBe(count);
    expect((await portal.runJob("follow-services")).suspended).toBe(0);
    const told = (await portal.mailsTo(CLAIRE)).filter((mail) => mail.name === "member-suspended-by-clock");
    expect(told).toHaveLength(count);
    expect(told[0]!.text).toContain("tous ses services sont fermés");
  });
});
