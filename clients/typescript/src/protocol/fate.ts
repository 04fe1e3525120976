/** What may become of an order or action that was sent: its states, as a table. */

import { step, type Table } from "./table.js";

/**
 * `sent`: nobody has told of it. `doubted`: its connection broke before anybody had. `told`: the
 * gateway has it, CTP has not told of it. `open`: the gateway has it, and the connection broke.
 * `known`: CTP has told of it. `adrift`: as `known`, and the connection broke. `vague`: the gateway
 * cannot know. `unknown`: nobody can say. `ended` and `refused` are for good.
 */
export type Fate =
  | "sent"
  | "doubted"
  | "told"
  | "open"
  | "known"
  | "adrift"
  | "vague"
  | "unknown"
  | "ended"
  | "refused";

/**
 * `broke`: the connection. `gateway`: the gateway has it. `ctp`: CTP has told of it. `end`: nothing
 * more will become of it. `refuse`: it was refused. `shrug`: the gateway says that it cannot know.
 * `despair`: it was asked for in vain, or asking could send it.
 */
export type FateEvent = "broke" | "gateway" | "ctp" | "end" | "refuse" | "shrug" | "despair";

const OVER = { broke: "ended", gateway: "ended", ctp: "ended", shrug: "ended", despair: "ended" };

function heard(broke: Fate, gateway: Fate): Record<FateEvent, Fate> {
  return {
    broke,
    gateway,
    ctp: "known",
    end: "ended",
    refuse: "refused",
    shrug: "vague",
    despair: "unknown",
  };
}

/** Every event may come in every state: messages cross broken connections, and each other. */
export const FATES: Table<Fate, FateEvent> = {
  sent: heard("doubted", "told"),
  doubted: heard("doubted", "told"),
  told: heard("open", "told"),
  open: heard("open", "told"),
  known: heard("adrift", "known"),
  adrift: heard("adrift", "known"),
  vague: heard("vague", "told"),
  // What nobody could tell may turn out otherwise.
  unknown: { ...heard("unknown", "unknown"), shrug: "unknown" },
  ended: { ...(OVER as Record<keyof typeof OVER, "ended">), end: "ended", refuse: "ended" },
  refused: {
    broke: "refused",
    gateway: "refused",
    ctp: "refused",
    end: "refused",
    refuse: "refused",
    shrug: "refused",
    despair: "refused",
  },
};

/** Return what follows. */
export function fateAfter(fate: Fate, event: FateEvent): Fate {
  return step(FATES, fate, event);
}

/** Whether nothing more will become of it. */
export function isOver(fate: Fate): boolean {
  return fate === "ended" || fate === "refused" || fate === "unknown";
}

/** Whether nobody on this connection has said what became of it. */
export function isDoubtful(fate: Fate): boolean {
  return fate === "doubted" || fate === "open" || fate === "adrift" || fate === "vague";
}
