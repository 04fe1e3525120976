"""webctp.bus.position: every tick comes once, in order, or lies in a gap that is told."""

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from webctp.bus.frame import Frame
from webctp.bus.position import START, Follower, Gap, Position, Progress


def frame(first: int, count: int = 1, epoch: int = 1) -> Frame:
    """A frame whose ticks tell their epoch and number."""
    return Frame(0, epoch, first, 0, tuple(b"%d/%d" % (epoch, first + n) for n in range(count)))


class FollowerTest(SynchronousTestCase):
    """A reader of one partition."""

    def setUp(self) -> None:
        self.follower = Follower()

    def take(self, first: int, count: int = 1, epoch: int = 1) -> Progress:
        """Take a frame."""
        return self.follower.take(frame(first, count, epoch))

    def test_a_newcomer_reads_all_before_its_first_frame(self) -> None:
        self.assertEqual(self.take(7, 2), ((b"1/7", b"1/8"), Gap(START, Position(1, 7))))

    def test_what_follows_has_no_gap(self) -> None:
        self.take(0, 3)
        self.assertEqual(self.take(3), ((b"1/3",), None))

    def test_a_gap_is_counted(self) -> None:
        self.take(0, 3)
        gap = self.take(8).gap
        self.assertEqual(gap, Gap(Position(1, 3), Position(1, 8)))
        self.assertEqual(gap and gap.missed, 5)

    def test_a_position_tells_that_the_last_frame_was_lost(self) -> None:
        self.take(0, 3)
        ticks, gap = self.take(5, 0)
        self.assertEqual(ticks, ())
        self.assertEqual(gap and gap.missed, 2)
        self.assertEqual(self.take(5).gap, None)

    def test_a_position_that_is_reached_is_no_news(self) -> None:
        self.take(0, 3)
        self.assertEqual(self.take(3, 0), ((), None))
        self.assertEqual(self.take(1, 0), ((), None))
        self.assertEqual(self.follower.position, (1, 3))

    def test_ticks_come_once(self) -> None:
        self.take(0, 3)
        self.assertEqual(self.take(0, 3).ticks, ())
        self.assertEqual(self.take(1, 4).ticks, (b"1/3", b"1/4"))

    def test_a_new_epoch_leaves_a_gap_that_nobody_can_count(self) -> None:
        self.take(0, 3)
        ticks, gap = self.take(0, 1, epoch=4)
        self.assertEqual(ticks, (b"4/0",))
        self.assertEqual(gap, Gap(Position(1, 3), Position(4, 0)))
        self.assertIsNone(gap and gap.missed)

    def test_an_earlier_epoch_brings_nothing_any_more(self) -> None:
        self.take(0, 1, epoch=4)
        self.assertEqual(self.take(900, 5, epoch=3), ((), None))
        self.assertEqual(self.follower.position, (4, 1))

    def test_a_gap_is_healed_by_what_lies_in_it(self) -> None:
        gap = Gap(Position(2, 5), Position(4, 3))
        inside = [(2, 5), (2, 99), (3, 0), (4, 2)]
        outside = [(1, 99), (2, 4), (4, 3), (5, 0)]
        healed = [one for one in inside + outside if gap.is_healed_by(frame(one[1], 1, one[0]))]
        self.assertEqual(healed, inside)

    @given(
        st.lists(
            st.tuples(st.integers(0, 4), st.sampled_from(("sent", "lost", "twice", "restart"))),
            max_size=30,
        )
    )
    def test_whatever_is_lost_each_tick_is_brought_once_or_missed(
        self, plan: list[tuple[int, str]]
    ) -> None:
        follower, epoch, number = Follower(), 1, 0
        every: list[Position] = []
        brought: list[bytes] = []
        gaps: list[Gap] = []
        for count, fate in plan:
            if fate == "restart":
                epoch, number = epoch + 1, 0
            made = frame(number, count, epoch)
            every += (Position(epoch, number + at) for at in range(count))
            number += count
            for _ in range({"lost": 0, "twice": 2}.get(fate, 1)):
                ticks, gap = follower.take(made)
                brought += ticks
                gaps += [] if gap is None else [gap]
        missed = [one for one in every if any(gap.start <= one < gap.end for gap in gaps)]
        reached = [one for one in every if one < follower.position and one not in missed]
        self.assertEqual(brought, [b"%d/%d" % one for one in reached])
        self.assertEqual(sorted(gaps), gaps)
