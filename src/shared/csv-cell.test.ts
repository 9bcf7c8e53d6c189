import { expect, test } from "vitest";
import { csvCell, readCsvCell } from "./csv-cell.ts";

test.each(["=1+1", "+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "=cmd|' /C calc'!A0", "＝1", "a;=1", 'a"=1'])(
  "A-46 « %s » n'est pas une formule",
  (text) => expect(csvCell(text)).toBe(`'${text}`),
);

test.each(["Atelier", "L'Île-d'Yeu", "12 rue de la Paix", "a-b", ""])("« %s » reste tel quel", (text) =>
  expect(csvCell(text)).toBe(text),
);

test.each(["=1+1", "-1", "a;=1", "Atelier", "'quote", "'", "", "''=1", "'\n", "''\t"])(
  "« %s » revient d'un fichier comme il y est entré",
  (text) => expect(readCsvCell(csvCell(text))).toBe(text),
);
