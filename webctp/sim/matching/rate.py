"""How many orders and actions an exchange takes in a second (CTP's page LK 6)."""

from collections import deque
from datetime import datetime, timedelta
from typing import Final

_SECOND: Final = timedelta(seconds=1)


class Rate:
    """Counts what the exchanges take.

    :param limit: the most in any second at one exchange; 0 for no limit.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._taken: dict[str, deque[datetime]] = {}

    def takes(self, exchange: str, now: datetime) -> bool:
        """Return whether an exchange takes one more now; one that it takes is counted."""
        if not self._limit:
            return True
        taken = self._taken.setdefault(exchange, deque())
        while taken and now - taken[0] >= _SECOND:
            taken.popleft()
        if len(taken) >= self._limit:
            return False
        taken.append(now)
        return True
