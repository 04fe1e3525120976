"""Bars of /md/: made once, told while they grow, and once when they are closed."""

import json
from typing import Any
from unittest.mock import patch

from twisted.trial.unittest import SynchronousTestCase

from tests.gateway.support import GatewayCase, Message, code
from webctp.config.serving import WebSocketOptions
from webctp.gateway.market import barstream
from webctp.testing import WebSocketPeer
from webctp.upstream.barstore.row import BarRow, SeriesKey

DAY = "20261123"
KEYS = [
    *("InstrumentID", "ExchangeID", "TradingDay", "Period", "BeginTime", "EndTime"),
    *("OpenPrice", "HighestPrice", "LowestPrice", "ClosePrice"),
    *("Volume", "Turnover", "OpenInterest", "IsClosed"),
]


class BarsCase(GatewayCase):
    """Helpers of this file: rb2701 on a morning."""

    services = ("md",)
    options = WebSocketOptions(
        ping_interval=86400, ping_timeout=1, max_message_bytes=65_536, login_deadline=0
    )

    def watch(self, *bars: str, instrument: str = "rb2701", **words: Any) -> WebSocketPeer:
        """A client that has asked for bars."""
        peer = self.watcher()
        self.subscribe(peer, instrument, Bars=list(bars), **words)
        return peer

    def subscribe(self, peer: WebSocketPeer, *instruments: str, **words: Any) -> Message:
        """Subscribe; gives the last answer."""
        message = {"MsgType": "SubscribeMarketData", "InstrumentID": list(instruments), **words}
        peer.send({**message, "RequestID": 5})
        self.settle()
        messages = peer.received()
        *_, answer = (one for one in messages if "RequestID" in one)
        self.assertEqual(code(answer), 0, answer)
        self.behind[peer] = [one for one in messages if "RequestID" not in one]
        return answer

    def setUp(self) -> None:
        super().setUp()
        self.behind: dict[WebSocketPeer, list[Message]] = {}
        """What came behind the answer to a subscription."""

    def tick(self, time: str, price: float, volume: int, instrument: str = "rb2701") -> None:
        self.front.push(
            "OnRtnDepthMarketData",
            {
                "InstrumentID": instrument,
                "TradingDay": DAY,
                "ActionDay": DAY,
                "UpdateTime": time,
                "LastPrice": price,
                "Volume": volume,
                "Turnover": volume * 10.0,
                "OpenInterest": 100.0,
            },
        )
        self.settle()

    def told(self, peer: WebSocketPeer) -> list[Message]:
        """The pushes that have come."""
        return [*self.behind.pop(peer, []), *self.pushes(peer)]

    def bars(self, peer: WebSocketPeer) -> list[tuple[str, str, float, int, bool]]:
        """The bars that have come: period, begin, close, volume, whether closed."""
        messages = self.told(peer)
        self.assertEqual({one["MsgType"] for one in messages} - {"RtnBar"}, set())
        return [
            (
                one["Bar"]["Period"],
                one["Bar"]["BeginTime"][11:16],
                one["Bar"]["ClosePrice"],
                one["Bar"]["Volume"],
                one["Bar"]["IsClosed"],
            )
            for one in messages
        ]


