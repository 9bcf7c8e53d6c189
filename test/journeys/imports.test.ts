import { afterAll, beforeAll, describe, expect, test } from "vitest";
import writeXlsxFile from "write-excel-file/node";
import { zip } from "../../packages/einvoice/test/archive-samples.ts";
import { DEMO_PASSWORD, makeDemoWorld } from "../../src/modules/demo/index.ts";
import type { Browser } from "../support/browser.ts";
import { launchChromium } from "../support/chromium.ts";
import { signIn as signInWith } from "../support/people.ts";
import { startPortal, type TestPortal } from "../support/portal.ts";

const TOWN = 1;
const HOSPITAL = 3;
const START = `/organisation/imports/services?structureId=${TOWN}`;
const TITLES = "code;libelle;debut;fin;engagement_obligatoire";
let portal: TestPortal;
beforeAll(async () => {
  portal = await startPortal();
  await makeDemoWorld(portal.database);
});
afterAll(() => portal?.close());

const signIn = (email: string) => signInWith(portal, email, DEMO_PASSWORD);
const claire = () => signIn("claire.morel@sainte-aurore.example");
const csv = (...lines: string[]) => new File([lines.join("\r\n")], "services.csv");

async function upload(browser: Browser, file: File, filling: Record<string, boolean> = {}): Promise<void> {
  await browser.open(START);
  await browser.send({ file, ...filling }, { form: 'main form[enctype="multipart/form-data"]' });
}
const decide = (browser: Browser, mode: "all" | "valid", filling: Record<string, string> = {}) =>
  browser.send(filling, { form: 'main form[action$="/appliquer"]', button: ["mode", mode] });
const importIdOf = (browser: Browser) => Number(/imports\/(\d+)/.exec(browser.answer!.url)![1]);
const apply = (browser: Browser) => portal.runJob("apply-import", { importId: importIdOf(browser) });
const services = (codes: string) =>
  portal.query<{ code: string; label: string; ends_at: Date | null; disabled_at: Date | null }>(
    "select code, label, ends_at, disabled_at from service where structure_id = $1 and code like $2 order by code",
    [TOWN, codes],
  );

describe("Importer 500 services", () => {
  test("dans un navigateur : analysés, appliqués, suivis, et le même fichier ne change plus rien", async () => {
    const lines = Array.from({ length: 500 }, (_, i) => `IMP_${i + 1};Service ${i + 1};01/01/2026;;non`);
    const chromium = await launchChromium();
    const page = await (await chromium.newContext()).newPage();
    await page.goto(`${portal.url}/connexion`);
    await page.getByLabel("Adresse électronique").fill("claire.morel@sainte-aurore.example");
    await page.getByLabel("Mot de passe").fill(DEMO_PASSWORD);
    await page.getByRole("button", { name: "Se connecter" }).click();
    await page.goto(`${portal.url}/organisation/services?structureId=${TOWN}`);
    await page.getByRole("link", { name: "Importer" }).click();
    const file = {
      name: "services.csv",
      mimeType: "text/csv",
      buffer: Buffer.from([TITLES, ...lines].join("\n")),
    };
    await page.getByLabel("Fichier CSV ou Excel").setInputFiles(file);
    await page.getByRole("button", { name: "Analyser le fichier" }).click();
    await page.getByText("500 lignes").first().waitFor();
    expect(await services("IMP_%")).toHaveLength(0);
    await page.getByRole("button", { name: "Appliquer les 500 lignes, tout ou rien" }).click();
    await page.getByText("0 sur 500").waitFor();
    const importId = Number(/imports\/(\d+)/.exec(page.url())![1]);
    expect(await portal.runJob("apply-import", { importId })).toEqual({ done: 500, refused: 0 });
    // the page says by itself that it is over
    await page.getByRole("link", { name: "Voir son résultat" }).click();
    await page.getByText("500 lignes importées sur 500.").waitFor();
    expect(await services("IMP_%")).toHaveLength(500);
    await page.goto(`${portal.url}${START}`);
    await page.getByLabel("Fichier CSV ou Excel").setInputFiles(file);
    await page.getByRole("button", { name: "Analyser le fichier" }).click();
    await page.getByText("Il n'y a rien à faire.").waitFor();
    await chromium.close();
    const [mail] = (await portal.mailsTo("claire.morel@sainte-aurore.example")).slice(-1);
    expect(mail!.subject).toBe("Unisson – Import de services.csv : 500 lignes");
    const [{ count }] = (await portal.query<{ count: number }>(
      "select count(*)::int as count from journal_entry where structure_id = $1 and means = 'import' and type = 'ServiceCreated'",
      [TOWN],
    )) as [{ count: number }];
    expect(count).toBe(500);
  }, 60_000);
});

