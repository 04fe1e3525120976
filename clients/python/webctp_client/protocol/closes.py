"""What the gateway's close codes mean to a client: which of them end it, and what helps then."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_BREACH: Final = "look for a proxy between client and gateway that changes what they say"

REMEDIES: Final[Mapping[int, str]] = {
    1002: _BREACH,
    1003: _BREACH,
    1007: _BREACH,
    1009: "send or ask for less in one message, or raise MaxMessageBytes",
    4401: "show another token, which python -m webctp token add makes",
    4410: "an administrator did it: ask before you connect again",
}
"""Closes after which no other attempt is made: it would meet the same, or is not wanted."""

PATIENT: Final = frozenset((1008, 1013))
"""Closes of one that sends too fast or reads too slowly: each next attempt waits longer."""
