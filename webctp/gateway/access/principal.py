"""Who is calling, and what the caller may do."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

import msgspec

from webctp.gateway.access.usage import Usage
from webctp.language.text import english


class Scope(StrEnum):
    """A part of the API that a principal may be given."""

    MARKET = "md"
    READ = "td-read"
    TRADE = "td-trade"
    ACCOUNT = "td-account"
    ADMIN = "admin"


_LEAST: Final = {"message_bytes": 4096, "nesting": 4, "held_bytes": 64 * 1024}
"""Below these no cancellation could be sent, and no long answer."""


class PrincipalLimits(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """How much all connections of a principal together may take; 0 sets no bound."""

    connections: int = 0
    requests: int = 0
    """Messages a second."""
    orders: int = 0
    """Inserts a second; cancellations are not counted."""
    subscriptions: int = 0
    """Instruments and patterns at one time."""
    sessions: int = 0
    """Sessions with a front (native APIs) at one time."""
    in_flight: int = 0
    """Queries that wait for their answers."""
    message_bytes: int = 0
    """Bytes of a message."""
    nesting: int = 0
    """Levels of objects and lists in a message, which is one itself."""
    login_seconds: int = 0
    """Seconds that a connection may stay without a login."""
    held_bytes: int = 0
    """Bytes of answers, orders and trades that may wait for a connection that does not read."""

    def __post_init__(self) -> None:
        """Refuse what is no limit.

        :raises ValueError: naming it.
        """
        for name, value in msgspec.structs.asdict(self).items():
            if value < 0:
                told = english(
                    "the limit {name} is {value}; 0 sets no bound", name=name, value=value
                )
                raise ValueError(told)
            least = _LEAST.get(name, 0)
            if 0 < value < least:
                told = english(
                    "the limit {name} is {value}; it is {least} at least, or 0 for no bound",
                    name=name,
                    value=value,
                    least=least,
                )
                raise ValueError(told)


NO_LIMITS: Final = PrincipalLimits()


@dataclass(frozen=True, slots=True)
class Arrival:
    """A request for a WebSocket, or for a ticket to one.

    ``headers`` are by lower-case name. ``address`` is the sender's as clients are counted (of IPv6
    a /64), ``host`` the sender's in full. ``subject`` is the common name of the certificate that
    the client has shown and a CA of ``TLS.ClientCAFile`` has signed; empty where there is none.
    """

    path: str
    headers: Mapping[str, str] = field(repr=False)
    address: str
    host: str = ""
    query: str = field(default="", repr=False)
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Principal:
    """A caller, as far as the gateway knows.

    ``name`` is for people. ``accounts`` and ``instruments`` are patterns; without any, all may be
    logged in to, subscribed to and traded. ``usage`` is None where nothing is counted.
    """

    name: str
    scopes: frozenset[Scope]
    accounts: tuple[str, ...] = ()
    instruments: tuple[str, ...] = ()
    limits: PrincipalLimits = NO_LIMITS
    usage: Usage | None = field(default=None, compare=False, repr=False)


ANYBODY: Final = Principal("", frozenset(Scope) - {Scope.ADMIN})
"""Whoever reaches a gateway on which nobody has to say who is calling."""

Authenticator = Callable[[Arrival], Principal]
"""Finds out who asks for a WebSocket.

:raises webctp.ctp.refusal.Refusal: if the caller may not have one.
"""


PrincipalOf = Callable[[str], Principal | None]
"""Gives who is called by a name, as far as that may do something now; None for nobody."""


def anybody_called(name: str) -> Principal:
    """Return a principal of a gateway on which nobody has to say who is calling."""
    return Principal(name, ANYBODY.scopes)


def let_anybody_in(arrival: Arrival) -> Principal:
    """Authenticate nobody: the front asks for a password anyway.

    Who has shown a certificate is called by its name.
    """
    return ANYBODY if not arrival.subject else anybody_called(arrival.subject)
