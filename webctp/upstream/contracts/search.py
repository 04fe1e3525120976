"""Search over the instruments that are known: by ID, Chinese name, pinyin initials, product.

What there is to say of an instrument follows from its ID and the products that are known
(:mod:`webctp.exchanges.products`); CTP tells names to trading sessions only. Each instrument has a
line of all its names, and a search goes over the lines. Everything runs in the
reactor's thread.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from webctp.exchanges.pinyin import initials
from webctp.exchanges.products import FUTURES, OPTIONS, Product
from webctp.exchanges.rules import month_number, year_month
from webctp.exchanges.spelling import parse
from webctp.upstream.market.ticks import product_of

_USUAL: Final = {
    **{"cu": "沪铜", "al": "沪铝", "zn": "沪锌", "pb": "沪铅", "ni": "沪镍", "sn": "沪锡"},
    **{"au": "沪金", "ag": "沪银", "sp": "纸浆", "bc": "国际铜", "ec": "集运指数 集运欧线"},
    **{"a": "豆一", "b": "豆二", "j": "焦炭", "l": "塑料", "v": "PVC", "rr": "粳米", "jd": "鸡蛋"},
    **{"SR": "白糖", "TA": "PTA", "OI": "菜油", "RM": "菜粕", "SM": "硅锰", "CF": "郑棉"},
    **{"TS": "二债", "TF": "五债", "T": "十债", "TL": "三十债"},
}
"""What products are called in daily use, where that is no part of their names."""
_SERIES: Final = re.compile(r"([A-Za-z]+\d{3,4})", re.ASCII)


@dataclass(frozen=True, slots=True)
class FoundInstrument:
    """What an instrument's ID tells of it; empty, or 0, for what it does not."""

    instrument_id: str
    exchange_id: str = ""
    product_id: str = ""
    name: str = ""
    product_class: str = ""
    underlying_id: str = ""
    options_type: str = ""
    strike_price: float = 0.0
    delivery_year: int = 0
    delivery_month: int = 0
    volume_multiple: int = 0
    price_tick: float = 0.0

    @property
    def line(self) -> str:
        """The line that is searched: its beginnings are found before its middle."""
        name = self.name.lower()
        usual = _USUAL.get(self.product_id, "").lower()
        names = (self.instrument_id.lower(), name, initials(name), usual, initials(usual))
        return "\t".join((*names, self.product_id.lower(), self.exchange_id.lower()))


def described(instrument_id: str, today: date) -> FoundInstrument:
    """Return what is known of an instrument.

    :param today: tells the decade of CZCE's years.
    """
    product = product_of(instrument_id)
    if product is None:
        return FoundInstrument(instrument_id, name=instrument_id)
    near = month_number(today.year, today.month)
    spelled = parse(product.exchange_id, instrument_id, near)
    if spelled is None:
        return _known(instrument_id, product, instrument_id, 0)
    if not spelled.options_type:
        year, month = year_month(spelled.month)
        name = f"{product.name}{year % 100:02}{month:02}"
        return _known(instrument_id, product, name, spelled.month)
    series = _SERIES.match(instrument_id)
    return _known(
        instrument_id,
        product,
        f"{product.name} {instrument_id}",
        spelled.month,
        underlying_id=series[1] if series else "",
        options_type=spelled.options_type,
        strike_price=spelled.strike_price,
    )


def _known(
    instrument_id: str,
    product: Product,
    name: str,
    month: int,
    *,
    underlying_id: str = "",
    options_type: str = "",
    strike_price: float = 0.0,
) -> FoundInstrument:
    year, of_year = year_month(month) if month else (0, 0)
    option = bool(options_type)
    product_class = product.product_class
    if option and product_class == FUTURES:
        product_class = OPTIONS
    return FoundInstrument(
        instrument_id,
        product.exchange_id,
        product.product_id,
        name,
        product_class,
        underlying_id,
        options_type,
        strike_price,
        year,
        of_year,
        product.volume_multiple,
        product.price_tick,
    )


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is searched for: words that are all to be found, and fields that are to be equal."""

    text: str = ""
    exchange_id: str = ""
    product_id: str = ""
    underlying_id: str = ""
    product_class: str = ""

    def fits(self, found: FoundInstrument) -> bool:
        """Return whether an instrument's fields are those wanted."""
        return (
            (not self.exchange_id or found.exchange_id == self.exchange_id)
            and (not self.product_id or found.product_id == self.product_id)
            and (not self.underlying_id or found.underlying_id == self.underlying_id)
            and (not self.product_class or found.product_class == self.product_class)
        )


class InstrumentIndex:
    """Find instruments among those that were added."""

    def __init__(self) -> None:
        self._found: list[FoundInstrument] = []
        self._lines: list[str] = []
        self._places_of: dict[str, list[int]] = {}
        """The places of the instruments of an exchange, of a product, on an underlying."""

    def __len__(self) -> int:
        return len(self._found)

    def add(self, names: Iterable[bytes], today: date) -> None:
        """Add instruments, each of them once."""
        for name in names:
            found = described(name.decode("gbk", "replace"), today)
            at = len(self._found)
            self._found.append(found)
            self._lines.append(found.line)
            for key in {found.exchange_id, found.product_id, found.underlying_id}:
                self._places_of.setdefault(key, []).append(at)

    def search(
        self, wanted: Wanted, most: int, allowed: Callable[[str], bool] = lambda name: True
    ) -> list[FoundInstrument]:
        """Return at most so many instruments: what begins with the first word comes first.

        An option chain is in the order of strike prices, the calls of each before its puts.
        """
        words = wanted.text.lower().split()
        places = self._places(wanted)
        lines = self._lines
        # One pass over all lines for each word: 20,000 of them take a millisecond or two.
        for word in words:
            places = [at for at in places if word in lines[at]]
        chosen: list[FoundInstrument] = []
        for at in self._ranked(places, words, wanted):
            found = self._found[at]
            if wanted.fits(found) and allowed(found.instrument_id):
                chosen.append(found)
                if len(chosen) == most:
                    break
        return chosen

    def _places(self, wanted: Wanted) -> Sequence[int]:
        """Return where instruments may be that have the fields wanted."""
        fields = (wanted.underlying_id, wanted.product_id, wanted.exchange_id)
        named = [self._places_of.get(field, ()) for field in fields if field]
        return min(named, key=len) if named else range(len(self._found))

    def _ranked(self, places: Sequence[int], words: list[str], wanted: Wanted) -> Iterator[int]:
        """Give places in order: of a chain, by how the first word was found, or as added."""
        if wanted.underlying_id:
            found = self._found
            yield from sorted(
                places, key=lambda at: (found[at].strike_price, found[at].options_type)
            )
            return
        if not words:
            yield from places
            return
        lines, first = self._lines, words[0]
        within = f"\t{first}"
        begin = [at for at in places if lines[at].startswith(first)]
        yield from begin
        seen = set(begin)
        middle = [at for at in places if at not in seen and within in lines[at]]
        yield from middle
        seen.update(middle)
        yield from (at for at in places if at not in seen)
