"""The risk desk: what all accounts may do, and what each has done; one for the whole daemon.

Every session asks it by a :class:`~webctp.upstream.risk.session.SessionRisk`. All methods run in
the reactor's thread.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Final

from twisted.internet.interfaces import IReactorTime

from webctp.config.risk import ComplianceConfig, RiskConfig
from webctp.ctp.catalog import Catalogue, Method
from webctp.upstream.account import AccountKey
from webctp.upstream.orders.keys import Row
from webctp.upstream.risk.book import AccountBook
from webctp.upstream.risk.checks import RiskCheck, checks_of
from webctp.upstream.risk.clearance import Clearances
from webctp.upstream.risk.compliance import ComplianceBook, Counts, Passed
from webctp.upstream.risk.facts import InstrumentFacts
from webctp.upstream.risk.intent import InsertKind, kind_of
from webctp.upstream.risk.killswitch import KillSwitch

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
    clearances: Clearances
    timed: bool
    """Whether a check, or what it is counted for, needs the time."""

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
class TokenRisk:
    """A token with limits: its checks, and what was entered with it."""

    book: AccountBook
    checks: tuple[RiskCheck, ...]
    duplicate_window: float
    clearances: Clearances


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
        self._tokens: dict[str, TokenRisk] = {}
        self._on_passed: list[OnPassed] = []
        self.kinds: dict[Method, InsertKind] = {
            method: kind_of(catalogue, method)
            for method in catalogue.methods.values()
            if method.is_order and method.name.endswith("Insert")
        }
        """What each insert is; actions are absent: they always pass."""
        self.order_insert = catalogue.methods["ReqOrderInsert"]
        """What nearly all inserts are: found without a look-up."""

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

    def token(self, name: str) -> TokenRisk | None:
        """Return the checks of a token; None where it has no limits."""
        found = self._tokens.get(name)
        if found is None and self._limits is not None and name in self._limits.tokens:
            limits = self._limits.tokens[name]
            checks = checks_of(limits, partial(_place_of, name))
            window = limits.duplicate_seconds or 0.0
            clearances = Clearances(checks, self.facts)
            found = self._tokens[name] = TokenRisk(AccountBook(), checks, window, clearances)
        return found

    def tell(self, key: AccountKey, passed: Iterable[Passed]) -> None:
        """Tell of thresholds that were passed."""
        for one in passed:
            for call in self._on_passed:
                call(key, one)

    def token_books(self) -> Iterable[AccountBook]:
        """Return the books of tokens that have limits."""
        return [one.book for one in self._tokens.values()]

    def take_settings(self, limits: RiskConfig | None, compliance: ComplianceConfig | None) -> None:
        """Take other limits and thresholds; what was counted stays."""
        self._limits, self._compliance = limits, compliance
        self._groups.clear()
        for key, account in self._accounts.items():
            account.book.others = ()
            self._limit(account)
            if account.counts is not None and compliance is not None:
                self.tell(key, account.counts.take_settings(compliance))
        for name, token in self._tokens.items():
            found = None if limits is None else limits.tokens.get(name)
            checks = () if found is None else checks_of(found, partial(_place_of, name))
            token.checks, token.clearances = checks, Clearances(checks, self.facts)
            token.duplicate_window = (found and found.duplicate_seconds) or 0.0

    def _make(self, key: AccountKey) -> AccountRisk:
        counts = None if self._compliance is None else ComplianceBook(self._compliance)
        clearances = Clearances((), self.facts)
        made = AccountRisk(key, AccountBook(), (), counts, 0.0, False, clearances, False)
        self._limit(made)
        return made

    def _limit(self, account: AccountRisk) -> None:
        """Give an account the checks of its limits, and the books of its group."""
        config, key, book = self._limits, account.key, account.book
        name = f"{key.broker_id}/{key.user_id}"
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
                    one.others = tuple(other for other in group if other is not one)
        account.checks, account.duplicate_window = checks, window
        account.needs_facts = any(check.needs_facts for check in checks)
        account.clearances = Clearances(checks, self.facts)
        account.timed = account.clearances.timed or account.counts is not None


def _place_of(token: str, _: str) -> str:
    return f"Risk.Tokens.{token}"
