import { describe, expect, it } from "vitest";
import { boll, ema, ma, macd } from "./indicators";

describe("indicators", () => {
  it("have a mean once there are enough prices", () => {
    expect(ma([1, 2, 3, 4, 5], 3)).toEqual([null, null, 2, 3, 4]);
    expect(ma([7], 1)).toEqual([7]);
    expect(ma([], 5)).toEqual([]);
  });

  it("have an average whose weights fall off by 2 / (n + 1)", () => {
    expect(ema([10, 20, 20], 3)).toEqual([10, 15, 17.5]);
  });

  it("have bands of a population's deviations", () => {
    const { middle, upper, lower } = boll([2, 4, 4, 4, 5, 5, 7, 9], 8, 2);
    expect(middle.at(-1)).toBe(5);
    expect(upper.at(-1)).toBe(9); // the deviation of these eight is 2
    expect(lower.at(-1)).toBe(1);
    expect(upper.slice(0, 7)).toEqual(Array(7).fill(null));
  });

  it("have a MACD of nothing where prices stand still, and of the right sign where they rise", () => {
    expect(macd(Array(40).fill(5)).bar.every((one) => one === 0)).toBe(true);
    const { dif, dea, bar } = macd(Array.from({ length: 60 }, (_, n) => n));
    expect(dif.at(-1)).toBeGreaterThan(dea.at(-1) ?? 0);
    expect(dif.at(-1)).toBeLessThan(7); // a straight line of slope 1 tends to (26 - 12) / 2
    expect(dif.at(-1)).toBeGreaterThan(6.5);
    expect(bar.at(-1)).toBeCloseTo(2 * ((dif.at(-1) ?? 0) - (dea.at(-1) ?? 0)), 12);
  });
});
