/**
 * One connection's conversation with the gateway, without sockets or time.
 *
 * Messages go in (`received`), messages to be sent come out (`take`), and so do events (`events`).
 * What a broken connection leaves open is settled here: which requests are asked again, which fail,
 * which orders are asked for by their ClientOrderID.
 */

import { Disconnected, errorOf, NOT_NOW, type WebctpError } from "../errors.js";
import type { Message } from "../made/messages.js";
import type { ClientOrderState, ResumeFields, SessionFields } from "../made/own.js";
import type { Order, RspUserLogin } from "../made/structs.js";
import type { Service } from "../urls.js";
import { Changes, Unfounded } from "./changes.js";
import { bodyOf, type Method, methodOf } from "./methods.js";
import { PHASES, type Phase } from "./phases.js";
import { SentState } from "./sent.js";
import { Subscriptions } from "./subscriptions.js";
import { step } from "./table.js";
import type { SubscriptionWords } from "./words.js";

const MOST_ID = 2 ** 31 - 1;
/** Requests that may wait for their answers. */
const MOST_OPEN = 10_000;
/** Codes by which the gateway says of a repeated order only that it cannot tell now. */
const LATER = [-401, -408, -429, -503];
/** Milliseconds for which the gateway says that it cannot know, until that is a verdict. */
export const VAGUE_FOR = 10_000;
/** States of a ClientOrderID in which its request may still be answered by a refusal. */
const ON_ITS_WAY = ["recording", "recorded", "sent"];

/** Fields of a request, or words beside it, as they are sent. */
export type Fields = Readonly<Record<string, unknown>>;

/** Whose session is wanted: the body of `ReqUserLogin`, and the words beside it. */
export interface Login {
  body: Fields;
  words: Fields;
}

/** What the conversation brings about, by its `kind`. */
export type CoreEvent =
  /** Requests are answered. `isResumed`: nothing that was pushed meanwhile is missing. */
  | { kind: "loggedIn"; body: RspUserLogin | null; isResumed: boolean; isFirst: boolean }
  /** The login was refused; `isFinal`: it is not to be tried again as it is. */
  | { kind: "loginFailed"; error: WebctpError; isFinal: boolean }
  /** Pushes are missing that cannot be had again; the mirrors are healed by queries. */
  | { kind: "gap"; service: Service; reason: string }
  | { kind: "row"; requestId: number; row: unknown }
  | { kind: "answered"; requestId: number; rows: unknown[] }
  | { kind: "failed"; requestId: number; error: WebctpError }
  /** A message could not be read. */
  | { kind: "strange"; reason: string }
  | { kind: "message"; message: Message };

/** A message as the conversation reads it. */
interface Answer {
  MsgType: string;
  RspInfo?: { ErrorID: number; ErrorMsg: string } | null;
  IsLast?: boolean;
  RequestID?: number;
  Seq?: number;
  Detail?: string;
  Limit?: number;
  RetryAfter?: number;
  Order?: Order | null;
  ClientOrder?: ClientOrderState;
  RspUserLogin?: RspUserLogin | null;
  Session?: SessionFields;
  Resume?: ResumeFields;
}

interface Open {
  method: Method;
  message: Record<string, unknown>;
  order: SentState | null;
  rows: unknown[];
  /** Whether its rows are handed on as they come: then it cannot be asked anew. */
  isRowwise: boolean;
  given: number;
}

export interface CoreOptions {
  /** Null for a connection without a login. */
  login: Login | null;
  /**
   * Milliseconds after which an order that nobody has told of is not asked for again, since asking
   * could send it: its fate is then unknown.
   */
  patience?: number;
  /** The first RequestID. */
  firstId?: number;
}

/** The conversation on one connection after another. Times are milliseconds of any clock. */
export class Core {
  seq: number | null = null;
  hasBeenReady = false;
  readonly subscriptions = new Subscriptions();
  login: Login | null;
  readonly #patience: number;
  #phase: Phase = "off";
  #token: string | null = null;
  #changes: Changes | null = null;
  #nextId: number;
  #loginId = 0;
  #open = new Map<number, Open>();
  #held = new Map<number, Open>();
  readonly #orders = new Map<string, Open>();
  #out: string[] = [];
  #events: CoreEvent[] = [];

  constructor(
    readonly service: Service,
    options: CoreOptions,
  ) {
    this.login = options.login;
    this.#patience = options.patience ?? 30_000;
    this.#nextId = options.firstId ?? 0;
  }

  get phase(): Phase {
    return this.#phase;
  }

