/** Tables as CSV, for other programs. */

export type Cell = string | number | null | undefined;

/** Signs by which a spreadsheet takes a text for a formula. */
const FORMULA = /^[=+\-@\t\r]/;

function cellOf(value: Cell): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "number") return String(value);
  const text = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Write rows under their fields' names; lines end as RFC 4180 says. */
export function csvOf<Row>(fields: readonly (keyof Row & string)[], rows: readonly Row[]): string {
  const lines = rows.map((row) => fields.map((name) => cellOf(row[name] as Cell)));
  return [[...fields], ...lines].map((cells) => `${cells.join(",")}\r\n`).join("");
}

/** Have the browser keep a text as a file; the mark at a table's head tells Excel that it is UTF-8. */
export function keep(name: string, text: string, type = "text/csv"): void {
  const head = type === "text/csv" ? "\uFEFF" : "";
  const place = URL.createObjectURL(new Blob([head, text], { type }));
  const link = document.createElement("a");
  link.href = place;
  link.download = name;
  link.click();
  // The browser reads it after this turn.
  setTimeout(() => URL.revokeObjectURL(place), 10_000);
}
