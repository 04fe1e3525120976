"""An insert or an action on its way to CTP, and who entered it."""

from collections.abc import Mapping
from time import perf_counter
from typing import Any, Final, Protocol

import msgspec

from webctp.ctp.catalog import Method
from webctp.ctp.refusal import Refusal
from webctp.upstream.orders.client_order import ClientOrder
from webctp.upstream.session.reply import Reply


class OrderOwner(Protocol):
    """Who entered an order, and hears what becomes of it. Called in the reactor's thread."""

    def may_order(self) -> Refusal | None:
        """Return why the owner may not order now; None where it may."""

    def order_answered(self, order: "Order", reply: Reply) -> None:
        """Take CTP's answer to an order, or the API's return value where it is not 0."""

    def order_refused(self, order: "Order", refusal: Refusal) -> None:
        """Take the refusal of an order that had to wait, and is not sent after all."""

    def order_known(self, order: "Order", client_order: ClientOrder) -> None:
        """Take what became of the order's ClientOrderID, which was used before."""


class Order(msgspec.Struct, frozen=True, eq=False):
    """An insert or an action: its request, the body, and whose it is.

    ``request_id`` is the client's own. References that the body leaves out are filled in when the
    order is entered.
    """

    method: Method
    body: dict[str, Any]
    request_id: int
    client_order_id: str
    owner: OrderOwner
    token: str = ""
    """The name of the token that its sender has shown; empty where none was asked for."""
    read_at: float = msgspec.field(default_factory=perf_counter)
    """When the request had been read, in seconds of ``time.perf_counter``."""

    @property
    def is_insert(self) -> bool:
        """Whether it brings something new into the market."""
        return self.method.name.endswith("Insert")


class _Nobody:
    """The owner of the cancellations that no client asked for."""

    def may_order(self) -> Refusal | None:
        """See :class:`OrderOwner`."""
        return None

    def order_answered(self, order: Order, reply: Reply) -> None:
        """See :class:`OrderOwner`."""

    def order_refused(self, order: Order, refusal: Refusal) -> None:
        """See :class:`OrderOwner`."""

    def order_known(self, order: Order, client_order: ClientOrder) -> None:
        """See :class:`OrderOwner`."""


NOBODY: Final = _Nobody()


class OrderWatch(Protocol):
    """Who follows a session's orders, and may still stop one. Called in the reactor's thread."""

    follows: bool
    """Whether it takes what CTP tells of orders and trades."""

    def halted(self, order: Order) -> Refusal | None:
        """Return why an order is not sent, right before it would be; None where it is."""

    def logged_in(self, trading_day: str, front_id: int, session_id: int) -> None:
        """Take the trading day and the numbers of a login."""

    def entered(self, order: Order) -> None:
        """Take note of an order that has passed the checks, and was sent now or will be soon.

        Where :meth:`dropped` came first, it was not sent.
        """

    def dropped(self, order: Order) -> None:
        """Take note that an order that was entered is not sent after all, or was refused."""

    def answered(self, order: Order, code: int, reply: Reply) -> None:
        """Take CTP's answer to an order that was sent: an ErrorID, 0, or -408 where it is lost."""

    def insert_refused(self, investor: str) -> None:
        """Take note that a push refuses an investor's insert (``OnErrRtnOrderInsert``)."""

    def take_order(self, row: Mapping[str, Any]) -> None:
        """Take a RtnOrder, of whatever session of the account."""

    def take_trade(self, row: Mapping[str, Any]) -> None:
        """Take a RtnTrade, of whatever session of the account."""


class _Unwatched:
    """The watch where nothing is held against a limit."""

    follows = False

    def logged_in(self, trading_day: str, front_id: int, session_id: int) -> None:
        """See :class:`OrderWatch`."""

    def halted(self, order: Order) -> Refusal | None:
        """See :class:`OrderWatch`."""
        return None

    def entered(self, order: Order) -> None:
        """See :class:`OrderWatch`."""

    def dropped(self, order: Order) -> None:
        """See :class:`OrderWatch`."""

    def answered(self, order: Order, code: int, reply: Reply) -> None:
        """See :class:`OrderWatch`."""

    def insert_refused(self, investor: str) -> None:
        """See :class:`OrderWatch`."""

    def take_order(self, row: Mapping[str, Any]) -> None:
        """See :class:`OrderWatch`."""

    def take_trade(self, row: Mapping[str, Any]) -> None:
        """See :class:`OrderWatch`."""


UNWATCHED: Final[OrderWatch] = _Unwatched()
