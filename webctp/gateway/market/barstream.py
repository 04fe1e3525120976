"""Bars (K 线) as messages: ``RtnBar``.

An instrument's bars of one period come from one :class:`BarSource`, are encoded there once, and go
out by a :class:`BarStream` for each ``IntervalMs`` that is asked for. While a bar grows only its
newest state matters; a bar that is closed is told once and never passed over, neither by an
interval nor for a client that has fallen behind.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from webctp.gateway.market.conflation import Conflation, MakeConflation
from webctp.gateway.messages import own
from webctp.gateway.messages.encoder import frame
from webctp.gateway.websocket.fanout import Audience
from webctp.upstream.market.bars import Bar, BarMakers

_CHINA: Final = "+08:00"


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


class BarSource:
    """An instrument's bars of one period, for lines of every interval.

    :param renew: sees that the lines' audiences are those of this moment; called before what no
        tick of the instrument brought about.
    """

    def __init__(
        self, makers: BarMakers, name: bytes, period: str, renew: Callable[[], None]
    ) -> None:
        self._makers = makers
        self._maker = makers.watch(name, period, self)
        self._name = name
        self._period = period
        self._renew = renew
        self._frame: bytes | None = None
        self.key = b"%b\0%b" % (name, period.encode())
        """The key of a bar that grows: of such only the newest matters."""
        self.lines: tuple[BarStream, ...] = ()
        self.keep: Callable[[Bar], None] | None = None
        """What takes the closed bars beside the lines."""

    def tick(self, body: bytes) -> None:
        """Take a tick; the one before may be told again."""
        self._maker.tick(self._name, body)

    def current(self) -> bytes | None:
        """The frame of the bar as far as it has grown."""
        bar = self._maker.current(self._name)
        return None if bar is None else self.frame(bar)

    def grown(self, bar: Bar) -> None:
        """Of :class:`~webctp.upstream.market.bars.BarListener`."""
        self._frame = None
        for line in self.lines:
            line.grown(bar)

    def closed(self, bar: Bar) -> None:
        """Of :class:`~webctp.upstream.market.bars.BarListener`."""
        self._renew()
        if self.keep is not None:
            self.keep(bar)
        self._frame = None
        if not self.lines:
            return
        frame = self.frame(bar)
        self._frame = None
        # A key of its own: nothing that comes later takes the place of a closed bar.
        key = b"%b\0%b" % (self.key, _moment(bar.span.start).encode())
        for line in self.lines:
            line.closed(key, frame)

    def frame(self, bar: Bar) -> bytes:
        """The frame of the bar as it stands, encoded once."""
        if self._frame is None:
            self._frame = frame(own.encode(own.RtnBar(Bar=body(bar, self._period))))
        return self._frame

    def close(self) -> None:
        """Nobody wants these bars any more."""
        self.lines = ()
        self._makers.forget(self._name, self._period)


class BarStream:
    """A feed's bars, those that grow at most once in an interval."""

    def __init__(
        self, feed: BarSource, conflation: MakeConflation | None, renew: Callable[[], None]
    ) -> None:
        self.audience: Audience
        self._feed = feed
        self._renew = renew
        self._conflation: Conflation | None = None if conflation is None else conflation(self._send)

    def grown(self, bar: Bar) -> None:
        """The bar has grown."""
        if self._conflation is None:
            self.audience.tick(self._feed.key, self._feed.frame(bar))
        else:
            self._conflation.offer(bar)

    def closed(self, key: bytes, frame: bytes) -> None:
        """The bar is over; what is held of it is out of date."""
        if self._conflation is not None:
            self._conflation.discard()
        self.audience.tick(key, frame)

    def first(self, last: bytes) -> list[tuple[bytes, bytes]]:
        """What a newcomer gets at once: the bar as far as it has grown, if there is one."""
        frame = self._feed.current()
        return [] if frame is None else [(self._feed.key, frame)]

    def close(self) -> None:
        """Run no clock any more."""
        if self._conflation is not None:
            self._conflation.discard()

    def _send(self, bar: Bar) -> None:
        self._renew()
        self.audience.tick(self._feed.key, self._feed.frame(bar))


def _moment(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds") + _CHINA
