"""What a portfolio is reckoned with: terms, rates and prices of instruments, as CTP answers.

Rows are structs as :meth:`webctp.ctp.codec.Layout.unpack` gives them. Terms, settlement prices and
rates are those of one trading day. All methods run in the reactor's thread.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple

from webctp.upstream.portfolio.money import rate, share, to_cent, units

Row = Mapping[str, Any]

BUY: Final = "0"
OPEN: Final = "0"
CLOSE_TODAY: Final = "3"
LONG: Final = "0"
SHORT: Final = "1"
"""Sides of a position, spelled as the Direction that opens it."""

INSTRUMENT: Final = "ReqQryInstrument"
COMMISSION: Final = "ReqQryInstrumentCommissionRate"
OPTION_COMMISSION: Final = "ReqQryOptionInstrCommRate"
MARGIN: Final = "ReqQryInstrumentMarginRate"
OPTION_COST: Final = "ReqQryOptionInstrTradeCost"
DEPTH: Final = "ReqQryDepthMarketData"

_OPTIONS: Final = frozenset({"2", "6"})
"""``THOST_FTDC_PC_Options``, ``…SpotOption``."""
_HISTORY: Final = "1"
"""``THOST_FTDC_PDT_UseHistory``: today's positions and older ones are closed apart."""
_LARGER: Final = "1"
"""``THOST_FTDC_MMSA_YES``: of two sides the larger one alone is charged."""


class Key(NamedTuple):
    """What a position is known by: ``side`` is ``LONG`` or ``SHORT``."""

    instrument: str
    side: str
    hedge: str


class Need(NamedTuple):
    """A fact that is missing: the query that tells it, of what; ``hedge`` where that matters."""

    query: str
    instrument: str
    hedge: str = ""


class Terms(NamedTuple):
    """A contract's terms; ``by_date`` says that today's lots and older ones are closed apart."""

    exchange: str
    product: str
    multiplier: int
    is_option: bool
    by_date: bool
    larger_side: bool


class Charge(NamedTuple):
    """A charge: a rate of the amount, and units a lot."""

    by_money: int
    by_volume: int

    def of(self, amount: int, volume: int) -> int:
        """Return the charge on ``volume`` lots that come to ``amount`` units."""
        return share(amount, self.by_money) + to_cent(self.by_volume * volume)


class Commissions(NamedTuple):
    """What opening, closing, and closing what was opened today cost."""

    open: Charge
    close: Charge
    close_today: Charge

    def of(self, offset: str) -> Charge:
        """Return what an offset pays."""
        if offset == OPEN:
            return self.open
        return self.close_today if offset == CLOSE_TODAY else self.close


class Quote(NamedTuple):
    """Prices in units: yesterday's settlement, the upper limit, the last price; 0 if unset."""

    pre_settlement: int
    upper_limit: int
    last: int


class OptionCost(NamedTuple):
    """What a seller of an option pays a lot beside its premium, and the least in all, in units."""

    fixed: int
    least: int


class DayTerms:
    """Hold the terms of one trading day's instruments, for all sessions of a front."""

    def __init__(self) -> None:
        self._day = ""
        self._terms: dict[str, Terms] = {}
        self._is_whole = False

    def of(self, day: str) -> dict[str, Terms]:
        """Return the terms of a day, to be added to; empty where nobody has asked yet."""
        if day != self._day:
            self._day, self._terms, self._is_whole = day, {}, False
        return self._terms

    def is_whole(self, day: str) -> bool:
        """Return whether a day's list was answered to its end; a part of one lacks instruments."""
        return day == self._day and self._is_whole

    def took_all(self, day: str) -> None:
        """Take note that a day's list was answered to its end."""
        self._is_whole = self._is_whole or day == self._day


