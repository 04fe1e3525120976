import { describe, expect, it } from "vitest";
import { Overflow } from "../src/errors.js";
import { BarStream, TickStreams, Wanted, wordsOf } from "../src/hub.js";
import type { Bar, RtnBar } from "../src/made/own.js";
import type { DepthMarketData, Order, Trade } from "../src/made/structs.js";
import { bodyOf, methodOf, serviceOf } from "../src/protocol/methods.js";
import { Mirror } from "../src/protocol/mirror.js";
import { Stream } from "../src/streams.js";
import { services } from "../src/urls.js";
import { said } from "./paper.js";

describe("an address", () => {
  it.each([
    ["ws://host:8080", "ws://host:8080/td/"],
    ["host:8080", "ws://host:8080/td/"],
    ["https://host/gate/md/?language=zh", "wss://host/gate/td/?language=zh"],
    ["ws://host:1/td", "ws://host:1/td/"],
  ])("%s is of both services", (url, td) => {
    expect(services(url)).toEqual({ td, md: td.replace("/td/", "/md/") });
  });

  it("may be another for market data", () => {
    expect(services("ws://a", "ws://b").md).toBe("ws://b/md/");
  });

  it.each(["ftp://host", "", "ws://"])("is not %s", (url) => {
    expect(() => services(url)).toThrow("no address of a gateway");
  });
});

describe("a method", () => {
  it("is known by rules where no list tells", () => {
    expect(methodOf("ReqQryOfTomorrow")).toMatchObject({ kind: "query", bodyKey: "QryOfTomorrow" });
    expect(methodOf("ReqNewThing")).toMatchObject({ kind: "answered", isRepeatable: false });
    expect(methodOf("ReqOrderInsert")).toMatchObject({ kind: "order", bodyKey: "InputOrder" });
    expect(methodOf("UnSubscribePortfolio")).toMatchObject({ isRepeatable: true });
    expect(methodOf("GetTradingDay")).toMatchObject({ kind: "text", isRepeatable: true });
  });

  it("goes to the service that takes it", () => {
    const served = ["ReqQryOrder", "QryInstruments", "GetTradingDay"];
    expect(served.map((name) => serviceOf(name, true))).toEqual(["td", "md", "td"]);
    expect(serviceOf("GetTradingDay", false)).toBe("md");
  });

  it("finds what an answer carries beside its envelope", () => {
    const around = {
      MsgType: "RspQryTicks",
      RspInfo: null,
      IsLast: true,
      RequestID: 1,
      Timing: {},
    };
    expect(bodyOf({ ...around, ReceivedTime: "x", DepthMarketData: { a: 1 } })).toEqual({ a: 1 });
    expect(bodyOf(around)).toBeNull();
  });
});

