import { access } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { Config } from "../../config.ts";
import { job } from "../../platform/jobs.ts";
import { kindOf, operatorImports } from "./kinds/index.ts";
import { abandonOwnImports, enqueueImport, listStandingStill } from "./store.ts";
import { applyImport, type ImportSettings } from "./use-cases/apply.ts";
import { judgeImport } from "./use-cases/judge.ts";
import { receiveFile } from "./use-cases/receive.ts";

const eyes = { kind: "system", reason: "the clock acts for nobody" } as const;
const STANDS_STILL_MS = 5 * 60_000;
const payload = z.object({ importId: z.number().int() });
const settingsOf = (config: Config): ImportSettings => ({
  invitationDays: config.INVITATION_DAYS,
  operators: config.UNISSON_OPERATORS,
});

/** Judges the lines of one import, then applies it where the portal decided so by itself. */
export const judgeOneImport = job({
  name: "judge-import",
  run: async ({ database, config }, given) => {
    const { importId } = payload.parse(given);
    const { judged } = await judgeImport(database, kindOf, importId, settingsOf(config));
    return { judged, ...(await applyImport(database, kindOf, importId, settingsOf(config))) };
  },
});

/** Applies one import. */
export const applyOneImport = job({
  name: "apply-import",
  run: ({ database, config }, given) =>
    applyImport(database, kindOf, payload.parse(given).importId, settingsOf(config)),
});

/** Takes up the imports whose process is gone before their end. */
export const resumeImports = job({
  name: "resume-imports",
  schedule: "*/5 * * * *",
  run: ({ database }) =>
    database.transaction(eyes, async (tx, now) => {
      const runs = await listStandingStill(tx, new Date(now.getTime() - STANDS_STILL_MS));
      for (const { id, state } of runs)
        await enqueueImport(tx, state === "analysing" ? "judge-import" : "apply-import", id);
      return { resumed: runs.length };
    }),
});

/**
 * Source: organisation.md 15.4. Imports the reference list from the folder of the setting: structures, then services. What
 * waits for a decision since another night is given up for the newer file.
 */
export const importDirectory = job({
  name: "import-directory",
  schedule: "30 1 * * *",
  run: async ({ database, config, log }) => {
    const folder = config.DIRECTORY_IMPORT_FOLDER;
    const report = { files: 0, refusedFiles: 0, done: 0, refused: 0 };
    if (folder === undefined) return report;
    const settings = settingsOf(config);
    for (const kind of operatorImports) {
      const path = join(folder, kind.nightlyFile);
      if (!(await exists(path))) continue;
      report.files++;
      await database.transaction(eyes, (tx) => abandonOwnImports(tx, kind.name));
      const importer = { id: null, label: config.PORTAL_NAME };
      const received = await receiveFile(database, kind, { name: kind.nightlyFile, path, importer });
      if (!received.ok) {
        report.refusedFiles++;
        log.error({ file: path, says: received.refusal }, "the directory was not imported");
        continue;
      }
      await judgeImport(database, kindOf, received.value, settings);
      const { done, refused } = await applyImport(database, kindOf, received.value, settings);
      report.done += done;
      report.refused += refused;
    }
    return report;
  },
});

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );
