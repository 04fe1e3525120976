"""Make bars (K 线) from ticks: one for each instrument and period, however many watch it.

Where a bar begins and ends is for :mod:`webctp.exchanges.bars` to say. Instruments of products
unknown there get bars of natural minutes, and so does what trades outside the sessions known
there: a market that never closes, or hours that are new. The figures of a bar are what its ticks
tell beyond the ticks before it; of the first bar of a trading day (and the bar of a day) the tick
itself tells the open, the highest and the lowest price, the volume and the turnover.

An instrument's first tick tells only where to count from: it may be hours old. So the first bar
after a subscription begins with the second tick, unless it is the day's first. What was traded
between two ticks shows in the day's highest and lowest price, too: where one of them moves, that
price belongs to the bar of the later tick.

A bar is closed by the first tick of a later one, or by the time: the newest tick of any instrument
tells what time it is at the exchanges, as far as the front's clock allows, and the time runs on
from there. A bar that was over long ago is begun anew by a trade only: fronts tell old ticks again
when a connection is made, and CZCE does each morning. Everything runs in the reactor's thread.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, Final, Protocol

from twisted.internet.interfaces import IDelayedCall, IReactorTime
from twisted.logger import Logger

from webctp.ctp.codec import Layout
from webctp.ctp.front import FrontTime, china_time
from webctp.exchanges.bars import LATE, Span, period_minutes, span_of
from webctp.exchanges.products import Product
from webctp.metrics import Sample
from webctp.upstream.market import figures
from webctp.upstream.market.reception import ExchangeTime
from webctp.upstream.market.subscriptions import Subscription
from webctp.upstream.market.ticks import (
    AHEAD,
    Moment,
    Moments,
    Tick,
    product_of,
    reader,
)

_log = Logger()

_A_TURN: Final = 250
"""Bars closed in one turn of the reactor: at a minute's end all of them are over at once."""
_LATE_SECONDS: Final = 0.5
"""Seconds by our clock that a bar waits for ticks at the least, where the front's runs faster."""
_LEAST_WAIT: Final = 0.02
"""Seconds between two looks at whether the front's time has gone on."""
_LONG_OVER: Final = timedelta(minutes=10)
"""A bar that ended longer ago than this is not begun by a tick that tells of no trade."""


_SAME: Final = 100_000_000
"""Nanoseconds within which ticks count as received together: what is told apart is minutes."""
_RECENT: Final = 4_096


@dataclass(slots=True)
class Bar:
    """A bar as far as it has grown; prices as CTP gives them, ``volume`` in lots."""

    instrument_id: str
    exchange_id: str
    trading_day: str
    span: Span
    open: float
    high: float
    low: float
    close: float
    volume: int = 0
    turnover: float = 0.0
    open_interest: float = 0.0
    closed: bool = False
    tick: Tick | None = None
    """The newest tick in it, which tells the day's figures as well."""
    whole: bool = True
    """Whether it counts from its beginning: a tick before it was seen, or it begins the day."""


