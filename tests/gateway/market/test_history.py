"""Past bars: what History keeps, and what ReqQryBar is answered."""

from typing import Any

from twisted.logger import ILogObserver, LogEvent, Logger, formatEvent
from zope.interface import implementer

import webctp.gateway.market.history as histories
from tests.gateway.market.test_barstream import BarsCase
from tests.gateway.support import GatewayCase, Message, code
from webctp.config.sections import HistoryConfig
from webctp.gateway.market import service
from webctp.testing import WebSocketPeer

REFUSED: tuple[tuple[dict[str, Any], str], ...] = (
    ({"QryBar": {"Period": "1m"}}, "QryBar: Object missing required field `InstrumentID`"),
    ({"QryBar": {"InstrumentID": "rb2701"}}, "missing required field `Period`"),
    ({"QryBar": {"InstrumentID": "rb2701", "Period": "3m"}}, "not kept; History keeps 1m, 1d"),
    ({"QryBar": {"InstrumentID": "cu2701", "Period": "1m"}}, "History names rb2701, IF????"),
    ({"QryBar": {"InstrumentID": "a", "Period": "1m", "Count": 0}}, "Expected `int` >= 1"),
    ({"QryBar": {"Instrument": "rb2701", "Period": "1m"}}, "did you mean InstrumentID?"),
    ({"QryBar": [1]}, "QryBar: Expected `object`"),
    ({"QryBars": {}}, "unknown field 'QryBars'; did you mean QryBar?"),
    ({}, "missing required field"),
)


@implementer(ILogObserver)
class _Lines:
    """A log, as lines."""

    def __init__(self, lines: list[str]) -> None:
        self._lines = lines

    def __call__(self, event: LogEvent) -> None:
        self._lines.append(formatEvent(event))


class HistoryCase(BarsCase):
    """A gateway that keeps bars."""

    history = HistoryConfig(("rb2701", "IF????"), ("1m", "1d"), 3)

    def asked(self, peer: WebSocketPeer, **body: Any) -> list[Message]:
        """The answers to a query of rb2701's bars of a minute."""
        self.answers(peer)
        query = {"InstrumentID": "rb2701", "Period": "1m", **body}
        peer.send({"MsgType": "ReqQryBar", "QryBar": query, "RequestID": 9})
        answers = self.answers(peer)
        self.assertEqual([one["IsLast"] for one in answers], [False] * (len(answers) - 1) + [True])
        for one in answers:
            self.assertEqual(list(one), ["MsgType", "RspInfo", "IsLast", "RequestID", "Bar"])
            self.assertEqual(
                (one["MsgType"], one["RspInfo"], one["RequestID"]), ("RspQryBar", None, 9)
            )
        return answers

    def begins(self, answers: list[Message]) -> list[str]:
        """When the bars of answers begin."""
        return [one["Bar"]["BeginTime"][11:16] for one in answers]

    def trade(self, minutes: int) -> None:
        """Trade a lot in each of so many minutes from 10:00 on; the last bar is not over."""
        for minute in range(minutes):
            self.tick(f"10:{minute:02}:30", 10.0 + minute, 100 + minute)


