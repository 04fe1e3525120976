"""``paper://``: accounts on paper, traded at the prices of the daemon's own market data.

Behind the trading API stands the simulated broker with its accounts; its exchange is driven by the
ticks of whatever feed the daemon serves (:mod:`webctp.sim.paper.exchange`). Only what traders order
and hold is subscribed to there. The front has no market-data API.
"""

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from time import monotonic, time_ns
from typing import Any, Final, Protocol
from urllib.parse import parse_qsl, urlsplit

from twisted.logger import Logger

from webctp.ctp import binding
from webctp.ctp.front import FrontTime, china_time
from webctp.exchanges import calendar
from webctp.language.text import english
from webctp.recording.rows import TICK
from webctp.sim.events import Event, TickEvent
from webctp.sim.exchange.exchange import Exchange
from webctp.sim.exchange.requests import Answering
from webctp.sim.handlers import HANDLERS
from webctp.sim.host.api import trader_class
from webctp.sim.host.packing import Delivery
from webctp.sim.host.state import StateError, StateFile
from webctp.sim.host.thread import SimThread
from webctp.sim.host.venue import FlowMessages, VenueHost
from webctp.sim.options import OptionError, SimOptions
from webctp.sim.paper.exchange import Paper, PaperTick

_FORM: Final = "paper://?balance=1000000"
_OF_THE_FEED: Final = frozenset({"speed", "start", "seed"})
"""Options of a drawn market: here the feed has its own."""
_PATIENCE: Final = 5.0
"""Seconds that the exchange waits for its feed, and for the first ticks of what it holds."""
MOST_TICKS: Final = 65_536
"""Ticks that wait for the exchange; beyond, the newest of each instrument wins."""


class Subscriber(Protocol):
    """What subscribes to the feed's market data. Any thread."""

    def watch(self, instruments: Sequence[str]) -> None:
        """Let the ticks of instruments come from now on."""


def options_of(
    address: str, base: Mapping[str, object] | None = None, *, keeps_hours: bool = False
) -> SimOptions:
    """Read ``paper://?balance=1000000``, over the configuration's ``Sim:`` (``base``).

    :param keeps_hours: whether orders are taken in the exchanges' hours only, where neither says
        so (``Clock``).
    :raises OptionError: for an address not of this form, an unknown option or a wrong value.
    """
    parts = urlsplit(address)
    if parts.scheme != "paper" or parts.netloc or parts.path.strip("/") or parts.fragment:
        raise OptionError(
            english(
                "{address!r} names no account on paper; write {form}", address=address, form=_FORM
            )
        )
    for key, _ in parse_qsl(parts.query, keep_blank_values=True):
        if key.lower() in _OF_THE_FEED:
            raise OptionError(
                english(
                    "option {name}: found in an address of paper://, whose market and time are "
                    "those of MdFrontAddress; remove it（行情与时间取自 MdFrontAddress）",
                    name=key,
                )
            )
    # A state file of the configuration's is a simulated front's, which may bring the market data.
    known = {key: value for key, value in (base or {}).items() if key != "StatePath"}
    if keeps_hours:
        known.setdefault("Clock", "calendar")
    options = SimOptions.from_address(f"sim://?{parts.query}", known)
    return replace(options, speed=1.0, start=None)


