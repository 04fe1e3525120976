"""A simulated front as a process of its own, on a Unix socket: the side of those who use it."""

import socket
import threading
from collections.abc import Sequence
from time import monotonic_ns, time_ns
from typing import Any, Final
from urllib.parse import unquote, urlsplit

import msgspec
from twisted.logger import Logger

from webctp.ctp import binding
from webctp.language.text import english, verbatim
from webctp.sim.events import READ_FAILED
from webctp.sim.host.api import market_class, trader_class
from webctp.sim.host.faults import Faults
from webctp.sim.host.packing import Delivery
from webctp.sim.host.sink import CallbackSink, Connection
from webctp.sim.options import FaultOptions, OptionError
from webctp.sim.remote import messages
from webctp.sim.remote.messages import (
    UNREADABLE,
    Batch,
    Control,
    Done,
    Frames,
    Listed,
    MessageError,
    Standing,
    Welcome,
)

_RETRY: Final = 1.0
"""Seconds between tries to connect: the native library's pace."""
_CHUNK: Final = 262_144
_PATIENCE: Final = 10.0
"""Seconds that a control request waits for its answer."""


class RemoteFront:
    """What stands behind ``sim+unix://PATH``: a :class:`webctp.ctp.front.Front`.

    :raises OptionError: for an address that is not of this form.
    """

    def __init__(self, address: str) -> None:
        self.path = path_of(address)
        self.binding = binding.load()
        self._told = _Told()

    def create_trader(self, flow_path: str, production_mode: bool) -> Any:
        """Make a trading API; ``production_mode`` makes no difference here."""
        return trader_class()(RemoteHost(self.path, self._told), flow_path)

    def create_market(self, flow_path: str, production_mode: bool) -> Any:
        """Make a market-data API."""
        return market_class()(RemoteHost(self.path, self._told), flow_path)

    @property
    def speed(self) -> float:
        """Return the seconds at the front that pass in one of ours."""
        return self._told.speed

    def instruments(self) -> Sequence[str]:
        """Return today's instruments, as the other process last sent them."""
        return self._told.instruments

    def clock(self) -> int:
        """Return the exchange's time in nanoseconds since 1970; this machine's before it begins."""
        return self._told.clock()

    def control(self, command: str, **arguments: str) -> None:
        """Carry out a control request; blocks until it is answered.

        :raises OptionError: for one that is not understood.
        :raises OSError: if no front serves the socket.
        """
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(_PATIENCE)
            line.connect(self.path)
            line.sendall(messages.framed(Control(command, arguments)))
            answer = _first(line)
        if answer.mistake:
            raise OptionError(verbatim(answer.mistake))


class _Told:
    """The last state that an exchange in another process has sent. Any thread."""

    def __init__(self) -> None:
        self.speed = 1.0
        self.instruments: Sequence[str] = ()
        self._time: tuple[int, int] | None = None

    def is_at(self, clock: int) -> None:
        """Take the exchange's time, in nanoseconds since 1970."""
        self._time = clock, monotonic_ns()

    def clock(self) -> int:
        """Return the exchange's time in nanoseconds since 1970."""
        if self._time is None:
            return time_ns()
        clock, at = self._time
        return clock + int((monotonic_ns() - at) * self.speed)


def path_of(address: str) -> str:
    """Return the socket's path in ``sim+unix://PATH``.

    :raises OptionError: for an address that is not of this form.
    """
    parts = urlsplit(address)
    path = unquote(parts.netloc + parts.path)
    if parts.scheme != "sim+unix" or not path or parts.query or parts.fragment:
        raise OptionError(
            english(
                "{address!r} is no simulated front's socket; write sim+unix:///a/path",
                address=address,
            )
        )
    return path


