"""The daemon under load: the shipped one, with the benchmarks' front behind its addresses.

``python -m bench.daemon CONFIG FEEDER TICKS ORDERS``: a configuration, the compiled feeder, two
descriptors of sockets. It prints a JSON line with its port, answers each line on its standard
input with one of its counters, and ends when that input does.
"""

import sys
import threading
import time
from collections.abc import Callable
from typing import Any

from twisted.internet import reactor as installed

from bench.feeder import Feeder
from bench.front import FedFront
from bench.lines import say
from webctp.config import load
from webctp.daemon import Daemon

reactor: Any = installed


def main(
    config_path: str,
    library: str,
    ticks: str,
    orders: str,
    *,
    change: Callable[[Daemon], object] = lambda daemon: None,
) -> None:
    """Run until the standard input ends.

    :param change: what else is done to the daemon, once it serves.
    """
    front = FedFront(Feeder(library), int(ticks), int(orders))
    daemon = Daemon(reactor, load(config_path), lambda key, addresses: front)
    reactor.callWhenRunning(daemon.startService)
    reactor.callWhenRunning(_announce, daemon, change)
    threading.Thread(target=_listen, args=(front,), daemon=True).start()
    reactor.run(installSignalHandlers=False)


def _announce(daemon: Daemon, change: Callable[[Daemon], object]) -> None:
    if daemon.ports:
        change(daemon)
        where: Any = daemon.ports[0].getHost()
        say(port=where.port)
    else:
        reactor.callLater(0.01, _announce, daemon, change)


def _listen(front: FedFront) -> None:
    for _ in sys.stdin:
        reactor.callFromThread(_counters, front)
    reactor.callFromThread(reactor.stop)


def _counters(front: FedFront) -> None:
    trader = front.trader
    times = [] if trader is None else trader.order_times[:]
    if trader is not None:
        trader.order_times.clear()
    say(
        now=time.monotonic(),
        order_times=times,
        burst_began=0.0 if trader is None else trader.burst_began,
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
