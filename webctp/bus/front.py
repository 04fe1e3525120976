"""What stands behind an edge's addresses: publishers on the bus, and the time at their fronts."""

import time
from collections.abc import Callable, Collection, Sequence
from typing import Any

from webctp.bus.notes import State
from webctp.config.bus import BusConfig
from webctp.ctp.binding import Binding
from webctp.secret import Secret


class BusFront:
    """A front that no API is made of: its market data comes over the bus.

    Its time is that of the publisher's front, as it was last told.
    """

    def __init__(self, binding: Binding, settings: BusConfig, password: Secret) -> None:
        self.binding = binding
        self.settings = settings
        self.password = password
        self.on_revoked: Callable[[Collection[str], Collection[str]], object] = lambda *_: None
        """Called with the hashes of tokens that a publisher has revoked, and has restored."""
        self._told = (0, 0, 1.0)
        """The front's time, ours when it was told, and how fast it goes."""

    @property
    def speed(self) -> float:
        """Return how fast the publisher's front goes."""
        return self._told[2]

    def clock(self) -> int:
        """Return the time at the publisher's front, in nanoseconds since 1970."""
        there, here, speed = self._told
        if not here:
            return time.time_ns()
        return there + int((time.monotonic_ns() - here) * speed)

    def revoked(self, hashes: Collection[str], restored: Collection[str]) -> None:
        """Pass on which tokens a publisher has revoked, and has restored."""
        self.on_revoked(hashes, restored)

    def tells_time(self, state: State) -> None:
        """Take the time at the publisher's front."""
        self._told = (state.time, time.monotonic_ns(), state.speed)

    def instruments(self) -> Sequence[str]:
        """Return nothing: publishers tell what they know."""
        return ()

    def create_trader(self, flow_path: str, production_mode: bool) -> Any:
        """Refuse: orders never go through the bus; the configuration does not let it come here."""
        raise NotImplementedError("no orders go through the bus")

    def create_market(self, flow_path: str, production_mode: bool) -> Any:
        """Refuse: a bus brings ticks without an API."""
        raise NotImplementedError("the bus brings ticks without an API")
