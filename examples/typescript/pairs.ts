// A pair, rebar against hot coil; the gateway guards both legs. 螺纹与热卷套利，双腿皆有保护。
//
// Each leg is opened by a conditional order with a bracket: when it has traded, a stop and a take
// profit wait in the gateway, one cancels the other, and they outlive this program.
// 每条腿由带保护的条件单开仓：成交后，止损与止盈在网关中等待，二者取一，本程序退出之后依然有效。
import { connect, enums, limitBody, type own } from "webctp-client";

const [url = "ws://127.0.0.1:8080", risk = "2"] = process.argv.slice(2); // in price ticks
const { Buy, Sell } = enums.Direction;
const { Open, CloseToday } = enums.OffsetFlag;

const client = await connect(url, { user: "pairs", password: "demo" });
const pushes = client.events(); // before the first order 先订阅，再报单

/** Open a lot of a main contract, with its bracket; return the conditional order's name. */
async function openLeg(product: string, direction: string): Promise<string> {
  const { value: tick } = await client.ticks(`@${product}`).next();
  const [row] = await client.ReqQryInstrument({ InstrumentID: tick.InstrumentID });
  const [high, low, last] = [tick.UpperLimitPrice, tick.LowerLimitPrice, tick.LastPrice];
  const one = { instrument: tick.InstrumentID, exchange: row?.ExchangeID ?? "" };
  const isBuy = direction === Buy;
  const back = { direction: isBuy ? Sell : Buy, offset: CloseToday, price: isBuy ? low : high };
  const far = Number(risk) * (row?.PriceTick ?? 1) * (isBuy ? 1 : -1);
  // Limits trade at once; the bracket closes as many lots as have traded (0). 手数以成交为准。
  const open = { direction, offset: Open, price: isBuy ? high : low, volume: 1 };
  const InputOrder = limitBody({ ...one, ...back, volume: 0 });
  const Protect: own.LegWord[] = [
    { Kind: "stop", TriggerPrice: last - far, InputOrder },
    { Kind: "profit", TriggerPrice: last + far, InputOrder },
  ];
  const Legs = [{ Kind: "now", InputOrder: limitBody({ ...one, ...open }) }];
  const ConditionalID = `pair-${product}-${Date.now()}`;
  await client.InsertConditional({ ConditionalID, Legs, Protect });
  return ConditionalID;
}

const waiting = new Set([await openLeg("rb", Buy), await openLeg("hc", Sell)]);
for await (const push of pushes) {
  if (push.kind !== "message" || push.message.MsgType !== "RtnConditional") continue;
  const { ConditionalID, Parent, Status, Reason } = push.message.Conditional;
  console.log(ConditionalID, Status, Reason);
  if (["done", "refused", "expired"].includes(Status)) waiting.delete(Parent);
  if (waiting.size === 0) break;
}
// Asked for: the push of the last trade may come behind its order. 末笔成交的推送可能在后。
for (const one of await client.ReqQryTrade()) {
  console.log(one.InstrumentID, one.Direction, one.OffsetFlag, one.Price);
}
client.close();