class Series:
    """Make the bars of one instrument and period, one after the other."""

    def __init__(self, product: Product | None, period: str) -> None:
        self.product = product
        self.exchange_id = "" if product is None else product.exchange_id
        self._period = period
        self.current: Bar | None = None
        self._over = datetime.min
        self._before: Tick | None = None
        self._before_at = datetime.min
        self._day = ""
        self._base_volume = 0
        self._base_turnover = 0.0
        self._begins_day = False
        self._high: float | None = None
        self._low: float | None = None

    def pause(self) -> None:
        """Count from the next tick anew: the connection broke, and it may be an old one."""
        self._before = None

    def take(self, tick: Tick, moment: Moment, live: datetime) -> tuple[bool, Bar | None]:
        """Let the current bar grow by ``tick``; gives whether it has, and the bar it has closed.

        :param live: a bar that ended before it is begun by a trade only.
        """
        bar, before, last = self.current, self._before, tick.last
        self._before = tick
        if bar is not None and before is not None and last is not None and tick.volume:
            span = bar.span
            # The way of nearly every tick, which takes a third of what the general one does.
            if span.start <= moment.at < span.end and moment.trading_day == self._day:
                self._before_at = moment.at
                self._grow(bar, tick, before, last)
                return True, None
        before_at, self._before_at = self._before_at, moment.at
        same_day, self._day = moment.trading_day == self._day, moment.trading_day
        if before is None or not same_day:
            self._forget_extremes(tick, moment, same_day=same_day)
        # Between settlement and opening fronts tell the old time with the new day: a day's bars
        # begin with its first trade.
        if before is None or last is None or not tick.volume:
            return False, None
        found = self._span(moment.at, live, traded=same_day and before.volume < tick.volume)
        if found is None:
            return False, None
        closed = None
        if self.current is None or self.current.span.start != found.start:
            closed = self.close()
            self._begins_day = found.opens_day or not same_day
            counted = before.volume <= tick.volume and not self._begins_day
            whole = self._begins_day or before_at < found.start
            self._open(tick, moment, found, before if counted else None, whole=whole)
        if self.current is not None:
            self._grow(self.current, tick, before, last)
        return True, closed

    def seed(self, bar: Bar | None, last: Tick, over: datetime) -> None:
        """Go on from what other bars have told up to the ``last`` tick.

        :param bar: the current one; None where none has begun.
        :param over: when the last one that is over has ended.
        """
        self._over = max(self._over, over)
        if bar is None:
            return
        self.current = bar
        self._begins_day = False
        self._base_volume = last.volume - bar.volume
        self._base_turnover = (last.turnover or 0.0) - bar.turnover
        self._high, self._low = last.high, last.low

    def close(self) -> Bar | None:
        """End the current bar; return it, None where there is none."""
        bar, self.current = self.current, None
        if bar is not None:
            bar.closed = True
            self._over = bar.span.end
        return bar

    def _span(self, at: datetime, live: datetime, *, traded: bool) -> Span | None:
        """Return the bar that a tick at ``at`` belongs to; None if it is over, or none."""
        current = self.current
        if current is not None and current.span.start <= at < current.span.end:
            return current.span
        minute = at.replace(second=0, microsecond=0)
        span = span_of(self.product, minute, self._period)
        if span is None and traded:
            span = span_of(None, minute, self._period)
        if span is None or span.start < self._over or (span.closes < live and not traded):
            return None
        return None if current is not None and span.start < current.span.start else span

    def _open(
        self, tick: Tick, moment: Moment, span: Span, before: Tick | None, *, whole: bool
    ) -> None:
        """Begin a bar that counts from ``before``, None for the beginning of the day."""
        price = tick.last or 0.0
        self._base_volume = before.volume if before is not None else 0
        self._base_turnover = (before.turnover or 0.0) if before is not None else 0.0
        names = tick.instrument_id, tick.exchange_id or self.exchange_id, moment.trading_day
        self.current = Bar(*names, span, price, price, price, price, whole=whole)

    def _grow(self, bar: Bar, tick: Tick, before: Tick, price: float) -> None:
        """Let a bar grow; the day's extremes count if they moved since the last tick of a bar."""
        volume = max(0, tick.volume - self._base_volume)
        high, low = tick.high, tick.low
        if self._begins_day:
            bar.open = price if tick.open is None else tick.open
            bar.high = price if high is None else high
            bar.low = price if low is None else low
        else:
            if bar.volume == 0 and (volume or tick.volume > before.volume):
                # Until somebody trades a bar shows the price that was.
                bar.open = bar.high = bar.low = price
            known = self._high
            if price > bar.high:
                bar.high = price
            if high is not None and known is not None and known < high > bar.high:
                bar.high = high
            known = self._low
            if price < bar.low:
                bar.low = price
            if low is not None and known is not None and known > low < bar.low:
                bar.low = low
        self._high, self._low = high, low
        bar.close = price
        bar.tick = tick
        bar.volume = volume
        bar.turnover = max(0.0, (tick.turnover or 0.0) - self._base_turnover)
        bar.open_interest = tick.open_interest or 0.0

    def _forget_extremes(self, tick: Tick, moment: Moment, *, same_day: bool) -> None:
        """Begin anew: nobody knows in which bar the day's extremes have moved meanwhile.

        Within one bar it is that one.
        """
        bar = self.current
        if not same_day or bar is None or not bar.span.start <= moment.at < bar.span.end:
            self._high, self._low = tick.high, tick.low


class BarListener(Protocol):
    """What a maker calls with one instrument's bars of one period."""

    def grown(self, bar: Bar) -> None:
        """Take a bar that has grown; it is the same object until it is closed."""

    def closed(self, bar: Bar) -> None:
        """Take a bar that is over; called once for each."""


