import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DEMO_PASSWORD, makeDemoWorld } from "../../src/modules/demo/index.ts";
import type { Browser } from "../support/browser.ts";
import { signIn as signInWith } from "../support/people.ts";
import { startPortal, type TestPortal } from "../support/portal.ts";

const TOWN = 1;
const CLAIRE = "claire.morel@sainte-aurore.example";
const PAUL = "paul.durand@sainte-aurore.example";
const HUGO = "hugo.lemaire@sainte-aurore.example";
const AGATHE = "agathe.vidal@gh-trois-vallees.example";
const OPERATOR = "operateur@exemple.fr";
const IBANS = [
  "FR1420041010050500013M02606",
  "DE89370400440532013000",
  "BE68539007547034",
  "ES9121000418450200051332",
  "NL91ABNA0417164300",
] as const;
const NEW_FORM = "/organisation/coordonnees-bancaires/nouvelle";
let portal: TestPortal;

beforeAll(async () => {
  portal = await startPortal({ UNISSON_OPERATORS: OPERATOR });
  await makeDemoWorld(portal.database);
  // two managers: Claire, and Paul
  await portal.query(
    `update membership set role = 'mainManager' where structure_id = $1
       and account_id = (select id from account where sign_in_email = $2)`,
    [TOWN, PAUL],
  );
});
afterAll(() => portal?.close());

const signIn = (email: string) => signInWith(portal, email, DEMO_PASSWORD);
type Account = { id: number; name: string; state: string; is_default: boolean; ends_at: Date | null };
const accounts = () =>
  portal.query<Account>(
    "select id, name, state, is_default, ends_at from bank_account where structure_id = $1 order by id",
    [TOWN],
  );
const account = async (name: string) => (await accounts()).find((one) => one.name === name)!;
const sheet = (id: number) => `/organisation/structures/${TOWN}/coordonnees-bancaires/${id}`;

async function create(browser: Browser, name: string, iban: string, filling: Record<string, string> = {}) {
  await browser.open(`${NEW_FORM}?structureId=${TOWN}`);
  return browser.send(
    { structureId: String(TOWN), name, iban, ...filling },
    { form: `main form[action="${NEW_FORM}"]` },
  );
}
async function confirm(browser: Browser, id: number) {
  await browser.open(`${sheet(id)}/confirmer`);
  return browser.send({}, { form: "main form" });
}

