/** One service's connection: a WebSocket, made again whenever it breaks, around a core. */

import { Disconnected, type WebctpError } from "./errors.js";
import type { Core, CoreEvent } from "./protocol/core.js";
import { delay, LINKS, type LinkEvent, type LinkState } from "./protocol/phases.js";
import { step } from "./protocol/table.js";

/** Milliseconds between two looks at orders of which nobody has told, and at a silent connection. */
const LOOK = 1_000;
const NORMAL = 1000;
const OPEN = 1;

/** What is used of a WebSocket. */
export interface Socket {
  readyState: number;
  onopen: ((event: never) => void) | null;
  onmessage: ((event: never) => void) | null;
  onclose: ((event: never) => void) | null;
  onerror: ((event: never) => void) | null;
  send(text: string): void;
  close(code?: number, reason?: string): void;
}

/** The class of WebSockets: the global one, or that of a package such as ws. */
export type SocketClass = new (url: string, protocols?: string[]) => Socket;

export interface LinkOptions {
  WebSocket: SocketClass;
  /** Is shown to the gateway as a subprotocol; empty for none. */
  token: string;
  connectTimeoutMs: number;
  pingIntervalMs: number;
}

/** What a connection tells beside its core's events. */
export type LinkNews =
  /** It broke, or an attempt failed; the next one is under way. */
  | { kind: "lost"; service: string; reason: string }
  /** It is made no more: it was closed, or its login refused. */
  | { kind: "givenUp"; service: string; error: WebctpError };

/** A connection; `dispatch` takes every event of the core and its own news, in order. */
export class Link {
  readonly #url: string;
  readonly #options: LinkOptions;
  readonly #dispatch: (event: CoreEvent | LinkNews) => void;
  #state: LinkState = "idle";
  #socket: Socket | null = null;
  #failure: WebctpError | null = null;
  #waiters: (() => void)[] = [];
  #begun = 0;
  #failures = 0;
  #attempt: ReturnType<typeof setTimeout> | undefined;
  #looker: ReturnType<typeof setInterval> | undefined;
  #heard = 0;
  #isProbed = false;
  #probeId = 0;
  #isFlushing = false;

  constructor(
    readonly name: string,
    url: string,
    readonly core: Core,
    options: LinkOptions,
    dispatch: (event: CoreEvent | LinkNews) => void,
  ) {
    this.#url = url;
    this.#options = options;
    this.#dispatch = dispatch;
  }

  /** Where the connection stands. */
  get state(): LinkState {
    return this.#state;
  }

