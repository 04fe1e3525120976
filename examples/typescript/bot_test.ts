// A bot, and its test at a gateway with the simulated exchange. 测试您的程序。
//
// node bot_test.ts [URL]
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Client, connect, enums } from "webctp-client";

const [url = "ws://127.0.0.1:8080"] = process.argv.slice(2);

/** The bot under test: buy one lot of rebar, and return what it cost. 买入一手，返回成交价。 */
async function buyOne(client: Client): Promise<number> {
  const trades = client.tradePushes();
  const { value: tick } = await client.ticks("@rb").next();
  const order = await client.limitOrder({
    instrument: tick.InstrumentID,
    direction: enums.Direction.Buy,
    offset: enums.OffsetFlag.Open,
    price: tick.UpperLimitPrice,
    volume: 1,
  });
  await order.done(30_000);
  const { value: trade } = await trades.next();
  return trade.Price;
}

test("it buys one lot, at a price of the day", async () => {
  const user = `bot${Date.now() % 1_000_000}`; // an account of its own 自己的账户
  const client = await connect(url, { user, password: "demo" });
  try {
    const price = await buyOne(client);
    const [held, ...others] = await client.ReqQryInvestorPosition();
    assert.equal(held?.Position, 1);
    assert.deepEqual(others, []);
    const [quote] = await client.ReqQryDepthMarketData({ InstrumentID: held.InstrumentID });
    assert.ok(quote?.UpperLimitPrice && price <= quote.UpperLimitPrice);
  } finally {
    client.close();
  }
});
