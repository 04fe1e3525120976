/** What a chart may show: bars of a length, or each tick. */

/** The period of a chart of ticks. */
export const TICK = "tick";
/** Seconds of a bar of each period. */
export const LENGTHS: Record<string, number> = {
  "1m": 60,
  "5m": 300,
  "15m": 900,
  "1h": 3600,
  "1d": 86_400,
};
export const PERIODS = [TICK, ...Object.keys(LENGTHS)];

/** A period that was kept, or the usual one where it is none. */
export const periodOf = (kept: string, usual: string): string =>
  PERIODS.includes(kept) ? kept : usual;
