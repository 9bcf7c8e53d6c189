import type { Logger } from "pino";
import type { Config } from "../../../config.ts";
import type { Database } from "../../../platform/database/index.ts";
import type { NationalRegister } from "../domain/establishment.ts";
import { httpRegister } from "./http.ts";
import { localRegister } from "./local.ts";

const noRegister: NationalRegister = {
  find: async () => ({ kind: "silent" }),
  list: async () => [],
};

/** The register that the configuration asks for. */
export function openRegister(
  config: Pick<Config, "NATIONAL_REGISTER">,
  database: Database,
  log: Pick<Logger, "warn">,
): NationalRegister {
  if (config.NATIONAL_REGISTER === "none") return noRegister;
  if (config.NATIONAL_REGISTER === "local") return localRegister(database);
  return httpRegister(config.NATIONAL_REGISTER.replace(/\/$/, ""), log);
}
