/** One object for trading and market data of a gateway. */

import { type Asked, Asking, listOf, type Names, WAYS } from "./asking.js";
import { type Limit, limitBody } from "./bodies.js";
import { type ConnectionOptions, Connections } from "./connections.js";
import type { WebctpError } from "./errors.js";
import { type BarWish, type Feed, Feeds } from "./feeds.js";
import type { ClientEvent, Handler } from "./handler.js";
import { calling, Hub, type TickMessage, type Wish } from "./hub.js";
import type { LinkNews } from "./link.js";
import type { Message } from "./made/messages.js";
import type { Bar, PortfolioAccount, PortfolioPosition, PortfolioState } from "./made/own.js";
import type { Requests } from "./made/requests.js";
import type { DepthMarketData, Order, Trade } from "./made/structs.js";
import { SentOrder } from "./orders.js";
import type { CoreEvent, Fields } from "./protocol/core.js";
import { methodOf } from "./protocol/methods.js";
import { Mirror } from "./protocol/mirror.js";
import type { InsertWords } from "./protocol/words.js";
import { Retries } from "./retries.js";
import { Stream } from "./streams.js";
import type { Service } from "./urls.js";

/** The names of requests that give rows, and their rows. */
export type QueryName = {
  [N in keyof Requests]: ReturnType<Requests[N]> extends Promise<unknown[]> ? N : never;
}[keyof Requests];
export type RowOf<N extends QueryName> =
  ReturnType<Requests[N]> extends Promise<(infer Row)[]> ? Row : never;

/** How an iterator over ticks wants them. */
export interface TickOptions {
  /** A tick of each instrument in so many milliseconds, at most. */
  intervalMs?: number;
  /** For a thin line: the gateway sends what has changed, and whole ticks are made of it here. */
  changes?: boolean;
  /** Items that wait for a slow program, at most. */
  limit?: number;
}

/** What `listen` hands a handler beside orders, trades and the rest of trading. */
export interface Listening {
  ticks?: readonly string[];
  bars?: readonly string[];
  barOptions?: BarWish;
}

export interface ClientOptions extends ConnectionOptions {
  portfolio: boolean;
  clientOrderIds: boolean;
}

/**
 * A gateway's client; `connect` makes one.
 *
 * Every request of CTP's and of the gateway's own is a method: `client.ReqQryInstrument({…})`.
 * `mirror` is the account as the pushes tell it. Connections are made when they are needed: `td` for
 * trading, `md` for ticks, and one more for bars, since the gateway sends bars in the place of an
 * instrument's ticks.
 */
export class Client extends Asking {
  readonly mirror = new Mirror();
  readonly #options: ClientOptions;
  readonly #hub = new Hub();
  readonly #feeds: Feeds;
  readonly #connections: Connections;
  readonly #streams = new Set<{ close(problem: unknown): void }>();
  readonly #exchanges = new Map<string, string>();
  readonly #prefix = newPrefix();
  readonly #retries = new Retries((problem) => this.#refused(problem));
  #number = 0;
  #wantsPortfolio: boolean;

  constructor(urls: Record<Service, string>, options: ClientOptions) {
    super();
    this.#options = options;
    this.#wantsPortfolio = options.portfolio;
    const dispatch = (name: string, event: CoreEvent | LinkNews) => this.#dispatch(name, event);
    this.#connections = new Connections(urls, options, dispatch);
    this.#feeds = new Feeds(this.#hub, this.#connections);
  }

  /** The trading day's orders, as they stand. */
  get orders(): Order[] {
    return [...this.mirror.orders.values()];
  }

  /** The trading day's trades. */
  get trades(): Trade[] {
    return [...this.mirror.trades.values()];
  }

  /** The positions; empty until the portfolio is subscribed to. */
  get positions(): PortfolioPosition[] {
    return [...this.mirror.positions.values()].filter((one) => one.Position !== 0);
  }

  /** The money; null until the portfolio is subscribed to. */
  get account(): PortfolioAccount | null {
    return this.mirror.account;
  }

  /** Whether requests of trading are answered now. */
  get isReady(): boolean {
    return this.#connections.isReady;
  }

