"""An account's money: what CTP says it began with, and what its positions make of it.

Amounts are in units (1e-4 yuan). Rules: CTP's pages ONRSPQRYTRADINGACCOUNT and
ONRSPQRYBROKERTRADINGPARAMS. Pure; runs in the reactor's thread.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from webctp.upstream.portfolio.facts import LONG, Key, Row, Terms
from webctp.upstream.portfolio.figures import AccountFigures
from webctp.upstream.portfolio.money import units

_ONLY_LOST: Final = "2"
_ONLY_GAINED: Final = "3"
_NONE: Final = "4"
_NOT_INCLUDED: Final = "2"
_CFFEX: Final = "CFFEX"


class Params(NamedTuple):
    """How the broker reckons: ReqQryBrokerTradingParams.

    ``algorithm`` says which floating profit may be used (Algorithm), ``margin_price`` at which
    price today's lots are charged (MarginPriceType: '1' pre-settlement, '2' last, else open).
    """

    margin_price: str = "1"
    algorithm: str = "1"
    uses_close_profit: bool = True

    def usable(self, floating: int, closed: int) -> int:
        """Return what of floating and closed profit new orders may use."""
        if self.algorithm == _ONLY_LOST:
            floating = min(floating, 0)
        elif self.algorithm == _ONLY_GAINED:
            floating = max(floating, 0)
        elif self.algorithm == _NONE:
            floating = 0
        return floating + (closed if self.uses_close_profit else min(closed, 0))


def params_of(row: Row) -> Params:
    """Read an answer to ReqQryBrokerTradingParams."""
    return Params(
        str(row["MarginPriceType"]),
        str(row["Algorithm"]),
        row["AvailIncludeCloseProfit"] != _NOT_INCLUDED,
    )


class Charged(NamedTuple):
    """A position as margins are worked out: lots held, lots that orders open, margin of all."""

    key: Key
    terms: Terms
    margin: int
    opening_margin: int


class Margins(NamedTuple):
    """Margin in use, margin frozen, and the positions that are charged nothing."""

    used: int
    frozen: int
    spared: frozenset[Key]


def margins(charged: Iterable[Charged]) -> Margins:
    """Return what positions cost; where the larger side alone is charged, by product.

    CFFEX keeps a trading code for each hedge flag and compares the sides within one (CTP's page
    ONRSPQRYTRADINGACCOUNT). Of two sides that are alike the short one is spared.
    """
    used = frozen = 0
    groups: dict[tuple[str, str, str], list[Charged]] = {}
    for one in charged:
        if one.terms.larger_side and not one.terms.is_option:
            terms = one.terms
            hedge = one.key.hedge if terms.exchange == _CFFEX else ""
            groups.setdefault((terms.exchange, terms.product, hedge), []).append(one)
        else:
            used += one.margin
            frozen += one.opening_margin
    spared: set[Key] = set()
    for group in groups.values():
        sides = [0, 0]
        wholes = [0, 0]
        for one in group:
            place = int(one.key.side)
            sides[place] += one.margin
            wholes[place] += one.margin + one.opening_margin
        used += max(sides)
        frozen += max(wholes) - max(sides)
        light = "1" if sides[0] >= sides[1] else LONG
        spared.update(one.key for one in group if one.key.side == light)
    return Margins(used, frozen, frozenset(spared))


@dataclass(slots=True)
class Account:
    """The account's money beside its positions.

    ``static`` is the balance without the day's profits, fees and premiums; ``other`` is what CTP
    takes off the available money beside margins and what is frozen (reserves, credit).
    ``commission`` … ``cash_in`` are what CTP says beyond what the day's trades make: fees of
    exercises, what a reconciliation has found.
    """

    params: Params = field(default_factory=Params)
    pre_balance: int = 0
    pre_margin: int = 0
    deposit: int = 0
    withdraw: int = 0
    static: int = 0
    other: int = 0
    commission: int = 0
    close_profit: int = 0
    cash_in: int = 0
    margin: int = 0
    frozen_margin: int = 0
    frozen_commission: int = 0
    frozen_cash: int = 0

    def seed(self, row: Row) -> None:
        """Take what the account began with from a TradingAccount.

        One row agrees with itself, so it does not matter how much of the day is in it.
        """
        self.pre_balance = units(row["PreBalance"])
        self.pre_margin = units(row["PreMargin"])
        self.deposit = units(row["Deposit"])
        self.withdraw = units(row["Withdraw"])
        floating, closed = units(row["PositionProfit"]), units(row["CloseProfit"])
        cash = units(row["CashIn"]) - units(row["Commission"])
        self.static = units(row["Balance"]) - floating - closed - cash
        aside = sum(
            units(row[name])
            for name in ("CurrMargin", "FrozenMargin", "FrozenCommission", "FrozenCash")
        )
        usable = self.static + cash + self.params.usable(floating, closed)
        self.other = usable - aside - units(row["Available"])

    def moved(self, amount: int) -> None:
        """Take a transfer: money put in, or taken out (below zero)."""
        self.deposit += max(amount, 0)
        self.withdraw += max(-amount, 0)
        self.static += amount

    def figures(self, made: "Sums") -> AccountFigures:
        """Return the account's figures with the sums of its positions."""
        closed = made.close_profit + self.close_profit
        commission = made.commission + self.commission
        cash_in = made.cash_in + self.cash_in
        margin = made.margin + self.margin
        frozen_margin = made.frozen_margin + self.frozen_margin
        frozen_commission = made.frozen_commission + self.frozen_commission
        frozen_cash = made.frozen_cash + self.frozen_cash
        cash = self.static + cash_in - commission
        aside = margin + frozen_margin + frozen_commission + frozen_cash + self.other
        return AccountFigures(
            self.pre_balance,
            self.pre_margin,
            self.deposit,
            self.withdraw,
            closed,
            made.position_profit,
            commission,
            cash_in,
            margin,
            frozen_margin,
            frozen_commission,
            frozen_cash,
            cash + closed + made.position_profit,
            cash + self.params.usable(made.position_profit, closed) - aside,
            made.option_value,
        )


class Sums(NamedTuple):
    """What all positions come to."""

    close_profit: int = 0
    position_profit: int = 0
    commission: int = 0
    cash_in: int = 0
    margin: int = 0
    frozen_margin: int = 0
    frozen_commission: int = 0
    frozen_cash: int = 0
    option_value: int = 0
