/** Options on futures by Black's model of 1976: prices, implied volatilities, deltas. */

export interface Option {
  isCall: boolean;
  strike: number;
  /** Years to its end. */
  years: number;
}

const LEAST = 1e-4;
const MOST = 5;

/** The normal distribution, by West's double-precision approximation (2005). */
export function normal(x: number): number {
  const away = Math.abs(x);
  if (away > 37) return x > 0 ? 1 : 0;
  const bell = Math.exp((-away * away) / 2);
  let tail: number;
  if (away < 7.07106781186547) {
    const above = [
      0.0352624965998911, 0.700383064443688, 6.37396220353165, 33.912866078383, 112.079291497871,
      221.213596169931, 220.206867912376,
    ];
    const below = [
      0.0883883476483184, 1.75566716318264, 16.064177579207, 86.7807322029461, 296.564248779674,
      637.333633378831, 793.826512519948, 440.413735824752,
    ];
    tail = (bell * polynomial(above, away)) / polynomial(below, away);
  } else {
    const chain = [4, 3, 2, 1].reduce((sum, one) => away + one / sum, away + 0.65);
    tail = bell / chain / 2.506628274631;
  }
  return x > 0 ? 1 - tail : tail;
}

const polynomial = (factors: readonly number[], x: number): number =>
  factors.reduce((sum, one) => sum * x + one, 0);

const firstOf = (future: number, option: Option, volatility: number): number =>
  (Math.log(future / option.strike) + (volatility ** 2 / 2) * option.years) /
  (volatility * Math.sqrt(option.years));

/** What an option is worth. */
export function priceOf(future: number, option: Option, rate: number, volatility: number): number {
  const [sign, first] = [option.isCall ? 1 : -1, firstOf(future, option, volatility)];
  const second = first - volatility * Math.sqrt(option.years);
  const paid = future * normal(sign * first) - option.strike * normal(sign * second);
  return Math.exp(-rate * option.years) * sign * paid;
}

/** By how much the option moves with its future. */
export function deltaOf(future: number, option: Option, rate: number, volatility: number): number {
  const sign = option.isCall ? 1 : -1;
  const first = firstOf(future, option, volatility);
  return Math.exp(-rate * option.years) * sign * normal(sign * first);
}

/** The volatility at which an option is worth a price; null where none makes it so. */
export function impliedOf(
  future: number,
  option: Option,
  rate: number,
  price: number,
): number | null {
  if (!(future > 0 && option.strike > 0 && option.years > 0 && price > 0)) return null;
  let [low, high] = [LEAST, MOST];
  if (priceOf(future, option, rate, low) > price) return null; // below what it is worth at once
  if (priceOf(future, option, rate, high) < price) return null;
  // A price rises with volatility: halving finds it, fifty times to a double's precision.
  for (let turn = 0; turn < 50; turn += 1) {
    const middle = (low + high) / 2;
    if (priceOf(future, option, rate, middle) < price) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

const YEAR = 365 * 86_400_000;

/** Years from a moment to 15:00 in China on a day such as 20261225; null where there is no day. */
export function yearsTo(day: string, now: number): number | null {
  const [, year, month, date] = /^(\d{4})(\d\d)(\d\d)$/.exec(day) ?? [];
  if (year === undefined || month === undefined || date === undefined) return null;
  const end = Date.UTC(Number(year), Number(month) - 1, Number(date), 7);
  return end > now ? (end - now) / YEAR : null;
}
