"""A guard against lockouts: what the front has refused is not asked of it again and again.

CTP counts the wrong passwords of an account in a row, without a time limit; 6 to 10 lock it (75),
for everyone, until the broker lifts that. It also counts what one address fails to do in a day:
some 5,000 logins (143) or authentications (4060) bar the address, with everybody behind it. A
client in a loop must not be able to bring either about, nor ten clients that start with the same
wrong password, nor ten sessions that recover with one that was changed elsewhere, nor a stranger
who guesses. And none of them may keep the owner out.

- Refusals count since the account's last accepted login, whatever time passes.
- A password that was refused is passed on again only to a client that says so (``TryAgain``).
- Of logins with one password one goes first; the others learn from what becomes of it.
- A password that the front has accepted passes, whatever others have tried, until it is refused.
- What clients try is counted by their addresses, too, so that strangers use up less.
"""

import hashlib
import math
import secrets
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final

from twisted.internet.interfaces import IReactorTime

from webctp.ctp import errors
from webctp.ctp.refusal import Limited
from webctp.gateway.access.address import LOCAL
from webctp.language.text import NOTHING, Text, english
from webctp.metrics import Kind, Metric, Sample
from webctp.upstream.account import AccountKey
from webctp.upstream.session.gate import Credentials
from webctp.upstream.session.login import LoginState

MOST_IN_A_ROW: Final = 4
"""Wrong passwords in a row that reach the front: one less than lock an account at the strictest
(CTP's own bound is 6 to 10, the simulated front's 5)."""
MOST_A_DAY: Final = 1000
"""Failures of accounts that never got in, in 24 hours: a fifth of what bars the address."""
MOST_A_DAY_KNOWN: Final = 2000
"""The same of accounts that got in before; what they fail is seldom the password."""
MOST_OF_AN_ADDRESS: Final = 100
"""Failures of accounts that never got in, in 24 hours, of one client's address."""
LOCK_PAUSE: Final = 60.0
"""Seconds between two logins of an account that CTP has locked: the broker may have lifted it."""
DAY: Final = 86_400.0

_ACCOUNTS_KEPT: Final = 4096
_PASSWORDS_KEPT: Final = 64
_ADDRESSES_KEPT: Final = 4096

_PASSED: Final = Metric(
    "webctp_logins_passed_total",
    Kind.COUNTER,
    "Logins passed on to the front, those of recovering sessions included.",
    "转发给前置的登录次数，含会话恢复时的登录。",
)
_HELD_BACK: Final = Metric(
    "webctp_logins_held_back_total",
    Kind.COUNTER,
    "Logins refused by the gateway to spare the account or the address a lockout.",
    "为避免账户或地址被锁而由网关拒绝的登录次数。",
)
_FRONT_REFUSED: Final = Metric(
    "webctp_logins_refused_total",
    Kind.COUNTER,
    "Authentications and logins that the front refused.",
    "被前置拒绝的认证与登录次数。",
)
_WATCHED: Final = Metric(
    "webctp_login_accounts",
    Kind.GAUGE,
    "Accounts of which the lockout guard remembers logins.",
    "防锁机制记有登录情况的账户数。",
)
_FAILURES: Final = Metric(
    "webctp_login_failures_day",
    Kind.GAUGE,
    "Failures that count towards the day's bound, of accounts that got in before or never.",
    "计入当日上限的失败次数：曾登录成功的账户，及从未成功的账户。",
    ("account",),
)

_LOOPBACK: Final = (LOCAL, "127.0.0.1", "::1")
"""Addresses behind which a proxy may gather everybody."""

