"""The simulated exchange: what it spends on 20,000 instruments that all have a subscriber.

The whole front is run on its own threads: markets go on, ticks are made, packed into structs and
handed to an SPI that counts them. CPU is that of the exchange's thread, and apart from it that of
the API's callback thread, which in a real front is the native library's.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from itertools import count
from typing import Any, Final

from webctp.exchanges import instruments, productfile
from webctp.exchanges.instruments import Instrument
from webctp.exchanges.products import Product
from webctp.sim.host.api import market_class
from webctp.sim.host.thread import SimThread
from webctp.sim.host.venue import SimVenue
from webctp.sim.options import SimOptions

LISTED: Final = 20_000
MOMENT: Final = datetime(2026, 11, 24, 10, 0)
_PATIENCE: Final = 60.0
_SETTLING: Final = 8.0
"""Seconds after the first look in which few instruments move and what is late is made up for."""
_EXCHANGE: Final = "sim-exchange"
_CALLBACKS: Final = "sim-market"


class Counter:
    """An SPI that counts ticks and keeps nothing."""

    def __init__(self) -> None:
        self.ticks = 0
        self.connected = False

    def OnFrontConnected(self) -> None:
        """Note it."""
        self.connected = True

    def OnRspSubMarketData(self, *answer: object) -> None:
        """Every instrument is known."""

    def OnRtnDepthMarketData(self, tick: object) -> None:
        """Count it."""
        self.ticks += 1


def widened(day: date) -> tuple[Instrument, ...]:
    """The day's instruments, with as many more strike prices as make them 20,000."""
    shipped = productfile.default().items()
    for extra in count():
        listed = instruments.listed(day, {name: _wider(one, extra) for name, one in shipped})
        if len(listed) >= LISTED:
            return listed[:LISTED]
    raise AssertionError("count() has no end")


def _wider(product: Product, extra: int) -> Product:
    if product.strikes is None:
        return product
    wider = replace(product.strikes, each_side=product.strikes.each_side + extra)
    return replace(product, strikes=wider)


def measure(seconds: float) -> dict[str, Any]:
    """Subscribe to everything: ticks a second, and cores and µs of CPU a tick of both threads."""
    chosen = widened(MOMENT.date())
    begun = time.monotonic()
    host = SimThread(SimVenue(SimOptions(seed=7, start=MOMENT), lambda day: chosen))
    api, counter = market_class()(host, ""), Counter()
    api.RegisterSpi(counter)
    api.Init()
    try:
        _until(lambda: counter.connected)
        made = time.monotonic() - begun
        names = [instrument.instrument_id.encode() for instrument in chosen]
        before = _cpu()
        subscribe: Any = api
        subscribe.SubscribeMarketData(names, len(names))
        _until(lambda: counter.ticks >= LISTED)
        looked = _cpu()[_EXCHANGE] - before[_EXCHANGE]
        time.sleep(_SETTLING)
        before, ticks, start = _cpu(), counter.ticks, time.monotonic()
        time.sleep(seconds)
        used = {name: after - before[name] for name, after in _cpu().items()}
        ticks, passed = counter.ticks - ticks, time.monotonic() - start
    finally:
        api.Release()
    return {
        "instruments": len(chosen),
        "made_s": made,
        # CPU of the first look at each instrument, its tick packed and sent.
        "first_look_us": looked / len(chosen) * 1e6,
        "rate": ticks / passed,
        "delivered": ticks,
        "cpu_us": sum(used.values()) / ticks * 1e6,
        "cores": sum(used.values()) / passed,
        "exchange_cores": used[_EXCHANGE] / passed,
        "callback_cores": used[_CALLBACKS] / passed,
    }


def _until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + _PATIENCE
    while not holds():
        if time.monotonic() > end:
            raise TimeoutError("the simulated exchange does not come to it")
        time.sleep(0.01)


def _cpu() -> dict[str, float]:
    """CPU seconds of the simulator's threads so far."""
    return {
        thread.name: time.clock_gettime(time.pthread_getcpuclockid(thread.ident or 0))
        for thread in threading.enumerate()
        if thread.name in (_EXCHANGE, _CALLBACKS)
    }
