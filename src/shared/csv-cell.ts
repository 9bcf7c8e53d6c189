/**
 * A text as a cell of a CSV file: a spreadsheet must not take it for a formula (quality 2.8). What starts like one, or
 * holds such a start after a separator or a quote, is preceded by an apostrophe; so is what could be taken for that.
 */
export function csvCell(text: string): string {
  return /^'*[=+\-@\t\r\n＝＋－＠]|[;"'][=+\-@＝＋－＠]/.test(text) ? `'${text}` : text;
}

/** The text of a cell that `csvCell` may have written: its apostrophe is taken away, any other stays. */
export function readCsvCell(cell: string): string {
  const text = cell.slice(1);
  return cell.startsWith("'") && csvCell(text) === cell ? text : cell;
}
