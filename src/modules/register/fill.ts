import { parse } from "csv-parse/sync";
import type { Tx } from "../../platform/database/index.ts";
import { sireneFile } from "./domain/sirene-file.ts";

/**
 * Fills the register with a small file in INSEE's format, in the transaction of the caller. Large ones are for
 * `importSirene`.
 * @throws when the text is not such a file: it is one of ours
 */
export async function fillRegister(tx: Tx, text: string): Promise<void> {
  const [titles, ...lines] = parse(text) as string[][];
  const file = sireneFile(titles ?? []);
  if (!file.ok) throw new Error("This is not a file of the national register");
  const rows = lines.map((cells) => file.value.row(cells)).filter((row) => row !== null);
  if (file.value.kind === "companies")
    await tx
      .insertInto("registerCompany")
      .values(
        rows.map(([siren, name, legalCategory, category]) => ({
          siren: siren!,
          name: name!,
          legalCategory: legalCategory!,
          category: category!,
        })),
      )
      .execute();
  else
    await tx
      .insertInto("registerEstablishment")
      .values(
        rows.map(
          ([siret, tradeName, line, extra, postcode, town, activity, isOpen, since, isConfidential]) => ({
            siret: siret!,
            tradeName: tradeName!,
            addressLine: line!,
            addressExtra: extra!,
            postcode: postcode!,
            town: town!,
            activityCode: activity!,
            isOpen: isOpen === "t",
            since: since ?? null,
            isConfidential: isConfidential === "t",
          }),
        ),
      )
      .execute();
}
