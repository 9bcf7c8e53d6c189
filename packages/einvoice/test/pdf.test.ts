import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { deflateSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkReading, type Finding } from "../src/index.ts";
import {
  type Extraction,
  extractInvoice,
  extractInWorker,
  isPdf,
  readExtraction,
  readPdf,
} from "../src/pdf/index.ts";
import { samplesFolder } from "./conformance.ts";
import { memoryInUse, processorWatch, unhurried } from "./costs.ts";
import {
  deflated,
  type HybridParts,
  hybrid,
  invoiceXml,
  packedPdf,
  pdf,
  stream,
  xmp,
} from "./pdf-samples.ts";

const rulesOf = (findings: readonly Finding[]) => findings.map((finding) => finding.rule);

function findingsOf(extraction: Extraction): string[] {
  return rulesOf(extraction.ok ? extraction.content.findings : extraction.findings);
}

function contentOf(bytes: Uint8Array) {
  const extraction = extractInvoice(bytes);
  if (!extraction.ok) throw new Error(rulesOf(extraction.findings).join());
  return extraction.content;
}

const textOf = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const utf16 = (text: string) => `<FEFF${Buffer.from(text, "utf16le").swap16().toString("hex")}>`;

describe("La facture XML sort du PDF hybride", () => {
  test("avec son nom, son lien, ses métadonnées, sans réserve", () => {
    const { invoice, annexes, metadata, findings } = contentOf(pdf(hybrid()));
    expect(textOf(invoice.bytes)).toBe(invoiceXml);
    expect(invoice).toMatchObject({ name: "factur-x.xml", relationship: "Data", mediaType: "text/xml" });
    expect(metadata).toMatchObject({ documentType: "INVOICE", conformanceLevel: "EN 16931", pdfaPart: "3" });
    expect([annexes, findings]).toEqual([[], []]);
  });

  const specification = (name: string) => `/UF ${name} /AFRelationship /Data /EF << /F 5 0 R >>`;
  const variants: [string, Uint8Array][] = [
    ["dans des flux d'objets", packedPdf(hybrid())],
    [
      "sous un arbre de noms à plusieurs niveaux",
      pdf(
        hybrid({
          catalog: "/AF 8 0 R /Names << /EmbeddedFiles << /Kids [7 0 R] >> >> /Metadata 6 0 R",
          more: ["<< /Kids [9 0 R] >>", "[4 0 R]", "<< /Names [(factur-x.xml) 4 0 R] >>"],
        }),
      ),
    ],
    ["sous un nom en UTF-16", pdf(hybrid({ specification: specification(utf16("factur-x.xml")) }))],
    [
      "sous un nom aux caractères échappés",
      pdf(hybrid({ specification: specification("(factur\\055x.xml)") })),
    ],
    [
      "codée en ASCIIHex puis Flate",
      pdf(
        hybrid({
          file: stream(
            "/Subtype /text#2Fxml /Filter [/ASCIIHexDecode /FlateDecode]",
            `${deflateSync(invoiceXml).toString("hex")}>`,
          ),
        }),
      ),
    ],
    [
      "codée en ASCII85",
      pdf(hybrid({ file: stream("/Subtype /text#2Fxml /Filter /ASCII85Decode", ascii85(invoiceXml)) })),
    ],
    ["après des octets étrangers", Buffer.concat([Buffer.from("\r\n\r\n"), pdf(hybrid())])],
  ];
  test.each(variants)("%s", (_, bytes) => {
    const { invoice, findings } = contentOf(bytes);
    expect(textOf(invoice.bytes)).toBe(invoiceXml);
    expect(findings).toEqual([]);
  });

  const damaged: [string, Uint8Array][] = [
    [
      "malgré une table fausse",
      Buffer.from(
        pdf(hybrid())
          .toString("latin1")
          .replace(/startxref\n\d+/, "startxref\n7"),
        "latin1",
      ),
    ],
    [
      "malgré des flux d'objets sans table",
      Buffer.from(
        packedPdf(hybrid())
          .toString("latin1")
          .replace(/startxref\n\d+/, ""),
        "latin1",
      ),
    ],
    [
      "malgré une longueur fausse",
      Buffer.from(
        pdf(hybrid())
          .toString("latin1")
          .replace(/\/Length \d+/g, "/Length 3"),
        "latin1",
      ),
    ],
  ];
  test.each(damaged)("%s, avec un avertissement", (_, bytes) => {
    const { invoice, findings } = contentOf(bytes);
    expect(textOf(invoice.bytes)).toBe(invoiceXml);
    expect(rulesOf(findings)).toEqual(["PDF-REBUILT"]);
  });

  test.each(["zugferd-invoice.xml", "ZUGFeRD-invoice.xml", "xrechnung.xml"])("sous le nom %s", (name) => {
    const metadata = stream("", xmp({ fileName: name }));
    const { invoice, findings } = contentOf(
      pdf(hybrid({ specification: specification(`(${name})`), metadata })),
    );
    expect([invoice.name, findings]).toEqual([name, []]);
  });

  test("les autres fichiers sont ses annexes", () => {
    const catalog =
      "/AF [4 0 R] /Names << /EmbeddedFiles << /Names [(a) 7 0 R (b) 4 0 R] >> >> /Metadata 6 0 R";
    const more = ["<< /F (bon.csv) /EF << /F 8 0 R >> >>", stream("/Subtype /text#2Fcsv", "a;b")];
    const { invoice, annexes } = contentOf(pdf(hybrid({ catalog, more })));
    expect(invoice.name).toBe("factur-x.xml");
    expect(annexes.map((each) => [each.name, each.mediaType, textOf(each.bytes)])).toEqual([
      ["bon.csv", "text/csv", "a;b"],
    ]);
  });

  test("dans un fil séparé, puis se lit et se vérifie", async () => {
    const outcome = await readPdf(pdf(hybrid()), unhurried);
    if (!outcome.ok) throw new Error(rulesOf(outcome.findings).join());
    expect(outcome.reading.invoice.number).toBe("F-2026-0042");
    expect([...outcome.findings, ...checkReading(outcome.reading, ["en16931"])]).toEqual([]);
  });
});

