"""``Fields`` and ``IntervalMs``: what clients ask of their ticks."""

from typing import Any
from unittest.mock import patch

from tests.gateway.support import GatewayCase, Message, code
from webctp.ctp import catalog
from webctp.ctp.encoder import json_encoder
from webctp.gateway.protocol import WebSocketOptions
from webctp.testing import WebSocketPeer

DEPTH = "CThostFtdcDepthMarketDataField"


class FormsCase(GatewayCase):
    """Helpers of this file."""

    services = ("md",)
    options = WebSocketOptions(ping_interval=86400, ping_timeout=1, max_message_bytes=65_536)

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

        with patch("webctp.gateway.market.json_encoder", counting):
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
