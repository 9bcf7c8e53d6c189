import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { lifeCycleRules } from "../src/lifecycle/check.ts";
import {
  checkLifeCycle,
  type InvoiceStatus,
  type LifeCycleMessage,
  type LifeCycleParty,
  readLifeCycle,
  type StatusCharacteristic,
  type StatusDetail,
  statusNames,
  writeLifeCycle,
} from "../src/lifecycle/index.ts";
import { samplesFolder } from "./conformance.ts";

const xml = readFileSync(join(import.meta.dirname, "fixtures/litige.cdar.xml"), "utf8");

const seller: LifeCycleParty = {
  identifiers: [{ value: "702042755", scheme: "0002" }],
  name: "Ateliers Vauquelin",
  role: "SE",
  electronicAddress: { value: "702042755_STATUTS", scheme: "0225" },
};

const detail: StatusDetail = {
  reasonCode: "TX_TVA_ERR",
  reason: "Le taux est de 10 %",
  actionCode: "CNF",
  action: "Faire un avoir",
  sequence: "1",
  notes: ["Travaux sur un logement"],
  characteristics: [
    { identifier: "BT-152", typeCode: "DVA", isChanged: "true", name: "Taux de TVA", percentage: "10.00" },
  ],
};

const status: InvoiceStatus = {
  invoiceNumber: "F-2026-0042",
  documentStatusCode: "46",
  invoiceType: "380",
  receivedAt: "2026-10-06T08:15:00",
  invoiceDate: "2026-10-05",
  status: "207",
  statusName: "En_litige",
  seller: { identifiers: [{ value: "702042755", scheme: "0002" }], role: "SE" },
  recipients: [{ identifiers: [], role: "BY" }],
  details: [detail],
};

/** The message of the fixture: a buyer disputes an invoice. */
const dispute: LifeCycleMessage = {
  businessProcess: "REGULATED",
  profile: "urn.cpro.gouv.fr:1p0:CDV:invoice",
  identifier: "F-2026-0042_207_20261012093000",
  name: "Litige sur F-2026-0042",
  createdAt: "2026-10-12T09:35:00",
  sender: { identifiers: [], role: "WK" },
  issuer: {
    identifiers: [{ value: "217600000", scheme: "0002" }],
    name: "Commune de Beauvoir",
    role: "BY",
  },
  recipients: [seller],
  isMultiple: "false",
  phase: "23",
  statusAt: "2026-10-12T09:30:00",
  statuses: [status],
};

const state: LifeCycleParty = { identifiers: [{ value: "0000", scheme: "0238" }], name: "PPF", role: "DFH" };

/** A group without some of its terms. */
function without<Group extends object>(group: Group, ...terms: (keyof Group)[]): Group {
  return Object.fromEntries(
    Object.entries(group).filter(([term]) => !terms.includes(term as keyof Group)),
  ) as Group;
}

/** The dispute with its status changed. */
const ofStatus = (change: Partial<InvoiceStatus>): LifeCycleMessage => ({
  ...dispute,
  statuses: [{ ...status, ...change }],
});

const ofReason = (code: string, reasonCode: string): LifeCycleMessage =>
  ofStatus({ status: code, details: [{ ...detail, reasonCode }] });

const received = (characteristics: StatusCharacteristic[]): LifeCycleMessage =>
  ofStatus({ status: "212", details: [{ ...without(detail, "reasonCode"), characteristics }] });

const transmission: LifeCycleMessage = {
  ...ofStatus({ status: "203", documentStatusCode: "48", details: [] }),
  phase: "305",
  issuer: { identifiers: [], role: "WK" },
};

const fromPublicPortal = (message: LifeCycleMessage): LifeCycleMessage => ({
  ...message,
  sender: { identifiers: [{ value: "9999", scheme: "0238" }], role: "WK" },
});

const toTheState = (message: LifeCycleMessage): LifeCycleMessage => ({
  ...without(message, "businessProcess"),
  profile: "urn.cpro.gouv.fr:1p0:CDV:einvoicingF2",
  recipients: [state],
});

