"""Orders through the gateway: references, the rate, replays, cancel on disconnect."""

import gc
from typing import Any

from tests.conformance import holds
from tests.gateway.trading.test_shared import DeskTest, answer, of_type
from webctp.config.risk import ComplianceConfig, RiskConfig
from webctp.ctp import catalog
from webctp.ctp.bridge import CallbackEvent
from webctp.ctp.codec import Raw, codec_for
from webctp.upstream.account import AccountKey

ORDER = {"FrontID": 1, "SessionID": 1, "TradingDay": "20261123", "ExchangeID": "SHFE"}


class OrderTest(DeskTest):
    """A client that has logged in; its front gave MaxOrderRef 1."""

    def begin(self, **settings: Any) -> None:
        self.start(**settings)
        self.peer = self.client()
        self.login(self.peer)

    def order(self, number: int, status: str, **more: Any) -> None:
        row = {**ORDER, "OrderRef": str(number), "OrderStatus": status, **more}
        self.front.push("OnRtnOrder", row)
        self.settle()

    def actions(self) -> list[dict[str, Any]]:
        calls = [call for call in self.front.calls if call.name == "ReqOrderAction"]
        return [dict(call.values) for call in calls]


class ReferenceTests(OrderTest):
    """OrderRef and RequestID."""

    @holds("REQORDERINSERT-4")
    def test_are_given_where_left_out_and_grow(self) -> None:
        self.begin()
        for number in (7, 8):
            self.peer.send({"MsgType": "ReqOrderInsert", "RequestID": number})
        sent = [call.values for call in self.front.calls if call.name == "ReqOrderInsert"]
        self.assertEqual([int(order["OrderRef"]) for order in sent], [2, 3])
        self.assertEqual([order["RequestID"] for order in sent], [7, 8])

    @holds("REQORDERINSERT-4")
    def test_one_that_does_not_grow_is_refused_before_ctp_does(self) -> None:
        self.begin()
        body = {"OrderRef": "5"}
        for _ in range(2):
            self.peer.send({"MsgType": "ReqOrderInsert", "RequestID": 3, "InputOrder": body})
        refused = answer(self.peer.received())
        self.assertEqual(refused["MsgType"], "RspOrderInsert")
        self.assertEqual(refused["RspInfo"]["ErrorID"], 22)
        self.assertEqual(refused["InputOrder"]["OrderRef"], "5")
        self.assertIn("does not grow", refused["Detail"])
        self.assertEqual(self.front.names.count("ReqOrderInsert"), 1)

    @holds("REQORDERINSERT-4")
    def test_two_clients_of_one_session_never_collide(self) -> None:
        self.begin(sharing=True)
        other = self.client()
        self.login(other)
        for peer in (self.peer, other, self.peer):
            peer.send({"MsgType": "ReqOrderInsert", "RequestID": 1})
        sent = [call.values for call in self.front.calls if call.name == "ReqOrderInsert"]
        self.assertEqual(len({order["OrderRef"] for order in sent}), 3)


class FinishedTests(OrderTest):
    """What stays of orders that have ended: a day may see 100,000 of them."""

    def finish(self, orders: range) -> None:
        """Let orders be accepted, rest and trade."""
        for number in orders:
            sys_id = {"OrderSysID": str(number), "OrderLocalID": str(number), "ExchangeID": "SHFE"}
            for status in ("a", "3", "0"):
                self.front.push(
                    "OnRtnOrder",
                    {**ORDER, **sys_id, "OrderRef": str(number), "OrderStatus": status},
                )
            self.front.push("OnRtnTrade", {**sys_id, "TradeID": str(number)})
            self.settle()
            self.peer.received()

    def tracked(self) -> int:
        """Count what a full collection looks at."""
        for _ in range(3):  # tuples are let go of as they are seen, those within others first
            gc.collect()
        return len(gc.get_objects())

    def test_collections_look_at_none_of_it(self) -> None:
        """CPython cannot do a part of one, and each object takes some 0.16 us."""
        for settings in (
            {},
            {
                "risk": RiskConfig(max_working_orders=10),
                "compliance": ComplianceConfig(max_cancels=1000),
            },
        ):
            self.begin(**settings)
            self.finish(range(2, 52))
            before = self.tracked()
            self.finish(range(52, 252))
            self.assertLess(self.tracked() - before, 100, "of 200 orders and 800 pushes")


