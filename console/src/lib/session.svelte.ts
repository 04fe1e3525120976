/** Where a connection to a service stands: what is shown of it, and since when. */

import {
  Connections,
  type CoreEvent,
  Disconnected,
  type Fields,
  type Frame,
  type Link,
  type LinkNews,
  type Login,
  type Message,
  type own,
  type structs,
  type WebctpError,
} from "webctp-client";
import { said } from "./gateway";
import { WAKING } from "./reasons";

export type Phase = "off" | "connecting" | "login" | "ready" | "lost" | "refused";

/** Milliseconds between two looks at the latency, and of silence until the gateway is asked. */
const LOOK = 5_000;
/** Milliseconds between two attempts to connect, at most; and that one, or an answer, may take. */
const PAUSE = 5_000;
const ATTEMPT = 10_000;
const ANSWER = 60_000;
/** The gateway's refusal of what a token does not allow: it would refuse the next login, too. */
const FORBIDDEN = -403;
/** Milliseconds between two signs that this page runs, and after which without one it was asleep. */
const BEAT = 1_000;
const ASLEEP = 15_000;

export abstract class Session {
  phase = $state<Phase>("off");
  /** When the phase began, by this machine's clock. */
  since = $state(Date.now());
  /** Since when what is shown of this session is old; null while it is news, or where nothing is. */
  staleSince = $state<number | null>(null);
  reason = $state("");
  tradingDay = $state("");
  /** Milliseconds from a request to its answer, the latest. */
  latency = $state<number | null>(null);
  /** Whether the connection has come back after a loss, and when. */
  resumedAt = $state<number | null>(null);
  /** Takes the frames of this session, where somebody does. */
  onFrame: ((frame: Frame) => void) | null = null;
  #connections: Connections | null = null;
  #link: Link | null = null;
  #look: ReturnType<typeof setInterval> | undefined;
  #heart: ReturnType<typeof setInterval> | undefined;
  #beat = Date.now();

  constructor(readonly service: "td" | "md") {}

  get isLive(): boolean {
    return this.phase === "ready";
  }

