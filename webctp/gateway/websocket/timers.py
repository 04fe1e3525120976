"""Autobahn's timers on a reactor of our choice."""

from collections.abc import Callable
from typing import Any

from twisted.internet.interfaces import IDelayedCall, IReactorTime


class Timer:
    """Hold a delayed call; cancelling it late does no harm, as Autobahn expects."""

    def __init__(self, call: IDelayedCall) -> None:
        self._call = call

    def cancel(self) -> None:
        """Cancel the call if it has not run yet."""
        if self._call.active():
            self._call.cancel()


class Timers:
    """Autobahn's timers on a reactor of our choice."""

    def __init__(self, clock: IReactorTime) -> None:
        self._clock = clock

    def call_later(self, delay: float, function: Callable[..., Any], *args: Any) -> Timer:
        """Call ``function`` after ``delay`` seconds."""
        return Timer(self._clock.callLater(delay, function, *args))
