import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { check, type Invoice, readXml, type WriteOptions, write } from "../src/index.ts";
import { readSamples, samplesFolder } from "./conformance.ts";

const fixture = (name: string): string => readFileSync(join(import.meta.dirname, "fixtures", name), "utf8");

function invoiceIn(xml: string): Invoice {
  const outcome = readXml(xml);
  if (!outcome.ok) throw new Error(outcome.findings[0]?.message.en);
  return outcome.reading.invoice;
}

const reference = invoiceIn(fixture("facture.ubl.xml"));
const formats: WriteOptions[] = [{ format: "ubl" }, { format: "cii" }];

describe("Une facture écrite se relit entière", () => {
  test.each(formats)("la facture de référence en $format, conforme", (options) => {
    const { xml, lost } = write(reference, options);
    expect(lost).toEqual([]);
    expect(invoiceIn(xml)).toEqual(reference);
    expect(check(xml)).toEqual([]);
  });

  test("d'une syntaxe à l'autre et retour, rien ne change", () => {
    const cii = write(reference, { format: "cii" }).xml;
    const ubl = write(invoiceIn(cii), { format: "ubl" }).xml;
    expect(invoiceIn(ubl)).toEqual(reference);
  });

  test("un avoir devient un CreditNote, avec son échéance et son projet", () => {
    const creditNote: Invoice = { ...reference, typeCode: "381" };
    const { xml, lost } = write(creditNote, { format: "ubl" });
    expect(xml).toContain("<CreditNote ");
    expect(xml).toContain("<cbc:CreditedQuantity");
    expect(lost).toEqual([]);
    expect(invoiceIn(xml)).toMatchObject({
      typeCode: "381",
      dueDate: "2026-11-04",
      projectReference: "ECOLE-JAURES",
    });
  });

  test("le code d'exigibilité change de liste d'une syntaxe à l'autre", () => {
    const onPayment: Invoice = { ...reference, taxPointDateCode: "432" };
    const cii = write(onPayment, { format: "cii" });
    expect(cii.xml).toContain("<ram:DueDateTypeCode>72</ram:DueDateTypeCode>");
    expect(cii.lost).toEqual([]);
    expect(write(invoiceIn(cii.xml), { format: "ubl" }).xml).toContain(
      "<cbc:DescriptionCode>432</cbc:DescriptionCode>",
    );
  });

  test("aucun texte ne sort de sa place", () => {
    const evil = `]]><x>&amp;"'</cbc:ID>\u0001\ud83d`;
    for (const options of formats) {
      const { xml, lost } = write({ ...reference, number: evil, buyerReference: "<!DOCTYPE a>" }, options);
      const { number, buyerReference } = invoiceIn(xml);
      expect(number).toBe(`]]><x>&amp;"'</cbc:ID>\ufffd\ufffd`);
      expect(buyerReference).toBe("<!DOCTYPE a>");
      expect(lost).toEqual([{ path: "number", term: "BT-1", value: evil }]);
    }
  });
});

describe("Les profils Factur-X", () => {
  test.each(["MINIMUM", "BASIC WL", "BASIC", "EN 16931", "EXTENDED"] as const)(
    "%s : ce qui est écrit tient dans le profil, ce qui n'y tient pas est dit",
    (profile) => {
      const { xml, lost } = write(reference, { format: "cii", profile });
      expect(check(xml, { rules: ["facturx"] })).toEqual([]);
      const terms = new Set(lost.map((each) => each.term));
      expect(terms.has("BT-131")).toBe(profile === "MINIMUM" || profile === "BASIC WL");
      expect(terms.has("BT-41")).toBe(["MINIMUM", "BASIC WL", "BASIC"].includes(profile));
      expect(terms.has("BT-112")).toBe(false);
      if (profile === "EN 16931" || profile === "EXTENDED") expect(lost).toEqual([]);
    },
  );
});

