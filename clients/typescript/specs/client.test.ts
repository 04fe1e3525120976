import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Client, type ClientEvent, clientOf, connect, type Frame } from "../src/index.js";
import type { DepthMarketData } from "../src/made/structs.js";
import { answer, refusal } from "./paper.js";
import { paperSockets } from "./sockets.js";

const URL = "ws://paper";
const CREDENTIALS = { user: "demo", password: "pass" };
const clients: Client[] = [];

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  for (const client of clients.splice(0)) client.close();
  vi.useRealTimers();
});

async function started(options: object = CREDENTIALS, place = paperSockets()) {
  const client = await connect(URL, { WebSocket: place.WebSocket, ...options });
  clients.push(client);
  const events: ClientEvent[] = [];
  await client.listen({ onEvent: (event) => void events.push(event) });
  return { client, place, events, kinds: () => events.map((one) => one.kind) };
}

/** Let everything that is due without time passing be done. */
async function settle(): Promise<void> {
  await vi.advanceTimersByTimeAsync(0);
}

function tick(instrument: string, words: object = {}): string {
  const DepthMarketData = { InstrumentID: instrument, LastPrice: 1 };
  return JSON.stringify({ MsgType: "RtnDepthMarketData", DepthMarketData, ...words });
}

describe("a connection", () => {
  it("logs in, and shows its token as a subprotocol", async () => {
    const { place } = await started({ ...CREDENTIALS, token: "webctp_x", broker: "9999" });
    expect(place.newest.url).toBe("ws://paper/td/");
    expect(place.newest.protocols).toEqual(["webctp", "bearer.webctp_x"]);
    expect(place.newest.sent[0]?.ReqUserLogin).toEqual({
      UserID: "demo",
      Password: "pass",
      BrokerID: "9999",
    });
  });

  it("offers no subprotocol without a token", async () => {
    const { place } = await started();
    expect(place.newest.protocols).toBeUndefined();
  });

  it("that breaks is made again, and resumed", async () => {
    const { client, place, kinds } = await started();
    place.newest.breakOff(1001, "restart");
    expect(client.isReady).toBe(false);
    await vi.advanceTimersByTimeAsync(250);
    expect(place.made).toHaveLength(2);
    expect(place.newest.sent[0]).toHaveProperty("Resume");
    expect(kinds()).toEqual(["lost", "loggedIn"]);
  });

  it("is attempted at longer and longer intervals while nobody is there", async () => {
    const { place } = await started();
    place.isThere = false;
    place.newest.breakOff();
    for (let at = 0; at < 40; at++) {
      await vi.advanceTimersByTimeAsync(1000);
      if (place.newest.readyState === 0) place.newest.breakOff();
    }
    expect(place.made.length).toBeGreaterThan(3);
    expect(place.made.length).toBeLessThan(12);
  });

  it("that never opens is given up, with the reason", async () => {
    const place = paperSockets();
    place.isThere = false;
    const options = { WebSocket: place.WebSocket, connectTimeoutMs: 5000 };
    const client = connect(URL, { ...CREDENTIALS, ...options });
    const failed = expect(client).rejects.toMatchObject({ name: "Disconnected" });
    await vi.advanceTimersByTimeAsync(5000);
    await failed;
    expect(vi.getTimerCount()).toBe(0);
  });

  it("is not attempted again once its login was refused", async () => {
    const place = paperSockets();
    vi.spyOn(place.gateway, "take").mockImplementation((text) => [
      refusal("RspUserLogin", JSON.parse(text).RequestID, 3),
    ]);
    const failed = connect(URL, { ...CREDENTIALS, WebSocket: place.WebSocket });
    await expect(failed).rejects.toMatchObject({ kind: "CtpError", code: 3 });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(place.made).toHaveLength(1);
  });

  it("is attempted again where the front is away for the moment", async () => {
    const place = paperSockets();
    const take = place.gateway.take.bind(place.gateway);
    let refusals = 2;
    vi.spyOn(place.gateway, "take").mockImplementation((text) =>
      refusals-- > 0 ? [refusal("ReqUserLogin", JSON.parse(text).RequestID, -503)] : take(text),
    );
    const client = connect(URL, { ...CREDENTIALS, WebSocket: place.WebSocket });
    await vi.advanceTimersByTimeAsync(2000);
    clients.push(await client);
    expect(place.made).toHaveLength(3);
  });

  it("that is silent is asked, and abandoned where nothing comes", async () => {
    const { place, kinds } = await started({ ...CREDENTIALS, pingIntervalMs: 5000 });
    const [first] = place.made;
    await vi.advanceTimersByTimeAsync(6000);
    expect(first?.sent.at(-1)?.MsgType).toBe("GetTradingDay");
    expect(kinds()).toEqual([]);
    if (first) first.isMute = true;
    await vi.advanceTimersByTimeAsync(13_000);
    expect(kinds()).toEqual(["lost", "loggedIn"]);
  });

  it("that says nothing at its opening is lost in time", async () => {
    const { place, kinds } = await started({ ...CREDENTIALS, connectTimeoutMs: 5000 });
    place.isThere = false;
    place.newest.breakOff();
    await vi.advanceTimersByTimeAsync(6000);
    expect(kinds()).toEqual(["lost", "lost"]);
  });

  it("whose page slept is asked first, and abandoned only where nothing comes", async () => {
    const { place, kinds } = await started({ ...CREDENTIALS, pingIntervalMs: 5000 });
    // Of a sleep no timer fires until it is over.
    const now = vi.spyOn(performance, "now");
    const slept = performance.now() + 60_000;
    now.mockImplementation(() => slept);
    await vi.advanceTimersByTimeAsync(1000);
    expect(place.newest.sent.at(-1)?.MsgType).toBe("GetTradingDay");
    await vi.advanceTimersByTimeAsync(1000);
    now.mockRestore();
    expect(kinds()).toEqual([]);
    expect(place.made).toHaveLength(1);
  });

  it("that was ended for good is not made again", async () => {
    for (const code of [1002, 1009, 4401, 4410]) {
      const { client, place, events } = await started();
      place.newest.breakOff(code, "why");
      await vi.advanceTimersByTimeAsync(60_000);
      expect(place.made).toHaveLength(1);
      const [lost, end] = events;
      expect(lost).toMatchObject({ kind: "lost", reason: `closed with ${code} why` });
      expect(end).toMatchObject({ kind: "givenUp", error: { detail: `closed with ${code} why` } });
      const told = { name: "Disconnected", closeCode: code };
      await expect(client.ReqQryInvestor()).rejects.toMatchObject(told);
      await expect(client.ReqOrderInsert({ InstrumentID: "rb2701" })).rejects.toMatchObject(told);
    }
  });

  it("that was too fast or too slow is made again later each time", async () => {
    for (const [code, made] of [
      [1008, 2],
      [4409, 3],
    ] as const) {
      const { place } = await started();
      for (let ended = 0; ended < 2; ended++) {
        place.newest.breakOff(code, "why");
        await vi.advanceTimersByTimeAsync(ended === 0 ? 500 : 250);
      }
      expect(place.made).toHaveLength(made);
    }
  });

  it("whose rights have changed is made again", async () => {
    const { place, kinds } = await started();
    place.newest.breakOff(4409, "rights");
    await vi.advanceTimersByTimeAsync(250);
    expect(kinds()).toEqual(["lost", "loggedIn"]);
  });

  it("hands on every message as it goes, and that it opened", async () => {
    const frames: Frame[] = [];
    const opened: string[] = [];
    const { client, place } = await started({
      ...CREDENTIALS,
      onFrame: (frame: Frame) => void frames.push(frame),
      onOpen: (service: string) => void opened.push(service),
    });
    await client.ReqQryOrder();
    const told = frames.map(({ service, way, text }) => [service, way, JSON.parse(text).MsgType]);
    expect(told).toEqual([
      ["td", "out", "ReqUserLogin"],
      ["td", "in", "RspUserLogin"],
      ["td", "out", "ReqQryOrder"],
      ["td", "in", "RspQryOrder"],
    ]);
    expect(frames.map((one) => one.at)).toEqual(frames.map(() => Date.now()));
    place.newest.breakOff();
    await vi.advanceTimersByTimeAsync(250);
    expect(opened).toEqual(["td", "td"]);
  });

  it("measures its latency, over no broken connection", async () => {
    const { client, place, kinds } = await started();
    await expect(client.roundTrip()).resolves.toBe(0);
    place.newest.isMute = true;
    const late = client.roundTrip();
    const id = place.newest.sent.at(-1)?.RequestID as number;
    await vi.advanceTimersByTimeAsync(40);
    place.newest.say(answer("GetTradingDay", id, { TradingDay: "20261127" }));
    await expect(late).resolves.toBe(40);
    const broken = expect(client.roundTrip()).rejects.toMatchObject({ name: "Disconnected" });
    place.newest.breakOff();
    await broken;
    await expect(client.roundTrip()).rejects.toMatchObject({ name: "Disconnected" });
    await vi.advanceTimersByTimeAsync(250);
    expect(kinds()).toEqual(["lost", "loggedIn"]);
  });

  it("needs a class of sockets, and an address", async () => {
    vi.stubGlobal("WebSocket", undefined);
    expect(() => clientOf(URL)).toThrow("pass a class as the option WebSocket");
    vi.unstubAllGlobals();
    const { WebSocket } = paperSockets();
    await expect(connect("ftp://x", { WebSocket })).rejects.toThrow("no address of a gateway");
  });

  it("leaves no timer behind when the client is closed", async () => {
    const { client, place } = await started();
    await client.ReqQryInvestor();
    place.newest.isMute = true;
    const late = client.ask("ReqUserPasswordUpdate", {});
    const ends = expect(late).rejects.toMatchObject({ name: "Disconnected" });
    await settle();
    client.close();
    await ends;
    expect([vi.getTimerCount(), place.newest.readyState]).toEqual([0, 3]);
    await expect(client.ReqQryInvestor()).rejects.toMatchObject({ name: "Disconnected" });
    await expect(client.ticks("rb2701").next()).rejects.toMatchObject({ name: "Disconnected" });
  });
});

