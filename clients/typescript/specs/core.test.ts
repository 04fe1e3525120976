import { describe, expect, it } from "vitest";
import type { Core } from "../src/protocol/core.js";
import type { SentState } from "../src/protocol/sent.js";
import {
  answer,
  clientOrder,
  core,
  last,
  of,
  PaperGateway,
  ready,
  refusal,
  talk,
} from "./paper.js";

const ORDER = { InstrumentID: "rb2701", LimitPrice: 3200 };

function order(client: Core, named = "a"): SentState {
  return client.order("ReqOrderInsert", ORDER, named);
}

describe("a request", () => {
  it("gathers its rows until the last", () => {
    const client = ready();
    const id = client.ask("ReqQryInvestor", { InvestorID: "a", BrokerID: null });
    expect(last(client).QryInvestor).toEqual({ InvestorID: "a" });
    client.received(answer("RspQryInvestor", id, { Investor: { n: 1 }, IsLast: false }), 0);
    expect(client.events()).toEqual([]);
    client.received(answer("RspQryInvestor", id, { Investor: { n: 2 }, Timing: { In: 1 } }), 0);
    expect(of(client, "answered")[0]?.rows).toEqual([{ n: 1 }, { n: 2 }]);
  });

  it("hands on each row where that is asked for, and gathers none", () => {
    const client = ready();
    const id = client.ask("ReqQryInvestor", {}, {}, true);
    client.received(answer("RspQryInvestor", id, { Investor: { n: 1 } }), 0);
    expect(client.events()).toEqual([
      { kind: "row", requestId: id, row: { n: 1 } },
      { kind: "answered", requestId: id, rows: [] },
    ]);
  });

  it("has no rows where the answer is empty", () => {
    const client = ready();
    const id = client.ask("ReqQryInvestor", {});
    client.received(answer("RspQryInvestor", id, { Investor: null }), 0);
    expect(of(client, "answered")[0]?.rows).toEqual([]);
  });

  it.each([
    [-400, "BadRequest"],
    [-503, "NotReady"],
    [31, "CtpError"],
    [-3, "CtpError"],
  ])("refused with %i is a %s", (code, kind) => {
    const client = ready();
    const id = client.ask("ReqQryInvestor", {});
    client.received(refusal("ReqQryInvestor", id, code, { Detail: "why" }), 0);
    const { error } = of(client, "failed")[0] ?? {};
    expect(error).toMatchObject({ kind, code, text: "text", detail: "why" });
    expect(`${error}`).toContain(`ReqQryInvestor: ${code} text: why`);
  });

  it("refused by a limit says when to come back", () => {
    const client = ready();
    const id = client.ask("ReqQryInvestor", {});
    client.received(refusal("ReqQryInvestor", id, -429, { Limit: 64, RetryAfter: 0.4 }), 0);
    expect(of(client, "failed")[0]?.error).toMatchObject({ limit: 64, retryAfter: 0.4 });
  });

  it("is ended by CTP's error that has no body", () => {
    const client = ready();
    const id = client.ask("ReqQryInvestor", {});
    client.received(refusal("RspError", id, 90), 0);
    expect(of(client, "failed").map((one) => one.error.code)).toEqual([90]);
  });

  it("is not answered by a push that names it", () => {
    const client = ready();
    const id = client.ask("ReqQryInvestor", {});
    client.received(JSON.stringify({ MsgType: "RtnQueued", RequestID: id, Queued: {} }), 0);
    const sent = order(client);
    client.received(answer("RspOffsetSplit", sent.requestId, { OffsetSplit: {} }), 0);
    const told = of(client, "message").map((one) => one.message.MsgType);
    expect(told).toEqual(["RtnQueued", "RspOffsetSplit"]);
    client.received(refusal("ReqOrderInsert", sent.requestId, -403), 0);
    expect(sent.fate).toBe("refused");
  });

  it("sends bytes as base64", () => {
    const client = ready();
    client.ask("RegisterUserSystemInfo", { ClientSystemInfo: new Uint8Array([0, 255]) });
    expect(last(client).UserSystemInfo).toEqual({ ClientSystemInfo: { base64: "AP8=" } });
  });

  it("that only asks waits for the login, and is asked again after a break", () => {
    const client = core();
    const id = client.ask("ReqQryInvestor", {});
    expect(client.take()).toEqual([]);
    client.opened();
    expect(client.take()).toHaveLength(1);
    client.lost(0);
    client.opened();
    talk(client, new PaperGateway());
    expect(of(client, "answered").map((one) => [one.requestId, one.rows.length])).toEqual([
      [id, 3],
    ]);
  });

  it("doubles no rows of an answer that broke", () => {
    const client = ready();
    const id = client.ask("ReqQryInvestor", {});
    client.take();
    client.received(answer("RspQryInvestor", id, { Investor: {}, IsLast: false }), 0);
    client.lost(0);
    client.opened();
    talk(client, new PaperGateway());
    expect(of(client, "answered")[0]?.rows).toHaveLength(3);
  });

  it("whose rows were handed on fails where the connection breaks amid them", () => {
    const client = ready();
    const id = client.ask("ReqQryInvestor", {}, {}, true);
    client.received(answer("RspQryInvestor", id, { Investor: {}, IsLast: false }), 0);
    client.events();
    client.lost(0);
    expect(of(client, "failed")[0]?.error.kind).toBe("Disconnected");
  });

  it("that may have been done fails with the connection, and is not sent again", () => {
    const client = ready();
    client.ask("ReqUserPasswordUpdate", { NewPassword: "n" });
    client.take();
    client.lost(0);
    expect(of(client, "failed")[0]?.error.detail).toContain("whether it was done is not known");
    const gateway = new PaperGateway();
    client.opened();
    talk(client, gateway);
    expect(gateway.received.map((one) => one.MsgType)).toEqual(["ReqUserLogin"]);
  });

  it("that must be sent now is refused without a connection", () => {
    const client = core();
    expect(() => client.ask("ReqFromBankToFutureByFuture", {})).toThrow("nothing was sent");
    expect(client.take()).toEqual([]);
  });

  it("is one of 10,000 at the most", () => {
    const client = core();
    for (let at = 0; at < 10_000; at++) client.ask("ReqQryInvestor", {});
    expect(() => client.ask("ReqQryInvestor", {})).toThrow("10000 requests wait already");
  });
});

