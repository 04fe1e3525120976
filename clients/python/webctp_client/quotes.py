"""Iterators over market data: ticks, some of their fields, stale ones, bars."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final
from weakref import WeakSet

from webctp_client.feeds import Feeds
from webctp_client.hub import Wish, bar_key, tick_key
from webctp_client.made import own, structs
from webctp_client.streams import Stream

MOST_WAITING: Final = 100_000
"""Items that wait for a slow program, of each stream, unless it is told otherwise."""


class Quotes:
    """The iterators of a client over market data. Subscriptions begin and end with them.

    Of one instrument several may want ticks in different ways: each gets at least what it wants.
    """

    _feeds: Feeds
    _streams: WeakSet[Stream[Any]]

    def ticks(
        self,
        *instruments: str,
        interval_ms: int | None = None,
        changes: bool = False,
        limit: int = MOST_WAITING,
    ) -> Stream[structs.DepthMarketData]:
        """Return an iterator over the ticks of instruments, of patterns (``rb*``), of ``@rb``.

        A program that is slower than the market gets the newest tick of each instrument;
        ``dropped`` counts the others.

        :param interval_ms: a tick of each instrument in so many milliseconds, at most.
        :param changes: for a thin line: the gateway sends what has changed, and whole ticks are
            made of it here.
        """
        return self._ticks(instruments, Wish(interval_ms, changes), limit)

    def stale_ticks(
        self, *instruments: str, limit: int = MOST_WAITING
    ) -> Stream[structs.DepthMarketData]:
        """Return an iterator over what a front tells again of instruments, and nothing else."""
        return self._ticks(instruments, Wish(is_stale=True), limit)

    def partial_ticks(
        self,
        *instruments: str,
        fields: Sequence[str],
        interval_ms: int | None = None,
        changes: bool = False,
        limit: int = MOST_WAITING,
    ) -> Stream[structs.PartialDepthMarketData]:
        """Return an iterator over some fields of ticks, on a connection of its own.

        ``InstrumentID`` is always told; fields that nobody has asked for are None.

        :param fields: their names, ``("LastPrice", "Volume")``.
        """
        wish = Wish(interval_ms, changes, fields=tuple(fields))
        return self._ticks(instruments, wish, limit)

    def bars(
        self,
        *instruments: str,
        periods: Sequence[str] = ("1m",),
        history: int | None = None,
        changes: bool = False,
        limit: int = MOST_WAITING,
    ) -> Stream[own.Bar]:
        """Return an iterator over bars; of those that grow the newest, every one that is over.

        :param history: so many bars of the past come first, where the gateway keeps them.
        :param changes: as of :meth:`ticks`.
        """

        def put(bar: own.Bar) -> None:
            stream.put(bar)

        feed = self._feeds.bars(instruments, periods, history, put, changes=changes)
        stream: Stream[own.Bar] = Stream(limit, bar_key, feed.begin, feed.end)
        self._streams.add(stream)
        return stream

    def _ticks(self, instruments: Sequence[str], wish: Wish, limit: int) -> Stream[Any]:
        feed = self._feeds.ticks(instruments, wish, lambda tick: stream.put(tick))
        stream: Stream[Any] = Stream(limit, tick_key, feed.begin, feed.end)
        self._streams.add(stream)
        return stream
