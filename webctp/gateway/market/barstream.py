"""Send bars (K 线) as messages: ``RtnBar``.

An instrument's bars of one period come from one :class:`BarSource`, are encoded there once, and go
out by a :class:`BarStream` for each ``IntervalMs`` that is asked for. While a bar grows only its
newest state matters; a bar that is closed is told once and never passed over, neither by an
interval nor for a client that has fallen behind.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, Final, Protocol

import msgspec
from msgspec import UNSET, UnsetType

from webctp.gateway.market.changes import Changes, ChangesContext, Form
from webctp.gateway.market.conflation import Conflation, MakeConflation
from webctp.gateway.messages import own
from webctp.gateway.messages.changes import MARK, Cells, bar_cells, bar_change
from webctp.gateway.messages.encoder import frame
from webctp.gateway.websocket.audience import Audience
from webctp.gateway.websocket.fanout import Outbox
from webctp.upstream.barstore.row import BarRow, SeriesKey, moment_of
from webctp.upstream.market.bars import Bar, BarListener, BarMaker
from webctp.upstream.market.subscriptions import Subscription

_CHINA: Final = "+08:00"
_encoder: Final = msgspec.json.Encoder()
_json: Final = _encoder.encode
_lines: Final = _encoder.encode_lines


def body(bar: Bar, period: str) -> own.Bar:
    """Return what clients are told of a bar; moments in ISO 8601, China's time."""
    return own.Bar(
        InstrumentID=bar.instrument_id,
        ExchangeID=bar.exchange_id,
        TradingDay=bar.trading_day,
        Period=period,
        BeginTime=_moment(bar.span.start),
        EndTime=_moment(bar.span.end),
        OpenPrice=bar.open,
        HighestPrice=bar.high,
        LowestPrice=bar.low,
        ClosePrice=bar.close,
        Volume=bar.volume,
        Turnover=bar.turnover,
        OpenInterest=bar.open_interest,
        IsClosed=bar.closed,
    )


def past_bodies(key: SeriesKey, rows: Sequence[BarRow]) -> list[bytes]:
    """Return what clients are told of bars of the past, as JSON of each.

    All at once: a call for each bar took half as long again.
    """
    if not rows:
        return []
    instrument_id, period = key
    # The last byte is the end of the last line.
    return _lines(
        [
            own.Bar(
                InstrumentID=instrument_id,
                ExchangeID=exchange,
                TradingDay=trading_day,
                Period=period,
                BeginTime=_past_moment(begin),
                EndTime=_past_moment(end),
                OpenPrice=prices[0],
                HighestPrice=prices[1],
                LowestPrice=prices[2],
                ClosePrice=prices[3],
                Volume=volume,
                Turnover=turnover,
                OpenInterest=held,
                IsClosed=True,
                SettlementPrice=UNSET if settled is None else settled,
            )
            for begin, end, trading_day, exchange, *prices, volume, turnover, held, settled in rows
        ]
    )[:-1].split(b"\n")


class Bars(Protocol):
    """What a source needs of the hub."""

    def watch_bars(
        self, subscription: Subscription[Any], period: str, listener: BarListener
    ) -> BarMaker:
        """Make an instrument's bars of a period from its ticks, from now on."""

    def unwatch_bars(self, subscription: Subscription[Any], period: str) -> None:
        """Stop making them."""


