"""The fair prices of a product through a trading day.

A day begins as a chain of some hundred pieces, a walk from its opening to its close about the
day's average. Each piece has a highest, a lowest and an average value, and is cut into two that
agree with it: one of them has its highest value, one its lowest, both together its average. So any
moment of a day can be had alone, in a few cuts, and whoever looks at it in whatever order sees the
same; and what trades in a piece is known to be about its average before any of it is looked at.

Values are deviations from the day's settlement price, as fractions. Steps are open half seconds,
counted through the day without its breaks.
"""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from itertools import pairwise
from math import log, sqrt
from typing import Final, NamedTuple

from webctp.sim.draws import draw, normal

PIECES: Final = 96
"""Pieces of a day, about."""
_KEPT: Final = 4_096
"""How many cuts are kept at most."""
MOMENTS: Final = 256
"""Moments of a day at which what is quiet may trade."""
_NOT_LOOKED_AT: Final = 16
"""Steps of a piece that is cut no further to find where the path stays."""
_SEEN: Final = 1_024
"""How many values are: all options on a future ask for the same ones."""
_BOWED: Final = 0.5
"""How much more is traded at the ends of a day than on average, and less in its middle."""
_NEAR: Final = 2.4
"""How near to an end of a piece its extremes are kept, in deviations of the piece."""
_ABOUT: Final = 0.28
"""How far a piece goes at least to either side of its average, in its deviation."""
_INSIDE: Final = 0.25
"""How far from its extremes an average stays, in the range of its piece, if that can be."""
_CLOSE: Final = 0.4
"""Deviation of the close from the settlement price, in deviations of what is averaged."""
_GAP: Final = 0.12
"""Deviation of an opening from the close before it, in those of the day."""
_HALF_OF: Final = sqrt(0.5)
_TRIANGLE: Final = sqrt(6.0) / 65536.0
_SMALL_TRIANGLE: Final = sqrt(6.0) / 64.0
_AREA: Final = sqrt(1 / 12)
"""Deviation of the average of a Brownian bridge, in that of its whole length."""
_LEAN: Final = 1.5
"""How far the middle of a bridge is from its line, in what its average is from it: the mean."""
_FREE: Final = 0.25
"""Deviation of that middle where the average is known."""
_PARTED: Final = sqrt(1 / 48)
"""Deviation of a half's average where the whole's and the middle are known."""
_EXCURSIONS: Final = tuple(-2.0 * log((number + 0.5) / 32) for number in range(32))
"""How far a bridge goes beyond its ends: thirty-two draws, even in probability."""

_CLOSE_DRAW, _GAP_DRAW = -1, -2
_WALK_KEY: Final = 0x14057B7EF767814F
_MOMENT_KEY: Final = 0x5851F42D4C957F2D
_EXTREMES_KEY: Final = 0x2545F4914F6CDD1D
_AREA_KEY: Final = 0x3C6EF372FE94F82B


class Piece(NamedTuple):
    """A stretch of the path: its steps ``lo`` to before ``hi``, and what it does there.

    ``opening`` is the value before its first step, ``closing`` that of its last one.
    """

    lo: int
    hi: int
    opening: float
    high: float
    low: float
    closing: float
    average: float


class Hours(NamedTuple):
    """The open steps of a day: how many, the steps that are call auctions (the first is one),
    and how many of the last ones the settlement price is the average of (0 for all)."""

    steps: int
    auctions: tuple[int, ...]
    last: int = 0

    @property
    def settling(self) -> int:
        """The first of the steps that the settlement price is the average of."""
        return self.steps - self.last if 0 < self.last < self.steps else 0


def closing_of(of_day: int, deviation: float, hours: Hours) -> float:
    """Return how far from its settlement price a day closes.

    :param of_day: the key of the product's day.
    :param deviation: standard deviation of the whole day.
    """
    averaged = sqrt((hours.steps - hours.settling) / hours.steps)
    return normal(draw(of_day, _CLOSE_DRAW)) * _CLOSE * averaged * deviation


