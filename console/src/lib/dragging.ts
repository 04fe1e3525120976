/** Own orders that are dragged on a chart: which one is meant, and where it may go. */

/** Pixels from a line at which it is meant. */
const REACH = 8;
/** How far from the last price, in parts of it, an own order is kept in sight. */
const SIGHT = 0.03;

/** The thing that is drawn nearest to a height; null where none is near, or none is in sight. */
export function nearest<T>(drawn: readonly [thing: T, y: number | null][], y: number): T | null {
  let found: T | null = null;
  let least = REACH;
  for (const [thing, at] of drawn) {
    const distance = at === null ? Number.POSITIVE_INFINITY : Math.abs(at - y);
    if (distance > least) continue;
    found = thing;
    least = distance;
  }
  return found;
}

/** The range of prices that has the orders near the last price in it, too. */
export function inSight(
  range: { minValue: number; maxValue: number },
  prices: readonly number[],
): { minValue: number; maxValue: number } {
  const near = prices.filter(
    (one) => one > range.minValue * (1 - SIGHT) && one < range.maxValue * (1 + SIGHT),
  );
  return {
    minValue: Math.min(range.minValue, ...near),
    maxValue: Math.max(range.maxValue, ...near),
  };
}
