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


class EndTests(OrderTest):
    """The daemon ends, and closes its clients: no next run would know of their orders."""

    def trader(self, linger: float = 0, **words: Any) -> WebSocketPeer:
        self.start(linger=linger)
        trader = self.client()
        self.login(trader, **words)
        self.order(2, "3", OrderSysID="10")
        return trader

    def end(self, *peers: WebSocketPeer) -> Any:
        """The daemon ends; what it waits for then."""
        self.desk.leave_clients()
        for peer in peers:
            peer.drop()
        self.settle()
        return self.desk.stop()

    def test_what_rests_is_cancelled_at_once_and_waited_for(self) -> None:
        for linger in (0, 60):
            trader = self.trader(linger, CancelOnDisconnect=30)
            stopped = self.end(trader)
            self.assertEqual(len(self.actions()), 1, linger)
            self.assertEqual(self.released(), 0, linger)
            self.order(2, "5", OrderSysID="10")
            self.reactor.pump([0.1] * 60)
            self.successResultOf(stopped)
            self.assertEqual(self.released(), 1, linger)

    def test_a_front_that_says_nothing_is_not_waited_for_long(self) -> None:
        stopped = self.end(self.trader(CancelOnDisconnect=30))
        self.reactor.pump([0.1] * 40)
        self.assertNoResult(stopped)
        self.reactor.pump([0.1] * 60)
        self.successResultOf(stopped)

    def test_who_did_not_ask_for_it_keeps_its_orders(self) -> None:
        stopped = self.end(self.trader())
        self.reactor.pump([0.1] * 60)
        self.successResultOf(stopped)
        self.assertEqual(self.actions(), [])

    def test_an_armed_timer_counts_too(self) -> None:
        trader = self.trader()
        trader.send({"MsgType": "CancelAllAfter", "CancelAllAfter": {"Milliseconds": 60_000}})
        self.settle()
        self.end(trader)
        self.assertEqual(len(self.actions()), 1)

    def test_one_that_has_gone_before_cannot_come_back_and_is_waited_for_no_longer(self) -> None:
        trader = self.trader(60, CancelOnDisconnect=30)
        trader.drop()
        self.reactor.advance(1)
        self.assertEqual(self.actions(), [])
        self.end()
        self.assertEqual(len(self.actions()), 1)
