"""Conditional orders through the gateway: conditions, outages, restarts, refusals."""

from typing import Any, ClassVar

from tests.gateway.conditional.support import DAY, ORDER, PROFIT, STOP, ConditionalCase
from tests.gateway.support import code
from webctp.config.risk import RiskConfig
from webctp.ctp.codec import DBL_MAX
from webctp.upstream.orders.client_order import JournalBroken, Key


def buy(**more: Any) -> dict[str, Any]:
    """An order that opens two lots."""
    return {**ORDER, "Direction": "0", "CombOffsetFlag": "0", "LimitPrice": 3510.0, **more}


def protection(kind: str, **more: Any) -> dict[str, Any]:
    """What protects lots that were bought."""
    body = {name: value for name, value in ORDER.items() if name != "VolumeTotalOriginal"}
    return {"Kind": kind, "InputOrder": body, **more}


class ConditionTests(ConditionalCase):
    """Each kind is sent when its condition is met, once."""

    def test_a_stop(self) -> None:
        told = self.put()
        self.assertEqual((told["MsgType"], code(told)), ("RspInsertConditional", 0))
        self.assertEqual(told["Conditional"]["Reason"], "no price of 'rb2701' has come yet")
        self.tick(3500.0)
        self.later(0.5)
        self.assertEqual(self.status(), "waiting")
        self.peer.received()
        self.tick(3400.0)
        states = [
            (one["Conditional"]["Status"], one["Conditional"]["ClientOrderID"])
            for one in self.pushes(self.peer)
            if one["MsgType"] == "RtnConditional"
        ]
        self.assertEqual(states, [("firing", "c-1.1"), ("fired", "c-1.1"), ("sent", "c-1.1")])
        self.tick(3390.0)
        self.assertEqual(self.sent, [("1", "4", 2)])
        self.told_order(OrderStatus="0", VolumeTraded=2, VolumeTotal=0)
        self.assertEqual(self.status(), "done")

    def test_pushes_are_numbered_and_told_again(self) -> None:
        self.put()
        self.tick()
        self.later(0.5)
        self.tick(3400.0)
        told = [one for one in self.pushes(self.peer) if one["MsgType"] == "RtnConditional"]
        seqs = [one["Seq"] for one in told]
        self.assertEqual(seqs, sorted(set(seqs)))
        self.assertGreater(len(seqs), 2)

    def test_of_two_one_cancels_the_other(self) -> None:
        self.put("c-1", STOP, PROFIT)
        self.tick()
        self.later(0.5)
        self.tick(3600.0)
        self.tick(3300.0)
        self.assertEqual(self.sent, [("1", "4", 2)])
        self.assertEqual(self.standing()["ClientOrderID"], "c-1.2")

    def test_a_trailing_one_follows_and_keeps_its_mark(self) -> None:
        self.put("c-1", {"Kind": "trailing", "Distance": 10.0, "InputOrder": ORDER})
        self.tick(3500.0)
        self.later(0.5)
        self.tick(3520.0)
        self.later(6)
        self.tick(3530.0)
        self.restart()
        self.later(0.5)
        self.assertEqual(self.standing()["Legs"][0]["Mark"], 3530.0)
        self.tick(3520.5)
        self.later(0.5)
        self.assertEqual(self.sent, [])
        self.tick(3520.0)
        self.assertEqual(self.sent, [("1", "4", 2)])

    def test_at_a_time(self) -> None:
        told = self.put("c-1", {"Kind": "time", "At": "10:00:30", "InputOrder": ORDER})
        self.assertEqual(told["Conditional"]["Status"], "waiting", "it needs no prices")
        self.later(29)
        self.assertEqual(self.sent, [])
        self.later(2)
        self.assertEqual(self.sent, [("1", "4", 2)])

    def test_a_price_that_is_beyond_already_fires_at_once(self) -> None:
        watcher = self.watcher()
        watcher.send({"MsgType": "SubscribeMarketData", "InstrumentID": ["rb2701"]})
        self.settle()
        self.tick(3390.0)
        self.put()
        self.settle()
        self.assertEqual(self.sent, [("1", "4", 2)])

    def test_what_is_no_price_fires_nothing(self) -> None:
        self.put()
        self.tick()
        self.later(0.5)
        for price in (DBL_MAX, 0.0, -1.0):
            self.tick(price)
        self.tick(3300.0, TradingDay="20261120", ActionDay="20261120")
        self.tick(3300.0, UpdateTime="09:30:00")
        self.tick(3300.0, name="rb2705")
        self.assertEqual(self.sent, [])
        self.tick(3300.0)
        self.assertEqual(self.sent, [("1", "4", 2)])