class ReplayTests(OrderTest):
    """What a recovery tells again."""

    @holds("SJLSM-2")
    def test_orders_and_trades_are_told_once(self) -> None:
        self.begin()
        self.order(2, "3")
        self.order(2, "0")
        self.trade(1)
        self.assertEqual(len(of_type(self.peer.received(), "RtnOrder")), 2)
        self.front.disconnect()
        self.front.connect()
        self.settle()
        self.peer.received()
        self.order(2, "3")
        self.order(2, "0")
        self.trade(1)
        self.order(3, "3")
        self.trade(2)
        told = self.peer.received()
        self.assertEqual([m["Order"]["OrderRef"] for m in of_type(told, "RtnOrder")], ["3"])
        self.assertEqual([m["Trade"]["TradeID"] for m in of_type(told, "RtnTrade")], ["2"])

    def test_a_trade_id_that_begins_anew_is_another_trade(self) -> None:
        """A front that lost its state, within one trading day."""
        self.begin()
        self.trade(1)
        for price in (3800.0, 3801.0):
            row = {"TradeID": "1", "InstrumentID": "rb2701", "Price": price}
            self.front.push("OnRtnTrade", row)
        self.settle()
        told = of_type(self.peer.received(), "RtnTrade")
        self.assertEqual([message["Trade"]["Price"] for message in told], [0.0, 3800.0, 3801.0])

    @holds("SJLSM-2")
    def test_transfers_notices_and_errors_are_told_once_too(self) -> None:
        self.begin()
        pushes: dict[str, dict[str, Any]] = {
            "OnRtnFromBankToFutureByFuture": {"PlateSerial": 7, "TradeAmount": 100.0},
            "OnRtnTradingNotice": {"SequenceNo": 3, "FieldContent": "明日休市"},
            "OnErrRtnOrderInsert": {"OrderRef": "2", "InstrumentID": "rb2701"},
        }
        for name, body in pushes.items():
            self.front.push(name, body)
        self.settle()
        told = [m["MsgType"] for m in self.peer.received()]
        self.assertEqual([f"On{name}" for name in told if f"On{name}" in pushes], list(pushes))
        self.front.disconnect()
        self.front.connect()
        self.settle()
        self.peer.received()
        for name, body in pushes.items():
            self.front.push(name, body)
        self.front.push("OnRtnTradingNotice", {"SequenceNo": 4, "FieldContent": "明日休市"})
        self.settle()
        told = [m["MsgType"] for m in self.peer.received() if m["MsgType"] != "RtnSessionState"]
        self.assertEqual(told, ["RtnTradingNotice"])

    def test_what_a_client_asks_for_twice_it_is_told_twice(self) -> None:
        self.begin()
        for _ in range(2):
            self.front.push("OnRtnCFMMCTradingAccountToken", {"KeyID": 1, "Token": "t"})
        self.settle()
        told = of_type(self.peer.received(), "RtnCFMMCTradingAccountToken")
        self.assertEqual(len(told), 2)

    def test_what_stands_behind_the_end_of_a_text_is_no_news(self) -> None:
        self.begin()
        callback = catalog.trading().callbacks["OnRtnOrder"]
        layout = codec_for(catalog.trading().module).layout(callback.body_struct)
        row = layout.pack({**ORDER, "OrderRef": "2", "OrderStatus": "3", "StatusMsg": "未成交"})
        field = layout.by_name["StatusMsg"]
        (shared,) = self.desk.registry.of(AccountKey("9999", "u1"))
        for rubbish in (b"", b"x", b"yz"):
            end = field.offset + field.size
            told = row[: end - len(rubbish)] + rubbish + row[end:]
            events = [CallbackEvent(callback, told, None, 0, True)]
            self.desk.commons.fanout.reactor.callFromThread(shared.session.deliver, events)
        self.settle()
        self.assertEqual(len(of_type(self.peer.received(), "RtnOrder")), 1)


