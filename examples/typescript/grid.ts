// A grid: buy a lot at each line below, sell it one line above. 网格：逢线买入，上一线卖出。
import { connect, enums, type SentOrder } from "webctp-client";

const [url = "ws://127.0.0.1:8080", rounds = "10"] = process.argv.slice(2);
const [LINES, STEP] = [3, 1]; // STEP in price ticks 以最小变动价位计

const client = await connect(url, { user: "grid", password: "demo" });
const { value: tick } = await client.ticks("@rb").next();
const [rebar] = await client.ReqQryInstrument({ InstrumentID: tick.InstrumentID });
if (rebar === undefined) throw new Error(`${tick.InstrumentID} is gone`);
const step = STEP * (rebar.PriceTick ?? 1);

interface Resting {
  order: SentOrder;
  line: number;
  isBuy: boolean;
}
const resting = new Map<string, Resting>(); // by OrderRef 以报单引用为键

/** Buy at a line, or sell one line above it. 在线上买入，或在上一线卖出。 */
async function place(line: number, isBuy: boolean): Promise<void> {
  const order = await client.limitOrder({
    instrument: tick.InstrumentID,
    direction: isBuy ? enums.Direction.Buy : enums.Direction.Sell,
    offset: isBuy ? enums.OffsetFlag.Open : enums.OffsetFlag.CloseToday,
    price: isBuy ? line : line + step,
    volume: 1,
  });
  await order.known(30_000);
  resting.set(order.state?.OrderRef.trim() ?? "", { order, line, isBuy });
}

const trades = client.tradePushes(); // before the first order 先订阅成交，再报单
for (let line = 0; line < LINES; line++) await place((tick.LastPrice ?? 0) - line * step, true);
let sold = 0;
for await (const trade of trades) {
  const ref = trade.OrderRef.trim();
  const done = resting.get(ref);
  if (done === undefined) continue; // another program's order 其他程序的报单
  resting.delete(ref);
  console.log(trade.TradeTime, done.isBuy ? "bought" : "sold", trade.Price);
  if (!done.isBuy && ++sold === Number(rounds)) break;
  await place(done.line, !done.isBuy);
}
for (const { order } of resting.values()) {
  await client.cancel(order); // which is refused where it has just traded 恰好成交的则被拒绝
  await order.done(30_000);
}
client.close();
