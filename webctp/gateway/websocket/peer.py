"""The other end of a WebSocket, as the services see it."""

from dataclasses import dataclass

from webctp.gateway.access.principal import Principal
from webctp.gateway.websocket.fanout import Outbox


@dataclass(frozen=True, slots=True)
class Peer:
    """A client's end: where frames for it go, who is calling, and from which address."""

    outbox: Outbox
    principal: Principal

    @property
    def address(self) -> str:
        """Return the client's address, without its port."""
        return self.outbox.peer
