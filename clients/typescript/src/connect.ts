/** How a program gets a client. */

import { Client } from "./client.js";
import type { LinkHooks, SocketClass } from "./link.js";
import type { Given, ReqUserLogin } from "./made/structs.js";
import { LONGEST_DELAY } from "./protocol/phases.js";
import type { LoginWords } from "./protocol/words.js";
import { services } from "./urls.js";

export interface ConnectOptions extends LinkHooks {
  /** Whose account; without one there is market data only. */
  user?: string;
  password?: string;
  /** Its broker, where the gateway's configuration names another. */
  broker?: string;
  /** Where market data is, if another gateway serves it. */
  mdUrl?: string;
  /** Is shown to the gateway as the subprotocol `bearer.TOKEN`. */
  token?: string;
  /** The class of WebSockets, where there is no global one (Node 20) or another is wanted. */
  WebSocket?: SocketClass;
  /** Whether positions and money are told from the beginning. */
  portfolio?: boolean;
  /**
   * Whether orders get a ClientOrderID, so that none is sent twice; true by default. The gateway
   * needs a `Journal` for them.
   */
  clientOrderIds?: boolean;
  /** Other fields of `ReqUserLogin`. */
  login?: Given<ReqUserLogin>;
  /** Words beside it, such as `CancelOnDisconnect`. */
  words?: LoginWords;
  /** Milliseconds that an answer may take: 60,000. */
  timeoutMs?: number;
  /** Milliseconds after which a first connection is given up: 10,000. */
  connectTimeoutMs?: number;
  /** Milliseconds between two attempts after a broken connection, at most: 30,000. */
  longestPauseMs?: number;
  /**
   * Milliseconds after which an order whose connection broke before anybody told of it is not asked
   * for any more, and its fate is unknown: 30,000.
   */
  orderPatienceMs?: number;
  /** Milliseconds of silence after which the gateway is asked whether it is there: 20,000. */
  pingIntervalMs?: number;
}

/**
 * Connect, and log in where a user is named.
 *
 * @param url where the gateway is, `ws://127.0.0.1:8080`.
 * @throws RangeError for what is no address, and where there is no class of WebSockets.
 * @throws WebctpError if the login is refused, or no gateway is there.
 */
export async function connect(url: string, options: ConnectOptions = {}): Promise<Client> {
  const client = clientOf(url, options);
  try {
    return await client.ready();
  } catch (problem) {
    client.close();
    throw problem;
  }
}

/** Make a client that connects when it is first used, or at its `ready`. */
export function clientOf(url: string, options: ConnectOptions = {}): Client {
  const { user, password = "", broker, onFrame, onOpen, connectTimeoutMs = 10_000 } = options;
  const WebSocket = options.WebSocket ?? (globalThis.WebSocket as SocketClass | undefined);
  if (WebSocket === undefined) {
    throw new RangeError("there is no global WebSocket here: pass a class as the option WebSocket");
  }
  const named = broker === undefined ? {} : { BrokerID: broker };
  const body = { UserID: user, Password: password, ...named, ...options.login };
  return new Client(services(url, options.mdUrl), {
    WebSocket,
    token: options.token ?? "",
    login: user === undefined ? null : { body, words: { ...options.words } },
    portfolio: options.portfolio ?? false,
    clientOrderIds: options.clientOrderIds ?? true,
    timeoutMs: options.timeoutMs ?? 60_000,
    connectTimeoutMs,
    giveUpMs: connectTimeoutMs,
    longestPauseMs: options.longestPauseMs ?? LONGEST_DELAY,
    orderPatienceMs: options.orderPatienceMs ?? 30_000,
    pingIntervalMs: options.pingIntervalMs ?? 20_000,
    ...(onFrame && { onFrame }),
    ...(onOpen && { onOpen }),
  });
}
