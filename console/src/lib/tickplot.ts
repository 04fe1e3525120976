/** Ticks on a chart: the last price, the day's average and the lots of each, broken at gaps. */

import {
  type AutoscaleInfoProvider,
  HistogramSeries,
  type IChartApi,
  type ISeriesApi,
  type LineData,
  LineSeries,
  type Time,
  type UTCTimestamp,
  type WhitespaceData,
} from "lightweight-charts";
import { AT_THE_FOOT, type Palette, Plot, VOLUMES } from "./plot";
import { averageOf, type Point, type Ticks } from "./ticks";

const AVERAGE = "#b8860b";
/** What leads from a point to the next, where ticks may be missing between them. */
const UNSEEN = "transparent";

/** Points of a frame that are drawn one by one; of as many all are drawn anew. */
const MANY = 200;

export class TickPlot extends Plot {
  readonly series: ISeriesApi<"Line">;
  readonly #average: ISeriesApi<"Line">;
  readonly #volumes: ISeriesApi<"Histogram">;
  #ticks: Ticks | null = null;
  #multiple = 1;
  /** Points that are drawn, and of which turn of the ticks they are. */
  #drawn = 0;
  #turn = -1;
  /** Series that are to be drawn anew: ten thousand points of one are enough for a frame. */
  #left: ((points: readonly Point[]) => void)[] = [];

  constructor(chart: IChartApi, autoscaleInfoProvider: AutoscaleInfoProvider, onDrawn: () => void) {
    super(chart, onDrawn);
    const thin = { lineWidth: 1, priceLineVisible: false, lastValueVisible: false } as const;
    this.series = chart.addSeries(LineSeries, { lineWidth: 2, autoscaleInfoProvider });
    // The first series gives the scale its decimals; the average may be far away, and would flatten it.
    this.#average = chart.addSeries(LineSeries, {
      ...thin,
      color: AVERAGE,
      crosshairMarkerVisible: false,
      autoscaleInfoProvider: () => null,
    });
    this.#volumes = chart.addSeries(HistogramSeries, VOLUMES);
    this.#volumes.priceScale().applyOptions(AT_THE_FOOT);
  }

  get count(): number {
    return this.#drawn;
  }

  /** The day's average by the newest tick; null where there is none. */
  get average(): number | null {
    const newest = this.#ticks?.points.at(-1);
    return newest === undefined ? null : averageOf(newest, this.#multiple);
  }

  /** The moments after which ticks may be missing. */
  get gaps(): number[] {
    return (this.#ticks?.points ?? []).filter((one) => one.isAfterGap).map((one) => one.time);
  }

  /** Show the ticks of an instrument, whose lots are so many units. */
  show(ticks: Ticks, multiple: number): void {
    this.#ticks = ticks;
    this.#multiple = multiple;
    this.#turn = -1;
    this.schedule();
  }

  colour(of: Palette): void {
    this.series.applyOptions({ color: of("--main") });
    this.#volumes.applyOptions({ color: of("--quiet") });
  }

  placeOf(time: string): number | null {
    return this.#ticks?.placeOf(time) ?? null;
  }

  protected draw(): void {
    const ticks = this.#ticks;
    if (ticks === null) return;
    const { points } = ticks;
    if (this.#turn !== ticks.turns || points.length - this.#drawn >= MANY) {
      this.#turn = ticks.turns;
      this.#drawn = points.length;
      this.#left = [
        (drawn) => this.series.setData(drawn.map((_, place) => this.#price(drawn, place))),
        (drawn) => this.#average.setData(drawn.map((_, place) => this.#mean(drawn, place))),
        (drawn) => this.#volumes.setData(drawn.map(lots)),
      ];
    }
    const next = this.#left.shift();
    if (next !== undefined) {
      next(points.slice(0, this.#drawn));
      this.schedule();
      return;
    }
    // What is there already but for the newest stays as it is.
    for (let place = Math.max(0, this.#drawn - 1); place < points.length; place += 1) {
      this.series.update(this.#price(points, place));
      this.#average.update(this.#mean(points, place));
      this.#volumes.update(lots(points[place] as Point));
    }
    this.#drawn = points.length;
  }

  #price(points: readonly Point[], place: number): LineData<Time> {
    return lineOf(points, place, (points[place] as Point).price);
  }

  #mean(points: readonly Point[], place: number): LineData<Time> | WhitespaceData<Time> {
    const point = points[place] as Point;
    const value = averageOf(point, this.#multiple);
    return value === null ? { time: timeOf(point) } : lineOf(points, place, value);
  }
}

const timeOf = (point: Point) => point.time as UTCTimestamp;

function lineOf(points: readonly Point[], place: number, value: number): LineData<Time> {
  const time = timeOf(points[place] as Point);
  return points[place + 1]?.isAfterGap ? { time, value, color: UNSEEN } : { time, value };
}

const lots = (point: Point) =>
  point.volume === null ? { time: timeOf(point) } : { time: timeOf(point), value: point.volume };
