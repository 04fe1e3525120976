import { describe, expect, it } from "vitest";
import { FATES, isDoubtful, isOver } from "../src/protocol/fate.js";
import { delay, LINKS, PHASES } from "../src/protocol/phases.js";
import { step, type Table } from "../src/protocol/table.js";

type Any = Table<string, string>;
const TABLES: [string, Any, string[]][] = [
  ["a conversation", PHASES as Any, ["open", "accept", "refuse", "lose"]],
  ["a connection", LINKS as Any, ["start", "open", "lose", "due", "end"]],
  ["an order", FATES as Any, ["broke", "gateway", "ctp", "end", "refuse", "shrug", "despair"]],
];

describe.each(TABLES)("the table of %s", (_, table, events) => {
  const states = Object.keys(table);
  const pairs = states.flatMap((state) => events.map((event) => [state, event] as const));

  it.each(pairs)(
    "in the state %s says what follows on %s, or that it cannot be",
    (state, event) => {
      const next = table[state]?.[event];
      if (next === undefined) expect(() => step(table, state, event)).toThrow("cannot happen");
      else expect(states).toContain(step(table, state, event));
    },
  );

  it("has no event that no test knows", () => {
    const told = new Set(states.flatMap((state) => Object.keys(table[state] ?? {})));
    expect([...told].sort()).toEqual([...events].sort());
  });
});

describe("a connection", () => {
  it("that is over is over", () => {
    expect(Object.values(LINKS.over)).toEqual(["over"]);
  });

  it("may be ended in every state", () => {
    expect(Object.values(LINKS).map((one) => one.end)).toEqual(Array(5).fill("over"));
  });

  it("is attempted again at longer and longer intervals, with chance", () => {
    expect([0, 1, 3, 99].map((failures) => delay(failures, 1))).toEqual([250, 500, 2000, 30_000]);
    expect(delay(99, 0)).toBe(15_000);
  });
});

describe("an order", () => {
  it("may hear every event in every state", () => {
    for (const events of Object.values(FATES)) expect(Object.keys(events)).toHaveLength(7);
  });

  it("that has ended or was refused stays so", () => {
    for (const fate of ["ended", "refused"] as const) {
      expect(new Set(Object.values(FATES[fate]))).toEqual(new Set([fate]));
    }
  });

  it("whose fate is unknown is out of doubt only by CTP's word or a refusal", () => {
    const { ctp, end, refuse, ...rest } = FATES.unknown;
    expect([ctp, end, refuse]).toEqual(["known", "ended", "refused"]);
    expect(new Set(Object.values(rest))).toEqual(new Set(["unknown"]));
  });

  it("is in doubt, over, or neither; after a break it is never sure", () => {
    for (const fate of Object.keys(FATES) as (keyof typeof FATES)[]) {
      expect(isDoubtful(fate) && isOver(fate)).toBe(false);
      const broken = FATES[fate].broke as keyof typeof FATES;
      expect(isDoubtful(broken) || isOver(broken)).toBe(true);
    }
  });

  it("forgets no word of CTP's when a connection breaks", () => {
    expect([FATES.known.broke, FATES.adrift.gateway]).toEqual(["adrift", "known"]);
  });
});