test("l'envoi d'un fichier se voit avancer, et sa réponse prend la place de la page, refus compris", async () => {
  const chromium = await launchChromium();
  const page = await (await chromium.newContext()).newPage();
  await page.goto(`${portal.url}/connexion`);
  await page.getByLabel("Adresse électronique").fill("claire.morel@sainte-aurore.example");
  await page.getByLabel("Mot de passe").fill(DEMO_PASSWORD);
  await page.getByRole("button", { name: "Se connecter" }).click();
  await page.goto(`${portal.url}${START}`);
  // two megabytes at one megabyte a second leave time to look
  const network = await page.context().newCDPSession(page);
  await network.send("Network.emulateNetworkConditions", {
    offline: false,
    latency: 0,
    downloadThroughput: -1,
    uploadThroughput: 1_000_000,
  });
  const send = (content: string) =>
    page.getByLabel("Fichier CSV ou Excel").setInputFiles({
      name: "services.csv",
      mimeType: "text/csv",
      buffer: Buffer.from(content),
    });
  await send(`${TITLES}\n${`GROS;${"x".repeat(90)};01/01/2026;;non\n`.repeat(17_000)}`);
  await page.getByRole("button", { name: "Analyser le fichier" }).click();
  await page.getByText(/^Envoi : \d+ %$/).waitFor();
  await page.getByRole("link", { name: /5 000 lignes/ }).waitFor();
  expect(await page.title()).toMatch(/^Erreur : /);
  await send(`${TITLES}\nENVOI_1;Voirie;01/01/2026;;non`);
  await page.getByRole("button", { name: "Analyser le fichier" }).click();
  await page.getByRole("heading", { name: "services.csv" }).waitFor();
  expect(page.url()).toMatch(/\/imports\/\d+$/);
  await chromium.close();
}, 30_000);

