"""What an insert would do, read from its body: instrument, sides, offsets, prices, lots.

Which kind a request is follows from the fields of its struct, so that what a newer library adds
is sorted by the same rule; what fits none is of kind ``OTHER``, which may open anything.
"""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any, Final, NamedTuple

from webctp.ctp.catalog import Catalogue, Method

BUY: Final = "0"
SELL: Final = "1"
OPEN: Final = "0"
LIMIT: Final = "2"
"""``THOST_FTDC_OPT_LimitPrice``."""
_ABANDON: Final = "2"
"""``THOST_FTDC_ACTP_Abandon``: an option is given up, and nothing comes of it."""
GRAIN: Final = 10_000
"""Prices and money are integers of 1e-4 yuan."""
BEYOND: Final = 1e11
"""A price that no field of a front holds; it counts as this one."""

_FAR: Final = round(BEYOND * GRAIN)
_CLOSES: Final = frozenset({"1", "3", "4"})
_CLOSING_LEGS: Final = frozenset("123456")
"""Every CombOffsetFlag of a leg that closes; a front may take any other for an opening."""
_new: Final = tuple.__new__

Body = Mapping[str, Any]


class InsertKind(StrEnum):
    """What an insert brings about."""

    ORDER = "order"
    QUOTE = "quote"
    EXERCISE = "exercise"
    SELF_CLOSE = "self-close"
    COMBINATION = "combination"
    FOR_QUOTE = "for-quote"
    OTHER = "other"


_RULES: Final[tuple[tuple[frozenset[str], InsertKind], ...]] = (
    (frozenset({"CombOffsetFlag", "LimitPrice", "Direction"}), InsertKind.ORDER),
    (frozenset({"AskVolume", "BidVolume", "AskOffsetFlag"}), InsertKind.QUOTE),
    (frozenset({"ActionType", "PosiDirection"}), InsertKind.EXERCISE),
    (frozenset({"OptSelfCloseFlag"}), InsertKind.SELF_CLOSE),
    (frozenset({"CombDirection"}), InsertKind.COMBINATION),
    (frozenset({"ForQuoteRef"}), InsertKind.FOR_QUOTE),
)
"""In order: the first whose fields the struct has all."""


class Terms(NamedTuple):
    """A contract's terms: ``tick`` in 1e-4 yuan, ``multiplier`` is VolumeMultiple."""

    tick: int
    multiplier: int


class Leg(NamedTuple):
    """A side of an insert: ``price`` in 1e-4 yuan, None where it takes any price."""

    direction: str
    offset: str
    price: int | None
    volume: int
    opens: bool


class PlainOrder(NamedTuple):
    """What an order says, in short: ``price`` in 1e-4 yuan, None where it takes any price."""

    instrument: str
    direction: str
    offset: str
    price: int | None
    lots: int


class Intent:
    """What an insert would do. ``legs`` are one for an order, two for a quote, else none.

    ``opens`` says whether it may open a position. ``terms`` and ``last`` are filled in where a
    check needs them: the instrument's terms, and its last price in 1e-4 yuan; None if not known.
    """

    __slots__ = ("instrument", "kind", "last", "legs", "opens", "terms", "volume")

    def __init__(
        self, kind: InsertKind, instrument: str, volume: int, legs: tuple[Leg, ...], opens: bool
    ) -> None:
        self.kind = kind
        self.instrument = instrument
        self.volume = volume
        self.legs = legs
        self.opens = opens
        self.terms: Terms | None = None
        self.last: int | None = None

    @property
    def content(self) -> object:
        """What two inserts have in common that say the same."""
        if self.kind is InsertKind.ORDER:
            (leg,) = self.legs
            return PlainOrder(self.instrument, leg.direction, leg.offset, leg.price, leg.volume)
        return self.kind, self.instrument, self.legs, self.volume


def kind_of(catalogue: Catalogue, method: Method) -> InsertKind:
    """Sort an insert by the fields of its struct."""
    fields = frozenset(one.name for one in catalogue.struct(method.request_struct).fields)
    return next((kind for wanted, kind in _RULES if wanted <= fields), InsertKind.OTHER)


def intent_of(kind: InsertKind, body: Body) -> Intent:
    """Read what an insert would do; what is left out counts as CTP would take it."""
    return _READERS[kind](kind, body)


def in_grains(price: float) -> int:
    """Return a price in 1e-4 yuan."""
    if -BEYOND < price < BEYOND:
        return round(price * GRAIN)
    return _FAR if price > 0 else -_FAR


def opens(offset: str) -> bool:
    """Return whether a CombOffsetFlag may open: one of its legs does, or does not say it closes."""
    if offset in _CLOSES:
        return False
    legs = offset.strip()
    return not legs or not _CLOSING_LEGS.issuperset(legs)


def _lots(said: int | None) -> int:
    """Return the lots of a field. Fewer than none are none, so that they make room for no others.

    A front refuses them, but until it has, they would count against what waits to open or close.
    """
    return max(said or 0, 0)


def _order(kind: InsertKind, body: Body) -> Intent:
    get = body.get
    offset = get("CombOffsetFlag") or ""
    volume = _lots(get("VolumeTotalOriginal"))
    price = in_grains(get("LimitPrice") or 0.0) if get("OrderPriceType") == LIMIT else None
    may_open = opens(offset)
    # tuple.__new__ takes half the time of Leg(…): every insert passes here (bench.risk).
    leg = _new(Leg, (get("Direction") or "", offset, price, volume, may_open))
    return Intent(kind, (get("InstrumentID") or "").strip(), volume, (leg,), may_open)


def _quote(kind: InsertKind, body: Body) -> Intent:
    legs = []
    for side, direction in (("Bid", BUY), ("Ask", SELL)):
        volume = _lots(body.get(f"{side}Volume"))
        if volume:
            offset = body.get(f"{side}OffsetFlag") or ""
            price = in_grains(body.get(f"{side}Price") or 0.0)
            legs.append(Leg(direction, offset, price, volume, opens(offset)))
    return Intent(
        kind,
        (body.get("InstrumentID") or "").strip(),
        max((leg.volume for leg in legs), default=0),
        tuple(legs),
        any(leg.opens for leg in legs),
    )


def _instruction(kind: InsertKind, body: Body) -> Intent:
    """Return an exercise opens the underlying; abandoning, closing or combining opens nothing."""
    may_open = kind is InsertKind.OTHER or (
        kind is InsertKind.EXERCISE and body.get("ActionType") != _ABANDON
    )
    instrument = (body.get("InstrumentID") or "").strip()
    return Intent(kind, instrument, _lots(body.get("Volume")), (), may_open)


_READERS: Final[Mapping[InsertKind, Callable[[InsertKind, Body], Intent]]] = {
    InsertKind.ORDER: _order,
    InsertKind.QUOTE: _quote,
    InsertKind.EXERCISE: _instruction,
    InsertKind.SELF_CLOSE: _instruction,
    InsertKind.COMBINATION: _instruction,
    InsertKind.FOR_QUOTE: _instruction,
    InsertKind.OTHER: _instruction,
}
