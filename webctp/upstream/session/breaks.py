"""Why a front cannot be had: breaks and attempts in vain, counted and explained.

The library tells of each by ``OnFrontDisconnected`` with a reason code, once a second. Where nobody
listens at the address, 6.7.11 tells nothing at all.
"""

from typing import Final

_WRONG_PORT: Final = "wrong port, too many connections from this address, or a front not open"
HINTS: Final = {
    0x1001: f"the front closes the connection: {_WRONG_PORT}, or another version of CTP "
    "(ProductionMode)",
    0x1002: f"nothing can be sent on the connection: {_WRONG_PORT}",
    0x2001: "nothing has come for too long: the front or the network is stuck",
    0x2002: "the front does not take heartbeats: the front or the network is stuck",
    0x2003: "what answers speaks no CTP that this version understands: is the port right, and "
    "ProductionMode?",
}
"""What a reason code of ``OnFrontDisconnected`` may mean where no connection comes about."""
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

    def broken(self, code: int, *, ready: bool) -> str:
        """Note a connection that broke, and give the reason.

        :param ready: whether it served; else it broke on the way to a login.
        """
        told = f"front disconnected (0x{code:04X})"
        if ready:
            return told
        self._breaks += 1
        if self._breaks == 1:
            return told
        return f"{told}, {self._breaks} times in a row before a login; {_hint(code)}"

    def __str__(self) -> str:
        """What is to be added to the reason; empty while attempts are not in vain."""
        if not self.attempts:
            return ""
        times = "an attempt" if self.attempts == 1 else f"{self.attempts} attempts"
        return f"{times} to connect in vain, last 0x{self._code:04X}; {_hint(self._code)}"


def _hint(code: int) -> str:
    return HINTS.get(code, "the code is not known")
