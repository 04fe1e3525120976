"""The exchange of a replay: recorded ticks go out as they were, orders meet the recorded book.

Two times run here. *Playing time* is handed in, as in every exchange; *market time* is that of
the ticks, and what orders and trades are stamped with. They go together but for gaps of the
record (a weekend, a damaged time), which are passed over.
"""

import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Final

from webctp.ctp.codec import DBL_MAX
from webctp.exchanges.calendar import TradingCalendar
from webctp.exchanges.products import Product
from webctp.exchanges.sessions import CONTINUOUS, Phase
from webctp.recording.rows import Tick
from webctp.sim.accounts.sessions import Session
from webctp.sim.broker.checks import OrderChecks
from webctp.sim.events import Reply, TickEvent
from webctp.sim.exchange.exchange import Exchange, Handlers
from webctp.sim.exchange.requests import Answering
from webctp.sim.market import ticks
from webctp.sim.matching.engine import MatchingEngine
from webctp.sim.matching.transit import Latency, Transit
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
        """See :class:`webctp.sim.model.timeline.Timeline`."""
        return self.day

    def day_before(self, day: date) -> date:
        """See :class:`webctp.sim.model.timeline.Timeline`."""
        return self._calendar.previous_trading_day(day)

    def phase(self, product: Product, moment: datetime) -> Phase:
        """See :class:`webctp.sim.model.timeline.Timeline`."""
        return Phase(self.day.begins, CONTINUOUS)

    def sessions(self, product: Product, moment: datetime) -> Sequence[Opened]:
        """See :class:`webctp.sim.model.timeline.Timeline`."""
        return [Opened(self.day.begins, self.day.ends, auction=True)]

    def last_close(self, product: Product, moment: datetime) -> datetime:
        """See :class:`webctp.sim.model.timeline.Timeline`."""
        return moment

    def next_change(self, moment: datetime) -> datetime:
        """See :class:`webctp.sim.model.timeline.Timeline`."""
        return _NEVER

    def connected(self, moment: datetime) -> bool:
        """See :class:`webctp.sim.model.timeline.Timeline`."""
        return True

    def banks_take(self, moment: datetime) -> bool:
        """See :class:`webctp.sim.model.timeline.Timeline`."""
        return True

    def _day(self, trading_day: date) -> Day:
        begins = datetime.combine(trading_day, datetime.min.time())
        following = self._calendar.next_trading_day(trading_day)
        return Day(trading_day, following, begins, begins + timedelta(days=1))


