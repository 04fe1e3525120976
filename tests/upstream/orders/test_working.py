"""What rests, and how it is cancelled."""

from typing import Any, ClassVar

from twisted.trial.unittest import SynchronousTestCase

from tests.conformance import holds
from tests.upstream.orders.test_keys import CATALOGUE, CODEC, order, row
from webctp.ctp.codec import Raw
from webctp.upstream.orders.keys import ENDED, Row, exact, identities
from webctp.upstream.orders.working import WorkingOrders

ORDER = CODEC.layout("CThostFtdcOrderField")
QUOTE = CODEC.layout("CThostFtdcQuoteField")


class RestingCase(SynchronousTestCase):
    """A session (1, 7) that has logged in."""

    def setUp(self) -> None:
        self.resting = WorkingOrders(CATALOGUE)
        self.resting.login(1, 7)

    def update(self, row: Row) -> None:
        body = ORDER.pack(row)
        self.resting.update(row, identities(row), body)

    def cancelled(self) -> list[str]:
        """What is asked to be cancelled, by number or reference."""
        keys = ("OrderSysID", "OrderRef", "QuoteSysID", "QuoteRef")
        found = []
        for _, body in self.resting.cancels():
            found.append(next(body[key].decode("ascii", "replace") for key in keys if key in body))
        return found


class RestingTests(RestingCase):
    """What rests, and how it is cancelled."""

    @holds("REQORDERACTION-2", "REQORDERACTION-3")
    def test_an_order_at_the_exchange_is_cancelled_by_its_number(self) -> None:
        self.update(order("3", "     131"))
        self.assertEqual(
            self.resting.cancels(),
            [
                (
                    "ReqOrderAction",
                    {
                        "ActionFlag": "0",
                        "BrokerID": b"9999",
                        "InvestorID": b"028742",
                        "UserID": b"028742",
                        "InvestUnitID": b"",
                        "ExchangeID": b"SHFE",
                        "InstrumentID": b"rb2405",
                        "OrderSysID": b"     131",
                    },
                )
            ],
        )

    @holds("REQORDERACTION-2")
    def test_an_order_on_its_way_is_cancelled_by_its_reference(self) -> None:
        self.update(order("a"))
        ((_, body),) = self.resting.cancels()
        self.assertEqual((body["FrontID"], body["SessionID"], body["OrderRef"]), (1, 7, b"12"))
        self.assertNotIn("OrderSysID", body)

    @holds("REQORDERACTION-3")
    def test_a_cancel_fits_its_struct_byte_for_byte(self) -> None:
        """Keys that are no text: half a character at the end, a whole field without a NUL."""
        whole = b"x" * ORDER.by_name["OrderSysID"].size
        numbers = [b"  1\xb0", b"  1\xb1", whole, b"    "]
        for at, number in enumerate(numbers):
            body = ORDER.pack(
                {**order("3"), "OrderSysID": Raw(number), "OrderRef": Raw(b"%d\xb0" % at)}
            )
            row = exact(ORDER.unpack(body), ORDER, body)
            self.resting.update(row, identities(row), body)
        layout = CODEC.layout("CThostFtdcInputOrderActionField")
        packed = [layout.pack(body) for _, body in self.resting.cancels()]
        self.assertEqual(
            [layout.raw(one, "OrderSysID") or layout.raw(one, "OrderRef") for one in packed],
            [*numbers[:3], b"3\xb0"],
        )

    def test_what_has_ended_does_not_rest(self) -> None:
        for status in ENDED:
            self.update(order("3", "131"))
            self.update(order(status, "131"))
            self.assertEqual((len(self.resting), self.cancelled()), (0, []))

    @holds("JKZYXZYXHSM-4")
    def test_refused_before_the_exchange_it_does_not_rest(self) -> None:
        self.update(order("a"))
        self.update(order("5"))
        self.assertEqual(len(self.resting), 0)

    @holds("SJLSM-4", "JKZYXZYXHSM-1")
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

    def test_another_day_begins_with_nothing(self) -> None:
        self.update(order("3", "131"))
        self.resting.new_day("20240103")
        self.update(order("3", "132", OrderRef="13"))
        self.assertEqual(len(self.resting), 0)

    def test_what_a_session_entered_on_the_new_day_rests_after_another_login(self) -> None:
        """The front did not close between the days; the connection broke later."""
        self.update(order("3", "131"))
        self.update(order("3", "7", OrderRef="13", TradingDay="20240103"))
        self.resting.new_day("20240103")
        self.resting.login(1, 8)
        self.assertEqual(self.cancelled(), ["7"])
        self.update(order("5", "7", OrderRef="13", TradingDay="20240103"))
        self.assertEqual(len(self.resting), 0)

    def test_a_number_of_the_day_before_is_anybodys(self) -> None:
        self.update(order("3", "131"))
        self.resting.new_day("20240103")
        self.update(order("3", "131", SessionID=99, TradingDay="20240103"))
        self.assertEqual(self.cancelled(), [])

    @holds("JKZYXZYXHSM-3")
    def test_ctps_own_number_tells_an_order_that_it_has_renamed(self) -> None:
        local = {"TraderID": "t1", "OrderLocalID": "5"}
        self.update(order("a", **local))
        self.update(order("3", "131", FrontID=2, SessionID=9, OrderRef="1", **local))
        self.assertEqual((self.cancelled(), len(self.resting)), (["131"], 1))
        self.update(order("5", "131", FrontID=2, SessionID=9, OrderRef="1", **local))
        self.assertEqual(len(self.resting), 0)


