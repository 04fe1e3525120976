/** An order or action that was sent, as a program holds it. */

import { TimedOut, type WebctpError } from "./errors.js";
import type { ClientOrderState } from "./made/own.js";
import type { Order } from "./made/structs.js";
import type { Fate } from "./protocol/fate.js";
import type { SentState } from "./protocol/sent.js";

/**
 * An order or action on its way.
 *
 * It is sent once, whatever happens to the connection: its ClientOrderID is asked for again after a
 * break, and the gateway sends nothing twice.
 */
export class SentOrder {
  readonly #state: SentState;
  #waiters: (() => void)[] = [];

  constructor(state: SentState) {
    this.#state = state;
    const before = state.onChange;
    state.onChange = () => {
      before?.();
      this.#changed();
    };
  }

  /** The name that was given to it; empty for none. */
  get clientOrderId(): string {
    return this.#state.clientOrderId;
  }

  /** The instrument that it was sent for. */
  get instrument(): string {
    return this.#state.instrument;
  }

  /** What has become of it so far. */
  get fate(): Fate {
    return this.#state.fate;
  }

  /** CTP's OrderStatus; empty before CTP has told of it. */
  get orderStatus(): string {
    return this.#state.orderStatus;
  }

  /** Lots that have traded. */
  get volumeTraded(): number {
    return this.#state.volumeTraded;
  }

  /** The gateway's newest word on its ClientOrderID. */
  get state(): ClientOrderState | null {
    return this.#state.state;
  }

  /** CTP's newest push of it. */
  get order(): Order | null {
    return this.#state.order;
  }

  /** Why it was refused, or why its fate is not known; null while it was not. */
  get error(): WebctpError | null {
    return this.#state.error;
  }

  /** Whether CTP has told of it, or it was refused. */
  get isKnown(): boolean {
    return this.#state.isKnown;
  }

  /** Whether nothing more will become of it. */
  get isDone(): boolean {
    return this.#state.isDone;
  }

  /**
   * Wait until an order has traded, or was cancelled; until an action was taken.
   *
   * @throws WebctpError if it was refused; `OrderUnknown` where nobody can say what became of it;
   *   `TimedOut` after so many milliseconds.
   */
  done(milliseconds = Number.POSITIVE_INFINITY): Promise<this> {
    return this.#until(() => this.isDone, milliseconds);
  }

  /** Wait until CTP has told of it; errors as of `done`. */
  known(milliseconds = Number.POSITIVE_INFINITY): Promise<this> {
    return this.#until(() => this.isKnown, milliseconds);
  }

  async #until(met: () => boolean, milliseconds: number): Promise<this> {
    let isLate = false;
    const timer = Number.isFinite(milliseconds)
      ? setTimeout(() => {
          isLate = true;
          this.#changed();
        }, milliseconds)
      : undefined;
    try {
      while (!met()) {
        if (isLate) {
          const told = `${this.clientOrderId || "the order"} is ${this.fate} after ${milliseconds} ms`;
          throw new TimedOut(told, this.#state.request);
        }
        await new Promise<void>((resolve) => this.#waiters.push(resolve));
      }
    } finally {
      clearTimeout(timer);
    }
    if (this.error !== null) throw this.error;
    return this;
  }

  #changed(): void {
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const one of waiters) one();
  }
}
