"""The front that the benchmarks' daemon talks to: fed from sockets, on true native threads.

Logins and subscriptions are answered by :class:`webctp.testing.FakeFront`; ticks, order returns
and the answers to a query of instruments go through the shipped library's director.
"""

import ctypes
import os
import threading
import time
from typing import Any

from bench.feeder import Feeder
from bench.structs import instruments
from tests.native import NativeSpi
from webctp.ctp.catalog import Catalogue
from webctp.ctp.codec import codec_for
from webctp.ctp.front import NativeFront
from webctp.testing import FakeFront


class _FedApi:
    """A fake API whose pushes come from a socket."""

    callback: str
    stamp: str | None = None
    """The field that tells when its callback began."""

    def __init__(self, fake: Any, feeder: Feeder, fd: int, catalogue: Catalogue) -> None:
        self.fake = fake
        self.feeder = feeder
        self.catalogue = catalogue
        self._fd = fd
        self.native: NativeSpi

    def RegisterSpi(self, spi: Any) -> None:
        """Of the native API."""
        self.native = NativeSpi(spi, self.catalogue)
        self.fake.RegisterSpi(spi)

    def Init(self) -> None:
        """Of the native API: the thread starts that reads the socket."""
        self.fake.Init()
        struct = self.catalogue.callbacks[self.callback].body_struct
        layout = codec_for(self.catalogue.module).layout(struct)
        stamp = -1 if self.stamp is None else layout.by_name[self.stamp].offset
        entry = self.native.entry(self.callback)
        # The thread closes what it reads; each API reads a descriptor of its own.
        self.feeder.feed(os.dup(self._fd), layout.size, stamp, self.native.address, entry)

    def __getattr__(self, name: str) -> Any:
        """Everything else is the fake's."""
        return getattr(self.fake, name)


class _FedMarket(_FedApi):
    callback = "OnRtnDepthMarketData"


class _FedTrader(_FedApi):
    callback = "OnRtnOrder"
    stamp = "LimitPrice"

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        codec = codec_for(self.catalogue.module)
        self._size = codec.layout("CThostFtdcInstrumentField").size
        packed = instruments(20_000)
        self._instruments = (ctypes.c_char * len(packed)).from_buffer_copy(packed)
        self.burst_began = 0.0
        self.order_times: list[float] = []

    def ReqOrderInsert(self, order: Any, request_id: int) -> int:
        """Take the time."""
        self.order_times.append(time.time())
        return 0

    def ReqQryInstrument(self, body: Any, request_id: int) -> int:
        """Answer with 20,000 instruments, from a native thread."""
        self.burst_began = time.monotonic()
        self.feeder.answer(
            self._instruments,
            self._size,
            request_id,
            self.native.address,
            self.native.entry("OnRspQryInstrument"),
        )
        return 0

    def ReqQryInvestorPosition(self, body: Any, request_id: int) -> int:
        """Answer that nothing is held, from a thread of its own as CTP does."""
        told = {"name": "OnRspQryInvestorPosition", "request_id": request_id}
        threading.Thread(target=self.native.call, kwargs=told).start()
        return 0


class FedFront(NativeFront):
    """A native front whose ticks and orders are fed from two sockets.

    It is one so that ticks take the native library's way, not that of simulated fronts, which
    tell the time of each tick.

    :param ticks: where ticks come from, one struct after the other; ``orders`` likewise.
    """

    def __init__(self, feeder: Feeder, ticks: int, orders: int) -> None:
        self._feeder = feeder
        self._ticks = ticks
        self._orders = orders
        self._fake = FakeFront()
        super().__init__(self._fake.binding)
        self.trader: _FedTrader | None = None

    def create_market(self, flow_path: str, production_mode: bool) -> Any:
        """See :class:`webctp.ctp.front.Front`."""
        fake = self._fake.create_market(flow_path, production_mode)
        return _FedMarket(fake, self._feeder, self._ticks, self.binding.market)

    def create_trader(self, flow_path: str, production_mode: bool) -> Any:
        """See :class:`webctp.ctp.front.Front`."""
        fake = self._fake.create_trader(flow_path, production_mode)
        self.trader = _FedTrader(fake, self._feeder, self._orders, self.binding.trading)
        return self.trader
