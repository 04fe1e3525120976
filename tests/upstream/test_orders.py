"""References that grow, identities, replays recognised, what rests, orders in line."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from webctp.ctp import catalog
from webctp.ctp.codec import codec_for
from webctp.upstream import orders
from webctp.upstream.orders import (
    OrderLine,
    OrderRefs,
    RefRefused,
    Replays,
    RestingOrders,
    Row,
    identities,
    ref_fields,
    trade_identity,
)

CATALOGUE = catalog.trading()
CODEC = codec_for(CATALOGUE.module)
INSERT = CATALOGUE.methods["ReqOrderInsert"]
QUOTE = CATALOGUE.methods["ReqQuoteInsert"]
ACTION = CATALOGUE.methods["ReqOrderAction"]


def row(struct: str, **values: object) -> dict[str, Any]:
    layout = CODEC.layout(f"CThostFtdc{struct}Field")
    return layout.unpack(layout.pack(values))


def order(status: str = "3", sys_id: str = "", **values: object) -> dict[str, Any]:
    """A RtnOrder of session (1, 7), OrderRef 12, unless said otherwise."""
    common = {
        "BrokerID": "9999",
        "InvestorID": "028742",
        "UserID": "028742",
        "InstrumentID": "rb2405",
        "ExchangeID": "SHFE",
        "TradingDay": "20240102",
        "FrontID": 1,
        "SessionID": 7,
        "OrderRef": "12",
        "OrderStatus": status,
        "OrderSysID": sys_id,
        "OrderSubmitStatus": "3",
    }
    return row("Order", **(common | values))


def trade(**values: object) -> dict[str, Any]:
    common = {
        "BrokerID": "9999",
        "InvestorID": "028742",
        "InstrumentID": "rb2405",
        "ExchangeID": "SHFE",
        "TradingDay": "20240102",
        "TradeID": "        5",
        "Direction": "0",
    }
    return row("Trade", **(common | values))


class RefFieldTests(SynchronousTestCase):
    """Which fields are references of a request's own."""

    def test_the_requests_that_have_references(self) -> None:
        found = {
            name: fields
            for name, method in CATALOGUE.methods.items()
            if any(fields := ref_fields(CATALOGUE, method))
        }
        inserts = {
            "ReqOrderInsert": ("OrderRef",),
            "ReqExecOrderInsert": ("ExecOrderRef",),
            "ReqForQuoteInsert": ("ForQuoteRef",),
            "ReqQuoteInsert": ("QuoteRef", "AskOrderRef", "BidOrderRef"),
            "ReqOptionSelfCloseInsert": ("OptionSelfCloseRef",),
            "ReqCombActionInsert": ("CombActionRef",),
        }
        actions = {
            "ReqOrderAction": ("OrderActionRef",),
            "ReqExecOrderAction": ("ExecOrderActionRef",),
            "ReqQuoteAction": ("QuoteActionRef",),
            "ReqBatchOrderAction": ("OrderActionRef",),
            "ReqOptionSelfCloseAction": ("OptionSelfCloseActionRef",),
        }
        # An older or newer binding may have fewer or more of them.
        self.assertEqual(
            {name: fields.inserts for name, fields in found.items() if fields.inserts},
            {name: names for name, names in inserts.items() if name in CATALOGUE.methods},
        )
        self.assertEqual(
            {name: fields.actions for name, fields in found.items() if fields.actions},
            {name: names for name, names in actions.items() if name in CATALOGUE.methods},
        )

    def test_a_parked_order_has_none(self) -> None:
        parked = CATALOGUE.methods["ReqParkedOrderInsert"]
        self.assertEqual(ref_fields(CATALOGUE, parked), ((), ()))


