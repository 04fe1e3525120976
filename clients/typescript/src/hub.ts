/** Who gets what is pushed: by instrument and by kind. */

import type { ClientEvent, Handler } from "./handler.js";
import type { Message } from "./made/messages.js";
import type { Bar, RtnBar } from "./made/own.js";
import type { DepthMarketData } from "./made/structs.js";
import type { News } from "./protocol/mirror.js";
import type { SubscriptionWords } from "./protocol/words.js";

const MOST_ROUTES = 65_536;

/** How a stream wants its ticks. */
export interface Wish {
  intervalMs?: number | undefined;
  changes?: boolean | undefined;
  isStale?: boolean | undefined;
  fields?: readonly string[] | undefined;
}

/** Return the words of a subscription that gives several streams what each wants, or more. */
export function wordsOf(wishes: readonly Wish[]): SubscriptionWords {
  const words: SubscriptionWords = {};
  const intervals = wishes.map((one) => one.intervalMs ?? 0);
  if (intervals.length > 0 && !intervals.includes(0)) words.IntervalMs = Math.min(...intervals);
  if (wishes.some((one) => one.changes)) words.Changes = true;
  if (wishes.some((one) => one.isStale)) words.Stale = true;
  if (wishes.length > 0 && wishes.every((one) => one.fields !== undefined)) {
    words.Fields = [...new Set(wishes.flatMap((one) => one.fields ?? []))].sort();
  }
  return words;
}

/** The instruments that a stream wants: by name, by pattern (`rb*`), by product (`@rb`). */
export class Wanted {
  readonly names: readonly string[];
  readonly #plain: ReadonlySet<string>;
  readonly #patterns: readonly RegExp[];

  /** @throws RangeError if no instrument is named. */
  constructor(
    names: readonly string[],
    readonly wish: Wish = {},
  ) {
    if (names.length === 0) {
      throw new RangeError("name an instrument, such as rb2605, a pattern, such as rb*, or @rb");
    }
    this.#plain = new Set(names);
    this.names = [...this.#plain];
    this.#patterns = this.names.filter((one) => /[*?]/.test(one)).map(patternOf);
  }

  /** Return whether it wants an instrument; `main` is the name that brought it about. */
  takes(instrument: string, main: string | undefined): boolean {
    if (main !== undefined) return this.#plain.has(main);
    return this.#plain.has(instrument) || this.#patterns.some((one) => one.test(instrument));
  }
}

function patternOf(name: string): RegExp {
  const escaped = name.replace(/[.+^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${escaped.replaceAll("*", ".*").replaceAll("?", ".")}$`);
}

/** A tick's message, as streams are chosen by it. */
export interface TickMessage {
  DepthMarketData: DepthMarketData | null;
  Stale?: boolean;
  MainContract?: string;
}

type Put<T> = (item: T) => void;

/**
 * The streams of ticks, and which of them take an instrument's.
 *
 * A stream takes either what is news or what is stale: nobody is shown the one for the other.
 */
export class TickStreams {
  readonly #streams = new Map<Put<DepthMarketData>, Wanted>();
  readonly #routes = new Map<string, Put<DepthMarketData>[]>();

  /** Return the words of a name's subscription: of all streams that want it. */
  words(name: string): SubscriptionWords {
    const wanted = [...this.#streams.values()].filter((one) => one.names.includes(name));
    return wordsOf(wanted.map((one) => one.wish));
  }

  add(put: Put<DepthMarketData>, wanted: Wanted): void {
    this.#streams.set(put, wanted);
    this.#routes.clear();
  }

  /** Remove a stream; return the names that no other wants any more. */
  remove(put: Put<DepthMarketData>): string[] {
    const gone = this.#streams.get(put);
    this.#streams.delete(put);
    this.#routes.clear();
    const left = new Set([...this.#streams.values()].flatMap((one) => one.names));
    return gone?.names.filter((name) => !left.has(name)) ?? [];
  }

  /** Hand a tick to who wants it. */
  push(message: TickMessage): void {
    const tick = message.DepthMarketData;
    if (tick === null) return;
    const { MainContract: main, Stale: isStale = false } = message;
    const key = `${tick.InstrumentID} ${main ?? ""} ${isStale}`;
    let found = this.#routes.get(key);
    if (found === undefined) {
      if (this.#routes.size >= MOST_ROUTES) this.#routes.clear();
      found = [...this.#streams]
        .filter(([, one]) => (one.wish.isStale ?? false) === isStale)
        .filter(([, one]) => one.takes(tick.InstrumentID, main))
        .map(([put]) => put);
      this.#routes.set(key, found);
    }
    for (const put of found) put(tick);
  }
}

/**
 * A stream of bars: its instruments and periods, and the last that it has given of each.
 *
 * A bar that is over comes once, also where a subscription is sent again and brings it anew.
 */
export class BarStream {
  readonly #last = new Map<string, string>();

  constructor(
    readonly put: Put<Bar>,
    readonly wanted: Wanted,
    readonly periods: readonly string[],
  ) {}

  /** Give a bar, if it is wanted and news. */
  push(message: RtnBar): void {
    const bar = message.Bar;
    if (!this.periods.includes(bar.Period)) return;
    if (!this.wanted.takes(bar.InstrumentID, message.MainContract)) return;
    const key = `${bar.InstrumentID} ${bar.Period}`;
    if (bar.BeginTime <= (this.#last.get(key) ?? "")) return;
    if (bar.IsClosed) this.#last.set(key, bar.BeginTime);
    this.put(bar);
  }
}

/** All that takes what is pushed to a client. */
export class Hub {
  readonly ticks = new TickStreams();
  /** Those of some fields only. */
  readonly partial = new TickStreams();
  readonly bars = new Set<BarStream>();
  readonly handlers = new Set<Handler>();

  /** Hand on a message of trading that is no tick and no bar. */
  tell(message: Message): void {
    const isReplay = "Replay" in message && message.Replay;
    if (message.MsgType === "RtnOrder" && message.Order !== null) {
      // Of what was before the login the mirror tells what is news, once it has ended.
      if (!isReplay) this.call("onOrder", message.Order);
    } else if (message.MsgType === "RtnTrade" && message.Trade !== null) {
      if (!isReplay) this.call("onTrade", message.Trade);
    } else if (message.MsgType === "RtnPortfolio" || message.MsgType === "RspSubscribePortfolio") {
      for (const position of message.Portfolio?.Positions ?? []) this.call("onPosition", position);
      if (message.Portfolio) this.call("onAccount", message.Portfolio.Account);
    } else if (!isReplay) {
      this.event({ kind: "message", message });
    }
  }

  /** Hand on orders and trades that were missed, and found by other ways. */
  news(news: News): void {
    for (const order of news.orders) this.call("onOrder", order);
    for (const trade of news.trades) this.call("onTrade", trade);
  }

  event(event: ClientEvent): void {
    this.call("onEvent", event);
  }

  /** Call a method of every handler; what one throws surfaces as uncaught, and stops no other. */
  call<K extends keyof Handler>(name: K, item: Parameters<NonNullable<Handler[K]>>[0]): void {
    for (const handler of [...this.handlers]) calling(handler, name, item);
  }
}

/** Call a method of a handler, if it has it; what it throws surfaces as uncaught. */
export function calling<K extends keyof Handler>(
  handler: Handler,
  name: K,
  item: Parameters<NonNullable<Handler[K]>>[0],
): void {
  try {
    (handler[name] as ((item: unknown) => void) | undefined)?.call(handler, item);
  } catch (problem) {
    queueMicrotask(() => {
      throw problem;
    });
  }
}
