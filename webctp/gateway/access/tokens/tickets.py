"""Tickets: what a page shows in the address instead of a token, once and within seconds.

An address ends in logs and histories. A ticket that was used, or is 30 seconds old, is worth
nothing there.
"""

import hashlib
import secrets
from collections import Counter
from typing import Final

from twisted.internet.interfaces import IReactorTime

from webctp.ctp import errors
from webctp.ctp.refusal import Limited, Refusal
from webctp.language.text import english
from webctp.secret import Secret

LIFETIME: Final = 30.0
"""Seconds from its making until a ticket is worth nothing."""
MOST: Final = 4096
"""Tickets that wait to be used."""
MOST_OF_ONE: Final = 64
"""Those of one principal."""

_BYTES: Final = 32


class Tickets:
    """Hold the tickets that were made and not used. Runs in the reactor's thread."""

    def __init__(self, clock: IReactorTime) -> None:
        self._clock = clock
        self._waiting: dict[bytes, tuple[str, float]] = {}
        """By hash: whose it is, and until when; in the order of their ends."""
        self._counts: Counter[str] = Counter()

    def _until_one_ends(self, name: str) -> float:
        """Return the seconds until the oldest ticket that stands in the way is of no use."""
        ends = [end for whose, end in self._waiting.values() if whose == name]
        if len(ends) < MOST_OF_ONE:  # those of all together stand in the way
            ends = [end for _, end in self._waiting.values()]
        return min(ends) - self._clock.seconds()

    def make(self, name: str) -> Secret:
        """Return a new ticket of the principal ``name``.

        :raises webctp.ctp.refusal.Refusal: if too many wait to be used.
        """
        self._forget_old()
        if self._counts[name] >= MOST_OF_ONE or len(self._waiting) >= MOST:
            raise Refusal(
                errors.TOO_MANY,
                Limited.of(
                    english(
                        "{most} tickets wait to be used; use them, or wait {seconds:g} s",
                        most=MOST_OF_ONE,
                        seconds=LIFETIME,
                    ),
                    limit=MOST_OF_ONE,
                    retry_after=self._until_one_ends(name),
                ),
            )
        ticket = Secret(secrets.token_urlsafe(_BYTES))
        self._waiting[_hash(ticket)] = name, self._clock.seconds() + LIFETIME
        self._counts[name] += 1
        return ticket

    def use(self, ticket: Secret) -> str | None:
        """Return whose a ticket is, and take it; None for one that is unknown, used or old."""
        self._forget_old()
        found = self._waiting.pop(_hash(ticket), None)
        if found is None:
            return None
        self._count_down(found[0])
        return found[0]

    def revoke(self, name: str) -> None:
        """Take back the tickets of a principal whose token is gone or replaced."""
        for key in [key for key, (whose, _) in self._waiting.items() if whose == name]:
            del self._waiting[key]
        self._counts.pop(name, None)

    def _forget_old(self) -> None:
        now = self._clock.seconds()
        while self._waiting:
            key = next(iter(self._waiting))
            name, end = self._waiting[key]
            if end > now:
                return
            del self._waiting[key]
            self._count_down(name)

    def _count_down(self, name: str) -> None:
        self._counts[name] -= 1
        if not self._counts[name]:
            del self._counts[name]


def _hash(ticket: Secret) -> bytes:
    return hashlib.sha256(ticket.reveal().encode("utf-8", "surrogatepass")).digest()
