"""The conversation: requests and answers, orders and breaks, resumption; without any socket."""

import json
from typing import Any
from unittest import TestCase

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.clients.python.protocol.paper import (
    PaperGateway,
    answer,
    client_order,
    core,
    said,
    talk,
)
from webctp_client import errors
from webctp_client.made import methods, structs
from webctp_client.protocol import closes
from webctp_client.protocol.core import Core
from webctp_client.protocol.events import (
    Answered,
    Failed,
    Gap,
    LoggedIn,
    LoginFailed,
    Strange,
)
from webctp_client.protocol.sent import SentState

ORDER = {"InstrumentID": "rb2701", "LimitPrice": 3200.0}


def ready(gateway: PaperGateway | None = None, patience: float = 30.0) -> Core:
    """Return a core that has logged in."""
    client = core(patience=patience)
    client.opened()
    talk(client, gateway or PaperGateway())
    assert client.is_ready
    client.events()
    return client


def of(client: Core, kind: type[Any]) -> list[Any]:
    """Return the events of a kind."""
    return [one for one in client.events() if isinstance(one, kind)]


def last(client: Core) -> dict[str, Any]:
    """Return the only message that is to be sent."""
    (sent,) = client.data_to_send()
    found: dict[str, Any] = json.loads(sent)
    return found