describe("Un défaut du PDF donne son constat", () => {
  const metadata = (parts: Parameters<typeof xmp>[0]) => ({ metadata: stream("", xmp(parts)) });
  const without = (text: string): Partial<HybridParts> => ({ metadata: stream("", xmp().replace(text, "")) });
  const flawed: [string, Partial<HybridParts>][] = [
    ["PDF-ASSOCIATION", { catalog: "/Names << /EmbeddedFiles << /Names [(f) 4 0 R] >> >> /Metadata 6 0 R" }],
    ["PDF-ASSOCIATION", { catalog: "/Metadata 6 0 R", more: ["<< /Subtype /FileAttachment /FS 4 0 R >>"] }],
    [
      "PDF-RELATIONSHIP",
      { specification: "/UF (factur-x.xml) /AFRelationship /Unspecified /EF << /F 5 0 R >>" },
    ],
    ["PDF-RELATIONSHIP", { specification: "/UF (factur-x.xml) /EF << /F 5 0 R >>" }],
    ["PDF-MEDIA-TYPE", { file: deflated("/Subtype /text#2Fplain", invoiceXml) }],
    ["PDF-METADATA-ABSENT", { catalog: "/AF [4 0 R]" }],
    ["PDF-METADATA-ABSENT", { metadata: stream("", "<!DOCTYPE x><x/>") }],
    ["PDF-METADATA-ABSENT", { metadata: stream("", xmp().replace(/fx:\w+="[^"]*"/g, "")) }],
    ["PDF-METADATA-TYPE", metadata({ type: "ORDER" })],
    ["PDF-METADATA-FILE-NAME", metadata({ fileName: "facture.xml" })],
    ["PDF-METADATA-VERSION", without('fx:Version="1.0"')],
    ["PDF-METADATA-PROFILE", metadata({ level: "COMPLET" })],
    ["PDF-METADATA-SCHEMA", without("urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#")],
    ["PDF-PDFA-PART", metadata({ part: "1" })],
    [
      "PDF-STRUCTURE-EMPTY",
      {
        metadata: stream(
          "",
          xmp().replace("</pdfaid:part>", "</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance>"),
        ),
      },
    ],
  ];
  test.each(flawed)("%s", (rule, parts) => {
    expect(findingsOf(extractInvoice(pdf(hybrid(parts))))).toEqual([rule]);
  });

  test("PDF-NAME, la facture trouvée par son contenu", () => {
    const parts = {
      specification: "/UF (f.xml) /AFRelationship /Source /EF << /F 5 0 R >>",
      ...metadata({ fileName: "f.xml" }),
    };
    expect(findingsOf(extractInvoice(pdf(hybrid(parts))))).toEqual(["PDF-NAME"]);
    const unnamed = { ...parts, metadata: stream("", xmp()) };
    expect(findingsOf(extractInvoice(pdf(hybrid(unnamed))))).toEqual(["PDF-NAME", "PDF-METADATA-FILE-NAME"]);
  });

  test("PDF-SEVERAL-INVOICES", () => {
    const catalog = "/AF [4 0 R 7 0 R] /Metadata 6 0 R";
    const more = ["<< /F (xrechnung.xml) /EF << /F 8 0 R >> >>", stream("", invoiceXml)];
    expect(findingsOf(extractInvoice(pdf(hybrid({ catalog, more }))))).toEqual(["PDF-SEVERAL-INVOICES"]);
  });

  test.each([
    ["PDF-PROFILE-AGREEMENT", metadata({ level: "BASIC" })],
    [
      "PDF-FOREIGN-ELEMENT",
      {
        file: deflated(
          "/Subtype /text#2Fxml",
          invoiceXml.replace(/<(\/?)ram:BuyerReference>/g, "<$1BuyerReference>"),
        ),
      },
    ],
    ["READ-NOT-XML", { file: stream("/Subtype /text#2Fxml", "<facture>") }],
  ])("%s, avec la facture", (rule, parts) => {
    expect(rulesOf(readExtraction(extractInvoice(pdf(hybrid(parts)))).findings)).toEqual([rule]);
  });
});

describe("A-61 Un PDF illisible ou hostile est refusé, jamais une exception", () => {
  const good = pdf(hybrid());
  const bomb = deflateSync(Buffer.alloc(300_000_000));
  const nested = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;
  const refused: [string, string, () => Uint8Array][] = [
    ["des octets vides", "PDF-NOT-A-PDF", () => new Uint8Array()],
    ["du HTML nommé .pdf", "PDF-NOT-A-PDF", () => Buffer.from("<html><script>alert(1)</script></html>")],
    ["un en-tête seul", "PDF-BROKEN", () => Buffer.from("%PDF-1.7\n")],
    ["un PDF coupé avant sa facture", "PDF-BROKEN", () => good.subarray(0, good.indexOf("5 0 obj"))],
    ["un PDF chiffré", "PDF-ENCRYPTED", () => pdf(hybrid(), "/Encrypt << /Filter /Standard >>")],
    ["un PDF sans facture", "PDF-WITHOUT-INVOICE", () => pdf(hybrid({ catalog: "/Metadata 6 0 R" }))],
    [
      "un flux coupé",
      "PDF-BROKEN",
      () => pdf(hybrid({ file: stream("/Filter /FlateDecode", deflateSync(invoiceXml).subarray(0, 500)) })),
    ],
    [
      "une bombe de compression",
      "PDF-INFLATES-TOO-MUCH",
      () => pdf(hybrid({ file: stream("/Filter /FlateDecode", bomb) })),
    ],
    [
      "trois compressions de suite",
      "PDF-TOO-MANY-FILTERS",
      () => pdf(hybrid({ file: stream("/Filter [/FlateDecode /FlateDecode /FlateDecode]", bomb) })),
    ],
    [
      "une compression inconnue",
      "PDF-UNKNOWN-FILTER",
      () => pdf(hybrid({ file: stream("/Filter /LZWDecode", invoiceXml) })),
    ],
    ["une imbrication profonde", "PDF-TOO-DEEP", () => pdf(hybrid({ catalog: `/AF ${nested}` }))],
    [
      "une référence à elle-même",
      "PDF-TOO-DEEP",
      () => pdf(hybrid({ catalog: "/AF 7 0 R", more: ["7 0 R"] })),
    ],
    [
      "un flux d'objets qui se contient",
      "PDF-TOO-DEEP",
      () => pdf(hybrid({ file: stream("/Filter 5 0 R", invoiceXml) }).with(4, "5 0 R")),
    ],
    [
      "un million d'objets",
      "PDF-TOO-MANY-OBJECTS",
      () => pdf(hybrid({ catalog: `/AF [${"0 ".repeat(1_100_000)}]` })),
    ],
  ];
  test.each(refused)("%s : %s", async (_, rule, make) => {
    const bytes = make();
    const [memory, milliseconds] = [watchedMemory(), processorWatch()];
    // two seconds of processor: a busy machine must not end it before its flaw is found
    const outcome = await readPdf(bytes, unhurried);
    const [growth, spent] = [memory.stop(), milliseconds()];
    expect([outcome.ok, ...rulesOf(outcome.findings)]).toEqual([false, rule]);
    expect(outcome.findings[0]?.message.fr).not.toBe("");
    expect(growth).toBeLessThan(150_000_000);
    expect(spent).toBeLessThan(2_000);
  });

  test("un arbre de noms qui tourne en rond s'arrête", () => {
    const catalog = "/AF [4 0 R] /Names << /EmbeddedFiles 7 0 R >> /Metadata 6 0 R";
    const { findings } = contentOf(
      pdf(hybrid({ catalog, more: ["<< /Kids [7 0 R 7 0 R 8 0 R] >>", "<< /Kids [7 0 R] >>"] })),
    );
    expect(findings).toEqual([]);
  });

  test("un fichier fait pour durer s'arrête de lui-même avant deux secondes", async () => {
    const endless = Array.from({ length: 20_000 }, (_, index) => `${index + 1} 0 obj\n<<>>\nstream\n`);
    const bytes = Buffer.from(`%PDF-1.7\n${endless.join("")}${" ".repeat(20_000_000)}endstream`);
    const start = processorWatch();
    await readPdf(good, unhurried);
    const [ofThread, milliseconds] = [start(), processorWatch()];
    const outcome = await readPdf(bytes);
    expect(milliseconds() - ofThread).toBeLessThan(2_000);
    expect(rulesOf(outcome.findings)).toEqual(["PDF-TOO-SLOW"]);
  });

  test("un fil trop lent est arrêté, à l'heure dite", async () => {
    const outcome = await extractInWorker(good, { milliseconds: -399 });
    expect(findingsOf(outcome)).toEqual(["PDF-TOO-SLOW"]);
  });

  test("un fil qui passe sa mémoire est arrêté, et le programme continue", async () => {
    const large = pdf(hybrid({ catalog: `/AF [${"(a)".repeat(900_000)}]` }));
    expect(findingsOf(await extractInWorker(large, { heapMegabytes: 16, ...unhurried }))).toEqual([
      "PDF-TOO-MANY-OBJECTS",
    ]);
  });

  test("un PDF trop gros n'est pas même ouvert", async () => {
    expect(findingsOf(await extractInWorker(good, { bytes: 100 }))).toEqual(["PDF-TOO-LARGE"]);
    expect(
      findingsOf(extractInvoice(good, { bytes: 100, objects: 1, decodedBytes: 1, milliseconds: 1 })),
    ).toEqual(["PDF-TOO-LARGE"]);
  });

  test("des octets abîmés au hasard donnent une facture ou un constat, en moins de deux secondes", () => {
    const sources = [good, packedPdf(hybrid())];
    const spoil = fc.record({
      source: fc.constantFrom(...sources),
      changes: fc.array(fc.tuple(fc.nat(20_000), fc.nat(255)), { minLength: 1, maxLength: 40 }),
      end: fc.option(fc.nat(20_000), { nil: undefined }),
    });
    fc.assert(
      fc.property(spoil, ({ source, changes, end }) => {
        const bytes = Buffer.from(source.subarray(0, end));
        for (const [at, value] of changes) if (bytes.length > 0) bytes[at % bytes.length] = value;
        const milliseconds = processorWatch();
        const outcome = readExtraction(extractInvoice(bytes));
        expect(outcome.ok || outcome.findings.length > 0).toBe(true);
        expect(milliseconds()).toBeLessThan(2_000);
      }),
      { numRuns: 2_000 },
    );
  });
});

/** The highest growth of the program's memory while the thread works, in bytes. */
function watchedMemory() {
  memoryInUse(); // what earlier tests left is collected first, and not counted
  const before = process.memoryUsage.rss();
  let peak = before;
  const timer = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss());
  }, 5);
  return {
    stop: () => {
      clearInterval(timer);
      return peak - before;
    },
  };
}