describe("a message", () => {
  it.each(["{", "3", '{"MsgType":5}', "null"])("that is %s is told, and ends nothing", (text) => {
    const client = ready();
    client.received(text, 0);
    expect(of(client, "strange")).toHaveLength(1);
    expect(client.isReady).toBe(true);
  });

  it("of changes is made whole, and after a break it must be whole again", () => {
    const client = core("md");
    client.opened();
    talk(client, new PaperGateway());
    client.subscribe("SubscribeMarketData", ["rb2701"], { Changes: true });
    client.events();
    const tick = (body: object, words: object = {}) =>
      client.received(
        JSON.stringify({
          MsgType: "RtnDepthMarketData",
          DepthMarketData: { InstrumentID: "rb2701", ...body },
          ...words,
        }),
        0,
      );
    tick({ LastPrice: 1, Volume: 5 });
    tick({ Volume: 6 }, { Changes: true });
    const whole = of(client, "message").map((one) => one.message);
    expect(whole[1]).toMatchObject({ DepthMarketData: { LastPrice: 1, Volume: 6 } });
    tick({ Volume: 1, LastPrice: 9 }, { Stale: true });
    tick({ Volume: 7 }, { Changes: true });
    expect(of(client, "message").at(-1)?.message).toMatchObject({
      DepthMarketData: { LastPrice: 1 },
    });
    client.lost(0);
    client.opened();
    talk(client, new PaperGateway());
    client.events();
    tick({ Volume: 8 }, { Changes: true });
    expect(of(client, "strange")).toHaveLength(1);
  });
});

