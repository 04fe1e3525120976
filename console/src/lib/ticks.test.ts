import { describe, expect, it } from "vitest";
import { averageOf, type ChartTick, MOST_POINTS, Ticks } from "./ticks";

const CHINA = 8 * 3600;
const at = (text: string): number => Date.parse(`${text}Z`) / 1000;
/** Seconds since 1970 when it is a time of day in China, on the day of these ticks. */
const received = (time: string): number => at(`2026-11-27T${time}`) - CHINA;

function tick(UpdateTime: string, Volume: number, more: Partial<ChartTick> = {}): ChartTick {
  const day = { TradingDay: "20261127", ActionDay: "20261127" };
  return { ...day, UpdateTime, UpdateMillisec: 0, LastPrice: 3000 + Volume, Volume, ...more };
}

const row = (count: number, from = 0): ChartTick[] =>
  Array.from({ length: count }, (_, n) => {
    const seconds = String((from + n) % 60).padStart(2, "0");
    const minutes = String(Math.floor((from + n) / 60) % 60).padStart(2, "0");
    return tick(`10:${minutes}:${seconds}`, from + n);
  });
const volumes = (ticks: Ticks): number[] => ticks.points.map((one) => one.price - 3000);
const NOW = received("10:30:00");

describe("ticks", () => {
  it("stand at their time in China, and two of one moment one after the other", () => {
    const ticks = new Ticks();
    ticks.add(tick("10:00:00", 1, { UpdateMillisec: 500 }), received("10:00:01"));
    ticks.add(tick("10:00:00", 3, { UpdateMillisec: 500 }), received("10:00:01"));
    const [first, second] = ticks.points;
    expect(first?.time).toBe(at("2026-11-27T10:00:00.500"));
    expect(second?.time).toBeGreaterThan(first?.time ?? 0);
    expect(second?.time).toBeLessThan(at("2026-11-27T10:00:00.600"));
  });

  it("tell the lots since the tick before, where that is known", () => {
    const ticks = new Ticks();
    for (const one of [tick("10:00:00", 5), tick("10:00:01", 9)]) ticks.add(one, NOW);
    ticks.break();
    ticks.add(tick("10:00:05", 20), NOW);
    ticks.add(tick("21:00:00", 2, { TradingDay: "20261130" }), received("21:00:00"));
    expect(ticks.points.map((one) => one.volume)).toEqual([null, 4, null, null]);
    expect(ticks.points.map((one) => one.isAfterGap)).toEqual([false, false, true, false]);
    expect(ticks.gaps).toBe(1);
  });

  it("without a price, or told again, are no points", () => {
    const ticks = new Ticks();
    ticks.add(tick("10:00:00", 0, { LastPrice: 0 }), NOW);
    ticks.add(tick("10:00:01", 0, { LastPrice: 1.7976931348623157e308 }), NOW);
    ticks.add(tick("10:00:02", 7), NOW);
    ticks.add(tick("09:00:00", 3), NOW);
    ticks.add(tick("10:00:03", 8, { TradingDay: "20261126" }), NOW);
    expect(volumes(ticks)).toEqual([7]);
  });

  it("of before midnight are those of the evening before", () => {
    const ticks = new Ticks();
    ticks.add(tick("23:59:59", 1), at("2026-11-28T00:00:00") - CHINA);
    expect(ticks.points[0]?.time).toBe(at("2026-11-27T23:59:59"));
  });

  it("of the past have their date, where an exchange tells the trading day too", () => {
    const ticks = new Ticks();
    const monday = { TradingDay: "20261130", ActionDay: "20261130" };
    const past = [
      tick("21:00:00", 1, { TradingDay: "20261130" }),
      tick("23:00:00", 2, monday),
      tick("09:00:00", 3, monday),
    ];
    ticks.addPast(past, at("2026-11-30T10:00:00") - CHINA);
    expect(ticks.points.map((one) => one.time)).toEqual([
      at("2026-11-27T21:00:00"),
      at("2026-11-29T23:00:00"), // no later than what follows: the day itself is told by nobody
      at("2026-11-30T09:00:00"),
    ]);
  });

  it("are no more than so many, and the oldest go", () => {
    const ticks = new Ticks();
    ticks.add(tick("10:00:00", 0), NOW);
    ticks.break();
    for (let n = 1; n < 1.5 * MOST_POINTS; n += 1) ticks.add(tick("10:00:00", n), NOW);
    expect(ticks.points.length).toBeLessThan(1.3 * MOST_POINTS);
    expect(ticks.points.length).toBeGreaterThanOrEqual(MOST_POINTS);
    expect([ticks.turns, ticks.gaps]).toEqual([1, 0]);
  });
});

