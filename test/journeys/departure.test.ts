import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { deactivateAccount } from "../../src/modules/accounts/use-cases/departure.ts";
import { DEMO_PASSWORD, makeDemoWorld } from "../../src/modules/demo/index.ts";
import type { Browser } from "../support/browser.ts";
import { signIn as signInWith, signUp } from "../support/people.ts";
import { startPortal, type TestPortal } from "../support/portal.ts";

let portal: TestPortal;
beforeAll(async () => {
  portal = await startPortal();
  await makeDemoWorld(portal.database);
});
afterAll(() => portal?.close());

const signIn = (email: string) => signInWith(portal, email, DEMO_PASSWORD);
const HUGO = "hugo.lemaire@sainte-aurore.example";
const PAUL = "paul.durand@sainte-aurore.example";
const SOLE_MANAGER = "agathe.vidal@gh-trois-vallees.example";

async function depart(browser: Browser, how: "desactiver" | "fermer"): Promise<void> {
  await browser.open(`/mon-compte/${how}`);
  await browser.send({ confirms: true });
}

const accountOf = async (email: string) =>
  (
    await portal.query<{ id: number; state: string }>(
      "select id, state from account where sign_in_email = $1",
      [email],
    )
  )[0];

const membershipsOf = (accountId: number) =>
  portal.query("select structure_id, role, scope, state from membership where account_id = $1 order by id", [
    accountId,
  ]);

async function reactivationLink(email: string): Promise<string | undefined> {
  const browser = portal.browser();
  await browser.open("/compte/lien");
  await browser.send({ email });
  const mail = (await portal.mailsTo(email)).findLast((one) => one.name === "reactivation-link");
  return mail && portal.linkIn(mail);
}

describe("ACC-09 Désactiver son compte, puis y revenir", () => {
  test("la case est demandée ; sessions et connexion se ferment ; un lien rend tout comme avant", async () => {
    const hugo = await signIn(HUGO);
    const elsewhere = await signIn(HUGO);
    const { id } = (await accountOf(HUGO))!;
    const before = await membershipsOf(id);
    await hugo.open("/mon-compte/desactiver");
    await hugo.send();
    expect(hugo.answer!.status).toBe(422);
    expect(hugo.text).toContain("Cochez « Désactiver mon accès »");
    await hugo.send({ confirms: true });
    expect(hugo.text).toContain("Votre compte est désactivé");
    expect((await elsewhere.request("/mon-compte")).status).toBe(303);
    expect((await signIn(HUGO)).text).toContain("Adresse ou mot de passe incorrect");
    const claire = await signIn("claire.morel@sainte-aurore.example");
    await claire.open("/organisation/utilisateurs?structureId=1");
    expect(claire.text).toContain("Compte inactif");

    const link = (await reactivationLink(HUGO))!;
    for (const method of ["GET", "HEAD", "OPTIONS"]) await portal.browser().request(link, { method });
    expect((await accountOf(HUGO))!.state).toBe("inactive");
    const back = portal.browser();
    await back.open(link);
    await back.send();
    expect(back.text).toContain("Votre compte est réactivé");
    expect((await signIn(HUGO)).text).toContain("À faire");
    expect(await membershipsOf(id)).toEqual(before);
    expect((await portal.browser().open(link)).status).toBe(410);
    const names = (await portal.mailsTo(HUGO)).map((one) => one.name);
    expect(names).toEqual(expect.arrayContaining(["account-deactivated", "account-reactivated"]));
  });

  test("le lien de réactivation meurt après un jour, et ne part que vers un compte désactivé", async () => {
    const email = "partante@exemple.fr";
    await depart(await signUp(portal, { email }), "desactiver");
    portal.advance({ minutes: 1 });
    const link = (await reactivationLink(email))!;
    portal.advance({ hours: 25 });
    const browser = portal.browser();
    expect((await browser.open(link)).status).toBe(410);
    expect(await reactivationLink(PAUL)).toBeUndefined();
    expect(await reactivationLink("inconnu@exemple.fr")).toBeUndefined();
  });
});

