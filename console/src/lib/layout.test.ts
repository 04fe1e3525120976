import { describe, expect, it } from "vitest";
import { readDock, usual } from "./arrangement";
import { exported, imported, type Layout } from "./layout";

const LAYOUT: Layout = {
  language: "zh",
  theme: "dark",
  colours: "red-up",
  watch: ["@rb", "m2701-C-3000", "SP a2701&a2705"],
  ladder: true,
  second: true,
  sounds: false,
  panels: ["options"],
  closed: ["trades"],
  indicators: ["MA"],
  period: "tick",
  secondPeriod: "5m",
  dock: readDock({ ...usual(), grid: { ...usual().grid, width: 900 } }),
};

describe("a layout", () => {
  it("is read as it was written", () => {
    expect(imported(exported(LAYOUT))).toEqual(LAYOUT);
  });

  it("has nothing of the account", () => {
    const more = { ...LAYOUT, user: "1001", password: "secret" };
    expect(exported(more)).not.toMatch(/1001|secret/);
  });

  it("leaves what a file does not name, and drops what it does not know", () => {
    expect(imported('{"webctp": "layout", "ladder": false, "user": "x"}')).toEqual({
      ladder: false,
    });
  });

  it("is refused whole where a part of it is wrong", () => {
    expect(() => imported('{"webctp": "layout", "ladder": true, "watch": "rb"}')).toThrow("watch");
    expect(() => imported('{"webctp": "layout", "watch": ["<img>"]}')).toThrow("watch");
    expect(() => imported('{"webctp": "layout", "theme": "pink"}')).toThrow("theme");
    expect(() => imported('{"webctp": "layout", "period": "2m"}')).toThrow("period");
    expect(() => imported("[]")).toThrow("layout");
    expect(() => imported("null")).toThrow("layout");
    expect(() => imported("no")).toThrow();
  });
});
