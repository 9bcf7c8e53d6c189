import { sql } from "kysely";
import type { Tx } from "../../platform/database/index.ts";
import type { JudgedLine, LineOutcome, Verdict } from "./domain/import.ts";
import type { TableRow } from "./domain/table.ts";

export type ImportRow = {
  readonly id: number;
  /** Null for the operator's. */
  readonly structureId: number | null;
  readonly structureName: string | null;
  readonly kind: string;
  readonly fileName: string;
  readonly state: "analysing" | "analysed" | "applying" | "applied" | "failed" | "abandoned";
  readonly mode: "all" | "valid" | null;
  readonly createdAt: Date;
  /** Null: the portal itself, at night. */
  readonly createdBy: number | null;
  readonly createdByLabel: string;
  /** Lines of the file, where they are judged after it is received. */
  readonly lineCount: number | null;
  readonly doneCount: number;
  readonly failure: string | null;
};

export type ImportLine = JudgedLine & {
  readonly outcome: LineOutcome["outcome"] | null;
  readonly outcomeSays: string | null;
};

/** How many lines have each verdict. */
export type VerdictCounts = { readonly [V in Verdict]: number };

const LINES_A_STATEMENT = 1000;

function imports(tx: Tx) {
  return tx
    .selectFrom("import as i")
    .leftJoin("structure as s", "s.id", "i.structureId")
    .select([
      "i.id",
      "i.structureId",
      "s.displayName as structureName",
      "i.kind",
      "i.fileName",
      "i.state",
      "i.mode",
      "i.createdAt",
      "i.createdBy",
      "i.createdByLabel",
      "i.lineCount",
      "i.doneCount",
      "i.failure",
    ]);
}

/** An import of a structure, or of the operator; another structure's is not found. */
export function findImport(tx: Tx, structureId: number | null, id: number): Promise<ImportRow | undefined> {
  return imports(tx)
    .where("i.id", "=", id)
    .where("i.structureId", "is not distinct from", structureId)
    .executeTakeFirst() as Promise<ImportRow | undefined>;
}

/** The import that a job was told to judge or to apply. */
export function findImportIn(
  tx: Tx,
  state: "analysing" | "applying",
  id: number,
): Promise<ImportRow | undefined> {
  return imports(tx).where("i.id", "=", id).where("i.state", "=", state).executeTakeFirst() as Promise<
    ImportRow | undefined
  >;
}

/** The last imports of a structure, or of the operator, the newest first. */
export function listImports(tx: Tx, structureId: number | null, kind: string): Promise<ImportRow[]> {
  return imports(tx)
    .where("i.structureId", "is not distinct from", structureId)
    .where("i.kind", "=", kind)
    .orderBy("i.id", "desc")
    .limit(20)
    .execute() as Promise<ImportRow[]>;
}

/** Keeps an import; its lines come after. */
export async function insertImport(
  tx: Tx,
  run: {
    structureId: number | null;
    kind: string;
    fileName: string;
    createdBy: number | null;
    createdByLabel: string;
    state: "analysing" | "analysed";
  },
  now: Date,
): Promise<number> {
  const { id } = await tx
    .insertInto("import")
    .values({ ...run, createdAt: now, movedAt: now })
    .returning("id")
    .executeTakeFirstOrThrow();
  return id;
}

/** Keeps lines of an import, judged or to be judged. */
export async function insertLines(
  tx: Tx,
  run: { readonly id: number; readonly structureId: number | null },
  lines: readonly (TableRow & Partial<Pick<JudgedLine, "verdict" | "says" | "turn">>)[],
): Promise<void> {
  for (let from = 0; from < lines.length; from += LINES_A_STATEMENT)
    await tx
      .insertInto("importLine")
      .values(
        lines.slice(from, from + LINES_A_STATEMENT).map(({ lineNumber, cells, verdict, says, turn }) => ({
          importId: run.id,
          structureId: run.structureId,
          lineNumber,
          cells: JSON.stringify(cells),
          verdict: verdict ?? null,
          says: says ?? null,
          turn: turn ?? 0,
        })),
      )
      .execute();
}

