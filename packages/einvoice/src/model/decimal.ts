/** An exact decimal number: `units` × 10^−`scale`. */
export interface Decimal {
  readonly units: bigint;
  /** Number of decimals, from 0. */
  readonly scale: number;
}

/** One more amount than `Sum` ever adds at once. */
const mostCents = 1e14;

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

/** The exact difference. */
export function subtract(a: Decimal, b: Decimal): Decimal {
  return add(a, { units: -b.units, scale: b.scale });
}

/** The value without its sign. */
export function absolute(value: Decimal): Decimal {
  return value.units < 0n ? { units: -value.units, scale: value.scale } : value;
}

/** The nearest value of so many decimals; a half goes up, towards positive infinity, as `round` in XPath. */
export function round(value: Decimal, scale: number): Decimal {
  if (value.scale <= scale) return value;
  const factor = 10n ** BigInt(value.scale - scale);
  const shifted = value.units * 2n + factor;
  const divisor = factor * 2n;
  const quotient = shifted / divisor;
  return { units: shifted < 0n && quotient * divisor !== shifted ? quotient - 1n : quotient, scale };
}

/** The value divided by 100. */
export function percent(value: Decimal): Decimal {
  return { units: value.units, scale: value.scale + 2 };
}

export const zero: Decimal = { units: 0n, scale: 0 };
export const one: Decimal = { units: 1n, scale: 0 };

/** What `Sum` adds without big integers: at most two decimals, and twelve digits before them. */
const plainAmount = /^-?\d{1,12}(\.\d{1,2})?$/;

/** An exact sum of texts, one after the other; fast on amounts written plainly, as nearly all are. */
export class Sum {
  private cents = 0;
  private rest: Decimal = zero;

  /** Adds a number; a text that is none adds nothing, unless `otherwise` reads it. */
  add(text: string, otherwise?: (text: string) => Decimal | undefined): void {
    if (!plainAmount.test(text)) this.rest = add(this.rest, decimal(text) ?? otherwise?.(text) ?? zero);
    else if (Number.isSafeInteger(this.cents + mostCents)) this.cents += Math.round(Number(text) * 100);
    else this.settle(text);
  }

  get total(): Decimal {
    const cents = { units: BigInt(this.cents), scale: 2 };
    return this.rest === zero ? cents : add(this.rest, cents);
  }

  /** Makes room in the cents, which stay whole numbers that are exact. */
  private settle(text: string): void {
    this.rest = this.total;
    this.cents = Math.round(Number(text) * 100);
  }
}

/** The exact sum of many. */
export function sum(values: Iterable<Decimal>): Decimal {
  let total = zero;
  for (const value of values) total = add(total, value);
  return total;
}

/** The shortest text of a decimal, such as `-12.5`. */
export function decimalText(value: Decimal): string {
  const digits = absolute(value)
    .units.toString()
    .padStart(value.scale + 1, "0");
  const point = digits.length - value.scale;
  const fraction = digits.slice(point).replace(/(?<!0)0+$/, "");
  return `${value.units < 0n ? "-" : ""}${digits.slice(0, point)}${fraction ? `.${fraction}` : ""}`;
}

function atScale(value: Decimal, scale: number): bigint {
  if (scale === value.scale) return value.units;
  return value.units * 10n ** BigInt(scale - value.scale);
}
