"""``Fields`` and ``IntervalMs``: what clients ask of their ticks."""

from datetime import datetime, timedelta
from typing import Any, ClassVar
from unittest.mock import patch

from tests.conformance import holds
from tests.gateway.support import GatewayCase, Message, code
from webctp.config.serving import WebSocketOptions
from webctp.ctp import catalog
from webctp.ctp.encoder import json_encoder
from webctp.gateway.market.search import QUIET
from webctp.recording.recorder import Record
from webctp.testing import WebSocketPeer

DEPTH = "CThostFtdcDepthMarketDataField"


class FormsCase(GatewayCase):
    """Helpers of this file."""

    services = ("md",)
    options = WebSocketOptions(
        ping_interval=86400, ping_timeout=1, max_message_bytes=65_536, login_deadline=0
    )

    def login(self, peer: WebSocketPeer, **words: Any) -> Message:
        """Log in with words; gives the answer."""
        return self.ask(peer, {"MsgType": "ReqUserLogin", **words})

    def subscribe(
        self, peer: WebSocketPeer, *instruments: str, off: bool = False, **words: Any
    ) -> Message:
        """Subscribe, or the contrary; gives the one answer."""
        name = "UnSubscribeMarketData" if off else "SubscribeMarketData"
        return self.ask(peer, {"MsgType": name, "InstrumentID": list(instruments), **words})

    def asking(self, *instruments: str, **words: Any) -> WebSocketPeer:
        """A client that has subscribed with words."""
        peer = self.watcher()
        self.assertEqual(code(self.subscribe(peer, *instruments, **words)), 0)
        return peer

    def tick(self, price: float, instrument: str = "cu2401", **values: Any) -> None:
        self.front.push(
            "OnRtnDepthMarketData", {"InstrumentID": instrument, "LastPrice": price, **values}
        )
        self.settle()

    def ticks(self, peer: WebSocketPeer) -> list[Message]:
        """The bodies of the ticks that have come."""
        return [message["DepthMarketData"] for message in self.pushes(peer)]

    def prices(self, peer: WebSocketPeer) -> list[float]:
        return [tick["LastPrice"] for tick in self.ticks(peer)]


class Fields(FormsCase):
    """Fewer fields."""

    def test_in_the_order_of_the_struct_whatever_was_written(self) -> None:
        peer = self.asking("cu2401", Fields=["AskPrice1", "Volume", "LastPrice", "Volume"])
        self.tick(5.0, Volume=3)
        (tick,) = self.ticks(peer)
        self.assertEqual(list(tick), ["LastPrice", "Volume", "AskPrice1", "InstrumentID"])
        self.assertEqual(
            tick, {"LastPrice": 5.0, "Volume": 3, "AskPrice1": 0.0, "InstrumentID": "cu2401"}
        )

    def test_every_field_alone(self) -> None:
        whole = self.asking("cu2401")
        names = [field.name for field in catalog.market_data().struct(DEPTH).fields]
        peers = {name: self.asking("cu2401", Fields=[name]) for name in names}
        self.tick(5.0, Volume=3, TradingDay="20240102", UpdateTime="10:00:00", AskVolume3=7)
        (tick,) = self.ticks(whole)
        for name, peer in peers.items():
            expected = {key: tick[key] for key in tick if key in (name, "InstrumentID")}
            self.assertEqual(self.ticks(peer), [expected])

    def test_none_named_are_all(self) -> None:
        peer = self.asking("cu2401", Fields=[])
        self.tick(5.0)
        self.assertEqual(len(self.ticks(peer)[0]), len(self.md.fields))

    def test_what_is_no_field_names_the_nearest(self) -> None:
        peer = self.watcher()
        for answer in (
            self.subscribe(peer, "cu2401", Fields=["LastPrice", "Lastprise"]),
            self.login(peer, Fields=["Lastprise"]),
        ):
            self.assertEqual(code(answer), -400)
            self.assertEqual(
                answer["Detail"],
                "Fields: no field 'Lastprise' in a tick; did you mean LastPrice?",
            )
        self.tick(5.0)
        self.assertEqual(self.ticks(peer), [])

    def test_what_is_no_list(self) -> None:
        wrong: Any
        for wrong in ("LastPrice", [1], {}):
            answer = self.subscribe(self.watcher(), "cu2401", Fields=wrong)
            self.assertEqual(code(answer), -400, wrong)
            self.assertIn("Fields", answer["Detail"])

    def test_not_with_bars(self) -> None:
        answer = self.subscribe(self.watcher(), "cu2401", Fields=["LastPrice"], Bars=["1m"])
        self.assertEqual(code(answer), -400)
        self.assertIn("Fields are a tick's", answer["Detail"])

    def test_no_word_of_another_request(self) -> None:
        answer = self.subscribe(self.watcher(), "cu2401", off=True, Fields=["LastPrice"])
        self.assertEqual(code(answer), -400)
        self.assertIn("unknown field 'Fields'", answer["Detail"])

    def test_the_last_tick_has_no_others(self) -> None:
        self.asking("cu2401")
        self.tick(5.0)
        peer = self.watcher()
        peer.send(
            {"MsgType": "SubscribeMarketData", "InstrumentID": "cu2401", "Fields": ["LastPrice"]}
        )
        self.settle()
        _, tick = peer.received()
        self.assertEqual(tick["DepthMarketData"], {"LastPrice": 5.0, "InstrumentID": "cu2401"})


