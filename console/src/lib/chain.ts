/** The rows of an option board: calls and puts by their strikes, around the future's price. */

import type { own } from "webctp-client";

export interface Strike {
  strike: number;
  call: own.FoundInstrument | null;
  put: own.FoundInstrument | null;
}

/** How many strikes a board shows at the most. */
export const MOST_STRIKES = 21;

/** Pair calls and puts, and keep the strikes that are nearest to a price; all in rising order. */
export function strikesOf(options: readonly own.FoundInstrument[], price: number): Strike[] {
  const found = new Map<number, Strike>();
  for (const one of options) {
    const row = found.get(one.StrikePrice) ?? { strike: one.StrikePrice, call: null, put: null };
    if (one.OptionsType === "1") row.call = one;
    else row.put = one;
    found.set(one.StrikePrice, row);
  }
  const rows = [...found.values()].sort((a, b) => a.strike - b.strike);
  if (!(price > 0)) return rows.slice(0, MOST_STRIKES);
  const nearest = [...rows].sort((a, b) => Math.abs(a.strike - price) - Math.abs(b.strike - price));
  const kept = new Set(nearest.slice(0, MOST_STRIKES));
  return rows.filter((row) => kept.has(row));
}