_REFUSED_BEFORE: Final = english(
    "the front has refused this very password; log in with the right one, or, if it is right by "
    'now, send "TryAgain": true beside MsgType'
)
_REFUSED_MEANWHILE: Final = english("the front has refused this password meanwhile; log in anew")
_SUPERSEDED: Final = english("the front has accepted another password meanwhile; log in anew")
_ROW_IS_FULL: Final = (
    "the front refused {row} logins of this account in a row, and the next may lock it (75): only "
    "a password that was accepted before is passed on. If the password is forgotten or changed, "
    "let the broker set it; the gateway counts anew after an accepted login or its restart"
)
_WAIT: Final = (
    "the front refused this account several times; to spare it a lockout, "
    "one more login is passed on in {seconds} s"
)
_LOCKED: Final = (
    "CTP has locked this account (75), which only the broker can lift; "
    "one more login is passed on in {seconds} s"
)
_TOO_MANY_HERE: Final = english(
    "too many logins from this address were refused within a day; accounts that the front has "
    "accepted since the gateway's start are still passed on"
)
_TOO_MANY: Final = english(
    "too many logins were refused within a day, and CTP would bar the gateway's address (143, "
    "4060); accounts that the front has accepted since the gateway's start are still passed on"
)
_TOO_MANY_KNOWN: Final = english(
    "too many authentications or logins were refused within a day, and CTP would bar the "
    "gateway's address (143, 4060); mend AppID, AuthCode or what the refusals say"
)


@dataclass(slots=True)
class _Tries:
    """Refusals since the last accepted login, and the moment of the latest, in seconds."""

    count: int = 0
    last: float = -math.inf


@dataclass(slots=True)
class _Account:
    """What is known of an account.

    ``row`` counts refusals since the last accepted login. ``refused`` are digests of what was
    refused and not accepted since, ``accepted`` those of what was accepted last and not refused
    since: of the password, and of all credentials; ``superseded`` those of passwords that were
    accepted before another one was. ``under_way`` are the logins that the front is
    looking at, ``waiting`` those that learn from them.
    """

    row: int = 0
    by_address: dict[str, _Tries] = field(default_factory=dict)
    refused: deque[bytes] = field(default_factory=lambda: deque(maxlen=_PASSWORDS_KEPT))
    superseded: deque[bytes] = field(default_factory=lambda: deque(maxlen=_PASSWORDS_KEPT))
    accepted: tuple[bytes, bytes] | None = None
    locked_until: float = -math.inf
    under_way: dict["LoginSlot", None] = field(default_factory=dict)
    waiting: dict["LoginSlot", Callable[[], object]] = field(default_factory=dict)

    @property
    def is_idle(self) -> bool:
        return not self.under_way and not self.waiting

    @property
    def is_blank(self) -> bool:
        known = self.row or self.refused or self.accepted is not None or self.is_locked
        return self.is_idle and not known

    @property
    def is_locked(self) -> bool:
        return self.locked_until > -math.inf

    def supersede(self, password: bytes) -> None:
        """Another password than before is right: no session recovers with that one any more."""
        if password in self.superseded:
            self.superseded.remove(password)
        if self.accepted is not None and self.accepted[0] != password:
            self.superseded.append(self.accepted[0])

    def tries(self, address: str) -> _Tries:
        return self.by_address.get(address) or _Tries()