class Standing(FormsCase):
    """At login for all, at a subscription for its instruments."""

    def test_at_login(self) -> None:
        peer = self.connect("/md/")
        self.assertEqual(code(self.login(peer, Fields=["LastPrice"])), 0)
        self.subscribe(peer, "cu2401")
        self.subscribe(peer, "au2406", Fields=["Volume"])
        self.tick(5.0)
        self.tick(6.0, "au2406")
        self.assertEqual(
            [list(tick) for tick in self.ticks(peer)],
            [["LastPrice", "InstrumentID"], ["Volume", "InstrumentID"]],
        )

    def test_a_later_login_is_for_what_is_subscribed_later(self) -> None:
        peer = self.watcher()
        self.subscribe(peer, "cu2401")
        self.login(peer, Fields=["LastPrice"])
        self.subscribe(peer, "au2406")
        for instrument in ("cu2401", "au2406"):
            self.tick(5.0, instrument)
        self.assertEqual(
            [len(tick) for tick in self.ticks(peer)],
            [len(self.md.fields), 2],
        )

    def test_subscribing_again_changes_the_form_and_tells_the_last_tick_in_it(self) -> None:
        peer = self.asking("cu2401")
        self.tick(5.0)
        self.ticks(peer)
        message = {"MsgType": "SubscribeMarketData", "InstrumentID": "cu2401"}
        peer.send({**message, "Fields": ["LastPrice"]})
        self.tick(6.0)
        _, *ticks = peer.received()
        self.assertEqual(
            [tick["DepthMarketData"] for tick in ticks],
            [{"LastPrice": price, "InstrumentID": "cu2401"} for price in (5.0, 6.0)],
        )

    def test_a_name_goes_before_a_pattern_while_it_stands(self) -> None:
        peer = self.asking("cu*", Fields=["Volume"])
        self.subscribe(peer, "cu2401", Fields=["LastPrice"])
        self.asking("cu2401")  # another one's ticks make no difference
        self.tick(5.0)
        self.assertEqual([list(one) for one in self.ticks(peer)], [["LastPrice", "InstrumentID"]])
        self.subscribe(peer, "cu2401", off=True)
        self.tick(6.0)
        self.assertEqual([list(one) for one in self.ticks(peer)], [["Volume", "InstrumentID"]])


