"""What a conversation with the gateway tells whoever carries it on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from webctp_client.errors import WebctpError
from webctp_client.made import structs
from webctp_client.protocol.messages import Unreadable


@dataclass(frozen=True)
class LoggedIn:
    """The connection is ready. ``is_resumed``: nothing that was pushed meanwhile is missing."""

    body: structs.RspUserLogin | None
    is_resumed: bool
    is_first: bool


@dataclass(frozen=True)
class LoginFailed:
    """The login was refused; ``is_final``: it is not to be tried again as it is."""

    error: WebctpError
    is_final: bool


@dataclass(frozen=True)
class Gap:
    """Pushes are missing that cannot be had again; the mirrors are healed by queries."""

    service: str
    reason: str


@dataclass(frozen=True)
class Answered:
    """A request has ended well, with its rows."""

    request_id: int
    rows: Sequence[Any]


@dataclass(frozen=True)
class Failed:
    """A request has ended with an error."""

    request_id: int
    error: WebctpError


@dataclass(frozen=True)
class Strange:
    """A message could not be read; ``problem`` says why."""

    problem: Unreadable
