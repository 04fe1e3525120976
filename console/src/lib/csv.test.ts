import { describe, expect, it } from "vitest";
import { csvOf } from "./csv";

describe("a table as CSV", () => {
  it("quotes what would break a line or a cell", () => {
    const rows = [{ a: 'say "so"', b: "x,y" }];
    expect(csvOf(["a", "b"], rows)).toBe('a,b\r\n"say ""so""","x,y"\r\n');
  });

  it("lets no text be a formula, and leaves numbers as they are", () => {
    expect(csvOf(["a", "b"], [{ a: "=1+1", b: -5 }])).toBe("a,b\r\n'=1+1,-5\r\n");
  });

  it("leaves unset cells empty", () => {
    expect(csvOf<{ a: null; b?: string }>(["a", "b"], [{ a: null }])).toBe("a,b\r\n,\r\n");
  });
});
