"""The exchange of a replay: recorded ticks go out as they were, orders meet the recorded book.

Two times run here. *Playing time* is handed in, as in every exchange; *market time* is that of
the ticks, and what orders and trades are stamped with. They go together but for gaps of the
record (a weekend, a damaged time), which are passed over.
"""

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Final, Protocol

from webctp.ctp.codec import DBL_MAX, Layout
from webctp.exchanges.calendar import TradingCalendar
from webctp.exchanges.products import Product
from webctp.exchanges.sessions import CONTINUOUS, Phase
from webctp.recording.rows import Tick
from webctp.sim.accounts.sessions import Session
from webctp.sim.events import Event, Reply, TickEvent
from webctp.sim.exchange.exchange import Exchange, Handlers
from webctp.sim.exchange.marketdata import MarketData
from webctp.sim.exchange.phases import Phases
from webctp.sim.exchange.requests import Answering, Request
from webctp.sim.market import ticks
from webctp.sim.market.markets import Markets
from webctp.sim.matching.transit import Latency
from webctp.sim.model.timeline import Day, Opened
from webctp.sim.options import SimOptions
from webctp.sim.refusals import NO_SUCH_INSTRUMENT
from webctp.sim.replay.file import Recording
from webctp.sim.replay.market import ReplayMarkets, quote_reader

_ORDERS: Final = "ReqOrderInsert"
_SLICE: Final = 256
"""Ticks played before others get their turn."""
_GAP: Final = timedelta(hours=12)
"""A longer time without a tick is passed over; a tick so much older starts the count anew."""
_DAYS_AHEAD: Final = 400
"""A TradingDay further ahead is a damaged one."""
_CHINA: Final = timedelta(hours=8)
_NEVER: Final = datetime(9999, 1, 1)


class RecordedDays:
    """The timeline of a recording: its ticks say which trading day it is; it never closes."""

    def __init__(self, calendar: TradingCalendar, first: date) -> None:
        self._calendar = calendar
        self.day = self._day(first)

    def go_to(self, trading_day: date) -> None:
        """Another trading day has begun."""
        self.day = self._day(trading_day)

    def day_of(self, moment: datetime) -> Day:
        """Return the trading day of the record's last tick, whatever the moment."""
        return self.day

    def day_before(self, day: date) -> date:
        """Return the trading day before one."""
        return self._calendar.previous_trading_day(day)

    def phase(self, product: Product, moment: datetime) -> Phase:
        """Return continuous trading since the day's beginning."""
        return Phase(self.day.begins, CONTINUOUS)

    def sessions(self, product: Product, moment: datetime) -> Sequence[Opened]:
        """Return one session as long as the day."""
        return [Opened(self.day.begins, self.day.ends, auction=True)]

    def last_close(self, product: Product, moment: datetime) -> datetime:
        """Return the moment itself: no session ends."""
        return moment

    def next_change(self, moment: datetime) -> datetime:
        """Return a moment that never comes: the record's ticks change the day."""
        return _NEVER

    def connected(self, moment: datetime) -> bool:
        """Return True: the front is always open."""
        return True

    def banks_take(self, moment: datetime) -> bool:
        """Return True: the banks are always open."""
        return True

    def _day(self, trading_day: date) -> Day:
        begins = datetime.combine(trading_day, datetime.min.time())
        following = self._calendar.next_trading_day(trading_day)
        return Day(trading_day, following, begins, begins + timedelta(days=1))


class RecordedData(MarketData):
    """The market data of a recording: each tick's bytes as they were, and when it was received.

    :param layout: of a tick's struct.
    """

    def __init__(
        self,
        layout: Layout,
        markets: ReplayMarkets,
        phases: Phases,
        tell: Callable[[Event], None],
    ) -> None:
        super().__init__(markets, phases, tell)
        self._layout = layout
        self._recorded = markets
        self._send = tell

    def watch(self, session: Session, instrument: str) -> None:
        """Send a session the ticks of an instrument from now on, and at once the last one."""
        session.subscribed.add(instrument)
        self.watchers.add(session.session_id, instrument)
        latest = self._recorded.latest(instrument)
        if latest is not None:
            self._send(TickEvent(frozenset({session.session_id}), (latest, 0)))

    def play(self, instrument: str, tick: Tick) -> None:
        """Send a recorded tick to those who watch its instrument."""
        watching = self.watchers.get(instrument)
        if watching:
            self._send(TickEvent(watching, (tick.raw, tick.received)))

    def tick(self, instrument: str, moment: datetime | None = None) -> tuple[object, ...]:
        """Return an instrument's last tick, in the order of ``ticks.FIELDS``."""
        raw = self._recorded.latest(instrument)
        if raw is None:
            fields = self._layout.by_name
            unset = {"double": DBL_MAX, "text": b""}
            blank: dict[str, object] = {
                name: unset.get(fields[name].kind, 0) for name in ticks.FIELDS
            }
            blank["InstrumentID"] = instrument.encode()
            return tuple(blank.values())
        values = self._layout.unpack(raw)
        return tuple(
            value.encode("ascii", "replace") if isinstance(value, str) else value
            for value in (values[name] for name in ticks.FIELDS)
        )

    def drop_unlisted(self, of: Callable[[int], Session]) -> None:
        """Keep every subscription: a record may hold what no exchange has listed."""


class ReplayHost(Protocol):
    """Who plays a recording."""

    def wanted(self) -> None:
        """Note that a session has subscribed or entered an order: playing may begin."""

    def has_room(self) -> bool:
        """Return whether those who get ticks can take more."""

    def ended(self) -> None:
        """Note that the last tick has been played."""


