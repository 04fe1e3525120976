"""What the background of an instrument trades through a day.

An active future trades in most of its steps. The day's lots, their total (price by lots) and
their change of the open interest are known from the beginning; each piece of the day is cut into
two that add up to it, down to a single step or to a few lots, which are put down one by one. So
what has traded up to any moment takes a few cuts to know, and is the same to the last lot whoever
looked before. What a piece promises its lots can keep: of two lots or more one trades at its
highest price, one at its lowest, and all others between them.

All else trades seldom enough for its trades to be counted through.
"""

from collections.abc import Iterable, Iterator, Sequence
from math import floor
from typing import Final, NamedTuple, Protocol

from webctp.sim.draws import draw
from webctp.sim.model.fairprice import Path
from webctp.sim.model.lots import NEVER, Lots, Scale, few_prices, reaching
from webctp.sim.model.tape import Print, Traded, at_one_price

FEW: Final = 16
"""Lots that are put down one by one."""
_LEAST: Final = 4
"""Lots of a half: enough for a highest price, a lowest and others."""
_UNEVEN: Final = 0.45
"""By how much of itself a half's share of the lots varies at most."""
_ASTRAY: Final = 0.15
"""How many ticks the average trade of a half may be from the path's average, if lots allow."""
_NOT_LOOKED_AT: Final = 16
"""Steps of a piece that is cut no further to find what stays between two prices."""
_LOTS_KEY: Final = 0x6C8E9CF570932BD5
_FEW_KEY: Final = 0x3C79AC492BA7B653


class Flow(Protocol):
    """What a background trades as time goes on."""

    next: int
    """Nothing trades before this step."""
    printed: int
    """The step of the last trade, -1 before the first."""

    def advance(self, step: int) -> Traded | None:
        """Trade what comes after the step of the last call, up to ``step``; None for nothing."""

    def clear(self, step: int, upto: int, above: int, below: int) -> int:
        """Return the step, at most ``upto``, up to which all surely trades between the prices."""


class Deal(NamedTuple):
    """A trade of a quiet instrument: its step, lots, price in ticks, change of open interest."""

    step: int
    lots: int
    price: int
    interest: int


class QuietFlow:
    """Trades that are counted through.

    :param deals: all of a day, in order.
    """

    __slots__ = ("_later", "_upcoming", "next", "printed")

    def __init__(self, deals: Iterable[Deal]) -> None:
        self._later = iter(deals)
        self.printed = -1
        self._upcoming = next(self._later, None)
        self.next = NEVER if self._upcoming is None else self._upcoming.step

    def advance(self, step: int) -> Traded | None:
        """Trade what comes after the step of the last call, up to ``step``; None for nothing."""
        deal = self._upcoming
        if deal is None or deal[0] > step:
            return None
        first = high = low = last = deal[2]
        lots = total = interest = 0
        later = self._later
        while deal is not None and deal[0] <= step:
            self.printed, number, last, change = deal
            lots += number
            total += number * last
            interest += change
            if last > high:
                high = last
            elif last < low:
                low = last
            deal = next(later, None)
        self._upcoming = deal
        self.next = NEVER if deal is None else deal[0]
        return Traded(lots, total, high, low, first, last, interest)

    def clear(self, step: int, upto: int, above: int, below: int) -> int:
        """Return the step before the next trade, at most ``upto``."""
        return max(step, min(upto, self.next - 1))