describe("Chaque ligne a son verdict, et rien ne change avant la décision", () => {
  const file = () =>
    csv(
      TITLES,
      "V_NEUF;Voirie;01/01/2026;;oui",
      "FI_SGPI;Un autre libellé;;;",
      "V_NEUF;Encore;01/01/2026;;",
      "FACTURES_PUBLIQUES;Pris;01/01/2026;;",
      "V_FIN;Fin avant début;01/01/2026;31/12/2025;",
      "V_SANS;;01/01/2026;;",
    );

  test("créé, modifié, refusé et pourquoi ; puis les lignes valides seules", async () => {
    const browser = await claire();
    await upload(browser, file());
    for (const says of [
      "Sera créé",
      "Sera modifié : libellé",
      "Ce code figure déjà à la ligne 2.",
      "Ce service est réservé",
      "La date de fin d'activation doit être postérieure",
      "Indiquez le libellé du service.",
    ])
      expect(browser.text).toContain(says);
    expect(browser.text).not.toContain("tout ou rien");
    expect(await services("V\\_%")).toHaveLength(0);
    await decide(browser, "valid");
    expect(await apply(browser)).toEqual({ done: 2, refused: 0 });
    await browser.open(browser.answer!.url);
    expect(browser.text).toContain("2 lignes importées sur 2.");
    expect((await services("FI_SGPI"))[0]!.label).toBe("Un autre libellé");
  });

  test("un import décidé ne se décide plus ; un abandonné ne s'applique pas", async () => {
    const browser = await claire();
    await upload(browser, csv(TITLES, "V_DEUX;Deux fois;01/01/2026;;"));
    const url = browser.answer!.url;
    await decide(browser, "all");
    await apply(browser);
    await browser.open(url);
    expect(browser.answer!.page.querySelector('form[action$="/appliquer"]')).toBeNull();
    expect(await portal.runJob("apply-import", { importId: importIdOf(browser) })).toEqual({
      done: 0,
      refused: 0,
    });
    await upload(browser, csv(TITLES, "V_TROIS;Abandonné;01/01/2026;;"));
    await browser.send({}, { form: 'main form[action$="/abandonner"]' });
    expect(browser.text).toContain("L'import est abandonné");
    expect(await services("V\\_TROIS")).toHaveLength(0);
  });

  test("tout ou rien : une ligne devenue impossible annule tout ce qui précède", async () => {
    const browser = await claire();
    await upload(browser, csv(TITLES, "T_UN;Un;01/01/2026;;", "T_DEUX;Deux;01/01/2026;;"));
    await decide(browser, "all");
    await portal.query("update structure set state = 'inactive' where id = $1", [TOWN]);
    const before = await portal.runJob("apply-import", { importId: importIdOf(browser) });
    await portal.query("update structure set state = 'active' where id = $1", [TOWN]);
    expect(before.done).toBe(0);
    await browser.open(browser.answer!.url);
    expect(browser.text).toContain("L'import s'est arrêté");
    expect(browser.text).toContain("Rien n'a été importé.");
    expect(await services("T\\_%")).toHaveLength(0);
  });

  test("un processus mort en chemin est relayé : l'import reprend où il s'est arrêté", async () => {
    const browser = await claire();
    await upload(browser, csv(TITLES, "R_UN;Un;01/01/2026;;", "R_DEUX;Deux;01/01/2026;;"));
    await decide(browser, "valid");
    const importId = importIdOf(browser);
    await portal.query(
      "update import_line set outcome = 'done', outcome_says = 'Fait' where import_id = $1 and line_number = 2",
      [importId],
    );
    expect(await portal.runJob("resume-imports")).toEqual({ resumed: 0 });
    portal.advance({ minutes: 6 });
    expect(await portal.runJob("resume-imports")).toEqual({ resumed: 1 });
    expect(await portal.runJob("apply-import", { importId })).toEqual({ done: 2, refused: 0 });
    expect((await services("R\\_%")).map((one) => one.code)).toEqual(["R_DEUX"]);
  });

  test("fermer les services absents du fichier : montrés, comptés, puis désactivés", async () => {
    const browser = await claire();
    const open = await portal.query<{ code: string }>(
      "select code from service where structure_id = $1 and not reserved and disabled_at is null and (ends_at is null or ends_at > now()) order by id",
      [TOWN],
    );
    const kept = open.slice(1).map((one) => `${one.code};;;;`);
    await upload(browser, csv("code;libelle", ...kept.map((line) => line.slice(0, -3))), {
      closeAbsent: true,
    });
    const sheet = browser.answer!.url;
    await browser.open(`${sheet}?verdict=close`);
    expect(browser.text).toContain("Sera désactivé : absent du fichier");
    await decide(browser, "all", { closeCount: "2" });
    expect(browser.answer!.status).toBe(422);
    expect(browser.text).toContain("Saisissez 1 pour confirmer");
    await decide(browser, "all", { closeCount: "1" });
    await apply(browser);
    expect((await services(open[0]!.code))[0]!.disabled_at).not.toBeNull();
  });

  test("un successeur : jugé, planifié à la fin dite avec les personnes, et l'export renvoyé tel quel ne change rien", async () => {
    const browser = await claire();
    const titles = "code;libelle;debut;fin;service_successeur";
    await upload(
      browser,
      csv(
        titles,
        "S_FIN;Finances;01/01/2026;;",
        "S_UN;Un;01/01/2026;31/12/2090;S_FIN",
        "S_DEUX;Deux;01/01/2026;;S_FIN",
        "S_TROIS;Trois;01/01/2026;31/12/2090;S_TARD",
        "S_QUATRE;Quatre;01/01/2026;31/12/2090;S_QUATRE",
        "S_CINQ;Cinq;01/01/2026;31/12/2090;AILLEURS",
        "S_ROND;Rond;01/01/2026;31/12/2090;S_CARRE",
        "S_CARRE;Carré;01/01/2026;31/12/2090;S_ROND",
        "S_TARD;Tard;01/01/2026;;",
      ),
    );
    for (const says of [
      "Sera créé ; remplacé par S_FIN le 31/12/2090 23:59:59",
      "Indiquez la date de fin : c'est celle où S_FIN prend sa place.",
      "Sera créé ; remplacé par S_TARD le 31/12/2090",
      "Ces services se remplacent en rond",
      "Un service ne se remplace pas lui-même.",
      "« AILLEURS » n'est ni un service de cette structure, ni une ligne du fichier.",
    ])
      expect(browser.text).toContain(says);
    await decide(browser, "valid");
    expect(await apply(browser)).toEqual({ done: 4, refused: 0 });
    const planned = () =>
      portal.query(
        `select v.code, t.code as successor, n.state from succession n join succession_service k on k.succession_id = n.id
           join service v on v.id = k.service_id join service t on t.id = n.successor_id order by 1`,
      );
    expect(await planned()).toEqual([
      { code: "S_TROIS", successor: "S_TARD", state: "planned" },
      { code: "S_UN", successor: "S_FIN", state: "planned" },
    ]);
    const exportOf = async (search = "") =>
      (await browser.request(`/organisation/services.csv?structureId=${TOWN}${search}`)).arrayBuffer();
    await upload(browser, new File([await exportOf()], "export.csv"));
    expect(browser.text).toContain("Il n'y a rien à faire.");
    // and in another structure it makes the same services, each after the one that succeeds it
    await browser.open("/organisation/imports/services?structureId=2");
    await browser.send(
      { file: new File([await exportOf("&q=S_")], "export.csv") },
      { form: 'main form[enctype="multipart/form-data"]' },
    );
    expect(browser.text).toMatch(/S_UN ?Un ?Sera créé ; remplacé par S_FIN/);
    expect(browser.text).not.toContain("Refusées");
    // another end, or another successor, waits for the first decision to be given up
    await upload(browser, csv(titles, "S_UN;Un;01/01/2026;31/12/2091;S_FIN", "S_UN ;Un;;;"));
    expect(browser.text).toContain("annulez d'abord ce remplacement");
    await upload(browser, csv(titles, "S_UN;Un;01/01/2026;31/12/2090;S_TARD"));
    expect(browser.text).toContain("S_UN a déjà un successeur");
    // what others wait for is not closed for being left out of a file; what ends already is left alone
    await upload(browser, csv("code;libelle", "S_TARD;Tard"), { closeAbsent: true });
    await browser.open(`${browser.answer!.url}?verdict=refused`);
    expect(browser.text).toMatch(/S_FIN.*Absent du fichier, mais/);
    expect(browser.text).not.toContain("S_UN");
  });

  test("le modèle proposé s'importe tel quel ; le rapport se télécharge", async () => {
    const browser = await claire();
    const model = await (await browser.request("/organisation/imports/services/modele.csv")).arrayBuffer();
    await upload(browser, new File([model], "modele-services.csv"));
    expect(browser.text).toContain("Sera créé");
    expect(browser.text).not.toContain("Refusées");
    const report = await (
      await browser.request(`${new URL(browser.answer!.url).pathname}/rapport.csv`)
    ).text();
    expect(report).toContain("ligne;identifiant_structure;code;");
    expect(report).toContain("ST_VOIRIE");
  });
});