class BracketTests(ConditionalCase):
    """An order whose trades are protected as they come."""

    def bracket(self) -> None:
        protect = [
            protection("stop", TriggerPrice=3400.0),
            protection("profit", TriggerPrice=3600.0),
        ]
        self.tick()
        told = self.put("b", {"Kind": "now", "InputOrder": buy()}, Protect=protect)
        self.assertEqual(code(told), 0)
        self.tick()
        self.later(0.5)

    def test_each_fill_is_protected_by_as_many_lots(self) -> None:
        self.bracket()
        self.assertEqual(self.sent, [("0", "0", 2)])
        self.assertEqual(self.status("b"), "sent")
        self.told_order(0, VolumeTraded=1, VolumeTotal=1, OrderStatus="1")
        self.told_order(0, VolumeTraded=1, VolumeTotal=1, OrderStatus="1", StatusMsg="again")
        self.assertEqual(self.standing("b")["Covered"], 1)
        self.assertEqual(self.standing("b#1")["Parent"], "b")
        self.told_order(0, VolumeTraded=2, VolumeTotal=0, OrderStatus="0")
        self.later(0.5)
        self.assertEqual((self.status("b"), self.status("b#1")), ("done", "waiting"))
        self.tick(3600.0)
        self.assertEqual(self.sent[1:], [("1", "4", 1), ("1", "4", 1)])
        self.tick(3400.0)
        self.assertEqual(len(self.sent), 3)

    def test_what_was_traded_while_the_gateway_was_down_is_protected(self) -> None:
        self.bracket()
        self.told_order(0, VolumeTraded=1, VolumeTotal=1, OrderStatus="1")
        row = self.on_disk.client_order(self.key("b.1"))
        assert row is not None
        self.restart()
        sent = {**buy(), "OrderRef": row.order_ref, "BrokerID": "9999", "UserID": "user"}
        fields = {"FrontID": 1, "SessionID": row.session_id, "TradingDay": DAY, "OrderSysID": "9"}
        more = {"VolumeTraded": 2, "VolumeTotal": 0, "OrderStatus": "0", "InvestorID": "user"}
        number = {"OrderSysID": row.order_sys_id}
        self.front.push("OnRtnOrder", {**sent, **fields, **more, **number})
        self.settle()
        self.later(0.5)
        self.assertEqual(self.standing("b")["Covered"], 2)
        lots = [self.standing(name)["Legs"][0]["VolumeTotalOriginal"] for name in ("b#1", "b#2")]
        self.assertEqual(lots, [1, 1])
        self.assertEqual(self.sent, [], "nothing was sent again")

    def key(self, name: str) -> Any:
        return Key("9999", "user", name)

    def test_a_disk_that_is_full_protects_as_soon_as_it_is_not(self) -> None:
        self.bracket()
        self.journal.is_broken = True
        self.told_order(0, VolumeTraded=1, VolumeTotal=1, OrderStatus="1")
        self.assertIsNone(self.ask_raw("b#1"))
        self.journal.is_broken = False
        self.later(1.5)
        self.assertEqual(self.status("b#1"), "waiting")

    def ask_raw(self, name: str) -> Any:
        query = {"MsgType": "QryConditional", "RequestID": 6}
        return self.ask(self.peer, {**query, "QryConditional": {"ConditionalID": name}})[
            "Conditional"
        ]

    def test_one_that_was_to_be_sent_at_once_is_not_sent_late(self) -> None:
        self.journal.puts_wait = []
        self.bracket()
        self.assertEqual(self.sent, [])
        self.restart()
        self.assertEqual(self.sent, [])
        self.assertEqual(self.status("b"), "expired")


