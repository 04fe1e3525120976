"""The native library's own flow control: what a request returns before it is sent at all."""

import threading
from collections.abc import Callable
from typing import Final

IN_FLIGHT: Final = -2
"""Returned while an earlier query is unanswered (未处理请求超过许可数)."""
TOO_SOON: Final = -3
"""Returned within the interval after an earlier query (每秒发送请求数超过许可数)."""


class QueryPacing:
    """One query in flight, and one an interval; an interval of 0 lets everything through.

    ``interval`` gives the seconds. Queries are sent on the caller's thread and answered on the
    callback thread.
    """

    def __init__(self, interval: Callable[[], float]) -> None:
        self._interval = interval
        self._lock = threading.Lock()
        self._waiting: int | None = None
        self._last: float | None = None

    def send(self, request_id: int, now: float) -> int:
        """Return 0 if a query may be sent at ``now`` (seconds, monotonic), else what it returns."""
        interval = self._interval()
        if not interval:
            return 0
        with self._lock:
            if self._waiting is not None:
                return IN_FLIGHT
            if self._last is not None and now - self._last < interval:
                return TOO_SOON
            self._waiting, self._last = request_id, now
            return 0

    def answered(self, request_id: int) -> None:
        """Let the next query be sent: the last answer to a request has come."""
        with self._lock:
            if self._waiting == request_id:
                self._waiting = None

    def reset(self) -> None:
        """Forget the query in flight: the connection is gone."""
        with self._lock:
            self._waiting = None
