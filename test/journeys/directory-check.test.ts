import { afterAll, beforeAll, describe, expect, test } from "vitest";
import writeXlsxFile from "write-excel-file/node";
import { makeDemoWorld } from "../../src/modules/demo/index.ts";
import type { Browser } from "../support/browser.ts";
import { startPortal, type TestPortal } from "../support/portal.ts";

const TOWN = 1;
const HOSPITAL = 3;
const PATH = "/annuaire/verifier";
const UNKNOWN = "57210489100013";
let portal: TestPortal;
let town: string;
let hospital: string;
beforeAll(async () => {
  portal = await startPortal();
  await makeDemoWorld(portal.database);
  [town, hospital] = (await Promise.all([TOWN, HOSPITAL].map(siretOf))) as [string, string];
});
afterAll(() => portal?.close());

async function siretOf(id: number): Promise<string> {
  const [row] = await portal.query<{ siret: string }>(
    "select identifier_value as siret from structure where id = $1",
    [id],
  );
  return row!.siret;
}
async function check(list: string, answer: "page" | "file" = "page", file?: File): Promise<Browser> {
  const nobody = portal.browser();
  await nobody.open(PATH);
  await nobody.send(
    { list, ...(file ? { file } : {}) },
    { form: `main form[action="${PATH}"]`, button: ["answer", answer] },
  );
  return nobody;
}
/** The lines of the file that answers a list, without its titles. */
const answers = async (list: string, file?: File) =>
  (await check(list, "file", file)).answer!.text.trim().split("\r\n").slice(1);

describe("DIR-06 Vérifier une liste, sans compte ni script", () => {
  test("les deux pages de l'annuaire y mènent", async () => {
    const nobody = portal.browser();
    for (const from of ["/annuaire", "/annuaire/telecharger"]) {
      await nobody.open(from);
      expect(nobody.answer!.page.querySelector(`main a[href="${PATH}"]`), from).not.toBeNull();
    }
  });

  test("trouvé, introuvable, mal formé : comptés, puis ligne à ligne, ce qui ne va pas d'abord", async () => {
    await portal.query("update structure set service_code_required = true where id = $1", [TOWN]);
    const nobody = await check(`${town}\n${UNKNOWN}\n12345`);
    expect(nobody.answer!.status).toBe(200);
    expect(nobody.text).toContain("Trouvé1 sur 3");
    const rows = nobody
      .answer!.page.querySelectorAll("main tbody tr")
      .map((row) => row.textContent.replace(/\s+/g, " "));
    expect(rows).toHaveLength(3);
    expect(rows[0]).toMatch(/12345Mal formé/);
    expect(rows[1]).toMatch(/Introuvable/);
    expect(rows[2]).toMatch(/Trouvé.*Indiquez le code service/);
    expect(nobody.answer!.page.querySelector(`main td a[href="/annuaire/${TOWN}"]`)).not.toBeNull();
    expect(nobody.answer!.page.querySelector("textarea")!.textContent.trim()).toBe(
      `${town}\n${UNKNOWN}\n12345`,
    );
  });

  test("la réponse se télécharge, dans l'ordre de la liste", async () => {
    const lines = await answers(`${UNKNOWN}\n${town}`);
    expect(lines[0]).toMatch(new RegExp(`^${UNKNOWN};${UNKNOWN};Introuvable;`));
    expect(lines[1]).toMatch(new RegExp(`^${town};${town};Trouvé;Commune`));
  });

  test("un SIREN répond pour ses établissements", async () => {
    const [line] = await answers(town.slice(0, 9));
    expect(line).toMatch(/;Trouvé;/);
  });

  test("DIR-07 une structure fermée, puis remplacée, le dit", async () => {
    await portal.query("update structure set state = 'inactive' where id = $1", [HOSPITAL]);
    expect((await answers(hospital))[0]).toMatch(/;Inactif;/);
    await portal.query("update structure set state = 'replaced', replaced_by_id = $2 where id = $1", [
      HOSPITAL,
      TOWN,
    ]);
    expect((await answers(hospital))[0]).toContain(`;Remplacé;`);
    expect((await answers(hospital))[0]).toContain(`;${town};Remplacée par ${town}`);
    await portal.query("update structure set state = 'active', replaced_by_id = null where id = $1", [
      HOSPITAL,
    ]);
  });

  test("un classeur Excel, un CSV à plusieurs colonnes, et notre propre structures.csv", async () => {
    const workbook = await writeXlsxFile([
      [{ value: "Fournisseur" }, { value: "SIRET" }],
      [
        { value: "Mairie", type: String },
        { value: town, type: String },
      ],
    ] as never).toBuffer();
    const csv = `nom;siret\nMairie;${town}`;
    for (const file of [
      new File([new Uint8Array(workbook)], "a.xlsx"),
      new File([csv], "a.csv"),
      new File([await (await portal.browser().request("/annuaire/structures.csv")).arrayBuffer()], "b.csv"),
    ])
      expect(
        (await answers("", file)).find((line) => line.startsWith(town)),
        file.name,
      ).toMatch(/;Trouvé;/);
  });

  test("5 000 identifiants collés avec leurs espaces passent", async () => {
    const spaced = `${town.slice(0, 3)} ${town.slice(3, 6)} ${town.slice(6, 9)} ${town.slice(9)}`;
    const list = Array.from({ length: 5_000 }, () => spaced).join("\r\n");
    expect(await answers(list)).toHaveLength(5_000);
    expect((await check(list)).text).toContain("5 000 sur 5 000");
  });
});

