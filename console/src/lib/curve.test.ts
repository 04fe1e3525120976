import { describe, expect, it } from "vitest";
import { grown, joined, lineOf, type Point } from "./curve";

describe("the curve of an account", () => {
  it("has a point each five seconds, the newest always", () => {
    let curve: Point[] = [];
    for (let second = 0; second <= 12; second += 1) curve = grown(curve, second * 1000, second);
    expect(curve.map(([moment]) => moment)).toEqual([0, 5000, 10_000, 12_000]);
    expect(curve.at(-1)).toEqual([12_000, 12]);
  });

  it("has what the gateway kept where the page saw nothing", () => {
    const minute = 60_000;
    const seen: Point[] = [
      [5 * minute, 5],
      [9 * minute, 9],
    ];
    const day: Point[] = [1, 5, 7, 9].map((one) => [one * minute + 1000, 10 * one]);
    expect(joined(seen, day)).toEqual([
      [minute + 1000, 10],
      [5 * minute, 5],
      [7 * minute + 1000, 70],
      [9 * minute, 9],
    ]);
    expect(joined([], day)).toEqual(day);
    expect(joined(seen, [])).toEqual(seen);
  });

  it("is drawn from its lowest to its highest", () => {
    const curve: Point[] = [
      [0, 100],
      [10, 300],
      [20, 200],
    ];
    expect(lineOf(curve, 200, 50)).toBe("0.0,50.0 100.0,0.0 200.0,25.0");
  });

  it("stands in the middle where nothing changes, and is nothing of one point", () => {
    expect(lineOf([[0, 5] as Point, [10, 5] as Point], 100, 40)).toBe("0.0,20.0 100.0,20.0");
    expect(lineOf([[0, 5]], 100, 40)).toBe("");
    expect(lineOf([], 100, 40)).toBe("");
  });
});
