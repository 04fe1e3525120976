import { describe, expect, it } from "vitest";
import { deltaOf, impliedOf, normal, priceOf, yearsTo } from "./black76";

const option = (isCall: boolean, strike: number, years: number) => ({ isCall, strike, years });

describe("the normal distribution", () => {
  it("has the values of tables", () => {
    expect(normal(0)).toBeCloseTo(0.5, 15);
    expect(normal(1)).toBeCloseTo(0.841344746068543, 14);
    expect(normal(-1.96)).toBeCloseTo(0.02499789514822, 14);
    expect(normal(8)).toBeCloseTo(1, 14);
  });
});

describe("Black's model", () => {
  it("has the values of Hull and of Haug", () => {
    // Hull, Options, Futures and Other Derivatives: a put on crude oil, worth 1.12.
    expect(priceOf(20, option(false, 20, 4 / 12), 0.09, 0.25)).toBeCloseTo(1.1166, 4);
    // Haug, The Complete Guide to Option Pricing Formulas: at the money both are worth 1.7011.
    for (const isCall of [true, false]) {
      expect(priceOf(19, option(isCall, 19, 0.75), 0.1, 0.28)).toBeCloseTo(1.7011, 4);
    }
  });

  it("keeps calls and puts in parity, and their deltas", () => {
    const [call, put] = [option(true, 3200, 0.3), option(false, 3200, 0.3)];
    const discount = Math.exp(-0.02 * 0.3);
    const apart = priceOf(3100, call, 0.02, 0.2) - priceOf(3100, put, 0.02, 0.2);
    expect(apart).toBeCloseTo(discount * (3100 - 3200), 9);
    const deltas = deltaOf(3100, call, 0.02, 0.2) - deltaOf(3100, put, 0.02, 0.2);
    expect(deltas).toBeCloseTo(discount, 12);
  });

  it("has the slope of its price for a delta", () => {
    const one = option(false, 3000, 0.4);
    const slope = (priceOf(3101, one, 0.02, 0.3) - priceOf(3099, one, 0.02, 0.3)) / 2;
    expect(deltaOf(3100, one, 0.02, 0.3)).toBeCloseTo(slope, 6);
  });

  it("gives back the volatility of which a price was made", () => {
    for (const volatility of [0.05, 0.2, 0.9]) {
      for (const strike of [2800, 3100, 3400]) {
        for (const isCall of [true, false]) {
          const one = option(isCall, strike, 0.25);
          const price = priceOf(3100, one, 0.02, volatility);
          // Where a price is all but nothing no volatility can be read off it.
          if (price > 0.01) {
            expect(impliedOf(3100, one, 0.02, price)).toBeCloseTo(volatility, 6);
          }
        }
      }
    }
  });

  it("knows no volatility for a price below the worth of exercise", () => {
    expect(impliedOf(3100, option(true, 2800, 0.25), 0, 299)).toBeNull();
    expect(impliedOf(3100, option(true, 2800, 0.25), 0, 0)).toBeNull();
    expect(impliedOf(3100, option(true, 2800, 0), 0, 400)).toBeNull();
  });
});

describe("the time to an option's end", () => {
  it("is told in years of 365 days, to the close in China", () => {
    const now = Date.UTC(2026, 10, 25, 7);
    expect(yearsTo("20261225", now)).toBeCloseTo(30 / 365, 12);
    expect(yearsTo("20261125", now)).toBeNull();
    expect(yearsTo("", now)).toBeNull();
  });
});
