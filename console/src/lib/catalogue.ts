/** The requests of a gateway as forms, read from the openapi.yaml that it serves. */

import type { Body } from "./gateway";

export type Choices = readonly (readonly [value: string, meaning: string])[];

export interface Field {
  name: string;
  kind: "text" | "integer" | "number" | "boolean" | "json";
  meaning: string;
  longest: number | null;
  /** Values that it may hold, and what they mean. */
  choices: Choices;
  /** Whether it may hold other values, too: several in a text, or those of a newer CTP. */
  isOpen: boolean;
  /** Whether it stands beside MsgType, and not inside the body. */
  isBeside: boolean;
}

export interface Request {
  service: "td" | "md";
  name: string;
  meaning: string;
  /** What the body is called in a message; empty where there is none. */
  key: string;
  fields: Field[];
  example: Body;
}

interface Schema {
  $ref?: string;
  type?: string | string[];
  description?: string;
  maxLength?: number;
  enum?: unknown[];
  "x-enumeration"?: string;
  properties?: Record<string, Schema>;
  allOf?: Schema[];
  anyOf?: Schema[];
}

interface Operation {
  summary?: string;
  requestBody?: { content: Record<string, { schema: Schema; example?: Body }> };
}

export interface OpenApi {
  paths: Record<string, { post?: Operation }>;
  components: { schemas: Record<string, Schema> };
  "x-enumerations"?: Record<string, Record<string, string>>;
}

const PLACE = "#/components/schemas/";
const PATH = /^\/(td|md)\/(\w+)$/;
/** The gateway's own requests whose body does not bear their name. */
const KEYS: Record<string, string> = { ReqQryBar: "QryBar" };
/** Requests that the page sends by itself, with credentials that it keeps to itself. */
const LOGIN = /^ReqUserLog(in|out)|^ReqAuthenticate/;

/** Read the requests that have a form, by service and name. */
export function requestsOf(document: OpenApi): Request[] {
  const found: Request[] = [];
  for (const [path, item] of Object.entries(document.paths)) {
    const [, service, name] = PATH.exec(path) ?? [];
    if (service === undefined || name === undefined || item.post === undefined) continue;
    if (LOGIN.test(name)) continue;
    found.push(requestOf(document, service as "td" | "md", name, item.post));
  }
  return found;
}

function requestOf(
  document: OpenApi,
  service: "td" | "md",
  name: string,
  operation: Operation,
): Request {
  const content = operation.requestBody?.content["application/json"];
  const schema = content?.schema ?? {};
  const inside = schema.$ref ?? schema.allOf?.[0]?.$ref;
  const words = schema.$ref === undefined ? schema.properties : undefined;
  const body = inside === undefined ? {} : (resolve(document, { $ref: inside }).properties ?? {});
  return {
    service,
    name,
    meaning: operation.summary ?? "",
    key: inside === undefined ? "" : keyOf(name, inside.slice(PLACE.length)),
    fields: [
      ...Object.entries(words ?? {}).map(([field, one]) => fieldOf(document, field, one, true)),
      ...Object.entries(body)
        .filter(([field]) => !field.startsWith("reserve"))
        .map(([field, one]) => fieldOf(document, field, one, false)),
    ],
    example: content?.example ?? {},
  };
}

/** CTP's bodies bear their struct's name; the gateway's own that of the request. */
function keyOf(name: string, component: string): string {
  const ctp = /^(?:td|md)\.(.+)$/.exec(component);
  return ctp?.[1] ?? KEYS[name] ?? name;
}

function fieldOf(document: OpenApi, name: string, told: Schema, isBeside: boolean): Field {
  const schema = resolve(document, told);
  const types = [schema.type ?? schema.anyOf?.map((one) => one.type) ?? []].flat(2);
  const kind = types.includes("string")
    ? "text"
    : (["integer", "number", "boolean"] as const).find((one) => types.includes(one));
  return {
    name,
    kind: schema.enum !== undefined ? "text" : (kind ?? "json"),
    meaning: told.description ?? schema.description ?? "",
    longest: schema.maxLength ?? null,
    choices: choicesOf(document, told, schema, types.includes("boolean")),
    isOpen: told["x-enumeration"] !== undefined && told.maxLength !== 1,
    isBeside,
  };
}

function choicesOf(document: OpenApi, told: Schema, schema: Schema, isFlag: boolean): Choices {
  const named = document["x-enumerations"]?.[told["x-enumeration"] ?? ""];
  if (named !== undefined) return Object.entries(named);
  const values = isFlag ? ["true", "false"] : (schema.enum ?? []).map(String);
  return values.map((value) => [value, ""]);
}

function resolve(document: OpenApi, schema: Schema): Schema {
  const name = schema.$ref?.slice(PLACE.length);
  return name === undefined ? schema : (document.components.schemas[name] ?? {});
}

/** A value as JSON has it: of the text of an input; undefined where the field is left out. */
export function fieldValue(field: Field, text: string): unknown {
  if (text === "") return undefined;
  switch (field.kind) {
    case "text":
      return text;
    case "boolean":
      return text === "true";
    case "integer":
    case "number": {
      const value = Number(text);
      if (!Number.isFinite(value)) throw new Error(`${field.name}: ${text} is no number`);
      return value;
    }
    case "json":
      try {
        return JSON.parse(text);
      } catch {
        throw new Error(`${field.name}: ${text} is no JSON`);
      }
  }
}

/** What a form says: the words beside MsgType, and the fields inside the body. */
export function filled(request: Request, texts: Record<string, string>): [Body, Body] {
  const words: Body = {};
  const inside: Body = {};
  for (const field of request.fields) {
    const value = fieldValue(field, texts[field.name] ?? "");
    if (value !== undefined) (field.isBeside ? words : inside)[field.name] = value;
  }
  return [words, inside];
}

/** A message as it is sent, but for its RequestID. */
export const messageOf = (request: Request, [words, inside]: [Body, Body]): Body => ({
  MsgType: request.name,
  ...words,
  ...(request.key === "" ? {} : { [request.key]: inside }),
});