class Keeping(HistoryCase):
    """What is kept."""

    def test_bars_that_no_client_watched(self) -> None:
        self.tick("09:59:30", 9.0, 99)
        self.trade(4)
        answers = self.asked(self.watcher())
        self.assertEqual(self.begins(answers), ["10:01", "10:02"])
        bar = answers[-1]["Bar"]
        self.assertEqual((bar["ClosePrice"], bar["Volume"], bar["IsClosed"]), (12.0, 1, True))

    def test_the_newest_stay(self) -> None:
        self.trade(9)
        self.assertEqual(self.begins(self.asked(self.watcher())), ["10:05", "10:06", "10:07"])

    def test_the_newest_of_them(self) -> None:
        self.trade(9)
        self.assertEqual(self.begins(self.asked(self.watcher(), Count=2.0)), ["10:06", "10:07"])
        self.assertEqual(len(self.asked(self.watcher(), Count=2000)), 3)

    def test_none_yet(self) -> None:
        for name in ("rb2701", "IF2612"):
            (answer,) = self.asked(self.watcher(), InstrumentID=name)
            self.assertIsNone(answer["Bar"])

    def test_clients_that_come_and_go_change_nothing(self) -> None:
        self.trade(3)
        for bars in ("1m", "5m"):
            peer = self.watch(bars)
            peer.drop()
            self.settle()
        self.tick("10:03:30", 13.0, 103)
        self.tick("10:04:30", 14.0, 104)
        self.assertEqual(self.begins(self.asked(self.watcher())), ["10:02", "10:03"])

    def test_a_client_is_told_the_same_bars(self) -> None:
        peer = self.watch("1m")
        self.trade(5)
        told = [one["Bar"] for one in self.told(peer) if one["Bar"]["IsClosed"]]
        asked = [one["Bar"] for one in self.asked(peer)]
        self.assertEqual(asked, [one for one in told if one["BeginTime"] >= asked[0]["BeginTime"]])

    def test_what_a_pattern_finds_later(self) -> None:
        self.md.hub.instruments.add([b"IF2612"])
        self.settle()
        for minute in range(4):
            self.tick(f"10:{minute:02}:30", 10.0, 100 + minute, instrument="IF2612")
        self.assertEqual(self.begins(self.asked(self.watcher(), InstrumentID="IF2612")), ["10:02"])

    def test_it_takes_nothing_when_all_is_kept(self) -> None:
        self.patch(histories, "MOST_BARS", 3)
        self.trade(6)
        peer = self.watcher()
        self.assertEqual(len(self.asked(peer)), 3)
        (answer,) = self.asked(peer, Period="1d")
        self.assertIsNone(answer["Bar"])

    def test_an_instrument_that_the_front_refuses_is_logged(self) -> None:
        lines: list[str] = []
        self.patch(service, "_log", Logger(observer=_Lines(lines)))
        self.front.disconnect()
        self.settle()
        self.front.on("SubscribeMarketData", error=16)
        self.front.connect()
        self.settle()
        self.assertIn("History: the front knows no instrument 'rb2701'", lines)


class Refusing(HistoryCase):
    """Queries that are wrong."""

    def test_each_says_why(self) -> None:
        peer = self.watcher()
        for words, said in REFUSED:
            answer = self.ask(peer, {"MsgType": "ReqQryBar", "RequestID": 3, **words})
            self.assertEqual((answer["MsgType"], code(answer)), ("ReqQryBar", -400), words)
            self.assertIn(said, answer["Detail"])
            self.assertEqual(answer["RequestID"], 3)

    def test_before_the_login(self) -> None:
        query = {"InstrumentID": "rb2701", "Period": "1m"}
        answer = self.ask(self.connect("/md/"), {"MsgType": "ReqQryBar", "QryBar": query})
        self.assertEqual(code(answer), -401)

    def test_a_misspelt_name(self) -> None:
        answer = self.ask(self.watcher(), {"MsgType": "ReqQryBars"})
        self.assertEqual(code(answer), -404)
        self.assertIn("did you mean ReqQryBar?", answer["Detail"])


class Without(GatewayCase):
    """A gateway that keeps none."""

    def test_it_says_what_to_configure(self) -> None:
        query = {"InstrumentID": "rb2701", "Period": "1m"}
        answer = self.ask(self.watcher(), {"MsgType": "ReqQryBar", "QryBar": query})
        self.assertEqual(code(answer), -400)
        self.assertIn("configure BarStore or History", answer["Detail"])

    def test_at_the_other_path(self) -> None:
        answer = self.ask(self.trader(), {"MsgType": "ReqQryBar"})
        self.assertEqual(code(answer), -404)
        self.assertIn("ReqQryBar is a request of /md/", answer["Detail"])
