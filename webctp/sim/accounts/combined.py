"""Combined positions: which lots of two positions are held as one combination.

A position's lots are single or combined. What closes takes the single ones first and then breaks
combinations, those of the lowest priority first (CTP's page QTYWGZ/DCEZB 5). Of equal ones the
youngest is broken first, and combining and splitting take the oldest first (inferred).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from webctp.exchanges.combinations import Combination
from webctp.sim.accounts.combmargins import LastPrice, Legs, combined_margins, margin_of, saving
from webctp.sim.accounts.positions import Lot, Position, PositionKey

CombinedKey = tuple[str, str, str]
"""The combination's InstrumentID, its direction, its hedge flag."""


@dataclass(slots=True)
class Piece:
    """What a combination has of one lot."""

    lot: Lot
    volume: int


@dataclass(slots=True)
class Group:
    """What was combined at once: its ComTradeID, its lots, and the pieces of each leg."""

    number: str
    today: bool
    volume: int
    pieces: tuple[list[Piece], list[Piece]]

    @property
    def age(self) -> tuple[bool, int]:
        """What grows from the oldest group of an account to its youngest."""
        return self.today, int(self.number)

    def give_back(self, volume: int) -> None:
        """Make ``volume`` lots of both legs single again."""
        self.volume -= volume
        for pieces in self.pieces:
            left = volume
            for piece in pieces:
                taken = min(left, piece.volume)
                piece.volume -= taken
                piece.lot.combined -= taken
                left -= taken
            pieces[:] = [piece for piece in pieces if piece.volume]


@dataclass(slots=True)
class Combined:
    """A combined position of an account.

    ``opening`` counts lots of orders that will be combined as they trade, ``start_volume`` the
    lots at the day's begin.
    """

    combination: Combination
    direction: str
    hedge: str
    legs: Legs
    groups: list[Group] = field(default_factory=list)
    opening: int = 0
    start_volume: int = 0

    @property
    def key(self) -> CombinedKey:
        """What the account finds it by."""
        return self.combination.instrument_id, self.direction, self.hedge

    def volume(self, *, today: bool = False) -> int:
        """Return the lots held, all or only those combined today."""
        return sum(group.volume for group in self.groups if group.today or not today)

    def margins(self, last: LastPrice) -> tuple[int, int]:
        """Return the margin a lot as the legs' rows show it."""
        return combined_margins(self.combination, self.legs, last)

    def saving(self, last: LastPrice) -> int:
        """Return what a lot costs less than its legs apart."""
        return saving(self.combination, self.legs, last)

    def combine(self, volume: int, number: str) -> None:
        """Make a group of single lots of both legs.

        :raises ValueError: if a leg has not that many.
        """
        pieces = tuple(list(_singles(leg, volume)) for leg in self.legs)
        self.groups.append(Group(number, True, volume, (pieces[0], pieces[1])))

    def split(self, volume: int) -> None:
        """Make lots single again, those of the oldest groups first."""
        for group in self.groups:
            taken = min(volume, group.volume)
            group.give_back(taken)
            volume -= taken
        self.groups = [group for group in self.groups if group.volume]


CombinedPositions = dict[CombinedKey, Combined]


def combinable(leg: Position) -> int:
    """Return the lots of a position that may be combined: single, and free of orders."""
    return leg.volume() - leg.combined - leg.frozen_today - leg.frozen_older - leg.locked


def release(known: Mapping[CombinedKey, Combined], leg: Position, volume: int) -> None:
    """Break up combinations until ``volume`` lots of a position are single."""
    missing = volume - (leg.volume() - leg.combined)
    if missing <= 0:
        return
    of_leg = [one for one in known.values() if any(leg is mine for mine in one.legs)]
    groups = [(one.combination.kind.priority, group) for one in of_leg for group in one.groups]
    groups.sort(key=lambda found: (found[0], found[1].age))
    for _, group in reversed(groups):
        taken = min(missing, group.volume)
        group.give_back(taken)
        missing -= taken
    for one in of_leg:
        one.groups = [group for group in one.groups if group.volume]


def carry(known: CombinedPositions, positions: Mapping[PositionKey, Position], day: str) -> None:
    """Begin the next day: what has lost a leg is broken up, the rest is numbered anew.

    ComTradeID holds the day that has been settled (ONRSPQRYINVESTORPOSITIONCOMBINEDETAIL).
    """
    for key, combined in list(known.items()):
        combined.opening = 0
        if any(positions.get(leg.key) is not leg for leg in combined.legs):
            combined.split(combined.volume())
        if not combined.groups:
            del known[key]
        combined.start_volume = combined.volume()
    groups = [group for combined in known.values() for group in combined.groups]
    groups.sort(key=lambda group: group.age)
    for count, group in enumerate(groups, start=1):
        group.number, group.today = f"{day}{count:06}", False


def use_margin(known: Iterable[Combined], leg: Position, last: LastPrice) -> int:
    """Return what a position's lots cost: the single ones', and its part of combinations'."""
    each = margin_of(leg, last)
    total = (leg.volume() - leg.combined) * each
    return total + sum(one.volume() * part for one, part in _parts(known, leg, last))


def frozen_margin(known: Iterable[Combined], leg: Position, last: LastPrice) -> int:
    """Return what a position's opening orders set aside, in the same way."""
    parts = [(one.opening, part) for one, part in _parts(known, leg, last) if one.opening]
    together = sum(opening for opening, _ in parts)
    total = (leg.opening - together) * margin_of(leg, last)
    return total + sum(opening * part for opening, part in parts)


def lot_margin(known: Iterable[Combined], leg: Position, lot: Lot, last: LastPrice) -> int:
    """Return what one lot costs, in the same way."""
    total = (lot.held - lot.combined) * margin_of(leg, last)
    for one, part in _parts(known, leg, last):
        place = 0 if one.legs[0] is leg else 1
        for group in one.groups:
            total += part * sum(p.volume for p in group.pieces[place] if p.lot is lot)
    return total


def _parts(
    known: Iterable[Combined], leg: Position, last: LastPrice
) -> Iterator[tuple[Combined, int]]:
    """Yield the combined positions that have a leg, with its part of their margin a lot."""
    for one in known:
        for mine, part in zip(one.legs, one.margins(last), strict=True):
            if mine is leg:
                yield one, part


def _singles(leg: Position, volume: int) -> Iterator[Piece]:
    """Take single lots of a position, the oldest first, and mark them as combined."""
    for lot in leg.lots:
        taken = min(volume, lot.held - lot.combined)
        if taken > 0:
            lot.combined += taken
            volume -= taken
            yield Piece(lot, taken)
    if volume > 0:
        raise ValueError(f"{leg.key}: {volume} lots more combined than held")
