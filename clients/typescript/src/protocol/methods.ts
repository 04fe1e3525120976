/** What is known of a request by its name: rules, and the made lists of what they do not tell. */

import {
  BESIDE,
  BODY_KEYS,
  CALLS,
  OF_BOTH,
  OF_MARKET,
  ORDERS,
  SUBMITTED,
  SUBSCRIPTIONS,
  TEXTS,
} from "../made/wire.js";
import type { Service } from "../urls.js";

/** How a request ends; see the lists of made/wire.ts. */
export type Kind = "query" | "answered" | "order" | "submitted" | "call" | "text" | "subscription";

const LISTS: readonly [Kind, readonly string[]][] = [
  ["order", ORDERS],
  ["submitted", SUBMITTED],
  ["call", CALLS],
  ["text", TEXTS],
  ["subscription", SUBSCRIPTIONS],
];
const AROUND = new Set([
  "MsgType",
  "RspInfo",
  "IsLast",
  "RequestID",
  "Seq",
  "Replay",
  "Detail",
  "Limit",
  "RetryAfter",
  "Timing",
  "Stale",
  "MainContract",
  "Changes",
  "Session",
  "Resume",
  ...BESIDE,
]);

export interface Method {
  readonly name: string;
  readonly kind: Kind;
  /** The key of its body; empty for none. */
  readonly bodyKey: string;
  /** Whether asking again changes nothing: it only asks, or begins or ends a subscription. */
  readonly isRepeatable: boolean;
}

/** Return what is known of a request; one of a newer CTP follows the rules. */
export function methodOf(name: string): Method {
  const listed = LISTS.find(([, names]) => names.includes(name));
  const isQuery = /^(?:Req)?Qry/.test(name);
  return {
    name,
    kind: listed?.[0] ?? (isQuery ? "query" : "answered"),
    bodyKey: BODY_KEYS[name] ?? name.replace(/^Req/, ""),
    isRepeatable: isQuery || /^(?:Get|(?:Un)?Subscribe)/.test(name),
  };
}

/** Return which service takes a request, where both run: trading if there is a login. */
export function serviceOf(name: string, hasLogin: boolean): Service {
  if (OF_MARKET.includes(name)) return "md";
  return OF_BOTH.includes(name) && !hasLogin ? "md" : "td";
}

/** Return what a message carries: the value that is no part of its envelope; null for none. */
export function bodyOf(message: object): unknown {
  for (const [key, value] of Object.entries(message)) {
    if (!AROUND.has(key)) return value;
  }
  return null;
}
