"""``CancelOnDisconnect`` in shared sessions: whose going counts, whose coming, whose staying."""

from typing import Any

from tests.gateway.trading.test_orders import OrderTest
from webctp.testing import WebSocketPeer


class OnlookerTests(OrderTest):
    """A trader that asked for it, and a monitor that shares its session."""

    def trader(self) -> WebSocketPeer:
        self.start(sharing=True, linger=0)
        trader = self.client()
        self.login(trader, CancelOnDisconnect=5)
        self.order(2, "3", OrderSysID="10")
        return trader

    def monitor(self, **words: Any) -> WebSocketPeer:
        peer = self.client()
        self.login(peer, **words)
        return peer

    def cancelled(self) -> int:
        """How many cancellations have been sent."""
        self.settle()
        return len(self.actions())

    def test_one_that_comes_later_does_not_turn_it_off(self) -> None:
        trader = self.trader()
        self.monitor().drop()
        trader.drop()
        self.reactor.advance(5)
        self.assertEqual(self.cancelled(), 1)

    def test_one_that_stays_does_not_either(self) -> None:
        trader = self.trader()
        self.monitor()
        trader.drop()
        self.reactor.advance(4.9)
        self.assertEqual(self.cancelled(), 0)
        self.reactor.advance(0.1)
        self.assertEqual(self.cancelled(), 1)
        self.assertEqual(self.released(), 0)

    def test_one_that_comes_when_the_trader_has_gone_does_not_either(self) -> None:
        trader = self.trader()
        trader.drop()
        self.reactor.advance(4)
        self.monitor()
        self.reactor.advance(1)
        self.assertEqual(self.cancelled(), 1)

    def test_one_that_logs_out_in_the_meantime_does_not_either(self) -> None:
        trader = self.trader()
        monitor = self.monitor()
        trader.drop()
        monitor.send({"MsgType": "ReqUserLogout", "RequestID": 2})
        self.settle()
        self.assertEqual(self.front.names.count("ReqUserLogout"), 0)
        self.reactor.advance(5)
        self.assertEqual(self.cancelled(), 1)

    def test_one_that_has_traded_tends_the_orders(self) -> None:
        trader = self.trader()
        other = self.monitor()
        other.send({"MsgType": "ReqOrderInsert", "InputOrder": {}, "RequestID": 2})
        self.settle()
        trader.drop()
        self.reactor.advance(600)
        self.assertEqual(self.cancelled(), 0)
        other.drop()
        self.reactor.advance(5)
        self.assertEqual(self.cancelled(), 1, "the trader has not come back")

    def test_a_trader_that_comes_back_keeps_its_orders(self) -> None:
        for words in ({"CancelOnDisconnect": 5}, {"Resume": {"Seq": None}}):
            trader = self.trader()
            self.monitor()
            trader.drop()
            self.reactor.advance(4)
            self.monitor(**words)
            self.reactor.advance(600)
            self.assertEqual(self.cancelled(), 0, words)

    def test_nor_is_anything_cancelled_for_a_trader_that_logs_out(self) -> None:
        trader = self.trader()
        self.monitor()
        trader.send({"MsgType": "ReqUserLogout", "RequestID": 2})
        self.settle()
        trader.drop()
        self.reactor.advance(600)
        self.assertEqual(self.cancelled(), 0)

    def test_each_trader_has_its_own_time(self) -> None:
        first = self.trader()
        second = self.monitor(CancelOnDisconnect=10)
        first.drop()
        self.reactor.advance(60)
        self.assertEqual(self.cancelled(), 0, "the second tends them")
        second.drop()
        self.reactor.advance(9)
        self.assertEqual(self.cancelled(), 0)
        self.reactor.advance(1)
        self.assertEqual(self.cancelled(), 1)
