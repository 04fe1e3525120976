/** Where a connection stands: its states, as a table. */

import type { Table } from "./table.js";

/** `off`: none. `login`: open, and the login is under way. `ready`: requests are answered. */
export type Phase = "off" | "login" | "ready";

/** `open`: a socket opened. `accept`: the login was accepted. `refuse`: it was refused. */
export type PhaseEvent = "open" | "accept" | "refuse" | "lose";

export const PHASES: Table<Phase, PhaseEvent> = {
  // A socket that breaks before it opens is lost all the same.
  off: { open: "login", lose: "off" },
  login: { accept: "ready", refuse: "off", lose: "off" },
  ready: { lose: "off" },
};

/** `idle`: not begun. `waiting`: for the next attempt. `over`: closed, or refused for good. */
export type LinkState = "idle" | "connecting" | "open" | "waiting" | "over";

/** `start`: somebody needs it. `due`: the next attempt. `end`: it is made no more. */
export type LinkEvent = "start" | "open" | "lose" | "due" | "end";

export const LINKS: Table<LinkState, LinkEvent> = {
  idle: { start: "connecting", end: "over" },
  connecting: { open: "open", lose: "waiting", end: "over" },
  open: { lose: "waiting", end: "over" },
  waiting: { due: "connecting", end: "over" },
  over: { end: "over" },
};

const FIRST_DELAY = 250;
/** Milliseconds between two attempts, at most, where a program does not say otherwise. */
export const LONGEST_DELAY = 30_000;

/**
 * Closes after which no other attempt is made: a breach of rules or a message that is too long
 * (1009), which the next would repeat; a token that is valid no longer (4401); an administrator who
 * has ended the connection (4410).
 */
const FINAL: readonly number[] = [1002, 1003, 1007, 1009, 4401, 4410];
/** Closes of one that sends too fast or reads too slowly: each next attempt waits longer. */
const PATIENT: readonly number[] = [1008, 1013];

/** Return whether a close with this code is for good. */
export function isFinalClose(code: number): boolean {
  return FINAL.includes(code);
}

/** Return whether the attempt after a close with this code is put off longer each time. */
export function isPatientClose(code: number): boolean {
  return PATIENT.includes(code);
}

/**
 * Return the milliseconds to wait before the next attempt.
 *
 * @param failures attempts since the last that succeeded.
 * @param chance from 0 to 1: many clients of one gateway must not come back in one moment.
 * @param most the longest of them.
 */
export function delay(failures: number, chance: number, most = LONGEST_DELAY): number {
  const longest = Math.min(most, FIRST_DELAY * 2 ** Math.min(failures, 16));
  return longest * (0.5 + 0.5 * chance);
}
