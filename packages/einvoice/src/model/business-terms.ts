/** Terms of a party, by the property of the invoice that holds it: seller, buyer, payee, tax representative. */
const parties: Record<string, Record<string, string>> = {
  seller: {
    name: "BT-27",
    tradingName: "BT-28",
    identifiers: "BT-29",
    legalRegistration: "BT-30",
    vatIdentifier: "BT-31",
    taxRegistration: "BT-32",
    legalInformation: "BT-33",
    electronicAddress: "BT-34",
    "contact.name": "BT-41",
    "contact.telephone": "BT-42",
    "contact.email": "BT-43",
    ...address(35, 162, 40),
  },
  buyer: {
    name: "BT-44",
    tradingName: "BT-45",
    identifiers: "BT-46",
    legalRegistration: "BT-47",
    vatIdentifier: "BT-48",
    electronicAddress: "BT-49",
    "contact.name": "BT-56",
    "contact.telephone": "BT-57",
    "contact.email": "BT-58",
    ...address(50, 163, 55),
  },
  payee: { name: "BT-59", identifiers: "BT-60", legalRegistration: "BT-61" },
  taxRepresentative: { name: "BT-62", vatIdentifier: "BT-63", ...address(64, 164, 69) },
  delivery: { name: "BT-70", location: "BT-71", date: "BT-72", ...address(75, 165, 80) },
};

/** An address numbers its terms in a row, but for its third line. */
function address(first: number, line3: number, country: number): Record<string, string> {
  return {
    "address.line1": `BT-${first}`,
    "address.line2": `BT-${first + 1}`,
    "address.line3": `BT-${line3}`,
    "address.city": `BT-${first + 2}`,
    "address.postCode": `BT-${first + 3}`,
    "address.subdivision": `BT-${first + 4}`,
    "address.country": `BT-${country}`,
  };
}

function allowance(first: number): Record<string, string> {
  const names = ["amount", "base", "percentage", "vatCategory", "vatRate", "reason", "reasonCode"];
  return Object.fromEntries(names.map((name, index) => [name, `BT-${first + index}`]));
}

/** Allowances and charges of lines carry no VAT category of their own. */
function lineAllowance(first: number): Record<string, string> {
  const names = ["amount", "base", "percentage", "reason", "reasonCode"];
  return Object.fromEntries(names.map((name, index) => [name, `BT-${first + index}`]));
}

const groups: Record<string, Record<string, string>> = {
  ...parties,
  notes: { subjectCode: "BT-21", text: "BT-22" },
  precedingInvoices: { number: "BT-25", issueDate: "BT-26" },
  period: { start: "BT-73", end: "BT-74" },
  payments: {
    meansCode: "BT-81",
    meansText: "BT-82",
    remittanceInformation: "BT-83",
    "account.identifier": "BT-84",
    "account.name": "BT-85",
    "account.serviceProvider": "BT-86",
    cardNumber: "BT-87",
    cardHolder: "BT-88",
    mandate: "BT-89",
    debitedAccount: "BT-91",
  },
  allowances: allowance(92),
  charges: allowance(99),
  totals: {
    lines: "BT-106",
    allowances: "BT-107",
    charges: "BT-108",
    withoutVat: "BT-109",
    withVat: "BT-112",
    paid: "BT-113",
    rounding: "BT-114",
    due: "BT-115",
  },
  vatTotals: {
    amount: "BT-110",
    currency: "BT-110",
    "breakdown.base": "BT-116",
    "breakdown.tax": "BT-117",
    "breakdown.vatCategory": "BT-118",
    "breakdown.vatRate": "BT-119",
    "breakdown.exemptionReason": "BT-120",
    "breakdown.exemptionCode": "BT-121",
  },
  attachments: {
    reference: "BT-122",
    description: "BT-123",
    location: "BT-124",
    content: "BT-125",
    mimeType: "BT-125",
    fileName: "BT-125",
  },
  lines: {
    identifier: "BT-126",
    note: "BT-127",
    object: "BT-128",
    quantity: "BT-129",
    unit: "BT-130",
    netAmount: "BT-131",
    orderLineReference: "BT-132",
    buyerAccountingReference: "BT-133",
    "period.start": "BT-134",
    "period.end": "BT-135",
    ...prefixed("allowances", lineAllowance(136)),
    ...prefixed("charges", lineAllowance(141)),
    netPrice: "BT-146",
    priceDiscount: "BT-147",
    grossPrice: "BT-148",
    baseQuantity: "BT-149",
    baseQuantityUnit: "BT-150",
    vatCategory: "BT-151",
    vatRate: "BT-152",
    itemName: "BT-153",
    itemDescription: "BT-154",
    sellerItemIdentifier: "BT-155",
    buyerItemIdentifier: "BT-156",
    standardItemIdentifier: "BT-157",
    classifications: "BT-158",
    originCountry: "BT-159",
    "attributes.name": "BT-160",
    "attributes.value": "BT-161",
  },
};

function prefixed(prefix: string, terms: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(terms).map(([name, term]) => [`${prefix}.${name}`, term]));
}

const terms = new Map<string, string>([
  ["number", "BT-1"],
  ["issueDate", "BT-2"],
  ["typeCode", "BT-3"],
  ["currency", "BT-5"],
  ["accountingCurrency", "BT-6"],
  ["taxPointDate", "BT-7"],
  ["taxPointDateCode", "BT-8"],
  ["dueDate", "BT-9"],
  ["buyerReference", "BT-10"],
  ["projectReference", "BT-11"],
  ["contractReference", "BT-12"],
  ["purchaseOrderReference", "BT-13"],
  ["salesOrderReference", "BT-14"],
  ["receivingAdviceReference", "BT-15"],
  ["despatchAdviceReference", "BT-16"],
  ["tenderReference", "BT-17"],
  ["invoicedObject", "BT-18"],
  ["buyerAccountingReference", "BT-19"],
  ["paymentTerms", "BT-20"],
  ["businessProcess", "BT-23"],
  ["specification", "BT-24"],
  ["creditorIdentifier", "BT-90"],
  ...Object.entries(groups).flatMap(([group, own]) => Object.entries(prefixed(group, own))),
]);

/** The business term of a value, by its path in the typed invoice without positions, such as `seller.contact.name`. */
export function businessTermOf(path: string): string | undefined {
  return terms.get(path) ?? terms.get(path.replace(/\.(value|scheme|version)$/, ""));
}
