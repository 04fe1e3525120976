"""A recording as a replay needs it: its instruments with their terms, and its ticks."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import chain
from pathlib import Path

from webctp.ctp import catalog
from webctp.ctp.codec import codec_for, text_of
from webctp.ctp.tickfile import Report, TickFileError, files_of, instruments_of, read
from webctp.ctp.tickrow import TICK, RowFormat, Tick, bytes_of, date_of
from webctp.exchanges import calendar, instruments, products
from webctp.exchanges.instruments import Instrument, series_of
from webctp.exchanges.products import Product
from webctp.exchanges.rules import month_number, year_month
from webctp.exchanges.spelling import EXCHANGES, Spelled, parse, symbol_of


@dataclass(frozen=True, slots=True)
class Fields:
    """Where a tick's bytes hold what every one is looked at for."""

    instrument: slice
    trading_day: slice


class Recording:
    """The recordings at a path: a file, or a folder of them in the order of their days.

    Made quickly, with a look at the first line only; `scan` reads on.

    :param report: takes a line about each thing that is skipped.
    :raises TickFileError: if there is nothing that can be played.
    """

    def __init__(self, path: Path, report: Report) -> None:
        self._files = files_of(path)
        self._report = report
        self.layout = codec_for(catalog.market_data().module).layout(TICK)
        self._rows = RowFormat(self.layout)
        places = self.layout.by_name
        instrument, day = places["InstrumentID"], places["TradingDay"]
        self.fields = Fields(
            slice(instrument.offset, instrument.offset + instrument.size),
            slice(day.offset, day.offset + 8),
        )
        # What is damaged is told when it is played.
        first = next(self._read(lambda line: None), None)
        if first is None:
            raise TickFileError(f"{path}: holds no tick")
        self.first: Tick = first
        self._names: dict[str, None] = {}

    def scan(self) -> None:
        """Find the instruments. Reads every file once: not for the reactor's thread."""
        for path in self._files:
            for cell in instruments_of(path, self._rows):
                with suppress(ValueError):  # of a row that is skipped when it is played
                    self._names[text_of(bytes_of(cell))] = None
        self._names.pop("", None)

    def __contains__(self, instrument: str) -> bool:
        """Whether an instrument is in it."""
        return instrument in self._names

    def ticks(self) -> Iterator[Tick]:
        """Its ticks in order; what is damaged is reported and skipped."""
        return self._read(self._report)

    def _read(self, report: Report) -> Iterator[Tick]:
        return chain.from_iterable(read(path, self._rows, report) for path in self._files)

    def trading_day(self, tick: Tick) -> date | None:
        """A tick's TradingDay, None where it tells none."""
        return date_of(tick.raw[self.fields.trading_day].decode("ascii", "replace"))

    def listed(self, trading_day: date) -> list[Instrument]:
        """The instruments whose terms are known, and the futures under its options."""
        known = _listed(trading_day)
        found: dict[str, Instrument] = {}
        for name in self._names:
            instrument = known.get(name) or instrument_of(name, trading_day)
            if instrument is None:
                continue
            found[name] = instrument
            future = known.get(instrument.series.underlying_id)
            if instrument.options_type and future is not None:
                found.setdefault(future.instrument_id, future)
        return list(found.values())


@lru_cache(maxsize=2)
def _listed(trading_day: date) -> Mapping[str, Instrument]:
    return {one.instrument_id: one for one in instruments.listed(trading_day)}


@lru_cache(maxsize=65_536)
def instrument_of(name: str, trading_day: date) -> Instrument | None:
    """An instrument by the spelling of its InstrumentID: strikes and months are not all listed."""
    near = month_number(trading_day.year, trading_day.month)
    for exchange in EXCHANGES:
        spelled = parse(exchange, name, near)
        product = None if spelled is None else _product_of(exchange, spelled)
        if spelled is None or product is None:
            continue
        year, _ = year_month(spelled.month)
        if abs(year - trading_day.year) <= 5:
            series = series_of(product, spelled.month, calendar.default())
            return Instrument(name, series, spelled.strike_price, spelled.options_type)
    return None


def _product_of(exchange: str, spelled: Spelled) -> Product | None:
    """The product that an InstrumentID spells."""
    for product in products.default().values():
        if product.exchange_id != exchange:
            continue
        under = product.underlying
        if spelled.options_type:
            letters = {product.product_id, symbol_of(under.product_id) if under else ""}
            fits = spelled.options_type in product.options_types and spelled.symbol in letters
        else:
            fits = under is None and (symbol_of(product.product_id), product.suffix) == (
                spelled.symbol,
                spelled.suffix,
            )
        if fits:
            return product
    return None
