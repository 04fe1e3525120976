"""The simulated exchange without threads: one core, real API objects, lines that delay and break.

The exchange, the wire, the faults and the API surface are the simulator's own. What stands
between them, its host, is replaced by one that runs on virtual time, sends everything through
lines with a delay, and can break them at any moment.
"""

from collections import deque
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache, partial
from random import Random
from typing import Any, Final

from twisted.internet.interfaces import IDelayedCall

from tests.chaos.clock import Pipe, Time
from tests.chaos.hours import FIRST
from tests.chaos.ledger import Ledger, enters
from webctp.ctp import binding
from webctp.exchanges import instruments
from webctp.exchanges.instruments import Instrument
from webctp.sim.events import (
    READ_FAILED,
    Broadcast,
    DayBegan,
    Event,
    Hangup,
    LoggedIn,
    Notice,
    Push,
    Reply,
    Rows,
)
from webctp.sim.exchange.exchange import Exchange
from webctp.sim.handlers import HANDLERS
from webctp.sim.host.api import SimApi, trader_class
from webctp.sim.host.faults import Fate, Faults
from webctp.sim.host.flows import PUBLIC, Flows
from webctp.sim.host.pacing import QueryPacing
from webctp.sim.host.packing import Delivery, Wire
from webctp.sim.host.sink import CallbackSink, Connection
from webctp.sim.market.markets import Markets
from webctp.sim.model.timeline import Timeline
from webctp.sim.options import FaultOptions, SimOptions

INSTRUMENTS: Final = ("cu2701", "rb2701", "IF2612")
RETRY: Final = 1.0
"""Seconds between the native library's tries to connect."""
_LOST_AFTER: Final = 3.0
_LONGEST: Final = 3600.0
_FOR_NOW: Final = (7, 8, 60, 90)


class ClockPacing(QueryPacing):
    """The API's flow control by virtual time."""

    def __init__(self, interval: float, time: Time) -> None:
        super().__init__(lambda: interval)
        self._time = time

    def send(self, request_id: int, now: float) -> int:
        """See :class:`~webctp.sim.host.pacing.QueryPacing`."""
        return super().send(request_id, self._time.seconds())


class ThreadlessApi(SimApi):
    """A simulated API whose callbacks are made by the line that brings them."""

    def __init__(self, front: "Front", flow_path: str) -> None:
        super().__init__(front, flow_path)
        self._pacing = ClockPacing(front.query_interval, front.time)

    def Init(self) -> None:
        """Connect."""
        self._alive()
        self._connection = self._host.connect(self, trading=True)

    def put(self, deliveries: list[Delivery]) -> None:
        """Make callbacks."""
        for delivery in deliveries:
            self._call(delivery)

    def forget(self, request_id: int) -> None:
        """A query's answer is lost: its place in the flow control is not lost for ever."""
        self._pacing.answered(request_id)

    @property
    def released(self) -> bool:
        """Whether it has been released."""
        return self._released


@cache
def _api_class() -> type[ThreadlessApi]:
    return type("ThreadlessTraderApi", (ThreadlessApi, trader_class()), {})


class Link:
    """An API's two lines. ``session`` is the exchange's while the connection stands.

    ``heard`` is the one that the API knows of: it may not have heard yet that it is broken, and
    ``coming`` are those it is still to hear of.
    """

    def __init__(
        self, front: "Front", api: ThreadlessApi, connection: Connection, number: int
    ) -> None:
        self.number = number
        self.api = api
        self.connection = connection
        self.session: int | None = None
        self.heard: int | None = None
        self.coming: deque[int] = deque()
        self.retry: IDelayedCall | None = None
        self.up = Pipe(front.time, front.latency, lambda request: request())
        self.down = Pipe(front.time, front.latency, partial(front.deliver, self))


