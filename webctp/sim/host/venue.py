"""What a simulated front's thread runs: how its exchange is made, and what time it is there."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta, timezone
from time import monotonic, time_ns
from typing import Final, Protocol

from webctp.ctp import binding
from webctp.exchanges import calendar, instruments, productfile
from webctp.sim.events import AccountKey, Event, TickEvent
from webctp.sim.exchange.exchange import Exchange
from webctp.sim.exchange.requests import Answering
from webctp.sim.handlers import HANDLERS
from webctp.sim.handlers.market import subscribe
from webctp.sim.host.flows import PUBLIC
from webctp.sim.host.packing import TICK_CALLBACK, Delivery, tick_packer
from webctp.sim.host.sink import CallbackSink
from webctp.sim.host.state import StateFile
from webctp.sim.market.markets import Listing, Markets
from webctp.sim.model.timeline import AlwaysOpen, ExchangeHours, Timeline
from webctp.sim.options import SimOptions

CHINA: Final = timezone(timedelta(hours=8))

FlowMessages = dict[AccountKey, list[Delivery]]
"""The messages of each flow, by account."""

_EPOCH: Final = datetime(1970, 1, 1) + timedelta(hours=8)
"""1970 by China's clocks."""


def nanoseconds_of(moment: datetime) -> int:
    """Return a moment in China Standard Time in nanoseconds since 1970."""
    return (moment - _EPOCH) // timedelta(microseconds=1) * 1000


class VenueHost(Protocol):
    """The thread as its venue uses it."""

    def sinks(self) -> Iterable[CallbackSink]:
        """Give the sinks of all connections that stand."""

    def later(self, seconds: float, action: Callable[[], None]) -> None:
        """Let the thread do something some seconds from now."""

    def soon(self, action: Callable[[], None]) -> None:
        """Let the thread do something when what waits is done; any thread may call this."""


class Venue(Protocol):
    """An exchange to be run; all methods but `clock` are called on the thread that runs it."""

    @property
    def options(self) -> SimOptions:
        """The options of the broker and the front."""

    @property
    def speed(self) -> float:
        """Seconds at the exchange that pass in one of ours; 0 where only its ticks say the time."""

    def open(
        self, answering: Mapping[str, Answering], host: VenueHost
    ) -> tuple[Exchange, FlowMessages]:
        """Make the exchange; return it with the messages of the flows that go on.

        :param answering: how each request is answered.
        """

    def begin(self) -> None:
        """Let the exchange's time go on: the exchange has been made, however long that took."""

    def now(self) -> datetime:
        """Return the time that the exchange is to advance to."""

    def clock(self) -> int:
        """Return the exchange's time in nanoseconds since 1970; this machine's before it begins."""

    def seconds_to(self, moment: datetime) -> float:
        """Return how many of our seconds a moment of the exchange is away."""

    def subscribe(
        self, exchange: Exchange, session: int, name: str, wanted: Sequence[str], callback: str
    ) -> Iterator[None]:
        """Answer one of the four subscription calls, step by step."""

    def pack(self, tick: TickEvent) -> Delivery:
        """Pack a tick for its callback."""

    def save(self, exchange: Exchange, events: Sequence[Event], flows: FlowMessages) -> None:
        """Write what the events of a turn have changed, before any of them is sent."""


class SimVenue:
    """The simulated exchanges by the options, from their state file on where there is one.

    :param listing: the instruments of a trading day.
    """

    def __init__(self, options: SimOptions, listing: Listing = instruments.listed) -> None:
        self.options = options
        self._listing = listing
        self._state: StateFile | None = None
        self._start = datetime.min
        self._started = monotonic()
        self._pack_tick: Callable[[tuple[object, ...]], bytes]

    @property
    def speed(self) -> float:
        """Return the seconds at the exchange that pass in one of ours."""
        return self.options.speed

    def open(
        self, answering: Mapping[str, Answering], host: VenueHost
    ) -> tuple[Exchange, FlowMessages]:
        """Make the exchange, with what its state file holds."""
        self._pack_tick = tick_packer(binding.load().market)
        now = self._start = self.options.start or datetime.now(CHINA).replace(tzinfo=None)
        if self.options.state_path:
            self._state = StateFile(self.options.state_path, self.options.seed)
            # What was due while no process ran it happens now; time does not go back.
            stored = self._state.moment() or now
            self._start = max(stored, now)
            now = stored
        markets = Markets(self.options.seed, self._listing, timeline_of(self.options), now)
        exchange = Exchange(self.options, markets, HANDLERS, answering)
        flows = {} if self._state is None else self._state.load(exchange)
        if PUBLIC not in flows:
            exchange.tell_all_statuses()
        return exchange, flows

    def begin(self) -> None:
        """Let the exchange's time go on from its start."""
        self._started = monotonic()

    def now(self) -> datetime:
        """Return the exchange's time."""
        gone = (monotonic() - self._started) * self.options.speed
        return self._start + timedelta(seconds=gone)

    def clock(self) -> int:
        """Return the exchange's time in nanoseconds since 1970; this machine's before it begins."""
        if self._start == datetime.min:
            return time_ns()
        return nanoseconds_of(self.now())

    def seconds_to(self, moment: datetime) -> float:
        """Return how many of our seconds a moment of the exchange is away."""
        return max(0.0, (moment - self.now()).total_seconds() / self.options.speed)

    def subscribe(
        self, exchange: Exchange, session: int, name: str, wanted: Sequence[str], callback: str
    ) -> Iterator[None]:
        """Answer one of the four subscription calls, an instrument a step."""
        return subscribe(exchange, session, name, wanted, callback)

    def pack(self, tick: TickEvent) -> Delivery:
        """Pack a tick for its callback."""
        return Delivery(TICK_CALLBACK, self._pack_tick(tick.values))

    def save(self, exchange: Exchange, events: Sequence[Event], flows: FlowMessages) -> None:
        """Write what the events of a turn have changed into the state file."""
        if self._state is not None and events:
            self._state.save(exchange, events, flows)


def timeline_of(options: SimOptions) -> Timeline:
    """Return when what happens, by the options."""
    if options.clock == "always":
        return AlwaysOpen(calendar.default())
    return ExchangeHours(calendar.default(), productfile.default().values())
