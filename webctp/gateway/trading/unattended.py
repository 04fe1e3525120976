"""When a session's resting orders are cancelled because nobody tends them any more.

``CancelOnDisconnect`` counts from a client's going, ``CancelAllAfter`` from its last word. Runs in
the reactor's thread.
"""

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IDelayedCall, IReactorTime

from webctp.gateway.access.cancelnotes import Requester
from webctp.gateway.messages.schema import Request
from webctp.gateway.trading.attached import Attached
from webctp.gateway.trading.dues import SessionDues
from webctp.gateway.trading.waiting import stop_timer
from webctp.upstream.journal.due import CANCEL_ALL_AFTER, CANCEL_ON_DISCONNECT
from webctp.upstream.orders.cancelling import TakeSent, nobody_notes
from webctp.upstream.orders.client_order import JournalBroken
from webctp.upstream.trading.entry import OrderEntry

TO_CANCEL: Final = 10.0
"""Seconds that a session lives on, again and again, to see its cancellations through."""


class _Timer(NamedTuple):
    """A dead man's timer that runs, and who has armed it."""

    call: IDelayedCall
    by: Requester


class _Owed(NamedTuple):
    """What is to be done for a client that has gone: cancel after so many seconds."""

    seconds: float
    by: Requester


class Unattended:
    """Cancel what rests of one session where its clients have gone, or fallen silent.

    :param clients: who is attached to the session now.
    :param entry: the session's order entry.
    :param dues: keeps what is to be done where the daemon dies.
    :param waits: whether conditional orders wait that the session is to send.
    :param begun: called with the kind of what begins to be carried out, and who asked for it;
        returns what takes each cancellation that is sent.
    :param sharing: whether others than the one that has gone may log in.
    """

    def __init__(
        self,
        clock: IReactorTime,
        clients: Mapping[Attached, None],
        entry: Callable[[], OrderEntry],
        dues: SessionDues,
        *,
        sharing: bool,
        waits: Callable[[], bool] = lambda: False,
        begun: Callable[[str, Requester], TakeSent] = lambda _, by: nobody_notes,
    ) -> None:
        self._waits = waits
        self._begun = begun
        self._clock = clock
        self._clients = clients
        self._entry = entry
        self._dues = dues
        self._sharing = sharing
        self._cancel: IDelayedCall | None = None
        self._cancel_after: dict[Attached, float] = {}
        """``CancelOnDisconnect`` of each client that asked for it at its latest login."""
        self._owed: _Owed | None = None
        """The same of a client that has gone and not come back."""
        self._ends = False
        """Whether the daemon ends: then it is what closes clients."""
        self.is_tended = False
        """Whether a client has logged in that may be one of before."""
        self._timers: dict[Attached | None, _Timer] = {}
        """``CancelAllAfter`` of each client; under None the first of those that have gone."""

    @property
    def owes_cancel(self) -> bool:
        """Whether a client has gone after which what rests is to be cancelled."""
        return self._owed is not None or None in self._timers

    @property
    def has_work(self) -> bool:
        """Whether the session is to live on when its last client logs out."""
        return self.owes_cancel or self._waits()

    @property
    def is_busy(self) -> bool:
        """Whether the session has something to see through that no client waits for."""
        return self._entry().cancelling or self._waits()

    def seconds_of(self, client: Attached) -> float | None:
        """Return a client's ``CancelOnDisconnect``; None where it did not ask for it."""
        return self._cancel_after.get(client)

    def logged_in(self, client: Attached, request: Request) -> None:
        """``client`` is in, and has said what is to be done when it has gone."""
        seconds = request.options.get("CancelOnDisconnect")
        self._cancel_after.pop(client, None)
        if seconds is not None:
            self._cancel_after[client] = seconds
        if self.comes_back(request):
            self._owed = None
            self.is_tended = True
            self._dues.forgo(CANCEL_ON_DISCONNECT)
        self._keep_disconnect()

    def comes_back(self, request: Request) -> bool:
        """Return whether a login is that of a client that was here before.

        Where sessions are shared it may be anybody's: one that says neither what it saw last nor
        what is to be done when it has gone stays an onlooker.
        """
        options = request.options
        return not self._sharing or "Resume" in options or "CancelOnDisconnect" in options

    def wait(self) -> None:
        """Cancel nothing while a client that may be the one that has gone logs in."""
        stop_timer(self._cancel)
        self._cancel = None
        self._entry().stop_cancelling()

    def end(self) -> None:
        """Take note that the daemon ends, and is about to close the clients.

        That is no client's disconnect: what clients asked for is left to the next run, which finds
        it in the journal. Where no journal has it, it is done as soon as they are gone, and at
        once for those that have gone before: nobody can come back any more.
        """
        self._ends = True
        left = self._timers.get(None) or self._owed
        if left is not None and not self._dues.are_kept:
            self._stop_timer(None)
            self.wait()
            self._owed = _Owed(0.0, left.by)
            self.plan(logging_out=False)

    def gone(self, client: Attached, seconds: float | None, *, lingers: bool) -> None:
        """``client`` has gone, and may come back where it ``lingers``.

        :param seconds: what :meth:`seconds_of` gave before it went.
        """
        left = self._left(client)
        timer = self._stop_timer(client)
        if self._ends:
            if lingers and not self._dues.are_kept and (timer is not None or seconds is not None):
                self._owed = _Owed(0.0, _requester(client))
            return
        if not lingers:
            if timer is not None:
                self._keep_timer_on()
            if seconds is not None:
                self._keep_disconnect()
            return
        if seconds is not None:
            self._owed = _Owed(seconds, _requester(client))
        if timer is not None and left < self._left(None):
            self._arm(None, left, timer.by)

    def forget(self, client: Attached) -> None:
        """``client`` is attached no longer."""
        self._cancel_after.pop(client, None)

    def plan(self, *, logging_out: bool) -> None:
        """Cancel in time what rests, unless somebody tends it: who asked for it, or has traded."""
        tended = any(one in self._cancel_after or one.has_traded for one in self._clients)
        if self._owed is None or tended or logging_out or self._cancel is not None:
            return
        if self._ends:
            if not self._dues.are_kept:
                self._cancel_resting(self._owed)
            return
        self._cancel = self._clock.callLater(self._owed.seconds, self._cancel_resting, self._owed)

    def stays(self, least: float) -> float:
        """Return the seconds that the session must live on without a client: ``least`` or more."""
        waits = [self._left(None) + TO_CANCEL] if None in self._timers else []
        if self._cancel is not None and self._cancel.active():
            waits.append(self._cancel.getTime() - self._clock.seconds() + TO_CANCEL)
        if (self._ends and self._entry().cancelling) or self._waits():
            waits.append(TO_CANCEL)
        return max(least, *waits) if waits else least

    def stop(self) -> None:
        """End the session."""
        stop_timer(self._cancel)
        self._cancel = None
        for whose in list(self._timers):
            self._stop_timer(whose)

    def set_timer(self, client: Attached, seconds: float) -> Deferred[None] | None:
        """Cancel what rests after so many seconds, unless it is set again; 0 disarms.

        It takes the place of the client's own, and of those that have gone. It is armed when this
        returns; what it returns fires when the journal has it. None where there is nothing to keep.
        """
        for whose in (client, None):
            self._stop_timer(whose)
        if seconds:
            self._arm(client, seconds, _requester(client))
        self._dues.forgo(CANCEL_ALL_AFTER)
        return self._keep_timer()

    def _keep_timer(self) -> Deferred[None] | None:
        """Keep the first timer for the next run, or that there is none."""
        if not self._timers:
            self._dues.drop(CANCEL_ALL_AFTER)
            return None
        first = min(self._timers, key=self._left)
        by = self._timers[first].by
        return self._dues.keep(CANCEL_ALL_AFTER, self._left(first), by, counts=True)

    def _keep_timer_on(self) -> None:
        """Keep the first timer where nobody waits for the journal."""
        kept = self._keep_timer()
        if kept is not None:  # the journal itself says that it cannot be written
            kept.addErrback(lambda failure: failure.trap(JournalBroken))

    def _keep_disconnect(self) -> None:
        """Keep the shortest ``CancelOnDisconnect`` for the next run, or that there is none."""
        asked = [_Owed(after, _requester(one)) for one, after in self._cancel_after.items()]
        if self._owed is not None:
            asked.append(self._owed)
        if not asked:
            self._dues.drop(CANCEL_ON_DISCONNECT)
            return
        first = min(asked)
        kept = self._dues.keep(CANCEL_ON_DISCONNECT, first.seconds, first.by, counts=False)
        if kept is not None:
            kept.addErrback(lambda failure: failure.trap(JournalBroken))

    def _left(self, whose: Attached | None) -> float:
        timer = self._timers.get(whose)
        return float("inf") if timer is None else timer.call.getTime() - self._clock.seconds()

    def _arm(self, whose: Attached | None, seconds: float, by: Requester) -> None:
        self._stop_timer(whose)
        call = self._clock.callLater(max(seconds, 0), self._fire, whose)
        self._timers[whose] = _Timer(call, by)

    def _stop_timer(self, whose: Attached | None) -> _Timer | None:
        """Stop a timer that runs, and return it; None where there is none."""
        timer = self._timers.pop(whose, None)
        if timer is not None:
            stop_timer(timer.call)
        return timer

    def _fire(self, whose: Attached | None) -> None:
        timer = self._timers.pop(whose)
        noted = self._begun(CANCEL_ALL_AFTER, timer.by)
        self._entry().cancel_resting(self._keep_timer_on, noted)

    def _cancel_resting(self, owed: _Owed) -> None:
        self._cancel = self._owed = None
        noted = self._begun(CANCEL_ON_DISCONNECT, owed.by)
        self._entry().cancel_resting(on_sent=noted)


def _requester(client: Attached) -> Requester:
    return Requester(client.token, client.peer.address)
