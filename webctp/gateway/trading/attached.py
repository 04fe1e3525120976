"""What a trading session needs of a client that is attached to it."""

from typing import Protocol

from webctp.ctp.bridge import CallbackEvent
from webctp.ctp.refusal import Refusal
from webctp.gateway.messages.schema import Request
from webctp.gateway.trading.replay import Missed
from webctp.gateway.websocket.fanout import Outbox
from webctp.gateway.websocket.peer import Peer
from webctp.language.text import Text
from webctp.upstream.orders.client_order import ClientOrder
from webctp.upstream.session.status import LoginAnswer


class Follower(Protocol):
    """Who takes every push of a session."""

    def take(self, event: CallbackEvent) -> None:
        """Take a push."""


class Attached(Protocol):
    """Describe the client of a trading session, as the session calls it.

    All of it is called in the reactor's thread.
    """

    outbox: Outbox
    peer: Peer
    """Who it is."""
    uses_client_orders: bool
    has_traded: bool
    token: str
    """The name of the token that it has shown; empty for none."""
    wants_statuses: bool
    """Whether it is sent RtnInstrumentStatus: ``InstrumentStatus`` of its latest login."""

    wants_portfolio: bool
    """Whether it is sent RtnPortfolio."""

    def login_answered(
        self,
        request: Request,
        answer: LoginAnswer,
        seq: int,
        missed: Missed,
        *,
        day_gap: bool = False,
    ) -> None:
        """Take the front's answer to a login, and the pushes that were missed."""

    def login_failed(self, request: Request, problem: Refusal, *, stays: bool) -> None:
        """Take the gateway's answer to a login that the front did not answer."""

    def let_in(self) -> None:
        """Take note that the front has let the client in; the answer may follow later."""

    def now_a_stranger(self) -> None:
        """Take note that nobody is logged in any longer."""

    def leave(self, *, linger: bool = False) -> None:
        """Give the session up: for good, or to come back."""

    def taken_over(self) -> None:
        """Make room: another connection has taken the session over."""

    def client_order(self, order: ClientOrder) -> None:
        """Tell what became of a ClientOrderID."""

    def refuse(self, msg_type: str, code: int, detail: Text, request_id: int) -> None:
        """Answer a request with a code of the gateway's."""

    def say(self, message: bytes) -> None:
        """Send a message."""
