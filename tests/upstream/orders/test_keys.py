"""References that grow, and what orders are known by."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from tests.conformance import holds
from webctp.ctp import catalog
from webctp.ctp.codec import Raw, codec_for
from webctp.upstream.orders.keys import (
    OrderReferences,
    RefRefused,
    exact,
    identities,
    local_identity,
    ref_fields,
    ref_of,
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

    @holds("REQEXECORDERINSERT-2")
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

    @holds("REQPARKEDORDERINSERT-3")
    def test_a_parked_order_has_none(self) -> None:
        parked = CATALOGUE.methods["ReqParkedOrderInsert"]
        self.assertEqual(ref_fields(CATALOGUE, parked), ((), ()))


class OrderRefTests(SynchronousTestCase):
    """References: given where left out, checked where not."""

    def setUp(self) -> None:
        self.refs = OrderReferences("          41")

    def fill(self, method: Any = INSERT, **body: object) -> dict[str, Any]:
        self.refs.fill(CATALOGUE, method, body)
        return body

    @holds("ONRSPUSERLOGIN-1")
    def test_they_go_on_from_the_logins(self) -> None:
        self.assertEqual([self.fill()["OrderRef"] for _ in range(3)], ["42", "43", "44"])

    def test_a_login_may_tell_none(self) -> None:
        self.refs = OrderReferences("")
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

    @holds("REQORDERINSERT-4")
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

    @holds("JKZYXZYXHSM-8", "REQQUOTEINSERT-1")
    def test_a_quotes_two_orders_are_orders(self) -> None:
        body = self.fill(QUOTE)
        self.assertEqual(
            (body["QuoteRef"], body["AskOrderRef"], body["BidOrderRef"]), ("42", "43", "44")
        )
        with self.assertRaises(RefRefused):
            self.fill(OrderRef="44")

    @holds("JKZYXZYXHSM-11", "REQEXECORDERINSERT-2")
    def test_another_kind_counts_for_itself(self) -> None:
        self.fill(OrderRef="100")
        self.assertEqual(self.fill(QUOTE, QuoteRef="1")["QuoteRef"], "1")

    @holds("REQORDERACTION-2", "REQORDERACTION-4")
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
        refs, sent = OrderReferences("10"), [10]
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

    @holds("JKZYXZYXHSM-1", "JKZYXZYXHSM-5")
    def test_an_order_before_and_at_the_exchange(self) -> None:
        self.assertEqual(identities(order()), ((1, 7, "12"), None))
        self.assertEqual(identities(order(sys_id="     131"))[1], ("SHFE", "131"))

    def test_padding_does_not_count(self) -> None:
        for text in ("12", "          12", "000000000012"):
            self.assertEqual(identities(order(OrderRef=text))[0], (1, 7, "12"))

    @holds("JKZYXZYXHSM-3")
    def test_ctp_knows_one_by_its_own_number_once_it_has_accepted_it(self) -> None:
        self.assertIsNone(local_identity(order()))
        row = order(TraderID="0001 ", OrderLocalID="         131")
        self.assertEqual(local_identity(row), ("SHFE", "0001", "131"))

    def test_numbers_that_are_no_text_stay_apart(self) -> None:
        layout = CODEC.layout("CThostFtdcOrderField")
        known = set()
        for stray in (b"\xb0", b"\xb1"):
            body = layout.pack({**order(), "OrderSysID": Raw(b"  12" + stray)})
            read = layout.unpack(body)
            self.assertEqual(read["OrderSysID"], "  12\ufffd")
            known.add(identities(exact(read, layout, body)))
        self.assertEqual(len(known), 2, known)

    def test_a_row_of_plain_keys_is_itself(self) -> None:
        layout = CODEC.layout("CThostFtdcOrderField")
        row = order()
        self.assertIs(exact(row, layout, layout.pack(row)), row)

    def test_an_action_names_its_insert(self) -> None:
        for fields in ({"OrderRef": "  12"}, {"OrderRef": "000012"}):
            self.assertEqual(ref_of(fields), ref_of({"OrderRef": "12"}))
        self.assertNotEqual(ref_of({"QuoteRef": "12"}), ref_of({"OrderRef": "12"}))
        self.assertEqual(ref_of({"OrderRef": "", "OrderSysID": "12"}), "")