class Intervals(FormsCase):
    """Fewer ticks: the newest."""

    def test_the_first_at_once_then_the_newest(self) -> None:
        peer = self.asking("cu2401", IntervalMs=500)
        for price in (1.0, 2.0, 3.0):
            self.tick(price)
        self.assertEqual(self.prices(peer), [1.0])
        self.reactor.advance(0.49)
        self.assertEqual(self.prices(peer), [])
        self.reactor.advance(0.01)
        self.assertEqual(self.prices(peer), [3.0])
        self.tick(4.0)
        self.assertEqual(self.prices(peer), [])
        self.reactor.advance(0.5)
        self.assertEqual(self.prices(peer), [4.0])
        self.reactor.advance(0.5)
        self.tick(5.0)
        self.assertEqual(self.prices(peer), [5.0])

    def test_a_late_one_is_flushed_with_nothing_else_going_on(self) -> None:
        peer = self.asking("cu2401", IntervalMs=500)
        self.tick(1.0)
        self.tick(2.0)
        self.prices(peer)
        writes = len(peer.transport.writes)
        self.reactor.advance(0.5)
        self.assertEqual(len(peer.transport.writes), writes + 1)

    def test_each_instrument_has_its_own(self) -> None:
        peer = self.asking("cu2401", IntervalMs=500)
        self.subscribe(peer, "au2406", IntervalMs=500)
        self.tick(1.0)
        self.tick(2.0, "au2406")
        self.assertEqual(self.prices(peer), [1.0, 2.0])

    def test_together_with_fields(self) -> None:
        peer = self.asking("cu2401", IntervalMs=500, Fields=["LastPrice"])
        self.tick(1.0)
        self.tick(2.0)
        self.reactor.advance(1)
        self.assertEqual(
            self.ticks(peer),
            [{"LastPrice": price, "InstrumentID": "cu2401"} for price in (1.0, 2.0)],
        )

    def test_who_unsubscribes_meanwhile_gets_what_was_held_no_more(self) -> None:
        peer, other = (self.asking("cu2401", IntervalMs=500) for _ in range(2))
        self.tick(1.0)
        self.tick(2.0)
        self.subscribe(peer, "cu2401", off=True)
        self.prices(peer)
        self.reactor.advance(1)
        self.assertEqual(self.prices(peer), [])
        self.assertEqual(self.prices(other), [1.0, 2.0])

    def test_the_last_to_unsubscribe_leaves_no_clock(self) -> None:
        self.md.hub.instruments.add([b"cu2401"])
        self.reactor.advance(QUIET)  # the search has a clock of its own for names that are new
        peer = self.asking("cu2401", IntervalMs=500)
        before = len(self.reactor.getDelayedCalls())
        self.tick(1.0)
        self.tick(2.0)
        self.assertEqual(len(self.reactor.getDelayedCalls()), before + 1)
        self.subscribe(peer, "cu2401", off=True)
        self.settle()
        self.assertEqual(len(self.reactor.getDelayedCalls()), before)
        self.reactor.advance(1)
        self.assertEqual(self.prices(peer), [])

    def test_so_does_one_that_vanishes(self) -> None:
        peer = self.asking("cu2401", IntervalMs=500)
        before = len(self.reactor.getDelayedCalls())
        self.tick(1.0)
        self.tick(2.0)
        peer.drop()
        self.settle()
        self.assertLess(len(self.reactor.getDelayedCalls()), before + 1)
        self.reactor.advance(1)

    def test_out_of_bounds(self) -> None:
        for wrong in (-1, 3_600_001, 0.5, "500"):
            answer = self.subscribe(self.watcher(), "cu2401", IntervalMs=wrong)
            self.assertEqual(code(answer), -400, wrong)
            self.assertIn("IntervalMs", answer["Detail"])


