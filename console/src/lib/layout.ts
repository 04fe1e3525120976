/** What of a user's choices is exported and shared: how the desk looks, and nothing of the account. */

import { type Dock, isPanel, readDock } from "./arrangement";
import { PERIODS } from "./periods";

export interface Layout {
  language: "zh" | "en";
  theme: "light" | "dark";
  colours: "red-up" | "green-up";
  watch: string[];
  ladder: boolean;
  /** Whether there is a second chart. */
  second: boolean;
  sounds: boolean;
  /** Panels that are open besides the usual ones, and usual ones that are closed. */
  panels: string[];
  closed: string[];
  indicators: string[];
  /** What the chart and the second one show: bars of a length, or ticks. */
  period: string;
  secondPeriod: string;
  /** Where the panels are; null for the usual arrangement. */
  dock: Dock | null;
}

const MOST_WATCHED = 500;
const LONGEST = 256 * 1024;
const isName = (one: unknown): boolean => typeof one === "string" && /^[\w@&\- ]{1,80}$/.test(one);

/** Reads a value as it was told; throws an Error which names the place that is wrong. */
type Read = (value: unknown, key: string) => unknown;
const only =
  (isRight: (value: unknown) => boolean): Read =>
  (value, key) => {
    if (!isRight(value)) throw new Error(key);
    return value;
  };
const areAll = (isRight: (one: unknown) => boolean): Read =>
  only((value) => Array.isArray(value) && value.length <= MOST_WATCHED && value.every(isRight));
const oneOf = (...choices: string[]): Read => only((value) => choices.includes(value as string));
const isFlag = only((value) => typeof value === "boolean");

const READS: Record<keyof Layout, Read> = {
  language: oneOf("zh", "en"),
  theme: oneOf("light", "dark"),
  colours: oneOf("red-up", "green-up"),
  watch: areAll(isName),
  ladder: isFlag,
  second: isFlag,
  sounds: isFlag,
  panels: areAll(isName),
  closed: areAll(isPanel),
  indicators: areAll(isName),
  period: oneOf(...PERIODS),
  secondPeriod: oneOf(...PERIODS),
  dock: (value) => (value === null ? null : readDock(value)),
};
const KEYS = Object.keys(READS) as (keyof Layout)[];

/** Write a layout as a file has it. */
export const exported = (layout: Layout): string =>
  JSON.stringify({
    webctp: "layout",
    ...Object.fromEntries(KEYS.map((key) => [key, layout[key]])),
  });

/**
 * Read a layout that was exported; what a file does not name stays as it is.
 *
 * @throws Error naming what is wrong with it: then nothing of it is taken.
 */
export function imported(text: string): Partial<Layout> {
  if (text.length > LONGEST) throw new Error(`${text.length} > ${LONGEST}`);
  const told = JSON.parse(text) as Record<string, unknown> | null;
  if (told === null || typeof told !== "object" || told.webctp !== "layout") {
    throw new Error('webctp: "layout" is not in it');
  }
  const named = KEYS.filter((key) => key in told);
  return Object.fromEntries(named.map((key) => [key, READS[key](told[key], key)]));
}
