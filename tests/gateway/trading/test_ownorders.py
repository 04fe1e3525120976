"""Actions that name an order by its own reference alone."""

from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from tests.conformance import holds
from webctp.ctp import catalog
from webctp.gateway.messages.schema import Schema
from webctp.gateway.trading.ownorders import OwnOrders
from webctp.upstream.orders.keys import RefIdentity

TD = Schema(catalog.trading())
LOGIN = TD.layout("CThostFtdcRspUserLoginField").pack({"FrontID": 2, "SessionID": 77})
RESTING: dict[RefIdentity, dict[str, str]] = {
    (2, 77, "1"): {"ExchangeID": "SHFE", "InstrumentID": "cu2701"},
    (3, 9, "1"): {"ExchangeID": "DCE", "InstrumentID": "m2705"},
}


class OwnOrdersTests(SynchronousTestCase):
    """Whose reference it is."""

    def setUp(self) -> None:
        self.own = OwnOrders(TD)

    def completed(self, name: str, body: dict[str, Any], login: bytes | None = LOGIN) -> Any:
        """Return the session that an action is about."""
        self.own.complete(TD.methods[name], body, login, lambda ref: RESTING.get(ref, {}))
        return body.get("FrontID"), body.get("SessionID")

    def test_the_session_of_each_kind_of_reference(self) -> None:
        for name, reference in (
            ("ReqOrderAction", "OrderRef"),
            ("ReqParkedOrderAction", "OrderRef"),
            ("ReqQuoteAction", "QuoteRef"),
            ("ReqExecOrderAction", "ExecOrderRef"),
            ("ReqOptionSelfCloseAction", "OptionSelfCloseRef"),
        ):
            self.assertEqual(self.completed(name, {reference: "1"}), (2, 77), name)

    @holds("REQORDERACTION-3")
    def test_exchange_and_instrument_of_an_order_that_rests(self) -> None:
        for given, exchange, instrument in (
            ({"OrderRef": "1"}, "SHFE", "cu2701"),
            ({"OrderRef": " 1"}, "SHFE", "cu2701"),
            ({"OrderRef": "1", "FrontID": 3, "SessionID": 9}, "DCE", "m2705"),
            ({"OrderRef": "2"}, "", ""),
            ({"OrderRef": "1", "ExchangeID": "INE"}, "INE", "cu2701"),
            ({"OrderRef": "1", "InstrumentID": "rb2701"}, "SHFE", "rb2701"),
        ):
            body: dict[str, Any] = dict(given)
            self.completed("ReqOrderAction", body)
            filled = body.get("ExchangeID", ""), body.get("InstrumentID", "")
            self.assertEqual(filled, (exchange, instrument), given)
        body = {"QuoteRef": "1"}
        self.completed("ReqQuoteAction", body)
        self.assertNotIn("ExchangeID", body)
        self.assertNotIn("InstrumentID", body)

    def test_what_names_its_order_already_is_left_alone(self) -> None:
        for body in (
            {},
            {"OrderActionRef": 1},
            {"OrderRef": "1", "OrderSysID": "9"},
            {"OrderSysID": "9"},
        ):
            self.assertEqual(self.completed("ReqOrderAction", body), (None, None), body)
        given = {"OrderRef": "1", "FrontID": 0}
        self.assertEqual(self.completed("ReqOrderAction", given), (0, None))

    def test_an_insert_and_what_cancels_a_whole_session_are_left_alone(self) -> None:
        for name in ("ReqOrderInsert", "ReqBatchOrderAction", "ReqRemoveParkedOrder"):
            self.assertNotIn(name, self.own.references)

    def test_without_a_login(self) -> None:
        self.assertEqual(self.completed("ReqOrderAction", {"OrderRef": "1"}, None), (None, None))
