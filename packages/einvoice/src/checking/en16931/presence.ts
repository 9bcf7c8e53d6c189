import type {
  AllowanceCharge,
  Attachment,
  Delivery,
  Identifier,
  Invoice,
  Line,
  Party,
  Payment,
  Period,
  PrecedingInvoice,
  Totals,
  VatBreakdown,
} from "../../model/invoice.ts";
import { categoryIn, type Facts, isReadableDate, isShadowed, isVatIn } from "../facts.ts";
import { approximate, filled, type Rule, type RunnableRules, runnable } from "../rule.ts";

const present = (value: unknown): boolean => value !== undefined;

const isCii = (facts: Facts): boolean => facts.syntax === "cii";

/** Present in both syntaxes; CII's rules also ask that it says something. */
const presentOrFilled = (text: string | undefined, facts: Facts): boolean =>
  isCii(facts) ? filled(text) : present(text);

const isNotNegative = (text: string | undefined): boolean => approximate(text) >= 0;

/** Whether a period does not end before it starts; one that holds a date which cannot be read is not in order. */
const isInOrder = (period: Period, facts: Facts): boolean => {
  const { start, end } = period;
  if (start === undefined || end === undefined) return true;
  if (!isReadableDate(period, "start", facts) || !isReadableDate(period, "end", facts)) return false;
  if (!isCii(facts)) return end.trim() >= start.trim();
  const asWritten = (term: "start" | "end", text: string) => facts.origins?.of(period, term)?.text ?? text;
  return asWritten("end", end) >= asWritten("start", start);
};