class LockoutGuard:
    """Says which logins may be passed on to the front, and keeps count of what it refused.

    Everything runs in the reactor's thread.

    :param refusals: how many refusals in a row are passed on to one client's address.
    :param window: seconds after the last of them until one more may be tried.
    """

    def __init__(self, clock: IReactorTime, refusals: int, window: float) -> None:
        self._clock = clock
        self._refusals = refusals
        self._window = window
        self._most = max(MOST_IN_A_ROW, refusals)
        self._accounts: dict[AccountKey, _Account] = {}
        self._day: deque[float] = deque(maxlen=MOST_A_DAY)
        self._day_known: deque[float] = deque(maxlen=MOST_A_DAY_KNOWN)
        self._days: dict[str, deque[float]] = {}
        self._passed = self._held_back = self._front_refused = 0
        # Passwords are compared, not kept.
        self._key = secrets.token_bytes(32)

    def slot(self, identity: AccountKey, credentials: Callable[[], Credentials]) -> "LoginSlot":
        """Return a session's place among the logins of its account.

        :param credentials: says what it logs in with.
        """
        return LoginSlot(self, identity, credentials)

    def take_settings(self, refusals: int, window: float) -> None:
        """Take other limits; what was counted stays."""
        self._refusals = refusals
        self._window = window
        self._most = max(MOST_IN_A_ROW, refusals)

    def reason(self, slot: "LoginSlot") -> Text:
        """Return why a client's login is not passed on; empty where it is, or may wait."""
        account = self._accounts.get(slot.identity) or _Account()
        now = self._clock.seconds()
        if now < account.locked_until:
            wait = account.locked_until - now
            return Limited.of(english(_LOCKED, seconds=math.ceil(wait)), retry_after=wait)
        if account.accepted is not None and _is_full(self._day_known, now):
            return _of_a_day(_TOO_MANY_KNOWN, self._day_known, now)
        if self._is_proven(account, slot):
            return NOTHING
        if slot.digest in account.refused and not slot.try_again:
            return _REFUSED_BEFORE
        return self._strangers_reason(account, slot, 0, 0)

    def acquire(
        self, slot: "LoginSlot", on_free: Callable[[], object], *, recovering: bool
    ) -> Text | None:
        """See :class:`webctp.upstream.session.gate.LoginGate`."""
        account = self._account(slot.identity)
        if recovering and slot.digest in account.refused:
            self._held_back += 1
            return _REFUSED_MEANWHILE
        if recovering and slot.password_digest in account.superseded:
            self._held_back += 1
            return _SUPERSEDED
        reason = NOTHING if recovering else self.reason(slot)
        if reason:
            self._held_back += 1
            self._drop(slot.identity, account)
            return reason
        slot.proven = recovering or self._is_proven(account, slot)
        if not self._must_wait(account, slot):
            account.under_way[slot] = None
            self._passed += 1
            return NOTHING
        account.waiting[slot] = on_free
        return None

    def accepted(self, slot: "LoginSlot") -> None:
        """Count anew after a login that the front accepted, as the front does."""
        account = self._account(slot.identity)
        account.row = 0
        account.by_address.clear()
        account.locked_until = -math.inf
        self._prove(account, slot)
        for waiting in account.waiting:
            waiting.follows = waiting.follows or waiting.digest == slot.digest

    def refused(self, slot: "LoginSlot", code: int) -> None:
        """Count a login, or a change of the password, that the front refused with ``code``."""
        self._front_refused += 1
        if code in errors.NOT_OPEN_YET or code in errors.QUERY_BUSY:
            return
        account = self._account(slot.identity)
        if code in errors.PASSWORD_MUST_CHANGE:
            self._prove(account, slot)
            return
        self._count_day(account, slot)
        if code in errors.NOT_THE_PASSWORD:
            return
        now = self._clock.seconds()
        if code == errors.LOCKED:
            # Nothing was compared, and nothing more can be lost; the broker lets it count anew.
            account.row = 0
            account.by_address.clear()
            account.refused.clear()
            account.locked_until = now + LOCK_PAUSE
            return
        account.row += 1
        tries = account.by_address.setdefault(slot.address, _Tries())
        tries.count += 1
        tries.last = now
        if slot.digest not in account.refused:
            account.refused.append(slot.digest)
        if account.accepted is not None and slot.digest == account.accepted[1]:
            account.accepted = None

    def changed(self, identity: AccountKey, new: str) -> None:
        """Let the new password pass from now on, which the front has taken."""
        account = self._account(identity)
        digest = self.digest(Credentials(new))
        if digest in account.refused:
            account.refused.remove(digest)
        account.supersede(digest)
        account.accepted = (digest, digest)

    def failed(self, slot: "LoginSlot") -> None:
        """Count an authentication that the front refused; it has not seen the password yet."""
        self._front_refused += 1
        self._count_day(self._account(slot.identity), slot)

    def release(self, slot: "LoginSlot") -> None:
        """See :class:`webctp.upstream.session.gate.LoginGate`."""
        account = self._accounts.get(slot.identity)
        if account is None:
            return
        account.waiting.pop(slot, None)
        if slot in account.under_way:
            del account.under_way[slot]
            if account.waiting:
                # Later: who leaves for its next step comes before all that wait.
                self._clock.callLater(0, self._wake, account)
        self._drop(slot.identity, account)

    def samples(self) -> Iterator[Sample]:
        """Read how many logins passed and failed; called on a scrape."""
        now = self._clock.seconds()
        yield _PASSED.sample(self._passed)
        yield _HELD_BACK.sample(self._held_back)
        yield _FRONT_REFUSED.sample(self._front_refused)
        yield _WATCHED.sample(len(self._accounts))
        for failures, account in ((self._day, "unknown"), (self._day_known, "known")):
            yield _FAILURES.sample(sum(one > now - DAY for one in failures), account)

    def digest(self, credentials: Credentials) -> bytes:
        """Return what stands for credentials here: it tells no password."""
        text = f"{credentials.password}\0{credentials.once}".encode()
        return hashlib.blake2b(text, key=self._key, digest_size=16).digest()

    def _strangers_reason(
        self, account: _Account, slot: "LoginSlot", all_under_way: int, address_under_way: int
    ) -> Text:
        """Return why a login with unproven credentials may not join those under way."""
        accepted = account.accepted
        knows_password = accepted is not None and accepted[0] == slot.password_digest
        # One refusal is kept back for the accepted password: it may have been changed.
        most = self._most if accepted is None or knows_password else self._most - 1
        if account.row + all_under_way >= most:
            return Limited.of(english(_ROW_IS_FULL, row=account.row), limit=most)
        now = self._clock.seconds()
        tries = account.tries(slot.address)
        if not knows_password and tries.count + address_under_way >= self._refusals:
            seconds = tries.last + self._window - now
            if seconds > 0 or address_under_way:
                wait = math.ceil(max(seconds, 1))
                return Limited.of(
                    english(_WAIT, seconds=wait), limit=self._refusals, retry_after=wait
                )
        return self._days_reason(slot.address, now) if accepted is None else NOTHING

    def _must_wait(self, account: _Account, slot: "LoginSlot") -> bool:
        """Return whether a login, which may be passed on, has to wait for others."""
        leaders = (other for other in account.under_way if slot.is_change or not other.is_change)
        under_way = len(account.under_way)
        if any(other.digest == slot.digest for other in leaders):
            # Those that follow, too, may all be refused: the password may change just now.
            return not slot.follows or account.row + under_way >= self._most
        if slot.proven or not under_way:
            return False
        near = sum(other.address == slot.address for other in account.under_way)
        return bool(self._strangers_reason(account, slot, under_way, near))

    def _is_proven(self, account: _Account, slot: "LoginSlot") -> bool:
        return account.accepted is not None and account.accepted[1] == slot.digest

    def _prove(self, account: _Account, slot: "LoginSlot") -> None:
        account.supersede(slot.password_digest)
        account.accepted = (slot.password_digest, slot.digest)
        if slot.digest in account.refused:
            account.refused.remove(slot.digest)

    def _days_reason(self, address: str, now: float) -> Text:
        if _is_full(self._day, now):
            return _of_a_day(_TOO_MANY, self._day, now)
        near = self._days.get(address)
        if near is None or not _is_full(near, now):
            return NOTHING
        return _of_a_day(_TOO_MANY_HERE, near, now)

    def _count_day(self, account: _Account, slot: "LoginSlot") -> None:
        now = self._clock.seconds()
        if account.accepted is not None:
            self._day_known.append(now)
            return
        self._day.append(now)
        if slot.address in _LOOPBACK:
            return
        near = self._days.pop(slot.address, None)
        if near is None:
            near = deque(maxlen=MOST_OF_AN_ADDRESS)
            if len(self._days) >= _ADDRESSES_KEPT:
                del self._days[next(iter(self._days))]
        near.append(now)
        self._days[slot.address] = near  # behind all that failed before

    def _wake(self, account: _Account) -> None:
        """Let those that wait ask again, in their order."""
        waiting = list(account.waiting.items())
        account.waiting.clear()
        for _, on_free in waiting:
            on_free()

    def _account(self, identity: AccountKey) -> _Account:
        account = self._accounts.get(identity)
        if account is None:
            if len(self._accounts) >= _ACCOUNTS_KEPT:
                self._forget_one()
            account = self._accounts[identity] = _Account()
        return account

    def _forget_one(self) -> None:
        """Make room: the oldest that nobody logs in to now, first one that never got in."""
        idle = [identity for identity, account in self._accounts.items() if account.is_idle]
        strange = (one for one in idle if self._accounts[one].accepted is None)
        found = next(strange, None) or next(iter(idle), None)
        if found is not None:
            del self._accounts[found]

    def _drop(self, identity: AccountKey, account: _Account) -> None:
        """Keep nothing of an account of which nothing is to be remembered."""
        if account.is_blank:
            self._accounts.pop(identity, None)


