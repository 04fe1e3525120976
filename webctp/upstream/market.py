"""The market-data hub: one upstream connection, however many clients.

Clients' subscriptions are counted (:mod:`webctp.upstream.topics`) and live here, not at the front:
during an outage they are taken as always, and the whole wanted set is sent when the front is back.

Instruments are bytes throughout, as CTP has them: a tick's subscribers are found by the bytes of
its InstrumentID field, before anything is decoded. All methods run in the reactor's thread.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, Protocol

from twisted.internet.defer import Deferred
from twisted.logger import Logger

from webctp.ctp import catalog, errors
from webctp.ctp.bridge import Event, TickBridge
from webctp.ctp.catalog import Callback, Method
from webctp.ctp.codec import codec_for
from webctp.ctp.front import Front
from webctp.upstream.bars import BarMakers
from webctp.upstream.connection import Connection, InThread
from webctp.upstream.known import MOST_KNOWN, Known
from webctp.upstream.machine import State
from webctp.upstream.recorder import Record, RecordingBridge
from webctp.upstream.session import LoginFailed, Session, Step, login_failure
from webctp.upstream.topics import AT_ONCE, Pace, Subscribers, Topics

_log = Logger()

_TICK: Final = "OnRtnDepthMarketData"
_QUOTE: Final = "OnRtnForQuoteRsp"
_NAMES_KEPT: Final = 65_536
_SUBSCRIBE: Final = {"tick": "SubscribeMarketData", "quote": "SubscribeForQuoteRsp"}
_UNSUBSCRIBE: Final = {"tick": "UnSubscribeMarketData", "quote": "UnSubscribeForQuoteRsp"}


class Sink(Protocol):
    """What turns the hub's events into messages; the gateway's side."""

    def publish(self, callback: Callback, body: bytes, subscribers: Subscribers) -> None:
        """A tick or quote request for ``subscribers`` (never empty)."""

    def state_changed(self, state: State, reason: str) -> None:
        """The upstream has moved to ``state``."""

    def broadcast(self, event: Event) -> None:
        """Something for every client of the hub."""

    def flush(self) -> None:
        """A batch has been published."""


@dataclass(frozen=True, slots=True)
class MarketSettings:
    """What the hub takes from the configuration. ``login_timeout`` in seconds.

    ``record`` gets the bytes of every tick the front sends, on the front's callback thread.
    ``known_limit`` bounds the instruments that patterns are read over; ``last_tick`` says whether
    a newcomer to an instrument is told its last tick at once.
    """

    addresses: tuple[str, ...]
    broker_id: str
    flow_base: str
    production_mode: bool
    login_timeout: float
    record: Record | None = None
    pace: Pace = AT_ONCE
    known_limit: int = MOST_KNOWN
    last_tick: bool = True


class MarketHub:
    """See the module's text.

    :param front: what stands behind the addresses.
    """

    def __init__(
        self,
        reactor: Any,
        in_thread: InThread,
        front: Front,
        settings: MarketSettings,
        sink: Sink,
    ) -> None:
        self._clock = reactor
        self._catalogue = catalog.market_data()
        self._settings = settings
        self._sink = sink
        codec = codec_for(self._catalogue.module)
        self._keys = {
            name: _instrument_slice(codec.layout(str(self._catalogue.callbacks[name].struct)))
            for name in (_TICK, _QUOTE)
        }
        self._tick = self._catalogue.callbacks[_TICK]
        self._names = _Names()
        self.bars = BarMakers(reactor, codec.layout(str(self._tick.struct)), sink.flush)
        """Makes the bars that somebody watches; who does hands it the ticks."""
        self.known = Known(settings.known_limit)
        """What patterns are read over; whoever knows of instruments may tell it."""
        self._topics = {
            name: Topics(reactor, settings.pace, self.known, partial(self._send, kind))
            for name, kind in ((_TICK, "tick"), (_QUOTE, "quote"))
        }
        self._waiting: set[Deferred[bytes]] = set()
        self.bridge = (
            TickBridge(reactor, self._deliver, self._keys[_TICK])
            if settings.record is None
            else RecordingBridge(reactor, self._deliver, self._keys[_TICK], settings.record)
        )
        connection = Connection(
            in_thread=in_thread,
            create=front.create_market,
            prepare=self._prepare,
            catalogue=self._catalogue,
            bridge=self.bridge,
            flow_base=settings.flow_base,
            flow_identity=("md", *settings.addresses),
            production_mode=settings.production_mode,
        )
        self.session = Session(
            reactor, self._catalogue, connection, self, step_timeout=settings.login_timeout
        )

    def start(self) -> None:
        """Connect and keep connected. The front asks for no credentials for market data."""
        self.session.start()
        login = self._catalogue.methods["ReqUserLogin"]
        body = codec_for(self._catalogue.module).layout(str(login.struct))
        step = Step(login, body.pack({"BrokerID": self._settings.broker_id}))
        # It fails only when the session is closed, and that is told as a change of state.
        self.session.login({State.LOGGING_IN: step}, None).addErrback(login_failure)

    def close(self) -> Deferred[None]:
        """Release the upstream."""
        return self.session.close("the daemon stops")

    @property
    def state(self) -> State:
        """Where the upstream stands."""
        return self.session.state

    def logged_in(self) -> Deferred[bytes]:
        """The body of the upstream's RspUserLogin, as soon as there was one.

        Fails with :class:`~webctp.upstream.session.LoginFailed` if there is none within
        ``LoginTimeout``.
        """
        waiting: Deferred[bytes] = Deferred()
        if self.session.login_body is not None:
            waiting.callback(self.session.login_body)
        else:
            self._waiting.add(waiting)
            waiting.addTimeout(self._settings.login_timeout, self._clock, _no_login)
            waiting.addBoth(self._waited, waiting)
        return waiting

    def subscribe(
        self, kind: str, client: Any, instruments: Iterable[bytes], *, anew: bool = False
    ) -> list[bytes]:
        """Count ``client`` in; gives the last tick of each instrument newly subscribed.

        :param kind: ``"tick"`` or ``"quote"``.
        :param instruments: names and patterns (``*``, ``rb*``).
        :param anew: whether those it is subscribed to already count as new: it asks for another
            form of them.
        """
        topics = self._topics[_TICK if kind == "tick" else _QUOTE]
        return topics.subscribe(client, instruments, anew=anew)

    def unsubscribe(self, kind: str, client: Any, instruments: Iterable[bytes]) -> None:
        """Count ``client`` out; the front is told of instruments nobody wants any more."""
        self._topics[_TICK if kind == "tick" else _QUOTE].unsubscribe(client, instruments)

    def subscribers(self, tick: bytes) -> Subscribers:
        """The clients that get ticks of that tick's instrument."""
        topic = self._topics[_TICK].by_name.get(self._names[tick[self._keys[_TICK]]])
        return Subscribers() if topic is None else topic.subscribers

    def request(self, method: Method, body: bytes, answer: Any) -> int:
        """Send another request of market data (``ReqQryMulticastInstrument``)."""
        return self.session.request(method, body, answer)

    def _deliver(self, events: Iterable[Event]) -> None:
        """Ticks go the short way, everything else through the session."""
        tick = self._tick
        for event in events:
            if event[0] is tick and event[1] is not None and self.state is not State.CLOSED:
                try:
                    self._publish(tick, event[1])
                except Exception:  # noqa: BLE001 - what one tick does must not harm the next
                    _log.failure("cannot deliver a tick")
            else:
                self.session.deliver((event,))
        self._sink.flush()

    def _publish(self, callback: Callback, body: bytes) -> None:
        name = self._names[body[self._keys[callback.name]]]
        topic = self._topics[callback.name].by_name.get(name)
        if topic is None:
            return
        if callback.name == _TICK:  # a request for quotes is over once it is told
            if topic.last is None:
                self.known.learn((name,))
            topic.last = body
        if topic.subscribers:
            self._sink.publish(callback, body, topic.subscribers)

    def pushed(self, event: Event) -> None:
        """Of :class:`~webctp.upstream.session.Listener`: ticks to their subscribers."""
        callback, body = event[0], event[1]
        if callback.name in self._topics and body is not None:
            self._publish(callback, body)
        elif not callback.has_request or self.session.error_of(event[2]):
            self._sink.broadcast(event)

    def state_changed(self, state: State, reason: str) -> None:
        """Of :class:`~webctp.upstream.session.Listener`: when ready, ask for all that is wanted."""
        self._sink.state_changed(state, reason)
        if state is State.READY:
            for one in list(self._waiting):
                one.callback(self.session.login_body or b"")
            for topics in self._topics.values():
                topics.ready()
        elif state is State.CLOSED:
            for topics in self._topics.values():
                topics.close()
            self.bars.close()
        else:
            for topics in self._topics.values():
                topics.lost()
            self.bars.pause()

    def flush(self) -> None:
        """Of :class:`~webctp.upstream.session.Listener`."""
        self._sink.flush()

    def _waited(self, result: Any, waiting: Deferred[bytes]) -> Any:
        self._waiting.discard(waiting)
        return result

    def _send(self, kind: str, wanted: bool, instruments: list[bytes]) -> int:
        name = (_SUBSCRIBE if wanted else _UNSUBSCRIBE)[kind]
        return self.session.connection.subscribe(self._catalogue.methods[name], instruments)

    def _prepare(self, api: Any) -> None:
        for address in self._settings.addresses:
            api.RegisterFront(address)


class _Names(dict[bytes, bytes]):
    """The bytes of an InstrumentID field -> the name, ended by its NUL."""

    def __missing__(self, field: bytes) -> bytes:
        if len(self) >= _NAMES_KEPT:
            self.clear()
        name = self[field] = field.partition(b"\0")[0]
        return name


def _instrument_slice(layout: Any) -> slice:
    found = layout.by_name["InstrumentID"]
    return slice(found.offset, found.offset + found.size)


def _no_login(_: object, timeout: float) -> bytes:
    raise LoginFailed(errors.NO_ANSWER, f"no answer from the front within {timeout:g} s")
