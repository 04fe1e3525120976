"""The risk desk: what all accounts may do, and what each has done; one for the whole daemon.

Every session has a :class:`SessionRisk` of it, which is asked before an insert goes to the disk
and again right before the native call, and is told what becomes of orders. All methods run in the
reactor's thread.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from twisted.internet.interfaces import IReactorTime

from webctp.config.risk import ComplianceConfig, RiskConfig
from webctp.ctp import errors
from webctp.ctp.catalog import Catalogue, Method
from webctp.ctp.refusal import Refusal
from webctp.language.text import Text, english
from webctp.upstream.account import AccountKey
from webctp.upstream.orders.keys import RefIdentity, Row, plain_ref
from webctp.upstream.orders.order import Order
from webctp.upstream.risk.book import LONG, SHORT, AccountBook
from webctp.upstream.risk.checks import RiskCheck, checks_of
from webctp.upstream.risk.compliance import ComplianceBook, Counts, Passed
from webctp.upstream.risk.facts import InstrumentFacts
from webctp.upstream.risk.halts import Halt, KillLevel
from webctp.upstream.risk.intent import BUY, InsertKind, Intent, intent_of, kind_of
from webctp.upstream.risk.killswitch import KillSwitch

_REFS: Final = {InsertKind.ORDER: ("OrderRef",), InsertKind.QUOTE: ("BidOrderRef", "AskOrderRef")}

_MOST_ACCOUNTS: Final = 10_000
"""Accounts that are kept: operators name investors, and may name what is none."""

OnPassed = Callable[[AccountKey, Passed], object]
"""Takes a threshold that an account has passed."""


@dataclass(eq=False, slots=True)
class AccountRisk:
    """An account: what it has in the market, the checks it keeps to, what it is counted for."""

    key: AccountKey
    book: AccountBook
    checks: tuple[RiskCheck, ...]
    counts: ComplianceBook | None
    duplicate_window: float
    needs_facts: bool

    def take_order(self, row: Row) -> list[Passed]:
        """Take a RtnOrder of the account, from whatever session."""
        if not self._is_of_day(row):
            return []
        key = self.book.key_of(row)
        self.book.take_order(row, key)
        return [] if self.counts is None else self.counts.take_order(row, key)

    def take_trade(self, row: Row) -> list[Passed]:
        """Take a RtnTrade of the account, from whatever session."""
        if not self._is_of_day(row) or not self.book.take_trade(row) or self.counts is None:
            return []
        return self.counts.take_trade(row)

    def new_day(self, day: str) -> None:
        """Forget what is of days before this one."""
        if day != self.book.day:
            self.book.new_day(day)
            if self.counts is not None:
                self.counts.new_day()

    def _is_of_day(self, row: Row) -> bool:
        day = str(row["TradingDay"])
        if day > self.book.day:
            self.new_day(day)
        return day == self.book.day


@dataclass(eq=False, slots=True)
class _Token:
    """A token with limits: its checks, and what was entered with it."""

    book: AccountBook
    checks: tuple[RiskCheck, ...]
    duplicate_window: float


class RiskDesk:
    """Hold every account's risk.

    :param facts: what is known of instruments.
    :param switch: the kill switch, where there is one.
    """

    def __init__(
        self,
        clock: IReactorTime,
        catalogue: Catalogue,
        *,
        limits: RiskConfig | None,
        compliance: ComplianceConfig | None,
        facts: InstrumentFacts,
        switch: KillSwitch | None = None,
    ) -> None:
        self.clock = clock
        self.facts = facts
        self.switch = switch
        self._limits = limits
        self._compliance = compliance
        self._accounts: dict[AccountKey, AccountRisk] = {}
        self._users: dict[AccountKey, set[AccountKey]] = {}
        """Operators, by the investors that they order for."""
        self._begun: dict[AccountKey, str] = {}
        self._groups: dict[str, list[AccountBook]] = {}
        self._tokens: dict[str, _Token] = {}
        self._on_passed: list[OnPassed] = []
        self.kinds: dict[Method, InsertKind] = {
            method: kind_of(catalogue, method)
            for method in catalogue.methods.values()
            if method.is_order and method.name.endswith("Insert")
        }
        """What each insert is; actions are absent: they always pass."""

    @property
    def keeps_books(self) -> bool:
        """Whether orders and trades have to be followed: something is configured that needs it."""
        return self._limits is not None or self._compliance is not None

    @property
    def counts(self) -> bool:
        """Whether ``Compliance`` is configured."""
        return self._compliance is not None

    @property
    def needs_positions(self) -> bool:
        """Whether a check needs what accounts hold."""
        return self._limits is not None and any(
            one.max_position
            for one in (
                self._limits,
                *self._limits.accounts.values(),
                *self._limits.tokens.values(),
            )
        )

    def on_passed(self, call: OnPassed) -> None:
        """Tell of every threshold that is passed from now on."""
        self._on_passed.append(call)

    def session(self, identity: AccountKey) -> "SessionRisk":
        """Return what a session of an account asks and tells."""
        return SessionRisk(self, identity)

    def of(self, key: AccountKey) -> AccountRisk:
        """Return an account's risk; made when it is first asked for."""
        found = self._accounts.get(key)
        if found is None:
            found = self._make(key)
            if len(self._accounts) < _MOST_ACCOUNTS:
                self._accounts[key] = found
        return found

    def accounts_of(self, user: AccountKey) -> list[AccountKey]:
        """Return whose orders a user's sessions have told of: its own, or its investors'."""
        return [key for key in self._accounts if key == user or user in self._users.get(key, ())]

    def note_user(self, user: AccountKey, investor: AccountKey) -> None:
        """Take note that a user's session tells of an investor's orders."""
        self._users.setdefault(investor, set()).add(user)

    def begins(self, user: AccountKey, day: str) -> bool:
        """Return whether a user's trading day is asked about for the first time in this run."""
        if self._begun.get(user) == day:
            return False
        self._begun[user] = day
        return True

    def counts_of(self, key: AccountKey, instrument: str = "") -> Iterator[Counts]:
        """Give an account's compliance counts, of one instrument or all."""
        counts = self.of(key).counts
        if counts is not None:
            yield from counts.counts(instrument)

    def token(self, name: str) -> _Token | None:
        """Return the checks of a token; None where it has no limits."""
        found = self._tokens.get(name)
        if found is None and self._limits is not None and name in self._limits.tokens:
            limits = self._limits.tokens[name]
            checks = checks_of(limits, lambda _: f"Risk.Tokens.{name}")
            window = limits.duplicate_seconds or 0.0
            found = self._tokens[name] = _Token(AccountBook(), checks, window)
        return found

    def tell(self, key: AccountKey, passed: Iterable[Passed]) -> None:
        """Tell of thresholds that were passed."""
        for one in passed:
            for call in self._on_passed:
                call(key, one)

    def token_books(self) -> Iterable[AccountBook]:
        """Return the books of tokens that have limits."""
        return [one.book for one in self._tokens.values()]

    def _make(self, key: AccountKey) -> AccountRisk:
        config, name = self._limits, f"{key.broker_id}/{key.user_id}"
        book = AccountBook()
        checks: tuple[RiskCheck, ...] = ()
        window = 0.0
        if config is not None:
            limits = config.of(name)
            checks = checks_of(limits, partial(config.place_of, name))
            window = limits.duplicate_seconds or 0.0
            if limits.self_trade_group:
                group = self._groups.setdefault(limits.self_trade_group, [])
                group.append(book)
                for one in group:
                    one.peers = tuple(group)
        counts = None if self._compliance is None else ComplianceBook(self._compliance)
        needs_facts = any(check.needs_facts for check in checks)
        return AccountRisk(key, book, checks, counts, window, needs_facts)


