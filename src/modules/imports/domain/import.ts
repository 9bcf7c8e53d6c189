import type { Tx } from "../../../platform/database/index.ts";
import type { Actor } from "../../../platform/events.ts";
import type { Result } from "../../../shared/result.ts";
import type { Action, Member } from "../../rights/index.ts";
import type { ImportColumn, TableRow } from "./table.ts";

/** What a line would do: `close` is for what the file leaves out. */
export type Verdict = "create" | "change" | "close" | "same" | "refused";

/** A line with what would be made of it, in French: « sera créé », or why it is refused. */
export type JudgedLine = TableRow & {
  readonly verdict: Verdict;
  readonly says: string;
  /** When it is done: after the lines of lower turns, which create what it needs. Absent: first. */
  readonly turn?: number;
};

/** What became of a line. */
export type LineOutcome = { readonly outcome: "done" | "same" | "refused"; readonly says: string };

/** Whether a verdict is something to do. */
export const isToDo = (verdict: Verdict): boolean =>
  verdict === "create" || verdict === "change" || verdict === "close";

/**
 * Judges lines once read, each by its key: what cannot be read, or stands on a line before, is refused.
 * @param what says what the key names: « Ce code »
 * @param seenAt the lines of the keys met before, to which those of these lines are added
 */
export function judgeOnce<L>(
  read: readonly { readonly row: TableRow; readonly line: Result<L, string> }[],
  what: string,
  keyOf: (line: L) => string,
  judge: (row: TableRow, line: L) => JudgedLine,
  seenAt: Map<string, number>,
): JudgedLine[] {
  return read.map(({ row, line }): JudgedLine => {
    if (!line.ok) return { ...row, verdict: "refused", says: line.refusal };
    const key = keyOf(line.value);
    const twin = seenAt.get(key);
    if (twin !== undefined)
      return { ...row, verdict: "refused", says: `${what} figure déjà à la ligne ${twin}.` };
    seenAt.set(key, row.lineNumber);
    return judge(row, line.value);
  });
}

/** The lines that can be read, with what they say. */
export const readable = <L, R extends TableRow>(
  rows: readonly R[],
  read: (cells: TableRow["cells"]) => Result<L, string>,
): { readonly row: R; readonly line: L }[] =>
  rows.flatMap((row) => {
    const line = read(row.cells);
    return line.ok ? [{ row, line: line.value }] : [];
  });

/** For whom lines are judged and applied in a structure. */
export type ImportTarget = {
  readonly structureId: number;
  readonly member: Member;
  /** The importer's sign-in address. */
  readonly email: string;
  /** Life of the invitations that the import sends. */
  readonly invitationDays: number;
};

/** The operator imports into the directory: no structure is hers. Null: the portal does, by itself. */
export type OperatorTarget = { readonly accountId: number | null };

/** What can be imported: its columns, and how a line is judged, then done, by the rules of the screens. */
type Importable<T> = {
  /** Last part of its addresses. */
  readonly path: string;
  readonly title: string;
  readonly maxLines: number;
  readonly columns: readonly ImportColumn[];
  /** What each column holds, in sentences. */
  readonly help: readonly string[];
  /** What the page shows of a line, beside its number and its verdict. */
  readonly shown: readonly { readonly title: string; readonly cell: (line: TableRow) => string }[];
  /** Where what is imported is listed. */
  readonly list: { readonly label: string; readonly path: string };
  /** Lines of the model. */
  readonly examples: readonly (readonly string[])[];
  /** What a box proposes to end because the file leaves it out, if anything. */
  readonly closesAbsent?: { readonly label: string; readonly hint: string };
  /** What to ask before `count` things end, to which their number is the answer; null or absent: nothing. */
  asksBeforeClosing?(tx: Tx, count: number, now: Date): Promise<string | null>;
  /** Does one line; a refusal is the sentence to show. */
  apply(
    tx: Tx,
    line: JudgedLine,
    target: T,
    actor: Actor,
    now: Date,
  ): Promise<Result<"done" | "same", string>>;
  /** The sentence of what the database alone can refuse, where an error is that. */
  refusalOf(error: unknown): string | null;
};

/** An import by a member of a structure, into it. */
export type StructureImport = Importable<ImportTarget> & {
  readonly of: "structure";
  readonly name: "services" | "memberships";
  readonly action: Action;
  /** Whether a line is judged and done with eyes that see more than the importer's. */
  readonly seesEverything: boolean;
  /** What the structure holds now, in the columns of the import: imported as it is, it changes nothing. */
  readonly present?: {
    readonly label: string;
    readonly fileName: string;
    /** What the journal says was exported. */
    readonly what: string;
    /** Lines by number, after one. `serviceIds`: the services whose people the reader sees; null: all. */
    read(
      tx: Tx,
      of: { readonly structureId: number; readonly serviceIds: readonly number[] | null },
      after: number,
      limit: number,
      now: Date,
    ): Promise<readonly PresentLine[]>;
  };
  /** Judges every line against what is, changing nothing. */
  judge(
    tx: Tx,
    rows: readonly TableRow[],
    target: ImportTarget,
    options: { readonly closeAbsent: boolean },
    now: Date,
  ): Promise<JudgedLine[]>;
};

/** A line of what is held now: what it is read by, and its cells in the order of the columns. */
export type PresentLine = { readonly id: number; readonly cells: readonly string[] };

/** An import by the operator, into the directory. */
export type OperatorImport = Importable<OperatorTarget> & {
  readonly of: "operator";
  readonly name: "directoryStructures" | "directoryServices";
  /** Name of its file in the folder that is imported each night. */
  readonly nightlyFile: string;
  /**
   * Judges the next lines of a file against what is, changing nothing.
   * @param seenAt the keys met before in the same file, with their lines
   */
  judge(tx: Tx, rows: readonly TableRow[], seenAt: Map<string, number>, now: Date): Promise<JudgedLine[]>;
  /** Does in a few statements what can be done so; answers the numbers of the lines done, the others are left as they were. */
  applyTogether(
    tx: Tx,
    lines: readonly JudgedLine[],
    target: OperatorTarget,
    actor: Actor,
    now: Date,
  ): Promise<ReadonlySet<number>>;
};

export type ImportKind = StructureImport | OperatorImport;

/** Where an import is seen, and its lines. */
export const importPath = (run: { readonly id: number; readonly structureId: number | null }): string =>
  run.structureId === null
    ? `/operateur/imports/${run.id}`
    : `/organisation/structures/${run.structureId}/imports/${run.id}`;