class CancelOnDisconnectTests(OrderTest):
    """``CancelOnDisconnect`` at login."""

    def begin(self, **settings: Any) -> None:
        self.start(**settings)
        self.peer = self.client()
        self.login(self.peer, CancelOnDisconnect=5)

    def test_what_rests_is_cancelled_and_nothing_else(self) -> None:
        self.begin(linger=0)
        self.order(2, "3", OrderSysID="10")
        self.order(3, "3", OrderSysID="11")
        self.order(3, "0", OrderSysID="11")
        self.order(4, "3", OrderSysID="12", SessionID=99)
        self.peer.drop()
        self.reactor.advance(4.9)
        self.assertEqual(self.actions(), [])
        self.reactor.advance(0.1)
        (action,) = self.actions()
        self.assertEqual((action["OrderSysID"].strip(), action["ActionFlag"]), ("10", "0"))
        self.assertEqual(self.released(), 0)
        self.order(2, "5", OrderSysID="10")
        self.reactor.advance(60)
        self.assertEqual(self.released(), 1)

    def test_who_comes_back_in_time_keeps_its_orders(self) -> None:
        self.begin()
        self.order(2, "3", OrderSysID="10")
        self.peer.drop()
        self.reactor.advance(4)
        self.login(self.client())
        self.reactor.advance(600)
        self.assertEqual(self.actions(), [])

    def test_a_refused_call_is_made_again(self) -> None:
        self.begin()
        self.order(2, "3", OrderSysID="10")
        self.front.on("ReqOrderAction", returns=-3, times=2)
        self.peer.drop()
        for _ in range(8):
            self.reactor.advance(1)
        self.assertEqual(len(self.actions()), 3)

    def test_a_lost_cancellation_is_asked_for_again(self) -> None:
        self.begin()
        self.order(2, "3", OrderSysID="10")
        self.peer.drop()
        self.reactor.advance(5)
        self.assertEqual(len(self.actions()), 1)
        self.front.disconnect()
        self.front.connect()
        self.settle()
        self.assertEqual(len(self.actions()), 2)
        back = self.client()
        self.login(back, CancelOnDisconnect=5)
        back.drop()
        self.reactor.advance(5)
        self.assertEqual(len(self.actions()), 3)

    def test_an_outage_delays_it_until_the_front_is_back(self) -> None:
        self.begin()
        self.order(2, "3", OrderSysID="10")
        self.peer.drop()
        self.front.disconnect()
        self.settle()
        self.front.on("ReqOrderAction", returns=-1, times=1)
        self.reactor.advance(5)
        self.front.connect()
        self.settle()
        self.reactor.advance(1)
        self.assertEqual(len(self.actions()), 2)

    def test_during_an_outage_nothing_is_tried(self) -> None:
        self.begin()
        self.order(2, "3", OrderSysID="10")
        self.peer.drop()
        self.front.disconnect()
        self.settle()
        self.reactor.pump([1] * 60)
        self.assertEqual(self.actions(), [])
        self.front.connect()
        self.settle()
        self.assertEqual(len(self.actions()), 1)

    @holds("DBHB-1")
    def test_a_refused_one_is_tried_again_until_the_order_is_gone(self) -> None:
        self.begin(linger=0)
        self.order(2, "3", OrderSysID="10")
        self.front.on("ReqOrderAction", error=91)
        self.peer.drop()
        self.reactor.pump([5] * 61)
        self.settle()
        self.assertEqual(len(self.actions()), 31)
        self.assertEqual(self.released(), 0)
        self.front.on("ReqOrderAction", silent=True)
        self.order(2, "5", OrderSysID="10")
        self.reactor.pump([10] * 2)
        self.settle()
        self.assertEqual(self.released(), 1)
        self.assertEqual(len(self.actions()), 31)

    def test_so_is_one_of_an_order_that_comes_to_rest_late(self) -> None:
        self.begin(linger=60)
        self.peer.drop()
        self.reactor.advance(5)
        self.front.on("ReqOrderAction", error=91)
        self.order(2, "3", OrderSysID="10")
        self.reactor.pump([5] * 4)
        self.settle()
        self.assertEqual(len(self.actions()), 3)

    def test_an_outage_longer_than_the_linger_does_not_prevent_it(self) -> None:
        self.begin(linger=0)
        self.order(2, "3", OrderSysID="10")
        self.front.disconnect()
        self.settle()
        self.peer.drop()
        self.reactor.advance(5)
        self.reactor.pump([10] * 20)
        self.assertEqual(self.released(), 0)
        self.front.connect()
        self.settle()
        self.assertEqual(self.actions()[-1]["OrderSysID"].strip(), "10")
        self.order(2, "5", OrderSysID="10")
        self.reactor.pump([10] * 2)
        self.settle()
        self.assertEqual(self.released(), 1)

    def test_a_login_in_vain_does_not_prevent_it(self) -> None:
        self.begin(linger=60)
        self.order(2, "3", OrderSysID="10")
        self.front.disconnect()
        self.settle()
        self.peer.drop()
        late = self.client()
        self.login(late, CancelOnDisconnect=5)
        self.reactor.advance(15)
        self.assertEqual(answer(late.received())["RspInfo"]["ErrorID"], -408)
        late.drop()
        self.reactor.advance(5)
        self.front.connect()
        self.settle()
        self.assertEqual(self.actions()[-1]["OrderSysID"].strip(), "10")

    def test_sixty_orders_of_which_one_has_half_a_character(self) -> None:
        self.begin(linger=0)
        for number in range(60):
            held = b"%12d" % number if number else b"          1\xb0"
            self.order(number + 2, "3", OrderSysID=Raw(held))
        self.peer.drop()
        self.reactor.advance(5)
        self.assertEqual(len({action["OrderSysID"] for action in self.actions()}), 60)

    @holds("TJDGZ-5")
    def test_a_condition_that_has_triggered_does_not_hold_the_session_open(self) -> None:
        self.begin(linger=0)
        self.order(2, "b", OrderSysID="TJBD_1")
        self.order(2, "c", OrderSysID="TJBD_1")
        self.order(0, "3", OrderSysID="10", RelativeOrderSysID="TJBD_1", OrderRef="")
        self.peer.drop()
        self.reactor.advance(5)
        self.assertEqual([action["OrderSysID"].strip() for action in self.actions()], ["10"])
        self.order(0, "5", OrderSysID="10", RelativeOrderSysID="TJBD_1", OrderRef="")
        self.reactor.pump([10] * 2)
        self.settle()
        self.assertEqual((self.released(), len(self.actions())), (1, 1))

    def test_a_negative_time_is_refused(self) -> None:
        self.start()
        refused = answer(self.login(self.client(), CancelOnDisconnect=-1))
        self.assertEqual(refused["RspInfo"]["ErrorID"], -400)
        self.assertIn("CancelOnDisconnect", refused["Detail"])


class RateTests(OrderTest):
    """``OrderRate``."""

    @holds("LK-1")
    def test_the_order_too_many_is_refused_and_not_sent_later(self) -> None:
        self.start(order_rate=2)
        peer = self.client()
        self.login(peer)
        for number in range(3):
            peer.send({"MsgType": "ReqOrderInsert", "RequestID": number})
        refused = answer(peer.received())
        self.assertEqual((refused["RspInfo"]["ErrorID"], refused["RequestID"]), (-429, 2))
        self.assertEqual((refused["Limit"], refused["RetryAfter"]), (2, 1.0))
        self.reactor.advance(60)
        self.assertEqual(self.front.names.count("ReqOrderInsert"), 2)