def gap_of(of_day: int, deviation: float) -> float:
    """Return how far a day opens from the close before it."""
    return normal(draw(of_day, _GAP_DRAW)) * _GAP * deviation


def profile(place: float) -> float:
    """Return which part of a day's trade is done up to a ``place`` in it, from 0 to 1."""
    middle = place - 0.5
    return place + _BOWED * (4.0 * middle * middle * middle + 0.5 - place)


class Path:
    """A product's path through one day.

    :param of_day: the key it is drawn from.
    :param deviation: standard deviation of the whole day.
    :param opening: where it opens.
    """

    __slots__ = (
        "_cuts",
        "_key",
        "_known",
        "_sigma",
        "_starts",
        "hours",
        "moments",
        "opens",
        "pieces",
        "shares",
    )

    def __init__(self, of_day: int, hours: Hours, deviation: float, opening: float) -> None:
        self._key = of_day
        self._sigma = deviation / sqrt(hours.steps)
        self._cuts: dict[int, tuple[Piece, Piece]] = {}
        self._known: dict[int, float] = {}
        self.hours = hours
        edges = _edges(hours)
        self._starts = edges
        steps = hours.steps
        done = [profile(edge / steps) for edge in edges]
        self.shares = tuple(b - a for a, b in pairwise(done))
        """Each piece's part of the day's trade."""
        walk = self._walk(edges, opening, closing_of(of_day, deviation, hours))
        bows = self._bows(edges)
        self.pieces = tuple(
            self._piece(lo, hi, a, b, bow)
            for lo, hi, a, b, bow in zip(edges, edges[1:], walk, walk[1:], bows, strict=False)
        )
        self.moments = tuple(
            (number << 4 | draw(of_day ^ _MOMENT_KEY, number) & 15) * steps // (MOMENTS << 4)
            for number in range(MOMENTS)
        )
        """Steps spread over the day, at some of which quiet instruments trade."""
        self.opens = {step: walk[bisect_right(edges, step) - 1] for step in hours.auctions}
        """The value at each call auction."""

    def at(self, step: int) -> float:
        """Return the value at a step; later steps than the day has are its last."""
        known = self._known.get(step)
        if known is None:
            if len(self._known) >= _SEEN:
                self._known.clear()
            known = self._known[step] = self._find(step)
        return known

    def _find(self, step: int) -> float:
        place = bisect_right(self._starts, step) - 1
        if place >= len(self.pieces):
            return self.pieces[-1].closing
        piece = self.pieces[place]
        if step in self.opens:
            return piece.opening
        while piece.hi - piece.lo > 1:
            first, second = self.halves(piece)
            piece = first if step < first.hi else second
        return piece.closing

    def clear(self, step: int, upto: int, within: Callable[[float, float], bool]) -> int:
        """Up to which step after ``step``, at most ``upto``, the path surely stays somewhere.

        :param within: says of a lowest and a highest value whether both are there.
        """
        clear = step
        for piece in self.pieces[max(0, bisect_right(self._starts, step + 1) - 1) :]:
            clear = max(clear, self._clear(piece, step, upto, within))
            if clear < piece.hi - 1:
                break
        return min(clear, upto)

    def _clear(
        self, piece: Piece, step: int, upto: int, within: Callable[[float, float], bool]
    ) -> int:
        if piece.lo > step and within(piece.low, piece.high):
            return piece.hi - 1
        if piece.lo > upto or piece.hi - piece.lo <= _NOT_LOOKED_AT:
            return piece.hi - 1 if piece.hi - 1 <= step else step
        first, second = self.halves(piece)
        clear = first.hi - 1 if first.hi - 1 <= step else self._clear(first, step, upto, within)
        if clear < first.hi - 1:
            return clear
        return max(clear, self._clear(second, clear, upto, within))

    def halves(self, piece: Piece) -> tuple[Piece, Piece]:
        """Cut a piece of more than one step in its middle."""
        middle = (piece.lo + piece.hi) >> 1
        known = self._cuts.get(middle)
        if known is None:
            if len(self._cuts) >= _KEPT:
                self._cuts.clear()
            known = self._cuts[middle] = self._cut(piece, middle)
        return known

    def _walk(self, edges: Sequence[int], opening: float, closing: float) -> list[float]:
        """Return the values at the edges of the pieces: a walk whose average is that of the day."""
        of_walk, sigma, hours = self._key ^ _WALK_KEY, self._sigma, self.hours
        walk = [0.0]
        for lo, hi in pairwise(edges):
            walk.append(walk[-1] + normal(draw(of_walk, lo)) * sigma * sqrt(hi - lo))
        rise = (closing - opening - walk[-1]) / hours.steps
        walk = [opening + value + rise * edge for value, edge in zip(walk, edges, strict=True)]
        # What brings the average to nothing moves neither end.
        bend = [_bend(edge, hours) for edge in edges]
        first = edges.index(hours.settling)
        amount = self._average(walk, first) / self._average(bend, first)
        walk = [value - amount * bent for value, bent in zip(walk, bend, strict=True)]
        # The next day must find the close alone, to the last bit.
        walk[-1] = closing
        return walk

    def _average(self, values: Sequence[float], first: int) -> float:
        """Return the average of values at the edges, from one of them on, by what is traded."""
        parts = zip(values[first:], values[first + 1 :], self.shares[first:], strict=False)
        return sum((a + b) / 2 * share for a, b, share in parts) / sum(self.shares[first:])

    def _bows(self, edges: Sequence[int]) -> list[float]:
        """Return how far each piece's average is from the line between its ends.

        All that the settlement price is the average of come to nothing together.
        """
        of_area, sigma = self._key ^ _AREA_KEY, self._sigma * _AREA
        bows = [normal(draw(of_area, lo)) * sigma * sqrt(hi - lo) for lo, hi in pairwise(edges)]
        first = edges.index(self.hours.settling)
        shares = self.shares[first:]
        mean = sum(a * b for a, b in zip(bows[first:], shares, strict=True)) / sum(shares)
        return bows[:first] + [bow - mean for bow in bows[first:]]

    def _piece(self, lo: int, hi: int, opening: float, closing: float, bow: float) -> Piece:
        """Return a piece between two values, its extremes drawn as those of a bridge."""
        bits = draw(self._key ^ _EXTREMES_KEY, lo)
        variance = self._sigma * self._sigma * (hi - lo)
        both, apart = opening + closing, (closing - opening) ** 2
        high = (both + sqrt(apart + _EXCURSIONS[bits & 31] * variance)) / 2
        low = (both - sqrt(apart + _EXCURSIONS[bits >> 5 & 31] * variance)) / 2
        average, room = both / 2 + bow, _ABOUT * sqrt(variance)
        high, low = max(high, average + room), min(low, average - room)
        # A call auction is a step of its own, before the first of its piece.
        return Piece(lo + (lo in self.hours.auctions), hi, opening, high, low, closing, average)

    def _cut(self, piece: Piece, at: int) -> tuple[Piece, Piece]:
        """Cut a piece at a step: a Brownian bridge of known average between known bounds."""
        bits = draw(self._key, at)
        deviation = self._sigma * sqrt(piece.hi - piece.lo)
        middle = _middle(piece, bits, deviation)
        return _averaged(piece, _extremes(piece, at, middle, bits, deviation), bits, deviation)


