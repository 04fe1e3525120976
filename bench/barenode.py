"""A CTP node with the least that could publish, which nobody could follow: the ceiling.

As :mod:`bench.daemon`. Ticks are joined to one message as a publisher's are, behind a
header that is always the same, and sent by one call of the system: no numbers, no partitions,
nothing kept, no timer, and no look at whether Redis has taken it.
"""

import socket
import sys
from collections.abc import Sequence
from typing import Any

from bench.daemon import main
from webctp.bus.publisher import ENOUGH
from webctp.bus.redis.line import Unanswered
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

    def ticks(self, ticks: Sequence[bytes], received: int) -> None:
        """Of a relay."""
        self._waiting += ticks
        if len(self._waiting) > ENOUGH:
            parts: list[bytes] = []
            self._publish.put(parts, sum(map(len, self._waiting)), self._waiting)
            self._line.sendall(b"".join(parts))
            self._waiting = [_HEADER]

    def status_changed(self) -> None:
        """Of a relay."""


def _publish(daemon: Daemon) -> None:
    services: Any = daemon.services
    bus: Any = load(sys.argv[1]).bus
    services.md.hub.relay = Bare(bus.url.removeprefix("redis+unix://"))


if __name__ == "__main__":
    main(*sys.argv[1:5], change=_publish)
