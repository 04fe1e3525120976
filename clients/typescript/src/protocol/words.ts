/** What stands beside a request's body in its message. */

/** Of an order or action. */
export interface OrderWords {
  /** A name of the program's own; one is made where none is given. Empty: the order has none. */
  ClientOrderID?: string;
}

/** Of an insert. */
export interface InsertWords extends OrderWords {
  /** The gateway chooses the offset, and splits the order where that is needed. */
  Offset?: "auto";
}

/** Of a subscription to market data. */
export interface SubscriptionWords {
  Fields?: readonly string[];
  IntervalMs?: number;
  Bars?: readonly string[];
  History?: number;
  Stale?: boolean;
  Changes?: boolean;
}

/** Of a login. */
export interface LoginWords {
  CancelOnDisconnect?: number;
  TryAgain?: boolean;
  InstrumentStatus?: boolean;
  Queued?: boolean;
  Timing?: boolean;
}
