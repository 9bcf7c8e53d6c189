import { searchDirectory } from "../src/modules/structures/index.ts";
import { atLeast, atMost, type Line } from "./line.ts";
import { closedLoop, percentile, seeded } from "./measure.ts";
import type { BenchPortal } from "./portal.ts";

const QUERIES = 60;
const SIRET_QUERIES = 800;

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

/**
 * P-10 to P-13: the directory searched by its page, by number, by words, by words with one fault and by the commonest
 * word; words also against the bare trigram query.
 */
export async function benchDirectory(portal: BenchPortal, structures: number): Promise<Line[]> {
  const names = await fillTheDirectory(portal, structures);
  const searched = names.slice(0, QUERIES);
  const what = (which: string) => `directory of ${structures}, ${which}`;
  const siret = (index: number) => String(FIRST_SIRET + ((index * 7919) % structures));
  const timesOf = async (queries: readonly string[], clients: number) => {
    const { times } = await closedLoop(clients, queries.length, async (index) => {
      const answer = await fetch(`${portal.url}/annuaire?q=${encodeURIComponent(queries[index]!)}`);
      await answer.text();
      if (answer.status !== 200) throw new Error(`The directory answered ${answer.status}`);
    });
    return percentile(times, 0.95);
  };
  const numbers = Array.from({ length: SIRET_QUERIES }, (_, index) => siret(index));
  const common = Array.from({ length: QUERIES }, (_, index) => kinds[index % kinds.length]!.split(" ")[0]!);
  const faulty = withFaults(searched);
  await timesOf(numbers, 8);
  const lines = [
    atMost("P-10", what("SIRET: p95 at 8"), await timesOf(numbers, 8), "ms", 5),
    atMost("P-11", what("words: p95"), await timesOf(searched, 1), "ms", 30),
    atMost("P-12", what("words with one fault: p95"), await timesOf(faulty, 1), "ms", 50),
    atMost("P-13", what("the commonest words: p95"), await timesOf(common, 1), "ms", 50),
  ];
  for (const [path, which, queries] of [
    ["P-11", "words", searched],
    ["P-12", "words with one fault", faulty],
  ] as const) {
    const bare = await p95(queries, (words) =>
      portal.owner.query(
        "select structure_id from directory_entry where directory_text($1) <% search_text limit 300",
        [words],
      ),
    );
    let found = 0;
    const value = await p95(queries, async (words, index) => {
      const hits = await portal.database.read({ kind: "public" }, (tx) => searchDirectory(tx, words));
      if (hits.slice(0, 5).some((hit) => hit.displayName === searched[index])) found++;
    });
    lines.push(
      {
        path,
        what: what(`${which}: p95 of the search, against the bare trigram query`),
        value,
        unit: "ms",
        against: "bare",
        reference: bare,
        ratio: bare / value,
        bound: 0.4,
      },
      atLeast(path, what(`${which}: found in the first five`), (found / queries.length) * 100, "%", 95),
    );
  }
  return lines;
}

const FIRST_SIRET = 30_000_000_000_000;

/** Adds so many public structures, always the same; answers the names of some. */
async function fillTheDirectory(portal: BenchPortal, structures: number): Promise<string[]> {
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
      return { siret: String(FIRST_SIRET + from + index), name, place };
    });
    await portal.owner.query(
      `insert into structure (kind, identifier_type, identifier_value, legal_name, display_name, town, postcode)
       select 'public', 'SIRET', siret, name, name, place, '45000' from jsonb_to_recordset($1::jsonb) as t(siret text, name text, place text)`,
      [JSON.stringify(batch)],
    );
  }
  await portal.owner.query("analyze structure; analyze directory_entry");
  return names;
}

/** Each text without one of its letters. */
function withFaults(texts: readonly string[]): string[] {
  const random = seeded(7);
  return texts.map((text) => {
    const at = 3 + Math.floor(random() * (text.length - 4));
    return text.slice(0, at) + text.slice(at + 1);
  });
}

/** The 95th percentile, in milliseconds, of one call after another. */
async function p95(
  queries: readonly string[],
  call: (words: string, index: number) => Promise<unknown>,
): Promise<number> {
  const { times } = await closedLoop(1, queries.length, (index) => call(queries[index]!, index));
  return percentile(times, 0.95);
}
