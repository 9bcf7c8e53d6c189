import { searchDirectory } from "../src/modules/structures/index.ts";
import type { Line } from "./main.ts";
import type { BenchPortal } from "./portal.ts";

const QUERIES = 60;

/** A generator of numbers with a fixed seed (mulberry32), so that every run searches the same world. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const kinds = [
  "Commune de",
  "Communauté de communes de",
  "Centre hospitalier de",
  "Lycée de",
  "Collège de",
  "Syndicat des eaux de",
  "Office public de",
  "École de",
  "Département de",
  "Régie de",
];
const syllables = [
  "saint",
  "val",
  "mont",
  "bourg",
  "roche",
  "fon",
  "ville",
  "ac",
  "ange",
  "lieu",
  "creux",
  "beau",
  "clair",
  "pré",
  "haut",
  "bois",
  "mar",
  "ger",
  "lau",
  "vert",
];

/** P-11 and P-12: the directory's search, words and words with one fault, against the bare trigram query. */
export async function benchDirectory(portal: BenchPortal, structures: number): Promise<Line[]> {
  const random = seeded(42);
  const pick = <T>(list: readonly T[]) => list[Math.floor(random() * list.length)]!;
  const town = () => {
    const name = `${pick(syllables)}${pick(syllables)}${pick(syllables)}`;
    return name[0]!.toUpperCase() + name.slice(1);
  };
  const names: string[] = [];
  for (let from = 0; from < structures; from += 5000) {
    const batch = Array.from({ length: Math.min(5000, structures - from) }, (_, index) => {
      const place = town();
      const name = `${pick(kinds)} ${place}`;
      if ((from + index) % 997 === 0) names.push(name);
      return { siret: String(30_000_000_000_000 + from + index), name, place };
    });
    await portal.owner.query(
      `insert into structure (kind, identifier_type, identifier_value, legal_name, display_name, town, postcode)
       select 'public', 'SIRET', siret, name, name, place, '45000' from jsonb_to_recordset($1::jsonb) as t(siret text, name text, place text)`,
      [JSON.stringify(batch)],
    );
  }
  await portal.owner.query("analyze structure; analyze directory_entry");
  const withFault = (text: string) => {
    const at = 3 + Math.floor(random() * (text.length - 4));
    return text.slice(0, at) + text.slice(at + 1);
  };
  const searched = names.slice(0, QUERIES);
  const lines: Line[] = [];
  for (const [path, what, limitMs, queries] of [
    ["P-11", "words", 30, searched],
    ["P-12", "words with one fault", 50, searched.map(withFault)],
  ] as const) {
    const bare = await p95(queries, (words) =>
      portal.owner.query(
        "select structure_id from directory_entry where directory_text($1) <% search_text limit 300",
        [words],
      ),
    );
    let found = 0;
    const value = await p95(queries, async (words, index) => {
      const hits = await portal.database.transaction({ kind: "public" }, (tx) => searchDirectory(tx, words));
      if (hits.slice(0, 5).some((hit) => hit.displayName === searched[index])) found++;
    });
    lines.push(
      {
        path,
        what: `directory of ${structures}, ${what}: p95, against the bare query`,
        value,
        bare,
        unit: "ms",
        ratio: bare / value,
        bound: 0.4,
      },
      {
        path,
        what: `directory of ${structures}, ${what}: p95, against ${limitMs} ms`,
        value,
        bare: limitMs,
        unit: "ms",
        ratio: limitMs / value,
        bound: 1,
      },
      {
        path,
        what: `directory of ${structures}, ${what}: found in the first five`,
        value: (found / queries.length) * 100,
        bare: 95,
        unit: "%",
        ratio: found / queries.length / 0.95,
        bound: 1,
      },
    );
  }
  return lines;
}

/** The 95th percentile, in milliseconds, of one call after another. */
async function p95(
  queries: readonly string[],
  call: (words: string, index: number) => Promise<unknown>,
): Promise<number> {
  const times: number[] = [];
  for (const [index, words] of queries.entries()) {
    const started = performance.now();
    await call(words, index);
    times.push(performance.now() - started);
  }
  return times.sort((a, b) => a - b)[Math.floor(times.length * 0.95)]!;
}