describe("J13 BNK-03 Deux gestionnaires : un second confirme avant usage", () => {
  test("« Changer de compte » : la nouvelle attend, l'ancienne sert toujours, l'autre gestionnaire est prévenu", async () => {
    const claire = await signIn(CLAIRE);
    const old = await account("Compte principal");
    await claire.open(sheet(old.id));
    await claire.click("Changer de compte");
    expect(claire.text).toContain("Elle remplacera « Compte principal » (FR76 •••• •••• 0185).");
    await claire.send(
      { name: "Compte 2027", iban: IBANS[0], holder: "Commune de Sainte-Aurore" },
      { form: `main form[action="${NEW_FORM}"]` },
    );
    expect(claire.text).toContain("Elle servira une fois confirmée par un autre gestionnaire principal");
    expect(await account("Compte 2027")).toMatchObject({ state: "pendingConfirmation", is_default: true });
    expect(await account("Compte principal")).toMatchObject({
      state: "active",
      is_default: true,
      ends_at: null,
    });
    const todo = "Confirmez la coordonnée bancaire « Compte 2027 » de Commune de Sainte-Aurore";
    await claire.open("/");
    expect(claire.text).not.toContain(todo);
    const paul = await signIn(PAUL);
    await paul.open("/");
    expect(paul.text).toContain(todo);
    const mail = (await portal.mailsTo(PAUL)).at(-1)!;
    expect(mail.subject).toContain("à confirmer");
    expect(mail.text).not.toContain(IBANS[0]);
    expect(portal.linkIn(mail)).toBe(`${sheet((await account("Compte 2027")).id)}/confirmer`);
  });

  test("A-31 qui l'a saisie ne la confirme pas : ni bouton, ni envoi direct", async () => {
    const { id } = await account("Compte 2027");
    const claire = await signIn(CLAIRE);
    await claire.open(`${sheet(id)}/confirmer`);
    expect(claire.text).toContain("Un autre gestionnaire principal doit confirmer");
    expect(claire.answer!.page.querySelectorAll("main form")).toHaveLength(0);
    expect((await claire.post(`${sheet(id)}/confirmer`, { version: "1" })).status).toBe(422);
    // nor by disabling and enabling it
    await claire.open(`${sheet(id)}/desactiver`);
    await claire.send({}, { form: "main form" });
    await claire.open(`${sheet(id)}/activer`);
    await claire.send({}, { form: "main form" });
    expect(claire.text).toContain("attend sa confirmation");
    expect((await claire.post(`${sheet(id)}/confirmer`, { version: "3" })).status).toBe(422);
    expect(await account("Compte 2027")).toMatchObject({ state: "pendingConfirmation" });
  });

  test("A-21 ni une personne en consultation, ni la gestionnaire d'une autre structure ne confirme ni ne bloque", async () => {
    const { id } = await account("Compte 2027");
    const before = await accounts();
    for (const [email, status] of [
      [HUGO, 403],
      [AGATHE, 404],
    ] as const) {
      const browser = await signIn(email);
      for (const act of ["confirmer", "bloquer"]) {
        expect((await browser.request(`${sheet(id)}/${act}`)).status).toBe(status);
        await browser.open("/mon-compte");
        expect((await browser.post(`${sheet(id)}/${act}`, { version: "3" })).status, `${email} ${act}`).toBe(
          status,
        );
      }
    }
    expect(await accounts()).toEqual(before);
  });

  test("la fiche a changé entre-temps : ce qui est confirmé est ce qui a été vu", async () => {
    const { id } = await account("Compte 2027");
    const paul = await signIn(PAUL);
    await paul.open(`${sheet(id)}/confirmer`);
    const claire = await signIn(CLAIRE);
    await claire.open(`${sheet(id)}/modifier`);
    await claire.send({ holder: "Jean Fourbe" }, { form: "main form" });
    expect((await paul.send({}, { form: "main form" })).status).toBe(422);
    expect(await account("Compte 2027")).toMatchObject({ state: "pendingConfirmation" });
    expect(paul.text).toContain("Le titulaire du compte ne ressemble pas au nom de la structure.");
    await claire.open(`${sheet(id)}/modifier`);
    await claire.send({ holder: "Commune de Sainte-Aurore" }, { form: "main form" });
  });

  test("le second confirme, deux fois à la fois : elle sert, par défaut, et l'ancienne finit ; une fois", async () => {
    const { id } = await account("Compte 2027");
    const paul = await signIn(PAUL);
    await paul.open(`${sheet(id)}/confirmer`);
    expect(paul.text).toContain("FR14 2004 1010 0505 0001 3M02 606");
    expect(paul.text).toContain("Compte principal, FR76 •••• •••• 0185");
    const version = paul.form("main form").querySelector('[name="version"]')!.getAttribute("value")!;
    const answers = await Promise.all([1, 2].map(() => paul.post(`${sheet(id)}/confirmer`, { version })));
    expect(answers.map((one) => one.status).sort()).toEqual([200, 422]);
    expect(await account("Compte 2027")).toMatchObject({ state: "active", is_default: true });
    const old = await account("Compte principal");
    expect(old).toMatchObject({ state: "active", is_default: false });
    expect(old.ends_at).not.toBeNull();
    await paul.open(`/organisation/coordonnees-bancaires?structureId=${TOWN}`);
    expect(paul.text).toMatch(/Compte 2027.*Active.*Compte principal.*Terminée/);
    expect((await portal.mailsTo(CLAIRE)).map((mail) => mail.name)).toEqual(
      expect.arrayContaining(["bank-account-confirmed", "bank-account-replaced"]),
    );
  });

  test("A-20 confirmer redemande le mot de passe six minutes après la connexion ; bloquer, non", async () => {
    const claire = await signIn(CLAIRE);
    await create(claire, "Lente", IBANS[1]);
    const paul = await signIn(PAUL);
    portal.advance({ minutes: 6 });
    const { id } = await account("Lente");
    await paul.open(`${sheet(id)}/confirmer`);
    expect(paul.answer!.url).toContain("/confirmer-identite");
    await paul.open(`${sheet(id)}/bloquer`);
    expect(paul.answer!.url).toContain("/bloquer");
  });
});