class SessionRisk:
    """What one session asks before it sends an insert, and tells of orders and trades.

    It is an :class:`~webctp.upstream.orders.checks.OrderCheck` to be asked before an order goes
    to the disk; :meth:`halted` is asked again right before the native call.
    """

    def __init__(self, desk: RiskDesk, identity: AccountKey) -> None:
        self._desk = desk
        self._identity = identity
        self._usual = desk.of(identity)
        self._halts: Mapping[str, Halt] = {}
        self._halted: dict[tuple[AccountKey, str], Halt | None] = {}
        """The strictest halt on an investor and a token, while the kill switch does not move."""
        self._judged: tuple[Order, Intent, AccountRisk, float] | None = None
        """The insert that was let pass last; it is entered next, or refused."""
        self._ctp_session = (0, 0)
        self._former: set[tuple[int, int]] = set()
        """The numbers of logins before, until CTP has told the day again."""
        self.follows = desk.keeps_books
        """See :class:`~webctp.upstream.orders.order.OrderWatch`."""

    def refusal(self, order: Order) -> Refusal | None:
        """See :class:`~webctp.upstream.orders.checks.OrderCheck`."""
        desk = self._desk
        kind = desk.kinds.get(order.method)
        if kind is None:
            return None
        switch = desk.switch
        if switch is not None and switch.halts:
            refusal = self.halted(order)
            if refusal is not None:
                return refusal
        if not self.follows:
            return None
        intent = intent_of(kind, order.body)
        account = self._account(order)
        now = desk.clock.seconds()
        detail = self._detail(order, intent, account, now)
        if detail is not None:
            return Refusal(errors.FORBIDDEN, detail)
        self._judged = order, intent, account, now
        return None

    def halted(self, order: Order) -> Refusal | None:
        """Return the refusal by the kill switch; None where it lets the order pass."""
        switch = self._desk.switch
        if switch is None or not switch.halts:
            return None
        kind = self._desk.kinds.get(order.method)
        if kind is None:
            return None
        account = self._account(order)
        halt = self._halt_on(switch, account.key, order.token)
        if halt is None:
            return None
        if halt.level is KillLevel.REDUCE_ONLY:
            detail = _more_than_reduces(intent_of(kind, order.body), account.book)
            if detail is None:
                return None
            return Refusal(errors.FORBIDDEN, said(halt, detail))
        return Refusal(errors.FORBIDDEN, said(halt, english("nothing is inserted; cancels pass")))

    def _halt_on(self, switch: KillSwitch, investor: AccountKey, token: str) -> Halt | None:
        """Return the strictest halt; looked up anew when the kill switch has moved."""
        if switch.halts is not self._halts:
            self._halts = switch.halts
            self._halted.clear()
        key = investor, token
        if key not in self._halted:
            if len(self._halted) > _MOST_ACCOUNTS:
                self._halted.clear()
            self._halted[key] = switch.halt_on({self._identity, investor}, token)
        return self._halted[key]

    def entered(self, order: Order) -> None:
        """Take note that an insert, which :meth:`refusal` has let pass, is sent now or soon."""
        judged = self._judged
        if judged is None or judged[0] is not order:
            return
        self._judged = None
        _, intent, account, now = judged
        keys = _keys_of(intent, order, *self._ctp_session)
        account.book.enter(keys, intent, now, order)
        if account.duplicate_window:
            account.book.note_alike(intent.content, now, account.duplicate_window)
        if account.counts is not None:
            account.counts.entered(intent.instrument, now)
        token = self._desk.token(order.token) if order.token else None
        if token is not None:
            token.book.new_day(account.book.day)
            token.book.enter(keys, intent, now, order)
            if token.duplicate_window:
                token.book.note_alike(intent.content, now, token.duplicate_window)

    def dropped(self, order: Order) -> None:
        """Take note that an insert was refused after all, here or by CTP."""
        kind = self._desk.kinds.get(order.method)
        if kind is None or not self.follows:
            return
        keys = [
            (*self._ctp_session, plain_ref(order.body[name]))
            for name in _REFS.get(kind, ())
            if order.body.get(name)
        ]
        self._account(order).book.drop(keys, order)
        for book in self._desk.token_books():
            book.drop(keys, order)

    def take_order(self, row: Row) -> None:
        """Take a RtnOrder, of whatever session of the account."""
        account = self._whose(row)
        passed = account.take_order(row)
        for book in self._desk.token_books():
            key = row["FrontID"], row["SessionID"], plain_ref(row["OrderRef"])
            if book.is_of_day(row) and book.has(key):
                book.take_order(row, key)
        if passed:
            self._desk.tell(account.key, passed)

    def take_trade(self, row: Row) -> None:
        """Take a RtnTrade, of whatever session of the account."""
        self._desk.facts.take_price(str(row["InstrumentID"]), row["Price"] or 0.0)
        account = self._whose(row)
        passed = account.take_trade(row)
        if passed:
            self._desk.tell(account.key, passed)

    def take_kept(self, kind: str, kept: Mapping[str, object]) -> None:
        """Take an order or a trade that the journal has: CTP may not tell it any more."""
        row = _Kept(kept)
        if kind == "order":
            self.take_order(row)
        else:
            self.take_trade(row)

    def logged_in(self, day: str, front_id: int, session_id: int) -> None:
        """Take the trading day and the numbers of a login."""
        self._usual.new_day(day)
        before, self._ctp_session = self._ctp_session, (front_id, session_id)
        self._former = {*self._former, before} - {self._ctp_session}

    def flow_replayed(self) -> None:
        """Take note that CTP has told the day: what it does not know of logins before is lost."""
        former, self._former = self._former, set()
        for front_id, session_id in former:
            self._usual.book.drop_untold(front_id, session_id)

    def _account(self, order: Order) -> AccountRisk:
        """Whose an order is: a user's own account, unless an operator names another."""
        investor = order.body.get("InvestorID")
        if not investor or investor == self._identity.user_id:
            return self._usual
        return self._desk.of(AccountKey(self._identity.broker_id, investor.strip()))

    def _whose(self, row: Row) -> AccountRisk:
        investor = str(row["InvestorID"])
        if investor == self._identity.user_id or not investor:
            return self._usual
        key = AccountKey(self._identity.broker_id, investor)
        self._desk.note_user(self._identity, key)
        return self._desk.of(key)

    def _detail(
        self, order: Order, intent: Intent, account: AccountRisk, now: float
    ) -> Text | None:
        """Ask the checks, the cheapest first; the first that refuses says why."""
        if account.counts is not None and intent.opens:
            detail = account.counts.refusal(intent.instrument, now)
            if detail is not None:
                return detail
        book = account.book
        if account.needs_facts or order.token:
            facts = self._desk.facts
            intent.terms = facts.terms(intent.instrument)
            intent.last = facts.last_price(intent.instrument)
        for check in account.checks:
            detail = check.refusal(intent, book, now)
            if detail is not None:
                return detail
        token = self._desk.token(order.token) if order.token else None
        if token is not None:
            for check in token.checks:
                mine = token.book if check.of_sender else book
                detail = check.refusal(intent, mine, now)
                if detail is not None:
                    return detail
        return None


