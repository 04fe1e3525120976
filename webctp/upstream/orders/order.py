"""An insert or an action on its way to CTP, and who entered it."""

from typing import Any, Protocol

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

    @property
    def is_insert(self) -> bool:
        """Whether it brings something new into the market."""
        return self.method.name.endswith("Insert")