class Sharing(FormsCase):
    """Who asks for the same shares its encoding."""

    def test_groups(self) -> None:
        built: list[tuple[str, ...] | None] = []
        encoded: list[tuple[str, ...] | None] = []
        real = json_encoder

        def counting(*arguments: Any, only: tuple[str, ...] | None, **more: Any) -> Any:
            built.append(only)
            encode = real(*arguments, only=only, **more)

            def counted(body: bytes) -> bytes:
                encoded.append(only)
                return encode(body)

            return counted

        with patch("webctp.gateway.market.service.json_encoder", counting):
            few = [self.asking("cu2401", Fields=["LastPrice", "Volume"]) for _ in range(3)]
            few.append(self.asking("cu2401", Fields=["Volume", "LastPrice"]))
            plain = [self.asking("cu2401") for _ in range(3)]
            self.tick(1.0)
            self.tick(2.0)
        shown = ("LastPrice", "Volume", "InstrumentID")
        self.assertCountEqual(built, [shown, None])
        self.assertCountEqual(encoded, [shown, None] * 2)
        for peer in (*few, *plain):
            self.assertEqual(self.prices(peer), [1.0, 2.0])


class StaleCase(FormsCase):
    """A night and a morning."""

    def at(self, time: str, day: str = "20261120") -> None:
        """Let it be this time at the front, in China."""
        moment = datetime.strptime(f"{day} {time}", "%Y%m%d %H:%M:%S") - datetime(1970, 1, 1, 8)
        self.front.clock = lambda: moment // timedelta(microseconds=1) * 1000

    def tell(self, time: str, volume: int, day: str = "20261120", name: str = "SR701") -> None:
        """A tick of CZCE's, which is dated with the day of telling."""
        dated = {"TradingDay": day, "ActionDay": day, "UpdateTime": time, "Volume": volume}
        self.tick(1.0, name, **dated)

    def night(self) -> None:
        """Friday's night session, until Monday morning."""
        for time, volume in (("21:00:00", 5), ("22:59:59", 9)):
            self.at(time)
            self.tell(time, volume)
        self.at("08:59:50", "20261123")

    def morning(self) -> None:
        """CZCE's closing tick of the night, and the first of the day."""
        self.tell("22:59:59", 9, "20261123")
        self.at("09:00:00", "20261123")
        self.tell("09:00:00", 10, "20261123")

    def told(self, peer: WebSocketPeer) -> list[tuple[str, bool]]:
        """The times of the ticks that have come, and whether they were marked."""
        return [
            (message["DepthMarketData"]["UpdateTime"], message.get("Stale", False))
            for message in self.pushes(peer)
        ]


