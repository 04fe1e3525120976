"""An edge under load: the shipped daemon, with its port in a JSON line.

``python -m bench.edge CONFIG``. It ends with its standard input.
"""

import sys
import threading
from typing import Any

from twisted.internet import reactor as installed

from bench.lines import say
from webctp.config import load
from webctp.daemon import Daemon
from webctp.upstream.session.login import LoginState

reactor: Any = installed


def main(config_path: str) -> None:
    """Run until the standard input ends."""
    daemon = Daemon(reactor, load(config_path))
    reactor.callWhenRunning(daemon.startService)
    reactor.callWhenRunning(_announce, daemon)
    threading.Thread(target=_listen, daemon=True).start()
    reactor.run(installSignalHandlers=False)


def _announce(daemon: Daemon) -> None:
    """Say the port once ticks would come."""
    services: Any = daemon.services
    if daemon.ports and services.md.feeds.state is LoginState.READY:
        where: Any = daemon.ports[0].getHost()
        say(port=where.port)
    else:
        reactor.callLater(0.01, _announce, daemon)


def _listen() -> None:
    for _ in sys.stdin:
        pass
    reactor.callFromThread(reactor.stop)


if __name__ == "__main__":
    main(*sys.argv[1:])