class Requests(TestCase):
    """What is asked, and what ends it."""

    def test_rows_are_gathered_until_the_last(self) -> None:
        client = ready()
        request_id = client.ask(methods.ReqQryInvestor, {"InvestorID": "a", "BrokerID": None})
        sent = last(client)
        self.assertEqual(sent["QryInvestor"], {"InvestorID": "a"})
        for name, is_last in (("a", False), ("b", True)):
            body = {"InvestorID": name}
            client.received(answer("RspQryInvestor", request_id, Investor=body, IsLast=is_last))
        (done,) = of(client, Answered)
        self.assertEqual([row.InvestorID for row in done.rows], ["a", "b"])
        self.assertIsInstance(done.rows[0], structs.Investor)

    def test_an_empty_answer_has_no_rows(self) -> None:
        client = ready()
        request_id = client.ask(methods.ReqQryInvestor, {})
        client.received(answer("RspQryInvestor", request_id, Investor=None))
        self.assertEqual(of(client, Answered), [Answered(request_id, [])])

    def test_every_refusal_has_its_exception(self) -> None:
        for code, kind in (
            (-400, errors.BadRequest),
            (-503, errors.NotReady),
            (31, errors.CtpError),
        ):
            client = ready()
            request_id = client.ask(methods.ReqQryInvestor, {})
            info = {"ErrorID": code, "ErrorMsg": "text"}
            client.received(answer("ReqQryInvestor", request_id, RspInfo=info, Detail="why"))
            (failed,) = of(client, Failed)
            self.assertIs(type(failed.error), kind)
            self.assertEqual((failed.error.code, failed.error.detail), (code, "why"))

    def test_a_limit_says_when_to_come_back(self) -> None:
        client = ready()
        request_id = client.ask(methods.ReqQryInvestor, {})
        info = {"ErrorID": -429, "ErrorMsg": ""}
        more = {"Limit": 64, "RetryAfter": 0.4}
        client.received(answer("ReqQryInvestor", request_id, RspInfo=info, Detail="x", **more))
        (failed,) = of(client, Failed)
        self.assertEqual((failed.error.limit, failed.error.retry_after), (64, 0.4))

    def test_a_push_that_names_a_request_does_not_answer_it(self) -> None:
        client = ready()
        request_id = client.ask(methods.ReqQryInvestor, {})
        queued = {"Request": "ReqQryInvestor", "Place": 2, "Seconds": 1.5}
        client.received(said({"MsgType": "RtnQueued", "RequestID": request_id, "Queued": queued}))
        order = client.order(methods.ReqOrderInsert, ORDER, "a")
        split = {"ClientOrderID": "a", "TradingDay": "", "Repeated": False, "Orders": []}
        info = {"ErrorID": 0, "ErrorMsg": ""}
        told = answer("RspOffsetSplit", order.request_id, RspInfo=info, OffsetSplit=split)
        client.received(told)
        self.assertEqual(
            [type(one).__name__ for one in client.events()], ["RtnQueued", "RspOffsetSplit"]
        )
        client.received(answer("RspQryInvestor", request_id, Investor=None))
        self.assertEqual(of(client, Answered), [Answered(request_id, [])])

    def test_the_error_of_ctp_that_has_no_body_ends_it(self) -> None:
        client = ready()
        request_id = client.ask(methods.ReqQryInvestor, {})
        client.received(answer("RspError", request_id, RspInfo={"ErrorID": 90, "ErrorMsg": "x"}))
        self.assertEqual([one.error.code for one in of(client, Failed)], [90])

    def test_bytes_are_sent_as_base64(self) -> None:
        client = ready()
        client.ask(methods.RegisterUserSystemInfo, {"ClientSystemInfo": b"\x00\xff"})
        self.assertEqual(last(client)["UserSystemInfo"], {"ClientSystemInfo": {"base64": "AP8="}})

    def test_an_answer_that_cannot_be_read_fails_its_request(self) -> None:
        client = ready()
        request_id = client.ask(methods.ReqQryInvestor, {})
        client.received(answer("RspQryInvestor", request_id, Investor={"IsActive": "no"}))
        events = client.events()
        self.assertEqual([type(one) for one in events], [Strange, Failed])

    def test_what_is_no_json_is_told_and_nothing_ends(self) -> None:
        client = ready()
        client.received(b"{")
        client.received(b'{"MsgType":"RtnOrder","Order":')
        self.assertEqual(len(of(client, Strange)), 2)
        self.assertTrue(client.is_ready)

    def test_queries_wait_for_the_login_and_are_asked_again_after_a_break(self) -> None:
        client = core()
        request_id = client.ask(methods.ReqQryInvestor, {})
        self.assertEqual(client.data_to_send(), [])
        gateway = PaperGateway()
        client.opened()
        sent = client.data_to_send()
        self.assertEqual(len(sent), 1)
        client.lost(0.0)
        client.opened()
        talk(client, gateway)
        self.assertEqual([one.request_id for one in of(client, Answered)], [request_id])

    def test_rows_of_a_broken_answer_are_not_doubled(self) -> None:
        client = ready()
        request_id = client.ask(methods.ReqQryInvestor, {})
        client.data_to_send()
        client.received(
            answer("RspQryInvestor", request_id, Investor={"InvestorID": "a"}, IsLast=False)
        )
        client.lost(0.0)
        client.opened()
        talk(client, PaperGateway())
        (done,) = of(client, Answered)
        self.assertEqual(len(done.rows), 3)

    def test_what_may_have_been_done_fails_with_the_connection(self) -> None:
        client = ready()
        request_id = client.ask(methods.ReqUserPasswordUpdate, {"NewPassword": "n"})
        client.data_to_send()
        client.lost(0.0)
        (failed,) = of(client, Failed)
        self.assertEqual(failed.request_id, request_id)
        self.assertIsInstance(failed.error, errors.Disconnected)
        client.opened()
        gateway = PaperGateway()
        talk(client, gateway)
        self.assertEqual([one["MsgType"] for one in gateway.received], ["ReqUserLogin"])

    def test_a_transfer_without_a_connection_is_refused_at_once(self) -> None:
        client = core()
        with self.assertRaises(errors.Disconnected):
            client.ask(methods.ReqFromBankToFutureByFuture, {})
        self.assertEqual(client.data_to_send(), [])


