"""An account: its money, its positions, what its orders have set aside.

Cash items change with trades only; margins, profits and balances are worked out from the
positions when they are asked for, so there is one truth. All amounts are in units.
"""

from dataclasses import dataclass, field
from typing import Final

from webctp.sim.accounts.combined import CombinedPositions, release
from webctp.sim.accounts.combmargins import LastPrice, margin_of
from webctp.sim.accounts.positions import Closed, Position, PositionKey
from webctp.sim.market.book import BUY, opposite
from webctp.sim.market.charges import CLOSE_TODAY, CLOSE_YESTERDAY, OPEN, commission

_LARGER: Final = "larger:"
"""What the groups begin with in which the larger side alone is charged."""


@dataclass(frozen=True, slots=True)
class Hold:
    """What an order sets aside for each lot that is still to trade: units a lot.

    ``amount`` is the order's own amount a lot, which positions show as frozen.
    """

    commission: int
    cash: int
    amount: int


@dataclass(frozen=True, slots=True)
class Funds:
    """An account's sums at some prices: ``TradingAccount``'s own items.

    ``available`` is what new orders may use; below 0 where losses have eaten more than the
    margins leave.
    """

    margin: int
    frozen_margin: int
    position_profit: int
    option_value: int
    balance: int
    available: int

    @property
    def withdraw_quota(self) -> int:
        """Return what may be taken out: floating profit is not there to be."""
        return max(0, self.available - max(0, self.position_profit))


