/** Market data: a watch list of quotes, searches. */

import { type Body, type Message, Refused } from "./line";
import { Session } from "./session.svelte";

/** A tick as the console asks for it; five levels of which unset prices read 0. */
export interface Tick {
  InstrumentID: string;
  ExchangeID: string;
  TradingDay: string;
  LastPrice: number;
  PreSettlementPrice: number;
  OpenPrice: number;
  HighestPrice: number;
  LowestPrice: number;
  UpperLimitPrice: number;
  LowerLimitPrice: number;
  Volume: number;
  OpenInterest: number;
  UpdateTime: string;
  UpdateMillisec: number;
  [level: string]: string | number;
}

export interface Found {
  InstrumentID: string;
  ExchangeID: string;
  InstrumentName: string;
  PriceTick: number;
  VolumeMultiple: number;
}

export const LEVELS = [1, 2, 3, 4, 5] as const;
const FIELDS = [
  ...["InstrumentID", "ExchangeID", "TradingDay", "LastPrice", "PreSettlementPrice", "OpenPrice"],
  ...["HighestPrice", "LowestPrice", "UpperLimitPrice", "LowerLimitPrice", "Volume"],
  ...["OpenInterest", "UpdateTime", "UpdateMillisec"],
  ...LEVELS.flatMap((n) => [`BidPrice${n}`, `BidVolume${n}`, `AskPrice${n}`, `AskVolume${n}`]),
];

/** A row of the watch list: an instrument, or a main contract such as @rb and whom it stands for. */
export class Quote {
  id = $state("");
  tick = $state.raw<Tick | null>(null);
  found = $state.raw<Found | null>(null);
  /** 1 where the last price rose with the last change, -1 where it fell; `beat` counts changes. */
  moved = $state(0);
  beat = $state(0);

  constructor(readonly name: string) {
    if (!name.startsWith("@")) this.id = name;
  }

  take(tick: Tick): void {
    const before = this.tick;
    if (before !== null && before.InstrumentID === tick.InstrumentID) {
      const change = Math.sign(tick.LastPrice - before.LastPrice);
      if (change !== 0) {
        this.moved = change;
        this.beat += 1;
      }
    }
    this.tick = tick;
  }
}

export class Market extends Session {
  quotes = $state<Quote[]>([]);
  /** Of instruments that a panel shows, and the watch list need not have. */
  followed = $state.raw<Map<string, Quote>>(new Map());
  dropped = $state(0);
  /** What the gateway said of a subscription that it did not take. */
  trouble = $state("");
  #newest = new Map<Quote, Tick>();
  #frame = 0;

  /** Have these rows, in this order; what was there before keeps its quotes. */
  watch(names: string[]): void {
    const before = new Map(this.quotes.map((quote) => [quote.name, quote]));
    const wanted = [...new Set(names)];
    this.quotes = wanted.map((name) => before.get(name) ?? new Quote(name));
    const added = wanted.filter((name) => !before.has(name));
    const gone = [...before.keys()].filter((name) => !wanted.includes(name));
    if (!this.isLive) return;
    const left = gone.filter((name) => !this.followed.has(name));
    if (left.length > 0) void this.#quietly("UnSubscribeMarketData", { InstrumentID: left });
    this.#subscribe(added);
  }

  /** Have the ticks of these besides the watch list, in the place of those before. */
  follow(names: string[]): void {
    const before = this.followed;
    this.followed = new Map(names.map((name) => [name, before.get(name) ?? new Quote(name)]));
    if (!this.isLive) return;
    const watched = new Set(this.quotes.map((quote) => quote.name));
    const gone = [...before.keys()].filter((one) => !this.followed.has(one) && !watched.has(one));
    if (gone.length > 0) void this.#quietly("UnSubscribeMarketData", { InstrumentID: gone });
    this.#subscribe(names.filter((name) => !before.has(name) && !watched.has(name)));
  }

  /** The options on an instrument that the gateway knows, by their strikes. */
  async options(underlying: string): Promise<Found[]> {
    const answers = await this.ask("QryInstruments", {
      QryInstruments: { UnderlyingInstrID: underlying, Count: 1_000 },
    });
    return answers.flatMap((one) => (one.Instrument ? [one.Instrument as Found] : []));
  }

  async search(text: string): Promise<Found[]> {
    const answers = await this.ask("QryInstruments", { QryInstruments: { Text: text, Count: 20 } });
    return answers.flatMap((one) => (one.Instrument ? [one.Instrument as Found] : []));
  }

  protected credentials(): [Body, Body] {
    return [{ ReqUserLogin: {} }, {}];
  }

  protected probe(): [string, Body] {
    return ["QryInstruments", { QryInstruments: { Text: "rb", Count: 1 } }];
  }

  protected onReady(): void {
    const watched = this.quotes.map((quote) => quote.name);
    this.#subscribe([...new Set([...watched, ...this.followed.keys()])]);
  }

  protected onLost(): void {
    this.#newest.clear();
  }

  protected onPush(message: Message): void {
    switch (message.MsgType) {
      case "RtnDepthMarketData":
        this.#tick(message.DepthMarketData as Tick, message.MainContract as string | undefined);
        break;
      case "RtnMainContract": {
        const main = message.MainContract as { Name: string; InstrumentID: string };
        const quote = this.quotes.find((one) => one.name === main.Name);
        if (quote !== undefined && quote.id !== main.InstrumentID) {
          quote.id = main.InstrumentID;
          quote.tick = null;
          void this.#describe(quote);
        }
        break;
      }
      case "RtnTicksDropped":
        this.dropped += (message.TicksDropped as { Count: number }).Count;
        break;
    }
  }

  #tick(tick: Tick, main: string | undefined): void {
    const name = main ?? tick.InstrumentID;
    const quote = this.quotes.find((one) => one.name === name);
    const followed = this.followed.get(name);
    if (quote === undefined && followed === undefined) return;
    // Shown once a frame, however many come in between; a hidden page draws none.
    if (quote !== undefined) this.#newest.set(quote, tick);
    if (followed !== undefined) this.#newest.set(followed, tick);
    if (this.#frame === 0) this.#frame = requestAnimationFrame(() => this.#show());
  }

  #show(): void {
    this.#frame = 0;
    for (const [quote, tick] of this.#newest) quote.take(tick);
    this.#newest.clear();
  }

  #subscribe(names: string[]): void {
    if (names.length === 0) return;
    void this.#quietly("SubscribeMarketData", { InstrumentID: names }, { Fields: FIELDS });
    for (const quote of this.quotes) {
      if (names.includes(quote.name) && quote.id !== "") void this.#describe(quote);
    }
  }

  async #describe(quote: Quote): Promise<void> {
    const id = quote.id;
    try {
      const found = (await this.search(id)).find((one) => one.InstrumentID === id);
      if (quote.id === id) quote.found = found ?? null;
    } catch (problem) {
      this.#say(problem);
    }
  }

  async #quietly(msgType: string, body: Body, words: Body = {}): Promise<void> {
    try {
      await this.ask(msgType, body, words);
      this.trouble = "";
    } catch (problem) {
      this.#say(problem);
    }
  }

  #say(problem: unknown): void {
    if (!(problem instanceof Refused)) throw problem;
    if (problem.code !== 0) this.trouble = `${problem.message} ${problem.detail}`.trim();
  }
}
