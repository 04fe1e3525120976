"""Remove an account's parked orders (预埋单): CTP's front keeps them, and sends them by itself.

CTP pushes nothing of them, so they are asked for (``ReqQryParkedOrder``) and removed one by one
(``ReqRemoveParkedOrder``). Runs in the reactor's thread.
"""

from collections.abc import Callable
from typing import Any, Final

from twisted.logger import Logger

from webctp.ctp.catalog import Catalogue, Method
from webctp.ctp.codec import codec_for
from webctp.ctp.refusal import Refusal
from webctp.ctp.rspinfo import RspInfo
from webctp.upstream.account import AccountKey
from webctp.upstream.orders.daycancelling import SendCancel
from webctp.upstream.session.reply import OnReply, Reply

_log = Logger()

_QUERY: Final = "ReqQryParkedOrder"
_REMOVE: Final = "ReqRemoveParkedOrder"
_PARKED: Final = "CThostFtdcParkedOrderField"
_NOT_SENT: Final = "1"
"""``THOST_FTDC_PAOS_NotSend``."""

Ask = Callable[[Method, dict[str, Any], OnReply], int]
"""Sends a query as soon as its turn comes: ``TradingSession.request``."""


class ParkedOrders:
    """Remove what is parked, once; what cannot be is in the log.

    :param ask: sends the query.
    :param send: sends a removal.
    """

    def __init__(self, catalogue: Catalogue, ask: Ask, send: SendCancel) -> None:
        self._query = catalogue.methods[_QUERY]
        self._layout = codec_for(catalogue.module).layout(_PARKED)
        self._info = RspInfo(catalogue)
        self._ask = ask
        self._send = send

    def remove(self, account: AccountKey) -> None:
        """Ask for an investor's parked orders, and remove those that were not sent yet."""
        found: list[str] = []

        def on_reply(reply: Reply) -> None:
            code = self._info.code(reply.info)
            if code != 0:
                self._not_known(account, self._info.text(reply.info))
                return
            if reply.body is not None and reply.callback.struct == _PARKED:
                row = self._layout.unpack(reply.body)
                if row["Status"] == _NOT_SENT:
                    found.append(str(row["ParkedOrderID"]))
            if reply.is_last:
                for number in found:
                    self._remove(account, number)

        body = {"BrokerID": account.broker_id, "InvestorID": account.user_id}
        try:
            self._ask(self._query, body, on_reply)
        except Refusal as problem:
            self._not_known(account, problem.detail)

    def _remove(self, account: AccountKey, number: str) -> None:
        def refused(reason: str) -> None:
            _log.error(
                "parked order {number} is not removed, and CTP may send it: {reason}",
                number=number,
                reason=reason,
                account=account,
            )

        body = {
            "BrokerID": account.broker_id,
            "InvestorID": account.user_id,
            "ParkedOrderID": number,
        }
        _log.info("parked order {number} is removed", number=number, account=account)
        self._send((_REMOVE, body), refused)

    def _not_known(self, account: AccountKey, reason: str) -> None:
        _log.error(
            "parked orders are not known, and CTP may send them: {reason}",
            reason=reason,
            account=account,
        )
