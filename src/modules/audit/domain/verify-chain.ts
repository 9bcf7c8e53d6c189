import { entryHash, type SealedEntry } from "./canonical-entry.ts";

/** What is wrong in a chain, and exactly where. */
export type Finding = {
  readonly kind: "altered" | "removed" | "inserted" | "swapped" | "differsFromSeal";
  readonly chainId: number;
  /** First and last place concerned (for a swap: the two places). */
  readonly from: number;
  readonly to: number;
};

type Suspect = { readonly previous: Buffer | null; readonly entry: SealedEntry };

/** Swaps are looked for among this many broken places of a chain at most: beyond, the chain is rewritten. */
const SWAP_SEARCH_LIMIT = 50;

/**
 * Verifies one chain of the journal, entry after entry, in one pass.
 * A lone change breaks one hash only: that of its place, since the next entry follows the hash that was kept.
 * @param seals the heads exported in the past: place → hash in hexadecimal
 */
export function makeChainVerifier(chainId: number, seals: ReadonlyMap<number, string>) {
  const findings: Finding[] = [];
  const suspects: Suspect[] = [];
  let previous: Buffer | null = null;
  let lastSeq = 0;
  let shift = 0; // entry at place n was written at place n + shift
  let held: SealedEntry | null = null; // a broken entry, judged with the one that follows
  let isAfterGap = false;
  let skipsNext = false; // the next entry was judged with the one before

  const follows = (before: Buffer | null, entry: SealedEntry, by: number) =>
    entryHash(before, chainId, entry.seq + by, entry.parts).equals(entry.hash);
  const find = (kind: Finding["kind"], from: number, to = from) => findings.push({ kind, chainId, from, to });

  function judgeHeld(next: SealedEntry | null): void {
    if (held === null) return;
    const broken = held;
    held = null;
    if (next && !follows(broken.hash, next, shift)) {
      if (follows(previous, next, shift - 1)) {
        if (follows(next.hash, broken, shift + 1)) {
          find("swapped", broken.seq, next.seq);
          previous = broken.hash;
          skipsNext = true;
          return;
        }
        find("inserted", broken.seq);
        shift -= 1;
        return; // the chain goes on from the entry before the inserted one
      }
      if (follows(broken.hash, next, shift + 1)) {
        find("removed", broken.seq);
        shift += 1;
        previous = broken.hash;
        return;
      }
    }
    if (suspects.length < SWAP_SEARCH_LIMIT) suspects.push({ previous, entry: broken });
    find("altered", broken.seq);
    previous = broken.hash;
  }

  return {
    /** The next entry, by increasing place. */
    push(entry: SealedEntry): void {
      judgeHeld(entry);
      if (entry.seq > lastSeq + 1) {
        find("removed", lastSeq + 1, entry.seq - 1);
        isAfterGap = true;
      }
      lastSeq = entry.seq;
      if (skipsNext) {
        skipsNext = false;
        return;
      }
      if (isAfterGap) {
        // the hash it follows is lost with the removed entries: only what comes after can be checked
        isAfterGap = false;
        previous = entry.hash;
      } else if (follows(previous, entry, shift)) {
        previous = entry.hash;
        const seal = shift === 0 ? seals.get(entry.seq) : undefined;
        if (seal !== undefined && seal !== entry.hash.toString("hex")) find("differsFromSeal", entry.seq);
      } else held = entry;
    },
    /**
     * All that is wrong in the chain.
     * @param headSeq the place of the last entry as the chain's head keeps it, 0 when unknown
     */
    finish(headSeq: number): readonly Finding[] {
      judgeHeld(null);
      const sealed = Math.max(0, ...seals.keys()) - shift;
      const written = Math.max(sealed, Math.min(headSeq, headSeq - shift));
      if (written > lastSeq) find("removed", lastSeq + 1, written);
      return withSwaps(chainId, findings, suspects);
    },
  };
}

/** Two broken entries that are right in each other's place were swapped. */
function withSwaps(
  chainId: number,
  findings: readonly Finding[],
  suspects: readonly Suspect[],
): readonly Finding[] {
  const explained = new Set<number>();
  const swaps: Finding[] = [];
  for (const [index, first] of suspects.entries())
    for (const second of suspects.slice(index + 1)) {
      if (explained.has(first.entry.seq) || explained.has(second.entry.seq)) continue;
      if (!areSwapped(chainId, first, second)) continue;
      swaps.push({ kind: "swapped", chainId, from: first.entry.seq, to: second.entry.seq });
      // a swap breaks the entries that follow it too: they follow a hash that is not theirs
      for (const seq of [first.entry.seq, second.entry.seq]) explained.add(seq).add(seq + 1);
    }
  return [...findings.filter((one) => one.kind !== "altered" || !explained.has(one.from)), ...swaps].sort(
    (a, b) => a.from - b.from,
  );
}

function areSwapped(chainId: number, first: Suspect, second: Suspect): boolean {
  const isAdjacent = second.entry.seq === first.entry.seq + 1;
  for (const [hashA, hashB] of [
    [second.entry.hash, first.entry.hash], // the hashes moved with their entries
    [first.entry.hash, second.entry.hash], // only what is written was exchanged
  ] as const) {
    const before = isAdjacent ? hashA : second.previous;
    if (
      entryHash(first.previous, chainId, first.entry.seq, second.entry.parts).equals(hashA) &&
      entryHash(before, chainId, second.entry.seq, first.entry.parts).equals(hashB)
    )
      return true;
  }
  return false;
}