class Telling(BarsCase):
    """What a bar's client is sent."""

    def test_the_message(self) -> None:
        peer = self.watch("1m")
        self.tick("10:00:59", 9.0, 100)
        self.tick("10:01:00", 10.0, 103)
        (message,) = self.told(peer)
        self.assertEqual(list(message), ["MsgType", "Bar"])
        self.assertEqual(list(message["Bar"]), KEYS)
        self.assertEqual(
            message,
            {
                "MsgType": "RtnBar",
                "Bar": {
                    "InstrumentID": "rb2701",
                    "ExchangeID": "SHFE",
                    "TradingDay": DAY,
                    "Period": "1m",
                    "BeginTime": "2026-11-23T10:01:00+08:00",
                    "EndTime": "2026-11-23T10:02:00+08:00",
                    "OpenPrice": 10.0,
                    "HighestPrice": 10.0,
                    "LowestPrice": 10.0,
                    "ClosePrice": 10.0,
                    "Volume": 3,
                    "Turnover": 30.0,
                    "OpenInterest": 100.0,
                    "IsClosed": False,
                },
            },
        )

    def test_it_grows_is_closed_once_and_the_next_begins(self) -> None:
        peer = self.watch("1m")
        for time, price, volume in (
            ("10:00:59", 9.0, 100),
            ("10:01:00", 10.0, 103),
            ("10:01:30", 11.0, 104),
            ("10:02:00", 12.0, 106),
        ):
            self.tick(time, price, volume)
        self.assertEqual(
            self.bars(peer),
            [
                ("1m", "10:01", 10.0, 3, False),
                ("1m", "10:01", 11.0, 4, False),
                ("1m", "10:01", 11.0, 4, True),
                ("1m", "10:02", 12.0, 2, False),
            ],
        )

    def test_several_periods_of_several_instruments(self) -> None:
        peer = self.watch("1m", "5m", "1d")
        self.subscribe(peer, "rb2705", Bars=["15m"])
        for instrument in ("rb2701", "rb2705"):
            self.tick("10:00:59", 9.0, 100, instrument)
            self.tick("10:01:00", 10.0, 103, instrument)
        self.assertEqual(
            self.bars(peer),
            [
                ("1m", "10:01", 10.0, 3, False),
                ("5m", "10:00", 10.0, 3, False),
                ("1d", "21:00", 10.0, 103, False),
                ("15m", "10:00", 10.0, 3, False),
            ],
        )

    def test_the_clock_closes_it_when_no_tick_comes(self) -> None:
        peer = self.watch("1m")
        self.tick("10:00:59", 9.0, 100)
        self.tick("10:01:30", 10.0, 103)
        self.bars(peer)
        self.reactor.advance(40)
        self.assertEqual(self.bars(peer), [("1m", "10:01", 10.0, 3, True)])
        self.reactor.advance(300)
        self.assertEqual(self.bars(peer), [])

    def test_asked_for_at_login(self) -> None:
        peer = self.connect("/md/")
        self.ask(peer, {"MsgType": "ReqUserLogin", "Bars": ["1m"]})
        self.subscribe(peer, "rb2701")
        self.tick("10:00:59", 9.0, 100)
        self.tick("10:01:00", 10.0, 103)
        self.assertEqual(self.bars(peer), [("1m", "10:01", 10.0, 3, False)])

    def test_beside_a_client_with_ticks(self) -> None:
        peer, other = self.watch("1m"), self.watcher()
        self.subscribe(other, "rb2701")
        self.tick("10:00:59", 9.0, 100)
        self.tick("10:01:00", 10.0, 103)
        self.assertEqual(len(self.bars(peer)), 1)
        self.assertEqual([one["MsgType"] for one in self.told(other)], ["RtnDepthMarketData"] * 2)

    def test_what_is_no_period_is_refused(self) -> None:
        answer = self.ask(
            self.watcher(),
            {"MsgType": "SubscribeMarketData", "InstrumentID": "rb2701", "Bars": ["1s"]},
        )
        self.assertEqual(code(answer), -400)
        self.assertIn("'1s' is no period", answer["Detail"])

    def test_an_outage_makes_none_of_what_is_told_again(self) -> None:
        peer = self.watch("1m")
        self.tick("10:00:59", 9.0, 100)
        self.tick("10:01:00", 10.0, 103)
        self.bars(peer)
        self.front.disconnect()
        self.settle()
        self.front.connect()
        self.settle()
        self.told(peer)
        self.tick("10:01:00", 10.0, 103)
        self.assertEqual(self.bars(peer), [])
        self.tick("10:01:20", 10.5, 109)
        self.assertEqual(self.bars(peer), [("1m", "10:01", 10.5, 9, False)])


