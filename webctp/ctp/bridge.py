"""Hand callbacks from native threads to the reactor, in batches.

A native thread must leave a callback fast, must not let an exception out of it, and may not keep
a pointer. So a callback copies its structs' bytes, appends one event to a queue, and wakes the
reactor unless a wake-up is already under way; the reactor takes all that has gathered in one
turn. An idle daemon thus delivers at once and a busy one in batches, with no timer.

When much waits for the reactor the native thread waits a moment, too. After that the two queues
differ: :class:`Bridge` grows, for trading events are money; of :class:`TickBridge`'s ticks the
newest of each instrument wins, and what was passed over is counted.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from ctypes import PYFUNCTYPE, c_ssize_t, c_void_p, py_object, pythonapi
from threading import Condition
from time import perf_counter
from typing import Any, Final, NamedTuple, Protocol

from twisted.logger import Logger

from webctp.ctp import threads
from webctp.ctp.catalog import Callback, Catalogue
from webctp.ctp.codec import Codec
from webctp.metrics import Kind, Metric, Sample


class CallbackEvent(NamedTuple):
    """One call of a callback, copied out of native memory.

    ``body`` and ``info`` (RspInfo) are the structs' bytes, None for NULL. ``number`` is the request
    id; for a callback with a bare integer it is that integer.
    """

    callback: Callback
    body: bytes | None
    info: bytes | None
    number: int
    is_last: bool


_new: Final = tuple.__new__
"""Makes a CallbackEvent in 0.13 µs; its own constructor takes twice that."""


RSP_INFO: Final = "CThostFtdcRspInfoField"
_TURN: Final = 16
_TICK_TURN: Final = 128
"""Events delivered in one reactor turn: others must have their turn, too. Ticks take less time."""
_LEAST_TICKS: Final = 16
_LONG: Final = 0.008
"""Seconds beyond which a batch of ticks is too much for one turn."""
_BOUND: Final = 64
_TICK_BOUND: Final = 4_096
_PATIENCE: Final = 0.1

_log = Logger()

_WAITING: Final = Metric(
    "webctp_callbacks_waiting",
    Kind.GAUGE,
    "Callbacks of the native library that wait for the reactor.",
    "等待反应器处理的 CTP 回调数。",
    ("bridge",),
)
_WAITING_LIMIT: Final = Metric(
    "webctp_callbacks_waiting_limit",
    Kind.GAUGE,
    "Callbacks that may wait until the native thread does, too.",
    "可等待的 CTP 回调数；达到后 CTP 线程也等待。",
    ("bridge",),
)
_DELIVERED: Final = Metric(
    "webctp_callbacks_total",
    Kind.COUNTER,
    "Callbacks of the native library that the reactor has taken.",
    "反应器已处理的 CTP 回调数。",
    ("bridge",),
)
_BATCHES: Final = Metric(
    "webctp_callback_batches_total",
    Kind.COUNTER,
    "Batches that callbacks came to the reactor in: one is one turn of it.",
    "CTP 回调交给反应器的批数（每批占一轮）。",
    ("bridge",),
)
_WAITS: Final = Metric(
    "webctp_callback_waits_total",
    Kind.COUNTER,
    "Times that a native thread waited because the reactor was far behind.",
    "因反应器落后，CTP 线程等待的次数。",
    ("bridge",),
)
_FAILED: Final = "a CTP callback failed"

_copy: Final = PYFUNCTYPE(py_object, c_void_p, c_ssize_t)(("PyBytes_FromStringAndSize", pythonapi))
"""``ctypes.string_at`` without its Python half."""


class FromThread(Protocol):
    """The reactor, as other threads may use it."""

    def callFromThread(self, callable: Callable[..., Any], *args: object, **kwargs: object) -> None:
        """Run ``callable`` in the reactor's thread."""