const invoiceRules: Rule<Invoice>[] = [
  {
    id: "BR-01",
    term: "BT-24",
    field: "specification",
    holds: (invoice) => filled(invoice.specification),
    fr: "Indiquez l'identifiant de la spécification suivie (BT-24).",
    en: "Give the identifier of the specification followed (BT-24).",
  },
  {
    id: "BR-02",
    term: "BT-1",
    field: "number",
    holds: (invoice) => filled(invoice.number),
    fr: "Indiquez le numéro de la facture (BT-1).",
    en: "Give the invoice number (BT-1).",
  },
  {
    id: "BR-03",
    term: "BT-2",
    field: "issueDate",
    holds: (invoice, facts) =>
      filled(invoice.issueDate) && (!isCii(facts) || isReadableDate(invoice, "issueDate", facts)),
    fr: "Indiquez la date d'émission de la facture (BT-2).",
    en: "Give the issue date of the invoice (BT-2).",
  },
  {
    id: "BR-04",
    term: "BT-3",
    field: "typeCode",
    holds: (invoice) => filled(invoice.typeCode),
    fr: "Indiquez le code du type de facture (BT-3).",
    en: "Give the invoice type code (BT-3).",
  },
  {
    id: "BR-05",
    term: "BT-5",
    field: "currency",
    holds: (invoice) => filled(invoice.currency),
    fr: "Indiquez la devise de la facture (BT-5).",
    en: "Give the invoice currency (BT-5).",
  },
  {
    id: "BR-06",
    term: "BT-27",
    field: "seller",
    holds: (invoice) => filled(invoice.seller?.name),
    fr: "Indiquez la raison sociale du vendeur (BT-27).",
    en: "Give the seller's name (BT-27).",
  },
  {
    id: "BR-07",
    term: "BT-44",
    field: "buyer",
    holds: (invoice) => filled(invoice.buyer?.name),
    fr: "Indiquez la raison sociale de l'acheteur (BT-44).",
    en: "Give the buyer's name (BT-44).",
  },
  {
    id: "BR-08",
    term: "BG-5",
    field: "seller",
    holds: (invoice) => present(invoice.seller?.address),
    fr: "Indiquez l'adresse du vendeur (BG-5).",
    en: "Give the seller's postal address (BG-5).",
  },
  {
    id: "BR-09",
    term: "BT-40",
    field: "seller",
    holds: (invoice, facts) =>
      filled(invoice.seller?.address?.country) || (!isCii(facts) && !present(invoice.seller?.address)),
    fr: "Indiquez le pays dans l'adresse du vendeur (BT-40).",
    en: "Give the country in the seller's address (BT-40).",
  },
  {
    id: "BR-10",
    term: "BG-8",
    field: "buyer",
    holds: (invoice) => present(invoice.buyer?.address),
    fr: "Indiquez l'adresse de l'acheteur (BG-8).",
    en: "Give the buyer's postal address (BG-8).",
  },
  {
    id: "BR-11",
    term: "BT-55",
    field: "buyer",
    holds: (invoice, facts) =>
      filled(invoice.buyer?.address?.country) || (!isCii(facts) && !present(invoice.buyer?.address)),
    fr: "Indiquez le pays dans l'adresse de l'acheteur (BT-55).",
    en: "Give the country in the buyer's address (BT-55).",
  },
  {
    id: "BR-16",
    term: "BG-25",
    holds: (invoice) => invoice.lines.length > 0,
    fr: "Ajoutez au moins une ligne de facture (BG-25).",
    en: "Add at least one invoice line (BG-25).",
  },
  {
    id: "BR-53",
    term: "BT-111",
    field: "accountingCurrency",
    holds: ({ accountingCurrency, currency, totals, vatTotals }, facts) =>
      accountingCurrency === undefined ||
      (isCii(facts) && totals === undefined) ||
      (vatTotals.some((total) => total.amount !== undefined && total.currency === accountingCurrency) &&
        (!isCii(facts) || accountingCurrency !== currency)),
    fr: "Indiquez le total de TVA dans la devise de comptabilisation (BT-111), puisque celle-ci est donnée (BT-6).",
    en: "Give the total VAT in the accounting currency (BT-111), since that currency is given (BT-6).",
  },
  {
    id: "BR-52",
    term: "BT-17",
    field: "tenderReference",
    holds: ({ tenderReference }, facts) =>
      !isCii(facts) || tenderReference === undefined || filled(tenderReference),
    fr: "Donnez l'identifiant de l'appel d'offres (BT-17), ou retirez-le.",
    en: "Give the identifier of the tender (BT-17), or leave it out.",
  },
  {
    id: "BR-62",
    term: "BT-34-1",
    field: "seller",
    holds: (invoice, facts) => hasScheme(invoice.seller?.electronicAddress, facts),
    fr: "Précisez le schéma de l'adresse électronique du vendeur (BT-34-1).",
    en: "Give the scheme of the seller's electronic address (BT-34-1).",
  },
  {
    id: "BR-63",
    term: "BT-49-1",
    field: "buyer",
    holds: (invoice, facts) => hasScheme(invoice.buyer?.electronicAddress, facts),
    fr: "Précisez le schéma de l'adresse électronique de l'acheteur (BT-49-1).",
    en: "Give the scheme of the buyer's electronic address (BT-49-1).",
  },
];

function hasScheme(identifier: Identifier | undefined, facts: Facts): boolean {
  return identifier === undefined || presentOrFilled(identifier.scheme, facts);
}

const totalsRules: Rule<Totals>[] = [
  {
    id: "BR-12",
    term: "BT-106",
    field: "lines",
    holds: (totals) => present(totals.lines),
    fr: "Indiquez la somme des montants nets des lignes (BT-106).",
    en: "Give the sum of the lines' net amounts (BT-106).",
  },
  {
    id: "BR-13",
    term: "BT-109",
    field: "withoutVat",
    holds: (totals) => present(totals.withoutVat),
    fr: "Indiquez le total hors TVA (BT-109).",
    en: "Give the total without VAT (BT-109).",
  },
  {
    id: "BR-14",
    term: "BT-112",
    field: "withVat",
    holds: (totals) => present(totals.withVat),
    fr: "Indiquez le total avec TVA (BT-112).",
    en: "Give the total with VAT (BT-112).",
  },
  {
    id: "BR-15",
    term: "BT-115",
    field: "due",
    holds: (totals) => present(totals.due),
    fr: "Indiquez le montant à payer (BT-115).",
    en: "Give the amount due (BT-115).",
  },
];