class Logins(TestCase):
    """Sessions, and their resumption."""

    def test_a_session_is_resumed_where_it_stopped(self) -> None:
        gateway = PaperGateway()
        client = ready(gateway)
        client.received(gateway.push("1"))
        gateway.push("2")
        client.lost(0.0)
        client.events()
        client.opened()
        talk(client, gateway)
        self.assertEqual(gateway.received[-1]["Resume"]["Seq"], gateway.pushes[0]["Seq"])
        events = client.events()
        self.assertEqual([type(one).__name__ for one in events], ["LoggedIn", "Message"])
        self.assertTrue(events[0].is_resumed)
        self.assertEqual(events[1].body.OrderRef, "2")
        self.assertEqual(client.seq, gateway.pushes[-1]["Seq"])

    def test_a_break_amid_the_missed_pushes_loses_none(self) -> None:
        gateway = PaperGateway()
        client = ready(gateway)
        client.received(gateway.push("1"))
        for ref in "234":
            gateway.push(ref)
        client.lost(0.0)
        client.opened()
        (login,) = client.data_to_send()
        told = gateway.take(login)
        for one in told[:2]:  # the answer, and the first of three
            client.received(one)
        client.lost(0.0)
        client.events()
        client.opened()
        talk(client, gateway)
        refs = [one.body.OrderRef for one in client.events() if hasattr(one, "MsgType")]
        self.assertEqual(refs, ["3", "4"])

    def test_a_session_that_is_gone_is_a_gap(self) -> None:
        gateway = PaperGateway()
        client = ready(gateway)
        client.lost(0.0)
        gateway.restart()
        client.opened()
        talk(client, gateway)
        events = client.events()
        self.assertEqual([type(one) for one in events], [Gap, LoggedIn])
        self.assertFalse(events[1].is_resumed)

    def test_a_refused_password_is_final_and_a_front_that_is_away_is_not(self) -> None:
        for code, is_final in (
            (3, True),
            (-429, True),
            (60, False),
            (-503, False),
            (-408, False),
            (-403, True),
        ):
            client = core()
            client.opened()
            request_id = last(client)["RequestID"]
            info = {"ErrorID": code, "ErrorMsg": ""}
            client.received(answer("RspUserLogin", request_id, RspInfo=info, RspUserLogin=None))
            (failed,) = of(client, LoginFailed)
            self.assertEqual((failed.error.code, failed.is_final), (code, is_final))
            self.assertFalse(client.is_ready)

    def test_a_failed_authentication_fails_the_login(self) -> None:
        client = core()
        client.opened()
        request_id = last(client)["RequestID"]
        client.received(
            answer("RspAuthenticate", request_id, RspInfo={"ErrorID": 63, "ErrorMsg": ""})
        )
        self.assertEqual([one.error.code for one in of(client, LoginFailed)], [63])

    def test_no_password_is_shown(self) -> None:
        client = core()
        shown = repr(client.login)
        self.assertNotIn("pass'", shown)
        client.opened()
        gateway = PaperGateway()
        talk(client, gateway)
        self.assertNotIn("token1", repr(client.events()))

    def test_subscriptions_are_sent_again_and_what_was_missed_is_a_gap(self) -> None:
        client = core("md")
        client.opened()
        talk(client, PaperGateway())
        client.subscribe(methods.SubscribeMarketData, ["rb2701", "au2702"], {"Bars": ["1m"]})
        client.subscribe(methods.UnSubscribeMarketData, ["au2702"], {})
        client.data_to_send()
        client.lost(0.0)
        client.events()
        client.opened()
        gateway = PaperGateway()
        talk(client, gateway)
        again = gateway.received[-1]
        self.assertEqual((again["InstrumentID"], again["Bars"]), (["rb2701"], ["1m"]))
        self.assertEqual(len(of(client, Gap)), 1)

    def test_one_whose_connection_broke_is_carried_over(self) -> None:
        client = core("md")
        client.opened()
        talk(client, PaperGateway())
        words = {"Bars": ["1m"], "History": 5}
        asked = client.subscribe(methods.SubscribeMarketData, ["rb2701", "au2702"], words)
        left = client.subscribe(methods.SubscribeMarketData, ["cu2701"], {})
        gone = client.ask(methods.UnSubscribeMarketData, {"InstrumentID": ["ag2701"]})
        client.data_to_send()
        client.lost(0.0)
        client.subscriptions.enter("UnSubscribeMarketData", ["au2702", "cu2701"], {})
        self.assertEqual(of(client, Failed), [])
        client.opened()
        gateway = PaperGateway()
        talk(client, gateway)
        sent = gateway.received[1:]
        self.assertEqual(
            [(one["MsgType"], one["InstrumentID"], one.get("History")) for one in sent],
            [("SubscribeMarketData", ["rb2701"], 5), ("SubscribeMarketData", ["rb2701"], None)],
        )
        self.assertEqual(sent[0]["RequestID"], asked)
        ended = [one.request_id for one in of(client, Answered)]
        self.assertCountEqual(ended, [asked, left, gone])

    def test_the_newest_wish_is_told_last(self) -> None:
        client = core("md")
        client.opened()
        talk(client, PaperGateway())
        client.subscribe(methods.SubscribeMarketData, ["rb2701"], {"IntervalMs": 5})
        client.lost(0.0)
        client.subscriptions.enter("SubscribeMarketData", ["rb2701"], {"IntervalMs": 7})
        client.opened()
        gateway = PaperGateway()
        talk(client, gateway)
        self.assertEqual([one.get("IntervalMs") for one in gateway.received], [None, 5, 7])


