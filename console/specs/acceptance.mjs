/**
 * The acceptance rows of the console in a real browser.
 *
 *     node specs/acceptance.mjs ADDRESS CHROMIUM [ROW …]
 *
 * Prints a line of JSON for each row: {"row": "D-01", "fault": "" | "what went wrong"}. Where a row
 * has to break the gateway it prints {"do": "kill"}, or another word of `Worlds` in test_console.py,
 * and goes on when a line has come in. A row waits for what must become true; nothing here measures time.
 */

import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { AxeBuilder } from "@axe-core/playwright";
import { chromium } from "playwright-core";
import { arranged, differences, layoutOf, SHOTS, stage, VIEWPORT } from "./screenshots.mjs";

const [address, executablePath, ...wanted] = process.argv.slice(2);
const PATIENCE = 60_000;
const say = (told) => process.stdout.write(`${JSON.stringify(told)}\n`);

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
async function ask(what) {
  say({ do: what });
  const { done, value } = await lines.next();
  if (done) throw new Error(`nobody was there to ${what} the gateway`);
  return value;
}

function hold(condition, message) {
  if (!condition) throw new Error(message);
}

const browser = await chromium.launch({
  executablePath,
  args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
});

/** Pages that a row has left as they were new: a page's first load is most of what a row takes. */
const spare = [];
const EVENTS = ["console", "pageerror", "request", "websocket"];

/** A page in a browser's profile of its own. Only D-03 sees flashes: painting them takes the processor. */
async function newPage(options) {
  const context = await browser.newContext({
    viewport: { width: 1500, height: 950 },
    locale: "en-US",
    reducedMotion: "reduce",
    ...options,
  });
  context.setDefaultTimeout(PATIENCE);
  return context.newPage();
}

/**
 * Open the page as someone who was never there; faults that it logs are gathered.
 *
 * What has options of its own, or is prepared, has a browser's profile of its own.
 */
async function open({ at = address, ...options } = {}, prepare = null) {
  const isPlain = prepare === null && Object.keys(options).length === 0;
  const page = (isPlain ? spare.pop() : undefined) ?? (await newPage(options));
  page.isPlain = isPlain;
  await prepare?.(page);
  page.faults = [];
  page.asked = [];
  page.on("console", (one) => one.type() === "error" && page.faults.push(one.text()));
  page.on("pageerror", (problem) => page.faults.push(String(problem)));
  page.on("request", (request) => page.asked.push(request.url()));
  await page.goto(at);
  return page;
}

/** Leave a page: the next row finds nothing of this one's in it, and the pointer nowhere. */
async function leave(page) {
  if (!page.isPlain) {
    await page.context().close();
    return;
  }
  const { origin } = new URL(page.url());
  await page.mouse.move(0, 0);
  await page.goto("about:blank");
  for (const name of EVENTS) page.removeAllListeners(name);
  const session = await page.context().newCDPSession(page);
  await session.send("Storage.clearDataForOrigin", { origin, storageTypes: "local_storage" });
  await session.detach();
  spare.push(page);
}

/** Forget what a browser logs of each connection that is not accepted. */
function forgive(page) {
  page.faults = page.faults.filter((one) => !one.includes("WebSocket connection"));
}

/** What a page says of the time since when something is stale, as China's seconds of the day. */
const sinceOf = (told) => {
  const [, hours, minutes, seconds] = /(\d\d):(\d\d):(\d\d)/.exec(told) ?? [];
  return Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
};

async function login(page, user) {
  await page.locator("input[autocomplete=username]").fill(user);
  await page.locator("input[autocomplete=current-password]").fill("demo");
  await page.locator("[data-testid=login] button.main").click();
}

async function loggedIn(user, prepare = null) {
  const page = await open({}, prepare);
  await login(page, user);
  return ready(page);
}

async function ready(page) {
  await page.locator("[data-testid=session-td][data-phase=ready]").waitFor();
  await page.getByTestId("buy").and(page.locator(":enabled")).waitFor();
  await page.getByTestId("Ask1").and(page.locator(":enabled")).waitFor();
  return page;
}

/** Wait until a test of the page is met; looking at each frame would take the processor from the page. */
const fits = (page, test, argument) =>
  page.waitForFunction(test, argument, { timeout: PATIENCE, polling: 50 });
const phase = (page) => page.getByTestId("session-td").getAttribute("data-phase");
const standings = (page) =>
  page.getByTestId("order").evaluateAll((rows) => rows.map((row) => row.dataset.standing));
async function stands(page, ...expected) {
  try {
    await fits(
      page,
      (wanted) => {
        const rows = [...document.querySelectorAll("[data-testid=order]")];
        return rows.map((row) => row.dataset.standing).join() === wanted;
      },
      expected.join(),
    );
  } catch (problem) {
    const orders = await page.getByTestId("order").allTextContents();
    const notes = await page.locator(".notes").textContent();
    throw new Error(
      `waited for ${expected} of ${orders.join("; ")}, notes ${notes}: ${problem.message}`,
    );
  }
}

/** Send a buying order at a price that rests, or what is given. */
async function rest(page, changed = (bid) => bid - 20) {
  const bid = Number(await page.getByTestId("Bid5").textContent());
  await page
    .locator("[data-testid=ticket] input")
    .first()
    .fill(String(changed(bid)));
  await page.getByTestId("buy").click();
  await page.getByTestId("send").and(page.locator(":enabled")).click();
}

/** A page, logged in at the gateway that wants tokens and has a front of its own. */
async function guardedPage(user, prepare = null) {
  const [at, token] = (await ask("guard")).split(" ");
  const page = await open({ at }, prepare);
  await page.locator("input[type=password][autocomplete=off]").fill(token);
  await login(page, user);
  return ready(page);
}

/** Wait until the rungs of the ladder are so far apart. */
const spaced = (page, wanted) =>
  fits(
    page,
    (distance) => {
      const rows = [...document.querySelectorAll("[data-testid=rung]")];
      const prices = rows.map((row) => Number(row.dataset.price));
      const apart = prices.slice(1).map((one, place) => prices[place] - one);
      return apart.length > 0 && apart.every((one) => one === distance);
    },
    wanted,
  );

/** A page, logged in, with the ladder in the place of the depth; a buy at its lowest rungs rests. */
async function ladder(user, prepare) {
  const page = await loggedIn(user, prepare);
  await page.getByRole("button", { name: "Ladder" }).click();
  await page.getByTestId("group").selectOption("2");
  await spaced(page, 2);
  const rungs = page.getByTestId("rung");
  const prices = await rungs.evaluateAll((rows) => rows.map((row) => Number(row.dataset.price)));
  return {
    page,
    low: prices.at(-4),
    lower: prices.at(-1),
    at: (price) => page.locator(`[data-testid=rung][data-price="${price}"]`),
  };
}

const middleOf = async (what) => {
  const { x, y, width, height } = await what.boundingBox();
  return { x: x + width / 2, y: y + height / 2 };
};

/** Drag by a finger. */
async function finger(page, from, to) {
  const session = await page.context().newCDPSession(page);
  const touch = (type, ...touchPoints) =>
    session.send("Input.dispatchTouchEvent", { type, touchPoints });
  await touch("touchStart", from);
  await touch("touchMove", { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 });
  await touch("touchMove", to);
  await touch("touchEnd");
}

