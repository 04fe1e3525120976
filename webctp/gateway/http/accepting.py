"""Accept clients on high descriptors, and none when descriptors run short.

Low ones belong to the native library (:mod:`webctp.upstream.session.descriptors`). A port that
finds too few free ones stops reading; clients wait in its backlog meanwhile, and it looks again
twice a second. Of many that come at once some are served in a turn, addresses one after the other.
"""

import errno
import socket
from collections.abc import Iterator
from time import perf_counter
from typing import Any, Final

from twisted.internet.interfaces import IDelayedCall, IListeningPort, IReactorTime
from twisted.logger import Logger

from webctp.gateway.http.newcomers import Newcomer, Newcomers
from webctp.metrics import Kind, Metric, Sample
from webctp.upstream.session import descriptors
from webctp.upstream.session.descriptors import ACCEPTING, Room

_log = Logger()

LOOK_AGAIN: Final = 0.5
"""Seconds until a port that has stopped looks for free descriptors again."""

A_TURN: Final = 16
"""Clients that a port hands on to be served in a turn: some 3 ms."""
_SERVING: Final = 0.003
"""Seconds of a turn after which no more are: with TLS each costs more."""
_ACCEPTED: Final = 128
"""Clients that are taken from the backlog in a turn, each some 20 µs: faster than they come from
one address, so that nobody stands behind them there."""

_INTERNET: Final = (socket.AF_INET, socket.AF_INET6)
"""Clients whose socket sends small frames at once: by Nagle's rule the second of two waits for the
client's acknowledgement of the first, which its kernel holds back for 40 ms. Autobahn means to set
this too, but does so before the protocol has its options, and says nothing of the failure."""

_UNCOUNTED: Final = 32
"""Clients accepted until descriptors that they share are counted again; 1,000 take a
millisecond to count."""


_LIMIT: Final = Metric(
    "webctp_descriptors_limit",
    Kind.GAUGE,
    "File descriptors that the process may have.",
    "进程可用的文件描述符上限。",
)
_FREE: Final = Metric(
    "webctp_descriptors_free",
    Kind.GAUGE,
    "File descriptors that are free, for sessions (the CTP library's own range) and for clients.",
    "空闲的文件描述符：供会话（CTP 库自身的范围）与供客户端。",
    ("use",),
)
_ACCEPTING: Final = Metric(
    "webctp_accepting",
    Kind.GAUGE,
    "Whether the ports accept clients: 1; 0 while descriptors are short.",
    "端口是否接受新客户端：1；描述符不足期间为 0。",
)
_STOPS: Final = Metric(
    "webctp_accepting_stops_total",
    Kind.COUNTER,
    "Times that the ports stopped accepting because descriptors were short.",
    "因描述符不足而停止接受新客户端的次数。",
)