class Replay:
    """A recording, and the exchange whose time goes on with its ticks: that exchange's pace.

    Nothing is played before `play`.

    :param hurried: play as fast as ticks are taken, whatever the time.
    """

    is_amid_step = False

    def __init__(
        self,
        options: SimOptions,
        recording: Recording,
        calendar: TradingCalendar,
        handlers: Handlers,
        answering: Mapping[str, Answering],
        host: ReplayHost,
        *,
        hurried: bool,
    ) -> None:
        start = moment_of(recording.first)
        days = RecordedDays(
            calendar, recording.trading_day(recording.first) or calendar.trading_day_of(start)
        )
        read = quote_reader(recording.layout)
        self._markets = ReplayMarkets(options.seed, recording.listed, days, start, read)
        self._recording = recording
        self._host = host
        self.exchange = Exchange(
            options,
            self._markets,
            self._watched(handlers),
            answering,
            # Where a record is played as fast as it is taken there is no time to be under way in.
            latency=Latency() if hurried else None,
            data=self._make_data,
            pace=lambda exchange: self,
        )
        self._days = days
        self._hurried = hurried
        self._instrument = recording.fields.instrument
        self._names: dict[bytes, str] = {}
        self._ticks = recording.ticks()
        self.skipped = timedelta()
        """By how much the record's time is ahead of the playing time: gaps passed over."""
        self._due = start
        self._reference = recording.first.received
        self._next: Tick | None = None
        self._playing = False
        self._fetch()

    def _make_data(
        self, markets: Markets, phases: Phases, tell: Callable[[Event], None]
    ) -> RecordedData:
        self._data = RecordedData(self._recording.layout, self._markets, phases, tell)
        return self._data

    def _watched(self, handlers: Handlers) -> Handlers:
        """Return handlers that let playing begin at the first order."""
        insert = handlers.by_name[_ORDERS]

        def handle(exchange: Exchange, request: Request) -> None:
            self._host.wanted()
            insert(exchange, request)

        return replace(handlers, by_name={**handlers.by_name, _ORDERS: handle})

    # Time

    def play(self) -> None:
        """Begin to play."""
        self._playing = True

    def advance(self, now: datetime, most: int = sys.maxsize) -> None:
        """Play what is due up to ``now``, or a slice of that."""
        exchange = self.exchange
        for _ in range(_SLICE):
            tick = self._next
            if not self._playing or tick is None or not self._host.has_room():
                break
            if self._due > now and not self._hurried:
                break
            exchange.go_to(self._due + self.skipped)
            self._show(tick)
            self._fetch()
        if not self._hurried and (self._next is None or self._due > now):
            exchange.go_to(now + self.skipped)
        exchange.risk.look()

    def next_due(self) -> datetime:
        """Return when the next tick is to be played or the next message arrives."""
        arrives = self.exchange.transit.due()
        due = _NEVER if arrives is None else arrives - self.skipped
        if not self._playing or self._next is None:
            return due
        return datetime.min if self._hurried else min(self._due, due)

    # Requests

    def subscribe(
        self, session_id: int, name: str, instruments: Sequence[str], callback: str
    ) -> None:
        """Answer one of the four subscription calls; the instruments are those of the record."""
        exchange = self.exchange
        session = exchange.sessions[session_id]
        for place, instrument in enumerate(instruments):
            known = instrument in self._recording
            last = place == len(instruments) - 1
            error = 0 if known else NO_SUCH_INSTRUMENT
            body = {"InstrumentID": instrument}
            exchange.tell(Reply(session_id, callback, body, 0, error, last))
            if known and name == "SubscribeMarketData":
                self._data.watch(session, instrument)
            elif name == "UnSubscribeMarketData":
                self._data.unwatch(session, instrument)
        self._host.wanted()

    # The record

    def _fetch(self) -> None:
        """Get the next tick, and find when it is due."""
        self._next = next(self._ticks, None)
        if self._next is None:
            self._host.ended()
            return
        received = self._next.received
        gone = timedelta(microseconds=(received - self._reference) // 1000)
        if timedelta() < gone <= _GAP:
            self._due += gone
            self._reference = received
        elif _GAP < abs(gone) <= timedelta(days=_DAYS_AHEAD):
            self.skipped = moment_of(self._next) - self._due
            self._reference = received

    def _show(self, tick: Tick) -> None:
        self._enter_day(tick)
        raw = tick.raw
        key = raw[self._instrument]
        name = self._names.get(key)
        if name is None:
            name = self._names[key] = key.partition(b"\0")[0].decode("gb18030", "replace")
        self._markets.note(name, raw)
        exchange = self.exchange
        if name in exchange.engine.live():
            exchange.engine.settle_fills(self._markets.show(name), exchange.now)
            exchange.checks.touch(name, exchange.now)
        self._data.play(name, tick)

    def _enter_day(self, tick: Tick) -> None:
        """Settle and go on where a tick is of a later trading day than those before."""
        day = self._recording.trading_day(tick)
        current = self._markets.day.date
        if day is None or day <= current or (day - current).days > _DAYS_AHEAD:
            return
        self._days.go_to(day)
        self.exchange.change()


def moment_of(tick: Tick) -> datetime:
    """Return when a tick was received, as a naive datetime in China Standard Time."""
    return datetime(1970, 1, 1) + timedelta(microseconds=tick.received // 1000) + _CHINA
