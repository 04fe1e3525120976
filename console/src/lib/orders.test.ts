import { describe, expect, it } from "vitest";
import { keyOf, standingOf, standingOfClient, WORKING } from "./orders";

const told = (OrderStatus: string, OrderSubmitStatus = "3", VolumeTraded = 0) =>
  standingOf({ OrderStatus, OrderSubmitStatus, VolumeTraded });

describe("where an order stands", () => {
  it("follows CTP's own word", () => {
    expect(told("a", "0")).toBe("accepted");
    expect(told("3")).toBe("working");
    expect(told("3", "3", 2)).toBe("part");
    expect(told("1", "3", 2)).toBe("part");
    expect(told("0", "3", 5)).toBe("done");
    expect(told("5", "3")).toBe("cancelled");
    expect(told("5", "4")).toBe("refused");
  });

  it("is not assumed where CTP says nothing that is known", () => {
    expect(told("")).toBe("unknown");
    expect(told("z")).toBe("unknown");
    expect(WORKING.has("unknown")).toBe(false);
  });

  it("is sent only once the gateway says so", () => {
    expect(standingOfClient("recording")).toBe("sending");
    expect(standingOfClient("recorded")).toBe("sending");
    expect(standingOfClient("sent")).toBe("sent");
    expect(standingOfClient("unknown")).toBe("unknown");
    expect(standingOfClient("refused")).toBe("refused");
    expect(standingOfClient("known")).toBe(null);
  });
});

it("an order is known by its reference whatever CTP pads it with", () => {
  const one = { FrontID: 1, SessionID: 2, OrderRef: "          12" };
  expect(keyOf(one)).toBe(keyOf({ ...one, OrderRef: "12" }));
});
