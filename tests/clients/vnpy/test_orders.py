"""The names of orders: this program's own, and everybody else's."""

from typing import Any
from unittest import TestCase

from vnpy.trader.constant import Direction, Exchange, Offset, OrderType, Status
from vnpy.trader.object import OrderData, OrderRequest, TradeData

from vnpy_webctp.orders import OrderBook
from webctp_client import own, structs


def push(**fields: Any) -> structs.Order:
    """Return an order that rests."""
    usual: dict[str, Any] = {
        "InstrumentID": "rb2701", "ExchangeID": "SHFE", "FrontID": 1, "SessionID": 7,
        "OrderRef": "  12", "OrderSysID": "  99", "OrderStatus": "3", "Direction": "0",
        "CombOffsetFlag": "0", "LimitPrice": 3100.0, "VolumeTotalOriginal": 2,
    }  # fmt: skip
    return structs.Order(**(usual | fields))


def trade() -> structs.Trade:
    """Return a trade of that order."""
    return structs.Trade(
        InstrumentID="rb2701", ExchangeID="SHFE", OrderSysID="  99", TradeID="1", Direction="0",
        OffsetFlag="0", Price=3100.0, Volume=1, TradeDate="20261123", TradeTime="21:00:00",
    )  # fmt: skip


def state(client_order_id: str, ref: str = "12") -> own.ClientOrderState:
    """Return what the gateway tells of a ClientOrderID."""
    return own.ClientOrderState(
        ClientOrderID=client_order_id, Request="ReqOrderInsert", Status="sent", FrontID=1,
        SessionID=7, OrderRef=ref, TradingDay="", ExchangeID="", OrderSysID="",
        OrderSubmitStatus="", OrderStatus="", VolumeTraded=0, VolumeTotal=0, ErrorID=0,
        ErrorMsg="",
    )  # fmt: skip


class Book(TestCase):
    """What vn.py is told, and under which name."""

    def setUp(self) -> None:
        self.book = OrderBook("WEBCTP")

    def send(self, orderid: str) -> OrderData:
        """Enter an order of this program."""
        request = OrderRequest(
            "rb2701", Exchange.SHFE, Direction.LONG, OrderType.LIMIT, 2, 3100.0, Offset.OPEN, "why"
        )
        made = request.create_order_data(orderid, "WEBCTP")
        self.book.sent(made)
        return made

    def ids(self, told: list[OrderData | TradeData]) -> list[str]:
        """Return the names under which something is told."""
        return [one.orderid for one in told]

    def test_another_programs_order_bears_its_names_in_ctp(self) -> None:
        self.assertEqual(self.ids(self.book.told(push())), ["1_7_12"])
        self.assertEqual(self.ids(self.book.told(trade())), ["1_7_12"])

    def test_pushes_that_come_before_the_name_wait_for_it(self) -> None:
        self.send("a-1")
        self.assertEqual(self.book.told(push()), [])
        self.assertEqual(self.book.told(trade()), [])
        told = self.book.named(state("a-1"))
        self.assertEqual(self.ids(told), ["a-1", "a-1"])
        assert isinstance(told[0], OrderData)
        self.assertEqual(told[0].reference, "why")

    def test_pushes_of_others_wait_no_longer_than_the_order(self) -> None:
        self.send("a-1")
        self.assertEqual(self.book.told(push(SessionID=8)), [])
        self.assertEqual(
            self.book.told(push(InstrumentID="au2612", SessionID=9))[0].symbol, "au2612"
        )
        self.assertEqual(self.ids(self.book.ended("a-1")), ["1_8_12"])

    def test_a_state_without_names_names_nothing(self) -> None:
        self.send("a-1")
        self.assertEqual(self.book.named(state("a-1", " ")), [])
        self.assertEqual(self.book.told(push()), [])

    def test_each_trade_is_told_once(self) -> None:
        self.book.told(push())
        self.assertEqual(len(self.book.told(trade())), 1)
        self.assertEqual(self.book.told(trade()), [])

    def test_an_order_that_has_ended_does_not_begin_again(self) -> None:
        (ended,) = self.book.told(push(OrderStatus="0", VolumeTraded=2))
        assert isinstance(ended, OrderData)
        self.assertEqual(ended.status, Status.ALLTRADED)
        self.assertEqual(self.book.told(push(OrderStatus="1", VolumeTraded=1)), [])
        self.assertEqual(self.book.told(push(OrderStatus="3", VolumeTraded=2)), [])

    def test_a_new_day_begins_with_nothing(self) -> None:
        self.book.told(push())
        self.book.told(trade())
        self.book.day_changed()
        self.assertIsNone(self.book.ctp("1_7_12"))
        self.assertEqual(len(self.book.told(trade())), 1)