class Orders(TestCase):
    """Orders over broken connections."""

    def test_an_order_without_a_connection_is_not_sent_later(self) -> None:
        client = core()
        with self.assertRaises(errors.Disconnected):
            client.order(methods.ReqOrderInsert, ORDER, "a")
        gateway = PaperGateway()
        client.opened()
        talk(client, gateway)
        self.assertEqual(gateway.executed, {})

    def test_one_whose_connection_broke_is_asked_for_and_sent_once(self) -> None:
        for arrived in (True, False):
            gateway = PaperGateway()
            client = ready(gateway)
            order = client.order(methods.ReqOrderInsert, ORDER, "a")
            (sent,) = client.data_to_send()
            if arrived:
                gateway.take(sent)  # the answer is lost
            client.lost(0.0)
            client.opened()
            talk(client, gateway)
            self.assertEqual(gateway.executed, {"a": 1})
            self.assertTrue(order.is_done)
            self.assertIsNone(order.error)

    def test_the_first_refusal_is_what_became_of_it(self) -> None:
        client = ready()
        order = client.order(methods.ReqOrderInsert, ORDER, "a")
        info = {"ErrorID": -403, "ErrorMsg": ""}
        client.received(answer("ReqOrderInsert", order.request_id, RspInfo=info, Detail="limit"))
        self.assertIsInstance(order.error, errors.Forbidden)
        self.assertEqual(order.status, "refused")

    def test_a_refusal_of_the_question_says_nothing_of_the_order(self) -> None:
        for code, status in ((-503, "sent"), (-401, "sent"), (-400, "unknown"), (-403, "unknown")):
            client = ready()
            order = client.order(methods.ReqOrderInsert, ORDER, "a")
            client.data_to_send()
            client.lost(0.0)
            client.opened()
            gateway = PaperGateway()
            (login,) = client.data_to_send()
            for told in gateway.take(login):
                client.received(told)
            request_id = last(client)["RequestID"]
            info = {"ErrorID": code, "ErrorMsg": ""}
            client.received(answer("ReqOrderInsert", request_id, RspInfo=info, Detail="x"))
            self.assertEqual(order.status, status, code)
            if status == "sent":
                client.look(1.0)
                self.assertEqual(last(client)["ClientOrderID"], "a")

    def test_one_that_nobody_has_told_of_is_unknown_after_a_while_and_not_sent(self) -> None:
        gateway = PaperGateway()
        client = ready(gateway, patience=30.0)
        order = client.order(methods.ReqOrderInsert, ORDER, "a")
        client.data_to_send()
        client.lost(100.0)
        client.look(131.0)
        self.assertIsInstance(order.error, errors.OrderUnknown)
        client.opened()
        talk(client, gateway)
        self.assertEqual(gateway.executed, {})

    def test_one_without_a_clientorderid_is_unknown_with_its_connection(self) -> None:
        client = ready()
        order = client.order(methods.ReqOrderInsert, ORDER, "")
        client.data_to_send()
        client.lost(0.0)
        self.assertEqual(order.status, "unknown")
        client.opened()
        gateway = PaperGateway()
        talk(client, gateway)
        self.assertEqual([one["MsgType"] for one in gateway.received], ["ReqUserLogin"])

    def test_unknown_at_the_gateway_is_asked_for_until_it_knows(self) -> None:
        client = ready()
        order = client.order(methods.ReqOrderInsert, ORDER, "a")
        client.data_to_send()
        client.received(client_order("a", "unknown"))
        self.assertFalse(order.is_done)
        client.look(1.0)
        request_id = last(client)["RequestID"]
        client.look(2.0)
        self.assertEqual(client.data_to_send(), [])  # one question at a time
        client.received(client_order("a", "known", RequestID=request_id))
        self.assertTrue(order.is_done)

    def test_unknown_for_long_is_a_verdict_which_a_later_word_sets_right(self) -> None:
        client = ready()
        order = client.order(methods.ReqOrderInsert, ORDER, "a")
        client.received(client_order("a", "unknown"))
        client.data_to_send()
        for now in range(12):
            client.look(float(now))
            if order.is_done:
                break
            client.received(client_order("a", "unknown", RequestID=last(client)["RequestID"]))
        self.assertIsInstance(order.error, errors.OrderUnknown)
        client.look(13.0)
        client.received(client_order("a", "known"))
        self.assertIsNone(order.error)
        self.assertEqual(order.order_status, "0")

    def test_one_that_the_exchange_refuses_says_why(self) -> None:
        client = ready()
        order = client.order(methods.ReqOrderInsert, ORDER, "a")
        client.received(client_order("a", "sent"))
        body = {"FrontID": 1, "SessionID": 7, "OrderRef": " 12", "OrderStatus": "5"}
        body |= {"OrderSubmitStatus": "4", "StatusMsg": "已撤单报单被拒绝：价格"}
        client.received(said({"MsgType": "RtnOrder", "Seq": 1, "RspInfo": None, "Order": body}))
        self.assertEqual(str(order.error), "ReqOrderInsert: 0 已撤单报单被拒绝：价格")

    def test_pushes_tell_of_one_without_a_clientorderid(self) -> None:
        client = ready()
        order = client.order(methods.ReqOrderInsert, ORDER, "")
        body = {"RequestID": order.request_id, "OrderStatus": "5", "VolumeTraded": 2}
        client.received(said({"MsgType": "RtnOrder", "Seq": 1, "RspInfo": None, "Order": body}))
        self.assertEqual((order.is_done, order.volume_traded), (True, 2))

    @given(
        st.lists(
            st.sampled_from(("order", "deliver", "answer", "break", "open", "restart", "look")),
            max_size=60,
        )
    )
    @settings(max_examples=300, deadline=None)
    def test_whatever_breaks_none_is_doubled_and_each_has_an_end(self, steps: list[str]) -> None:
        gateway = PaperGateway()
        client = core(patience=1e9)
        on_the_way: list[bytes] = []
        answers: list[bytes] = []
        orders: list[SentState] = []

        def cut() -> None:
            if client.is_open:
                client.lost(0.0)
                on_the_way.clear()
                answers.clear()

        for step in steps:
            if step == "open" and not client.is_open:
                client.opened()
            elif step == "break":
                cut()
            elif step == "restart":
                cut()
                gateway.restart()
            elif step == "order" and client.is_ready:
                named = f"order{len(orders)}"
                orders.append(client.order(methods.ReqOrderInsert, ORDER, named))
            elif step == "deliver" and on_the_way:
                answers += gateway.take(on_the_way.pop(0))
            elif step == "answer" and answers:
                client.received(answers.pop(0))
            elif step == "look":
                client.look(1.0)
            on_the_way += client.data_to_send()
        cut()
        client.opened()
        talk(client, gateway)
        client.look(2.0)
        talk(client, gateway)
        for order in orders:
            self.assertTrue(order.is_done, order)
            self.assertIsNone(order.error)
        self.assertEqual(set(gateway.executed.values()) - {1}, set())
        self.assertEqual(len(gateway.executed), len(orders))


class Ends(TestCase):
    """Connections after which no other comes."""

    def test_orders_that_have_not_ended_are_unknown_then(self) -> None:
        client = ready()
        done, resting = (client.order(methods.ReqOrderInsert, ORDER, one) for one in ("a", "b"))
        client.received(client_order("a", "known", OrderStatus="0"))
        client.received(client_order("b", "known", OrderStatus="3"))
        client.lost(0.0)
        client.ended(f"closed with 4401; {closes.REMEDIES[4401]}")
        self.assertIsNone(done.error)
        self.assertIsInstance(resting.error, errors.OrderUnknown)
        self.assertIn("webctp token add", str(resting.error))

    def test_a_close_is_for_good_or_put_off_and_not_both(self) -> None:
        self.assertFalse(closes.PATIENT & closes.REMEDIES.keys())
        self.assertTrue(all(closes.REMEDIES.values()))
