import { sql } from "kysely";
import { isOperatorAddress } from "../../../config.ts";
import type { Database, Tx } from "../../../platform/database/index.ts";
import { type Actor, publish } from "../../../platform/events.ts";
import type { Result } from "../../../shared/result.ts";
import { personFacts } from "../../memberships/index.ts";
import { readMember } from "../../sessions/index.ts";
import { importEvent } from "../domain/events.ts";
import type { ImportKind, LineOutcome, OperatorImport } from "../domain/import.ts";
import {
  countOutcomes,
  findImportIn,
  finishImport,
  type ImportLine,
  type ImportRow,
  isActiveAccount,
  lockImport,
  nextLines,
  noteOutcome,
  noteProgress,
} from "../store.ts";

const eyes = {
  kind: "system",
  reason: "the importer's session is over; her rights are read at each step",
} as const;
/** Lines of one transaction, between two notes of progress; those of the operator are mostly done together. */
const STEP = { structure: 25, operator: 500 };
/** Of these, those done one after the other: what they change is locked for everybody until the last is done. */
const ONE_BY_ONE = 25;
const NO_MEMBER = "Vous n'avez plus accès à cette structure : rien de plus n'a été importé.";
const NO_OPERATOR = "Vous n'êtes plus opérateur du portail : rien de plus n'a été importé.";

/** What an application asks of the deployment. */
export type ImportSettings = {
  readonly invitationDays: number;
  /** Addresses of the operators, in their canonical form. */
  readonly operators: readonly string[];
};

/** A line of an « all or nothing » import that was refused when its turn came: everything before it is undone. */
class LineRefused extends Error {
  readonly lineNumber: number;
  readonly says: string;
  constructor(lineNumber: number, says: string) {
    super("LINE_REFUSED");
    this.lineNumber = lineNumber;
    this.says = says;
  }
}

/**
 * Applies what was analysed, by the rules of the screens and under the rights that the importer has now. It may run
 * twice, or be taken up by another process where it stopped: a line is done with its outcome, in one transaction, under
 * the lock of its import.
 */
export async function applyImport(
  database: Database,
  kindOf: (name: string) => ImportKind,
  importId: number,
  settings: ImportSettings,
): Promise<{ done: number; refused: number }> {
  const run = await database.transaction(eyes, (tx) => findImportIn(tx, "applying", importId));
  if (!run) return { done: 0, refused: 0 };
  const kind = kindOf(run.kind);
  const failure = await (run.mode === "all" ? applyAll : applyValid)(database, kind, run, settings);
  return database.transaction(eyes, async (tx) => {
    await lockImport(tx, run.id);
    const counts = await countOutcomes(tx, run.id);
    // another process may have ended it meanwhile
    if (!(await findImportIn(tx, "applying", run.id))) return counts;
    await finishImport(tx, run.id, {
      state: failure === null ? "applied" : "failed",
      doneCount: counts.done,
      failure,
    });
    const facts = {
      structureName: run.structureName,
      importId: run.id,
      importerId: run.createdBy,
      operators: settings.operators,
      title: kind.title,
      fileName: run.fileName,
      ...counts,
      failure,
    };
    const type = failure === null ? "ImportApplied" : "ImportFailed";
    await publish(tx, importEvent(type, run.structureId, facts, actorOf(run)));
    return counts;
  });
}

/** The good lines, some at a time, each undone alone when it is refused. Answers why it stopped, or null. */
async function applyValid(
  database: Database,
  kind: ImportKind,
  run: ImportRow,
  settings: ImportSettings,
): Promise<string | null> {
  let { done } = await database.transaction(eyes, (tx) => countOutcomes(tx, run.id));
  for (;;) {
    const step = await database.transaction(eyes, async (tx, now) => {
      await lockImport(tx, run.id);
      const lines = await nextLines(tx, run.id, STEP[kind.of]);
      if (lines.length === 0) return "over";
      const apply = await applierOf(tx, kind, run, settings);
      if (typeof apply === "string") return { stopped: apply };
      const together = await applyTogether(tx, run, lines, apply, now);
      done += together.size;
      const others = lines.filter((line) => !together.has(line.lineNumber));
      for (const line of others.slice(0, ONE_BY_ONE)) {
        const outcome = await orUndone(tx, line, () => applyLine(tx, kind, line, apply, now));
        if (outcome.outcome === "done") done++;
        await noteOutcome(tx, run.id, [line.lineNumber], outcome);
      }
      await noteProgress(tx, run.id, done, now);
      return "goes on";
    });
    if (step === "over") return null;
    if (step !== "goes on") return step.stopped;
  }
}

/** What became of a line; when it is refused, nothing of it is left, and the lines before it stay. */
async function orUndone(tx: Tx, line: ImportLine, apply: () => Promise<LineOutcome>): Promise<LineOutcome> {
  await sql`savepoint import_line`.execute(tx);
  const outcome = await apply().catch((error: unknown): LineOutcome => {
    return { outcome: "refused", says: refusalOf(error, line).says };
  });
  await sql
    .raw(`${outcome.outcome === "refused" ? "rollback to" : "release"} savepoint import_line`)
    .execute(tx);
  return outcome;
}

