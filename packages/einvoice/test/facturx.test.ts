import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readXml } from "../src/index.ts";
import { PdfDocument } from "../src/pdf/document.ts";
import { extractInvoice, readExtraction, writeFacturx } from "../src/pdf/index.ts";
import { isKind, nameOf, type PdfObject, type PdfStream } from "../src/pdf/objects.ts";
import { srgbProfile } from "../src/pdf/writing/srgb-profile.ts";
import { outlineOf } from "../src/rendering/index.ts";
import { readSamples, samplesFolder } from "./conformance.ts";
import { unhurried } from "./costs.ts";
import { hybrid, invoiceXml, packedPdf, pdf, stream, xmp } from "./pdf-samples.ts";

const createdAt = new Date("2026-10-05T08:00:00Z");

function written(xml: string | Uint8Array, options: { pdf?: Uint8Array } = {}) {
  const outcome = writeFacturx(xml, { createdAt, ...options });
  if (!outcome.ok) throw new Error(outcome.findings.map(({ rule }) => rule).join());
  return { ...outcome, rules: outcome.findings.map(({ rule }) => rule) };
}

function reread(bytes: Uint8Array) {
  const outcome = readExtraction(extractInvoice(bytes));
  if (!outcome.ok) throw new Error(outcome.findings.map(({ rule }) => rule).join());
  return outcome;
}

/** A document with what tests ask of it. */
class Opened {
  readonly document: PdfDocument;
  private knownSigns: Map<string, Map<string, string>> | undefined;

  constructor(bytes: Uint8Array) {
    this.document = new PdfDocument(bytes, unhurried);
    expect(this.document.rebuilt, "the table of objects is right").toBe(false);
  }

  streamOf(object: PdfObject): PdfStream {
    const found = this.document.resolve(object);
    if (!isKind(found, "stream")) throw new Error("no stream");
    return found;
  }

  text(object: PdfObject): string {
    return Buffer.from(this.document.decode(this.streamOf(object))).toString("utf8");
  }

  pages() {
    const { document } = this;
    const tree = document.dictionary(document.catalog.get("Pages"));
    return document.array(tree.get("Kids")).map((page) => document.dictionary(page));
  }

  fonts(): Map<string, ReadonlyMap<string, PdfObject>> {
    const { document } = this;
    const resources = this.pages().map((page) => document.dictionary(page.get("Resources")));
    const named = resources.flatMap((each) => [...document.dictionary(each.get("Font"))]);
    return new Map(named.map(([name, font]) => [name, document.dictionary(font)]));
  }

  /** The words of each page, as a reader copies them: one line for each piece of text shown. */
  words(): string[] {
    return this.pages().map((page) =>
      this.shown(this.text(page.get("Contents")))
        .map(({ words }) => words)
        .join("\n"),
    );
  }

  /** What is shown by a content, piece by piece, with the mark that it stands under. */
  private shown(content: string): { mark: string; words: string }[] {
    const pieces = content.matchAll(/\/(\w+) (?:<< \/MCID (\d+) >> BDC|BMC)([\s\S]*?)EMC/g);
    return [...pieces].flatMap(([, type = "", number, drawn = ""]) =>
      [...drawn.matchAll(/\/(F\d+) [\s\S]*?<(\w*)> Tj/g)].map(([, font = "", codes = ""]) => ({
        mark: number === undefined ? type : number,
        words: (codes.match(/.{4}/g) ?? []).map((glyph) => this.signs.get(font)?.get(glyph)).join(""),
      })),
    );
  }

  /** The document as assistive technologies say it: each element with its own words, in order. */
  aloud(): { type: string; words: string; parent: string }[] {
    const { document } = this;
    const pages = this.pages();
    const marks = pages.map((page) => {
      const words = new Map<string, string>();
      for (const piece of this.shown(this.text(page.get("Contents"))))
        words.set(piece.mark, [words.get(piece.mark), piece.words].filter(Boolean).join(""));
      return words;
    });
    const indexOf = (page: PdfObject) => pages.indexOf(document.dictionary(page));
    const walk = (object: PdfObject, parent: string): { type: string; words: string; parent: string }[] => {
      const element = document.dictionary(object);
      const kids = document.array(element.get("K")).map((kid) => document.dictionary(kid));
      const own = kids.filter((kid) => kid.has("MCID"));
      const words = own
        .map((kid) => marks[indexOf(kid.get("Pg"))]?.get(String(kid.get("MCID"))) ?? "?")
        .join(" ");
      const type = nameOf(element.get("S")) ?? "";
      const below = document
        .array(element.get("K"))
        .filter((kid) => !document.dictionary(kid).has("MCID"))
        .flatMap((kid) => walk(kid, type));
      return [{ type, words, parent }, ...below];
    };
    const root = document.dictionary(document.catalog.get("StructTreeRoot"));
    return document.array(root.get("K")).flatMap((each) => walk(each, "root"));
  }