  /**
   * Connect and log in, where there is a login; wait for it after a broken connection.
   *
   * @throws WebctpError if the login is refused or no gateway is there.
   */
  async ready(): Promise<this> {
    if (this.#options.login === null) return this;
    const link = this.#connections.get("td");
    const isFirst = !link.core.hasBeenReady;
    await link.ready();
    if (isFirst && this.#wantsPortfolio) await this.SubscribePortfolio();
    return this;
  }

  /**
   * Return the milliseconds from a request to its answer by the gateway, measured now.
   *
   * @throws Disconnected if the connection is broken.
   */
  async roundTrip(service: Service = this.#options.login === null ? "md" : "td"): Promise<number> {
    const link = this.#connections.get(service);
    if (!link.core.hasBeenReady) await link.ready();
    return link.roundTrip();
  }

  /** End all connections and iterators. */
  close(): void {
    this.#retries.close();
    this.#connections.close();
    this.#endStreams(null);
  }

  /**
   * Send a request by its name; the same as the method of that name.
   *
   * A query gives all its rows, any other request its only answer, an order a `SentOrder`.
   */
  ask<N extends keyof Requests>(
    name: N,
    ...given: Parameters<Requests[N]>
  ): ReturnType<Requests[N]>;
  ask(name: string, fields?: unknown, words?: unknown): Promise<unknown>;
  ask(name: string, fields: unknown = {}, words: unknown = {}): Promise<unknown> {
    const way = WAYS[methodOf(name).kind];
    return way(this.#asked(), name, fields, words);
  }

  /**
   * Return the rows of a query one by one, as they come.
   *
   * A connection that breaks amid them ends it with `Disconnected`: ask again.
   */
  rows<N extends QueryName>(name: N, ...given: Parameters<Requests[N]>): Stream<RowOf<N>> {
    const connections = this.#connections;
    let forget = (): void => undefined;
    const rows: Stream<RowOf<N>> = this.#stream({
      begin: async () => {
        const link = await connections.readyFor(name);
        const requestId = link.core.ask(name, (given[0] ?? {}) as Fields, {}, true);
        forget = connections.await(link, requestId, {
          resolve: () => rows.close(),
          reject: (problem) => rows.close(problem),
          onRow: (row) => rows.put(row as RowOf<N>),
        });
      },
      onClose: () => forget(),
    });
    return rows;
  }

  /**
   * Return an iterator over the ticks of instruments, of patterns (`rb*`), of products (`@rb`).
   *
   * A program that is slower than the market gets the newest tick of each instrument; `dropped`
   * counts the others. Subscriptions begin with the first item, and end with the iterator.
   */
  ticks(instruments: Names, options: TickOptions = {}): Stream<DepthMarketData> {
    return this.#ticks(instruments, options, options.limit);
  }

  /** Return an iterator over what a front tells again of instruments, and nothing else. */
  staleTicks(instruments: Names, limit?: number): Stream<DepthMarketData> {
    return this.#ticks(instruments, { isStale: true }, limit);
  }

  /** Return an iterator over some fields of ticks, on a connection of its own. */
  partialTicks<F extends keyof DepthMarketData>(
    instruments: Names,
    fields: readonly F[],
    options: TickOptions = {},
  ): Stream<Pick<DepthMarketData, F | "InstrumentID">> {
    const wish = { ...options, fields };
    return this.#ticks<Pick<DepthMarketData, F | "InstrumentID">>(instruments, wish, options.limit);
  }

  /** Return an iterator over bars; of those that grow the newest, every one that is over. */
  bars(instruments: Names, options: BarWish & { limit?: number } = {}): Stream<Bar> {
    const keyOf = (bar: Bar) => (bar.IsClosed ? null : `${bar.InstrumentID} ${bar.Period}`);
    const put = (bar: Bar) => stream.put(bar);
    const feed = this.#feeds.bars(listOf(instruments), options, put);
    const stream: Stream<Bar> = this.#fed(feed, keyOf, options.limit);
    return stream;
  }

  /** Return an iterator over the changes of orders from now on; none is dropped. */
  orderPushes(limit?: number): Stream<Order> {
    return this.#pushes((put) => ({ onOrder: put }), limit);
  }

  /** Return an iterator over the trades from now on, each once; none is dropped. */
  tradePushes(limit?: number): Stream<Trade> {
    return this.#pushes((put) => ({ onTrade: put }), limit);
  }

  /** Return an iterator over the changes of positions; none is dropped. */
  positionPushes(limit?: number): Stream<PortfolioPosition> {
    return this.#pushes((put) => ({ onPosition: put }), limit);
  }

  /** Return an iterator over the money as it changes; none is dropped. */
  accountPushes(limit?: number): Stream<PortfolioAccount> {
    return this.#pushes((put) => ({ onAccount: put }), limit);
  }

  /** Return an iterator over everything else: gaps, broken connections, other pushes. */
  events(limit?: number): Stream<ClientEvent> {
    return this.#pushes((put) => ({ onEvent: put }), limit);
  }

  /**
   * Call a handler's methods for everything that is pushed, at once as it comes.
   *
   * @param listening what it gets ticks and bars of.
   * @returns what ends it.
   */
  async listen(handler: Handler, listening: Listening = {}): Promise<() => void> {
    const feeds: Feed[] = [];
    if (listening.ticks !== undefined) {
      const put = (tick: DepthMarketData) => calling(handler, "onTick", tick);
      feeds.push(this.#feeds.ticks(listening.ticks, {}, put));
    }
    if (listening.bars !== undefined) {
      const put = (bar: Bar) => calling(handler, "onBar", bar);
      feeds.push(this.#feeds.bars(listening.bars, listening.barOptions ?? {}, put));
    }
    const end = () => {
      this.#hub.handlers.delete(handler);
      for (const feed of feeds) feed.end();
    };
    this.#hub.handlers.add(handler);
    try {
      await Promise.all(feeds.map((feed) => feed.begin()));
    } catch (problem) {
      end();
      throw problem;
    }
    return end;
  }

  /** Send a limit order for the day; the exchange is asked for where it is left out. */
  async limitOrder(
    limit: Omit<Limit, "exchange"> & { exchange?: string },
    words: InsertWords = {},
  ): Promise<SentOrder> {
    const exchange = limit.exchange ?? (await this.exchangeOf(limit.instrument));
    return this.ReqOrderInsert(limitBody({ ...limit, exchange }), words);
  }

  /**
   * Send the cancellation of an order.
   *
   * @throws RangeError for an order of which nothing is known yet.
   */
  async cancel(order: SentOrder | Order): Promise<SentOrder> {
    const told = order instanceof SentOrder ? (order.order ?? order.state) : order;
    if (told === null) {
      throw new RangeError("CTP has not told of the order yet; await order.known() first");
    }
    return this.ReqOrderAction({
      FrontID: told.FrontID,
      SessionID: told.SessionID,
      OrderRef: told.OrderRef,
      ExchangeID: told.ExchangeID || null,
      // CTP refuses a cancellation without it, and a ClientOrderID's state has none.
      InstrumentID: (order instanceof SentOrder ? order.instrument : order.InstrumentID) || null,
      OrderSysID: told.OrderSysID || null,
      ActionFlag: "0", // delete
    });
  }

  /**
   * Return an instrument's exchange, which is asked for once.
   *
   * @throws RangeError if there is no such instrument.
   */
  async exchangeOf(instrument: string): Promise<string> {
    if (!this.#exchanges.has(instrument)) {
      for (const row of await this.ReqQryInstrument({ InstrumentID: instrument })) {
        this.#exchanges.set(row.InstrumentID, row.ExchangeID);
      }
    }
    const found = this.#exchanges.get(instrument);
    if (found === undefined) throw new RangeError(`there is no instrument ${instrument}`);
    return found;
  }

  /** Have positions and money told from now on, over broken connections, too. */
  override SubscribePortfolio(): Promise<PortfolioState | null> {
    this.#wantsPortfolio = true;
    return this.ask("SubscribePortfolio");
  }

  /** End it. */
  override UnSubscribePortfolio(): Promise<unknown> {
    this.#wantsPortfolio = false;
    return this.ask("UnSubscribePortfolio");
  }

  /** What the ways of carrying out requests use. */
  #asked(): Asked {
    const connections = this.#connections;
    return {
      rows: async (name, fields, words) => {
        const link = await connections.readyFor(name);
        const requestId = link.core.ask(name, fields as Fields, words as Fields);
        return connections.answer(link, requestId, name);
      },
      submit: async (name, fields) => {
        const link = await connections.readyFor(name);
        link.core.ask(name, fields as Fields);
        link.flush();
      },
      order: async (name, fields, words) => {
        const { ClientOrderID: named, ...others } = words as InsertWords;
        const link = await connections.readyFor(name, true);
        const own = this.#options.clientOrderIds ? `${this.#prefix}-${++this.#number}` : "";
        const order = new SentOrder(
          link.core.order(name, fields as Fields, named ?? own, { ...others }),
        );
        link.flush();
        return order;
      },
      subscribe: async (name, names, words) => {
        const link = await connections.readyFor(name);
        return connections.answer(link, link.core.subscribe(name, names, words), name);
      },
    };
  }

  /** Take an event of a connection. */
  #dispatch(name: string, event: CoreEvent | LinkNews): void {
    switch (event.kind) {
      case "message":
        this.#told(name, event.message);
        return;
      case "row":
      case "answered":
        this.#connections.settle(name, event);
        return;
      case "failed":
        if (!this.#connections.settle(name, event)) this.#refused(event.error);
        return;
      case "loggedIn":
        if (name === "td") this.#loggedIn(event.isResumed, event.isFirst);
        break;
      case "gap":
        if (name === "td") {
          this.mirror.isWhole = false;
          this.#retries.begin(() => this.#heal());
        }
        break;
      case "lost":
        if (name === "td") this.mirror.lost();
        break;
      case "givenUp":
        this.#givenUp(name, event.error);
    }
    this.#hub.event(event);
  }

  #told(name: string, message: Message): void {
    if (message.MsgType === "RtnDepthMarketData") {
      const streams = name === "partial" ? this.#hub.partial : this.#hub.ticks;
      streams.push(message as TickMessage);
    } else if (message.MsgType === "RtnBar") {
      for (const bars of [...this.#hub.bars]) bars.push(message);
    } else {
      if (name === "td") this.mirror.apply(message);
      this.#hub.tell(message);
    }
  }

  /** Tell that something was refused for which nobody waits. */
  #refused(error: WebctpError): void {
    this.#hub.event({ kind: "refused", error });
  }

  #loggedIn(isResumed: boolean, isFirst: boolean): void {
    const news = this.mirror.loggedIn(isResumed);
    if (isFirst) return;
    this.#hub.news(news);
    if (this.#wantsPortfolio && !isResumed) this.#retries.begin(() => this.#portfolioAgain());
  }

  #givenUp(name: string, problem: WebctpError): void {
    this.#connections.givenUp(name, problem);
    if (!this.#connections.isClosed) this.#endStreams(problem);
  }

  #endStreams(problem: WebctpError | null): void {
    for (const stream of [...this.#streams]) stream.close(problem);
  }

  /** Ask for what pushes have not told. */
  async #heal(): Promise<void> {
    const [orders, trades] = await Promise.all([this.ReqQryOrder(), this.ReqQryTrade()]);
    this.#hub.news(this.mirror.healed(orders, trades));
    this.#hub.event({ kind: "healed", orders: orders.length, trades: trades.length });
  }

  async #portfolioAgain(): Promise<void> {
    if (this.#wantsPortfolio) await this.SubscribePortfolio();
  }

  /** Return an iterator over ticks that have the fields of `T`. */
  #ticks<T extends { InstrumentID: string }>(
    instruments: Names,
    wish: Wish,
    limit?: number,
  ): Stream<T> {
    const put = (tick: DepthMarketData) => stream.put(tick as unknown as T);
    const feed = this.#feeds.ticks(listOf(instruments), wish, put);
    const stream: Stream<T> = this.#fed(feed, (tick) => tick.InstrumentID, limit);
    return stream;
  }

  #fed<T>(feed: Feed, key: (item: T) => string | null, limit?: number): Stream<T> {
    return this.#stream({ key, begin: feed.begin, onClose: feed.end, ...limited(limit) });
  }

  #pushes<T>(handlerOf: (put: (item: T) => void) => Handler, limit?: number): Stream<T> {
    const handlers = this.#hub.handlers;
    const handler = handlerOf((item) => stream.put(item));
    const onClose = () => void handlers.delete(handler);
    const stream: Stream<T> = this.#stream({ onClose, ...limited(limit) });
    handlers.add(handler);
    return stream;
  }

  /** Make a stream that ends with the client. */
  #stream<T>(options: ConstructorParameters<typeof Stream<T>>[0] = {}): Stream<T> {
    const onClose = () => {
      this.#streams.delete(stream);
      options.onClose?.();
    };
    const stream = new Stream<T>({ ...options, onClose });
    this.#streams.add(stream);
    return stream;
  }
}

function limited(limit: number | undefined): { limit?: number } {
  return limit === undefined ? {} : { limit };
}

/** Return what begins the ClientOrderIDs of a client: another one in each run. */
function newPrefix(): string {
  const day = new Date().toISOString().slice(2, 10).replaceAll("-", "");
  const bytes = crypto.getRandomValues(new Uint8Array(6));
  return `${day}-${Array.from(bytes, (one) => one.toString(16).padStart(2, "0")).join("")}`;
}
