/** An identifier with the scheme that issued it. */
export interface Identifier {
  value: string;
  scheme?: string;
}

/**
 * An invoice or credit note in the terms of EN 16931-1. Every value is the text as written, so that nothing is lost
 * and JSON carries it whole: amounts are decimal texts (`"1234.50"`, in BT-5 unless said otherwise), dates are
 * `YYYY-MM-DD`. A term that the document leaves out is absent; one that it writes empty is `""`.
 */
export interface Invoice {
  /** BT-1 */ number?: string;
  /** BT-2, `YYYY-MM-DD` */ issueDate?: string;
  /** BT-3, UNTDID 1001 */ typeCode?: string;
  /** BT-5, ISO 4217 */ currency?: string;
  /** BT-6, ISO 4217 */ accountingCurrency?: string;
  /** BT-7 */ taxPointDate?: string;
  /** BT-8, UNTDID 2005 in UBL, 2475 in CII */ taxPointDateCode?: string;
  /** BT-9 */ dueDate?: string;
  /** BT-10 */ buyerReference?: string;
  /** BT-11 */ projectReference?: string;
  /** BT-12 */ contractReference?: string;
  /** BT-13 */ purchaseOrderReference?: string;
  /** BT-14 */ salesOrderReference?: string;
  /** BT-15 */ receivingAdviceReference?: string;
  /** BT-16 */ despatchAdviceReference?: string;
  /** BT-17 */ tenderReference?: string;
  /** BT-18 */ invoicedObject?: Identifier;
  /** BT-19 */ buyerAccountingReference?: string;
  /** BT-20 */ paymentTerms?: string;
  /** BG-1 */ notes: Note[];
  /** BT-23 */ businessProcess?: string;
  /** BT-24 */ specification?: string;
  /** BG-3 */ precedingInvoices: PrecedingInvoice[];
  /** BG-4 */ seller?: Party;
  /** BG-7 */ buyer?: Party;
  /** BG-10 */ payee?: Party;
  /** BG-11 */ taxRepresentative?: Party;
  /** BG-13 */ delivery?: Delivery;
  /** BG-14 */ period?: Period;
  /** BT-90 */ creditorIdentifier?: string;
  /** BG-16, one entry for each account, card or mandate */ payments: Payment[];
  /** BG-20 */ allowances: AllowanceCharge[];
  /** BG-21 */ charges: AllowanceCharge[];
  /** BG-22 */ totals?: Totals;
  /** BT-110 with BG-23, then BT-111 */ vatTotals: VatTotal[];
  /** BG-24 */ attachments: Attachment[];
  /** BG-25 */ lines: Line[];
}

/** BG-1 */
export interface Note {
  /** BT-21, UNTDID 4451 */ subjectCode?: string;
  /** BT-22 */ text?: string;
}

/** BG-3 */
export interface PrecedingInvoice {
  /** BT-25 */ number?: string;
  /** BT-26 */ issueDate?: string;
}

/** BG-4, BG-7, BG-10 or BG-11: terms are named in that order. */
export interface Party {
  /** BT-27, 44, 59, 62 */ name?: string;
  /** BT-28, 45 */ tradingName?: string;
  /** BT-29, 46, 60 */ identifiers: Identifier[];
  /** BT-30, 47, 61 */ legalRegistration?: Identifier;
  /** BT-31, 48, 63 */ vatIdentifier?: string;
  /** BT-32 */ taxRegistration?: string;
  /** BT-33 */ legalInformation?: string;
  /** BT-34, 49 */ electronicAddress?: Identifier;
  /** BG-5, 8, 12 */ address?: Address;
  /** BG-6, 9 */ contact?: Contact;
}

/** BG-5, BG-8, BG-12 or BG-15 */
export interface Address {
  /** BT-35, 50, 64, 75 */ line1?: string;
  /** BT-36, 51, 65, 76 */ line2?: string;
  /** BT-162, 163, 164, 165 */ line3?: string;
  /** BT-37, 52, 66, 77 */ city?: string;
  /** BT-38, 53, 67, 78 */ postCode?: string;
  /** BT-39, 54, 68, 79 */ subdivision?: string;
  /** BT-40, 55, 69, 80, ISO 3166-1 */ country?: string;
}

/** BG-6 or BG-9 */
export interface Contact {
  /** BT-41, 56 */ name?: string;
  /** BT-42, 57 */ telephone?: string;
  /** BT-43, 58 */ email?: string;
}

/** BG-13 */
export interface Delivery {
  /** BT-70 */ name?: string;
  /** BT-71 */ location?: Identifier;
  /** BT-72 */ date?: string;
  /** BG-15 */ address?: Address;
}

