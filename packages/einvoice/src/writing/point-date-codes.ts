/** BT-8 is a code of UNTDID 2005 in UBL and of UNTDID 2475 in CII (EN 16931-3-2 and 3-3): issue, delivery, payment. */
const pairs: readonly [ubl: string, cii: string][] = [
  ["3", "5"],
  ["35", "29"],
  ["432", "72"],
];

/** The code as UBL writes it; another text stays as it is. */
export function pointDateCodeInUbl(code: string | undefined): string | undefined {
  return pairs.find(([, cii]) => cii === code)?.[0] ?? code;
}

/** The code as CII writes it; another text stays as it is. */
export function pointDateCodeInCii(code: string | undefined): string | undefined {
  return pairs.find(([ubl]) => ubl === code)?.[1] ?? code;
}
