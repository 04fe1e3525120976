/** Bars on a chart, with the indicators that are worked out of them. */

import {
  type AutoscaleInfoProvider,
  CandlestickSeries,
  HistogramSeries,
  type IChartApi,
  type ISeriesApi,
  LineSeries,
  type UTCTimestamp,
} from "lightweight-charts";
import type { own } from "webctp-client";
import { boll, type Line, ma, macd } from "./indicators";
import { barOf } from "./marks";
import { chartTime } from "./numbers";
import { AT_THE_FOOT, type Palette, Plot, VOLUMES } from "./plot";

const COLOURS = ["#b8860b", "#1d5fb4", "#8a3ab9"] as const;
/** Each indicator: the pane it is drawn in, and its lines. */
export const INDICATORS: Record<string, [pane: number, lines: (closes: number[]) => Line[]]> = {
  MA: [0, (closes) => [ma(closes, 5), ma(closes, 10), ma(closes, 20)]],
  BOLL: [
    0,
    (closes) => {
      const { middle, upper, lower } = boll(closes);
      return [middle, upper, lower];
    },
  ],
  MACD: [
    1,
    (closes) => {
      const { dif, dea, bar } = macd(closes);
      return [dif, dea, bar];
    },
  ],
};
/** Bars of a frame that are drawn one by one; of more all are drawn anew. */
const FEW = 10;

export class BarPlot extends Plot {
  readonly series: ISeriesApi<"Candlestick">;
  readonly #volumes: ISeriesApi<"Histogram">;
  readonly #drawn = new Map<string, ISeriesApi<"Line">[]>();
  #bars = new Map<number, own.Bar>();
  #waiting: own.Bar[] = [];
  #length = 0;

  constructor(chart: IChartApi, autoscaleInfoProvider: AutoscaleInfoProvider, onDrawn: () => void) {
    super(chart, onDrawn);
    this.series = chart.addSeries(CandlestickSeries, { autoscaleInfoProvider });
    this.#volumes = chart.addSeries(HistogramSeries, VOLUMES);
    this.#volumes.priceScale().applyOptions(AT_THE_FOOT);
  }

  get count(): number {
    return this.#bars.size;
  }

  /** Have no bar: those of another instrument or period follow, of so many seconds. */
  begin(length: number): void {
    this.#length = length;
    this.#bars = new Map();
    this.#waiting = [];
    this.series.setData([]);
    this.#volumes.setData([]);
  }

  take(bar: own.Bar): void {
    // Five hundred bars of the past are drawn once, not five hundred times.
    this.#waiting.push(bar);
    this.schedule();
  }

  /** Have these indicators, and no other. */
  indicate(wanted: readonly string[]): void {
    for (const [name, lines] of this.#drawn) {
      if (wanted.includes(name)) continue;
      for (const one of lines) this.chart.removeSeries(one);
      this.#drawn.delete(name);
    }
    for (const name of wanted) {
      const [pane] = INDICATORS[name] ?? [0];
      if (this.#drawn.has(name) || !(name in INDICATORS)) continue;
      const options = { lineWidth: 1, priceLineVisible: false, lastValueVisible: false } as const;
      this.#drawn.set(
        name,
        COLOURS.map((color) => this.chart.addSeries(LineSeries, { ...options, color }, pane)),
      );
    }
    this.#indicate(true);
  }

  colour(of: Palette): void {
    const [up, down] = [of("--up"), of("--down")];
    this.series.applyOptions({
      ...{ upColor: up, borderUpColor: up, wickUpColor: up },
      ...{ downColor: down, borderDownColor: down, wickDownColor: down },
    });
    this.#volumes.applyOptions({ color: of("--quiet") });
  }

  placeOf(time: string): number | null {
    return barOf(time, this.#times(), this.#length);
  }

  protected draw(): void {
    const added = this.#waiting;
    this.#waiting = [];
    let isInOrder = true;
    let newest = Math.max(0, ...this.#bars.keys());
    for (const bar of added) {
      const time = chartTime(bar.BeginTime);
      isInOrder &&= time >= newest;
      newest = Math.max(newest, time);
      this.#bars.set(time, bar);
    }
    const isWhole = added.length >= FEW || !isInOrder;
    if (isWhole) {
      const sorted = [...this.#bars].sort(([a], [b]) => a - b);
      this.series.setData(sorted.map(([time, bar]) => candle(time, bar)));
      this.#volumes.setData(sorted.map(([time, bar]) => volume(time, bar)));
    } else {
      for (const bar of added) {
        this.series.update(candle(chartTime(bar.BeginTime), bar));
        this.#volumes.update(volume(chartTime(bar.BeginTime), bar));
      }
    }
    this.#indicate(isWhole);
  }

  /** Draw the indicators: all of their points, or the newest alone. */
  #indicate(isWhole: boolean): void {
    const times = this.#times();
    const closes = times.map((time) => (this.#bars.get(time) as own.Bar).ClosePrice);
    for (const [name, series] of this.#drawn) {
      const lines = INDICATORS[name]?.[1](closes) ?? [];
      for (const [place, one] of series.entries()) {
        const points = times.map((time, at) => pointOf(time, lines[place]?.[at] ?? null));
        const newest = points.at(-1);
        if (isWhole) one.setData(points);
        else if (newest !== undefined) one.update(newest);
      }
    }
  }

  #times(): number[] {
    return [...this.#bars.keys()].sort((a, b) => a - b);
  }
}

const pointOf = (time: number, value: number | null) =>
  value === null ? { time: time as UTCTimestamp } : { time: time as UTCTimestamp, value };
const candle = (time: number, bar: own.Bar) => ({
  time: time as UTCTimestamp,
  open: bar.OpenPrice,
  high: bar.HighestPrice,
  low: bar.LowestPrice,
  close: bar.ClosePrice,
});
const volume = (time: number, bar: own.Bar) => ({ time: time as UTCTimestamp, value: bar.Volume });
