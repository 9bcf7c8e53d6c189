/** An exact decimal number: `units` × 10^−`scale`. */
export interface Decimal {
  readonly units: bigint;
  /** Number of decimals, from 0. */
  readonly scale: number;
}

/** Longest text taken as a number: real amounts stay far below, and hostile ones stay cheap. */
const longest = 100;

/** Reads an `xs:decimal` (sign, digits, point; no exponent); undefined when the text is not one. */
export function decimal(text: string): Decimal | undefined {
  const plain = text.trim();
  if (plain.length > longest || !/^[+-]?(\d+(\.\d*)?|\.\d+)$/.test(plain)) return undefined;
  const point = plain.indexOf(".");
  const digits = point < 0 ? plain : plain.slice(0, point) + plain.slice(point + 1);
  return { units: BigInt(digits.replace("+", "")), scale: point < 0 ? 0 : plain.length - point - 1 };
}

/** The exact sum; its scale is the larger of both. */
export function add(a: Decimal, b: Decimal): Decimal {
  const scale = Math.max(a.scale, b.scale);
  return { units: atScale(a, scale) + atScale(b, scale), scale };
}

/** The exact product. */
export function multiply(a: Decimal, b: Decimal): Decimal {
  return { units: a.units * b.units, scale: a.scale + b.scale };
}

/** −1, 0 or 1 as `a` is below, equal to or above `b`, whatever their scales. */
export function compare(a: Decimal, b: Decimal): -1 | 0 | 1 {
  const scale = Math.max(a.scale, b.scale);
  const left = atScale(a, scale);
  const right = atScale(b, scale);
  return left < right ? -1 : left > right ? 1 : 0;
}

function atScale(value: Decimal, scale: number): bigint {
  return value.units * 10n ** BigInt(scale - value.scale);
}