class OrderRefTests(SynchronousTestCase):
    """References: given where left out, checked where not."""

    def setUp(self) -> None:
        self.refs = OrderRefs("          41")

    def fill(self, method: Any = INSERT, **body: object) -> dict[str, Any]:
        self.refs.fill(CATALOGUE, method, body)
        return body

    def test_they_go_on_from_the_logins(self) -> None:
        self.assertEqual([self.fill()["OrderRef"] for _ in range(3)], ["42", "43", "44"])

    def test_a_login_may_tell_none(self) -> None:
        self.refs = OrderRefs("")
        self.assertEqual(self.fill()["OrderRef"], "1")

    def test_null_spaces_and_nothing_are_left_out(self) -> None:
        for number, empty in enumerate((None, "", "   "), 42):
            self.assertEqual(self.fill(OrderRef=empty)["OrderRef"], str(number))

    def test_a_clients_own_is_kept_as_it_is(self) -> None:
        self.assertEqual(self.fill(OrderRef="000000000100")["OrderRef"], "000000000100")
        self.assertEqual(self.fill(OrderRef="         101")["OrderRef"], "         101")
        self.assertEqual(self.fill()["OrderRef"], "102")

    def test_one_that_does_not_grow_is_refused(self) -> None:
        self.fill(OrderRef="100")
        for ref in ("100", "99", "41", "0", "000000000100"):
            with self.subTest(ref), self.assertRaises(RefRefused) as caught:
                self.fill(OrderRef=ref)
            self.assertEqual(caught.exception.code, 22)
            self.assertIn("100", caught.exception.detail)

    def test_one_that_is_no_number_is_refused(self) -> None:
        for ref in ("a1", "-5", "1.5", "٣", "²"):
            with self.subTest(ref), self.assertRaises(RefRefused) as caught:
                self.fill(OrderRef=ref)
            self.assertEqual(caught.exception.code, 15)

    def test_a_refusal_changes_nothing(self) -> None:
        body = {"QuoteRef": None, "AskOrderRef": "50", "BidOrderRef": "49"}
        with self.assertRaises(RefRefused):
            self.refs.fill(CATALOGUE, QUOTE, body)
        self.assertEqual(body, {"QuoteRef": None, "AskOrderRef": "50", "BidOrderRef": "49"})
        self.assertEqual(self.fill()["OrderRef"], "42")

    def test_twelve_digits_are_all_there_is(self) -> None:
        self.fill(OrderRef="999999999999")
        with self.assertRaises(RefRefused) as caught:
            self.fill()
        self.assertEqual(caught.exception.code, 22)

    def test_used_up_they_begin_anew_after_another_login(self) -> None:
        self.fill(OrderRef="999999999999")
        self.refs.renew("41")
        self.assertEqual(self.fill()["OrderRef"], "42")

    def test_a_quotes_two_orders_are_orders(self) -> None:
        body = self.fill(QUOTE)
        self.assertEqual(
            (body["QuoteRef"], body["AskOrderRef"], body["BidOrderRef"]), ("42", "43", "44")
        )
        with self.assertRaises(RefRefused):
            self.fill(OrderRef="44")

    def test_another_kind_counts_for_itself(self) -> None:
        self.fill(OrderRef="100")
        self.assertEqual(self.fill(QUOTE, QuoteRef="1")["QuoteRef"], "1")

    def test_an_action_names_its_order_and_has_a_reference_of_its_own(self) -> None:
        body = self.fill(ACTION, OrderRef="7")
        self.assertEqual((body["OrderRef"], body["OrderActionRef"]), ("7", 1))
        self.assertEqual(self.fill(ACTION, OrderActionRef=9)["OrderActionRef"], 9)
        self.assertEqual(self.fill(ACTION, OrderActionRef=0)["OrderActionRef"], 10)
        self.assertEqual(self.fill()["OrderRef"], "42")

    def test_other_requests_have_none(self) -> None:
        self.assertEqual(self.fill(CATALOGUE.methods["ReqQryOrder"]), {})

    def test_after_another_login_they_go_on_growing(self) -> None:
        self.fill(OrderRef="100")
        self.refs.renew("1")
        self.assertEqual(self.fill()["OrderRef"], "101")

    def test_after_another_login_a_client_may_begin_anew(self) -> None:
        self.fill(OrderRef="100")
        self.refs.renew("1")
        self.assertEqual(self.fill(OrderRef="2")["OrderRef"], "2")

    @given(st.lists(st.one_of(st.none(), st.integers(0, 60)), max_size=60))
    def test_what_is_sent_always_grows(self, given_refs: list[int | None]) -> None:
        refs, sent = OrderRefs("10"), [10]
        for own in given_refs:
            body: dict[str, Any] = {"OrderRef": None if own is None else str(own)}
            try:
                refs.fill(CATALOGUE, INSERT, body)
            except RefRefused:
                self.assertLessEqual(own or 0, sent[-1])
                continue
            self.assertGreater(int(body["OrderRef"]), sent[-1])
            sent.append(int(body["OrderRef"]))


