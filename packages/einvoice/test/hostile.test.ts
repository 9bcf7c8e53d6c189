import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { read } from "../src/deposit/read-deposit.ts";
import { check, type RuleSetName } from "../src/index.ts";
import { tarGz, zip } from "./archive-samples.ts";
import { memoryInUse, processorWatch, unhurried, unpackedBy } from "./costs.ts";
import { hybrid, pdf } from "./pdf-samples.ts";

const rules: readonly RuleSetName[] = ["en16931"];
const fixture = (name: string) =>
  readFileSync(join(import.meta.dirname, `fixtures/facture.${name}.xml`), "utf8");
const invoices = [
  ["ubl", fixture("ubl")],
  ["cii", fixture("cii")],
] as const;

/** What each file of a deposit turns out to be, with the rules that its findings name. */
async function heldBy(bytes: Uint8Array): Promise<string[]> {
  const held: string[] = [];
  for await (const each of read(bytes, { pdf: unhurried }))
    held.push([each.kind, ...(each.kind === "annex" ? [] : each.findings.map(({ rule }) => rule))].join(" "));
  return held;
}

/** The document with a declaration before its root and, in place of its number, what refers to it. */
const declaring = (xml: string, declaration: string, number: string) =>
  xml.replace(/(<\?xml[^>]*\?>)?/, `$1<!DOCTYPE x ${declaration}>`).replaceAll("F-2026-0042", number);

describe.each(invoices)("A-57, A-58 Une facture %s qui déclare des entités", (_, xml) => {
  let hits = 0;
  const listener = createServer((_request, response) => {
    hits += 1;
    response.end("<!ENTITY lu 'lu'>");
  });
  let url = "";
  beforeAll(async () => {
    await new Promise<void>((done) => listener.listen(0, "127.0.0.1", done));
    url = `http://127.0.0.1:${(listener.address() as AddressInfo).port}/`;
  });
  afterAll(() => listener.close());

  const laughs = Array.from(
    { length: 9 },
    (_each, level) => `<!ENTITY r${level + 1} "${`&r${level};`.repeat(10)}">`,
  );
  test.each([
    ["un fichier de la machine", () => '[<!ENTITY e SYSTEM "file:///etc/passwd">]', "&e;"],
    ["une adresse", () => `[<!ENTITY e SYSTEM "${url}">]`, "&e;"],
    ["une entité de paramètre", () => `[<!ENTITY % e SYSTEM "${url}"> %e;]`, "&lu;"],
    ["une déclaration ailleurs", () => `SYSTEM "${url}"`, "x"],
    ["des entités en cascade", () => `[<!ENTITY r0 "ha">${laughs.join("")}]`, "&r9;"],
    [
      "une entité de 100 ko citée mille fois",
      () => `[<!ENTITY e "${"a".repeat(100_000)}">]`,
      "&e;".repeat(1000),
    ],
  ])("%s : refusée, rien n'est lu ni appelé", async (_what, declaration, number) => {
    const hostile = Buffer.from(declaring(xml, declaration(), number));
    const [before, milliseconds] = [process.memoryUsage.rss(), processorWatch()];
    const answer = check(hostile, { rules });
    expect(milliseconds()).toBeLessThan(100);
    expect(process.memoryUsage.rss() - before).toBeLessThan(20_000_000);
    expect(answer.map(({ rule }) => rule)).toEqual(["READ-DOCTYPE"]);
    expect(JSON.stringify(answer)).not.toContain("root:");
    await new Promise((done) => setTimeout(done, 20));
    expect(hits).toBe(0);
  });
});

test.each(invoices)("A-59 Un million de références numériques, en %s : lues sans peser", (_, xml) => {
  const hostile = Buffer.from(xml.replaceAll("F-2026-0042", "&#65;".repeat(1_000_000)));
  const milliseconds = processorWatch();
  const answer = check(hostile, { rules: ["en16931", "fr-ctc"] });
  expect(milliseconds()).toBeLessThan(2_000);
  expect(answer.some(({ rule }) => rule.startsWith("BR-FR-01"))).toBe(true);
});

