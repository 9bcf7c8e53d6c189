import { applications } from "../../rights/index.ts";
import type { Right } from "../domain/followed-rights.ts";

const nameOf = (code: string): string => applications.find((one) => one.code === code)?.label ?? code;

/** Rights in a line: « Factures reçues (modification), Engagements (consultation) ». */
export const rightsText = (rights: readonly Pick<Right, "application" | "level">[]): string =>
  rights
    .map(
      ({ application, level }) =>
        `${nameOf(application)} (${level === "write" ? "modification" : "consultation"})`,
    )
    .join(", ");