describe("a request", () => {
  it("is a method by its name, and is no method that classes lack", async () => {
    const { client } = await started();
    expect(await client.ReqQryInvestor()).toHaveLength(3);
    expect(await client.ask("ReqQryInvestor")).toHaveLength(3);
    expect((client as unknown as { then?: unknown }).then).toBeUndefined();
  });

  it("gives its rows one by one", async () => {
    const { client } = await started();
    const rows: unknown[] = [];
    for await (const row of client.rows("ReqQryInvestor")) rows.push(row);
    expect(rows).toHaveLength(3);
  });

  it("whose rows are left is forgotten", async () => {
    const { client, kinds } = await started();
    for await (const _ of client.rows("ReqQryInvestor")) break;
    await settle();
    expect(kinds()).toEqual([]);
  });

  it("that is refused rejects, also of rows", async () => {
    const { client } = await started();
    const wanted = { kind: "NoSuchRequest", detail: "no such" };
    await expect(client.ReqUserAuthMethod()).rejects.toMatchObject(wanted);
    const rows = client.rows("QryTradingState");
    await expect(rows.next()).rejects.toMatchObject(wanted);
  });

  it("without an answer is late", async () => {
    const { client, place } = await started({ ...CREDENTIALS, timeoutMs: 500 });
    place.newest.isMute = true;
    const late = expect(client.ReqQryInvestor()).rejects.toMatchObject({ kind: "TimedOut" });
    await vi.advanceTimersByTimeAsync(500);
    await late;
  });

  it("of market data needs no login, and goes to its own service", async () => {
    const { client, place } = await started({});
    await expect(client.QryInstruments()).rejects.toMatchObject({ code: -404 });
    expect(place.made.map((one) => one.url)).toEqual(["ws://paper/md/"]);
  });
});

