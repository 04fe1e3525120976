"""How each exchange spells its products and instruments, both ways.

| exchange   | future  | option on it     | option product |
|------------|---------|------------------|----------------|
| SHFE, INE  | cu2612  | cu2612C80000     | cu_o           |
| DCE, GFEX  | m2701   | m2701-C-3000     | m_o            |
| CZCE       | SR701   | SR701C6000       | SRC and SRP    |
| CFFEX      | IF2612  | IO2612-C-4000    | IO, of its own |

CZCE gives the last digit of the year only: 701 is January 2027, 2017 or 2037, whichever is near.
"""

import re
from dataclasses import dataclass
from typing import Final

from webctp.exchanges.rules import month_number, year_month

EXCHANGES: Final = ("SHFE", "INE", "DCE", "CZCE", "CFFEX", "GFEX")
"""The CTP names of the futures exchanges."""

_DASHED = frozenset({"DCE", "GFEX", "CFFEX"})
_LETTERS = {"1": "C", "2": "P"}
_TYPES = {letter: kind for kind, letter in _LETTERS.items()}
_BOTH = ("1", "2")

_ID = re.compile(
    r"(?P<symbol>[A-Za-z]+?)(?P<month>\d{3,4})(?P<suffix>F?)"
    r"(?:(?P<dash>-?)(?P<type>[CP])(?P=dash)(?P<strike>\d+(?:\.\d+)?))?",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Spelled:
    """What an InstrumentID says: `month` as its running number, see `rules.month_number`.

    `options_type` and `strike_price` are "" and 0.0 for a future.
    """

    symbol: str
    month: int
    suffix: str = ""
    options_type: str = ""
    strike_price: float = 0.0


def option_product_ids(
    exchange_id: str, product_id: str, own_id: str = ""
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the option products on a future as (ProductID, its OptionsTypes).

    `own_id` is the ProductID of options that are named apart, as CFFEX's are.
    """
    if own_id:
        return ((own_id, _BOTH),)
    if exchange_id == "CZCE":
        return tuple((product_id + letter, (kind,)) for kind, letter in _LETTERS.items())
    return ((f"{product_id}_o", _BOTH),)


def symbol_of(product_id: str) -> str:
    """Return the letters that begin a future's InstrumentIDs: the ProductID up to any `_`."""
    return product_id.partition("_")[0]


def future_id(exchange_id: str, product_id: str, month: int, suffix: str = "") -> str:
    """Return the InstrumentID of the future of the month numbered `month`."""
    year, month_of_year = year_month(month)
    digits = f"{year % 10}" if exchange_id == "CZCE" else f"{year % 100:02}"
    return f"{symbol_of(product_id)}{digits}{month_of_year:02}{suffix}"


def option_id(exchange_id: str, series: str, options_type: str, strike: float) -> str:
    """Return the InstrumentID of an option of `series`.

    `series` is what stands before the type: the underlying future's InstrumentID, or on CFFEX the
    option product with the month.
    """
    dash = "-" if exchange_id in _DASHED else ""
    return f"{series}{dash}{_LETTERS[options_type]}{dash}{strike:.10g}"


def parse(exchange_id: str, instrument_id: str, near: int) -> Spelled | None:
    """Return what an InstrumentID of `exchange_id` says, or None if it is not spelled so.

    `near` is the running number of a month within five years of the contract's, for CZCE.
    """
    found = _ID.fullmatch(instrument_id)
    if found is None or len(found["month"]) != (3 if exchange_id == "CZCE" else 4):
        return None
    if found["type"] and bool(found["dash"]) != (exchange_id in _DASHED):
        return None
    month_of_year = int(found["month"][-2:])
    if not 1 <= month_of_year <= 12:
        return None
    span = 10 if exchange_id == "CZCE" else 100
    month = month_number(int(found["month"][:-2]), month_of_year)
    # The nearest month that shows these digits.
    month += round((near - month) / (12 * span)) * 12 * span
    return Spelled(
        symbol=found["symbol"],
        month=month,
        suffix=found["suffix"],
        options_type=_TYPES[found["type"]] if found["type"] else "",
        strike_price=float(found["strike"] or 0),
    )
