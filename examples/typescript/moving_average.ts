// Two moving averages: long while the fast one is above. 双均线：快线在上则持多一手。
import { connect, enums, type SentOrder } from "webctp-client";

const [url = "ws://127.0.0.1:8080", most = "10"] = process.argv.slice(2);
const [FAST, SLOW] = [3, 9];

const mean = (prices: number[]) => prices.reduce((sum, one) => sum + one, 0) / prices.length;

const client = await connect(url, { user: "averages", password: "demo", portfolio: true });
const { value: first } = await client.ticks("@rb").next(); // the main contract 主力合约
const instrument: string = first.InstrumentID;
const isMine = (one: { InstrumentID: string }) => one.InstrumentID === instrument;
const isLong = (one: { PosiDirection: string }) => one.PosiDirection === enums.PosiDirection.Long;
const longs = client.positions.filter((one) => isMine(one) && isLong(one));
let held = longs.reduce((sum, one) => sum + one.Position, 0);
let trades = 0;

await client.listen({
  onTrade(trade) {
    held += trade.Direction === enums.Direction.Buy ? trade.Volume : -trade.Volume;
    trades++;
    console.log(trade.TradeTime, trade.Direction, trade.Price, "held", held);
  },
});

// The next order waits for the trade of the one before; none is sent twice. 上一笔成交之后才有下一笔。
const prices: number[] = [];
let sent = 0;
let order: SentOrder | null = null;
for await (const tick of client.ticks(instrument)) {
  if (order?.error) throw order.error;
  if (trades >= Number(most)) break;
  if (tick.LastPrice === null || trades < sent) continue;
  prices.push(tick.LastPrice);
  if (prices.length < SLOW) continue;
  if (prices.length > SLOW) prices.shift();
  const isUp = mean(prices.slice(-FAST)) > mean(prices);
  if (isUp === held > 0) continue;
  sent++;
  order = await client.limitOrder({
    instrument,
    direction: isUp ? enums.Direction.Buy : enums.Direction.Sell,
    offset: isUp ? enums.OffsetFlag.Open : enums.OffsetFlag.CloseToday,
    price: (isUp ? tick.UpperLimitPrice : tick.LowerLimitPrice) ?? 0,
    volume: 1,
  });
}
client.close();