  get isReady(): boolean {
    return this.#phase === "ready";
  }

  /** Return the messages that are to be sent, each once. */
  take(): string[] {
    const out = this.#out;
    this.#out = [];
    return out;
  }

  /** Return what has happened, in order, each once. */
  events(): CoreEvent[] {
    const events = this.#events;
    this.#events = [];
    return events;
  }

  /** Begin on a new connection: log in, and go on with the session before. */
  opened(): void {
    this.#phase = step(PHASES, this.#phase, "open");
    if (this.#changes !== null) this.#changes = new Changes();
    if (this.login === null) {
      this.#becomeReady(null, false);
      return;
    }
    const resume =
      this.#token === null ? {} : { Resume: { Seq: this.seq, ResumeToken: this.#token } };
    this.#loginId = this.#newId();
    this.#send({
      MsgType: "ReqUserLogin",
      ReqUserLogin: this.login.body,
      RequestID: this.#loginId,
      ...this.login.words,
      ...resume,
    });
  }

  /**
   * Settle what the broken connection leaves open.
   *
   * What only asks is asked again, and so are subscriptions; orders with a ClientOrderID are asked
   * for after the next login; whether anything else was carried out nobody can say, and it fails so.
   */
  lost(now: number): void {
    this.#phase = step(PHASES, this.#phase, "lose");
    this.#out = [];
    const waiting = this.#open;
    this.#open = new Map();
    for (const [requestId, one] of waiting) {
      if (one.order !== null) continue;
      if (one.method.isRepeatable && one.given === 0) {
        one.rows = [];
        this.#held.set(requestId, one);
        continue;
      }
      const detail = one.method.isRepeatable
        ? "the connection broke amid its rows: ask again"
        : "the connection broke before its answer: whether it was done is not known";
      this.#failed(requestId, new Disconnected(detail, one.method.name));
    }
    for (const { order } of this.#orders.values()) {
      if (order === null || order.isDone) continue;
      if (order.clientOrderId) order.broke(now);
      else order.givenUp("the connection broke, and it bore no ClientOrderID");
    }
  }

  /**
   * Send a request; return its RequestID, by which its outcome is told.
   *
   * What only asks waits for the connection and the login; all else must be sent now.
   *
   * @param isRowwise whether each row is an event of its own, and none is gathered.
   * @throws WebctpError without a connection, for what must be sent now; where too many wait.
   */
  ask(name: string, fields: Fields, words: Fields = {}, isRowwise = false): number {
    const one = this.#made(methodOf(name), fields, words, isRowwise);
    const requestId = this.#newId();
    one.message.RequestID = requestId;
    if (one.method.isRepeatable && !this.isReady) {
      this.#held.set(requestId, one);
    } else {
      this.#open.set(requestId, one);
      this.#send(one.message);
    }
    return requestId;
  }

  /**
   * Send an order or action now, once.
   *
   * @param clientOrderId empty for none; one that was sent before gives the order of before.
   * @throws WebctpError without a connection; it was not sent.
   */
  order(name: string, fields: Fields, clientOrderId: string, words: Fields = {}): SentState {
    const known = this.#orders.get(clientOrderId)?.order;
    if (known) return known;
    const named = clientOrderId ? { ...words, ClientOrderID: clientOrderId } : words;
    const one = this.#made(methodOf(name), fields, named, false);
    const requestId = this.#newId();
    one.message.RequestID = requestId;
    const instrument = `${fields.InstrumentID ?? ""}`;
    one.order = new SentState(name, clientOrderId, requestId, instrument);
    this.#orders.set(keyOf(one.order), one);
    this.#open.set(requestId, one);
    this.#send(one.message);
    return one.order;
  }

  /** Send a subscription; it is remembered, and sent again on each new connection. */
  subscribe(name: string, instruments: readonly string[], words: SubscriptionWords): number {
    if (words.Changes) this.#changes ??= new Changes();
    this.subscriptions.enter(name, instruments, words);
    return this.ask(name, { InstrumentID: instruments }, words as Fields);
  }

  /** Take no interest in a request's answer any more. */
  forget(requestId: number): void {
    this.#held.delete(requestId);
    if (this.#open.get(requestId)?.order === null) this.#open.delete(requestId);
  }

  /** Ask again for the orders of which nobody has told, or end them as unknown. */
  look(now: number): void {
    for (const one of [...this.#orders.values()]) {
      const order = one.order as SentState;
      if (order.isDone) {
        if (order.fate !== "unknown") this.#orders.delete(keyOf(order)); // else it may turn out
      } else if (this.isReady && now - (order.vagueSince ?? now) > VAGUE_FOR) {
        this.#giveUp(one, "the gateway cannot know either, and asked for it in vain");
      } else if (now - (order.untoldSince ?? now) > this.#patience) {
        const seconds = this.#patience / 1000;
        this.#giveUp(one, `nobody has told of it within ${seconds} s; asking now could send it`);
      } else if (this.isReady && order.clientOrderId && order.isDoubtful) {
        this.#askFor(one);
      }
    }
  }

  /** Take a message in. */
  received(text: string, now: number): void {
    let message: Message;
    try {
      message = JSON.parse(text) as Message;
      if (typeof message?.MsgType !== "string") throw new SyntaxError("it has no MsgType");
      if (this.#changes !== null) message = this.#changes.whole(message);
    } catch (problem) {
      if (!(problem instanceof SyntaxError || problem instanceof Unfounded)) throw problem;
      this.#events.push({ kind: "strange", reason: problem.message });
      return;
    }
    this.#take(message, now);
  }

  #take(message: Message, now: number): void {
    const told = message as Answer;
    if (told.MsgType === "RtnClientOrder" && told.ClientOrder !== undefined) {
      this.#clientOrderTold(told, told.ClientOrder, now);
    } else if (told.RequestID === this.#loginId && this.#phase === "login" && isAnswer(told)) {
      this.#loginAnswered(told);
      return;
    } else if (isAnswer(told) && this.#answered(message, told)) {
      return;
    } else if (told.Seq !== undefined && !isAnswer(told)) {
      this.seq = told.Seq;
    }
    if (told.MsgType === "RtnOrder" && told.Order) this.#orderTold(told.Order);
    this.#events.push({ kind: "message", message });
  }

  /** Take an answer; false for one that is of interest to others, too, or to nobody here. */
  #answered(message: Message, answer: Answer): boolean {
    const requestId = answer.RequestID as number;
    const one = this.#open.get(requestId);
    if (one === undefined) return false;
    if (answer.RspInfo?.ErrorID) {
      const isOneOfSeveral = one.method.kind === "subscription";
      if (!isOneOfSeveral || answer.IsLast) this.#fail(requestId, one, errorOfAnswer(answer));
      return !isOneOfSeveral;
    }
    if (one.order !== null) return false; // that it was split, for instance
    const row = bodyOf(message);
    if (row !== null && one.isRowwise) {
      one.given++;
      this.#events.push({ kind: "row", requestId, row });
    } else if (row !== null) {
      one.rows.push(row);
    }
    if (answer.IsLast) {
      this.#open.delete(requestId);
      this.#events.push({ kind: "answered", requestId, rows: one.rows });
    }
    return answer.MsgType !== "RspSubscribePortfolio";
  }

  #fail(requestId: number, one: Open, problem: WebctpError): void {
    this.#open.delete(requestId);
    const order = one.order;
    if (order === null) {
      this.#failed(requestId, problem);
    } else if (!order.isDoubtful || problem.code > 0) {
      order.refused(problem);
    } else if (!LATER.includes(problem.code)) {
      order.givenUp(problem.message); // the gateway says nothing of the first sending
    }
  }

  #loginAnswered(answer: Answer): void {
    if (answer.RspInfo?.ErrorID) {
      this.#phase = step(PHASES, this.#phase, "refuse");
      const error = errorOfAnswer(answer);
      const isFinal = this.service === "td" && !NOT_NOW.includes(error.code);
      this.#events.push({ kind: "loginFailed", error, isFinal });
      return;
    }
    if (answer.MsgType !== "RspUserLogin") return;
    const before = this.#token;
    const isResumed = answer.Resume !== undefined && !answer.Resume.Gap;
    const session = this.service === "td" ? answer.Session : undefined;
    if (session !== undefined) {
      this.#token = session.ResumeToken;
      // Of a resumed session pushes that were missed follow: the last seen is still that.
      if (!isResumed) this.seq = session.Seq;
      if (session.DayGap) this.#gap("the day's flow is not whole (DayGap)");
    }
    if (before !== null && !isResumed) this.#gap("the session could not be resumed");
    this.#becomeReady(answer.RspUserLogin ?? null, isResumed);
  }

  #becomeReady(body: RspUserLogin | null, isResumed: boolean): void {
    this.#phase = step(PHASES, this.#phase, "accept");
    const isFirst = !this.hasBeenReady;
    this.hasBeenReady = true;
    this.#events.push({ kind: "loggedIn", body, isResumed, isFirst });
    const held = this.#held;
    this.#held = new Map();
    for (const [requestId, one] of held) this.#askHeld(requestId, one);
    // After what was held, for this is the newest wish.
    const subscriptions = isFirst ? [] : this.subscriptions.messages();
    for (const message of subscriptions) this.#send({ ...message, RequestID: this.#newId() });
    if (subscriptions.length > 0) this.#gap("what was pushed meanwhile is missing");
    for (const one of this.#orders.values()) {
      if (one.order?.clientOrderId && !one.order.isDone) this.#askFor(one);
    }
  }

  /** Send what has waited for the login; nothing for instruments that nobody wants any more. */
  #askHeld(requestId: number, one: Open): void {
    const names = one.message.InstrumentID;
    if (one.method.kind === "subscription" && Array.isArray(names)) {
      one.message.InstrumentID = this.subscriptions.wanted(one.method.name, names);
      if ((one.message.InstrumentID as string[]).length === 0) {
        this.#events.push({ kind: "answered", requestId, rows: [] });
        return;
      }
    }
    this.#open.set(requestId, one);
    this.#send(one.message);
  }

  /** Send an order again under its ClientOrderID: the gateway tells of the first, or sends. */
  #askFor(one: Open): void {
    if (this.#open.has(one.message.RequestID as number)) return;
    const requestId = this.#newId();
    one.message = { ...one.message, RequestID: requestId };
    this.#open.set(requestId, one);
    this.#send(one.message);
  }

  #giveUp(one: Open, why: string): void {
    one.order?.givenUp(why);
    this.#settled(one);
  }

  #clientOrderTold(message: Answer, state: ClientOrderState, now: number): void {
    if (message.RequestID !== undefined) this.#open.delete(message.RequestID);
    const one = this.#orders.get(state.ClientOrderID);
    if (!one?.order) return;
    one.order.told(state, now);
    if (!ON_ITS_WAY.includes(state.Status)) this.#settled(one);
  }

  #orderTold(order: Order): void {
    for (const one of this.#orders.values()) {
      if (!one.order?.isOf(order)) continue;
      one.order.toldOrder(order);
      if (one.order.isDone) this.#settled(one);
    }
  }

  /** Take no answer for an order any more; `look` removes it. */
  #settled(one: Open): void {
    this.#open.delete(one.message.RequestID as number);
  }

  #failed(requestId: number, error: WebctpError): void {
    this.#events.push({ kind: "failed", requestId, error });
  }

  #gap(reason: string): void {
    this.#events.push({ kind: "gap", service: this.service, reason });
  }

  #made(method: Method, fields: Fields, words: Fields, isRowwise: boolean): Open {
    if (this.#phase === "off" && !method.isRepeatable) {
      throw new Disconnected("nothing was sent; try again when it is back", method.name);
    }
    if (this.#open.size + this.#held.size >= MOST_OPEN) {
      throw errorOf(-503, "", `${MOST_OPEN} requests wait already`, method.name);
    }
    const message: Record<string, unknown> = { MsgType: method.name, ...given(words) };
    if (method.kind === "subscription") message.InstrumentID = fields.InstrumentID;
    else if (method.bodyKey) message[method.bodyKey] = given(fields);
    return { method, message, order: null, rows: [], isRowwise, given: 0 };
  }

  #send(message: Fields): void {
    this.#out.push(JSON.stringify(message));
  }

  #newId(): number {
    this.#nextId = (this.#nextId % MOST_ID) + 1;
    return this.#nextId;
  }
}

function isAnswer(message: Answer): boolean {
  return message.RequestID !== undefined && message.IsLast !== undefined;
}

function keyOf(order: SentState): string {
  return order.clientOrderId || `${order.requestId}`;
}

function errorOfAnswer(answer: Answer): WebctpError {
  const { ErrorID: code = 0, ErrorMsg: text = "" } = answer.RspInfo ?? {};
  const error = errorOf(code, text, answer.Detail, answer.MsgType);
  error.limit = answer.Limit ?? null;
  error.retryAfter = answer.RetryAfter ?? null;
  return error;
}

/** Return the fields that were given, as the wire has them: bytes stand as `{"base64": …}`. */
function given(fields: Fields): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (value === null || value === undefined) continue;
    found[name] = value instanceof Uint8Array ? { base64: base64(value) } : value;
  }
  return found;
}

function base64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (one) => String.fromCharCode(one)).join(""));
}
