"""What ticks of elsewhere drive an exchange by: its trading days, its market data, its markets.

A recording and a feed of market data do it alike (:mod:`webctp.sim.replay`,
:mod:`webctp.sim.paper`).
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Final

from webctp.ctp.codec import DBL_MAX, Layout
from webctp.exchanges.calendar import TradingCalendar
from webctp.exchanges.products import Product
from webctp.exchanges.sessions import CONTINUOUS, Phase
from webctp.recording.rows import Tick
from webctp.sim.accounts.sessions import Session
from webctp.sim.events import Event, TickEvent
from webctp.sim.exchange.exchange import Exchange
from webctp.sim.exchange.marketdata import MarketData
from webctp.sim.exchange.phases import Phases
from webctp.sim.market import ticks
from webctp.sim.model.timeline import Day, Opened
from webctp.sim.replay.market import ReplayMarkets

DAYS_AHEAD: Final = 400
"""A TradingDay further ahead is a damaged one."""
_NEVER: Final = datetime(9999, 1, 1)


class RecordedDays:
    """The timeline of ticks: they say which trading day it is; it never closes."""

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


class TickDriver:
    """Let ticks drive an exchange: they bring its trading days, and fills of users' orders."""

    def __init__(self, exchange: Exchange, markets: ReplayMarkets, days: RecordedDays) -> None:
        self._exchange = exchange
        self._markets = markets
        self._days = days

    def is_of_new_day(self, day: date | None) -> bool:
        """Return whether a tick's trading day is later than the present one, and may be right."""
        current = self._markets.day.date
        return day is not None and current < day and (day - current).days <= DAYS_AHEAD

    def enter_day(self, day: date) -> None:
        """Settle, and go on to another trading day."""
        self._days.go_to(day)
        self._exchange.change()

    def show(self, name: str, raw: bytes) -> None:
        """Let an instrument's market go on to a tick; what waits for that trades."""
        self._markets.note(name, raw)
        exchange = self._exchange
        if name in exchange.engine.live():
            exchange.engine.settle_fills(self._markets.show(name), exchange.now)
            exchange.checks.touch(name, exchange.now)
