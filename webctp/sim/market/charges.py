"""What a contract costs: margin a lot, commission of a trade, premium of an option."""

from typing import Final

from webctp.sim.market.book import BUY
from webctp.sim.model.contracts import Contract, Rates
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


def option_margin(contract: Contract, underlying: int) -> int:
    """Return what a seller of an option pays a lot beside its premium, in units.

    The margin of the underlying less what the option is out of the money, but at least a share
    (最低保障系数) of it. Commodity exchanges take off half of what it is out of the money, CFFEX
    all of it, and there the least for a put goes by its strike (CFFEX, rules on risk control).

    :param underlying: the price of the future in units.
    """
    option = contract.option
    if option is None:
        raise ValueError(f"{contract.instrument} is no option")
    base = future_margin(contract, BUY, underlying)
    beyond = option.strike - underlying
    out_of_money = max(0, beyond if option.call else -beyond) * contract.multiplier
    least = base
    if not option.on_index:
        out_of_money //= 2
    elif not option.call:
        least = future_margin(contract, BUY, option.strike)
    return to_cent(max(base - out_of_money, share(least, option.least_margin)))
