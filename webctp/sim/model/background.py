"""The background of one instrument's market: where it quotes and what it trades, step by step.

It is a function of its key and the step alone. Quotes stand about a centre that follows the
product's path, at whose steps all months and options of a product move together; quiet
instruments are quoted anew every few steps, and whenever they trade.
"""

from collections.abc import Callable, Iterator
from math import floor
from typing import Final, NamedTuple, Protocol

from webctp.sim.draws import draw
from webctp.sim.model.fairprice import MOMENTS, PIECES, Path
from webctp.sim.model.flow import ActiveFlow, Deal, Flow, QuietFlow
from webctp.sim.model.lots import DayOfTrade, Scale, Settled, parted
from webctp.sim.model.tape import Traded

_DEALS: Final = 12
"""Trades a day of an instrument whose trades are counted through, if it has as many lots."""
_LOTS_A_DEAL: Final = 80
"""One more for each so many lots."""
_MOST_DEALS: Final = 96
ACTIVE: Final = 12 * PIECES
"""Lots of a day from which on a future's are cut in halves like its path."""
_SLOT_KEY: Final = 0x5851F42D4C957F2D
_QUOTE_KEY: Final = 0x9E6C63D0876A9A47
_EVERY: Final = ((0.5, 0), (0.05, 1), (0.002, 2))
"""From so many lots a step on, quotes are made anew every so many steps (a power of two)."""
_SELDOM: Final = 3

Value = Callable[[float], float]
"""From a path's value to the price in ticks that is halfway between bid and ask: rising with it,
or falling."""


class Manners(NamedTuple):
    """How an instrument trades: lots in a step, ticks between bid and ask."""

    activity: float
    spread: int


class Background(Protocol):
    """What a market needs to know of its background. Steps never go back."""

    @property
    def next(self) -> int:
        """The step before which nothing changes."""

    @property
    def printed(self) -> int:
        """The step of the last trade, -1 before the first."""

    def advance(self, step: int) -> Traded | None:
        """Trade what comes after the step of the last call, up to ``step``; None for nothing."""

    def clear(self, step: int, upto: int, above: int, below: int) -> int:
        """Return the step up to which asks stay above a price, bids and trades within both.

        :param above: in ticks, as ``below``: all stays between them, touching neither.
        """

    def quote(self, step: int) -> tuple[float, int]:
        """Return the centre of bid and ask in ticks, and random bits for the levels' volumes."""

    def bits(self, step: int) -> int:
        """Return the random bits of a step."""


class DrawnBackground:
    """A background drawn from a key.

    :param path: what it follows.
    :param value: from the path's value to the centre of its quotes.
    """

    __slots__ = (
        "_flow",
        "_key",
        "_mask",
        "_path",
        "_phase",
        "_spread",
        "_value",
        "next",
        "printed",
    )

    def __init__(self, of_day: int, path: Path, value: Value, flow: Flow, manners: Manners) -> None:
        self._key = of_day ^ _QUOTE_KEY
        self._path = path
        self._value = value
        self._flow = flow
        activity, self._spread = manners
        every = _SELDOM
        if isinstance(flow, ActiveFlow):
            every = 0
        else:
            every = next((power for least, power in _EVERY if activity >= least), _SELDOM)
        self._mask = (1 << every) - 1
        self._phase = of_day & self._mask
        self.next = 0
        self.printed = -1

    def advance(self, step: int) -> Traded | None:
        """Trade what comes after the step of the last call, up to ``step``; None for nothing."""
        flow = self._flow
        traded = flow.advance(step) if flow.next <= step else None
        self.printed = flow.printed
        quoted = step - (step + self._phase & self._mask) + self._mask + 1
        self.next = min(quoted, flow.next)
        return traded

    def clear(self, step: int, upto: int, above: int, below: int) -> int:
        """Return the step up to which asks stay above a price, bids and trades within both."""
        half = (self._spread + 1) / 2

        def within(low: float, high: float) -> bool:
            lowest, highest = sorted((self._value(low), self._value(high)))
            return floor(lowest + half) > above and floor(highest + 1 - half) < below

        return self._flow.clear(step, self._path.clear(step, upto, within), above, below)

    def quote(self, step: int) -> tuple[float, int]:
        """Return the centre of bid and ask in ticks, and random bits for the levels' volumes."""
        made = max(step - (step + self._phase & self._mask), self.printed, 0)
        return self._value(self._path.at(made)), draw(self._key, made)

    def bits(self, step: int) -> int:
        """Return the random bits of a step."""
        return draw(self._key, ~step)