const payeeRules: Rule<Party>[] = [
  {
    id: "BR-17",
    term: "BT-59",
    field: "name",
    holds: (payee, facts) => present(payee.name) && !isSeller(payee, facts),
    fr: "Indiquez le nom du bénéficiaire (BT-59), ou retirez-le (BG-10) s'il n'est autre que le vendeur.",
    en: "Give the payee's name (BT-59), or leave the payee out (BG-10) when it is the seller itself.",
  },
];

/** Whether the payee shows itself to be the seller, by a name or an identifier. */
function isSeller(payee: Party, { invoice, syntax }: Facts): boolean {
  const seller = invoice.seller;
  const ids = (party: Party | undefined) =>
    (party?.identifiers ?? []).filter((each) => syntax === "ubl" || each.scheme === undefined);
  const sharesIdentifier = ids(payee).some((each) => ids(seller).some((other) => other.value === each.value));
  if (syntax === "ubl") return sharesIdentifier || payee.name === seller?.tradingName;
  const registration = payee.legalRegistration?.value;
  return (
    sharesIdentifier ||
    payee.name === seller?.name ||
    (registration !== undefined && registration === seller?.legalRegistration?.value)
  );
}

const taxRepresentativeRules: Rule<Party>[] = [
  {
    id: "BR-18",
    term: "BT-62",
    field: "name",
    holds: (party) => filled(party.name),
    fr: "Indiquez le nom du représentant fiscal (BT-62).",
    en: "Give the tax representative's name (BT-62).",
  },
  {
    id: "BR-19",
    term: "BG-12",
    field: "address",
    holds: (party) => present(party.address),
    fr: "Indiquez l'adresse du représentant fiscal (BG-12).",
    en: "Give the tax representative's postal address (BG-12).",
  },
  {
    id: "BR-20",
    term: "BT-69",
    field: "address",
    holds: (party, facts) => filled(party.address?.country) || (!isCii(facts) && !present(party.address)),
    fr: "Indiquez le pays dans l'adresse du représentant fiscal (BT-69).",
    en: "Give the country in the tax representative's address (BT-69).",
  },
  {
    id: "BR-56",
    term: "BT-63",
    field: "vatIdentifier",
    holds: (party, facts) => presentOrFilled(party.vatIdentifier, facts),
    fr: "Indiquez le numéro de TVA du représentant fiscal (BT-63).",
    en: "Give the tax representative's VAT identifier (BT-63).",
  },
];

const lineRules: Rule<Line>[] = [
  {
    id: "BR-21",
    term: "BT-126",
    field: "identifier",
    holds: (line) => filled(line.identifier),
    fr: "Donnez un identifiant à la ligne (BT-126).",
    en: "Give the line an identifier (BT-126).",
  },
  {
    id: "BR-22",
    term: "BT-129",
    field: "quantity",
    holds: (line) => present(line.quantity),
    fr: "Indiquez la quantité facturée (BT-129).",
    en: "Give the invoiced quantity (BT-129).",
  },
  {
    id: "BR-23",
    term: "BT-130",
    field: "unit",
    holds: (line) => present(line.unit),
    fr: "Indiquez l'unité de la quantité facturée (BT-130).",
    en: "Give the unit of the invoiced quantity (BT-130).",
  },
  {
    id: "BR-24",
    term: "BT-131",
    field: "netAmount",
    holds: (line) => present(line.netAmount),
    fr: "Indiquez le montant net de la ligne (BT-131).",
    en: "Give the line's net amount (BT-131).",
  },
  {
    id: "BR-25",
    term: "BT-153",
    field: "itemName",
    holds: (line) => filled(line.itemName),
    fr: "Indiquez le nom de l'article (BT-153).",
    en: "Give the item's name (BT-153).",
  },
  {
    id: "BR-26",
    term: "BT-146",
    field: "netPrice",
    holds: (line) => present(line.netPrice),
    fr: "Indiquez le prix net de l'article (BT-146).",
    en: "Give the item's net price (BT-146).",
  },
  {
    id: "BR-27",
    term: "BT-146",
    field: "netPrice",
    holds: (line) => isNotNegative(line.netPrice),
    fr: "Le prix net de l'article (BT-146) doit être positif ou nul : rendez plutôt la quantité négative.",
    en: "The item's net price (BT-146) shall not be negative: make the quantity negative instead.",
  },
  {
    id: "BR-28",
    term: "BT-148",
    field: "grossPrice",
    holds: (line) => line.grossPrice === undefined || isNotNegative(line.grossPrice),
    fr: "Le prix brut de l'article (BT-148) doit être positif ou nul.",
    en: "The item's gross price (BT-148) shall not be negative.",
  },
  {
    id: "BR-64",
    term: "BT-157-1",
    field: "standardItemIdentifier",
    holds: (line, facts) => hasScheme(line.standardItemIdentifier, facts),
    fr: "Précisez le schéma de l'identifiant standard de l'article (BT-157-1).",
    en: "Give the scheme of the item's standard identifier (BT-157-1).",
  },
];

