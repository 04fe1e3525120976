"""From the exchanges' instruments to contracts: terms as they are, market manners by activity."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from math import exp, log

from webctp.exchanges.calendar import default
from webctp.exchanges.instruments import Instrument
from webctp.exchanges.products import (
    ANY_PRICE,
    BEST_PRICE,
    CALL,
    FIVE_LEVEL_PRICE,
    SPOT_OPTION,
    USE_HISTORY,
    Product,
)
from webctp.exchanges.rules import month_number
from webctp.sim.model.contracts import Commission, Contract, OptionTerms, Rates
from webctp.sim.money import rate, units

_TRADING_DAYS = 242
_DAY_STEPS = 40_000
"""Half seconds of a typical product's day."""
_FIVE_LEVELS = frozenset({"SHFE", "INE"})
"""Exchanges whose ticks show five levels on CTP; the others show one."""
_BOTH_SIDES = 5
"""Of so many last trading days both sides pay."""
_CLOSE_DAYS = 20
"""Days within which the last five trading days are, the longest holiday included."""
_SEASONAL = frozenset({"DCE", "CZCE"})
"""Exchanges whose trade gathers in January, May and September contracts."""


FutureOf = Callable[[Product, int], str]
"""From a futures product and a month's number to the InstrumentID of its nearest listed month."""


def contract_of(instrument: Instrument, trading_day: date, future_of: FutureOf) -> Contract:
    """Return the terms and the market manners of an instrument on a trading day."""
    product = instrument.product
    terms = _terms(product)
    activity = activity_of(instrument, trading_day)
    return Contract(
        instrument=instrument.instrument_id,
        exchange=product.exchange_id,
        product=product.product_id,
        multiplier=product.volume_multiple,
        tick=terms.tick,
        reference=product.reference_price,
        sigma=product.volatility / _TRADING_DAYS**0.5,
        volatility=product.volatility,
        activity=activity,
        depth=max(3, round(activity * 8)),
        spread=spread_of(activity),
        levels=5 if product.exchange_id in _FIVE_LEVELS else 1,
        price_limit=terms.price_limit,
        long_margin=terms.long_margin,
        short_margin=terms.short_margin,
        commission=terms.commission,
        by_date=product.position_date_type == USE_HISTORY,
        larger_side=product.max_margin_side and not _last_days(instrument, trading_day),
        market_types=terms.market_types,
        fill_and_kill=product.orders.fak,
        fill_or_kill=product.orders.fok,
        limit_volumes=terms.limit_volumes,
        market_volumes=terms.market_volumes,
        expiry=instrument.series.expire_date.toordinal(),
        min_open_volume=product.orders.min_open_volume,
        option=_option(instrument, product, future_of),
    )


@dataclass(frozen=True, slots=True)
class _Terms:
    """What the contracts of a product share, converted once."""

    tick: int
    price_limit: int
    long_margin: Rates
    short_margin: Rates
    commission: Commission
    market_types: frozenset[str]
    limit_volumes: tuple[int, int]
    market_volumes: tuple[int, int]


@lru_cache(maxsize=512)
def _terms(product: Product) -> _Terms:
    paid, orders = product.commission, product.orders
    return _Terms(
        tick=units(product.price_tick),
        price_limit=rate(product.price_limit),
        long_margin=Rates(rate(product.margin.long), 0),
        short_margin=Rates(rate(product.margin.short), 0),
        commission=Commission(
            Rates(rate(paid.open_by_money), units(paid.open_by_volume)),
            Rates(rate(paid.close_by_money), units(paid.close_by_volume)),
            Rates(rate(paid.close_today_by_money), units(paid.close_today_by_volume)),
        ),
        market_types=orders.price_types & {ANY_PRICE, BEST_PRICE, FIVE_LEVEL_PRICE},
        limit_volumes=(orders.min_limit_volume, orders.max_limit_volume),
        market_volumes=(orders.min_market_volume, orders.max_market_volume),
    )


def _option(instrument: Instrument, product: Product, future_of: FutureOf) -> OptionTerms | None:
    future, series = product.underlying, instrument.series
    if future is None:
        return None
    # An index is no instrument: its options follow the index future of the nearest month.
    month = month_number(series.delivery_year, series.delivery_month)
    return OptionTerms(
        underlying=future_of(future, month),
        strike=units(instrument.strike_price),
        call=instrument.options_type == CALL,
        least_margin=rate(product.min_guarantee),
        on_index=product.product_class == SPOT_OPTION,
        european=product.european,
        fee=units(product.commission.strike_by_volume),
    )


def _last_days(instrument: Instrument, trading_day: date) -> bool:
    """Return whether both sides pay because the contract is about to end.

    SHFE and INE charge both sides from the settlement five trading days before the last one on
    (大额单边, their clearing rules; second-hand).
    """
    ends = instrument.series.expire_date
    if instrument.exchange_id not in _FIVE_LEVELS or (ends - trading_day).days > _CLOSE_DAYS:
        return False
    day, left = trading_day, 0
    while day < ends and left < _BOTH_SIDES:
        day, left = default().next_trading_day(day), left + 1
    return left < _BOTH_SIDES


def activity_of(instrument: Instrument, trading_day: date) -> float:
    """Lots that trade in half a second: the product's volume shared among months and strikes."""
    product, series = instrument.product, instrument.series
    here = month_number(trading_day.year, trading_day.month)
    ahead = month_number(series.delivery_year, series.delivery_month) - here
    share = 0.4 * 0.6 ** abs(ahead - 2)
    if product.exchange_id in _SEASONAL and series.delivery_month in (1, 5, 9):
        share = min(0.6, share * 3 + 0.1)
    if product.underlying is not None:
        # Around the money is where options trade.
        distance = log(instrument.strike_price / product.reference_price)
        share *= 0.1 * exp(-((distance / 0.08) ** 2))
    return product.daily_volume * share / _DAY_STEPS


def spread_of(activity: float) -> int:
    """Ticks between the best prices: one where there is trade."""
    for least, ticks in ((0.2, 1), (0.02, 2), (0.002, 4)):
        if activity >= least:
            return ticks
    return 8
