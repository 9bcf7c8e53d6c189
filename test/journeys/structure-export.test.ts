import { readArchive } from "@unisson/einvoice/archive";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DEMO_PASSWORD, makeDemoWorld } from "../../src/modules/demo/index.ts";
import type { Browser } from "../support/browser.ts";
import { signIn } from "../support/people.ts";
import { startPortal, type TestPortal } from "../support/portal.ts";

const URL = "/organisation/structures/1/exporter";
let portal: TestPortal;
beforeAll(async () => {
  portal = await startPortal();
  await makeDemoWorld(portal.database);
});
afterAll(() => portal?.close());

const as = (name: string) => signIn(portal, `${name}@sainte-aurore.example`, DEMO_PASSWORD);

/** The files of the archive that the page's button gives. */
async function download(browser: Browser): Promise<Map<string, string>> {
  await browser.open(URL);
  const token = browser.form().querySelector('[name="_jeton"]')!.getAttribute("value")!;
  const answer = await browser.request(URL, {
    method: "POST",
    body: new URLSearchParams({ _jeton: token }),
    headers: { "sec-fetch-site": "same-origin", origin: portal.url },
  });
  expect(answer.status).toBe(200);
  expect(answer.headers.get("content-disposition")).toMatch(/structure-\d{14}\.zip/);
  const files = new Map<string, string>();
  for await (const item of readArchive(new Uint8Array(await answer.arrayBuffer()))) {
    if (!("bytes" in item)) throw new Error(JSON.stringify(item));
    files.set(item.name, new TextDecoder().decode(item.bytes));
  }
  return files;
}

describe("Exporter toute une structure", () => {
  test("chaque fichier annoncé est là, plein, et dit dans LISEZMOI.txt ; le journal garde la trace de l'export", async () => {
    await portal.query(
      `insert into bank_account (structure_id, name, holder, iban, starts_at, state)
       values (1, 'Régie', 'Commune', 'FR7630006000011234567890189', now(), 'active')`,
    );
    const files = await download(await as("claire.morel"));
    const names = [...files.keys()];
    expect(names).toEqual([
      "LISEZMOI.txt",
      "structure.json",
      "services.csv",
      "utilisateurs.csv",
      "domaines-de-messagerie.json",
      "ensembles-de-droits.json",
      "coordonnees-bancaires.csv",
      "historique.csv",
    ]);
    for (const name of names.slice(1)) expect(files.get("LISEZMOI.txt")).toContain(name);
    expect(JSON.parse(files.get("structure.json")!)).toMatchObject({
      displayName: "Commune de Sainte-Aurore",
    });
    const rows = (name: string) => files.get(name)!.trim().split("\r\n").slice(1);
    const count = async (table: string) =>
      Number(
        (await portal.query<{ count: string }>(`select count(*) from ${table} where structure_id = 1`))[0]!
          .count,
      );
    expect(rows("services.csv")).toHaveLength(await count("service"));
    expect(rows("utilisateurs.csv")).toHaveLength(await count("membership"));
    expect(rows("historique.csv")).toHaveLength(await count("journal_entry"));
    expect(rows("historique.csv").at(-1)).toContain("a exporté toute la structure");
    expect(files.get("coordonnees-bancaires.csv")).toContain("FR7630006000011234567890189");
    // nothing of another structure
    for (const content of files.values()) expect(content).not.toContain("Groupe hospitalier");
  });

  test("le fichier des services s'importe tel quel : rien à faire", async () => {
    const claire = await as("claire.morel");
    const services = (await download(claire)).get("services.csv")!;
    await claire.open("/organisation/imports/services?structureId=1");
    await claire.send(
      { file: new File([services], "services.csv") },
      { form: 'main form[enctype="multipart/form-data"]' },
    );
    expect(claire.text).toContain("Il n'y a rien à faire.");
  });
});

test("A-34 ni un utilisateur de la structure, ni une personne d'une autre, n'exporte tout", async () => {
  const paul = await as("paul.durand");
  const agathe = await signIn(portal, "agathe.vidal@gh-trois-vallees.example", DEMO_PASSWORD);
  for (const [browser, status] of [
    [paul, 403],
    [agathe, 404],
  ] as const) {
    expect((await browser.open(URL)).status).toBe(status);
    await browser.open("/mon-compte");
    expect((await browser.post(URL, {})).status).toBe(status);
  }
});