class BarSource:
    """Encode an instrument's bars of one period, for streams of every interval.

    The hub calls it with the bars; see :class:`~webctp.upstream.market.bars.BarListener`.

    :param renew: brings the streams' audiences up to date; called before messages that no tick of
        the instrument brings about.
    """

    def __init__(
        self, bars: Bars, subscription: Subscription[Any], period: str, renew: Callable[[], None]
    ) -> None:
        self._bars = bars
        self._maker = bars.watch_bars(subscription, period, self)
        self._subscription = subscription
        self._period = period
        self._renew = renew
        self._frame: bytes | None = None
        self.key = b"%b\0%b" % (subscription.name, period.encode())
        """The key of a bar that grows: of such only the newest matters."""
        self.streams: tuple[BarStream, ...] = ()
        self.keep: Callable[[Bar], None] | None = None
        """Takes the closed bars beside the streams (:mod:`webctp.gateway.market.history`)."""

    def recall(self, last: bytes) -> None:
        """Count from the ``last`` tick, which came before these bars were watched."""
        self._maker.recall(self._subscription.name, last)

    def seed(self, bar: Bar | None, over: datetime) -> None:
        """Go on from bars of the past; see :meth:`~webctp.upstream.market.bars.BarMaker.seed`."""
        self._frame = None
        self._maker.seed(self._subscription.name, bar, over)

    def begun(self) -> Bar | None:
        """Return the bar as far as it has grown, None where none has begun."""
        return self._maker.current(self._subscription.name)

    def grown(self, bar: Bar) -> None:
        """Give a bar that has grown to the streams."""
        self._frame = None
        for stream in self.streams:
            stream.grown(bar)

    def closed(self, bar: Bar) -> None:
        """Give a bar that is over to the streams, and to who keeps it."""
        self._renew()
        if self.keep is not None:
            self.keep(bar)
        self._frame = None
        if not self.streams:
            return
        # A key of its own: nothing that comes later takes the place of a closed bar.
        moment = b"\0" + _moment(bar.span.start).encode()
        for stream in self.streams:
            stream.closed(moment, bar)
        self._frame = None

    def frame(self, bar: Bar, main: str = "") -> bytes:
        """Return the frame of the bar as it stands, encoded once but for main contracts'."""
        if main:
            return frame(own.encode(own.RtnBar(Bar=body(bar, self._period), MainContract=main)))
        if self._frame is None:
            self._frame = frame(own.encode(own.RtnBar(Bar=body(bar, self._period))))
        return self._frame

    def body(self, bar: Bar) -> own.Bar:
        """Return what clients are told of the bar as it stands."""
        return body(bar, self._period)

    def close(self) -> None:
        """Stop watching: nobody wants these bars any more."""
        self.streams = ()
        self._bars.unwatch_bars(self._subscription, self._period)


class BarStream:
    """Send a source's bars; those that grow at most once in an interval.

    :param conflation: makes what spaces growing bars; None to send each.
    :param renew: brings the audience up to date; called before a late message.
    :param main: the name of the main contract as which these bars are asked for.
    """

    def __init__(
        self,
        source: BarSource,
        conflation: MakeConflation | None,
        renew: Callable[[], None],
        main: str = "",
    ) -> None:
        self.audience: Audience[Outbox]
        self._source = source
        self._main = main
        self._key = b"%b\0%b" % (source.key, main.encode()) if main else source.key
        self._renew = renew
        self._conflation: Conflation | None = None if conflation is None else conflation(self._send)

    def grown(self, bar: Bar) -> None:
        """Send a bar that has grown, or offer it to the conflation."""
        if self._conflation is None:
            self._tell(self._key, bar)
        else:
            self._conflation.offer(bar)

    def closed(self, moment: bytes, bar: Bar) -> None:
        """Send a bar that is over; an earlier state that still waits is out of date."""
        if self._conflation is not None:
            self._conflation.discard()
        self._tell(self._key + moment, bar)

    def first(self, last: bytes) -> list[tuple[bytes, bytes]]:
        """Return what a new client gets at once: the bar as far as it has grown, if any."""
        bar = self._source.begun()
        return [] if bar is None else [(self._key, self._source.frame(bar, self._main))]

    def close(self) -> None:
        """Stop the timer."""
        if self._conflation is not None:
            self._conflation.discard()

    def _send(self, bar: Bar) -> None:
        self._renew()
        self._tell(self._key, bar)

    def _tell(self, key: bytes, bar: Bar) -> None:
        self.audience.tick(key, self._source.frame(bar, self._main))


class ChangedBars(BarStream):
    """Send of each bar what has changed since the message before; of one that begins all."""

    def __init__(
        self,
        source: BarSource,
        conflation: MakeConflation | None,
        renew: Callable[[], None],
        main: str,
        context: ChangesContext,
    ) -> None:
        super().__init__(source, conflation, renew, main)
        self.changes = Changes(context, _form_of(main))

    def _tell(self, key: bytes, bar: Bar) -> None:
        self.changes.send(self.audience, key, self._source.body(bar))


def _form_of(main: str) -> Form[own.Bar]:
    """Return how bars are told by what has changed in them."""
    name: str | UnsetType = main or UNSET
    tail = MARK + (b',"MainContract":%b}' % _json(main) if main else b"}")

    def whole(bar: own.Bar) -> bytes:
        return frame(own.encode(own.RtnBar(Bar=bar, MainContract=name)))

    def change(before: Cells, after: Cells) -> bytes | None:
        return bar_change(before, after, tail)

    return Form(whole, bar_cells, change)


def _moment(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds") + _CHINA


@lru_cache(maxsize=16_384)
def _past_moment(seconds: int) -> str:
    # Where a bar ends the next begins, and other instruments' do: this was a third of the time.
    return _moment(moment_of(seconds))
