"""webctp.bus.healing: no older tick after a newer one, and every gap heals."""

from collections.abc import Mapping

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from twisted.trial.unittest import SynchronousTestCase

from tests.bus.test_batches import NAMES, WHERE, batches, tick
from tests.bus.test_frame import FORMAT, TICK
from webctp.bus.frame import Frame
from webctp.bus.healing import Healing
from webctp.bus.position import Position

_SECOND = 1_000_000_000
_SETTINGS = settings(max_examples=100, stateful_step_count=30, deadline=None)


def kept(entries: Mapping[bytes, bytes]) -> dict[bytes, Frame]:
    """Kept ticks as a reader has them."""
    frames = map(FORMAT.decode, entries.values())
    return {frame.ticks[0][WHERE]: frame for frame in frames}


def told(raw: bytes) -> tuple[str, int]:
    """Which instrument a tick is of, and its volume."""
    values = TICK.part(("InstrumentID", "Volume")).unpack(raw)
    return str(values["InstrumentID"]), int(values["Volume"])


class HealingTest(SynchronousTestCase):
    """A reader of one partition."""

    def setUp(self) -> None:
        self.healing = Healing(WHERE)
        self.made = batches(partitions=1, epoch=1)

    def send(self, *volumes: int, instrument: str = "rb2405", lost: bool = False) -> list[int]:
        """Publish ticks; return the volumes that are given on."""
        self.made.waiting += [tick(instrument, volume) for volume in volumes]
        (batch,) = self.made.take(_SECOND)
        if lost:
            return []
        return [told(one)[1] for one in self.healing.take(FORMAT.decode(batch.frame)).ticks]

    def heal(self, entries: Mapping[bytes, bytes], asked: Position) -> list[int]:
        """Hand over kept ticks; return the volumes that are given on."""
        return [told(one)[1] for one in self.healing.heal(0, kept(entries), asked)]

    def now(self) -> tuple[dict[bytes, bytes], Position]:
        """What is kept now, and where the reader stands."""
        return dict(self.made.newest(0)), self.healing.position(0)

    def test_a_lost_tick_is_given_on_from_what_is_kept(self) -> None:
        self.send(1)
        self.heal(*self.now())
        self.send(2, instrument="IF2312", lost=True)
        self.assertEqual(self.send(3), [3])
        self.assertTrue(self.healing.is_healing(0))
        self.assertEqual(self.heal(*self.now()), [2])
        self.assertFalse(self.healing.is_healing(0))

    def test_a_tick_that_has_come_since_is_not_followed_by_the_kept_one(self) -> None:
        self.send(1)
        self.heal(*self.now())
        self.send(2, lost=True)
        entries, _ = self.now()
        self.send(1, instrument="IF2312")
        asked = self.healing.position(0)
        self.assertEqual(self.send(3), [3])
        self.assertEqual(self.heal(entries, asked), [])

    def test_what_was_seen_is_not_given_on_again(self) -> None:
        self.send(1)
        self.heal(*self.now())
        self.send(2, instrument="IF2312", lost=True)
        self.send(3, instrument="IF2312")
        self.assertEqual(self.heal(*self.now()), [])

    def test_a_gap_noticed_while_kept_ticks_were_read_stays_open(self) -> None:
        self.send(1)
        self.heal(*self.now())
        self.send(2, instrument="IF2312", lost=True)
        self.send(3)
        early = self.now()
        self.send(4, instrument="IF2312", lost=True)
        self.send(5)
        self.assertEqual(self.heal(*early), [2])
        self.assertTrue(self.healing.is_healing(0))
        self.assertEqual(self.heal(*self.now()), [4])
        self.assertFalse(self.healing.is_healing(0))

    def test_a_publisher_that_connects_anew_makes_all_read_again(self) -> None:
        self.send(1)
        self.heal(*self.now())
        self.send(2, instrument="IF2312", lost=True)
        self.made.begin(2)
        (position,) = self.made.positions(_SECOND)
        gap = self.healing.take(FORMAT.decode(position)).gap
        self.assertEqual(gap, (Position(1, 1), Position(2, 0)))
        self.assertEqual(self.heal(*self.now()), [2])

    def test_an_epoch_that_is_not_greater_is_refused(self) -> None:
        problem = self.assertRaises(ValueError, self.made.begin, 1)
        self.assertIn("1 is not greater than 1", str(problem))

    def test_nothing_is_healed_before_the_first_frame(self) -> None:
        self.send(1, lost=True)
        self.assertEqual(self.heal(*self.now()), [])
        self.assertEqual(self.send(2, instrument="IF2312"), [2])
        self.assertEqual(self.heal(*self.now()), [1])


