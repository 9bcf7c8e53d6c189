import type { HelpTopic } from "./help-topics.ts";

/** Words of a text, without accents, capitals, nor the s of a plural. */
const wordsOf = (text: string): string[] =>
  text
    .normalize("NFD")
    .replace(/\p{Mn}/gu, "")
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word.length > 1 && !smallWords.has(word))
    .map((word) => word.replace(/(?<=...)[sx]$/, ""));

const smallWords = new Set(
  "au aux comment dan dans de des du en est et il la le les ma mes mon ne ou par pas pour puis que qui sa se ses son sur un une".split(
    " ",
  ),
);

/** How much a topic answers a word: its title first, then the other names of the thing, then the text. */
function weight(topic: HelpTopic, word: string): number {
  const begins = (text: string) => wordsOf(text).some((one) => one.startsWith(word));
  if (begins(topic.title)) return 4;
  if ((topic.alsoCalled ?? []).some(begins)) return 3;
  return topic.says.some(begins) ? 1 : 0;
}

/**
 * The topics that hold every word searched for, the closest first; all of them, as they are, when nothing is searched.
 * The words of the former portal find what replaced them. Source: organisation.md 1.3.
 */
export function findHelp(topics: readonly HelpTopic[], search: string): readonly HelpTopic[] {
  const words = wordsOf(search);
  if (words.length === 0) return topics;
  return topics
    .map((topic) => ({ topic, weights: words.map((word) => weight(topic, word)) }))
    .filter(({ weights }) => weights.every((one) => one > 0))
    .map(({ topic, weights }) => ({ topic, total: weights.reduce((sum, one) => sum + one, 0) }))
    .sort((a, b) => b.total - a.total)
    .map(({ topic }) => topic);
}