def _middle(piece: Piece, bits: int, deviation: float) -> float:
    """Draw the value in the middle of a piece."""
    _, _, opening, high, low, closing, average = piece
    line = (opening + closing) / 2
    bow = min(max(average - line, -deviation), deviation)
    middle = line + _LEAN * bow
    middle += ((bits & 0xFFFF) + (bits >> 16 & 0xFFFF) - 65535) * _TRIANGLE * _FREE * deviation
    # No extreme may be left so far from all ends that it could not be reached.
    near = _NEAR * _HALF_OF * deviation
    above = high - (opening if opening > closing else closing)
    below = (opening if opening < closing else closing) - low
    if above > near and above >= below:
        middle = max(middle, high - near)
    elif below > near:
        middle = min(middle, low + near)
    return min(max(middle, low), high)


def _extremes(
    piece: Piece, at: int, middle: float, bits: int, deviation: float
) -> tuple[Piece, Piece]:
    """Cut a piece: each half goes beyond its ends as a bridge does; one has the whole's extreme.

    Their averages are not drawn yet.
    """
    lo, hi, opening, high, low, closing, average = piece
    variance = deviation * deviation / 2
    both, apart = opening + middle, (middle - opening) ** 2
    high_1 = (both + sqrt(apart + _EXCURSIONS[bits >> 44 & 31] * variance)) / 2
    low_1 = (both - sqrt(apart + _EXCURSIONS[bits >> 49 & 31] * variance)) / 2
    both, apart = middle + closing, (closing - middle) ** 2
    high_2 = (both + sqrt(apart + _EXCURSIONS[bits >> 54 & 31] * variance)) / 2
    low_2 = (both - sqrt(apart + _EXCURSIONS[bits >> 59 & 31] * variance)) / 2
    if high_1 >= high_2:
        high_1, high_2 = high, min(high, high_2)
    else:
        high_1, high_2 = min(high, high_1), high
    if low_1 <= low_2:
        low_1, low_2 = low, max(low, low_2)
    else:
        low_1, low_2 = max(low, low_1), low
    return (
        Piece(lo, at, opening, high_1, low_1, middle, average),
        Piece(at, hi, middle, high_2, low_2, closing, average),
    )


