"""The requests of conditional orders: insert, cancel, query. Runs in the reactor's thread."""

from collections.abc import Callable, Mapping
from typing import Final, Protocol

from twisted.logger import Logger
from twisted.python.failure import Failure

from webctp.ctp import errors
from webctp.ctp.refusal import Refusal
from webctp.gateway.access.principal import Scope
from webctp.gateway.conditional.account import AccountConditionals
from webctp.gateway.conditional.desk import ConditionalDesk
from webctp.gateway.conditional.noting import note_request
from webctp.gateway.conditional.reading import ConditionalReader, digest_of
from webctp.gateway.messages import own, own_conditional, own_risk
from webctp.gateway.messages.schema import Message
from webctp.gateway.portfolio.orders import PreviewedOrders
from webctp.gateway.portfolio.subscriber import Subscriber
from webctp.language.text import english
from webctp.upstream.conditional.conditional import Conditional
from webctp.upstream.session.login import LoginState
from webctp.upstream.trading.session import TradingSession

_log = Logger()

SCOPES: Final[Mapping[str, Scope]] = {
    own_conditional.INSERT: Scope.TRADE,
    own_conditional.CANCEL: Scope.TRADE,
    own_conditional.QUERY: Scope.READ,
}
"""The scope that each request needs."""


REQUEST_FAILED: Final = "a request of conditional orders has failed"
"""Logged with what went wrong; the client reads that the log has more."""


class AttachedSession(Protocol):
    """What is needed of the session that a client is attached to."""

    session: TradingSession


class ConditionalRequests:
    """Carry out one client's requests of conditional orders.

    :param desk: keeps them; None without a journal.
    :param shared: gives the session that the client is attached to; None for none.
    """

    def __init__(
        self,
        desk: ConditionalDesk | None,
        asker: Subscriber,
        shared: Callable[[], AttachedSession | None],
        orders: PreviewedOrders,
    ) -> None:
        self._desk = desk
        self._asker = asker
        self._shared = shared
        has_prices = desk is not None and desk.has_prices
        self._reader = ConditionalReader(
            orders, asker.peer.principal.name, asker.peer.address, has_prices=has_prices
        )
        self.own: Mapping[str, Callable[[Message, int], None]] = {
            own_conditional.INSERT: self._insert,
            own_conditional.CANCEL: self._cancel,
            own_conditional.QUERY: self._query,
        }

    def _insert(self, message: Message, request_id: int) -> None:
        """Keep a conditional order; answered when it is on disk."""
        name = own_conditional.INSERT
        word = own_risk.read(name, own_conditional.ConditionalWord, message, request_id)
        desk, session = self._usable()
        kept = desk.of(session.account)
        try:
            inserted = kept.insert(self._reader.read(word, request_id, session, desk.now()))
        except Refusal as refusal:
            digest = digest_of(word)
            inserted = desk.repeated(session.account, word.ConditionalID, digest, refusal)

        def answer(found: Conditional) -> None:
            self._note(desk, name, found)
            told = own_conditional.inserted(request_id, found, kept.reason_of(found))
            self._asker.say(own.encode(told, self._asker.peer.language))

        inserted.addCallbacks(answer, self._refused(name, request_id))

    def _cancel(self, message: Message, request_id: int) -> None:
        """Cancel one that waits; answered when that is on disk."""
        name = own_conditional.CANCEL
        word = own_risk.read(name, own_conditional.CancelWord, message, request_id)
        desk, kept = self._known()

        def answer(found: Conditional) -> None:
            self._note(desk, name, found)
            self._asker.say(own.encode(own_conditional.cancelled(request_id, found)))

        cancelled = kept.cancel(word.ConditionalID)
        cancelled.addCallbacks(answer, self._refused(name, request_id))

    def _query(self, message: Message, request_id: int) -> None:
        """Tell the account's conditional orders, or one."""
        name = own_conditional.QUERY
        word = own_risk.read(name, own_conditional.QueryWord, message, request_id)
        _, kept = self._known()
        found = [
            (one, kept.reason_of(one))
            for one in kept.book.all()
            if word.ConditionalID in ("", one.conditional_id)
        ]
        for row in own_conditional.listed(request_id, found):
            self._asker.say(own.encode(row, self._asker.peer.language))

    def _refused(self, name: str, request_id: int) -> Callable[[Failure], None]:
        def refused(failure: Failure) -> None:
            problem = failure.value
            if not isinstance(problem, Refusal):
                shared = self._shared()
                account = None if shared is None else shared.session.account
                _log.failure(REQUEST_FAILED, failure, account=account)
                detail = english("internal error; see the log")
                problem = Refusal(errors.BAD_REQUEST, detail)
            self._asker.refuse(name, problem.code, problem.detail, request_id)

        return refused

    def _note(self, desk: ConditionalDesk, name: str, found: Conditional) -> None:
        peer = self._asker.peer
        note_request(desk.audit, peer.principal.name, peer.address, name, found)

    def _known(self) -> tuple[ConditionalDesk, AccountConditionals]:
        """Return the desk, and what it keeps of the account that the client is logged in to."""
        desk, shared = self._desk, self._shared()
        if desk is None:
            raise Refusal(
                errors.BAD_REQUEST, english("conditional orders need a journal; configure Journal")
            )
        if shared is None or not shared.session.status.has_been_ready:
            raise Refusal(errors.NOT_LOGGED_IN, english("send ReqUserLogin first"))
        return desk, desk.of(shared.session.account)

    def _usable(self) -> tuple[ConditionalDesk, TradingSession]:
        """Return the desk, and the session if it is ready."""
        desk, _ = self._known()
        shared = self._shared()
        if shared is None:
            raise RuntimeError("a session without a client")
        if shared.session.state is not LoginState.READY:
            raise Refusal(errors.NOT_READY, shared.session.status.unusable())
        return desk, shared.session