class _Kept(dict[str, Any]):
    """A row of the journal, which leaves out what is unset."""

    def __missing__(self, name: str) -> str:
        return ""


def said(halt: Halt, what: Text) -> Text:
    """Return a halt for whoever is refused: what is in force, on whom, why; and what that means."""
    return english(
        "the kill switch is at {forbids} for {target}{why}: {what}",
        forbids=halt.level.value,
        target=halt.target,
        why=f" ({halt.reason})" if halt.reason else "",
        what=what,
    )


def _more_than_reduces(intent: Intent, book: AccountBook) -> Text | None:
    """Return why an insert does not only reduce; None where it does.

    Its offsets say what closes. Where the position is known it must not close more than is held
    and not being closed already, for what closes too much may open elsewhere.
    """
    if intent.opens:
        return english("only closing is sent, and this may open; cancels pass")
    for leg in intent.legs:
        side = SHORT if leg.direction == BUY else LONG
        held = book.held(intent.instrument, side)
        if held is None:
            continue
        free = held - book.closing(intent.instrument, side)
        if leg.volume > free:
            return english(
                "only closing is sent: {free} lots can be closed, found {lots}",
                free=max(free, 0),
                lots=leg.volume,
            )
    return None


def _keys_of(intent: Intent, order: Order, front_id: int, session_id: int) -> list[RefIdentity]:
    """Return what CTP will tell the orders of an insert by; nothing for other instructions."""
    body = order.body
    if intent.kind is InsertKind.ORDER:
        ref = body.get("OrderRef") or ""
        return [(front_id, session_id, _plain(ref))] if ref else []
    if intent.kind is not InsertKind.QUOTE:
        return []
    names = ("BidOrderRef" if leg.direction == BUY else "AskOrderRef" for leg in intent.legs)
    return [(front_id, session_id, _plain(body[name])) for name in names if body.get(name)]


def _plain(ref: str) -> str:
    """Return :func:`plain_ref`; references that the gateway gives are plain."""
    return ref if ref.isdigit() and ref[0] != "0" else plain_ref(ref)
