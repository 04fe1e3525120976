import { expect, it } from "vitest";
import { FrameLog } from "./frames";

it("no secret is shown", () => {
  const log = new FrameLog();
  log.add("out", '{"Password":"hush"}');
  expect(log.find("", 1)[0]?.text).toBe('{"Password":"…"}');
  expect(log.find("hush", 1)).toEqual([]);
});

it("the newest frames come first, and are found by their text", () => {
  const log = new FrameLog();
  for (const text of ["one", "two", "Three"]) log.add("in", text);
  expect(log.find("", 2).map((one) => one.text)).toEqual(["Three", "two"]);
  expect(log.find("t", 9).map((one) => one.text)).toEqual(["Three", "two"]);
  expect(log.find("THREE", 9).length).toBe(1);
});

it("it is bounded, and keeps nothing while it pauses", () => {
  const log = new FrameLog();
  for (let i = 0; i < 5_000; i++) log.add("in", String(i));
  expect(log.find("", 10_000).length).toBe(500);
  expect(log.find("", 1)[0]?.text).toBe("4999");
  log.paused = true;
  log.add("in", "late");
  expect(log.find("late", 1)).toEqual([]);
});

it("a flood of ticks pushes no answer out", () => {
  const log = new FrameLog();
  log.add("in", '{"MsgType":"RspQryOrder"}');
  for (let i = 0; i < 5_000; i++) log.add("in", `{"MsgType":"RtnDepthMarketData","n":${i}}`);
  expect(log.find("RspQryOrder", 1).length).toBe(1);
});
