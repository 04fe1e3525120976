/** Where a connection to a service stands: what is shown of it, and since when. */

import type { FrameLog } from "./frames";
import { type Body, Line, type Message, Refused } from "./line";

export type Phase = "off" | "connecting" | "login" | "ready" | "lost" | "refused";

/** Milliseconds between two looks at the latency, and after which no answer means a dead line. */
const LOOK = 5_000;
const DEAD = 10_000;
/** Milliseconds between two signs that this page runs, and after which without one it was asleep. */
const BEAT = 1_000;
const ASLEEP = 15_000;
/** What a session says as its reason while a page that was asleep asks whether it is up to date. */
export const WAKING = "asleep";

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
  /** Keeps the frames of this session; none by default. */
  frames: FrameLog | null = null;
  protected line: Line | null = null;
  #look: ReturnType<typeof setInterval> | undefined;
  #heart: ReturnType<typeof setInterval> | undefined;
  #beat = Date.now();

  get isLive(): boolean {
    return this.phase === "ready";
  }

  connect(address: string, token: string): void {
    this.close();
    this.move("connecting", "");
    this.line = new Line(address, token, {
      onOpen: () => void this.#login(),
      onPush: (message) => this.#take(message),
      onFrame: (way, text) => this.frames?.add(way, text),
      onClosed: (code, reason, seconds) => this.#closed(code, reason, seconds),
    });
    this.line.open();
    this.#beat = Date.now();
    this.#look = setInterval(() => void this.#measure(), LOOK);
    this.#heart = setInterval(() => this.#live(), BEAT);
  }

  close(): void {
    this.#rest();
    this.line?.end();
    this.line = null;
    this.resumedAt = null;
    this.latency = null;
    if (this.phase !== "refused") this.move("off", "");
  }

  ask(msgType: string, body: Body = {}, words: Body = {}): Promise<Message[]> {
    if (this.line === null) return Promise.reject(new Refused(0, "not connected", ""));
    return this.line.ask(msgType, body, words);
  }

  /** The words of a login: its body, and what stands beside MsgType. */
  protected abstract credentials(): [Body, Body];
  /** A request that the gateway answers by itself, to measure by. */
  protected abstract probe(): [string, Body];
  protected abstract onReady(answer: Message): void;
  protected abstract onPush(message: Message): void;
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

  /** Measure no more, and listen to no clock. */
  #rest(): void {
    clearInterval(this.#look);
    clearInterval(this.#heart);
  }

  async #login(): Promise<void> {
    const line = this.line;
    if (line === null) return;
    this.move("login", "");
    const [body, words] = this.credentials();
    try {
      const answers = await line.ask("ReqUserLogin", body, words);
      const answer = answers.at(-1);
      if (answer === undefined || line !== this.line) return;
      line.settled();
      if (this.staleSince !== null) this.resumedAt = Date.now();
      this.#day(answer.RspUserLogin);
      this.move("ready", "");
      this.onReady(answer);
      void this.#measure();
    } catch (problem) {
      if (!(problem instanceof Refused) || line !== this.line) throw problem;
      if (problem.code === 0) return; // the line broke, which is told by itself
      // A refused credential is never tried again by itself: accounts would be locked.
      const reason = `${problem.message} (${problem.code}) ${problem.detail}`.trim();
      this.#rest();
      line.end();
      this.line = null;
      this.move("refused", reason);
    }
  }

  #take(message: Message): void {
    this.#live();
    if (message.MsgType === "RtnSessionState") {
      const state = message.SessionState as { State: string; Reason: string };
      this.#state(state, message.RspUserLogin);
    } else if (message.MsgType === "RtnTradingDay") {
      this.tradingDay = String(message.TradingDay);
    }
    this.onPush(message);
  }

  /** Take what the gateway tells of the front; during a login its answer decides. */
  #state(state: { State: string; Reason: string }, login: unknown): void {
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

  #day(login: unknown): void {
    const day = (login as { TradingDay?: string } | null | undefined)?.TradingDay;
    if (day) this.tradingDay = day;
  }

  #closed(code: number, reason: string, seconds: number | null): void {
    if (this.phase === "refused") return;
    this.#live(); // what slept is old since it slept, not since its line was found dead
    this.latency = null;
    // A phase keeps its beginning over attempts that fail: what is stale is so since the first.
    this.move("lost", reason === "" ? `${code}` : `${code} ${reason}`);
    if (seconds === null) {
      this.#rest();
      this.move("refused", reason === "" ? `${code}` : `${reason} (${code})`);
    }
    this.onLost();
  }

  async #measure(): Promise<void> {
    const line = this.line;
    if (line === null || !(this.phase === "ready" || this.#isWaking)) return;
    const begun = performance.now();
    const dead = setTimeout(() => line === this.line && line.restart(), DEAD);
    try {
      await line.ask(...this.probe());
    } catch (problem) {
      if (!(problem instanceof Refused)) throw problem;
      if (problem.code === 0) return;
    } finally {
      clearTimeout(dead);
    }
    this.latency = performance.now() - begun;
    // Answers come in the order of what was pushed before them: all of that is here.
    if (line === this.line && this.#isWaking) {
      this.resumedAt = Date.now();
      this.move("ready", "");
    }
  }

  get #isWaking(): boolean {
    return this.phase === "lost" && this.reason === WAKING;
  }
}
