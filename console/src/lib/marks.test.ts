import { describe, expect, it } from "vitest";
import { barOf } from "./marks";

const at = (text: string): number => Date.parse(`${text}Z`) / 1000;

describe("the bar of a trade", () => {
  const times = [at("2026-11-27T21:05:00"), at("2026-11-30T09:01:00"), at("2026-11-30T09:02:00")];

  it("is the one that holds its time of day", () => {
    expect(barOf("09:01:59", times, 60)).toBe(times[1]);
    expect(barOf("09:02:00", times, 60)).toBe(times[2]);
  });

  it("of a night is that of the evening before, over a weekend", () => {
    expect(barOf("21:05:30", times, 60)).toBe(times[0]);
  });

  it("is none where no bar holds it", () => {
    expect(barOf("14:00:00", times, 60)).toBeNull();
    expect(barOf("09:01:00", [], 60)).toBeNull();
  });

  it("of days is the newest", () => {
    expect(barOf("21:05:30", times, 86_400)).toBe(times[2]);
  });
});
