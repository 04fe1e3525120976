"""webctp.upstream.market.reception: ticks are received before they wait for the reactor."""

from datetime import datetime, timedelta
from threading import Event, Thread
from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from tests.daemons import PATIENCE
from tests.upstream.market.test_hub import HubCase
from webctp.ctp import catalog
from webctp.ctp.bridge import CallbackEvent
from webctp.ctp.codec import codec_for
from webctp.testing import FakeFront, ThreadlessReactor
from webctp.upstream.market.bars import Bar
from webctp.upstream.market.reception import Reception, TimedBridge

LAYOUT = codec_for(catalog.market_data().module).layout("CThostFtdcDepthMarketDataField")
IN_TICK = slice(0, 31)


def clock_at(moment: str) -> int:
    """A time in China, ``2026-11-20 21:00:00``, in nanoseconds since 1970."""
    gone = datetime.fromisoformat(moment) - datetime(1970, 1, 1, 8)
    return gone // timedelta(microseconds=1) * 1000


class Bars:
    """Writes down the closed bars of an instrument."""

    def __init__(self) -> None:
        self.closed_bars: list[tuple[str, int]] = []

    def grown(self, bar: Bar) -> None:
        """Of ``BarListener``."""

    def closed(self, bar: Bar) -> None:
        """Of ``BarListener``."""
        self.closed_bars.append((f"{bar.span.start:%d %H:%M}", bar.volume))


class Hurried(HubCase):
    """A front at which hours pass while ticks wait for the reactor."""

    def setUp(self) -> None:
        super().setUp()
        self.front.speed = 0.0
        self.bars = Bars()

    def receive(self, received: str, time: str, volume: int, day: str) -> None:
        """CZCE's tick: both dates are those by the clock."""
        self.front.clock = lambda: clock_at(received)
        body = {
            "InstrumentID": "SR701",
            "TradingDay": day,
            "ActionDay": day,
            "UpdateTime": time,
            "LastPrice": 5800.0,
            "Volume": volume,
        }
        self.front.push("OnRtnDepthMarketData", body)

    def test_a_night_and_a_day_that_wait_together(self) -> None:
        self.hub.subscribe("tick", "a", [b"SR701"])
        self.reactor.turn()
        (subscription,) = self.hub._ticks.values()
        self.hub.watch_bars(subscription, "1d", self.bars)
        self.receive("2026-11-20 21:00:01", "21:00:00", 5, "20261120")
        self.receive("2026-11-20 22:59:59", "22:59:59", 9, "20261120")
        self.receive("2026-11-23 08:59:50", "22:59:59", 9, "20261123")
        self.receive("2026-11-23 09:00:01", "09:00:00", 12, "20261123")
        self.receive("2026-11-23 14:59:59", "14:59:59", 20, "20261123")
        self.receive("2026-11-23 23:00:00", "21:00:00", 1, "20261123")
        self.reactor.turn()
        told = [LAYOUT.text(body, "UpdateTime") for body in self.sink.bodies]
        self.assertEqual(told, ["21:00:00", "22:59:59", "09:00:00", "14:59:59", "21:00:00"])
        self.assertEqual([LAYOUT.text(one, "UpdateTime") for one in self.sink.stale], ["22:59:59"])
        self.assertEqual(self.bars.closed_bars, [("20 21:00", 20)])

    def test_between_ticks_it_is_now(self) -> None:
        reception = Reception(self.front)
        self.front.clock = lambda: 7
        self.assertEqual((reception.clock(), reception.speed), (7, 0.0))
        reception.received = 5
        self.assertEqual(reception.clock(), 5)


class Waiting(SynchronousTestCase):
    """A front that goes as fast as its ticks are taken waits; a market does not."""

    def taken(self, speed: float) -> tuple[int, int]:
        """Let one bridge be full for longer than a market waits; gives ticks taken and dropped."""
        front, reactor = FakeFront(), ThreadlessReactor()
        front.speed = speed
        got: list[CallbackEvent] = []
        bridge = TimedBridge(reactor, got.extend, IN_TICK, front, None)
        bridge._bound = 4
        if speed:
            bridge._patience = 0.0
        callback = catalog.market_data().callbacks["OnRtnDepthMarketData"]
        full, ended = Event(), Event()

        def bring() -> None:
            for number in range(12):
                if number == 4:
                    full.set()
                event = CallbackEvent(callback, bytes([number]) + bytes(40), None, 0, True)
                bridge.put_tick(event)
            ended.set()

        thread = Thread(target=bring, daemon=True)
        thread.start()
        self.assertTrue(full.wait(PATIENCE))
        if speed:
            self.assertTrue(ended.wait(PATIENCE))
        while thread.is_alive() or reactor.getDelayedCalls():
            reactor.turn()
        thread.join()
        self.assertTrue(all(event.number for event in got))
        return len(got), bridge.dropped

    def test_none_is_dropped_where_ticks_tell_the_time(self) -> None:
        self.assertEqual(self.taken(0.0), (12, 0))

    def test_a_market_goes_on(self) -> None:
        self.assertEqual(self.taken(60.0), (12, 0))  # twelve instruments: nothing to conflate


class Recorded(SynchronousTestCase):
    """What is recorded is recorded before anything can be passed over."""

    def test_each_tick_is_shown(self) -> None:
        shown: list[bytes] = []
        got: list[Any] = []
        reactor, front = ThreadlessReactor(), FakeFront()
        front.clock = lambda: 42
        bridge = TimedBridge(reactor, got.extend, IN_TICK, front, shown.append)
        callback = catalog.market_data().callbacks["OnRtnDepthMarketData"]
        bridge.put_tick(CallbackEvent(callback, b"tick", None, 0, True))
        reactor.turn()
        self.assertEqual((shown, [event.number for event in got]), ([b"tick"], [42]))
