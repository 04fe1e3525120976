/** What the types promise: `tsc` checks this file. */

import { expectTypeOf, it } from "vitest";
import {
  type Client,
  enums,
  type Message,
  type own,
  type SentOrder,
  type structs,
} from "../src/index.js";

declare const client: Client;
declare const message: Message;

it("types every request, its fields, and what it gives", () => {
  const typed = () => {
    expectTypeOf(client.ReqQryInstrument({ ProductID: "rb" })).resolves.toEqualTypeOf<
      structs.Instrument[]
    >();
    expectTypeOf(client.ReqOrderInsert({ LimitPrice: 1 })).resolves.toEqualTypeOf<SentOrder>();
    expectTypeOf(client.rows("ReqQryTrade").next).returns.resolves.toEqualTypeOf<
      IteratorResult<structs.Trade>
    >();
    expectTypeOf(client.ask("QryInstruments", { Text: "rb" })).resolves.toEqualTypeOf<
      own.FoundInstrument[]
    >();
    expectTypeOf(client.GetTradingDay()).resolves.toBeString();
    expectTypeOf<structs.DepthMarketData["LastPrice"]>().toEqualTypeOf<number | null>();
    // @ts-expect-error: a field that is misspelt
    client.ReqQryInstrument({ Product: "rb" });
    // @ts-expect-error: text in the place of a number
    client.ReqOrderInsert({ LimitPrice: "1" });
    // @ts-expect-error: no such request
    client.ReqQryAccount();
    // @ts-expect-error: an order has no rows
    client.rows("ReqOrderInsert");
    // @ts-expect-error: a price may be null
    expectTypeOf<structs.Order["LimitPrice"]>().toBeNumber();
    client.ReqOrderInsert({ Direction: enums.Direction.Buy });
    client.RegisterUserSystemInfo({ ClientSystemInfo: new Uint8Array() });
    if (message.MsgType === "RtnTrade") {
      expectTypeOf(message.Trade).toEqualTypeOf<structs.Trade | null>();
    }
  };
  expectTypeOf(typed).toBeFunction();
});
