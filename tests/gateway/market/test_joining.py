"""History in a subscription: bars of the past, then the live one, without a gap or an overlap."""

from datetime import datetime, timedelta
from typing import Any
from unittest.mock import patch

from twisted.internet.defer import fail

from tests.gateway.market.test_barstream import BarsCase
from tests.gateway.support import Message, code
from tests.upstream.barstore.test_row import minute
from webctp.config.sections import BarStoreConfig, HistoryConfig
from webctp.testing import WebSocketPeer
from webctp.upstream.barstore.file import BarStoreError
from webctp.upstream.barstore.row import BarRow, SeriesKey

MINUTES = SeriesKey("rb2701", "1m")


class JoinCase(BarsCase):
    """A gateway with a bar store, on the morning of the 23rd of November 2026."""

    bar_store = BarStoreConfig(path="", instruments=("rb2701",))

    def setUp(self) -> None:
        super().setUp()
        self.at("09:00:00")

    def at(self, time: str) -> None:
        """Let it be so late at the front."""
        moment = datetime.fromisoformat(f"2026-11-23T{time}")
        gone = moment - datetime(1970, 1, 1, 8)
        self.front.clock = lambda: gone // timedelta(microseconds=1) * 1000

    def tick(self, time: str, price: float, volume: int, instrument: str = "rb2701") -> None:
        self.at(time)
        super().tick(time, price, volume, instrument)

    def known(self, *rows: BarRow, period: str = "1m") -> None:
        """Let the store have bars of rb2701."""
        for row in rows:
            self.store.put(SeriesKey("rb2701", period), row)

    def joined(self, count: int, *bars: str, **words: Any) -> WebSocketPeer:
        """A client that has subscribed to rb2701's bars with a past."""
        return self.watch(*(bars or ("1m",)), History=count, **words)

    def rows(self, peer: WebSocketPeer) -> list[tuple[str, int, bool]]:
        """The bars that have come: when each begins, its volume, whether it is over."""
        return [(begin, volume, over) for _, begin, _, volume, over in self.bars(peer)]

    def refused(self, **words: Any) -> str:
        """What a subscription is told."""
        peer = self.watcher()
        message = {"MsgType": "SubscribeMarketData", "InstrumentID": ["rb2701"], "RequestID": 4}
        peer.send({**message, **words})
        self.settle()
        (answer,) = peer.received()
        self.assertEqual((answer["MsgType"], code(answer)), ("SubscribeMarketData", -400))
        return str(answer["Detail"])


