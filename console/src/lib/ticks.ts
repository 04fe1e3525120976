/**
 * The newest ticks of an instrument, as points of a chart.
 *
 * Past ticks and live ones are put together by what they say: a tick that comes in both is once.
 * Where ticks between two points may be missing the second one says so, and nothing is drawn
 * between them.
 */

/** What a chart needs of a tick; unset prices are 0, null or CTP's largest number. */
export interface ChartTick {
  TradingDay: string;
  ActionDay?: string;
  UpdateTime: string;
  UpdateMillisec: number;
  LastPrice: number | null;
  AveragePrice?: number | null;
  Volume: number;
}

export interface Point {
  /** Seconds as a chart has them: China's time, and later than the point before. */
  time: number;
  price: number;
  /** Lots since the tick before; null where that is not known. */
  volume: number | null;
  /** The day's average as CTP tells it, which some exchanges multiply; null where there is none. */
  average: number | null;
  /** Whether ticks may be missing before it. */
  isAfterGap: boolean;
}

/** Points that are kept, and how many more there may be before the oldest are left out. */
export const MOST_POINTS = 10_000;
const SLACK = 2_500;
/** Ticks by which two rows of ticks are put together. */
const MOST_SEEN = 64;
const CHINA = 8 * 3600;
const DAY = 86_400;
const HALF_DAY = DAY / 2;
/** Days to look back for a past tick's date, and seconds by which clocks may differ. */
const MOST_DAYS = 10;
const TOLERANCE = 600;
/** Two ticks of one moment are drawn one after the other, so many seconds apart. */
const APART = 0.001;
/** Seconds between a trade and the tick that tells of it, at most. */
const NEAR = 60;

/** A price, or null for one that is not set. */
const known = (price: number | null | undefined): number | null =>
  price && Math.abs(price) < 1e300 ? price : null;

const secondsOf = (time: string): number => {
  const [hours = 0, minutes = 0, seconds = 0] = time.split(":").map(Number);
  return hours * 3600 + minutes * 60 + seconds;
};

const secondsOfDay = (tick: ChartTick): number =>
  secondsOf(tick.UpdateTime) + tick.UpdateMillisec / 1000;

/** Whether two ticks are one, by what they say; of ten thousand most differ by their volume. */
const isSame = (one: ChartTick, other: ChartTick): boolean =>
  one.Volume === other.Volume &&
  one.UpdateMillisec === other.UpdateMillisec &&
  one.UpdateTime === other.UpdateTime &&
  one.TradingDay === other.TradingDay &&
  known(one.LastPrice) === known(other.LastPrice);

/** The moment of a time of day that is nearest to another moment. */
function nearest(time: number, to: number): number {
  const moment = to - (to % DAY) + time;
  if (moment - to > HALF_DAY) return moment - DAY;
  return to - moment > HALF_DAY ? moment + DAY : moment;
}

/** The moments of past ticks, the oldest first; the date they tell is no later than what follows. */
function momentsOf(ticks: readonly ChartTick[], now: number): number[] {
  let bound = now + TOLERANCE;
  const moments = ticks.map(() => 0);
  for (let place = ticks.length - 1; place >= 0; place -= 1) {
    const tick = ticks[place] as ChartTick;
    const [, year, month, day] = /^(\d{4})(\d\d)(\d\d)$/.exec(tick.ActionDay ?? "") ?? [];
    const date = day ? Date.UTC(Number(year), Number(month) - 1, Number(day)) / 1000 : null;
    let moment = (date ?? bound - (bound % DAY)) + secondsOfDay(tick);
    // At night some exchanges tell the trading day in the place of the date.
    for (let days = 0; moment > bound && days < MOST_DAYS; days += 1) moment -= DAY;
    moments[place] = moment;
    bound = moment + TOLERANCE;
  }
  return moments;
}

/** The day's average price in the unit of prices: of some exchanges it is that of a whole lot. */
export function averageOf(point: Point, multiple: number): number | null {
  const { average, price } = point;
  if (average === null) return null;
  const found = [average, average / multiple].find((one) => Math.abs(one / price - 1) < 0.3);
  return found ?? null;
}

export class Ticks {
  points: Point[] = [];
  gaps = 0;
  /** How often points were left out, or came before others: what is drawn is drawn anew then. */
  turns = 0;
  /** Whether the gateway had ticks of before this page began. */
  isFromGateway = false;
  #last: ChartTick | null = null;
  #seen: ChartTick[] = [];
  #isBroken = false;
  /** Seconds by which the market's time is ahead of when its ticks come in. */
  #ahead = CHINA;

