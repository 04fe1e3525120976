"""QryInstruments: a client's search."""

from typing import Any

from tests.gateway.support import GatewayCase, Message, code
from webctp.gateway.market.search import QUIET


class Searching(GatewayCase):
    """A client that searches."""

    services = ("md",)

    def setUp(self) -> None:
        super().setUp()
        self.md.hub.instruments.add([b"rb2701", b"rb2705", b"SR701", b"rb2701C3000"])
        self.settle()
        self.peer = self.watcher()

    def search(self, **words: Any) -> list[Message]:
        """The answers."""
        self.peer.send({"MsgType": "QryInstruments", "QryInstruments": words, "RequestID": 6})
        self.settle()
        answers = self.peer.received()
        self.assertEqual([one["IsLast"] for one in answers], [False] * (len(answers) - 1) + [True])
        self.assertEqual({one["RequestID"] for one in answers}, {6})
        return answers

    def test_one(self) -> None:
        (answer,) = self.search(Text="白糖")
        self.assertEqual(
            answer,
            {
                **{"MsgType": "RspQryInstruments", "RspInfo": None, "IsLast": True},
                "RequestID": 6,
                "Instrument": {
                    "InstrumentID": "SR701",
                    "ExchangeID": "CZCE",
                    "ProductID": "SR",
                    "InstrumentName": "白砂糖2701",
                    "ProductClass": "1",
                    "UnderlyingInstrID": "",
                    "OptionsType": "",
                    "StrikePrice": 0.0,
                    "DeliveryYear": 2027,
                    "DeliveryMonth": 1,
                    "VolumeMultiple": 10,
                    "PriceTick": 1.0,
                },
            },
        )

    def test_several_and_none(self) -> None:
        found = [one["Instrument"]["InstrumentID"] for one in self.search(Text="lwg", Count=2)]
        self.assertEqual(found, ["rb2701", "rb2705"])
        (answer,) = self.search(UnderlyingInstrID="rb2701")
        self.assertEqual(answer["Instrument"]["InstrumentID"], "rb2701C3000")
        (answer,) = self.search(Text="cu")
        self.assertIsNone(answer["Instrument"])

    def test_what_is_learnt_later(self) -> None:
        self.md.hub.instruments.add([b"cu2701"])
        self.settle()
        (answer,) = self.search(Text="沪铜")
        self.assertEqual(answer["Instrument"]["InstrumentID"], "cu2701")

    def test_what_is_learnt_after_the_end_is_not_waited_for(self) -> None:
        self.settle()
        self.md.search.stop()
        before = len(self.reactor.getDelayedCalls())
        self.md.hub.instruments.add([b"cu2701"])
        self.assertEqual(len(self.reactor.getDelayedCalls()), before)

    def test_names_wait_until_no_more_come(self) -> None:
        search = self.md.search
        for name in (b"cu2701", b"cu2702"):
            self.md.hub.instruments.add([name])
            self.reactor.advance(QUIET - 1)
        self.assertEqual(len(search), 0)
        self.reactor.advance(QUIET)
        self.settle()
        self.assertEqual(len(search), 6)

    def test_a_search_waits_for_names_that_came_just_before(self) -> None:
        names = [b"rb2701C%d" % price for price in range(3_000, 4_000)]
        self.md.hub.instruments.add(names)
        self.peer.send({"MsgType": "QryInstruments", "QryInstruments": {"Text": "rb2701c3999"}})
        self.md.hub.instruments.add([b"rb2701C3999"])
        self.settle()
        (answer,) = self.peer.received()
        self.assertEqual(answer["Instrument"]["InstrumentID"], "rb2701C3999")

    def test_who_has_left_is_not_answered(self) -> None:
        self.md.hub.instruments.add([b"rb2701C%d" % price for price in range(3_000, 4_000)])
        self.peer.send({"MsgType": "QryInstruments", "QryInstruments": {"Text": "rb"}})
        self.peer.drop()
        self.settle()
        self.assertEqual(self.flushLoggedErrors(), [])

    def test_what_is_wrong(self) -> None:
        for words, detail in (
            ({"Name": "rb"}, "unknown field 'Name' in QryInstruments"),
            ({"Count": 0}, "Expected `int` >= 1"),
            ({"Text": "x" * 81}, "length <= 80"),
            ({"Text": 5}, "Expected `str`"),
        ):
            (answer,) = self.search(**words)
            self.assertEqual((answer["MsgType"], code(answer)), ("QryInstruments", -400))
            self.assertIn(detail, answer["Detail"])

    def test_before_a_login(self) -> None:
        answer = self.ask(self.connect("/md/"), {"MsgType": "QryInstruments", "QryInstruments": {}})
        self.assertEqual(code(answer), -401)
