"""Combination instruments (组合合约): which there are, what their legs are, what may be combined.

Spelling, legs and directions are those of CTP's document 6.7.8 (pages QTYWGZ/DCEZB, GJYSTSZL,
REQORDERINSERT, 6.5.1 supplement). Which spreads can be ordered is second-hand: every pair of months
of a product, and the pairs of products in `PAIRS`, of the same month. Real lists are shorter.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from webctp.exchanges.instruments import Instrument
from webctp.exchanges.products import CALL, Product
from webctp.exchanges.rules import month_number

COMBINATION: Final = "3"
"""THOST_FTDC_PC_Combination."""
BUY: Final = "0"
SELL: Final = "1"
"""Directions of combinations, and the sides of their legs: '0' is long, '1' short."""

PAIRS: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {
    "SPC": (
        ("a", "m"),
        ("c", "cs"),
        ("fb", "bb"),
        ("i", "j"),
        ("i", "jm"),
        ("j", "jm"),
        ("l", "pp"),
        ("l", "v"),
        ("v", "pp"),
        ("y", "p"),
    ),
    "IPS": (("SF", "SM"),),
}
"""Pairs of products, in the order of their legs. Second-hand: a broker's list of products."""

_Fits = Callable[[Instrument, Instrument], bool]


@dataclass(frozen=True, slots=True, eq=False)
class Kind:
    """A kind of combination; compared by identity.

    `type` is its CombinationType. `priority` grows with what is broken up first when positions
    are closed: the order of THOST_FTDC_DCECOMBT_…, which is taken for the exchange's (inferred).
    `plus` tells that the price is the sum of the legs' and not their difference. `share` is the
    X of its margin (组合优惠比例), 0 where its formula has none.
    """

    code: str
    type: str
    priority: int
    fits: _Fits
    plus: bool = False
    share: float = 0.0


def _month(leg: Instrument) -> int:
    return month_number(leg.series.delivery_year, leg.series.delivery_month)


def _futures(first: Instrument, second: Instrument) -> bool:
    return not first.options_type and not second.options_type


def _options(first: Instrument, second: Instrument) -> bool:
    """Return whether both are options on one future's product."""
    underlying = first.product.underlying
    return underlying is not None and underlying is second.product.underlying


def _same_month(first: Instrument, second: Instrument) -> bool:
    return _month(first) == _month(second)


def _is_calendar(first: Instrument, second: Instrument) -> bool:
    alike = _futures(first, second) and first.product is second.product
    return alike and _month(first) < _month(second)


def _is_pair(code: str) -> _Fits:
    def fits(first: Instrument, second: Instrument) -> bool:
        pair = first.product.product_id, second.product.product_id
        return pair in PAIRS[code] and first.product.price_tick == second.product.price_tick

    return fits


def _is_lock(first: Instrument, second: Instrument) -> bool:
    return first is second and not first.options_type


def _is_option_lock(first: Instrument, second: Instrument) -> bool:
    return first is second and bool(first.options_type)


def _is_straddle(first: Instrument, second: Instrument) -> bool:
    if not (_options(first, second) and _same_month(first, second)):
        return False
    is_call = first.options_type == CALL
    return is_call and second.options_type != CALL and first.strike_price == second.strike_price


def _is_strangle(first: Instrument, second: Instrument) -> bool:
    """Return whether a put below a call: DCE names the put first, CZCE the call."""
    if first.exchange_id == "CZCE":
        first, second = second, first
    if not (_options(first, second) and _same_month(first, second)):
        return False
    is_put = first.options_type not in ("", CALL)
    return is_put and second.options_type == CALL and first.strike_price < second.strike_price


def _is_covered(first: Instrument, second: Instrument) -> bool:
    """Return whether an option and its future: CZCE names the future first."""
    if first.exchange_id == "CZCE":
        first, second = second, first
    owner = first.product.underlying
    return owner is not None and owner is second.product and _same_month(first, second)


