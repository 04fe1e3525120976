"""What surely passes the order checks, found without asking them one by one.

Nearly every insert is an order of one leg at a limit price, far from every limit. For these each
check says once an instrument, as numbers, what it would let pass; an insert is held against the
numbers in one pass over its body. What is not surely within them is put to the checks themselves:
they alone refuse, and say why. A check that says nothing is always asked. The numbers and the
pass cost a fifth of asking all checks (bench.risk). Runs in the reactor's thread.
"""

from collections.abc import Iterable, Mapping
from math import inf
from operator import itemgetter
from typing import Any, Final, Protocol

from webctp.upstream.risk.book import AccountBook
from webctp.upstream.risk.compliance import ComplianceBook
from webctp.upstream.risk.facts import InstrumentFacts
from webctp.upstream.risk.intent import BEYOND, BUY, GRAIN, LIMIT, OPEN, SELL, PlainOrder, Terms

_PLAIN_OFFSETS: Final = frozenset({"0", "1", "3", "4"})
"""Of orders of one leg: open, close, close today, close yesterday."""
_FIELDS: Final = (
    *("InstrumentID", "LimitPrice", "VolumeTotalOriginal"),
    *("Direction", "CombOffsetFlag", "OrderPriceType"),
)
_fields: Final = itemgetter(*_FIELDS)
_new: Final = tuple.__new__
_MOST: Final = 10_000
"""Instruments whose clearance is kept. Beyond, all are forgotten and found again."""


