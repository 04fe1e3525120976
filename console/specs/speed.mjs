/**
 * How the console keeps up in a real browser: many instruments, two charts, a ladder.
 *
 *     node specs/speed.mjs ADDRESS CHROMIUM [SECONDS] [INSTRUMENTS]
 *
 * Prints one line of JSON. Ten minutes and 200 instruments by default, the first 5 s not counted. A
 * gateway must serve at the address, such as one of `make run`. Nothing is asserted: what a machine
 * allows is for its reader to judge.
 */

import { chromium } from "playwright-core";

const [address, executablePath, seconds = "600", instruments = "200"] = process.argv.slice(2);
const WARM = 5_000;

const browser = await chromium.launch({
  executablePath,
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--enable-precise-memory-info",
  ],
});
const page = await browser.newPage({ viewport: { width: 1500, height: 950 } });
// Counts what comes in, frames that are drawn, and tasks beyond 50 ms; and how far behind its tick
// the first row of the watch list is: from the message to the frame that shows its volume.
await page.addInitScript(() => {
  window.seen = { messages: 0, frames: 0, gap: 0, tasks: [], behind: [] };
  const { seen } = window;
  let due = null;
  const take = (text) => {
    const { firstWatched } = window;
    if (firstWatched === undefined || !text.includes(`"${firstWatched}"`)) return;
    const { Volume } = JSON.parse(text).DepthMarketData ?? {};
    if (Volume !== undefined)
      due = { volume: String(Volume), since: due?.since ?? performance.now() };
  };
  const look = (now) => {
    const cells = document.querySelectorAll(
      `[data-testid=quote][data-name="${window.firstWatched}"] td`,
    );
    for (const cell of cells) {
      if (cell.textContent.replace(/\D/g, "") !== due.volume) continue;
      seen.behind.push(now - due.since);
      due = null;
      return;
    }
  };
  const Real = window.WebSocket;
  window.WebSocket = class extends Real {
    constructor(...given) {
      super(...given);
      this.addEventListener("message", ({ data }) => {
        seen.messages += 1;
        take(data);
      });
    }
  };
  let before = performance.now();
  const frame = (now) => {
    seen.frames += 1;
    seen.gap = Math.max(seen.gap, now - before);
    before = now;
    if (due !== null) look(performance.now());
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
  new PerformanceObserver((list) => {
    for (const one of list.getEntries()) seen.tasks.push(one.duration);
  }).observe({ entryTypes: ["longtask"] });
});
await page.goto(address);

/** Futures that the gateway knows; first those of which the simulated market keeps bars. */
const found = await page.evaluate(
  () =>
    new Promise((resolve, reject) => {
      const socket = new WebSocket(`${location.origin.replace("http", "ws")}/md/`);
      const found = [];
      const ask = (message) => socket.send(JSON.stringify(message));
      socket.onopen = () => ask({ MsgType: "ReqUserLogin", ReqUserLogin: {}, RequestID: 1 });
      socket.onerror = () => reject(new Error("the gateway cannot be reached"));
      socket.onmessage = ({ data }) => {
        const told = JSON.parse(data);
        if (told.MsgType === "RspUserLogin") {
          const QryInstruments = { ProductClass: "1", Count: 1000 };
          ask({ MsgType: "QryInstruments", QryInstruments, RequestID: 2 });
        } else if (told.MsgType === "RspQryInstruments") {
          if (told.Instrument) found.push(told.Instrument.InstrumentID);
          if (told.IsLast) {
            socket.close();
            resolve(found);
          }
        }
      };
    }),
);
const hasBars = (name) => /^(rb|IF)\d/.test(name);
const names = [...found.filter(hasBars), ...found.filter((name) => !hasBars(name))].slice(
  0,
  Number(instruments),
);
await page.evaluate((watch) => {
  const place = "webctp-console";
  const kept = JSON.parse(localStorage.getItem(place) ?? "{}");
  const indicators = ["MA", "BOLL", "MACD"];
  localStorage.setItem(
    place,
    JSON.stringify({ ...kept, watch, indicators, ladder: true, second: true }),
  );
}, names);
await page.reload();
await page.getByTestId("rung").first().waitFor();
await page.waitForTimeout(WARM);

const heap = () => page.evaluate(() => performance.memory.usedJSHeapSize / 2 ** 20);
const first = await heap();
await page.evaluate((name) => {
  window.firstWatched = name;
  Object.assign(window.seen, { messages: 0, frames: 0, gap: 0, tasks: [], behind: [] });
}, names[0]);
await page.waitForTimeout(Number(seconds) * 1000);
const { messages, frames, gap, tasks, behind } = await page.evaluate(() => window.seen);
const told = {
  seconds: Number(seconds),
  instruments: names.length,
  messagesPerSecond: Math.round(messages / Number(seconds)),
  framesPerSecond: Math.round(frames / Number(seconds)),
  longestGapMs: Math.round(gap),
  tasksOver50Ms: tasks.length,
  longestTaskMs: Math.round(Math.max(0, ...tasks)),
  ticksFollowed: behind.length,
  mostBehindMs: Math.round(Math.max(0, ...behind)),
  heapMiB: [Math.round(first), Math.round(await heap())],
};
process.stdout.write(`${JSON.stringify(told)}\n`);
await browser.close();
