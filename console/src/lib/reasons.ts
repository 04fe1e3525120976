/** Why a session is not there, in the words of the page's language. */

import type { Word } from "./words";

/** What a session says while a page that was asleep asks whether it is up to date. */
export const WAKING = "asleep";

/** What the client says of a connection, and how the page says it; the rest is told as it is. */
const REASONS: readonly [RegExp, Word][] = [
  [new RegExp(`^${WAKING}$`), "asleep"],
  [/^closed with /, "closedWith"],
  [/^no answer in time$/, "noAnswer"],
  [/^nothing has come for (?=\d+ s$)/, "silentFor"],
  [/^the login was refused: /, "loginRefused"],
];

/** Say a reason; `say` gives a word in the language that was chosen. */
export function reasonIn(reason: string, say: (word: Word) => string): string {
  for (const [pattern, word] of REASONS) {
    if (pattern.test(reason)) return reason.replace(pattern, `${say(word)} `).trim();
  }
  return reason;
}
