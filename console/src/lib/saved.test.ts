import { expect, it } from "vitest";
import type { Field, Request } from "./catalogue";
import { formOf, isLink, labelOf, linked, linkOf, savedOf, without, withSaved } from "./saved";

const field = (name: string): Field => ({
  name,
  kind: "text",
  meaning: "",
  longest: null,
  choices: [],
  isOpen: false,
  isBeside: false,
});
const request = (name: string, ...fields: string[]): Request => ({
  service: "td",
  name,
  meaning: "",
  key: name,
  fields: fields.map(field),
  example: {},
});
const REQUESTS = [
  request("ReqQryOrder", "InstrumentID", "InvestorID"),
  request("ReqUserPasswordUpdate", "UserID", "OldPassword", "NewPassword"),
];
const [QUERY, PASSWORD] = REQUESTS as [Request, Request];
const PAGE = "http://127.0.0.1:8080/#old";
const hashOf = (link: string) => new URL(link).hash;

it("a link opens the form as it was, whatever is in it", () => {
  const texts = { InstrumentID: "螺纹 %#&\"'", InvestorID: "" };
  const link = linkOf(savedOf(QUERY, texts), PAGE);
  expect(isLink(hashOf(link))).toBe(true);
  expect(linked(hashOf(link), REQUESTS)).toEqual([QUERY, { InstrumentID: texts.InstrumentID }]);
});

it("no secret is saved, and none is taken from a link", () => {
  const texts = { UserID: "demo", OldPassword: "s3cret", NewPassword: "s3cret2" };
  const saved = savedOf(PASSWORD, texts);
  expect(JSON.stringify(saved)).not.toContain("s3cret");
  expect(saved.texts).toEqual({ UserID: "demo" });
  const link = linkOf({ ...saved, texts }, PAGE);
  expect(() => linked(hashOf(link), REQUESTS)).toThrow("OldPassword");
});

it.each([
  ["#request=%E0%A4%A", "JSON"],
  ["#request=nonsense", "JSON"],
  ["#request=null", "? ?"],
  [`#request=${JSON.stringify({ service: "td", name: "ReqNothing" })}`, "td ReqNothing"],
  [`#request=${JSON.stringify({ service: "td", name: "ReqQryOrder", texts: { x: "1" } })}`, "x"],
  [
    `#request=${JSON.stringify({ service: "td", name: "ReqQryOrder", texts: { InvestorID: 1 } })}`,
    "InvestorID",
  ],
  [`#request=${"1".repeat(20_000)}`, "16384"],
])("what is no link says what is wrong: %s", (hash, fault) => {
  expect(() => linked(hash, REQUESTS)).toThrow(fault);
});

it("each is saved once, the newest first, and can be forgotten", () => {
  const one = savedOf(QUERY, { InstrumentID: "rb2701" });
  const other = savedOf(QUERY, {});
  const saved = withSaved(withSaved(withSaved([], one), other), one);
  expect(saved.map(labelOf)).toEqual(["ReqQryOrder rb2701", "ReqQryOrder"]);
  expect(without(saved, one)).toEqual([other]);
  expect(formOf(other, REQUESTS)).toEqual([QUERY, {}]);
  const many = Array.from({ length: 200 }, (_, n) => savedOf(QUERY, { InvestorID: `${n}` }));
  expect(many.reduce(withSaved, [] as typeof saved)).toHaveLength(100);
});
