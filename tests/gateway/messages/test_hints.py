"""What a client may have meant, told in the Detail of its answer."""

from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from tests.conformance import holds
from tests.gateway.support import GatewayCase
from webctp.ctp import catalog
from webctp.gateway.messages.hints import MEANT, Hints
from webctp.gateway.messages.schema import nearest
from webctp.testing import WebSocketPeer

TD = catalog.trading()
INSERT = TD.methods["ReqOrderInsert"]
WHOLE: dict[str, Any] = {
    "InstrumentID": "rb2701",
    "OrderPriceType": "2",
    "Direction": "0",
    "CombOffsetFlag": "0",
    "CombHedgeFlag": "1",
    "VolumeTotalOriginal": 1,
    "TimeCondition": "3",
    "VolumeCondition": "1",
    "ContingentCondition": "1",
    "ForceCloseReason": "0",
}


class OrderFields(SynchronousTestCase):
    """What CTP may mean by 15."""

    def setUp(self) -> None:
        self.hints = Hints(TD)

    @holds("REQORDERINSERT-5")
    def test_each_field_that_is_left_out_is_named(self) -> None:
        self.assertEqual(self.hints.left_out(INSERT, WHOLE), "")
        for name in WHOLE:
            for empty in ({}, {name: None}, {name: ""}):
                body = {key: value for key, value in WHOLE.items() if key != name} | empty
                self.assertEqual(self.hints.left_out(INSERT, body), f"left out: {name}")

    def test_a_value_that_there_is_none_of_is_told_with_those_there_are(self) -> None:
        said = self.hints.left_out(INSERT, WHOLE | {"CombOffsetFlag": "open"})
        self.assertTrue(said.startswith("CombOffsetFlag is 'open'; CombOffsetFlag is one of '0' "))
        self.assertIn("'3' (CloseToday 平今)", said)

    def test_a_volume_below_one_is_told(self) -> None:
        said = self.hints.left_out(INSERT, WHOLE | {"VolumeTotalOriginal": -1})
        self.assertEqual(said, "VolumeTotalOriginal is -1; it must be at least 1")

    def test_flags_of_several_legs_are_fine(self) -> None:
        body = WHOLE | {"CombOffsetFlag": "01", "CombHedgeFlag": "11"}
        self.assertEqual(self.hints.left_out(INSERT, body), "")

    def test_values_are_bounded_and_only_of_enumerations(self) -> None:
        self.assertEqual(self.hints.values(INSERT, "LimitPrice"), "")
        self.assertEqual(self.hints.values(INSERT, "Nothing"), "")
        self.assertEqual(self.hints.values(None, "Direction"), "")
        for method in TD.methods.values():
            if method.struct is not None:
                for field in TD.struct(method.struct).fields:
                    self.assertLess(self.hints.values(method, field.name).count("("), 14)


class Words(SynchronousTestCase):
    """Words of other APIs."""

    def test_what_they_stand_for_in_an_order(self) -> None:
        fields = [field.name for field in TD.struct(INSERT.request_struct).fields]
        for word, meant in (
            ("Price", "LimitPrice"),
            ("Volume", "VolumeTotalOriginal"),
            ("Offset", "CombOffsetFlag"),
            ("side", "Direction"),
            ("symbol", "InstrumentID"),
            ("StopPric", "StopPrice"),
        ):
            self.assertEqual(nearest(word, fields), f"; did you mean {meant}?")

    def test_each_is_a_field_of_ctps(self) -> None:
        names = {
            field.name
            for method in TD.methods.values()
            if method.struct is not None
            for field in TD.struct(method.struct).fields
        }
        for word, meant in MEANT.items():
            self.assertLessEqual(set(meant), names | {"OffsetFlag", "Volume"}, word)


class Answers(GatewayCase):
    """Hints as clients get them."""

    def detail(self, path: str, message: dict[str, Any]) -> str:
        peer = WebSocketPeer(self.site, path)
        peer.send(message)
        self.settle()
        (answer,) = peer.received()
        return str(answer["Detail"])

    def test_a_request_of_the_other_service(self) -> None:
        for path, name, other in (
            ("/md/", "ReqOrderInsert", "/td/"),
            ("/td/", "SubscribeMarketData", "/md/"),
        ):
            self.assertEqual(
                self.detail(path, {"MsgType": name}),
                f"{name} is a request of {other}: send it over a WebSocket opened there",
            )