  /** What each glyph of each font stands for. */
  private get signs(): Map<string, Map<string, string>> {
    this.knownSigns ??= new Map(
      [...this.fonts()].map(([name, font]) => {
        const pairs = this.text(font.get("ToUnicode")).matchAll(/^<(\w{4})> <(\w{4})>$/gm);
        return [
          name,
          new Map(
            [...pairs].map(([, glyph = "", code = ""]) => [
              glyph,
              String.fromCodePoint(Number.parseInt(code, 16)),
            ]),
          ),
        ];
      }),
    );
    return this.knownSigns;
  }
}

const plain = (text: string) => text.normalize("NFC").replace(/\s+/g, "");

describe("Un Factur-X est un PDF/A-3b lisible, la facture dedans", () => {
  const { bytes, findings } = written(invoiceXml);
  const opened = new Opened(bytes);
  const { document } = opened;

  test("la facture en ressort telle quelle, sans réserve", () => {
    const { content, findings: found } = reread(bytes);
    expect(new TextDecoder().decode(content.invoice.bytes)).toBe(invoiceXml);
    expect(content.invoice).toMatchObject({
      name: "factur-x.xml",
      relationship: "Alternative",
      mediaType: "text/xml",
    });
    expect(content.metadata).toMatchObject({
      conformanceLevel: "EN 16931",
      pdfaPart: "3",
      pdfaConformance: "B",
    });
    expect([findings, found]).toEqual([[], []]);
  });

  test("les pages disent tout ce que dit la facture, et leur numéro", () => {
    const shown = plain(opened.words().join("\n"));
    const outcome = readXml(invoiceXml);
    if (!outcome.ok) throw new Error("unread");
    const texts = outlineOf(outcome.reading.invoice).blocks.flatMap((block) => {
      if (block.kind === "facts") return block.facts.flatMap(({ label, value }) => [label, value]);
      if (block.kind === "table") return [...block.columns.map(({ label }) => label), ...block.rows.flat()];
      return block.parties.flatMap(({ role, name, facts }) => [
        role,
        name,
        ...facts.flatMap(({ value }) => value.split("\n")),
      ]);
    });
    expect(texts.length).toBeGreaterThan(100);
    expect(texts.filter((text) => !shown.includes(plain(text)))).toEqual([]);
    expect(opened.words()[0]).toMatch(/Page 1 \/ \d$/);
  });

  test("elle se lit à voix haute dans l'ordre : titres, listes, tableaux et leurs en-têtes ; le décor est passé", () => {
    const outcome = readXml(invoiceXml);
    if (!outcome.ok) throw new Error("unread");
    const { title, blocks } = outlineOf(outcome.reading.invoice);
    const said = opened.aloud();
    const of = (type: string) => said.filter((each) => each.type === type).map(({ words }) => plain(words));
    expect(document.dictionary(document.catalog.get("MarkInfo")).get("Marked")).toBe(true);
    expect(of("H1")).toEqual([plain(title)]);
    expect(of("H2")).toEqual(blocks.map((block) => plain(block.title)));
    const facts = blocks.flatMap((block) => (block.kind === "facts" ? block.facts : []));
    expect(of("Lbl")).toEqual(facts.map(({ label }) => plain(label)));
    expect(of("LBody")).toEqual(facts.map(({ value }) => plain(value)));
    const tables = blocks.flatMap((block) => (block.kind === "table" ? [block] : []));
    expect(of("TH")).toEqual(tables.flatMap(({ columns }) => columns.map(({ label }) => plain(label))));
    expect(of("TD")).toEqual(tables.flatMap(({ rows }) => rows.flat().map(plain)));
    expect(said.filter(({ type }) => type === "P").length).toBeGreaterThan(8);
    expect(said.some(({ words }) => words.includes("?"))).toBe(false);
    expect(said.some(({ words }) => words.includes("Page 1 /"))).toBe(false);
  });

  test("une ligne coupée par une page reste une seule cellule, et l'en-tête répété n'est pas redit", () => {
    const long = invoiceXml.replace(
      /<ram:Name>[^<]*<\/ram:Name>(?=[\s\S]*?SpecifiedLineTradeAgreement)/,
      (name) => name.replace(/>[^<]*</, `>${"Réfection de la toiture ".repeat(400)}<`),
    );
    const both = new Opened(written(long).bytes);
    expect(both.pages().length).toBeGreaterThan(opened.pages().length);
    const cells = both.aloud().filter(({ type }) => type === "TD");
    expect(cells.filter(({ words }) => words.split("toiture").length > 400)).toHaveLength(1);
    expect(both.aloud().filter(({ type }) => type === "TH")).toHaveLength(
      opened.aloud().filter(({ type }) => type === "TH").length,
    );
  });

  test("chaque marque d'une page renvoie à son élément", () => {
    const root = document.dictionary(document.catalog.get("StructTreeRoot"));
    const numbers = document.array(document.dictionary(root.get("ParentTree")).get("Nums"));
    for (const [index, page] of opened.pages().entries()) {
      const content = opened.text(page.get("Contents"));
      const types = [...content.matchAll(/\/(\w+) << \/MCID \d+ >> BDC/g)].map(([, type]) => type);
      expect(page.get("StructParents")).toBe(index);
      const owners = document.array(numbers[index * 2 + 1]);
      expect(owners.map((owner) => nameOf(document.dictionary(owner).get("S")))).toEqual(types);
    }
  });

  test("chaque police est incorporée, avec la largeur et le sens de chaque signe", () => {
    const fonts = [...opened.fonts().values()];
    expect(fonts.length).toBe(2);
    for (const font of fonts) {
      const [descendant] = document.array(font.get("DescendantFonts"));
      const descriptor = document.dictionary(document.dictionary(descendant).get("FontDescriptor"));
      const file = document.decode(opened.streamOf(descriptor.get("FontFile2")));
      expect(Buffer.from(file.subarray(0, 4)).toString("hex")).toBe("00010000");
      expect(document.array(document.dictionary(descendant).get("W")).length).toBeGreaterThan(20);
    }
  });

  test("les couleurs ont leur profil, les métadonnées restent lisibles, le fichier a son identité", () => {
    const [intent] = document.array(document.catalog.get("OutputIntents"));
    const profile = opened.streamOf(document.dictionary(intent).get("DestOutputProfile"));
    expect(nameOf(document.dictionary(intent).get("S"))).toBe("GTS_PDFA1");
    expect(Buffer.from(document.decode(profile)).subarray(36, 40).toString()).toBe("acsp");
    expect(opened.streamOf(document.catalog.get("Metadata")).dictionary.has("Filter")).toBe(false);
    expect(document.array(document.trailer.get("ID"))).toHaveLength(2);
    expect([...document.bytes.subarray(10, 14)].every((byte) => byte > 127)).toBe(true);
  });

  test("le profil de couleurs est un ICC 2.1 dont chaque partie est à sa place", () => {
    const icc = Buffer.from(srgbProfile());
    expect(icc.readUInt32BE(0)).toBe(icc.length);
    const tags = Array.from({ length: icc.readUInt32BE(128) }, (_, index) => {
      const [offset, size] = [136, 140].map((at) => icc.readUInt32BE(at + index * 12));
      return { end: (offset ?? 0) + (size ?? 0), type: icc.toString("latin1", offset, (offset ?? 0) + 4) };
    });
    expect(tags.map(({ type }) => type).join()).toBe("desc,text,XYZ ,XYZ ,XYZ ,XYZ ,curv,curv,curv");
    expect(tags.every(({ end }) => end <= icc.length)).toBe(true);
  });

  test("deux fois la même facture donnent deux fois les mêmes octets", () => {
    expect(Buffer.compare(written(invoiceXml).bytes, bytes)).toBe(0);
  });

  test.each([
    ["urn:factur-x.eu:1p0:minimum", "MINIMUM", "Data", "factur-x.xml"],
    ["urn:factur-x.eu:1p0:basicwl", "BASIC WL", "Data", "factur-x.xml"],
    ["urn:cen.eu:en16931:2017#compliant#urn:factur-x.eu:1p0:basic", "BASIC", "Alternative", "factur-x.xml"],
    [
      "urn:cen.eu:en16931:2017#conformant#urn:factur-x.eu:1p0:extended",
      "EXTENDED",
      "Alternative",
      "factur-x.xml",
    ],
    [
      "urn:cen.eu:en16931:2017#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0",
      "XRECHNUNG",
      "Alternative",
      "xrechnung.xml",
    ],
  ])("profil %s : %s, %s, %s", (specification, level, relationship, name) => {
    const xml = invoiceXml.replace("urn:cen.eu:en16931:2017", specification);
    const { content, findings: found } = reread(written(xml).bytes);
    expect([content.metadata?.conformanceLevel, content.invoice.relationship, content.invoice.name]).toEqual([
      level,
      relationship,
      name,
    ]);
    expect(found).toEqual([]);
  });

  test("mille lignes tiennent sur leurs pages, l'en-tête répété", () => {
    const [line = ""] =
      /<ram:IncludedSupplyChainTradeLineItem>[\s\S]*?<\/ram:IncludedSupplyChainTradeLineItem>/.exec(
        invoiceXml,
      ) ?? [];
    const pages = new Opened(written(invoiceXml.replace(line, line.repeat(1_000))).bytes).words();
    expect(pages.length).toBeGreaterThan(100);
    const inside = pages.slice(2, -3);
    expect(inside.filter((page) => !page.startsWith("N°"))).toEqual([]);
  });

  test("un nom grec, polonais ou russe s'écrit ; un signe inconnu est remplacé, et dit", () => {
    const named = (name: string) => invoiceXml.replaceAll("Commune de Beauvoir", name);
    const european = written(named("Αθήνα – Łódź – Москва"));
    expect(european.rules).toEqual([]);
    expect(new Opened(european.bytes).words()[0]?.replaceAll("\n", "")).toContain("Αθήνα – Łódź – Москва");
    const chinese = written(named("発注者"));
    expect(chinese.rules).toEqual(["PDF-CHARACTERS"]);
    expect(chinese.findings[0]?.value).toBe("発 注 者");
  });

  test("un texte sans espace, aussi long soit-il, reste dans sa colonne", () => {
    const long = "X".repeat(3_000);
    const pages = new Opened(written(invoiceXml.replace("Réparation du portail", long)).bytes).words();
    expect(plain(pages.join(""))).toContain("X".repeat(300));
    expect(
      Math.max(
        ...pages
          .join("\n")
          .split("\n")
          .map((line) => line.length),
      ),
    ).toBeLessThan(120);
  });

  test("n'importe quel texte donne un PDF que l'on relit", () =>
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 200 }), (text) => {
        const escaped = text
          .replace(/[^\t\n\r -\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, "")
          .replace(/[&<>]/g, "");
        const { bytes: made } = written(invoiceXml.replaceAll("Commune de Beauvoir", `A${escaped}`));
        expect(reread(made).reading.invoice.buyer?.name?.startsWith("A")).toBe(true);
        expect(new Opened(made).words().length).toBeGreaterThan(0);
      }),
      { numRuns: 200 },
    ));
});

