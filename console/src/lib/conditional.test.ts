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
  at: "",
  guard: 0,
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

  it("at a time has its seconds, and no price to wait for", () => {
    for (const at of ["21:30", "21:30:00"]) {
      const [leg] = legs({ ...WISH, kind: "time", at });
      expect(leg).toMatchObject({ Kind: "time", At: "21:30:00" });
      expect(leg).not.toHaveProperty("TriggerPrice");
    }
    expect(lacking({ ...WISH, kind: "time" })).toBe("at");
    expect(lacking({ ...WISH, kind: "time", at: "21:30" })).toBeNull();
  });

  it("that is a bracket opens, and closes what has opened on the other side", () => {
    const order = { direction: "0", offset: "1", price: 3510, volume: 2 } as const;
    const wish: Wish = { ...WISH, kind: "bracket", order, guard: 3390 };
    const body = conditionalOf("c-1", wish, TERMS) as Record<string, Record<string, unknown>[]>;
    expect(body.Legs).toMatchObject([
      { Kind: "now", InputOrder: { Direction: "0", CombOffsetFlag: "0", VolumeTotalOriginal: 2 } },
    ]);
    const side = { Direction: "1", CombOffsetFlag: "3" };
    expect(body.Protect).toMatchObject([
      { Kind: "stop", TriggerPrice: 3400, InputOrder: { ...side, LimitPrice: 3390 } },
      { Kind: "profit", TriggerPrice: 3600, InputOrder: { ...side, LimitPrice: 3600 } },
    ]);
    for (const one of body.Protect ?? []) {
      expect(one.InputOrder).not.toHaveProperty("VolumeTotalOriginal");
    }
    const atDce = conditionalOf("c-1", wish, { ...TERMS, ExchangeID: "DCE" });
    expect(atDce.Protect).toMatchObject([
      { InputOrder: { CombOffsetFlag: "1" } },
      { InputOrder: { CombOffsetFlag: "1" } },
    ]);
  });

  it("that is a bracket needs a stop with its price, or a profit", () => {
    const wish: Wish = { ...WISH, kind: "bracket", guard: 3390 };
    expect(lacking(wish)).toBeNull();
    expect(lacking({ ...wish, guard: 0 })).toBe("guard");
    expect(lacking({ ...wish, stop: 0 })).toBe("stop");
    expect(lacking({ ...wish, stop: 0, guard: 0 })).toBeNull();
    expect(lacking({ ...wish, profit: 0 })).toBeNull();
    expect(lacking({ ...wish, stop: 0, profit: 0, guard: 0 })).toBe("stop");
    const only = conditionalOf("c-1", { ...wish, stop: 0, guard: 0 }, TERMS);
    expect(only.Protect).toMatchObject([{ Kind: "profit" }]);
  });

  it("tells what lacks", () => {
    expect(lacking(WISH)).toBeNull();
    expect(lacking({ ...WISH, stop: 0 })).toBe("stop");
    expect(lacking({ ...WISH, profit: Number.NaN })).toBe("profit");
    expect(lacking({ ...WISH, kind: "trailing" })).toBe("distance");
    expect(lacking({ ...WISH, order: { ...WISH.order, volume: 1.5 } })).toBe("order");
  });
});
