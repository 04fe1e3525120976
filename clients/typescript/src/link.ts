/** One service's connection: a WebSocket, made again whenever it breaks, around a core. */

import { Disconnected, type WebctpError } from "./errors.js";
import type { Core, CoreEvent } from "./protocol/core.js";
import {
  delay,
  isFinalClose,
  isPatientClose,
  LINKS,
  type LinkEvent,
  type LinkState,
} from "./protocol/phases.js";
import { step } from "./protocol/table.js";

/** Milliseconds between two looks at orders of which nobody has told, and at a silent connection. */
const LOOK = 1_000;
/** A request that the gateway answers by itself. */
const PROBE = "GetTradingDay";
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

/** A message as it went over a connection. */
export interface Frame {
  /** The connection's name: `td` for trading, `md`, `partial` and `bars` for market data. */
  service: string;
  way: "out" | "in";
  text: string;
  /** When, in milliseconds since 1970. */
  at: number;
}

/** What a program may have done beside all events; each is left out at no cost. */
export interface LinkHooks {
  /** Takes every message as it goes, passwords included. */
  onFrame?: (frame: Frame) => void;
  /** A socket has opened, and the login goes out. */
  onOpen?: (service: string) => void;
}

export interface LinkOptions extends LinkHooks {
  WebSocket: SocketClass;
  /** Is shown to the gateway as a subprotocol; empty for none. */
  token: string;
  connectTimeoutMs: number;
  /** Milliseconds after which a first connection is given up; Infinity where it is waited for. */
  giveUpMs: number;
  /** Milliseconds between two attempts, at most. */
  longestPauseMs: number;
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
  /** When a silent connection was asked whether it is there; null while it is not silent. */
  #probed: number | null = null;
  /** By its RequestID, who waits for the answer to a probe; null: it was answered. */
  readonly #probes = new Map<number, (problem: WebctpError | null) => void>();
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

  /** Why it is made no more; null while it is. */
  get failure(): WebctpError | null {
    return this.#failure;
  }

  /** Where the connection stands. */
  get state(): LinkState {
    return this.#state;
  }

  /** Begin to connect, once; events tell how it goes. */
  begin(): void {
    if (this.#state !== "idle") return;
    this.#move("start");
    this.#begun = performance.now();
    this.#looker = setInterval(() => this.#look(), LOOK);
    this.#connect();
  }

  /**
   * Wait until requests are answered: connected and, if there is a login, logged in.
   *
   * @throws WebctpError if the login is refused, or no connection can be made at first.
   */
  async ready(): Promise<void> {
    this.begin();
    while (!this.core.isReady) {
      if (this.#failure !== null) throw this.#failure;
      await new Promise<void>((resolve) => this.#waiters.push(resolve));
    }
  }

  /** Send what the core has to send, and tell what has happened. */
  flush(): void {
    const socket = this.#socket;
    if (socket !== null && socket.readyState === OPEN) {
      for (const message of this.core.take()) {
        socket.send(message);
        this.#frame("out", message);
      }
    }
    this.#tell();
  }

  /**
   * Ask the gateway itself, which asks nobody; return the milliseconds until its answer.
   *
   * What was pushed before the answer has come by then.
   *
   * @throws Disconnected if there is no connection, or it breaks before.
   */
  roundTrip(): Promise<number> {
    if (!this.core.isReady) return Promise.reject(new Disconnected("there is no latency", PROBE));
    const begun = performance.now();
    return new Promise((resolve, reject) => {
      this.#probe((problem) => {
        if (problem === null) resolve(performance.now() - begun);
        else reject(problem);
      });
    });
  }

  /** End the connection for good. */
  close(): void {
    this.#giveUp(new Disconnected("the client was closed"));
  }

  #frame(way: Frame["way"], text: string): void {
    const { onFrame } = this.#options;
    if (onFrame !== undefined) onFrame({ service: this.name, way, text, at: Date.now() });
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
      if (socket !== this.#socket) return;
      const code = event.code ?? 1006;
      const told = event.reason ? `closed with ${code} ${event.reason}` : `closed with ${code}`;
      this.#lost(socket, told, code);
      // Another attempt would meet the same, or is not wanted.
      if (isFinalClose(code)) this.#giveUp(new Disconnected(told, "", code));
    };
    // A close follows each error, and a page is told no more of it than that.
    socket.onerror = () => undefined;
  }

  #opened(socket: Socket): void {
    if (socket !== this.#socket) return;
    clearTimeout(this.#attempt);
    this.#move("open");
    this.#heard = performance.now();
    this.#probed = null;
    this.#options.onOpen?.(this.name);
    this.core.opened();
    this.flush();
  }

  #received(socket: Socket, data: unknown): void {
    if (socket !== this.#socket) return;
    this.#heard = performance.now();
    this.#probed = null;
    const text = typeof data === "string" ? data : `${data}`;
    this.#frame("in", text);
    this.core.received(text, performance.now());
    this.flush();
  }

  /** Take the end of a connection or of an attempt, and try again a little later. */
  #lost(socket: Socket, reason: string, code = 0): void {
    if (socket !== this.#socket) return;
    this.#drop();
    this.#move("lose");
    const wasReady = this.core.isReady;
    this.#leaveProbes();
    this.core.lost(performance.now());
    this.#tell();
    this.#failures = wasReady && !isPatientClose(code) ? 0 : this.#failures + 1;
    this.#dispatch({ kind: "lost", service: this.name, reason });
    const isFirst = !this.core.hasBeenReady;
    if (isFirst && performance.now() - this.#begun >= this.#options.giveUpMs) {
      this.#giveUp(new Disconnected(reason));
    }
    if (this.#state !== "waiting") return;
    const pause = delay(this.#failures, Math.random(), this.#options.longestPauseMs);
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
    if ("requestId" in event && this.#probes.has(event.requestId)) {
      this.#probes.get(event.requestId)?.(null); // a refusal is an answer as well
      this.#probes.delete(event.requestId);
      return;
    }
    this.#dispatch(event);
    if (event.kind === "loggedIn") this.#wake();
    if (event.kind !== "loginFailed") return;
    if (event.isFinal) {
      this.#giveUp(event.error);
    } else if (this.#socket !== null) {
      this.#lost(this.#socket, `the login was refused: ${event.error.message}`);
    }
  }

  /**
   * Look after orders, and at a connection that is silent: pages cannot ping.
   *
   * A page that slept comes here late: a connection is abandoned only once it was asked in vain.
   */
  #look(): void {
    const now = performance.now();
    this.core.look(now);
    const { pingIntervalMs } = this.#options;
    if (this.#socket !== null && this.core.isReady) {
      if (this.#probed !== null && now - this.#probed > pingIntervalMs) {
        const seconds = Math.round((now - this.#heard) / 1000);
        this.#lost(this.#socket, `nothing has come for ${seconds} s`);
        return;
      }
      if (this.#probed === null && now - this.#heard > pingIntervalMs) {
        this.#probed = now;
        this.#probe(() => undefined);
      }
    }
    this.flush();
  }

  #probe(done: (problem: WebctpError | null) => void): void {
    this.#probes.set(this.core.ask(PROBE, {}), done);
    this.flush();
  }

  /** Wait for no answer on a connection that is lost: one on the next would tell another time. */
  #leaveProbes(): void {
    for (const [requestId, done] of this.#probes) {
      this.core.forget(requestId);
      done(new Disconnected("it broke before the answer", PROBE));
    }
    this.#probes.clear();
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
    this.#leaveProbes();
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
