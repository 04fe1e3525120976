"""Messages on their way between CTP and the exchanges, each as long as the options say.

To an exchange and back there is a line each, on which nothing overtakes: an action cannot come
before its order. Without a latency a message arrives as it is sent.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import heappop, heappush
from math import log
from typing import Final

from webctp.sim.draws import draw, key, uniform

Action = Callable[[datetime], None]
"""What a message does on its arrival, which it is given."""
_TO: Final = "to"
_BACK: Final = "back"


@dataclass(frozen=True, slots=True)
class Latency:
    """Milliseconds one way: at least ``least``, and ``more`` of an exponential distribution."""

    least: float = 0.0
    more: float = 0.0

    def __bool__(self) -> bool:
        return self.least > 0 or self.more > 0

    def of(self, bits: int) -> timedelta:
        """Return how long a message takes, by its 64 random bits."""
        return timedelta(milliseconds=self.least - self.more * log(1.0 - uniform(bits)))


class Transit:
    """Messages under way, drawn from a seed: the same calls give the same delays."""

    def __init__(self, latency: Latency, seed: int) -> None:
        self._latency = latency
        self._key = key(seed, "latency")
        self._sent = 0
        self._under_way: list[tuple[datetime, int, Action]] = []
        self._last: dict[tuple[str, str], datetime] = {}

    def to(self, exchange: str, now: datetime, action: Action) -> None:
        """Send an order or an action to an exchange."""
        self._send((_TO, exchange), now, action)

    def back(self, exchange: str, now: datetime, action: Action) -> None:
        """Send to CTP what an exchange has done."""
        self._send((_BACK, exchange), now, action)

    def due(self) -> datetime | None:
        """Return when the next message arrives, None while none is under way."""
        return self._under_way[0][0] if self._under_way else None

    def arrive(self, now: datetime) -> None:
        """Let everything arrive that is due by ``now``, in its order."""
        while self._under_way and self._under_way[0][0] <= now:
            moment, _, action = heappop(self._under_way)
            action(moment)

    def flush(self, now: datetime) -> None:
        """Let everything arrive at once: a trading day ends with nothing under way."""
        while self._under_way:
            _, _, action = heappop(self._under_way)
            action(now)

    def _send(self, line: tuple[str, str], now: datetime, action: Action) -> None:
        if not self._latency:
            action(now)
            return
        self._sent += 1
        moment = now + self._latency.of(draw(self._key, self._sent))
        moment = max(moment, self._last.get(line, moment))
        self._last[line] = moment
        heappush(self._under_way, (moment, self._sent, action))
