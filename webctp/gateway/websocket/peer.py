"""Describe the other end of a WebSocket to the services."""

from dataclasses import dataclass

from webctp.gateway.access.principal import Principal
from webctp.gateway.websocket.fanout import Outbox
from webctp.language.text import Language


@dataclass(frozen=True, slots=True)
class Peer:
    """A client's end: where frames for it go, who is calling, and from which address."""

    outbox: Outbox
    principal: Principal
    language: Language = "en"
    """What the client reads of the gateway's own."""
    max_nesting: int = 0
    """``MaxNesting``."""

    @property
    def address(self) -> str:
        """Return the client's address, without its port."""
        return self.outbox.peer
