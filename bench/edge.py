"""An edge under load: the shipped daemon, with its port in a JSON line.

``python -m bench.edge CONFIG``. A line with ``figures`` on its standard input is answered with the
bytes that the bus has brought, any other with how long the ticks since the last one have taken,
from where they were stamped to its hub. It ends with its standard input.
"""

import json
import struct
import sys
import threading
import time
from array import array
from collections.abc import Sequence
from typing import Any

from twisted.internet import reactor as installed

from bench.hops import quantiles
from bench.lines import say
from bench.structs import tick_layout
from webctp.config import load
from webctp.daemon import Daemon
from webctp.upstream.session.login import LoginState

reactor: Any = installed
_STAMP = struct.Struct("<d")


class Delays:
    """Notes how old ticks are when they come to a hub, and where they have been: all of a frame.

    :param feed: whose connection they come over.
    :param hub: whose ``on_ticks`` is put behind this.
    """

    def __init__(self, feed: Any, hub: Any) -> None:
        self._on_ticks = hub.on_ticks
        layout = tick_layout()
        self._at = layout.by_name["Turnover"].offset
        self._written_at = layout.by_name["AveragePrice"].offset
        self._noted: dict[str, array[float]] = {}
        self._read = 0.0
        line = feed._listener_line
        self._received = line.dataReceived
        line.dataReceived = self._receive
        hub.on_ticks = self._note

    def _receive(self, data: bytes) -> None:
        self._read = time.monotonic()
        self._received(data)

    def _note(self, feed: Any, ticks: Sequence[bytes], received: int = 0) -> None:
        now, read, at, written_at = time.monotonic(), self._read, self._at, self._written_at
        for one in ticks:
            (began,) = _STAMP.unpack_from(one, at)
            (written,) = _STAMP.unpack_from(one, written_at)
            self._put(all=now - began, node=written - began, redis=read - written, edge=now - read)
        self._on_ticks(feed, ticks, received)

    def _put(self, **delays: float) -> None:
        for name, delay in delays.items():
            self._noted.setdefault(name, array("d")).append(delay)

    def tell(self) -> None:
        """Say how many there were, and how old: in all, and of that at each hop."""
        noted, self._noted = self._noted, {}
        say(**{name: quantiles(delays) for name, delays in noted.items()})


def main(config_path: str) -> None:
    """Run until the standard input ends."""
    daemon = Daemon(reactor, load(config_path))
    reactor.callWhenRunning(daemon.startService)
    reactor.callWhenRunning(_announce, daemon)
    reactor.run(installSignalHandlers=False)


def _announce(daemon: Daemon) -> None:
    """Say the port once ticks would come."""
    services: Any = daemon.services
    if daemon.ports and services.md.feeds.state is LoginState.READY:
        where: Any = daemon.ports[0].getHost()
        say(port=where.port)
        threading.Thread(target=_listen, args=(services.md,), daemon=True).start()
    else:
        reactor.callLater(0.01, _announce, daemon)


def _listen(market: Any) -> None:
    (feed,) = market.hub.feeds
    delays = None
    for line in sys.stdin:
        if "figures" in json.loads(line):
            reactor.callFromThread(lambda: say(bytes=feed._figures._bytes))
            continue
        # From the first such line on: noting delays costs what is measured otherwise.
        if delays is None:
            delays = Delays(feed, market.hub)
        reactor.callFromThread(delays.tell)
    reactor.callFromThread(reactor.stop)


if __name__ == "__main__":
    main(*sys.argv[1:])
