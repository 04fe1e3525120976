"""A CTP node that writes into each tick when its hub hands it to the bus, and when that writes it.

As :mod:`bench.daemon`; an edge of :mod:`bench.edge` says how long ago that was. The stamps, which
stand in Turnover and AveragePrice, are ``time.monotonic()``: all processes of a machine share it.
"""

import struct
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
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
    publisher = services.md.hub.relay
    _stamp_writing(publisher._batches)
    services.md.hub.relay = Stamping(publisher)


def _stamp_writing(batches: Any) -> None:
    """Stamp ticks once more as they are taken to be written."""
    take, at = batches.take, tick_layout().by_name["AveragePrice"].offset
    behind = at + _STAMP.size

    def stamped(received: int) -> Iterator[Any]:
        for batch in take(received):
            now = _STAMP.pack(time.monotonic())
            header, *ticks = batch.pieces
            ticks = [one[:at] + now + one[behind:] for one in ticks]
            yield batch._replace(pieces=[header, *ticks])

    batches.take = stamped


if __name__ == "__main__":
    main(*sys.argv[1:5], change=_stamp)
