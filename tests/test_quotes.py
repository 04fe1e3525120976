"""Quotes on real sockets: entered by a client, cancelled for it when its connection breaks."""

import time
from typing import Any, Final

from tests.conformance import holds
from tests.daemons import PATIENCE
from tests.test_end_to_end import EndToEnd
from webctp.testing import Gateway, GatewayClient

PRODUCTS: Final = {
    "SHFE": "al_o",
    "INE": "sc_o",
    "CFFEX": "IO",
    "CZCE": "SRC",
    "DCE": "m_o",
    "GFEX": "si_o",
}
"""A product of options of each exchange."""


class Quotes(EndToEnd):
    """A market maker that quotes one option of each exchange, and another session of its user."""

    async def quote(self, client: GatewayClient, exchange: str, other: GatewayClient) -> None:
        """Quote an option far from its market, so that both orders wait."""
        product = PRODUCTS[exchange]
        listed = await self.query(other, "Instrument", ExchangeID=exchange, ProductID=product)
        calls = [row for row in listed if row["OptionsType"] == "1"]
        name = calls[len(calls) // 2]["InstrumentID"]
        (tick,) = await self.query(other, "DepthMarketData", InstrumentID=name)
        body: dict[str, Any] = {
            "InstrumentID": name,
            "ExchangeID": exchange,
            "AskPrice": tick["UpperLimitPrice"],
            "BidPrice": tick["LowerLimitPrice"],
        }
        for side in ("Ask", "Bid"):
            body |= {f"{side}Volume": 1, f"{side}OffsetFlag": "0", f"{side}HedgeFlag": "1"}
        client.say({"MsgType": "ReqQuoteInsert", "RequestID": 3, "InputQuote": body})
        told = await client.until(
            lambda one: (
                one.get("RequestID") == 3
                or (one["MsgType"] == "RtnQuote" and one["Quote"]["QuoteStatus"] == "3")
            )
        )
        self.assertEqual(told["MsgType"], "RtnQuote", told)

    @holds("DJHDGZ-1")
    async def test_quotes_are_cancelled_whole_where_their_orders_cannot_be(self) -> None:
        gateway = await Gateway("sim://").start()
        self.addCleanup(gateway.stop)
        client = await gateway.trader(CancelOnDisconnect=1)
        other = await gateway.trader()
        for exchange in PRODUCTS:
            await self.quote(client, exchange, other)
        orders = await self.query(other, "Order")
        self.assertEqual([row["OrderStatus"] for row in orders], ["3"] * 12)
        client.abort()
        await client.closed
        end = time.monotonic() + PATIENCE
        while any(row["OrderStatus"] != "5" for row in await self.query(other, "Order")):
            self.assertLess(time.monotonic(), end, "an order of a quote was not cancelled")
        quotes = await self.query(other, "Quote")
        # DCE and GFEX tell a quote's status once: its orders were cancelled one by one.
        told = {row["ExchangeID"]: row["QuoteStatus"] for row in quotes}
        whole = dict.fromkeys(("SHFE", "INE", "CFFEX", "CZCE"), "5")
        self.assertEqual(told, {**whole, "DCE": "3", "GFEX": "3"})
