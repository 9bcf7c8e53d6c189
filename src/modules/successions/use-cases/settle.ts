import type { Database } from "../../../platform/database/index.ts";
import { listDue } from "../store.ts";
import { carryOutDue } from "./replace-services.ts";

const eyes = { kind: "system", reason: "what was planned is done at its date, whoever asks first" } as const;

/**
 * Carries out the successions whose date has come, each in its own transaction; it may run twice, on several instances.
 * @param structureIds in these structures; null: in all
 */
export async function settleSuccessions(
  database: Database,
  structureIds: readonly number[] | null,
): Promise<{ done: number }> {
  let done = 0;
  for (const due of await database.transaction(eyes, (tx, now) => listDue(tx, now, structureIds)))
    if (await database.transaction(eyes, (tx, now) => carryOutDue(tx, due, now))) done++;
  return { done };
}
