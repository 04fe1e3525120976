/** A gateway on paper, with which a core is tested: its promises, and no more. */

import type { Message } from "../src/made/messages.js";
import { Core, type CoreEvent } from "../src/protocol/core.js";
import type { Service } from "../src/urls.js";

export type Words = Record<string, unknown>;

/** A core that logs in as a user. */
export function core(service: Service = "td", patience = 30_000): Core {
  const login = { body: { UserID: "demo", Password: "pass" }, words: {} };
  return new Core(service, { login, patience });
}

/**
 * Takes messages, keeps orders by their ClientOrderID, and answers as webctp promises.
 *
 * `executed` counts how often each ClientOrderID was sent on to CTP. A restart forgets the sessions
 * and keeps what its journal holds.
 */
export class PaperGateway {
  readonly executed = new Map<string, number>();
  readonly received: Words[] = [];
  pushes: Words[] = [];
  #seq = 1000;
  #session = 0;

  restart(): void {
    this.#session = 0;
    this.pushes = [];
  }

  /** Take a message in; return what is said to it. */
  take(text: string): string[] {
    const message = JSON.parse(text) as Words;
    this.received.push(message);
    const name = `${message.MsgType}`;
    const id = message.RequestID as number;
    if (name === "ReqUserLogin") return this.#login(message);
    if (name === "ReqOrderInsert") return [this.#order(message)];
    if (name === "SubscribePortfolio") return [answer(`Rsp${name}`, id, { Portfolio: null })];
    if (name.startsWith("Subscribe") || name.startsWith("UnSubscribe")) {
      return [answer(`Rsp${name}`, id, { SpecificInstrument: null })];
    }
    if (name === "GetTradingDay") return [answer(name, id, { TradingDay: "20261127" })];
    if (name === "ReqQryOrder") return [answer("RspQryOrder", id, { Order: null })];
    if (name === "ReqQryTrade") return [answer("RspQryTrade", id, { Trade: null })];
    if (name.startsWith("ReqQry")) {
      const body = name.slice(6);
      return [0, 1, 2].map((one) =>
        answer(`RspQry${body}`, id, { [body]: { InvestorID: `${one}` }, IsLast: one === 2 }),
      );
    }
    return [refusal(name, id, -404, { Detail: "no such" })];
  }

  /** Return a push of an order, which a resumed session is told again. */
  push(ref: string): string {
    const Order = { OrderRef: ref, FrontID: 1, SessionID: 7, OrderStatus: "3" };
    const told = { MsgType: "RtnOrder", Seq: this.#seq++, RspInfo: null, Order };
    this.pushes.push(told);
    return JSON.stringify(told);
  }

  #login(message: Words): string[] {
    const resume = message.Resume as { Seq: number; ResumeToken: string } | undefined;
    const seq = (this.pushes.at(-1)?.Seq ?? 999) as number;
    const isKnown = resume?.ResumeToken === `token${this.#session}`;
    const missed = isKnown ? this.pushes.filter((one) => (one.Seq as number) > resume.Seq) : [];
    if (!isKnown) this.#session++;
    const replay = isKnown
      ? []
      : this.pushes.map(({ Seq: _, ...one }) => ({ ...one, Replay: true }));
    const first = answer("RspUserLogin", message.RequestID as number, {
      RspUserLogin: { FrontID: 1, SessionID: 7 },
      Session: { ResumeToken: `token${this.#session}`, Seq: seq },
      ...(resume && { Resume: { Seq: seq, Replayed: missed.length, Gap: !isKnown } }),
    });
    return [...replay.map(json), first, ...missed.map(json)];
  }

  #order(message: Words): string {
    const named = message.ClientOrderID as string;
    if (!this.executed.has(named)) this.executed.set(named, 1);
    return clientOrder(named, "known", { RequestID: message.RequestID });
  }
}

function json(message: Words): string {
  return JSON.stringify(message);
}

/** Return an answer, the last one unless it says otherwise. */
export function answer(name: string, id: number, words: Words = {}): string {
  return json({ MsgType: name, RspInfo: null, IsLast: true, RequestID: id, ...words });
}

export function refusal(name: string, id: number, code: number, words: Words = {}): string {
  return answer(name, id, { RspInfo: { ErrorID: code, ErrorMsg: "text" }, ...words });
}

/** Return what becomes of a ClientOrderID; one that is known has traded. */
export function clientOrder(named: string, status: string, words: Words = {}, code = 0): string {
  const isKnown = status === "known";
  const ClientOrder = {
    ClientOrderID: named,
    Request: "ReqOrderInsert",
    Status: status,
    FrontID: 1,
    SessionID: 7,
    OrderRef: "12",
    TradingDay: "20261127",
    ExchangeID: "SHFE",
    OrderSysID: isKnown ? "131" : "",
    OrderSubmitStatus: isKnown ? "3" : "",
    OrderStatus: isKnown ? "0" : "",
    VolumeTraded: isKnown ? 1 : 0,
    VolumeTotal: 0,
    ErrorID: code,
    ErrorMsg: code ? "资金不足" : "",
  };
  return json({ MsgType: "RtnClientOrder", ClientOrder, ...words });
}

/** Carry messages to and fro until nobody says anything. */
export function talk(client: Core, gateway: PaperGateway): void {
  for (let sent = client.take(); sent.length > 0; sent = client.take()) {
    for (const message of sent) {
      for (const told of gateway.take(message)) client.received(told, 0);
    }
  }
}

/** Return a core that has logged in. */
export function ready(gateway = new PaperGateway(), patience = 30_000): Core {
  const client = core("td", patience);
  client.opened();
  talk(client, gateway);
  if (!client.isReady) throw new Error("the core is not ready");
  client.events();
  return client;
}

/** Return the events of a kind. */
export function of<K extends CoreEvent["kind"]>(
  client: Core,
  kind: K,
): Extract<CoreEvent, { kind: K }>[] {
  return client.events().filter((one): one is Extract<CoreEvent, { kind: K }> => one.kind === kind);
}

/** Return the only message that is to be sent. */
export function last(client: Core): Words {
  const [sent, ...others] = client.take();
  if (sent === undefined || others.length > 0) throw new Error(`${others.length + 1} were sent`);
  return JSON.parse(sent) as Words;
}

/** Return a message as the package reads it. */
export function said(words: Words): Message {
  return words as unknown as Message;
}
