/** What an order is to be, and its request: prices on ticks and within limits, offsets. */

import { limitBody, type structs } from "webctp-client";
import type { Word } from "./words";

export type Direction = "0" | "1";
export type Offset = "auto" | "0" | "1" | "3" | "4";

export interface Terms {
  InstrumentID: string;
  ExchangeID: string;
  PriceTick: number;
  VolumeMultiple: number;
  MaxLimitOrderVolume: number;
  MinLimitOrderVolume: number;
}

export interface Order {
  direction: Direction;
  offset: Offset;
  price: number;
  volume: number;
}

export interface Limits {
  upper: number;
  lower: number;
}

export interface Lots {
  today: number;
  older: number;
}

export type Fault = "price" | "tick" | "upper" | "lower" | "volume" | "most" | "least";

/** The exchanges at which closing today's and older lots are two things. */
const APART = new Set(["SHFE", "INE"]);

export const isApart = (exchange: string): boolean => APART.has(exchange);

/** What each offset is called. */
const OFFSETS: Readonly<Record<Offset, Word>> = {
  auto: "auto",
  0: "opens",
  1: "closes",
  3: "closesToday",
  4: "closesOlder",
};

/** The word of an offset as the page or CTP has it; where none is told the gateway chooses. */
export const offsetWord = (offset: string): Word => OFFSETS[offset as Offset] ?? "auto";

/** Those of some offsets that an exchange knows, each with its word. */
export function offered(offsets: readonly Offset[], exchange: string): [Offset, Word][] {
  const known = offsets.filter((one) => isApart(exchange) || (one !== "3" && one !== "4"));
  return known.map((one) => [one, offsetWord(one)]);
}

/** How many decimals prices of a tick have: 0.2 has one, 1 none. */
export function decimals(tick: number): number {
  const [digits, power] = tick.toString().split("e-");
  const fraction = digits?.split(".")[1]?.length ?? 0;
  return fraction + Number(power ?? 0);
}

/** Whether a price is a whole number of ticks; thousandths of a tick are a double's rounding. */
export function isOnTick(price: number, tick: number): boolean {
  const ticks = price / tick;
  return Math.abs(ticks - Math.round(ticks)) < 1e-3;
}

/** The price so many ticks away, rounded to the tick and its decimals. */
export function step(price: number, tick: number, count: number): number {
  return Number(((Math.round(price / tick) + count) * tick).toFixed(decimals(tick)));
}

/** What is wrong with an order before anybody is asked; nothing where that is empty. */
export function faults(order: Order, terms: Terms, limits: Limits | null): Fault[] {
  const found: Fault[] = [];
  if (!Number.isFinite(order.price)) found.push("price");
  else if (!isOnTick(order.price, terms.PriceTick)) found.push("tick");
  else if (limits !== null && order.price > limits.upper) found.push("upper");
  else if (limits !== null && order.price < limits.lower) found.push("lower");
  if (!Number.isInteger(order.volume) || order.volume < 1) found.push("volume");
  else if (order.volume > terms.MaxLimitOrderVolume) found.push("most");
  else if (order.volume < terms.MinLimitOrderVolume) found.push("least");
  return found;
}

/**
 * The offset that a preview asks for in the place of `auto`, which the gateway resolves on sending.
 *
 * @param other lots on the other side that can be closed.
 */
export function likelyOffset(exchange: string, other: Lots): Exclude<Offset, "auto"> {
  if (other.today + other.older === 0) return "0";
  if (!isApart(exchange)) return "1";
  return other.older > 0 ? "4" : "3";
}

/** The body of a ReqOrderInsert or PreviewOrder; the gateway chooses an offset that is left out. */
export function inputOf(order: Order, terms: Terms): structs.Given<structs.InputOrder> {
  const { CombOffsetFlag: offset, ...body } = limitBody({
    instrument: terms.InstrumentID,
    exchange: terms.ExchangeID,
    direction: order.direction,
    offset: order.offset,
    price: order.price,
    volume: order.volume,
  });
  return order.offset === "auto" ? body : { ...body, CombOffsetFlag: offset };
}
