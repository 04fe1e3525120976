"""Find and remove an account's parked orders (预埋单): CTP keeps them, and sends them by itself.

CTP pushes nothing of them, so they are asked for (``ReqQryParkedOrder``) and removed one by one
(``ReqRemoveParkedOrder``). Runs in the reactor's thread.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

import msgspec
from twisted.internet.defer import Deferred, DeferredList, fail
from twisted.internet.error import TimeoutError as NoAnswer
from twisted.internet.interfaces import IReactorTime
from twisted.logger import Logger
from twisted.python.failure import Failure

from webctp.ctp.catalog import Catalogue, Method
from webctp.ctp.codec import codec_for
from webctp.ctp.refusal import Refusal
from webctp.ctp.rspinfo import RspInfo
from webctp.language.text import verbatim
from webctp.upstream.account import AccountKey
from webctp.upstream.orders.cancelling import TakeSent, nobody_notes
from webctp.upstream.orders.daycancelling import SendCancel
from webctp.upstream.orders.keys import Row
from webctp.upstream.session.reply import OnReply, Reply

_log = Logger()

_QUERY: Final = "ReqQryParkedOrder"
_REMOVE: Final = "ReqRemoveParkedOrder"
_PARKED: Final = "CThostFtdcParkedOrderField"
_NOT_SENT: Final = "1"
"""``THOST_FTDC_PAOS_NotSend``."""

Ask = Callable[[Method, dict[str, Any], OnReply], int]
"""Sends a query as soon as its turn comes: ``TradingSession.request``."""


class Parked(msgspec.Struct, frozen=True, kw_only=True):
    """A parked order that was not sent yet, by CTP's names."""

    BrokerID: str
    InvestorID: str
    ParkedOrderID: str
    InstrumentID: str
    Direction: str
    CombOffsetFlag: str
    LimitPrice: float
    VolumeTotalOriginal: int


class ParkedLeft(msgspec.Struct, frozen=True):
    """The parked orders that stay at the front; ``unknown`` are accounts that did not answer."""

    orders: tuple[Parked, ...] = ()
    unknown: tuple[AccountKey, ...] = ()


class ParkedOrders:
    """Find what is parked, or remove it, once; what cannot be is in the log.

    :param ask: sends the query.
    :param send: sends a removal.
    :param on_sent: called with each removal that the API took.
    """

    def __init__(
        self, catalogue: Catalogue, ask: Ask, send: SendCancel, on_sent: TakeSent = nobody_notes
    ) -> None:
        self._query = catalogue.methods[_QUERY]
        self._layout = codec_for(catalogue.module).layout(_PARKED)
        self._info = RspInfo(catalogue)
        self._ask = ask
        self._send = send
        self._on_sent = on_sent

    def find(self, account: AccountKey) -> Deferred[tuple[Parked, ...]]:
        """Ask for an investor's parked orders that were not sent yet.

        It fails with :class:`~webctp.ctp.refusal.Refusal` where they are not known.
        """
        found: list[Parked] = []
        done: Deferred[tuple[Parked, ...]] = Deferred()

        def on_reply(reply: Reply) -> None:
            if done.called:
                return  # it was waited for long enough
            code = self._info.code(reply.info)
            if code != 0:
                done.errback(Refusal(code, verbatim(self._info.text(reply.info))))
                return
            if reply.body is not None and reply.callback.struct == _PARKED:
                row = self._layout.unpack(reply.body)
                if row["Status"] == _NOT_SENT:
                    found.append(_parked(account, row))
            if reply.is_last:
                done.callback(tuple(found))

        body = {"BrokerID": account.broker_id, "InvestorID": account.user_id}
        try:
            self._ask(self._query, body, on_reply)
        except Refusal as problem:
            return fail(problem)
        return done

    def remove(self, account: AccountKey) -> None:
        """Ask for an investor's parked orders, and remove those that were not sent yet."""

        def remove_all(found: tuple[Parked, ...]) -> None:
            for one in found:
                self._remove(account, one.ParkedOrderID)

        def not_known(failure: Failure) -> None:
            failure.trap(Refusal)
            self._not_known(account, failure.getErrorMessage())

        self.find(account).addCallbacks(remove_all, not_known)

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
        removal = _REMOVE, body
        result = self._send(removal, refused)
        if result != 0:
            refused(f"{_REMOVE}: {result}")  # there is no connection, or it takes no more now
            return
        _log.info("parked order {number} is removed", number=number, account=account)
        self._on_sent(removal)

    def _not_known(self, account: AccountKey, reason: str) -> None:
        _log.error(
            "parked orders are not known, and CTP may send them: {reason}",
            reason=reason,
            account=account,
        )


def _parked(account: AccountKey, row: Row) -> Parked:
    return Parked(
        BrokerID=account.broker_id,
        InvestorID=account.user_id,
        ParkedOrderID=str(row["ParkedOrderID"]).strip(),
        InstrumentID=str(row["InstrumentID"]),
        Direction=str(row["Direction"]),
        CombOffsetFlag=str(row["CombOffsetFlag"]),
        LimitPrice=row["LimitPrice"] or 0.0,
        VolumeTotalOriginal=int(row["VolumeTotalOriginal"]),
    )


def gather(
    clock: IReactorTime,
    asked: Mapping[AccountKey, Deferred[tuple[Parked, ...]]],
    patience: float,
) -> Deferred[ParkedLeft]:
    """Fire with what several accounts have parked, after ``patience`` seconds at the latest."""
    for one in asked.values():
        one.addTimeout(patience, clock, onTimeoutCancel=_no_answer)

    def told(results: Any) -> ParkedLeft:
        orders: list[Parked] = []
        unknown: list[AccountKey] = []
        for account, (is_known, found) in zip(asked, results, strict=True):
            if is_known:
                orders += found
            else:
                unknown.append(account)
        return ParkedLeft(tuple(orders), tuple(unknown))

    everything: Any = DeferredList(list(asked.values()), consumeErrors=True)
    left: Deferred[ParkedLeft] = everything.addCallback(told)
    return left


def _no_answer(_: object, seconds: float) -> Failure:
    return Failure(NoAnswer(f"no answer within {seconds:g} s"))