describe("Des factures quelconques", () => {
  const text = fc
    .string({ unit: "grapheme", maxLength: 12 })
    .map((each) => each.replace(/[\ufffe\uffff\p{Cs}]|[\u0000-\u0008\u000b\u000c\u000e-\u001f]/gu, ""));
  const date = fc
    .date({ min: new Date("2000-01-01"), max: new Date("2099-12-31"), noInvalidDate: true })
    .map((each) => each.toISOString().slice(0, 10));
  const amount = fc
    .tuple(fc.integer({ min: -1e9, max: 1e9 }), fc.nat(99))
    .map(([units, cents]) => `${units}.${String(cents).padStart(2, "0")}`);
  const optional = <T extends object>(
    model: { [K in keyof T]: fc.Arbitrary<T[K]> },
  ): fc.Arbitrary<Partial<T>> => fc.record(model, { requiredKeys: [] }) as fc.Arbitrary<Partial<T>>;
  const identifier = fc.record({ value: text, scheme: fc.constantFrom("0002", "0009", "0088") });
  const address = optional({
    line1: text,
    line2: text,
    line3: text,
    city: text,
    postCode: text,
    subdivision: text,
    country: text,
  });
  const party = fc.record(
    {
      identifiers: fc.array(identifier, { maxLength: 2 }),
      name: text,
      tradingName: text,
      legalRegistration: identifier,
      vatIdentifier: text,
      taxRegistration: text,
      legalInformation: text,
      electronicAddress: identifier,
      address,
      contact: optional({ name: text, telephone: text, email: text }),
    },
    { requiredKeys: ["identifiers"] },
  );
  const taxed = { vatCategory: text, vatRate: amount, taxScheme: fc.constant("VAT") };
  const allowance = fc.record(
    { amount, base: amount, percentage: amount, reason: text, reasonCode: text, ...taxed },
    { requiredKeys: ["amount"] },
  );
  const line = fc.record(
    {
      allowances: fc.array(allowance, { maxLength: 1 }),
      charges: fc.array(allowance, { maxLength: 1 }),
      classifications: fc.array(fc.record({ value: text, scheme: text, version: text }), { maxLength: 1 }),
      attributes: fc.array(fc.record({ name: text, value: text }), { maxLength: 1 }),
      identifier: text,
      note: text,
      object: identifier,
      quantity: amount,
      unit: text,
      netAmount: amount,
      orderLineReference: text,
      buyerAccountingReference: text,
      period: fc.record({ start: date, end: date }),
      netPrice: amount,
      grossPrice: amount,
      baseQuantity: amount,
      itemName: text,
      itemDescription: text,
      sellerItemIdentifier: text,
      buyerItemIdentifier: text,
      standardItemIdentifier: identifier,
      originCountry: text,
      ...taxed,
    },
    { requiredKeys: ["allowances", "charges", "classifications", "attributes", "quantity"] },
  );
  const invoice = fc.record(
    {
      number: text,
      issueDate: date,
      typeCode: fc.constant("380"),
      currency: text,
      accountingCurrency: text,
      taxPointDate: date,
      taxPointDateCode: fc.constantFrom("3", "35", "432"),
      dueDate: date,
      buyerReference: text,
      projectReference: text,
      contractReference: text,
      purchaseOrderReference: text,
      salesOrderReference: text,
      receivingAdviceReference: text,
      despatchAdviceReference: text,
      tenderReference: text,
      invoicedObject: identifier,
      buyerAccountingReference: text,
      paymentTerms: text,
      notes: fc.array(fc.record({ subjectCode: fc.constantFrom("PMD", "AAB"), text }), { maxLength: 2 }),
      businessProcess: text,
      specification: text,
      precedingInvoices: fc.array(fc.record({ number: text, issueDate: date }), { maxLength: 2 }),
      seller: party,
      buyer: party,
      payee: fc.record({ identifiers: fc.array(identifier, { maxLength: 1 }), name: text }),
      taxRepresentative: fc.record({ identifiers: fc.constant([]), name: text, vatIdentifier: text }),
      delivery: fc.record({ name: text, location: identifier, date }),
      period: fc.record({ start: date, end: date }),
      creditorIdentifier: text,
      payments: fc.array(
        fc.record({
          meansCode: text,
          meansText: text,
          remittanceInformation: text,
          mandate: text,
          account: fc.record({ identifier: text, name: text }),
        }),
        { maxLength: 1 },
      ),
      allowances: fc.array(allowance, { maxLength: 1 }),
      charges: fc.array(allowance, { maxLength: 1 }),
      totals: fc.record({ lines: amount, withoutVat: amount, withVat: amount, due: amount }),
      vatTotals: fc.tuple(
        fc.record({
          amount,
          currency: text,
          breakdown: fc.array(fc.record({ base: amount, tax: amount, ...taxed }), {
            minLength: 1,
            maxLength: 2,
          }),
        }),
      ),
      attachments: fc.array(
        fc.record({
          reference: text,
          description: text,
          location: text,
          content: text,
          mimeType: text,
          fileName: text,
        }),
        { maxLength: 1 },
      ),
      lines: fc.array(line, { maxLength: 2 }),
    },
    {
      requiredKeys: [
        "notes",
        "precedingInvoices",
        "payments",
        "allowances",
        "charges",
        "vatTotals",
        "attachments",
        "lines",
        "seller",
      ],
    },
  ) as fc.Arbitrary<Invoice>;

  test.each(formats)("cinq mille, écrites en $format et relues : rien ne se perd", (options) => {
    fc.assert(
      fc.property(invoice, (each) => {
        expect(write(each, options).lost).toEqual([]);
      }),
      { numRuns: 5000 },
    );
  });
});

const folder = samplesFolder();

describe.skipIf(!folder)("Les échantillons officiels", () => {
  test("se récrivent dans leur syntaxe sans rien perdre, et dans l'autre sans perdre que des codes de note inconnus", () => {
    for (const sample of readSamples(folder ?? "")) {
      const invoice = invoiceIn(sample.xml);
      expect(write(invoice, { format: sample.syntax }).lost, sample.id).toEqual([]);
      const other = write(invoice, { format: sample.syntax === "ubl" ? "cii" : "ubl" });
      expect(
        other.lost.filter((each) => each.term !== "BT-21"),
        sample.id,
      ).toEqual([]);
    }
  });

  test("bons, ils restent bons dans leur syntaxe", () => {
    for (const sample of readSamples(folder ?? "")) {
      if (sample.change.length > 0 || sample.expected.en16931.fatal.length > 0) continue;
      const { xml } = write(invoiceIn(sample.xml), { format: sample.syntax });
      expect(
        check(xml).filter((finding) => finding.severity === "fatal"),
        sample.id,
      ).toEqual([]);
    }
  });
});
