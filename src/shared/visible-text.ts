/** Characters that change the order in which a text is read: a name shows something else than what it holds. */
const REORDERING = /[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]/g;

/** Characters without width, tags included: two texts that look the same would differ. */
const INVISIBLE = /[\u200b-\u200d\u2060-\u2064\ufeff\u00ad\u{e0000}-\u{e007f}]/gu;

/** What nobody can store or read: NUL and halves of characters. */
const UNREADABLE = /\0|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** A typed text without what nobody sees; `isDeceptive` when what was taken away changed how it reads. */
export function visibleText(typed: string): { text: string; isDeceptive: boolean } {
  const readable = typed.replace(REORDERING, "").replace(UNREADABLE, "");
  return { text: readable.replace(INVISIBLE, ""), isDeceptive: readable !== typed };
}