describe("MGR-03 Le dernier gestionnaire principal reste", () => {
  for (const how of ["desactiver", "fermer"] as const)
    test(`il ne peut pas ${how} son compte, et la page nomme la structure`, async () => {
      const agathe = await signIn(SOLE_MANAGER);
      await depart(agathe, how);
      expect(agathe.answer!.status).toBe(422);
      expect(agathe.text).toContain("Vous êtes seul gestionnaire principal de :");
      expect(agathe.text).toContain("Désignez d'abord une autre personne");
      await agathe.click("Transmettre mon rôle");
      expect(agathe.text).toContain("Que deviendrez-vous ?");
      expect((await accountOf(SOLE_MANAGER))!.state).toBe("active");
    });

  test("A-32 deux gestionnaires désactivent leur compte en même temps, trente fois : il en reste toujours un", {
    timeout: 60_000,
  }, async () => {
    await portal.query("update structure set state = 'active' where id = 9");
    const ids: number[] = [];
    for (const email of ["duo-a@exemple.fr", "duo-b@exemple.fr"]) {
      await signUp(portal, { email });
      ids.push((await accountOf(email))!.id);
    }
    for (const id of ids)
      await portal.query(
        `insert into membership (account_id, structure_id, role, scope, state, starts_at, origin)
         values ($1, 9, 'mainManager', 'structure', 'active', now(), 'demo')`,
        [id],
      );
    await portal.query(
      "update membership set state = 'ended' where structure_id = 9 and role = 'mainManager' and not account_id = any($1)",
      [ids],
    );
    for (let round = 0; round < 30; round++) {
      await portal.query("update account set state = 'active' where id = any($1)", [ids]);
      const answers = await Promise.all(
        ids.map((id) =>
          deactivateAccount(portal.database, id, { accountId: id, label: "Essai", means: "page" }),
        ),
      );
      expect(answers.filter((one) => one.ok)).toHaveLength(1);
      const left = await portal.query("select 1 from account where id = any($1) and state = 'active'", [ids]);
      expect(left).toHaveLength(1);
    }
  });
});

describe("Fermer son compte", () => {
  test("tout prend fin, rien ne nomme plus la personne, l'historique reste, et l'adresse est libre", async () => {
    const paul = await signIn(PAUL);
    const { id } = (await accountOf(PAUL))!;
    await portal.query(
      "insert into membership_request (account_id, structure_id, scope, asked_at) values ($1, 3, 'structure', now())",
      [id],
    );
    await depart(paul, "fermer");
    expect(paul.text).toContain("Votre compte est fermé");
    expect((await paul.request("/mon-compte")).status).toBe(303);
    expect((await membershipsOf(id)).every((one) => (one as { state: string }).state === "ended")).toBe(true);
    expect(await portal.query("select state from membership_request where account_id = $1", [id])).toEqual([
      { state: "withdrawn" },
    ]);
    const [row] = await portal.query<Record<string, unknown>>("select * from account where id = $1", [id]);
    expect(row).toMatchObject({
      state: "closed",
      first_name: "Compte",
      last_name: "fermé",
      password_hash: null,
      password_rule: null,
    });
    expect(JSON.stringify(row)).not.toMatch(/paul|durand/i);
    for (const table of ["web_session", "emailed_token", "notification", "second_factor"])
      expect(await portal.query(`select 1 from ${table} where account_id = $1`, [id]), table).toEqual([]);
    const journal = await portal.query(
      "select 1 from journal_entry where actor_account_id = $1 and type = 'AccountClosed'",
      [id],
    );
    expect(journal).toHaveLength(1);
    expect((await portal.mailsTo(PAUL)).at(-1)!.name).toBe("account-closed");
    expect(await reactivationLink(PAUL)).toBeUndefined();
    await signUp(portal, { email: PAUL });
    expect((await accountOf(PAUL))!.id).not.toBe(id);
  });

  test("A-20 six minutes après la connexion, le mot de passe est redemandé, pour partir comme pour ses données", async () => {
    const browser = await signUp(portal, { email: "tranquille@exemple.fr" });
    portal.advance({ minutes: 6 });
    for (const path of ["/mon-compte/fermer", "/mon-compte/desactiver", "/mon-compte/donnees.json"])
      expect((await browser.request(path)).headers.get("location"), path).toContain("/confirmer-identite");
  });
});

describe("Télécharger ses données", () => {
  test("un fichier JSON : le compte, les rattachements, les sessions, les actions ; aucun secret", async () => {
    const claire = await signIn("claire.morel@sainte-aurore.example");
    const answer = await claire.request("/mon-compte/donnees.json");
    expect(answer.headers.get("content-disposition")).toContain("mes-donnees.json");
    const text = await answer.text();
    const data = JSON.parse(text);
    expect(data.compte).toMatchObject({
      adresseDeConnexion: "claire.morel@sainte-aurore.example",
      nom: "Morel",
    });
    expect(data.rattachements.length).toBeGreaterThan(0);
    expect(data.sessions.length).toBeGreaterThan(0);
    expect(data.actions.map((one: { acte: string }) => one.acte)).toContain("s'est connectée ou connecté");
    expect(text).not.toMatch(/argon2|password|token|secret/i);
  });

  test("A-72 rien d'autrui n'y figure, quoi que dise l'adresse demandée", async () => {
    const browser = await signUp(portal, { email: "seule@exemple.fr" });
    const { id } = (await accountOf("claire.morel@sainte-aurore.example"))!;
    const text = await (
      await browser.request(`/mon-compte/donnees.json?compte=${id}&accountId=${id}`)
    ).text();
    expect(JSON.parse(text).compte.adresseDeConnexion).toBe("seule@exemple.fr");
    expect(text).not.toContain("sainte-aurore");
  });
});
