/** Whole ticks and bars, from messages that tell only what has changed (`"Changes": true`). */

import type { Message } from "../made/messages.js";

/** Instruments, and periods of them, that are held; there are some ten thousand instruments. */
const MOST = 200_000;

/** A message by parts, as this module reads them. */
interface Told {
  MsgType: string;
  Changes?: boolean;
  Stale?: boolean;
  MainContract?: string;
}
interface Body {
  InstrumentID: string;
  Period?: string;
}

const KEYS: Record<string, "DepthMarketData" | "Bar"> = {
  RtnDepthMarketData: "DepthMarketData",
  RtnBar: "Bar",
};

/** Changes came of what was never told whole. */
export class Unfounded extends Error {
  override readonly name = "Unfounded";
}

/**
 * What one connection was told last of each instrument; a new connection begins anew.
 *
 * Those by `@rb` are held apart from those by name, for the gateway tells them apart.
 */
export class Changes {
  readonly #held = new Map<string, Body>();

  /**
   * Return a message in which ticks and bars have every field.
   *
   * @throws Unfounded for changes of what was never told whole.
   */
  whole(message: Message): Message {
    const told = message as Told;
    const key = KEYS[told.MsgType];
    // A stale tick is always whole, and older than what is held.
    if (key === undefined || told.Stale) return message;
    const body = (message as unknown as Record<string, Body>)[key] as Body;
    const name = `${key} ${body.InstrumentID} ${body.Period ?? ""} ${told.MainContract ?? ""}`;
    const held = this.#held.get(name);
    if (told.Changes && held === undefined) {
      throw new Unfounded(`changes of ${body.InstrumentID}, which was not told whole before`);
    }
    const whole = told.Changes ? { ...held, ...body } : body;
    if (held !== undefined || this.#held.size < MOST) this.#held.set(name, whole);
    if (!told.Changes) return message;
    const { Changes: _, ...rest } = told;
    return { ...rest, [key]: whole } as unknown as Message;
  }
}