@dataclass(slots=True)
class Account:
    """An investor's account at a broker.

    ``pre_balance`` is what the last settlement left, the other cash items are the day's.
    """

    broker: str
    investor: str
    pre_balance: int
    pre_margin: int = 0
    deposit: int = 0
    withdraw: int = 0
    commission: int = 0
    close_profit: int = 0
    cash_in: int = 0
    frozen_commission: int = 0
    frozen_cash: int = 0
    positions: dict[PositionKey, Position] = field(default_factory=dict)
    combined: CombinedPositions = field(default_factory=dict)

    def funds(self, last: LastPrice) -> Funds:
        """Return the account's sums with every position marked at ``last``."""
        profit = value = 0
        for position in self.positions.values():
            volume = position.volume()
            if volume:
                price = last(position.contract.instrument)
                if position.contract.option is None:
                    profit += position.profit(price)
                else:
                    value += position.sign * price * volume * position.contract.multiplier
        margin, frozen_margin = self.margins(last)
        balance = (
            self.pre_balance
            + self.deposit
            - self.withdraw
            + self.close_profit
            + profit
            + self.cash_in
            - self.commission
        )
        aside = margin + frozen_margin + self.frozen_commission + self.frozen_cash
        return Funds(margin, frozen_margin, profit, value, balance, balance - aside)

    def margins(self, last: LastPrice) -> tuple[int, int]:
        """Margin in use and margin frozen for opening orders and for exercises.

        Where the exchange charges the larger side only, a product's two sides are compared.
        """
        return self._margins(last, None, 0)

    def spared(self, last: LastPrice) -> frozenset[PositionKey]:
        """Return the positions that are charged nothing, on the smaller side of their product.

        Of two sides that are alike the short one is spared.
        """
        used: dict[str, dict[str, int]] = {}
        for position in self.positions.values():
            sides = used.setdefault(_group(position), dict.fromkeys("01", 0))
            sides[position.direction] += position.volume() * margin_of(position, last)
        return frozenset(
            position.key
            for position in self.positions.values()
            if (group := _group(position)).startswith(_LARGER)
            and position.direction == ("1" if used[group]["0"] >= used[group]["1"] else "0")
        )

    def margin_needed(self, position: Position, volume: int, last: LastPrice) -> int:
        """Return by how much frozen margin grows with ``volume`` more lots to be opened."""
        _, before = self._margins(last, None, 0)
        _, after = self._margins(last, position, volume)
        return after - before

    def _margins(self, last: LastPrice, opened: Position | None, more: int) -> tuple[int, int]:
        used: dict[tuple[str, str], int] = {}
        aside: dict[tuple[str, str], int] = {}
        groups: set[str] = set()
        for position in self.positions.values():
            group = _group(position)
            groups.add(group)
            side = group, position.direction
            each = margin_of(position, last)
            used[side] = used.get(side, 0) + position.volume() * each
            aside[side] = aside.get(side, 0) + position.opening * each
        if opened is not None:
            side = _group(opened), opened.direction
            groups.add(side[0])
            aside[side] = aside.get(side, 0) + more * margin_of(opened, last)
        margin = 0
        frozen = sum(position.strike_amount for position in self.positions.values())
        for group in groups:
            sides = [used.get((group, side), 0) for side in "01"]
            totals = [sides[place] + aside.get((group, side), 0) for place, side in enumerate("01")]
            combine = max if group.startswith(_LARGER) else sum
            margin += combine(sides)
            frozen += combine(totals) - combine(sides)
        for combined in self.combined.values():
            saved = combined.saving(last)
            margin -= combined.volume() * saved
            frozen -= combined.opening * saved
        return margin, frozen

    def trade_opens(
        self, position: Position, trade_id: str, day: str, price: int, volume: int, hold: Hold
    ) -> int:
        """Enter an opening trade of an order that held ``hold``; return its commission."""
        position.opening -= volume
        position.opening_amount -= hold.amount * volume
        self.positions[position.key] = position
        position.open(trade_id, day, price, volume)
        paid = commission(position.contract, OPEN, price, volume)
        self._pay(position, position.today, paid, position.direction, price * volume)
        self._freeze(position, OPEN, hold, -volume)
        return paid

    def trade_closes(
        self, position: Position, offset: str, price: int, volume: int, hold: Hold
    ) -> tuple[int, tuple[Closed, ...]]:
        """Enter a closing trade of an order that held ``hold``; return its commission, its lots."""
        position.freeze(offset, -volume)
        contract = position.contract
        if contract.by_date:
            today = volume if offset == CLOSE_TODAY else 0
        else:
            today = position.pay_as_today(volume)
        if self.combined:
            release(self.combined, position, volume)
        parts = position.close(offset, price, volume)
        self.close_profit += sum(part.profit for part in parts)
        # Rounded once for the trade, whatever lots it takes.
        paid = commission(contract, CLOSE_TODAY, price, today)
        paid += commission(contract, CLOSE_YESTERDAY, price, volume - today)
        tally = position.tally(parts[0].today)
        self._pay(position, tally, paid, opposite(position.direction), price * volume)
        self._freeze(position, offset, hold, -volume)
        return paid, tuple(parts)

    def hold_opening(self, position: Position, volume: int, hold: Hold) -> None:
        """Set aside what an opening order of ``volume`` lots needs."""
        self.positions[position.key] = position
        position.opening += volume
        position.opening_amount += hold.amount * volume
        self._freeze(position, OPEN, hold, volume)

    def hold_closing(self, position: Position, offset: str, volume: int, hold: Hold) -> None:
        """Set aside what a closing order of ``volume`` lots needs."""
        position.freeze(offset, volume)
        self._freeze(position, offset, hold, volume)

    def release(self, position: Position, offset: str, volume: int, hold: Hold) -> None:
        """Free what ``volume`` lots of an order had set aside and will not trade."""
        if offset == OPEN:
            position.opening -= volume
            position.opening_amount -= hold.amount * volume
        else:
            position.freeze(offset, -volume)
        self._freeze(position, offset, hold, -volume)

    def _freeze(self, position: Position, offset: str, hold: Hold, volume: int) -> None:
        """Set aside what ``volume`` lots hold; a negative volume frees it."""
        commission, cash = hold.commission * volume, hold.cash * volume
        self.frozen_commission += commission
        self.frozen_cash += cash
        tally = position.tally(offset in (OPEN, CLOSE_TODAY))
        tally.frozen_commission += commission
        tally.frozen_cash += cash

    def _pay(
        self, position: Position, tally: object, paid: int, direction: str, amount: int
    ) -> None:
        self.commission += paid
        row = position.today if tally is position.today else position.older
        row.commission += paid
        if position.contract.option is not None:
            premium = amount * position.contract.multiplier
            cash = -premium if direction == BUY else premium
            self.cash_in += cash
            row.cash_in += cash


def _group(position: Position) -> str:
    """Return what margin is worked out for: a product with its larger side, else each side alone.

    CFFEX keeps a trading code for each hedge flag, and compares the sides within one (CTP's page
    ONRSPQRYTRADINGACCOUNT).
    """
    contract = position.contract
    if contract.larger_side and contract.option is None:
        code = position.hedge if contract.exchange == "CFFEX" else ""
        return f"{_LARGER}{contract.exchange}.{contract.product}.{code}"
    return "both"
