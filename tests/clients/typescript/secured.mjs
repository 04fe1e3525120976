// Connect by TLS with a token; say whose account it is, or why nobody is let in.
// Arguments: the address, the token, milliseconds of patience, and the file of an authority that a
// class of sockets is to trust, where the environment names none.
import { readFileSync } from "node:fs";
import WebSocket from "ws";
import { connect, Disconnected } from "./dist/index.js";

const [url, token, patience, ca] = process.argv.slice(2);

class Trusting extends WebSocket {
  constructor(address, protocols) {
    super(address, protocols, { ca: readFileSync(ca) });
  }
}

const sockets = ca === undefined ? {} : { WebSocket: Trusting };
const login = { user: "demo", password: "pass", token };
try {
  const client = await connect(url, { ...login, ...sockets, connectTimeoutMs: Number(patience) });
  const [investor] = await client.ReqQryInvestor();
  const { value: tick } = await client.ticks("rb????").next();
  console.log(`${investor.InvestorID}, rb: ${tick.LastPrice > 0}`);
  client.close();
} catch (problem) {
  console.log(problem instanceof Disconnected ? problem.name : problem.code);
}
