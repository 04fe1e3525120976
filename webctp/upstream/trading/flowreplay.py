"""The replay of the private flow after a login: when it is over.

CTP plays the trading day's private flow from its first message after each login (RESTART) and
does not mark its end. It is taken to be over when the flow has been quiet for a moment. Pure but
for the clock; runs in the reactor's thread.
"""

from collections.abc import Callable
from typing import Final

from twisted.internet.interfaces import IDelayedCall, IReactorTime

from webctp.clock import GRAIN
from webctp.ctp.catalog import Callback, Catalogue
from webctp.upstream.orders.client_order import public_pushes

QUIET: Final = 0.2
"""Seconds without a private push after which the replay is over."""
FIRST: Final = 0.1
"""Seconds that the first private push is waited for, more where the front is far: most logins of
most days have none, and these shall not take noticeably longer."""
FIRST_MOST: Final = 1.0
BUSY: Final = 1.0
"""Seconds from the login on after which a few pushes in a row are news: others trade."""
_FEW: Final = 100.0
"""Pushes a second: a replay brings more."""
MOST: Final = 10.0
"""Seconds after a login from which on everything counts as news."""


class FlowReplay:
    """Decide when the private flow that CTP replays after a login is over.

    :param quiet: :data:`QUIET`; with 0 the replay is over as soon as the session is ready.
    :param on_over: called when the session is ready and the replay is over.
    """

    def __init__(
        self,
        clock: IReactorTime,
        catalogue: Catalogue,
        quiet: float,
        on_over: Callable[[], object],
    ) -> None:
        self._clock = clock
        self._public = public_pushes(catalogue)
        self._quiet = quiet
        self._on_over = on_over
        self._first = FIRST
        self._asked_at = self._began_at = self._last_at = 0.0
        self._count = 0
        self._timer: IDelayedCall | None = None
        self.is_over = False

    def login_asked(self) -> None:
        """Note that the login was sent: how long its answer takes tells how far the front is."""
        self._asked_at = self._clock.seconds()

    def begin(self) -> None:
        """Take a login's acceptance: the flow comes from here on."""
        self.stop()
        self.is_over = False
        self._began_at = self._last_at = self._clock.seconds()
        there_and_back = self._began_at - self._asked_at
        self._first = min(max(FIRST, 2 * there_and_back), FIRST_MOST)
        self._count = 0

    def heard(self, callback: Callback) -> None:
        """Take a push; only those of the private flow count."""
        if callback.struct is not None and callback.name not in self._public:
            self._last_at = self._clock.seconds()
            self._count += 1

    def ready(self) -> None:
        """Take the word that the session is ready: the replay may end."""
        self._look(0, self._began_at)

    def stop(self) -> None:
        """Stop looking: the connection has broken, or the session ends."""
        if self._timer is not None and self._timer.active():
            self._timer.cancel()
        self._timer = None

    def _look(self, before: int, looked_at: float) -> None:
        """End the replay, or look again when it may be over.

        :param before: how many pushes had come when this was called last, at ``looked_at``.
        """
        self._timer = None
        now = self._clock.seconds()
        left = self._last_at + (self._quiet if self._count else self._first) - now
        gone = now - self._began_at
        few = gone >= BUSY and self._count - before < _FEW * (now - looked_at)
        if self._quiet <= 0 or left <= GRAIN or few or gone >= MOST:
            self.is_over = True
            self._on_over()
        else:
            self._timer = self._clock.callLater(left, self._look, self._count, now)