class Bridge:
    """Queue events from any thread for the reactor; keep all of them.

    A native thread that is far ahead of the reactor waits a moment for it, so that the reactor
    need not fight for Python; but what the thread brings is queued in any case.

    :param deliver: called in the reactor's thread with each batch, in order.
    :param bound: how many events may wait before the native thread does.
    :param patience: how long, in seconds, it waits.
    """

    turn = _TURN

    def __init__(
        self,
        reactor: FromThread,
        deliver: Callable[[list[CallbackEvent]], object],
        *,
        bound: int = _BOUND,
        patience: float = _PATIENCE,
    ) -> None:
        self._reactor = reactor
        self._deliver = deliver
        self._bound = bound
        self._patience = patience
        self._events: deque[CallbackEvent] = deque()
        self._newest: dict[bytes, CallbackEvent] = {}
        """What is kept beside the queue: nothing but a TickBridge's newest ticks."""
        self._woken = False
        self._room = Condition()
        self._wanted = False
        self._in_vain = False
        self._delivered = self._batches = self._waits = 0

    def samples(self, name: str) -> Iterator[Sample]:
        """Read the bridge's figures; called on a scrape, in the reactor's thread.

        :param name: what tells this bridge from others (the label ``bridge``).
        """
        yield _WAITING.sample(len(self._events) + len(self._newest), name)
        yield _WAITING_LIMIT.sample(self._bound, name)
        yield _DELIVERED.sample(self._delivered, name)
        yield _BATCHES.sample(self._batches, name)
        yield _WAITS.sample(self._waits, name)

    def put(self, event: CallbackEvent) -> None:
        """Queue an event; any thread."""
        if len(self._events) >= self._bound:
            with self._room:
                self._wait_for_room()
        self._events.append(event)
        if not self._woken:
            self._wake()

    def _wait_for_room(self) -> bool:
        """Return whether there is room, with ``_room`` held; who has waited in vain asks only."""
        self._wanted = True
        if self._in_vain:
            return self._has_room()
        self._waits += 1
        self._in_vain = not self._room.wait_for(self._has_room, self._patience)
        return not self._in_vain

    def _has_room(self) -> bool:
        # Half of it, so that the two threads take long turns rather than wake each other.
        return len(self._events) <= self._bound // 2

    def _wake(self) -> None:
        self._woken = True
        self._reactor.callFromThread(self._drain)

    def _drain(self) -> None:
        # Cleared before the queue is read: an event that comes now is taken now or wakes anew.
        self._woken = False
        events, batch = self._events, []
        for _ in range(min(len(events), self.turn)):
            batch.append(events.popleft())
        if self._wanted and self._has_room():
            with self._room:
                batch.extend(self._made_room())
                self._room.notify_all()
        if (events or self._newest) and not self._woken:
            self._wake()
        self._batches += 1
        self._delivered += len(batch)
        self._deliver(batch)

    def _made_room(self) -> Iterable[CallbackEvent]:
        """Note that there is room again, with ``_room`` held; return what was kept elsewhere."""
        self._wanted = self._in_vain = False
        return ()


