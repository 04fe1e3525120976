"""Cancel on disconnect: what rests is cancelled, each order by itself, until nothing rests.

A cancellation may be lost, refused, or impossible to send; the next round is planned before the
tries of this one, and no order's trouble keeps the others from being cancelled.
"""

from collections.abc import Callable
from typing import Final

from twisted.internet.interfaces import IDelayedCall, IReactorTime
from twisted.logger import Logger

from webctp.upstream.orders.working import Cancellation, WorkingOrders

_log = Logger()

AGAIN: Final = 1.0
"""Seconds until a cancellation that the API did not take is sent again."""
STILL_RESTING: Final = 10.0
"""Seconds until what rests all the same is cancelled again: in breaks exchanges cancel nothing."""

TakeSent = Callable[[Cancellation], object]


def nobody_notes(_: Cancellation) -> None:
    """Take a cancellation that was sent, and do nothing about it."""


class Cancelling:
    """Cancel an account's working orders one by one, in rounds, until none is left.

    Runs in the reactor's thread.

    :param send: sends a cancellation now; gives the API's return value.
    :param usable: whether orders can be sent at this moment.
    :param account: whose orders they are, for the log.
    :param on_sent: called with each cancellation that the API took, again where it is sent again.
    """

    def __init__(
        self,
        clock: IReactorTime,
        resting: WorkingOrders,
        send: Callable[[Cancellation], int],
        usable: Callable[[], bool],
        account: object = None,
        on_sent: TakeSent = nobody_notes,
    ) -> None:
        self._clock = clock
        self._account = account
        self._resting = resting
        self._send = send
        self._usable = usable
        self._on_sent = on_sent
        self._wanted = False
        self._ends = False
        """Whether it ends as soon as nothing rests."""
        self._on_end: list[Callable[[], object]] = []
        self._again: dict[int, IDelayedCall] = {}
        self._reasons: set[str] = set()

    @property
    def wanted(self) -> bool:
        """Whether what rests is to be cancelled."""
        return self._wanted

    @property
    def under_way(self) -> bool:
        """Whether orders rest that are to be cancelled."""
        return self._wanted and len(self._resting) > 0

    def start(
        self, on_end: Callable[[], object] | None = None, on_sent: TakeSent | None = None
    ) -> None:
        """Cancel what rests, now and as it comes to rest, until :meth:`stop`.

        :param on_end: where given, it is called as soon as nothing rests; then it ends, so that
            what is sent later may rest, unless it was started without an end as well.
        :param on_sent: where given, it takes the place of the one before.
        """
        self._on_sent = on_sent or self._on_sent
        self._ends = on_end is not None and (self._ends or not self._wanted)
        self._wanted = True
        if on_end is not None:
            self._on_end.append(on_end)
        self._reasons.clear()
        count = len(self._resting)
        _log.info("cancelling {count} resting orders", count=count, account=self._account)
        self._cancel_all()

    def stop(self) -> None:
        """Cancel no more: the client is back, or the session ends."""
        self._wanted = self._ends = False
        self._on_end.clear()
        self._stop_retries()

    def ready(self) -> None:
        """Go on cancelling: orders are possible again."""
        if self._wanted:
            self._stop_retries()
            self._cancel_all()

    def on_order(self) -> None:
        """Cancel an order that CTP has just told of, if it rests and is to be cancelled."""
        if self._wanted:
            self._send_due()
            self._end_once()

    def on_refused(self, reason: str) -> None:
        """Note that CTP has refused a cancellation; each reason is logged once."""
        if reason not in self._reasons:
            self._reasons.add(reason)
            _log.warn("a cancellation was refused: {reason}", reason=reason, account=self._account)

    def _cancel_all(self) -> None:
        """Cancel all that rests, and again while it does."""
        if not self._usable():
            return  # ready() comes back to it
        self._later(STILL_RESTING, self._cancel_all)
        self._resting.ask_again()
        self._send_due()
        self._end_once()

    def _end_once(self) -> None:
        if not self._wanted or len(self._resting):
            return
        told, self._on_end = self._on_end, []
        if self._ends:
            self.stop()
        for on_end in told:
            on_end()

    def _send_due(self) -> None:
        for cancellation in self._resting.cancels():
            self._cancel(cancellation)

    def _cancel(self, cancellation: Cancellation) -> None:
        if not self._usable():
            return
        try:
            result = self._send(cancellation)
        except Exception:  # noqa: BLE001 - the others are to be cancelled all the same
            _log.failure(
                "an order could not be cancelled; it is tried again", account=self._account
            )
            return
        if result == 0:
            self._on_sent(cancellation)
        elif self._wanted:
            # Too many at once, or no connection: a late cancellation does no harm, so try again.
            self._later(AGAIN, self._cancel, cancellation)

    def _stop_retries(self) -> None:
        again, self._again = self._again, {}
        for call in again.values():
            call.cancel()

    def _later(self, delay: float, function: Callable[..., object], *arguments: object) -> None:
        """Call it unless the retries are stopped before."""

        def due() -> None:
            del self._again[id(call)]
            function(*arguments)

        call = self._clock.callLater(delay, due)
        self._again[id(call)] = call