  /**
   * Wait until requests are answered: connected and, if there is a login, logged in.
   *
   * @throws WebctpError if the login is refused, or no connection can be made at first.
   */
  async ready(): Promise<void> {
    if (this.#state === "idle") {
      this.#move("start");
      this.#begun = performance.now();
      this.#looker = setInterval(() => this.#look(), LOOK);
      this.#connect();
    }
    while (!this.core.isReady) {
      if (this.#failure !== null) throw this.#failure;
      await new Promise<void>((resolve) => this.#waiters.push(resolve));
    }
  }

  /** Send what the core has to send, and tell what has happened. */
  flush(): void {
    const socket = this.#socket;
    if (socket !== null && socket.readyState === OPEN) {
      for (const message of this.core.take()) socket.send(message);
    }
    this.#tell();
  }

  /** End the connection for good. */
  close(): void {
    this.#giveUp(new Disconnected("the client was closed"));
  }

  #move(event: LinkEvent): void {
    this.#state = step(LINKS, this.#state, event);
  }

  #connect(): void {
    const { WebSocket, token, connectTimeoutMs } = this.#options;
    let socket: Socket;
    try {
      const protocols = token ? ["webctp", `bearer.${token}`] : undefined;
      socket = new WebSocket(this.#url, protocols);
    } catch (problem) {
      this.#giveUp(new Disconnected(problem instanceof Error ? problem.message : `${problem}`));
      return;
    }
    this.#socket = socket;
    this.#attempt = setTimeout(() => this.#lost(socket, "no answer in time"), connectTimeoutMs);
    socket.onopen = () => this.#opened(socket);
    socket.onmessage = (event: { data: unknown }) => this.#received(socket, event.data);
    socket.onclose = (event: { code?: number; reason?: string }) => {
      const code = event.code ?? 1006;
      const told = event.reason ? `closed with ${code} ${event.reason}` : `closed with ${code}`;
      this.#lost(socket, told);
    };
    // A close follows each error, and a page is told no more of it than that.
    socket.onerror = () => undefined;
  }

  #opened(socket: Socket): void {
    if (socket !== this.#socket) return;
    clearTimeout(this.#attempt);
    this.#move("open");
    this.#heard = performance.now();
    this.#isProbed = false;
    this.core.opened();
    this.flush();
  }

  #received(socket: Socket, data: unknown): void {
    if (socket !== this.#socket) return;
    this.#heard = performance.now();
    this.#isProbed = false;
    this.core.received(typeof data === "string" ? data : `${data}`, performance.now());
    this.flush();
  }

  /** Take the end of a connection or of an attempt, and try again a little later. */
  #lost(socket: Socket, reason: string): void {
    if (socket !== this.#socket) return;
    this.#drop();
    this.#move("lose");
    const wasReady = this.core.isReady;
    this.core.lost(performance.now());
    this.#tell();
    this.#failures = wasReady ? 0 : this.#failures + 1;
    this.#dispatch({ kind: "lost", service: this.name, reason });
    const isFirst = !this.core.hasBeenReady;
    if (isFirst && performance.now() - this.#begun >= this.#options.connectTimeoutMs) {
      this.#giveUp(new Disconnected(reason));
    }
    if (this.#state !== "waiting") return;
    const pause = delay(this.#failures, Math.random());
    this.#attempt = setTimeout(() => {
      this.#move("due");
      this.#connect();
    }, pause);
  }

  #tell(): void {
    if (this.#isFlushing) return; // a handler has asked something: the loop below goes on
    this.#isFlushing = true;
    try {
      for (let events = this.core.events(); events.length > 0; events = this.core.events()) {
        for (const event of events) this.#happened(event);
      }
    } finally {
      this.#isFlushing = false;
    }
  }

  #happened(event: CoreEvent): void {
    if ("requestId" in event && event.requestId === this.#probeId) return;
    this.#dispatch(event);
    if (event.kind === "loggedIn") this.#wake();
    if (event.kind !== "loginFailed") return;
    if (event.isFinal) {
      this.#giveUp(event.error);
    } else if (this.#socket !== null) {
      this.#lost(this.#socket, `the login was refused: ${event.error.message}`);
    }
  }

  /** Look after orders, and at a connection that is silent: pages cannot ping. */
  #look(): void {
    this.core.look(performance.now());
    const silent = performance.now() - this.#heard;
    if (this.#socket !== null && this.core.isReady) {
      if (silent > 2 * this.#options.pingIntervalMs) {
        this.#lost(this.#socket, `nothing has come for ${Math.round(silent / 1000)} s`);
        return;
      }
      if (silent > this.#options.pingIntervalMs && !this.#isProbed) {
        this.#isProbed = true;
        this.#probeId = this.core.ask("GetTradingDay", {});
      }
    }
    this.flush();
  }

  #drop(): void {
    clearTimeout(this.#attempt);
    const socket = this.#socket;
    this.#socket = null;
    socket?.close(NORMAL);
  }

  #giveUp(problem: WebctpError): void {
    if (this.#state === "over") return;
    this.#move("end");
    clearInterval(this.#looker);
    this.#drop();
    this.core.lost(performance.now());
    this.#failure = problem;
    this.#tell();
    this.#wake();
    this.#dispatch({ kind: "givenUp", service: this.name, error: problem });
  }

  #wake(): void {
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const one of waiters) one();
  }
}
