/**
 * How each member state writes its VAT numbers after the country's code, with an example: EL is Greece, XI Northern
 * Ireland. France is not here, for its companies have a SIRET. Source: European Commission, VIES, form of VAT numbers.
 */
const forms: Readonly<Record<string, readonly [form: RegExp, example: string]>> = {
  AT: [/^U\d{8}$/, "ATU12345678"],
  BE: [/^[01]\d{9}$/, "BE0123456789"],
  BG: [/^\d{9,10}$/, "BG123456789"],
  CY: [/^\d{8}[A-Z]$/, "CY12345678X"],
  CZ: [/^\d{8,10}$/, "CZ12345678"],
  DE: [/^\d{9}$/, "DE123456789"],
  DK: [/^\d{8}$/, "DK12345678"],
  EE: [/^\d{9}$/, "EE123456789"],
  EL: [/^\d{9}$/, "EL123456789"],
  ES: [/^(?:[A-Z]\d{7}[0-9A-Z]|\d{8}[A-Z])$/, "ESB12345678"],
  FI: [/^\d{8}$/, "FI12345678"],
  HR: [/^\d{11}$/, "HR12345678901"],
  HU: [/^\d{8}$/, "HU12345678"],
  IE: [/^(?:\d{7}[A-Z]{1,2}|\d[A-Z+*]\d{5}[A-Z])$/, "IE1234567A"],
  IT: [/^\d{11}$/, "IT12345678901"],
  LT: [/^(?:\d{9}|\d{12})$/, "LT123456789"],
  LU: [/^\d{8}$/, "LU12345678"],
  LV: [/^\d{11}$/, "LV12345678901"],
  MT: [/^\d{8}$/, "MT12345678"],
  NL: [/^[0-9A-Z+*]{10}\d{2}$/, "NL123456789B01"],
  PL: [/^\d{10}$/, "PL1234567890"],
  PT: [/^\d{9}$/, "PT123456789"],
  RO: [/^\d{2,10}$/, "RO12345678"],
  SE: [/^\d{12}$/, "SE123456789001"],
  SI: [/^\d{8}$/, "SI12345678"],
  SK: [/^\d{10}$/, "SK1234567890"],
  XI: [/^(?:\d{9}|\d{12}|(?:GD|HA)\d{3})$/, "XI123456789"],
};

/** The codes that begin the VAT numbers of the Union, France excepted. */
export const vatCountries: readonly string[] = Object.keys(forms);

/** Whether a text in capitals, without spaces, is a VAT number as its country writes them. */
export function isEuropeanVatNumber(value: string): boolean {
  return forms[value.slice(0, 2)]?.[0].test(value.slice(2)) ?? false;
}

/** A VAT number as the country that a text begins with writes them; null when it begins with none. */
export const vatNumberExample = (value: string): string | null => forms[value.slice(0, 2)]?.[1] ?? null;

/** The ISO 3166 code of the country whose VAT numbers begin so. */
export const countryOfVatNumber = (value: string): string =>
  ({ EL: "GR", XI: "GB" })[value.slice(0, 2)] ?? value.slice(0, 2);
