// A flow of orders through a gateway that is killed meanwhile; `kills.py` says when, on our input.
// Each order has a price of its own, so that the exchange's list says how often it was executed.
import { createInterface } from "node:readline";
import { connect, Disconnected, orderKey, tradeKey, WebctpError } from "./dist/index.js";

const PATIENCE = 120_000;
const say = (line) => process.stdout.write(`${line}\n`);
const [url] = process.argv.slice(2);
let isOver = false;
createInterface({ input: process.stdin }).on("line", () => {
  isOver = true;
});

const login = { user: "flow", password: "pass", portfolio: true };
const client = await connect(url, { ...login, orderPatienceMs: PATIENCE });
const [, , , row] = await client.ReqQryInstrument({ ProductID: "rb" });
const [tick] = await client.ReqQryDepthMarketData({ InstrumentID: row.InstrumentID });
const order = { instrument: row.InstrumentID, exchange: row.ExchangeID, direction: "0", offset: "0" };
const orders = new Map();
const unsent = new Set();
for (let number = 0; !isOver; number++) {
  const price = tick.LowerLimitPrice + number * row.PriceTick;
  try {
    orders.set(price, await client.limitOrder({ ...order, price, volume: 1 }));
    say("sent");
  } catch (problem) {
    if (!(problem instanceof Disconnected)) throw problem;
    unsent.add(price);
    await client.ready();
    say("back");
  }
  await new Promise((resolve) => setTimeout(resolve, 5));
}
for (const one of orders.values()) {
  // One that is refused or unknown must not be at the exchange, which is looked at below.
  await one.known(PATIENCE).catch((problem) => {
    if (!(problem instanceof WebctpError)) throw problem;
  });
}
const wrong = [...(await executed()), ...(await mirrored())];
say(JSON.stringify({ orders: orders.size, unsent: unsent.size, wrong }));
client.close();
process.stdin.destroy();

/** Hold what the client believes against the exchange's own list. */
async function executed() {
  const listed = new Map();
  for (const { LimitPrice: price } of await client.ReqQryOrder()) {
    listed.set(price, (listed.get(price) ?? 0) + 1);
  }
  const found = [];
  for (const [price, count] of listed) if (count > 1) found.push(`${price}: ${count} times`);
  for (const price of unsent) if (listed.has(price)) found.push(`${price}: not sent, and there`);
  for (const [price, one] of orders) {
    if ((one.orderStatus !== "") === (listed.get(price) === 1)) continue;
    found.push(`${price}: ${one.fate} (${one.error}), there ${listed.get(price) ?? 0} times`);
  }
  return found;
}

/** Hold the mirrors against queries, until a moment in which nothing has changed. */
async function mirrored() {
  for (let attempt = 0; attempt < 40; attempt++) {
    const before = standing(client.orders);
    const asked = [client.ReqQryOrder(), client.ReqQryTrade(), client.ReqQryInvestorPosition()];
    const [orders, trades, held] = await Promise.all(asked);
    const pairs = [
      [standing(client.orders), before],
      [standing(orders), before],
      [[...client.mirror.trades.keys()].sort().join(), trades.map(tradeKey).sort().join()],
      [lots(client.positions), lots(held)],
    ];
    if (pairs.every(([one, other]) => one === other)) return [];
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  return ["the mirrors differ from queries"];
}

function standing(orders) {
  const told = orders.map((one) => `${orderKey(one)} ${one.OrderStatus} ${one.VolumeTraded}`);
  return told.sort().join();
}

function lots(positions) {
  return positions.reduce((sum, one) => sum + one.Position, 0);
}
