/** Numbers and times as they are shown. */

import { decimals } from "./ticket";

/** A price with the decimals of its tick; a dash where there is none (CTP's unset reads 0). */
export function price(value: number | null | undefined, tick: number): string {
  if (value === null || value === undefined || !Number.isFinite(value) || value === 0) return "–";
  return value.toFixed(tick > 0 ? decimals(tick) : 2);
}

const YUAN = new Intl.NumberFormat("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const WHOLE = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });

export const yuan = (value: number | null | undefined): string =>
  value === null || value === undefined ? "–" : YUAN.format(value);

export const lots = (value: number | null | undefined): string =>
  value === null || value === undefined ? "–" : WHOLE.format(value);

export const percent = (value: number | null | undefined): string =>
  value === null || value === undefined ? "–" : `${(value * 100).toFixed(2)}%`;

/** The time of day of a moment, in China. */
export const clock = (moment: number): string =>
  new Date(moment).toLocaleTimeString("en-GB", { timeZone: "Asia/Shanghai" });

/** Seconds since 1970 as a chart shows them, which knows no zones: China's time of day. */
export const chartTime = (iso: string): number => Date.parse(iso) / 1000 + 8 * 3600;

/** A change since the settlement before, with its sign. */
export const signed = (value: number, tick: number): string =>
  `${value > 0 ? "+" : ""}${value.toFixed(decimals(tick))}`;
