"""The reader of `products.yaml`: from the file's sections to checked products.

The keys are explained at the head of the file itself.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from itertools import pairwise
from math import inf
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from webctp.exchanges import products as p
from webctp.exchanges.datafile import (
    Section,
    above_zero,
    count,
    name_within,
    one_of,
    positive,
    ratio,
    read,
)
from webctp.exchanges.rules import DateRule, MonthRule
from webctp.exchanges.spelling import EXCHANGES, option_product_ids
from webctp.language.text import Text, english, verbatim

DATA_FILE = Path(__file__).with_name("products.yaml")


T = TypeVar("T")

_ORDER_TYPES = {
    "Limit": p.LIMIT_PRICE,
    "Market": p.ANY_PRICE,
    "BestPrice": p.BEST_PRICE,
    "FiveLevel": p.FIVE_LEVEL_PRICE,
    "FAK": "FAK",
    "FOK": "FOK",
}
_POSITION_DATES = {"UseHistory": p.USE_HISTORY, "NoUseHistory": p.NO_USE_HISTORY}
_FLAGS = {"true": True, "false": False}
_EXERCISES = {"American": False, "European": True}
_MONTHS = english("months of the year, 1 to 12")
_PRICE = english("a number above 0")
_RATIO = english("a share, such as 0.08")
_LOTS = english("a number of lots")
_NAME = english("a Chinese name of at most 20 bytes in GBK")
_FUTURE_NAME = english(
    "a Chinese name of at most 16 bytes in GBK (the contract month is added to it)"
)
_PRODUCT_ID = english("letters, as the exchange does")
_PRODUCT_IDS = re.compile("[A-Za-z]{1,6}(_[a-z])?")


def read_products(path: Path) -> Mapping[str, p.Product]:
    """Return the products of the file at `path` by ProductID; raises DataFileError."""
    root = read(path)
    sessions = _sessions(root.section("Sessions"))
    exchanges = root.section("Exchanges")
    root.finish()
    products: dict[str, p.Product] = {}
    for exchange_id, section in exchanges.sections():
        if exchange_id not in EXCHANGES:
            raise exchanges.error(
                english("unknown exchange; one of {known}", known=", ".join(EXCHANGES)), exchange_id
            )
        _read_exchange(exchange_id, section, sessions, products)
    if not products:
        raise root.error(english("no products; list at least one under Exchanges"))
    return MappingProxyType(products)


def _read_exchange(
    exchange_id: str,
    section: Section,
    sessions: Mapping[str, tuple[tuple[int, int], ...]],
    products: dict[str, p.Product],
) -> None:
    exchange = p.Exchange(exchange_id, section.value("ExchangeName", _name, _NAME))
    futures, options = section.section("Futures"), section.section("Options")
    listed = section.section("Products")
    section.finish()
    for product_id, own in listed.sections():
        merged = own.over(futures)
        future = _future(product_id, merged, exchange, sessions)
        _add(products, future, own)
        if "Option" in merged:
            for product in _options(merged.section("Option").over(options), future):
                _add(products, product, own)
        merged.finish()


def _add(products: dict[str, p.Product], product: p.Product, section: Section) -> None:
    if product.product_id in products:
        raise section.error(
            english("product {name} is given twice; keep one", name=product.product_id)
        )
    products[product.product_id] = product


def _sessions(section: Section) -> Mapping[str, tuple[tuple[int, int], ...]]:
    sessions = {}
    for key in section:
        ranges = section.values(key, _time_range, english("times, such as 09:00-10:15"))
        if not ranges or any(a[1] > b[0] for a, b in pairwise(ranges)):
            raise section.error(
                english("the ranges overlap or run backwards; write them in order"), key
            )
        sessions[key] = ranges
    return sessions


def _time_range(text: str) -> tuple[int, int]:
    begin, _, end = text.partition("-")
    start, stop = _minute(begin), _minute(end)
    # A range that ends before it begins runs over midnight.
    return start, stop if stop > start else stop + 1440


def _minute(text: str) -> int:
    if len(text) != 5 or text[2] != ":":
        raise ValueError(text)
    hour, minute = count(text[:2]), count(text[3:])
    if hour > 23 or minute > 59:
        raise ValueError(text)
    return hour * 60 + minute


def _future(
    product_id: str,
    section: Section,
    exchange: p.Exchange,
    sessions: Mapping[str, tuple[tuple[int, int], ...]],
) -> p.Product:
    if not _PRODUCT_IDS.fullmatch(product_id):
        raise section.error(
            english(
                "{found!r} is no ProductID; write {wanted}", found=product_id, wanted=_PRODUCT_ID
            )
        )
    return p.Product(
        product_id=product_id,
        name=section.value("ProductName", _future_name, _FUTURE_NAME),
        exchange=exchange,
        product_class=p.FUTURES,
        volume_multiple=section.value(
            "VolumeMultiple", positive, english("a whole number above 0")
        ),
        price_tick=section.value("PriceTick", above_zero, _PRICE),
        hours=_hours(section, sessions),
        months=_months(section.section("Months")),
        last_trading_day=_date_rule(section.section("LastTradingDay")),
        delivery_days=_pair(section, "DeliveryDays", count, english("numbers of trading days")),
        price_limit=section.value("PriceLimit", _limit, english("a share below 1, such as 0.08")),
        margin=p.Margin(*_pair(section, "Margin", ratio, _RATIO)),
        commission=_commission(section),
        orders=_orders(section),
        position_date_type=section.value(
            "PositionDate", one_of(_POSITION_DATES), english("UseHistory or NoUseHistory")
        ),
        max_margin_side=section.value("MaxMarginSide", one_of(_FLAGS), english("true or false")),
        reference_price=section.value("ReferencePrice", above_zero, _PRICE),
        volatility=section.value("Volatility", above_zero, english("a share, such as 0.2")),
        daily_volume=section.value("DailyVolume", count, _LOTS),
        open_interest=section.value("OpenInterest", count, _LOTS),
        listed_since=section.value(
            "ListedSince", date.fromisoformat, english("a day as YYYY-MM-DD"), default=None
        ),
        suffix=section.value("Suffix", one_of({"F": "F"}), verbatim("F"), default=""),
    )


def _options(section: Section, future: p.Product) -> tuple[p.Product, ...]:
    """Return the option products on `future`; CZCE has one for calls and one for puts."""
    own_id = section.value("ProductID", _product_id, _PRODUCT_ID, default="")
    ids = option_product_ids(future.exchange_id, future.product_id, own_id)
    product = replace(
        future,
        name=section.value("ProductName", _name, _NAME, f"{future.name}期权"),
        product_class=p.SPOT_OPTION if own_id else p.OPTIONS,
        volume_multiple=section.value(
            "VolumeMultiple", positive, english("a whole number above 0"), future.volume_multiple
        ),
        price_tick=section.value("PriceTick", above_zero, _PRICE),
        months=_months(section.section("Months")) if "Months" in section else future.months,
        last_trading_day=_date_rule(section.section("LastTradingDay")),
        commission=_commission(section),
        orders=_orders(section),
        max_margin_side=False,
        underlying=future,
        strikes=_strikes(section),
        min_guarantee=section.value("MinGuarantee", ratio, _RATIO),
        european=section.value(
            "Exercise", one_of(_EXERCISES), english("American or European"), default=False
        ),
    )
    section.finish()
    return tuple(
        replace(product, product_id=product_id, options_types=types) for product_id, types in ids
    )


def _hours(section: Section, sessions: Mapping[str, tuple[tuple[int, int], ...]]) -> p.TradingHours:
    known = ", ".join(sessions)
    day = section.value(
        "Day", one_of(sessions), english("one of the Sessions ({known})", known=known)
    )
    night = section.value(
        "Night",
        one_of({**sessions, "none": ()}),
        english("one of the Sessions ({known}), or none", known=known),
    )
    if day[-1][1] > 1440:
        raise section.error(english("runs over midnight; only a night session may"), "Day")
    if len(night) > 1:
        raise section.error(english("a night session is one range of time"), "Night")
    return p.TradingHours(day, night[0] if night else None)


def _months(section: Section) -> MonthRule:
    rule = MonthRule(
        nearest=section.value("Nearest", count, english("a number of months"), default=0),
        cycle=section.values("Cycle", _month, _MONTHS, default=()),
        within=section.value("Within", count, english("a number of months"), default=0),
        following=section.value("Following", count, english("a number of months"), default=0),
    )
    section.finish()
    if (rule.within or rule.following) and not rule.cycle:
        raise section.error(english("Within and Following need a Cycle of months; add one"))
    if not (rule.nearest or rule.within or rule.following):
        raise section.error(
            english("lists no month; give Nearest, or Cycle with Within or Following")
        )
    return rule


def _date_rule(section: Section) -> DateRule:
    rule = DateRule(
        month=section.value("Month", int, english("0 or a negative number of months"), default=0),
        day=section.value("Day", _day, english("a day of the month, 1 to 28"), default=0),
        trading_day=section.value(
            "TradingDay", int, english("a number, -1 is the last"), default=0
        ),
        up_to=section.value("UpTo", _day, english("a day of the month, 1 to 28"), default=0),
        weekday=section.value("Weekday", _weekday, english("1 (Monday) to 5 (Friday)"), default=0),
        nth=section.value("Nth", _nth, english("1 to 4, or -1 for the last"), default=0),
    )
    section.finish()
    if [rule.day, rule.trading_day, rule.weekday].count(0) != 2:
        raise section.error(english("give one of Day, TradingDay, and Weekday with Nth"))
    if bool(rule.weekday) != bool(rule.nth):
        raise section.error(english("Weekday and Nth belong together; give both"))
    if rule.up_to and not rule.trading_day:
        raise section.error(english("UpTo belongs to TradingDay; give both"))
    return rule


def _strikes(section: Section) -> p.StrikeRule:
    steps = section.section("Strikes")
    table = sorted(
        (inf if key == "Above" else _bound(steps, key), steps.value(key, above_zero, _PRICE))
        for key in steps
    )
    if not table or table[-1][0] != inf:
        raise steps.error(english("the last step is missing; write it as Above: 50"))
    return p.StrikeRule(
        steps=tuple(table),
        each_side=section.value("EachSide", positive, english("a number of strikes")),
        months_ahead=section.value("MonthsAhead", positive, english("a number of months")),
        far=section.value("FarSteps", positive, english("a whole number above 0"), default=1),
    )


def _bound(steps: Section, key: str) -> float:
    try:
        return above_zero(key)
    except ValueError:
        raise steps.error(
            english("no price; write the price up to which the step holds"), key
        ) from None


def _commission(section: Section) -> p.Commission:
    if "CommissionByMoney" not in section and "CommissionByVolume" not in section:
        raise section.error(english("no commission; give CommissionByMoney or CommissionByVolume"))
    money = _triple(section, "CommissionByMoney", english("three shares: open, close, close today"))
    lots = _triple(
        section, "CommissionByVolume", english("three amounts: open, close, close today")
    )
    return p.Commission(
        open_by_money=money[0],
        open_by_volume=lots[0],
        close_by_money=money[1],
        close_by_volume=lots[1],
        close_today_by_money=money[2],
        close_today_by_volume=lots[2],
        strike_by_volume=section.value(
            "StrikeCommission", ratio, english("yuan a lot"), default=0.0
        ),
    )


def _triple(section: Section, key: str, wanted: Text) -> tuple[float, ...]:
    found = section.values(key, ratio, wanted, default=(0.0, 0.0, 0.0))
    if len(found) != 3:
        raise section.error(
            english("{count} values found; write {wanted}", count=len(found), wanted=wanted), key
        )
    return found


def _pair(section: Section, key: str, convert: Callable[[str], T], wanted: Text) -> tuple[T, T]:
    found = section.values(key, convert, wanted)
    if len(found) != 2:
        raise section.error(
            english("{count} values found; write two {wanted}", count=len(found), wanted=wanted),
            key,
        )
    return found[0], found[1]


def _orders(section: Section) -> p.OrderRules:
    types = frozenset(
        section.values(
            "OrderTypes",
            one_of(_ORDER_TYPES),
            english("any of {known}", known=", ".join(_ORDER_TYPES)),
        )
    )
    limit, market = _volumes(section, "LimitVolume"), _volumes(section, "MarketVolume")
    return p.OrderRules(
        min_limit_volume=limit[0],
        max_limit_volume=limit[1],
        min_market_volume=market[0],
        max_market_volume=market[1],
        price_types=types - {"FAK", "FOK"},
        fak="FAK" in types,
        fok="FOK" in types,
        min_open_volume=section.value("OpenVolume", positive, _LOTS, default=1),
    )


def _volumes(section: Section, key: str) -> tuple[int, int]:
    least, most = _pair(section, key, positive, _LOTS)
    if least > most:
        raise section.error(
            english("{least} is above {most}; write the least first", least=least, most=most), key
        )
    return least, most


def _product_id(text: str) -> str:
    if not _PRODUCT_IDS.fullmatch(text):
        raise ValueError(text)
    return text


def _limit(text: str) -> float:
    number = above_zero(text)
    if number >= 1:
        raise ValueError(text)
    return number


def _within(least: int, most: int) -> Callable[[str], int]:
    def convert(text: str) -> int:
        number = int(text)
        if not least <= number <= most or number == 0:
            raise ValueError(text)
        return number

    return convert


_name = name_within(20)
_future_name = name_within(16)
_month = _within(1, 12)
_day = _within(1, 28)
_weekday = _within(1, 5)
_nth = _within(-1, 4)


@cache
def default() -> Mapping[str, p.Product]:
    """Return the products that webctp ships by ProductID, read once."""
    return read_products(DATA_FILE)