class RequestTests(ConditionalCase):
    """Insert, cancel, query."""

    def test_the_same_again_is_answered_and_another_is_not(self) -> None:
        first = self.put()
        self.assertEqual(self.put()["Conditional"], first["Conditional"])
        other = self.put("c-1", PROFIT)
        self.assertEqual(code(other), -409)
        self.assertIn("'c-1' stands for another request", other["Detail"])
        self.tick()
        self.later(0.5)
        self.tick(3300.0)
        self.assertEqual(self.put()["Conditional"]["Status"], "sent")
        self.assertEqual(len(self.sent), 1)

    def test_the_same_again_is_answered_though_its_moment_is_over(self) -> None:
        moment = {"Kind": "time", "At": "10:00:05", "InputOrder": ORDER}
        self.put("c-1", moment)
        self.later(6)
        self.assertEqual(len(self.sent), 1)
        self.assertEqual(self.put("c-1", moment)["Conditional"]["Status"], "sent")
        self.restart()
        self.later(6)
        self.assertEqual(self.put("c-1", moment)["Conditional"]["Status"], "sent")
        self.assertEqual(code(self.put("c-2", moment)), -400)
        other = self.put("c-1", {**moment, "At": "10:00:03"})
        self.assertEqual(code(other), -400)
        self.journal.is_broken = True
        self.assertEqual(code(self.put("c-1", moment)), -503)
        self.assertEqual(self.sent, [])

    def test_one_that_is_cancelled_is_never_sent(self) -> None:
        self.put()
        self.tick()
        self.later(0.5)
        cancel = {"MsgType": "CancelConditional", "RequestID": 7}
        told = self.ask(self.peer, {**cancel, "CancelConditional": {"ConditionalID": "c-1"}})
        self.assertEqual((code(told), told["Conditional"]["Status"]), (0, "cancelled"))
        self.tick(3300.0)
        self.restart()
        self.tick(3300.0)
        self.later(1)
        self.assertEqual(self.sent, [])
        for name, said in (("c-1", "no conditional order is called"), ("x", "no conditional")):
            told = self.ask(self.peer, {**cancel, "CancelConditional": {"ConditionalID": name}})
            self.assertIn(said, told["Detail"])

    def test_one_that_was_sent_is_cancelled_by_its_order(self) -> None:
        self.put()
        self.tick()
        self.later(0.5)
        self.tick(3300.0)
        cancel = {"MsgType": "CancelConditional", "RequestID": 7}
        told = self.ask(self.peer, {**cancel, "CancelConditional": {"ConditionalID": "c-1"}})
        self.assertEqual(code(told), -409)
        self.assertIn("is sent and waits no longer; its order is called 'c-1.1'", told["Detail"])

    def test_a_query_of_nothing(self) -> None:
        self.assertIsNone(self.ask(self.peer, {"MsgType": "QryConditional"})["Conditional"])

    def test_before_a_login(self) -> None:
        peer = self.connect()
        for name in ("InsertConditional", "CancelConditional", "QryConditional"):
            body = {"ConditionalID": "c", "Legs": [STOP]} if name == "InsertConditional" else {}
            if name == "CancelConditional":
                body = {"ConditionalID": "c"}
            told = self.ask(peer, {"MsgType": name, name: body})
            self.assertEqual(code(told), -401, name)

    def test_without_a_disk_it_is_not_kept(self) -> None:
        self.journal.plans_wait = []
        body = {"ConditionalID": "c-1", "Legs": [STOP]}
        request = {"MsgType": "InsertConditional", "InsertConditional": body, "RequestID": 5}
        self.peer.send(request)
        again = self.ask(self.peer, request)
        self.assertIn("is being recorded; wait", again["Detail"])
        ((_, done),) = self.journal.plans_wait
        done.errback(JournalBroken("full"))
        self.td.commons.fanout.flush()
        (refused,) = self.answers(self.peer)
        self.assertEqual(code(refused), -503)
        self.assertIn("it is not kept: the journal cannot be written: full", refused["Detail"])
        self.restart()
        self.tick(3300.0)
        self.assertEqual(self.sent, [])