describe("a stream", () => {
  async function all<T>(stream: Stream<T>): Promise<T[]> {
    const items: T[] = [];
    for await (const item of stream) items.push(item);
    return items;
  }

  it("gives what waits, then ends", async () => {
    const stream = new Stream<number>();
    for (const one of [1, 2, 3]) stream.put(one);
    stream.close();
    stream.put(4);
    expect(await all(stream)).toEqual([1, 2, 3]);
  });

  it("waits for what comes, and begins with the first that is wanted, once", async () => {
    let begun = 0;
    const begin = async () => void begun++;
    const stream = new Stream<number>({ begin });
    const next = stream.next();
    const after = stream.next();
    await Promise.resolve();
    stream.put(1);
    stream.put(2);
    expect([(await next).value, (await after).value, begun]).toEqual([1, 2, 1]);
  });

  it("ends its subscription where a loop is left", async () => {
    let closed = 0;
    const stream = new Stream<number>({ onClose: () => closed++ });
    stream.put(1);
    for await (const _ of stream) break;
    expect([closed, (await stream.next()).done]).toEqual([1, true]);
  });

  it("tells why it began in vain, and ends what it has begun", async () => {
    let closed = 0;
    const begin = () => Promise.reject(new Error("no"));
    const stream = new Stream<number>({ begin, onClose: () => closed++ });
    await expect(stream.next()).rejects.toThrow("no");
    expect(closed).toBe(1);
  });

  it("keeps the newest of each key, and counts the others", async () => {
    const stream = new Stream<string>({ limit: 3, key: (one) => one.slice(0, 1) });
    for (const one of ["a1", "a2", "b1", "a3"]) stream.put(one);
    stream.close();
    expect(await all(stream)).toEqual(["b1", "a3"]);
    expect(stream.dropped).toBe(2);
  });

  it("drops the oldest where every key is another", async () => {
    const stream = new Stream<string>({ limit: 4, key: (one) => one });
    for (const one of "abcde") stream.put(one);
    stream.close();
    expect((await all(stream)).at(-1)).toBe("e");
    expect(stream.dropped).toBe(2);
  });

  it("never drops what has no key: it ends with Overflow behind what waits", async () => {
    for (const key of [undefined, () => null]) {
      const stream = new Stream<number>({ limit: 2, ...(key && { key }) });
      for (const one of [1, 2, 3]) stream.put(one);
      expect((await stream.next()).value).toBe(1);
      await stream.next();
      if (key) await stream.next();
      await expect(stream.next()).rejects.toBeInstanceOf(Overflow);
      expect((await stream.next()).done).toBe(true);
    }
  });

  it("gives all that waits at once", async () => {
    const stream = new Stream<number>();
    for (let at = 0; at < 5000; at++) stream.put(at);
    for (let at = 0; at < 3000; at++) expect((await stream.next()).value).toBe(at);
    expect(await stream.take()).toHaveLength(2000);
    stream.close();
    expect(await stream.take()).toEqual([]);
  });

  it("has a bound of 1 or more", () => {
    expect(() => new Stream({ limit: 0 })).toThrow("1 or more");
  });
});

describe("what is pushed", () => {
  it.each([
    ["rb2701", undefined, true],
    ["rb270", undefined, false],
    ["rb2701C3000", undefined, false],
    ["au2702", undefined, true],
    ["IF2612", undefined, true],
    ["cu2701", undefined, false],
    ["cu2701", "@cu", true],
    ["rb2701", "@rb", false],
  ])("of %s (as %s) is wanted: %s", (instrument, main, takes) => {
    expect(new Wanted(["rb27??", "au*", "IF2612", "@cu"]).takes(instrument, main)).toBe(takes);
  });

  it("goes to each who wants it, and to those who came later", () => {
    const streams = new TickStreams();
    const [one, two]: [unknown[], unknown[]] = [[], []];
    const putOne = (tick: DepthMarketData) => void one.push(tick);
    const putTwo = (tick: DepthMarketData) => void two.push(tick);
    const tick = { DepthMarketData: { InstrumentID: "rb2701" } as DepthMarketData };
    streams.add(putOne, new Wanted(["rb2701"]));
    streams.push(tick);
    streams.push({ ...tick, Stale: true });
    streams.add(putTwo, new Wanted(["rb*", "rb2701"]));
    streams.push(tick);
    expect(streams.remove(putTwo)).toEqual(["rb*"]);
    streams.push(tick);
    expect([one.length, two.length]).toEqual([3, 1]);
  });

  it("is asked for so that each gets what it wants, or more", () => {
    expect(wordsOf([{ intervalMs: 500 }, { intervalMs: 200 }])).toEqual({ IntervalMs: 200 });
    expect(wordsOf([{ intervalMs: 500 }, { changes: true }])).toEqual({ Changes: true });
    expect(wordsOf([{ fields: ["b"] }, { fields: ["a", "b"] }])).toEqual({ Fields: ["a", "b"] });
    expect(wordsOf([{ isStale: true }, {}])).toEqual({ Stale: true });
  });

  it("of bars that are over comes once", () => {
    const got: Bar[] = [];
    const stream = new BarStream((one) => got.push(one), new Wanted(["rb2701"]), ["1m"]);
    const bar = (BeginTime: string, IsClosed: boolean, Period = "1m") =>
      stream.push({ Bar: { InstrumentID: "rb2701", Period, BeginTime, IsClosed } } as RtnBar);
    bar("1", true);
    bar("2", false);
    bar("2", true);
    bar("1", true);
    bar("2", true);
    bar("3", false);
    bar("9", true, "1d");
    const told = got.map((one) => `${one.BeginTime} ${one.IsClosed}`);
    expect(told).toEqual(["1 true", "2 false", "2 true", "3 false"]);
  });
});

