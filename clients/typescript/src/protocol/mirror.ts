/** The account as the pushes tell it: orders, trades, positions, money. */

import type { Message } from "../made/messages.js";
import type { PortfolioAccount, PortfolioPosition, PortfolioState } from "../made/own.js";
import type { Order, Trade } from "../made/structs.js";
import { isEnded } from "./sent.js";

/** What is news of orders and trades. */
export interface News {
  orders: Order[];
  trades: Trade[];
}

/** Return what names an order for its whole life: front, session and reference. */
export function orderKey(order: Order): string {
  return `${order.FrontID} ${order.SessionID} ${order.OrderRef.trim()}`;
}

/** Return what names a trade: one number serves both sides of a trade with oneself. */
export function tradeKey(trade: Trade): string {
  const { ExchangeID, TradeID, Direction, OrderSysID } = trade;
  return `${ExchangeID} ${TradeID.trim()} ${Direction} ${OrderSysID.trim()}`;
}

/** Return what names a position: instrument, side, hedge flag. */
export function positionKey(position: PortfolioPosition): string {
  return `${position.InstrumentID} ${position.PosiDirection} ${position.HedgeFlag}`;
}

/**
 * One account's state, from messages in their order.
 *
 * Everything of the trading day is in it after the login, and every push since. It is exact as long
 * as nothing is missing; `isWhole` is false from a gap until queries have healed it.
 */
export class Mirror {
  orders = new Map<string, Order>();
  trades = new Map<string, Trade>();
  readonly positions = new Map<string, PortfolioPosition>();
  account: PortfolioAccount | null = null;
  caveats: readonly string[] = [];
  isWhole = true;
  #dayOrders = new Map<string, Order>();
  #dayTrades = new Map<string, Trade>();

  /** Enter a message. */
  apply(message: Message): void {
    switch (message.MsgType) {
      case "RtnOrder":
        if (message.Order === null) return;
        (message.Replay ? this.#dayOrders : this.orders).set(
          orderKey(message.Order),
          message.Order,
        );
        return;
      case "RtnTrade":
        if (message.Trade === null) return;
        (message.Replay ? this.#dayTrades : this.trades).set(
          tradeKey(message.Trade),
          message.Trade,
        );
        return;
      case "RtnPortfolio":
      case "RspSubscribePortfolio":
        // One that was missed and is told on resuming says nothing: the whole comes behind it.
        if (message.Portfolio !== null) this.#portfolio(message.Portfolio);
        return;
      case "RtnTradingDay":
        this.orders.clear();
        this.trades.clear();
    }
  }

  /**
   * Take over the day that was told before the login's answer; a resumed login tells none.
   *
   * Returns what of it is news: orders that stand otherwise, trades that were not known.
   */
  loggedIn(isResumed: boolean): News {
    const news: News = { orders: [], trades: [] };
    if (!isResumed) {
      for (const [key, order] of this.#dayOrders) {
        if (!isSame(this.orders.get(key), order)) news.orders.push(order);
      }
      for (const [key, trade] of this.#dayTrades) {
        if (!this.trades.has(key)) news.trades.push(trade);
      }
      this.orders = this.#dayOrders;
      this.trades = this.#dayTrades;
    }
    this.lost();
    return news;
  }

  /** Drop what a login has told that never ended. */
  lost(): void {
    this.#dayOrders = new Map();
    this.#dayTrades = new Map();
  }

  /**
   * Enter the answers of queries where pushes are missing; return what of them is news.
   *
   * What a push has told meanwhile is newer: of orders that are known, one that has ended or traded
   * more stays.
   */
  healed(orders: readonly Order[], trades: readonly Trade[]): News {
    const news: News = { orders: [], trades: [] };
    for (const order of orders) {
      const known = this.orders.get(orderKey(order));
      if (known !== undefined && !isNewer(order, known)) continue;
      this.orders.set(orderKey(order), order);
      news.orders.push(order);
    }
    for (const trade of trades) {
      if (this.trades.has(tradeKey(trade))) continue;
      this.trades.set(tradeKey(trade), trade);
      news.trades.push(trade);
    }
    this.isWhole = true;
    return news;
  }

  #portfolio(told: PortfolioState): void {
    if (told.IsSnapshot) this.positions.clear();
    for (const position of told.Positions) this.positions.set(positionKey(position), position);
    this.account = told.Account;
    this.caveats = told.Caveats;
  }
}

function isSame(known: Order | undefined, order: Order): boolean {
  return known !== undefined && JSON.stringify(known) === JSON.stringify(order);
}

/** Whether a queried order says more than the one that is known. */
function isNewer(order: Order, known: Order): boolean {
  if (order.VolumeTraded !== known.VolumeTraded) return order.VolumeTraded > known.VolumeTraded;
  return order.OrderStatus !== known.OrderStatus && !isEnded(known.OrderStatus);
}
