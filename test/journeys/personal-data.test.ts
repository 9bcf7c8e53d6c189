import { parse } from "csv-parse/sync";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DEMO_PASSWORD, makeDemoWorld } from "../../src/modules/demo/index.ts";
import { attach, signIn as signInWith, signUp } from "../support/people.ts";
import { startPortal, type TestPortal } from "../support/portal.ts";

let portal: TestPortal;
beforeAll(async () => {
  portal = await startPortal();
  await makeDemoWorld(portal.database);
});
afterAll(() => portal?.close());

const TOWN = 1;
const signIn = (email: string) => signInWith(portal, email, DEMO_PASSWORD);
const stateOf = async (email: string) =>
  (await portal.query<{ state: string }>("select state from account where sign_in_email = $1", [email]))[0]
    ?.state;
const mailNames = async (email: string) => (await portal.mailsTo(email)).map((mail) => mail.name);

/** Every row of every table, as a dump holds it: the table, and the row in one text. */
async function dump(): Promise<{ table: string; row: string }[]> {
  const tables = await portal.query<{ name: string }>(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables
     where schemaname in ('public', 'graphile_worker')`,
  );
  const rows: { table: string; row: string }[] = [];
  for (const { name } of tables)
    for (const { row } of await portal.query<{ row: string }>(`select t::text as row from ${name} t`))
      rows.push({ table: name.replace(/^public\./, ""), row });
  return rows;
}

const tablesThatSay = async (words: RegExp) => [
  ...new Set((await dump()).filter(({ row }) => words.test(row)).map(({ table }) => table)),
];

describe("Fermer son compte : ce qui nomme la personne", () => {
  test("disparaît partout sous un jour, messages et imports d'autrui compris, sauf de l'historique", async () => {
    const email = "ondine.querelle@ville-exemple.fr";
    const claire = await signIn("claire.morel@sainte-aurore.example");
    await attach(claire, TOWN, { email });
    await claire.open(`/organisation/imports/rattachements?structureId=${TOWN}`);
    const file = new File(
      [
        "action;adresse;prenom;nom;niveau;codes_services;profil;au\n",
        `rattacher;${email};Ondine;Querelle;structure;;Lecture seule;`,
      ],
      "personnes.csv",
    );
    await claire.send({ file }, { form: 'main form[enctype="multipart/form-data"]' });
    const ondine = await signUp(portal, { email, firstName: "Ondine", lastName: "Querelle" });
    await ondine.open("/mon-compte/fermer");
    const named = /ondine|querelle/i;
    expect(await tablesThatSay(named)).toEqual(
      expect.arrayContaining(["account", "import_line", "invitation", "mail"]),
    );
    await ondine.send({ confirms: true });
    expect(ondine.text).toContain("Votre compte est fermé");

    const [job] = await portal.query<{ id: string; payload: unknown; hours: number }>(
      `select j.id, p.payload, extract(epoch from j.run_at - now())::float / 3600 as hours
       from graphile_worker.jobs j join graphile_worker._private_jobs p using (id)
       where j.task_identifier = 'forget-person'`,
    );
    expect(job!.hours).toBeGreaterThan(1);
    expect(job!.hours).toBeLessThan(24);
    await portal.runJob("deliver-mails");
    const bell = async () => (await claire.open("/notifications")).text;
    expect(await bell()).toContain("Ondine Querelle a quitté");
    await portal.runJob("forget-person", job!.payload);
    await portal.query("select graphile_worker.complete_jobs(array[$1::bigint])", [job!.id]);
    expect(await tablesThatSay(named)).toEqual(["journal_entry"]);
    expect(await bell()).toContain("Compte fermé a quitté");
  });
});

describe("ACC-11 Un compte dont personne ne se sert", () => {
  test("est prévenu deux fois, puis fermé ; se connecter entre-temps le garde", async () => {
    const [leaves, stays] = ["delaissee@exemple.fr", "revenue@exemple.fr"] as const;
    await signUp(portal, { email: leaves });
    await signUp(portal, { email: stays });
    const sole = "agathe.vidal@gh-trois-vallees.example";
    await signIn(sole);
    portal.advance({ days: 690 });
    expect(await portal.runJob("tend-unused-accounts")).toMatchObject({ noticed: 0 });
    portal.advance({ days: 12 });
    const told = await portal.runJob("tend-unused-accounts");
    expect(told.noticed).toBeGreaterThanOrEqual(3);
    expect(await portal.runJob("tend-unused-accounts")).toMatchObject({ noticed: 0, closed: 0 });
    expect((await portal.mailsTo(leaves)).at(-1)!.subject).toMatch(/Votre compte sera fermé le \d/);
    await signInWith(portal, stays);
    portal.advance({ days: 24 });
    await portal.runJob("tend-unused-accounts");
    expect((await mailNames(leaves)).filter((name) => name === "account-inactivity-noticed")).toHaveLength(2);
    portal.advance({ days: 8 });
    const last = await portal.runJob("tend-unused-accounts");
    expect(last.closed).toBeGreaterThanOrEqual(1);
    expect(await stateOf(leaves)).toBeUndefined();
    expect((await mailNames(leaves)).at(-1)).toBe("account-closed");
    expect([await stateOf(stays), await mailNames(stays)]).toEqual([
      "active",
      expect.not.arrayContaining(["account-closed"]),
    ]);
    // the last manager of a living structure is not taken away from it
    expect(last.kept).toBeGreaterThanOrEqual(1);
    expect(await stateOf(sole)).toBe("active");
  });

  test("ACC-07 jamais activé, il disparaît après trente jours", async () => {
    const browser = portal.browser();
    const email = "jamais@exemple.fr";
    await browser.open("/compte/creer");
    await browser.send({ email, emailAgain: email, firstName: "Ana", lastName: "Petit", acceptsTerms: true });
    await browser.send({}, { button: ["later", "oui"] });
    await browser.send();
    expect(await stateOf(email)).toBe("pending");
    portal.advance({ days: 29 });
    await portal.runJob("remove-pending-accounts");
    expect(await stateOf(email)).toBe("pending");
    portal.advance({ days: 2 });
    await portal.runJob("remove-pending-accounts");
    expect(await stateOf(email)).toBeUndefined();
  });
});

test("Les traces s'effacent à leur terme, chacune au sien, et rien de plus jeune", async () => {
  const email = "tracee@exemple.fr";
  await signUp(portal, { email });
  await portal.query(
    "update web_session set ip = '203.0.113.87' where account_id = (select id from account where sign_in_email = $1)",
    [email],
  );
  await portal.runJob("deliver-mails");
  const count = async (from: string) => {
    const [row] = await portal.query<{ count: number }>(
      `select count(*)::int as count from ${from} join account a on a.id = account_id where a.sign_in_email = $1`,
      [email],
    );
    return row!.count;
  };
  const ips = async () =>
    (
      await portal.query<{ ip: string }>(
        "select ip from web_session join account a on a.id = account_id where a.sign_in_email = $1",
        [email],
      )
    ).map(({ ip }) => ip);
  const purge = () => portal.runJob("purge-personal-data");
  await purge();
  expect([await count("emailed_token"), await ips()]).toEqual([1, ["203.0.113.87"]]);
  portal.advance({ days: 3 });
  await purge();
  expect(await count("emailed_token")).toBe(0);
  portal.advance({ days: 28 });
  await purge();
  expect([await ips(), (await portal.mailsTo(email)).length > 0]).toEqual([["203.0.113.0"], true]);
  portal.advance({ days: 61 });
  await purge();
  expect([(await portal.mailsTo(email)).length, await count("notification")]).toEqual([0, 1]);
  expect(await purge()).toMatchObject({ addresses: 0, mails: 0 });
  portal.advance({ days: 280 });
  await purge();
  expect([await count("web_session"), await count("notification")]).toEqual([0, 0]);
  expect(await stateOf(email)).toBe("active");
});

describe("Le registre des traitements", () => {
  test("nomme chaque table qui parle d'une personne", async () => {
    const file = await (await portal.browser().request("/donnees-personnelles/registre.csv")).text();
    const rows: Record<string, string>[] = parse(file, { delimiter: ";", columns: true, bom: true });
    const named = new Set(rows.flatMap((row) => row.Tables!.split(", ")));
    const personal = await portal.query<{ table_name: string; columns: string }>(
      `select table_name, string_agg(column_name, ', ') as columns from information_schema.columns c
       where table_schema = 'public' and (
         column_name ~ '(^|_)(email|phone|ip|user_agent|label|iban|holder|to_address|to_name|address|created_by|written_by)($|_)'
         or column_name in ('first_name', 'last_name', 'sign_in_email_canonical', 'account_id', 'actor_account_id', 'cells')
         or exists (select from information_schema.constraint_column_usage u
                    join information_schema.key_column_usage k using (constraint_schema, constraint_name)
                    where u.table_name = 'account' and k.table_name = c.table_name and k.column_name = c.column_name))
       group by 1`,
    );
    expect(personal.length).toBeGreaterThan(20);
    expect(personal.filter(({ table_name }) => !named.has(table_name))).toEqual([]);
    const known = new Set(
      (
        await portal.query<{ name: string }>(
          "select tablename as name from pg_tables where schemaname = 'public'",
        )
      ).map(({ name }) => name),
    );
    expect([...named].filter((table) => !known.has(table))).toEqual([]);
    for (const row of rows) for (const [title, cell] of Object.entries(row)) expect(cell, title).not.toBe("");
  });
});
