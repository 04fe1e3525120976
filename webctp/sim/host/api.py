"""The API surface of openctp_ctp on a simulated front.

Each API has a callback thread of its own, as the native ones have. Callbacks get real structs of
the binding whose memory is wiped when the callback returns: whoever keeps a pointer reads
rubbish. Where a wrong call kills the process of the native library, it raises here.
"""

import os
import struct
import threading
from collections.abc import Callable
from functools import cache
from queue import SimpleQueue
from time import monotonic
from typing import Any, Final, Protocol

from twisted.logger import Logger

from webctp.ctp import binding
from webctp.ctp.catalog import Callback, Catalogue, Method, Shape
from webctp.ctp.codec import codec_for
from webctp.sim.host.faults import Faults
from webctp.sim.host.flows import NONE, QUICK, RESTART, RESUME, FlowPlace
from webctp.sim.host.pacing import QueryPacing
from webctp.sim.host.packing import RSP_INFO, Delivery
from webctp.sim.host.sink import CallbackSink, Connection
from webctp.sim.options import FaultOptions

NOT_CONNECTED: Final = -1
"""What a request returns before the front is connected."""

_LONGEST_NAME: Final = 80
"""Bytes of an InstrumentID."""
_FLOW: Final = struct.Struct("<8sI")
_FLOW_FILES: Final = ("SimPrivate.con", "SimPublic.con")


class ApiHost(Protocol):
    """Where an API's requests go: the exchange of this process, or a line to another's."""

    @property
    def faults(self) -> Faults:
        """What may go wrong with a request before it is sent."""

    @property
    def query_interval(self) -> float:
        """Least seconds between queries."""

    @property
    def trading_day(self) -> str:
        """The trading day, empty before it is known."""

    def connect(self, sink: CallbackSink, *, trading: bool) -> Connection:
        """Connect an API."""

    def leave(self, connection: Connection) -> None:
        """Disconnect it for good."""

    def request(self, connection: Connection, name: str, raw: bytes, request_id: int) -> None:
        """Hand on a request."""

    def subscribe(
        self, connection: Connection, name: str, callback: str, wanted: list[str]
    ) -> None:
        """Hand on one of the four subscription calls."""