class Minutes(JoinCase):
    """Bars of a minute, which the store keeps as they are."""

    def test_the_last_bars_then_the_live_one(self) -> None:
        self.known(*(minute(f"09:{one:02}", 10.0, one + 1) for one in range(5)))
        self.tick("09:04:59", 10.0, 15)
        self.tick("09:05:10", 11.0, 17)
        peer = self.joined(3)
        self.assertEqual(
            self.rows(peer),
            [("09:02", 3, True), ("09:03", 4, True), ("09:04", 5, True), ("09:05", 2, False)],
        )
        self.tick("09:06:00", 12.0, 20)
        self.assertEqual(self.rows(peer), [("09:05", 2, True), ("09:06", 3, False)])

    def test_the_messages_are_those_of_live_bars(self) -> None:
        self.tick("09:04:59", 10.0, 15)
        live = self.watch("1m")
        self.tick("09:05:10", 11.0, 17)
        self.tick("09:06:10", 12.0, 18)
        told = [one for one in self.told(live) if one["Bar"]["IsClosed"]]
        first = self.told(self.joined(1))[0]
        self.assertEqual(first, told[0])

    def test_what_closes_while_the_disk_is_read(self) -> None:
        self.known(minute("09:03", 10.0, 1))
        self.tick("09:04:59", 10.0, 15)
        self.tick("09:05:10", 11.0, 17)
        self.store.held = True
        peer = self.joined(3)
        self.tick("09:06:10", 12.0, 18)
        self.tick("09:07:10", 12.0, 20)
        self.assertEqual(self.rows(peer), [])
        self.store.held = False
        self.store.work()
        self.settle()
        self.assertEqual(
            self.rows(peer),
            [("09:03", 1, True), ("09:05", 2, True), ("09:06", 1, True), ("09:07", 2, False)],
        )

    def test_none_is_told_twice_where_it_is_written_before_it_is_read(self) -> None:
        self.tick("09:04:59", 10.0, 15)
        self.tick("09:05:10", 11.0, 17)
        peer = self.watcher()
        self.store.held = True
        self.subscribe(peer, "rb2701", Bars=["1m"], History=5)
        self.tick("09:06:10", 12.0, 18)
        self.store.held = False
        self.store.work()  # the put and the read come to one turn of the thread
        self.settle()
        self.assertEqual(self.rows(peer), [("09:05", 2, True), ("09:06", 1, False)])

    def test_nothing_is_known_yet(self) -> None:
        peer = self.joined(3)
        self.assertEqual(self.rows(peer), [])
        self.tick("09:04:59", 10.0, 15)
        self.tick("09:05:10", 11.0, 17)
        self.assertEqual(self.rows(peer), [("09:05", 2, False)])

    def test_whoever_leaves_or_unsubscribes_is_sent_nothing_more(self) -> None:
        self.known(*(minute(f"09:{one:02}", 10.0, 1) for one in range(5)))
        self.tick("09:05:10", 11.0, 17)
        self.store.held = True
        peer, gone = self.joined(3), self.joined(3)
        peer.send({"MsgType": "UnSubscribeMarketData", "InstrumentID": "rb2701", "RequestID": 8})
        self.settle()
        gone.drop()
        self.settle()
        self.store.held = False
        self.store.work()
        self.settle()
        self.assertEqual([one.get("RequestID") for one in peer.received()], [8])
        self.assertEqual(self.store._tails, {})

    def test_asking_again_in_another_form_ends_it(self) -> None:
        self.known(*(minute(f"09:{one:02}", 10.0, 1) for one in range(5)))
        self.tick("09:05:10", 11.0, 17)
        self.store.held = True
        peer = self.joined(3)
        self.subscribe(peer, "rb2701", Bars=["1m"])
        self.store.held = False
        self.store.work()
        self.settle()
        self.tick("09:06:10", 12.0, 18)
        self.assertEqual([begin for begin, _, over in self.rows(peer) if over], [])

    def test_a_broken_disk_is_told_and_live_bars_follow(self) -> None:
        self.tick("09:04:59", 10.0, 15)
        self.tick("09:05:10", 11.0, 17)
        with patch.object(self.store, "_ask", lambda run: fail(BarStoreError("disk I/O error"))):
            peer = self.watcher()
            words = {"InstrumentID": "rb2701", "Bars": ["1m"], "History": 3, "RequestID": 5}
            peer.send({"MsgType": "SubscribeMarketData", **words})
            self.settle()
        _, refusal, bar = peer.received()
        self.assertEqual((code(refusal), refusal["RequestID"]), (-503, 5))
        self.assertIn("disk I/O error; live bars follow", refusal["Detail"])
        self.assertEqual((bar["Bar"]["BeginTime"][11:16], bar["Bar"]["IsClosed"]), ("09:05", False))


