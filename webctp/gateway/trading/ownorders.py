"""Actions on an order that a client names by its own reference alone."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from webctp.ctp.catalog import Method
from webctp.gateway.messages.schema import Schema
from webctp.upstream.orders.keys import RefIdentity, plain_ref

_SESSION: Final = ("FrontID", "SessionID")
_REF: Final = "Ref"
_ACTION_REF: Final = "ActionRef"
_NUMBER: Final = "SysID"
_ORDER: Final = "OrderRef"


class OwnOrders:
    """Fills in whose reference it is: the session's, by the numbers of its last login.

    CTP names an order by FrontID, SessionID and OrderRef, or by ExchangeID and OrderSysID, and
    refuses a reference alone (25). Quotes, executions and offsets have references of their own.
    """

    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        self._login = schema.layout("CThostFtdcRspUserLoginField")
        self.references = {
            method.name: reference
            for method in schema.methods.values()
            if method.is_order and (reference := self._reference(method))
        }
        """By action, the field that holds the reference it is about."""

    def complete(
        self,
        method: Method,
        body: dict[str, Any],
        login: bytes | None,
        contract_of: Callable[[RefIdentity], Mapping[str, str]],
    ) -> None:
        """Fill in the session where an action gives a reference and neither session nor number.

        To be asked for the methods of :attr:`references` only.

        Exchange and instrument are filled in as well, where they are left out and the order rests:
        CTP's page has both as mandatory, and refuses the action without the first (147).

        :param login: the body of the session's last RspUserLogin.
        :param contract_of: gives ExchangeID and InstrumentID of an order that rests.
        """
        reference = self.references[method.name]
        if not body.get(reference) or login is None:
            return
        number = reference.removesuffix(_REF) + _NUMBER
        if body.get(number):
            return
        if all(body.get(name) is None for name in _SESSION):
            for name in _SESSION:
                body[name] = self._login.value(login, name)
        if reference == _ORDER:
            front_id, session_id = (body.get(name) or 0 for name in _SESSION)
            contract = contract_of((front_id, session_id, plain_ref(body[reference])))
            for name, value in contract.items():
                body[name] = body.get(name) or value

    def _reference(self, method: Method) -> str:
        """Name the field that holds the reference an action is about; empty for an insert."""
        fields = self._schema.layout(method.request_struct).by_name
        if not fields.keys() >= set(_SESSION):
            return ""
        for name in fields:
            is_own = name.endswith(_REF) and not name.endswith(_ACTION_REF)
            if is_own and name.removesuffix(_REF) + _NUMBER in fields:
                return name
        return ""