class IdentityTests(SynchronousTestCase):
    """What orders and trades are known by."""

    def test_an_order_before_and_at_the_exchange(self) -> None:
        self.assertEqual(identities(order()), ((1, 7, "12"), None))
        self.assertEqual(identities(order(sys_id="     131"))[1], ("SHFE", "131"))

    def test_padding_does_not_count(self) -> None:
        for text in ("12", "          12", "000000000012"):
            self.assertEqual(identities(order(OrderRef=text))[0], (1, 7, "12"))

    def test_each_part_of_a_trades_identity_counts(self) -> None:
        others = {
            "BrokerID": "1",
            "InvestorID": "2",
            "ExchangeID": "DCE",
            "InstrumentID": "m2405",
            "TradeID": "6",
            "Direction": "1",
            "TradingDay": "20240103",
        }
        for name, other in others.items():
            with self.subTest(name):
                self.assertNotEqual(trade_identity(trade()), trade_identity(trade(**{name: other})))

    def test_nothing_else_does(self) -> None:
        self.assertEqual(trade_identity(trade()), trade_identity(trade(Volume=3, OrderRef="9")))


def said(row: dict[str, Any]) -> bytes:
    """All that a row says."""
    return repr(row).encode()


class ReplayTests(SynchronousTestCase):
    """Replays recognised, and nothing else."""

    def setUp(self) -> None:
        self.replays = Replays()
        self.replays.begin()
        self.life = [
            order("a"),
            order("a", "131"),
            order("3", "131"),
            order("1", "131", VolumeTraded=1),
            order("0", "131", VolumeTraded=2),
        ]

    def told(self, rows: list[dict[str, Any]]) -> list[bool]:
        return [self.replays.new_order(one, identities(one), said(one)) for one in rows]

    def test_every_change_of_an_order_is_new(self) -> None:
        self.assertEqual(self.told(self.life), [True] * 5)

    def test_a_replay_of_all_is_recognised(self) -> None:
        self.told(self.life)
        self.replays.begin()
        self.assertEqual(self.told(self.life), [False] * 5)

    def test_a_replay_from_any_point_is_recognised_and_what_follows_is_new(self) -> None:
        for start in range(4):
            for known in range(start, 5):
                with self.subTest(start=start, known=known):
                    self.setUp()
                    self.told(self.life[:known])
                    self.replays.begin()
                    expected = [index >= known for index in range(start, 5)]
                    self.assertEqual(self.told(self.life[start:]), expected)

    def test_a_live_repetition_is_no_news(self) -> None:
        self.assertEqual(self.told([self.life[2], self.life[2]]), [True, False])

    def test_the_same_look_again_is_news(self) -> None:
        submitted = order("3", "131", OrderSubmitStatus="1")
        rejected = order("3", "131", OrderSubmitStatus="5")
        rows = [submitted, rejected, submitted, rejected]
        self.assertEqual(self.told(rows), [True] * 4)
        self.replays.begin()
        self.assertEqual(self.told(rows), [False] * 4)

    def test_two_orders_do_not_mix(self) -> None:
        self.told(self.life)
        other = order("3", "132", OrderRef="13")
        self.assertEqual(self.told([other, other, self.life[-1]]), [True, False, False])

    def test_orders_without_a_reference_of_a_session_do_not_mix(self) -> None:
        nobody = {"FrontID": 0, "SessionID": 0, "OrderRef": ""}
        rows = [order(status, number, **nobody) for status in "30" for number in ("1", "2")]
        self.assertEqual(self.told(rows), [True] * 4)
        self.replays.begin()
        self.assertEqual(self.told([*rows[::2], *rows[1::2]]), [False] * 4)

    def test_an_order_renamed_by_a_restart_of_ctp_is_the_same_order(self) -> None:
        self.told(self.life[:3])
        renamed = order("3", "131", FrontID=2, SessionID=9, OrderRef="1")
        self.assertEqual(self.told([renamed, renamed]), [True, False])

    def test_a_trade_is_new_once(self) -> None:
        rows = [trade(), trade(Direction="1"), trade()]
        self.assertEqual([self.replays.new_trade(one) for one in rows], [True, True, False])
        self.replays.begin()
        self.assertFalse(self.replays.new_trade(trade(TradeID="5")))

    def test_two_trading_days_are_remembered(self) -> None:
        days = ("20240102", "20240103", "20240104")
        for day in days:
            self.replays.new_trade(trade(TradingDay=day))
        again = [self.replays.new_trade(trade(TradingDay=day)) for day in reversed(days)]
        self.assertEqual(again, [False, False, True])

    @settings(max_examples=100)
    @given(st.data())
    def test_whatever_is_replayed_each_event_is_told_once(self, data: st.DataObject) -> None:
        """A stream of several orders' changes and trades, cut anywhere, resumed from earlier."""
        numbers = data.draw(st.lists(st.integers(0, 2), max_size=30), label="whose event it is")
        stream: list[tuple[str, dict[str, Any]]] = []
        for at, number in enumerate(numbers):
            kind = "trade" if at % 3 == 2 else "order"
            event = (
                trade(TradeID=str(at))
                if kind == "trade"
                else order("3", str(number), OrderRef=str(number), NotifySequence=at)
            )
            stream.append((kind, event))
        replays, told, reached = Replays(), [], 0
        while True:
            replays.begin()
            start = data.draw(st.integers(0, reached), label="resumed from")
            end = data.draw(st.integers(reached, len(stream)), label="cut at")
            for kind, event in stream[start:end]:
                new = (
                    replays.new_trade(event)
                    if kind == "trade"
                    else replays.new_order(event, identities(event), said(event))
                )
                if new:
                    told.append(event)
            reached = end
            if end == len(stream):
                break
            if data.draw(st.booleans(), label="enough"):
                break
        self.assertEqual(told, [event for _, event in stream[:reached]])


