import { afterAll, beforeAll, expect, test } from "vitest";
import { DEMO_PASSWORD, makeDemoWorld } from "../../src/modules/demo/index.ts";
import type { Browser } from "../support/browser.ts";
import { signIn as signInWith, signUp } from "../support/people.ts";
import { startPortal, type TestPortal } from "../support/portal.ts";

const WATER = 4;
const OFFICIAL = "contact@eaux-val-fleuri.example";
const ODILE = "odile.marchand@eaux-val-fleuri.example";
const OPERATOR = "operateur@exemple.fr";
const SHEET = `/organisation/structures/${WATER}`;
const PROOF = `${SHEET}/preuve`;
let portal: TestPortal;
let odile: Browser;

beforeAll(async () => {
  portal = await startPortal({ UNISSON_OPERATORS: OPERATOR });
  await makeDemoWorld(portal.database);
  odile = await signInWith(portal, ODILE, DEMO_PASSWORD);
});
afterAll(() => portal?.close());

const codesSent = async (address = OFFICIAL) =>
  (await portal.mailsTo(address))
    .filter((mail) => mail.name === "proof-code")
    .map((mail) => /code : ([0-9A-Z]{5}-[0-9A-Z]{5})/.exec(mail.text)![1]!);
const askCode = async () => {
  await odile.open(PROOF);
  await odile.send({}, { form: `main form[action="${PROOF}/code"]` });
};
const type = async (code: string) => {
  await odile.open(PROOF);
  await odile.send({ code }, { form: `main form[action="${PROOF}"]` });
};
/** Sends what no page offers, or several at once, with the page's own token. */
const post = (browser: Browser, path: string, body: Record<string, string> = {}) => {
  const token = browser.answer!.page.querySelector('[name="_jeton"]')!.getAttribute("value")!;
  return browser.request(path, {
    method: "POST",
    body: new URLSearchParams({ _jeton: token, ...body }),
    headers: { "sec-fetch-site": "same-origin", origin: portal.url },
  });
};
const proofState = async () =>
  (
    await portal.query<{ state: string }>("select proof_state as state from structure where id = $1", [WATER])
  )[0]!.state;
const nextDay = async () => {
  portal.advance({ days: 1, minutes: 1 });
  odile = await signInWith(portal, ODILE, DEMO_PASSWORD);
};

test("PRV-01 Le code part à l'adresse que tient le portail, jamais à celle que tape la gestionnaire", async () => {
  await portal.query("update structure set email = 'a-moi@exemple.fr' where id = $1", [WATER]);
  await odile.open(SHEET);
  expect(odile.text).toContain("Structure à vérifier");
  await odile.click("Prouver que j'agis pour cette structure");
  expect(odile.text).toContain("c…@eaux-val-fleuri.example");
  await odile.send(
    { address: "a-moi@exemple.fr", email: "a-moi@exemple.fr" },
    { form: `main form[action="${PROOF}/code"]`, extra: true },
  );
  expect(odile.text).toContain("Un code est parti");
  expect(await codesSent()).toHaveLength(1);
  expect(await portal.mailsTo("a-moi@exemple.fr")).toEqual([]);
  const [kept] = await portal.query<{ hash: string }>(
    "select encode(code_hash, 'hex') as hash from proof_code",
  );
  expect(kept!.hash).not.toContain(Buffer.from((await codesSent())[0]!).toString("hex"));
  const journal = await portal.query("select * from journal_entry where structure_id = $1", [WATER]);
  expect(JSON.stringify(journal)).toContain("a fait envoyer un code");
  expect(JSON.stringify(journal)).not.toContain((await codesSent())[0]);
});

test("PRV-02 Cinq essais, même tous à la fois ; puis le bon code ne sert plus", async () => {
  await odile.open(PROOF);
  const tries = Array.from({ length: 8 }, (_, at) => post(odile, PROOF, { code: `0000${at}-00000` }));
  expect((await Promise.all(tries)).map((answer) => answer.status)).toEqual(tries.map(() => 422));
  expect(await portal.query("select tries from proof_code")).toEqual([{ tries: 5 }]);
  await type((await codesSent())[0]!);
  expect(odile.answer!.status).toBe(422);
  expect(odile.text).toContain("Cinq codes faux");
  expect(await proofState()).toBe("toVerify");
});

test("PRV-01 Trois codes par jour, même demandés à la fois", async () => {
  await odile.open(PROOF);
  await Promise.all(Array.from({ length: 5 }, () => post(odile, `${PROOF}/code`)));
  expect(await codesSent()).toHaveLength(3);
  await askCode();
  expect(odile.text).toContain("Trois codes sont partis en un jour");
});

