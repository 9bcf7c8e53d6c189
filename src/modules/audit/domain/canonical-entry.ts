import { hash } from "node:crypto";

/**
 * One entry of the journal as it was hashed: its columns as text, in the order of the SQL function
 * `journal_canonical` after `chain_id` and `seq`.
 */
export type SealedEntry = {
  readonly seq: number;
  readonly parts: readonly (string | null)[];
  readonly hash: Buffer;
};

const EMPTY = Buffer.alloc(0);

/**
 * The text of an entry whose hash is kept: every column preceded by its length in characters, so that no two entries
 * share a text. Written apart from the SQL that makes the journal: that is what makes the verification independent.
 */
export function canonicalEntry(chainId: number, seq: number, parts: readonly (string | null)[]): string {
  return [String(chainId), String(seq), ...parts]
    .map((part) => (part === null ? "-" : `${characters(part)}:${part}`))
    .join("|");
}

/** SHA-256 of the previous hash followed by the entry's text; the first entry of a chain follows nothing. */
export function entryHash(
  previous: Buffer | null,
  chainId: number,
  seq: number,
  parts: readonly (string | null)[],
): Buffer {
  const text = Buffer.from(canonicalEntry(chainId, seq, parts));
  return hash("sha256", Buffer.concat([previous ?? EMPTY, text]), "buffer");
}

/** Length as PostgreSQL counts it: a character beyond U+FFFF counts once. */
function characters(text: string): number {
  const pairs = text.match(/[\ud800-\udbff]/g);
  return text.length - (pairs?.length ?? 0);
}
