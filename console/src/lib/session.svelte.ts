/** Where a connection to a service stands: what is shown of it, and since when. */

import type { FrameLog } from "./frames";
import { type Body, Line, type Message, Refused } from "./line";

export type Phase = "off" | "connecting" | "login" | "ready" | "lost" | "refused";

/** Milliseconds between two looks at the latency, and after which no answer means a dead line. */
const LOOK = 5_000;
const DEAD = 10_000;

export abstract class Session {
  phase = $state<Phase>("off");
  /** When the phase began, by this machine's clock. */
  since = $state(Date.now());
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
  #lost = false;

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
    this.#look = setInterval(() => void this.#measure(), LOOK);
  }

  close(): void {
    clearInterval(this.#look);
    this.line?.end();
    this.line = null;
    this.#lost = false;
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

  protected move(phase: Phase, reason: string): void {
    if (phase !== this.phase) this.since = Date.now();
    this.phase = phase;
    this.reason = reason;
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
      if (this.#lost) this.resumedAt = Date.now();
      this.#lost = false;
      this.#day(answer.RspUserLogin);
      this.move("ready", "");
      this.onReady(answer);
      void this.#measure();
    } catch (problem) {
      if (!(problem instanceof Refused) || line !== this.line) throw problem;
      if (problem.code === 0) return; // the line broke, which is told by itself
      // A refused credential is never tried again by itself: accounts would be locked.
      const reason = `${problem.message} (${problem.code}) ${problem.detail}`.trim();
      clearInterval(this.#look);
      line.end();
      this.line = null;
      this.move("refused", reason);
    }
  }

  #take(message: Message): void {
    if (message.MsgType === "RtnSessionState") {
      const state = message.SessionState as { State: string; Reason: string };
      if (state.State === "ready") {
        if (this.phase === "lost") this.resumedAt = Date.now();
        this.move("ready", "");
        this.#day(message.RspUserLogin);
      } else if (this.phase === "ready" || this.phase === "lost") {
        this.move("lost", `${state.State} ${state.Reason}`.trim());
        this.onLost();
      }
    } else if (message.MsgType === "RtnTradingDay") {
      this.tradingDay = String(message.TradingDay);
    }
    this.onPush(message);
  }

  #day(login: unknown): void {
    const day = (login as { TradingDay?: string } | null | undefined)?.TradingDay;
    if (day) this.tradingDay = day;
  }

  #closed(code: number, reason: string, seconds: number | null): void {
    if (this.phase === "refused") return;
    if (this.phase === "ready") this.#lost = true;
    this.latency = null;
    // A phase keeps its beginning over attempts that fail: what is stale is so since the first.
    this.move("lost", reason === "" ? `${code}` : `${code} ${reason}`);
    if (seconds === null) this.move("refused", reason);
    this.onLost();
  }

  async #measure(): Promise<void> {
    const line = this.line;
    if (line === null || this.phase !== "ready") return;
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
  }
}
