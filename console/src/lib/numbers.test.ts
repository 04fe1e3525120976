import { expect, it } from "vitest";
import { chartTime, clock, percent, price, signed, yuan } from "./numbers";

it("a price that is not set is no zero", () => {
  expect(price(0, 1)).toBe("–");
  expect(price(undefined, 1)).toBe("–");
  expect(price(3099, 1)).toBe("3099");
  expect(price(866.3, 0.02)).toBe("866.30");
});

it("money has two decimals, and none is no zero", () => {
  expect(yuan(1234567.5)).toBe("1,234,567.50");
  expect(yuan(null)).toBe("–");
  expect(percent(0.0312)).toBe("3.12%");
});

it("a change has its sign", () => {
  expect(signed(0.4, 0.2)).toBe("+0.4");
  expect(signed(-4, 1)).toBe("-4");
});

it("times are China's wherever the browser is", () => {
  expect(clock(Date.parse("2026-11-27T14:05:00Z"))).toBe("22:05:00");
  expect(chartTime("2026-11-20T21:00:00+08:00")).toBe(Date.parse("2026-11-20T21:00:00Z") / 1000);
});
