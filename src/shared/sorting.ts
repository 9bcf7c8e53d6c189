/** How a list is sorted: by one of its keys, upwards or downwards. */
export type Sorting<K extends string = string> = { readonly by: K; readonly descending: boolean };

/** What an address asks for: « debut », « -debut » downwards; anything else is the list's own order. */
export function readSorting<K extends string>(
  asked: string,
  keys: readonly K[],
  preset: Sorting<K>,
): Sorting<K> {
  const descending = asked.startsWith("-");
  const by = keys.find((key) => key === asked.slice(descending ? 1 : 0));
  return by ? { by, descending } : preset;
}

/** A sorting as an address holds it. */
export const writeSorting = ({ by, descending }: Sorting): string => `${descending ? "-" : ""}${by}`;

/** A row's place in a sorted list: what it is sorted by, as text, and its number. */
export type Place = { readonly value: string; readonly id: number };

/** A place as an address holds it. */
export const writePlace = ({ value, id }: Place): string => `${id}~${value}`;

/** The place that an address names; null for none, or one that nobody wrote. */
export function readPlace(text: string): Place | null {
  const [, id, value] = /^([1-9]\d{0,14})~(.*)$/s.exec(text) ?? [];
  return id === undefined ? null : { id: Number(id), value: value! };
}
