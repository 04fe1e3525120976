/** An account: its orders and trades as pushes tell them, its portfolio, requests of orders. */

import {
  errorOf,
  type Login,
  type Message,
  type own,
  positionKey,
  type structs,
  TimedOut,
  tradeKey,
  WebctpError,
} from "webctp-client";
import { curveOf } from "./asks";
import { conditionalOf, type Wish } from "./conditional";
import { grown, joined, type Point } from "./curve";
import { type Body, said } from "./gateway";
import {
  type CtpOrder,
  keyOf,
  type Standing,
  standingOf,
  standingOfClient,
  WORKING,
} from "./orders";
import { Session } from "./session.svelte";
import { t as say, settings, tell as t } from "./settings.svelte";
import { play, type Sound } from "./sounds";
import { type Direction, inputOf, type Offset, type Order, type Terms } from "./ticket";

/** An order as a row: what CTP says of it, or what is known where CTP has said nothing. */
export interface Row {
  key: string;
  order: CtpOrder;
  standing: Standing;
  note: string;
  client: string;
}

export interface Note {
  at: number;
  text: string;
}

/** What of a message says that something was refused. */
interface Refusal {
  MsgType: string;
  RspInfo?: own.RspInfo | null;
  Detail?: string;
}

const MOST_NOTES = 100;
const MOST_ROWS = 2_000;

export class Trading extends Session {
  rows = $state.raw<Row[]>([]);
  trades = $state.raw<structs.Trade[]>([]);
  positions = $state.raw<own.PortfolioPosition[]>([]);
  account = $state.raw<own.PortfolioAccount | null>(null);
  caveats = $state.raw<readonly string[]>([]);
  /** The balance over the day: as the gateway has kept it, and since this page logged in. */
  curve = $state.raw<readonly Point[]>([]);
  /** Whether something of it is older than this page's login. */
  hasDay = $state(false);
  #day = "";
  /** Why there is no portfolio, where there is none. */
  portfolioTrouble = $state("");
  notes = $state.raw<Note[]>([]);
  /** Counts what the gateway has told of the kill switch: panels read it anew. */
  restrictions = $state(0);
  broker = "";
  /** Another gateway than that of this page, where the account logs in. */
  gateway = $state("");
  conditionals = $state.raw<own.ConditionalStanding[]>([]);
  #user = $state("");
  #password = "";
  #byKey = new Map<string, Row>();
  #tradeKeys = new Set<string>();
  /** Orders that CTP has, whose RtnOrder is still to come: by its key that of the row for now. */
  #awaited = new Map<string, string>();
  /** What was asked for under each ClientOrderID of this page, for asking again. */
  #given = new Map<string, { order: Order; terms: Terms }>();
  /** Orders that are to move, by their keys: each is being cancelled. */
  #moves = new Map<string, { price: number; terms: Terms }>();
  #orders = 0;
  /** The loss that a sound has told of: attempts that fail are no news. */
  #sounded: number | null = null;
  #run = Math.floor(Math.random() * 2 ** 40).toString(36);

  constructor() {
    super("td");
  }

  /** Take credentials: kept in this page's memory only, for reconnections. */
  use(user: string, password: string): void {
    if (user !== this.#user) this.#forget();
    this.#user = user;
    this.#password = password;
  }

  get user(): string {
    return this.#user;
  }

  get working(): Row[] {
    return this.rows.filter((row) => WORKING.has(row.standing));
  }

  logout(): void {
    this.close();
    this.#forget();
    this.#password = "";
    this.staleSince = null;
  }

  /** Ask what an order would come to; nothing is sent. */
  async preview(order: Order, terms: Terms): Promise<own.OrderPreview> {
    return (await this.ask("PreviewOrder", inputOf(order, terms))).at(-1) as own.OrderPreview;
  }

  /** Send an order, under a ClientOrderID: the gateway sends no such order twice. */
  insert(order: Order, terms: Terms): void {
    const client = `console-${this.#run}-${++this.#orders}`;
    this.#given.set(client, { order, terms });
    this.#send(client, order, terms);
  }

  /** Whether the outcome of an order is unknown, and its sender may ask for it by its own name. */
  canRepeat(row: Row): boolean {
    return row.standing === "unknown" && this.#given.has(row.client);
  }

  /** Send an order of unknown outcome again: the gateway tells of the first, or sends it now. */
  repeat(row: Row): void {
    const given = this.#given.get(row.client);
    if (given !== undefined) this.#send(row.client, given.order, given.terms);
  }

  #send(client: string, order: Order, terms: Terms): void {
    const words: Body = { ClientOrderID: client };
    if (order.offset === "auto") words.Offset = "auto";
    this.#put(`client ${client}`, placeholder(order, terms), "sending", "", client);
    if (!this.isOpen) {
      this.#unsent(client, errorOf(-1, say("notSent")));
      return;
    }
    this.ask("ReqOrderInsert", inputOf(order, terms), words).then(
      (rows) => this.#split(rows.at(-1) as own.OffsetSplit | undefined),
      (problem) => {
        // The gateway answers none that it has taken: pushes tell what becomes of it.
        if (!(problem instanceof TimedOut)) this.#unsent(client, problem);
      },
    );
  }

