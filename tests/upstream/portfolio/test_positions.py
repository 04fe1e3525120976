"""Lots: what is closed first, and what it gains, against a plain list of single lots."""

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from tests.upstream.portfolio.samples import CU, M, facts
from webctp.upstream.portfolio.facts import Key
from webctp.upstream.portfolio.positions import Lot, Position

PRE = 700
_DEEDS = st.lists(
    st.tuples(st.sampled_from("013"), st.integers(1, 5), st.integers(500, 900)), max_size=40
)


class Plain:
    """A position as a list of single lots: (price, whether it is today's)."""

    def __init__(self, *, by_date: bool) -> None:
        self.by_date = by_date
        self.lots: list[tuple[int, bool]] = [(600, False)] * 4
        self.by_day = self.by_trade = 0

    def close(self, offset: str, price: int, volume: int) -> bool:
        """Close the oldest that may be; gives False, and does nothing, where there are too few."""
        may = [
            i for i, lot in enumerate(self.lots) if not self.by_date or lot[1] == (offset == "3")
        ]
        if len(may) < volume:
            return False
        for at in may[:volume]:
            opened, was_today = self.lots[at]
            self.by_day += price - (opened if was_today else PRE)
            self.by_trade += price - opened
        self.lots = [lot for i, lot in enumerate(self.lots) if i not in may[:volume]]
        return True


class Lots(SynchronousTestCase):
    """The oldest lots are closed first; on SHFE of the day that the offset names."""

    @given(st.sampled_from((CU, M)), st.sampled_from("01"), _DEEDS)
    def test_lots_are_those_of_a_plain_list(
        self, name: str, side: str, deeds: list[tuple[str, int, int]]
    ) -> None:
        terms = facts().terms[name]
        held, plain = Position(Key(name, side, "1"), terms, PRE), Plain(by_date=terms.by_date)
        held.older_lots.add(Lot("1", "before", 600, 4))
        for offset, volume, price in deeds:
            if offset == "0":
                held.open(Lot("2", "today", price, volume))
                plain.lots += [(price, True)] * volume
            else:
                has = held.has(offset, volume)
                self.assertEqual(has, plain.close(offset, price, volume))
                if has:
                    held.close(offset, price, volume)
        size, sign = terms.multiplier, 1 if side == "0" else -1
        self.assertEqual(held.volume, len(plain.lots))
        self.assertEqual(held.open_cost, size * sum(price for price, _ in plain.lots))
        base = sum(price if today else PRE for price, today in plain.lots)
        self.assertEqual(held.cost, size * base)
        self.assertEqual(held.profit(777)[0], sign * size * (777 * len(plain.lots) - base))
        tallies = held.today, held.older
        self.assertEqual(sum(one.profit_by_date for one in tallies), sign * size * plain.by_day)
        self.assertEqual(sum(one.profit_by_trade for one in tallies), sign * size * plain.by_trade)

    def test_as_many_closings_pay_as_today_as_were_opened(self) -> None:
        held = Position(Key(M, "0", "1"), facts().terms[M], PRE)
        held.older_lots.add(Lot("1", "before", 600, 4))
        held.open(Lot("2", "today", 610, 2))
        self.assertEqual([held.paying_today("1", volume) for volume in (1, 3, 2)], [1, 1, 0])

    def test_movements_of_the_days_are_apart_on_shfe_alone(self) -> None:
        for name, apart in ((CU, True), (M, False)):
            held = Position(Key(name, "0", "1"), facts().terms[name], PRE)
            held.older_lots.add(Lot("1", "before", 600, 4))
            tally, gained = held.close("1", 710, 1)
            self.assertIs(tally, held.older if apart else held.today)
            self.assertEqual(gained, 10 * held.terms.multiplier)