  /** Take note that ticks may be missing before the next one. */
  break(): void {
    this.#isBroken = this.#last !== null;
  }

  /** Take a live tick which was received at a moment, in seconds since 1970. */
  add(tick: ChartTick, received: number): void {
    const moment = nearest(secondsOfDay(tick), received + this.#ahead);
    if (this.#append(tick, moment)) this.#ahead = moment - received;
  }

  /** Take past ticks, the oldest first, as far as they are not here. */
  addPast(ticks: readonly ChartTick[], now: number): void {
    const isFirst = this.#last === null;
    const rest = this.#unseen(ticks);
    const moments = momentsOf(rest, now + CHINA);
    for (const [place, tick] of rest.entries()) this.#append(tick, moments[place] as number);
    this.isFromGateway ||= isFirst && this.points.length > 0;
    this.turns += 1;
  }

  /** Take live ticks that came in while the past was asked for, each with its moment. */
  addLive(ticks: readonly (readonly [ChartTick, number])[]): void {
    const rest = this.#unseen(ticks.map(([tick]) => tick));
    for (const [tick, received] of ticks.slice(ticks.length - rest.length)) {
      this.add(tick, received);
    }
  }

  /** The point of a trade that is told by its time of day; null where none is near. */
  placeOf(time: string): number | null {
    const newest = this.points.at(-1)?.time;
    if (newest === undefined) return null;
    const start = newest - (newest % DAY) + secondsOf(time);
    // A trade may be of the day that has just begun.
    for (let days = -1; days < MOST_DAYS; days += 1) {
      const moment = start - days * DAY;
      if (moment > newest + NEAR) continue;
      const found = this.points[this.#after(moment)]?.time ?? newest;
      if (Math.abs(found - moment) <= NEAR) return found;
    }
    return null;
  }

  /** The place of the first point that is not before a moment. */
  #after(moment: number): number {
    let [low, high] = [0, this.points.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.points[middle] as Point).time < moment) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** What comes after the newest tick that is here; of ticks that do not hold it all, and a gap. */
  #unseen(ticks: readonly ChartTick[]): readonly ChartTick[] {
    if (this.#last === null || ticks.length === 0) return ticks;
    const seen = this.#seen;
    let [best, longest] = [0, 0];
    for (let place = 0; place < ticks.length; place += 1) {
      let length = 0;
      while (length <= place && length < seen.length) {
        if (!isSame(ticks[place - length] as ChartTick, seen.at(-1 - length) as ChartTick)) break;
        length += 1;
      }
      if (length > 0 && length >= longest) [best, longest] = [place + 1, length];
    }
    if (longest === 0) this.break();
    return ticks.slice(best);
  }

  #append(tick: ChartTick, moment: number): boolean {
    const before = this.#last;
    if (before !== null && isOld(tick, before)) return false;
    this.#last = tick;
    this.#seen.push(tick);
    if (this.#seen.length > 2 * MOST_SEEN) this.#seen = this.#seen.slice(-MOST_SEEN);
    const price = known(tick.LastPrice);
    if (price === null) return true;
    const least = (this.points.at(-1)?.time ?? Number.NEGATIVE_INFINITY) + APART;
    const isAfterGap = this.#isBroken && this.points.length > 0;
    const isNext = before?.TradingDay === tick.TradingDay && !this.#isBroken;
    const traded = isNext ? tick.Volume - before.Volume : -1;
    this.points.push({
      time: Math.max(moment, least),
      price,
      volume: traded >= 0 ? traded : null,
      average: known(tick.AveragePrice),
      isAfterGap,
    });
    this.#isBroken = false;
    if (isAfterGap) this.gaps += 1;
    if (this.points.length > MOST_POINTS + SLACK) this.#trim();
    return true;
  }

  #trim(): void {
    this.points = this.points.slice(-MOST_POINTS);
    this.gaps = this.points.filter((one, place) => place > 0 && one.isAfterGap).length;
    this.turns += 1;
  }
}

/** Whether a tick is of before another: of an earlier day, or of less volume and time of day. */
const isOld = (tick: ChartTick, before: ChartTick): boolean =>
  tick.TradingDay < before.TradingDay ||
  (tick.TradingDay === before.TradingDay &&
    tick.Volume < before.Volume &&
    tick.UpdateTime < before.UpdateTime);
