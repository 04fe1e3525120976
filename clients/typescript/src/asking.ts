/** Every request as a method that the class of clients need not name: types cost no bytes. */

import type { Requests } from "./made/requests.js";
import type { SentOrder } from "./orders.js";
import type { Kind } from "./protocol/methods.js";
import type { SubscriptionWords } from "./protocol/words.js";

/** How a request is carried out by its name. */
interface Asker {
  ask(name: string, fields: unknown, words: unknown): unknown;
}

/** Names of requests begin with a capital letter, those of a client's own methods do not. */
const REQUEST = /^[A-Z]/;

const named: ProxyHandler<object> = {
  get(_, name, client: Asker) {
    if (typeof name !== "string" || !REQUEST.test(name)) return undefined;
    return (fields: unknown, words: unknown) => client.ask(name, fields, words);
  },
};

/** Make the class whose objects have every request as a method, carried out by their `ask`. */
function requestsOf(): new () => Requests {
  class Base {}
  Object.setPrototypeOf(Base.prototype, new Proxy({}, named));
  return Base as new () => Requests;
}

export const Asking: new () => Requests = /* @__PURE__ */ requestsOf();

/** Instruments; one may be given by itself. */
export type Names = string | readonly string[];

/** What the ways of carrying out requests use of a client. */
export interface Asked {
  rows(name: string, fields: unknown, words: unknown): Promise<unknown[]>;
  submit(name: string, fields: unknown): Promise<void>;
  order(name: string, fields: unknown, words: unknown): Promise<SentOrder>;
  subscribe(name: string, names: string[], words: SubscriptionWords): Promise<unknown[]>;
}
type Way = (client: Asked, name: string, fields: unknown, words: unknown) => Promise<unknown>;

const one: Way = async (client, name, fields, words) =>
  (await client.rows(name, fields, words)).at(-1) ?? null;

/** By a request's kind, what carries it out. */
export const WAYS: Record<Kind, Way> = {
  query: (client, name, fields, words) => client.rows(name, fields, words),
  answered: one,
  call: one,
  text: async (client, name, fields, words) => `${await one(client, name, fields, words)}`,
  order: (client, name, fields, words) => client.order(name, fields, words),
  submitted: (client, name, fields) => client.submit(name, fields),
  subscription: (client, name, names, words) =>
    client.subscribe(name, listOf(names as Names), words as SubscriptionWords),
};

/** Return instruments as a list. */
export function listOf(names: Names): string[] {
  return typeof names === "string" ? [names] : [...names];
}
