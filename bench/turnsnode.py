"""A CTP node that publishes, does not, and does the least, in turns: what publishing costs it.

As :mod:`bench.daemon`, with a JSON line behind each turn: what it was, the seconds of CPU of the
process, and the ticks that came. Other work on the machine comes and goes more slowly than turns
do, so that it weighs on all of them alike. The least is what could be published, which nobody
could follow: ticks are joined to one message as a publisher's are, behind a header that is always
the same, and sent by one call of the system: no numbers, no partitions, nothing kept, no timer,
and no look at whether Redis has taken it.
"""

import socket
import sys
import time
from collections.abc import Mapping, Sequence
from itertools import cycle
from typing import Any, Final

from twisted.internet import reactor as installed

from bench.daemon import main
from bench.lines import say
from webctp.bus.publisher import ENOUGH
from webctp.bus.redis.line import Unanswered
from webctp.config import load
from webctp.ctp.bridge import CallbackEvent
from webctp.daemon import Daemon

reactor: Any = installed
TURN: Final = 0.5
"""Seconds of a turn: a beat of a publisher."""
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

    def missed(self, missed: Mapping[bytes, int]) -> None:
        """Of a relay."""

    def pushed(self, event: CallbackEvent) -> None:
        """Of a relay."""

    def status_changed(self) -> None:
        """Of a relay."""


class Turns:
    """Gives a hub one relay after another."""

    def __init__(self, daemon: Daemon) -> None:
        services: Any = daemon.services
        self._hub = services.md.hub
        bus: Any = load(sys.argv[1]).bus
        bare = Bare(bus.url.removeprefix("redis+unix://"))
        self._turns = cycle((("alone", None), ("publishes", self._hub.relay), ("least", bare)))
        self._name = ""
        self._cpu = 0.0
        self._ticks = 0
        self._turn()

    def _turn(self) -> None:
        cpu, ticks = time.process_time(), self._hub.feeds.ticks[0]
        if self._name:
            say(turn=self._name, cpu=cpu - self._cpu, ticks=ticks - self._ticks)
        self._name, self._hub.relay = next(self._turns)
        self._cpu, self._ticks = time.process_time(), ticks
        reactor.callLater(TURN, self._turn)


if __name__ == "__main__":
    main(*sys.argv[1:5], change=lambda daemon: reactor.callLater(TURN, Turns, daemon))
