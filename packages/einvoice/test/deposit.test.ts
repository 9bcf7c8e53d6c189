import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { read } from "../src/deposit/read-deposit.ts";
import { tarGz, zip } from "./archive-samples.ts";
import { unhurried } from "./costs.ts";
import { hybrid, invoiceXml, pdf } from "./pdf-samples.ts";

const ubl = readFileSync(join(import.meta.dirname, "fixtures/facture.ubl.xml"));

const cdar = readFileSync(join(import.meta.dirname, "fixtures/litige.cdar.xml"));

/** What a deposit holds: its kind, its name, then the invoice's number or the findings' rules. */
async function heldBy(bytes: Uint8Array): Promise<string[]> {
  const held: string[] = [];
  for await (const each of read(bytes, { pdf: unhurried })) {
    const rules = each.kind === "annex" ? [] : each.findings.map((finding) => finding.rule);
    const number = each.kind === "invoice" ? [each.reading.syntax, each.reading.invoice.number] : [];
    const statuses =
      each.kind === "lifecycle" ? each.reading.message.statuses.map(({ status }) => status) : [];
    held.push([each.kind, ...(each.name ? [each.name] : []), ...number, ...statuses, ...rules].join(" "));
  }
  return held;
}

describe("Un dépôt se reconnaît à son contenu, quel que soit son nom", () => {
  const withoutInvoice = pdf(hybrid({ catalog: "" }));

  test.each([
    ["UBL", ubl, "invoice ubl F-2026-0042"],
    [
      "CII en UTF-16",
      Buffer.from(`\uFEFF${invoiceXml.replace(/<\?xml.*?\?>/, "")}`, "utf16le"),
      "invoice cii F-2026-0042",
    ],
    ["message de cycle de vie", cdar, "lifecycle 207"],
    [
      "message de cycle de vie d'une autre racine",
      Buffer.from("<a:CrossDomainAcknowledgementAndResponse xmlns:a='b'/>"),
      "unusable READ-NOT-AN-INVOICE",
    ],
    ["PDF hybride", pdf(hybrid()), "invoice cii F-2026-0042"],
    ["PDF sans facture", withoutInvoice, "unusable PDF-WITHOUT-INVOICE"],
    ["image", Buffer.from("\x89PNG\r\n", "latin1"), "unusable READ-UNKNOWN-FORMAT"],
    ["octets vides", new Uint8Array(), "unusable READ-UNKNOWN-FORMAT"],
    ["XML mal formé", Buffer.from("\n <facture>"), "unusable READ-NOT-XML"],
    ["zip abîmé", Buffer.from("PK\x03\x04"), "unusable ARCHIVE-BROKEN"],
  ])("%s", async (_, bytes, expected) => {
    expect(await heldBy(bytes)).toEqual([expected]);
  });

  test.each([
    ["zip", zip],
    ["tar.gz", tarGz],
  ])("un lot %s donne ses factures, leurs annexes et ce qui ne va pas", async (_, make) => {
    const bytes = make([
      { name: "1.xml", data: ubl },
      { name: "2.pdf", data: pdf(hybrid()) },
      { name: "bon-de-commande.pdf", data: withoutInvoice },
      { name: "photo.png", data: "\x89PNG" },
      { name: "note.xml", data: "<note/>" },
      { name: "litige.xml", data: cdar },
      { name: "cassé.xml", data: "<facture>" },
      { name: "cassé.pdf", data: "%PDF-1.7" },
      { name: "../x.xml", data: ubl },
    ]);
    expect(await heldBy(bytes)).toEqual([
      "invoice 1.xml ubl F-2026-0042",
      "invoice 2.pdf cii F-2026-0042",
      "annex bon-de-commande.pdf",
      "annex photo.png",
      "annex note.xml",
      "lifecycle litige.xml 207",
      "unusable cassé.xml READ-NOT-XML",
      "unusable cassé.pdf PDF-BROKEN",
      "unusable ../x.xml ARCHIVE-PATH",
    ]);
  });

  test("des octets quelconques donnent un constat, jamais une exception", () =>
    fc.assert(
      fc.asyncProperty(
        fc.constantFrom("", "PK\x03\x04", "\x1f\x8b", "%PDF-1.7\n", "<?xml version='1.0'?>"),
        fc.uint8Array({ maxLength: 300 }),
        async (start, rest) => {
          const held = await heldBy(Buffer.concat([Buffer.from(start, "latin1"), rest]));
          expect(held.length).toBeGreaterThan(0);
        },
      ),
      { numRuns: 100 },
    ));
});
