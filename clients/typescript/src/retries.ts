/** Work beside what is going on, which is done again where it fails for the moment. */

import { isPassing, WebctpError } from "./errors.js";
import { delay } from "./protocol/phases.js";

/** What a client does by itself; why it failed is told each time. */
export class Retries {
  readonly #told: (problem: WebctpError) => void;
  readonly #pauses = new Set<ReturnType<typeof setTimeout>>();
  #isClosed = false;

  constructor(told: (problem: WebctpError) => void) {
    this.#told = told;
  }

  /** @param failures of this work before. */
  begin(work: () => Promise<unknown>, failures = 0): void {
    work().catch((problem: unknown) => {
      if (!(problem instanceof WebctpError)) throw problem;
      this.#told(problem);
      if (this.#isClosed || !isPassing(problem)) return;
      const after = (problem.retryAfter ?? 0) * 1000;
      const again = setTimeout(
        () => {
          this.#pauses.delete(again);
          this.begin(work, failures + 1);
        },
        Math.max(after, delay(failures, Math.random())),
      );
      this.#pauses.add(again);
    });
  }

  close(): void {
    this.#isClosed = true;
    for (const one of this.#pauses) clearTimeout(one);
    this.#pauses.clear();
  }
}
