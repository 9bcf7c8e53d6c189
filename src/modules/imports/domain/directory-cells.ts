import { accepted, type Result, refused } from "../../../shared/result.ts";
import { siret } from "../../../shared/siret.ts";
import { yesOrNo } from "./table.ts";

type Cells = Readonly<Record<string, string>>;

/** The SIRET that a line of the directory's files is about. */
export function readIdentifier(cells: Cells): Result<string, string> {
  const identifier = siret(cells.Identifiant ?? "");
  return identifier.ok
    ? identifier
    : refused(`« ${cells.Identifiant} » n'est pas un SIRET : il compte 14 chiffres, dont la clé.`);
}

/**
 * The texts of a line, by the name of what they tell; an absent column tells nothing.
 * @param texts by title of column, what it tells and its most characters
 */
export function readTexts<N extends string>(
  cells: Cells,
  texts: { readonly [title: string]: readonly [name: N, max: number] },
): Result<{ [K in N]?: string }, string> {
  const told: { [K in N]?: string } = {};
  for (const [title, [name, max]] of Object.entries(texts)) {
    const cell = cells[title];
    if (cell === undefined) continue;
    if (cell.length > max) return refused(`${title} compte au plus ${max} caractères.`);
    if (/[\p{Cc}\p{Cf}]/u.test(cell)) return refused(`${title} contient un caractère invisible.`);
    told[name] = cell;
  }
  return accepted(told);
}

/** A cell that says 1 or 0. */
export function readFlag(title: string, cell: string): Result<boolean, string> {
  const flag = yesOrNo(cell);
  return flag === null ? refused(`« ${cell} » : ${title} vaut 1 ou 0.`) : accepted(flag);
}
