/** Market data: a watch list of quotes, searches. */

import { type Fields, type Message, type own, WebctpError } from "webctp-client";
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

/** A tick's message: `MainContract` is the main contract's name by which it was asked for. */
interface TickMessage {
  DepthMarketData: Tick;
  MainContract?: string;
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
  found = $state.raw<own.FoundInstrument | null>(null);
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

  constructor() {
    super("md");
  }

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
  async options(underlying: string): Promise<own.FoundInstrument[]> {
    return this.#find({ UnderlyingInstrID: underlying, Count: 1_000 });
  }

  async search(text: string): Promise<own.FoundInstrument[]> {
    return this.#find({ Text: text, Count: 20 });
  }

  async #find(by: Fields): Promise<own.FoundInstrument[]> {
    return (await this.ask("QryInstruments", by)) as own.FoundInstrument[];
  }

  protected login(): null {
    return null;
  }

  protected onReady(): void {
    const watched = this.quotes.map((quote) => quote.name);
    this.#subscribe([...new Set([...watched, ...this.followed.keys()])]);
  }

  protected onGap(): void {} // the next tick of each instrument says all

  protected onLost(): void {
    this.#newest.clear();
  }

  protected onPush(message: Message): void {
    switch (message.MsgType) {
      case "RtnDepthMarketData":
        // It has the fields that were asked for, and no unset price (InvalidPrice).
        this.#tick(message as unknown as TickMessage);
        break;
      case "RtnMainContract": {
        const { MainContract: main } = message;
        const quote = this.quotes.find((one) => one.name === main.Name);
        if (quote !== undefined && quote.id !== main.InstrumentID) {
          quote.id = main.InstrumentID;
          quote.tick = null;
          void this.#describe(quote);
        }
        break;
      }
      case "RtnTicksDropped":
        this.dropped += message.TicksDropped.Count;
        break;
    }
  }

  #tick({ DepthMarketData: tick, MainContract: main }: TickMessage): void {
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

  async #quietly(name: string, fields: Fields, words: Fields = {}): Promise<void> {
    try {
      await this.ask(name, fields, words);
      this.trouble = "";
    } catch (problem) {
      this.#say(problem);
    }
  }

  #say(problem: unknown): void {
    if (!(problem instanceof WebctpError)) throw problem;
    if (problem.code !== 0) this.trouble = `${problem.text} ${problem.detail}`.trim();
  }
}
