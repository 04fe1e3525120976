"""The bars that ``History`` names, kept in memory.

The gateway watches them itself from its start on, whether or not a client does, so that a program
that starts later need not wait for as many bars as it looks back on.
"""

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Final, NamedTuple

import msgspec
from twisted.logger import Logger

from webctp.config.sections import HistoryConfig
from webctp.ctp import errors
from webctp.ctp.refusal import Refusal
from webctp.gateway.market import barstream
from webctp.language.text import Text, english
from webctp.upstream.barstore.row import seconds_of
from webctp.upstream.market.bars import Bar
from webctp.upstream.market.instruments import is_pattern, matches

_log = Logger()

MOST_BARS: Final = 200_000
"""Bars that are kept in all, some 80 MB; what needs more series than that is told in the log."""
_json = msgspec.json.Encoder().encode


class KeptBar(NamedTuple):
    """A bar of the past: when it begins and ends (seconds since 1970), and its JSON."""

    begin: int
    end: int
    json: bytes


class BarHistory:
    """Keep bars. To the hub it is a client like others, one that is sent nothing."""

    outbox = None

    def __init__(self, settings: HistoryConfig) -> None:
        self._settings = settings
        self.instruments = [name.encode("gbk") for name in settings.instruments]
        """The instruments and patterns that the history subscribes to."""
        self._patterns = [name for name in self.instruments if is_pattern(name)]
        self._names = frozenset(self.instruments).difference(self._patterns)
        self._kept: dict[tuple[bytes, str], deque[KeptBar]] = {}
        self._whole: set[tuple[bytes, str]] = set()
        self._is_full = False

    def specs_of(self, name: bytes) -> tuple[()]:
        """Return no streams: the history is sent nothing."""
        return ()

    def refuse(self, msg_type: str, code: int, detail: Text, request_id: int) -> None:
        """Take what the hub tells a client: it would have too many instruments."""
        _log.warn("History: {detail}", detail=detail)

    def keepers(self, name: bytes) -> Mapping[str, Callable[[Bar], None]]:
        """Return what takes the closed bars of an instrument, by period; nothing to be kept."""
        if name not in self._names and not any(matches(one, name) for one in self._patterns):
            return {}
        return {
            period: partial(self._keep, (name, period))
            for period in self._settings.periods
            if self._has_room((name, period))
        }

    def _has_room(self, series: tuple[bytes, str]) -> bool:
        if series in self._kept:
            return True
        if (len(self._kept) + 1) * self._settings.bars > MOST_BARS:
            if not self._is_full:
                self._is_full = True
                _log.warn(
                    "History: {count} series of {bars} bars are kept, and no more; name fewer "
                    "instruments or periods, or lower Bars",
                    count=len(self._kept),
                    bars=self._settings.bars,
                )
            return False
        self._kept[series] = deque(maxlen=self._settings.bars)
        return True

    def _keep(self, series: tuple[bytes, str], bar: Bar) -> None:
        """Keep a closed bar; the first of a series only if it holds all of its time."""
        if series not in self._whole:
            self._whole.add(series)
            if not bar.span.opens_day:
                return
        json = _json(barstream.body(bar, series[1]))
        begin, end = seconds_of(bar.span.start), seconds_of(bar.span.end)
        self._kept[series].append(KeptBar(begin, end, json))

    def bars(self, instrument_id: str, period: str) -> Sequence[KeptBar]:
        """Return the bars of an instrument and period, the oldest first.

        :raises Refusal: if such bars are not kept.
        """
        periods, names = self._settings.periods, self._settings.instruments
        if period not in periods:
            raise Refusal(
                errors.BAD_REQUEST,
                english(
                    "Period {period!a} is not kept; History keeps {listed}",
                    period=period[:16],
                    listed=", ".join(periods),
                ),
            )
        name = instrument_id.encode("gbk", "replace")
        kept = self._kept.get((name, period))
        if kept is None:
            if name in self._names or any(matches(one, name) for one in self._patterns):
                return ()  # it has not ticked yet
            raise Refusal(
                errors.BAD_REQUEST,
                english(
                    "InstrumentID {name!a} is not kept; History names {listed}",
                    name=instrument_id[:32],
                    listed=", ".join(names[:8]) + (" …" if len(names) > 8 else ""),
                ),
            )
        return tuple(kept)
