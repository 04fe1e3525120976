"""A guard against lockouts: after a few refused logins the daemon refuses the next ones itself.

CTP bars an account after some wrong passwords in a row (75), for everyone, until the broker
lifts it. A client in a loop must not be able to bring that about.
"""

from collections import deque
from typing import Final

from twisted.internet.interfaces import IReactorTime

from webctp.ctp import errors
from webctp.upstream.identity import Identity

_ACCOUNTS_KEPT: Final = 4096


class LoginGuard:
    """Counts refused logins by account.

    :param refusals: how many within ``window`` seconds are passed on to the front.
    """

    def __init__(self, clock: IReactorTime, refusals: int, window: float) -> None:
        self._clock = clock
        self._refusals = refusals
        self._window = window
        self._accounts: dict[Identity, deque[float]] = {}

    def wait(self, identity: Identity) -> float:
        """Seconds until a login of this account may be tried; 0 for now."""
        times = self._accounts.get(identity)
        if times is None or len(times) < self._refusals:
            return 0.0
        return max(0.0, times[0] + self._window - self._clock.seconds())

    def refused(self, identity: Identity, code: int) -> None:
        """The front refused a login with ``code``."""
        if code in errors.NOT_OPEN_YET or code in errors.PASSWORD_MUST_CHANGE:
            return  # the front was not open, or the password was right
        if identity not in self._accounts and len(self._accounts) >= _ACCOUNTS_KEPT:
            del self._accounts[next(iter(self._accounts))]
        times = self._accounts.setdefault(identity, deque(maxlen=self._refusals))
        times.append(self._clock.seconds())

    def accepted(self, identity: Identity) -> None:
        """The front accepted a login: it counts anew, and so do we."""
        self._accounts.pop(identity, None)
