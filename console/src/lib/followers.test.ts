import { expect, it } from "vitest";
import { type Message, WebctpError } from "webctp-client";
import { TickFollower } from "./followers";
import { Ticks } from "./ticks";

const tick = (Volume: number) => ({
  InstrumentID: "rb2701",
  TradingDay: "20261127",
  UpdateTime: `10:00:0${Volume}`,
  UpdateMillisec: 0,
  LastPrice: 3000 + Volume,
  Volume,
});
const told = (Volume: number, more = {}): Message =>
  ({ MsgType: "RtnDepthMarketData", DepthMarketData: tick(Volume), ...more }) as unknown as Message;
const NOW = Date.parse("2026-11-27T10:00:10+08:00") / 1000;

/** A follower, and what answers its question for the past. */
function following(ticks = new Ticks()) {
  const troubles: string[] = [];
  const taker = { take: () => {}, onTrouble: (text: string) => void troubles.push(text) };
  const follower = new TickFollower("rb2701", ticks, taker, () => NOW);
  let answer = (_: unknown[] | WebctpError) => {};
  const subscribe = () =>
    follower.subscribe((name) =>
      name !== "QryTicks"
        ? Promise.resolve([])
        : new Promise((resolve, reject) => {
            answer = (one) => (one instanceof WebctpError ? reject(one) : resolve(one));
          }),
    );
  const prices = () => ticks.points.map((one) => one.price - 3000);
  return {
    ticks,
    follower,
    subscribe,
    prices,
    troubles,
    reply: (one: unknown[] | WebctpError) => answer(one),
  };
}

it("live ticks wait for the past, and a tick of both is once", async () => {
  const { follower, subscribe, prices, reply } = following();
  const done = subscribe();
  follower.push(told(3));
  follower.push(told(4));
  reply([tick(1), tick(2), tick(3)]);
  await done;
  follower.push(told(5));
  expect(prices()).toEqual([1, 2, 3, 4, 5]);
});

it("without a past it begins with the live ticks", async () => {
  const { ticks, follower, subscribe, prices, reply, troubles } = following();
  const done = subscribe();
  follower.push(told(3));
  reply(new WebctpError("BadRequest", -400, "QryTicks needs ticks"));
  await done;
  expect([prices(), ticks.isFromGateway, troubles]).toEqual([[3], false, []]);
});

it("stale ticks, and those of others, are not drawn", async () => {
  const { follower, subscribe, prices, reply } = following();
  const done = subscribe();
  reply([]);
  await done;
  follower.push(told(1));
  follower.push(told(2, { Stale: true }));
  follower.push(told(2, { DepthMarketData: { ...tick(2), InstrumentID: "IF2612" } }));
  expect(prices()).toEqual([1]);
});

it("what was dropped, or not told by the front, is a gap", async () => {
  const { ticks, follower, subscribe, reply } = following();
  const done = subscribe();
  reply([tick(1)]);
  await done;
  const push = (message: object) => follower.push(message as Message);
  push({ MsgType: "RtnTicksDropped", TicksDropped: { Count: 3, InstrumentID: ["IF2612"] } });
  push({ MsgType: "RtnSessionState", SessionState: { State: "ready" } });
  follower.push(told(2));
  expect(ticks.gaps).toBe(0);
  push({ MsgType: "RtnTicksDropped", TicksDropped: { Count: 3 } });
  follower.push(told(3));
  push({ MsgType: "RtnSessionState", SessionState: { State: "disconnected" } });
  follower.push(told(4));
  expect(ticks.gaps).toBe(2);
});

it("one that comes back without a past and without a tick has a gap before the next", async () => {
  const ticks = new Ticks();
  ticks.add(tick(1), NOW);
  const { follower, subscribe, reply } = following(ticks);
  const done = subscribe();
  reply([]);
  await done;
  follower.push(told(2));
  expect(ticks.gaps).toBe(1);
});
