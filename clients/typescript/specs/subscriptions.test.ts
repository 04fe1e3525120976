import { describe, expect, it } from "vitest";
import type { Core } from "../src/protocol/core.js";
import { core, of, PaperGateway, talk } from "./paper.js";

describe("a subscription whose connection broke", () => {
  function broken(words = {}): Core {
    const client = core("md");
    client.opened();
    talk(client, new PaperGateway());
    client.subscribe("SubscribeMarketData", ["rb2701", "au2702"], words);
    return client;
  }

  it("is carried over, without what is wanted no more", () => {
    const client = broken({ History: 5 });
    const left = client.subscribe("SubscribeMarketData", ["cu2701"], {});
    const gone = client.ask("UnSubscribeMarketData", { InstrumentID: ["ag2701"] });
    client.take();
    client.lost(0);
    client.subscriptions.enter("UnSubscribeMarketData", ["au2702", "cu2701"], {});
    expect(of(client, "failed")).toEqual([]);
    const gateway = new PaperGateway();
    client.opened();
    talk(client, gateway);
    const sent = gateway.received.filter((one) => one.MsgType === "SubscribeMarketData");
    expect(sent.map((one) => [one.InstrumentID, one.History])).toEqual([
      [["rb2701"], 5],
      [["rb2701"], undefined],
    ]);
    const answered = of(client, "answered").map((one) => one.requestId);
    expect(answered).toEqual(expect.arrayContaining([left, gone]));
  });

  it("gives way to a newer wish", () => {
    const client = broken({ IntervalMs: 5 });
    client.lost(0);
    client.subscriptions.enter("SubscribeMarketData", ["rb2701", "au2702"], { IntervalMs: 7 });
    const gateway = new PaperGateway();
    client.opened();
    talk(client, gateway);
    const told = gateway.received.map((one) => one.IntervalMs).filter((one) => one !== undefined);
    expect(told).toEqual([5, 7]);
  });
});
