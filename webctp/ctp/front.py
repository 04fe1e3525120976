"""Fronts: what stands behind an address, as the two ``Create…Api`` calls of the native API."""

import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, Protocol

from webctp.ctp.binding import Binding

_CHINA_1970: Final = datetime(1970, 1, 1) + timedelta(hours=8)


class FrontTime(Protocol):
    """The time at a front. Any thread may ask."""

    @property
    def speed(self) -> float:
        """Seconds at the front that pass in one of ours; 0 where only its ticks tell its time."""

    def clock(self) -> int:
        """Return the time at the front in ns since 1970: when what comes now is received."""


def china_time(nanoseconds: int) -> datetime:
    """Return a time in nanoseconds since 1970 as a naive datetime in China Standard Time."""
    return _CHINA_1970 + timedelta(microseconds=nanoseconds // 1000)


class Front(Protocol):
    """A maker of API instances with the surface of its binding's.

    Both methods may block for a moment: call them off the reactor thread. ``flow_path`` is an
    existing directory, ended by a slash; a missing one kills the process.
    """

    @property
    def binding(self) -> Binding:
        """The binding whose structs the APIs take and give."""

    def create_trader(self, flow_path: str, production_mode: bool) -> Any:
        """Return a trading API (``CThostFtdcTraderApi``)."""

    def create_market(self, flow_path: str, production_mode: bool) -> Any:
        """Return a market-data API (``CThostFtdcMdApi``)."""


class MarketFront(Front, FrontTime, Protocol):
    """A front that tells its time as well: what its ticks are read by."""

    def instruments(self) -> Sequence[str]:
        """Return the InstrumentIDs listed where known without asking; valid once connected."""


class NativeFront:
    """The real thing: the shipped native libraries (``tcp://``, ``ssl://``)."""

    speed = 1.0

    def __init__(self, binding: Binding) -> None:
        self.binding = binding

    def clock(self) -> int:
        """Return this machine's time, in nanoseconds since 1970."""
        return time.time_ns()

    def instruments(self) -> Sequence[str]:
        """Return nothing: CTP lists instruments to trading sessions only."""
        return ()

    def create_trader(self, flow_path: str, production_mode: bool) -> Any:
        """Create a native trading API; blocks for a moment."""
        api: Any = self.binding.trading.api_class
        create = api.CreateFtdcTraderApi
        return _create(create, production_mode, flow_path)

    def create_market(self, flow_path: str, production_mode: bool) -> Any:
        """Create a native market-data API; blocks for a moment."""
        api: Any = self.binding.market.api_class
        create = api.CreateFtdcMdApi
        # UDP and multicast are for market data inside a broker's own network. They come before
        # the production mode here: a bool in second place would mean UDP.
        using_udp, multicast = False, False
        return _create(create, production_mode, flow_path, using_udp, multicast)


def _create(create: Callable[..., Any], production_mode: bool, *arguments: object) -> Any:
    """Call a ``Create…Api``; the mode is its last argument where the build knows modes at all."""
    try:
        return create(*arguments, production_mode)
    except TypeError:
        # Builds before 6.7.7 are each of one mode and take no such argument.
        return create(*arguments)