const classificationRules: Rule<Identifier>[] = [
  {
    id: "BR-65",
    term: "BT-158-1",
    field: "scheme",
    holds: (classification, facts) => hasScheme(classification, facts),
    fr: "Précisez la nomenclature du code de classification de l'article (BT-158-1).",
    en: "Give the list of the item's classification code (BT-158-1).",
  },
];

const documentPeriodRules: Rule<Period>[] = [
  {
    id: "BR-29",
    term: "BT-74",
    field: "end",
    holds: isInOrder,
    fr: "La fin de la période de facturation (BT-74) doit suivre son début (BT-73).",
    en: "The end of the invoicing period (BT-74) shall not come before its start (BT-73).",
  },
];

const linePeriodRules: Rule<Period>[] = [
  {
    id: "BR-30",
    term: "BT-135",
    field: "end",
    holds: isInOrder,
    fr: "La fin de la période de la ligne (BT-135) doit suivre son début (BT-134).",
    en: "The end of the line's period (BT-135) shall not come before its start (BT-134).",
  },
];

interface AllowanceWords {
  fr: string;
  en: string;
  amount: string;
  category: string;
  reason: string;
}

/** BR-31 to BR-33, BR-36 to BR-38 and BR-41 to BR-44: what every allowance or charge carries. */
function allowanceRules(
  ids: { amount: string; category?: string; reason: string },
  words: AllowanceWords,
): Rule<AllowanceCharge>[] {
  const rules: Rule<AllowanceCharge>[] = [
    {
      id: ids.amount,
      term: words.amount,
      field: "amount",
      holds: (group) => present(group.amount),
      fr: `Indiquez le montant de la ${words.fr} (${words.amount}).`,
      en: `Give the amount of the ${words.en} (${words.amount}).`,
    },
    {
      id: ids.reason,
      term: words.reason,
      field: "reason",
      holds: (group) => present(group.reason) || present(group.reasonCode),
      fr: `Indiquez le motif de la ${words.fr} (${words.reason}), en texte ou en code.`,
      en: `Give the reason of the ${words.en} (${words.reason}), as text or as a code.`,
    },
  ];
  if (ids.category === undefined) return rules;
  rules.push({
    id: ids.category,
    term: words.category,
    field: "vatCategory",
    holds: (group, { syntax }) => present(group.vatCategory) && isVatIn(syntax, group.taxScheme),
    fr: `Indiquez la catégorie de TVA de la ${words.fr} (${words.category}).`,
    en: `Give the VAT category of the ${words.en} (${words.category}).`,
  });
  return rules;
}

const breakdownRules: Rule<VatBreakdown>[] = [
  {
    id: "BR-45",
    term: "BT-116",
    field: "base",
    holds: (group, facts) => isShadowed(group, facts) || present(group.base),
    fr: "Indiquez la base d'imposition de la ventilation de TVA (BT-116).",
    en: "Give the taxable amount of the VAT breakdown (BT-116).",
  },
  {
    id: "BR-46",
    term: "BT-117",
    field: "tax",
    holds: (group, facts) => isShadowed(group, facts) || present(group.tax),
    fr: "Indiquez le montant de TVA de la ventilation (BT-117).",
    en: "Give the tax amount of the VAT breakdown (BT-117).",
  },
  {
    id: "BR-47",
    term: "BT-118",
    field: "vatCategory",
    holds: (group, { syntax }) => present(group.vatCategory) && isVatIn(syntax, group.taxScheme),
    fr: "Indiquez la catégorie de TVA de la ventilation (BT-118).",
    en: "Give the VAT category of the breakdown (BT-118).",
  },
  {
    id: "BR-48",
    term: "BT-119",
    field: "vatRate",
    holds: (group, facts) =>
      isShadowed(group, facts) ||
      (isVatIn(facts.syntax, group.taxScheme) &&
        (present(group.vatRate) || categoryIn(facts.syntax, group) === "O")),
    fr: "Indiquez le taux de TVA de la ventilation (BT-119) ; il ne manque que si la facture est hors TVA.",
    en: "Give the VAT rate of the breakdown (BT-119); only an invoice not subject to VAT leaves it out.",
  },
];

