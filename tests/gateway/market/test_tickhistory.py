"""QryTicks: the last ticks of an instrument, from memory."""

from datetime import datetime, timedelta
from typing import Any, ClassVar

from tests.gateway.support import GatewayCase, Message, code
from webctp.gateway.market import tickhistory


class TicksCase(GatewayCase):
    """A gateway that keeps three ticks of each instrument."""

    services = ("md",)
    market_settings: ClassVar[dict[str, Any]] = {"tick_history": 3}

    def setUp(self) -> None:
        super().setUp()
        self.peer = self.watcher()

    def subscribe(self, *names: str) -> None:
        """Subscribe the client."""
        words = {"InstrumentID": list(names), "RequestID": 1}
        self.peer.send({"MsgType": "SubscribeMarketData", **words})
        self.settle()

    def tick(self, second: int, volume: int, name: str = "rb2701") -> None:
        """Let an instrument tick at so many seconds after ten."""
        at = datetime(2026, 11, 23, 10) + timedelta(seconds=second)
        gone = at - datetime(1970, 1, 1, 8)
        self.front.clock = lambda: gone // timedelta(microseconds=1) * 1000
        self.front.push(
            "OnRtnDepthMarketData",
            {
                **{"InstrumentID": name, "TradingDay": "20261123", "ActionDay": "20261123"},
                **{"UpdateTime": f"{at:%H:%M:%S}", "LastPrice": 3000.0, "Volume": volume},
            },
        )
        self.settle()

    def query(self, **body: Any) -> list[Message]:
        """The answers."""
        self.settle()
        self.peer.received()
        words = {"InstrumentID": "rb2701", **body}
        self.peer.send({"MsgType": "QryTicks", "QryTicks": words, "RequestID": 6})
        self.settle()
        answers = self.peer.received()
        self.assertEqual([one["IsLast"] for one in answers], [False] * (len(answers) - 1) + [True])
        return answers

    def volumes(self, **body: Any) -> list[int]:
        """The volumes of the ticks found."""
        found = [one["DepthMarketData"] for one in self.query(**body)]
        return [one["Volume"] for one in found if one is not None]


class Kept(TicksCase):
    """What is kept, and what is asked for."""

    def test_the_last_ones(self) -> None:
        self.subscribe("rb2701")
        for second in range(5):
            self.tick(second, second + 1)
        self.assertEqual(self.volumes(), [3, 4, 5])
        self.assertEqual(self.volumes(Count=2), [4, 5])
        answer = self.query(Count=1)[0]
        self.assertEqual(
            (answer["MsgType"], answer["RspInfo"], answer["RequestID"], answer["ReceivedTime"]),
            ("RspQryTicks", None, 6, "2026-11-23T10:00:04.000+08:00"),
        )
        self.assertEqual(answer["DepthMarketData"]["InstrumentID"], "rb2701")

    def test_between_two_moments(self) -> None:
        self.subscribe("rb2701")
        for second in range(3):
            self.tick(second, second + 1)
        at = "2026-11-23T10:00:0"
        self.assertEqual(self.volumes(BeginTime=f"{at}1"), [2, 3])
        self.assertEqual(self.volumes(BeginTime=f"{at}1", EndTime=f"{at}2"), [2])

    def test_none(self) -> None:
        (answer,) = self.query()
        self.assertEqual((answer["DepthMarketData"], answer["IsLast"]), (None, True))

    def test_what_is_subscribed_again_goes_on(self) -> None:
        self.subscribe("rb2701")
        self.tick(0, 1)
        self.peer.send({"MsgType": "UnSubscribeMarketData", "InstrumentID": "rb2701"})
        self.settle()
        self.subscribe("rb2701")
        self.tick(1, 2)
        self.assertEqual(self.volumes(), [1, 2])

    def test_no_more_than_there_is_room_for(self) -> None:
        self.patch(tickhistory, "MOST_TICKS", 5)
        self.subscribe("rb2701", "rb2705")
        self.tick(0, 1)
        self.tick(1, 1, "rb2705")
        self.assertEqual(self.volumes(), [1])
        self.assertEqual(self.volumes(InstrumentID="rb2705"), [])

    def test_what_is_wrong(self) -> None:
        for words, detail in (
            ({"BeginTime": "now"}, "BeginTime is 'now'"),
            ({"Count": 0}, "Expected `int` >= 1"),
            ({"Instrument": "rb2701"}, "did you mean InstrumentID?"),
        ):
            (answer,) = self.query(**words)
            self.assertEqual((answer["MsgType"], code(answer)), ("QryTicks", -400))
            self.assertIn(detail, answer["Detail"])


class Off(TicksCase):
    """Without the key."""

    market_settings: ClassVar[dict[str, Any]] = {}

    def test_nothing_is_kept_and_no_tick_is_looked_at(self) -> None:
        self.subscribe("rb2701")
        self.tick(0, 1)
        subscription = self.md.hub.subscription_of(b"rb2701")
        self.assertEqual(() if subscription is None else subscription.bar_makers, ())
        (answer,) = self.query()
        self.assertIn("set TickHistory", answer["Detail"])