class RestingTests(SynchronousTestCase):
    """What rests, and how it is cancelled."""

    def setUp(self) -> None:
        self.resting = RestingOrders()
        self.resting.login(1, 7)

    def update(self, row: Row) -> None:
        self.resting.update(row, identities(row))

    def cancelled(self) -> list[object]:
        return [body.get("OrderSysID") or body.get("OrderRef") for body in self.resting.cancels()]

    def test_an_order_at_the_exchange_is_cancelled_by_its_number(self) -> None:
        self.update(order("3", "     131"))
        self.assertEqual(
            list(self.resting.cancels()),
            [
                {
                    "ActionFlag": "0",
                    "BrokerID": "9999",
                    "InvestorID": "028742",
                    "UserID": "028742",
                    "InvestUnitID": "",
                    "ExchangeID": "SHFE",
                    "InstrumentID": "rb2405",
                    "OrderSysID": "     131",
                }
            ],
        )

    def test_an_order_on_its_way_is_cancelled_by_its_reference(self) -> None:
        self.update(order("a"))
        (body,) = self.resting.cancels()
        self.assertEqual((body["FrontID"], body["SessionID"], body["OrderRef"]), (1, 7, "12"))
        self.assertNotIn("OrderSysID", body)

    def test_a_cancel_fits_its_struct(self) -> None:
        self.update(order("a"))
        self.update(order("3", "131", OrderRef="13"))
        layout = CODEC.layout(str(ACTION.struct))
        for body in self.resting.cancels():
            self.assertEqual(
                layout.unpack(layout.pack(body)) | body, layout.unpack(layout.pack(body))
            )

    def test_what_has_ended_does_not_rest(self) -> None:
        for status in orders.ENDED:
            self.update(order("3", "131"))
            self.update(order(status, "131"))
            self.assertEqual((len(self.resting), self.cancelled()), (0, []))

    def test_refused_before_the_exchange_it_does_not_rest(self) -> None:
        self.update(order("a"))
        self.update(order("5"))
        self.assertEqual(len(self.resting), 0)

    def test_others_orders_are_left_alone(self) -> None:
        for other in ({"FrontID": 2}, {"SessionID": 8}):
            self.update(order("3", "131", **other))
        self.assertEqual(self.cancelled(), [])

    def test_each_is_asked_for_once(self) -> None:
        self.update(order("3", "131"))
        self.assertEqual((self.cancelled(), self.cancelled()), (["131"], []))

    def test_one_asked_for_on_its_way_is_asked_for_again_at_the_exchange(self) -> None:
        self.update(order("a"))
        self.assertEqual(self.cancelled(), ["12"])
        self.update(order("3", "131"))
        self.assertEqual((self.cancelled(), len(self.resting)), (["131"], 1))

    def test_one_being_cancelled_already_is_left_alone(self) -> None:
        self.update(order("3", "131", OrderSubmitStatus="1"))
        self.assertEqual(self.cancelled(), [])

    def test_a_recovered_session_keeps_its_orders(self) -> None:
        self.update(order("3", "131"))
        self.resting.login(2, 9)
        self.update(order("3", "132", FrontID=2, SessionID=9, OrderRef="1"))
        self.assertEqual(self.cancelled(), ["131", "132"])

    def test_what_a_condition_enters_is_its_own(self) -> None:
        self.update(order("b", "TJBD_1"))
        entered = {"FrontID": 0, "SessionID": 0, "OrderRef": "", "RelativeOrderSysID": "TJBD_1"}
        self.update(order("3", "140", **entered))
        self.assertEqual(self.cancelled(), ["TJBD_1", "140"])

    def test_another_day_begins_with_nothing(self) -> None:
        self.update(order("3", "131"))
        self.resting.new_day()
        self.update(order("3", "132", OrderRef="13"))
        self.assertEqual(len(self.resting), 0)


