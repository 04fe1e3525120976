"""Settlement: positions marked at the day's settlement prices, the balance carried forward."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from webctp.sim.accounts import combined
from webctp.sim.accounts.account import Account
from webctp.sim.accounts.positions import Lot, Position, Tally
from webctp.sim.model.contracts import Contract
from webctp.sim.settlement.expiry import Exercise

Price = Callable[[Contract], int]
"""From a contract to a price in units."""


@dataclass(frozen=True, slots=True)
class HeldLot:
    """A lot as the settlement found it; ``base`` is what its profit of the day counts from."""

    lot: Lot
    open_day: str
    open_price: int
    volume: int
    base: int


@dataclass(frozen=True, slots=True)
class Held:
    """A position as the settlement found it: volume, price it is marked at, profit of the day.

    ``pre_settlement`` is the price of the day before, ``lots`` what it was held in.
    """

    position: Position
    volume: int
    price: int
    profit: int
    pre_settlement: int
    lots: tuple[HeldLot, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """What a day made of an account; amounts in units.

    ``after`` = ``before`` + deposit - withdraw + close_profit + position_profit + cash_in +
    exercised - commission - exercise_fee.
    """

    before: int
    deposit: int
    withdraw: int
    close_profit: int
    position_profit: int
    cash_in: int
    exercised: int
    commission: int
    exercise_fee: int
    after: int
    held: tuple[Held, ...]
    exercises: tuple[Exercise, ...]


def settle(account: Account, price: Price, day: int, exercises: Sequence[Exercise] = ()) -> Result:
    """Mark an account at settlement prices and carry it into the next day.

    Contracts whose last day it was leave the account: futures at their settlement price, options
    as `expiry.exercise` has left them.

    :param price: settlement prices of the day that ends.
    :param day: that day's ordinal.
    :param exercises: what has been exercised and assigned.
    """
    held, profit = [], 0
    exercised = sum(one.cash for one in exercises)
    fee = sum(one.fee for one in exercises)
    for position in account.positions.values():
        volume = position.volume()
        if not volume:
            continue
        at = price(position.contract)
        marked = position.profit(at)
        profit += marked
        held.append(Held(position, volume, at, marked, position.pre_settlement, _lots(position)))
    after = (
        account.pre_balance
        + account.deposit
        - account.withdraw
        + account.close_profit
        + profit
        + account.cash_in
        + exercised
        - account.commission
        - fee
    )
    result = Result(
        account.pre_balance,
        account.deposit,
        account.withdraw,
        account.close_profit,
        profit,
        account.cash_in,
        exercised,
        account.commission,
        fee,
        after,
        tuple(held),
        tuple(exercises),
    )
    _carry(account, result, day)
    return result


def renew(
    account: Account,
    contract: Callable[[str], Contract],
    pre_settlement: Price,
    margin: Callable[[Contract, str], int],
) -> None:
    """Give an account's positions the new day's terms: margins and pre-settlement prices."""
    for position in account.positions.values():
        position.contract = contract(position.contract.instrument)
        position.pre_settlement = pre_settlement(position.contract)
        position.margin = margin(position.contract, position.direction)
    account.pre_margin = account.margins(_no_price)[0]
    spared = account.spared(_no_price)
    for position in account.positions.values():
        used = combined.use_margin(account.combined.values(), position, _no_price)
        position.pre_margin = 0 if position.key in spared else used


def _no_price(instrument: str) -> int:
    """Stand for a last price below every settlement price: margins go by the latter then."""
    return 0


def _carry(account: Account, result: Result, day: int) -> None:
    """Begin the next day: today's lots become yesterday's, the day's sums begin at nothing."""
    account.pre_balance = result.after
    account.deposit = account.withdraw = account.commission = 0
    account.close_profit = account.cash_in = 0
    for key, position in list(account.positions.items()):
        position.lots = [lot for lot in position.lots if lot.volume or lot.held]
        if not position.lots or position.contract.expiry <= day:
            del account.positions[key]
            continue
        for lot in position.lots:
            lot.today, lot.changed_at = False, None
            lot.closed = lot.close_amount = lot.profit_by_date = lot.profit_by_trade = 0
        position.start_volume = position.volume()
        position.paid_today = 0
        position.today, position.older = Tally(), Tally()
    combined.carry(account.combined, account.positions, f"{date.fromordinal(day):%Y%m%d}")


def _lots(position: Position) -> tuple[HeldLot, ...]:
    return tuple(
        HeldLot(lot, lot.open_day, lot.open_price, lot.volume, position.base(lot))
        for lot in position.lots
        if lot.volume or lot.held
    )