def future(
    path: Path, of_day: int, scale: Scale, day: DayOfTrade, manners: Manners
) -> tuple[DrawnBackground, Value, Settled]:
    """Return a future's background, its centre, and what its settlement price averages."""
    base = scale.base
    if day.lots >= ACTIVE:
        settled, parts = parted(path, of_day, scale, day)

        def value(at: float) -> float:
            return base * (1.0 + at)

        flow: Flow = ActiveFlow(path, of_day, scale, parts)
        return DrawnBackground(of_day, path, value, flow, manners), value, settled
    deals, shift = _averaging(path, of_day, scale, day)
    total = sum(deal.lots * deal.price for deal in deals)

    def shifted(at: float) -> float:
        return base * (1.0 + at) - shift

    background = DrawnBackground(of_day, path, shifted, QuietFlow(deals), manners)
    return background, shifted, Settled(day.lots, total)


def option(
    path: Path, of_day: int, scale: Scale, day: DayOfTrade, manners: Manners, value: Value
) -> DrawnBackground:
    """Return the background of an option: ``value`` is its worth at its future's own centre."""
    flow = QuietFlow(_following(path, of_day, scale, day, value))
    return DrawnBackground(of_day, path, value, flow, manners)


class _Slot(NamedTuple):
    """A trade to be: its step, its lots, its change of the open interest; whether it buys."""

    step: int
    lots: int
    interest: int
    buys: bool


def _slots(path: Path, of_day: int, day: DayOfTrade) -> Iterator[_Slot]:
    """Return when a quiet instrument trades, in order: moments of its product's trades."""
    moments = path.moments
    whole, interest = day.lots, day.interest
    number = min(whole, _DEALS + whole // _LOTS_A_DEAL, _MOST_DEALS)
    done = gained = bits = 0
    for place in range(number):
        # Sixteen bits of each draw are for one trade.
        bits = bits >> 16 if place & 3 else draw(of_day ^ _SLOT_KEY, place)
        moment = (place * MOMENTS + (bits & 0xFF)) // number
        # Each is of a lot at least, and the last one has all that is left.
        after = number - 1 - place
        if after:
            upto = whole * (4 * place + 1 + (bits >> 8 & 3)) // (4 * number)
            most = whole - after
            lots = (upto if upto < most else most) - done
            if lots < 1:
                lots = 1
        else:
            lots = whole - done
        done += lots
        gain = interest * done // whole
        yield _Slot(moments[moment], lots, gain - gained, bool(bits & 0x8000))
        gained = gain


def _averaging(path: Path, of_day: int, scale: Scale, day: DayOfTrade) -> tuple[list[Deal], float]:
    """Return the trades of a quiet future, and how far its centre is from the path's.

    They average its settlement price, at which the last of them is. Buyers pay the ask.
    """
    slots = list(_slots(path, of_day, day))
    if not slots:
        return [], 0.0
    half = scale.spread / 2
    apart = [
        scale.base * path.at(slot.step) + (half if slot.buys else -half) for slot in slots[:-1]
    ]
    lots = sum(slot.lots for slot in slots[:-1])
    shift = sum(a * s.lots for a, s in zip(apart, slots, strict=False)) / lots if lots else 0.0
    widest = max((abs(a - shift) for a in apart), default=0.0)
    room = min(day.settlement - scale.lowest, scale.highest - day.settlement)
    # Between its price limits it cannot stray as far as the path.
    narrowed = min(1.0, room / widest) if widest else 1.0
    prices = [floor(day.settlement + (a - shift) * narrowed + 0.5) for a in apart]
    prices.append(day.settlement)
    return [
        Deal(slot.step, slot.lots, price, slot.interest)
        for slot, price in zip(slots, prices, strict=True)
    ], shift


def _following(
    path: Path, of_day: int, scale: Scale, day: DayOfTrade, value: Value
) -> Iterator[Deal]:
    """Give the trades of an option, each worked out at its time; the last one settles it."""
    left = day.lots
    _, spread, lowest, highest = scale
    to_ask, to_bid = (spread + 1) / 2, (1 - spread) / 2
    for step, lots, interest, buys in _slots(path, of_day, day):
        left -= lots
        if left:
            price = floor(value(path.at(step)) + (to_ask if buys else to_bid))
            if price < lowest:
                price = lowest
            elif price > highest:
                price = highest
        else:
            price = day.settlement
        yield Deal(step, lots, price, interest)
