/** Requests of the explorer that are saved in this browser or passed on as a link; no secrets. */

import type { Request } from "./catalogue";
import { isSecret } from "./secrets";

/** A request and what its form says, by the names of the fields. */
export interface Saved {
  service: "td" | "md";
  name: string;
  texts: Record<string, string>;
}

const PLACE = "webctp-console-requests";
const MARK = "#request=";
const MOST = 100;
const LONGEST = 16 * 1024;

/** What is kept of a form: fields that say something, and hold no secret. */
export function savedOf(request: Request, texts: Record<string, string>): Saved {
  const said = Object.entries(texts).filter(([name, text]) => text !== "" && !isSecret(name));
  return { service: request.service, name: request.name, texts: Object.fromEntries(said) };
}

/** How a saved request is called: by its name and values. */
export const labelOf = ({ name, texts }: Saved): string =>
  [name, ...Object.values(texts)].join(" ").slice(0, 60);

/** The address at which the explorer opens with a request filled in. Nothing is sent by it. */
export const linkOf = (saved: Saved, page: string): string =>
  `${page.split("#")[0]}${MARK}${encodeURIComponent(JSON.stringify(saved))}`;

export const isLink = (hash: string): boolean => hash.startsWith(MARK);

/**
 * Read the request of a link.
 *
 * @throws Error that says what is wrong, for others may have written it.
 */
export function linked(hash: string, requests: readonly Request[]): [Request, Saved["texts"]] {
  if (hash.length > LONGEST) throw new Error(`${hash.length} > ${LONGEST}`);
  let told: Partial<Saved> | null;
  try {
    told = JSON.parse(decodeURIComponent(hash.slice(MARK.length)));
  } catch {
    throw new Error("JSON");
  }
  return formOf(told, requests);
}

/** @throws Error that names the request or field that the gateway does not know. */
export function formOf(
  told: Partial<Saved> | null,
  requests: readonly Request[],
): [Request, Saved["texts"]] {
  const found = requests.find((one) => one.service === told?.service && one.name === told.name);
  if (found === undefined) throw new Error(`${told?.service ?? "?"} ${told?.name ?? "?"}`);
  const texts: Saved["texts"] = {};
  for (const [name, text] of Object.entries(told?.texts ?? {})) {
    const isKnown = found.fields.some((field) => field.name === name);
    if (!isKnown || isSecret(name) || typeof text !== "string") throw new Error(name);
    texts[name] = text;
  }
  return [found, texts];
}

/** The saved requests, the newest first; those that cannot be read are left out. */
export function readSaved(): Saved[] {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(PLACE) ?? "[]");
    return Array.isArray(found) ? found.filter(isSaved) : [];
  } catch (problem) {
    console.info("the saved requests are not readable", problem);
    return [];
  }
}

/** Put a request before those that were saved, once. */
export function withSaved(saved: readonly Saved[], one: Saved): Saved[] {
  return [one, ...without(saved, one)].slice(0, MOST);
}

export const without = (saved: readonly Saved[], one: Saved): Saved[] =>
  saved.filter((other) => JSON.stringify(other) !== JSON.stringify(one));

export function keep(saved: readonly Saved[]): void {
  try {
    localStorage.setItem(PLACE, JSON.stringify(saved));
  } catch (problem) {
    console.info("this browser keeps no requests", problem);
  }
}

function isSaved(one: unknown): one is Saved {
  const { service, name, texts } = (one ?? {}) as Partial<Saved>;
  const isNamed = (service === "td" || service === "md") && typeof name === "string";
  return isNamed && Object.values(texts ?? { wrong: 0 }).every((text) => typeof text === "string");
}
