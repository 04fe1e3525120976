// The option chain of copper's main contract, as it is quoted. 铜主力合约的期权 T 型报价。
import { connect, enums, type structs } from "webctp-client";

const [url = "ws://127.0.0.1:8080", seconds = "5"] = process.argv.slice(2);
const PRODUCT = "cu";

const client = await connect(url);
const { value: future } = await client.ticks(`@${PRODUCT}`).next();
const wanted = { ProductID: PRODUCT, ProductClass: enums.ProductClass.Options, Count: 1000 };
const rows = await client.QryInstruments(wanted);
const chain = rows.filter((one) => one.UnderlyingInstrID === future.InstrumentID);
const names = new Map(
  chain.map((one) => [`${one.StrikePrice} ${one.OptionsType}`, one.InstrumentID]),
);

const ticks = new Map<string, structs.DepthMarketData>();
const stream = client.ticks([...names.values()]);
const end = setTimeout(() => stream.close(), Number(seconds) * 1000);
for await (const tick of stream) {
  ticks.set(tick.InstrumentID, tick);
  if (ticks.size === names.size) break;
}
clearTimeout(end);
client.close();

/** Bid and ask; 0 and null say that nobody offers. 买价与卖价，无人报价则为横线。 */
function shown(strike: number, kind: string): string {
  const tick = ticks.get(names.get(`${strike} ${kind}`) ?? "");
  const prices = [tick?.BidPrice1, tick?.AskPrice1];
  return prices.map((price) => (price ? price.toFixed(2) : "-").padStart(10)).join("");
}

console.log(`${future.InstrumentID} ${future.LastPrice}, ${ticks.size} of ${names.size} quoted`);
console.log("  call bid       ask     strike   put bid       ask");
const { CallOptions, PutOptions } = enums.OptionsType;
for (const strike of [...new Set(chain.map((one) => one.StrikePrice))].sort((a, b) => a - b)) {
  console.log(shown(strike, CallOptions), `${strike}`.padStart(9), shown(strike, PutOptions));
}
