import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type ArchiveLimits, readArchive } from "../src/archive/index.ts";
import { tar, tarGz, zip } from "./archive-samples.ts";
import { unpackedBy } from "./costs.ts";

/** What comes out: `name=text` for a file, `RULE name` for a finding. */
async function itemsOf(bytes: Uint8Array, limits?: Partial<ArchiveLimits>): Promise<string[]> {
  const items: string[] = [];
  for await (const item of readArchive(bytes, limits))
    items.push(
      item.kind === "file"
        ? `${item.name}=${new TextDecoder().decode(item.bytes).slice(0, 20)}`
        : `${item.finding.rule} ${item.finding.value ?? ""}`.trim(),
    );
  return items;
}

const makers = { zip, "tar.gz": tarGz } as const;

describe.each(["zip", "tar.gz"] as const)("Un lot %s", (kind) => {
  const make = makers[kind];

  test("donne ses fichiers, un à un, sans les dossiers ni ce que les systèmes ajoutent", async () => {
    const bytes = make([
      { name: "lot/", type: "5", mode: 0o40755 },
      { name: "lot/été.xml", data: "<a/>" },
      { name: "__MACOSX/lot/._été.xml", data: "x" },
      { name: "lot/vide.csv" },
      { name: "tableau.xlsx", data: "PK\x03\x04" },
    ]);
    expect(await itemsOf(bytes)).toEqual(["lot/été.xml=<a/>", "lot/vide.csv=", "tableau.xlsx=PK\x03\x04"]);
  });

  test.each(["../../etc/passwd", "a/../../b", "/etc/passwd", "C:a", "a\nb"])(
    "refuse le chemin %j, et lit les autres fichiers",
    async (name) => {
      expect(
        await itemsOf(
          make([
            { name, data: "x" },
            { name: "b.xml", data: "b" },
          ]),
        ),
      ).toEqual([`ARCHIVE-PATH ${name}`, "b.xml=b"]);
    },
  );

  test("refuse un lien symbolique", async () => {
    const link = { name: "lien", mode: 0o120777, type: "2" };
    expect(await itemsOf(make([link]))).toEqual(["ARCHIVE-LINK lien"]);
  });

  test("n'ouvre pas une archive dans l'archive, quel que soit son nom", async () => {
    const bytes = make([
      { name: "a.zip", data: "" },
      { name: "b.xml", data: zip([{ name: "c", data: "c" }]) },
    ]);
    expect(await itemsOf(bytes)).toEqual(["ARCHIVE-NESTED a.zip", "ARCHIVE-NESTED b.xml"]);
  });

  test("refuse deux fichiers de même nom, à la casse près", async () => {
    const bytes = make([
      { name: "A.xml", data: "1" },
      { name: "a.XML", data: "2" },
    ]);
    expect(await itemsOf(bytes)).toEqual(["A.xml=1", "ARCHIVE-DUPLICATE a.XML"]);
  });

  test("vide, le dit", async () => {
    expect(await itemsOf(make([]))).toEqual(["ARCHIVE-EMPTY"]);
  });

  test("s'arrête au nombre de fichiers permis", async () => {
    const bytes = make(Array.from({ length: 5 }, (_, index) => ({ name: `${index}`, data: "x" })));
    expect(await itemsOf(bytes, { entries: 2 })).toEqual(["0=x", "1=x", "ARCHIVE-TOO-MANY-ENTRIES"]);
  });

  test("s'arrête à la taille permise, d'un fichier et de tous", async () => {
    const bytes = make([
      { name: "a", data: "x".repeat(600) },
      { name: "b", data: "x".repeat(600) },
    ]);
    expect(await itemsOf(bytes, { entryBytes: 599 })).toEqual(["ARCHIVE-INFLATES-TOO-MUCH"]);
    expect((await itemsOf(bytes, { totalBytes: 1_000 })).at(-1)).toBe("ARCHIVE-INFLATES-TOO-MUCH");
  });

  test("de dix mille pour un est arrêté avant d'être déployé", async () => {
    const bytes = make([{ name: "zéros", data: Buffer.alloc(90_000_000) }]);
    const { answer, bytes: unpacked } = await unpackedBy(() => itemsOf(bytes));
    expect(answer).toEqual(["ARCHIVE-INFLATES-TOO-MUCH"]);
    expect(unpacked).toBeGreaterThan(0);
    expect(unpacked).toBeLessThan(45_000_000);
  });

  test("coupé ou abîmé au hasard, donne des fichiers ou des constats, jamais une exception", async () => {
    const bytes = make([
      { name: "a.xml", data: "<a>facture</a>".repeat(50) },
      { name: "b.pdf", data: "%PDF-1.7" },
    ]);
    const change = fc.tuple(fc.nat(5_000), fc.nat(255));
    await fc.assert(
      fc.asyncProperty(fc.array(change, { maxLength: 20 }), fc.nat(5_000), async (changes, end) => {
        const spoiled = Buffer.from(bytes.subarray(0, Math.max(4, end)));
        for (const [at, value] of changes) spoiled[at % spoiled.length] = value;
        expect((await itemsOf(spoiled)).length).toBeGreaterThan(0);
      }),
      { numRuns: 500 },
    );
  });
});