describe("« Ce n'est pas nous : bloquer »", () => {
  test("d'un message à un clic : elle ne sert plus, chacun et l'opérateur sont alertés, sans IBAN", async () => {
    const paul = await signIn(PAUL);
    await paul.open(
      portal.linkIn((await portal.mailsTo(PAUL)).findLast((mail) => mail.name === "bank-account-confirmed")!),
    );
    expect(paul.text).toContain("Bloquer Compte 2027");
    await paul.send({}, { form: "main form" });
    expect(paul.text).toContain("La coordonnée bancaire est bloquée.");
    expect(await account("Compte 2027")).toMatchObject({ state: "blocked", is_default: false });
    for (const [address, name] of [
      [CLAIRE, "bank-account-blocked"],
      [OPERATOR, "bank-account-blocked-operator"],
    ] as const) {
      const mail = (await portal.mailsTo(address)).at(-1)!;
      expect(mail.name).toBe(name);
      expect(mail.text).not.toContain(IBANS[0]);
    }
    const [entry] = await portal.query<{ entry: string }>(
      "select j::text as entry from journal_entry j where type = 'BankAccountBlocked'",
    );
    expect(entry!.entry).not.toContain(OPERATOR);
  });

  test("bloquée par un gestionnaire, seule une autre personne la remet en usage", async () => {
    const { id } = await account("Compte 2027");
    const paul = await signIn(PAUL);
    await paul.open(`${sheet(id)}/activer`);
    await paul.send({}, { form: "main form" });
    expect(await account("Compte 2027")).toMatchObject({ state: "pendingConfirmation" });
    const { version } = (
      await portal.query<{ version: number }>("select version from bank_account where id = $1", [id])
    )[0]!;
    expect((await paul.post(`${sheet(id)}/confirmer`, { version: String(version) })).status).toBe(422);
    // its author neither
    const claire = await signIn(CLAIRE);
    await claire.open("/mon-compte");
    expect((await claire.post(`${sheet(id)}/confirmer`, { version: String(version) })).status).toBe(422);
    expect(await account("Compte 2027")).toMatchObject({ state: "pendingConfirmation" });
  });

  test("confirmer et bloquer au même instant : bloquée à la fin, quoi qu'il arrive", async () => {
    const claire = await signIn(CLAIRE);
    await create(claire, "Disputée", IBANS[2]);
    const { id } = await account("Disputée");
    const paul = await signIn(PAUL);
    await paul.open(`${sheet(id)}/confirmer`);
    await Promise.all([
      paul.post(`${sheet(id)}/confirmer`, { version: "1" }),
      claire.post(`${sheet(id)}/bloquer`, {}),
    ]);
    expect(await account("Disputée")).toMatchObject({ state: "blocked", is_default: false });
  });
});

describe("Ce que l'opérateur surveille", () => {
  test("BNK-05 le même IBAN dans deux entreprises sans lien est accepté, et se voit ; dans une même entreprise, non", async () => {
    const jeanne = await signIn("jeanne.caron@clair-reseau.example");
    const owned = await portal.query<{ id: number }>(
      "select structure_id as id from membership m join account a on a.id = m.account_id where a.sign_in_email = 'jeanne.caron@clair-reseau.example'",
    );
    for (const { id } of owned) {
      await jeanne.open(`${NEW_FORM}?structureId=${id}`);
      await jeanne.send(
        { structureId: String(id), name: "Commun", iban: IBANS[4] },
        { form: `main form[action="${NEW_FORM}"]` },
      );
      expect(jeanne.answer!.status).toBe(200);
    }
    const operator = await operatorBrowser();
    await operator.open("/operateur/coordonnees-bancaires");
    expect(operator.text).toContain("NL91 •••• •••• 4300");
    expect(operator.text).not.toContain("ABNA");
    expect(operator.text).toContain("Disputée");
    await portal.query(
      `update structure set identifier_value = (select left(identifier_value, 9) from structure where id = $1) || '00099' where id = $2`,
      [owned[0]!.id, owned[1]!.id],
    );
    await operator.open("/operateur/coordonnees-bancaires");
    expect(operator.text).not.toContain("NL91");
    const paul = await signIn(PAUL);
    expect((await paul.open("/operateur/coordonnees-bancaires")).status).toBe(404);
  });

  async function operatorBrowser(): Promise<Browser> {
    await portal.query(
      `insert into account (sign_in_email, sign_in_email_canonical, first_name, last_name, state, password_hash, activated_at)
       select $1, $1, 'Olga', 'Pereira', 'active', password_hash, now() from account where sign_in_email = $2`,
      [OPERATOR, CLAIRE],
    );
    return signIn(OPERATOR);
  }
});

describe("Le réglage et le nombre", () => {
  test("un seul gestionnaire : elle sert aussitôt ; seul désormais, il confirme ce qui attendait", async () => {
    const claire = await signIn(CLAIRE);
    await create(claire, "En attente", IBANS[3]);
    expect(await account("En attente")).toMatchObject({ state: "pendingConfirmation" });
    await portal.query(
      `update membership set role = 'member' where structure_id = $1
         and account_id = (select id from account where sign_in_email = $2)`,
      [TOWN, PAUL],
    );
    await confirm(claire, (await account("En attente")).id);
    expect(await account("En attente")).toMatchObject({ state: "active" });
    await create(claire, "Aussitôt", IBANS[1]);
    expect(await account("Aussitôt")).toMatchObject({ state: "active" });
  });

  test("BANK_FOUR_EYES=off : à deux aussi, elle sert aussitôt", async () => {
    const off = await startPortal({ BANK_FOUR_EYES: "off" });
    await makeDemoWorld(off.database);
    await off.query(
      "update membership set role = 'mainManager' where structure_id = 1 and account_id = (select id from account where sign_in_email = $1)",
      [PAUL],
    );
    const claire = await signInWith(off, CLAIRE, DEMO_PASSWORD);
    await create(claire, "Seule", IBANS[1]);
    expect(await off.query("select state from bank_account where name = 'Seule'")).toEqual([
      { state: "active" },
    ]);
    await off.close();
  });
});
