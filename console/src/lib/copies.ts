/** A request as others type it; its passwords and other secrets read `…`. */

import { messageOf, type Request } from "./catalogue";
import type { Body } from "./gateway";
import { bodyWithoutSecrets } from "./secrets";

export const WAYS = ["JSON", "Python", "TypeScript", "curl", "HTTP"] as const;
export type Way = (typeof WAYS)[number];

/** Say a request in one of the ways, to a gateway at a host such as 127.0.0.1:8080. */
export function copyAs(
  way: Way,
  request: Request,
  [words, inside]: [Body, Body],
  host: string,
  isTls: boolean,
): string {
  const parts: [Body, Body] = [bodyWithoutSecrets(words), bodyWithoutSecrets(inside)];
  const flat = JSON.stringify({ ...parts[0], ...parts[1] });
  const path = `/${request.service}/${request.name}`;
  const message = JSON.stringify(messageOf(request, parts), null, 2);
  switch (way) {
    case "JSON":
      return message;
    case "Python":
      return python(request, parts, `${isTls ? "wss" : "ws"}://${host}`);
    case "TypeScript":
      return `socket.send(JSON.stringify(${message}));`;
    case "curl":
      return [
        `curl ${isTls ? "https" : "http"}://${host}${path}`,
        "-H 'Authorization: Bearer BEARER'",
        "-H 'Content-Type: application/json'",
        `-d '${flat.replaceAll("'", `'\\''`)}'`,
      ].join(" \\\n  ");
    case "HTTP":
      return [
        `POST ${path} HTTP/1.1`,
        `Host: ${host}`,
        "Authorization: Bearer BEARER",
        "Content-Type: application/json",
        `Content-Length: ${new TextEncoder().encode(flat).length}`,
        "",
        flat,
      ].join("\n");
  }
}

function python(request: Request, [words, inside]: [Body, Body], address: string): string {
  const values = Object.entries({ ...words, ...inside });
  const given = values.map(([name, value]) => `${name}=${literal(value)}`).join(", ");
  return [
    "from webctp_client import connect",
    "",
    `with connect("${address}", USER, PASSWORD) as client:`,
    `    print(client.${request.name}(${given}))`,
  ].join("\n");
}

function literal(value: unknown): string {
  if (value === true) return "True";
  if (value === false) return "False";
  if (value === null) return "None";
  if (Array.isArray(value)) return `[${value.map(literal).join(", ")}]`;
  if (typeof value === "object") {
    const members = Object.entries(value).map(([name, one]) => `${literal(name)}: ${literal(one)}`);
    return `{${members.join(", ")}}`;
  }
  return JSON.stringify(value);
}
