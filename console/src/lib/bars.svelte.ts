/**
 * The bars of a chart, on a connection of its own: an instrument is subscribed to in one form per
 * connection, and the watch list has its ticks.
 */

import { type Message, type own, WebctpError } from "webctp-client";
import { Session } from "./session.svelte";

export interface BarTaker {
  /** A bar that is over, or the one that grows; after a reconnection the past comes again. */
  take: (bar: own.Bar) => void;
  begin: () => void;
  onTrouble: (text: string) => void;
}

const PAST = 500;

export class BarFeed extends Session {
  #wanted: { id: string; period: string; taker: BarTaker } | null = null;

  /** Follow the bars of one instrument; gives what ends it. */
  follow(id: string, period: string, taker: BarTaker): () => void {
    const mine = { id, period, taker };
    this.#wanted = mine;
    if (this.isLive) void this.#subscribe();
    return () => {
      if (this.#wanted === mine) this.#wanted = null;
      if (!this.isLive) return;
      this.ask("UnSubscribeMarketData", { InstrumentID: [id] }).catch(ignoreRefusal);
    };
  }

  constructor() {
    super("md");
  }

  protected login(): null {
    return null;
  }

  protected onReady(): void {
    void this.#subscribe();
  }

  protected onGap(): void {} // each login reads the past anew

  protected onLost(): void {}

  protected onPush(message: Message): void {
    if (message.MsgType !== "RtnBar" || this.#wanted === null) return;
    const { Bar: bar } = message;
    const { id, period, taker } = this.#wanted;
    if (bar.InstrumentID === id && bar.Period === period) taker.take(bar);
  }

  async #subscribe(): Promise<void> {
    const wanted = this.#wanted;
    if (wanted === null) return;
    const [asked, words] = [{ InstrumentID: [wanted.id] }, { Bars: [wanted.period] }];
    wanted.taker.begin();
    try {
      await this.ask("SubscribeMarketData", asked, { ...words, History: PAST });
    } catch (problem) {
      if (!(problem instanceof WebctpError)) throw problem;
      if (problem.code === 0 || wanted !== this.#wanted) return;
      // No past is kept of this one: live bars alone, and the chart says so.
      wanted.taker.onTrouble(problem.detail || problem.text);
      this.ask("SubscribeMarketData", asked, words).catch(ignoreRefusal);
    }
  }
}

/** The next subscription says what is wrong; leaving one that is gone already is no fault. */
function ignoreRefusal(problem: unknown): void {
  if (!(problem instanceof WebctpError)) throw problem;
}
