"""A client whose login is not answered yet, and the timers of a session."""

from dataclasses import dataclass

from twisted.internet.interfaces import IDelayedCall

from webctp.gateway.messages.schema import Request
from webctp.gateway.trading.attached import Attached


@dataclass(frozen=True, slots=True)
class Waiting:
    """A client whose login is not answered yet."""

    client: Attached
    request: Request
    deadline: IDelayedCall | None


def stop_timer(call: IDelayedCall | None) -> None:
    """Cancel a timer that has not gone off."""
    if call is not None and call.active():
        call.cancel()
