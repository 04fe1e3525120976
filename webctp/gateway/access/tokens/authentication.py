"""Who shows which token: finds the principal, and ends those whose token is valid no longer."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from msgspec.structs import asdict
from twisted.internet.interfaces import IDelayedCall, IReactorTime
from twisted.logger import Logger

from webctp.clock import Wall
from webctp.ctp import errors
from webctp.ctp.refusal import Limited, Refusal
from webctp.gateway.access.principal import Arrival, Principal
from webctp.gateway.access.tokens.presented import Presented, Way, presented
from webctp.gateway.access.tokens.record import Token, hash_of, utc
from webctp.gateway.access.tokens.tickets import LIFETIME, Tickets
from webctp.gateway.access.tokens.wrong import WrongTokens
from webctp.gateway.access.usage import Usage
from webctp.language.text import Text, english
from webctp.metrics import Kind, Metric, Sample
from webctp.secret import Secret

_log = Logger()

NO_LONGER_VALID: Final = 4401
"""The close code of a connection whose token was revoked, replaced, or has expired."""
RIGHTS_CHANGED: Final = 4409
"""The close code of a connection whose token has other rights now: connect again."""

MOMENT: Final = "%Y-%m-%dT%H:%M:%SZ"

_LONGEST_SLEEP: Final = 60.0
"""Seconds until the ends of tokens are looked at again: the wall clock may be set meanwhile."""

REFUSED: Final = Metric(
    "webctp_access_wrong_tokens_total",
    Kind.COUNTER,
    "Wrong, revoked and expired tokens that were shown.",
    "收到的错误、已吊销或已过期的令牌数。",
)
TOKENS: Final = Metric(
    "webctp_access_tokens",
    Kind.GAUGE,
    "Entries of the token file that are in force.",
    "生效中的令牌数。",
)
CONNECTIONS: Final = Metric(
    "webctp_access_connections",
    Kind.GAUGE,
    "Open WebSockets of a token.",
    "各令牌打开的 WebSocket 数。",
    ("principal",),
)


class WrongToken(Refusal):
    """A token that is not taken; its answer is held back for ``delay`` seconds."""

    def __init__(self, detail: Text, delay: float) -> None:
        super().__init__(errors.NOT_LOGGED_IN, detail)
        self.delay = delay


@dataclass(frozen=True, slots=True)
class _Entry:
    token: Token
    principal: Principal
    usage: Usage


_UNKNOWN: Final = english("the token is wrong or was revoked; python -m webctp token add makes one")
_EXPIRED: Final = english("the token has expired; python -m webctp token rotate gives another")


class TokenAuthentication:
    """Finds out who is calling, by the tokens of a file. Runs in the reactor's thread.

    Every token that is shown is hashed and looked up by its hash, right or wrong: the time that
    takes tells nothing of the tokens there are.

    :param wall: the time of day, by which tokens expire.
    :param in_query: ``Access.TokenInQuery``.
    """

    def __init__(
        self, clock: IReactorTime, wall: Wall, tokens: Iterable[Token], *, in_query: bool = False
    ) -> None:
        self.wrong = WrongTokens(clock)
        self._clock = clock
        self._wall = wall
        self._in_query = in_query
        self._tickets = Tickets(clock)
        self._tokens: tuple[Token, ...] = ()
        self._revoked: set[str] = set()
        self._by_hash: dict[str, _Entry] = {}
        self._by_name: dict[str, _Entry] = {}
        self._look: IDelayedCall | None = None
        self.take(tokens)

    def take(self, tokens: Iterable[Token]) -> None:
        """Put these tokens in force, in place of those before.

        Connections whose token is gone or replaced are closed with :data:`NO_LONGER_VALID`, those
        whose rights are others with :data:`RIGHTS_CHANGED`; nobody else notices.
        """
        before = self._by_name
        self._tokens = tuple(tokens)
        standing = [one for one in self._tokens if one.sha256 not in self._revoked]
        self._by_name = {one.name: self._entry(one, before.get(one.name)) for one in standing}
        self._by_hash = {
            one.token.sha256: one for one in self._by_name.values() if one.token.sha256
        }
        for name, old in before.items():
            new = self._by_name.get(name)
            if new is None or new.token.sha256 != old.token.sha256:
                self._tickets.revoke(name)
                self._end(old, NO_LONGER_VALID, english("the token was revoked or replaced"))
            elif new.token != old.token:
                reason = english("the token's rights have changed: connect again")
                self._end(old, RIGHTS_CHANGED, reason)
        self._expire()

    def revoke(self, hashes: Iterable[str], restored: Iterable[str] = ()) -> tuple[str, ...]:
        """Take tokens no more, by their hashes, whatever the file says from now on.

        :param restored: those that are taken again, if the file has them.
        :returns: the names of those that were in force.
        """
        before = len(self._revoked)
        self._revoked.difference_update(restored)
        is_restored = len(self._revoked) < before
        self._revoked.update(hashes)
        ended = [one.name for one in self._by_hash_of(self._revoked)]
        if ended or is_restored:
            self.take(self._tokens)
        return tuple(ended)

    def _by_hash_of(self, hashes: Iterable[str]) -> Iterator[Token]:
        return (self._by_hash[one].token for one in hashes if one in self._by_hash)

    def close(self) -> None:
        """Stop the timer."""
        if self._look is not None and self._look.active():
            self._look.cancel()
        self._look = None

    def authenticate(self, arrival: Arrival) -> Principal:
        """See :data:`~webctp.gateway.access.principal.Authenticator`.

        :raises WrongToken: for a token that is not known, or no longer.
        :raises webctp.ctp.refusal.Refusal: -401 without a token, -400 for one that is shown in a
            wrong way, -403 from a network that is not the token's, -429 beyond its connections.
        """
        shown = presented(arrival, in_query=self._in_query)
        entry = self._found(arrival, shown)
        principal, usage = entry.principal, entry.usage
        most = principal.limits.connections
        if most and len(usage) >= most:
            raise Refusal(
                errors.TOO_MANY,
                Limited.of(
                    english(
                        "{most} connections of {name} are open, its token's limit; close one",
                        most=most,
                        name=principal.name,
                    ),
                    limit=most,
                ),
            )
        usage.seen = self._wall()
        return principal

    def ticket(self, arrival: Arrival) -> Secret:
        """Make a ticket for whoever shows a token in a header.

        :raises webctp.ctp.refusal.Refusal: as :meth:`authenticate`; a ticket buys no ticket.
        """
        shown = presented(arrival, in_query=False)
        if shown is not None and shown.way is not Way.HEADER:
            raise Refusal(
                errors.BAD_REQUEST,
                english("a ticket is given for 'Authorization: Bearer TOKEN'"),
            )
        return self._tickets.make(self._found(arrival, shown).principal.name)

    def uses(self) -> dict[str, datetime]:
        """Return when each token was last let in, by its name; none for those that never were."""
        return {
            name: utc(one.usage.seen)
            for name, one in self._by_name.items()
            if one.usage.seen is not None
        }

    def principal(self, name: str) -> Principal | None:
        """Return who has a token of this name; None where there is none, or it has expired."""
        entry = self._by_name.get(name)
        if entry is None or entry.token.has_expired(self._wall()):
            return None
        return entry.principal

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all entries."""
        return tuple(self._by_name)

    def status(self) -> dict[str, Any]:
        """Return for ``/readyz``: how many tokens there are, how many wrong ones were shown."""
        return {"tokens": len(self._by_name), "wrong": self.wrong.total}

    def standing(self) -> list[dict[str, Any]]:
        """Return for administrators what is in use of each token; no secret, nor its hash."""
        return [
            {
                "name": name,
                "scopes": list(map(str, entry.token.scopes)),
                "connections": len(entry.usage),
                "sessions": entry.usage.sessions,
                "subscriptions": entry.usage.subscriptions,
                "limits": asdict(entry.token.limits),
                "seen": "" if entry.usage.seen is None else f"{utc(entry.usage.seen):{MOMENT}}",
                "expires": "" if entry.token.expires is None else f"{entry.token.expires:{MOMENT}}",
            }
            for name, entry in self._by_name.items()
        ]

    def samples(self) -> Iterator[Sample]:
        """See :class:`webctp.metrics.Source`."""
        yield REFUSED.sample(self.wrong.total)
        yield TOKENS.sample(len(self._by_name))
        for name, entry in self._by_name.items():
            yield CONNECTIONS.sample(len(entry.usage), name)

    def _entry(self, token: Token, before: _Entry | None) -> _Entry:
        if before is not None and before.token == token:
            return before
        limits = token.limits
        # What is open by the old rights counts until it is closed.
        usage = Usage(self._clock, token.name) if before is None else before.usage
        usage.limit(requests=limits.requests, orders=limits.orders)
        principal = Principal(
            token.name,
            frozenset(token.scopes),
            token.accounts,
            token.instruments,
            limits,
            usage,
        )
        return _Entry(token, principal, usage)

    def _found(self, arrival: Arrival, shown: Presented | None) -> _Entry:
        """Return the entry that a request belongs to, by its token, its ticket or its certificate.

        A ticket is as good as its token: it is neither given nor taken from another network.

        :raises WrongToken: for one that there is not, or no longer.
        """
        if shown is None:
            entry = self._by_name.get(arrival.subject) if arrival.subject else None
            if entry is None:
                raise Refusal(errors.NOT_LOGGED_IN, _missing(arrival))
        elif shown.way is Way.TICKET:
            name = self._tickets.use(shown.secret)
            entry = None if name is None else self._by_name.get(name)
            if entry is None:
                raise self._wrong(
                    arrival,
                    english(
                        "the ticket is wrong, was used, or is older than {seconds:g} s",
                        seconds=LIFETIME,
                    ),
                )
        else:
            entry = self._by_hash.get(hash_of(shown.secret))
            if entry is None:
                raise self._wrong(arrival, _UNKNOWN)
        if entry.token.has_expired(self._wall()):
            raise self._wrong(arrival, _EXPIRED)
        if not entry.token.admits(arrival.host or arrival.address):
            raise Refusal(
                errors.FORBIDDEN,
                english("the token may not be used from this address (its networks)"),
            )
        return entry

    def _wrong(self, arrival: Arrival, detail: Text) -> WrongToken:
        return WrongToken(detail, self.wrong.count(arrival.address, detail))

    def _end(self, entry: _Entry, code: int, reason: Text) -> None:
        if len(entry.usage):
            _log.info(
                "closing {count} connections of {name}: {reason}",
                count=len(entry.usage),
                name=entry.token.name,
                reason=reason,
                principal=entry.token.name,
            )
        entry.usage.close(code, reason)

    def _expire(self) -> None:
        """End the connections of tokens that have expired, and wait for the next to do so."""
        self.close()
        now = self._wall()
        ends = []
        for entry in self._by_name.values():
            if entry.token.expires is None:
                continue
            if entry.token.has_expired(now):
                self._end(entry, NO_LONGER_VALID, english("the token has expired"))
            else:
                ends.append(entry.token.expires.timestamp())
        if ends:
            wait = min(max(min(ends) - now, 0.0) + 0.001, _LONGEST_SLEEP)
            self._look = self._clock.callLater(wait, self._expire)


def _missing(arrival: Arrival) -> Text:
    if arrival.subject:
        return english(
            "no token is called {name!a}, as the client's certificate is; "
            "python -m webctp token add --certificate makes an entry",
            name=arrival.subject[:64],
        )
    return english("a token is needed: send 'Authorization: Bearer TOKEN'")