class Stale(StaleCase):
    """Ticks that the front tells again, for who asks for them."""

    @holds("MD-HQJK-1")
    def test_only_who_asks_gets_them_marked(self) -> None:
        plain, asking = self.asking("SR701"), self.asking("SR701", Stale=True)
        self.night()
        self.morning()
        news = [("21:00:00", False), ("22:59:59", False), ("09:00:00", False)]
        self.assertEqual(self.told(plain), news)
        news.insert(2, ("22:59:59", True))
        self.assertEqual(self.told(asking), news)

    @holds("MD-HQJK-1")
    def test_after_a_reconnection(self) -> None:
        plain, asking = self.asking("SR701"), self.asking("SR701", Stale=True)
        self.night()
        self.pushes(plain)
        self.pushes(asking)
        for _ in range(2):
            self.front.disconnect()
            self.settle()
            self.front.connect()
            self.settle()
            self.tell("22:59:59", 9, "20261123")
        ticks = [m for m in self.pushes(plain) if m["MsgType"] == "RtnDepthMarketData"]
        self.assertEqual(ticks, [])
        ticks = [m for m in self.pushes(asking) if m["MsgType"] == "RtnDepthMarketData"]
        self.assertEqual([one["Stale"] for one in ticks], [True, True])

    def test_a_newcomers_first_tick_is_no_stale_one(self) -> None:
        self.asking("SR701")
        self.night()
        for words in ({}, {"Stale": True}):
            peer = self.watcher()
            subscribe = {"MsgType": "SubscribeMarketData", "InstrumentID": "SR701", **words}
            peer.send(subscribe)
            self.settle()
            answer, tick = peer.received()
            self.assertEqual(answer["MsgType"], "RspSubMarketData")
            self.assertEqual(tick["DepthMarketData"]["UpdateTime"], "22:59:59")
            self.assertNotIn("Stale", tick)

    def test_the_newest_answers_a_newcomer_though_it_came_late(self) -> None:
        self.at("08:31:00", "20261123")
        first = self.asking("SR701")
        for time, volume in (("21:00:00", 5), ("21:00:01", 6), ("22:59:59", 9)):
            self.tell(time, volume, "20261123")
        self.assertEqual(self.told(first), [("21:00:00", False)])
        peer = self.watcher()
        peer.send({"MsgType": "SubscribeMarketData", "InstrumentID": "SR701"})
        self.settle()
        self.assertEqual(peer.received()[-1]["DepthMarketData"]["UpdateTime"], "22:59:59")

    def test_with_some_fields(self) -> None:
        peer = self.asking("SR701", Stale=True, Fields=["UpdateTime"])
        self.night()
        self.pushes(peer)
        self.morning()
        stale, news = self.pushes(peer)
        body = {"UpdateTime": "22:59:59", "InstrumentID": "SR701"}
        expected = {"MsgType": "RtnDepthMarketData", "DepthMarketData": body, "Stale": True}
        self.assertEqual(stale, expected)
        self.assertEqual(list(news), ["MsgType", "DepthMarketData"])

    def test_at_login_for_all_that_is_subscribed(self) -> None:
        peer = self.connect("/md/")
        self.assertEqual(code(self.login(peer, Stale=True)), 0)
        self.subscribe(peer, "SR701")
        self.night()
        self.morning()
        self.assertEqual([stale for _, stale in self.told(peer)], [False, False, True, False])

    def test_asked_for_no_more(self) -> None:
        peer = self.asking("SR701", Stale=True)
        self.night()
        peer.send({"MsgType": "SubscribeMarketData", "InstrumentID": "SR701", "Stale": False})
        self.pushes(peer)
        self.morning()
        self.assertEqual(self.told(peer), [("09:00:00", False)])

    def test_an_interval_holds_for_each_of_the_two(self) -> None:
        peer = self.asking("SR701", Stale=True, IntervalMs=500)
        self.night()
        self.reactor.advance(1)
        self.pushes(peer)
        for volume in (9, 8, 7):
            self.tell("22:59:59", volume, "20261123")
        self.reactor.advance(1)
        stale = [m["DepthMarketData"]["Volume"] for m in self.pushes(peer) if "Stale" in m]
        self.assertEqual(stale, [9, 7])

    def test_not_with_bars(self) -> None:
        answer = self.subscribe(self.watcher(), "SR701", Stale=True, Bars=["1m"])
        self.assertEqual(code(answer), -400)
        self.assertIn("Stale is for ticks", answer["Detail"])

    def test_it_is_yes_or_no(self) -> None:
        answer = self.subscribe(self.watcher(), "SR701", Stale=1)
        self.assertEqual(code(answer), -400)
        self.assertIn("Stale", answer["Detail"])

    def test_who_has_fallen_behind_gets_the_newest_of_each(self) -> None:
        peer = self.asking("SR701", Stale=True)
        self.night()
        self.pushes(peer)
        producer = peer.transport.producer
        assert producer is not None
        producer.pauseProducing()
        self.morning()
        producer.resumeProducing()
        self.assertEqual([stale for _, stale in self.told(peer)], [True, False])


class RecordedStale(StaleCase):
    """What is recorded is what the front tells."""

    recorded: ClassVar[list[bytes]] = []

    def record(self) -> Record:
        """Of ``GatewayCase``."""
        return self.recorded.append

    def setUp(self) -> None:
        self.recorded.clear()
        super().setUp()

    def test_news_and_not(self) -> None:
        peer = self.asking("SR701")
        self.night()
        self.morning()
        self.assertEqual((len(self.told(peer)), len(self.recorded)), (3, 4))
