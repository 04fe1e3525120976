// The first ticks of rebar's main contract. 螺纹钢主力合约的行情。
import { connect } from "webctp-client";

const [url = "ws://127.0.0.1:8080"] = process.argv.slice(2);

const client = await connect(url);
let count = 0;
for await (const tick of client.ticks("@rb")) {
  console.log(tick.InstrumentID, tick.UpdateTime, tick.LastPrice);
  if (++count === 3) break;
}
client.close();