class ReplayExchange(Exchange):
    """See the module's text. Nothing is played before `play`.

    :param hurried: play as fast as ticks are taken, whatever the time.
    :param wanted: called when somebody first subscribes to something or sends an order.
    :param room: whether those who get ticks can take more.
    :param ended: called when the last tick has been played.
    """

    markets: ReplayMarkets

    def __init__(
        self,
        options: SimOptions,
        recording: Recording,
        calendar: TradingCalendar,
        handlers: Handlers,
        answering: Mapping[str, Answering],
        *,
        hurried: bool,
        wanted: Callable[[], None],
        room: Callable[[], bool],
        ended: Callable[[], None],
    ) -> None:
        start = moment_of(recording.first)
        days = RecordedDays(calendar, recording.trading_day(recording.first) or start.date())
        super().__init__(options, recording.listed, days, handlers, answering, start)
        read = quote_reader(recording.layout)
        self.markets = ReplayMarkets(options.seed, recording.listed, days, start, read)
        # Where a record is played as fast as it is taken there is no time to be under way in.
        latency = Latency() if hurried else Latency(options.latency, options.latency_more)
        self.transit = Transit(latency, options.seed)
        self.engine = MatchingEngine(self.markets, self.tell, self.transit, options.exchange_rate)
        self.checks = OrderChecks(
            self.markets, self.engine, options.not_trading, self._position_limit
        )
        self._days = days
        self._recording = recording
        self._hurried = hurried
        self._wanted = wanted
        self._room = room
        self._ended = ended
        self._instrument = recording.fields.instrument
        self._names: dict[bytes, str] = {}
        self._ticks = recording.ticks()
        self._skipped = timedelta()
        self._due = start
        self._reference = recording.first.received
        self._next: Tick | None = None
        self._playing = False
        self._fetch()

    # Time

    def play(self) -> None:
        """Begin to play."""
        self._playing = True

    def advance(self, now: datetime, most: int = sys.maxsize) -> None:
        """See :class:`webctp.sim.exchange.exchange.Exchange`; a slice of what is due."""
        for _ in range(_SLICE):
            tick = self._next
            if not self._playing or tick is None or not self._room():
                break
            if self._due > now and not self._hurried:
                break
            self._go_to(self._due + self._skipped)
            self._show(tick)
            self._fetch()
        if not self._hurried and (self._next is None or self._due > now):
            self._go_to(now + self._skipped)
        self.risk.look()

    def next_due(self) -> datetime:
        """See :class:`webctp.sim.exchange.exchange.Exchange`."""
        arrives = self.transit.due()
        due = _NEVER if arrives is None else arrives - self._skipped
        if not self._playing or self._next is None:
            return due
        return datetime.min if self._hurried else min(self._due, due)

    # Requests

    def request(
        self,
        session_id: int,
        name: str,
        values: Mapping[str, object],
        request_id: int,
        now: datetime,
    ) -> None:
        """See :class:`webctp.sim.exchange.exchange.Exchange`."""
        if name == _ORDERS:
            self._wanted()
        super().request(session_id, name, values, request_id, now)

    def subscribe(self, session_id: int, name: str, instruments: list[str], callback: str) -> None:
        """Answer one of the four subscription calls; the instruments are those of the record."""
        session = self.sessions[session_id]
        for place, instrument in enumerate(instruments):
            known = instrument in self._recording
            last = place == len(instruments) - 1
            error = 0 if known else NO_SUCH_INSTRUMENT
            self.tell(Reply(session_id, callback, {"InstrumentID": instrument}, 0, error, last))
            if known and name == "SubscribeMarketData":
                self.watch(session, instrument)
            elif name == "UnSubscribeMarketData":
                self.unwatch(session, instrument)
        self._wanted()

    def watch(self, session: Session, instrument: str) -> None:
        """See :class:`webctp.sim.exchange.exchange.Exchange`."""
        watchers = self._watchers.get(instrument, frozenset())
        session.subscribed.add(instrument)
        self._watchers[instrument] = watchers | {session.session_id}
        latest = self.markets.latest(instrument)
        if latest is not None:
            self.tell(TickEvent(frozenset({session.session_id}), (latest, 0)))

    def tick(self, instrument: str, moment: datetime | None = None) -> tuple[object, ...]:
        """See :class:`webctp.sim.exchange.exchange.Exchange`."""
        raw = self.markets.latest(instrument)
        layout = self._recording.layout
        if raw is None:
            fields = layout.by_name
            unset = {"double": DBL_MAX, "text": b""}
            blank: dict[str, object] = {
                name: unset.get(fields[name].kind, 0) for name in ticks.FIELDS
            }
            blank["InstrumentID"] = instrument.encode()
            return tuple(blank.values())
        values = layout.unpack(raw)
        return tuple(
            value.encode("ascii", "replace") if isinstance(value, str) else value
            for value in (values[name] for name in ticks.FIELDS)
        )

    # The record

    def _fetch(self) -> None:
        """Get the next tick, and find when it is due."""
        self._next = next(self._ticks, None)
        if self._next is None:
            self._ended()
            return
        received = self._next.received
        gone = timedelta(microseconds=(received - self._reference) // 1000)
        if timedelta() < gone <= _GAP:
            self._due += gone
            self._reference = received
        elif _GAP < abs(gone) <= timedelta(days=_DAYS_AHEAD):
            self._skipped = moment_of(self._next) - self._due
            self._reference = received

    def _show(self, tick: Tick) -> None:
        self._enter_day(tick)
        raw = tick.raw
        key = raw[self._instrument]
        name = self._names.get(key)
        if name is None:
            name = self._names[key] = key.partition(b"\0")[0].decode("gb18030", "replace")
        self.markets.note(name, raw)
        if name in self.engine.live():
            self.engine.settle_fills(self.markets.show(name), self.now)
            self.checks.touch(name, self.now)
        watchers = self._watchers.get(name)
        if watchers:
            self.tell(TickEvent(watchers, (raw, tick.received)))

    def _enter_day(self, tick: Tick) -> None:
        """Settle and go on where a tick is of a later trading day than those before."""
        day = self._recording.trading_day(tick)
        current = self.markets.day.date
        if day is None or day <= current or (day - current).days > _DAYS_AHEAD:
            return
        self._days.go_to(day)
        # An exchange forgets those who watch what is listed no more; a record may hold what no
        # exchange ever listed.
        watchers = self._watchers.copy()
        self._change()
        self._watchers = watchers


def moment_of(tick: Tick) -> datetime:
    """When a tick was received, as naive time of China."""
    return datetime(1970, 1, 1) + timedelta(microseconds=tick.received // 1000) + _CHINA
