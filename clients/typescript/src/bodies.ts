/** Bodies of requests that would be long to write out: the ordinary limit order. */

import type { Given, InputOrder } from "./made/structs.js";

/** What a limit order for the day says; `direction` and `offset` are CTP's values. */
export interface Limit {
  instrument: string;
  exchange: string;
  /** `Direction`: "0" to buy, "1" to sell. */
  direction: string;
  /** `OffsetFlag`: "0" to open, "1" to close, "3" to close what was opened today. */
  offset: string;
  /** In yuan. */
  price: number;
  /** In lots. */
  volume: number;
}

/** Return the body of a limit order for the day: of an order, or of a conditional one's leg. */
export function limitBody(limit: Limit): Given<InputOrder> {
  return {
    InstrumentID: limit.instrument,
    ExchangeID: limit.exchange,
    Direction: limit.direction,
    CombOffsetFlag: limit.offset,
    CombHedgeFlag: "1", // speculation
    OrderPriceType: "2", // a limit
    LimitPrice: limit.price,
    VolumeTotalOriginal: limit.volume,
    TimeCondition: "3", // for the day
    VolumeCondition: "1", // any volume
    MinVolume: 1,
    ContingentCondition: "1", // at once
    ForceCloseReason: "0", // none
  };
}
