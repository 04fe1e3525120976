/** What is known of an order, and no more than that. */

import type { structs } from "webctp-client";

/** What is shown of an order of CTP's; a limit order, as the page sends them, has a price. */
export type CtpOrder = Pick<
  structs.Order,
  | "FrontID"
  | "SessionID"
  | "OrderRef"
  | "ExchangeID"
  | "InstrumentID"
  | "OrderSysID"
  | "Direction"
  | "CombOffsetFlag"
  | "VolumeTotalOriginal"
  | "VolumeTraded"
  | "VolumeTotal"
  | "OrderStatus"
  | "OrderSubmitStatus"
  | "StatusMsg"
  | "InsertTime"
> & { LimitPrice: number };

/**
 * - sending: written to the socket, nothing has come back;
 * - sent: the gateway has passed it on, CTP has said nothing;
 * - accepted: CTP or the exchange has it; working: it rests at the exchange;
 * - part: some has traded, the rest works; done: all has; cancelled; refused;
 * - unknown: the line broke before a word came. It may have been executed.
 */
export type Standing =
  | "sending"
  | "sent"
  | "accepted"
  | "working"
  | "part"
  | "done"
  | "cancelled"
  | "refused"
  | "unknown";

export const keyOf = (order: Pick<CtpOrder, "FrontID" | "SessionID" | "OrderRef">): string =>
  `${order.FrontID}.${order.SessionID}.${order.OrderRef.trim()}`;

/** Where an order of CTP's stands, by its OrderStatus and OrderSubmitStatus. */
export function standingOf(
  order: Pick<CtpOrder, "OrderStatus" | "OrderSubmitStatus" | "VolumeTraded">,
): Standing {
  switch (order.OrderStatus) {
    case "0":
      return "done";
    case "1":
      return "part";
    case "3":
      return order.VolumeTraded > 0 ? "part" : "working";
    case "5":
      return order.OrderSubmitStatus === "4" ? "refused" : "cancelled";
    case "b":
      return "working";
    case "2":
    case "4":
    case "a":
    case "c":
      return "accepted"; // CTP has it; whether it rests at the exchange is not said
    default:
      return "unknown";
  }
}

/** Where an order that was sent from here stands, by the Status of its RtnClientOrder. */
export function standingOfClient(status: string): Standing | null {
  switch (status) {
    case "recording":
    case "recorded":
      return "sending";
    case "sent":
      return "sent";
    case "refused":
      return "refused";
    case "unknown":
      return "unknown";
    default:
      return null; // known: CTP's own word says more
  }
}

export const WORKING: ReadonlySet<Standing> = new Set(["accepted", "working", "part"]);
