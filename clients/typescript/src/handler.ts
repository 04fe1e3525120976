/** What a program may have done at every push, by the names that CTP programmers know. */

import type { WebctpError } from "./errors.js";
import type { LinkNews } from "./link.js";
import type { Message } from "./made/messages.js";
import type { Bar, PortfolioAccount, PortfolioPosition } from "./made/own.js";
import type { DepthMarketData, Order, Trade } from "./made/structs.js";
import type { CoreEvent } from "./protocol/core.js";

/** Everything that is no tick, bar, order, trade, position or money; `kind` tells them apart. */
export type ClientEvent =
  | Extract<CoreEvent, { kind: "loggedIn" | "loginFailed" | "gap" | "strange" }>
  | LinkNews
  /** Pushes were missing, and queries have told what stands: so many orders and trades. */
  | { kind: "healed"; orders: number; trades: number }
  /** Something that nobody waits for was refused. */
  | { kind: "refused"; error: WebctpError }
  /** Any other message. */
  | { kind: "message"; message: Message };

/** Callbacks; those that are left out do nothing. */
export interface Handler {
  /** 行情 A tick. */
  onTick?(tick: DepthMarketData): void;
  /** K 线 A bar. */
  onBar?(bar: Bar): void;
  /** 报单回报 An order that has changed. */
  onOrder?(order: Order): void;
  /** 成交回报 A trade; each comes once. */
  onTrade?(trade: Trade): void;
  /** 持仓 A position that has changed. */
  onPosition?(position: PortfolioPosition): void;
  /** 资金 The money as it stands. */
  onAccount?(account: PortfolioAccount): void;
  onEvent?(event: ClientEvent): void;
}
