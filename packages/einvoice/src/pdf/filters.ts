import { inflateSync } from "node:zlib";
import { type Budget, broken, PdfRefused } from "./bounds.ts";
import { bytesOfHex, isDictionary, latin1, nameOf, type PdfDictionary, type PdfObject } from "./objects.ts";

/** More filters than this on one stream serve no honest purpose: each may multiply the size by a thousand. */
const mostFilters = 2;

/** The bytes of a stream after its filters, counted against the budget. */
export function decodeStream(
  encoded: Uint8Array,
  filters: readonly PdfObject[],
  parameters: readonly PdfObject[],
  budget: Budget,
): Uint8Array {
  if (filters.length > mostFilters) throw new PdfRefused("TOO_MANY_FILTERS", `${filters.length} filters`);
  if (filters.length === 0) budget.decoded(encoded.length);
  let bytes = encoded;
  for (const [index, filter] of filters.entries()) {
    const name = nameOf(filter) ?? "";
    const decoder = decoders.get(name);
    if (!decoder) throw new PdfRefused("UNKNOWN_FILTER", name);
    bytes = decoder(bytes, budget);
    budget.decoded(bytes.length);
    const given = parameters[index];
    if (isDictionary(given)) bytes = withoutPredictor(bytes, given, budget);
  }
  return bytes;
}

const decoders = new Map<string, (bytes: Uint8Array, budget: Budget) => Uint8Array>([
  ["FlateDecode", inflate],
  ["Fl", inflate],
  ["ASCIIHexDecode", (bytes) => bytesOfHex(latin1(bytes).replace(/>[\s\S]*$|[^0-9A-Fa-f]/g, ""))],
  ["ASCII85Decode", ascii85],
]);

function inflate(bytes: Uint8Array, budget: Budget): Uint8Array {
  try {
    return inflateSync(bytes, { maxOutputLength: Math.max(1, budget.bytesLeft) });
  } catch (error) {
    if (error instanceof RangeError) throw new PdfRefused("INFLATES_TOO_MUCH", "FlateDecode");
    broken(`FlateDecode: ${String(error)}`);
  }
}

/** Groups of five characters, each four bytes; `z` is four zeros (§ 7.4.3). */
function ascii85(encoded: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(encoded.length * 4);
  let length = 0;
  let group = 0;
  let count = 0;
  const flush = (kept: number) => {
    for (let shift = 3; shift > 3 - kept; shift -= 1)
      bytes[length++] = Math.floor(group / 256 ** shift) % 256;
    group = 0;
    count = 0;
  };
  for (const byte of encoded) {
    if (byte === 0x7e) break;
    if (byte === 0x7a && count === 0) flush(4);
    else if (byte >= 0x21 && byte <= 0x75) {
      group = group * 85 + (byte - 0x21);
      count += 1;
      if (count === 5) flush(4);
    }
  }
  if (count > 1) {
    const kept = count - 1;
    for (; count < 5; count += 1) group = group * 85 + 84;
    flush(kept);
  }
  return bytes.slice(0, length);
}

/** Undoes the PNG predictors (§ 7.4.4.4): each row starts with the one that it was made with. */
function withoutPredictor(bytes: Uint8Array, parameters: PdfDictionary, budget: Budget): Uint8Array {
  const predictor = whole(parameters.get("Predictor"), 1, 15);
  if (predictor === 1) return bytes;
  if (predictor < 10) throw new PdfRefused("UNKNOWN_FILTER", `predictor ${predictor}`);
  const colours = whole(parameters.get("Colors"), 1, 32);
  const bits = whole(parameters.get("BitsPerComponent"), 8, 16);
  const row = Math.ceil((colours * bits * whole(parameters.get("Columns"), 1, 1_000_000)) / 8);
  const step = Math.ceil((colours * bits) / 8);
  const rows = Math.ceil(bytes.length / (row + 1));
  const output = new Uint8Array(rows * row);
  for (let index = 0; index < rows; index += 1) {
    if (index % 1024 === 0) budget.time();
    const from = index * (row + 1);
    unpredictRow(bytes.subarray(from + 1, from + 1 + row), bytes[from] ?? 0, output, index * row, row, step);
  }
  return output;
}

function unpredictRow(
  source: Uint8Array,
  predictor: number,
  output: Uint8Array,
  start: number,
  row: number,
  step: number,
): void {
  for (let at = 0; at < source.length; at += 1) {
    const left = at >= step ? (output[start + at - step] ?? 0) : 0;
    const up = start > 0 ? (output[start - row + at] ?? 0) : 0;
    const corner = at >= step && start > 0 ? (output[start - row + at - step] ?? 0) : 0;
    output[start + at] = (source[at] ?? 0) + predicted(predictor, left, up, corner);
  }
}

function predicted(predictor: number, left: number, up: number, corner: number): number {
  if (predictor === 1) return left;
  if (predictor === 2) return up;
  if (predictor === 3) return (left + up) >> 1;
  return predictor === 4 ? paeth(left, up, corner) : 0;
}

function paeth(left: number, up: number, corner: number): number {
  const [toLeft, toUp, toCorner] = [up - corner, left - corner, left + up - 2 * corner].map(Math.abs) as [
    number,
    number,
    number,
  ];
  if (toLeft <= toUp && toLeft <= toCorner) return left;
  return toUp <= toCorner ? up : corner;
}

function whole(object: PdfObject, otherwise: number, most: number): number {
  const value = object ?? otherwise;
  if (typeof value !== "number" || !Number.isInteger(value) || value < 1 || value > most)
    broken("a filter parameter out of range");
  return value;
}
