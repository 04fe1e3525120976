"""Lines of the audit log about orders that the gateway cancels by itself, and for whom it does so.

Runs in the reactor's thread.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from webctp.ctp.codec import text_of
from webctp.gateway.access.audit import ORDER_FIELDS, Act, AuditLog
from webctp.upstream.account import AccountKey
from webctp.upstream.orders.working import Cancellation


class Requester(NamedTuple):
    """Who has asked that orders be cancelled: the name of the token, and where it came from."""

    who: str
    address: str


def note_cancelling(
    audit: AuditLog | None, account: AccountKey, request: str, by: Requester, /, **fields: Any
) -> None:
    """Add a line of a request by which the gateway cancels for an account, where lines are kept.

    :param by: who has asked for it, when it was here.
    """
    if audit is not None:
        audit.record(Act.CANCEL, *by, ":".join(account), Request=request, **fields)


class NotedCancels:
    """Add a line for each order that is cancelled, and only one.

    :param note: adds a line, given the request, who has asked for it, and fields.
    :param more: fields of every line.
    """

    def __init__(self, note: Callable[..., object], by: Requester, **more: Any) -> None:
        self._note = note
        self._by = by
        self._more = more
        self._seen: set[tuple[object, ...]] = set()

    def sent(self, cancellation: Cancellation) -> None:
        """Take note of a cancellation; it is sent again where the order rests all the same."""
        request, body = cancellation
        named = {name: _text(body[name]) for name in ORDER_FIELDS if name in body}
        order = (request, *named.values())
        if order not in self._seen:
            self._seen.add(order)
            self._note(request, self._by, **named, **self._more)


def _text(value: object) -> object:
    return text_of(value).strip() if isinstance(value, bytes) else value
