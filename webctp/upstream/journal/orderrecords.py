"""The journal's records of one session's orders: sent, answered, refused.

Everything runs in the reactor's thread.
"""

from typing import Any

from webctp.ctp.refusal import Refusal
from webctp.upstream.account import AccountKey
from webctp.upstream.journal.store import Type
from webctp.upstream.journal.trading import TradingJournal
from webctp.upstream.orders.order import Order


class OrderRecords:
    """Write what becomes of a session's orders; without a journal write nothing.

    :ivar trading_day: the day that the records are of, as ``20261123``; empty before a login.
    """

    def __init__(self, journal: TradingJournal | None, account: AccountKey) -> None:
        self._journal = journal
        self._account = account
        self.trading_day = ""

    def keep(self, kind: Type, name: str, **more: Any) -> None:
        """Write one record; see :meth:`TradingJournal.keep`."""
        if self._journal is not None:
            self._journal.keep(kind, name, self._account, self.trading_day, **more)

    def called(self, order: Order, result: int) -> None:
        """Write down that the native call of an order was made, and what it returned."""
        if self._journal is not None:
            name, given = order.method.name, order.client_order_id
            self.keep(Type.REQUEST, name, body=order.body, client_order_id=given)
            self.keep(Type.RETURN, name, code=result, client_order_id=given)

    def refused(self, order: Order, refusal: Refusal) -> None:
        """Write down that an order was refused here, and is not sent."""
        self._error(order, order.method.name, refusal.code, refusal.detail)

    def rejected(self, order: Order, message: str, code: int, text: str) -> None:
        """Write down that CTP has refused an order, by this message."""
        self._error(order, message, code, text)

    def _error(self, order: Order, name: str, code: int, detail: Any) -> None:
        self.keep(
            Type.ERROR,
            name,
            body=order.body,
            code=code,
            detail=detail,
            client_order_id=order.client_order_id,
        )
