import { sql } from "kysely";
import type { Tx } from "../../platform/database/index.ts";
import type { JudgedLine, LineOutcome, Verdict } from "./domain/import.ts";

export type ImportRow = {
  readonly id: number;
  /** Null for the operator's. */
  readonly structureId: number | null;
  readonly structureName: string | null;
  readonly kind: string;
  readonly fileName: string;
  readonly state: "analysed" | "applying" | "applied" | "failed" | "abandoned";
  readonly mode: "all" | "valid" | null;
  readonly createdAt: Date;
  readonly createdBy: number;
  readonly createdByLabel: string;
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

/** The import that a job was told to apply. */
export function findImportToApply(tx: Tx, id: number): Promise<ImportRow | undefined> {
  return imports(tx).where("i.id", "=", id).where("i.state", "=", "applying").executeTakeFirst() as Promise<
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

export async function insertImport(
  tx: Tx,
  run: {
    structureId: number | null;
    kind: string;
    fileName: string;
    createdBy: number;
    createdByLabel: string;
  },
  lines: readonly JudgedLine[],
  now: Date,
): Promise<number> {
  const { id } = await tx
    .insertInto("import")
    .values({ ...run, createdAt: now, movedAt: now })
    .returning("id")
    .executeTakeFirstOrThrow();
  for (let from = 0; from < lines.length; from += LINES_A_STATEMENT)
    await tx
      .insertInto("importLine")
      .values(
        lines.slice(from, from + LINES_A_STATEMENT).map((line) => ({
          importId: id,
          structureId: run.structureId,
          lineNumber: line.lineNumber,
          cells: JSON.stringify(line.cells),
          verdict: line.verdict,
          says: line.says,
        })),
      )
      .execute();
  return id;
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
    .$if(search.verdict === "aborted", (query) => query.where("outcome", "=", "refused"))
    .$if(search.verdict !== "" && search.verdict !== "aborted", (query) =>
      query.where("verdict", "=", search.verdict),
    )
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
  if (numUpdatedRows === 0n) return false;
  await enqueueApplication(tx, run.id);
  return true;
}

export async function enqueueApplication(tx: Tx, importId: number): Promise<void> {
  await sql`select enqueue_job('apply-import', ${JSON.stringify({ importId })}::json, null, ${`apply-import-${importId}`})`.execute(
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
    .orderBy("lineNumber")
    .limit(limit)
    .execute() as Promise<ImportLine[]>;
}

export async function noteOutcome(
  tx: Tx,
  importId: number,
  lineNumber: number,
  { outcome, says }: LineOutcome,
): Promise<void> {
  await tx
    .updateTable("importLine")
    .set({ outcome, outcomeSays: says })
    .where("importId", "=", importId)
    .where("lineNumber", "=", lineNumber)
    .where("outcome", "is", null)
    .execute();
}

/** Tells how far the application is, to the page that shows it and to the clock that takes up what stands still. */
export async function noteProgress(tx: Tx, importId: number, doneCount: number, now: Date): Promise<void> {
  await tx
    .updateTable("import")
    .set({ doneCount, movedAt: now })
    .where("id", "=", importId)
    .where("state", "=", "applying")
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

/** Imports whose application stands still since an instant: the process that did it is gone. */
export async function listStandingStill(tx: Tx, since: Date): Promise<number[]> {
  const rows = await tx
    .selectFrom("import")
    .select("id")
    .where("state", "=", "applying")
    .where("movedAt", "<", since)
    .execute();
  return rows.map((row) => row.id);
}

/** Whether the importer's account is still open. */
export async function isActiveAccount(tx: Tx, accountId: number): Promise<boolean> {
  const row = await tx.selectFrom("account").select("state").where("id", "=", accountId).executeTakeFirst();
  return row?.state === "active";
}
