"""``History`` in a subscription to bars: those of the past first, then the live one, without a gap.

While bars of the past are read and sent, the client's streams of that instrument are held back.
What closes meanwhile is collected; then, in one turn, it is sent, the live bar is brought up to
what the minutes have told, and the streams begin. Everything runs in the reactor's thread.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final, Protocol

import msgspec
from twisted.internet.defer import Deferred, gatherResults
from twisted.python.failure import Failure

from webctp.ctp import errors
from webctp.ctp.refusal import Refusal
from webctp.gateway.market.barstream import BarSource, past_bodies
from webctp.gateway.market.history import BarHistory
from webctp.gateway.market.pastbars import MOST, PastBars, check_period
from webctp.gateway.market.spec import StreamSpec
from webctp.gateway.market.streams import InstrumentStreams
from webctp.language.text import Text, english
from webctp.upstream.barstore.row import (
    KEPT,
    MINUTE,
    BarRow,
    SeriesKey,
    bar_of_row,
    longer,
    moment_of,
    row_of,
    seconds_of,
    span_of_row,
)
from webctp.upstream.barstore.store import BarStore, Past, Tail
from webctp.upstream.market.hub import MarketHub
from webctp.upstream.market.instruments import is_pattern
from webctp.upstream.turns import batched

_A_STEP: Final = 32
_HEAD: Final = b'{"MsgType":"RtnBar","Bar":'


class Joiner(Protocol):
    """The client whose streams are held back."""

    def say(self, message: bytes) -> None:
        """Send a message."""

    def awaits(self, name: bytes, join: "BarJoin") -> bool:
        """Return whether the client still waits for this of an instrument."""

    def joined(self, name: bytes) -> None:
        """Hold its streams of an instrument back no longer."""

    def begin_streams(self, name: bytes) -> None:
        """Send what stands of an instrument's streams now."""

    def refuse(self, msg_type: str, code: int, detail: Text, request_id: int) -> None:
        """Answer with an error of the gateway's."""


def check_history(
    past: PastBars,
    names: Sequence[bytes],
    specs: Sequence[StreamSpec],
    count: int,
    *,
    mains: int = 0,
) -> None:
    """Look whether a subscription may have so many bars of the past.

    :param mains: how many main contracts are named beside; which they are may not be known yet.
    :raises Refusal: saying why not, and what to ask for.
    """
    periods = [spec.period for spec in specs if spec.period]
    if not periods:
        detail = english("History is for bars: name their periods in Bars")
        raise Refusal(errors.BAD_REQUEST, detail)
    for name in filter(is_pattern, names):
        raise Refusal(
            errors.BAD_REQUEST,
            english(
                "History needs instruments by name, and {pattern!a} is a pattern",
                pattern=name.decode("gbk", "replace")[:32],
            ),
        )
    wanted = (len(names) + mains) * len(periods) * count
    if wanted > MOST:
        raise Refusal(
            errors.BAD_REQUEST,
            english(
                "{wanted} bars of the past are more than {most}; ask for fewer, or subscribe in "
                "several messages",
                wanted=wanted,
                most=MOST,
            ),
        )
    for period in periods:
        if past.store is not None:
            check_period(period, count)
        elif past.history is None:
            raise Refusal(
                errors.BAD_REQUEST,
                english("History needs bars that are kept; configure BarStore or History"),
            )
        else:
            for name in names:
                past.history.bars(name.decode("gbk", "replace"), period)