class Newcomers(BarsCase):
    """Who comes while a bar grows."""

    def test_they_get_it_behind_the_answer(self) -> None:
        self.watch("1m")
        self.tick("10:00:59", 9.0, 100)
        self.tick("10:01:00", 10.0, 103)
        self.assertEqual(self.bars(self.watch("1m")), [("1m", "10:01", 10.0, 3, False)])

    def test_one_that_had_ticks_before_does_too(self) -> None:
        self.watch("1m")
        peer = self.watcher()
        self.subscribe(peer, "rb2701")
        self.tick("10:00:59", 9.0, 100)
        self.tick("10:01:00", 10.0, 103)
        self.told(peer)
        self.subscribe(peer, "rb2701", Bars=["1m"])
        self.assertEqual(self.bars(peer), [("1m", "10:01", 10.0, 3, False)])

    def test_others_are_told_nothing_then_though_an_old_tick_came_last(self) -> None:
        other = self.watch("1m")
        self.tick("10:00:59", 9.0, 100)
        self.tick("10:01:05", 10.0, 103)
        self.tick("10:01:00", 10.0, 103)
        self.told(other)
        self.assertEqual(self.bars(self.watch("1m")), [("1m", "10:01", 10.0, 3, False)])
        self.assertEqual(self.bars(other), [])

    def test_the_first_counts_from_the_last_tick(self) -> None:
        self.subscribe(self.watcher(), "rb2701")
        self.tick("10:00:59", 9.0, 100)
        peer = self.watch("1m")
        self.assertEqual(self.bars(peer), [])
        self.tick("10:01:00", 10.0, 103)
        self.assertEqual(self.bars(peer), [("1m", "10:01", 10.0, 3, False)])

    def test_during_an_outage_the_last_tick_is_too_old_to_count_from(self) -> None:
        self.subscribe(self.watcher(), "rb2701")
        self.tick("10:00:59", 9.0, 100)
        self.front.disconnect()
        self.settle()
        peer = self.watch("1m")
        self.front.connect()
        self.settle()
        self.told(peer)
        self.tick("10:00:59", 9.0, 100)
        self.assertEqual(self.bars(peer), [])
        self.tick("10:09:00", 9.5, 107)
        self.assertEqual(self.bars(peer), [("1m", "10:09", 9.5, 7, False)])


class Sharing(BarsCase):
    """However many watch."""

    def test_made_and_encoded_once(self) -> None:
        peers = [self.watch("1m") for _ in range(3)]
        peers.append(self.watch("1m", IntervalMs=1))
        with patch.object(barstream, "body", wraps=barstream.body) as encoded:
            self.tick("10:00:59", 9.0, 100)
            self.tick("10:01:00", 10.0, 103)
            self.reactor.advance(1)
            self.tick("10:02:00", 10.0, 104)
        self.assertEqual(encoded.call_count, 3)
        for peer in peers:
            self.assertEqual([bar[4] for bar in self.bars(peer)], [False, True, False])
        self.assertEqual(len(self.md.hub._bars), 1)

    def test_what_nobody_wants_any_more_goes_away(self) -> None:
        first, second = self.watch("1m"), self.watch("1m", "5m")
        self.tick("10:00:59", 9.0, 100)
        self.tick("10:01:00", 10.0, 103)
        second.drop()
        self.tick("10:01:01", 10.0, 104)
        self.assertEqual(len(self.md.hub._bars), 1)
        self.ask(first, {"MsgType": "UnSubscribeMarketData", "InstrumentID": "rb2701"})
        self.settle()
        self.assertEqual(len(self.md.hub._bars), 0)

    def test_who_unsubscribes_is_told_no_end(self) -> None:
        first, second = self.watch("1m"), self.watch("1m")
        self.tick("10:00:59", 9.0, 100)
        self.tick("10:01:00", 10.0, 103)
        self.bars(first)
        self.ask(first, {"MsgType": "UnSubscribeMarketData", "InstrumentID": "rb2701"})
        self.reactor.advance(100)
        self.assertEqual(self.bars(first), [])
        self.assertEqual([bar[4] for bar in self.bars(second)], [False, True])


