/** What goes wrong: the gateway's codes and CTP's, with text and Detail. */

/** What the gateway's own codes mean. */
const KINDS = {
  [-400]: "BadRequest",
  [-401]: "NotLoggedIn",
  [-403]: "Forbidden",
  [-404]: "NoSuchRequest",
  [-408]: "Unanswered",
  [-409]: "Conflict",
  [-429]: "TooMany",
  [-503]: "NotReady",
} as const;

/** `CtpError`: CTP's own refusal, a positive code, or -1, -2, -3 of its API. */
export type ErrorKind =
  | (typeof KINDS)[keyof typeof KINDS]
  | "CtpError"
  | "Disconnected"
  | "OrderUnknown"
  | "TimedOut";

/**
 * A request was refused: by the gateway (a negative code) or by CTP.
 *
 * `code` is the ErrorID, `text` the ErrorMsg, `detail` what the gateway explains, `request` the
 * MsgType that was refused. `limit` is the limit that was met, `retryAfter` the seconds after which
 * asking again may help. The gateway puts no password into any of them.
 */
export class WebctpError extends Error {
  override readonly name: string = "WebctpError";
  limit: number | null = null;
  retryAfter: number | null = null;

  constructor(
    readonly kind: ErrorKind,
    readonly code: number,
    readonly text: string,
    readonly detail = "",
    readonly request = "",
  ) {
    const told = `${request || "the gateway"}: ${code} ${text}`;
    super(detail ? `${told}: ${detail}` : told);
  }
}

/**
 * The connection to the gateway broke, or there is none. Code 0.
 *
 * A request that was sent before may have been carried out: `detail` says so. `closeCode` is the
 * WebSocket's where that ended it for good (4401: the token is valid no longer, 4410: an
 * administrator has ended it, 1009: a message was too long).
 */
export class Disconnected extends WebctpError {
  override readonly name = "Disconnected";

  constructor(
    detail: string,
    request = "",
    readonly closeCode: number | null = null,
  ) {
    super("Disconnected", 0, "no connection to the gateway", detail, request);
  }
}

/** Nobody can say whether an order was sent: look at the account before sending another. */
export class OrderUnknown extends WebctpError {
  override readonly name = "OrderUnknown";

  constructor(detail: string, request = "") {
    super("OrderUnknown", 0, "its fate is not known", detail, request);
  }
}

/** What was waited for has not come in time; nothing is said of what becomes of it. */
export class TimedOut extends WebctpError {
  override readonly name = "TimedOut";

  constructor(detail: string, request = "") {
    super("TimedOut", 0, "no answer in time", detail, request);
  }
}

/** A program was too slow for what must not be dropped: its iterator ends with this. */
export class Overflow extends Error {
  override readonly name = "Overflow";
}

/** Codes of what may succeed a little later; a login's -429 may stand for a refused password. */
export const NOT_NOW: readonly number[] = [-408, -503, 7, 8, 60, 90];

/** Return whether asking again a little later may succeed. */
export function isPassing(problem: WebctpError): boolean {
  return ["TimedOut", "TooMany"].includes(problem.kind) || NOT_NOW.includes(problem.code);
}

/** Return the error of a code. */
export function errorOf(code: number, text: string, detail = "", request = ""): WebctpError {
  const kind = (KINDS as Record<number, ErrorKind>)[code] ?? "CtpError";
  return new WebctpError(kind, code, text, detail, request);
}