class EnduranceTests(ConditionalCase):
    """Outages, restarts, days, sessions without clients."""

    def test_while_the_account_is_not_logged_in_it_is_paused_then_the_first_tick_decides(
        self,
    ) -> None:
        self.put()
        self.tick()
        self.later(0.5)
        self.front.apis[-1].push("OnFrontDisconnected", 0x1001)
        self.settle()
        self.assertEqual(self.status(), "paused")
        self.assertIn("not logged in", self.standing()["Reason"])
        self.tick(3300.0)
        self.later(1)
        self.tick(3500.0)
        self.front.apis[-1].push("OnFrontConnected")
        self.later(1)
        self.assertEqual((self.sent, self.status()), ([], "waiting"))
        self.tick(3390.0)
        self.assertEqual(self.sent, [("1", "4", 2)])

    def test_without_market_data_it_is_paused(self) -> None:
        self.put()
        self.tick()
        self.later(0.5)
        self.front.apis[0].push("OnFrontDisconnected", 0x1001)
        self.later(1)
        self.assertEqual(self.standing()["Reason"], "market data is not connected")
        self.front.apis[0].push("OnFrontConnected")
        self.later(1)
        self.assertEqual((self.status(), self.sent), ("waiting", []))
        self.tick(3390.0)
        self.assertEqual(self.sent, [("1", "4", 2)])

    def test_it_lives_without_its_client(self) -> None:
        for way in ("drop", "logout"):
            name = f"c-{way}"
            self.put(name)
            self.tick()
            self.later(0.5)
            if way == "drop":
                self.peer.drop()
            else:
                self.peer.send({"MsgType": "ReqUserLogout", "RequestID": 2})
            self.later(100)
            self.tick(3300.0)
            self.assertEqual(self.sent[-1:], [("1", "4", 2)], way)
            self.told_order(OrderStatus="0", VolumeTraded=2, VolumeTotal=0)
            self.later(15)
            self.assertEqual(len(list(self.td.registry)), 0, "then the session ends, too")
            self.numbers(self.session + 1)
            self.peer = self.trader()
            self.later(0.5)
            self.assertEqual(self.status(name), "done")

    def test_it_wakes_with_the_next_login_after_a_restart(self) -> None:
        self.put("c-1", STOP, PROFIT)
        self.restart()
        self.tick()
        self.later(0.5)
        self.assertEqual(self.status(), "waiting")
        self.tick(3700.0)
        self.assertEqual(self.sent, [("1", "4", 2)])
        self.assertEqual(self.standing()["ClientOrderID"], "c-1.2")

    def test_a_day_ends_and_a_date(self) -> None:
        self.put("day")
        self.put("date", Until="20261124")
        self.numbers(20, "20261124")
        self.front.apis[-1].push("OnFrontDisconnected", 0x1001)
        self.settle()
        self.front.apis[-1].push("OnFrontConnected")
        self.later(1)
        self.assertEqual(self.status("day"), "expired")
        self.assertEqual(self.standing("day")["Reason"], f"its last trading day, {DAY}, is over")
        self.assertEqual(self.status("date"), "paused")
        self.china = self.china.replace(day=24)
        self.tick(3500.0, TradingDay="20261124")
        self.later(0.5)
        self.tick(3300.0)  # of the day before
        self.assertEqual(self.sent, [])
        self.tick(3300.0, TradingDay="20261124")
        self.assertEqual(self.sent, [("1", "4", 2)])

    def test_of_two_sessions_of_the_account_one_sends(self) -> None:
        other = self.trader()
        self.put()
        self.tick()
        self.later(0.5)
        self.assertEqual(self.standing(peer=other)["Status"], "waiting")
        self.tick(3300.0)
        self.assertEqual(self.sent, [("1", "4", 2)])

    def test_where_one_session_goes_the_other_sends(self) -> None:
        self.trader()
        self.put()
        self.tick()
        self.later(0.5)
        self.front.apis[-2].push("OnFrontDisconnected", 0x1001)
        self.settle()
        self.tick(3300.0)
        self.assertEqual(self.sent, [("1", "4", 2)])