  connect(address: string, token: string): void {
    this.close();
    this.move("connecting", "");
    const connections = new Connections(
      { td: address, md: address },
      {
        WebSocket,
        token,
        login: this.login(),
        timeoutMs: ANSWER,
        connectTimeoutMs: ATTEMPT,
        giveUpMs: Number.POSITIVE_INFINITY,
        longestPauseMs: PAUSE,
        orderPatienceMs: ANSWER,
        pingIntervalMs: LOOK,
        onFrame: (frame) => this.onFrame?.(frame),
        onOpen: () => connections === this.#connections && this.move("login", ""),
      },
      (name, event) => {
        const isOurs = this.#settled(connections, name, event);
        if (isOurs && connections === this.#connections) this.#happened(event);
      },
    );
    this.#connections = connections;
    this.#link = connections.get(this.service);
    this.#link.begin();
    this.#beat = Date.now();
    this.#look = setInterval(() => void this.#measure(), LOOK);
    this.#heart = setInterval(() => this.#live(), BEAT);
  }

  close(): void {
    this.#leave();
    this.resumedAt = null;
    this.latency = null;
    if (this.phase !== "refused") this.move("off", "");
  }

  /**
   * Send a request; gives what its answers carry.
   *
   * @throws WebctpError where it is refused; Disconnected where the line breaks before the answer,
   *   and what became of the request is not known then.
   */
  ask(name: string, fields: Fields = {}, words: Fields = {}): Promise<unknown[]> {
    const [connections, link] = [this.#connections, this.#link];
    if (connections === null || link === null) {
      return Promise.reject(new Disconnected("not connected", name));
    }
    try {
      return connections.answer(link, link.core.ask(name, fields, words), name);
    } catch (problem) {
      return Promise.reject(problem);
    }
  }

  /** Whether what is sent now goes out. */
  protected get isOpen(): boolean {
    return this.#link !== null && this.#link.core.phase !== "off";
  }

  /** The login of trading; market data takes none. */
  protected abstract login(): Login | null;
  protected abstract onReady(login: structs.RspUserLogin | null): void;
  protected abstract onPush(message: Message): void;
  /** Pushes are missing that cannot be had again. */
  protected abstract onGap(): void;
  protected abstract onLost(): void;

  protected move(phase: Phase, reason: string, at = Date.now()): void {
    if (phase !== this.phase) this.since = at;
    if (phase === "ready") this.staleSince = null;
    else if (this.phase === "ready") this.staleSince = at;
    this.phase = phase;
    this.reason = reason;
  }

  /** Take note that this page runs; where it has not for a while, nothing shown is news. */
  #live(): void {
    const before = this.#beat;
    this.#beat = Date.now();
    if (this.#beat - before < ASLEEP || this.phase !== "ready") return;
    this.latency = null;
    this.move("lost", WAKING, before);
    void this.#measure();
  }

  /** Leave the connection: measure no more, and listen to no clock. */
  #leave(): void {
    clearInterval(this.#look);
    clearInterval(this.#heart);
    const connections = this.#connections;
    this.#connections = null;
    this.#link = null;
    connections?.close();
  }

  /** Tell those who wait for an answer, also on a connection that was left; false for no more. */
  #settled(connections: Connections, name: string, event: CoreEvent | LinkNews): boolean {
    switch (event.kind) {
      case "row":
      case "answered":
      case "failed":
        connections.settle(name, event);
        return false;
      case "givenUp":
        connections.givenUp(name, event.error);
        return true;
      default:
        return true;
    }
  }

  #happened(event: CoreEvent | LinkNews): void {
    switch (event.kind) {
      case "message":
        this.#take(event.message);
        break;
      case "loggedIn":
        if (this.staleSince !== null) this.resumedAt = Date.now();
        this.#day(event.body);
        this.move("ready", "");
        this.onReady(event.body);
        void this.#measure();
        break;
      case "gap":
        this.onGap();
        break;
      case "loginFailed":
        // A refused credential is never tried again by itself: accounts would be locked.
        if (event.isFinal || event.error.code === FORBIDDEN) this.#end(event.error);
        break;
      case "lost":
        this.#lost(event.reason);
        break;
      case "givenUp":
        this.#end(event.error);
        break;
      case "strange":
        console.error("a message of the gateway is not readable", event.reason);
    }
  }

  #take(message: Message): void {
    this.#live();
    if (message.MsgType === "RtnSessionState") {
      this.#state(message.SessionState, message.RspUserLogin);
    } else if (message.MsgType === "RtnTradingDay") {
      this.tradingDay = message.TradingDay;
    }
    this.onPush(message);
  }

  /** Take what the gateway tells of the front; during a login its answer decides. */
  #state(state: own.SessionState, login: structs.RspUserLogin | null | undefined): void {
    if (this.phase !== "ready" && this.phase !== "lost") return;
    if (state.State === "ready") {
      if (this.#isWaking) return; // said before the page fell asleep: an answer says more
      if (this.phase === "lost") this.resumedAt = Date.now();
      this.move("ready", "");
      this.#day(login);
    } else {
      this.move("lost", `${state.State} ${state.Reason}`.trim());
      this.onLost();
    }
  }

  #day(login: structs.RspUserLogin | null | undefined): void {
    if (login?.TradingDay) this.tradingDay = login.TradingDay;
  }

  #lost(reason: string): void {
    this.#live(); // what slept is old since it slept, not since its line was found dead
    this.latency = null;
    // A phase keeps its beginning over attempts that fail: what is stale is so since the first.
    this.move("lost", reason);
    this.onLost();
  }

  /** Connect no more, and say why. */
  #end(problem: WebctpError): void {
    this.#leave();
    this.latency = null;
    this.move("refused", problem.code === 0 ? problem.detail : said(problem));
    this.onLost();
  }

  async #measure(): Promise<void> {
    const link = this.#link;
    if (link === null || !(this.phase === "ready" || this.#isWaking)) return;
    try {
      const milliseconds = await link.roundTrip();
      if (link !== this.#link) return;
      this.latency = milliseconds;
    } catch (problem) {
      if (!(problem instanceof Disconnected)) throw problem;
      return; // the line broke, which is told by itself
    }
    // Answers come in the order of what was pushed before them: all of that is here.
    if (this.#isWaking) {
      this.resumedAt = Date.now();
      this.move("ready", "");
    }
  }

  get #isWaking(): boolean {
    return this.phase === "lost" && this.reason === WAKING;
  }
}
