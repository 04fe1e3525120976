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


class Mains(JoinCase):
    """Bars of a main contract: the past of what it stands for comes first."""

    def setUp(self) -> None:
        super().setUp()
        self.md.hub.instruments.add([b"rb2701", b"rb2705"])
        self.settle()
        for number, name in enumerate(("rb2701", "rb2705"), 1):
            for one in range(5):
                row = minute(f"09:{one:02}", 10.0 * number, one + number)
                self.store.put(SeriesKey(name, "1m"), row)

    def held(self, time: str, volume: int, **contracts: float) -> None:
        """Let contracts tick with these open interests of the day before; look at them."""
        self.at(time)
        for name, interest in contracts.items():
            self.front.push(
                "OnRtnDepthMarketData",
                {
                    **{"InstrumentID": name, "TradingDay": "20261123", "ActionDay": "20261123"},
                    **{"UpdateTime": time, "LastPrice": 10.0, "Volume": volume},
                    "PreOpenInterest": interest,
                },
            )
        self.settle()

    def named(self, **words: Any) -> WebSocketPeer:
        """A client of @rb's bars with a past."""
        peer = self.watcher()
        asked = {"InstrumentID": "@rb", "Bars": ["1m"], "History": 2, "RequestID": 5, **words}
        peer.send({"MsgType": "SubscribeMarketData", **asked})
        self.settle()
        return peer

    def look(self, seconds: float = 1.0) -> None:
        self.reactor.advance(seconds)
        self.settle()

    def came(self, peer: WebSocketPeer) -> list[tuple[str, ...]]:
        """What has come: changes, and bars by contract, begin and volume."""
        found: list[tuple[str, ...]] = []
        for one in peer.received():
            if one["MsgType"] == "RtnMainContract":
                found.append(("main", one["MainContract"]["InstrumentID"]))
            elif one["MsgType"] == "RtnBar":
                bar = one["Bar"]
                self.assertEqual(one["MainContract"], "@rb")
                growing = () if bar["IsClosed"] else ("grows",)
                begin = bar["BeginTime"][11:16]
                found.append((bar["InstrumentID"], begin, str(bar["Volume"]), *growing))
            elif one["MsgType"] != "RspSubMarketData":
                found.append((one["MsgType"], one["Detail"]))
        return found

    def test_the_past_of_the_contract_comes_first_and_then_the_live_one(self) -> None:
        peer = self.named()
        self.held("09:04:59", 15, rb2701=20.0, rb2705=10.0)
        self.look()
        past = [("main", "rb2701"), ("rb2701", "09:03", "4"), ("rb2701", "09:04", "5")]
        self.assertEqual(self.came(peer), past)
        self.held("09:05:10", 17, rb2701=20.0)
        self.assertEqual(self.came(peer), [("rb2701", "09:05", "2", "grows")])

    def test_a_contract_that_takes_over_brings_its_own(self) -> None:
        peer = self.named()
        self.held("09:04:59", 15, rb2701=20.0, rb2705=10.0)
        self.look()
        self.came(peer)
        self.held("09:05:10", 17, rb2701=20.0, rb2705=30.0)
        self.came(peer)
        self.look(15.0)
        past = [("main", "rb2705"), ("rb2705", "09:03", "5"), ("rb2705", "09:04", "6")]
        self.assertEqual(self.came(peer)[:3], past)
        self.held("09:06:10", 20, rb2701=20.0, rb2705=30.0)
        self.assertEqual({one[0] for one in self.came(peer)}, {"rb2705"})

    def test_whoever_is_known_already_is_sent_it_at_once(self) -> None:
        self.named()
        self.held("09:04:59", 15, rb2701=20.0, rb2705=10.0)
        self.look()
        peer = self.named(History=1)
        self.assertEqual(self.came(peer), [("main", "rb2701"), ("rb2701", "09:04", "5")])

    def test_what_closes_while_the_disk_is_read_is_not_lost(self) -> None:
        self.named()
        self.held("09:04:59", 15, rb2701=20.0, rb2705=10.0)
        self.look()
        self.held("09:05:10", 17, rb2701=20.0)
        self.store.held = True
        peer = self.named(History=1)
        self.held("09:06:10", 18, rb2701=20.0)
        self.assertEqual(self.came(peer), [("main", "rb2701")])
        self.store.held = False
        self.store.work()
        self.settle()
        bars = [("rb2701", "09:05", "2"), ("rb2701", "09:06", "1", "grows")]
        self.assertEqual(self.came(peer)[-2:], bars)

    def test_who_unsubscribes_meanwhile_is_sent_nothing(self) -> None:
        self.named()
        self.held("09:04:59", 15, rb2701=20.0, rb2705=10.0)
        self.look()
        self.store.held = True
        peer = self.named()
        peer.send({"MsgType": "UnSubscribeMarketData", "InstrumentID": "@rb", "RequestID": 8})
        self.settle()
        peer.received()
        self.store.held = False
        self.store.work()
        self.settle()
        self.assertEqual(self.came(peer), [])

    def test_it_counts_for_the_bound(self) -> None:
        words = {"InstrumentID": ["@rb", "rb2701"], "Bars": ["1m", "5m"], "History": 2501}
        told = self.refused(**words)
        self.assertIn("10004 bars of the past are more than 10000", told)


class MainsInMemory(BarsCase):
    """Without a store: a contract that takes over may be one whose bars are not kept."""

    history = HistoryConfig(("rb2701",), ("1m",), 3)

    def test_the_client_is_told_and_live_bars_follow(self) -> None:
        self.md.hub.instruments.add([b"rb2705"])
        self.settle()
        peer = self.watcher()
        asked = {"InstrumentID": "@rb", "Bars": ["1m"], "History": 2, "RequestID": 5}
        peer.send({"MsgType": "SubscribeMarketData", **asked})
        self.settle()
        for time, volume in (("09:04:59", 1), ("09:05:10", 5)):
            row: dict[str, Any] = {"InstrumentID": "rb2705", "UpdateTime": time}
            row |= {"TradingDay": "20261123", "ActionDay": "20261123"}
            row |= {"LastPrice": 10.0, "Volume": volume}
            self.front.push("OnRtnDepthMarketData", {**row, "PreOpenInterest": 10.0})
            self.settle()
            self.reactor.advance(4.0)
            self.settle()
        messages = peer.received()
        (told,) = (one for one in messages if one["MsgType"] == "SubscribeMarketData")
        self.assertEqual((code(told), told["RequestID"]), (-400, 5))
        self.assertIn("History names rb2701", told["Detail"])
        self.assertEqual(messages[-1]["Bar"]["InstrumentID"], "rb2705")
