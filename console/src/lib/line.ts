/**
 * A connection of the console to one service of a gateway: sends requests, pairs answers by their
 * RequestID, hands pushes on, connects again. It knows nothing of what the messages mean.
 */

export type Message = Record<string, unknown> & { MsgType: string };
export type Body = Record<string, unknown>;

/** Why a request had no good answer; `code` is CTP's or the gateway's, 0 where the line broke. */
export class Refused extends Error {
  constructor(
    readonly code: number,
    message: string,
    readonly detail: string,
  ) {
    super(message);
  }
}

/** A refusal as it is shown: in words, with its code and the remedy. */
export const said = (problem: Refused): string =>
  `${problem.message} (${problem.code}) ${problem.detail}`.trim();

interface Waiting {
  answers: Message[];
  resolve: (answers: Message[]) => void;
  reject: (problem: Refused) => void;
}

export interface LineEvents {
  /** The socket is open: log in. */
  onOpen: () => void;
  onPush: (message: Message) => void;
  /** Each frame as it went, with the text that was sent or has come. */
  onFrame?: (way: "out" | "in", text: string) => void;
  /** The socket is closed; it is tried again after `seconds`, or not where that is null. */
  onClosed: (code: number, reason: string, seconds: number | null) => void;
}

/** Seconds before the next attempt: from half a second up to ten. */
export const patience = (attempt: number): number => Math.min(10, 0.5 * 2 ** attempt);

/**
 * Closes after which another attempt would meet the same, or is not wanted: a breach of rules, a
 * token that is valid no longer (4401), an administrator who has ended the connection (4410).
 */
const FINAL = new Set([1002, 1003, 1007, 4401, 4410]);

export class Line {
  #socket: WebSocket | null = null;
  #waiting = new Map<number, Waiting>();
  #next = 1;
  #attempt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #ended = false;

  constructor(
    readonly address: string,
    readonly token: string,
    readonly events: LineEvents,
  ) {}

  open(): void {
    clearTimeout(this.#timer);
    const protocols = this.token === "" ? ["webctp"] : ["webctp", `bearer.${this.token}`];
    const socket =
      this.token === "" ? new WebSocket(this.address) : new WebSocket(this.address, protocols);
    this.#socket = socket;
    socket.onopen = () => this.events.onOpen();
    socket.onmessage = (event) => {
      const text = String(event.data);
      this.events.onFrame?.("in", text);
      this.#take(JSON.parse(text) as Message);
    };
    socket.onclose = (event) => this.#closed(socket, event.code, event.reason);
  }

  /** Take note that the login went well: the next loss is tried again at once. */
  settled(): void {
    this.#attempt = 0;
  }

  /** Leave for good. */
  end(): void {
    this.#ended = true;
    clearTimeout(this.#timer);
    this.#socket?.close(1000);
  }

  /** Drop a connection that seems dead, and connect anew. */
  restart(): void {
    const socket = this.#socket;
    if (socket !== null) {
      socket.close();
      this.#closed(socket, 1006, "");
    }
  }

  /**
   * Send a request; gives its answers, the last with `IsLast`.
   *
   * Rejects with Refused where the answer bears an error, and where the line breaks before: what
   * became of the request is not known then.
   */
  ask(msgType: string, body: Body = {}, words: Body = {}): Promise<Message[]> {
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      if (!this.#write(msgType, id, body, words)) {
        reject(new Refused(0, "not connected: it was not sent", ""));
        return;
      }
      this.#waiting.set(id, { answers: [], resolve, reject });
    });
  }

  /** Send a request whose outcome pushes tell: it may have an answer, or an error, or neither. */
  tell(
    msgType: string,
    body: Body,
    words: Body,
    onRefused: (problem: Refused) => void,
    onAnswer: (answers: Message[]) => void = () => {},
  ): boolean {
    const id = this.#next++;
    if (!this.#write(msgType, id, body, words)) return false;
    this.#waiting.set(id, { answers: [], resolve: onAnswer, reject: onRefused });
    return true;
  }

  #write(msgType: string, id: number, body: Body, words: Body): boolean {
    if (this.#socket?.readyState !== WebSocket.OPEN) return false;
    const text = JSON.stringify({ MsgType: msgType, ...words, ...body, RequestID: id });
    this.#socket.send(text);
    this.events.onFrame?.("out", text);
    return true;
  }

  #take(message: Message): void {
    const id = message.RequestID;
    const waiting =
      typeof id === "number" && "IsLast" in message ? this.#waiting.get(id) : undefined;
    if (waiting === undefined) {
      this.events.onPush(message);
      return;
    }
    const info = message.RspInfo as { ErrorID: number; ErrorMsg: string } | null;
    waiting.answers.push(message);
    if (message.IsLast === true || info?.ErrorID) this.#waiting.delete(id as number);
    if (info?.ErrorID) {
      waiting.reject(new Refused(info.ErrorID, info.ErrorMsg, String(message.Detail ?? "")));
    } else if (message.IsLast === true) {
      waiting.resolve(waiting.answers);
    }
  }

  #closed(socket: WebSocket, code: number, reason: string): void {
    if (socket !== this.#socket) return;
    this.#socket = null;
    const left = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const one of left) one.reject(new Refused(0, "the connection broke before an answer", ""));
    const again = this.#ended || FINAL.has(code) ? null : patience(this.#attempt++);
    if (again !== null) this.#timer = setTimeout(() => this.open(), again * 1000);
    this.events.onClosed(code, reason, again);
  }
}