describe("an order", () => {
  const order = { InstrumentID: "rb2701", LimitPrice: 1 };

  it("bears a ClientOrderID, another each time, and ends", async () => {
    const { client, place } = await started();
    const [one, two] = [await client.ReqOrderInsert(order), await client.ReqOrderInsert(order)];
    await Promise.all([one.done(1000), two.known(1000)]);
    expect(one.clientOrderId).not.toBe(two.clientOrderId);
    expect([...place.gateway.executed.values()]).toEqual([1, 1]);
    expect([one.fate, one.volumeTraded, one.isKnown]).toEqual(["ended", 1, true]);
  });

  it("bears the program's own where it has one, or none", async () => {
    const { client, place } = await started();
    await client.ReqOrderInsert(order, { ClientOrderID: "mine", Offset: "auto" });
    expect(place.newest.sent.at(-1)).toMatchObject({ ClientOrderID: "mine", Offset: "auto" });
    await client.ReqOrderInsert(order, { ClientOrderID: "" });
    expect(place.newest.sent.at(-1)).not.toHaveProperty("ClientOrderID");
  });

  it("is refused at once without a connection, and not sent later", async () => {
    const { client, place } = await started();
    place.newest.breakOff();
    await expect(client.ReqOrderInsert(order)).rejects.toMatchObject({ name: "Disconnected" });
    await vi.advanceTimersByTimeAsync(1000);
    expect(place.gateway.executed.size).toBe(0);
  });

  it("whose connection breaks is sent once", async () => {
    const { client, place } = await started();
    place.newest.isMute = true;
    const sent = await client.ReqOrderInsert(order);
    const late = expect(sent.done(100)).rejects.toMatchObject({ kind: "TimedOut" });
    await vi.advanceTimersByTimeAsync(100);
    await late;
    place.newest.breakOff();
    const done = sent.done(10_000);
    await vi.advanceTimersByTimeAsync(1000);
    expect((await done).fate).toBe("ended");
    expect([...place.gateway.executed.values()]).toEqual([1]);
  });

  it("is cancelled by its instrument, though only its state was told", async () => {
    const { client, place } = await started();
    const sent = await client.ReqOrderInsert(order);
    await vi.advanceTimersByTimeAsync(1000);
    expect([sent.state?.ClientOrderID, sent.order]).toEqual([sent.clientOrderId, null]);
    await client.cancel(sent);
    expect(place.newest.sent.at(-1)).toMatchObject({
      MsgType: "ReqOrderAction",
      InputOrderAction: { InstrumentID: order.InstrumentID },
    });
  });

  it("of which nobody tells is unknown, and says so", async () => {
    const { client, place } = await started({ ...CREDENTIALS, orderPatienceMs: 3000 });
    place.newest.isMute = true;
    const sent = await client.ReqOrderInsert(order);
    place.isThere = false;
    place.newest.breakOff();
    const unknown = expect(sent.done()).rejects.toMatchObject({ name: "OrderUnknown" });
    await vi.advanceTimersByTimeAsync(5000);
    await unknown;
    await expect(client.cancel(sent)).rejects.toThrow("await order.known() first");
  });
});

