import { parentPort, workerData } from "node:worker_threads";
import { readSheet } from "read-excel-file/node";
import { frenchDay } from "../shared/french-date-time.ts";

/** A cell as the CSV of the same table would write it; a spreadsheet's dates have no zone: they are Paris ones. */
function textOf(cell: unknown): string {
  if (!(cell instanceof Date)) return cell === null || cell === undefined ? "" : String(cell);
  const [day, hour] = [cell.toISOString().slice(0, 10), cell.toISOString().slice(11, 19)];
  const french = frenchDay(day);
  return hour === "00:00:00" ? french : `${french} ${hour}`;
}

// numbers stay as they are written: a code like 0012 is no number
const sheet = await readSheet(Buffer.from(workerData as Uint8Array), { parseNumber: (text: string) => text });
parentPort!.postMessage(sheet.map((row) => row.map(textOf)));
