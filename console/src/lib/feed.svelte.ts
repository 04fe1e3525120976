/**
 * What a chart shows, on a connection of its own: an instrument is subscribed to in one form per
 * connection, and the watch list has its ticks.
 */

import { Disconnected, type Message, WebctpError } from "webctp-client";
import type { Follower } from "./followers";
import { Session } from "./session.svelte";
import { Ticks } from "./ticks";

/** Instruments whose ticks this page keeps while another is shown. */
const MOST_KEPT = 8;

export class ChartFeed extends Session {
  #wanted: Follower | null = null;
  #ticks = new Map<string, Ticks>();

  /** Follow bars or ticks in the place of those before; gives what ends it. */
  follow(follower: Follower): () => void {
    this.#wanted = follower;
    if (this.isLive) this.#subscribe();
    return () => {
      if (this.#wanted === follower) this.#wanted = null;
      if (!this.isLive) return;
      this.ask("UnSubscribeMarketData", { InstrumentID: [follower.id] }).catch(ignoreRefusal);
    };
  }

  /** The ticks of an instrument that this page has seen on this chart. */
  ticksOf(id: string): Ticks {
    const found = this.#ticks.get(id) ?? new Ticks();
    this.#ticks.delete(id);
    this.#ticks.set(id, found); // the one that was shown last is left out last
    const [oldest] = this.#ticks.keys();
    if (this.#ticks.size > MOST_KEPT && oldest !== undefined) this.#ticks.delete(oldest);
    return found;
  }

  constructor() {
    super("md");
  }

  protected login(): null {
    return null;
  }

  protected onReady(): void {
    this.#subscribe();
  }

  protected onGap(): void {} // each login reads the past anew

  protected onLost(): void {}

  protected onPush(message: Message): void {
    this.#wanted?.push(message);
  }

  #subscribe(): void {
    const wanted = this.#wanted;
    if (wanted === null) return;
    void wanted.subscribe(async (name, fields, words) => {
      const [told] = await Promise.allSettled([this.ask(name, fields, words)]);
      // An answer may be for a chart that shows another by now.
      if (wanted !== this.#wanted) throw new Disconnected("not followed any more", name);
      if (told.status === "rejected") throw told.reason;
      return told.value;
    });
  }
}

/** Leaving a subscription that is gone already is no fault. */
function ignoreRefusal(problem: unknown): void {
  if (!(problem instanceof WebctpError)) throw problem;
}
