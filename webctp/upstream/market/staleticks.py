"""Tell ticks that are news from stale ones, which a front sends again.

Fronts repeat themselves: in the morning CTP may play the whole night again (HQJK), CZCE sends the
night's closing tick once more under today's date, and each connection begins with ticks that may
have been told before. A tick is *stale* where

- it says what the newest tick of its instrument says, but for the dates;
- it is a night session's and comes by day (:data:`LATE` after its moment at the least);
- it is of an earlier moment than the newest, or of the same one with less volume. More volume is
  always news, and so is the first tick of a new trading day, which still bears the old time.

A front that goes back for good is followed (test fronts play a day again): once it has told old
ticks for :data:`PLAYED` at the pace of the market, they are news until the connection breaks.

What answers a subscription is not stale: the first tick that the front sends of an instrument
after it was asked for. After a reconnection that must be newer than what was known. A tick that
tells no moment cannot be judged, and is news.

Moments are those of :class:`~webctp.upstream.market.ticks.Moments`, by which bars go, too.
Everything runs in the reactor's thread.
"""

import struct
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from webctp.ctp.codec import Layout, format_of
from webctp.ctp.front import FrontTime, china_time
from webctp.exchanges.tickdays import is_night
from webctp.upstream.market.subscriptions import Stamp, Subscription
from webctp.upstream.market.ticks import Moment, Moments, Tick, exchange_of, reader

LATE: Final = timedelta(minutes=10)
PLAYED: Final = timedelta(minutes=10)
_STAMP: Final = ("TradingDay", "Volume", "UpdateTime", "UpdateMillisec")
_TEN_MINUTES: Final = len("HH:M")
_DATES: Final = ("TradingDay", "ActionDay")


class Unpublished(bytes):
    """The newest tick of an instrument where it is stale: subscribers were not sent it as news."""


class StaleTicks:
    """Tell stale ticks from news, and keep the newest of each instrument in its subscription.

    :param layout: of ``CThostFtdcDepthMarketDataField``.
    :param front: the time at the front: when ticks are received.
    """

    def __init__(self, layout: Layout, front: FrontTime, moments: Moments) -> None:
        fields = tuple(field for field in layout.fields if field.name in _STAMP)
        if tuple(field.name for field in fields) != _STAMP:
            raise ValueError(f"the binding has the fields of a tick in another order than {_STAMP}")
        day, volume, time, millisec = fields
        ten_minutes = replace(time, size=_TEN_MINUTES)
        rest = replace(time, offset=time.offset + _TEN_MINUTES, size=time.size - _TEN_MINUTES)
        told = (day, volume, ten_minutes, rest, millisec)
        self._unpack = struct.Struct(format_of(told, layout.size)).unpack
        self._content = _without(layout, _DATES)
        self._read = reader(layout)
        self._front = front
        self._moments = moments

    def is_stale(self, subscription: Subscription[Any], body: bytes) -> bool:
        """Return whether a tick of an instrument is told again.

        One that follows the newest within ten minutes and under the same dates costs a look at
        its stamp.
        """
        stamp = day, volume, ten_minutes, second, millisec = self._unpack(body)
        known = subscription.stamp
        if (
            known is not None
            and second >= known[3]
            and ten_minutes == known[2]
            and day == known[0]
            and (
                second != known[3]
                or millisec > known[4]
                # CZCE has no milliseconds, and a quote may change without a trade.
                or (millisec == known[4] and volume >= known[1] and body != subscription.last)
            )
        ):
            subscription.stamp = stamp
            subscription.last = body
            return False
        return self._judge(subscription, body, stamp)

    def _judge(self, subscription: Subscription[Any], body: bytes, stamp: Stamp) -> bool:
        """Judge by the moments: what comes first, late, or not close behind the newest."""
        tick = self._read(body)
        received = china_time(self._front.clock())
        moment = self._moments.of(tick, exchange_of(tick), received)
        newest, awaited = subscription.last, subscription.awaited
        subscription.awaited, subscription.stamp = False, None
        if moment is None or newest is None:
            stale = later = False
        else:
            before = self._read(newest)
            known = self._moments.of(before, exchange_of(before), received)
            later = known is None or moment.at > known.at
            old = _comes_by_day(moment, received)
            if _begins_day(tick, before, old=old):
                stale = False
            elif self._content(body) == self._content(newest):
                stale, later = True, False
            else:
                if old:
                    stale = not (awaited and later)
                else:
                    stale = not (known is None or later or _goes_on(tick, moment, before, known))
                stale = stale and not _plays(subscription, moment, received)
        if not stale:
            subscription.last, subscription.rerun = body, None
            if moment is not None and not _comes_by_day(moment, received):
                subscription.stamp = stamp
        elif later:
            subscription.last = Unpublished(body)
        return stale


def _plays(subscription: Subscription[Any], moment: Moment, received: datetime) -> bool:
    """Return whether the front goes on from old ticks at the pace of the market."""
    if subscription.followed:
        return True
    if subscription.rerun is None or moment.at < subscription.rerun[1]:
        subscription.rerun = received, moment.at
        return False
    gone = received - subscription.rerun[0]
    told = moment.at - subscription.rerun[1]
    subscription.followed = gone >= PLAYED and abs(told - gone) <= gone / 5
    return subscription.followed


def _comes_by_day(moment: Moment, received: datetime) -> bool:
    """Return whether it is a night session's tick that comes when the night is over."""
    if received - moment.at < LATE:
        return False
    return is_night(moment.at.time()) and not is_night(received.time())


def _begins_day(tick: Tick, before: Tick, *, old: bool) -> bool:
    """Return whether a tick is the first of its trading day, whatever time it bears.

    CZCE's TradingDay is the day by the clock; a day that begins shows in the volume there.
    """
    day, known = tick.stamp[0], before.stamp[0]
    if not known.strip(b"\0") or day <= known:
        return False
    return exchange_of(tick) != "CZCE" or (tick.volume < before.volume and not old)


def _goes_on(tick: Tick, moment: Moment, before: Tick, known: Moment) -> bool:
    """Return whether a tick that is not later by its moment still follows the one ``before``."""
    if moment.trading_day == known.trading_day and tick.volume > before.volume:
        return True
    return moment.at == known.at and tick.volume >= before.volume


def _without(layout: Layout, names: tuple[str, ...]) -> Callable[[bytes], bytes]:
    """Return a function that leaves some fields out of a struct's bytes."""
    ends = [0]
    for field in layout.fields:
        if field.name in names:
            ends += [field.offset, field.offset + field.size]
    ends.append(layout.size)
    kept = tuple(slice(start, end) for start, end in zip(ends[::2], ends[1::2], strict=True))
    return lambda body: b"".join(body[part] for part in kept)