class Longer(JoinCase):
    """Bars of five minutes, made of minutes, and live ones that go on from them."""

    def test_in_the_middle_of_one(self) -> None:
        self.known(*(minute(f"09:{one:02}", 10.0, 1, high=20.0 + one) for one in range(12)))
        self.tick("09:11:59", 10.0, 12)
        self.tick("09:12:10", 11.0, 15)
        peer = self.joined(9, "5m")
        self.assertEqual(
            self.rows(peer), [("09:00", 5, True), ("09:05", 5, True), ("09:10", 5, False)]
        )
        self.tick("09:14:59", 12.0, 19)
        self.tick("09:15:01", 12.0, 20)
        bars = self.told(peer)
        closed = [one["Bar"] for one in bars if one["Bar"]["IsClosed"]]
        (bar,) = closed
        self.assertEqual((bar["BeginTime"][11:16], bar["Volume"]), ("09:10", 9))
        self.assertEqual((bar["OpenPrice"], bar["HighestPrice"]), (10.0, 31.0))

    def test_it_equals_the_one_of_who_was_there_before(self) -> None:
        old = self.watch("5m")
        self.tick("08:59:30", 10.0, 1)
        for one in range(9):
            self.tick(f"09:0{one}:30", 10.0 + one, 1 + one)
        self.told(old)
        new = self.joined(2, "5m")
        told = self.told(new)
        self.assertEqual([one["Bar"]["IsClosed"] for one in told], [True, False])
        for one in range(9, 12):
            self.tick(f"09:{one:02}:30", 10.0 + one, 1 + one)
        self.assertEqual(self.told(new), self.told(old))

    def test_a_day_and_the_minutes_together(self) -> None:
        self.known(minute("09:00", 7.0, 100)._replace(begin=1, end=2), period="1d")
        self.known(minute("09:00", 10.0, 1))
        self.tick("09:04:59", 10.0, 15)
        self.tick("09:05:10", 11.0, 17)
        peer = self.joined(2, "1m", "1d")
        periods = [(one["Bar"]["Period"], one["Bar"]["IsClosed"]) for one in self.told(peer)]
        self.assertEqual(periods, [("1m", True), ("1d", True), ("1m", False)])
        self.tick("09:05:20", 11.0, 18)
        self.assertEqual(
            {(period, volume) for period, _, _, volume, _ in self.bars(peer)},
            {("1m", 3), ("1d", 18)},
        )


class Refused(JoinCase):
    """What a subscription with History may not be."""

    def test_what_cannot_be(self) -> None:
        for words, detail in (
            ({"History": 3}, "History is for bars"),
            ({"History": 3, "Bars": ["1m"], "InstrumentID": ["rb*"]}, "'rb*' is a pattern"),
            ({"History": 5001, "Bars": ["1m", "5m"]}, "10002 bars of the past are more than 10000"),
            ({"History": 5000, "Bars": ["1h"]}, "ask for at most 1665"),
            ({"History": -1, "Bars": ["1m"]}, "History"),
            ({"History": "all", "Bars": ["1m"]}, "History"),
        ):
            with self.subTest(words=words):
                self.assertIn(detail, self.refused(**words))

    def test_a_refused_one_changes_nothing(self) -> None:
        peer = self.watch("1m")
        peer.send(
            {
                **{"MsgType": "SubscribeMarketData", "InstrumentID": ["rb2701"], "RequestID": 4},
                **{"Bars": ["5m", "1m"], "History": 10_000},
            }
        )
        self.settle()
        self.assertEqual([code(one) for one in peer.received()], [-400])
        self.tick("09:04:59", 10.0, 15)
        self.tick("09:05:10", 11.0, 17)
        self.assertEqual(self.rows(peer), [("09:05", 2, False)])


class InMemory(BarsCase):
    """Without a store: what History of the configuration keeps."""

    history = HistoryConfig(("rb2701",), ("1m",), 3)

    def test_the_last_bars_then_the_live_one(self) -> None:
        for one in range(6):
            self.tick(f"09:0{one}:30", 10.0, 1 + one)
        peer = self.watch("1m", History=2)
        begins = [
            (one["Bar"]["BeginTime"][11:16], one["Bar"]["IsClosed"]) for one in self.told(peer)
        ]
        self.assertEqual(begins, [("09:03", True), ("09:04", True), ("09:05", False)])

    def test_what_is_not_kept(self) -> None:
        for words, detail in (
            ({"Bars": ["5m"]}, "History keeps 1m"),
            ({"Bars": ["1m"], "InstrumentID": "cu2701"}, "History names rb2701"),
        ):
            peer = self.watcher()
            message: Message = {"MsgType": "SubscribeMarketData", "InstrumentID": "rb2701"}
            peer.send({**message, "History": 2, **words})
            self.settle()
            (answer,) = peer.received()
            self.assertIn(detail, answer["Detail"])


class Nowhere(BarsCase):
    """Without a store, and without History of the configuration."""

    def test_nothing_is_kept(self) -> None:
        peer = self.watcher()
        words = {"InstrumentID": "rb2701", "Bars": ["1m"], "History": 2}
        peer.send({"MsgType": "SubscribeMarketData", **words})
        self.settle()
        (answer,) = peer.received()
        self.assertIn("configure BarStore or History", answer["Detail"])
