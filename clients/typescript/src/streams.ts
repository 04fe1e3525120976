/** Bounded queues between the connection and a program's iterators, and what they do when full. */

import { Overflow } from "./errors.js";

/** Items that wait for a slow program, of each stream, unless it is told otherwise. */
export const MOST_WAITING = 100_000;

export interface StreamOptions<T> {
  limit?: number;
  /** Names what an item is the newest of; null for an item that must not be dropped. */
  key?: (item: T) => string | null;
  /** Brings it about, a subscription for instance; awaited before the first item. */
  begin?: () => Promise<void>;
  onClose?: () => void;
}

/**
 * An async iterator over what is pushed; it ends when it is closed, or a `for await` is left.
 *
 * At most `limit` items wait for the program. Beyond that, a stream with a `key` (ticks, growing
 * bars) keeps the newest item of each key and counts the others in `dropped`; one without drops
 * nothing: it ends with `Overflow`, for what follows would have a hole.
 */
export class Stream<T> implements AsyncIterableIterator<T> {
  dropped = 0;
  readonly #limit: number;
  readonly #options: StreamOptions<T>;
  #begun: Promise<void> | null = null;
  #items: T[] = [];
  #first = 0;
  #waiters: (() => void)[] = [];
  #end: { problem: unknown } | null = null;

  constructor(options: StreamOptions<T> = {}) {
    this.#limit = options.limit ?? MOST_WAITING;
    if (!(this.#limit >= 1)) throw new RangeError(`limit is ${this.#limit}; it must be 1 or more`);
    this.#options = options;
  }

  /** How many items wait. */
  get waiting(): number {
    return this.#items.length - this.#first;
  }

  /** Add an item. */
  put(item: T): void {
    if (this.#end !== null) return;
    this.#items.push(item);
    if (this.waiting > this.#limit) this.#makeRoom();
    this.#wake();
  }

  /** End the stream, after what waits; with an error if one is given. */
  close(problem: unknown = null): void {
    if (this.#end !== null) return;
    this.#end = { problem };
    this.#wake();
    this.#options.onClose?.();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<T>> {
    if (!(await this.#filled())) return { done: true, value: undefined };
    const value = this.#items[this.#first++] as T;
    if (this.#first >= 1024 && this.#first * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#first);
      this.#first = 0;
    }
    return { done: false, value };
  }

  /** Close it: a `for await` that is left calls this. */
  async return(): Promise<IteratorResult<T>> {
    this.#items = [];
    this.#first = 0;
    this.close();
    return { done: true, value: undefined };
  }

  /** Return all items that wait, at least one; none at the end. */
  async take(): Promise<T[]> {
    if (!(await this.#filled())) return [];
    const items = this.#items.slice(this.#first);
    this.#items = [];
    this.#first = 0;
    return items;
  }

  async #filled(): Promise<boolean> {
    this.#begun ??= this.#options.begin?.() ?? Promise.resolve();
    try {
      await this.#begun;
    } catch (problem) {
      this.close(); // what it has begun of is ended
      throw problem;
    }
    while (this.waiting === 0) {
      if (this.#end !== null) {
        const { problem } = this.#end;
        this.#end.problem = null; // told once
        if (problem !== null) throw problem;
        return false;
      }
      await new Promise<void>((resolve) => this.#waiters.push(resolve));
    }
    return true;
  }

  #wake(): void {
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const one of waiters) one();
  }

  #makeRoom(): void {
    const keyOf = this.#options.key;
    if (keyOf === undefined) {
      this.#items.pop();
      this.close(new Overflow(`${this.#limit} items wait; read faster, or raise the limit`));
      return;
    }
    const before = this.waiting;
    let kept = newestOf(this.#items.slice(this.#first), keyOf);
    if (kept.length > this.#limit) {
      // Some room is made at once, or each further item would cost a walk.
      kept = thinned(kept, kept.length - Math.floor((this.#limit * 3) / 4), keyOf);
    }
    this.dropped += before - kept.length;
    this.#items = kept;
    this.#first = 0;
    if (kept.length > this.#limit) {
      const told = `${this.#limit} items wait that must not be dropped; read faster`;
      this.close(new Overflow(told));
    }
  }
}

function newestOf<T>(items: T[], keyOf: (item: T) => string | null): T[] {
  const seen = new Set<string>();
  const kept: T[] = [];
  for (let at = items.length - 1; at >= 0; at--) {
    const item = items[at] as T;
    const key = keyOf(item);
    if (key !== null && seen.has(key)) continue;
    if (key !== null) seen.add(key);
    kept.push(item);
  }
  return kept.reverse();
}

/** Return the items without the oldest `surplus` of those that may be dropped. */
function thinned<T>(items: T[], surplus: number, keyOf: (item: T) => string | null): T[] {
  let left = surplus;
  return items.filter((item, at) => {
    if (left === 0 || at === items.length - 1 || keyOf(item) === null) return true;
    left--;
    return false;
  });
}