describe("Une facture entre dans un PDF donné, dont les pages restent", () => {
  const pdfa1 = { metadata: stream("/Type /Metadata /Subtype /XML", xmp({ part: "1" })) };
  const unnamed = { specification: "/F (bon.pdf) /UF (bon.pdf) /EF << /F 5 0 R >>" };
  const sources: [string, Buffer][] = [
    ["à table", pdf(hybrid(pdfa1), "/Info << /Title (La mienne) >>")],
    ["à flux", packedPdf(hybrid(pdfa1))],
  ];

  test.each(sources)("%s : l'original est le début du résultat, à l'octet près", (_, source) => {
    const { bytes, rules } = written(invoiceXml.replaceAll("F-2026-0042", "F-2026-0043"), { pdf: source });
    expect(Buffer.compare(Buffer.from(bytes.subarray(0, source.length)), source)).toBe(0);
    const { reading, content, findings } = reread(bytes);
    expect([reading.invoice.number, rules, findings, content.annexes]).toEqual(["F-2026-0043", [], [], []]);
    const { document, ...opened } = new Opened(bytes);
    expect(opened).toBeDefined();
    expect(document.sectionIsStream).toBe(source === sources[1]?.[1]);
    expect(new Opened(bytes).pages()).toHaveLength(1);
  });

  test("deux fois de suite, la dernière facture seule reste", () => {
    const once = written(invoiceXml, { pdf: sources[0]?.[1] ?? new Uint8Array() });
    const twice = written(invoiceXml.replaceAll("F-2026-0042", "F-2026-0044"), { pdf: once.bytes });
    const { reading, content } = reread(twice.bytes);
    expect([reading.invoice.number, content.annexes, content.findings]).toEqual(["F-2026-0044", [], []]);
  });

  test("ses autres fichiers joints restent", () => {
    const names = "/Names << /EmbeddedFiles << /Names [(bon.pdf) 4 0 R] >> >> /Metadata 6 0 R";
    const { content } = reread(
      written(invoiceXml, { pdf: pdf(hybrid({ ...unnamed, catalog: names })) }).bytes,
    );
    expect(content.annexes.map(({ name }) => name)).toEqual(["bon.pdf"]);
    expect(content.findings).toEqual([]);
  });

  test("un PDF ordinaire ne devient pas PDF/A pour autant, et cela est dit", () => {
    const { bytes, rules } = written(invoiceXml, { pdf: pdf(hybrid({ catalog: "" })) });
    expect(rules).toEqual(["PDF-NOT-PDFA"]);
    expect(reread(bytes).findings.map(({ rule }) => rule)).toEqual(["PDF-PDFA-PART"]);
  });

  test("un PDF signé garde sa signature, et cela est dit", () => {
    const form = "/AcroForm << /SigFlags 3 /Fields [] >> /Metadata 6 0 R";
    expect(written(invoiceXml, { pdf: pdf(hybrid({ catalog: form })) }).rules).toEqual(["PDF-SIGNED"]);
  });

  test.each([
    ["PDF-NOT-A-PDF", new Uint8Array([1, 2, 3])],
    ["PDF-ENCRYPTED", pdf(hybrid(), "/Encrypt << /Filter /Standard >>")],
    ["PDF-BROKEN", pdf(hybrid()).subarray(0, 3_000)],
  ])("%s", (rule, source) => {
    const outcome = writeFacturx(invoiceXml, { createdAt, pdf: source });
    expect([outcome.ok, outcome.findings.map((each) => each.rule)]).toEqual([false, [rule]]);
  });
});

