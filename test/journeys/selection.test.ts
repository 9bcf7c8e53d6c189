import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DEMO_PASSWORD, makeDemoWorld } from "../../src/modules/demo/index.ts";
import type { Browser } from "../support/browser.ts";
import { attach, signIn as signInWith } from "../support/people.ts";
import { startPortal, type TestPortal } from "../support/portal.ts";

const TOWN = 1;
const LIST = `/organisation/utilisateurs?structureId=${TOWN}`;
const PICK = 'main form[action="/organisation/utilisateurs/selection"]';
const SEND = `${PICK}[method="post"]`;
let portal: TestPortal;
let ids: Record<string, string>;
const signIn = (name: string): Promise<Browser> =>
  signInWith(portal, `${name}@sainte-aurore.example`, DEMO_PASSWORD);

beforeAll(async () => {
  portal = await startPortal();
  await makeDemoWorld(portal.database);
  const rows = await portal.query<{ id: string; name: string }>(
    `select m.id, split_part(a.sign_in_email, '.', 1) as name from membership m join account a on a.id = m.account_id
     where m.structure_id = $1`,
    [TOWN],
  );
  ids = Object.fromEntries(rows.map((row) => [row.name, row.id]));
});
afterAll(() => portal?.close());

const grantsOf = (name: string) =>
  portal.query<{ application: string; level: string }>(
    "select application, level from membership_grant where membership_id = $1 order by application",
    [ids[name]],
  );

