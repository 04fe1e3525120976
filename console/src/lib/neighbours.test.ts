import { describe, expect, it } from "vitest";
import { sideways } from "./neighbours";

const box = (left: number, top: number, right: number, bottom: number) => ({
  ...{ left, top, right, bottom },
});
const BOXES = [
  box(0, 0, 100, 100),
  box(0, 106, 100, 300),
  box(106, 0, 300, 300),
  box(306, 0, 400, 50),
  box(306, 56, 400, 300),
];
const from = (place: number) => BOXES[place] as (typeof BOXES)[number];

describe("what lies beside", () => {
  it("is the nearest at that side", () => {
    expect(sideways(from(0), BOXES, "bottom")).toBe(1);
    expect(sideways(from(1), BOXES, "top")).toBe(0);
    expect(sideways(from(1), BOXES, "right")).toBe(2);
  });

  it("is of several the one with the longest common edge", () => {
    expect(sideways(from(2), BOXES, "left")).toBe(1);
    expect(sideways(from(2), BOXES, "right")).toBe(4);
  });

  it("is nothing at the edge of the page", () => {
    expect(sideways(from(0), BOXES, "left")).toBe(null);
    expect(sideways(from(4), BOXES, "bottom")).toBe(null);
  });
});