export async function noteLineCount(tx: Tx, importId: number, lineCount: number): Promise<void> {
  await tx.updateTable("import").set({ lineCount }).where("id", "=", importId).execute();
}

/** Lines as they were received, by number, after one. */
export function listReceivedLines(
  tx: Tx,
  importId: number,
  after: number,
  limit: number,
): Promise<TableRow[]> {
  return tx
    .selectFrom("importLine")
    .select(["lineNumber", "cells"])
    .where("importId", "=", importId)
    .where("lineNumber", ">", after)
    .orderBy("lineNumber")
    .limit(limit)
    .execute() as Promise<TableRow[]>;
}

/** Keeps what would be made of lines that are there. */
export async function saveVerdicts(tx: Tx, importId: number, lines: readonly JudgedLine[]): Promise<void> {
  await sql`
    update import_line l set verdict = judged.verdict, says = judged.says
    from unnest(${lines.map((one) => one.lineNumber)}::integer[], ${lines.map((one) => one.verdict)}::text[],
      ${lines.map((one) => one.says)}::text[]) as judged(line_number, verdict, says)
    where l.import_id = ${importId} and l.line_number = judged.line_number`.execute(tx);
}

/** Ends the judgement of an import; answers whether it was still under way. */
export async function endAnalysis(tx: Tx, importId: number, now: Date): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable("import")
    .set({ state: "analysed", doneCount: 0, movedAt: now })
    .where("id", "=", importId)
    .where("state", "=", "analysing")
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Forgets the lines that change nothing: what is left of an import is what differed. */
export async function forgetSameLines(tx: Tx, importId: number): Promise<void> {
  await tx.deleteFrom("importLine").where("importId", "=", importId).where("verdict", "=", "same").execute();
}

/** Forgets an import that changes nothing, with its lines. */
export async function deleteImport(tx: Tx, importId: number): Promise<void> {
  await tx.deleteFrom("importLine").where("importId", "=", importId).execute();
  await tx.deleteFrom("import").where("id", "=", importId).execute();
}

/** Gives up the portal's own imports of a kind that nobody decided on: a newer file takes their place. */
export async function abandonOwnImports(tx: Tx, kind: string): Promise<void> {
  await tx
    .updateTable("import")
    .set({ state: "abandoned" })
    .where("kind", "=", kind)
    .where("createdBy", "is", null)
    .where("state", "=", "analysed")
    .execute();
}

/** The operator's imports that wait for her decision. */
export function listUndecidedImports(tx: Tx): Promise<ImportRow[]> {
  return imports(tx)
    .where("i.structureId", "is", null)
    .where("i.createdBy", "is", null)
    .where("i.state", "=", "analysed")
    .orderBy("i.id")
    .execute() as Promise<ImportRow[]>;
}

export async function countVerdicts(tx: Tx, importId: number): Promise<VerdictCounts> {
  const rows = await tx
    .selectFrom("importLine")
    .select(["verdict", (build) => build.fn.countAll<number>().as("count")])
    .where("importId", "=", importId)
    .groupBy("verdict")
    .execute();
  const counts = { create: 0, change: 0, close: 0, same: 0, refused: 0 };
  for (const row of rows) counts[row.verdict as Verdict] = row.count;
  return counts;
}

const lineColumns = ["lineNumber", "cells", "verdict", "says", "outcome", "outcomeSays"] as const;

/** Lines by number, after one. */
export function listLines(
  tx: Tx,
  importId: number,
  search: { verdict: string; after: number; limit: number },
): Promise<ImportLine[]> {
  return tx
    .selectFrom("importLine")
    .select(lineColumns)
    .where("importId", "=", importId)
    .where("lineNumber", ">", search.after)
    .$if(search.verdict !== "", (query) => query.where("verdict", "=", search.verdict))
    .orderBy("lineNumber")
    .limit(search.limit)
    .execute() as Promise<ImportLine[]>;
}

