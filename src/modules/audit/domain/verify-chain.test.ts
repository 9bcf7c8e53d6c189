import { describe, expect, test } from "vitest";
import { canonicalEntry, entryHash, type SealedEntry } from "./canonical-entry.ts";
import { makeChainVerifier } from "./verify-chain.ts";

const CHAIN = 7;

function chain(length: number): SealedEntry[] {
  let previous: Buffer | null = null;
  return Array.from({ length }, (_, index) => {
    const parts = [`2026-03-02T10:00:${String(index % 60).padStart(2, "0")}Z`, `Acte ${index + 1}`, null];
    const hash = entryHash(previous, CHAIN, index + 1, parts);
    previous = hash;
    return { seq: index + 1, parts, hash };
  });
}

function verify(entries: readonly SealedEntry[], headSeq = 0, seals = new Map<number, string>()) {
  const verifier = makeChainVerifier(CHAIN, seals);
  for (const entry of entries) verifier.push(entry);
  return verifier.finish(headSeq).map(({ kind, from, to }) => [kind, from, to]);
}
const renumbered = (entries: readonly SealedEntry[]) =>
  entries.map((entry, index) => ({ ...entry, seq: index + 1 }));

describe("A-71 Toute altération de l'historique est nommée à sa place", () => {
  const sound = chain(30);
  const sealOf = (seq: number) => new Map([[seq, sound[seq - 1]!.hash.toString("hex")]]);

  test("un historique intact n'a rien à signaler", () => expect(verify(sound, 30, sealOf(30))).toEqual([]));

  for (const place of [1, 12, 30])
    test(`une action changée à la place ${place}`, () => {
      const entries = sound.map((one) =>
        one.seq === place ? { ...one, parts: ["autre", "chose", null] } : one,
      );
      expect(verify(entries, 30)).toEqual([["altered", place, place]]);
    });

  test("une action retirée, son numéro manque", () =>
    expect(
      verify(
        sound.filter((one) => one.seq !== 12),
        30,
      ),
    ).toEqual([["removed", 12, 12]]));

  test("une action retirée, les suivantes renumérotées", () =>
    expect(verify(renumbered(sound.filter((one) => one.seq !== 12)))).toEqual([["removed", 12, 12]]));

  test("les dix dernières retirées : le sceau exporté les connaît", () =>
    expect(verify(sound.slice(0, 20), 20, sealOf(30))).toEqual([["removed", 21, 30]]));

  test("la première retirée", () => expect(verify(sound.slice(1), 30)).toEqual([["removed", 1, 1]]));

  test("une action ajoutée, les suivantes renumérotées", () => {
    const forged = { seq: 12, parts: ["jamais", "arrivé", null], hash: Buffer.alloc(32, 1) };
    const entries = renumbered([...sound.slice(0, 11), forged, ...sound.slice(11)]);
    expect(verify(entries, 31)).toEqual([["inserted", 12, 12]]);
  });

  for (const [a, b] of [
    [5, 6],
    [5, 7],
    [3, 21],
  ] as const) {
    test(`les actions ${a} et ${b} échangées, avec leurs empreintes`, () => {
      const entries = renumbered(
        sound.map((one) => (one.seq === a ? sound[b - 1]! : one.seq === b ? sound[a - 1]! : one)),
      );
      expect(verify(entries, 30)).toEqual([["swapped", a, b]]);
    });
    test(`ce qu'écrivent les actions ${a} et ${b} échangé, empreintes en place`, () => {
      const entries = sound.map((one) =>
        one.seq === a
          ? { ...one, parts: sound[b - 1]!.parts }
          : one.seq === b
            ? { ...one, parts: sound[a - 1]!.parts }
            : one,
      );
      expect(verify(entries, 30)).toEqual([["swapped", a, b]]);
    });
  }

  test("un historique entièrement réécrit ne répond plus au sceau exporté", () => {
    let previous: Buffer | null = null;
    const forged = sound.map(({ seq }) => {
      const parts = ["2026-03-02T10:00:00Z", `Autre ${seq}`, null];
      previous = entryHash(previous, CHAIN, seq, parts);
      return { seq, parts, hash: previous };
    });
    expect(verify(forged, 30, sealOf(20))).toEqual([["differsFromSeal", 20, 20]]);
  });
});

test("A-71 La longueur compte les caractères, comme la base", () => {
  expect(canonicalEntry(1, 2, ["é", "😀a", null])).toBe("1:1|1:2|1:é|2:😀a|-");
  expect(canonicalEntry(1, 2, ["ab", "c"])).not.toBe(canonicalEntry(1, 2, ["a", "bc"]));
});
