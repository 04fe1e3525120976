"""Wrong tokens: counted, logged a few lines each minute, and answered the later the more come."""

from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

from twisted.internet.interfaces import IReactorTime
from twisted.logger import Logger

from webctp.gateway.access.linelimit import LineLimit
from webctp.language.text import Text

_log = Logger()

FREE: Final = 3
"""Wrong tokens of a source that are answered at once: somebody mistypes."""
LONGEST: Final = 5.0
"""Seconds that an answer is held back at most; a request has 10 in all."""
_FIRST: Final = 0.25
FORGOTTEN: Final = 600.0
"""Seconds without a wrong token after which a source's count begins anew."""
MOST_SOURCES: Final = 4096
"""Sources that are remembered; the longest silent goes first."""


@dataclass(slots=True)
class _Source:
    count: int = 0
    last: float = 0.0


class WrongTokens:
    """Remember which sources have shown wrong tokens. Runs in the reactor's thread.

    Only answers to wrong tokens are held back: who shares an address with a guesser, behind a
    proxy or a router, does not wait for its sake.
    """

    def __init__(self, clock: IReactorTime) -> None:
        self.total = 0
        """Since the start."""
        self._clock = clock
        self._sources: OrderedDict[str, _Source] = OrderedDict()
        self._lines = LineLimit(clock)

    def __len__(self) -> int:
        """Return how many sources are remembered."""
        return len(self._sources)

    def count(self, address: str, reason: Text) -> float:
        """Count a wrong token; give the seconds for which its answer is held back.

        :param reason: for the log; it holds nothing of the token.
        """
        now = self._clock.seconds()
        self.total += 1
        source = self._sources.pop(address, None)
        if source is None or now - source.last >= FORGOTTEN:
            source = _Source()
        source.count += 1
        source.last = now
        self._sources[address] = source
        if len(self._sources) > MOST_SOURCES:
            self._sources.popitem(last=False)
        for events in self._lines.take():
            _log.warn(
                "a wrong token from {address} ({count} in a row; {events} since the last line): "
                "{reason}",
                address=address,
                count=source.count,
                events=events,
                reason=reason,
            )
        beyond = source.count - FREE
        return 0.0 if beyond <= 0 else min(LONGEST, _FIRST * 2.0 ** min(beyond - 1, 10))