test("PRV-02 Un code remplacé, ou vieux d'une heure, ne sert plus", async () => {
  await type((await codesSent())[1]!);
  expect(odile.text).toContain("Ce n'est pas le code reçu");
  portal.advance({ hours: 1 });
  odile = await signInWith(portal, ODILE, DEMO_PASSWORD);
  await odile.open(PROOF);
  const late = await post(odile, PROOF, { code: (await codesSent())[2]! });
  expect(late.status).toBe(422);
  expect(await late.text()).toContain("plus valable");
  expect(await proofState()).toBe("toVerify");
});

test("l'opérateur change l'adresse officielle : le code parti ailleurs ne sert plus", async () => {
  await nextDay();
  await askCode();
  const lost = (await codesSent()).at(-1)!;
  const operator = await signUp(portal, { email: OPERATOR });
  await operator.open("/operateur/structures");
  await operator.click(OFFICIAL);
  await operator.send({ address: "pas une adresse" });
  expect(operator.answer!.status).toBe(422);
  await operator.send({ address: "direction@eaux-val-fleuri.example" });
  expect(operator.text).toContain("est enregistrée");
  await odile.open(PROOF);
  expect(odile.text).toContain("d…@eaux-val-fleuri.example");
  const answer = await post(odile, PROOF, { code: lost });
  expect(answer.status).toBe(422);
  expect(await proofState()).toBe("toVerify");
});

test("A-34 La gestionnaire d'une autre structure ne demande ni n'essaie de code", async () => {
  const stranger = await signInWith(portal, "agathe.vidal@gh-trois-vallees.example", DEMO_PASSWORD);
  await stranger.open("/mon-compte/identite");
  for (const path of [PROOF, `${PROOF}/code`]) {
    const answer = await post(stranger, path, { code: "00000-00000" });
    expect(answer.status, path).toBe(404);
  }
  expect((await stranger.request(`/operateur/structures/${WATER}/adresse`)).status).toBe(404);
});

test("le bon code, tapé sans tiret et en minuscules, vérifie la structure aussitôt, une fois", async () => {
  await askCode();
  const code = (await codesSent("direction@eaux-val-fleuri.example")).at(-1)!;
  await type(code.toLowerCase().replace("-", " "));
  expect(odile.text).toContain("Syndicat des eaux du Val Fleuri est vérifiée");
  expect(odile.text).not.toContain("Structure à vérifier");
  expect(await proofState()).toBe("proved");
  expect((await portal.mailsTo(ODILE)).map((mail) => mail.name)).toContain("structure-proved");
  expect((await odile.request(PROOF)).status).toBe(404);
  const proved = await portal.query(
    "select from journal_entry where structure_id = $1 and type = 'StructureProved'",
    [WATER],
  );
  expect(proved).toHaveLength(1);
});

test("A-31 une opératrice ne confirme pas sa propre structure, ni n'en choisit l'adresse officielle", async () => {
  const own = await startPortal({ UNISSON_OPERATORS: ODILE });
  await makeDemoWorld(own.database);
  const operator = await signInWith(own, ODILE, DEMO_PASSWORD);
  await operator.open("/operateur");
  expect(operator.text).toContain("Rien ne vous attend.");
  await operator.open("/operateur/structures");
  expect(operator.text).toContain("un autre opérateur doit la confirmer");
  for (const [path, fields] of [
    [`/operateur/structures/${WATER}/confirmer`, {}],
    [`/operateur/structures/${WATER}/adresse`, { address: "a-moi@exemple.fr" }],
  ] as const) {
    await operator.open("/operateur/structures");
    expect((await operator.post(path, fields)).status).toBe(403);
  }
  const [row] = await own.query<{ proof_state: string; address: string }>(
    "select s.proof_state, o.address from structure s left join official_contact o on o.structure_id = s.id where s.id = $1",
    [WATER],
  );
  expect(row).toEqual({ proof_state: "toVerify", address: OFFICIAL });
  // a plain member of it is no better placed than its manager, and is told so before she tries
  await own.query(
    `insert into membership (account_id, structure_id, role, scope, state, starts_at, origin)
     select id, $1, 'mainManager', 'structure', 'active', now(), 'demo' from account where sign_in_email = $2`,
    [WATER, "agathe.vidal@gh-trois-vallees.example"],
  );
  await own.query(
    "update membership set role = 'member' where structure_id = $1 and account_id = (select id from account where sign_in_email = $2)",
    [WATER, ODILE],
  );
  await operator.open("/operateur/structures");
  expect(operator.text).toContain("un autre opérateur doit la confirmer");
  expect(operator.answer!.text).not.toContain(`/operateur/structures/${WATER}/`);
  await own.close();
});