class Accepting:
    """The listening ports' share of the descriptors. Runs in the reactor's thread.

    :param clock: the reactor.
    :param room: what the process may have.
    """

    def __init__(self, clock: IReactorTime, room: Room) -> None:
        self._clock = clock
        self._room = room
        self._left = 0
        self._stopped: list[Any] = []
        self._stops = 0

    def guard(self, port: IListeningPort) -> None:
        """Let a port accept by these rules from now on.

        Twisted has no hook for the socket that a port accepts: its listening socket is wrapped.
        Ports of other kinds than Twisted's TCP and Unix ports, which have none, are left alone.
        """
        listening: Any = port
        if isinstance(getattr(listening, "socket", None), socket.socket):
            listening.socket = _Listening(listening.socket, self, listening)

    def status(self) -> dict[str, Any]:
        """Return for ``/readyz``: the limit, what is free, whether ports accept."""
        return {
            "limit": self._room.limit,
            "free_for_sessions": descriptors.free_low(),
            "free_for_clients": descriptors.free_high(self._room),
            "accepting": not self._stopped,
            "stopped_accepting": self._stops,
        }

    def samples(self) -> Iterator[Sample]:
        """Read what descriptors are left; called on a scrape. 1,000 open ones take 1 ms."""
        yield _LIMIT.sample(self._room.limit)
        yield _FREE.sample(descriptors.free_low(), "sessions")
        yield _FREE.sample(descriptors.free_high(self._room), "clients")
        yield _ACCEPTING.sample(not self._stopped)
        yield _STOPS.sample(self._stops)

    def has_room(self, port: Any) -> bool:
        """Return whether a port may accept one more client; if not, it stops."""
        if port in self._stopped:
            return False
        if self._left <= 0:
            free = descriptors.free_high(self._room) - ACCEPTING
            # Above the library's, clients are alone but for a lock of each session.
            self._left = free if self._room.floor else min(free, _UNCOUNTED)
        self._left -= 1
        if self._left >= 0:
            return True
        self._stop(port)
        return False

    def _stop(self, port: Any) -> None:
        port.stopReading()
        if not self._stopped:
            self._stops += 1
            _log.warn(
                "too few file descriptors are free ({limit} in all): new clients have to wait",
                limit=self._room.limit,
            )
            self._clock.callLater(LOOK_AGAIN, self._look)
        self._stopped.append(port)

    def _look(self) -> None:
        self._left = 0
        room = descriptors.free_high(self._room) - ACCEPTING
        if room <= 0 and any(port.connected for port in self._stopped):
            self._clock.callLater(LOOK_AGAIN, self._look)
            return
        waiting, self._stopped = self._stopped, []
        _log.info("clients are accepted again")
        for port in waiting:
            if port.connected and not port.disconnecting:
                port.startReading()


class _Listening:
    """A listening socket whose clients get high descriptors, and some of them in a turn.

    Twisted's ports serve 20 more in each turn than in the last one, as long as clients wait.
    """

    def __init__(self, listening: socket.socket, accepting: Accepting, port: Any) -> None:
        self._socket = listening
        self._accepting = accepting
        self._port = port
        self._waiting = Newcomers()
        self._turn: IDelayedCall | None = None
        self._served = 0
        self._until = 0.0

    def accept(self) -> Newcomer:
        """Return a client to be served; BlockingIOError where others must have their turn.

        Twisted calls this until there is none, and again when the backlog has more.
        """
        if self._turn is None:
            self._turn = self._port.reactor.callLater(0, self._turn_over)
            self._served, self._until = 0, perf_counter() + _SERVING
            self._take_in()
        self._served += 1
        if not self._waiting:
            raise BlockingIOError(errno.EAGAIN, "nobody waits")
        if self._served > A_TURN or perf_counter() > self._until:
            raise BlockingIOError(errno.EAGAIN, "others have their turn")
        return self._waiting.take()

    def close(self) -> None:
        """Twisted calls this when the port is closed: who waits is not served any more."""
        self._waiting.close()
        if self._turn is not None:
            self._turn.cancel()
            self._turn = None
        self._socket.close()

    def _turn_over(self) -> None:
        self._turn = None
        if self._waiting and self._port.connected and not self._port.disconnecting:
            self._port.doRead()

    def _take_in(self) -> None:
        """Take clients from the backlog, as many as there are, may be, and are for one turn."""
        for _ in range(_ACCEPTED):
            if not self._accepting.has_room(self._port):
                return
            try:
                client, address = self._socket.accept()
            except BlockingIOError:
                return
            except OSError:
                if not self._waiting:
                    raise  # Twisted knows which of them are the client's own
                return
            family, kind, number = client.family, client.type, client.proto
            if family in _INTERNET:
                client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            lifted = descriptors.lift(client.detach())
            taken = socket.socket(family, kind, number, fileno=lifted)
            self._waiting.add(Newcomer(taken, address))

    def __getattr__(self, name: str) -> Any:
        """Everything else is the socket's own."""
        return getattr(self._socket, name)
