"""A client, as portfolios see it."""

from typing import Protocol

from webctp.gateway.websocket.peer import Peer
from webctp.language.text import Text


class Subscriber(Protocol):
    """A client, as its session's portfolio sees it."""

    peer: Peer
    wants_portfolio: bool
    """Whether it is sent RtnPortfolio."""

    def say(self, message: bytes) -> None:
        """Send a message."""

    def refuse(self, msg_type: str, code: int, detail: Text, request_id: int) -> None:
        """Answer a request with a code of the gateway's."""