const folder = samplesFolder();

describe.skipIf(!folder)(
  `Les PDF hybrides publiés${folder ? "" : " (échantillons absents : rien n'est vérifié ici)"}`,
  () => {
    const samples = (kind: string) => {
      const path = join(folder ?? "", "hybrid-pdf", kind);
      return folder ? readdirSync(path).map((name) => [name, readFileSync(join(path, name))] as const) : [];
    };

    test.each(samples("good"))("bon : %s se lit, sans défaut grave", (_, bytes) => {
      expect(isPdf(bytes)).toBe(true);
      const outcome = readExtraction(extractInvoice(bytes));
      expect(outcome.findings.filter((finding) => finding.severity === "fatal")).toEqual([]);
      expect(outcome.ok && outcome.reading.invoice.number).toBeTruthy();
    });

    test.each(samples("bad"))("mauvais : %s reçoit un constat", (_, bytes) => {
      const outcome = readExtraction(extractInvoice(bytes));
      const findings = [
        ...outcome.findings,
        ...(outcome.ok ? checkReading(outcome.reading, ["en16931"]) : []),
      ];
      expect(findings.length).toBeGreaterThan(0);
    });
  },
);

/** Four bytes as five characters, the last group cut short (ISO 32000-1, § 7.4.3). */
function ascii85(text: string): string {
  const bytes = Buffer.from(text);
  let encoded = "";
  for (let at = 0; at < bytes.length; at += 4) {
    const group = Buffer.alloc(4);
    const kept = bytes.copy(group, 0, at, at + 4);
    let value = group.readUInt32BE();
    const digits = Array.from({ length: 5 }, () => {
      const digit = value % 85;
      value = Math.floor(value / 85);
      return String.fromCharCode(33 + digit);
    }).reverse();
    encoded +=
      kept === 4 && value === 0 && group.every((byte) => byte === 0)
        ? "z"
        : digits.join("").slice(0, kept + 1);
  }
  return `${encoded}~>`;
}