describe("pushes", () => {
  it("are iterated, and handed to callbacks at once", async () => {
    const { client, place } = await started();
    const seen: string[] = [];
    const end = await client.listen({ onOrder: (one) => void seen.push(one.OrderRef) });
    const stream = client.orderPushes();
    place.newest.say(place.gateway.push("1"));
    expect(seen).toEqual(["1"]);
    expect((await stream.next()).value?.OrderRef).toBe("1");
    end();
    place.newest.say(place.gateway.push("2"));
    expect([seen.length, client.orders.length, stream.waiting]).toEqual([1, 2, 1]);
  });

  it("go on where a callback throws, which surfaces", async () => {
    const { client, place } = await started();
    const queued = vi.spyOn(globalThis, "queueMicrotask").mockImplementation(() => undefined);
    await client.listen({
      onOrder: () => {
        throw new Error("of the program");
      },
    });
    const stream = client.orderPushes();
    place.newest.say(place.gateway.push("1"));
    expect([stream.waiting, queued.mock.calls.length]).toEqual([1, 1]);
    expect(() => queued.mock.calls[0]?.[0]()).toThrow("of the program");
    queued.mockRestore();
  });

  it("of ticks come by one subscription, which ends with the last who wants it", async () => {
    const { client, place } = await started({});
    const seen: DepthMarketData[] = [];
    const end = await client.listen({ onTick: (one) => void seen.push(one) }, { ticks: ["rb*"] });
    const stream = client.ticks(["rb*", "@au"], { intervalMs: 500 });
    const first = stream.next();
    await settle();
    place.newest.say(tick("rb2701"));
    place.newest.say(tick("au2702", { MainContract: "@au" }));
    expect([(await first).value?.InstrumentID, seen.length]).toEqual(["rb2701", 1]);
    expect((await stream.next()).value?.InstrumentID).toBe("au2702");
    end();
    await stream.return();
    const told = place.newest.sent.slice(1).map((one) => [one.MsgType, one.InstrumentID]);
    expect(told).toEqual([
      ["SubscribeMarketData", ["rb*"]],
      ["SubscribeMarketData", ["rb*"]],
      ["SubscribeMarketData", ["@au"]],
      ["SubscribeMarketData", ["rb*"]],
      ["UnSubscribeMarketData", ["rb*", "@au"]],
    ]);
    expect(place.newest.sent[4]?.IntervalMs).toBe(500);
  });

  it("of some fields, and of bars, have connections of their own", async () => {
    const { client, place } = await started({});
    const some = client.partialTicks("rb2701", ["LastPrice"]);
    const bars = client.bars("rb2701", { periods: ["1m"], history: 2 });
    const [one, two] = [some.next(), bars.next()];
    await settle();
    const [partial, ofBars] = place.made;
    partial?.say(tick("rb2701"));
    const Bar = { InstrumentID: "rb2701", Period: "1m", BeginTime: "1", IsClosed: true };
    ofBars?.say(JSON.stringify({ MsgType: "RtnBar", Bar }));
    expect([(await one).value?.LastPrice, (await two).value?.BeginTime]).toEqual([1, "1"]);
    expect(partial?.sent[1]).toMatchObject({ Fields: ["LastPrice"] });
    expect(ofBars?.sent[1]).toMatchObject({ Bars: ["1m"], History: 2 });
  });

  it("that were missed are told of, and healed by queries", async () => {
    const { client, place, kinds } = await started();
    place.gateway.restart();
    place.newest.breakOff();
    await vi.advanceTimersByTimeAsync(1000);
    expect(kinds()).toEqual(["lost", "gap", "loggedIn", "healed"]);
    expect(client.mirror.isWhole).toBe(true);
  });

  it("that were missed are asked for until the gateway answers", async () => {
    const { client, place, kinds } = await started({ ...CREDENTIALS, portfolio: true });
    const take = place.gateway.take.bind(place.gateway);
    const refused: Record<string, number> = { ReqQryOrder: -503, SubscribePortfolio: -429 };
    vi.spyOn(place.gateway, "take").mockImplementation((text) => {
      const { MsgType, RequestID } = JSON.parse(text);
      const code = refused[MsgType];
      delete refused[MsgType];
      return code === undefined ? take(text) : [refusal(MsgType, RequestID, code)];
    });
    place.gateway.restart();
    place.newest.breakOff();
    await vi.advanceTimersByTimeAsync(2000);
    expect(kinds().sort()).toEqual(["gap", "healed", "loggedIn", "lost", "refused", "refused"]);
    expect(client.mirror.isWhole).toBe(true);
    const asked = place.newest.sent.filter((one) => one.MsgType === "SubscribePortfolio");
    expect(asked).toHaveLength(2);
  });

  it("are not asked for any more once it was closed, nor where that is in vain", async () => {
    for (const code of [-503, -403]) {
      const { client, place } = await started();
      const take = place.gateway.take.bind(place.gateway);
      vi.spyOn(place.gateway, "take").mockImplementation((text) => {
        const { MsgType, RequestID } = JSON.parse(text);
        return MsgType === "ReqQryOrder" ? [refusal(MsgType, RequestID, code)] : take(text);
      });
      const idle = vi.getTimerCount();
      place.gateway.restart();
      place.newest.breakOff();
      await vi.advanceTimersToNextTimerAsync();
      expect(vi.getTimerCount() - idle).toBe(code === -503 ? 1 : 0);
      client.close();
      expect(vi.getTimerCount()).toBe(0);
    }
  });

  it("end with the client, and with a login that is refused later", async () => {
    const { client, place } = await started();
    const [orders, ended] = [client.orderPushes(), client.events()];
    const next = expect(orders.next()).rejects.toMatchObject({ code: 3 });
    vi.spyOn(place.gateway, "take").mockImplementation((text) => [
      refusal("RspUserLogin", JSON.parse(text).RequestID, 3),
    ]);
    place.newest.breakOff();
    await vi.advanceTimersByTimeAsync(1000);
    await next;
    expect((await ended.next()).value?.kind).toBe("lost");
    expect(client.isReady).toBe(false);
  });

  it("of a subscription that was refused are wanted no more", async () => {
    const { client, place } = await started({});
    const take = place.gateway.take.bind(place.gateway);
    vi.spyOn(place.gateway, "take").mockImplementation((text) => {
      const { MsgType, RequestID } = JSON.parse(text);
      return MsgType === "SubscribeMarketData" ? [refusal(MsgType, RequestID, -429)] : take(text);
    });
    await expect(client.ticks("rb2701").next()).rejects.toMatchObject({ kind: "TooMany" });
    await settle();
    expect(place.newest.sent.at(-1)?.MsgType).toBe("UnSubscribeMarketData");
    const seen = { onTick: vi.fn() };
    await expect(client.listen(seen, { ticks: ["rb2701"] })).rejects.toMatchObject({ code: -429 });
    place.newest.say(tick("rb2701"));
    expect(seen.onTick).not.toHaveBeenCalled();
  });

  it("need an instrument where they are of instruments", async () => {
    const { client } = await started({});
    expect(() => client.ticks([])).toThrow("name an instrument");
  });
});