describe("Les fichiers tels que les tableurs les écrivent", () => {
  test("un classeur Excel : dates et codes à zéros compris", async () => {
    const browser = await claire();
    const workbook = await writeXlsxFile([
      [{ value: "code" }, { value: "libelle" }, { value: "debut" }],
      [
        { value: "0012", type: String },
        { value: "Été à l'hôpital", type: String },
        { value: new Date("2026-02-01T00:00:00Z"), type: Date, format: "dd/mm/yyyy" },
      ],
    ] as never).toBuffer();
    await upload(browser, new File([new Uint8Array(workbook)], "services.xlsx"));
    expect(browser.text).toContain("0012");
    await decide(browser, "all");
    await apply(browser);
    const [{ label, starts_at }] = (await portal.query<{ label: string; starts_at: Date }>(
      "select label, starts_at from service where structure_id = $1 and code = '0012'",
      [TOWN],
    )) as [{ label: string; starts_at: Date }];
    expect(label).toBe("Été à l'hôpital");
    expect(starts_at.toISOString()).toBe("2026-01-31T23:00:00.000Z");
  });

  for (const [name, bytes] of [
    ["windows-1252, point-virgule", Buffer.from("code;libell\xe9;debut\nW1;\xc9t\xe9;01/01/2026", "latin1")],
    ["UTF-8 avec marque, virgule", Buffer.from('\ufeffcode,libellé,debut\nW1,"Été, hiver",01/01/2026')],
    ["UTF-16, tabulations", Buffer.from("\ufeffcode\tlibellé\tdebut\nW1\tÉté\t2026-01-01", "utf16le")],
  ] as const)
    test(name, async () => {
      const browser = await claire();
      await upload(browser, new File([bytes], "services.csv"));
      expect(browser.text).toContain("Sera créé");
      expect(browser.text).toContain("Été");
    });
});

