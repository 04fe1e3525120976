"""The conditional orders of all accounts of a service: by which sessions, prices and time.

All methods run in the reactor's thread.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Final, NoReturn, Protocol

from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IReactorTime
from twisted.logger import Logger
from twisted.python.failure import Failure

from webctp.ctp import errors
from webctp.ctp.catalog import Method
from webctp.ctp.refusal import Refusal
from webctp.gateway.access.audit import AuditLog
from webctp.gateway.conditional.account import AccountConditionals
from webctp.gateway.conditional.environment import MakePrices
from webctp.gateway.conditional.noting import note_outcome
from webctp.gateway.conditional.standing import Standing
from webctp.gateway.messages import own, own_conditional
from webctp.language.text import Language, Text, english, reason_of
from webctp.metrics import Kind, Metric, Sample
from webctp.upstream.account import AccountKey
from webctp.upstream.conditional.conditional import Conditional
from webctp.upstream.conditional.table import ConditionalState
from webctp.upstream.journal.journal import Journal
from webctp.upstream.journal.plans import CONDITIONAL
from webctp.upstream.orders.client_order import ClientOrder, JournalBroken
from webctp.upstream.session.login import LoginState
from webctp.upstream.trading.session import TradingSession

_log = Logger()

_CONDITIONALS: Final = Metric(
    "webctp_conditional_orders",
    Kind.GAUGE,
    "Conditional orders of the accounts that have logged in since the start, by state.",
    "启动以来登录过的账户的条件单数，按状态。",
    ("state",),
)

_ASLEEP: Final = Metric(
    "webctp_conditional_orders_asleep",
    Kind.GAUGE,
    "Conditional orders that the run before has left, whose accounts have not logged in since.",
    "上次运行留下、其账户尚未登录的条件单数。",
)
ASLEEP: Final = (
    "{count} conditional orders wait for the next login of {accounts} accounts: the gateway keeps "
    "no passwords"
)
"""Logged at the start, where the run before has left any."""

Now = Callable[[], datetime]
"""Gives the time at the exchanges, naive in China Standard Time."""


class TellingSession(Protocol):
    """A session with its clients: ``SharedSession``."""

    session: TradingSession

    @property
    def state(self) -> LoginState:
        """Where the session stands."""

    def tell(self, make: Callable[[int], bytes]) -> object:
        """Tell everybody something of the gateway's own, under the next number."""


class ConditionalDesk:
    """Keep the conditional orders of every account.

    :param insert: the method of an order.
    :param make_prices: makes what follows market data; None where the daemon has none.
    :param sessions_of: gives the sessions of an account.
    :param standing: says who may still trade what.
    :param audit: where it is noted what comes of them.
    :param language: in which clients are told reasons.
    """

    def __init__(
        self,
        clock: IReactorTime,
        journal: Journal,
        insert: Method,
        make_prices: MakePrices | None,
        now: Now,
        sessions_of: Callable[[AccountKey], Iterable[TellingSession]],
        standing: Standing,
        audit: AuditLog | None = None,
        language: Language = "en",
    ) -> None:
        self.clock = clock
        self.journal = journal
        self.insert = insert
        self.now = now
        self.objection = standing.objection
        self.audit = audit
        self.has_prices = make_prices is not None
        """Whether conditions on prices can be watched at all."""
        self._make_prices = make_prices
        self._sessions_of = sessions_of
        self._language: Language = language
        self._accounts: dict[AccountKey, AccountConditionals] = {}
        self._asleep: dict[AccountKey, int] = {}
        """How many the run before has left to each account that has not logged in since."""

    def start(self) -> None:
        """Say what the run before has left, once the journal is open."""
        left = self.journal.waiting_plans(CONDITIONAL)
        left.addCallbacks(self._left, lambda failure: failure.trap(JournalBroken))

    def _left(self, found: list[tuple[str, str, int]]) -> None:
        for broker_id, user_id, count in found:
            account = AccountKey(broker_id, user_id)
            if account not in self._accounts:
                self._asleep[account] = count
        if self._asleep:
            _log.warn(ASLEEP, count=sum(self._asleep.values()), accounts=len(self._asleep))

    def of(self, account: AccountKey) -> AccountConditionals:
        """Return the conditional orders of an account."""
        found = self._accounts.get(account)
        if found is None:
            self._asleep.pop(account, None)
            found = self._accounts[account] = AccountConditionals(self, account, self._make_prices)
        return found

    def repeated(
        self, account: AccountKey, name: str, digest: str, refusal: Refusal
    ) -> Deferred[Conditional]:
        """Find the conditional order that a request has made before, whatever has passed since.

        A moment that is over refuses a new one; one that was recorded may have been sent.

        :param refusal: fails what is returned, where there is none, or that of another request.
        """

        def found(value: bytes | None) -> Conditional:
            known = self.of(account).book.get(name)
            if known is None and value:
                known = Conditional.of(value)
            if known is None or known.digest != digest:
                raise refusal
            return known

        def unread(failure: Failure) -> NoReturn:
            failure.trap(JournalBroken)
            detail = english(
                "whether it was recorded before cannot be read from the journal: {reason}",
                reason=reason_of(failure.value),
            )
            raise Refusal(errors.NOT_READY, detail)

        looked = self.journal.find_plan(account, CONDITIONAL, name)
        return looked.addCallbacks(found, unread)

    def waits(self, account: AccountKey) -> bool:
        """Return whether an account's session is to live on without a client."""
        found = self._accounts.get(account)
        return found is not None and found.waits

    def ready(self, session: TradingSession) -> None:
        """Take a session that is ready and has been told the day."""
        found = self.of(session.account)
        if not found.is_carried:
            found.ready(session)

    def lost(self, session: TradingSession) -> None:
        """Take note that a session is not ready any more; another of the account takes its place.

        At most one session sends an account's orders.
        """
        found = self._accounts.get(session.account)
        if found is None or not found.lost(session):
            return
        for one in self._sessions_of(session.account):
            if one.session is not session and one.state is LoginState.READY:
                found.ready(one.session)
                return

    def client_order(self, order: ClientOrder) -> None:
        """Take what has become of a ClientOrderID."""
        found = self._accounts.get(AccountKey(order.broker_id, order.user_id))
        if found is not None:
            found.client_order(order)

    def changed(self, one: Conditional, reason: Text) -> None:
        """Tell an account's clients where a conditional order stands, and the audit log."""
        note_outcome(self.audit, one, reason)
        told = own_conditional.state(one, reason)
        for shared in self._sessions_of(one.account):
            shared.tell(
                lambda seq: own.encode(
                    own_conditional.RtnConditional(Seq=seq, Conditional=told), self._language
                )
            )

    def stop(self) -> None:
        """Watch nothing any more: the daemon ends. What waits is on disk."""
        for one in self._accounts.values():
            one.stop()

    def samples(self) -> Iterator[Sample]:
        """Count conditional orders; called on a scrape."""
        yield _ASLEEP.sample(sum(self._asleep.values()))
        states = Counter(one.state for kept in self._accounts.values() for one in kept.book)
        for state in ConditionalState:
            yield _CONDITIONALS.sample(states[state], state.value)
