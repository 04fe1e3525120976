"""How long ticks take, by hop: what a list of delays comes to, and the same path without a bus.

``python -m bench.hops ROLE IN OUT`` is one of the processes of a path that does nothing: a node
stamps the ticks that it reads and writes them on, a relay passes bytes on, an edge notes how old
they are. What is slow there is the machine. Each ends with its standard input; the edge answers
each line on it with the delays since the last.
"""

import os
import select
import struct
import sys
import time
from array import array
from collections.abc import Sequence

from bench.lines import say
from bench.structs import tick_layout

_STAMP = struct.Struct("<d")
_SHARES = {"p50": 0.5, "p90": 0.9, "p99": 0.99, "p999": 0.999, "max": 1.0}
_ROOM = 1 << 18


def quantiles(delays: Sequence[float]) -> dict[str, float]:
    """Return how many there are, and how long they are, in seconds."""
    noted = sorted(delays)
    found = {"ticks": float(len(noted))}
    if noted:
        last = len(noted) - 1
        found |= {name: noted[min(last, int(last * share))] for name, share in _SHARES.items()}
    return found


class _Path:
    """One process of the path."""

    def __init__(self, out: int) -> None:
        layout = tick_layout()
        self._size, self._at = layout.size, layout.by_name["Turnover"].offset
        self._out = out
        self._rest = b""
        self.noted: array[float] = array("d")

    def node(self, data: bytes) -> None:
        """Stamp whole ticks, and write them on."""
        ticks = self._ticks(data)
        at, behind, now = self._at, self._at + _STAMP.size, _STAMP.pack(time.monotonic())
        self._write(b"".join([one[:at] + now + one[behind:] for one in ticks]))

    def relay(self, data: bytes) -> None:
        """Write on what comes."""
        self._write(data)

    def edge(self, data: bytes) -> None:
        """Note how old whole ticks are."""
        now, at = time.monotonic(), self._at
        self.noted.extend([now - _STAMP.unpack_from(one, at)[0] for one in self._ticks(data)])

    def _write(self, data: bytes) -> None:
        while data:
            data = data[os.write(self._out, data) :]

    def _ticks(self, data: bytes) -> list[bytes]:
        data, size = self._rest + data, self._size
        whole = len(data) - len(data) % size
        self._rest = data[whole:]
        return [data[at : at + size] for at in range(0, whole, size)]


def main(role: str, come: str, out: str) -> None:
    """Pass on until the standard input ends."""
    path = _Path(int(out))
    take = {"node": path.node, "relay": path.relay, "edge": path.edge}[role]
    while True:
        for one in select.select([0, int(come)], [], [])[0]:
            if one:
                take(os.read(one, _ROOM))
            elif sys.stdin.readline():
                say(**quantiles(path.noted))
                path.noted = array("d")
            else:
                return


if __name__ == "__main__":
    main(*sys.argv[1:])