describe.each(invoices)(
  "Une facture %s hors norme, une fois vérifiée, ne reste pas en mémoire",
  (syntax, xml) => {
    const name = syntax === "ubl" ? "cbc:Note" : "ram:Note";
    const padding = `<!--${"z".repeat(500_000)}-->`;
    const long = "x".repeat(500_000);
    test.each<[string, (index: number) => string]>([
      ["avec un attribut de son cru", (index) => `<${name} valeur="une valeur assez longue ${index}"/>`],
      ["avec un attribut démesuré", (index) => `<${name} valeur="${long}${index}"/>`],
      ["avec un attribut au nom démesuré", (index) => `<${name} ${long}${index}="1"/>`],
      ["avec un élément de son cru", (index) => `<${name}DeSonCru${index}/>`],
      ["avec un élément au nom démesuré", (index) => `<${name}${long}${index}/>`],
      ["avec un espace de noms de son cru", (index) => `<x:a xmlns:x="urn:exemple:de:son:cru:${index}"/>`],
      ["avec un espace de noms démesuré", (index) => `<x:a xmlns:x="urn:${long}${index}"/>`],
    ])("%s", (_what, piece) => {
      const before = memoryInUse();
      for (let index = 0; index < 40; index += 1) {
        const bytes = Buffer.from(xml.replace(/(?=<\/[^<]*$)/, padding + piece(index)));
        const found = check(bytes, { rules: ["en16931", "fr-ctc"] });
        expect(found.filter(({ rule }) => rule.startsWith("READ-"))).toEqual([]);
      }
      expect(memoryInUse() - before).toBeLessThan(10_000_000);
    });
  },
);

describe("A-60 Une archive hostile", () => {
  test("qui se déploierait au-delà de 500 Mo s'arrête à la borne", async () => {
    const data = Buffer.alloc(60_000_000, " ");
    const bomb = zip(Array.from({ length: 10 }, (_, index) => ({ name: `${index}.xml`, data })));
    expect(bomb.length).toBeLessThan(10_000_000);
    const { answer, bytes } = await unpackedBy(() => heldBy(bomb));
    expect(answer.at(-1)).toBe("unusable ARCHIVE-INFLATES-TOO-MUCH");
    expect(bytes).toBeGreaterThan(0);
    expect(bytes).toBeLessThan(500_000_000);
  });

  test("de cent mille fichiers s'arrête à la borne", async () => {
    const many = tarGz(Array.from({ length: 100_000 }, (_, index) => ({ name: `${index}.txt`, data: "a" })));
    expect((await heldBy(many)).at(-1)).toBe("unusable ARCHIVE-TOO-MANY-ENTRIES");
  });

  test.each([
    ["zip", zip],
    ["tar.gz", tarGz],
  ] as const)("%s : un chemin qui sort, un lien : refusés, le reste est lu", async (_, make) => {
    const bytes = make([
      { name: "../../x", data: "x" },
      { name: "lien", mode: 0o120777, type: "2" },
      { name: "facture.xml", data: fixture("ubl") },
    ]);
    expect(await heldBy(bytes)).toEqual(["unusable ARCHIVE-PATH", "unusable ARCHIVE-LINK", "invoice"]);
  });
});

describe("A-63 Un fichier à deux visages est ce que dit son contenu", () => {
  const good = pdf(hybrid());
  test.each([
    ["HTML, puis PDF", Buffer.concat([Buffer.from("<html><script>alert(1)</script>\n"), good]), ["invoice"]],
    ["PDF, puis zip", Buffer.concat([good, zip([{ name: "a.xml", data: fixture("ubl") }])]), ["invoice"]],
    ["HTML seul", Buffer.from("<html><script>alert(1)</script></html>"), ["unusable READ-NOT-AN-INVOICE"]],
  ])("%s", async (_, bytes, expected) => {
    const held = await heldBy(bytes);
    expect(held.map((each) => (each.startsWith("invoice") ? "invoice" : each))).toEqual(expected);
  });
});
