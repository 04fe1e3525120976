"""What a background trades: a day's lots, however they are looked at, add up to the same."""

from collections.abc import Sequence
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from tests.sim.model.test_fairprice import LAST_HOUR, WITH_NIGHT, path
from webctp.sim.model.background import ACTIVE
from webctp.sim.model.fairprice import Hours
from webctp.sim.model.flow import ActiveFlow, Deal, QuietFlow
from webctp.sim.model.lots import DayOfTrade, Scale, Settled, parted
from webctp.sim.model.tape import Traded

HOURS = st.sampled_from((WITH_NIGHT, LAST_HOUR))
LOTS = st.one_of(st.integers(ACTIVE, ACTIVE + 900), st.integers(ACTIVE, 4_000_000))


def added(parts: Sequence[Traded | None]) -> tuple[int, ...] | None:
    """Give lots, total, highest, lowest, last price and interest of stretches of trade."""
    some = [part for part in parts if part is not None]
    if not some:
        return None
    return (
        sum(part.lots for part in some),
        sum(part.total for part in some),
        max(part.high for part in some),
        min(part.low for part in some),
        some[-1].last,
        sum(part.interest for part in some),
    )


class Active(SynchronousTestCase):
    """An active future's day."""

    def flow(
        self, key: int, hours: Hours, lots: int, interest: int, scale: Scale
    ) -> tuple[ActiveFlow, Settled]:
        day = DayOfTrade(lots, interest, round(scale.base))
        one = path(key, hours)
        settled, parts = parted(one, key, scale, day)
        return ActiveFlow(one, key, scale, parts), settled

    @settings(max_examples=25, deadline=None)
    @given(
        st.integers(0, 2**64 - 1),
        HOURS,
        LOTS,
        st.floats(-1, 1),
        st.sampled_from(((300, 2), (3_000, 1), (85_000, 4))),
        st.sampled_from((0.06, 0.006)),
    )
    def test_any_way_of_looking_adds_up_to_the_same(
        self,
        key: int,
        hours: Hours,
        lots: int,
        opened: float,
        market: tuple[int, int],
        limit: float,
    ) -> None:
        base, spread = market
        scale = Scale(float(base), spread, int(base * (1 - limit)), int(base * (1 + limit)))
        interest = int(lots * opened)
        end = hours.steps - 1
        whole, settled = self.flow(key, hours, lots, interest, scale)
        told = added([whole.advance(end)])
        assert told is not None
        self.assertEqual((told[0], told[-1]), (lots, interest))
        self.assertEqual(settled.price, base)
        random = Random(key)
        for number in (2, 30, 400):
            steps = sorted({end, *random.choices(range(end), k=number)})
            walked, _ = self.flow(key, hours, lots, interest, scale)
            parts = [walked.advance(step) for step in steps]
            for part in parts:
                self.possible(part, scale)
            self.assertEqual(added(parts), told)
            place = random.randrange(len(steps))
            leapt, _ = self.flow(key, hours, lots, interest, scale)
            self.assertEqual(
                added([leapt.advance(steps[place])]), added(parts[: place + 1]), steps[place]
            )

    def possible(self, part: Traded | None, scale: Scale) -> None:
        """Check that there are lots whose sums these are."""
        if part is None:
            return
        low, high = part.low, part.high
        self.assertTrue(scale.lowest <= low <= part.last <= high <= scale.highest, part)
        self.assertLessEqual(abs(part.interest), part.lots)
        if part.lots == 1:
            self.assertEqual((low, high, part.last), (part.total,) * 3)
        else:
            least, most = high + low * (part.lots - 1), low + high * (part.lots - 1)
            self.assertTrue(least <= part.total <= most, part)

    def test_single_steps_are_possible_and_near_the_quotes(self) -> None:
        scale = Scale(3_000.0, 1, 2_800, 3_200)
        for lots in (ACTIVE, 60_000, 2_000_000):
            flow, settled = self.flow(5, WITH_NIGHT, lots, lots // 9, scale)
            one, off, traded = path(5), 0.0, [flow.advance(step) for step in range(20_000)]
            for step, part in enumerate(traded):
                self.possible(part, scale)
                if part is not None:
                    off += abs(part.last - 3_000 * (1 + one.at(step)))
            self.assertLess(off / sum(part is not None for part in traded), 1.5)
            self.assertEqual(settled.lots, lots)


class Quiet(SynchronousTestCase):
    """Trades that are counted through."""

    DEALS = (Deal(3, 2, 10, 1), Deal(3, 1, 12, -1), Deal(90, 4, 9, 2))

    def test_they_come_when_their_time_has_come(self) -> None:
        flow = QuietFlow(self.DEALS)
        self.assertEqual((flow.next, flow.printed, flow.advance(2)), (3, -1, None))
        self.assertEqual(flow.advance(50), Traded(3, 32, 12, 10, 10, 12, 0))
        self.assertEqual((flow.next, flow.printed), (90, 3))
        self.assertEqual(flow.advance(90), Traded(4, 36, 9, 9, 9, 9, 2))
        self.assertIsNone(flow.advance(10**9))

    def test_all_at_once(self) -> None:
        self.assertEqual(QuietFlow(self.DEALS).advance(90), Traded(7, 68, 12, 9, 10, 9, 2))
        self.assertIsNone(QuietFlow(()).advance(90))
