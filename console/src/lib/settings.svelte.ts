/** What a user has chosen, kept in this browser; no secret is among it. */

import { readDock } from "./arrangement";
import type { Layout } from "./layout";
import { periodOf } from "./periods";
import { type Language, say, type Word } from "./words";

export type Theme = "light" | "dark";
export type Colours = "red-up" | "green-up";

interface Kept extends Layout {
  user: string;
}

const PLACE = "webctp-console";
const WATCH = ["@rb", "@IF", "@au", "@cu", "@m", "@TA", "@i", "@AP"];

function usual(): Kept {
  const isDark = matchMedia("(prefers-color-scheme: dark)").matches;
  return {
    language: navigator.language.startsWith("zh") ? "zh" : "en",
    theme: isDark ? "dark" : "light",
    colours: "red-up",
    watch: WATCH,
    user: "demo",
    ladder: false,
    second: false,
    sounds: false,
    panels: [],
    closed: [],
    indicators: [],
    period: "1m",
    secondPeriod: "5m",
    dock: null,
  };
}

function kept(): Kept {
  try {
    const found = JSON.parse(localStorage.getItem(PLACE) ?? "{}") as Partial<Kept>;
    return { ...usual(), ...found, dock: dockOf(found.dock) };
  } catch (problem) {
    // Spoilt, or a browser that keeps nothing: the usual settings serve as well.
    console.info("settings of the console are not readable", problem);
    return usual();
  }
}

function dockOf(found: unknown): Layout["dock"] {
  if (!found) return null;
  try {
    return readDock(found);
  } catch (problem) {
    console.info("the arrangement that was kept is not readable", problem);
    return null;
  }
}

class Settings {
  #kept = $state(kept());

  get language(): Language {
    return this.#kept.language;
  }
  get theme(): Theme {
    return this.#kept.theme;
  }
  get colours(): Colours {
    return this.#kept.colours;
  }
  get watch(): string[] {
    return this.#kept.watch;
  }
  get user(): string {
    return this.#kept.user;
  }

  get layout(): Layout {
    return this.#kept;
  }
  get sounds(): boolean {
    return this.#kept.sounds;
  }
  get panels(): string[] {
    return this.#kept.panels;
  }
  get indicators(): string[] {
    return this.#kept.indicators;
  }
  get period(): string {
    return periodOf(this.#kept.period, "1m");
  }
  get secondPeriod(): string {
    return periodOf(this.#kept.secondPeriod, "5m");
  }
  get second(): boolean {
    return this.#kept.second;
  }
  get ladder(): boolean {
    return this.#kept.ladder;
  }

  change(changes: Partial<Kept>): void {
    Object.assign(this.#kept, changes);
    try {
      localStorage.setItem(PLACE, JSON.stringify(this.#kept));
    } catch (problem) {
      console.info("this browser keeps no settings", problem);
    }
  }
}

export const settings = new Settings();

/** Say a word in the language that was chosen; reads it anew when that changes. */
export const t = (word: Word): string => say(word, settings.language);

/** Say a word and what it is said of. */
export const tell = (word: Word, of: string): string => `${t(word)}: ${of}`;
