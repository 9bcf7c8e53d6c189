import { createHash } from "node:crypto";
import { EventEmitter, once } from "node:events";
import { type FileHandle, mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import type { Database, Tx } from "../../platform/database/index.ts";
import type { ByteRange } from "../../web/byte-range.ts";
import { strongEtag } from "../../web/etag.ts";
import { type DirectoryMarks, directoryMarks } from "./directory-files-store.ts";

/** A file of the directory: what its bytes follow from, and how they are made. */
export type DirectoryFile = {
  readonly name: string;
  /** Media type. */
  readonly type: string;
  /** What tells one content from another: what it is made with, then what is in it. */
  readonly parts: (marks: DirectoryMarks) => readonly string[];
  /** @param onLine called for each line but those of titles */
  readonly make: (tx: Tx, now: Date, onLine: () => void) => Readable;
};

export type EditionFacts = { readonly bytes: number; readonly lines: number; readonly sha256: string };

/** Bytes read at once. */
const READ_BYTES = 256 * 1024;
const SNAPSHOT = { snapshot: true, statementTimeoutMs: 60_000 } as const;
/** Row by row, who may see each service would be asked: the queries of the files keep to public structures themselves. */
const eyes = {
  kind: "system",
  reason: "the files hold what is public, and their queries say what that is",
} as const;

/** The validator of a file as the directory is. */
export const etagOf = (file: DirectoryFile, marks: DirectoryMarks): string =>
  strongEtag(file.name, ...file.parts(marks));

export type Editions = {
  /** What the validators of the files follow from now: a count of the whole directory. */
  marksNow(): Promise<DirectoryMarks>;
  /**
   * A file as the directory is now, or was when the edition under way began.
   * @param marks those of now, where they have just been read
   */
  current(file: DirectoryFile, marks?: DirectoryMarks): Promise<Edition>;
  /** Removes what is on the disk. */
  close(): Promise<void>;
};

/**
 * Keeps one edition of each file of the directory, made when it is asked for and found again until the directory changes.
 * They are made one at a time, whoever asks: each holds a connection from its first line to its last.
 */
export function directoryEditions(database: Database): Editions {
  const known = new Map<string, Edition>();
  let folder: Promise<string> | null = null;
  let serial = 0;
  let lane: Promise<unknown> = Promise.resolve();

  const marksNow = () => database.transaction(eyes, directoryMarks, SNAPSHOT);

  /** Begins an edition when its turn comes; answers once its validator is known. */
  const begin = (file: DirectoryFile) =>
    new Promise<Edition>((resolve, reject) => {
      lane = lane.then(() => make(file, resolve)).catch(reject);
    });

  async function make(file: DirectoryFile, tell: (edition: Edition) => void): Promise<void> {
    folder ??= mkdtemp(join(tmpdir(), "unisson-annuaire-"));
    const path = join(await folder, `${serial++}-${file.name}`);
    let edition: Edition | null = null;
    let replaced: Edition | undefined;
    try {
      await database.transaction(
        eyes,
        async (tx, now) => {
          edition = new Edition(etagOf(file, await directoryMarks(tx, now)), path, await open(path, "w"));
          replaced = known.get(file.name);
          known.set(file.name, edition);
          tell(edition);
          await edition.write((onLine) => file.make(tx, now, onLine));
        },
        SNAPSHOT,
      );
    } catch (error) {
      if (edition === null) throw error;
      known.delete(file.name);
      await (edition as Edition).fail(error);
    }
    await replaced?.remove();
  }

  const beginning = new Map<string, Promise<Edition>>();
  return {
    marksNow,
    current: async (file, marks) => {
      const edition = known.get(file.name);
      if (edition && (edition.facts === null || edition.etag === etagOf(file, marks ?? (await marksNow()))))
        return edition;
      const begun = beginning.get(file.name) ?? begin(file).finally(() => beginning.delete(file.name));
      beginning.set(file.name, begun);
      return begun;
    },
    close: async () => {
      await lane;
      if (folder) await rm(await folder, { recursive: true, force: true });
    },
  };
}

/** DIR-01. A file as it was at one instant, on this machine's disk; it is read while it is still being written. */
export class Edition {
  readonly etag: string;
  /** What it holds; null while it is being made. */
  facts: EditionFacts | null = null;
  readonly #path: string;
  readonly #writing: FileHandle;
  readonly #growth = new EventEmitter().setMaxListeners(0);
  #written = 0;
  #failure: Error | null = null;
  #readers = 0;
  #isReplaced = false;

  constructor(etag: string, path: string, writing: FileHandle) {
    this.etag = etag;
    this.#path = path;
    this.#writing = writing;
  }

  async write(make: (onLine: () => void) => Readable): Promise<void> {
    const digest = createHash("sha256");
    let lines = 0;
    try {
      const content = make(() => {
        lines++;
      });
      for await (const chunk of content) {
        const bytes = Buffer.from(chunk);
        await this.#writing.writeFile(bytes);
        digest.update(bytes);
        this.#written += bytes.length;
        this.#growth.emit("growth");
      }
    } finally {
      await this.#writing.close();
    }
    this.facts = { lines, bytes: this.#written, sha256: digest.digest("hex") };
    this.#growth.emit("growth");
  }

  /** Tells those who read it or wait for it, and removes what was written. */
  async fail(cause: unknown): Promise<void> {
    this.#failure = new Error("A file of the directory could not be made", { cause });
    this.#growth.emit("growth");
    await this.remove();
  }

  /** Waits for its end. @throws what kept it from being made */
  async made(): Promise<EditionFacts> {
    while (this.facts === null) {
      if (this.#failure) throw this.#failure;
      await once(this.#growth, "growth");
    }
    return this.facts;
  }

  /** Its bytes, both ends included; without `range`, to its end. @throws what kept it from being made */
  read(range: ByteRange = { first: 0, last: Number.POSITIVE_INFINITY }): AsyncGenerator<Buffer> {
    this.#readers++;
    return this.#bytes(range);
  }

  async *#bytes({ first, last }: ByteRange): AsyncGenerator<Buffer> {
    let handle: FileHandle | null = null;
    try {
      if (this.#failure) throw this.#failure;
      handle = await open(this.#path, "r");
      for (let at = first; at <= last; ) {
        const length = Math.min(READ_BYTES, last - at + 1, this.#written - at);
        if (length > 0) {
          const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(length), 0, length, at);
          at += bytesRead;
          yield buffer.subarray(0, bytesRead);
        } else if (this.facts) return;
        else if (this.#failure) throw this.#failure;
        else await once(this.#growth, "growth");
      }
    } finally {
      await handle?.close();
      this.#readers--;
      if (this.#isReplaced) await this.remove();
    }
  }

  /** Removes it from the disk, once nobody reads it any more. */
  async remove(): Promise<void> {
    this.#isReplaced = true;
    if (this.#readers === 0) await rm(this.#path, { force: true });
  }
}