class KillTests(ConditionalCase):
    """The gateway dies between two steps; the next run finishes, or sees that it was sent."""

    def waiting(self) -> None:
        self.put()
        self.tick()
        self.later(0.5)

    def test_before_it_is_on_disk_that_the_condition_is_met(self) -> None:
        self.waiting()
        self.journal.puts_wait = []
        self.tick(3300.0)
        self.assertEqual((self.sent, self.status()), ([], "firing"))
        self.restart()
        self.tick()
        self.later(0.5)
        self.assertEqual((self.sent, self.status()), ([], "waiting"))
        self.tick(3300.0)
        self.assertEqual(self.sent, [("1", "4", 2)])

    def test_after_that_and_before_its_order_is_recorded(self) -> None:
        self.waiting()
        self.journal.puts_wait = []
        self.tick(3300.0)
        ((rows, _),) = self.journal.puts_wait
        self.on_disk.plans.put(rows)
        self.restart()
        self.later(0.5)
        self.assertEqual((self.sent, self.status()), ([("1", "4", 2)], "sent"))
        self.restart()
        self.tick(3300.0)
        self.later(1)
        self.assertEqual((self.sent, self.status()), ([], "sent"))

    def test_after_its_order_was_recorded(self) -> None:
        """Whether it reached CTP nobody knows: it is never sent again."""
        self.waiting()
        self.journal.held = True
        self.tick(3300.0)
        ((order, _),) = self.journal.waiting
        self.on_disk.claim(order)
        self.assertEqual((self.sent, self.status()), ([], "fired"))
        self.restart()
        self.tick(3300.0)
        self.later(1)
        self.assertEqual((self.sent, self.status()), ([], "sent"))

    def test_after_it_was_sent_and_before_that_is_on_disk(self) -> None:
        self.waiting()
        kept = self.journal.keep_plans
        self.journal.keep_plans = lambda rows: None  # type: ignore[method-assign]
        self.tick(3300.0)
        self.told_order(OrderStatus="0", VolumeTraded=2, VolumeTotal=0)
        self.journal.keep_plans = kept  # type: ignore[method-assign]
        self.restart()
        self.later(1)
        self.assertEqual((self.sent, self.status()), ([], "done"))

    def test_a_disk_that_is_full_lets_nothing_be_sent_before_it_is_written(self) -> None:
        self.waiting()
        self.journal.is_broken = True
        self.tick(3300.0)
        self.assertEqual((self.sent, self.status()), ([], "paused"))
        self.assertIn("nothing is sent before it can", self.standing()["Reason"])
        self.journal.is_broken = False
        self.later(1)
        self.assertEqual((self.sent, self.status()), ([("1", "4", 2)], "sent"))


class RefusalTests(ConditionalCase):
    """Risk and kill switch judge what fires; what CTP refuses is told."""

    risk: ClassVar[RiskConfig | None] = RiskConfig(max_order_volume=1)

    def test_a_check_s_refusal_is_final(self) -> None:
        self.put()
        self.tick()
        self.later(0.5)
        self.tick(3300.0)
        found = self.standing()
        self.assertEqual((found["Status"], found["ErrorID"], self.sent), ("refused", -403, []))
        self.assertIn("Risk.MaxOrderVolume: the limit is 1, found 2", found["Reason"])
        self.tick(3300.0)
        self.restart()
        self.tick(3300.0)
        self.assertEqual(self.sent, [])

    def test_so_is_ctp_s(self) -> None:
        self.front.on("ReqOrderInsert", error=31)
        self.put("c-1", {**STOP, "InputOrder": {**ORDER, "VolumeTotalOriginal": 1}})
        self.tick()
        self.later(0.5)
        self.tick(3300.0)
        found = self.standing()
        self.assertEqual((found["Status"], found["ErrorID"]), ("refused", 31))