describe("Agir sur plusieurs personnes de la liste", () => {
  test("la gestionnaire coche, choisit, confirme ; chaque refus est dit à sa ligne", async () => {
    const claire = await signIn("claire.morel");
    await claire.open(LIST);
    expect(
      claire
        .form(PICK)
        .querySelectorAll('[name="qui"]')
        .map((one) => one.getAttribute("value")),
    ).not.toContain(ids.claire);
    await claire.send({ qui: [ids.paul!, ids.nora!], acte: "suspendre" }, { form: PICK });
    expect(claire.text).toContain("2 personnes");
    await claire.send({}, { form: SEND });
    expect(claire.answer!.status).toBe(200);
    expect(claire.text).toContain("1 fait, 1 refusé.");
    expect(claire.text).toMatch(/Paul Durand\s*Accès suspendu/);
    expect(claire.text).toMatch(/Nora Petit\s*Refusé\s*Son accès est déjà suspendu\./);
    const mails = await portal.mailsTo("paul.durand@sainte-aurore.example");
    expect(mails.at(-1)!.subject).toContain("est suspendu");
    expect((await signIn("paul.durand")).answer!.status).toBe(200);
    expect((await (await signIn("paul.durand")).request(LIST)).status).toBe(404);

    await claire.open(LIST);
    await claire.send({ qui: [ids.paul!, ids.nora!], acte: "retablir" }, { form: PICK });
    await claire.send({}, { form: SEND });
    expect(claire.text).toContain("2 faits, 0 refusé.");
  });

  test("une date de fin pour plusieurs ; une date passée est refusée à chaque ligne", async () => {
    const claire = await signIn("claire.morel");
    const choose = async (endsAt: string) => {
      await claire.open(LIST);
      await claire.send({ qui: [ids.paul!, ids.hugo!], acte: "fin" }, { form: PICK });
      return claire.send({ endsAt }, { form: SEND });
    };
    expect((await choose("bientôt")).status).toBe(422);
    expect(claire.text).toContain("Saisissez la date de fin comme 31/12/2027");
    expect((await choose("01/01/2020")).status).toBe(422);
    expect(claire.text).toContain("La date de fin doit être à venir.");
    expect((await choose("31/12/2099")).status).toBe(200);
    expect(
      await portal.query("select distinct ends_at::date::text as fin from membership where id = any($1)", [
        [ids.paul, ids.hugo],
      ]),
    ).toEqual([{ fin: "2099-12-31" }]);
    expect((await portal.mailsTo("hugo.lemaire@sainte-aurore.example")).at(-1)!.text).toContain(
      "jusqu'au 31/12/2099 23:59:59",
    );
    await choose("");
  });

  test("un ensemble de droits pour plusieurs, chacun à son niveau", async () => {
    const claire = await signIn("claire.morel");
    await claire.open(LIST);
    await claire.send({ qui: [ids.ines!, ids.hugo!], acte: "droits" }, { form: PICK });
    await claire.send({ profile: "valideur" }, { form: SEND });
    expect(claire.text).toContain("2 faits");
    expect(
      await portal.query(
        "select application, s.code from membership_grant g left join service s on s.id = g.service_id where membership_id = $1 order by 1",
        [ids.ines],
      ),
    ).toEqual([
      { application: "invoicesToValidate", code: "FI_SGPI" },
      { application: "receivedInvoices", code: "FI_SGPI" },
      { application: "structures", code: "FI_SGPI" },
    ]);
  });

  test("copier les droits : on voit d'abord ce qui change, ligne à ligne", async () => {
    const claire = await signIn("claire.morel");
    await claire.open(LIST);
    await claire.send({ qui: [ids.hugo!, ids.nora!], acte: "copier" }, { form: PICK });
    await claire.send({ de: "inconnue@sainte-aurore.example" }, { form: `${PICK}[method="get"]` });
    expect(claire.answer!.status).toBe(422);
    await claire.send(
      { de: "paul.durand@sainte-aurore.example", mode: "replace" },
      { form: `${PICK}[method="get"]` },
    );
    expect(claire.text).toContain("Engagements : aucun droit → modification");
    expect(claire.text).toMatch(/Nora Petit\s*Rien : elle a déjà ces droits/);
    await claire.send({}, { form: SEND });
    expect(claire.text).toContain("2 faits, 0 refusé.");
    expect(await grantsOf("hugo")).toEqual(await grantsOf("paul"));
  });

  test("les droits d'un gestionnaire principal viennent de son rôle : ils ne se copient pas", async () => {
    const claire = await signIn("claire.morel");
    await claire.open(
      `/organisation/utilisateurs/selection?structureId=${TOWN}&acte=copier&qui=${ids.hugo}&de=claire.morel@sainte-aurore.example`,
    );
    expect(claire.text).toContain("Refusé : Les droits d'un gestionnaire principal viennent de son rôle");
  });

  test("sans rien cocher, la page dit quoi faire", async () => {
    const claire = await signIn("claire.morel");
    await claire.open(LIST);
    await claire.send({}, { form: PICK });
    expect(claire.answer!.status).toBe(422);
    expect(claire.text).toContain("Cochez au moins une personne");
  });
});

