"""TLS handshakes in turns: each takes a millisecond or more, and many clients may begin at once.

What a client sends before its handshake is done waits for the site's turns, where some are served
in each turn of the reactor, addresses one after the other; meanwhile nothing more is read of it.
"""

from typing import Any

from twisted.internet.interfaces import IListeningPort
from twisted.internet.protocol import connectionDone
from twisted.protocols.tls import BufferingTLSTransport, TLSMemoryBIOFactory
from twisted.python.failure import Failure

from webctp.gateway.access.address import peer_address
from webctp.upstream.turns import Turns


class FairTransport(BufferingTLSTransport):
    """A TLS connection whose handshake waits for its turn."""

    turns: Turns
    _early: list[bytes] | None = None
    """What was read and waits."""

    def dataReceived(self, data: bytes) -> None:
        """Twisted calls this with encrypted bytes."""
        if self._handshakeDone:
            super().dataReceived(data)
        elif self._early is not None:
            self._early.append(data)
        else:
            self._early = [data]
            transport: Any = self.transport
            transport.pauseProducing()
            self.turns.add(self._shake_hands, peer_address(transport.getPeer()))

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """Twisted calls this when the connection is closed."""
        self._early = None
        super().connectionLost(reason)

    def _shake_hands(self) -> bool:
        early, self._early = self._early, None
        if early is not None and self._tlsConnection is not None:
            transport: Any = self.transport
            # Before the bytes are taken: who is given them may want no more.
            transport.resumeProducing()
            super().dataReceived(b"".join(early))
        return False


def take_turns(port: IListeningPort, turns: Turns) -> None:
    """Let a port's TLS handshakes take turns; a port without TLS is left alone."""
    factory: Any = getattr(port, "factory", None)
    if isinstance(factory, TLSMemoryBIOFactory):
        factory.protocol = type("FairTransport", (FairTransport,), {"turns": turns})
