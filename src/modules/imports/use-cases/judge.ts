import type { Database, Tx } from "../../../platform/database/index.ts";
import { publish } from "../../../platform/events.ts";
import { importEvent } from "../domain/events.ts";
import type { ImportKind, OperatorImport } from "../domain/import.ts";
import {
  countVerdicts,
  deleteImport,
  endAnalysis,
  findImportIn,
  forgetSameLines,
  type ImportRow,
  listReceivedLines,
  lockImport,
  noteProgress,
  saveVerdicts,
  startApplying,
} from "../store.ts";
import { actorOf, type ImportSettings } from "./apply.ts";

const eyes = { kind: "system", reason: "an import of the operator belongs to no structure" } as const;
/** Lines judged at once; a kind looks up in one statement what they name. */
const STEP = 1000;

/**
 * Judges the lines of a file that was received, a thousand at a time: of the others, only their keys are held. It may run
 * twice, or be begun again by another process. What the portal imports by itself is then applied, unless it closes so much
 * that somebody must look.
 */
export async function judgeImport(
  database: Database,
  kindOf: (name: string) => ImportKind,
  importId: number,
  settings: ImportSettings,
): Promise<{ judged: number }> {
  const run = await database.transaction(eyes, (tx) => findImportIn(tx, "analysing", importId));
  if (!run) return { judged: 0 };
  const kind = kindOf(run.kind) as OperatorImport;
  const seenAt = new Map<string, number>();
  let judged = 0;
  for (let after: number | undefined = 0; after !== undefined; ) {
    const from: number = after;
    after = await database.transaction(eyes, async (tx, now) => {
      const rows = await listReceivedLines(tx, importId, from, STEP);
      if (rows.length > 0) await saveVerdicts(tx, importId, await kind.judge(tx, rows, seenAt, now));
      judged += rows.length;
      await noteProgress(tx, importId, judged, now);
      return rows.at(-1)?.lineNumber;
    });
  }
  await database.transaction(eyes, async (tx, now) => {
    await lockImport(tx, importId);
    if (!(await endAnalysis(tx, importId, now)) || run.createdBy !== null) return;
    await decide(tx, run, kind, settings, now);
  });
  return { judged };
}

/** Decides for the portal: applies what differs, or asks the operators when the file closes too much. */
async function decide(
  tx: Tx,
  run: ImportRow,
  kind: OperatorImport,
  { operators }: ImportSettings,
  now: Date,
): Promise<void> {
  const counts = await countVerdicts(tx, run.id);
  if (counts.create + counts.change + counts.close + counts.refused === 0) return deleteImport(tx, run.id);
  await forgetSameLines(tx, run.id);
  const question = counts.close > 0 ? await kind.asksBeforeClosing?.(tx, counts.close, now) : null;
  if (!question) {
    await startApplying(tx, { id: run.id, structureId: null, mode: "valid" }, now);
    return;
  }
  const facts = {
    structureName: null,
    importId: run.id,
    importerId: null,
    operators,
    title: kind.title,
    fileName: run.fileName,
    done: 0,
    refused: counts.refused,
    closes: counts.close,
    failure: null,
  };
  await publish(tx, importEvent("ImportAwaitsDecision", null, facts, actorOf(run)));
}
