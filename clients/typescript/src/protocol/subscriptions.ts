/** What a connection has subscribed to, for the connection after it. */

import type { SubscriptionWords } from "./words.js";

/** The subscriptions of market data: instruments, each with the words beside it. */
export class Subscriptions {
  readonly #kept: Record<string, Map<string, string>> = {
    SubscribeMarketData: new Map(),
    SubscribeForQuoteRsp: new Map(),
  };

  /** Enter a subscription, or the end of one. */
  enter(request: string, names: readonly string[], words: SubscriptionWords): void {
    const kept = this.#kept[request.replace("UnSub", "Sub")];
    // What is past is not to be told again.
    const { History: _, ...lasting } = words;
    const text = JSON.stringify(lasting);
    for (const name of names) {
      if (request.startsWith("UnSub")) kept?.delete(name);
      else kept?.set(name, text);
    }
  }

  /**
   * Return those instruments which a request still serves.
   *
   * A connection begins without subscriptions: there is nothing for it to end.
   */
  wanted(request: string, names: readonly string[]): string[] {
    return names.filter((name) => this.#kept[request]?.has(name));
  }

  /** Return the messages that bring all of it about, without a RequestID. */
  messages(): { MsgType: string; InstrumentID: string[] }[] {
    return Object.entries(this.#kept).flatMap(([request, kept]) => {
      const groups = new Map<string, string[]>();
      for (const [name, words] of kept) {
        const group = groups.get(words);
        if (group === undefined) groups.set(words, [name]);
        else group.push(name);
      }
      return Array.from(groups, ([words, names]) => ({
        MsgType: request,
        InstrumentID: names,
        ...(JSON.parse(words) as SubscriptionWords),
      }));
    });
  }
}
