"""Whether who has entered a conditional order may still trade it. Runs in the reactor's thread."""

from webctp.ctp import errors
from webctp.ctp.catalog import Method
from webctp.ctp.refusal import Refusal
from webctp.gateway.access.grants import insert_refusals
from webctp.gateway.access.principal import PrincipalOf
from webctp.gateway.messages.schema import Request
from webctp.language.text import english
from webctp.upstream.conditional.conditional import Conditional


class Standing:
    """Hold conditional orders against what their tokens are worth now, not when they came.

    A token that was rotated stands on: its name is who trades.

    :param broker_id: that of orders which name none.
    :param insert: the method of an order.
    """

    def __init__(self, principal_of: PrincipalOf, broker_id: str, insert: Method) -> None:
        self._principal_of = principal_of
        self._broker_id = broker_id
        self._insert = insert

    def objection(self, one: Conditional) -> Refusal | None:
        """Return why one may not be sent any more; None where it may."""
        principal = self._principal_of(one.token)
        if principal is None:
            detail = english(
                "the token {name}, with which it was entered, was revoked or has expired",
                name=one.token,
            )
            return Refusal(errors.FORBIDDEN, detail)
        for leg in one.legs:
            request = Request(self._insert, 0, leg.body)
            for refusal in insert_refusals(principal, self._broker_id, request):
                return refusal
        return None