def _averaged(
    piece: Piece, halves: tuple[Piece, Piece], bits: int, deviation: float
) -> tuple[Piece, Piece]:
    """Draw the averages of two halves: they come to the whole's, each within its half.

    Neither half stands still for long.
    """
    _, _, opening, high, low, closing, average = piece
    lo, at, _, high_1, low_1, middle, _ = halves[0]
    _, hi, _, high_2, low_2, _, _ = halves[1]
    apart = ((bits >> 32 & 63) + (bits >> 38 & 63) - 63) * _SMALL_TRIANGLE * _PARTED * deviation
    apart += (opening - closing) / 4
    inside_1, inside_2 = _INSIDE * (high_1 - low_1), _INSIDE * (high_2 - low_2)
    least = max(low_1 + inside_1 - average, average - high_2 + inside_2)
    most = min(high_1 - inside_1 - average, average - low_2 - inside_2)
    apart = min(max(apart, least), most) if least < most else (least + most) / 2
    average_1, average_2 = average + apart, average - apart
    room = _ABOUT * _HALF_OF * deviation
    high_1, low_1 = max(high_1, average_1 + room), min(low_1, average_1 - room)
    high_2, low_2 = max(high_2, average_2 + room), min(low_2, average_2 - room)
    return (
        Piece(lo, at, opening, min(high, high_1), max(low, low_1), middle, average_1),
        Piece(at, hi, middle, min(high, high_2), max(low, low_2), closing, average_2),
    )


def _edges(hours: Hours) -> list[int]:
    """Return where a day's pieces begin, and its end: at auctions and at the settling steps."""
    cuts = sorted({*hours.auctions, hours.settling, 0, hours.steps})
    edges = [0]
    for lo, hi in pairwise(cuts):
        # Where few steps are averaged they are cut as often as the rest.
        number = max(4, PIECES * (hi - lo) // hours.steps)
        number = min(number, max(1, (hi - lo) // 2))
        edges += [lo + (hi - lo) * place // number for place in range(1, number + 1)]
    return edges


def _bend(step: int, hours: Hours) -> float:
    """Return a curve that is 0 at both ends of a day and highest where it is averaged."""
    top = hours.settling / hours.steps or 0.5
    place = step / hours.steps
    return place / top if place <= top else 1.0 - ((place - top) / (1.0 - top)) ** 2
