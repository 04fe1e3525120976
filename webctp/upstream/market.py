"""The market-data hub: one upstream connection, however many clients.

Clients' subscriptions are counted; the front is asked for an instrument when the first client
wants it and told when the last has gone. Subscriptions live here, not at the front: during an
outage they are taken as always, and the whole wanted set is sent when the front is back.

Instruments are bytes throughout, as CTP has them: a tick's subscribers are found by the bytes of
its InstrumentID field, before anything is decoded. All methods run in the reactor's thread.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from twisted.internet.defer import Deferred

from webctp.ctp import catalog, errors
from webctp.ctp.bridge import Event, TickBridge
from webctp.ctp.catalog import Callback, Method
from webctp.ctp.codec import codec_for
from webctp.ctp.front import Front
from webctp.upstream.connection import Connection, InThread
from webctp.upstream.machine import State
from webctp.upstream.recorder import Record, RecordingBridge
from webctp.upstream.session import LoginFailed, Session, Step, login_failure

_TICK: Final = "OnRtnDepthMarketData"
_QUOTE: Final = "OnRtnForQuoteRsp"
_BATCH: Final = 500
_NAMES_KEPT: Final = 65_536
_SUBSCRIBE: Final = {"tick": "SubscribeMarketData", "quote": "SubscribeForQuoteRsp"}
_UNSUBSCRIBE: Final = {"tick": "UnSubscribeMarketData", "quote": "UnSubscribeForQuoteRsp"}


class Sink(Protocol):
    """What turns the hub's events into messages; the gateway's side."""

    def publish(self, callback: Callback, body: bytes, subscribers: Iterable[Any]) -> None:
        """A tick or quote request for ``subscribers`` (never empty)."""

    def state_changed(self, state: State, reason: str) -> None:
        """The upstream has moved to ``state``."""

    def broadcast(self, event: Event) -> None:
        """Something for every client of the hub."""

    def flush(self) -> None:
        """A batch has been published."""


@dataclass(slots=True)
class Topic:
    """What is known of one instrument (ticks) or of its quote requests."""

    subscribers: dict[Any, None] = field(default_factory=dict)
    last: bytes | None = None


@dataclass(frozen=True, slots=True)
class MarketSettings:
    """What the hub takes from the configuration. ``login_timeout`` in seconds.

    ``record`` gets the bytes of every tick the front sends, on the front's callback thread.
    """

    addresses: tuple[str, ...]
    broker_id: str
    flow_base: str
    production_mode: bool
    login_timeout: float
    record: Record | None = None


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
        self._topics: dict[str, dict[bytes, Topic]] = {_TICK: {}, _QUOTE: {}}
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

    def subscribe(self, kind: str, client: Any, instruments: Iterable[bytes]) -> list[bytes]:
        """Count ``client`` in; gives the last tick of each instrument newly subscribed.

        :param kind: ``"tick"`` or ``"quote"``.
        """
        topics = self._topics[_TICK if kind == "tick" else _QUOTE]
        wanted, last = [], []
        for instrument in instruments:
            topic = topics.get(instrument)
            if topic is None:
                topic = topics[instrument] = Topic()
                wanted.append(instrument)
            elif client not in topic.subscribers and topic.last is not None:
                last.append(topic.last)
            topic.subscribers[client] = None
        self._ask(_SUBSCRIBE[kind], wanted)
        return last

    def unsubscribe(self, kind: str, client: Any, instruments: Iterable[bytes]) -> None:
        """Count ``client`` out; the front is told of instruments nobody wants any more."""
        topics = self._topics[_TICK if kind == "tick" else _QUOTE]
        unwanted = []
        for instrument in instruments:
            topic = topics.get(instrument)
            if topic is not None:
                topic.subscribers.pop(client, None)
                if not topic.subscribers:
                    del topics[instrument]
                    unwanted.append(instrument)
        self._ask(_UNSUBSCRIBE[kind], unwanted)

    def request(self, method: Method, body: bytes, answer: Any) -> int:
        """Send another request of market data (``ReqQryMulticastInstrument``)."""
        return self.session.request(method, body, answer)

    def _deliver(self, events: Iterable[Event]) -> None:
        """Ticks go the short way, everything else through the session."""
        tick, names, topics = self._tick, self._names, self._topics[_TICK]
        place, publish = self._keys[_TICK], self._sink.publish
        for event in events:
            body = event[1]
            if event[0] is tick and body is not None:
                topic = topics.get(names[body[place]])
                if topic is not None:
                    topic.last = body
                    publish(tick, body, topic.subscribers)
            else:
                self.session.deliver((event,))
        self._sink.flush()

    def pushed(self, event: Event) -> None:
        """Of :class:`~webctp.upstream.session.Listener`: ticks to their subscribers."""
        callback, body = event[0], event[1]
        topics = self._topics.get(callback.name)
        if topics is None or body is None:
            if not callback.has_request or self.session.error_of(event[2]):
                self._sink.broadcast(event)
            return
        topic = topics.get(body[self._keys[callback.name]].partition(b"\0")[0])
        if topic is not None:
            if callback.name == _TICK:  # a request for quotes is over once it is told
                topic.last = body
            self._sink.publish(callback, body, topic.subscribers)

    def state_changed(self, state: State, reason: str) -> None:
        """Of :class:`~webctp.upstream.session.Listener`: when ready, ask for all that is wanted."""
        self._sink.state_changed(state, reason)
        if state is State.READY:
            for one in list(self._waiting):
                one.callback(self.session.login_body or b"")
            self._ask(_SUBSCRIBE["tick"], list(self._topics[_TICK]))
            self._ask(_SUBSCRIBE["quote"], list(self._topics[_QUOTE]))

    def flush(self) -> None:
        """Of :class:`~webctp.upstream.session.Listener`."""
        self._sink.flush()

    def _waited(self, result: Any, waiting: Deferred[bytes]) -> Any:
        self._waiting.discard(waiting)
        return result

    def _ask(self, name: str, instruments: list[bytes]) -> None:
        """Tell the front, in batches; what cannot be sent now is sent when it is ready again."""
        if self.state is not State.READY:
            return
        method = self._catalogue.methods[name]
        for start in range(0, len(instruments), _BATCH):
            self.session.connection.subscribe(method, instruments[start : start + _BATCH])

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
