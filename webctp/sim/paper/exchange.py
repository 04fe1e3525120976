"""The exchange on paper: ticks of a feed drive it, orders meet the book that they show.

It matches as a replay does (:mod:`webctp.sim.replay.market`). The time is the feed's: it is handed
in, as in every exchange.
"""

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Final, NamedTuple

from webctp.ctp.codec import Layout
from webctp.exchanges.calendar import TradingCalendar
from webctp.exchanges.tickdays import TickDays
from webctp.sim.events import Event
from webctp.sim.exchange.exchange import Exchange, Handlers
from webctp.sim.exchange.phases import Phases
from webctp.sim.exchange.requests import Answering
from webctp.sim.market.markets import Markets
from webctp.sim.matching.transit import Latency
from webctp.sim.options import SimOptions
from webctp.sim.paper.markets import PaperMarkets
from webctp.sim.paper.waiting import Feed, WaitingRequests
from webctp.sim.replay.file import Fields, trading_day_of
from webctp.sim.replay.market import quote_reader
from webctp.sim.replay.recorded import RecordedData, RecordedDays, TickDriver

_NEVER: Final = datetime(9999, 1, 1)


class PaperTick(NamedTuple):
    """A tick of the feed: its instrument, its bytes, when it was received (ns since 1970)."""

    instrument: str
    raw: bytes
    received: int


class Paper:
    """A feed's ticks, and the exchange whose markets they are: that exchange's pace.

    :param layout: of a tick's struct.
    :param start: the time at the feed.
    :param day: its trading day.
    :param hurried: whether the feed goes as fast as its ticks are taken, whatever the time.
    """

    is_amid_step = False

    def __init__(
        self,
        options: SimOptions,
        layout: Layout,
        calendar: TradingCalendar,
        start: datetime,
        day: date,
        handlers: Handlers,
        answering: Mapping[str, Answering],
        feed: Feed,
        *,
        hurried: bool,
    ) -> None:
        days = RecordedDays(calendar, day)
        self._layout = layout
        self._read = quote_reader(layout)
        self._fields = Fields.of(layout)
        self._days = TickDays(calendar)
        self.markets = PaperMarkets(
            options.seed, days, start, self._read, keeps_hours=options.clock == "calendar"
        )
        self.waiting = WaitingRequests(feed)
        self.exchange = Exchange(
            options,
            self.markets,
            self.waiting.wrapped(handlers),
            answering,
            # A feed that is taken as fast as it can be leaves no time to be under way in.
            latency=Latency() if hurried else None,
            data=self._make_data,
            pace=lambda exchange: self,
        )
        self._driver = TickDriver(self.exchange, self.markets, days)

    def _make_data(
        self, markets: Markets, phases: Phases, tell: Callable[[Event], None]
    ) -> RecordedData:
        return RecordedData(self._layout, self.markets, phases, tell)

    def take(self, ticks: Sequence[PaperTick], now: datetime) -> None:
        """Let the markets go on to ticks, in the feed's order; later days settle earlier ones."""
        self.exchange.go_to(now)
        for place, tick in enumerate(ticks):
            day = self._day_of(tick)
            if day is not None and self._driver.is_of_new_day(day):
                self._enter_day(day, ticks[place:])
            if self.markets.contract(tick.instrument) is not None:
                self._driver.show(tick.instrument, tick.raw)
                self.waiting.tick(self.exchange, tick.instrument)

    def catch_up(self, day: date, ticks: Iterable[PaperTick]) -> None:
        """Settle what was kept of an earlier trading day than the feed's.

        :param ticks: first ticks of the feed's day, for the settlement prices that they tell.
        """
        if self._driver.is_of_new_day(day):
            self._enter_day(day, ticks)

    def held(self) -> list[str]:
        """Return what accounts hold and have orders in, with the futures under options."""
        names = {
            position.contract.instrument: None
            for account in self.exchange.accounts.values()
            for position in account.positions.values()
            if position.volume()
        }
        names.update(dict.fromkeys(self.exchange.engine.live()))
        return list(dict.fromkeys(one for name in names for one in self.markets.needed(name)))

    # The exchange's pace

    def advance(self, now: datetime, most: int = sys.maxsize) -> None:
        """Let the messages that are under way arrive up to ``now``."""
        self.exchange.go_to(now)
        self.exchange.risk.look()

    def next_due(self) -> datetime:
        """Return when the next message arrives."""
        arrives = self.exchange.transit.due()
        return _NEVER if arrives is None else arrives

    def _day_of(self, tick: PaperTick) -> date | None:
        return trading_day_of(self._days, self._fields, tick.raw, tick.received)

    def _enter_day(self, day: date, ticks: Iterable[PaperTick]) -> None:
        """Settle, at the exchanges' prices where ticks of the next day tell them."""
        told = {
            tick.instrument: price
            for tick in ticks
            if self._day_of(tick) == day
            and (price := self._read(tick.raw).pre_settlement) is not None
        }
        self.markets.will_settle(told)
        self._driver.enter_day(day)
        self.waiting.forget()
        self.waiting.watch(self.held())