class Clearance:
    """What surely passes in one instrument. Checks narrow it; it begins as wide as can be."""

    __slots__ = (
        *("_band", "_share", "alike_within", "apart", "banded", "counted", "high", "instrument"),
        *("lots", "low", "offsets", "orders_a_day", "orders_a_second"),
        *("position", "seen", "terms", "tick", "working", "worth"),
    )

    def __init__(self, instrument: str, terms: Terms | None) -> None:
        self.instrument = instrument
        self.terms = terms
        self.offsets = _PLAIN_OFFSETS
        self.lots: float = inf
        """The most of one order."""
        self.tick = 1
        """In 1e-4 yuan, as are all prices."""
        self.worth: float = inf
        """The most of price times lots."""
        self.banded = False
        """Whether the last price matters."""
        self._band: int | None = None
        self._share: int | None = None
        self.seen: bytes | None = None
        """The tick whose last price made the next two; None where it was of no tick."""
        self.low = self.high = 0
        """The prices that pass."""
        self.apart = False
        """Whether it must not meet an own order."""
        self.counted = False
        """Whether the next four matter."""
        self.working: float = inf
        self.orders_a_day: float = inf
        self.orders_a_second = 0
        """0 for no limit."""
        self.alike_within = 0.0
        """Seconds in which the same must not have been entered."""
        self.position: int | None = None
        """The most lots of a side."""

    def close(self) -> None:
        """Let no insert pass: the checks are to be asked."""
        self.lots = -inf

    def keep_near(self, *, distance: int | None = None, share: int | None = None) -> None:
        """Let pass what is no further from the last price.

        :param distance: in 1e-4 yuan.
        :param share: in 1e-8 of the last price.
        """
        self.banded = True
        self._band = self._band if distance is None else distance
        self._share = self._share if share is None else share

    def take_last(self, last: int) -> None:
        """Find the prices that pass beside a last price."""
        bounds = [] if self._band is None else [self._band]
        if self._share is not None:
            bounds.append(self._share * abs(last) // 100_000_000)
        away = min(bounds)
        self.low, self.high = last - away, last + away


class Narrows(Protocol):
    """A check, as far as clearances go."""

    timed: bool
    """Whether it needs the time."""

    def narrow(self, clearance: Clearance) -> None:
        """Take from a clearance whatever this check might refuse."""


class Clearances:
    """Hold inserts against what surely passes the checks of an account, or of a token.

    :param checks: all of them.
    :param facts: what is known of instruments.
    """

    def __init__(self, checks: Iterable[Narrows], facts: InstrumentFacts) -> None:
        self._checks = tuple(checks)
        self._facts = facts
        self._newest_tick = facts.newest_tick
        self._found: dict[str, Clearance] = {}
        self._version = facts.version
        self.timed = any(check.timed for check in self._checks)
        """Whether a check needs the time."""

    def clears(
        self,
        body: Mapping[str, Any],
        book: AccountBook,
        sender: AccountBook,
        counts: ComplianceBook | None,
        now: float,
    ) -> PlainOrder | None:
        """Return what an insert of kind ``ORDER`` says where it surely passes.

        None where the checks are to decide.

        One function without layers, for each insert passes here; a test holds it against the
        checks.

        :param book: the account's.
        :param sender: the account's, or that of the token.
        :param counts: what the account is counted for, where it is.
        :param now: the reactor's seconds; any number where no check needs them.
        """
        if self._version != self._facts.version:
            self._forget()
        try:
            name, price, lots, direction, offset, price_type = _fields(body)
            found = self._found[name]
        except KeyError:
            return self._clears_anew(body, book, sender, counts, now)
        if (
            not lots
            or not 0 < lots <= found.lots
            or offset not in found.offsets
            or price_type != LIMIT
            or not price
            or not -BEYOND < price < BEYOND
            or (direction != BUY and direction != SELL)
        ):
            return None
        grains = round(price * GRAIN)
        if grains % found.tick or not -found.worth <= grains * lots <= found.worth:
            return None
        instrument = found.instrument
        if found.banded:
            tick = self._newest_tick(instrument)
            if (tick is None or tick is not found.seen) and not self._look(found, tick):
                return None
            if not found.low <= grains <= found.high:
                return None
        # tuple.__new__ takes half the time of PlainOrder(…).
        plain: PlainOrder = _new(PlainOrder, (instrument, direction, offset, grains, lots))
        orders = book.by_instrument.get(instrument)
        if found.apart:
            if (
                orders is not None
                and (
                    grains >= orders.lowest_sell
                    if direction == BUY
                    else grains <= orders.highest_buy
                )
                and orders.may_meet(direction, grains)
            ):
                return None
            for one in book.others:
                theirs = one.by_instrument.get(instrument)
                if theirs is not None and theirs.may_meet(direction, grains):
                    return None
        if found.counted:
            if sender.working >= found.working or sender.orders >= found.orders_a_day:
                return None
            most, times = found.orders_a_second, sender.times
            if most and len(times) >= most and now - times[-most] < 1.0:
                return None
            if found.alike_within and now - sender.newest < found.alike_within:
                before = sender.recent.get(plain)
                if before is not None and now - before < found.alike_within:
                    return None
        if offset != OPEN:
            return plain
        if found.position is not None:
            held = (book.holdings.get(instrument) or book.holding(instrument))[direction != BUY]
            if held is None:
                return None
            if orders is not None:
                held += orders.lots_opening[direction]
            if held + lots > found.position:
                return None
        return plain if counts is None or counts.may_open(instrument, now) else None

    def _clears_anew(
        self,
        body: Mapping[str, Any],
        book: AccountBook,
        sender: AccountBook,
        counts: ComplianceBook | None,
        now: float,
    ) -> PlainOrder | None:
        """Find an instrument's clearance; an insert that leaves a field out the checks decide."""
        if any(not body.get(name) for name in _FIELDS):
            return None
        self._find(body["InstrumentID"])
        return self.clears(body, book, sender, counts, now)

    def _look(self, found: Clearance, tick: bytes | None) -> bool:
        """Find what passes beside the last price of now; return whether that is known."""
        last = None if tick is None else self._facts.price_in(tick)
        found.seen = None if last is None else tick
        if last is None:
            last = self._facts.asked_price(found.instrument)
        if last is None:
            return False
        found.take_last(last)
        return True

    def _find(self, name: str) -> Clearance:
        """Ask the checks what they let pass in an instrument."""
        instrument = name.strip()
        found = Clearance(instrument, self._facts.terms(instrument))
        for check in self._checks:
            check.narrow(found)
        if len(self._found) >= _MOST:
            self._found.clear()
        self._found[name] = found
        return found

    def _forget(self) -> None:
        """Find everything anew: ticks or multipliers have changed."""
        self._found.clear()
        self._version = self._facts.version
