import { describe, expect, it } from "vitest";
import {
  decimals,
  faults,
  inputOf,
  isOnTick,
  likelyOffset,
  type Offset,
  type Order,
  offered,
  offsetWord,
  step,
  type Terms,
} from "./ticket";

const TERMS: Terms = {
  InstrumentID: "IF2612",
  ExchangeID: "CFFEX",
  PriceTick: 0.2,
  VolumeMultiple: 300,
  MaxLimitOrderVolume: 20,
  MinLimitOrderVolume: 1,
};
const LIMITS = { upper: 4400.2, lower: 3600 };
const order = (changes: Partial<Order> = {}): Order => ({
  direction: "0",
  offset: "0",
  price: 4000.2,
  volume: 1,
  ...changes,
});

describe("prices", () => {
  it("have the decimals of their tick", () => {
    expect([1, 0.2, 0.02, 0.005, 5, 1e-7].map(decimals)).toEqual([0, 1, 2, 3, 0, 7]);
  });

  it("are on the tick whatever doubles make of it", () => {
    for (const price of [4000.2, 4286.6, 0.6, 866.3])
      expect(isOnTick(price, 0.2)).toBe(price !== 866.3);
    expect(isOnTick(866.3, 0.02)).toBe(true);
    expect(isOnTick(3099.5, 1)).toBe(false);
  });

  it("step without a trail of decimals", () => {
    expect(step(0.1, 0.1, 2)).toBe(0.3);
    expect(step(4000.2, 0.2, -1)).toBe(4000);
    expect(step(3099, 1, 10)).toBe(3109);
  });
});

describe("faults of an order", () => {
  it("are none where all is right, at the limits too", () => {
    expect(faults(order(), TERMS, LIMITS)).toEqual([]);
    expect(faults(order({ price: LIMITS.upper }), TERMS, LIMITS)).toEqual([]);
    expect(faults(order({ price: LIMITS.lower }), TERMS, LIMITS)).toEqual([]);
  });

  it("name what is wrong", () => {
    const of = (changes: Partial<Order>) => faults(order(changes), TERMS, LIMITS);
    expect(of({ price: 4000.1 })).toEqual(["tick"]);
    expect(of({ price: 4400.4 })).toEqual(["upper"]);
    expect(of({ price: 3599.8 })).toEqual(["lower"]);
    expect(of({ price: Number.NaN })).toEqual(["price"]);
    expect(of({ volume: 0 })).toEqual(["volume"]);
    expect(of({ volume: 1.5 })).toEqual(["volume"]);
    expect(of({ volume: 21 })).toEqual(["most"]);
    expect(of({ price: 1, volume: 21 })).toEqual(["lower", "most"]);
  });

  it("leave limits out that nobody has told", () => {
    expect(faults(order({ price: 9000 }), TERMS, null)).toEqual([]);
  });

  it("include fewer lots than the exchange takes", () => {
    expect(faults(order({ volume: 1 }), { ...TERMS, MinLimitOrderVolume: 4 }, null)).toEqual([
      "least",
    ]);
  });
});

describe("the offset that a preview asks for", () => {
  it("opens where nothing can be closed", () => {
    expect(likelyOffset("SHFE", { today: 0, older: 0 })).toBe("0");
  });

  it("tells today's lots from older ones at SHFE and INE only", () => {
    expect(likelyOffset("SHFE", { today: 1, older: 0 })).toBe("3");
    expect(likelyOffset("INE", { today: 1, older: 1 })).toBe("4");
    expect(likelyOffset("DCE", { today: 1, older: 0 })).toBe("1");
  });
});

describe("an offset", () => {
  it("has one word everywhere; today's and older lots are apart where the exchange has them so", () => {
    const all: Offset[] = ["auto", "0", "1", "3", "4"];
    expect(offered(all, "SHFE").map(([one]) => one)).toEqual(all);
    expect(offered(all, "DCE")).toEqual([
      ["auto", "auto"],
      ["0", "opens"],
      ["1", "closes"],
    ]);
    expect(["3", "4", "", "9"].map(offsetWord)).toEqual([
      "closesToday",
      "closesOlder",
      "auto",
      "auto",
    ]);
  });
});

describe("a request", () => {
  it("names an offset, or leaves it to the gateway", () => {
    const body = (one: Order) => inputOf(one, TERMS);
    expect(body(order({ offset: "3" })).CombOffsetFlag).toBe("3");
    expect("CombOffsetFlag" in body(order({ offset: "auto" }))).toBe(false);
  });
});