/** Whether BT-81 is a credit transfer (30) or a SEPA one (58). */
const isTransfer = (payment: Payment): boolean => ["30", "58"].includes(payment.meansCode?.trim() ?? "");

const paymentRules: Rule<Payment>[] = [
  {
    id: "BR-49",
    term: "BT-81",
    field: "meansCode",
    // in CII what is to be repeated with the payment (BT-83) stands beside its means, and asks for none
    holds: (payment, { syntax }) =>
      present(payment.meansCode) ||
      (syntax === "cii" && Object.keys(payment).join() === "remittanceInformation"),
    fr: "Indiquez le code du moyen de paiement (BT-81).",
    en: "Give the payment means code (BT-81).",
  },
  {
    id: "BR-50",
    term: "BT-84",
    field: "account",
    holds: (payment) => !isTransfer(payment) || !payment.account || filled(payment.account.identifier),
    fr: "Indiquez l'identifiant du compte à créditer, par exemple son IBAN (BT-84).",
    en: "Give the identifier of the account to credit, such as its IBAN (BT-84).",
  },
  {
    id: "BR-61",
    term: "BT-84",
    field: "account",
    holds: (payment, facts) =>
      !isTransfer(payment) || (isCii(facts) && !payment.account) || present(payment.account?.identifier),
    fr: "Un virement demande l'identifiant du compte à créditer (BT-84).",
    en: "A credit transfer needs the identifier of the account to credit (BT-84).",
  },
  {
    id: "BR-51",
    severity: "warning",
    term: "BT-87",
    field: "cardNumber",
    holds: (payment) => (payment.cardNumber?.trim().length ?? 0) <= 10,
    fr: "N'indiquez jamais un numéro de carte entier : les 6 premiers et les 4 derniers chiffres au plus (BT-87).",
    en: "Never give a whole card number: its first 6 and last 4 digits at most (BT-87).",
  },
];

const attachmentRules: Rule<Attachment>[] = [
  {
    id: "BR-52",
    term: "BT-122",
    field: "reference",
    holds: (attachment) => filled(attachment.reference),
    fr: "Donnez une référence à la pièce justificative (BT-122).",
    en: "Give the supporting document a reference (BT-122).",
  },
];

const invoicedObjectRules: Rule<Identifier>[] = [
  {
    id: "BR-52",
    term: "BT-18",
    field: "value",
    holds: (identifier) => filled(identifier.value),
    fr: "Donnez l'identifiant de l'objet facturé (BT-18), ou retirez-le.",
    en: "Give the identifier of the invoiced object (BT-18), or leave it out.",
  },
];

const lineObjectRules: Rule<Identifier>[] = [
  {
    id: "BR-52",
    term: "BT-128",
    field: "value",
    // CII's published rule looks at every additional document, the object of a line among them.
    holds: (identifier, facts) => !isCii(facts) || filled(identifier.value),
    fr: "Donnez l'identifiant de l'objet de la ligne (BT-128), ou retirez-le.",
    en: "Give the identifier of the line's object (BT-128), or leave it out.",
  },
];

const attributeRules: Rule<{ name?: string; value?: string }>[] = [
  {
    id: "BR-54",
    term: "BG-32",
    field: "name",
    holds: (attribute) => present(attribute.name) && present(attribute.value),
    fr: "Indiquez le nom (BT-160) et la valeur (BT-161) de la caractéristique de l'article.",
    en: "Give both the name (BT-160) and the value (BT-161) of the item's attribute.",
  },
];

