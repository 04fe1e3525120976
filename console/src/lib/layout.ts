/** What of a user's choices is exported and shared: how the desk looks, and nothing of the account. */

export interface Layout {
  language: "zh" | "en";
  theme: "light" | "dark";
  colours: "red-up" | "green-up";
  watch: string[];
  ladder: boolean;
  /** Whether there is a second chart. */
  second: boolean;
  sounds: boolean;
  panels: string[];
  indicators: string[];
}

const MOST_WATCHED = 500;
const isName = (one: unknown): boolean => typeof one === "string" && /^[\w@&\- ]{1,80}$/.test(one);
const areNames = (value: unknown): boolean =>
  Array.isArray(value) && value.length <= MOST_WATCHED && value.every(isName);
const oneOf =
  (...choices: string[]) =>
  (value: unknown): boolean =>
    choices.includes(value as string);
const isFlag = (value: unknown): boolean => typeof value === "boolean";

const CHECKS: Record<keyof Layout, (value: unknown) => boolean> = {
  language: oneOf("zh", "en"),
  theme: oneOf("light", "dark"),
  colours: oneOf("red-up", "green-up"),
  watch: areNames,
  ladder: isFlag,
  second: isFlag,
  sounds: isFlag,
  panels: areNames,
  indicators: areNames,
};
const KEYS = Object.keys(CHECKS) as (keyof Layout)[];

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
  const told = JSON.parse(text) as Record<string, unknown> | null;
  if (told === null || typeof told !== "object" || told.webctp !== "layout") {
    throw new Error('webctp: "layout" is not in it');
  }
  const named = KEYS.filter((key) => key in told);
  for (const key of named) if (!CHECKS[key](told[key])) throw new Error(key);
  return Object.fromEntries(named.map((key) => [key, told[key]]));
}
