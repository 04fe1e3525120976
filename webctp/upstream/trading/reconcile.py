"""Asking CTP for an account's orders, where something of them may have been missed.

The streams carry what happens; they may have passed while nobody listened: between two sessions,
during an outage, before a crash. So the orders are asked for whenever there are ClientOrderIDs of
which not all is known: at every login, and when a client asks about one after IDs of an earlier
run have turned up (the disk may have been broken at the login). A query that was not answered is
repeated while the session is ready.

Everything runs in the reactor's thread.
"""

from collections.abc import Callable
from typing import Final

from twisted.internet.interfaces import IDelayedCall, IReactorTime

from webctp.ctp import errors
from webctp.ctp.catalog import Catalogue
from webctp.ctp.codec import codec_for
from webctp.ctp.refusal import Refusal
from webctp.ctp.rspinfo import RspInfo
from webctp.upstream.account import AccountKey
from webctp.upstream.journal.trading import TradingJournal
from webctp.upstream.session.reply import OnReply, Reply
from webctp.upstream.trading.figures import TradingFigures
from webctp.upstream.trading.queries import QueryQueue

AGAIN: Final = 5.0
"""Seconds until a query that was not answered is repeated."""

_ORDERS: Final = "ReqQryOrder"


class Reconciliation:
    """Query the account's orders where some of their messages may have been missed.

    :param ready: whether the session is logged in.
    :param take: what takes the rows of the answer.
    :param figures: where answers, and their absence, are counted.
    """

    def __init__(
        self,
        clock: IReactorTime,
        catalogue: Catalogue,
        account: AccountKey,
        journal: TradingJournal,
        queries: QueryQueue,
        ready: Callable[[], bool],
        take: OnReply,
        figures: TradingFigures | None = None,
    ) -> None:
        self._clock = clock
        self._method = catalogue.methods[_ORDERS]
        self._info = RspInfo(catalogue)
        user = {"BrokerID": account.broker_id, "InvestorID": account.user_id}
        layout = codec_for(catalogue.module).layout(self._method.request_struct)
        self._body = layout.pack(user)
        self._account = account
        self._journal = journal
        self._queries = queries
        self._ready = ready
        self._take = take
        self._figures = figures or TradingFigures()
        self._asking = False
        self._once_more = False
        self._reloaded = 0
        self._timer: IDelayedCall | None = None

    def asked_about(self) -> None:
        """Ask CTP, because a client asks, if orders have turned up since CTP was asked last."""
        if self._journal.client_orders.reloaded != self._reloaded:
            self.ask()

    def ask(self) -> None:
        """Ask, if there is reason to and the session is ready.

        An answer under way may have passed over what is missed now: then once more after it.
        """
        self.stop()
        if not self._ready() or not self._journal.may_have_missed(self._account):
            return
        self._reloaded = self._journal.client_orders.reloaded
        if self._asking:
            self._once_more = True
            return
        self._once_more = False
        self._asking = True
        try:
            self._queries.ask(self._method, self._body, self._answered, self)
        except Refusal:  # too many wait
            self._asking = False
            self._later()

    def stop(self) -> None:
        """Stop: no query is repeated, and no timer is left behind."""
        if self._timer is not None and self._timer.active():
            self._timer.cancel()
        self._timer = None

    def _answered(self, reply: Reply) -> None:
        self._take(reply)
        if not reply.is_last:
            return
        self._asking = False
        is_answered = not self._unanswered(reply.info)
        if is_answered:
            self._figures.reconciled += 1
        else:
            self._figures.not_reconciled += 1
        if self._once_more:
            self.ask()
        elif self._ready() and not is_answered:
            self._later()

    def _unanswered(self, info: bytes | None) -> bool:
        """Return whether a query ended without CTP's word: by silence, or by "later"."""
        code = self._info.code(info)
        return code < 0 or code in errors.QUERY_BUSY

    def _later(self) -> None:
        self._timer = self._clock.callLater(AGAIN, self.ask)
