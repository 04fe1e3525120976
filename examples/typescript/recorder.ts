// Record ticks to a file of CSV. 录制行情到 CSV 文件。

import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { connect, type structs } from "webctp-client";

const [url = "ws://127.0.0.1:8080", path = "ticks.csv", most = "200"] = process.argv.slice(2);
// The night belongs to the trading day, and to the day before on the clock: ActionDay says which;
// on DCE it is the trading day all night. 夜盘的自然日见 ActionDay，大商所除外。
const FIELDS = [
  "InstrumentID",
  "TradingDay",
  "ActionDay",
  "UpdateTime",
  "UpdateMillisec",
  "LastPrice",
  "Volume",
  "BidPrice1",
  "AskPrice1",
] as const satisfies readonly (keyof structs.DepthMarketData)[];

const file = createWriteStream(path);
file.write(`${FIELDS.join()}\n`);
const client = await connect(url);
const counts = new Map<string, number>();
let count = 0;
const stream = client.partialTicks(["@rb", "@cu", "@m"], FIELDS);
for await (const tick of stream) {
  const line = `${FIELDS.map((name) => tick[name] ?? "").join()}\n`;
  if (!file.write(line)) await once(file, "drain"); // a slow disk 磁盘较慢时等待
  counts.set(tick.InstrumentID, (counts.get(tick.InstrumentID) ?? 0) + 1);
  if (++count === Number(most)) break;
}
client.close();
file.end();
await once(file, "finish");
for (const [instrument, number] of counts) console.log(instrument, number);
if (stream.dropped > 0) console.log("passed over 略过:", stream.dropped);
