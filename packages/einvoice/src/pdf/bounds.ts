/** What reading one PDF may cost at most; an invoice with its annexes stays far inside. */
export interface PdfLimits {
  /** Of the file. */
  readonly bytes: number;
  /** Objects parsed, entries of cross-reference tables included. */
  readonly objects: number;
  /** Bytes that all streams together give once decoded. */
  readonly decodedBytes: number;
  readonly milliseconds: number;
}

/** The bounds in force unless the caller says otherwise: 100 MB, a million objects, 50 MB decoded, 1.5 s. */
export const pdfLimits: PdfLimits = {
  bytes: 100_000_000,
  objects: 1_000_000,
  decodedBytes: 50_000_000,
  milliseconds: 1_500,
};

/** Why a PDF cannot be read. */
export type PdfRefusal =
  | "NOT_A_PDF"
  | "BROKEN"
  | "ENCRYPTED"
  | "TOO_LARGE"
  | "TOO_MANY_OBJECTS"
  | "TOO_DEEP"
  | "INFLATES_TOO_MUCH"
  | "TOO_MANY_FILTERS"
  | "UNKNOWN_FILTER"
  | "TOO_SLOW";

/** Stops the reading of a PDF; caught at the door of this folder, where it becomes a finding. */
export class PdfRefused extends Error {
  readonly refusal: PdfRefusal;

  constructor(refusal: PdfRefusal, detail: string) {
    super(detail);
    this.refusal = refusal;
  }
}

/** Refuses a file that contradicts itself, in a way that another path through it may avoid. */
export function broken(detail: string): never {
  throw new PdfRefused("BROKEN", detail);
}

/** What is left of the limits while one PDF is read. */
export class Budget {
  private objects: number;
  private bytes: number;
  private readonly end: number;

  constructor(limits: PdfLimits) {
    this.objects = limits.objects;
    this.bytes = limits.decodedBytes;
    this.end = performance.now() + limits.milliseconds;
  }

  /** Counts one more object; looks at the clock now and then. */
  object(): void {
    this.objects -= 1;
    if (this.objects < 0) throw new PdfRefused("TOO_MANY_OBJECTS", "objects");
    if (this.objects % 512 === 0) this.time();
  }

  time(): void {
    if (performance.now() > this.end) throw new PdfRefused("TOO_SLOW", "time");
  }

  /** How many bytes a stream may still give. */
  get bytesLeft(): number {
    return this.bytes;
  }

  decoded(bytes: number): void {
    this.bytes -= bytes;
    if (this.bytes < 0) throw new PdfRefused("INFLATES_TOO_MUCH", "decoded bytes");
    this.time();
  }
}
