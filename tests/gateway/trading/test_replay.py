"""The numbers of pushes: whose they are, and what is known after them."""

from itertools import pairwise

from twisted.trial.unittest import SynchronousTestCase

from webctp.gateway.trading.replay import ReplayBuffer, SeqBlocks

JAVASCRIPT = 2**53


class BlockTests(SynchronousTestCase):
    """Whose a number is."""

    def test_no_number_is_handed_out_twice(self) -> None:
        blocks = SeqBlocks()
        taken = sorted((blocks.take() for _ in range(10_000)), key=lambda block: block.start)
        for lower, higher in pairwise(taken):
            self.assertLessEqual(lower.stop, higher.start)

    def test_numbers_are_exact_in_javascript_and_above_all_of_earlier_versions(self) -> None:
        blocks = SeqBlocks()
        blocks._next = (1 << 26) - 1
        for block in (blocks.take(), blocks.take()):
            self.assertLessEqual(block.stop, JAVASCRIPT)
            self.assertGreater(block.start, 4_102_444_800_000_000, "microseconds in the year 2100")

    def test_runs_begin_apart(self) -> None:
        firsts = {SeqBlocks().take().start for _ in range(100)}
        self.assertGreater(len(firsts), 95)


class LogTests(SynchronousTestCase):
    """What is known after a number."""

    def test_a_block_that_is_used_up_is_followed_by_another_and_a_gap(self) -> None:
        blocks = SeqBlocks()
        log = ReplayBuffer(blocks)
        log._last = log.seq + 3
        first = log.seq
        for frame in (b"1", b"2", b"3", b"4"):
            log.add(frame)
        self.assertEqual(log.after(log.seq - 1).frames, (b"4",))
        self.assertTrue(log.after(first).gap)
        self.assertTrue(log.after(first + 3).gap)
        self.assertTrue(log.has_pushed)

    def test_what_is_forgotten_is_a_gap(self) -> None:
        log = ReplayBuffer(SeqBlocks(), kept_bytes=4)
        first = log.seq
        for frame in (b"aa", b"bb", b"cc"):
            log.add(frame)
        self.assertTrue(log.after(first).gap)
        self.assertEqual(log.after(first + 1).frames, (b"bb", b"cc"))