describe("a mirror", () => {
  const order = (OrderRef: string, words: object = {}) =>
    ({ FrontID: 1, SessionID: 1, OrderRef, OrderStatus: "3", VolumeTraded: 0, ...words }) as Order;
  const trade = (TradeID: string) =>
    ({ ExchangeID: "SHFE", TradeID, Direction: "0", OrderSysID: "1" }) as Trade;
  const push = (Order: Order, words: object = {}) => said({ MsgType: "RtnOrder", Order, ...words });

  it("takes over the day that a login tells, and says what of it is news", () => {
    const mirror = new Mirror();
    mirror.apply(push(order("1")));
    mirror.apply(push(order("1", { OrderStatus: "0" }), { Replay: true }));
    mirror.apply(push(order("2"), { Replay: true }));
    mirror.apply(said({ MsgType: "RtnTrade", Trade: trade("9"), Replay: true }));
    const news = mirror.loggedIn(false);
    expect(news.orders.map((one) => one.OrderRef)).toEqual(["1", "2"]);
    expect([news.trades.length, mirror.orders.size, mirror.trades.size]).toEqual([1, 2, 1]);
  });

  it("keeps what it has where the session is resumed, or the login never ended", () => {
    const mirror = new Mirror();
    mirror.apply(push(order("1")));
    mirror.apply(push(order("2"), { Replay: true }));
    mirror.lost();
    expect(mirror.loggedIn(true)).toEqual({ orders: [], trades: [] });
    expect(mirror.orders.size).toBe(1);
  });

  it("is healed by queries, of which a newer push knows better", () => {
    const mirror = new Mirror();
    mirror.isWhole = false;
    mirror.apply(push(order("1", { OrderStatus: "0", VolumeTraded: 2 })));
    mirror.apply(push(order("2")));
    const told = [order("1", { VolumeTraded: 1 }), order("2", { OrderStatus: "5" }), order("3")];
    const news = mirror.healed(told, [trade("1"), trade("1")]);
    expect(news.orders.map((one) => one.OrderRef)).toEqual(["2", "3"]);
    expect([news.trades.length, mirror.isWhole]).toEqual([1, true]);
    expect(mirror.orders.get("1 1 1")?.VolumeTraded).toBe(2);
  });

  it("follows the portfolio, and begins a new day without orders", () => {
    const mirror = new Mirror();
    const position = { InstrumentID: "a", PosiDirection: "2", HedgeFlag: "1", Position: 1 };
    const portfolio = (words: object) =>
      mirror.apply(
        said({
          MsgType: "RtnPortfolio",
          Portfolio: { Account: { Balance: 1 }, Caveats: [], ...words },
        }),
      );
    portfolio({ IsSnapshot: false, Positions: [position] });
    portfolio({ IsSnapshot: true, Positions: [{ ...position, InstrumentID: "b" }] });
    mirror.apply(said({ MsgType: "RtnPortfolio", Portfolio: null }));
    expect([...mirror.positions.keys()]).toEqual(["b 2 1"]);
    mirror.apply(push(order("1")));
    mirror.apply(said({ MsgType: "RtnTradingDay", TradingDay: "20261130", Before: "" }));
    expect([mirror.orders.size, mirror.account]).toEqual([0, { Balance: 1 }]);
  });
});
