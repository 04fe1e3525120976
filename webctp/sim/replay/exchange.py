"""The exchange of a replay: recorded ticks go out as they were, orders meet the recorded book.

Two times run here. *Playing time* is handed in, as in every exchange; *market time* is that of
the ticks, and what orders and trades are stamped with. They go together but for gaps of the
record (a weekend, a damaged time), which are passed over.
"""

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final, Protocol

from webctp.exchanges.calendar import TradingCalendar
from webctp.recording.rows import Tick
from webctp.sim.events import Event, Reply
from webctp.sim.exchange.exchange import Exchange, Handlers
from webctp.sim.exchange.phases import Phases
from webctp.sim.exchange.requests import Answering, Request
from webctp.sim.market.markets import Markets
from webctp.sim.matching.transit import Latency
from webctp.sim.options import SimOptions
from webctp.sim.refusals import NO_SUCH_INSTRUMENT
from webctp.sim.replay.file import Recording
from webctp.sim.replay.market import ReplayMarkets, quote_reader
from webctp.sim.replay.recorded import DAYS_AHEAD, RecordedData, RecordedDays, TickDriver

_ORDERS: Final = "ReqOrderInsert"
_SLICE: Final = 256
"""Ticks played before others get their turn."""
_GAP: Final = timedelta(hours=12)
"""A longer time without a tick is passed over; a tick so much older starts the count anew."""
_CHINA: Final = timedelta(hours=8)
_NEVER: Final = datetime(9999, 1, 1)


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
        self._driver = TickDriver(self.exchange, self._markets, days)
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
        elif _GAP < abs(gone) <= timedelta(days=DAYS_AHEAD):
            self.skipped = moment_of(self._next) - self._due
            self._reference = received

    def _show(self, tick: Tick) -> None:
        day = self._recording.trading_day(tick)
        if day is not None and self._driver.is_of_new_day(day):
            self._driver.enter_day(day)
        raw = tick.raw
        key = raw[self._instrument]
        name = self._names.get(key)
        if name is None:
            name = self._names[key] = key.partition(b"\0")[0].decode("gb18030", "replace")
        self._driver.show(name, raw)
        self._data.play(name, tick)


def moment_of(tick: Tick) -> datetime:
    """Return when a tick was received, as a naive datetime in China Standard Time."""
    return datetime(1970, 1, 1) + timedelta(microseconds=tick.received // 1000) + _CHINA
