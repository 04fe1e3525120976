"""The instruments listed on a trading day: every future, and the option chains on them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from webctp.exchanges import calendar as calendars
from webctp.exchanges import productfile
from webctp.exchanges import products as tables
from webctp.exchanges.calendar import TradingCalendar
from webctp.exchanges.products import Product, StrikeRule
from webctp.exchanges.rules import DateRule, month_number, year_month
from webctp.exchanges.spelling import future_id, option_id


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """What the instruments of one product and contract month share.

    `series_id` begins their InstrumentIDs, and is the whole one of a future. `underlying_id` is
    the UnderlyingInstrID: of a future its ProductID, as CTP gives it; of a commodity option the
    future; of an index option the series itself, as no instrument is the index.
    """

    product: Product
    series_id: str
    underlying_id: str
    delivery_year: int
    delivery_month: int
    open_date: date
    expire_date: date
    start_deliv_date: date
    end_deliv_date: date


@dataclass(frozen=True, slots=True, eq=False)
class Instrument:
    """An instrument (合约); compared by identity.

    `strike_price` is 0.0 and `options_type` "" for futures.
    """

    instrument_id: str
    series: Series
    strike_price: float = 0.0
    options_type: str = ""

    @property
    def product(self) -> Product:
        """The product, with multiplier, tick, hours, rates and order rules."""
        return self.series.product

    @property
    def exchange_id(self) -> str:
        """The exchange's CTP name."""
        return self.series.product.exchange_id

    @property
    def name(self) -> str:
        """The InstrumentName: Chinese with the contract month; an option is named by its ID."""
        if self.options_type:
            return self.instrument_id
        series = self.series
        return f"{series.product.name}{series.delivery_year % 100:02}{series.delivery_month:02}"


def listed(
    trading_day: date,
    products: Mapping[str, Product] | None = None,
    calendar: TradingCalendar | None = None,
) -> tuple[Instrument, ...]:
    """Return every instrument that may be traded on `trading_day`.

    In the order of `products` (by default those webctp ships), then by contract month, strike
    price, call before put. An instrument is listed up to and including its last trading day.
    """
    products = productfile.default() if products is None else products
    calendar = calendars.default() if calendar is None else calendar
    return tuple(
        instrument
        for product in products.values()
        if product.listed_since is None or product.listed_since <= trading_day
        for instrument in _of_product(product, trading_day, calendar)
    )


def _of_product(
    product: Product, trading_day: date, calendar: TradingCalendar
) -> Iterator[Instrument]:
    months = listed_months(product, trading_day, calendar)
    for month in months:
        series = series_of(product, month, calendar)
        if product.strikes is None:
            yield Instrument(series.series_id, series)
            continue
        far = month >= months[0] + product.months.nearest
        strikes = strike_prices(product, product.strikes.far if far else 1)
        for strike in strikes:
            for kind in product.options_types:
                name = option_id(product.exchange_id, series.series_id, kind, strike)
                yield Instrument(name, series, strike, kind)


def listed_months(
    product: Product, trading_day: date, calendar: TradingCalendar
) -> tuple[int, ...]:
    """Return the numbers of the contract months of `product` listed on `trading_day`.

    Options are on the nearer of the months that are listed as futures, until they expire.
    """
    owner = product.underlying or product
    first = month_number(trading_day.year, trading_day.month)
    while _date_of(owner.last_trading_day, first, calendar) < trading_day:
        first += 1
    months = product.months.listed(first)
    if product.strikes is None:
        return months
    end = first + product.strikes.months_ahead
    return tuple(
        month
        for month in months
        if month < end and _date_of(product.last_trading_day, month, calendar) >= trading_day
    )


@lru_cache(maxsize=512)
def strike_prices(product: Product, wider: int = 1) -> tuple[float, ...]:
    """Return the strike prices of an option product, rising, around its reference price.

    :param wider: how many times the product's own steps they are apart.
    """
    rule = product.strikes
    if rule is None:
        raise ValueError(f"{product.product_id} is no option product")
    rule = replace(rule, steps=tuple((bound, wider * step) for bound, step in rule.steps))
    step = _step_below(rule, product.reference_price)
    middle = round(round(product.reference_price / step) * step, 10)
    strikes = [middle]
    for _ in range(rule.each_side):
        strikes.append(round(strikes[-1] + _step_above(rule, strikes[-1]), 10))
    down = middle
    for _ in range(rule.each_side):
        down = round(down - _step_below(rule, down), 10)
        if down <= 0:
            break
        strikes.insert(0, down)
    return tuple(strikes)


def _step_below(rule: StrikeRule, price: float) -> float:
    """Return the step that leads down from `price`."""
    return next(step for bound, step in rule.steps if price <= bound)


def _step_above(rule: StrikeRule, price: float) -> float:
    """Return the step that leads up from `price`; the last bound is infinite."""
    return next(step for bound, step in rule.steps if price < bound)


@lru_cache(maxsize=4096)
def _date_of(rule: DateRule, month: int, calendar: TradingCalendar) -> date:
    return rule.date_of(month, calendar)


# The dates of a contract month never change, and finding them costs more than the instruments.
@lru_cache(maxsize=4096)
def series_of(product: Product, month: int, calendar: TradingCalendar) -> Series:
    """Return what the instruments of `product` for the contract month numbered `month` share."""
    year, month_of_year = year_month(month)
    expire = _date_of(product.last_trading_day, month, calendar)
    future = product.underlying or product
    series_id = future_id(product.exchange_id, future.product_id, month, product.suffix)
    underlying_id = future.product_id
    if product.product_class == tables.OPTIONS:
        underlying_id = series_id
    elif product.product_class == tables.SPOT_OPTION:
        underlying_id = series_id = future_id(product.exchange_id, product.product_id, month)
    first_delivery, last_delivery = product.delivery_days
    return Series(
        product=product,
        series_id=series_id,
        underlying_id=underlying_id,
        delivery_year=year,
        delivery_month=month_of_year,
        open_date=_open_date(product, month, calendar),
        expire_date=expire,
        start_deliv_date=calendar.next_trading_day(expire, first_delivery),
        end_deliv_date=calendar.next_trading_day(expire, last_delivery),
    )


def _open_date(product: Product, month: int, calendar: TradingCalendar) -> date:
    """Return the day after the contract expired whose place this one took in the list."""
    owner = product.underlying or product
    first = product.months.first_at_listing(month)
    if product.strikes is not None:
        first = max(first, month - product.strikes.months_ahead + 1)
    opened = calendar.next_trading_day(_date_of(owner.last_trading_day, first - 1, calendar))
    return opened if product.listed_since is None else max(opened, product.listed_since)
