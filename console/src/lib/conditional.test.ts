import { describe, expect, it } from "vitest";
import { conditionalOf, lacking, type Wish } from "./conditional";

const TERMS = {
  InstrumentID: "rb2701",
  ExchangeID: "SHFE",
  PriceTick: 1,
  VolumeMultiple: 10,
  MaxLimitOrderVolume: 500,
  MinLimitOrderVolume: 1,
};
const WISH: Wish = {
  kind: "oco",
  order: { direction: "1", offset: "3", price: 3300, volume: 2 },
  stop: 3400,
  profit: 3600,
  distance: 0,
};
const legs = (wish: Wish) => conditionalOf("c-1", wish, TERMS).Legs as Record<string, unknown>[];

describe("a conditional order", () => {
  it("that is one of two has both conditions on one order", () => {
    expect(legs(WISH).map((one) => [one.Kind, one.TriggerPrice])).toEqual([
      ["stop", 3400],
      ["profit", 3600],
    ]);
    expect(legs(WISH)[0]?.InputOrder).toMatchObject({ CombOffsetFlag: "3", Direction: "1" });
  });

  it("that trails has a distance and no trigger", () => {
    expect(legs({ ...WISH, kind: "trailing", distance: 20 })).toMatchObject([
      { Kind: "trailing", Distance: 20 },
    ]);
  });

  it("tells what lacks", () => {
    expect(lacking(WISH)).toBeNull();
    expect(lacking({ ...WISH, stop: 0 })).toBe("stop");
    expect(lacking({ ...WISH, profit: Number.NaN })).toBe("profit");
    expect(lacking({ ...WISH, kind: "trailing" })).toBe("distance");
    expect(lacking({ ...WISH, order: { ...WISH.order, volume: 1.5 } })).toBe("order");
  });
});