describe("Ce qui ne peut faire un Factur-X est refusé", () => {
  const ubl = readFileSync(join(import.meta.dirname, "fixtures/facture.ubl.xml"));
  test.each([
    ["FACTURX-SYNTAX", ubl],
    ["FACTURX-PROFILE", invoiceXml.replace("urn:cen.eu:en16931:2017", "urn:autre")],
    ["READ-NOT-XML", "<facture>"],
  ])("%s", (rule, xml) => {
    const outcome = writeFacturx(xml, { createdAt });
    expect([outcome.ok, outcome.findings.map((each) => each.rule)]).toEqual([false, [rule]]);
  });
});

const folder = samplesFolder();

describe.skipIf(!folder)(
  `Les factures publiées deviennent des Factur-X${folder ? "" : " (échantillons absents : rien n'est vérifié ici)"}`,
  () => {
    test("toute facture CII d'un profil connu se met en page et se relit", () => {
      const samples = readSamples(folder ?? "").filter(
        ({ syntax, change }) => syntax === "cii" && change.length === 0,
      );
      const made = samples.flatMap(({ xml }) => {
        const outcome = writeFacturx(xml, { createdAt });
        return outcome.ok ? [outcome.bytes] : [];
      });
      expect(made.length).toBeGreaterThan(20);
      for (const bytes of made)
        expect(reread(bytes).findings.filter((each) => each.severity === "fatal")).toEqual([]);
    });

    test("tout PDF hybride publié reçoit une nouvelle facture", () => {
      const path = join(folder ?? "", "hybrid-pdf/good");
      for (const name of readdirSync(path)) {
        const { bytes, rules } = written(invoiceXml, { pdf: readFileSync(join(path, name)) });
        const { reading, content } = reread(bytes);
        expect([name, reading.invoice.number, rules, content.annexes.length]).toEqual([
          name,
          "F-2026-0042",
          [],
          0,
        ]);
        expect(new Opened(bytes).pages().length).toBeGreaterThan(0);
      }
    });
  },
);