class RemoteHost:
    """What a :class:`webctp.sim.host.thread.SimThread` is to an API, at the other end of a socket.

    It serves one API. Its thread connects, reads, and connects again once a second when nobody
    serves the socket or the line breaks, telling OnFrontDisconnected each time.
    """

    log = Logger()

    def __init__(self, path: str, told: _Told) -> None:
        self._path = path
        self._told = told
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._seed = 0
        self._line = 0
        self.faults = Faults(FaultOptions(), 0)
        self.query_interval = 0.0
        self.trading_day = ""

    # For the API

    def connect(self, sink: CallbackSink, *, trading: bool) -> Connection:
        """Connect the API: OnFrontConnected follows once the front is there."""
        connection = Connection(sink, trading)
        self._thread = threading.Thread(
            target=self._run, args=(connection,), name="sim-line", daemon=True
        )
        self._thread.start()
        return connection

    def leave(self, connection: Connection) -> None:
        """Let an API go for good."""
        self._stopping.set()
        with self._lock:
            if self._socket is not None:
                self._socket.shutdown(socket.SHUT_RDWR)
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join()

    def request(self, connection: Connection, name: str, raw: bytes, request_id: int) -> None:
        """Send a request."""
        topics = connection.sink.topics()
        self._send(messages.Request(name, raw, request_id, topics, self._line))

    def subscribe(
        self, connection: Connection, name: str, callback: str, wanted: list[str]
    ) -> None:
        """Send one of the four subscription calls."""
        self._send(messages.Subscribe(name, callback, wanted, self._line))

    def _send(self, message: messages.ToServer) -> None:
        data = messages.framed(message)
        with self._lock:
            if self._socket is None:
                return
            try:
                self._socket.sendall(data)
            except OSError as problem:
                # The reading thread meets the same end, and reports it.
                self.log.debug("A request was lost: {problem}", problem=problem)

    # The thread

    def _run(self, connection: Connection) -> None:
        while not self._stopping.is_set():
            try:
                self._talk(connection)
            except (OSError, *UNREADABLE) as problem:
                self.log.debug("The simulated front's line ended: {problem}", problem=problem)
            if not self._stopping.is_set():
                # As the native library does, whether or not there was a connection before.
                connection.sink.stands(False)
                connection.sink.put([Delivery("OnFrontDisconnected", number=READ_FAILED)])
                self._stopping.wait(_RETRY)

    def _talk(self, connection: Connection) -> None:
        """Connect and read until the end."""
        frames = Frames()
        self._line = 0
        hello = messages.Hello(connection.trading, str(binding.load()))
        with socket.socket(socket.AF_UNIX) as line:
            line.connect(self._path)
            line.sendall(messages.framed(hello))
            with self._lock:
                self._socket = line
            try:
                while not self._stopping.is_set() and (data := line.recv(_CHUNK)):
                    for body in frames.feed(data):
                        self._received(connection.sink, messages.to_client.decode(body))
            finally:
                with self._lock:
                    self._socket = None

    def _received(self, sink: CallbackSink, message: messages.ToClient) -> None:
        match message:
            case Welcome():
                self.query_interval = message.query_interval
                self._told.speed = message.speed
                faults = FaultOptions(return_error=message.return_error)
                if self.faults.options != faults or message.seed != self._seed:
                    self._seed = message.seed
                    self.faults = Faults(faults, message.seed)
            case Standing():
                self._line += message.standing
                sink.stands(message.standing)
            case Listed():
                self._told.instruments = tuple(message.instruments)
            case Batch():
                self.trading_day = message.trading_day
                self._told.is_at(message.clock)
                sink.put([Delivery(*msgspec.structs.astuple(one)) for one in message.messages])
            case Done():
                raise MessageError("an answer to nothing")


def _first(line: socket.socket) -> Done:
    frames = Frames()
    while data := line.recv(_CHUNK):
        for body in frames.feed(data):
            answer = messages.to_client.decode(body)
            if isinstance(answer, Done):
                return answer
    raise ConnectionError("the simulated front closed the line")