def _is_vertical(first: Instrument, second: Instrument) -> bool:
    """Return whether two strikes of one type, the dearer option first."""
    alike = _options(first, second) and _same_month(first, second)
    if not alike or first.options_type != second.options_type:
        return False
    rising = first.strike_price < second.strike_price
    return first.strike_price != second.strike_price and rising == (first.options_type == CALL)


def _is_option_calendar(first: Instrument, second: Instrument) -> bool:
    alike = _options(first, second) and first.options_type == second.options_type
    return alike and first.strike_price == second.strike_price and _month(first) < _month(second)


_LOCK: Final = Kind("SP", "0", 0, _is_lock)
_STRADDLE: Final = Kind("STD", "3", 7, _is_straddle, plus=True)
_STRANGLE: Final = Kind("STG", "4", 8, _is_strangle, plus=True)
_COVERED: Final = Kind("PRT", "5", 10, _is_covered)
# The shares X of DCE are second-hand; a program asks for them by ReqQryCombPromotionParam.
_DALIAN: Final = (
    _LOCK,
    Kind("OPL", "7", 1, _is_option_lock, share=0.2),
    Kind("SP", "0", 2, _is_calendar),
    Kind("SPC", "0", 3, _is_pair("SPC")),
    Kind("BLS", "9", 4, _is_vertical, share=0.2),
    Kind("BES", "a", 5, _is_vertical),
    Kind("CAS", "6", 6, _is_option_calendar, share=0.2),
    _STRADDLE,
    _STRANGLE,
    Kind("BFO", "8", 9, _is_covered, share=0.8),
    _COVERED,
)
KINDS: Final[Mapping[str, tuple[Kind, ...]]] = {
    "DCE": _DALIAN,
    # CTP's page GJYSTSZL 1.5: as DCE. Which pairs of products GFEX has is not known: none.
    "GFEX": tuple(kind for kind in _DALIAN if kind.code != "SPC"),
    "CZCE": (
        Kind("SPD", "0", 2, _is_calendar),
        Kind("IPS", "0", 3, _is_pair("IPS")),
        _STRADDLE,
        _STRANGLE,
        _COVERED,
    ),
}
"""Exchange -> the kinds of combination that it has; the others have none."""
_ORDERED: Final = frozenset({"SP", "SPC", "SPD", "IPS"})
_BOUGHT: Final = frozenset({"BLS", "BFO", "OPL"})
_SOLD: Final = frozenset({"BES", "CAS", "STD", "STG", "PRT"})


@dataclass(frozen=True, slots=True, eq=False)
class Combination:
    """A combination of two instruments, one lot of each."""

    instrument_id: str
    kind: Kind
    legs: tuple[Instrument, Instrument]

    @property
    def exchange_id(self) -> str:
        """The exchange of both legs."""
        return self.legs[0].exchange_id

    @property
    def product_id(self) -> str:
        """The product-level name: SP m&m, BLS m_o&m_o."""
        first, second = (leg.product.product_id for leg in self.legs)
        return f"{self.kind.code} {first}&{second}"

    @property
    def is_lock(self) -> bool:
        """Whether its legs are the two sides of one instrument."""
        return self.legs[0] is self.legs[1]

    @property
    def is_listed(self) -> bool:
        """Whether ReqQryInstrument tells it: CZCE's straddles and strangles are ordered unlisted.

        CTP's page REQQRYINSTRUMENT.
        """
        return self.is_tradable and self.kind.code in _ORDERED

    @property
    def is_tradable(self) -> bool:
        """Whether orders in it are taken; what is not can only be combined out of positions."""
        if self.kind.code in ("STD", "STG"):
            return self.exchange_id == "CZCE"
        alike = self.kind.code in ("SPC", "IPS")
        spread = self.kind.code in _ORDERED and not self.is_lock
        return spread and (not alike or _same_month(*self.legs))

    def directions(self, direction: str) -> tuple[str, str]:
        """Return how an order of ``direction`` that opens trades each leg."""
        other = SELL if direction == BUY else BUY
        return direction, direction if self.kind.plus else other

    def sides(self, direction: str) -> tuple[str, str] | None:
        """Return the sides of the legs' positions; None for a direction that it has not.

        CTP's page QTYWGZ/DCEZB 3.
        """
        code = self.kind.code
        if code in _ORDERED:
            if self.is_lock and direction != BUY:
                return None
            return (BUY, SELL) if direction == BUY else (SELL, BUY)
        if direction != (BUY if code in _BOUGHT else SELL):
            return None
        if code in ("STD", "STG"):
            return SELL, SELL
        if code not in ("PRT", "BFO"):
            return (BUY, SELL) if code in _BOUGHT else (SELL, BUY)
        place = 0 if self.legs[0].options_type else 1
        option = BUY if code == "BFO" else SELL
        # A call sold is covered by the future bought, a put by the future sold.
        is_call = self.legs[place].options_type == CALL
        future = SELL if is_call == (option == BUY) else BUY
        return (option, future) if place == 0 else (future, option)


