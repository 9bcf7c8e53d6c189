/** What reading one archive may cost at most. */
export interface ArchiveLimits {
  readonly entries: number;
  /** Bytes that one entry may give. */
  readonly entryBytes: number;
  /** Bytes that all entries together may give. */
  readonly totalBytes: number;
  /** Bytes given for one byte compressed, beyond a first megabyte: a real invoice stays below a hundred. */
  readonly ratio: number;
}

/** The bounds in force unless the caller says otherwise: 10,000 files, 500 MB together, 300 times their size. */
export const archiveLimits: ArchiveLimits = {
  entries: 10_000,
  entryBytes: 100_000_000,
  totalBytes: 500_000_000,
  ratio: 300,
};

/** Output that no ratio is asked of. */
const freeBytes = 1_000_000;

/** What stops the reading of an archive. */
export type ArchiveStop = "BROKEN" | "TOO-MANY-ENTRIES" | "INFLATES-TOO-MUCH" | "NOT-A-TAR";

/** Stops the reading of an archive; caught at the door of this folder, where it becomes a finding. */
export class ArchiveStopped extends Error {
  readonly reason: ArchiveStop;

  constructor(reason: ArchiveStop) {
    super(reason);
    this.reason = reason;
  }
}

/** What is left of the limits while one archive is read. */
export class ArchiveBudget {
  private readonly limits: ArchiveLimits;
  private entries = 0;
  private total = 0;

  constructor(limits: ArchiveLimits) {
    this.limits = limits;
  }

  entry(): void {
    this.entries += 1;
    if (this.entries > this.limits.entries) throw new ArchiveStopped("TOO-MANY-ENTRIES");
  }

  /** Counts bytes that came out, of an entry or stream that has so far given `given` for `taken` compressed. */
  bytes(more: number, given: number, taken: number): void {
    this.total += more;
    const excessive = given > freeBytes + taken * this.limits.ratio;
    if (excessive || this.total > this.limits.totalBytes) throw new ArchiveStopped("INFLATES-TOO-MUCH");
  }

  /** Refuses an entry that is, or says that it is, too large. */
  size(bytes: number): void {
    if (bytes > this.limits.entryBytes) throw new ArchiveStopped("INFLATES-TOO-MUCH");
  }
}
