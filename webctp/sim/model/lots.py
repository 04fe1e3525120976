"""The lots of a day and of its pieces: how many, at which prices, in which order."""

from collections.abc import Iterator
from math import floor
from typing import Final, NamedTuple

from webctp.sim.draws import draw
from webctp.sim.model.fairprice import Path, Piece
from webctp.sim.model.tape import Print, at_one_price

NEVER: Final = 1 << 62
"""A step after every other."""
_OVER_DRAW: Final = -3
_CLOSING_DRAW: Final = -4


class Scale(NamedTuple):
    """From a path's value to prices in ticks: ``base`` is the settlement price."""

    base: float
    spread: int
    lowest: int
    highest: int

    def bid(self, value: float) -> int:
        """Return the bid where the path is at ``value``."""
        price = floor(self.base * (1.0 + value) - (self.spread - 1) / 2)
        return min(max(price, self.lowest), self.highest)

    def ask(self, value: float) -> int:
        """Return the ask where the path is at ``value``."""
        price = floor(self.base * (1.0 + value) + (self.spread + 1) / 2)
        return min(max(price, self.lowest), self.highest)


class Lots(NamedTuple):
    """The trades of a piece of the day: at least two lots."""

    piece: Piece
    lots: int
    total: int
    high: int
    low: int
    interest: int


class Settled(NamedTuple):
    """The lots and the total (price in ticks by lots) that a settlement price is the average of."""

    lots: int
    total: int

    @property
    def price(self) -> int:
        """The average price, rounded to the nearest tick."""
        return (2 * self.total + self.lots) // (2 * self.lots)


class DayOfTrade(NamedTuple):
    """What a day's trade of an instrument comes to.

    ``interest`` is the change of the open interest, ``settlement`` the settlement price in ticks.
    """

    lots: int
    interest: int
    settlement: int


def closing_price(of_day: int, scale: Scale, value: float) -> int:
    """Return the last price in ticks of an active future's day whose path closes at ``value``."""
    return (scale.ask if draw(of_day, _CLOSING_DRAW) & 1 else scale.bid)(value)