class ActiveFlow:
    """The trades of a future that trades in most of its steps.

    :param path: the product's day.
    :param parts: what each stretch of the day trades, in order.
    """

    __slots__ = ("_key", "_path", "_pending", "_scale", "next", "printed")

    def __init__(
        self, path: Path, of_day: int, scale: Scale, parts: Sequence[Print | Lots]
    ) -> None:
        self._path = path
        self._key = of_day ^ _LOTS_KEY
        self._scale = scale
        self._pending = list(reversed(parts))
        self.next = 0
        self.printed = -1

    def advance(self, step: int) -> Traded | None:
        """Trade what comes after the step of the last call, up to ``step``; None for nothing."""
        pending = self._pending
        lots = total = high = low = interest = 0
        first: int | None = None
        passed: Print | Lots | None = None
        while pending:
            item = pending[-1]
            if isinstance(item, Print):
                if item.step > step:
                    break
                pending.pop()
                passed = item
                number, worth, top, bottom, begun, _, change = item.traded
                if first is None:
                    first = begun
            else:
                piece, number, worth, top, bottom, change = item
                if piece.lo > step:
                    break
                pending.pop()
                if piece.hi - 1 > step:
                    pending += self._parts(item)
                    continue
                passed = item
                if first is None:
                    first = bottom
            if not lots:
                high, low = top, bottom
            elif top > high:
                high = top
            if bottom < low:
                low = bottom
            lots += number
            total += worth
            interest += change
        if pending:
            item = pending[-1]
            self.next = item.step if isinstance(item, Print) else item.piece.lo
        else:
            self.next = NEVER
        if passed is None or first is None:
            return None
        self.printed, last = self._last_of(passed)
        return Traded(lots, total, high, low, first, last, interest)

    def clear(self, step: int, upto: int, above: int, below: int) -> int:
        """Return the step, at most ``upto``, up to which all surely trades between the prices."""
        pending = self._pending
        place = len(pending) - 1
        while place >= 0:
            item = pending[place]
            start = item.step if isinstance(item, Print) else item.piece.lo
            if start > upto:
                return upto
            prices = item.traded if isinstance(item, Print) else item
            if above < prices.low and prices.high < below:
                place -= 1
            elif isinstance(item, Print) or item.piece.hi - start <= _NOT_LOOKED_AT:
                return max(step, start - 1)
            else:
                parts = self._parts(item)
                pending[place : place + 1] = parts
                place += len(parts) - 1
        return upto

    def _last_of(self, part: Print | Lots) -> tuple[int, int]:
        """Return the step and the price of the last trade of a part."""
        while not isinstance(part, Print):
            if part.lots <= FEW:
                part = list(self._few(part))[-1]
            elif part.piece.hi - part.piece.lo == 1:
                return part.piece.lo, self._last_of_step(part)
            else:
                part = self._halves(part)[1]
        return part.step, part.traded.last

    def _last_of_step(self, lots: Lots) -> int:
        """Return a bid or an ask, whichever the lots of a single step leave room for."""
        piece, number, total, high, low, _ = lots
        scale, value = self._scale, piece.closing
        buys = draw(self._key ^ _FEW_KEY, piece.lo) & 1
        wanted = scale.ask(value) if buys else scale.bid(value)
        # What is left for the lots beside the highest, the lowest and the last one.
        left, others = total - high - low, number - 3
        wanted = min(max(wanted, low, left - others * high), high, left - others * low)
        return wanted if low <= wanted <= high else low

    # Cutting

    def _parts(self, lots: Lots) -> list[Print | Lots]:
        """Return what a piece of more than one step consists of, the last first."""
        if lots.lots <= FEW:
            return list(reversed(list(self._few(lots))))
        first, second = self._halves(lots)
        return [second, first]

    def _halves(self, whole: Lots) -> tuple[Lots, Lots]:
        """Two pieces that add up to a piece of many lots."""
        piece, lots, total, high, low, interest = whole
        first, second = self._path.halves(piece)
        lo_1, hi_1, _, top_1, bottom_1, _, average_1 = first
        _, _, _, top_2, bottom_2, _, average_2 = second
        bits = draw(self._key, hi_1)
        scale = self._scale
        above = scale.base * (average_1 - average_2)
        part = (hi_1 - lo_1) / (piece.hi - lo_1)
        room = (1.0 - part) * _UNEVEN
        least, most = -room, room
        if above:
            # The more trades in one half than in the other, the farther from the path are both.
            astray = (total / lots - scale.base * (1.0 + piece.average)) / above
            near = _ASTRAY / abs(above)
            least = min(max(astray - near, least), most)
            most = max(min(astray + near, most), least)
        part += least + (most - least) * ((bits & 0xFFFF) / 65536.0)
        lots_1 = min(max(int(lots * part), _LEAST), lots - _LEAST)
        lots_2 = lots - lots_1
        if top_1 >= top_2:
            high_1, high_2 = high, min(high, scale.ask(top_2))
        else:
            high_1, high_2 = min(high, scale.ask(top_1)), high
        if bottom_1 <= bottom_2:
            low_1, low_2 = low, max(low, scale.bid(bottom_2))
        else:
            low_1, low_2 = max(low, scale.bid(bottom_1)), low
        # The first half's average is above the whole's by as much as the path has it.
        total_1 = floor(lots_1 * ((total + above * lots_2) / lots) + 0.5)
        least_1, most_1 = high_1 + low_1 * (lots_1 - 1), low_1 + high_1 * (lots_1 - 1)
        least_2, most_2 = high_2 + low_2 * (lots_2 - 1), low_2 + high_2 * (lots_2 - 1)
        if not (least_1 <= total_1 <= most_1 and least_2 <= total - total_1 <= most_2):
            if least_1 + least_2 > total or most_1 + most_2 < total:
                high_1, low_1, high_2, low_2 = reaching(
                    total, (high, low), (lots_1, high_1, low_1), (lots_2, high_2, low_2)
                )
                least_1, most_1 = high_1 + low_1 * (lots_1 - 1), low_1 + high_1 * (lots_1 - 1)
                least_2, most_2 = high_2 + low_2 * (lots_2 - 1), low_2 + high_2 * (lots_2 - 1)
            total_1 = min(max(total_1, least_1, total - most_2), most_1, total - least_2)
        interest_1 = interest * lots_1 // lots + (((bits >> 16 & 0xFFFF) - 32768) * lots_1 >> 17)
        interest_1 = min(max(interest_1, -lots_1, interest - lots_2), lots_1, interest + lots_2)
        return (
            Lots(first, lots_1, total_1, high_1, low_1, interest_1),
            Lots(second, lots_2, total - total_1, high_2, low_2, interest - interest_1),
        )

    def _few(self, lots: Lots) -> Iterator[Print]:
        """Put a few lots down one by one, in order."""
        piece, number, _, _, _, interest = lots
        bits = draw(self._key ^ _FEW_KEY, piece.lo)
        steps = piece.hi - piece.lo
        opened = 0
        for place, price in enumerate(few_prices(lots, self._scale, draw(self._key, -piece.hi))):
            at = piece.lo + ((place << 4 | bits >> 4 * place & 15) * steps) // (number << 4)
            opening = interest * (place + 1) // number
            yield Print(at, at_one_price(1, price, opening - opened))
            opened = opening
