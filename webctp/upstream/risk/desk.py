"""The risk desk: what all accounts may do, and what each has done; one for the whole daemon.

Every session asks it by a :class:`~webctp.upstream.risk.session.SessionRisk`. All methods run in
the reactor's thread.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Final

from twisted.internet.interfaces import IReactorTime

from webctp.config.risk import ComplianceConfig, RiskConfig, RiskLimits
from webctp.ctp.catalog import Catalogue, Method
from webctp.ctp.codec import codec_for
from webctp.language.text import english
from webctp.upstream.account import AccountKey
from webctp.upstream.kill.killswitch import KillSwitch
from webctp.upstream.risk.accounts import MOST_ACCOUNTS, AccountRisk, AccountTable
from webctp.upstream.risk.book import AccountBook
from webctp.upstream.risk.checks import RiskCheck, checks_of
from webctp.upstream.risk.clearance import Clearances
from webctp.upstream.risk.compliance import ComplianceBook, Counts, Passed
from webctp.upstream.risk.facts import InstrumentFacts
from webctp.upstream.risk.intent import InsertKind, kind_of

NO_ROOM: Final = english(
    "{most} accounts have orders on this trading day, as many as are counted; nothing is inserted "
    "for another",
    most=MOST_ACCOUNTS,
)

PARKED_ORDER: Final = "CThostFtdcParkedOrderField"

OnPassed = Callable[[AccountKey, Passed], object]
"""Takes a threshold that an account has passed."""


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
        self._accounts = AccountTable(clock, self._make, self._forget)
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
        self.parks = catalogue.methods["ReqParkedOrderInsert"]
        self.removes_parked = catalogue.methods["ReqRemoveParkedOrder"]
        self.parked_layout = codec_for(catalogue.module).layout(PARKED_ORDER)

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
        return any(one.max_position for one in self._all_limits())

    @property
    def needs_parked(self) -> bool:
        """Whether a check counts what is parked at CTP."""
        return any(
            one.max_position
            or one.max_working_orders
            or one.max_orders_per_day
            or one.self_trade == "refuse"
            for one in self._all_limits()
        )

    def _all_limits(self) -> Iterator[RiskLimits]:
        """Give the limits of all, of each account and of each token."""
        if self._limits is not None:
            yield self._limits
            yield from self._limits.accounts.values()
            yield from self._limits.tokens.values()

    def on_passed(self, call: OnPassed) -> None:
        """Tell of every threshold that is passed from now on."""
        self._on_passed.append(call)

    def own(self, key: AccountKey) -> AccountRisk:
        """Return the risk of a session's own account; made when it is first asked for."""
        return self._accounts.own(key)

    def find(self, key: AccountKey) -> AccountRisk | None:
        """Return the risk of an account that somebody names; None where there is no room."""
        return self._accounts.find(key)

    def told_of(self, user: AccountKey, investor: AccountKey, day: str) -> AccountRisk | None:
        """Return the risk of an investor of whose orders a user's session is told.

        Without room for it nothing is inserted for it on that day, for its tallies are not whole.
        """
        found = self._accounts.find(investor)
        if found is None:
            self._accounts.untold(investor, day)
        else:
            found.users.add(user)
        return found

    def accounts_of(self, user: AccountKey) -> list[AccountKey]:
        """Return whose orders a user's sessions have told of: its own, or its investors'."""
        return [one.key for one in self._accounts if one.key == user or user in one.users]

    def begins(self, user: AccountKey, day: str) -> bool:
        """Return whether a user's trading day is asked about for the first time in this run."""
        if self._begun.get(user) == day:
            return False
        if user not in self._begun:  # what is of another day is asked about again
            self._begun = {one: of for one, of in self._begun.items() if of == day}
        self._begun[user] = day
        return True

    def counts_of(self, key: AccountKey, instrument: str = "") -> Iterator[Counts]:
        """Give an account's compliance counts, of one instrument or all."""
        found = self._accounts.get(key)
        if found is not None and found.counts is not None:
            yield from found.counts.counts(instrument)

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

    def books(self) -> Iterator[AccountBook]:
        """Give the book of every account, and of every token that has limits."""
        yield from (one.book for one in self._accounts)
        yield from self.token_books()

    def token_books(self) -> Iterable[AccountBook]:
        """Return the books of tokens that have limits."""
        return [one.book for one in self._tokens.values()]

    def take_settings(self, limits: RiskConfig | None, compliance: ComplianceConfig | None) -> None:
        """Take other limits and thresholds; what was counted stays."""
        self._limits, self._compliance = limits, compliance
        self._groups.clear()
        for account in self._accounts:
            account.book.others = ()
            self._limit(account)
            if account.counts is not None and compliance is not None:
                self.tell(account.key, account.counts.take_settings(compliance))
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

    def _forget(self, account: AccountRisk) -> None:
        """Hold nothing of an account any more."""
        for group in self._groups.values():
            if account.book in group:
                group.remove(account.book)
                _acquaint(group)

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
                _acquaint(group)
        account.checks, account.duplicate_window = checks, window
        account.needs_facts = any(check.needs_facts for check in checks)
        account.clearances = Clearances(checks, self.facts)
        account.timed = account.clearances.timed or account.counts is not None


def _acquaint(group: list[AccountBook]) -> None:
    """Let each book of a group know the others."""
    for one in group:
        one.others = tuple(other for other in group if other is not one)


def _place_of(token: str, _: str) -> str:
    return f"Risk.Tokens.{token}"