class LineTests(SynchronousTestCase):
    """Orders are sent in the order they came."""

    def setUp(self) -> None:
        self.line = OrderLine()
        self.sent: list[str] = []

    def send(self, name: str) -> Any:
        return lambda: self.sent.append(name)

    def test_where_none_waits_each_is_sent_at_once(self) -> None:
        self.line.join(self.send("a"))
        self.assertEqual(self.sent, ["a"])

    def test_what_it_raises_reaches_the_caller(self) -> None:
        with self.assertRaises(ZeroDivisionError):
            self.line.join(lambda: 1 / 0)
        self.line.join(self.send("a"))
        self.assertEqual(self.sent, ["a"])

    def test_one_that_waits_holds_up_the_others(self) -> None:
        first = self.line.join(None)
        self.line.join(self.send("b"))
        second = self.line.join(None)
        self.line.join(self.send("d"))
        self.line.ready(second, self.send("c"))
        self.assertEqual(self.sent, [])
        self.line.ready(first, self.send("a"))
        self.assertEqual(self.sent, ["a", "b", "c", "d"])

    def test_one_that_fails_does_not_hold_up_the_others(self) -> None:
        first = self.line.join(None)
        self.line.join(lambda: 1 / 0)
        self.line.join(self.send("c"))
        self.line.ready(first, self.send("a"))
        self.assertEqual(self.sent, ["a", "c"])
        self.assertEqual(len(self.flushLoggedErrors(ZeroDivisionError)), 1)

    def test_joining_from_within_a_sending(self) -> None:
        first = self.line.join(None)
        self.line.join(lambda: self.line.join(self.send("c")))
        self.line.join(self.send("b"))
        self.line.ready(first, self.send("a"))
        self.assertEqual(self.sent, ["a", "b", "c"])
