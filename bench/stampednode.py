"""A CTP node that writes into each tick when its hub hands it to the bus.

As :mod:`bench.daemon`; an edge of :mod:`bench.edge` says how long ago that was. The stamp, which
stands in Turnover, is ``time.monotonic()``: all processes of a machine share it.
"""

import struct
import sys
import time
from collections.abc import Mapping, Sequence
from typing import Any

from bench.daemon import main
from bench.structs import tick_layout
from webctp.daemon import Daemon

_STAMP = struct.Struct("<d")


class Stamping:
    """A hub's relay before the real one."""

    def __init__(self, relay: Any) -> None:
        self._relay = relay
        self._at = tick_layout().by_name["Turnover"].offset

    def ticks(self, ticks: Sequence[bytes], received: int) -> None:
        """Stamp ticks, and pass them on."""
        at, behind = self._at, self._at + _STAMP.size
        now = _STAMP.pack(time.monotonic())
        self._relay.ticks([one[:at] + now + one[behind:] for one in ticks], received)

    def missed(self, missed: Mapping[bytes, int]) -> None:
        """Of a relay."""
        self._relay.missed(missed)

    def pushed(self, event: Any) -> None:
        """Of a relay."""
        self._relay.pushed(event)

    def status_changed(self) -> None:
        """Of a relay."""
        self._relay.status_changed()


def _stamp(daemon: Daemon) -> None:
    services: Any = daemon.services
    services.md.hub.relay = Stamping(services.md.hub.relay)


if __name__ == "__main__":
    main(*sys.argv[1:5], change=_stamp)
