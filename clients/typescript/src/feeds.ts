/** Subscriptions to market data that begin and end with a program's iterators. */

import type { Connections } from "./connections.js";
import { BarStream, type Hub, type TickStreams, Wanted, type Wish } from "./hub.js";
import type { Bar } from "./made/own.js";
import type { DepthMarketData } from "./made/structs.js";
import type { SubscriptionWords } from "./protocol/words.js";

const SUBSCRIBE = "SubscribeMarketData";
const UNSUBSCRIBE = "UnSubscribeMarketData";

/** The connections of market data: one for ticks, for ticks of some fields, for bars. */
export type FeedName = "md" | "partial" | "bars";

/** How a subscription begins, and how it ends. */
export interface Feed {
  begin: () => Promise<void>;
  end: () => void;
}

export interface BarWish {
  periods?: readonly string[];
  /** So many bars of the past come first, where the gateway keeps them. */
  history?: number;
  /** For a thin line: the gateway sends what has changed, and whole bars are made of it. */
  changes?: boolean;
}

/**
 * A client's subscriptions. An instrument stays subscribed to until no iterator wants it.
 *
 * Ticks and bars have a connection each: the gateway sends bars in the place of ticks.
 */
export class Feeds {
  readonly #hub: Hub;
  readonly #connections: Connections;

  constructor(hub: Hub, connections: Connections) {
    this.#hub = hub;
    this.#connections = connections;
  }

  /**
   * Return a feed of ticks; those of some fields have a connection of their own.
   *
   * @throws RangeError if no instrument is named.
   */
  ticks(instruments: readonly string[], wish: Wish, put: (tick: DepthMarketData) => void): Feed {
    const wanted = new Wanted(instruments, wish);
    const name = wish.fields === undefined ? "md" : "partial";
    const streams = wish.fields === undefined ? this.#hub.ticks : this.#hub.partial;
    return {
      begin: async () => {
        streams.add(put, wanted);
        for (const [words, names] of grouped(streams, wanted.names)) {
          await this.#subscribe(name, names, words);
        }
      },
      end: () => {
        const before = new Map(wanted.names.map((one) => [one, textOf(streams, one)]));
        const gone = streams.remove(put);
        this.#unsubscribe(name, gone);
        const left = wanted.names.filter((one) => !gone.includes(one));
        const changed = left.filter((one) => textOf(streams, one) !== before.get(one));
        for (const [words, names] of grouped(streams, changed)) this.#change(name, names, words);
      },
    };
  }

  /**
   * Return a feed of bars.
   *
   * @throws RangeError if no instrument is named.
   */
  bars(instruments: readonly string[], wish: BarWish, put: (bar: Bar) => void): Feed {
    const stream = new BarStream(put, new Wanted(instruments), wish.periods ?? ["1m"]);
    const bars = this.#hub.bars;
    return {
      begin: async () => {
        bars.add(stream);
        const periods = new Set([...bars].flatMap((one) => one.periods));
        const words: SubscriptionWords = { Bars: [...periods].sort() };
        if (wish.history !== undefined) words.History = wish.history;
        if (wish.changes) words.Changes = true;
        await this.#subscribe("bars", stream.wanted.names, words);
      },
      end: () => {
        if (!bars.delete(stream)) return;
        const left = new Set([...bars].flatMap((one) => one.wanted.names));
        const gone = stream.wanted.names.filter((name) => !left.has(name));
        this.#unsubscribe("bars", gone);
      },
    };
  }

  async #subscribe(name: FeedName, instruments: readonly string[], words: SubscriptionWords) {
    const link = this.#connections.get(name);
    await link.ready();
    const requestId = link.core.subscribe(SUBSCRIBE, instruments, words);
    await this.#connections.answer(link, requestId, SUBSCRIBE);
  }

  /** Have a subscription's words changed, without waiting for the answer. */
  #change(name: FeedName, instruments: readonly string[], words: SubscriptionWords): void {
    const link = this.#connections.find(name);
    if (link === undefined) return;
    if (!link.core.isReady) {
      link.core.subscriptions.enter(SUBSCRIBE, instruments, words);
      return;
    }
    link.core.subscribe(SUBSCRIBE, instruments, words);
    link.flush();
  }

  /** End a subscription that no iterator needs, without waiting for its answer. */
  #unsubscribe(name: FeedName, instruments: readonly string[]): void {
    const link = this.#connections.find(name);
    if (link === undefined || instruments.length === 0) return;
    link.core.subscriptions.enter(UNSUBSCRIBE, instruments, {});
    if (!link.core.isReady) return;
    link.core.ask(UNSUBSCRIBE, { InstrumentID: instruments });
    link.flush();
  }
}

function textOf(streams: TickStreams, name: string): string {
  return JSON.stringify(streams.words(name));
}

/** Return the names that are subscribed to with the same words, and the words. */
function grouped(
  streams: TickStreams,
  names: readonly string[],
): Iterable<[SubscriptionWords, string[]]> {
  const groups = new Map<string, [SubscriptionWords, string[]]>();
  for (const name of names) {
    const words = streams.words(name);
    const key = JSON.stringify(words);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [words, [name]]);
    else group[1].push(name);
  }
  return groups.values();
}
