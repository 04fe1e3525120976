"""Who is calling, and what the caller may do."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Scope(StrEnum):
    """A part of the API that a principal may be given."""

    MARKET = "md"
    READ = "td-read"
    TRADE = "td-trade"
    ACCOUNT = "td-account"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Arrival:
    """A request for a WebSocket: its path, its headers by lower-case name, its sender's address."""

    path: str
    headers: Mapping[str, str]
    address: str


@dataclass(frozen=True, slots=True)
class Principal:
    """A caller, as far as the gateway knows: a name for people, and the scopes it was given."""

    name: str
    scopes: frozenset[Scope]


ANYBODY: Final = Principal("", frozenset(Scope) - {Scope.ADMIN})
"""Whoever reaches a gateway on which nobody has to say who is calling."""

Authenticator = Callable[[Arrival], Principal]
"""Finds out who asks for a WebSocket.

:raises webctp.ctp.refusal.Refusal: if the caller may not have one.
"""


def let_anybody_in(_: Arrival) -> Principal:
    """Authenticate nobody: the front asks for a password anyway."""
    return ANYBODY