describe("Ce qui est refusé en nombre comme à l'unité", () => {
  /** Sends the act straight to its address, as an attacker would. */
  async function force(browser: Browser, structure: number, fields: Record<string, string>, who: string[]) {
    await browser.open("/mon-compte/identite");
    const token = browser.answer!.page.querySelector('[name="_jeton"]')!.getAttribute("value")!;
    const body = new URLSearchParams({ _jeton: token, structureId: String(structure), ...fields });
    for (const one of who) body.append("qui", one);
    const answer = await browser.request("/organisation/utilisateurs/selection", {
      method: "POST",
      body,
      headers: { "sec-fetch-site": "same-origin", origin: portal.url },
    });
    return { status: answer.status, text: await answer.text() };
  }
  const state = (name: string) =>
    portal.query("select role, scope, state, ends_at from membership where id = $1", [ids[name]]);

  test("A-30 nul ne donne plus qu'il n'a, par un ensemble ou par une copie ; nul ne change ses propres droits", async () => {
    await portal.query(
      "update membership_grant set level = 'write' where membership_id = $1 and application = 'users'",
      [ids.paul],
    );
    await portal.query(
      "insert into membership_grant (membership_id, structure_id, application, level, granted_at) values ($1, $2, 'bankAccounts', 'write', now()) on conflict (membership_id, application, service_id) do update set level = 'write'",
      [ids.nora, TOWN],
    );
    const paul = await signIn("paul.durand");
    const before = [await grantsOf("hugo"), await grantsOf("paul"), await state("claire")];
    const set = await force(paul, TOWN, { acte: "droits", profile: "administrateur" }, [
      ids.hugo!,
      ids.paul!,
    ]);
    expect(set.status).toBe(422);
    expect(set.text).toContain("Vous ne pouvez donner que les droits que vous avez");
    expect(set.text).toContain("Nul ne change ses propres droits");
    const copy = await force(paul, TOWN, { acte: "copier", source: ids.nora!, mode: "add" }, [ids.hugo!]);
    expect(copy.text).toContain("Vous ne pouvez donner que les droits que vous avez");
    const manager = await force(paul, TOWN, { acte: "detacher" }, [ids.claire!]);
    expect(manager.text).toContain("Seul un gestionnaire principal peut agir sur un gestionnaire principal");
    expect([await grantsOf("hugo"), await grantsOf("paul"), await state("claire")]).toEqual(before);
  });

  test("A-34 les personnes d'une autre structure ne sont pas trouvées", async () => {
    const agathe = await signInWith(portal, "agathe.vidal@gh-trois-vallees.example", DEMO_PASSWORD);
    const answer = await force(agathe, 3, { acte: "detacher" }, [ids.paul!, ids.hugo!]);
    expect(answer.status).toBe(422);
    expect(
      await portal.query("select 1 from membership where structure_id = $1 and state = 'ended'", [TOWN]),
    ).toEqual([]);
  });

  test("RIG-07 qui gère un service n'agit que sur les personnes de ce service, et ne lit pas les droits des autres", async () => {
    await portal.query(
      `insert into membership_grant (membership_id, structure_id, application, level, service_id, granted_at)
       select $1, $2, 'users', 'write', id, now() from service where structure_id = $2 and code = 'FI_SGPI'`,
      [ids.ines, TOWN],
    );
    const ines = await signIn("ines.benali");
    const answer = await force(ines, TOWN, { acte: "suspendre" }, [ids.hugo!]);
    expect(answer.text).toContain("Vous n'agissez que sur les personnes de vos services.");
    expect(await state("hugo")).toMatchObject([{ state: "active" }]);
    const preview = await ines.open(
      `/organisation/utilisateurs/selection?structureId=${TOWN}&acte=copier&qui=${ids.hugo}&de=paul.durand@sainte-aurore.example`,
    );
    expect(preview.text).not.toContain("→");
  });

  test.each([
    ["suspendre", { acte: "suspendre" }],
    ["détacher", { acte: "detacher" }],
  ])(
    "A-32 un gestionnaire ne peut %s un autre gestionnaire : il lui retire d'abord le rôle",
    async (_, act) => {
      await portal.query("update membership set role = 'mainManager', scope = 'structure' where id = $1", [
        ids.paul,
      ]);
      const claire = await signIn("claire.morel");
      const answer = await force(claire, TOWN, act, [ids.paul!]);
      expect(answer.text).toContain("Retirez-lui d'abord le rôle");
      expect(await state("paul")).toMatchObject([{ state: "active" }]);
      await portal.query("update membership set role = 'member' where id = $1", [ids.paul]);
    },
  );
});

test("dix invitations de suite partent toutes : la dixième n'est pas une erreur", async () => {
  const claire = await signIn("claire.morel");
  for (let index = 0; index < 10; index++) {
    await attach(claire, TOWN, { email: `invitee-${index}@sainte-aurore.example` });
    expect(claire.answer!.status).toBe(200);
  }
  expect(
    await portal.query("select count(*)::int as sent from invitation where email like 'invitee-%'"),
  ).toEqual([{ sent: 10 }]);
});