class BarMakers:
    """Keep a maker for each period that somebody watches; other bars are not made.

    :param front: the time at the front that the ticks come from.
    :param moments: reads when ticks were.
    """

    def __init__(
        self,
        clock: IReactorTime,
        layout: Layout,
        front: FrontTime,
        moments: Moments,
    ) -> None:
        self._clock = clock
        self._layout = layout
        self._front = front
        self._moments = moments
        self._makers: dict[str, BarMaker] = {}
        self._closed: Counter[str] = Counter()
        """Bars closed by makers that are no more, by period."""

    def __len__(self) -> int:
        return len(self._makers)

    def samples(self) -> Iterator[Sample]:
        """Read the figures of all bars; called on a scrape."""
        for period, maker in self._makers.items():
            yield figures.BAR_SERIES.sample(len(maker), period)
        closed = self._closed.copy()
        closed.update({period: maker.closed for period, maker in self._makers.items()})
        for period, count in closed.items():
            yield figures.BARS_CLOSED.sample(count, period)

    def watch(
        self, subscription: Subscription[Any], period: str, listener: BarListener
    ) -> "BarMaker":
        """Make an instrument's bars from now on, of the ticks that its subscription gets.

        :raises ValueError: if ``period`` is none.
        """
        maker = self._makers.get(period)
        if maker is None:
            maker = BarMaker(self._clock, self._layout, period, self._front, self._moments)
            self._makers[period] = maker
        maker.watch(subscription.name, listener)
        if maker not in subscription.bar_makers:
            subscription.bar_makers += (maker,)
        return maker

    def unwatch(self, subscription: Subscription[Any], period: str) -> None:
        """Stop making an instrument's bars of a period."""
        maker = self._makers[period]
        subscription.bar_makers = tuple(one for one in subscription.bar_makers if one is not maker)
        maker.forget(subscription.name)
        if not len(maker):
            self._closed[period] += maker.closed
            del self._makers[period]

    def pause(self) -> None:
        """Count no bar across an outage: the front's first ticks afterwards may be old."""
        for maker in self._makers.values():
            maker.pause()

    def close(self) -> None:
        """Stop all timers."""
        for maker in self._makers.values():
            maker.close()


