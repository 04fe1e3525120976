/** Where trades stand on a chart: CTP tells the time of day, and of the date no two exchanges alike. */

const DAY = 86_400;
/** Days to look back: a Friday's night belongs to Monday, or to the day after a holiday. */
const MOST_DAYS = 10;

const secondsOf = (time: string): number => {
  const [hours = 0, minutes = 0, seconds = 0] = time.split(":").map(Number);
  return hours * 3600 + minutes * 60 + seconds;
};

/**
 * The bar during which a trade of a time of day took place: the latest one there is.
 *
 * @param times of all bars, rising, in seconds as the chart has them.
 * @param length of a bar, in seconds.
 */
export function barOf(time: string, times: readonly number[], length: number): number | null {
  const newest = times.at(-1);
  if (newest === undefined) return null;
  const known = new Set(times);
  if (length >= DAY) return newest;
  const start = newest - (newest % DAY) + secondsOf(time);
  for (let days = 0; days < MOST_DAYS; days += 1) {
    const moment = start - days * DAY;
    const bar = moment - (moment % length);
    if (bar <= newest && known.has(bar)) return bar;
  }
  return null;
}
