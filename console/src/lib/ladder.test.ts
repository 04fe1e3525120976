import { describe, expect, it } from "vitest";
import { isAtTheEnd, priceOf, RUNGS, rungOf, rungOfOrder, rungsAround, volumesBy } from "./ladder";

const FINE = { tick: 0.2, group: 1 };
const COARSE = { tick: 0.2, group: 5 };

describe("a ladder", () => {
  it("has each price on a rung of its own, and gives it back exactly", () => {
    for (const price of [3999.8, 4000, 4000.2, 0.2, 4123.6]) {
      expect(priceOf(rungOf(price, FINE, "down"), FINE)).toBe(price);
      expect(rungOf(price, FINE, "up")).toBe(rungOf(price, FINE, "down"));
    }
  });

  it("shows no price as better than it is where a rung holds several ticks", () => {
    expect(priceOf(rungOf(4000.8, COARSE, "down"), COARSE)).toBe(4000);
    expect(priceOf(rungOf(4000.2, COARSE, "up"), COARSE)).toBe(4001);
    expect(priceOf(rungOf(-4000.2, COARSE, "down"), COARSE)).toBe(-4001);
    expect(priceOf(rungOfOrder({ LimitPrice: 4000.2, Direction: "1" }, COARSE), COARSE)).toBe(4001);
  });

  it("adds up what shares a rung, and leaves out levels that are not there", () => {
    const bids = [
      [4000.8, 3],
      [4000.2, 4],
      [3999.8, 5],
      [0, 0],
    ] as [number, number][];
    expect([...volumesBy(bids, COARSE, "down").values()]).toEqual([7, 5]);
  });

  it("has its middle in the middle, the highest first", () => {
    const rungs = rungsAround(100);
    expect(rungs).toHaveLength(RUNGS);
    expect(rungs[Math.floor(RUNGS / 2)]).toBe(100);
    expect(rungs[0]).toBe(112);
    expect(isAtTheEnd(110, 100)).toBe(false);
    expect(isAtTheEnd(111, 100)).toBe(true);
    expect(isAtTheEnd(60, 100)).toBe(true);
  });
});