/** What a message says, and exactly which rules that breaks. */
const cases: readonly [title: string, message: LifeCycleMessage, broken: string[]][] = [
  ["un litige en règle", dispute, []],
  ["une mise à disposition en règle", transmission, []],
  ["un message pour le PPF seul", toTheState(transmission), []],
  [
    "un message pour le PPF, qui a un autre destinataire",
    { ...toTheState(transmission), recipients: [state, seller] },
    ["BR-FR-CDV-02_MDT-3", "BR-FR-CDV-CL-01_MDT-2"],
  ],
  ["sans profil", without(dispute, "profile"), ["BR-FR-CDV-01_MDG-3", "BR-FR-CDV-02_MDT-3"]],
  ["sans identifiant", without(dispute, "identifier"), ["BR-FR-CDV-03_MDT-4"]],
  ["sans date de création", without(dispute, "createdAt"), ["BR-FR-CDV-04_MDG-4"]],
  ["sans expéditeur", without(dispute, "sender"), ["BR-FR-CDV-05_MDG-9", "BR-FR-CDV-CL-02_MDT-21_23"]],
  [
    "un expéditeur sans rôle",
    { ...dispute, sender: { identifiers: [] } },
    ["BR-FR-CDV-06_MDT-21", "BR-FR-CDV-CL-02_MDT-21_23"],
  ],
  [
    "une partie sans identifiant, en traitement",
    { ...dispute, issuer: { identifiers: [], role: "BY" } },
    ["BR-FR-CDV-07_MDT-38_yes"],
  ],
  [
    "un destinataire sans adresse",
    { ...dispute, recipients: [without(seller, "electronicAddress")] },
    ["BR-FR-CDV-08_MDT-73"],
  ],
  ["une phase inconnue", { ...dispute, phase: "24" }, ["BR-FR-CDV-09_MDT-77"]],
  ["sans numéro de facture", ofStatus({ invoiceNumber: "" }), ["BR-FR-CDV-10_MDT-87"]],
  [
    "sans date de facture",
    { ...dispute, statuses: [without(status, "invoiceDate")] },
    ["BR-FR-CDV-11_MDG-35"],
  ],
  [
    "une facture irrecevable, sans date ni vendeur identifié",
    {
      ...dispute,
      statuses: [
        {
          ...without(status, "invoiceDate"),
          status: "501",
          seller: { identifiers: [] },
          details: [{ ...detail, reasonCode: "IRR_SYNTAX" }],
        },
      ],
    },
    [],
  ],
  ["sans statut", { ...dispute, statuses: [without(status, "status")] }, ["BR-FR-CDV-12_MDT-105"]],
  ["un vendeur sans identifiant", ofStatus({ seller: { identifiers: [] } }), ["BR-FR-CDV-13_MDT-129"]],
  ["une facture encaissée, sans montant", received([]), ["BR-FR-CDV-14_MDT-207"]],
  [
    "une facture encaissée, un montant sans taux",
    received([
      { typeCode: "MEN", amount: "120.00", currency: "EUR", percentage: "20" },
      { typeCode: "MEN", amount: "55.00", currency: "EUR" },
    ]),
    ["BR-FR-CDV-14_MDT-207"],
  ],
  [
    "une facture encaissée, montant et taux",
    received([{ typeCode: "MEN", amount: "120.00", currency: "EUR", percentage: "20" }]),
    [],
  ],
  ["un litige sans motif", ofStatus({ details: [] }), ["BR-FR-CDV-15_MDT-113"]],
  ["un détail sans numéro", ofStatus({ details: [without(detail, "sequence")] }), ["BR-FR-CDV-16_MDT-124-2"]],
  ["un type de facture inconnu", ofStatus({ invoiceType: "999" }), ["BR-FR-04_MDT-91"]],
  ["un processus inconnu", { ...dispute, businessProcess: "AUTRE" }, ["BR-FR-CDV-CL-01_MDT-2"]],
  [
    "une transmission envoyée et donnée par l'acheteur",
    { ...transmission, sender: { identifiers: [], role: "BY" }, issuer: { identifiers: [], role: "BY" } },
    ["BR-FR-CDV-CL-02_MDT-21_305", "BR-FR-CDV-CL-03_MDT-40_305"],
  ],
  [
    "un litige donné par une plateforme",
    { ...dispute, issuer: { identifiers: seller.identifiers, role: "WK" } },
    ["BR-FR-CDV-CL-03_MDT-40_23"],
  ],
  [
    "un rôle de destinataire inconnu",
    { ...dispute, recipients: [{ ...seller, role: "XX" }] },
    ["BR-FR-CDV-CL-04_MDT-59"],
  ],
  [
    "un code de transmission, en traitement",
    ofStatus({ documentStatusCode: "48" }),
    ["BR-FR-CDV-CL-05_MDT-88_23"],
  ],
  [
    "un code de traitement, en transmission",
    { ...transmission, statuses: [{ ...status, status: "203", details: [] }] },
    ["BR-FR-CDV-CL-05_MDT-88_305"],
  ],
  [
    "un statut inconnu",
    ofStatus({ status: "299", details: [{ ...detail, status: "298" }] }),
    ["BR-FR-CDV-CL-06_MDT-105", "BR-FR-CDV-CL-06_MDT-115"],
  ],
  [
    "un vendeur au rôle d'acheteur",
    ofStatus({ seller: { identifiers: seller.identifiers, role: "BY" } }),
    ["BR-FR-CDV-CL-07_MDT-132"],
  ],
  [
    "un destinataire de la facture au rôle inconnu",
    ofStatus({ recipients: [{ identifiers: [], role: "XX" }] }),
    ["BR-FR-CDV-CL-08_MDT-158"],
  ],
  ["un motif inconnu", ofReason("205", "CAPRICE"), ["BR-FR-CDV-CL-09_MDT-113"]],
  ["un motif d'un autre statut : 200", ofReason("200", "AUTRE"), ["BR-FR-CDV-CL-09_MDT-113_200"]],
  ["un motif d'un autre statut : 206", ofReason("206", "DOUBLON"), ["BR-FR-CDV-CL-09_MDT-113_206"]],
  ["un motif d'un autre statut : 207", ofReason("207", "REJ_UNI"), ["BR-FR-CDV-CL-09_MDT-113_207"]],
  ["un motif d'un autre statut : 208", ofReason("208", "DOUBLON"), ["BR-FR-CDV-CL-09_MDT-113_208"]],
  ["un motif d'un autre statut : 210", ofReason("210", "LIVR_INCOMP"), ["BR-FR-CDV-CL-09_MDT-113_210"]],
  ["un motif d'un autre statut : 213", ofReason("213", "AUTRE"), ["BR-FR-CDV-CL-09_MDT-113_213"]],
  ["un motif d'un autre statut : 221", ofReason("221", "AUTRE"), ["BR-FR-CDV-CL-09_MDT-113_221"]],
  ["un motif d'un autre statut : 501", ofReason("501", "AUTRE"), ["BR-FR-CDV-CL-09_MDT-113_501"]],
  ["un refus public, motif des acheteurs publics", fromPublicPortal(ofReason("210", "LIVR_INCOMP")), []],
  [
    "un refus public, motif d'un autre statut",
    fromPublicPortal(ofReason("210", "REJ_UNI")),
    ["BR-FR-CDV-CL-09_MDT-113_210B2G"],
  ],
  [
    "un détail sur un autre statut que celui de la facture",
    ofStatus({ details: [detail, { ...detail, status: "213", reasonCode: "REJ_UNI", sequence: "2" }] }),
    [],
  ],
  [
    "une action inconnue",
    ofStatus({ details: [{ ...detail, actionCode: "XXX" }] }),
    ["BR-FR-CDV-CL-10_MDT-121"],
  ],
  [
    "un type de donnée inconnu",
    ofStatus({ details: [{ ...detail, characteristics: [{ typeCode: "XXX" }] }] }),
    ["BR-FR-CDV-CL-11_MDT-207"],
  ],
];