/** Drag the own order that is drawn on the chart to a lower price, by the mouse; gives where it was. */
async function dragged(page) {
  const chart = page.getByTestId("chart");
  const { x, y, width } = await chart.boundingBox();
  // The scale follows the market: the pointer is brought to where the order is drawn by then.
  const end = Date.now() + PATIENCE;
  let at = Number.NaN;
  for (;;) {
    const near = await chart.getAttribute("data-near");
    hold(Date.now() < end, `no order is near at ${await chart.getAttribute("data-own")}`);
    if (near !== null) {
      await page.mouse.down();
      if ((await chart.getAttribute("data-near")) !== null) break;
      await page.mouse.up(); // the scale has moved meanwhile, and nothing was taken
    }
    at = y + Number.parseFloat(await chart.getAttribute("data-own"));
    await page.mouse.move(x + width / 3 + Math.random(), at || y);
  }
  const before = Number(await chart.getAttribute("data-near"));
  await page.mouse.move(x + width / 3, at + 30);
  await page.mouse.move(x + width / 3, at + 60);
  await page.mouse.up();
  return before;
}

/** The tab of a panel. */
const tabOf = (page, name) => page.locator(`.dock-tab[data-panel=${name}]`);

/** Wait until panels share a group, and no other is in it. */
const grouped = (page, ...names) =>
  fits(
    page,
    (wanted) => {
      const tab = document.querySelector(`.dock-tab[data-panel=${wanted[0]}]`);
      const tabs = tab?.closest("[role=tablist]")?.querySelectorAll("[data-panel]") ?? [];
      const found = [...tabs].map((one) => one.dataset.panel);
      return found.sort().join() === [...wanted].sort().join();
    },
    names,
  );

/** See that axe finds no serious fault on a page, or in a part of it: D-09 and S-06 see the whole. */
async function axe(page, part = "html") {
  // There are no frames: axe need not put their results together in a page of its own.
  const builder = new AxeBuilder({ page }).setLegacyMode().options({ resultTypes: ["violations"] });
  const { violations } = await builder.include(part).analyze();
  const serious = violations.filter((one) => ["serious", "critical"].includes(one.impact));
  const told = serious.map((one) => `${one.id}: ${one.nodes.map((node) => node.html)}`);
  hold(serious.length === 0, told.join());
}