class BarJoin:
    """Bring one client's subscription to bars from the past to the present.

    :param main: the name of the main contract as which the bars are asked for, such as ``@rb``.
    """

    def __init__(
        self,
        hub: MarketHub[Any],
        past: PastBars,
        client: Joiner,
        specs: Sequence[StreamSpec],
        count: int,
        request_id: int,
        main: str = "",
    ) -> None:
        self._hub = hub
        self._past = past
        self._client = client
        self._periods = [spec.period for spec in specs]
        self._count = count
        self._request_id = request_id
        self._tail = b',"MainContract":%b}' % msgspec.json.encode(main) if main else b"}"

    def start(self, names: Sequence[bytes]) -> None:
        """Begin with instruments that the client is subscribed to."""
        store = self._past.store
        for name in names:
            if store is None:
                self._from_memory(name)
            else:
                self._from_store(store, name)

    def _from_memory(self, name: bytes) -> None:
        history = self._past.history
        if history is not None:
            for period in self._periods:
                for bar in self._kept(history, name, period):
                    self._client.say(_HEAD + bar + self._tail)
        self._client.joined(name)
        self._client.begin_streams(name)

    def _kept(self, history: BarHistory, name: bytes, period: str) -> list[bytes]:
        bars = history.bars(name.decode("gbk", "replace"), period)
        return [bar.json for bar in bars][-self._count :]

    def _from_store(self, store: BarStore, name: bytes) -> None:
        instrument_id = name.decode("gbk", "replace")
        series = [
            _Joined(store, SeriesKey(instrument_id, one), self._count) for one in self._periods
        ]
        done: Deferred[Any] = gatherResults([one.read() for one in series], consumeErrors=True)
        done.addCallbacks(
            lambda _: self._hub.turns.run(self._sending(name, series)),
            lambda failure: self._failed(name, series, failure),
        )

    def _failed(self, name: bytes, series: "list[_Joined]", failure: Failure) -> None:
        """Go on without the past where the disk cannot be read, and say so."""
        for one in series:
            one.close()
        if not self._client.awaits(name, self):
            return
        reason = getattr(failure.value, "subFailure", failure).value
        detail = english("History cannot be read: {problem}; live bars follow", problem=reason)
        self._client.refuse("SubscribeMarketData", errors.NOT_READY, detail, self._request_id)
        self._client.joined(name)
        self._client.begin_streams(name)

    def _sending(self, name: bytes, series: "list[_Joined]") -> Iterator[None]:
        try:
            for one in series:
                for some in batched(one.settled(seconds_of(self._hub.now())), _A_STEP):
                    if not self._client.awaits(name, self):
                        return
                    self._say(one.key, some)
                    yield
            if self._client.awaits(name, self):
                self._join(name, series)
        finally:
            for one in series:
                one.close()

    def _say(self, key: SeriesKey, rows: Sequence[BarRow]) -> None:
        say, tail = self._client.say, self._tail
        for body in past_bodies(key, rows):
            say(_HEAD + body + tail)

    def _join(self, name: bytes, series: "list[_Joined]") -> None:
        """Send what has closed meanwhile, and begin the streams: all in this turn."""
        self._client.joined(name)
        subscription = self._hub.subscription_of(name)
        streams = None if subscription is None else subscription.streams
        last = None if subscription is None else subscription.last
        minutes: BarSource | None = None
        if isinstance(streams, InstrumentStreams):
            minutes = streams.source(MINUTE)
        now = seconds_of(self._hub.now())
        for one in series:
            source = None
            if isinstance(streams, InstrumentStreams) and last is not None:
                source = streams.source(one.key.period)
            if source is not None and last is not None:
                source.recall(last)
            self._say(one.key, one.rest(source, minutes, now))
        self._client.begin_streams(name)


class _Joined:
    """The past of one series: what the disk holds, and what is put meanwhile."""

    def __init__(self, store: BarStore, key: SeriesKey, count: int) -> None:
        self.key = key
        self._store = store
        self._count = count
        period = key.period if key.period in KEPT else MINUTE
        self._followed = SeriesKey(key.instrument_id, period)
        self._tail: Tail | None = store.follow(self._followed)
        self._rows: list[BarRow] = []
        self._upto = -1

    def read(self) -> Deferred[None]:
        """Read from the disk; one more than are wanted, as the last may not be over."""
        return self._store.bars(self.key, self._count + 1).addCallback(self._take)

    def _take(self, past: Past) -> None:
        self._rows, self._upto = past

    def settled(self, now: int) -> Sequence[BarRow]:
        """Return the bars that nothing can change any more, to be sent first."""
        count = self._count + (bool(self._rows) and self._is_open(self._rows[-1], now))
        return self._rows[-count:-1]

    def _is_open(self, row: BarRow, now: int) -> bool:
        """Return whether a bar may still grow; a minute on disk cannot."""
        if self.key.period == MINUTE:
            return False
        span = span_of_row(self.key.instrument_id, row, self.key.period)
        return (row.end if span is None else seconds_of(span.closes)) > now

    def rest(self, source: BarSource | None, minutes: BarSource | None, now: int) -> list[BarRow]:
        """Return the bars that are over beyond those; let the live one go on from them."""
        rows = self._rows[-1:]
        later = [] if self._tail is None else self._tail.rows
        period, instrument_id = self.key.period, self.key.instrument_id
        if period in KEPT:
            for row in later:
                if rows and rows[-1].begin == row.begin:
                    rows[-1] = row
                elif not rows or rows[-1].begin < row.begin:
                    rows.append(row)
        else:
            fresh = [row for row in later if row.begin > self._upto]
            rows = longer(instrument_id, fresh, period, rows)
        begun = None if source is None else source.begun()
        if begun is not None and begun.whole:
            begin = seconds_of(begun.span.start)
            return [row for row in rows if row.begin < begin]
        growing = None
        if minutes is not None and period not in KEPT:
            growing = minutes.begun()
        return self._seed(source, rows, None if growing is None else row_of(growing), now)

    def _seed(
        self, source: BarSource | None, rows: list[BarRow], growing: BarRow | None, now: int
    ) -> list[BarRow]:
        """Return the bars that are over; the live one begins as what is left of them."""
        period, instrument_id = self.key.period, self.key.instrument_id
        over = list(rows)
        current: BarRow | None = None
        if growing is not None:
            made = longer(instrument_id, [growing], period, rows)
            over, current = made[:-1], made[-1]
        elif rows and self._is_open(rows[-1], now):
            over, current = rows[:-1], rows[-1]
        if source is not None:
            bar = None
            if current is not None:
                span = span_of_row(instrument_id, current, period)
                bar = None if span is None else bar_of_row(instrument_id, current, span)
            ended = moment_of(over[-1].end if over else 0)
            source.seed(bar, ended)
        return over

    def close(self) -> None:
        """Collect no more."""
        tail, self._tail = self._tail, None
        if tail is not None:
            self._store.unfollow(self._followed, tail)
