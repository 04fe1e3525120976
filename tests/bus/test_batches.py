"""webctp.bus.batches: ticks are numbered without a hole, and stay in order."""

from collections import defaultdict

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from tests.bus.test_frame import FORMAT, TICK
from webctp.bus import batches as module
from webctp.bus.batches import Batches
from webctp.bus.frame import partition_of
from webctp.upstream.market.instruments import instrument_slice

WHERE = instrument_slice(TICK)
NAMES = ("rb2405", "IF2312", "cu2401", "m2409", "SR405", "si2406")
TURNS = st.lists(st.lists(st.sampled_from(NAMES), max_size=8), max_size=8)


def tick(instrument: str, volume: int = 1) -> bytes:
    """A tick that its volume tells from others."""
    return TICK.pack({"InstrumentID": instrument, "Volume": volume})


def batches(partitions: int = 4, epoch: int = 5) -> Batches:
    """A publisher's, with nothing sent."""
    return Batches(FORMAT, WHERE, partitions=partitions, epoch=epoch)


class BatchesTest(SynchronousTestCase):
    """A publisher's turns."""

    @given(TURNS)
    def test_numbers_have_no_hole_and_ticks_keep_their_order(self, turns: list[list[str]]) -> None:
        made, sent, volume = batches(), defaultdict[int, list[bytes]](list), 0
        wanted = defaultdict[int, list[bytes]](list)
        for names in turns:
            ticks = [tick(name, volume := volume + 1) for name in names]
            for name, one in zip(names, ticks, strict=True):
                wanted[partition_of(name.encode(), 4)].append(one)
            made.waiting += ticks
            for batch in made.take(17):
                frame = FORMAT.decode(batch.frame)
                self.assertEqual((frame.partition, frame.epoch), (batch.partition, 5))
                self.assertEqual(frame.first, len(sent[batch.partition]))
                sent[batch.partition] += frame.ticks
        self.assertEqual(sent, wanted)
        told = [FORMAT.decode(raw) for raw in made.positions(18)]
        self.assertEqual([one.first for one in told], [len(sent[part]) for part in range(4)])
        self.assertEqual([one.ticks for one in told], [()] * 4)

    @given(TURNS, st.integers(1, 3))
    def test_the_newest_is_kept_with_its_number(self, turns: list[list[str]], every: int) -> None:
        made, volume = batches(partitions=2), 0
        last: dict[bytes, tuple[int, bytes]] = {}
        changed: set[bytes] = set()
        for turn, names in enumerate(turns):
            made.waiting += [tick(name, volume := volume + 1) for name in names]
            for batch in made.take(17):
                frame = FORMAT.decode(batch.frame)
                for place, one in enumerate(frame.ticks, frame.first):
                    last[one[WHERE].rstrip(b"\0")] = (place, one)
            changed.update(name.encode() for name in names)
            if turn % every == 0:
                kept = {**made.keep(0), **made.keep(1)}
                self.assertEqual(kept.keys(), changed)
                changed.clear()
        for partition in range(2):
            self.check_newest(partition, made, last)

    def check_newest(
        self, partition: int, made: Batches, last: dict[bytes, tuple[int, bytes]]
    ) -> None:
        newest = made.newest(partition)
        wanted = {name for name in last if partition_of(name, 2) == partition}
        self.assertEqual(newest.keys(), wanted)
        for name in wanted:
            kept = FORMAT.decode(newest[name])
            self.assertEqual((kept.first, *kept.ticks), last[name])

    def test_what_was_sent_before_is_kept_under_its_own_epoch(self) -> None:
        made = batches(partitions=1)
        made.waiting.append(tick("rb2405"))
        list(made.take(17))
        made.begin(6)
        kept = FORMAT.decode(made.newest(0)[b"rb2405"])
        self.assertEqual((kept.epoch, kept.first, kept.time), (5, 0, 17))

    def test_what_is_given_up_has_had_numbers(self) -> None:
        made = batches(partitions=1)
        made.waiting += [tick("rb2405", 1), tick("cu2401", 2), tick("rb2405", 3)]
        self.assertEqual(made.conflate(), 2)
        (batch,) = made.take(17)
        frame = FORMAT.decode(batch.frame)
        self.assertEqual((frame.first, len(frame.ticks)), (1, 2))
        self.assertEqual(set(frame.ticks), {tick("cu2401", 2), tick("rb2405", 3)})
        self.assertEqual(made.conflate(), 0)

    def test_one_frame_a_turn_for_each_partition(self) -> None:
        made = batches(partitions=1)
        for volume in range(100):
            made.waiting.append(tick("rb2405", volume))
        (batch,) = made.take(17)
        self.assertEqual(len(FORMAT.decode(batch.frame).ticks), 100)
        self.assertEqual(len(made.keep(0)), 1)

    def test_a_turn_without_ticks_sends_nothing(self) -> None:
        made = batches()
        made.waiting.append(tick("rb2405"))
        self.assertEqual(len(list(made.take(17))), 1)
        self.assertEqual(list(made.take(18)), [])

    def test_what_lies_behind_the_end_of_a_name_does_not_count(self) -> None:
        dirty = bytearray(tick("rb2405", 2))
        dirty[WHERE.start + 10] = 0x41
        made = batches(partitions=64)
        made.waiting += [tick("rb2405", 1), bytes(dirty)]
        self.assertEqual(len(list(made.take(17))), 1)
        newest = made.keep(0) or made.keep(partition_of(b"rb2405", 64))
        self.assertEqual(list(newest), [b"rb2405"])
        (kept,) = FORMAT.decode(newest[b"rb2405"]).ticks
        self.assertEqual(kept, bytes(dirty))

    def test_more_names_than_are_remembered(self) -> None:
        self.patch(module, "_NAMES_KEPT", 2)
        made = batches(partitions=1)
        for round_ in range(3):
            made.waiting += [tick(name, round_) for name in NAMES]
        (batch,) = made.take(17)
        self.assertEqual(len(FORMAT.decode(batch.frame).ticks), 3 * len(NAMES))

    def test_no_partitions_and_no_epoch_are_refused(self) -> None:
        for partitions in (0, -1, 2**16 + 1):
            problem = self.assertRaises(ValueError, batches, partitions=partitions)
            self.assertIn("partitions", str(problem))
        problem = self.assertRaises(ValueError, batches, epoch=0)
        self.assertIn("epoch", str(problem))
