/** Conditional orders that the gateway keeps: what is shown of them, and their requests. */

import type { own } from "webctp-client";
import type { Body } from "./gateway";
import { inputOf, type Order, type Terms } from "./ticket";

export const KINDS = ["stop", "profit", "trailing", "oco"] as const;
export type Kind = (typeof KINDS)[number];

export interface Wish {
  kind: Kind;
  /** The order that is sent when the condition is met; its offset is not chosen by the gateway. */
  order: Order;
  /** The trigger of a stop, or of a profit. */
  stop: number;
  profit: number;
  /** By how much a trailing one follows. */
  distance: number;
}

/** Whether it waits, and can be cancelled. */
export const isWaiting = (one: Pick<own.ConditionalStanding, "Status">): boolean =>
  one.Status === "waiting" || one.Status === "paused";

/** What lacks before it can be sent; null where nothing does. */
export function lacking(wish: Wish): "stop" | "profit" | "distance" | "order" | null {
  const isPositive = (value: number) => Number.isFinite(value) && value > 0;
  if ((wish.kind === "stop" || wish.kind === "oco") && !isPositive(wish.stop)) return "stop";
  if ((wish.kind === "profit" || wish.kind === "oco") && !isPositive(wish.profit)) return "profit";
  if (wish.kind === "trailing" && !isPositive(wish.distance)) return "distance";
  const { volume, price } = wish.order;
  return Number.isInteger(volume) && volume > 0 && isPositive(price) ? null : "order";
}

/** The body of an InsertConditional. */
export function conditionalOf(id: string, wish: Wish, terms: Terms): Body {
  const leg = (kind: string, more: Body): Body => ({
    Kind: kind,
    ...more,
    InputOrder: inputOf(wish.order, terms),
  });
  const stop = leg("stop", { TriggerPrice: wish.stop });
  const profit = leg("profit", { TriggerPrice: wish.profit });
  const legs: Record<Kind, Body[]> = {
    stop: [stop],
    profit: [profit],
    trailing: [leg("trailing", { Distance: wish.distance })],
    oco: [stop, profit],
  };
  return { ConditionalID: id, Legs: legs[wish.kind] };
}
