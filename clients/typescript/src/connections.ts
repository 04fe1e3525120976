/** A client's connections by their names, and who waits for the answers on them. */

import { Disconnected, TimedOut, type WebctpError } from "./errors.js";
import type { FeedName } from "./feeds.js";
import { Link, type LinkNews, type LinkOptions } from "./link.js";
import { Core, type CoreEvent, type Login } from "./protocol/core.js";
import { serviceOf } from "./protocol/methods.js";
import type { Service } from "./urls.js";

const MOST_ID = 2 ** 30;

export interface ConnectionOptions extends LinkOptions {
  /** Null for a client of market data alone. */
  login: Login | null;
  timeoutMs: number;
  orderPatienceMs: number;
}

/** Where a request's rows go. */
export interface Waiter {
  resolve: (rows: unknown[]) => void;
  reject: (problem: unknown) => void;
  onRow?: (row: unknown) => void;
}

/** An event that settles a request, or brings a row of its answer. */
export type Settling = Extract<CoreEvent, { kind: "row" | "answered" | "failed" }>;

/** The connections; each begins when it is first waited for. */
export class Connections {
  readonly #urls: Record<Service, string>;
  readonly #options: ConnectionOptions;
  readonly #dispatch: (name: string, event: CoreEvent | LinkNews) => void;
  readonly #links = new Map<string, Link>();
  readonly #waiters = new Map<string, Waiter>();
  #isClosed = false;

  constructor(
    urls: Record<Service, string>,
    options: ConnectionOptions,
    dispatch: (name: string, event: CoreEvent | LinkNews) => void,
  ) {
    this.#urls = urls;
    this.#options = options;
    this.#dispatch = dispatch;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Whether requests of trading are answered now. */
  get isReady(): boolean {
    return this.#links.get("td")?.core.isReady ?? false;
  }

  /** Return a connection that there is, whatever its state. */
  find(name: "td" | FeedName): Link | undefined {
    return this.#links.get(name);
  }

  /** @throws Disconnected for one that is not there yet, once the client was closed. */
  get(name: "td" | FeedName): Link {
    const known = this.#links.get(name);
    if (known !== undefined) return known;
    if (this.#isClosed) throw new Disconnected("the client was closed");
    const service = name === "td" ? "td" : "md";
    const login = name === "td" ? this.#options.login : { body: {}, words: {} };
    const patience = this.#options.orderPatienceMs;
    const core = new Core(service, { login, patience, firstId: randomBelow(MOST_ID) });
    const dispatch = (event: CoreEvent | LinkNews) => this.#dispatch(name, event);
    const link = new Link(name, this.#urls[service], core, this.#options, dispatch);
    this.#links.set(name, link);
    return link;
  }

  /**
   * Return the connection that takes a request, once it does.
   *
   * An order does not wait for a connection that has broken: it is refused at once.
   */
  async readyFor(name: string, isOrder = false): Promise<Link> {
    const link = this.get(serviceOf(name, this.#options.login !== null));
    if (!(isOrder && link.core.hasBeenReady)) {
      await link.ready();
    } else if (!link.core.isReady) {
      throw link.failure ?? new Disconnected("nothing was sent; try again when it is back", name);
    }
    return link;
  }

  /** Return the rows of an answer, once it is whole. */
  async answer(link: Link, requestId: number, name: string): Promise<unknown[]> {
    const milliseconds = this.#options.timeoutMs;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let forget = (): void => undefined;
    try {
      return await new Promise<unknown[]>((resolve, reject) => {
        forget = this.await(link, requestId, { resolve, reject });
        const late = new TimedOut(`no answer within ${milliseconds} ms`, name);
        timer = setTimeout(() => reject(late), milliseconds);
      });
    } finally {
      clearTimeout(timer);
      forget();
    }
  }

  /** Have an answer told to a waiter; returns what ends that. */
  await(link: Link, requestId: number, waiter: Waiter): () => void {
    const key = `${link.name} ${requestId}`;
    this.#waiters.set(key, waiter);
    link.flush();
    return () => {
      this.#waiters.delete(key);
      link.core.forget(requestId);
    };
  }

  /** Tell who waits for an answer; false where nobody does. */
  settle(name: string, event: Settling): boolean {
    const waiter = this.#waiters.get(`${name} ${event.requestId}`);
    if (event.kind === "row") waiter?.onRow?.(event.row);
    else if (event.kind === "answered") waiter?.resolve(event.rows);
    else waiter?.reject(event.error);
    return waiter !== undefined;
  }

  /** Tell those who wait on a connection that it is made no more. */
  givenUp(name: string, problem: WebctpError): void {
    for (const [key, waiter] of [...this.#waiters]) {
      if (key.startsWith(`${name} `)) waiter.reject(problem);
    }
  }

  close(): void {
    this.#isClosed = true;
    for (const link of this.#links.values()) link.close();
  }
}

function randomBelow(most: number): number {
  const [number = 0] = crypto.getRandomValues(new Uint32Array(1));
  return number % most;
}
