"""Requests of a session that may still be answered, by their numbers."""

from collections import deque
from collections.abc import Callable
from typing import Final

from webctp.ctp import errors
from webctp.ctp.catalog import Catalogue, Method
from webctp.ctp.rspinfo import RspInfo
from webctp.upstream.session.reply import OnReply, Reply

REFUSED_WITHIN: Final = 120.0
"""Seconds in which CTP refuses an order or an action, if it does: an accepted one is not answered.
What waits for the answer holds some 3 KB."""
_MOST: Final = 65_536
"""Orders and actions that wait for a refusal; of more the oldest are forgotten."""
_LAST_ID: Final = 2**31 - 1

_Pending = tuple[Method, OnReply]


class PendingRequests:
    """Hold the requests that a session has sent. Everything runs in the reactor's thread.

    :param now: returns the time in seconds.
    """

    def __init__(self, catalogue: Catalogue, now: Callable[[], float]) -> None:
        self._callbacks = catalogue.callbacks
        self._info = RspInfo(catalogue)
        self._now = now
        self._pending: dict[int, _Pending] = {}
        self._perhaps_accepted: deque[tuple[float, int]] = deque()
        """Until when requests that may never be answered are waited for, and their numbers."""
        self.last_id = 0
        """The number of the last request."""

    def __len__(self) -> int:
        return len(self._pending)

    @property
    def awaits_answers(self) -> bool:
        """Whether CTP owes an answer: to a query, a login; not to an order, which has none."""
        return any(method.is_answered for method, _ in self._pending.values())

    def add(self, method: Method, on_reply: OnReply) -> int:
        """Note a request before it is sent; returns its number."""
        number = self.last_id = self.last_id % _LAST_ID + 1
        self._pending[number] = method, on_reply
        return number

    def await_refusal(self, number: int) -> None:
        """Note a request that is answered where it is refused; forget those that were not."""
        now, waiting = self._now(), self._perhaps_accepted
        waiting.append((now + REFUSED_WITHIN, number))
        while waiting[0][0] <= now or len(waiting) > _MOST:
            self._pending.pop(waiting.popleft()[1], None)

    def on_reply_of(self, number: int, *, ends: bool) -> OnReply | None:
        """Return what takes a reply to a request; None where nobody waits for one.

        :param ends: whether no other reply follows.
        """
        pending = self._pending.pop(number, None) if ends else self._pending.get(number)
        return None if pending is None else pending[1]

    def drop(self, number: int) -> None:
        """Forget a request; without effect on one that is not waited for."""
        self._pending.pop(number, None)

    def abandon(self) -> None:
        """Answer what is under way when the connection breaks: CTP will not.

        Queries end with -503. Of a request that only an answer tells of (a change of the
        password) the outcome is not known: -408. Of all others pushes tell, after the reconnect.
        """
        lost = [key for key, (method, _) in self._pending.items() if method.is_answered]
        for key in lost:
            method, on_reply = self._pending.pop(key)
            response = method.answer or self._callbacks["OnRspError"]
            code = errors.NOT_READY if method.is_query else errors.NO_ANSWER
            on_reply(Reply(response, None, self._info.of(code), True))