def parted(
    path: Path, of_day: int, scale: Scale, day: DayOfTrade
) -> tuple[Settled, list[Print | Lots]]:
    """Share a day's trade among the pieces of its path, and its call auctions.

    The first value is what averages the settlement price.
    """
    numbers, auctions = _numbers(path, day.lots)
    settling = path.hours.settling
    lots = sum(n for n, piece in zip(numbers, path.pieces, strict=True) if piece.hi > settling)
    lots += 1 + sum(number for step, number in auctions.items() if step >= settling)
    # Rounded to the tick it is the settlement price; and what trades stays about what is quoted.
    total = day.settlement * lots + (draw(of_day, _OVER_DRAW) % lots - lots // 2) // 4
    # Where it settles at a price limit all trade there.
    total = min(max(total, scale.lowest * lots), scale.highest * lots)
    parts = _parts(path, of_day, scale, day, numbers, auctions, total)
    return Settled(lots, total), list(parts)


def _parts(
    path: Path,
    of_day: int,
    scale: Scale,
    day: DayOfTrade,
    numbers: list[int],
    auctions: dict[int, int],
    total: int,
) -> Iterator[Print | Lots]:
    """Return the parts of a day whose numbers of lots are known.

    :param total: of the steps that the settlement price is the average of.
    """
    settling, lots, interest = path.hours.settling, day.lots, day.interest
    lowest, highest = float(scale.lowest), float(scale.highest)
    values = [
        min(max(scale.base * (1.0 + piece.average), lowest), highest) for piece in path.pieces
    ]
    settles = [piece.hi > settling for piece in path.pieces]
    called = {
        step: (scale.ask if draw(of_day, ~step) & 1 else scale.bid)(path.opens[step])
        for step in auctions
    }
    closing = closing_price(of_day, scale, path.pieces[-1].closing)
    left = total - closing
    left -= sum(called[step] * auctions[step] for step in auctions if step >= settling)
    fair = list(zip(path.pieces, numbers, values, settles, strict=True))
    count = sum(number for _, number, _, counts in fair if counts)
    natural = sum(value * number for _, number, value, counts in fair if counts)
    done = gained = 0
    for piece, number, value, counts in fair:
        step = piece.lo - 1
        if step in called:
            done += auctions[step]
            gain = interest * done // lots
            yield Print(step, at_one_price(auctions[step], called[step], gain - gained))
            gained = gain
        worth = floor(number * value + 0.5)
        if counts:
            # What the path's average leaves over is shared by all that follows.
            worth = floor(number * (value + (left - natural) / count) + 0.5)
            count -= number
            natural -= value * number
            worth = max(worth, number * scale.lowest, left - count * scale.highest)
            worth = min(worth, number * scale.highest, left - count * scale.lowest)
            left -= worth
        done += number
        gain = interest * done // lots
        yield _within(piece, number, worth, scale, gain - gained)
        gained = gain
    yield Print(path.hours.steps - 1, at_one_price(1, closing, interest - gained))


def _numbers(path: Path, lots: int) -> tuple[list[int], dict[int, int]]:
    """Return the lots of each piece of a day and of each auction; the last is the closing's."""
    auctions = dict.fromkeys(path.hours.auctions, 1 + lots // 400)
    left = lots - 1 - sum(auctions.values())
    numbers, done, share = [], 0, 0.0
    whole = sum(path.shares)
    for part in path.shares:
        share += part
        upto = floor(left * share / whole + 0.5)
        numbers.append(upto - done)
        done = upto
    numbers[-1] += left - done
    return numbers, auctions


def _within(piece: Piece, lots: int, total: int, scale: Scale, interest: int) -> Lots:
    """Return a piece's trades, between prices that the path gives and that the total allows."""
    high, low = scale.ask(piece.high), scale.bid(piece.low)
    if total > low + high * (lots - 1):
        high = min(scale.highest, max(high, -(-(total - low) // (lots - 1))))
        low = max(low, total - high * (lots - 1))
    if total < high + low * (lots - 1):
        low = max(scale.lowest, min(low, (total - high) // (lots - 1)))
        high = min(high, total - low * (lots - 1))
    return Lots(piece, lots, total, high, low, interest)


def reaching(
    total: int,
    whole: tuple[int, int],
    first: tuple[int, int, int],
    second: tuple[int, int, int],
) -> tuple[int, int, int, int]:
    """Bounds of two halves, (lots, high, low), so changed that their lots can come to ``total``.

    One of them keeps the whole's highest price, one its lowest.
    """
    high, low = whole
    lots_1, high_1, low_1 = first
    lots_2, high_2, low_2 = second
    first_has_high, first_has_low = high_1 == high, low_1 == low
    if high_1 + low_1 * (lots_1 - 1) + high_2 + low_2 * (lots_2 - 1) > total:
        low_1 = low_2 = low
        if high_1 + high_2 + low * (lots_1 + lots_2 - 2) > total:
            # Only the one that has the highest price may have any above the lowest.
            if first_has_high:
                high_2 = low
            else:
                high_1 = low
    else:
        high_1 = high_2 = high
        if low_1 + low_2 + high * (lots_1 + lots_2 - 2) < total:
            if first_has_low:
                low_2 = high
            else:
                low_1 = high
    return high_1, low_1, high_2, low_2


def few_prices(lots: Lots, scale: Scale, bits: int) -> list[int]:
    """Return the prices of a few lots in order: highest, lowest, the others about a line."""
    piece, number, total, high, low, _ = lots
    others = number - 2
    between: list[int] = []
    if others:
        even, more = divmod(total - high - low, others)
        room = min(even - low, high - even - (1 if more else 0))
        slope = scale.base * (piece.closing - piece.opening) / others
        between = [even + 1] * more + [even] * (others - more)
        for place in range(others // 2):
            lean = floor(slope * ((others - 1) / 2 - place) + 0.5)
            lean = min(max(lean, -room), room)
            between[place] -= lean
            between[others - 1 - place] += lean
    rises = piece.closing >= piece.opening
    earlier, later = sorted((bits % (others + 1), (bits >> 32) % (others + 1)))
    between.insert(earlier, low if rises else high)
    between.insert(later + 1, high if rises else low)
    return between
