"""What trading tells on a scrape."""

from typing import Any

from tests.gateway.support import GatewayCase
from webctp.ctp import errors
from webctp.metrics import CodeCounts, Kind, Metric
from webctp.testing import WebSocketPeer
from webctp.testing.rows import order, trade
from webctp.upstream.trading.figures import TradingFigures

INSERT = {"InstrumentID": "rb2405", "ExchangeID": "SHFE", "VolumeTotalOriginal": 1}


class Told(GatewayCase):
    """The service's samples after something has happened."""

    services = ("td",)

    def figures(self) -> dict[tuple[str, ...], float]:
        """Every figure by its name and its labels."""
        return {(one.name, *one.labels): one.value for one in self.td.samples()}

    def changed(self, before: dict[tuple[str, ...], float]) -> dict[str, float]:
        """What has grown since, by name and labels without ``webctp_``."""
        return {
            " ".join(key).removeprefix("webctp_"): value - before.get(key, 0)
            for key, value in self.figures().items()
            if value != before.get(key, 0)
        }

    def insert(self, peer: WebSocketPeer, **more: Any) -> None:
        """Enter an order."""
        peer.send({"MsgType": "ReqOrderInsert", "InputOrder": {**INSERT, **more}, "RequestID": 2})
        self.settle()

    def test_sessions_and_their_clients(self) -> None:
        before = self.figures()
        self.trader()
        found = self.changed(before)
        self.assertEqual((found["sessions ready"], found["session_clients"]), (1, 1))
        self.assertEqual(found["session_states_total ready"], 1)
        self.front.disconnect()
        self.settle()
        found = self.changed(before)
        self.assertEqual((found.get("sessions ready"), found["sessions lost"]), (None, 1))

    def test_orders_that_were_sent_refused_and_rejected(self) -> None:
        peer = self.trader()
        before = self.figures()
        self.insert(peer)
        self.front.on("ReqOrderInsert", returns=-2)
        self.insert(peer)
        self.front.on("ReqOrderInsert", error=31)
        self.insert(peer)
        self.insert(peer, OrderRef="x")
        self.assertEqual(
            self.changed(before),
            {
                "orders_sent_total ReqOrderInsert": 3,
                "orders_not_taken_total": 1,
                "orders_rejected_total 31": 1,
                "orders_refused_total 15": 1,
                "order_to_call_seconds no": 3,
                "order_call_seconds": 3,
            },
        )

    def test_nothing_is_sent_while_the_session_is_lost(self) -> None:
        peer = self.trader()
        self.front.disconnect()
        self.settle()
        before = self.figures()
        self.insert(peer)
        self.assertEqual(self.changed(before), {f"orders_refused_total {errors.NOT_READY}": 1})

    def test_pushes_by_kind_and_those_played_again(self) -> None:
        peer = self.trader()
        before = self.figures()
        for _ in range(2):
            self.front.push("OnRtnOrder", order(OrderSysID="1", FrontID=1, SessionID=1))
            self.front.push("OnRtnTrade", trade(TradeID="1"))
            self.front.push("OnRtnTradingNotice", {"FieldContent": "x"})
        self.settle()
        self.assertEqual(
            self.changed(before),
            {
                "trading_pushes_total order": 1,
                "trading_pushes_total trade": 1,
                "trading_pushes_total other": 1,
                "trading_replays_total": 3,
                "orders_working": 1,
            },
        )
        self.assertEqual(len(self.pushes(peer)), 3)

    def test_queries_that_wait_and_that_need_no_sending(self) -> None:
        peer = self.trader()
        self.front.on("ReqQryInvestor", silent=True)
        before = self.figures()
        for number in (1, 2, 3):
            peer.send({"MsgType": "ReqQryInvestor", "RequestID": number})
        self.settle()
        self.assertEqual(
            self.changed(before),
            {
                "queries_sent_total": 1,
                "query_wait_seconds": 1,
                "queries_waiting": 1,
                "session_queries_waiting_max": 1,
                "queries_shared_total": 1,
            },
        )
        self.reactor.advance(31)
        found = self.changed(before)
        self.assertEqual(found["queries_unanswered_total"], 1)

    def test_queries_tell_their_bounds_and_how_long_they_waited(self) -> None:
        peer = self.trader()
        self.front.on("ReqQryInvestor", silent=True)
        before = self.figures()
        for user in ("a", "b", "c"):
            body = {"InvestorID": user}
            peer.send({"MsgType": "ReqQryInvestor", "QryInvestor": body, "RequestID": 1})
        self.settle()
        found = self.figures()
        self.assertEqual(found["webctp_session_queries_waiting_max",], 2)
        self.assertEqual(
            found["webctp_session_queries_waiting_limit",], self.td.commons.settings.query_queue
        )
        self.assertEqual(
            found["webctp_query_interval_seconds",], self.td.commons.settings.query_interval
        )
        self.assertEqual(self.changed(before)["query_wait_seconds"], 1, "one alone was sent")
        self.reactor.advance(31)
        (waited,) = (one for one in self.td.samples() if one.name == "webctp_query_wait_seconds")
        assert waited.distribution is not None
        self.assertGreaterEqual(waited.distribution.sum, self.td.commons.settings.query_timeout)

    def test_a_counter_does_not_fall_when_its_session_ends(self) -> None:
        peer = self.trader()
        self.insert(peer)
        peer.send({"MsgType": "ReqUserLogout", "UserLogout": {}, "RequestID": 3})
        self.settle()
        found = self.figures()
        self.assertEqual(found["webctp_sessions", "ready"], 0)
        self.assertEqual(found["webctp_orders_sent_total", "ReqOrderInsert"], 1)

    def test_labels_are_few_whatever_ctp_answers(self) -> None:
        metric = Metric("webctp_x_total", Kind.COUNTER, "X.", "某", ("code",))
        counts = CodeCounts()
        for code in range(1000):
            counts.add(code)
        counts.add(3)
        told = {sample.labels[0]: sample.value for sample in counts.samples(metric)}
        self.assertEqual((len(told), told["3"], told["other"]), (65, 2, 936))

    def test_no_label_names_an_account(self) -> None:
        self.trader()
        labels = {label for _, *labels in self.figures() for label in labels}
        self.assertEqual(labels & {"user", "9999"}, set())

    def test_every_figure_is_told_before_anything_happened(self) -> None:
        for sample in TradingFigures().samples():
            self.assertEqual(sample.value, 0, sample)