class SimApi:
    """What the trading and the market-data API have in common.

    :param flow_path: an existing directory (ended by a slash, or a prefix of file names), where
        the numbers received of both flows are kept.
    """

    catalogue: Catalogue
    trading: bool
    log = Logger()

    def __init__(self, host: ApiHost, flow_path: str) -> None:
        self._host = host
        self._codec = codec_for(self.catalogue.module)
        self._spi: Any = None
        self._thread: threading.Thread | None = None
        self._connection: Connection | None = None
        self._released = False
        self._connected = False
        self._lock = threading.Lock()
        self._queue: SimpleQueue[list[Delivery] | None] = SimpleQueue()
        self._structs: dict[str, Any] = {}
        self._modes = [RESTART, RESTART]
        self._pacing = QueryPacing(lambda: host.query_interval)
        names = _FLOW_FILES if self.trading else ()
        self._flows = [_FlowFile(f"{flow_path}{name}") for name in names]

    # What the native API offers beside its requests

    def RegisterSpi(self, spi: Any) -> None:
        """Take the SPI that callbacks go to.

        :raises ValueError: for None: it may crash the native API, says the vendor; Release alone.
        """
        self._alive()
        if spi is None:
            raise ValueError("RegisterSpi(None) may crash the native API; call Release alone")
        self._spi = spi

    def RegisterFront(self, address: str) -> None:
        """Take an address; all mean this front."""
        self._alive()

    def RegisterNameServer(self, address: str) -> None:
        """Take a name server's address; it leads to this front, too."""
        self._alive()

    def RegisterFensUserInfo(self, info: Any) -> None:
        """Take a name server's user; no server is asked."""
        self._alive()

    def SubscribePrivateTopic(self, mode: int) -> None:
        """Choose how the private flow goes on (0 RESTART, 1 RESUME, 2 QUICK); before Init."""
        self._alive()
        if mode not in (RESTART, RESUME, QUICK):
            raise ValueError(f"no way to resume a topic: {mode}")
        self._modes[0] = mode

    def SubscribePublicTopic(self, mode: int) -> None:
        """Choose how the public flow goes on (likewise, 3 NONE); before Init."""
        self._alive()
        if mode not in (RESTART, RESUME, QUICK, NONE):
            raise ValueError(f"no way to resume a topic: {mode}")
        self._modes[1] = mode

    def Init(self) -> None:
        """Start the callback thread and connect."""
        with self._lock:
            self._alive()
            if self._thread is not None:
                raise RuntimeError("Init has been called before")
            name = "sim-trader" if self.trading else "sim-market"
            self._thread = threading.Thread(target=self._run, name=name, daemon=True)
            self._thread.start()
            self._connection = self._host.connect(self, trading=self.trading)

    def Release(self) -> None:
        """End: no callback comes once this has returned (the running one excepted)."""
        with self._lock:
            self._alive()
            self._released = True
            connection, thread = self._connection, self._thread
        self._connected = False
        if connection is not None:
            self._host.leave(connection)
        self._queue.put(None)
        if thread is not None and thread is not threading.current_thread():
            thread.join()
        for file in self._flows:
            file.close()

    def Join(self) -> int:
        """Wait until the API has been released."""
        thread = self._thread
        if thread is not None:
            thread.join()
        return 0

    def GetTradingDay(self) -> str:
        """Return the trading day, empty before the first connection."""
        self._alive()
        return self._host.trading_day

    def GetApiVersion(self) -> str:
        """Return the native library's version, marked as simulated."""
        native: Any = self.catalogue.api_class
        return f"{native.GetApiVersion()} sim"

    def GetFrontInfo(self, info: Any) -> None:
        """Fill a ``CThostFtdcFrontInfoField``: address and the flow control of the options."""
        self._alive()
        layout = self._codec.layout("CThostFtdcFrontInfoField")
        interval = self._host.query_interval
        often = max(1, round(1 / interval)) if interval else 0
        layout.write(info, {"FrontAddr": "sim://", "QryFreq": often, "FTDPkgFreq": 0})

    # Requests: the classes made below have a method for each of the catalogue's

    def _request(self, method: Method, body: Any, request_id: int) -> int:
        raw = self._body(method, body)
        connection = self._connection
        if connection is None or not self._connected:
            return NOT_CONNECTED
        failed = self._host.faults.return_value()
        if failed:
            return failed
        if method.is_query:
            held_back = self._pacing.send(request_id, monotonic())
            if held_back:
                return held_back
        self._host.request(connection, method.name, raw, request_id)
        return 0

    def _submit(self, method: Method, body: Any) -> int:
        self._body(method, body)
        return 0 if self._connected else NOT_CONNECTED

    def _subscribe(self, method: Method, instruments: list[bytes], count: int) -> int:
        self._alive()
        if not 0 <= count <= len(instruments):
            raise ValueError(f"{count} instruments told, {len(instruments)} given")
        names = [_text(instrument) for instrument in instruments[:count]]
        connection = self._connection
        if connection is None or not self._connected:
            return NOT_CONNECTED
        self._host.subscribe(connection, method.name, method.reply.name, names)
        return 0

    def _body(self, method: Method, body: Any) -> bytes:
        self._alive()
        wanted = getattr(self.catalogue.module, method.request_struct)
        if not isinstance(body, wanted):
            raise TypeError(f"{method.name} takes a {method.struct}, not {type(body).__name__}")
        return self._codec.layout(method.request_struct).read(body)

    def _alive(self) -> None:
        if self._released:
            raise RuntimeError("the API has been released")

    # The sink, called on the host's thread

    def put(self, deliveries: list[Delivery]) -> None:
        """Take callbacks, to be made in this order on the API's own thread."""
        self._queue.put(deliveries)

    def stands(self, standing: bool) -> None:
        """Note whether the connection stands, so that requests may be sent."""
        self._connected = standing and not self._released
        self._pacing.reset()

    def topics(self) -> tuple[FlowPlace, FlowPlace]:
        """Return how the private flow and the public one are to go on."""
        if not self._flows:
            return FlowPlace(QUICK, "", 0), FlowPlace(QUICK, "", 0)
        private, public = (
            FlowPlace(mode, file.day, file.number)
            for mode, file in zip(self._modes, self._flows, strict=True)
        )
        return private, public

    def faulty(self, options: FaultOptions) -> None:
        """Do nothing: the API asks the host's faults at each request."""

    # The callback thread

    def _run(self) -> None:
        while (deliveries := self._queue.get()) is not None:
            for delivery in deliveries:
                self._call(delivery)

    def _call(self, delivery: Delivery) -> None:
        spi = self._spi
        if spi is None or self._released:
            return
        callback = self.catalogue.callbacks[delivery.callback]
        used: list[tuple[str, Any]] = []
        arguments = self._arguments(callback, delivery, used)
        try:
            getattr(spi, delivery.callback)(*arguments)
        except Exception:  # noqa: BLE001 - whatever a handler raises must not end the thread
            self.log.failure("An exception left {callback}", callback=delivery.callback)
        finally:
            for name, live in used:
                self._codec.layout(name).wipe(live)
        if callback.has_request and delivery.last:
            self._pacing.answered(delivery.request_id)
        if delivery.flow and self._flows:
            self._flows[delivery.public].reached(self._host.trading_day, delivery.flow)

    def _arguments(
        self, callback: Callback, delivery: Delivery, used: list[tuple[str, Any]]
    ) -> list[Any]:
        arguments: list[Any] = []
        if callback.struct is not None:
            arguments.append(self._live(callback.struct, delivery.body, used))
        elif callback.number is not None:
            arguments.append(delivery.number)
        if callback.has_info:
            arguments.append(self._live(RSP_INFO, delivery.info, used))
        if callback.has_request:
            arguments += (delivery.request_id, delivery.last)
        return arguments

    def _live(self, name: str, raw: bytes | None, used: list[tuple[str, Any]]) -> Any:
        """Return a real struct with these bytes; the same one is filled anew for every callback."""
        if raw is None:
            return None
        live = self._structs.get(name)
        layout = self._codec.layout(name)
        if live is None:
            live = self._structs[name] = layout.new(raw)
        else:
            layout.write(live, raw)
        used.append((name, live))
        return live


