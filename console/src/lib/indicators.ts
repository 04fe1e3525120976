/** Indicators of closing prices; null where too few prices came before. */

export type Line = (number | null)[];

/** The mean of the last so many prices. */
export function ma(prices: readonly number[], count: number): Line {
  let sum = 0;
  return prices.map((price, place) => {
    sum += price - (place >= count ? (prices[place - count] ?? 0) : 0);
    return place >= count - 1 ? sum / count : null;
  });
}

/** An average whose weights fall off, begun with the first price, as trading software in China has it. */
export function ema(prices: readonly number[], count: number): number[] {
  const share = 2 / (count + 1);
  let last: number | null = null;
  return prices.map((price) => {
    last = last === null ? price : last + share * (price - last);
    return last;
  });
}

export interface Bands {
  middle: Line;
  upper: Line;
  lower: Line;
}

/** Bollinger's bands: the mean, and so many deviations (of a population) from it. */
export function boll(prices: readonly number[], count = 20, width = 2): Bands {
  const middle = ma(prices, count);
  const away = middle.map((mean, place) => {
    if (mean === null) return null;
    const window = prices.slice(place - count + 1, place + 1);
    return width * Math.sqrt(window.reduce((sum, one) => sum + (one - mean) ** 2, 0) / count);
  });
  const moved = (sign: number): Line =>
    middle.map((mean, place) => (mean === null ? null : mean + sign * (away[place] ?? 0)));
  return { middle, upper: moved(1), lower: moved(-1) };
}

export interface Macd {
  dif: number[];
  dea: number[];
  /** Twice their difference, as trading software in China has it. */
  bar: number[];
}

export function macd(prices: readonly number[], fast = 12, slow = 26, signal = 9): Macd {
  const slower = ema(prices, slow);
  const dif = ema(prices, fast).map((one, place) => one - (slower[place] ?? 0));
  const dea = ema(dif, signal);
  return { dif, dea, bar: dif.map((one, place) => 2 * (one - (dea[place] ?? 0))) };
}
