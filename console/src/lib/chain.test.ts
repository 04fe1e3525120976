import { describe, expect, it } from "vitest";
import type { own } from "webctp-client";
import { MOST_STRIKES, strikesOf } from "./chain";

const listed = (type: string, strike: number) =>
  ({
    InstrumentID: `rb${type}${strike}`,
    OptionsType: type,
    StrikePrice: strike,
  }) as own.FoundInstrument;

describe("an option board", () => {
  it("pairs calls and puts of a strike, in rising order", () => {
    const rows = strikesOf([listed("1", 3200), listed("2", 3100), listed("1", 3100)], 3100);
    expect(rows.map((row) => [row.strike, row.call?.InstrumentID, row.put?.InstrumentID])).toEqual([
      [3100, "rb13100", "rb23100"],
      [3200, "rb13200", undefined],
    ]);
  });

  it("keeps the strikes around the price", () => {
    const all = Array.from({ length: 100 }, (_, place) => listed("1", 2000 + 50 * place));
    const rows = strikesOf(all, 3510);
    expect(rows).toHaveLength(MOST_STRIKES);
    expect(rows[0]?.strike).toBe(3000);
    expect(rows.at(-1)?.strike).toBe(4000);
  });
});
