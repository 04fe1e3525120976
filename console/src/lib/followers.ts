/** What a chart follows on its connection: bars of a period, or the ticks of an instrument. */

import { Disconnected, type Fields, type Message, type own, WebctpError } from "webctp-client";
import { type ChartTick, MOST_POINTS, type Ticks } from "./ticks";

/** Send a request; gives what its answers carry. */
export type Ask = (name: string, fields: Fields, words?: Fields) => Promise<unknown[]>;

export interface Follower {
  readonly id: string;
  /** Ask for the past and for what follows; after a reconnection anew. */
  subscribe(ask: Ask): Promise<void>;
  push(message: Message): void;
}

export interface BarTaker {
  /** A bar that is over, or the one that grows; after a reconnection the past comes again. */
  take: (bar: own.Bar) => void;
  begin: () => void;
  onTrouble: (text: string) => void;
}

const PAST = 500;

export class BarFollower implements Follower {
  constructor(
    readonly id: string,
    readonly period: string,
    readonly taker: BarTaker,
  ) {}

  async subscribe(ask: Ask): Promise<void> {
    const [asked, words] = [{ InstrumentID: [this.id] }, { Bars: [this.period] }];
    this.taker.begin();
    const refused = await refusalOf(ask("SubscribeMarketData", asked, { ...words, History: PAST }));
    if (!refused) return;
    // No past is kept of this one: live bars alone, and the chart says so.
    this.taker.onTrouble(refused);
    await refusalOf(ask("SubscribeMarketData", asked, words));
  }

  push(message: Message): void {
    if (message.MsgType !== "RtnBar") return;
    const { Bar: bar } = message;
    if (bar.InstrumentID === this.id && bar.Period === this.period) this.taker.take(bar);
  }
}

export interface TickTaker {
  /** There are more points than before. */
  take: () => void;
  onTrouble: (text: string) => void;
}

const FIELDS = [
  ...["InstrumentID", "TradingDay", "UpdateTime", "UpdateMillisec"],
  ...["LastPrice", "AveragePrice", "Volume"],
];

/** A tick's message: `Stale` where the front tells an old one again. */
interface TickMessage {
  DepthMarketData: ChartTick & { InstrumentID: string };
  Stale?: boolean;
}

export class TickFollower implements Follower {
  /** Live ticks while the past is asked for, each with when it came; null while they are taken. */
  #waiting: [ChartTick, number][] | null = [];
  #turn = 0;

  constructor(
    readonly id: string,
    readonly ticks: Ticks,
    readonly taker: TickTaker,
    readonly now: () => number = () => Date.now() / 1000,
  ) {}

  async subscribe(ask: Ask): Promise<void> {
    this.#turn += 1;
    const turn = this.#turn;
    this.#waiting = [];
    // Live ticks first: what comes in meanwhile is in the past that is asked for, too.
    const [isLive, past] = await Promise.all([
      refusalOf(ask("SubscribeMarketData", { InstrumentID: [this.id] }, { Fields: FIELDS })),
      this.#past(ask),
    ]);
    if (turn !== this.#turn || past === "") return;
    if (isLive) this.taker.onTrouble(isLive);
    const waiting = this.#waiting;
    this.#waiting = null;
    const rows = typeof past === "string" ? [] : past;
    // Nothing tells what came since this page saw the last one.
    if (rows.length + waiting.length === 0) this.ticks.break();
    this.ticks.addPast(rows, this.now());
    this.ticks.addLive(waiting);
    this.taker.take();
  }

  push(message: Message): void {
    switch (message.MsgType) {
      case "RtnDepthMarketData":
        this.#tick(message as unknown as TickMessage);
        break;
      case "RtnTicksDropped": {
        const { InstrumentID: named } = message.TicksDropped;
        if (named === undefined || named.includes(this.id)) this.ticks.break();
        break;
      }
      case "RtnSessionState":
        // What the front does not tell the gateway is in no history.
        if (message.SessionState.State !== "ready") this.ticks.break();
        break;
    }
  }

  #tick({ DepthMarketData: tick, Stale: isStale }: TickMessage): void {
    if (tick.InstrumentID !== this.id || isStale) return;
    if (this.#waiting !== null) {
      this.#waiting.push([tick, this.now()]);
      return;
    }
    this.ticks.add(tick, this.now());
    this.taker.take();
  }

  /** The ticks that the gateway has kept; the reason where it keeps none, empty for a lost line. */
  async #past(ask: Ask): Promise<ChartTick[] | string> {
    try {
      const asked = { InstrumentID: this.id, Count: MOST_POINTS };
      return (await ask("QryTicks", asked)) as ChartTick[];
    } catch (problem) {
      return reasonOf(problem);
    }
  }
}

/** Why a request was refused, empty for a line that broke; null where it was taken. */
async function refusalOf(answer: Promise<unknown>): Promise<string | null> {
  try {
    await answer;
    return null;
  } catch (problem) {
    return reasonOf(problem);
  }
}

function reasonOf(problem: unknown): string {
  if (!(problem instanceof WebctpError)) throw problem;
  // After a line that broke the next login asks anew.
  return problem instanceof Disconnected ? "" : problem.detail || problem.text;
}
