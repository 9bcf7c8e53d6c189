import { appendFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Config } from "../../config.ts";
import { job } from "../../platform/jobs.ts";
import { type Seal, sealRoot } from "./domain/seal.ts";
import { keepSeal, lockLastRoot, unsealedHeads } from "./store.ts";

const eyes = { kind: "system", reason: "a seal covers the journal of every structure" } as const;

/** Where the seals are exported, one a line. Copy it elsewhere: it is what proves that nothing was taken away. */
export const sealsFile = (config: Config): string => join(config.dataFolder, "journal-seals.jsonl");

/** Every minute, seals what was journaled since the seal before: one root, kept in the database, the file and the log. */
export const sealJournal = job({
  name: "seal-journal",
  schedule: "* * * * *",
  run: ({ database, config, log }) =>
    database.transaction(eyes, async (tx, now) => {
      const previousRoot = await lockLastRoot(tx);
      const heads = await unsealedHeads(tx);
      if (heads.length === 0) return { chains: 0 };
      const seal: Seal = {
        at: now.toISOString(),
        previousRoot,
        root: sealRoot(previousRoot, heads),
        heads: heads.map(({ chainId, seq, hash }) => ({ chainId, seq, hash })),
      };
      await keepSeal(tx, seal, heads, now);
      mkdirSync(config.dataFolder, { recursive: true });
      appendFileSync(sealsFile(config), `${JSON.stringify(seal)}\n`, { mode: 0o600 });
      log.info({ root: seal.root, chains: heads.length }, "journal sealed");
      return { chains: heads.length };
    }),
});