  /** Ask for the end of an order; a push says whether it has ended. */
  cancel(row: Row, onRefused = () => {}): void {
    const { FrontID, SessionID, OrderRef, ExchangeID, InstrumentID } = row.order;
    const action = { FrontID, SessionID, OrderRef, ExchangeID, InstrumentID, ActionFlag: "0" };
    if (!this.isOpen) {
      this.note(say("notSent"));
      onRefused();
      return;
    }
    this.ask("ReqOrderAction", action).catch((problem) => {
      if (problem instanceof TimedOut) return; // one that is taken has no answer
      this.#tell(problem);
      onRefused();
    });
  }

  /** Have the gateway keep a conditional order; gives what was wrong, or nothing. */
  async insertConditional(wish: Wish, terms: Terms): Promise<string> {
    const id = `console-${this.#run}-c${++this.#orders}`;
    return this.#conditionally("InsertConditional", conditionalOf(id, wish, terms));
  }

  /** Cancel a conditional order that waits; gives what was wrong, or nothing. */
  async cancelConditional(id: string): Promise<string> {
    return this.#conditionally("CancelConditional", { ConditionalID: id });
  }

  async #conditionally(name: string, body: Body): Promise<string> {
    try {
      this.#conditional((await this.ask(name, body)).at(-1) as own.ConditionalStanding);
      return "";
    } catch (problem) {
      if (!(problem instanceof WebctpError)) throw problem;
      return said(problem);
    }
  }

  async #readConditionals(): Promise<void> {
    try {
      const found = await this.ask("QryConditional");
      for (const one of found) this.#conditional(one as own.ConditionalStanding);
    } catch (problem) {
      if (!(problem instanceof WebctpError)) throw problem;
      if (problem.code !== 0) this.#tell(problem);
    }
  }

  /** Have what the gateway kept of the day where this page was not there. */
  async #readCurve(): Promise<void> {
    try {
      const day = this.#day;
      const found = await curveOf(this);
      if (day !== "" && day !== this.#day) return;
      const [first] = found;
      this.curve = joined(this.curve, found);
      this.hasDay ||= first !== undefined && this.curve[0] === first;
    } catch (problem) {
      if (!(problem instanceof WebctpError)) throw problem;
      if (problem.code !== 0) this.#tell(problem);
    }
  }

  #restricted({ Target, Level, Reason }: own.TradingState): void {
    this.note(t("restrictions", `${Target} ${Level} ${Reason}`.trim()));
  }

  #conditional(told: own.ConditionalStanding): void {
    const others = this.conditionals.filter((one) => one.ConditionalID !== told.ConditionalID);
    this.conditionals = [told, ...others].slice(0, MOST_ROWS);
  }

  /**
   * Move an order to another price: CTP amends none, so it is cancelled, and what is left of it is
   * inserted anew once CTP has said so. It goes behind all others at its price.
   */
  amend(row: Row, price: number, terms: Terms): void {
    if (this.#moves.has(row.key)) return;
    this.#moves.set(row.key, { price, terms });
    this.note(t("moving", `${row.order.InstrumentID} ${row.order.LimitPrice} → ${price}`));
    this.cancel(row, () => this.#unmoved(row.key));
  }

  /** Insert what is left of an order that was to move and is cancelled; or say that it did not. */
  #moved(key: string, order: CtpOrder, standing: Standing): void {
    const move = this.#moves.get(key);
    if (move === undefined || WORKING.has(standing)) return;
    if (standing !== "cancelled") {
      this.#unmoved(key);
      return;
    }
    this.#moves.delete(key);
    const volume = order.VolumeTotalOriginal - order.VolumeTraded;
    const offset = order.CombOffsetFlag as Offset;
    const direction = order.Direction as Direction;
    this.insert({ direction, offset, price: move.price, volume }, move.terms);
  }

  #unmoved(key: string): void {
    const order = this.#byKey.get(key)?.order;
    if (!this.#moves.delete(key) || order === undefined) return;
    this.note(t("notMoved", `${order.InstrumentID} ${order.LimitPrice}`));
  }

  note(text: string): void {
    this.notes = [{ at: Date.now(), text }, ...this.notes].slice(0, MOST_NOTES);
  }

  protected login(): Login {
    return { body: { UserID: this.#user, Password: this.#password }, words: {} };
  }

  protected onReady(login: structs.RspUserLogin | null): void {
    this.broker = login?.BrokerID ?? "";
    void this.#subscribe();
    void this.#readConditionals();
    void this.#readCurve();
  }

  protected onGap(): void {
    this.note(say("gap"));
  }

  protected onLost(): void {
    if (this.staleSince !== this.#sounded) this.#sound("lost");
    this.#sounded = this.staleSince;
    // Nothing is sent by itself after a loss: what was to move is told, and left.
    for (const key of [...this.#moves.keys()]) this.#unmoved(key);
    // What was sent and not answered may or may not have reached the exchange.
    for (const row of this.#byKey.values()) {
      if (row.standing === "sending" || row.standing === "sent") {
        this.#byKey.set(row.key, { ...row, standing: "unknown" });
      }
    }
    this.#show();
  }

  protected onPush(message: Message): void {
    switch (message.MsgType) {
      case "RtnOrder":
        if (message.Order !== null) this.#order(message.Order as CtpOrder);
        break;
      case "RtnTrade":
        if (message.Trade !== null) this.#trade(message.Trade, message.Replay === true);
        break;
      case "RtnClientOrder":
        this.#clientOrder(message.ClientOrder);
        break;
      case "RspOffsetSplit":
        this.#split(message.OffsetSplit);
        break;
      case "RtnTradingState":
        this.restrictions += 1;
        this.#restricted(message.TradingState);
        break;
      case "RtnConditional":
        this.#conditional(message.Conditional);
        break;
      case "RtnPortfolio":
        this.#portfolio(message.Portfolio);
        break;
      case "ErrRtnOrderAction":
        if (message.OrderAction !== null) this.#unmoved(keyOf(message.OrderAction));
        this.#refused(message);
        break;
      case "RspOrderInsert":
      case "RspOrderAction":
      case "RspError":
        this.#refused(message);
    }
  }

  /** Tell of a refusal that no request of this page waits for. */
  #refused(message: Refusal): void {
    const { RspInfo: info, Detail: detail = "" } = message;
    if (info?.ErrorID) this.#tell(errorOf(info.ErrorID, info.ErrorMsg, detail, message.MsgType));
  }

  async #subscribe(): Promise<void> {
    try {
      const told = (await this.ask("SubscribePortfolio")).at(-1);
      this.portfolioTrouble = "";
      this.#portfolio(told as own.PortfolioState | undefined);
    } catch (problem) {
      if (!(problem instanceof WebctpError)) throw problem;
      if (problem.code !== 0) this.portfolioTrouble = `${problem.text} ${problem.detail}`.trim();
    }
  }

  #order(order: CtpOrder): void {
    const key = keyOf(order);
    const before = this.#byKey.get(key);
    const awaited = this.#awaited.get(key);
    if (awaited !== undefined) {
      this.#awaited.delete(key);
      this.#drop(awaited);
    }
    const standing = standingOf(order);
    this.#put(key, order, standing, order.StatusMsg, before?.client ?? "");
    this.#moved(key, order, standing);
  }

  /** Take the orders that one with the offset `auto` became in its place. */
  #split(split: own.OffsetSplit | undefined): void {
    const row = this.#byKey.get(`client ${split?.ClientOrderID}`);
    if (row === undefined || split?.Orders === undefined) return;
    this.#drop(row.key);
    for (const part of split.Orders) {
      const { CombOffsetFlag, VolumeTotalOriginal } = part;
      const order = { ...row.order, CombOffsetFlag, VolumeTotalOriginal };
      const told = { ...order, VolumeTotal: VolumeTotalOriginal };
      this.#put(`client ${part.ClientOrderID}`, told, "sending", "", part.ClientOrderID);
    }
  }

  #sound(sound: Sound): void {
    if (settings.sounds) play(sound);
  }

  #trade(trade: structs.Trade, isOld: boolean): void {
    const key = tradeKey(trade);
    if (this.#tradeKeys.has(key)) return;
    this.#tradeKeys.add(key);
    this.trades = [trade, ...this.trades].slice(0, MOST_ROWS);
    if (!isOld) this.#sound("trade");
  }

  #clientOrder(told: own.ClientOrderState): void {
    const client = told.ClientOrderID;
    const row = this.#byKey.get(`client ${client}`);
    if (row === undefined) return;
    const standing = standingOfClient(told.Status);
    if (standing === null) {
      // CTP has told of it: its RtnOrder is a row of its own by now.
      const key = keyOf(told);
      if (this.#byKey.has(key)) this.#drop(row.key);
      else {
        this.#awaited.set(key, row.key);
        this.#put(row.key, row.order, "accepted", row.note, client);
      }
    } else {
      const note = told.ErrorID ? `${told.ErrorMsg} (${told.ErrorID})` : row.note;
      this.#put(row.key, row.order, standing, note, client);
    }
  }

  #unsent(client: string, problem: WebctpError): void {
    const row = this.#byKey.get(`client ${client}`);
    if (row === undefined || row.standing === "refused") return;
    if (problem.code === 0) {
      this.#put(row.key, row.order, "unknown", say("noWord"), client);
    } else {
      this.#put(row.key, row.order, "refused", said(problem), client);
      this.#sound("refused");
    }
  }

  #tell(problem: WebctpError): void {
    this.note(said(problem));
  }

  #portfolio(state: own.PortfolioState | null | undefined): void {
    if (!state) return;
    const kept = state.IsSnapshot ? [] : this.positions;
    const changed = new Map(state.Positions.map((one) => [positionKey(one), one]));
    const left = kept.filter((one) => !changed.has(positionKey(one)));
    this.positions = [...left, ...changed.values()].sort((a, b) =>
      positionKey(a) < positionKey(b) ? -1 : 1,
    );
    this.account = state.Account;
    if (state.TradingDay !== this.#day) {
      if (this.#day !== "") this.#forgetCurve();
      this.#day = state.TradingDay;
    }
    this.curve = grown(this.curve, Date.now(), state.Account.Balance);
    this.caveats = state.Caveats;
  }

  #put(key: string, order: CtpOrder, standing: Standing, note: string, client: string): void {
    this.#byKey.set(key, { key, order, standing, note, client });
    if (this.#byKey.size > MOST_ROWS) this.#dropOldest();
    this.#show();
  }

  #drop(key: string): void {
    this.#byKey.delete(key);
    this.#show();
  }

  /** Forget the oldest order that has ended; those that work are never forgotten. */
  #dropOldest(): void {
    for (const [key, row] of this.#byKey) {
      if (["done", "cancelled", "refused"].includes(row.standing)) {
        this.#byKey.delete(key);
        return;
      }
    }
  }

  #showing = false;

  #show(): void {
    if (this.#showing) return;
    this.#showing = true;
    // The whole of a replayed day is shown once, not once a push.
    queueMicrotask(() => {
      this.#showing = false;
      this.rows = [...this.#byKey.values()].reverse();
    });
  }

  #forget(): void {
    this.#byKey.clear();
    this.#tradeKeys.clear();
    this.#awaited.clear();
    this.#given.clear();
    this.#moves.clear();
    this.rows = [];
    this.trades = [];
    this.positions = [];
    this.account = null;
    this.notes = [];
    this.conditionals = [];
    this.#day = "";
    this.#forgetCurve();
  }

  #forgetCurve(): void {
    this.curve = [];
    this.hasDay = false;
  }
}

function placeholder(order: Order, terms: Terms): CtpOrder {
  return {
    FrontID: 0,
    SessionID: 0,
    OrderRef: "",
    ExchangeID: terms.ExchangeID,
    InstrumentID: terms.InstrumentID,
    OrderSysID: "",
    Direction: order.direction,
    CombOffsetFlag: order.offset === "auto" ? "" : order.offset,
    LimitPrice: order.price,
    VolumeTotalOriginal: order.volume,
    VolumeTraded: 0,
    VolumeTotal: order.volume,
    OrderStatus: "",
    OrderSubmitStatus: "",
    StatusMsg: "",
    InsertTime: "",
  };
}
