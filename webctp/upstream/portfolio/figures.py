"""The figures of a portfolio at a moment: immutable values, in units (1e-4 yuan) and lots."""

from typing import NamedTuple

from webctp.upstream.portfolio.facts import Key


class PositionFigures(NamedTuple):
    """A position's figures. ``today_…`` and ``older_…`` tell its days' lots apart.

    ``margin`` is what it is charged: nothing on the smaller side of its product where the larger
    side alone is. ``lot_margin`` is what a lot costs.
    """

    key: Key
    exchange: str
    multiplier: int
    today: int
    older: int
    start: int
    today_frozen: int
    older_frozen: int
    opening: int
    combined: int
    open_volume: int
    close_volume: int
    open_amount: int
    close_amount: int
    cost: int
    open_cost: int
    last: int
    pre_settlement: int
    profit_by_date: int
    profit_by_trade: int
    closed_by_date: int
    closed_by_trade: int
    option_value: int
    margin: int
    lot_margin: int
    commission: int
    cash_in: int
    frozen_commission: int
    frozen_cash: int
    opening_amount: int

    @property
    def volume(self) -> int:
        """Lots held."""
        return self.today + self.older

    @property
    def available(self) -> int:
        """Lots that no order is closing."""
        return max(self.volume - self.today_frozen - self.older_frozen, 0)


class AccountFigures(NamedTuple):
    """An account's figures, named as in ``CThostFtdcTradingAccountField``."""

    pre_balance: int
    pre_margin: int
    deposit: int
    withdraw: int
    close_profit: int
    position_profit: int
    commission: int
    cash_in: int
    margin: int
    frozen_margin: int
    frozen_commission: int
    frozen_cash: int
    balance: int
    available: int
    option_value: int

    @property
    def risk_degree(self) -> float:
        """Return the margin's share of the equity (风险度); 0 without margin."""
        if not self.margin:
            return 0.0
        return self.margin / self.balance if self.balance > 0 else float("inf")


class AccountPoint(NamedTuple):
    """An account's money at a moment (seconds since 1970), in units (1e-4 yuan)."""

    moment: float
    balance: int
    available: int
    margin: int
