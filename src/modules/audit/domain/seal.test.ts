import { expect, test } from "vitest";
import { type ChainHead, readSeals, sealRoot } from "./seal.ts";

const head = (chainId: number, seq: number): ChainHead => ({
  chainId,
  seq,
  hash: `${chainId}${seq}`.padStart(64, "a"),
});
const first = [head(2, 5), head(1, 3)];
const root1 = sealRoot(null, first);
const second = [head(1, 4)];
const root2 = sealRoot(root1, second);
const line = (previousRoot: string | null, root: string, heads: readonly ChainHead[]) =>
  JSON.stringify({ at: "2026-03-02T10:00:00.000Z", previousRoot, root, heads });
const sound = [line(null, root1, first), line(root1, root2, second)];

test("A-71 Le sceau ne dépend pas de l'ordre des historiques, mais de chacun", () => {
  expect(sealRoot(null, [...first].reverse())).toBe(root1);
  expect(sealRoot(null, second)).not.toBe(root2);
});

test("A-71 Des sceaux intacts donnent les places scellées", () => {
  const { heads, brokenLine } = readSeals(sound);
  expect(brokenLine).toBeNull();
  expect([...heads.get(1)!.keys()]).toEqual([3, 4]);
});

test("A-71 Un sceau changé, retiré ou illisible est nommé par sa ligne", () => {
  const third = line(root2, sealRoot(root2, first), first);
  expect(readSeals([sound[0]!, line(root1, root2, first)]).brokenLine).toBe(2);
  expect(readSeals([sound[0]!, third]).brokenLine).toBe(2);
  expect(readSeals(["pas un sceau"]).brokenLine).toBe(1);
});
