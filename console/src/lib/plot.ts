/** What bars and ticks have in common on a chart: lines at prices, marks at moments. */

import {
  createSeriesMarkers,
  type IChartApi,
  type IPriceLine,
  type ISeriesApi,
  type ISeriesMarkersPluginApi,
  type PriceLineOptions,
  type SeriesMarker,
  type SeriesType,
  type Time,
} from "lightweight-charts";

/** The colours of the page, by the names of its styles. */
export type Palette = (name: string) => string;

/** How volumes stand below the prices. */
export const VOLUMES = { priceFormat: { type: "volume" }, priceScaleId: "" } as const;
export const AT_THE_FOOT = { scaleMargins: { top: 0.8, bottom: 0 } };

export type PriceMark = Partial<PriceLineOptions> & { price: number };

export abstract class Plot {
  /** The series of prices: own orders and trades are drawn on it, and it tells heights. */
  abstract readonly series: ISeriesApi<SeriesType>;
  /** Places that are drawn, bars or ticks. */
  abstract readonly count: number;
  #lines: IPriceLine[] = [];
  #markers: ISeriesMarkersPluginApi<Time> | null = null;
  #frame = 0;

  /**
   * @param chart of which this has the only plot.
   * @param onDrawn called after each frame in which something was drawn.
   */
  constructor(
    protected readonly chart: IChartApi,
    private readonly onDrawn: () => void,
  ) {}

  abstract colour(of: Palette): void;
  /** Where a trade stands that is told by its time of day; null where nothing is near. */
  abstract placeOf(time: string): number | null;
  protected abstract draw(): void;

  /** Have lines at prices, in the place of those before. */
  lines(wanted: readonly PriceMark[]): void {
    for (const one of this.#lines) this.series.removePriceLine(one);
    this.#lines = wanted.map((one) => this.series.createPriceLine({ lineWidth: 1, ...one }));
  }

  /** Have marks at moments, in the place of those before. */
  marks(wanted: SeriesMarker<Time>[]): void {
    this.#markers ??= createSeriesMarkers(this.series, []);
    this.#markers.setMarkers(wanted);
  }

  /** Draw with the next frame, however often this is called until then. */
  schedule(): void {
    if (this.#frame === 0) this.#frame = requestAnimationFrame(() => this.#show());
  }

  /** Draw nothing more: the chart is taken away. */
  end(): void {
    cancelAnimationFrame(this.#frame);
  }

  #show(): void {
    this.#frame = 0;
    this.draw();
    this.onDrawn();
  }
}
