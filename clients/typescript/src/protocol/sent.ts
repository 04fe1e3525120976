/** Orders and actions that were sent: what became of each, without sockets or time. */

import { errorOf, OrderUnknown, WebctpError } from "../errors.js";
import type { ClientOrderState } from "../made/own.js";
import type { Order } from "../made/structs.js";
import { type Fate, fateAfter, isDoubtful, isOver } from "./fate.js";

const ENDED: readonly string[] = ["0", "2", "4", "5"];
const INSERT_REJECTED = "4";
const INSERT = "ReqOrderInsert";

/** Whether nothing more can trade of an order with this OrderStatus. */
export function isEnded(orderStatus: string): boolean {
  return ENDED.includes(orderStatus);
}

/**
 * An order or action that was sent, and what is known of it.
 *
 * `state` is the newest that the gateway has told of its ClientOrderID, `order` CTP's own newest
 * word, `instrument` what it was sent for. `error` is why it was refused, or why its fate is not known.
 */
export class SentState {
  fate: Fate = "sent";
  state: ClientOrderState | null = null;
  order: Order | null = null;
  error: WebctpError | null = null;
  onChange: (() => void) | null = null;
  /** Since when nobody has told of it, its connection being broken; since when it is vague. */
  untoldSince: number | null = null;
  vagueSince: number | null = null;

  constructor(
    readonly request: string,
    readonly clientOrderId: string,
    readonly requestId: number,
    readonly instrument = "",
  ) {}

  /** Whether CTP has told of it, or it was refused. */
  get isKnown(): boolean {
    return this.isDone || this.fate === "known" || this.fate === "adrift";
  }

  /** Whether nothing more will become of it. */
  get isDone(): boolean {
    return isOver(this.fate);
  }

  /** Whether its connection broke, or the gateway cannot know, and nothing newer was told. */
  get isDoubtful(): boolean {
    return isDoubtful(this.fate);
  }

  /** CTP's OrderStatus, as it was told last; empty before. */
  get orderStatus(): string {
    const told = this.state?.OrderStatus ?? "";
    const mine = this.order?.OrderStatus ?? "";
    return isEnded(mine) ? mine : told || mine;
  }

  /** Lots that have traded. */
  get volumeTraded(): number {
    return Math.max(this.state?.VolumeTraded ?? 0, this.order?.VolumeTraded ?? 0);
  }

  /** Enter that the connection broke on which it was sent. */
  broke(now: number): void {
    this.fate = fateAfter(this.fate, "broke");
    if (this.fate === "doubted") this.untoldSince ??= now;
  }

  /** Enter what the gateway tells of its ClientOrderID. */
  told(state: ClientOrderState, now: number): void {
    if (this.fate === "ended" || this.fate === "refused") return;
    this.state = state;
    this.untoldSince = null;
    if (state.Status === "unknown") {
      this.vagueSince ??= now;
      this.fate = fateAfter(this.fate, "shrug");
    } else {
      this.vagueSince = null;
      this.#toldMore(state);
    }
    if (this.fate !== "unknown" && this.error instanceof OrderUnknown) this.error = null;
    this.onChange?.();
  }

  /** Enter CTP's own word. */
  toldOrder(order: Order): void {
    this.order = order;
    this.untoldSince = null;
    if (this.error instanceof OrderUnknown) this.error = null;
    if (!isEnded(order.OrderStatus)) {
      this.fate = fateAfter(this.fate, "ctp");
    } else if (order.OrderSubmitStatus === INSERT_REJECTED) {
      this.fate = fateAfter(this.fate, "refuse");
      this.error = errorOf(0, order.StatusMsg, "", this.request);
    } else {
      this.fate = fateAfter(this.fate, "end");
    }
    this.onChange?.();
  }

  /** Enter that it was refused. */
  refused(problem: WebctpError): void {
    if (this.isDone) return;
    this.fate = fateAfter(this.fate, "refuse");
    this.error = problem;
    this.onChange?.();
  }

  /** Enter that nobody can say what became of it. */
  givenUp(why: string): void {
    if (this.isDone) return;
    this.fate = fateAfter(this.fate, "despair");
    this.error = new OrderUnknown(why, this.request);
    this.onChange?.();
  }

  /** Return whether a push is of this order. */
  isOf(order: Order): boolean {
    if (this.request !== INSERT) return false;
    if (!this.clientOrderId) return order.RequestID === this.requestId;
    const state = this.state;
    return (
      state !== null &&
      state.FrontID === order.FrontID &&
      state.SessionID === order.SessionID &&
      state.OrderRef.trim() === order.OrderRef.trim()
    );
  }

  #toldMore(state: ClientOrderState): void {
    if (state.Status === "refused") {
      this.fate = fateAfter(this.fate, "refuse");
      this.error = errorOf(state.ErrorID, state.ErrorMsg, "", this.request);
    } else if (state.Status !== "known") {
      this.fate = fateAfter(this.fate, "gateway");
    } else if (this.request === INSERT && !isEnded(state.OrderStatus)) {
      this.fate = fateAfter(this.fate, "ctp");
    } else if (this.request === INSERT && state.OrderSubmitStatus === INSERT_REJECTED) {
      this.fate = fateAfter(this.fate, "refuse");
      // CTP's own push, which says why, comes next.
      const text = state.ErrorMsg || "the exchange refused it";
      this.error = new WebctpError("CtpError", state.ErrorID, text, "", this.request);
    } else {
      this.fate = fateAfter(this.fate, "end");
    }
  }
}
