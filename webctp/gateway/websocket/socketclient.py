"""Who is behind a WebSocket, as its connection sees it."""

from collections.abc import Callable, Generator
from typing import Protocol

from webctp.gateway.access.rate import MessageRate
from webctp.gateway.websocket.comings import Visitor


class SocketClient(Visitor, Protocol):
    """Who is behind a WebSocket, as the connection sees it."""

    work: Generator[None, None, None] | None
    """Long work that is under way: the next message has to wait."""
    on_idle: Callable[[], object]
    """Called when that is done."""
    rate: MessageRate | None
    """Where the time of long work is charged."""

    def is_admitted(self) -> bool:
        """Return whether the client is, or was seen to be, logged in."""

    def received(self, payload: bytes, is_binary: bool) -> None:
        """Take a message."""

    def too_fast(self, payload: bytes, is_binary: bool, rate: MessageRate) -> None:
        """Refuse a message: it is beyond ``rate``."""

    def stop(self) -> None:
        """Break off long work."""

    def gone(self) -> None:
        """Note that the connection has closed."""
