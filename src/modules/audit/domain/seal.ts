import { createHash } from "node:crypto";

/** Where a chain stood: its last entry's place and that entry's hash, in hexadecimal. */
export type ChainHead = { readonly chainId: number; readonly seq: number; readonly hash: string };

/** One line of the exported seals: what moved since the seal before, under one root. */
export type Seal = {
  readonly at: string;
  readonly previousRoot: string | null;
  readonly root: string;
  readonly heads: readonly ChainHead[];
};

/** The root of a seal: SHA-256 of the root before and of the heads, by chain. One value to keep elsewhere. */
export function sealRoot(previousRoot: string | null, heads: readonly ChainHead[]): string {
  const text = [...heads]
    .sort((a, b) => a.chainId - b.chainId)
    .map(({ chainId, seq, hash }) => `${chainId}:${seq}:${hash}`)
    .join("\n");
  return createHash("sha256")
    .update(`${previousRoot ?? ""}\n${text}`)
    .digest("hex");
}

/**
 * Reads exported seals, one a line, and checks that each follows the one before.
 * @returns the sealed heads by chain (place → hash), and the number of the first line that is wrong, 1 for the first
 */
export function readSeals(lines: readonly string[]): {
  readonly heads: ReadonlyMap<number, ReadonlyMap<number, string>>;
  readonly brokenLine: number | null;
} {
  const heads = new Map<number, Map<number, string>>();
  let previousRoot: string | null = null;
  for (const [index, line] of lines.entries()) {
    const seal = parseSeal(line);
    const isFirst = index === 0;
    if (
      !seal ||
      (!isFirst && seal.previousRoot !== previousRoot) ||
      sealRoot(seal.previousRoot, seal.heads) !== seal.root
    )
      return { heads, brokenLine: index + 1 };
    previousRoot = seal.root;
    for (const { chainId, seq, hash } of seal.heads) {
      const chain = heads.get(chainId) ?? new Map<number, string>();
      heads.set(chainId, chain.set(seq, hash));
    }
  }
  return { heads, brokenLine: null };
}

function parseSeal(line: string): Seal | null {
  try {
    const seal = JSON.parse(line) as Seal;
    return typeof seal.root === "string" && Array.isArray(seal.heads) ? seal : null;
  } catch {
    return null; // a line that is no JSON is a broken line, and is reported as such
  }
}
