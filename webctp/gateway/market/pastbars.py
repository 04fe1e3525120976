"""Bars of the past for clients: ``ReqQryBar``, a request of the gateway's own (CTP has none).

They come from the bar store where there is one (``BarStore``), else from memory (``History``).
"""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta, timezone
from typing import Annotated, Any, Final

import msgspec
from msgspec import Raw
from twisted.internet.defer import Deferred, succeed

from webctp.ctp import errors
from webctp.ctp.refusal import Refusal
from webctp.exchanges.bars import period_minutes
from webctp.gateway.market.barkeeping import BarKeeper
from webctp.gateway.market.barstream import past_bodies
from webctp.gateway.market.history import BarHistory
from webctp.gateway.messages import own, own_risk
from webctp.gateway.messages.schema import Message
from webctp.language.text import english
from webctp.upstream.barstore.row import BarRow, SeriesKey, seconds_of
from webctp.upstream.barstore.store import MOST_MINUTES, BarStore, Past
from webctp.upstream.market.hub import MarketHub
from webctp.upstream.turns import batched

PAST_BARS: Final = "ReqQryBar"
BODY: Final = "QryBar"
MOST: Final = 10_000
"""Bars of the past that one request may ask for, some 4 MB."""
_A_STEP: Final = 16
_CHINA: Final = timezone(timedelta(hours=8))
_MOMENT: Final = re.compile(
    r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?"
)
_LONGEST: Final = 40


class QryBar(msgspec.Struct, forbid_unknown_fields=True):
    """A client's request for the newest ``Count`` bars between two moments, all left out or not."""

    InstrumentID: str
    Period: str
    Count: Annotated[int, msgspec.Meta(ge=1, le=MOST)] | None = None
    BeginTime: str | None = None
    EndTime: str | None = None


def read_query(message: Message, request_id: int) -> QryBar:
    """Check a ``ReqQryBar``.

    :raises BadMessage: naming the field and what is wanted.
    """
    return own_risk.read(PAST_BARS, QryBar, message, request_id, BODY)


def moment(field: str, text: str | None) -> int | None:
    """Return a moment that a client names, in seconds since 1970.

    :raises Refusal: for a text that is none.
    """
    if text is None:
        return None
    try:
        if not _MOMENT.fullmatch(text):
            raise ValueError
        found = datetime.fromisoformat(text)
        return int((found if found.tzinfo else found.replace(tzinfo=_CHINA)).timestamp())
    except (ValueError, OverflowError):
        raise Refusal(
            errors.BAD_REQUEST,
            english(
                "{field} is {found!a}; write 2026-11-23T21:00:00+08:00, or a date; without a zone "
                "it is China's time",
                field=field,
                found=text[:_LONGEST],
            ),
        ) from None


def check_period(period: str, count: int) -> None:
    """Look whether so many bars of a period can be made of the minutes that are kept.

    :raises Refusal: if it is no period, or if they would be too many.
    """
    try:
        minutes = period_minutes(period[:_LONGEST])
    except ValueError:
        raise Refusal(
            errors.BAD_REQUEST,
            english(
                "Period: {period!r} is no period; write minutes (5m), hours (1h) or 1d",
                period=period[:_LONGEST],
            ),
        ) from None
    if minutes * (count + 1) > MOST_MINUTES and minutes > 1:
        raise Refusal(
            errors.BAD_REQUEST,
            english(
                "{count} bars of {period} are made of more than {most} minutes; ask for at most "
                "{fewer}",
                count=count,
                period=period,
                most=MOST_MINUTES,
                fewer=MOST_MINUTES // minutes - 1,
            ),
        )


class PastBars:
    """Where bars of the past come from: the store, or else memory. In the reactor's thread."""

    def __init__(
        self, hub: MarketHub[Any], history: BarHistory | None, keeper: BarKeeper | None
    ) -> None:
        self._hub = hub
        self.history = history
        self.store: BarStore | None = None if keeper is None else keeper.store

    def ask(self, asked: QryBar) -> "Deferred[Sequence[BarRow | bytes]]":
        """Return the bars asked for, the oldest first; JSON where they come from memory.

        :raises Refusal: if such bars are not kept, or the request cannot be met.
        """
        begin, end = moment("BeginTime", asked.BeginTime), moment("EndTime", asked.EndTime)
        if begin is not None and end is not None and begin >= end:
            raise Refusal(
                errors.BAD_REQUEST,
                english(
                    "BeginTime {begin!a} is not before EndTime {end!a}",
                    begin=asked.BeginTime,
                    end=asked.EndTime,
                ),
            )
        if self.store is None:
            return succeed(self._in_memory(asked, begin, end))
        count = asked.Count or _most(asked.Period)
        check_period(asked.Period, count)
        # A day so far is on disk, and no bar of the past.
        now = seconds_of(self._hub.now())
        end = now if end is None else min(now, end)
        found = self.store.bars(SeriesKey(asked.InstrumentID, asked.Period), count, begin, end)
        return found.addCallback(_rows)

    def _in_memory(self, asked: QryBar, begin: int | None, end: int | None) -> list[BarRow | bytes]:
        if self.history is None:
            raise Refusal(
                errors.BAD_REQUEST,
                english(
                    "{request} needs bars that are kept; configure BarStore or History",
                    request=PAST_BARS,
                ),
            )
        found: list[BarRow | bytes] = [
            bar.json
            for bar in self.history.bars(asked.InstrumentID, asked.Period)
            if (begin is None or bar.begin >= begin) and (end is None or bar.end <= end)
        ]
        return found[-(asked.Count or MOST) :]


def _rows(past: Past) -> list[BarRow]:
    return past.rows


def _most(period: str) -> int:
    """Return how many bars of a period an answer may have, where none are asked for by number."""
    try:
        minutes = max(1, period_minutes(period[:_LONGEST]))
    except ValueError:
        return 1  # refused as what it is
    return min(MOST, MOST_MINUTES // minutes - 1)


def answering(
    say: Callable[[bytes], object],
    asked: QryBar,
    bars: Sequence[BarRow | bytes],
    request_id: int,
) -> Iterator[None]:
    """Say, in steps, a ``RspQryBar`` for each bar, or one whose ``Bar`` is null."""
    key = SeriesKey(asked.InstrumentID, asked.Period)
    listed: Sequence[BarRow | bytes] = bars or (b"null",)
    left = len(listed)
    for some in batched(listed, _A_STEP):
        kept = [bar for bar in some if isinstance(bar, bytes)]
        for json in kept or past_bodies(key, [row for row in some if isinstance(row, BarRow)]):
            left -= 1
            told = own.RspQryBar(IsLast=not left, RequestID=request_id, Bar=Raw(json))
            say(own.encode(told))
        yield