class TickBridge(Bridge):
    """Bound the ticks that wait; pass every other event as :class:`Bridge` does.

    :param instrument: where a tick's bytes hold its InstrumentID, the key of conflation.
    :param patience: how long, in seconds, the native thread waits before ticks are passed over.
    """

    turn = _TICK_TURN

    def __init__(
        self,
        reactor: FromThread,
        deliver: Callable[[Iterable[CallbackEvent]], object],
        instrument: slice,
        *,
        bound: int = _TICK_BOUND,
        patience: float = _PATIENCE,
    ) -> None:
        super().__init__(reactor, self._hand_out, bound=bound, patience=patience)
        self._take = deliver
        self._instrument = instrument
        self._missed: dict[bytes, int] = {}
        self.dropped = 0
        """Ticks passed over for newer ones of their instrument, ever."""

    def put_tick(self, event: CallbackEvent) -> None:
        """Queue a tick (its body is not None); the native thread of one front."""
        if len(self._events) >= self._bound or self._newest:
            self._put_late(event)
        else:
            self._events.append(event)
        if not self._woken:
            self._wake()

    def take_missed(self) -> Mapping[bytes, int]:
        """Return, once, how many ticks of each instrument were passed over for newer ones.

        Nothing while some of the newer ones still wait beside the queue. The reactor's thread.
        """
        with self._room:
            if self._newest:
                return {}
            missed, self._missed = self._missed, {}
        return missed

    def _put_late(self, event: CallbackEvent) -> None:
        """Wait for room in a full queue, then let the newest tick of an instrument win."""
        with self._room:
            if not self._newest and self._wait_for_room():
                self._events.append(event)
                return
            # Once one tick is held here all are, or an instrument's ticks would change places.
            # What stands behind the NUL is nobody's; with it, keys would be without end.
            key = (event.body or b"")[self._instrument].partition(b"\0")[0]
            if key in self._newest:
                self._missed[key] = self._missed.get(key, 0) + 1
                self.dropped += 1
            self._newest[key] = event
            self._wanted = True

    def _made_room(self) -> Iterable[CallbackEvent]:
        if self._events:
            return ()  # what is kept beside the queue comes behind all of it
        newest = tuple(self._newest.values())
        self._newest.clear()
        super()._made_room()
        return newest

    def _hand_out(self, batch: list[CallbackEvent]) -> None:
        """Hand out a batch; where each tick takes long take fewer in the next turn."""
        if len(batch) < _LEAST_TICKS:  # no fewer are taken: the clock is not looked at for it
            self._take(batch)
            return
        begun = perf_counter()
        self._take(batch)
        taken = perf_counter() - begun
        if taken > _LONG:
            self.turn = max(self.turn // 2, _LEAST_TICKS)
        elif taken < _LONG / 4 and self.turn < _TICK_TURN:
            self.turn *= 2


def spi(catalogue: Catalogue, codec: Codec, bridge: Bridge) -> Any:
    """Return a director instance (the object to pass to ``RegisterSpi``) that feeds ``bridge``.

    Each callback of the catalogue is implemented. Keep a reference until ``Release`` has
    returned: without one the callbacks silently stop.
    """
    put_tick = bridge.put_tick if isinstance(bridge, TickBridge) else bridge.put
    return _spi_class(catalogue, codec)(bridge.put, put_tick)


_classes: dict[type, type] = {}


def _spi_class(catalogue: Catalogue, codec: Codec) -> type:
    base = catalogue.spi_class
    known = _classes.get(base)
    if known is None:
        methods = _implementations(catalogue, codec)
        known = _classes[base] = type(f"Bridged{base.__name__}", (base,), {**methods})
    return known


def _implementations(catalogue: Catalogue, codec: Codec) -> Mapping[str, Any]:
    def __init__(
        self: Any, put: Callable[[CallbackEvent], None], put_tick: Callable[[CallbackEvent], None]
    ) -> None:
        catalogue.spi_class.__init__(self)  # type: ignore[misc]
        self.put = put
        self.put_tick = put_tick

    info_size = codec.layout(RSP_INFO).size
    return {
        "__init__": __init__,
        **{
            name: _implementation(callback, codec, info_size)
            for name, callback in catalogue.callbacks.items()
        },
    }


def _implementation(callback: Callback, codec: Codec, info_size: int) -> Callable[..., None]:
    """Make the method that a native thread calls, by the shape of the callback's signature."""
    size = codec.layout(callback.struct).size if callback.struct else 0
    if callback.struct and not callback.has_info and not callback.has_request:
        return _push(callback, size, ticks=callback.name == "OnRtnDepthMarketData")

    def refusal(self: Any, body: Any, info: Any) -> None:
        raw = None if body is None else _copy(int(body.this), size)
        raw_info = None if info is None else _copy(int(info.this), info_size)
        self.put(_new(CallbackEvent, (callback, raw, raw_info, 0, True)))

    def response(self: Any, body: Any, info: Any, request_id: int, is_last: bool) -> None:
        raw = None if body is None else _copy(int(body.this), size)
        raw_info = None if info is None else _copy(int(info.this), info_size)
        self.put(_new(CallbackEvent, (callback, raw, raw_info, request_id, is_last)))

    def error(self: Any, info: Any, request_id: int, is_last: bool) -> None:
        raw_info = None if info is None else _copy(int(info.this), info_size)
        self.put(_new(CallbackEvent, (callback, None, raw_info, request_id, is_last)))

    def number(self: Any, value: int) -> None:
        self.put(_new(CallbackEvent, (callback, None, None, value, True)))

    def bare(self: Any) -> None:
        self.put(_new(CallbackEvent, (callback, None, None, 0, True)))

    if callback.struct:
        return _contained(response if callback.has_request else refusal)
    return _contained(error if callback.has_info else number if callback.number else bare)


def _push(callback: Callback, size: int, *, ticks: bool) -> Callable[..., None]:
    """Make the method of a push, as of every tick and every order: one call, and no other in it.

    What :func:`_contained` does for the rest stands here again: its wrapper takes a seventh of
    the whole callback.
    """
    known = threads.known

    def tick(self: Any, body: Any) -> None:
        try:
            if not known.here:
                threads.keep()
            event = (callback, _copy(int(body.this), size), None, 0, True)
            self.put_tick(_new(CallbackEvent, event))
        except Exception:  # noqa: BLE001 - whatever it is, it must not reach native code
            _log.failure(_FAILED)

    def push(self: Any, body: Any) -> None:
        try:
            if not known.here:
                threads.keep()
            raw = None if body is None else _copy(int(body.this), size)
            self.put(_new(CallbackEvent, (callback, raw, None, 0, True)))
        except Exception:  # noqa: BLE001 - whatever it is, it must not reach native code
            _log.failure(_FAILED)

    return tick if ticks else push


def _contained(implementation: Callable[..., None]) -> Callable[..., None]:
    """Let no exception leave a callback: some builds of the binding abort the process."""
    known = threads.known

    def callback(self: Any, *arguments: Any) -> None:
        try:
            if not known.here:
                threads.keep()
            implementation(self, *arguments)
        except Exception:  # noqa: BLE001 - whatever it is, it must not reach native code
            _log.failure(_FAILED)

    return callback