def _is_full(failures: deque[float], now: float) -> bool:
    """Return whether as many failures as are bounded lie within a day."""
    return len(failures) == failures.maxlen and failures[0] > now - DAY


def _of_a_day(text: Text, failures: deque[float], now: float) -> Text:
    """Return the sentence about a day's failures, with when the oldest is a day ago."""
    return Limited.of(text, limit=failures.maxlen, retry_after=failures[0] + DAY - now)


class LoginSlot:
    """A :class:`webctp.upstream.session.gate.LoginGate`: one session's, or one change of a
    password.

    ``address`` is the client's that logs in, ``try_again`` whether it said so.
    """

    def __init__(
        self, guard: LockoutGuard, identity: AccountKey, credentials: Callable[[], Credentials]
    ) -> None:
        self.identity = identity
        self.address = LOCAL
        self.try_again = False
        self.proven = False
        """Whether the front has accepted these credentials before."""
        self.follows = False
        """Whether the front has just accepted them, while this login waited."""
        self.is_change = False
        """Whether it is a change of the password, for whose answer no login waits."""
        self._guard = guard
        self._credentials = credentials
        self._read()

    def asked_by(self, address: str, *, try_again: bool = False) -> None:
        """Note that a client at ``address`` asks for the next login."""
        self.address = address
        self.try_again = try_again
        self.follows = False

    def reason(self) -> Text:
        """Return why a login is not passed on; empty where it is, or may wait."""
        self._read()
        return self._guard.reason(self)

    def acquire(self, on_free: Callable[[], object], *, recovering: bool) -> Text | None:
        """See :class:`webctp.upstream.session.gate.LoginGate`."""
        self._read()
        return self._guard.acquire(self, on_free, recovering=recovering)

    def answered(self, step: LoginState, code: int) -> None:
        """See :class:`webctp.upstream.session.gate.LoginGate`."""
        if step is LoginState.LOGGING_IN:
            self.follows = False
            if code == 0:
                self._guard.accepted(self)
            else:
                self._guard.refused(self, code)
        elif code != 0 and code not in errors.NOT_OPEN_YET:
            self._guard.failed(self)

    def changed(self, code: int) -> None:
        """Learn from the answer to a change of the password whether the old one was right."""
        if code in errors.WRONG_OLD_PASSWORD:
            self._guard.refused(self, code)
        self.release()

    def release(self) -> None:
        """See :class:`webctp.upstream.session.gate.LoginGate`."""
        self._guard.release(self)

    def _read(self) -> None:
        """Read the credentials once; they stay what was asked about until the answer."""
        credentials = self._credentials()
        self.digest = self._guard.digest(credentials)
        self.password_digest = self._guard.digest(Credentials(credentials.password))