describe("a session", () => {
  it("is resumed where it stopped", () => {
    const gateway = new PaperGateway();
    const client = ready(gateway);
    client.received(gateway.push("1"), 0);
    gateway.push("2");
    client.lost(0);
    client.events();
    client.opened();
    talk(client, gateway);
    expect(gateway.received.at(-1)?.Resume).toMatchObject({ Seq: gateway.pushes[0]?.Seq });
    const events = client.events();
    expect(events.map((one) => one.kind)).toEqual(["loggedIn", "message"]);
    expect(events[0]).toMatchObject({ isResumed: true, isFirst: false });
    expect(client.seq).toBe(gateway.pushes[1]?.Seq);
  });

  it("loses none of the missed pushes where it breaks amid them", () => {
    const gateway = new PaperGateway();
    const client = ready(gateway);
    client.received(gateway.push("1"), 0);
    for (const ref of "234") gateway.push(ref);
    client.lost(0);
    client.opened();
    const told = gateway.take(client.take()[0] ?? "");
    for (const one of told.slice(0, 2)) client.received(one, 0);
    client.lost(0);
    client.events();
    client.opened();
    talk(client, gateway);
    const refs = of(client, "message").map((one) => "Order" in one.message && one.message.Order);
    expect(refs).toMatchObject([{ OrderRef: "3" }, { OrderRef: "4" }]);
  });

  it("that is gone is a gap", () => {
    const gateway = new PaperGateway();
    const client = ready(gateway);
    client.lost(0);
    gateway.restart();
    client.opened();
    talk(client, gateway);
    expect(client.events()).toMatchObject([
      { kind: "gap" },
      { kind: "loggedIn", isResumed: false },
    ]);
  });

  it.each([
    [3, true],
    [-429, true],
    [60, false],
    [-503, false],
    [-408, false],
    [-403, true],
  ])("refused with %i is final: %s", (code, isFinal) => {
    const client = core();
    client.opened();
    client.received(refusal("RspUserLogin", last(client).RequestID as number, code), 0);
    expect(of(client, "loginFailed")).toMatchObject([{ isFinal, error: { code } }]);
    expect(client.phase).toBe("off");
  });

  it("fails by a failed authentication", () => {
    const client = core();
    client.opened();
    client.received(refusal("RspAuthenticate", last(client).RequestID as number, 63), 0);
    expect(of(client, "loginFailed").map((one) => one.error.code)).toEqual([63]);
  });

  it("shows no password and no token in its events", () => {
    const client = core();
    client.opened();
    talk(client, new PaperGateway());
    expect(JSON.stringify(client.events())).not.toMatch(/pass|token1/);
  });

  it("sends subscriptions again, without their past, and calls what was missed a gap", () => {
    const client = core("md");
    client.opened();
    talk(client, new PaperGateway());
    client.subscribe("SubscribeMarketData", ["rb2701", "au2702"], { Bars: ["1m"], History: 9 });
    client.subscribe("UnSubscribeMarketData", ["au2702"], {});
    talk(client, new PaperGateway());
    client.lost(0);
    client.events();
    const gateway = new PaperGateway();
    client.opened();
    talk(client, gateway);
    const again = gateway.received.find((one) => one.MsgType === "SubscribeMarketData");
    expect(again).toMatchObject({ InstrumentID: ["rb2701"], Bars: ["1m"] });
    expect(again).not.toHaveProperty("History");
    expect(of(client, "gap")).toHaveLength(1);
  });
});

