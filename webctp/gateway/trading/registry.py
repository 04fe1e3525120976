"""Who has which session: every session there is, by account."""

from collections.abc import Iterator
from typing import Any

from twisted.internet.defer import Deferred, DeferredList

from webctp.ctp import errors
from webctp.ctp.refusal import Limited, Refusal
from webctp.gateway.access.claim import Claim
from webctp.gateway.access.grants import sessions_refusal
from webctp.gateway.access.principal import ANYBODY, Principal
from webctp.gateway.access.usage import Usage
from webctp.gateway.trading.commons import Commons
from webctp.gateway.trading.figures import session_samples
from webctp.gateway.trading.shared import SharedSession
from webctp.language.text import Text, english
from webctp.metrics import Sample
from webctp.upstream.account import AccountKey
from webctp.upstream.trading.session import OpenSession


class SessionRegistry:
    """Hold every trading session by its account.

    Runs in the reactor's thread.

    :param open_session: makes a session.
    :param max_sessions: how many there may be; one counts until its API is released.
    """

    def __init__(self, commons: Commons, open_session: OpenSession, max_sessions: int) -> None:
        self._commons = commons
        self._open_session = open_session
        self._max_sessions = max_sessions
        self._sessions: dict[AccountKey, list[SharedSession]] = {}
        self._openers: dict[SharedSession, Usage] = {}
        """Who opened a session that counts as a principal's."""
        self._closing: set[Deferred[None]] = set()
        self.released = 0
        """Sessions that have ended since the start, and whose APIs are released."""

    def __iter__(self) -> Iterator[SharedSession]:
        """Give every session that is not being closed."""
        for sessions in list(self._sessions.values()):
            yield from list(sessions)

    @property
    def awaits_answers(self) -> bool:
        """Whether CTP owes one of the sessions an answer."""
        return any(one.session.awaits_answers for one in self)

    def limit(self, max_sessions: int) -> None:
        """Take another ``MaxSessions``; sessions that there are stay."""
        self._max_sessions = max_sessions

    def samples(self) -> Iterator[Sample]:
        """Read the sessions' figures; called on a scrape."""
        commons = self._commons
        return session_samples(self, commons.states, self._max_sessions, commons.settings)

    def of(self, account: AccountKey) -> tuple[SharedSession, ...]:
        """Return the sessions of an account."""
        return tuple(self._sessions.get(account, ()))

    def find(self, account: AccountKey, claim: Claim) -> SharedSession | None:
        """Return a living session that a login with this claim may be attached to.

        The one whose token the claim holds; else one that admits the password: the one that
        numbered the claim's ``seq``, whose socket may only look alive, then one that nobody is
        attached to, or with sharing any. A session that never gave that ``seq`` is another
        client's: it is not taken over.
        """
        living = [one for one in self.of(account) if not one.logging_out]
        for one in living:
            if one.is_claimed(claim):
                return one
        admitting = [one for one in living if one.admits(claim)]
        seq = claim.seq
        if seq is not None:
            for one in admitting:
                if one.log.knows(seq):
                    return one
        for one in admitting:
            if not one.clients or self._commons.sharing:
                return one
        return None

    def take(self, session: SharedSession) -> SharedSession:
        """Let a client in to a session that was found for it; without sharing others must go."""
        if not self._commons.sharing:
            for loser in list(session.clients):
                loser.taken_over()
        return session

    def open(self, account: AccountKey, principal: Principal = ANYBODY) -> SharedSession:
        """Make a new session, not logged in.

        :param principal: whose it counts as until it is released, whoever is attached later.
        :raises webctp.ctp.refusal.Refusal: beyond ``MaxSessions``, or the principal's own limit.
        """
        refusal = sessions_refusal(principal)
        if refusal is not None:
            raise refusal
        if sum(map(len, self._sessions.values())) + len(self._closing) >= self._max_sessions:
            raise Refusal(
                errors.TOO_MANY,
                Limited.of(
                    english(
                        "MaxSessions {most} are open; log out elsewhere and try again",
                        most=self._max_sessions,
                    ),
                    limit=self._max_sessions,
                ),
            )
        session = SharedSession(self._commons, self._open_session, account, self.close)
        self._sessions.setdefault(account, []).append(session)
        if principal.usage is not None:
            principal.usage.sessions += 1
            self._openers[session] = principal.usage
        return session

    def close(self, session: SharedSession, reason: Text) -> None:
        """End a session and release its API."""
        account = session.session.account
        living = self._sessions.get(account, [])
        is_first = session in living
        if is_first:
            living.remove(session)
        if not living:
            self._sessions.pop(account, None)
        closing = session.session.close(reason)
        self._closing.add(closing)
        if is_first:
            closing.addCallback(lambda _: self._forget(session))
        closing.addCallback(lambda _: self._closing.discard(closing))
        opener = self._openers.pop(session, None)
        if opener is not None:
            closing.addCallback(lambda _: opener.released())

    def _forget(self, session: SharedSession) -> None:
        """Free what a session has kept of its day: cycles hold the rest of it for a while."""
        session.day.forget()
        session.log.forget()
        session.session.forget()
        self.released += 1

    def close_all(self, reason: Text) -> Deferred[Any]:
        """End every session; fires when all are released."""
        for session in self:
            session.close(reason)
        return DeferredList(list(self._closing))
