"""A wire to Redis that a test makes slow, or cuts without a word to either end.

What goes over it is passed on after a delay, which is drawn anew for each piece, as where packets
are lost and sent again; a silent wire passes nothing on until it speaks again, as a network that
was cut does. It needs neither root nor a kernel with ``netem``.
"""

import random
import tempfile
from collections import deque
from pathlib import Path
from typing import Any, Final

from twisted.internet import reactor as installed
from twisted.internet.endpoints import UNIXClientEndpoint, connectProtocol
from twisted.internet.protocol import Factory, Protocol
from twisted.python.failure import Failure

reactor: Final[Any] = installed


class Wire:
    """Listens at a socket of its own, and passes on to another.

    :param seed: of the delays.
    :ivar url: the address of Redis, by this wire.
    """

    def __init__(self, path: str, seed: int) -> None:
        self.path = path
        self._folder = tempfile.TemporaryDirectory(prefix="webctp-wire-")
        here = str(Path(self._folder.name) / "wire.sock")
        self.url = f"redis+unix://{here}"
        self.draw = random.Random(seed)
        self.delay = 0.0
        """Seconds that a piece takes at the most."""
        self.is_silent = False
        self.ends: list[_End] = []
        factory = Factory.forProtocol(lambda: _Near(self))
        factory.noisy = False
        self._port = reactor.listenUNIX(here, factory)

    def speak(self) -> None:
        """Pass on what has waited, and what comes, at once."""
        self.delay, self.is_silent = 0.0, False
        for end in self.ends:
            end.pass_on()

    async def close(self) -> None:
        """End it, and all connections over it."""
        await self._port.stopListening()
        for end in list(self.ends):
            end.cut()
        self._folder.cleanup()


class _End(Protocol):
    """One end of a connection; what comes here leaves at the other, in order."""

    def __init__(self, wire: Wire) -> None:
        self.wire = wire
        self.other: _End | None = None
        self._held: deque[tuple[float, bytes]] = deque()
        self._timer: Any = None

    def connectionMade(self) -> None:
        """Twisted calls this."""
        self.wire.ends.append(self)

    def dataReceived(self, data: bytes) -> None:
        """Twisted calls this."""
        wait = self.wire.draw.random() * self.wire.delay
        self._held.append((reactor.seconds() + wait, data))
        self.pass_on()

    def pass_on(self) -> None:
        """Pass on what is due."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self.wire.is_silent or self.other is None:
            return
        other: Any = self.other.transport
        while self._held:
            due = self._held[0][0] - reactor.seconds()
            if due > 0 and self.wire.delay:
                self._timer = reactor.callLater(due, self._due)
                return
            other.write(self._held.popleft()[1])

    def _due(self) -> None:
        self._timer = None
        self.pass_on()

    def cut(self) -> None:
        """End the connection."""
        transport: Any = self.transport
        if transport is not None:
            transport.abortConnection()

    def connectionLost(self, reason: Failure | None = None) -> None:
        """Twisted calls this."""
        self.wire.ends.remove(self)
        self._held.clear()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        other, self.other = self.other, None
        if other is not None:
            other.other = None
            other.cut()


class _Near(_End):
    """The end at which who uses the wire has connected."""

    def connectionMade(self) -> None:
        """Twisted calls this."""
        super().connectionMade()
        far = connectProtocol(UNIXClientEndpoint(reactor, self.wire.path), _End(self.wire))
        far.addCallbacks(self._joined, lambda _: self.cut())

    def _joined(self, far: _End) -> None:
        transport: Any = self.transport
        if self not in self.wire.ends:
            far.cut()
            return
        self.other, far.other = far, self
        self.pass_on()
        transport.resumeProducing()
