"""The line of a session's inserts: sent in the order they came, or refused for being late.

An insert that waits for the disk holds up those behind it, for references must grow. None of
them may be late: what has waited longer than the patience is refused, so the line always moves.
"""

from collections.abc import Callable
from dataclasses import dataclass

from twisted.internet.interfaces import IDelayedCall, IReactorTime
from twisted.logger import Logger

_log = Logger()

Send = Callable[[], object]


@dataclass(eq=False, slots=True)
class _Place:
    """An order that waits: its deadline, what sends it (None until then), what refuses it."""

    deadline: float
    send: Send | None
    late: Send
    ref: str


class SendQueue:
    """Send a session's orders in the order they came. Runs in the reactor's thread.

    Where none waits, each is sent within :meth:`join` itself, and what it raises reaches the
    caller.

    :param patience: seconds after which one that waits is refused instead of sent.
    """

    def __init__(self, clock: IReactorTime, patience: float) -> None:
        self._clock = clock
        self._patience = patience
        self._line: dict[int, _Place] = {}
        self._joined = 0
        self._watch: IDelayedCall | None = None

    def take_patience(self, patience: float) -> None:
        """Take another patience, for orders to come."""
        self._patience = patience

    def __len__(self) -> int:
        """Return how many orders wait."""
        return len(self._line)

    def holds(self, ref: str) -> bool:
        """Return whether the insert of that reference waits."""
        return any(place.ref == ref for place in self._line.values())

    def join(self, send: Send | None, late: Send, ref: str = "") -> int:
        """Send an order now if none waits, else behind those that do.

        :param send: called when it is its turn; None if it is to wait for :meth:`ready`.
        :param late: called instead of ``send`` if that is beyond the patience.
        :param ref: the insert's reference, for :meth:`holds`.
        :returns: the place, for :meth:`ready`.
        """
        self._joined += 1
        if send is not None and not self._line:
            send()
            return self._joined
        deadline = self._clock.seconds() + self._patience
        self._line[self._joined] = _Place(deadline, send, late, ref)
        if self._watch is None:
            self._watch = self._clock.callLater(self._patience, self._overdue)
        return self._joined

    def ready(self, place: int, send: Send) -> bool:
        """Send the order at ``place`` as soon as it is first; ``send`` may also refuse it instead.

        :returns: False if it was late, and has been refused; ``send`` is not called.
        """
        waiting = self._line.get(place)
        if waiting is None:
            return False
        waiting.send = send
        self._advance()
        return True

    def _advance(self) -> None:
        """Send or refuse from the front, up to one that still may wait."""
        while self._line:
            at = next(iter(self._line))
            place = self._line[at]
            late = self._clock.seconds() >= place.deadline
            if place.send is None and not late:
                return
            del self._line[at]
            try:
                if late or place.send is None:
                    place.late()
                else:
                    place.send()
            except Exception:  # noqa: BLE001 - those behind it are other clients' orders
                _log.failure("an order could not be sent when its turn came")
        if self._watch is not None:
            self._watch.cancel()
            self._watch = None

    def _overdue(self) -> None:
        """Refuse the orders in front that have waited longer than the patience."""
        self._watch = None
        self._advance()
        if self._line and self._watch is None:
            oldest = next(iter(self._line.values()))
            wait = oldest.deadline - self._clock.seconds()
            self._watch = self._clock.callLater(max(wait, 0), self._overdue)