const precedingRules: Rule<PrecedingInvoice>[] = [
  {
    id: "BR-55",
    term: "BT-25",
    field: "number",
    holds: (preceding, facts) => presentOrFilled(preceding.number, facts),
    fr: "Indiquez le numéro de la facture antérieure (BT-25).",
    en: "Give the number of the preceding invoice (BT-25).",
  },
];

const deliveryRules: Rule<Delivery>[] = [
  {
    id: "BR-57",
    term: "BT-80",
    field: "address",
    holds: ({ address }, facts) => !address || presentOrFilled(address.country, facts),
    fr: "Indiquez le pays dans l'adresse de livraison (BT-80).",
    en: "Give the country in the delivery address (BT-80).",
  },
];

const given = <Group>(group: Group | undefined): Group[] => (group === undefined ? [] : [group]);

const documentAllowance = { fr: "remise de document", en: "document allowance" };
const documentCharge = { fr: "majoration de document", en: "document charge" };
const lineAllowance = { fr: "remise de ligne", en: "line allowance" };
const lineCharge = { fr: "majoration de ligne", en: "line charge" };

/** BR-1 to BR-65: what an invoice carries, and the plainest conditions on it. */
export const presenceRules: readonly RunnableRules[] = [
  runnable({ groups: (facts) => [facts.invoice], rules: invoiceRules }),
  runnable({ groups: (facts) => given(facts.invoice.totals), rules: totalsRules }),
  runnable({ groups: (facts) => given(facts.invoice.payee), rules: payeeRules }),
  runnable({ groups: (facts) => given(facts.invoice.taxRepresentative), rules: taxRepresentativeRules }),
  runnable({ groups: (facts) => facts.invoice.lines, rules: lineRules }),
  runnable({
    groups: (facts) => facts.invoice.lines.flatMap((line) => line.classifications),
    rules: classificationRules,
  }),
  runnable({ groups: (facts) => given(facts.invoice.period), rules: documentPeriodRules }),
  runnable({
    groups: (facts) => facts.invoice.lines.flatMap((line) => given(line.period)),
    rules: linePeriodRules,
  }),
  runnable({
    groups: (facts) => facts.ofDocument.allowances,
    rules: allowanceRules(
      { amount: "BR-31", category: "BR-32", reason: "BR-33" },
      { ...documentAllowance, amount: "BT-92", category: "BT-95", reason: "BT-97" },
    ),
  }),
  runnable({
    groups: (facts) => facts.ofDocument.charges,
    rules: allowanceRules(
      { amount: "BR-36", category: "BR-37", reason: "BR-38" },
      { ...documentCharge, amount: "BT-99", category: "BT-102", reason: "BT-104" },
    ),
  }),
  runnable({
    groups: (facts) => facts.invoice.lines.flatMap((line) => line.allowances),
    rules: allowanceRules(
      { amount: "BR-41", reason: "BR-42" },
      { ...lineAllowance, amount: "BT-136", category: "", reason: "BT-139" },
    ),
  }),
  runnable({
    groups: (facts) => facts.invoice.lines.flatMap((line) => line.charges),
    rules: allowanceRules(
      { amount: "BR-43", reason: "BR-44" },
      { ...lineCharge, amount: "BT-141", category: "", reason: "BT-144" },
    ),
  }),
  runnable({ groups: (facts) => facts.breakdown, rules: breakdownRules }),
  runnable({ groups: (facts) => facts.invoice.payments, rules: paymentRules }),
  runnable({ groups: (facts) => facts.invoice.attachments, rules: attachmentRules }),
  runnable({ groups: (facts) => given(facts.invoice.invoicedObject), rules: invoicedObjectRules }),
  runnable({
    groups: (facts) => facts.invoice.lines.flatMap((line) => given(line.object)),
    rules: lineObjectRules,
  }),
  runnable({
    groups: (facts) => facts.invoice.lines.flatMap((line) => line.attributes),
    rules: attributeRules,
  }),
  runnable({ groups: (facts) => facts.invoice.precedingInvoices, rules: precedingRules }),
  runnable({ groups: (facts) => given(facts.invoice.delivery), rules: deliveryRules }),
];