class Front:
    """A :class:`webctp.ctp.front.Front` and the host of its APIs; see the module's text.

    :param begins: the market's time at virtual time 0.
    :param random: draws delays, and what breaks.
    """

    def __init__(
        self,
        time: Time,
        options: SimOptions,
        timeline: Timeline,
        begins: datetime,
        random: Random,
        ledger: Ledger,
    ) -> None:
        self.time = time
        self.ledger = ledger
        self.faults = Faults(options.faults, options.seed)
        self.query_interval = options.query_interval
        self.slowest = 0.2
        self.breaks_at_request = 0.0
        self.muted = False
        self.down = False
        self.apis: list[ThreadlessApi] = []
        self._begins = begins
        self._started = time.seconds()
        self._random = random
        self.binding = binding.load()
        self._wire = Wire(self.binding.trading)
        answering = self._wire.answering()
        markets = Markets(options.seed, _listed, timeline, self._now())
        self.exchange = Exchange(options, markets, HANDLERS, answering)
        self._links: dict[Connection, Link] = {}
        self._flows = Flows()
        self.exchange.tell_all_statuses()
        self._due: dict[Link, list[Delivery]] = {}
        self._tick: IDelayedCall | None = None

    # What the gateway uses

    def create_trader(self, flow_path: str, production_mode: bool) -> Any:
        """Of ``Front``."""
        api = _api_class()(self, flow_path)
        self.apis.append(api)
        return api

    def create_market(self, flow_path: str, production_mode: bool) -> Any:
        """Of ``Front``."""
        raise AssertionError("nobody trades market data here")

    # What an API uses

    @property
    def trading_day(self) -> str:
        """Of ``ApiHost``."""
        return self.exchange.markets.day.name

    def connect(self, sink: CallbackSink, *, trading: bool) -> Connection:
        """Of ``ApiHost``."""
        connection = Connection(sink, trading)
        if not isinstance(sink, ThreadlessApi):
            raise TypeError(f"{sink!r} has threads")
        link = self._links[connection] = Link(self, sink, connection, len(self.apis))
        link.retry = self.time.callLater(self.latency(), self._try, link)
        return connection

    def leave(self, connection: Connection) -> None:
        """Of ``ApiHost``."""
        link = self._links.pop(connection)
        if link.retry is not None and link.retry.active():
            link.retry.cancel()
        link.up.clear()
        link.down.clear()
        self._end_session(link)

    def request(self, connection: Connection, name: str, raw: bytes, request_id: int) -> None:
        """Of ``ApiHost``: a request that the API has taken."""
        link = self._links[connection]
        values = self._wire.unpack(name, raw)
        self.ledger.called(link.number, link.heard or 0, name, values)
        link.up.put(partial(self._arrived, link, link.heard, name, values, request_id))

    def subscribe(
        self, connection: Connection, name: str, callback: str, wanted: list[str]
    ) -> None:
        """Of ``ApiHost``."""
        raise AssertionError("nobody subscribes to market data here")

    # What goes wrong

    def latency(self) -> float:
        """How long something is under way."""
        return self._random.random() ** 3 * self.slowest

    def break_one(self) -> None:
        """Break one connection, in an orderly way or not."""
        standing = [link for link in self._links.values() if link.session is not None]
        if standing:
            self._break(self._random.choice(standing), orderly=self._random.random() < 0.3)

    def break_all(self) -> None:
        """Break every connection."""
        for link in list(self._links.values()):
            if link.session is not None:
                self._break(link, orderly=self._random.random() < 0.3)

    def calm(self) -> None:
        """No faults from now on."""
        self.faults.options = FaultOptions()
        self.slowest = 0.05
        self.breaks_at_request = 0.0
        self.muted = self.down = False

    @property
    def quiet(self) -> bool:
        """Whether nothing is under way to or from any API."""
        return all(link.up.empty and link.down.empty for link in self._links.values())

    def stop(self) -> None:
        """Leave nothing on the clock."""
        if self._tick is not None:
            self._tick.cancel()
            self._tick = None

    def deliver(self, link: Link, delivery: Delivery) -> None:
        """At an API's end of its line."""
        if delivery.callback == "OnFrontConnected":
            link.heard = link.coming.popleft()
            link.api.stands(True)
        elif delivery.callback == "OnFrontDisconnected":
            link.heard = None
            link.api.stands(False)
        link.api.put([delivery])

    def _try(self, link: Link) -> None:
        link.retry = None
        now = self._now()
        if self.down or not self.exchange.markets.timeline.connected(now):
            self.deliver(link, Delivery("OnFrontDisconnected", number=READ_FAILED))
            if link.connection in self._links:
                link.retry = self.time.callLater(RETRY, self._try, link)
            return
        link.session = self.exchange.connect(now, trading=True).session_id
        link.coming.append(link.session)
        link.down.put(Delivery("OnFrontConnected"))
        self._pump()

    def _break(self, link: Link, *, orderly: bool, reason: int = READ_FAILED) -> None:
        """Break a connection; what is under way is lost, unless it ends in an orderly way."""
        self.ledger.note("front", "breaks session %s", link.session)
        self._end_session(link)
        if not orderly:
            link.coming.clear()
            link.down.clear()
            link.up.clear()
        link.down.put(Delivery("OnFrontDisconnected", number=reason))
        wait = RETRY + self._random.random()
        link.retry = self.time.callLater(wait, self._try, link)

    def _end_session(self, link: Link) -> None:
        session, link.session = link.session, None
        link.connection.account = None
        if session is not None:
            self.exchange.disconnect(session)

    def _arrived(
        self,
        link: Link,
        session: int | None,
        name: str,
        values: Mapping[str, object],
        request_id: int,
        fate: Fate | None = None,
    ) -> None:
        """At the front: a request, unless its connection is no more."""
        if session is None or link.session != session:
            return
        entry = enters(name)
        if fate is None:
            fate = Fate.SWALLOWED if self.muted else self.faults.fate(name)
        breaks = self._random.random() < self.breaks_at_request
        if fate is Fate.SWALLOWED:
            self.ledger.note("front", "swallows %s %s", name, request_id)
            self.time.callLater(_LOST_AFTER, link.api.forget, request_id)
            return
        if breaks and self._random.random() < 0.5:
            self._break(link, orderly=False)
            return
        if fate is Fate.DELAYED and not entry:
            self.ledger.note("front", "delays %s %s", name, request_id)
            again = partial(self._arrived, link, session, name, values, request_id, Fate.HANDLED)
            self.time.callLater(self.faults.options.slow_seconds, again)
            return
        self._handle(session, name, values, request_id, fate)
        # What the request did may have broken the connection already.
        if (fate is Fate.CUT_OFF or breaks) and link.session == session:
            self._break(link, orderly=False, reason=self.faults.reason())

    def _handle(
        self, session: int, name: str, values: Mapping[str, object], request_id: int, fate: Fate
    ) -> None:
        self.ledger.note("front", "takes %s %s", name, request_id)
        if fate is Fate.NOT_READY:
            code = 90 if name.startswith("ReqQry") else self._random.choice(_FOR_NOW)
            self.exchange.refuse(session, name, values, request_id, code)
        else:
            self.ledger.arrived(session, name, values)
            self.exchange.request(session, name, values, request_id, self._now())
        self._pump()

    # The exchange's side

    def _now(self) -> datetime:
        return self._begins + timedelta(seconds=self.time.seconds() - self._started)

    def _pump(self) -> None:
        """Hand out what the exchange has told, and plan when it has something to tell again."""
        for event in self.exchange.drain():
            self._tell(event)
        due, self._due = self._due, {}
        for link, deliveries in due.items():
            for delivery in self.faults.disturb(deliveries, self._wire.layout_of):
                link.down.put(delivery)
        if self._tick is not None and self._tick.active():
            self._tick.cancel()
        wait = (self.exchange.next_due() - self._now()).total_seconds()
        self._tick = self.time.callLater(min(max(wait, 1e-6), _LONGEST), self._advance)

    def _advance(self) -> None:
        self.exchange.advance(self._now())
        self._pump()

    def _tell(self, event: Event) -> None:
        match event:
            case Reply(session, callback, values, request_id, error, last):
                self.ledger.replied(session, callback, values, error)
                packed = self._wire.pack(callback, values, error, request_id, last)
                self._to(session, packed)
            case Notice(session, callback, values, error):
                self._to(session, self._wire.pack(callback, values, error))
            case Rows(session, callback, rows, request_id):
                for row in self._wire.pack_rows(callback, rows, request_id):
                    self._to(session, row)
            case Push(account, callback, values, error):
                self.ledger.told(account, callback, values)
                self._send_flow(account, self._wire.pack(callback, values, error))
            case Broadcast(callback, values):
                self._send_flow(PUBLIC, self._wire.pack(callback, values))
            case LoggedIn():
                self._resume(event)
            case DayBegan():
                self._flows.end_day()
                for link in self._links.values():
                    link.connection.above = {False: 0, True: 0}
            case Hangup():
                for link in list(self._links.values()):
                    if link.session is not None and event.session in (None, link.session):
                        self._break(link, orderly=True, reason=event.reason)

    def _to(self, session: int, delivery: Delivery) -> None:
        for link in self._links.values():
            if link.session == session:
                if delivery.callback == "OnRspUserLogout":
                    link.connection.account = None
                self._due.setdefault(link, []).append(delivery)

    def _send_flow(self, whose: tuple[str, str], message: Delivery) -> None:
        message = self._flows.add(whose, message)
        for link in self._links.values():
            account = link.connection.account
            gets = account == whose or (message.public and account is not None)
            if gets and message.flow > link.connection.above[message.public]:
                self._due.setdefault(link, []).append(message)

    def _resume(self, event: LoggedIn) -> None:
        """From the login on a session gets both flows, and what it asked for of before."""
        for link in self._links.values():
            if link.session == event.session and link.connection.account is None:
                link.connection.account = event.account
                private, public = link.api.topics()
                for whose, topic in ((event.account, private), (PUBLIC, public)):
                    due = self._flows.due(whose, topic, self.trading_day)
                    self._due.setdefault(link, []).extend(due.messages)
                    link.connection.above[whose == PUBLIC] = due.above


@cache
def _instruments(day: Any) -> tuple[Instrument, ...]:
    listed = {one.instrument_id: one for one in instruments.listed(day)}
    return tuple(listed[name] for name in INSTRUMENTS)


def _listed(day: Any) -> tuple[Instrument, ...]:
    # The instruments of the first day will do for all: a schedule lives some minutes.
    return _instruments(FIRST)