def _text(instrument: bytes) -> str:
    """Return an instrument's name as the answer can repeat it."""
    return instrument[:_LONGEST_NAME].decode("gbk", "replace").replace("\ufffd", "?")


class _FlowFile:
    """The number last received of a flow, kept in a file so that RESUME works over restarts."""

    def __init__(self, path: str) -> None:
        self._file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        known = os.pread(self._file, _FLOW.size, 0)
        self.day, self.number = "", 0
        if len(known) == _FLOW.size:
            day, self.number = _FLOW.unpack(known)
            self.day = day.decode("ascii", "replace")

    def reached(self, day: str, number: int) -> None:
        """Note that the message of a number has been handed over."""
        self.day, self.number = day, number
        os.pwrite(self._file, _FLOW.pack(day.encode(), number), 0)

    def close(self) -> None:
        """Close the file."""
        os.close(self._file)


def _request_method(method: Method) -> Callable[..., int]:
    def call(self: SimApi, body: Any, request_id: int) -> int:
        return self._request(method, body, request_id)

    return call


def _submit_method(method: Method) -> Callable[..., int]:
    def call(self: SimApi, body: Any) -> int:
        return self._submit(method, body)

    return call


def _subscribe_method(method: Method) -> Callable[..., int]:
    def call(self: SimApi, instruments: list[bytes], count: int) -> int:
        return self._subscribe(method, instruments, count)

    return call


_MAKERS: Final = {
    Shape.REQUEST: _request_method,
    Shape.SUBMIT: _submit_method,
    Shape.SUBSCRIPTION: _subscribe_method,
}


def _api_class(name: str, catalogue: Catalogue, *, trading: bool) -> type[SimApi]:
    """Make an API class with every method of a catalogue."""
    methods: dict[str, Any] = {"catalogue": catalogue, "trading": trading}
    for method in catalogue.methods.values():
        maker = _MAKERS.get(method.shape)
        if maker is not None:
            call = maker(method)
            call.__name__ = call.__qualname__ = method.name
            call.__doc__ = method.meaning
            methods[method.name] = call
    return type(name, (SimApi,), methods)


@cache
def trader_class() -> type[SimApi]:
    """``SimTraderApi``: the surface of ``CThostFtdcTraderApi``."""
    return _api_class("SimTraderApi", binding.load().trading, trading=True)


@cache
def market_class() -> type[SimApi]:
    """``SimMdApi``: the surface of ``CThostFtdcMdApi``."""
    return _api_class("SimMdApi", binding.load().market, trading=False)
