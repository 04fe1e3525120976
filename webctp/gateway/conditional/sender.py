"""The owner of the orders that conditional orders send. Called in the reactor's thread."""

from typing import Protocol

from webctp.ctp.refusal import Refusal
from webctp.language.text import Text
from webctp.upstream.orders.client_order import ClientOrder
from webctp.upstream.orders.order import Order
from webctp.upstream.session.reply import Reply


class Conditionals(Protocol):
    """What takes the fate of an order."""

    def objection(self, name: str) -> Refusal | None:
        """Return why an order may not be sent any more; None where it may."""

    def refused(self, name: str, code: int, detail: Text) -> None:
        """Take the refusal of an order."""

    def client_order(self, order: ClientOrder) -> None:
        """Take what has become of an order."""


class Sender:
    """The owner of the orders that conditional orders send."""

    def __init__(self, conditionals: Conditionals, name: str) -> None:
        self._conditionals = conditionals
        self._name = name

    def may_order(self) -> Refusal | None:
        """See :class:`~webctp.upstream.orders.order.OrderOwner`."""
        return self._conditionals.objection(self._name)

    def order_answered(self, order: Order, reply: Reply) -> None:
        """See :class:`~webctp.upstream.orders.order.OrderOwner`; its ClientOrderID tells it."""

    def order_refused(self, order: Order, refusal: Refusal) -> None:
        """See :class:`~webctp.upstream.orders.order.OrderOwner`."""
        self._conditionals.refused(self._name, refusal.code, refusal.detail)

    def order_known(self, order: Order, client_order: ClientOrder) -> None:
        """See :class:`~webctp.upstream.orders.order.OrderOwner`."""
        self._conditionals.client_order(client_order)