class BarMaker:
    """Make the bars of one period, of every instrument that somebody watches.

    :param front: the time at the front that the ticks come from.
    :raises ValueError: if ``period`` is none.
    """

    def __init__(
        self,
        clock: IReactorTime,
        layout: Layout,
        period: str,
        front: FrontTime,
        moments: Moments,
    ) -> None:
        period_minutes(period)
        self.period = period
        self.closed = 0
        """Bars closed since the start of this maker."""
        self._clock = clock
        self._front = front
        self._read = reader(layout)
        self._moments = moments
        self._series: dict[bytes, Series] = {}
        self._listeners: dict[bytes, BarListener] = {}
        self._taken: dict[bytes, bytes] = {}
        self._due: dict[datetime, dict[bytes, None]] = {}
        self._next = datetime.max
        self._timer: IDelayedCall | None = None
        self._time_there = ExchangeTime(clock, front)
        self._early = False
        self._now = -1
        self._received = self._live = datetime.min
        self._recent: dict[object, Moment] = {}

    def __len__(self) -> int:
        return len(self._listeners)

    def watch(self, name: bytes, listener: BarListener) -> None:
        """Tell ``listener`` of an instrument's bars: one listener for each instrument."""
        self._listeners[name] = listener

    def tick(self, name: bytes, body: bytes) -> None:
        """Take a tick of an instrument that is watched; the same ``body`` again does nothing."""
        if self._taken.get(name) is body:
            return
        self._taken[name] = body
        tick = self._read(body)
        series = self._series.get(name)
        if series is None:
            series = self._series[name] = Series(product_of(tick.instrument_id), self.period)
        now = self._front.clock()
        if not 0 <= now - self._now < _SAME:
            self._now, self._received = now, china_time(now)
            self._live = self._received - _LONG_OVER if self._front.speed else datetime.min
            self._recent.clear()
        # Most ticks are of a moment that another instrument's has just been of.
        stamp = tick.stamp, tick.millisec, tick.exchange_id or series.exchange_id
        moment = self._recent.get(stamp)
        if moment is None:
            moment = self._moments.of(tick, stamp[2], self._received)
            if moment is None:
                self._without_moment(tick, self._received)
                return
            if len(self._recent) < _RECENT:  # those of ticks that are received together
                self._recent[stamp] = moment
        before = series.current
        grew, closed = series.take(tick, moment, self._live)
        if closed is not None:
            self._unexpect(name, self._due_at(closed))
            self.closed += 1
            self._listeners[name].closed(closed)
        bar = series.current
        if bar is None:
            return
        later = self._time_there.is_at(moment.at)
        if bar is not before:
            self._expect(name, self._due_at(bar))
        if later and moment.at >= self._next:
            self._watch()  # it is later than the clock knew
        if grew and not bar.closed:
            self._listeners[name].grown(bar)

    def recall(self, name: bytes, last: bytes) -> None:
        """Take the ``last`` tick of before an instrument was watched, unless one came since."""
        if name not in self._taken:
            self.tick(name, last)

    def current(self, name: bytes) -> Bar | None:
        """Return an instrument's bar as far as it has grown; None where none has begun."""
        series = self._series.get(name)
        return None if series is None else series.current

    def seed(self, name: bytes, bar: Bar | None, over: datetime) -> None:
        """Let an instrument's bars go on from others of its ticks, unless it has a whole one.

        :param bar: the current bar, with what the last tick tells; None where none has begun.
        :param over: when the last bar that is over has ended.
        """
        series, last = self._series.get(name), self._taken.get(name)
        if series is None or last is None:
            return
        current = series.current
        if current is not None and (
            current.whole or bar is None or current.span.start != bar.span.start
        ):
            return
        series.seed(bar, self._read(last), over)
        if bar is not None:
            self._expect(name, self._due_at(bar))

    def forget(self, name: bytes) -> None:
        """Stop making an instrument's bars."""
        self._listeners.pop(name, None)
        self._taken.pop(name, None)
        series = self._series.pop(name, None)
        if series is not None and series.current is not None:
            self._unexpect(name, self._due_at(series.current))

    def pause(self) -> None:
        """Count from the next ticks anew: the front was lost, and its first ticks may be old."""
        for series in self._series.values():
            series.pause()

    def close(self) -> None:
        """Stop all timers."""
        self._listeners.clear()
        self._series.clear()
        self._due.clear()
        self._watch()

    def _without_moment(self, tick: Tick, received: datetime) -> None:
        """Say once that the two clocks disagree; a tick that tells no time at all is common."""
        if not self._early and self._moments.of(tick, "", datetime.max - AHEAD) is not None:
            self._early = True
            _log.warn(
                "bars leave out ticks of {instrument_id!r}: their time is more than {ahead} ahead "
                "of the front's, {received}; set this machine's clock",
                instrument_id=tick.instrument_id,
                ahead=AHEAD,
                received=received,
            )

    def _due_at(self, bar: Bar) -> datetime:
        """Return when a bar is closed by the time, if no tick closes it before."""
        late = timedelta(seconds=_LATE_SECONDS * (self._front.speed or 1.0))
        return bar.span.closes if late <= LATE else bar.span.closes - LATE + late

    def _expect(self, name: bytes, closes: datetime) -> None:
        self._due.setdefault(closes, {})[name] = None
        if closes < self._next:
            self._watch()

    def _unexpect(self, name: bytes, closes: datetime) -> None:
        names = self._due.get(closes, {})
        names.pop(name, None)
        if not names and self._due.pop(closes, None) is not None and closes == self._next:
            self._watch()

    def _watch(self) -> None:
        """Set the timer to when the next bar is due."""
        if self._timer is not None:
            self._timer.cancel()
        self._timer = None
        self._next = min(self._due, default=datetime.max)
        if self._due:
            wait = self._time_there.seconds_to(self._next)
            wait = max(wait, _LEAST_WAIT) if wait > 0 else 0.0
            self._timer = self._clock.callLater(wait, self._time)

    def _time(self) -> None:
        self._timer = None
        now, left = self._time_there.now(), _A_TURN
        for closes in sorted(moment for moment in self._due if moment <= now):
            if not left:
                break
            left = self._close_due(closes, left)
        self._watch()

    def _close_due(self, closes: datetime, left: int) -> int:
        """Close up to ``left`` of the bars that are over at a moment; gives how many more may."""
        due = tuple(islice(self._due.get(closes, ()), left))
        for name in due:
            self._unexpect(name, closes)
            # Who was told of another may have found that this one is not wanted any more.
            series = self._series.get(name)
            bar = None if series is None else series.close()
            if bar is not None:
                self.closed += 1
                self._listeners[name].closed(bar)
        return left - len(due)