class ConditionTests(RestingCase):
    """A condition ends with the order that it enters: it stays at c."""

    condition: ClassVar[dict[str, Any]] = {"RelativeOrderSysID": "TJBD_1"}

    @holds("JKZYXZYXHSM-7", "TJDGZ-4")
    def test_what_a_condition_enters_is_its_own(self) -> None:
        self.update(order("b", "TJBD_1"))
        nobody = {"FrontID": 0, "SessionID": 0, "OrderRef": ""}
        self.update(order("3", "140", **nobody, **self.condition))
        self.assertEqual(self.cancelled(), ["TJBD_1", "140"])

    @holds("TJDGZ-5")
    def test_a_triggered_one_is_not_cancelled_but_waited_for(self) -> None:
        self.update(order("b", "TJBD_1"))
        self.update(order("c", "TJBD_1"))
        self.assertEqual((self.cancelled(), len(self.resting)), ([], 1))

    @holds("TJDGZ-4", "TJDGZ-5")
    def test_it_ends_with_its_order(self) -> None:
        for order_ends in ("0", "5"):
            with self.subTest(order_ends):
                self.setUp()
                self.update(order("c", "TJBD_1"))
                self.update(order("a", OrderRef="13", **self.condition))
                self.assertEqual((self.cancelled(), len(self.resting)), (["13"], 1))
                self.update(order(order_ends, "140", OrderRef="13", **self.condition))
                self.assertEqual(len(self.resting), 0)

    def test_whose_order_was_told_before_it(self) -> None:
        self.update(order("b", "TJBD_1"))
        self.update(order("0", "140", OrderRef="13", **self.condition))
        self.update(order("c", "TJBD_1"))
        self.assertEqual(len(self.resting), 0)

    @holds("TJDGZ-6")
    def test_it_ends_with_an_error_in_the_orders_place(self) -> None:
        self.update(order("c", "TJBD_1"))
        self.resting.failed(row("ErrorConditionalOrder", **failed_condition()))
        self.assertEqual(len(self.resting), 0)

    def test_where_nothing_follows_it_is_not_waited_for_until_the_day_ends(self) -> None:
        self.update(order("c", "TJBD_1"))
        self.resting.ask_again()
        self.assertEqual(len(self.resting), 1)
        self.resting.ask_again()
        self.assertEqual(len(self.resting), 0)


def failed_condition() -> dict[str, Any]:
    """A RtnErrorConditionalOrder of the condition TJBD_1."""
    known = ("BrokerID", "ExchangeID", "FrontID", "SessionID", "OrderRef", "OrderSysID")
    values = order("c", "TJBD_1")
    return {name: values[name] for name in known} | {"ErrorID": 31}


class QuoteTests(RestingCase):
    """A quote's single orders are cancelled as their exchange wants it."""

    def quote(self, exchange: str, **values: Any) -> None:
        common = {"FrontID": 1, "SessionID": 7, "QuoteRef": "20", "ExchangeID": exchange}
        refs = {"AskOrderRef": "21", "BidOrderRef": "22", "QuoteSysID": "  50\ufffd"}
        made = {**common, **refs, "InstrumentID": "cu2405C70000", **values}
        stray = str(made["QuoteSysID"]).encode("ascii", "replace").replace(b"?", b"\xb0")
        body = QUOTE.pack({**made, "QuoteSysID": Raw(stray)})
        self.resting.quote(QUOTE.unpack(body), body)
        for number, ref in (("51", "21"), ("52", "22")):
            self.update(order("3", number, OrderRef=ref, ExchangeID=exchange))

    @holds("DJHDGZ-1")
    def test_where_the_exchange_wants_it_the_quote_is_cancelled_once(self) -> None:
        for exchange in ("SHFE", "INE", "CZCE", "CFFEX"):
            with self.subTest(exchange):
                self.setUp()
                self.quote(exchange)
                ((name, body),) = self.resting.cancels()
                self.assertEqual((name, body["QuoteSysID"]), ("ReqQuoteAction", b"  50\xb0"))
                layout = CODEC.layout("CThostFtdcInputQuoteActionField")
                self.assertEqual(layout.raw(layout.pack(body), "QuoteSysID"), b"  50\xb0")
                self.assertEqual(self.resting.cancels(), [])
                self.resting.ask_again()
                self.assertEqual(len(self.resting.cancels()), 1)

    def test_elsewhere_its_orders_are(self) -> None:
        for exchange in ("DCE", "GFEX"):
            with self.subTest(exchange):
                self.setUp()
                self.quote(exchange)
                self.assertEqual(self.cancelled(), ["51", "52"])

    @holds("REQQUOTEACTION-1")
    def test_before_it_has_a_number_it_is_named_by_its_reference(self) -> None:
        self.quote("SHFE", QuoteSysID="")
        ((_, body),) = self.resting.cancels()
        self.assertEqual((body["QuoteRef"], body["FrontID"], body["SessionID"]), (b"20", 1, 7))

    def test_another_sessions_quote_is_left_alone(self) -> None:
        self.quote("SHFE", SessionID=8)
        self.assertEqual(self.cancelled(), ["51", "52"])

    def test_an_ordinary_order_is_cancelled_as_ever(self) -> None:
        self.quote("SHFE")
        self.update(order("3", "60", OrderRef="30"))
        self.assertEqual(self.cancelled(), ["  50\ufffd", "60"])
