"""An edge under load: the shipped daemon, with its port in a JSON line.

``python -m bench.edge CONFIG``. Each line on its standard input is answered with how long the
ticks since the last one have taken, from where they were stamped to its hub. It ends with its
standard input.
"""

import struct
import sys
import threading
import time
from array import array
from collections.abc import Sequence
from typing import Any

from twisted.internet import reactor as installed

from bench.lines import say
from bench.structs import tick_layout
from webctp.config import load
from webctp.daemon import Daemon
from webctp.upstream.session.login import LoginState

reactor: Any = installed
_STAMP = struct.Struct("<d")


class Delays:
    """Notes how old ticks are when they come to a hub; of each frame all of them.

    :param hub: whose ``on_ticks`` is put behind this.
    """

    def __init__(self, hub: Any) -> None:
        self._on_ticks = hub.on_ticks
        self._at = tick_layout().by_name["Turnover"].offset
        self._noted: array[float] = array("d")
        hub.on_ticks = self._note

    def _note(self, feed: Any, ticks: Sequence[bytes], received: int = 0) -> None:
        now, at = time.monotonic(), self._at
        self._noted.extend([now - _STAMP.unpack_from(one, at)[0] for one in ticks])
        self._on_ticks(feed, ticks, received)

    def tell(self) -> None:
        """Say how many there were, and how old."""
        noted, self._noted = sorted(self._noted), array("d")
        last = len(noted) - 1
        say(
            ticks=len(noted),
            **{
                name: noted[min(last, int(len(noted) * share))] if noted else 0.0
                for name, share in (("p50", 0.5), ("p99", 0.99), ("max", 1.0))
            },
        )


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
        threading.Thread(target=_listen, args=(services.md.hub,), daemon=True).start()
    else:
        reactor.callLater(0.01, _announce, daemon)


def _listen(hub: Any) -> None:
    delays = None
    for _ in sys.stdin:
        # From the first line on: noting delays costs what is measured otherwise.
        if delays is None:
            delays = Delays(hub)
        reactor.callFromThread(delays.tell)
    reactor.callFromThread(reactor.stop)


if __name__ == "__main__":
    main(*sys.argv[1:])
