"""Orders that are previewed: read and completed like those that are sent, and never sent.

All methods run in the reactor's thread.
"""

from collections.abc import Callable
from typing import Any, Final

from webctp.ctp.catalog import Method
from webctp.ctp.refusal import Refusal
from webctp.gateway.access.grants import insert_refusals
from webctp.gateway.access.principal import Principal
from webctp.gateway.messages.own_portfolio import PREVIEW
from webctp.gateway.messages.schema import BadMessage, Message, Request, Schema
from webctp.language.text import english
from webctp.upstream.orders.order import Order, OrderOwner
from webctp.upstream.trading.session import TradingSession

INSERT: Final = "ReqOrderInsert"


class PreviewedOrders:
    """Read the orders that one client has previewed, or sends later on a condition.

    :param name: the request in whose name they are refused.
    :param fillable: gives the fields of a request that are filled in where they are left out.
    :param owner: the client.
    """

    def __init__(
        self,
        schema: Schema,
        fillable: Callable[[Method], tuple[str, ...]],
        owner: OrderOwner,
        principal: Principal,
        broker_id: str,
        name: str = PREVIEW,
    ) -> None:
        self._name = name
        self._schema = schema
        self._method = schema.methods[INSERT]
        self._fillable = fillable
        self._owner = owner
        self._principal = principal
        self._broker_id = broker_id

    def read(self, message: Message, request_id: int, session: TradingSession) -> Order:
        """Read an order; what it leaves out is filled in as for one that is sent.

        :raises BadMessage: naming the field and what is wanted.
        """
        if "Offset" in message:
            detail = english("{name} takes no Offset; give CombOffsetFlag", name=self._name)
            raise BadMessage(detail, self._name, request_id)
        given = {name: value for name, value in message.items() if name != "ClientOrderID"}
        try:
            request = self._schema.read(self._method, given, request_id)
        except BadMessage as problem:
            raise BadMessage(problem.detail, self._name, request_id) from None
        body: dict[str, Any] = request.body
        # Whether it fits: a text that is too long is no order.
        self._schema.layout(self._method.request_struct).pack(body)
        for name in self._fillable(self._method):
            if body.get(name) is None and (value := session.defaults.get(name)) is not None:
                body[name] = value
        return Order(self._method, body, request_id, "", self._owner, self._principal.name)

    def bounds(self, order: Order) -> list[Refusal]:
        """Return why the client itself may not send an order."""
        request = Request(self._method, order.request_id, order.body)
        return insert_refusals(self._principal, self._broker_id, request)
