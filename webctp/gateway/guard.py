"""A guard against lockouts: after a few refused logins the daemon refuses the next ones itself.

CTP bars an account after some wrong passwords in a row (75), for everyone, until the broker
lifts it. A client in a loop must not be able to bring that about, nor ten clients that start with
the same wrong password, nor ten sessions that recover with one that was changed elsewhere. So
logins under way count as well: no more are passed on than may all be refused; the others wait
for their answers.

A session that recovers is not stopped by what strangers have tried meanwhile, but only if its own
password was refused: then no other session tries that one by itself.
"""

import hashlib
import math
import secrets
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from twisted.internet.interfaces import IReactorTime

from webctp.ctp import errors
from webctp.upstream.identity import Identity

_ACCOUNTS_KEPT: Final = 4096
_PASSWORDS_KEPT: Final = 64


@dataclass(slots=True)
class _Account:
    """What is known of an account: when it was refused, with what, and whose turn it is."""

    refusals: deque[float]
    refused: deque[bytes] = field(default_factory=lambda: deque(maxlen=_PASSWORDS_KEPT))
    under_way: set["Turn"] = field(default_factory=set)
    waiting: dict["Turn", Callable[[], object]] = field(default_factory=dict)


class LoginGuard:
    """Counts refused logins by account.

    :param refusals: how many within ``window`` seconds are passed on to the front.
    """

    def __init__(self, clock: IReactorTime, refusals: int, window: float) -> None:
        self._clock = clock
        self._refusals = refusals
        self._window = window
        self._accounts: dict[Identity, _Account] = {}
        # Passwords are compared, not kept.
        self._key = secrets.token_bytes(32)

    def wait(self, identity: Identity) -> float:
        """Seconds until a login of this account may be tried; 0 for now."""
        account = self._accounts.get(identity)
        if account is None or len(account.refusals) < self._refusals:
            return 0.0
        return max(0.0, account.refusals[0] + self._window - self._clock.seconds())

    def reason(self, identity: Identity) -> str:
        """Why a login of this account is not passed on; empty where it is."""
        seconds = math.ceil(self.wait(identity))
        if seconds == 0:
            return ""
        return (
            "the front refused this account several times; to spare it a lockout, "
            f"logins are passed on again in {seconds} s"
        )

    def refused(self, identity: Identity, code: int, password: str) -> None:
        """The front refused a login with ``code``."""
        if code < 0 or code in errors.NOT_OPEN_YET or code in errors.PASSWORD_MUST_CHANGE:
            return  # the refusal was ours, the front was not open, or the password was right
        account = self._account(identity)
        account.refusals.append(self._clock.seconds())
        account.refused.append(self._digest(password))

    def accepted(self, identity: Identity) -> None:
        """The front accepted a login: it counts anew, and so do we."""
        account = self._accounts.get(identity)
        if account is not None:
            account.refusals.clear()
            account.refused.clear()
            self._drop(identity, account)

    def turn(self, identity: Identity, password: Callable[[], str]) -> "Turn":
        """A session's place among the logins of its account.

        :param password: says what it logs in with.
        """
        return Turn(self, identity, password)

    def enter(self, turn: "Turn", again: Callable[[], object], *, recovering: bool) -> str | None:
        """See :class:`webctp.upstream.gate.Gate`."""
        account = self._account(turn.identity)
        if recovering:
            if self._digest(turn.password()) in account.refused:
                return "the front has refused this password meanwhile; log in anew"
        elif self.wait(turn.identity) > 0:
            return self.reason(turn.identity)
        now = self._clock.seconds()
        recent = sum(moment + self._window > now for moment in account.refusals)
        if len(account.under_way) < max(self._refusals - recent, 1):
            account.under_way.add(turn)
            return ""
        account.waiting[turn] = again
        return None

    def leave(self, turn: "Turn") -> None:
        """See :class:`webctp.upstream.gate.Gate`."""
        account = self._accounts.get(turn.identity)
        if account is None:
            return
        account.waiting.pop(turn, None)
        if turn in account.under_way:
            account.under_way.discard(turn)
            if account.waiting:
                # Later: what the answer was is counted first.
                self._clock.callLater(0, self._wake, account)
        self._drop(turn.identity, account)

    def _wake(self, account: _Account) -> None:
        """Let those that wait ask again, in their order."""
        waiting = list(account.waiting.items())
        account.waiting.clear()
        for _, again in waiting:
            again()

    def _account(self, identity: Identity) -> _Account:
        account = self._accounts.get(identity)
        if account is None:
            if len(self._accounts) >= _ACCOUNTS_KEPT:
                self._forget_one()
            account = self._accounts[identity] = _Account(deque(maxlen=self._refusals))
        return account

    def _forget_one(self) -> None:
        """Make room: the oldest that nobody logs in to now."""
        for identity, account in self._accounts.items():
            if not account.under_way and not account.waiting:
                del self._accounts[identity]
                return

    def _drop(self, identity: Identity, account: _Account) -> None:
        """Keep nothing of an account of which nothing is to be remembered."""
        if not (account.refusals or account.refused or account.under_way or account.waiting):
            self._accounts.pop(identity, None)

    def _digest(self, password: str) -> bytes:
        return hashlib.blake2b(password.encode(), key=self._key, digest_size=16).digest()


class Turn:
    """A :class:`webctp.upstream.gate.Gate`: one session's."""

    def __init__(self, guard: LoginGuard, identity: Identity, password: Callable[[], str]) -> None:
        self.identity = identity
        self.password = password
        self._guard = guard

    def enter(self, again: Callable[[], object], *, recovering: bool) -> str | None:
        """See the guard."""
        return self._guard.enter(self, again, recovering=recovering)

    def leave(self) -> None:
        """See the guard."""
        self._guard.leave(self)
