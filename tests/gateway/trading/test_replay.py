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


class DroppedTests(SynchronousTestCase):
    """Pushes whose number alone is kept."""

    def test_they_are_numbered_and_not_told_again(self) -> None:
        log = ReplayBuffer(SeqBlocks())
        first = log.seq
        for frame in (b"one", b"x" * 1_000_000, b"three"):
            log.add(frame)
            if len(frame) > 10:
                log.replace_last(b"later")
        self.assertEqual(log.seq, first + 3)
        self.assertEqual(log.after(first).frames, (b"one", b"later", b"three"))
        self.assertEqual(log.after(first + 2).frames, (b"three",))

    def test_they_push_nothing_else_out(self) -> None:
        log = ReplayBuffer(SeqBlocks(), kept_bytes=20_000)
        first = log.seq
        log.add(b"order")
        for _ in range(100):
            log.add(b"x" * 5_000)
            log.replace_last(b"later")
        self.assertTrue(log.knows(first))
        self.assertEqual(log.after(first).frames, (b"order", *[b"later"] * 100))


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