describe("Un zip", () => {
  test("aux chemins de Windows se lit comme un autre, sans en sortir davantage", async () => {
    const bytes = zip([
      { name: "lot\\a.xml", data: "a" },
      { name: "..\\b.xml", data: "b" },
    ]);
    expect(await itemsOf(bytes)).toEqual(["lot/a.xml=a", "ARCHIVE-PATH ../b.xml"]);
  });

  test("protégé, compressé autrement ou de somme fausse donne le constat de son fichier", async () => {
    const bytes = zip([
      { name: "secret", data: "x", flags: 1 },
      { name: "autre", data: "x", method: 99 },
      { name: "faux", data: "x", checksum: 1 },
      { name: "clair", data: "x", method: 0 },
    ]);
    expect(await itemsOf(bytes)).toEqual([
      "ARCHIVE-ENCRYPTED secret",
      "ARCHIVE-METHOD autre",
      "ARCHIVE-CHECKSUM faux",
      "clair=x",
    ]);
  });

  test("dont la taille annoncée ment est arrêté", async () => {
    const bytes = zip([{ name: "a", data: "x".repeat(50) }]);
    bytes.writeUInt32LE(10, bytes.indexOf("PK\x01\x02") + 24);
    expect(await itemsOf(bytes)).toEqual(["ARCHIVE-BROKEN"]);
  });
});

describe("Un tar.gz", () => {
  test("lit les noms longs de pax et de GNU", async () => {
    const long = `${"dossier/".repeat(20)}a.xml`;
    const record = ` path=${long}\n`;
    const pax = { name: "pax", type: "x", data: `${record.length + 3}${record}` };
    const gnu = { name: "././@LongLink", type: "L", data: `${long}2\0` };
    expect(await itemsOf(tarGz([pax, { name: "a", data: "1" }, gnu, { name: "b", data: "2" }]))).toEqual([
      `${long}=1`,
      `${long}2=2`,
    ]);
  });

  test("un chemin de pax qui sort de l'archive est refusé", async () => {
    const pax = { name: "pax", type: "x", data: "15 path=../../a\n".replace("15", "16") };
    expect(await itemsOf(tarGz([pax, { name: "a" }]))).toEqual(["ARCHIVE-PATH ../../a"]);
  });

  test("coupé, le dit ; sans tar dedans, aussi", async () => {
    const whole = tar([{ name: "a", data: "x".repeat(2_000) }]);
    expect(await itemsOf(gzipSync(whole.subarray(0, 1_500)))).toEqual(["ARCHIVE-BROKEN"]);
    expect(await itemsOf(gzipSync("<facture/>"))).toEqual(["ARCHIVE-NOT-A-TAR"]);
  });

  test("d'une taille en base 256, au-delà de tout, est refusé", async () => {
    const blocks = tar([{ name: "a", data: "x" }]);
    blocks.fill(0xff, 124, 136);
    const sum = blocks
      .subarray(0, 512)
      .reduce((total, byte, at) => total + (at >= 148 && at < 156 ? 32 : byte), 0);
    blocks.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
    expect(await itemsOf(gzipSync(blocks))).toEqual(["ARCHIVE-INFLATES-TOO-MUCH"]);
  });
});