describe("Les messages de cycle de vie", () => {
  test("Un message se lit en entier", () => {
    const outcome = readLifeCycle(xml);
    if (!outcome.ok) throw new Error(outcome.findings[0]?.message.en);
    expect(outcome.reading.message).toEqual(dispute);
    expect(outcome.reading.unread).toEqual([]);
  });

  test.each(cases)("%s", (_, message, broken) => {
    expect(
      checkLifeCycle(message)
        .map((finding) => finding.rule)
        .sort(),
    ).toEqual(broken);
    expect(
      checkLifeCycle(writeLifeCycle(message))
        .map((finding) => finding.rule)
        .sort(),
    ).toEqual(broken);
  });

  test("Chaque règle est enfreinte par un essai au moins", () => {
    const exercised = new Set(cases.flatMap(([, , broken]) => broken));
    expect(lifeCycleRules.map((rule) => rule.id).filter((rule) => !exercised.has(rule))).toEqual([]);
  });

  test("Un constat dit où, quoi et que faire", () => {
    const [finding] = checkLifeCycle(xml.replace("TX_TVA_ERR", "CAPRICE"));
    expect(finding).toMatchObject({
      rule: "BR-FR-CDV-CL-09_MDT-113",
      severity: "fatal",
      term: "MDT-113",
      value: "CAPRICE",
      message: { fr: expect.stringMatching(/^Choisissez le motif \(MDT-113\) parmi /) },
    });
    expect(finding?.place?.xpath).toMatch(/ram:SpecifiedDocumentStatus\/ram:ReasonCode$/);
  });

  test("Des octets qui ne sont pas un message donnent un constat, jamais une exception", () => {
    for (const [text, rule] of [
      ["", "READ-NOT-XML"],
      ["<Facture/>", "READ-NOT-A-LIFE-CYCLE-MESSAGE"],
      ["<!DOCTYPE a><a/>", "READ-DOCTYPE"],
    ] as const)
      expect(checkLifeCycle(new TextEncoder().encode(text)).map((finding) => finding.rule)).toEqual([rule]);
  });

  test("Chaque statut de la réforme a son nom", () => {
    expect(statusNames["207"]).toEqual({ fr: "En litige", en: "Disputed" });
    expect(Object.keys(statusNames)).toHaveLength(23);
  });
});

