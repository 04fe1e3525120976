"""What the tests of the bridge share: turns of a reactor, and a director that feeds a bridge."""

from collections.abc import Callable, Iterable
from threading import Lock, Thread
from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from tests.native import NativeSpi
from webctp.ctp import bridge, catalog
from webctp.ctp.bridge import Bridge, CallbackEvent, TickBridge
from webctp.ctp.catalog import Callback, Catalogue
from webctp.ctp.codec import Layout, codec_for

TICK = "OnRtnDepthMarketData"


class Turns:
    """In place of the reactor: keeps what is to be called until :meth:`run`."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._calls: list[Callable[[], Any]] = []
        self.woken = 0

    def callFromThread(self, callable: Callable[..., Any], *args: object, **kwargs: object) -> None:
        with self._lock:
            self.woken += 1
            self._calls.append(lambda: callable(*args, **kwargs))

    def run(self) -> bool:
        """One turn of the reactor; return whether there was anything to do."""
        with self._lock:
            calls, self._calls = self._calls, []
        for call in calls:
            call()
        return bool(calls)

    def settle(self) -> None:
        """Turns until there is nothing left to do."""
        while self.run():
            continue


class Native:
    """A director, the bridge that it feeds, and what came out."""

    def __init__(self, catalogue: Catalogue, make: Callable[..., Bridge] = Bridge) -> None:
        self.catalogue = catalogue
        self.codec = codec_for(catalogue.module)
        self.turns = Turns()
        self.batches: list[list[CallbackEvent]] = []
        self.bridge = make(self.turns, lambda batch: self.batches.append(list(batch)))
        self.spi = bridge.spi(catalogue, self.codec, self.bridge)
        self.native = NativeSpi(self.spi, catalogue)

    def layout(self, callback: Callback) -> Layout:
        return self.codec.layout(callback.body_struct)

    def events(self) -> list[CallbackEvent]:
        """Run turns until nothing is left, and return everything that has come out so far."""
        self.turns.settle()
        return [event for batch in self.batches for event in batch]


def instrument_slice(catalogue: Catalogue) -> slice:
    layout = codec_for(catalogue.module).layout("CThostFtdcDepthMarketDataField")
    field = layout.by_name["InstrumentID"]
    return slice(field.offset, field.offset + field.size)


def tick_bridge(turns: Turns, deliver: Callable[[Iterable[CallbackEvent]], object]) -> TickBridge:
    return TickBridge(turns, deliver, instrument_slice(catalog.market_data()))


def in_thread(work: Callable[[], None]) -> None:
    """Do ``work`` on a thread of its own, and wait for it."""
    thread = Thread(target=work)
    thread.start()
    thread.join()


class Waits:
    """The waits for room of a bridge: those begun, and of those ended whether by a notice."""

    def __init__(self, case: SynchronousTestCase, queue: Bridge) -> None:
        self.begun = 0
        self.ended: list[bool] = []
        self._wait = queue._room.wait
        case.patch(queue._room, "wait", self._recorded)

    def _recorded(self, timeout: float | None = None) -> bool:
        self.begun += 1
        self.ended.append(self._wait(timeout))
        return self.ended[-1]

    @property
    def one_waits(self) -> bool:
        """Whether a thread waits now."""
        return self.begun > len(self.ended)
