import { describe, expect, it } from "vitest";
import { filled, messageOf, type OpenApi, type Request, requestsOf } from "./catalogue";
import { copyAs, WAYS } from "./copies";

const body = (schema: object, example?: object) => ({
  requestBody: { content: { "application/json": { schema, ...(example && { example }) } } },
});
const DOCUMENT = {
  paths: {
    "/td/ReqQryOrder": {
      post: {
        summary: "查询",
        ...body({
          properties: { Queued: { type: "boolean" } },
          allOf: [{ $ref: "#/components/schemas/td.QryOrder" }],
        }),
      },
    },
    "/td/PreviewOrder": { post: body({ $ref: "#/components/schemas/td.InputOrder" }) },
    "/td/ReqUserLogin": { post: body({}) },
    "/md/ReqQryBar": { post: body({ $ref: "#/components/schemas/QryBar" }, { Period: "1m" }) },
    "/md/QryInstruments": { post: body({ $ref: "#/components/schemas/QryBar" }) },
    "/md/GetTradingDay": { post: body({ properties: {} }) },
    "/md/ticks": {},
  },
  "x-enumerations": {
    Direction: { "0": "买 Buy", "1": "卖 Sell" },
    OffsetFlag: { "0": "开仓 Open" },
  },
  components: {
    schemas: {
      "td.QryOrder": {
        properties: {
          InstrumentID: { type: ["string", "null"], maxLength: 80, description: "合约代码" },
          reserve1: { type: ["string", "null"] },
        },
      },
      "td.InputOrder": {
        properties: {
          LimitPrice: { type: ["number", "null"] },
          Direction: { type: ["string", "null"], maxLength: 1, "x-enumeration": "Direction" },
          CombOffsetFlag: { type: ["string", "null"], maxLength: 4, "x-enumeration": "OffsetFlag" },
          Password: { type: ["string", "null"], maxLength: 40 },
        },
      },
      QryBar: { properties: { Period: { type: "string" }, Count: { type: "integer" } } },
    },
  },
} as unknown as OpenApi;
const requests = requestsOf(DOCUMENT);
const named = (name: string): Request => {
  const found = requests.find((one) => one.name === name);
  if (found === undefined) throw new Error(`${name} is not there`);
  return found;
};

describe("the requests of a document", () => {
  it("are those with a form, without logins", () => {
    expect(requests.map((one) => one.name)).toEqual([
      "ReqQryOrder",
      "PreviewOrder",
      "ReqQryBar",
      "QryInstruments",
      "GetTradingDay",
    ]);
  });

  it("name their bodies as messages do", () => {
    expect(requests.map((one) => one.key)).toEqual([
      "QryOrder",
      "InputOrder",
      "QryBar",
      "QryInstruments",
      "",
    ]);
  });

  it("tell each field's meaning, type and length, and which stand beside MsgType", () => {
    expect(named("ReqQryOrder").fields).toMatchObject([
      { name: "Queued", kind: "boolean", isBeside: true },
      { name: "InstrumentID", kind: "text", longest: 80, meaning: "合约代码", isBeside: false },
    ]);
  });
});

describe("a field", () => {
  const field = (request: string, name: string) =>
    named(request).fields.find((one) => one.name === name);

  it("of an enumeration has its values as choices, and what they mean", () => {
    const choices = [
      ["0", "买 Buy"],
      ["1", "卖 Sell"],
    ];
    expect(field("PreviewOrder", "Direction")).toMatchObject({ choices, isOpen: false });
  });

  it("that holds several of them may be written, too", () => {
    const choices = [["0", "开仓 Open"]];
    expect(field("PreviewOrder", "CombOffsetFlag")).toMatchObject({ choices, isOpen: true });
  });

  it("that is a flag is one of two, and a number is none", () => {
    const values = field("ReqQryOrder", "Queued")?.choices.map(([value]) => value);
    expect(values).toEqual(["true", "false"]);
    expect(field("PreviewOrder", "LimitPrice")?.choices).toEqual([]);
  });
});

describe("a form", () => {
  it("makes a message without the fields that are left out", () => {
    const parts = filled(named("ReqQryOrder"), { Queued: "true", InstrumentID: "" });
    expect(messageOf(named("ReqQryOrder"), parts)).toEqual({
      MsgType: "ReqQryOrder",
      Queued: true,
      QryOrder: {},
    });
  });

  it("names what is no number", () => {
    expect(() => filled(named("ReqQryBar"), { Count: "many" })).toThrow("Count: many is no number");
  });
});

describe("a copy", () => {
  const parts = filled(named("ReqQryOrder"), { Queued: "true", InstrumentID: "it's" });
  const copy = (way: Parameters<typeof copyAs>[0]) =>
    copyAs(way, named("ReqQryOrder"), parts, "127.0.0.1:8080", false);

  it("for a shell is quoted", () => {
    expect(copy("curl")).toContain(`-d '{"Queued":true,"InstrumentID":"it'\\''s"}'`);
    expect(copy("curl")).toContain("http://127.0.0.1:8080/td/ReqQryOrder");
  });

  it("for Python has its literals", () => {
    expect(copy("Python")).toContain(`client.ReqQryOrder(Queued=True, InstrumentID="it's")`);
  });

  it("for HTTP tells the length in bytes", () => {
    const [head, text] = copy("HTTP").split("\n\n");
    expect(head).toContain(`Content-Length: ${text?.length}`);
  });

  it("holds no secret", () => {
    const said = filled(named("PreviewOrder"), { Password: "s3cret", Direction: "0" });
    for (const way of WAYS) {
      const text = copyAs(way, named("PreviewOrder"), said, "127.0.0.1:8080", true);
      expect(text).not.toContain("s3cret");
      expect(text).toContain("Direction");
    }
  });

  it("as JSON is the message", () => {
    expect(JSON.parse(copy("JSON"))).toEqual(messageOf(named("ReqQryOrder"), parts));
  });
});