describe("past ticks and live ones", () => {
  const withLive = (past: ChartTick[], live: ChartTick[], ticks = new Ticks()) => {
    ticks.addPast(past, NOW);
    ticks.addLive(live.map((one) => [one, NOW]));
    return ticks;
  };

  it("that are in both are once", () => {
    const ticks = withLive(row(10), row(5, 7));
    expect(volumes(ticks)).toEqual(row(12).map((one) => one.Volume));
    expect([ticks.gaps, ticks.isFromGateway]).toEqual([0, true]);
  });

  it("that look alike are as many as there were", () => {
    const alike = [tick("10:00:00", 1), tick("10:00:00", 1)];
    expect(withLive([tick("09:59:59", 0), ...alike], alike).points).toHaveLength(3);
  });

  it("without one in common have a gap between them", () => {
    const ticks = withLive(row(3), row(2, 8));
    expect(ticks.points.map((one) => one.isAfterGap)).toEqual([false, false, false, true, false]);
  });

  it("without any past begin with this page", () => {
    const ticks = withLive([], row(3));
    expect([volumes(ticks).length, ticks.gaps, ticks.isFromGateway]).toEqual([3, 0, false]);
  });

  it("after a broken line close the gap where the gateway has all of it", () => {
    const ticks = withLive(row(5), []);
    expect(volumes(withLive(row(9), row(3, 8), ticks))).toHaveLength(11);
    expect(ticks.gaps).toBe(0);
  });

  it("after a broken line have a gap where it does not reach back", () => {
    const ticks = withLive(row(5), []);
    withLive(row(3, 20), [], ticks);
    expect([ticks.points.length, ticks.gaps]).toEqual([8, 1]);
  });
});

describe("the point of a trade", () => {
  const ticks = new Ticks();
  for (const [time, volume] of [
    ["10:00:00", 1],
    ["10:00:02", 2],
    ["10:30:00", 3],
  ] as const) {
    ticks.add(tick(time, volume), received(time));
  }

  it("is the first that is not before it", () => {
    expect(ticks.placeOf("10:00:01")).toBe(ticks.points[1]?.time);
    expect(ticks.placeOf("10:00:00")).toBe(ticks.points[0]?.time);
  });

  it("is the newest for one that no tick tells of yet", () => {
    expect(ticks.placeOf("10:30:01")).toBe(ticks.points[2]?.time);
  });

  it("is the newest at midnight, too", () => {
    const late = new Ticks();
    late.add(tick("23:59:59", 1), received("23:59:59"));
    expect(late.placeOf("00:00:01")).toBe(late.points[0]?.time);
  });

  it("is none where no tick is near", () => {
    expect(ticks.placeOf("10:15:00")).toBeNull();
    expect(ticks.placeOf("09:00:00")).toBeNull();
    expect(new Ticks().placeOf("10:00:00")).toBeNull();
  });
});

it("an average is in the unit of prices, whatever the exchange multiplies", () => {
  const point = { time: 0, price: 3100, volume: null, average: 30_950, isAfterGap: false };
  expect(averageOf(point, 10)).toBe(3095);
  expect(averageOf({ ...point, average: 3095 }, 10)).toBe(3095);
  expect(averageOf(point, 5)).toBeNull();
  expect(averageOf({ ...point, average: null }, 10)).toBeNull();
});
