/** The rungs of a price ladder: which prices it shows, and what rests at each. */

import type { CtpOrder } from "./orders";
import { decimals } from "./ticket";

export const RUNGS = 25;
/** How many ticks a rung may hold. */
export const GROUPS = [1, 2, 5, 10] as const;
/** Rungs from either end at which the last price has left the ladder. */
const MARGIN = 2;

export interface Scale {
  tick: number;
  /** Ticks a rung. */
  group: number;
}

/** The rung of a price, counted from 0: of a bid downwards, of an ask upwards, never better. */
export function rungOf(price: number, scale: Scale, way: "down" | "up"): number {
  const ticks = Math.round(price / scale.tick);
  return way === "down" ? Math.floor(ticks / scale.group) : Math.ceil(ticks / scale.group);
}

export const priceOf = (rung: number, scale: Scale): number =>
  Number((rung * scale.group * scale.tick).toFixed(decimals(scale.tick)));

/** The rungs of a ladder around one, the highest first. */
export const rungsAround = (middle: number): number[] =>
  Array.from({ length: RUNGS }, (_, place) => middle + Math.floor(RUNGS / 2) - place);

/** Whether a rung is at an end of the ladder, or beyond. */
export const isAtTheEnd = (rung: number, middle: number): boolean =>
  Math.abs(rung - middle) > Math.floor(RUNGS / 2) - MARGIN;

/** Add up volumes by their rungs. */
export function volumesBy(
  levels: readonly [price: number, volume: number][],
  scale: Scale,
  way: "down" | "up",
): Map<number, number> {
  const found = new Map<number, number>();
  for (const [price, volume] of levels) {
    if (price <= 0) continue;
    const rung = rungOf(price, scale, way);
    found.set(rung, (found.get(rung) ?? 0) + volume);
  }
  return found;
}

/** On which rung an own order is shown: as its side of the book. */
export const rungOfOrder = (
  order: Pick<CtpOrder, "LimitPrice" | "Direction">,
  scale: Scale,
): number => rungOf(order.LimitPrice, scale, order.Direction === "0" ? "down" : "up");