/** Starts the application of an import that nobody has decided on yet; answers whether it was so. */
export async function startApplying(
  tx: Tx,
  run: { id: number; structureId: number | null; mode: "all" | "valid" },
  now: Date,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable("import")
    .set({ state: "applying", mode: run.mode, movedAt: now })
    .where("id", "=", run.id)
    .where("structureId", "is not distinct from", run.structureId)
    .where("state", "=", "analysed")
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Has a job judge or apply an import, once whatever asks for it. */
export async function enqueueImport(
  tx: Tx,
  job: "judge-import" | "apply-import",
  importId: number,
): Promise<void> {
  await sql`select enqueue_job(${job}, ${JSON.stringify({ importId })}::json, null, ${`${job}-${importId}`})`.execute(
    tx,
  );
}

export async function abandonImport(tx: Tx, structureId: number | null, id: number): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable("import")
    .set({ state: "abandoned" })
    .where("id", "=", id)
    .where("structureId", "is not distinct from", structureId)
    .where("state", "=", "analysed")
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** One transaction at a time applies an import, on all instances. */
export async function lockImport(tx: Tx, id: number): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended('import', ${id}))`.execute(tx);
}

/** The next lines to do. */
export function nextLines(tx: Tx, importId: number, limit: number): Promise<ImportLine[]> {
  return tx
    .selectFrom("importLine")
    .select(lineColumns)
    .where("importId", "=", importId)
    .where("outcome", "is", null)
    .where("verdict", "in", ["create", "change", "close"])
    .orderBy("turn")
    .orderBy("lineNumber")
    .limit(limit)
    .execute() as Promise<ImportLine[]>;
}

export async function noteOutcome(
  tx: Tx,
  importId: number,
  lineNumbers: readonly number[],
  { outcome, says }: LineOutcome,
): Promise<void> {
  await tx
    .updateTable("importLine")
    .set({ outcome, outcomeSays: says })
    .where("importId", "=", importId)
    .where("lineNumber", "=", sql<number>`any(${lineNumbers})`)
    .where("outcome", "is", null)
    .execute();
}

/** Tells how far a job is, to the page that shows it and to the clock that takes up what stands still. */
export async function noteProgress(tx: Tx, importId: number, doneCount: number, now: Date): Promise<void> {
  await tx
    .updateTable("import")
    .set({ doneCount, movedAt: now })
    .where("id", "=", importId)
    .where("state", "in", ["analysing", "applying"])
    .execute();
}

export async function countOutcomes(tx: Tx, importId: number): Promise<{ done: number; refused: number }> {
  return tx
    .selectFrom("importLine")
    .select((build) => [
      build.fn.countAll<number>().filterWhere("outcome", "=", "done").as("done"),
      build.fn.countAll<number>().filterWhere("outcome", "=", "refused").as("refused"),
    ])
    .where("importId", "=", importId)
    .executeTakeFirstOrThrow();
}

export async function finishImport(
  tx: Tx,
  importId: number,
  end: { state: "applied" | "failed"; doneCount: number; failure: string | null },
): Promise<void> {
  await tx.updateTable("import").set(end).where("id", "=", importId).execute();
}

/** Imports whose job stands still since an instant: the process that did it is gone. */
export function listStandingStill(
  tx: Tx,
  since: Date,
): Promise<{ id: number; state: "analysing" | "applying" }[]> {
  return tx
    .selectFrom("import")
    .select(["id", "state"])
    .where("state", "in", ["analysing", "applying"])
    .where("movedAt", "<", since)
    .execute() as Promise<{ id: number; state: "analysing" | "applying" }[]>;
}

/** Whether the importer's account is still open. */
export async function isActiveAccount(tx: Tx, accountId: number): Promise<boolean> {
  const row = await tx.selectFrom("account").select("state").where("id", "=", accountId).executeTakeFirst();
  return row?.state === "active";
}