const ROWS = {
  "D-01": async () => {
    const page = await open();
    await page.getByTestId("quote").first().waitFor();
    const { host } = new URL(address);
    const elsewhere = page.asked.filter(
      (one) => !one.startsWith("data:") && new URL(one).host !== host,
    );
    hold(elsewhere.length === 0, `it asked ${elsewhere}`);
    return page;
  },
  "D-02": async () => {
    const page = await open();
    await fits(page, () => {
      const { bars, changes } = document.querySelector("[data-testid=chart]").dataset;
      return Number(bars) > 0 && Number(changes) > 3;
    });
    return page;
  },
  "D-03": async () => {
    const page = await open({ reducedMotion: "no-preference" });
    await fits(page, () => {
      const rows = [...document.querySelectorAll("[data-testid=quote]")];
      const priced = rows.filter((row) => Number(row.children[1].textContent) > 0);
      const levels = [1, 2, 3, 4, 5].flatMap((n) => [`Ask${n}`, `Bid${n}`]);
      const depth = levels.map((one) => document.querySelector(`[data-testid=${one}]`));
      return (
        rows.length === 8 &&
        priced.length === 8 &&
        depth.every((one) => Number(one?.textContent) > 0)
      );
    });
    await fits(page, () =>
      document.getAnimations().some((one) => /^(rose|fell)$/.test(one.animationName)),
    );
    return page;
  },
  "D-04": async () => {
    const page = await open();
    await page.locator("[data-testid=session-md][data-phase=ready]").waitFor();
    await page.getByRole("searchbox").fill("lwg 2705");
    await page.getByRole("button", { name: "rb2705 螺纹钢2705", exact: true }).click();
    const priced = () => {
      const row = document.querySelector("[data-testid=quote][data-name=rb2705]");
      return Number(row?.children[1].textContent) > 0;
    };
    await fits(page, priced);
    await page.reload();
    await fits(page, priced);
    return page;
  },
  "D-05": async () => {
    const page = await open();
    let logins = 0;
    page.on("websocket", (socket) =>
      socket.on("framesent", ({ payload }) => {
        if (String(payload).includes('"Password"')) logins += 1;
      }),
    );
    await login(page, "D-05");
    await page.locator("[data-testid=session-td][data-phase=ready]").waitFor();
    await page.getByRole("button", { name: "Log out" }).click();
    await page.locator("input[autocomplete=current-password]").fill("wrong");
    await page.locator("button.main").click();
    await page.locator("[data-testid=session-td][data-phase=refused]").waitFor();
    const told = await page.locator("[data-testid=login] [role=alert]").textContent();
    hold(told.includes("(3)"), `it said ${told}`);
    // Long enough for the first attempt of a line that connects again.
    await page.waitForTimeout(1_500);
    hold(logins === 2, `${logins} logins were sent`);
    return page;
  },
  "D-06": async () => {
    const page = await loggedIn("D-06");
    // Not the best: that may have gone before the third click, and the order would rest.
    await page.getByTestId("Ask5").click();
    await page.getByTestId("buy").click();
    await page.getByTestId("send").and(page.locator(":enabled")).click();
    await page.getByTestId("trade").first().waitFor();
    await page.getByTestId("position").first().waitFor();
    await stands(page, "done");
    return page;
  },
  "D-07": async () => {
    const page = await loggedIn("D-07");
    await rest(page);
    await stands(page, "working");
    await page.getByTestId("order").getByRole("button").click();
    await stands(page, "cancelled");
    await rest(page);
    await rest(page);
    await stands(page, "working", "working", "cancelled");
    await page.getByTestId("cancel-all").click();
    await stands(page, "cancelled", "cancelled", "cancelled");
    return page;
  },
  "D-08": async () => {
    const page = await loggedIn("D-08");
    const price = page.locator("[data-testid=ticket] input").first();
    for (const wrong of ["3000.5", "1", "999999", ""]) {
      await price.fill(wrong);
      await page.locator("[data-testid=ticket] [role=alert]").waitFor();
      hold(await page.getByTestId("buy").isDisabled(), `${wrong} could be sent`);
    }
    hold((await standings(page)).length === 0, "something was sent");
    return page;
  },
  "D-09": async () => {
    const page = await loggedIn("D-09");
    // Names depend on the language, contrast on the theme: English and light, then Chinese and dark.
    for (const change of [[], ["dark", "中文"]]) {
      for (const name of change) await page.getByRole("button", { name, exact: true }).click();
      await axe(page);
    }
    return page;
  },
  "D-10": async () => {
    const page = await guardedPage("D-10");
    await ask("kill");
    await page.getByTestId("stale").waitFor();
    await page.locator("[data-testid=session-td][data-phase=lost]").waitFor();
    const told = await page.getByTestId("stale").textContent();
    hold(/since \d\d:\d\d:\d\d/.test(told), `it said ${told}`);
    hold(await page.getByTestId("buy").isDisabled(), "an order could be sent");
    page.faults.length = 0; // a browser logs each connection that is not accepted
    await ask("start");
    await page.locator("[data-testid=session-td] .resumed").waitFor();
    await page.locator("[data-testid=session-md] .resumed").waitFor();
    await page.getByTestId("stale").waitFor({ state: "detached" });
    forgive(page);
    return page;
  },
  "D-11": async () => {
    const page = await guardedPage("D-11");
    const bid = Number(await page.getByTestId("Bid1").textContent());
    await page.locator("[data-testid=ticket] input").first().fill(String(bid));
    await page.getByTestId("buy").click();
    await page.getByTestId("send").and(page.locator(":enabled")).waitFor();
    await ask("stop");
    await page.getByTestId("send").click();
    await stands(page, "sending");
    await ask("kill");
    await stands(page, "unknown");
    await ask("start");
    await page.locator("[data-testid=session-td] .resumed").waitFor();
    await stands(page, "unknown");
    forgive(page);
    return page;
  },
  "P-03": async () => {
    const page = await guardedPage("P-03");
    await page.getByTestId("panel-riskPanel").click();
    await rest(page);
    await stands(page, "working");
    await page.getByTestId("order").getByRole("button").click();
    await stands(page, "cancelled");
    const risk = page.getByTestId("risk");
    await risk.getByRole("button", { name: "Read" }).first().click();
    await page.getByTestId("compliance").first().waitFor();
    const cells = await page.getByTestId("compliance").first().locator("td").allTextContents();
    hold(cells[1] === "1" && cells[2] === "1", `the counters are ${cells}`);
    const set = async (level) => {
      await page.getByTestId("kill-level").selectOption(level);
      await page.getByTestId("kill").click();
      await page.getByTestId("kill-confirm").click();
    };
    await set("stop");
    await page.locator("[data-testid=restriction][data-level=stop]").waitFor();
    await rest(page);
    await stands(page, "refused", "cancelled");
    await set("none");
    await page.locator("[data-testid=restriction][data-level=stop]").waitFor({ state: "detached" });
    await rest(page);
    await stands(page, "working", "refused", "cancelled");
    await axe(page, "[data-testid=risk]");
    forgive(page);
    return page;
  },
  "D-18": async () => {
    const [elsewhere, token] = (await ask("guard")).split(" ");
    const page = await loggedIn("D-18-a");
    await page.getByTestId("add-account").click();
    await page.getByTestId("gateway").fill("ftp://nowhere");
    await page.locator("input[type=password][autocomplete=off]").fill(token);
    await login(page, "D-18-b");
    await page.locator("[data-testid=login] [role=alert]").waitFor();
    await page.getByTestId("gateway").fill(elsewhere);
    await login(page, "D-18-b");
    await ready(page);
    await rest(page);
    // The other gateway's market has prices of its own: there it may rest, fill or be refused.
    const told = ["working", "part", "done", "refused"].map((one) => `[data-standing=${one}]`);
    await page.getByTestId("order").and(page.locator(told.join())).waitFor();
    await page.getByTestId("account-row").filter({ hasText: "D-18-a" }).getByRole("button").click();
    await ready(page);
    hold((await standings(page)).length === 0, "the order went to the page's own gateway, too");
    forgive(page);
    return page;
  },
  "D-13": async () => {
    const page = await guardedPage("D-13");
    await rest(page);
    await stands(page, "working");
    await ask("front-kill");
    await page.locator("[data-testid=session-td][data-phase=lost]").waitFor();
    await page.locator("[data-testid=session-md][data-phase=lost]").waitFor();
    for (const one of ["stale", "stale-td"]) {
      const told = await page.getByTestId(one).textContent();
      hold(/since \d\d:\d\d:\d\d/.test(told), `${one} said ${told}`);
    }
    hold(await page.getByTestId("buy").isDisabled(), "an order could be sent");
    await ask("front-start");
    await page.locator("[data-testid=session-td] .resumed").waitFor();
    await page.locator("[data-testid=session-md] .resumed").waitFor();
    await page.getByTestId("stale-td").waitFor({ state: "detached" });
    await page.getByTestId("stale").waitFor({ state: "detached" });
    await stands(page, "working");
    forgive(page);
    return page;
  },
  "D-14": async () => {
    const page = await guardedPage("D-14");
    await ask("revoke");
    for (const one of ["td", "md"]) {
      const session = page.locator(`[data-testid=session-${one}][data-phase=refused]`);
      const told = await session.textContent();
      hold(told.includes("revoked") && told.includes("4401"), `${one} said ${told}`);
    }
    for (const one of ["stale", "stale-td"]) {
      const told = await page.getByTestId(one).textContent();
      hold(/since \d\d:\d\d:\d\d/.test(told), `${one} said ${told}`);
    }
    await page.locator("input[autocomplete=current-password]").waitFor();
    let sockets = 0;
    page.on("websocket", () => (sockets += 1));
    // Long enough for the first attempt of a line that connects again.
    await page.waitForTimeout(1_500);
    hold(sockets === 0, `${sockets} connections were tried with a token that is revoked`);
    forgive(page);
    return page;
  },
  "D-15": async () => {
    const page = await guardedPage("D-15", (one) => one.clock.install());
    const asleep = sinceOf(
      await page.evaluate(() => new Date(Date.now() + 8 * 3600_000).toISOString()),
    );
    await ask("stop");
    // A laptop's lid that is closed for a minute: timers fire late, and once.
    await page.clock.fastForward(60_000);
    await page.locator("[data-testid=session-td][data-phase=lost]").waitFor();
    for (const one of ["stale", "stale-td"]) {
      // Of two times of day: midnight may lie between them.
      const DAY = 86_400;
      const apart = sinceOf(await page.getByTestId(one).textContent()) - asleep;
      const late = ((apart + DAY + DAY / 2) % DAY) - DAY / 2;
      hold(late > -10 && late < 55, `${one} is stale since ${late} s after it fell asleep`);
    }
    hold(await page.getByTestId("buy").isDisabled(), "an order could be sent");
    await ask("continue");
    await page.locator("[data-testid=session-td] .resumed").waitFor();
    await page.locator("[data-testid=session-md] .resumed").waitFor();
    await page.getByTestId("stale-td").waitFor({ state: "detached" });
    await page.getByTestId("stale").waitFor({ state: "detached" });
    forgive(page);
    return page;
  },
  "D-16": async () => {
    // The line to the gateway breaks when the order has arrived, and before the page hears of it.
    let deaf = false;
    const page = await loggedIn("D-16", (one) =>
      one.routeWebSocket(/\/td\//, (socket) => {
        const server = socket.connectToServer();
        socket.onMessage((message) => {
          if (deaf === null && String(message).includes('"ReqOrderInsert"')) deaf = true;
          server.send(message);
        });
        server.onMessage((message) => {
          if (deaf !== true) socket.send(message);
          else if (String(message).includes('"RtnOrder"')) {
            deaf = false;
            socket.close({ code: 3000 });
          }
        });
      }),
    );
    deaf = null;
    await rest(page);
    await page.locator("[data-testid=session-td] .resumed").waitFor();
    // The order of the exchange's is told by the resumption; the page's own row assumes nothing.
    await stands(page, "working", "unknown");
    await page.getByTestId("repeat").click();
    await stands(page, "working");
    forgive(page);
    return page;
  },
  "D-17": async () => {
    const page = await loggedIn("D-17-a");
    await rest(page);
    await stands(page, "working");
    await page.getByTestId("add-account").click();
    hold((await standings(page)).length === 0, "it shows orders of the account before");
    await login(page, "D-17-b");
    await ready(page);
    hold((await standings(page)).length === 0, "it shows orders of another account");
    const row = (user) => page.getByTestId("account-row").filter({ hasText: user });
    hold((await row("D-17-a").getAttribute("data-phase")) === "ready", "the first was left");
    hold((await row("D-17-a").locator("td").last().textContent()) === "1", "its order is not told");
    hold((await row("D-17-b").locator("td").last().textContent()) === "0", "an order is told");
    await axe(page, "header");
    await row("D-17-a").getByRole("button").click();
    await stands(page, "working");
    await page.getByTestId("order").getByRole("button").click();
    await stands(page, "cancelled");
    await page.getByRole("button", { name: "Log out" }).click();
    await page.getByTestId("account-row").first().waitFor({ state: "detached" });
    await ready(page);
    hold((await standings(page)).length === 0, "it shows orders of the account that was left");
    return page;
  },
  "D-12": async () => {
    const page = await open();
    const colour = () =>
      page.evaluate(() =>
        getComputedStyle(document.documentElement).getPropertyValue("--up").trim(),
      );
    const red = await colour();
    hold(red === "#c4221f", `up is ${red}`);
    await page.getByRole("button", { name: "green up" }).click();
    await fits(page, () => document.documentElement.dataset.colours === "green-up");
    hold((await colour()) !== red, "up is red still");
    await page.reload();
    await fits(page, () => document.documentElement.dataset.colours === "green-up");
    return page;
  },
  "D-19": async () => {
    const watch = Array.from({ length: 300 }, (_, n) => `x${n + 1}`);
    const page = await open({}, (one) =>
      one.addInitScript((kept) => localStorage.setItem("webctp-console", JSON.stringify(kept)), {
        watch,
      }),
    );
    const quotes = page.getByTestId("quote");
    await quotes.first().waitFor();
    await page.locator("table[aria-rowcount='301']").waitFor();
    await fits(page, () => document.querySelectorAll("[data-testid=quote]").length > 12);
    const region = page.locator(".scroll[aria-labelledby=watch-title]");
    const last = page.locator("[data-testid=quote][data-name=x300]");
    hold((await last.count()) === 0, "the last row is drawn, and not in sight");
    await region.evaluate((one) => one.scrollTo(0, one.scrollHeight));
    await last.and(page.locator("[aria-rowindex='301']")).waitFor();
    const drawn = await quotes.count();
    hold(drawn < 80, `${drawn} rows are drawn`);
    return page;
  },
  "L-01": async () => {
    const { page, low, at } = await ladder("L-01");
    await at(low).getByRole("button", { name: "Buy" }).click();
    const ticket = await page.locator("[data-testid=ticket] input").first().inputValue();
    hold(Number(ticket) === low, `the ticket's price is ${ticket}, not ${low}`);
    await page.keyboard.press("b");
    hold((await standings(page)).length === 0, "a key sent an order before keys were switched on");
    await page.getByTestId("keys").click();
    for (let n = 0; n < 11; n += 1) await page.keyboard.press("ArrowDown");
    const chosen = Number(await page.locator("[data-cursor=true]").getAttribute("data-price"));
    hold(chosen <= low, `the keys chose ${chosen}, not ${low} or below`);
    await page.keyboard.press("b");
    await stands(page, "working");
    await page.keyboard.press("x");
    await stands(page, "cancelled");
    await page.keyboard.press("Escape");
    await page.keyboard.press("b");
    await page.locator("[data-testid=keys][aria-pressed=false]").waitFor();
    await stands(page, "cancelled");
    await axe(page, "[data-testid=ladder]");
    return page;
  },
  "L-02": async () => {
    const { page, low, lower, at } = await ladder("L-02");
    await page.getByTestId("clicks").click();
    await at(low).getByRole("button", { name: "Buy" }).click();
    await stands(page, "working");
    await at(low).getByTestId("own").dragTo(at(lower));
    await stands(page, "working", "cancelled");
    const own = await at(lower).getByTestId("own").boundingBox();
    await finger(page, { x: own.x + 2, y: own.y + own.height / 2 }, await middleOf(at(low)));
    await stands(page, "working", "cancelled", "cancelled");
    await at(low).getByTestId("own").waitFor();
    const told = await page.locator(".notes").textContent();
    hold(told.includes("cancel first") && told.includes(`→ ${lower}`), `it said ${told}`);
    return page;
  },
  "L-05": async () => {
    const page = await loggedIn("L-05");
    await rest(page, (bid) => bid - 12);
    await stands(page, "working");
    const chart = page.getByTestId("chart");
    await fits(page, () => document.querySelector("[data-testid=chart]").dataset.marks === "1 0 0");
    const { x, y, width } = await chart.boundingBox();
    const end = Date.now() + PATIENCE;
    const before = await dragged(page);
    await stands(page, "working", "cancelled");
    const moved = Number(
      await page.locator("[data-standing=working] td:nth-child(4)").textContent(),
    );
    hold(moved < before, `it is at ${moved}, and was at ${before}`);
    const told = await page.locator(".notes").textContent();
    hold(told.includes("cancel first") && told.includes(`${before} → ${moved}`), `it said ${told}`);
    // A finger that misses it, for the scale has moved meanwhile, moves the chart alone.
    while ((await standings(page)).length < 3) {
      hold(Date.now() < end, `no finger took it at ${await chart.getAttribute("data-own")}`);
      const height = y + Number.parseFloat(await chart.getAttribute("data-own"));
      if (!Number.isFinite(height)) continue;
      await finger(page, { x: x + width / 3, y: height }, { x: x + width / 3, y: height - 40 });
    }
    await stands(page, "working", "cancelled", "cancelled");
    return page;
  },
  "L-03": async () => {
    // The last price jumps by more than the ladder shows.
    let jump = 0;
    const { page } = await ladder("L-03", (one) =>
      one.routeWebSocket(/\/md\//, (socket) => {
        const server = socket.connectToServer();
        socket.onMessage((message) => server.send(message));
        server.onMessage((message) =>
          socket.send(
            String(message).replace(
              /"LastPrice":([\d.]+)/,
              (_, last) => `"LastPrice":${Number(last) + jump}`,
            ),
          ),
        );
      }),
    );
    const first = () => page.getByTestId("rung").first().getAttribute("data-price");
    const last = () => page.locator("[data-testid=quote] td:nth-child(2)").first().textContent();
    await page.getByTestId("rungs").hover();
    const [before, price] = [Number(await first()), Number(await last())];
    jump = 500;
    await fits(
      page,
      (least) =>
        Number(document.querySelector("[data-testid=quote]").children[1].textContent) > least,
      price + 300,
    );
    hold(Number(await first()) === before, `${before} became ${await first()} under the pointer`);
    await page.locator("h1").hover();
    await fits(
      page,
      (least) => Number(document.querySelector("[data-testid=rung]").dataset.price) > least,
      before + 300,
    );
    return page;
  },
  "L-04": async () => {
    const { page } = await ladder("L-04");
    await page.getByTestId("group").selectOption("5");
    await spaced(page, 5);
    return page;
  },
  "C-01": async () => {
    const page = await loggedIn("C-01");
    await page.getByTestId("panel-conditionals").click();
    const bid = Number(await page.getByTestId("Bid5").textContent());
    const panel = page.getByTestId("conditionals");
    await panel.getByTestId("stop").fill(String(bid - 100));
    await panel.getByTestId("then-price").fill(String(bid - 110));
    await panel.getByTestId("send-conditional").click();
    await page.locator("[data-testid=conditional][data-status=waiting]").waitFor();
    await page.reload();
    await login(page, "C-01");
    await page.locator("[data-testid=conditional][data-status=waiting]").waitFor();
    await page.getByTestId("conditional").getByRole("button").click();
    await page.locator("[data-testid=conditional][data-status=cancelled]").waitFor();
    for (const change of [[], ["dark", "中文"]]) {
      for (const name of change) await page.getByRole("button", { name, exact: true }).click();
      await axe(page, "[data-testid=conditionals]");
    }
    return page;
  },
  "C-02": async () => {
    const page = await loggedIn("C-02");
    await page.getByTestId("panel-conditionals").click();
    const ask = Number(await page.getByTestId("Ask5").textContent());
    const panel = page.getByTestId("conditionals");
    // To buy where the last price is above its trigger, which it is: it is met at once.
    await panel.getByLabel("Side").selectOption("0");
    await panel.getByLabel("Offset").selectOption("0");
    await panel.getByTestId("kind").selectOption("oco");
    await panel.getByTestId("stop").fill(String(ask - 100));
    await panel.getByTestId("profit").fill(String(ask - 200));
    await panel.getByTestId("then-price").fill(String(ask + 10));
    await panel.getByTestId("send-conditional").click();
    await page.getByTestId("trade").first().waitFor();
    await page.getByTestId("position").first().waitFor();
    await rest(page);
    await fits(page, () => document.querySelector("[data-testid=chart]").dataset.marks === "1 1 1");
    for (const kind of ["orders", "trades", "positions"]) {
      const [file] = await Promise.all([
        page.waitForEvent("download"),
        page.getByTestId(`export-${kind}`).click(),
      ]);
      const pieces = [];
      for await (const one of await file.createReadStream()) pieces.push(one);
      const text = Buffer.concat(pieces).toString("utf-8");
      const lines = text.trimEnd().split("\r\n");
      hold(lines.length >= 2 && lines[0].includes("InstrumentID"), `${kind}: ${text}`);
      hold(file.suggestedFilename().startsWith(`${kind}-C-02-`), file.suggestedFilename());
    }
    return page;
  },
  "C-05": async () => {
    // Times are China's of the real day: whether one can be waited for depends on when this runs.
    const asked = [];
    const page = await loggedIn("C-05", (one) =>
      one.routeWebSocket(/\/td\//, (socket) => {
        const server = socket.connectToServer();
        server.onMessage((message) => socket.send(message));
        socket.onMessage((message) => {
          const { MsgType, RequestID, InsertConditional } = JSON.parse(String(message));
          if (MsgType !== "InsertConditional") {
            server.send(message);
            return;
          }
          asked.push(InsertConditional);
          const { ConditionalID, Legs } = InsertConditional;
          const [{ Kind, At, InputOrder }] = Legs;
          const leg = { ...InputOrder, Kind, At: `2026-11-27 ${At}`, TriggerPrice: 0, Distance: 0 };
          const state = { ConditionalID, Status: "waiting", Reason: "", Legs: [leg], Protect: [] };
          const told = { MsgType: "RspInsertConditional", RspInfo: null, Conditional: state };
          socket.send(JSON.stringify({ ...told, IsLast: true, RequestID }));
        });
      }),
    );
    await page.getByTestId("panel-conditionals").click();
    const panel = page.getByTestId("conditionals");
    await panel.getByTestId("kind").selectOption("time");
    await panel.getByTestId("then-price").fill("3000");
    hold(
      await panel.getByTestId("send-conditional").isDisabled(),
      "it has no time, and can be sent",
    );
    await panel.getByTestId("at").fill("21:30:05");
    await panel.getByTestId("send-conditional").click();
    await panel.locator("[data-testid=conditional][data-status=waiting]").waitFor();
    const [leg] = asked[0].Legs;
    hold(leg.Kind === "time" && leg.At === "21:30:05", `it asked for ${JSON.stringify(leg)}`);
    const row = await panel.getByTestId("conditional").textContent();
    hold(row.includes("at a time 2026-11-27 21:30:05"), `it shows ${row}`);
    await axe(page, "[data-testid=conditionals]");
    return page;
  },
  "C-06": async () => {
    const page = await loggedIn("C-06");
    await page.getByTestId("panel-conditionals").click();
    const ask = Number(await page.getByTestId("Ask5").textContent());
    const panel = page.getByTestId("conditionals");
    await panel.getByTestId("kind").selectOption("bracket");
    await panel.getByLabel("Side").selectOption("0");
    await panel.getByTestId("stop").fill(String(ask - 100));
    await panel.getByTestId("guard").fill(String(ask - 110));
    await panel.getByTestId("profit").fill(String(ask + 100));
    await panel.getByTestId("then-price").fill(String(ask + 10));
    await panel.getByTestId("send-conditional").click();
    await page.getByTestId("trade").first().waitFor();
    const guard = panel.locator("[data-testid=conditional][data-status=waiting]");
    await guard.waitFor();
    const told = await guard.textContent();
    hold(told.includes(`stop ${ask - 100}`) && told.includes(`profit ${ask + 100}`), told);
    await guard.getByRole("button").click();
    await guard.waitFor({ state: "detached" });
    await axe(page, "[data-testid=conditionals]");
    return page;
  },
  "C-03": async () => {
    const page = await open();
    await fits(page, () => Number(document.querySelector("[data-testid=chart]").dataset.bars) > 0);
    for (const name of ["MA", "BOLL", "MACD"]) await page.getByTestId(`indicator-${name}`).click();
    const changes = () => page.getByTestId("chart").evaluate((one) => Number(one.dataset.changes));
    const before = await changes();
    await fits(
      page,
      (least) => Number(document.querySelector("[data-testid=chart]").dataset.changes) > least,
      before + 2,
    );
    await page.reload();
    await fits(
      page,
      () => document.querySelector("[data-testid=chart]")?.dataset.indicators === "MA,BOLL,MACD",
    );
    await page.getByTestId("indicator-BOLL").click();
    return page;
  },
  "C-08": async () => {
    const page = await open();
    const follows = () =>
      fits(page, () => {
        const canvas = document.querySelector("[data-testid=chart] canvas");
        const style = getComputedStyle(document.querySelector(".chart"));
        const wanted = style.backgroundColor.match(/\d+/g).join();
        const [red, green, blue] = canvas?.getContext("2d").getImageData(2, 2, 1, 1).data ?? [];
        return [red, green, blue].join() === wanted;
      });
    await follows();
    await page.getByRole("button", { name: "dark", exact: true }).click();
    await fits(page, () => document.documentElement.dataset.theme === "dark");
    await follows();
    await page.reload();
    await follows();
    await page.getByRole("button", { name: "light", exact: true }).click();
    await fits(page, () => document.documentElement.dataset.theme === "light");
    await follows();
    return page;
  },
  "C-07": async () => {
    const page = await open();
    await page.getByTestId("second-chart").click();
    const moves = (testid) =>
      fits(
        page,
        (name) => {
          const { bars, changes } = document.querySelector(`[data-testid=${name}]`)?.dataset ?? {};
          return Number(bars) > 0 && Number(changes) > 3;
        },
        testid,
      );
    await moves("chart-2");
    const shown = (testid) => page.getByTestId(testid).getAttribute("data-id");
    hold((await shown("chart")) === (await shown("chart-2")), "it shows another than is selected");
    await page.getByTestId("chart-instrument").selectOption("@IF");
    await fits(page, () =>
      document.querySelector("[data-testid=chart-2]").dataset.id.startsWith("IF"),
    );
    await moves("chart-2");
    await moves("chart");
    hold((await shown("chart")).startsWith("rb"), `the first shows ${await shown("chart")}`);
    const place = (testid) =>
      page.locator(".panel", { has: page.getByTestId(testid) }).boundingBox();
    const [first, second] = [await place("chart"), await place("chart-2")];
    hold(first.y === second.y && first.x + first.width <= second.x, "they are not side by side");
    await page.reload();
    await moves("chart-2");
    await axe(page, ".panel:has([data-testid=chart-2])");
    await page.getByTestId("second-chart").click();
    await page.getByTestId("chart-2").waitFor({ state: "detached" });
    return page;
  },
  "C-09": async () => {
    let drop = () => {};
    const page = await loggedIn("C-09", (one) =>
      one.routeWebSocket(/\/md\//, (socket) => {
        const server = socket.connectToServer();
        server.onMessage((message) => socket.send(message));
        socket.onMessage((message) => {
          if (String(message).includes('"QryTicks"')) {
            const told = { MsgType: "RtnTicksDropped", TicksDropped: { Count: 1 } };
            drop = () => socket.send(JSON.stringify(told));
          }
          server.send(message);
        });
      }),
    );
    const chart = page.getByTestId("chart");
    const told = page.getByTestId("of-ticks");
    await page.getByTestId("indicator-MA").click();
    await page.getByTestId("period-tick").click();
    await told.filter({ hasText: /kept .*\d\d:\d\d:\d\d.*Indicators need bars/ }).waitFor();
    hold(await page.getByTestId("indicator-MA").isDisabled(), "an indicator can be chosen");
    const before = Number(await chart.getAttribute("data-bars"));
    await fits(
      page,
      (least) => Number(document.querySelector("[data-testid=chart]").dataset.bars) > least,
      before + 2,
    );
    const known = Number(await chart.getAttribute("data-gaps"));
    drop();
    await fits(
      page,
      (least) => Number(document.querySelector("[data-testid=chart]").dataset.gaps) > least,
      known,
    );
    await page.getByTestId("Ask5").click();
    await page.getByTestId("buy").click();
    await page.getByTestId("send").and(page.locator(":enabled")).click();
    await stands(page, "done");
    await rest(page, (bid) => bid - 12);
    await stands(page, "working", "done");
    await fits(page, () => document.querySelector("[data-testid=chart]").dataset.marks === "1 1 1");
    const price = await dragged(page);
    await stands(page, "working", "cancelled", "done");
    const note = await page.locator(".notes").textContent();
    hold(note.includes(`${price} → `), `it said ${note}`);
    await page.reload();
    await page.locator("[data-testid=period-tick][aria-pressed=true]").waitFor();
    await told.filter({ hasText: "kept" }).waitFor();
    for (const change of [[], ["dark", "中文"]]) {
      for (const name of change) await page.getByRole("button", { name, exact: true }).click();
      await axe(page, ".panel:has([data-testid=chart])");
    }
    return page;
  },
  "C-04": async () => {
    const page = await loggedIn("C-04", (one) =>
      one.addInitScript(() => {
        const Real = window.AudioContext;
        window.made = 0;
        window.AudioContext = class extends Real {
          constructor() {
            super();
            window.made += 1;
          }
        };
      }),
    );
    const buy = async () => {
      await page.getByTestId("Ask5").click();
      await page.getByTestId("buy").click();
      await page.getByTestId("send").and(page.locator(":enabled")).click();
    };
    await buy();
    await stands(page, "done");
    hold((await page.evaluate(() => window.made)) === 0, "it sounded before it was asked to");
    await page.getByTestId("sounds").click();
    await buy();
    await stands(page, "done", "done");
    await fits(page, () => window.made === 1);
    return page;
  },
  "P-01": async () => {
    const page = await loggedIn("P-01");
    await page.getByTestId("panel-options").click();
    await fits(page, () => {
      const rows = [...document.querySelectorAll("[data-testid=strike]")];
      return rows.some(({ dataset }) => {
        const [volatility, delta] = [Number.parseFloat(dataset.volatility), Number(dataset.delta)];
        return volatility > 0 && volatility < 200 && delta > 0 && delta < 1;
      });
    });
    for (const change of [[], ["dark", "中文"]]) {
      for (const name of change) await page.getByRole("button", { name, exact: true }).click();
      await axe(page, "[data-testid=options]");
    }
    return page;
  },
  "P-02": async () => {
    // The simulated account is new: nothing was settled yet. A statement comes in pieces.
    const page = await loggedIn("P-02", (one) =>
      one.routeWebSocket(/\/td\//, (socket) => {
        const server = socket.connectToServer();
        server.onMessage((message) => socket.send(message));
        socket.onMessage((message) => {
          const asked = JSON.parse(String(message));
          if (asked.QrySettlementInfo?.TradingDay !== "20261126") {
            server.send(message);
            return;
          }
          const pieces = ["客户号 P-02\r\n资金状况", "  期末结存 1000.00\r\n"];
          for (const [place, Content] of pieces.entries()) {
            const { RequestID } = asked;
            const IsLast = place === 1;
            const SettlementInfo = { Content, SequenceNo: place + 1 };
            const told = { MsgType: "RspQrySettlementInfo", RspInfo: null, SettlementInfo };
            socket.send(JSON.stringify({ ...told, IsLast, RequestID }));
          }
        });
      }),
    );
    await page.getByTestId("panel-statement").click();
    await page.getByTestId("statement-day").fill("2001-01-01");
    await page.getByTestId("statement-read").click();
    const none = await page.getByTestId("statement-trouble").textContent();
    hold(none.includes("no statement"), `it said ${none}`);
    await page.getByTestId("statement-day").fill("2026-11-26");
    await page.getByTestId("statement-read").click();
    const text = await page.getByTestId("statement-text").textContent();
    hold(text.includes("资金状况  期末结存 1000.00"), text);
    await axe(page, "[data-testid=statement]");
    return page;
  },
  "P-04": async () => {
    const page = await loggedIn("P-04");
    await page.getByTestId("panel-riskPanel").click();
    await page.getByTestId("kill").click();
    await page.getByTestId("kill-confirm").click();
    // The counters' fault may stand there first: this gateway counts nothing.
    const fault = page.getByTestId("kill-fault").filter({ hasText: "(-403)" });
    const told = await fault.textContent();
    hold(told.includes("admin"), `it said ${told}`);
    return page;
  },
  "P-05": async () => {
    const other = await guardedPage("P-05-b");
    const page = await guardedPage("P-05-a");
    await page.getByTestId("panel-riskPanel").click();
    const of = (what, user) => page.locator(`[data-testid=${what}][data-account$=":${user}"]`);
    await of("client", "P-05-b").waitFor();
    hold((await page.getByTestId("limit").count()) > 5, "limits are missing");
    hold((await page.getByTestId("token").count()) === 1, "the token is missing");
    await of("client", "P-05-b").getByTestId("end").click();
    await page.getByRole("button", { name: "Back" }).click();
    hold((await phase(other)) === "ready", "the client was ended without a confirmation");
    await of("client", "P-05-b").getByTestId("end").click();
    await of("client", "P-05-b").getByTestId("end-confirm").click();
    await other.locator("[data-testid=session-td][data-phase=refused]").waitFor();
    await of("client", "P-05-b").waitFor({ state: "detached" });
    await of("open-session", "P-05-b").getByTestId("end").click();
    await of("open-session", "P-05-b").getByTestId("end-confirm").click();
    await of("open-session", "P-05-b").waitFor({ state: "detached" });
    await axe(page, "[data-testid=risk]");
    const plain = await loggedIn("P-05-c");
    await plain.getByTestId("panel-riskPanel").click();
    await plain.getByTestId("kill-fault").waitFor();
    hold((await plain.getByTestId("admin").count()) === 0, "it is shown without the scope");
    forgive(page);
    for (const one of [other, plain]) await leave(one);
    return page;
  },
  "P-06": async () => {
    // The simulated account is new: the gateway has kept nothing of its day.
    const begun = Date.now() - 3_600_000;
    const page = await loggedIn("P-06", (one) =>
      one.routeWebSocket(/\/td\//, (socket) => {
        const server = socket.connectToServer();
        server.onMessage((message) => socket.send(message));
        socket.onMessage((message) => {
          const { MsgType, RequestID } = JSON.parse(String(message));
          if (MsgType !== "QryAccountCurve") {
            server.send(message);
            return;
          }
          for (const minute of [0, 1]) {
            const Time = new Date(begun + minute * 60_000).toISOString();
            const CurvePoint = {
              TradingDay: "",
              Time,
              Balance: 1e6 + minute,
              Available: 0,
              CurrMargin: 0,
            };
            const told = { MsgType: "RspQryAccountCurve", RspInfo: null, CurvePoint };
            socket.send(JSON.stringify({ ...told, IsLast: minute === 1, RequestID }));
          }
        });
      }),
    );
    await page.getByTestId("curve").waitFor();
    const told = await page.getByTestId("curve-since").textContent();
    const seconds = (moment) => Math.floor(moment / 1000 + 8 * 3600) % 86_400;
    hold(told.includes("over the day"), `it says ${told}`);
    hold(sinceOf(told) === seconds(begun), `it says ${told}, not ${new Date(begun)}`);
    return page;
  },
  "S-01": async () => {
    const page = await open();
    await page.getByRole("button", { name: "Ladder" }).click();
    await page.getByTestId("panel-options").click();
    await page.getByTestId("indicator-MA").click();
    const [file] = await Promise.all([
      page.waitForEvent("download"),
      page.getByTestId("layout-export").click(),
    ]);
    const path = await file.path();
    const other = await open();
    await other.getByTestId("layout-import").setInputFiles(path);
    await other.getByTestId("ladder").waitFor();
    await other.getByTestId("options").waitFor();
    await other.locator("[data-testid=indicator-MA][aria-pressed=true]").waitFor();
    const wrong = { name: "a.json", mimeType: "application/json", buffer: Buffer.from("{}") };
    await other.getByTestId("layout-import").setInputFiles(wrong);
    await other.getByTestId("layout-fault").waitFor();
    await other.getByTestId("ladder").waitFor();
    page.faults.push(...other.faults);
    await leave(other);
    return page;
  },
  "S-02": async () => {
    const page = await open({ viewport: { width: 390, height: 800 } });
    await login(page, "S-02");
    await ready(page);
    for (const one of ["conditionals", "options", "statement", "riskPanel", "explorer"]) {
      await page.getByTestId(`panel-${one}`).click();
    }
    await page.getByTestId("strike").first().waitFor();
    const wide = () =>
      page.evaluate(() => {
        const { clientWidth, scrollWidth } = document.documentElement;
        const all = [...document.body.querySelectorAll("*")];
        const beyond = all.filter((one) => one.getBoundingClientRect().right > clientWidth);
        return scrollWidth <= clientWidth
          ? ""
          : beyond.map((one) => one.outerHTML.slice(0, 80)).join();
      });
    hold((await wide()) === "", `wider than a phone: ${await wide()}`);
    await page.getByRole("button", { name: "Ladder" }).click();
    await page.getByTestId("rung").first().waitFor();
    hold((await wide()) === "", `with the ladder wider than a phone: ${await wide()}`);
    await axe(page);
    return page;
  },
  "S-04": async () => {
    const page = await open();
    await tabOf(page, "trades").dragTo(
      page.locator(".panel", { has: page.locator("#orders-title") }),
    );
    await grouped(page, "orders", "trades");
    await page.reload();
    await grouped(page, "orders", "trades");
    await tabOf(page, "trades").locator(".dock-close").click();
    await page.locator("[data-testid=panel-trades][aria-pressed=false]").waitFor();
    await page.reload();
    await grouped(page, "orders");
    hold((await tabOf(page, "trades").count()) === 0, "what was closed is there after a reload");
    await page.getByTestId("panel-trades").click();
    await grouped(page, "trades");
    return page;
  },
  "S-05": async () => {
    const page = await open();
    await tabOf(page, "account").dragTo(page.locator(".panel", { has: page.getByTestId("chart") }));
    await grouped(page, "chart", "account");
    await page.getByTestId("panel-statement").click();
    await grouped(page, "statement");
    const [file] = await Promise.all([
      page.waitForEvent("download"),
      page.getByTestId("layout-export").click(),
    ]);
    const path = await file.path();
    const other = await open();
    await other.getByTestId("layout-import").setInputFiles(path);
    await grouped(other, "chart", "account");
    await grouped(other, "statement");
    const told = JSON.parse(readFileSync(path, "utf-8"));
    const text = JSON.stringify({ ...told, theme: "dark" }).replace('["watch"]', '["nobody"]');
    const wrong = { name: "a.json", mimeType: "application/json", buffer: Buffer.from(text) };
    await other.getByTestId("layout-import").setInputFiles(wrong);
    const fault = await other.getByTestId("layout-fault").textContent();
    hold(/dock\.grid\.root\.data.*views\[0\]/.test(fault), `it said ${fault}`);
    hold((await other.locator("html").getAttribute("data-theme")) === "light", "a part was taken");
    await grouped(other, "chart", "account");
    await other.getByTestId("layout-reset").click();
    await grouped(other, "chart");
    await grouped(other, "account");
    hold((await tabOf(other, "statement").count()) === 0, "the statement is open still");
    page.faults.push(...other.faults);
    await leave(other);
    return page;
  },
  "S-06": async () => {
    const page = await open();
    await grouped(page, "watch");
    const focused = () =>
      page.evaluate(() => document.activeElement?.querySelector("[data-panel]")?.dataset.panel);
    const passed = [];
    for (let n = 0; n < 10; n += 1) {
      await page.keyboard.press("F6");
      passed.push(await focused());
    }
    hold(passed[0] === "watch" && passed[9] === "watch", `F6 goes by ${passed}`);
    hold(new Set(passed).size === 9, `F6 goes by ${passed}`);
    await page.keyboard.press("Shift+ArrowRight");
    await grouped(page, "chart", "watch");
    hold((await focused()) === "watch", `the focus went to ${await focused()}`);
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("Enter");
    await page.locator("[data-testid=panel-watch][aria-pressed=false]").waitFor();
    for (const change of [[], ["dark", "中文"]]) {
      for (const name of change) await page.getByRole("button", { name, exact: true }).click();
      await axe(page);
    }
    await page.getByTestId("panel-watch").click();
    await page.locator("[data-testid=panel-watch][aria-pressed=true]").waitFor();
    await tabOf(page, "watch").locator("xpath=..").focus();
    await page.keyboard.press("Delete");
    await tabOf(page, "watch").waitFor({ state: "detached" });
    hold((await focused()) === "chart", `the focus went to ${await focused()}`);
    return page;
  },
  "S-03": async () => {
    const page = await loggedIn("S-03");
    await page.getByTestId("Ask5").click();
    await page.getByTestId("buy").click();
    await page.getByTestId("send").and(page.locator(":enabled")).click();
    await page.getByTestId("position").first().waitFor();
    await page.getByTestId("curve").waitFor();
    return page;
  },
  "R-01": async () => {
    const kept = JSON.parse(readFileSync(new URL("screenshots.json", import.meta.url), "utf-8"));
    let page = null;
    for (const shot of SHOTS) {
      if (page !== null) await leave(page);
      page = await open({ viewport: VIEWPORT }, arranged(shot));
      await stage(page, `R-01-${shot.language}`);
      const told = differences(shot, kept[shot.name], await layoutOf(page));
      hold(told === "", told);
      hold(page.faults.length === 0, page.faults.join("; "));
    }
    return page;
  },
  "E-01": async () => {
    const page = await loggedIn("E-01");
    await page.getByRole("button", { name: "Explorer" }).click();
    await page.getByRole("searchbox", { name: "Find a request" }).fill("ReqQryTradingAccount");
    await page.getByRole("button", { name: "ReqQryTradingAccount" }).click();
    await page.getByTestId("explorer-send").click();
    await page.getByTestId("filter").fill("QryTradingAccount");
    await page.locator("[data-way=out]").first().waitFor();
    const come = page.locator("[data-way=in]", { hasText: '"RspQryTradingAccount"' }).first();
    const answer = await come.textContent();
    hold(answer.includes('"Available"'), `the answer is ${answer}`);
    return page;
  },
  "E-02": async () => {
    const page = await loggedIn("E-02");
    await page.getByRole("button", { name: "Explorer" }).click();
    await page.getByTestId("filter").fill("UserLogin");
    await page.locator("[data-way=out]").first().waitFor();
    const shown = (await page.getByTestId("frame").allTextContents()).join("\n");
    hold(shown.includes('"Password":"…"'), `it shows ${shown}`);
    hold(shown.includes('"ResumeToken":"…"'), `it shows ${shown}`);
    return page;
  },
  "E-03": async () => {
    const page = await open();
    await page.locator("[data-testid=session-md][data-phase=ready]").waitFor();
    await page.getByRole("button", { name: "Explorer" }).click();
    await page.getByRole("searchbox", { name: "Find a request" }).fill("ReqQryBar");
    await page.getByRole("button", { name: "ReqQryBar" }).click();
    const form = page.getByTestId("form");
    await form.getByLabel("Count").fill("many");
    await page.getByTestId("explorer-send").click();
    const told = await page.getByTestId("explorer-fault").textContent();
    hold(told.includes("Count: many is no number"), `it said ${told}`);
    await form.getByLabel("Count").fill("1");
    await form.getByLabel("Period").fill("never");
    await page.getByTestId("explorer-send").click();
    await fits(page, () =>
      document.querySelector("[data-testid=explorer-fault]")?.textContent.includes("(-400)"),
    );
    return page;
  },
  "E-05": async () => {
    const page = await open();
    await page.getByTestId("panel-explorer").click();
    await grouped(page, "explorer");
    const find = page.getByRole("searchbox", { name: "Find a request" });
    await find.fill("ReqQryBar");
    await page.getByRole("button", { name: "ReqQryBar" }).waitFor();
    await page.getByTestId("quote").first().waitFor();
    await tabOf(page, "explorer").dragTo(
      page.locator(".panel", { has: page.locator("#orders-title") }),
    );
    await grouped(page, "explorer", "orders");
    await page.reload();
    await grouped(page, "explorer", "orders");
    await find.waitFor();
    await tabOf(page, "explorer").locator(".dock-close").click();
    await page.locator("[data-testid=panel-explorer][aria-pressed=false]").waitFor();
    await find.waitFor({ state: "detached" });
    return page;
  },
  "E-06": async () => {
    const page = await loggedIn("E-06");
    await page.getByTestId("panel-explorer").click();
    const find = page.getByRole("searchbox", { name: "Find a request" });
    const form = page.getByTestId("form");
    await find.fill("ReqUserPasswordUpdate");
    await page.getByRole("button", { name: "ReqUserPasswordUpdate" }).click();
    await form.getByLabel("NewPassword").fill("s3cret");
    const kind = await form.getByLabel("NewPassword").getAttribute("type");
    hold(kind === "password", `a password is typed into a field of type ${kind}`);
    await page.getByTestId("save-request").click();
    await find.fill("ReqOrderInsert");
    await page.getByRole("button", { name: "ReqOrderInsert" }).click();
    const sides = form.locator("select", { has: page.locator("option", { hasText: "买 Buy" }) });
    await sides.selectOption("1");
    await find.fill("ReqQryTrade");
    await page.getByRole("button", { name: "ReqQryTrade", exact: false }).first().click();
    await form.getByLabel("TradeID", { exact: false }).first().fill("E-06");
    await page.getByTestId("save-request").click();
    const link = await page.getByTestId("request-link").getAttribute("href");
    const kept = await page.evaluate(() => localStorage.getItem("webctp-console-requests"));
    hold(!kept.includes("s3cret") && JSON.parse(kept).length === 2, `it keeps ${kept}`);
    await page.reload();
    await page
      .getByTestId("saved")
      .getByRole("button", { name: /^td ReqUserPassword/ })
      .click();
    hold((await form.getByLabel("NewPassword").inputValue()) === "", "a password was kept");
    await page.getByTestId("panel-explorer").click();
    await find.waitFor({ state: "detached" });
    await page.goto(link);
    const field = form.getByLabel("TradeID", { exact: false }).first();
    await fits(page, () =>
      document.querySelector("[data-testid=form] h2")?.textContent.includes("ReqQryTrade"),
    );
    hold((await field.inputValue()) === "E-06", "the link fills nothing in");
    hold((await page.evaluate(() => location.hash)) === "", "the link is followed again");
    await page.getByTestId("filter").fill("ReqQryTrade");
    hold((await page.locator("[data-way=out]").count()) === 0, "the link sent something");
    await page.goto(link.replace("ReqQryTrade", "ReqNothing"));
    const trouble = await page.getByTestId("explorer-trouble").textContent();
    hold(trouble.includes("td ReqNothing"), `it said ${trouble}`);
    await page
      .getByTestId("saved")
      .getByRole("button", { name: /^Forget / })
      .first()
      .click();
    hold(
      (await page.getByTestId("saved").getByRole("listitem").count()) === 1,
      "it forgot nothing",
    );
    return page;
  },
  "E-04": async () => {
    const page = await open();
    await page.getByRole("button", { name: "Explorer" }).click();
    await page.getByRole("button", { name: "ReqQryOrder", exact: false }).first().click();
    await axe(page);
    return page;
  },
};

/** Rows that break the guarded gateway, one after another in this order: D-14 revokes the token. */
const BREAKING = ["P-03", "P-05", "D-18", "D-13", "D-10", "D-11", "D-15", "D-14"];
const LANES = 3;

async function play(row) {
  let page = null;
  let fault = "";
  try {
    page = await ROWS[row]();
    fault = page.faults.length > 0 ? `it logged ${page.faults.join("; ")}` : "";
    await leave(page);
  } catch (problem) {
    fault = String(problem?.stack ?? problem);
    await page?.context().close();
  }
  say({ row, fault });
}

const chosen = Object.keys(ROWS).filter((row) => wanted.length === 0 || wanted.includes(row));
const together = chosen.filter((row) => !BREAKING.includes(row));
const breaking = BREAKING.filter((row) => chosen.includes(row));
/** The rows that break come first, in a lane of their own: no other row sees their gateway. */
async function lane(first) {
  for (const row of first) await play(row);
  for (let row = together.shift(); row !== undefined; row = together.shift()) await play(row);
}
await Promise.all([breaking, ...Array(LANES - 1).fill([])].map(lane));
await browser.close();
process.exit(0);
