/**
 * A client of webctp, the gateway to CTP: quotes, orders and the account in a few lines.
 *
 *     import { connect } from "webctp-client";
 *     const client = await connect("ws://127.0.0.1:8080");
 *     for await (const tick of client.ticks("rb2701")) console.log(tick.UpdateTime, tick.LastPrice);
 *
 * Structs, enumerations and requests bear CTP's own names.
 */

export { type Limit, limitBody } from "./bodies.js";
export {
  Client,
  type ClientOptions,
  type Listening,
  type QueryName,
  type RowOf,
  type TickOptions,
} from "./client.js";
export { type ConnectOptions, clientOf, connect } from "./connect.js";
export { type ConnectionOptions, Connections } from "./connections.js";
export {
  Disconnected,
  type ErrorKind,
  errorOf,
  OrderUnknown,
  Overflow,
  TimedOut,
  WebctpError,
} from "./errors.js";
export type { BarWish } from "./feeds.js";
export type { ClientEvent, Handler } from "./handler.js";
export type { Frame, Link, LinkHooks, LinkNews, LinkOptions, Socket, SocketClass } from "./link.js";
export * as enums from "./made/enums.js";
export type * from "./made/messages.js";
export type * as own from "./made/own.js";
export type { Requests } from "./made/requests.js";
export type * as structs from "./made/structs.js";
export { SentOrder } from "./orders.js";
export type { CoreEvent, Fields, Login } from "./protocol/core.js";
export type { Fate } from "./protocol/fate.js";
export { Mirror, orderKey, positionKey, tradeKey } from "./protocol/mirror.js";
export type { InsertWords, LoginWords, OrderWords, SubscriptionWords } from "./protocol/words.js";
export { Stream } from "./streams.js";
export { services } from "./urls.js";