/** Every line in one transaction, undone whole when one is refused. Answers why it failed, or null. */
async function applyAll(
  database: Database,
  kind: ImportKind,
  run: ImportRow,
  settings: ImportSettings,
): Promise<string | null> {
  let done = 0;
  try {
    return await database.transaction(eyes, async (tx, now) => {
      await lockImport(tx, run.id);
      for (;;) {
        const lines = await nextLines(tx, run.id, STEP[kind.of]);
        if (lines.length === 0) return null;
        const apply = await applierOf(tx, kind, run, settings);
        if (typeof apply === "string") throw new LineRefused(lines[0]!.lineNumber, apply);
        const together = await applyTogether(tx, run, lines, apply, now);
        for (const line of lines) {
          if (together.has(line.lineNumber)) continue;
          const outcome = await applyLine(tx, kind, line, apply, now);
          if (outcome.outcome === "refused") throw new LineRefused(line.lineNumber, outcome.says);
          await noteOutcome(tx, run.id, [line.lineNumber], outcome);
        }
        done += lines.length;
        await database.transaction(eyes, (other, at) => noteProgress(other, run.id, done, at));
      }
    });
  } catch (error) {
    const refusal = refusalOf(error, null);
    return `Ligne ${refusal.lineNumber} : ${refusal.says} Rien n'a été importé.`;
  }
}

/** How the lines of an import are done, in the name of who imports. */
type Applier = {
  one(tx: Tx, line: ImportLine, now: Date): Promise<Result<"done" | "same", string>>;
  together(tx: Tx, lines: readonly ImportLine[], now: Date): Promise<ReadonlySet<number>>;
};
const nothingTogether = async (): Promise<ReadonlySet<number>> => new Set();

const DONE: LineOutcome = { outcome: "done", says: "Fait" };

/** Does, with their outcome, those of the lines that create and are done as well together; answers their numbers. */
async function applyTogether(
  tx: Tx,
  run: ImportRow,
  lines: readonly ImportLine[],
  apply: Applier,
  now: Date,
): Promise<ReadonlySet<number>> {
  // what changes is done one by one: it is not read again with each of the others
  const creating = lines.filter((line) => line.verdict === "create");
  if (creating.length === 0) return new Set();
  const together = await apply.together(tx, creating, now);
  if (together.size > 0) await noteOutcome(tx, run.id, [...together], DONE);
  return together;
}

async function applyLine(
  tx: Tx,
  kind: ImportKind,
  line: ImportLine,
  apply: Applier,
  now: Date,
): Promise<LineOutcome> {
  const answer = await apply.one(tx, line, now).catch((error: unknown) => {
    const says = kind.refusalOf(error);
    throw says === null ? error : new LineRefused(line.lineNumber, says);
  });
  if (!answer.ok) return { outcome: "refused", says: answer.refusal };
  return answer.value === "done" ? DONE : { outcome: "same", says: "Déjà fait" };
}

/** The refusal behind an error. @throws the error itself when it is none */
function refusalOf(error: unknown, line: ImportLine | null): { lineNumber: number; says: string } {
  if (error instanceof LineRefused)
    return { lineNumber: line?.lineNumber ?? error.lineNumber, says: error.says };
  throw error;
}

/** How a line is done under the rights that the importer has now; a sentence when she has none left. The portal keeps its own. */
async function applierOf(
  tx: Tx,
  kind: ImportKind,
  run: ImportRow,
  { invitationDays, operators }: ImportSettings,
): Promise<Applier | string> {
  const accountId = run.createdBy;
  const actor = actorOf(run);
  const operatorApplier = (operatorKind: OperatorImport): Applier => ({
    one: (within, line, now) => operatorKind.apply(within, line, { accountId }, actor, now),
    together: (within, lines, now) => operatorKind.applyTogether(within, lines, { accountId }, actor, now),
  });
  if (accountId === null) return operatorApplier(kind as OperatorImport);
  const { address: email } = await personFacts(tx, accountId);
  if (kind.of === "operator") {
    if (
      !isOperatorAddress({ UNISSON_OPERATORS: operators }, email) ||
      !(await isActiveAccount(tx, accountId))
    )
      return NO_OPERATOR;
    return operatorApplier(kind);
  }
  const structureId = run.structureId!;
  const member = await readMember(tx, accountId, structureId);
  if (!member) return NO_MEMBER;
  const target = { structureId, member, email, invitationDays };
  return {
    one: (within, line, now) => kind.apply(within, line, target, actor, now),
    together: nothingTogether,
  };
}

export const actorOf = (run: ImportRow): Actor => ({
  accountId: run.createdBy,
  label: run.createdByLabel,
  means: "import",
});
