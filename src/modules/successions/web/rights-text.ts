import { applicationLabel } from "../../rights/index.ts";
import type { Right } from "../domain/followed-rights.ts";

/** Rights in a line: « Factures reçues (modification), Engagements (consultation) ». */
export const rightsText = (rights: readonly Pick<Right, "application" | "level">[]): string =>
  rights
    .map(
      ({ application, level }) =>
        `${applicationLabel(application)} (${level === "write" ? "modification" : "consultation"})`,
    )
    .join(", ");