@dataclass(frozen=True, slots=True)
class CombinationProduct:
    """What CTP tells of combinations that can only be combined: STD m_o&m_o for all of a series.

    CTP's page 6.5.1, supplement 2.
    """

    product_id: str
    kind: Kind
    product: Product


class Combinations:
    """The combinations of a day's instruments."""

    def __init__(self, instruments: Mapping[str, Instrument]) -> None:
        self._instruments = instruments

    def find(self, name: str) -> Combination | None:
        """Return the combination of a name, None where there is none."""
        code, space, legs = name.partition(" ")
        first, sign, second = legs.partition("&")
        if not (space and sign):
            return None
        pair = self._instruments.get(first), self._instruments.get(second)
        return _combination(name, code, pair)

    def must(self, name: str) -> Combination:
        """Return the combination of a name.

        :raises KeyError: if there is none.
        """
        found = self.find(name)
        if found is None:
            raise KeyError(name)
        return found

    @cached_property
    def listed(self) -> tuple[Combination, ...]:
        """Those that ReqQryInstrument tells, in the order of products and months."""
        return tuple(combination for combination in self.futures() if combination.is_listed)

    def futures(self) -> Iterator[Combination]:
        """Yield every combination of futures, those included that can only be combined."""
        futures: dict[str, list[Instrument]] = {}
        for leg in self._instruments.values():
            if not leg.options_type and leg.exchange_id in KINDS:
                futures.setdefault(leg.product.product_id, []).append(leg)
        for product, legs in futures.items():
            calendar = "SPD" if legs[0].exchange_id == "CZCE" else "SP"
            pairs = [(calendar, near, far) for near in legs for far in legs]
            for code, known in PAIRS.items():
                mates = [second for first, second in known if first == product]
                pairs += [
                    (code, leg, other)
                    for mate in mates
                    for leg in legs
                    for other in futures.get(mate, ())
                ]
            for code, first, second in pairs:
                name = f"{code} {first.instrument_id}&{second.instrument_id}"
                found = _combination(name, code, (first, second))
                if found is not None:
                    yield found

    @cached_property
    def combinable(self) -> tuple[CombinationProduct, ...]:
        """The combinations with options of DCE and GFEX, as products."""
        options = {
            leg.product: leg.product.underlying
            for leg in self._instruments.values()
            if leg.options_type and leg.exchange_id in ("DCE", "GFEX")
        }
        return tuple(
            CombinationProduct(
                f"{kind.code} {product.product_id}&{_second(kind, product, future)}", kind, product
            )
            for product, future in options.items()
            if future is not None
            for kind in KINDS[product.exchange_id]
            if kind.code not in _ORDERED
        )


def _second(kind: Kind, product: Product, future: Product) -> str:
    """Return the ProductID of the second leg of an option product's combination."""
    return (future if kind.code in ("PRT", "BFO") else product).product_id


def _combination(
    name: str, code: str, pair: tuple[Instrument | None, Instrument | None]
) -> Combination | None:
    first, second = pair
    if first is None or second is None or first.exchange_id != second.exchange_id:
        return None
    for kind in KINDS.get(first.exchange_id, ()):
        if kind.code == code and kind.fits(first, second):
            return Combination(name, kind, (first, second))
    return None
