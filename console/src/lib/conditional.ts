/** Conditional orders that the gateway keeps: what is shown of them, and their requests. */

import type { own } from "webctp-client";
import type { Body } from "./gateway";
import { inputOf, isApart, type Order, type Terms } from "./ticket";
import type { Word } from "./words";

export const KINDS = ["stop", "profit", "trailing", "oco", "time", "bracket"] as const;
export type Kind = (typeof KINDS)[number];

export interface Wish {
  kind: Kind;
  /** The order that is sent when the condition is met; its offset is not chosen by the gateway. */
  order: Order;
  /** The trigger of a stop, or of a profit; of a bracket 0 for none. */
  stop: number;
  profit: number;
  /** By how much a trailing one follows. */
  distance: number;
  /** China's time of an order at a time, as HH:MM or HH:MM:SS. */
  at: string;
  /** The price of a bracket's closing order, once its stop is met. */
  guard: number;
}

/** A field of the form, and what it is called. */
export type Wanted = "stop" | "profit" | "distance" | "at" | "guard";

/** What each kind asks for beside its order. */
export const FIELDS: Readonly<Record<Kind, readonly (readonly [Wanted, Word])[]>> = {
  stop: [["stop", "stopPrice"]],
  profit: [["profit", "profitPrice"]],
  trailing: [["distance", "distance"]],
  oco: [
    ["stop", "stopPrice"],
    ["profit", "profitPrice"],
  ],
  time: [["at", "atTime"]],
  bracket: [
    ["stop", "stopPrice"],
    ["guard", "guardPrice"],
    ["profit", "profitPrice"],
  ],
};

/** Whether it waits, and can be cancelled. */
export const isWaiting = (one: Pick<own.ConditionalStanding, "Status">): boolean =>
  one.Status === "waiting" || one.Status === "paused";

const isPositive = (value: number): boolean => Number.isFinite(value) && value > 0;

/** What lacks before it can be sent; null where nothing does. */
export function lacking(wish: Wish): Wanted | "order" | null {
  const wanted = FIELDS[wish.kind].map(([name]) => name);
  const lacks = (name: Wanted): boolean =>
    name === "at" ? !/^\d\d:\d\d(:\d\d)?$/.test(wish.at) : !isPositive(wish[name]);
  // A bracket protects by a stop, by a profit, or by both.
  const needed = wish.kind === "bracket" ? protectedBy(wish, wanted) : wanted;
  const missing = needed.find(lacks);
  if (missing !== undefined) return missing;
  const { volume, price } = wish.order;
  return Number.isInteger(volume) && volume > 0 && isPositive(price) ? null : "order";
}

/** Of a bracket's fields those that it needs, by what else is given. */
function protectedBy(wish: Wish, wanted: readonly Wanted[]): readonly Wanted[] {
  const hasProfit = isPositive(wish.profit);
  const hasStop = isPositive(wish.stop) || isPositive(wish.guard) || !hasProfit;
  return wanted.filter((name) => (name === "profit" ? hasProfit : hasStop));
}

/** The body of an InsertConditional. */
export function conditionalOf(id: string, wish: Wish, terms: Terms): Body {
  const leg = (kind: string, more: Body, order = wish.order): Body => ({
    Kind: kind,
    ...more,
    InputOrder: inputOf(order, terms),
  });
  const stop = leg("stop", { TriggerPrice: wish.stop });
  const profit = leg("profit", { TriggerPrice: wish.profit });
  const legs: Record<Kind, () => Body[]> = {
    stop: () => [stop],
    profit: () => [profit],
    trailing: () => [leg("trailing", { Distance: wish.distance })],
    oco: () => [stop, profit],
    time: () => [leg("time", { At: wish.at.length === 5 ? `${wish.at}:00` : wish.at })],
    bracket: () => [leg("now", {}, { ...wish.order, offset: "0" })],
  };
  const body: Body = { ConditionalID: id, Legs: legs[wish.kind]() };
  return wish.kind === "bracket" ? { ...body, Protect: protection(wish, terms) } : body;
}

/** The conditions that protect what a bracket opens: of the other side, closing, without lots. */
function protection(wish: Wish, terms: Terms): Body[] {
  const closing = (price: number): Body => {
    const { VolumeTotalOriginal: _, ...body } = inputOf(
      {
        direction: wish.order.direction === "0" ? "1" : "0",
        offset: isApart(terms.ExchangeID) ? "3" : "1",
        price,
        volume: wish.order.volume,
      },
      terms,
    );
    return body;
  };
  const found: Body[] = [];
  if (isPositive(wish.stop)) {
    found.push({ Kind: "stop", TriggerPrice: wish.stop, InputOrder: closing(wish.guard) });
  }
  if (isPositive(wish.profit)) {
    found.push({ Kind: "profit", TriggerPrice: wish.profit, InputOrder: closing(wish.profit) });
  }
  return found;
}
