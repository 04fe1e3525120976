"""A client that is connected, by a WebSocket or by HTTP, as whoever closes or lists it sees it."""

from typing import Any, Protocol

from webctp.gateway.access.principal import Principal
from webctp.gateway.websocket.fanout import Outbox
from webctp.gateway.websocket.socketclient import SocketClient
from webctp.language.text import Language, Text


class OpenClient(Protocol):
    """A client that is connected: a WebSocket, or what stands in its place over HTTP."""

    principal: Principal
    language: Language
    number: int
    """What an administrator calls it."""
    opened: float
    """When it was opened, by the reactor's clock."""
    is_closed: Any
    """A Deferred that fires when it has closed."""

    @property
    def client(self) -> SocketClient | None:
        """Who is behind it; None once it is closed."""

    @property
    def outbox(self) -> Outbox | None:
        """What is sent to it; None once it is closed."""

    def close(self, code: int, reason: Text) -> None:
        """Take leave of it, with a close code of WebSockets."""

    def limit_rate(self, limit: int) -> None:
        """Take another ``MessageRate``."""