class PaperVenue:
    """The market on paper as what a thread runs: a :class:`webctp.sim.host.venue.Venue`."""

    log = Logger()

    def __init__(self, options: SimOptions) -> None:
        self.options = options
        self._state: StateFile | None = None
        self._time: FrontTime | None = None
        self._subscriber: Subscriber | None = None
        self._host: VenueHost | None = None
        self._paper: Paper | None = None
        self._arrived = threading.Condition()
        """Guards what the reactor's thread hands over: the feed's day, and ticks."""
        self._day: date | None = None
        self._listed: Sequence[str] = ()
        self._ticks: list[PaperTick] = []
        self._is_called = False
        self._passed_over = 0
        self._closed = False

    # On any thread

    def join(self, time: FrontTime, subscriber: Subscriber) -> None:
        """Take the feed, before the exchange begins.

        :param time: at the feed.
        """
        self._time, self._subscriber = time, subscriber

    def opened(self, trading_day: date | None, listed: Sequence[str]) -> None:
        """Note that the feed serves.

        :param trading_day: as the feed told it at the login; None where it told none.
        :param listed: the instruments that it lists, as far as it does.
        """
        with self._arrived:
            self._day = trading_day or self._day or self._day_by_calendar()
            self._listed = listed
            self._arrived.notify_all()

    def close(self) -> None:
        """Wait for the feed no more."""
        with self._arrived:
            self._closed = True
            self._arrived.notify_all()

    def take(self, tick: PaperTick) -> None:
        """Take a tick of the feed."""
        with self._arrived:
            if len(self._ticks) >= MOST_TICKS:
                self._conflate()
            self._ticks.append(tick)
            host = self._host
            call = host is not None and not self._is_called
            self._is_called = self._is_called or call
            self._arrived.notify_all()
        if call and host is not None:
            host.soon(self._show)

    @property
    def speed(self) -> float:
        """Return the seconds at the feed that pass in one of ours."""
        return 1.0 if self._time is None else self._time.speed

    def clock(self) -> int:
        """Return the feed's time in nanoseconds since 1970."""
        return time_ns() if self._time is None else self._time.clock()

    # On the exchange's thread

    def open(
        self, answering: Mapping[str, Answering], host: VenueHost
    ) -> tuple[Exchange, FlowMessages]:
        """Make the exchange, once the feed serves; go on with the state file where there is one."""
        self._wait(lambda: self._day is not None)
        if self._day is None:
            self.log.warn(
                "paper: no market data after {seconds:g} s; the trading day is the calendar's",
                seconds=_PATIENCE,
            )
        day = self._day or self._day_by_calendar()
        now = self.now()
        if self.options.state_path:
            self._state = StateFile(self.options.state_path, self.options.seed)
            now = max(now, self._state.moment() or now)
        paper = self._paper = Paper(
            self.options,
            binding.load().market_codec.layout(TICK),
            calendar.default(),
            now,
            day,
            HANDLERS,
            answering,
            _PaperFeed(self, host),
            hurried=not self.speed,
        )
        paper.markets.name(self._listed)
        flows = {} if self._state is None else self._state.load(paper.exchange)
        held = paper.held()
        paper.waiting.watch(held)
        if held and paper.markets.day.date < day:
            # Their first ticks tell what they were settled at.
            self._wait(lambda: set(held) <= {tick.instrument for tick in self._ticks})
        with self._arrived:
            paper.catch_up(day, list(self._ticks))
            self._host = host
            self._is_called = True
        host.soon(self._show)
        return paper.exchange, flows

    def begin(self) -> None:
        """Do nothing: the feed's time goes on by itself."""

    def now(self) -> datetime:
        """Return the feed's time."""
        return china_time(self.clock())

    def seconds_to(self, moment: datetime) -> float:
        """Return how many of our seconds a moment is away."""
        return max(0.0, (moment - self.now()).total_seconds() / (self.speed or 1.0))

    def subscribe(
        self, exchange: Exchange, session: int, name: str, wanted: Sequence[str], callback: str
    ) -> Iterator[None]:
        """Do nothing: there is no market-data API."""
        return iter(())

    def pack(self, tick: TickEvent) -> Delivery:
        """Refuse: no session gets ticks here.

        :raises TypeError: always.
        """
        raise TypeError("paper:// sends no ticks")

    def save(self, exchange: Exchange, events: Sequence[Event], flows: FlowMessages) -> None:
        """Write what the events of a turn have changed into the state file."""
        if self._state is not None and events:
            self._state.save(exchange, events, flows)

    def watch(self, instruments: Sequence[str]) -> None:
        """Subscribe to instruments at the feed."""
        if self._subscriber is not None:
            self._subscriber.watch(instruments)

    def _show(self) -> None:
        """Let the exchange go on to the ticks that have come."""
        with self._arrived:
            ticks, self._ticks = self._ticks, []
            self._is_called = False
        if ticks and self._paper is not None:
            self._paper.take(ticks, self.now())

    def _wait(self, met: Callable[[], bool]) -> None:
        """Wait until a condition is met, a while at most."""
        end = monotonic() + _PATIENCE
        with self._arrived:
            while not met() and not self._closed and (left := end - monotonic()) > 0:
                self._arrived.wait(left)

    def _conflate(self) -> None:
        """Keep the newest tick of each instrument."""
        newest = {tick.instrument: tick for tick in self._ticks}
        if not self._passed_over:
            self.log.warn(
                "paper: the exchange cannot keep up with its feed; the newest tick of each "
                "instrument wins"
            )
        self._passed_over += len(self._ticks) - len(newest)
        self._ticks = list(newest.values())

    def _day_by_calendar(self) -> date:
        return calendar.default().trading_day_of(self.now())


class _PaperFeed:
    """What an exchange on paper asks its feed and its thread for."""

    def __init__(self, venue: PaperVenue, host: VenueHost) -> None:
        self._venue = venue
        self._host = host

    def watch(self, instruments: Iterable[str]) -> None:
        """Let the ticks of instruments come from now on."""
        self._venue.watch(list(instruments))

    def later(self, seconds: float, action: Callable[[], None]) -> None:
        """Do something some seconds from now."""
        self._host.later(seconds, action)


class PaperFront:
    """What stands behind ``paper://``: a :class:`webctp.ctp.front.Front` for trading.

    :raises StateError: if there is a StatePath, and its file cannot be used.
    """

    def __init__(self, options: SimOptions) -> None:
        self.binding = binding.load()
        if options.state_path:
            # The exchange opens it on its own thread: a wrong file is reported here.
            state = StateFile(options.state_path, options.seed)
            known = state.markets()
            state.close()
            if known is not None and "day" not in known:
                raise StateError(
                    english(
                        "StatePath: {path} is the state of a simulated front; name another file",
                        path=options.state_path,
                    )
                )
        self.venue = PaperVenue(options)
        self._host = SimThread(self.venue)

    def create_trader(self, flow_path: str, production_mode: bool) -> Any:
        """Make a trading API; ``production_mode`` makes no difference here."""
        return trader_class()(self._host, flow_path)

    def create_market(self, flow_path: str, production_mode: bool) -> Any:
        """Refuse: its market data is another front's.

        :raises TypeError: always; a configuration that asks for it is refused before.
        """
        raise TypeError("paper:// has no market data of its own")

    @property
    def speed(self) -> float:
        """Return the seconds at the feed that pass in one of ours."""
        return self._host.speed

    def instruments(self) -> Sequence[str]:
        """Return the instruments known, once the exchange has begun."""
        return self._host.instruments()

    def clock(self) -> int:
        """Return the feed's time in nanoseconds since 1970."""
        return self._host.clock()


__all__ = ["PaperFront", "PaperTick", "PaperVenue", "options_of"]
