"""What a contract costs: margin a lot, commission of a trade, premium of an option."""

from typing import Final

from webctp.sim.book import BUY
from webctp.sim.contracts import Contract, Rates
from webctp.sim.money import share, to_cent

OPEN: Final = "0"
CLOSE: Final = "1"
CLOSE_TODAY: Final = "3"
CLOSE_YESTERDAY: Final = "4"
"""``THOST_FTDC_OF_Open`` ... ``THOST_FTDC_OF_CloseYesterday``."""


def _charge(rates: Rates, amount: int, volume: int) -> int:
    return share(amount, rates.by_money) + to_cent(rates.by_volume * volume)


def commission(contract: Contract, offset: str, price: int, volume: int) -> int:
    """Commission in units for ``volume`` lots at ``price``, rounded to the cent.

    :param offset: OPEN, CLOSE_TODAY, or anything else for closing older positions.
    """
    rates = {OPEN: contract.commission.open, CLOSE_TODAY: contract.commission.close_today}.get(
        offset, contract.commission.close
    )
    return _charge(rates, price * volume * contract.multiplier, volume)


def future_margin(contract: Contract, direction: str, pre_settlement: int) -> int:
    """Margin a lot in units at yesterday's settlement price (MarginPriceType '1')."""
    rates = contract.long_margin if direction == BUY else contract.short_margin
    return _charge(rates, pre_settlement * contract.multiplier, 1)


def option_margin(
    contract: Contract, pre_settlement: int, underlying_pre_settlement: int, future: Contract
) -> int:
    """Margin a lot in units of a sold option: its premium and the underlying's margin.

    The latter less half of what the option is out of the money, but at least the product's share
    of it (最低保障系数), as the exchanges' common formula has it.
    """
    option = contract.option
    if option is None:
        raise ValueError(f"{contract.instrument} is no option")
    base = future_margin(future, BUY, underlying_pre_settlement)
    beyond = option.strike - underlying_pre_settlement
    out_of_money = max(0, beyond if option.call else -beyond) * contract.multiplier
    least = share(base, option.least_margin)
    return to_cent(pre_settlement * contract.multiplier + max(base - out_of_money // 2, least))