/** Any text that XML can hold. */
const text = fc.string({ unit: fc.constantFrom(..."aé€ <>&\"'\t\n\r#x😀".match(/./gsu)!), maxLength: 12 });
const day = fc
  .date({ min: new Date("1900-01-01"), max: new Date("2999-12-31"), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));
const time = fc
  .date({ min: new Date("1900-01-01"), max: new Date("2999-12-31"), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 19));
const identifier = fc.record({ value: text, scheme: text }, { requiredKeys: ["value"] });
const someone = fc.record(
  {
    identifiers: fc.array(identifier, { maxLength: 2 }),
    name: text,
    role: text,
    electronicAddress: identifier,
  },
  { requiredKeys: ["identifiers"] },
);
const someCharacteristic = fc.record(
  {
    identifier: text,
    typeCode: text,
    isChanged: text,
    name: text,
    location: text,
    value: text,
    amount: text,
    currency: text,
    date: fc.oneof(day, time),
    percentage: text,
  },
  { requiredKeys: ["amount"] },
);
const someDetail = fc.record(
  {
    reasonCode: text,
    reason: text,
    status: text,
    statusName: text,
    actionCode: text,
    action: text,
    sequence: text,
    notes: fc.array(text, { maxLength: 2 }),
    characteristics: fc.array(someCharacteristic, { maxLength: 2 }),
  },
  { requiredKeys: ["notes", "characteristics"] },
);
const someStatus = fc.record(
  {
    invoiceNumber: text,
    documentStatusCode: text,
    invoiceType: text,
    receivedAt: time,
    referenceType: text,
    invoiceDate: day,
    status: text,
    statusName: text,
    seller: someone,
    recipients: fc.array(someone, { maxLength: 2 }),
    details: fc.array(someDetail, { maxLength: 2 }),
  },
  { requiredKeys: ["recipients", "details"] },
);
const someMessage: fc.Arbitrary<LifeCycleMessage> = fc.record(
  {
    businessProcess: text,
    profile: text,
    identifier: text,
    name: text,
    createdAt: time,
    sender: someone,
    issuer: someone,
    recipients: fc.array(someone, { maxLength: 2 }),
    isMultiple: text,
    phase: text,
    statusAt: time,
    statuses: fc.array(someStatus, { maxLength: 2 }),
  },
  { requiredKeys: ["recipients", "statuses"] },
);

test("Ce qui est écrit se relit à l'identique", () => {
  fc.assert(
    fc.property(someMessage, (message) => {
      const outcome = readLifeCycle(writeLifeCycle(message));
      expect(outcome.ok && outcome.reading.message).toEqual(message);
      expect(outcome.ok && outcome.reading.unread).toEqual([]);
    }),
    { numRuns: 500 },
  );
});

const folder = samplesFolder();
const samples = folder && existsSync(join(folder, "cdar")) ? join(folder, "cdar") : undefined;

describe.skipIf(!samples)(
  `Les messages publiés${samples ? "" : " (échantillons absents : rien n'est vérifié ici)"}`,
  () => {
    test("chacun se lit en entier, est conforme, et se récrit sans perte", () => {
      const files = readdirSync(samples ?? "").filter((name) => name.endsWith(".xml"));
      expect(files.length).toBeGreaterThanOrEqual(6);
      for (const name of files) {
        const outcome = readLifeCycle(readFileSync(join(samples ?? "", name)));
        if (!outcome.ok) throw new Error(`${name}: ${outcome.findings[0]?.message.en}`);
        const { message, unread } = outcome.reading;
        expect(unread, name).toEqual([]);
        expect(checkLifeCycle(message), name).toEqual([]);
        const again = readLifeCycle(writeLifeCycle(message));
        expect(again.ok && again.reading.message, name).toEqual(message);
      }
    });
  },
);
