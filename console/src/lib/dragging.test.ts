import { describe, expect, it } from "vitest";
import { inSight, nearest } from "./dragging";

describe("an own order on the chart", () => {
  it("is meant where the pointer is near, the nearest of several", () => {
    const drawn: [string, number | null][] = [
      ["a", 100],
      ["b", 106],
      ["c", null],
    ];
    expect(nearest(drawn, 104)).toBe("b");
    expect(nearest(drawn, 93)).toBe("a");
    expect(nearest(drawn, 120)).toBeNull();
    expect(nearest([], 0)).toBeNull();
  });

  it("is in sight where it is near the market, and else does not flatten the bars", () => {
    const range = { minValue: 3000, maxValue: 3010 };
    expect(inSight(range, [2990, 3020])).toEqual({ minValue: 2990, maxValue: 3020 });
    expect(inSight(range, [2000, 4000])).toEqual(range);
    expect(inSight(range, [])).toEqual(range);
  });
});
