/** Sockets without a network, which a gateway on paper answers. */

import type { Socket } from "../src/link.js";
import { PaperGateway } from "./paper.js";

type Taker = ((event: never) => void) | null;

/** A class of sockets at a gateway; `made` are those that were made, the newest last. */
export function paperSockets(gateway = new PaperGateway()) {
  const made: PaperSocket[] = [];

  class PaperSocket implements Socket {
    readyState = 0;
    onopen: Taker = null;
    onmessage: Taker = null;
    onclose: Taker = null;
    onerror: Taker = null;
    readonly sent: Record<string, unknown>[] = [];
    /** Whether it answers what is sent. */
    isMute = false;

    constructor(
      readonly url: string,
      readonly protocols?: string[],
    ) {
      made.push(this);
      if (place.isThere) queueMicrotask(() => this.open());
    }

    open(): void {
      this.readyState = 1;
      this.onopen?.({} as never);
    }

    send(text: string): void {
      this.sent.push(JSON.parse(text) as Record<string, unknown>);
      if (this.isMute) return;
      const told = gateway.take(text);
      queueMicrotask(() => told.forEach((one) => void this.say(one)));
    }

    say(text: string): void {
      if (this.readyState === 1) this.onmessage?.({ data: text } as never);
    }

    close(): void {
      this.readyState = 3;
    }

    /** End it as a network does. */
    breakOff(code = 1006, reason = ""): void {
      this.readyState = 3;
      this.onclose?.({ code, reason } as never);
    }
  }

  const place = {
    /** Whether a gateway is there: else sockets neither open nor close by themselves. */
    isThere: true,
    gateway,
    made,
    WebSocket: PaperSocket,
    get newest(): PaperSocket {
      const found = made.at(-1);
      if (found === undefined) throw new Error("no socket was made");
      return found;
    },
  };
  return place;
}