describe("an order", () => {
  it("without a connection is refused, and not sent later", () => {
    const client = core();
    expect(() => order(client)).toThrow("nothing was sent");
    const gateway = new PaperGateway();
    client.opened();
    talk(client, gateway);
    expect(gateway.executed.size).toBe(0);
  });

  it.each([true, false])("whose connection broke is sent once; it had arrived: %s", (arrived) => {
    const gateway = new PaperGateway();
    const client = ready(gateway);
    const sent = order(client);
    const [text] = client.take();
    if (arrived) gateway.take(text ?? ""); // the answer is lost
    client.lost(0);
    client.opened();
    talk(client, gateway);
    expect([...gateway.executed]).toEqual([["a", 1]]);
    expect([sent.fate, sent.error]).toEqual(["ended", null]);
  });

  it("of a ClientOrderID that was sent before is the order of before", () => {
    const client = ready();
    expect(order(client)).toBe(order(client));
    expect(client.take()).toHaveLength(1);
  });

  it.each([
    [-503, "doubted"],
    [-401, "doubted"],
    [-400, "unknown"],
    [-403, "unknown"],
    [31, "refused"],
  ])("asked for after a break, and answered %i, is %s", (code, fate) => {
    const client = ready();
    const sent = order(client);
    client.take();
    client.lost(0);
    client.opened();
    const gateway = new PaperGateway();
    for (const told of gateway.take(client.take()[0] ?? "")) client.received(told, 0);
    client.received(refusal("ReqOrderInsert", last(client).RequestID as number, code), 0);
    expect(sent.fate).toBe(fate);
    client.look(1);
    expect(client.take()).toHaveLength(fate === "doubted" ? 1 : 0);
  });

  it("that nobody has told of is unknown after a while, and not sent", () => {
    const gateway = new PaperGateway();
    const client = ready(gateway);
    const sent = order(client);
    client.take();
    client.lost(100_000);
    client.look(129_000);
    expect(sent.fate).toBe("doubted");
    client.look(131_000);
    expect(sent.error?.name).toBe("OrderUnknown");
    client.opened();
    talk(client, gateway);
    expect(gateway.executed.size).toBe(0);
  });

  it("without a ClientOrderID is unknown with its connection", () => {
    const client = ready();
    const sent = order(client, "");
    client.lost(0);
    expect(sent.fate).toBe("unknown");
  });

  it("unknown at the gateway is asked for until it knows, one question at a time", () => {
    const client = ready();
    const sent = order(client);
    client.take();
    client.received(clientOrder("a", "unknown"), 0);
    client.look(1);
    const id = last(client).RequestID;
    client.look(2);
    expect(client.take()).toEqual([]);
    client.received(clientOrder("a", "known", { RequestID: id }), 0);
    expect(sent.fate).toBe("ended");
  });

  it("unknown for long is a verdict, which a later word sets right", () => {
    const client = ready();
    const sent = order(client);
    client.take();
    client.received(clientOrder("a", "unknown"), 0);
    client.look(10_000);
    expect(sent.isDone).toBe(false);
    client.take();
    client.look(10_001);
    expect(sent.error?.name).toBe("OrderUnknown");
    client.look(10_002);
    client.received(clientOrder("a", "known"), 0);
    expect([sent.fate, sent.error, sent.orderStatus]).toEqual(["ended", null, "0"]);
  });

  it("that the exchange refuses says why", () => {
    const client = ready();
    const sent = order(client);
    client.received(clientOrder("a", "sent"), 0);
    const told = { FrontID: 1, SessionID: 7, OrderRef: " 12", OrderStatus: "5" };
    const Order = { ...told, OrderSubmitStatus: "4", StatusMsg: "已撤单报单被拒绝" };
    client.received(JSON.stringify({ MsgType: "RtnOrder", Seq: 1, RspInfo: null, Order }), 0);
    expect(`${sent.error}`).toContain("ReqOrderInsert: 0 已撤单报单被拒绝");
  });

  it("without a ClientOrderID is told of by pushes", () => {
    const client = ready();
    const sent = order(client, "");
    const Order = { RequestID: sent.requestId, OrderStatus: "5", VolumeTraded: 2 };
    client.received(JSON.stringify({ MsgType: "RtnOrder", Seq: 1, RspInfo: null, Order }), 0);
    expect([sent.isDone, sent.volumeTraded]).toEqual([true, 2]);
  });

  it("is never doubled and always ends, whatever breaks (300 random stories)", () => {
    for (let seed = 1; seed <= 300; seed++) tellStory(seed);
  });
});

const STEPS = ["order", "order", "deliver", "answer", "break", "open", "open", "restart", "look"];

function tellStory(seed: number): void {
  const random = chances(seed);
  const gateway = new PaperGateway();
  const client = core("td", Number.POSITIVE_INFINITY);
  const orders: SentState[] = [];
  let way: string[] = [];
  let answers: string[] = [];
  const cut = () => {
    if (client.phase === "off") return;
    client.lost(0);
    way = [];
    answers = [];
  };
  const acts: Record<string, () => void> = {
    open: () => client.phase === "off" && client.opened(),
    break: cut,
    restart: () => {
      cut();
      gateway.restart();
    },
    order: () => client.isReady && orders.push(order(client, `order${orders.length}`)),
    deliver: () => answers.push(...way.splice(0, 1).flatMap((one) => gateway.take(one))),
    answer: () => answers.splice(0, 1).forEach((one) => void client.received(one, 0)),
    look: () => client.look(1),
  };
  for (let at = 0; at < 60; at++) {
    acts[STEPS[Math.floor(random() * STEPS.length)] ?? ""]?.();
    way.push(...client.take());
  }
  cut();
  client.opened();
  talk(client, gateway);
  client.look(2);
  talk(client, gateway);
  const told = `seed ${seed}`;
  expect(new Set(orders.map((one) => one.fate)), told).toEqual(
    new Set(orders.length ? ["ended"] : []),
  );
  expect(gateway.executed.size, told).toBe(orders.length);
}

/** Chances from 0 to 1 that are the same for the same seed (mulberry32). */
function chances(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
