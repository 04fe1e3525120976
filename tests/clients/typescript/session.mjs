// A session on a real gateway, said line by line: what is wrong is an exception.
import assert from "node:assert/strict";
import WebSocket from "ws";
import { connect, enums } from "./dist/index.js";

const [url, user] = process.argv.slice(2);

// Market data needs no user; ticks by changes are whole, as are bars of the past and those that grow.
const market = await connect(url);
let tick;
let count = 0;
for await (tick of market.ticks("@rb", { changes: true })) {
  assert.ok(tick.LastPrice > 0 && tick.UpperLimitPrice > tick.LastPrice);
  if (++count === 3) break;
}
for await (const bar of market.bars("@rb", { periods: ["1m"], history: 3, changes: true })) {
  assert.equal(bar.Period, "1m");
  assert.ok(bar.ClosePrice > 0);
  break;
}
const [some] = await market.partialTicks("@rb", ["LastPrice"]).take();
assert.deepEqual(Object.keys(some).sort(), ["InstrumentID", "LastPrice"]);
await assert.rejects(market.ReqQryOrder(), { code: -401 });
market.close();

// The same by a class of sockets that is passed, such as that of the package ws.
const client = await connect(url, { user, password: "demo", portfolio: true, WebSocket });
assert.equal(client.account.Balance, 10_000_000);
const seen = [];
const end = await client.listen({
  onOrder: (order) => seen.push(order.OrderStatus),
  onTrade: (trade) => seen.push(`traded ${trade.Volume}`),
});
const positions = client.positionPushes();
const { InstrumentID: instrument, UpperLimitPrice: high, LowerLimitPrice: low } = tick;
const { Direction, OffsetFlag } = enums;
const buy = { instrument, direction: Direction.Buy, offset: OffsetFlag.Open, volume: 2 };

// An order that trades; the mirrors follow.
const bought = await client.limitOrder({ ...buy, price: high });
await bought.done(60_000);
assert.deepEqual([bought.fate, bought.orderStatus, bought.volumeTraded], ["ended", "0", 2]);
while ((client.positions[0]?.Position ?? 0) < 2) await positions.next();
assert.equal(client.positions[0].Position, 2);
assert.equal(client.trades.reduce((sum, one) => sum + one.Volume, 0), 2);
end();
assert.ok(seen.includes("0") && seen.some((one) => `${one}`.startsWith("traded")));

// One that rests, and is cancelled.
const resting = await (await client.limitOrder({ ...buy, price: low })).known(60_000);
await (await client.cancel(resting)).known(60_000);
assert.equal((await resting.done(60_000)).orderStatus, "5");

// One that is refused says why; its name, used again, tells of the first and sends nothing.
const refused = await client.limitOrder({ ...buy, price: low, volume: 1_000_000 });
await assert.rejects(refused.done(60_000), (problem) => problem.code !== 0 || problem.text !== "");
const before = (await client.ReqQryOrder()).length;
const again = await client.limitOrder({ ...buy, price: high }, { ClientOrderID: bought.clientOrderId });
await again.done(60_000);
assert.equal(again.state.OrderRef.trim(), bought.state.OrderRef.trim());
assert.equal((await client.ReqQryOrder()).length, before);

// Rows as they come are the rows that are gathered.
const gathered = await client.ReqQryInstrument({ ProductID: "cu" });
const iterated = [];
for await (const row of client.rows("ReqQryInstrument", { ProductID: "cu" })) iterated.push(row);
assert.deepEqual(iterated, gathered);
await assert.rejects(client.ReqQryInstrument({ InstrumentID: "x".repeat(99) }), (problem) => {
  return problem.kind === "BadRequest" && problem.detail.startsWith("InstrumentID");
});

// A second client of the account is told the whole day; a wrong password is refused.
const second = await connect(url, { user, password: "demo" });
assert.equal(second.orders.length, client.orders.length);
const keys = (one) => [...one.mirror.trades.keys()].sort();
assert.deepEqual(keys(second), keys(client));
second.close();
await assert.rejects(connect(url, { user, password: "wrong" }), { kind: "CtpError", code: 3 });
client.close();
console.log("the session is over");
