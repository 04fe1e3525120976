"""A CTP node with the least that could publish, which nobody could follow: the ceiling.

As :mod:`bench.daemon`. Ticks are joined to one message as often as a publisher's leave, behind a
header that is always the same, and sent by one call of the system: no numbers, no partitions,
nothing kept, no timer, and no look at whether Redis has taken it.
"""

import socket
import sys
import time
from collections.abc import Sequence
from typing import Any

from bench.daemon import main
from webctp.bus.publisher import PACE
from webctp.bus.redisline import Unanswered
from webctp.config import load
from webctp.daemon import Daemon

_HEADER = bytes(48)


class Bare:
    """A hub's relay that sends at its pace."""

    def __init__(self, path: str) -> None:
        self._line = socket.socket(socket.AF_UNIX)
        self._line.connect(path)
        self._publish = Unanswered(b"PUBLISH", b"bare")
        self._waiting: list[bytes] = [_HEADER]
        self._next = 0.0

    def ticks(self, ticks: Sequence[bytes], received: int) -> None:
        """Of a relay."""
        self._waiting += ticks
        now = time.monotonic()
        if now >= self._next:
            self._next = now + PACE
            self._line.sendall(b"".join(self._publish.parts(b"".join(self._waiting))))
            self._waiting = [_HEADER]

    def status_changed(self) -> None:
        """Of a relay."""


def _publish(daemon: Daemon) -> None:
    services: Any = daemon.services
    bus: Any = load(sys.argv[1]).bus
    services.md.hub.relay = Bare(bus.url.removeprefix("redis+unix://"))


if __name__ == "__main__":
    main(*sys.argv[1:5], change=_publish)
