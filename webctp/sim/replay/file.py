"""A recording as a replay needs it: its instruments with their terms, and its ticks."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import chain
from pathlib import Path

from webctp.ctp import binding
from webctp.ctp.codec import Layout, text_of
from webctp.exchanges import calendar, instruments, productfile
from webctp.exchanges.instruments import Instrument, series_of
from webctp.exchanges.products import Product
from webctp.exchanges.rules import month_number, year_month
from webctp.exchanges.spelling import EXCHANGES, Spelled, parse, symbol_of
from webctp.exchanges.tickdays import TickDays
from webctp.language.text import english, joined
from webctp.recording.cells import bytes_of
from webctp.recording.errors import Report, TickFileError
from webctp.recording.rows import TICK, RowFormat, Tick
from webctp.recording.tickfile import files_of, instruments_of, read

_REASONS = 3
"""Lines of reasons that are reported where nothing can be played."""
_YEARS = range(1990, 2101)
"""Years that futures have been traded in, or may be."""


@dataclass(frozen=True, slots=True)
class Fields:
    """Where a tick's bytes hold what every one is looked at for."""

    instrument: slice
    trading_day: slice
    update_time: slice

    @classmethod
    def of(cls, layout: Layout) -> "Fields":
        """Find them in the layout of a tick."""
        instrument, day, time = (
            layout.by_name[name] for name in ("InstrumentID", "TradingDay", "UpdateTime")
        )
        return cls(
            slice(instrument.offset, instrument.offset + instrument.size),
            slice(day.offset, day.offset + 8),
            slice(time.offset, time.offset + 8),
        )


class Recording:
    """The recordings at a path: a file, or a folder of them in the order of their days.

    Made quickly, with a look at the first line only; `scan` reads on.

    :param report: takes a line about each thing that is skipped.
    :param day: the trading day of ticks that tell no date.
    :raises TickFileError: if there is nothing that can be played.
    """

    def __init__(self, path: Path, report: Report, day: date | None = None) -> None:
        self._files = files_of(path)
        self._report = report
        self._day = day
        self.layout = binding.load().market_codec.layout(TICK)
        self._rows = RowFormat(self.layout)
        self.fields = Fields.of(self.layout)
        reasons: list[str] = []
        first = next(chain.from_iterable(self._look(one, reasons) for one in self._files), None)
        if first is None:
            told = [reason.removeprefix(f"{path}: ") for reason in reasons[:_REASONS]]
            none = english("{path}: holds no tick that can be read", path=path)
            raise TickFileError(joined("; ", (none, *told)))
        self.first: Tick = first
        self._names: dict[str, None] = {}
        self._days = TickDays()

    def scan(self) -> None:
        """Find the instruments. Reads every file once: not for the reactor's thread."""
        for path in self._files:
            # Unreadable and damaged rows are reported during replay.
            with suppress(TickFileError):
                for cell in instruments_of(path, self._rows):
                    with suppress(ValueError):
                        self._names[text_of(bytes_of(cell))] = None
        self._names.pop("", None)

    def __contains__(self, instrument: str) -> bool:
        """Return whether the recording has an instrument."""
        return instrument in self._names

    def ticks(self) -> Iterator[Tick]:
        """Give the ticks in order; damaged rows are reported and skipped."""
        for path in self._files:
            try:
                yield from read(path, self._rows, self._report, self._day)
            except TickFileError as problem:
                self._report(
                    english("{problem}; the rest of this file is passed over", problem=problem)
                )

    def _look(self, path: Path, reasons: list[str]) -> Iterator[Tick]:
        # Damaged rows are reported during replay, or at once if there are no others.
        return read(path, self._rows, reasons.append, self._day)

    def trading_day(self, tick: Tick) -> date | None:
        """Return a tick's trading day, None where it has no possible one."""
        return trading_day_of(self._days, self.fields, tick.raw, tick.received)

    def listed(self, trading_day: date) -> list[Instrument]:
        """Return the instruments whose terms are known, and the futures under its options."""
        return list(with_futures(self._names, trading_day).values())


def trading_day_of(days: TickDays, fields: Fields, raw: bytes, received: int) -> date | None:
    """Return the trading day of a tick's bytes, None where it has no possible one."""
    day = days.of(
        raw[fields.trading_day], raw[fields.update_time], raw[fields.instrument], received
    )
    return day if day is not None and day.year in _YEARS else None


def with_futures(names: Iterable[str], trading_day: date) -> dict[str, Instrument]:
    """Return the instruments of names whose terms are known, and the futures under options."""
    known = _listed(trading_day)
    found: dict[str, Instrument] = {}
    for name in names:
        instrument = known.get(name) or instrument_of(name, trading_day)
        if instrument is None:
            continue
        if instrument.options_type:
            future = _future_under(instrument, trading_day)
            if future is None:
                continue
            found.setdefault(future.instrument_id, future)
        found[name] = instrument
    return found


@lru_cache(maxsize=2)
def _listed(trading_day: date) -> Mapping[str, Instrument]:
    return {one.instrument_id: one for one in instruments.listed(trading_day)}


def _future_under(option: Instrument, trading_day: date) -> Instrument | None:
    """Return an option's future; for an index option the index future of the nearest month."""
    known, name = _listed(trading_day), option.series.underlying_id
    exact = known.get(name) or instrument_of(name, trading_day)
    if exact is not None:
        return exact
    month = _month_of(option)
    futures = [one for one in known.values() if one.product is option.product.underlying]
    return min(futures, key=lambda one: abs(_month_of(one) - month), default=None)


def _month_of(instrument: Instrument) -> int:
    return month_number(instrument.series.delivery_year, instrument.series.delivery_month)


@lru_cache(maxsize=65_536)
def instrument_of(name: str, trading_day: date) -> Instrument | None:
    """Make an instrument from its InstrumentID's spelling: not all strikes are listed."""
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
    """Return the product that an InstrumentID spells."""
    for product in productfile.default().values():
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