class Slowly(BarsCase):
    """``IntervalMs``, and clients that do not read."""

    def test_the_interval_holds_back_what_grows_and_nothing_else(self) -> None:
        peer = self.watch("1m", IntervalMs=10_000)
        self.tick("10:00:59", 9.0, 100)
        for second, price in enumerate((10.0, 11.0, 12.0)):
            self.tick(f"10:01:0{second}", price, 103 + second)
        self.assertEqual(self.bars(peer), [("1m", "10:01", 10.0, 3, False)])
        self.reactor.advance(10)
        self.assertEqual(self.bars(peer), [("1m", "10:01", 12.0, 5, False)])
        self.tick("10:01:11", 13.0, 106)
        self.tick("10:02:00", 14.0, 107)
        self.assertEqual(self.bars(peer), [("1m", "10:01", 13.0, 6, True)])
        self.reactor.advance(10)
        self.assertEqual(self.bars(peer), [("1m", "10:02", 14.0, 1, False)])

    def test_a_held_bar_that_is_closed_by_the_clock_is_told_closed_only(self) -> None:
        peer = self.watch("1m", IntervalMs=3_600_000)
        for time, volume in (("10:00:59", 100), ("10:01:00", 103), ("10:01:50", 104)):
            self.tick(time, 10.0, volume)
        self.reactor.advance(63)
        told = self.bars(peer)
        self.assertEqual(told, [("1m", "10:01", 10.0, 3, False), ("1m", "10:01", 10.0, 4, True)])
        self.reactor.advance(3600)
        self.assertEqual(self.bars(peer), [])

    def test_who_falls_behind_misses_no_closed_bar(self) -> None:
        peer = self.watch("1m")
        self.tick("10:00:59", 9.0, 100)
        producer = peer.transport.producer
        assert producer is not None
        producer.pauseProducing()
        for minute in range(1, 6):
            for second in range(3):
                self.tick(f"10:0{minute}:0{second}", 10.0 + minute, 100 + 3 * minute + second)
        self.assertEqual(self.bars(peer), [])
        producer.resumeProducing()
        note, *bars = self.told(peer)
        self.assertEqual(note["TicksDropped"], {"Count": 14})
        self.assertEqual(
            [(one["Bar"]["BeginTime"][14:16], one["Bar"]["IsClosed"]) for one in bars],
            [("01", True), ("02", True), ("03", True), ("04", True), ("05", False)],
        )


class PastTests(SynchronousTestCase):
    """Bars of the past, encoded many at a time."""

    def test_each_is_as_it_would_be_alone(self) -> None:
        key = SeriesKey("rb2701", "1d")
        plain = BarRow(0, 60, "19700101", "SHFE", 1.5, 2.0, 1.0, 1.25, 3, 1e17, 0.1)
        rows = [plain, plain._replace(settlement=1.75), plain._replace(begin=60, end=120)]
        together = barstream.past_bodies(key, rows)
        self.assertEqual(together, [barstream.past_bodies(key, [row])[0] for row in rows])
        first, second = map(json.loads, together[:2])
        self.assertEqual(list(first), KEYS)
        self.assertEqual(
            (first["BeginTime"], first["Turnover"]), ("1970-01-01T08:00:00+08:00", 1e17)
        )
        self.assertEqual(second["SettlementPrice"], 1.75)

    def test_of_none_there_is_nothing(self) -> None:
        self.assertEqual(barstream.past_bodies(SeriesKey("rb2701", "1m"), []), [])