describe("Attaques par un fichier importé", () => {
  const sheet = (rows: string) => [
    {
      name: "[Content_Types].xml",
      data: '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>',
    },
    {
      name: "xl/workbook.xml",
      data: '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="A" sheetId="1" r:id="rId1"/></sheets></workbook>',
    },
    {
      name: "xl/_rels/workbook.xml.rels",
      data: '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
    },
    {
      name: "xl/worksheets/sheet1.xml",
      data: `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>${rows}</sheetData></worksheet>`,
    },
  ];

  test("un classeur qui se déploie sans mesure est refusé, et le portail répond encore", async () => {
    const row = '<row r="1"><c r="A1" t="inlineStr"><is><t>code</t></is></c></row>';
    const bomb = zip(sheet(row.repeat(3_000_000)));
    expect(bomb.length).toBeLessThan(5_000_000);
    // made first: it takes longer than an idle connection is kept
    const browser = await claire();
    await upload(browser, new File([new Uint8Array(bomb)], "bombe.xlsx"));
    expect(browser.answer!.status).toBe(422);
    expect(browser.text).toMatch(/trop lourd une fois déployé|ni un CSV ni un classeur/);
    expect((await portal.browser().open("/")).status).toBe(200);
  }, 30_000);

  for (const [name, bytes, says] of [
    ["un zip qui n'est pas un classeur", zip([{ name: "a.txt", data: "x" }]), /ni un CSV ni un classeur/],
    ["un ancien classeur .xls", Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0, 0]), /ancien format/],
    ["un binaire", Buffer.from([0, 1, 2, 3]), /ni un CSV ni un classeur/],
    [
      "un CSV aux guillemets ouverts",
      Buffer.from('code;libelle\nA;"jamais fermé'),
      /ni un CSV ni un classeur/,
    ],
    ["un fichier vide", Buffer.alloc(0), /Choisissez un fichier/],
    ["5 001 lignes", Buffer.from(`code\n${"A\n".repeat(5001)}`), /plus de 5 000 lignes/],
  ] as const)
    test(`${name} : refusé, et la page dit quoi faire`, async () => {
      const browser = await claire();
      await upload(browser, new File([new Uint8Array(bytes)], "fichier"));
      expect(browser.answer!.status).toBe(422);
      expect(browser.text).toMatch(says);
    });

  test("une formule reste un texte : ni la page ni le rapport ne la laissent s'exécuter", async () => {
    const browser = await claire();
    await upload(browser, csv("code;libelle;debut", '=1+1;"=HYPERLINK(""http://x"")";01/01/2026'));
    const report = await (
      await browser.request(`${new URL(browser.answer!.url).pathname}/rapport.csv`)
    ).text();
    expect(report).toContain("'=1+1");
    expect(report).not.toMatch(/(^|;)"?=/m);
  });

  test("une ligne d'une autre structure est refusée", async () => {
    const browser = await claire();
    const [{ identifier_value: other }] = (await portal.query<{ identifier_value: string }>(
      "select identifier_value from structure where id = $1",
      [HOSPITAL],
    )) as [{ identifier_value: string }];
    await upload(browser, csv("identifiant_structure;code;libelle;debut", `${other};X1;Ailleurs;01/01/2026`));
    expect(browser.text).toContain("Cette ligne est d'une autre structure");
  });

  test("l'import d'une autre structure, par son numéro, n'existe pas", async () => {
    const browser = await claire();
    await upload(browser, csv(TITLES, "A_MOI;À moi;01/01/2026;;"));
    const id = importIdOf(browser);
    const agathe = await signIn("agathe.vidal@gh-trois-vallees.example");
    for (const structure of [TOWN, HOSPITAL])
      for (const end of ["", "/etat", "/rapport.csv"])
        expect(
          (await agathe.request(`/organisation/structures/${structure}/imports/${id}${end}`)).status,
        ).toBe(404);
  });

  test("un droit retiré entre la décision et l'application arrête l'import", async () => {
    const browser = await claire();
    await upload(browser, csv(TITLES, "P_UN;Un;01/01/2026;;"));
    await decide(browser, "valid");
    await portal.query(
      "update membership set role = 'member' where structure_id = $1 and role = 'mainManager'",
      [TOWN],
    );
    await portal.query(
      "delete from membership_grant g using membership m where m.id = g.membership_id and m.structure_id = $1 and g.application = 'structures'",
      [TOWN],
    );
    expect(await apply(browser)).toEqual({ done: 0, refused: 1 });
    expect(await services("P\\_UN")).toHaveLength(0);
  });
});