/** BG-14 or BG-26 */
export interface Period {
  /** BT-73, 134 */ start?: string;
  /** BT-74, 135 */ end?: string;
}

/** BG-16 */
export interface Payment {
  /** BT-81, UNTDID 4461 */ meansCode?: string;
  /** BT-82 */ meansText?: string;
  /** BT-83 */ remittanceInformation?: string;
  /** BG-17 */ account?: PaymentAccount;
  /** BT-87 */ cardNumber?: string;
  /** BT-88 */ cardHolder?: string;
  /** BT-89 */ mandate?: string;
  /** BT-91 */ debitedAccount?: string;
}

/** BG-17 */
export interface PaymentAccount {
  /** BT-84 */ identifier?: string;
  /** BT-85 */ name?: string;
  /** BT-86 */ serviceProvider?: string;
}

/** BG-20, 21, 27 or 28 */
export interface AllowanceCharge {
  /** BT-92, 99, 136, 141 */ amount?: string;
  /** BT-93, 100, 137, 142 */ base?: string;
  /** BT-94, 101, 138, 143, in percent */ percentage?: string;
  /** BT-95, 102 */ vatCategory?: string;
  /** BT-96, 103, in percent */ vatRate?: string;
  /** BT-95-1, 102-1, always `VAT` */ taxScheme?: string;
  /** BT-97, 104, 139, 144 */ reason?: string;
  /** BT-98, 105, 140, 145 */ reasonCode?: string;
}

/** BG-22 */
export interface Totals {
  /** BT-106 */ lines?: string;
  /** BT-107 */ allowances?: string;
  /** BT-108 */ charges?: string;
  /** BT-109 */ withoutVat?: string;
  /** BT-112 */ withVat?: string;
  /** BT-113 */ paid?: string;
  /** BT-114 */ rounding?: string;
  /** BT-115 */ due?: string;
}

/** BT-110 in BT-5 with its breakdown, or BT-111 in BT-6 */
export interface VatTotal {
  /** BT-110, 111 */ amount?: string;
  /** ISO 4217 */ currency?: string;
  /** BG-23 */ breakdown: VatBreakdown[];
}

/** BG-23 */
export interface VatBreakdown {
  /** BT-116 */ base?: string;
  /** BT-117 */ tax?: string;
  /** BT-118, UNTDID 5305 */ vatCategory?: string;
  /** BT-119, in percent */ vatRate?: string;
  /** BT-118-1, always `VAT` */ taxScheme?: string;
  /** BT-120 */ exemptionReason?: string;
  /** BT-121, VATEX */ exemptionCode?: string;
}

/** BG-24 */
export interface Attachment {
  /** BT-122 */ reference?: string;
  /** BT-123 */ description?: string;
  /** BT-124 */ location?: string;
  /** BT-125, base64 as written */ content?: string;
  /** BT-125-1 */ mimeType?: string;
  /** BT-125-2 */ fileName?: string;
}

/** BG-25 */
export interface Line {
  /** BT-126 */ identifier?: string;
  /** BT-127 */ note?: string;
  /** BT-128 */ object?: Identifier;
  /** BT-129 */ quantity?: string;
  /** BT-130, UN/ECE 20 and 21 */ unit?: string;
  /** BT-131 */ netAmount?: string;
  /** BT-132 */ orderLineReference?: string;
  /** BT-133 */ buyerAccountingReference?: string;
  /** BG-26 */ period?: Period;
  /** BG-27 */ allowances: AllowanceCharge[];
  /** BG-28 */ charges: AllowanceCharge[];
  /** BT-146 */ netPrice?: string;
  /** BT-147 */ priceDiscount?: string;
  /** BT-148 */ grossPrice?: string;
  /** BT-149 */ baseQuantity?: string;
  /** BT-150 */ baseQuantityUnit?: string;
  /** BT-151 */ vatCategory?: string;
  /** BT-152, in percent */ vatRate?: string;
  /** BT-151-1, always `VAT` */ taxScheme?: string;
  /** BT-153 */ itemName?: string;
  /** BT-154 */ itemDescription?: string;
  /** BT-155 */ sellerItemIdentifier?: string;
  /** BT-156 */ buyerItemIdentifier?: string;
  /** BT-157 */ standardItemIdentifier?: Identifier;
  /** BT-158, version in BT-158-2 */ classifications: (Identifier & { version?: string })[];
  /** BT-159 */ originCountry?: string;
  /** BG-32: BT-160 and BT-161 */ attributes: { name?: string; value?: string }[];
}
