// A page that trades over a kill -9 of its gateway, step by step; it tells how far it is.
import { connect, Disconnected, orderKey, tradeKey } from "./dist/index.js";

const PATIENCE = 60_000;
const asked = new URLSearchParams(location.search);
const tell = (said) => fetch(`/told?case=page&said=${encodeURIComponent(said)}`);

function check(holds, what) {
  if (!holds) throw new Error(what);
}

function standing(orders) {
  return orders.map((one) => `${orderKey(one)} ${one.OrderStatus}`).sort().join();
}

async function same(client) {
  const [orders, trades, [held]] = await Promise.all([
    client.ReqQryOrder(),
    client.ReqQryTrade(),
    client.ReqQryInvestorPosition(),
  ]);
  check(orders.length === 4, `${orders.length} orders`);
  check(standing(orders) === standing(client.orders), "the orders differ from a query");
  const mine = [...client.mirror.trades.keys()].sort().join();
  check(mine === trades.map(tradeKey).sort().join(), "the trades differ from a query");
  check(held.Position === 2 && client.positions[0]?.Position === 2, "the position is not 2");
}

async function trade() {
  const client = await connect(asked.get("url"), { user: "page", password: "p", portfolio: true });
  const events = client.events();
  const positions = client.positionPushes();
  const { value: first } = await client.ticks("@rb").next();
  const { InstrumentID: instrument, UpperLimitPrice: high, LowerLimitPrice: low } = first;
  const ticks = client.ticks(instrument);
  await ticks.next();
  const buy = { instrument, direction: "0", offset: "0", volume: 1 };
  await (await client.limitOrder({ ...buy, price: high })).done(PATIENCE);
  const resting = await (await client.limitOrder({ ...buy, price: low })).known(PATIENCE);

  await tell("kill it");
  for await (const event of events) if (event.kind === "lost" && event.service === "td") break;
  const refused = await client.limitOrder({ ...buy, price: low }).catch((problem) => problem);
  check(refused instanceof Disconnected, `without a connection: ${refused}`);

  await tell("start it");
  await client.ready();
  await ticks.take(); // what waited; then what comes from the new daemon
  await ticks.next();
  await (await client.cancel(resting)).known(PATIENCE);
  check((await resting.done(PATIENCE)).orderStatus === "5", "it was not cancelled");
  const another = await client.limitOrder({ ...buy, price: low });
  await (await client.cancel(await another.known(PATIENCE))).known(PATIENCE);
  await another.done(PATIENCE);
  await (await client.limitOrder({ ...buy, price: high })).done(PATIENCE);
  while (client.positions[0]?.Position !== 2) await positions.next();
  await same(client);
  client.close();
}

trade().then(
  () => tell("it is over"),
  (problem) => tell(`${problem}`),
);