class BusModel(RuleBasedStateMachine):
    """A publisher, a Redis that may lose what it was told, and a reader whose answers are late."""

    def __init__(self) -> None:
        super().__init__()
        self.epoch, self.volume = 1, 0
        self.made = batches(partitions=2, epoch=1)
        self.redis: list[dict[bytes, bytes]] = [{}, {}]
        self.saved: list[dict[bytes, bytes]] = [{}, {}]
        self.is_up = True
        self.newest: dict[str, int] = {}
        self.healing = Healing(WHERE)
        self.shown: dict[str, int] = {}
        self.asked: list[tuple[int, dict[bytes, bytes], Position]] = []

    def deliver(self, raw: bytes) -> None:
        """Bring a frame to the reader; with a position it asks for what is kept, behind a gap."""
        frame = FORMAT.decode(raw)
        where = frame.partition
        ticks, _ = self.healing.take(frame)
        self.show(ticks)
        if not frame.ticks and self.healing.is_healing(where):
            position = Position(frame.epoch, frame.first)
            self.asked.append((where, dict(self.redis[where]), position))

    def show(self, ticks: tuple[bytes, ...]) -> None:
        """Show ticks to a client: never one that is not newer than what it holds."""
        for raw in ticks:
            name, volume = told(raw)
            assert volume > self.shown.get(name, 0), (name, volume, self.shown)
            self.shown[name] = volume

    @rule(names=st.lists(st.sampled_from(NAMES), min_size=1, max_size=5), comes=st.booleans())
    def turn(self, names: list[str], comes: bool) -> None:
        for name in names:
            self.volume += 1
            self.newest[name] = self.volume
            self.made.waiting.append(tick(name, self.volume))
        for batch in self.made.take(_SECOND):
            if self.is_up and comes:
                self.deliver(batch.frame)

    @precondition(lambda self: self.asked)
    @rule(data=st.data())
    def answer(self, data: st.DataObject) -> None:
        where, entries, asked = self.asked.pop(0)
        if data.draw(st.booleans(), "read late"):
            entries = self.redis[where]
        self.show(self.healing.heal(where, kept(entries), asked))

    @precondition(lambda self: self.is_up)
    @rule()
    def announce(self) -> None:
        for where in range(2):
            self.redis[where].update(self.made.keep(where))
        for raw in self.made.positions(_SECOND):
            self.deliver(raw)

    @rule()
    def reader_connects_anew(self) -> None:
        """Lose the answers under way: the next position makes it ask again for what is open."""
        self.asked.clear()

    @rule()
    def save(self) -> None:
        self.saved = [dict(one) for one in self.redis]

    @precondition(lambda self: self.is_up)
    @rule()
    def redis_dies(self) -> None:
        """Forget all since the last save; what is under way does not come, to nobody."""
        for where in range(2):
            self.made.keep(where)
        self.redis = [dict(one) for one in self.saved]
        self.asked.clear()
        self.is_up = False

    @precondition(lambda self: not self.is_up)
    @rule()
    def connect(self) -> None:
        for where in range(2):
            self.redis[where].update(self.made.newest(where))
        self.epoch += 1
        self.made.begin(self.epoch)
        self.is_up = True

    @invariant()
    def nothing_is_newer_than_the_newest(self) -> None:
        for name, volume in self.shown.items():
            assert volume <= self.newest[name]

    def teardown(self) -> None:
        """Let all heal: positions are announced, answers come."""
        if not self.is_up:
            self.connect()
        self.announce()
        for where, entries, asked in self.asked:
            self.show(self.healing.heal(where, kept(entries), asked))
        assert self.shown == self.newest, (self.shown, self.newest)
        assert not any(map(self.healing.is_healing, range(2)))


class Model(SynchronousTestCase):
    """Whatever is lost."""

    def test_nothing_older_is_shown_and_all_heals(self) -> None:
        run_state_machine_as_test(BusModel, settings=_SETTINGS)
