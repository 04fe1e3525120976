"""The requests of portfolios: subscribe, leave off, the curve. Runs in the reactor's thread."""

from collections.abc import Callable, Mapping
from typing import Final, Protocol

from webctp.ctp import errors
from webctp.ctp.refusal import Refusal
from webctp.gateway.access.principal import Scope
from webctp.gateway.messages import own, own_portfolio, own_risk
from webctp.gateway.messages.schema import Message
from webctp.gateway.portfolio.orders import PreviewedOrders
from webctp.gateway.portfolio.session import SessionPortfolio
from webctp.gateway.portfolio.subscriber import Subscriber
from webctp.language.text import english
from webctp.upstream.session.login import LoginState
from webctp.upstream.trading.session import TradingSession

SCOPES: Final[Mapping[str, Scope]] = {
    own_portfolio.SUBSCRIBE: Scope.READ,
    own_portfolio.UNSUBSCRIBE: Scope.READ,
    own_portfolio.PREVIEW: Scope.READ,
    own_portfolio.CURVE: Scope.READ,
}
"""The scope that each request needs."""


class AttachedPortfolio(Protocol):
    """What is needed of the session that a client is attached to."""

    portfolio: SessionPortfolio
    session: TradingSession


class PortfolioRequests:
    """Carry out one client's requests of portfolios.

    :param shared: gives the session that the client is logged in to; None for none.
    """

    def __init__(
        self,
        asker: Subscriber,
        shared: Callable[[], AttachedPortfolio | None],
        orders: PreviewedOrders,
    ) -> None:
        self._asker = asker
        self._shared = shared
        self._orders = orders
        self.own: Mapping[str, Callable[[Message, int], None]] = {
            own_portfolio.SUBSCRIBE: self._subscribe,
            own_portfolio.UNSUBSCRIBE: self._unsubscribe,
            own_portfolio.PREVIEW: self._preview,
            own_portfolio.CURVE: self._curve,
        }

    def _subscribe(self, message: Message, request_id: int) -> None:
        """Answer with the portfolio, now or when it is known, and tell its changes."""
        own_risk.read(own_portfolio.SUBSCRIBE, own_portfolio.PortfolioWord, message, request_id)
        self._usable().portfolio.subscribe(self._asker, request_id)

    def _preview(self, message: Message, request_id: int) -> None:
        """Say what an order would come to."""
        shared = self._usable()
        order = self._orders.read(message, request_id, shared.session)
        bounds = self._orders.bounds(order)
        shared.portfolio.preview(self._asker, request_id, order, bounds)

    def _curve(self, message: Message, request_id: int) -> None:
        """Tell the account's money over the day; also while the front is not there."""
        own_risk.read(own_portfolio.CURVE, own_portfolio.CurveQuery, message, request_id)
        self._known().portfolio.tell_curve(self._asker, request_id)

    def _known(self) -> AttachedPortfolio:
        shared = self._shared()
        if shared is None or not shared.session.status.has_been_ready:
            raise Refusal(errors.NOT_LOGGED_IN, english("send ReqUserLogin first"))
        return shared

    def _usable(self) -> AttachedPortfolio:
        shared = self._known()
        if shared.session.state is not LoginState.READY:
            raise Refusal(errors.NOT_READY, shared.session.status.unusable())
        return shared

    def _unsubscribe(self, message: Message, request_id: int) -> None:
        """Tell nothing more."""
        own_risk.read(own_portfolio.UNSUBSCRIBE, own_portfolio.PortfolioWord, message, request_id)
        shared = self._shared()
        if shared is not None:
            shared.portfolio.unsubscribe(self._asker)
        self._asker.say(own.encode(own_portfolio.unsubscribed(request_id)))
