// Positions and money as they change, until interrupted. 持仓与资金的实时监视。
import { connect, enums } from "webctp-client";

const [url = "ws://127.0.0.1:8080", user = "averages", most = "1000000"] = process.argv.slice(2);
const yuan = (amount: number) => amount.toLocaleString("en-US", { minimumFractionDigits: 2 });

const client = await connect(url, { user, password: "demo" });
let updates = 0;
await client.listen({
  onPosition(one) {
    const side = one.PosiDirection === enums.PosiDirection.Long ? "long" : "short";
    const held = `${one.InstrumentID} ${side} ${one.Position} lots at ${yuan(one.OpenPrice)}`;
    console.log(`${held}, now ${yuan(one.LastPrice)}: ${yuan(one.PositionProfitByTrade)} yuan`);
  },
  onAccount(money) {
    const risk = ((money.RiskDegree ?? 0) * 100).toFixed(2);
    console.log(`equity ${yuan(money.Balance)}, free ${yuan(money.Available)}, risk ${risk}%`);
    if (++updates < Number(most)) return;
    // What the gateway is not sure of. 网关不能确定的数字。
    if (client.mirror.caveats.length > 0) console.log("not sure:", ...client.mirror.caveats);
    client.close();
  },
});
await client.SubscribePortfolio();
