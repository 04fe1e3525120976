"""Why a front cannot be had: breaks and attempts in vain, counted and explained.

The library tells of each by ``OnFrontDisconnected`` with a reason code, once a second. Where nobody
listens at the address, 6.7.11 tells nothing at all.
"""

from collections.abc import Mapping
from typing import Final

from webctp.language.text import NOTHING, Text, english

HINTS: Final[Mapping[int, Text]] = {
    0x1001: english(
        "the front closes the connection: wrong port, too many connections from this address, or a "
        "front not open, or another version of CTP (ProductionMode)"
    ),
    0x1002: english(
        "nothing can be sent on the connection: wrong port, too many connections from this "
        "address, or a front not open"
    ),
    0x2001: english("nothing has come for too long: the front or the network is stuck"),
    0x2002: english("the front does not take heartbeats: the front or the network is stuck"),
    0x2003: english(
        "what answers speaks no CTP that this version understands: is the port right, and "
        "ProductionMode?"
    ),
}
"""What a reason code of ``OnFrontDisconnected`` may mean where no connection comes about."""
SPENT_LINE: Final = english(
    "the front has refused the operator's password, and would take no reports of clients on this "
    "connection; connecting anew"
)
"""Why a connection is made anew although it has not broken."""
SILENT: Final = english(
    "nothing was heard of the front: is the address right, the front open, and no firewall "
    "between? python -m webctp doctor looks"
)
"""Why no connection comes about where the library tells of no attempt."""
UNKNOWN: Final = english("the code is not known")
TOLD_AFTER: Final = 3
"""Attempts in vain before the first connection after which they are told without being asked."""


class Breaks:
    """What has gone wrong since the front was last there, or last let a login through."""

    def __init__(self) -> None:
        self.attempts = 0
        """Attempts to connect in vain, since the last connection."""
        self._breaks = 0
        self._code = 0

    def attempt(self, code: int) -> None:
        """Note a connection that did not come about."""
        self.attempts += 1
        self._code = code

    def connected(self) -> int:
        """Note that the front is there; gives the attempts in vain before."""
        tried, self.attempts = self.attempts, 0
        return tried

    def ready(self) -> None:
        """Note that a login went through: what comes is another story."""
        self._breaks = 0

    def broken(self, code: int, *, ready: bool) -> Text:
        """Note a connection that broke, and give the reason.

        :param ready: whether it served; else it broke on the way to a login.
        """
        told = english("front disconnected (0x{code:04X})", code=code)
        if ready:
            return told
        self._breaks += 1
        if self._breaks == 1:
            return told
        return english(
            "{told}, {count} times in a row before a login; {hint}",
            told=told,
            count=self._breaks,
            hint=_hint(code),
        )

    def in_vain(self) -> Text:
        """Return what is to be added to the reason; nothing while attempts are not in vain."""
        if not self.attempts:
            return NOTHING
        code, hint = self._code, _hint(self._code)
        if self.attempts == 1:
            return english(
                "an attempt to connect in vain, last 0x{code:04X}; {hint}", code=code, hint=hint
            )
        return english(
            "{count} attempts to connect in vain, last 0x{code:04X}; {hint}",
            count=self.attempts,
            code=code,
            hint=hint,
        )


def _hint(code: int) -> Text:
    return HINTS.get(code, UNKNOWN)
