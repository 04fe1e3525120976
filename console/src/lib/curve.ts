/** The account's balance over the day: as the gateway has kept it, then as this page sees it. */

export type Point = readonly [moment: number, balance: number];

/** Milliseconds between two points, and how many are kept: a day of eight hours and a half. */
const APART = 5_000;
const MOST = 6_000;

/** Add a balance; one that comes soon after the last takes its place. */
export function grown(curve: readonly Point[], moment: number, balance: number): Point[] {
  const [before, last] = curve.slice(-2);
  const isSoon = before !== undefined && last !== undefined && last[0] - before[0] < APART;
  return [...(isSoon ? curve.slice(0, -1) : curve.slice(-MOST)), [moment, balance]];
}

/** Milliseconds within which two points are as good as one. */
const NEAR = 30_000;

/** Add what the gateway has kept of the day where this page has seen nothing. */
export function joined(curve: readonly Point[], day: readonly Point[]): Point[] {
  const isUnseen = ([moment]: Point) => !curve.some(([seen]) => Math.abs(seen - moment) < NEAR);
  return [...day.filter(isUnseen), ...curve].sort(([one], [other]) => one - other).slice(-MOST);
}

/** The points of a line in a box of a width and a height; nothing of fewer than two. */
export function lineOf(curve: readonly Point[], width: number, height: number): string {
  const [first, last] = [curve[0], curve.at(-1)];
  if (first === undefined || last === undefined || last[0] <= first[0]) return "";
  const balances = curve.map(([, balance]) => balance);
  const [low, high] = [Math.min(...balances), Math.max(...balances)];
  const across = width / (last[0] - first[0]);
  const up = high > low ? height / (high - low) : 0;
  return curve
    .map(([moment, balance]) => {
      const y = up === 0 ? height / 2 : height - (balance - low) * up;
      return `${((moment - first[0]) * across).toFixed(1)},${y.toFixed(1)}`;
    })
    .join(" ");
}