class Facts:
    """Hold what is known of instruments on one trading day.

    ``terms`` may be shared by all accounts of a front.
    """

    def __init__(self, terms: dict[str, Terms] | None = None) -> None:
        self.terms = {} if terms is None else terms
        self.quotes: dict[str, Quote] = {}
        self._commissions: dict[str, Commissions] = {}
        self._margins: dict[tuple[str, str], tuple[Charge, Charge]] = {}
        self._option_costs: dict[tuple[str, str], OptionCost] = {}
        self._answered: set[Need] = set()

    def commissions(self, instrument: str) -> Commissions | None:
        """Return an instrument's commission rates; None where they are not known."""
        return self._commissions.get(instrument)

    def spread(self, instruments: Iterable[str]) -> None:
        """Let rates that an answer names a product for hold for these instruments of it.

        CTP answers so where nothing is set for the instrument itself
        (REQQRYINSTRUMENTCOMMISSIONRATE).
        """
        for name in instruments:
            terms = self.terms.get(name)
            of_product = None if terms is None else self._commissions.get(terms.product)
            if of_product is not None:
                self._commissions.setdefault(name, of_product)

    def margin(self, key: Key) -> Charge | None:
        """Return a future's margin rates on a side; None where they are not known."""
        found = self._margins.get((key.instrument, key.hedge))
        return None if found is None else found[int(key.side)]

    def option_cost(self, key: Key) -> OptionCost | None:
        """Return what an option's seller pays; None where it is not known."""
        return self._option_costs.get((key.instrument, key.hedge))

    def missing(self, key: Key, *, priced: bool = True) -> Need | None:
        """Return what is to be asked next to reckon a position; None where all is known.

        What CTP has answered with nothing is not asked again.

        :param priced: whether prices count, too.
        """
        name = key.instrument
        terms = self.terms.get(name)
        if terms is None:
            return self.unlisted(name)
        found = None
        if self.commissions(name) is None:
            found = self._open(Need(OPTION_COMMISSION if terms.is_option else COMMISSION, name))
        if found is None and not terms.is_option and self.margin(key) is None:
            found = self._open(Need(MARGIN, name, key.hedge))
        if found is None and terms.is_option and key.side == SHORT and not self.option_cost(key):
            found = self._open(Need(OPTION_COST, name, key.hedge))
        if found is None and priced and name not in self.quotes:
            found = self._open(Need(DEPTH, name))
        return found

    def unlisted(self, name: str) -> Need | None:
        """Return what is to be asked of an instrument that no list had; None for all others."""
        return None if name in self.terms else self._open(Need(INSTRUMENT, name))

    def lacks(self, key: Key) -> bool:
        """Return whether something of a position cannot be reckoned."""
        name = key.instrument
        terms = self.terms.get(name)
        if terms is None or self.commissions(name) is None or name not in self.quotes:
            return True
        if terms.is_option:
            return key.side == SHORT and self.option_cost(key) is None
        return self.margin(key) is None

    def can_trade(self, instrument: str) -> bool:
        """Return whether a trade in an instrument can be entered."""
        return instrument in self.terms and self.commissions(instrument) is not None

    def _open(self, need: Need) -> Need | None:
        return None if need in self._answered else need

    def answered(self, need: Need) -> None:
        """Take note that CTP has answered, whatever it said."""
        self._answered.add(need)

    def take(self, need: Need, row: Row) -> None:
        """Take a row of the answer to a query."""
        _TAKERS[need.query](self, need, row)

    def _take_instrument(self, _: Need, row: Row) -> None:
        self.terms[str(row["InstrumentID"])] = Terms(
            str(row["ExchangeID"]),
            str(row["ProductID"]),
            int(row["VolumeMultiple"]),
            str(row["ProductClass"]) in _OPTIONS,
            row["PositionDateType"] == _HISTORY,
            row["MaxMarginSideAlgorithm"] == _LARGER,
        )

    def _take_commission(self, need: Need, row: Row) -> None:
        """Take rates: of the instrument that was asked about, whatever the answer names."""
        self._commissions[need.instrument or str(row["InstrumentID"])] = Commissions(
            *(
                Charge(rate(row[f"{kind}RatioByMoney"]), units(row[f"{kind}RatioByVolume"]))
                for kind in ("Open", "Close", "CloseToday")
            )
        )

    def _take_margin(self, need: Need, row: Row) -> None:
        name = need.instrument or str(row["InstrumentID"])
        long, short = (
            Charge(rate(row[f"{side}MarginRatioByMoney"]), units(row[f"{side}MarginRatioByVolume"]))
            for side in ("Long", "Short")
        )
        self._margins[name, need.hedge] = long, short

    def _take_option_cost(self, need: Need, row: Row) -> None:
        cost = OptionCost(units(row["FixedMargin"]), units(row["MiniMargin"]))
        self._option_costs[need.instrument, need.hedge] = cost

    def _take_depth(self, _: Need, row: Row) -> None:
        self.quotes[str(row["InstrumentID"])] = Quote(
            units(row["PreSettlementPrice"]),
            units(row["UpperLimitPrice"]),
            units(row["LastPrice"]),
        )


_TAKERS: Final = {
    INSTRUMENT: Facts._take_instrument,
    COMMISSION: Facts._take_commission,
    OPTION_COMMISSION: Facts._take_commission,
    MARGIN: Facts._take_margin,
    OPTION_COST: Facts._take_option_cost,
    DEPTH: Facts._take_depth,
}
