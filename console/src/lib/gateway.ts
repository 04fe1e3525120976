/** What the page says of a gateway's refusals, and how bodies of requests are called. */

import type { WebctpError } from "webctp-client";

export type Body = Record<string, unknown>;

/** A refusal as it is shown: in words, with its code and the remedy. */
export const said = (problem: WebctpError): string =>
  `${problem.text} (${problem.code}) ${problem.detail}`.trim();
