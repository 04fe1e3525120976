"""Cancel what rests by the day's flow: of the whole account, or of sessions that have ended.

A session's own :class:`~webctp.upstream.orders.working.WorkingOrders` follow what it has entered
itself. Here the day's pushes are played once, and then followed: other terminals' orders are
found, and those of a gateway that has died. All methods run in the reactor's thread.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from twisted.internet.interfaces import IReactorTime

from webctp.ctp.bridge import CallbackEvent
from webctp.ctp.catalog import Catalogue
from webctp.ctp.codec import codec_for
from webctp.upstream.orders.cancelling import Cancelling, TakeSent, nobody_notes
from webctp.upstream.orders.keys import exact, identities
from webctp.upstream.orders.working import Cancellation, WorkingOrders
from webctp.upstream.turns import batched

_ORDER: Final = "OnRtnOrder"
_QUOTE: Final = "OnRtnQuote"
_CONDITION_FAILED: Final = "OnRtnErrorConditionalOrder"
_KINDS: Final = frozenset({_ORDER, _QUOTE, _CONDITION_FAILED})
_AT_ONCE: Final = 16
"""Pushes that are played in a step: some 0.2 ms."""

SendCancel = Callable[[Cancellation, Callable[[str], object]], int]
"""Sends a cancellation, given what takes a refusal: ``OrderEntry.cancel``."""


class DayCancelling:
    """Cancel what rests, in rounds, until nothing does.

    :param send: see :data:`SendCancel`.
    :param usable: whether orders can be sent at this moment.
    :param on_progress: called when another number of orders rests, or one was refused.
    :param sessions: (FrontID, SessionID) of those whose orders are cancelled; None for the
        whole account.
    :param investors: the InvestorIDs whose orders are cancelled; None for all.
    :param on_sent: called with each cancellation that the API took, again where it is sent again.
    """

    def __init__(
        self,
        clock: IReactorTime,
        catalogue: Catalogue,
        send: SendCancel,
        usable: Callable[[], bool],
        *,
        on_progress: Callable[[], object],
        sessions: tuple[tuple[int, int], ...] | None = None,
        investors: frozenset[str] | None = None,
        on_sent: TakeSent = nobody_notes,
    ) -> None:
        codec = codec_for(catalogue.module)
        self._layouts = {
            name: codec.layout(catalogue.callbacks[name].body_struct)
            for name in _KINDS
            if name in catalogue.callbacks
        }
        self._working = WorkingOrders(catalogue, whole_account=sessions is None)
        for session in sessions or ():
            self._working.login(*session)
        self.investors = investors
        """Whose orders are cancelled; None for everybody's."""
        self.sessions = sessions
        """Those whose orders are cancelled; None for the whole account."""
        self._cancelling = Cancelling(
            clock,
            self._working,
            lambda one: send(one, self._refused),
            usable,
            on_sent=on_sent,
        )
        self._on_progress = on_progress
        self._told = -1
        self._later: list[CallbackEvent] | None = []
        """What came while the day was played; None once that is over."""
        self.last_refusal = ""
        """What CTP said when it refused a cancellation last."""

    @property
    def resting(self) -> int:
        """How many orders rest that are to be cancelled."""
        return len(self._working)

    def play(self, day: Sequence[CallbackEvent]) -> Iterator[None]:
        """Take the day's pushes so far, some in a step; what rests is cancelled at the end."""
        for some in batched(day, _AT_ONCE):
            for event in some:
                self._update(event)
            yield
        later, self._later = self._later or [], None
        for event in later:
            self._update(event)
        self._cancelling.start()
        self._progress()

    def take(self, event: CallbackEvent) -> None:
        """Take a push of the account."""
        if event.callback.name not in self._layouts:
            return
        if self._later is not None:
            self._later.append(event)
            return
        self._update(event)
        self._cancelling.on_order()
        self._progress()

    def ready(self) -> None:
        """Take note that orders are possible (again)."""
        if self._later is None:
            self._cancelling.ready()

    def stop(self) -> None:
        """Cancel nothing more."""
        self._cancelling.stop()

    def _update(self, event: CallbackEvent) -> None:
        callback, body, *_ = event
        layout = self._layouts.get(callback.name)
        if layout is None or body is None:
            return
        row = layout.unpack(body)
        if self.investors is not None and row["InvestorID"] not in self.investors:
            return
        if callback.name == _QUOTE:
            self._working.quote(row, body)
        elif callback.name == _CONDITION_FAILED:
            self._working.failed(row)
        else:
            keyed = exact(row, layout, body)
            self._working.update(keyed, identities(keyed), body)

    def _refused(self, reason: str) -> None:
        self._cancelling.on_refused(reason)
        if reason != self.last_refusal:
            self.last_refusal = reason
            self._told = -1
            self._progress()

    def _progress(self) -> None:
        """Tell the beginning, each refusal that says something else, and the end."""
        resting = self.resting
        if self._told < 0 or (resting == 0 and self._told > 0):
            self._on_progress()
        self._told = resting