describe("Attaques sur la vérification d'une liste", () => {
  test("une structure privée n'y est pas, même par son SIRET exact", async () => {
    const sirets = await portal.query<{ siret: string }>(
      "select identifier_value as siret from structure where kind = 'private' and identifier_type = 'SIRET'",
    );
    expect(sirets.length).toBeGreaterThan(0);
    for (const line of await answers(sirets.map(({ siret }) => siret).join("\n")))
      expect(line).toMatch(/;Introuvable;;/);
  });

  test("5 001 lignes, un fichier vide ou illisible : refusés, et la saisie reste", async () => {
    const long = Array.from({ length: 5_001 }, () => UNKNOWN).join("\n");
    const tooLong = await check(long);
    expect(tooLong.answer!.status).toBe(422);
    expect(tooLong.text).toContain("plus de 5 000 identifiants");
    expect(
      tooLong.answer!.page.querySelector("textarea")!.textContent.replaceAll("\r", "").trim() === long,
    ).toBe(true);
    const empty = await check("");
    expect(empty.answer!.status).toBe(422);
    expect(empty.text).toContain("Collez au moins un identifiant");
    const binary = await check("", "page", new File([new Uint8Array([0, 1, 2, 3])], "x.xlsx"));
    expect(binary.answer!.status).toBe(422);
    expect(binary.text).toContain("ni un CSV ni un classeur");
  });

  test("un champ plus long que permis est refusé, jamais tronqué", async () => {
    const nobody = await check(`${UNKNOWN}\n`.repeat(20_000));
    expect(nobody.answer!.status).toBe(413);
  });

  test("une cellule qui est une formule, ou du HTML, reste un texte", async () => {
    const [line] = await answers('=HYPERLINK("http://x")');
    expect(line).toMatch(/^"?'=HYPERLINK/);
    const page = await check("<script>alert(1)</script>");
    expect(page.answer!.page.querySelector("main script")).toBeNull();
    expect(page.text).toContain("<script>alert(1)</script>");
  });

  test("au-delà de dix listes par minute, il faut patienter", async () => {
    const limited = await startPortal({ REQUESTS_PER_MINUTE: "1000" });
    const nobody = limited.browser();
    const statuses: number[] = [];
    for (let list = 0; list < 11; list++) {
      await nobody.open(PATH);
      await nobody.send(
        { list: UNKNOWN },
        { form: `main form[action="${PATH}"]`, button: ["answer", "page"] },
      );
      statuses.push(nobody.answer!.status);
    }
    expect(statuses).toEqual([...Array.from({ length: 10 }, () => 200), 429]);
    expect(nobody.text).toContain("Patientez un instant");
    expect((await nobody.open("/annuaire")).status).toBe(200);
    await limited.close();
  });
});
