"""webctp.bus.untold: all that a publisher was not given is told at an edge, and once."""

from collections import Counter
from typing import Any, cast

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from tests.bus.scriptedredis import ScriptedRedis
from webctp.bus import notes
from webctp.bus.redis.line import RedisLine
from webctp.bus.untold import Tallies, Untold

_NAMES = notes.Names("webctp", "1")
_SETTINGS = settings(max_examples=150, stateful_step_count=30, deadline=None)
RB, CU, IF = b"rb2405", b"cu2405", b"IF2405"
_MANY = 1_300
"""Instruments of more than two commands."""


class _Ends:
    """A publisher's process and an edge, on a Redis that carries out commands when told.

    ``told`` are the ticks that the edge has told of.
    """

    def __init__(self) -> None:
        self.redis = ScriptedRedis()
        self.told: Counter[bytes] = Counter()
        self.begun = 0
        self.epoch = 0
        self.untold = Untold(_NAMES)
        self.tallies = Tallies(_NAMES, self.told.update)
        self.node: RedisLine | None = None
        self.edge: RedisLine | None = None
        self.listener: RedisLine | None = None
        self.is_greeting = False
        self.heard = 0
        """The epoch that the edge has read under; none over a new link."""
        self.starts()
        self.node_up()
        self.edge_up()
        self.settle()

    def line(self, **more: Any) -> RedisLine:
        lines: list[RedisLine] = []
        self.redis.connect(lambda: RedisLine(Clock(), **more)).addCallback(lines.append)
        return lines[0]

    def cut(self, *lines: RedisLine | None) -> None:
        for line in lines:
            if line is not None:
                self.redis.cut(cast(Any, line.transport))

    def starts(self) -> None:
        """Begin a process of the publisher."""
        self.node_down()
        self.begun = 0
        self.untold = Untold(_NAMES)

    def node_up(self) -> None:
        """Greet as a publisher does: the totals, then what is untold, then the state."""
        self.epoch += 1
        self.begun = self.begun or self.epoch
        line = self.node = self.line()
        self.is_greeting = True
        written = self.untold.write(line, self.begun)
        written.addCallbacks(lambda _: self.greeted(line), lambda failure: None)

    def greeted(self, line: RedisLine) -> None:
        self.is_greeting = False
        self.untold.tell(line)
        self.beat()

    def node_down(self) -> None:
        line, self.node = self.node, None
        self.cut(line)

    def beat(self) -> None:
        if self.node is not None and not self.is_greeting:
            state = notes.State(
                epoch=self.epoch,
                partitions=1,
                state="ready",
                reason="",
                since=0.0,
                login=None,
                day="",
                time=0,
                speed=1.0,
                begun=self.begun,
            )
            self.node.ask(b"PUBLISH", _NAMES.control, notes.encode(state)).addErrback(lambda _: 0)

    def missed(self, name: bytes, count: int) -> None:
        self.untold.missed({name: count})
        if self.node is not None and not self.is_greeting:
            self.untold.tell(self.node)

    def edge_up(self) -> None:
        self.heard = 0
        self.edge = self.line()
        self.listener = self.line(on_message=self.message)
        self.listener.subscribe([_NAMES.control]).addErrback(lambda _: 0)

    def edge_down(self) -> None:
        lines, self.edge, self.listener = (self.edge, self.listener), None, None
        self.cut(*lines)
        self.tallies.end()

    def message(self, channel: bytes, raw: bytes) -> None:
        """Do with a note what a feed does."""
        note = notes.note_of(raw)
        if isinstance(note, notes.Missed):
            self.tallies.take(note)
        elif isinstance(note, notes.State):
            self.tallies.begins(note.begun)
            if note.epoch != self.heard and self.edge is not None:
                self.heard = note.epoch
                self.tallies.read(self.edge).addErrback(lambda _: 0)

    def settle(self) -> None:
        """Make whatever link is missing, and let all that waits be done."""
        self.redis.run()
        if self.node is None:
            self.node_up()
        if self.edge is None:
            self.edge_up()
        for _ in range(2):
            self.redis.run()
            self.beat()
        self.redis.run()


class _Machine(RuleBasedStateMachine):
    """Whatever happens at both ends, in any order, with any part of it done by Redis."""

    def __init__(self) -> None:
        super().__init__()
        self.ends = _Ends()
        self.expected: Counter[bytes] = Counter()
        self.wanted: set[bytes] = set()

    names = st.sampled_from((RB, CU, IF))

    @rule(name=names, count=st.integers(1, 3))
    def miss(self, name: bytes, count: int) -> None:
        if name in self.wanted:
            self.expected[name] += count
        self.ends.missed(name, count)

    @rule(name=names)
    def want(self, name: bytes) -> None:
        """Want an instrument of an edge that is ready: what was missed before has been told."""
        self.ends.settle()
        self.wanted.add(name)
        self.ends.tallies.want([name], self.ends.edge)
        self.ends.redis.run()

    @rule(name=names)
    def forget(self, name: bytes) -> None:
        self.ends.settle()
        self.wanted.discard(name)
        self.ends.tallies.forget([name])

    @rule(steps=st.integers(1, 6))
    def redis_goes_on(self, steps: int) -> None:
        self.ends.redis.go_on(steps)

    @rule()
    def all_settles(self) -> None:
        self.ends.settle()
        assert +self.ends.told == +self.expected

    @precondition(lambda self: self.ends.edge is not None)
    @rule()
    def edge_loses_its_link(self) -> None:
        self.ends.edge_down()

    @precondition(lambda self: self.ends.edge is None)
    @rule()
    def edge_is_back(self) -> None:
        self.ends.edge_up()

    @precondition(lambda self: self.ends.node is not None)
    @rule()
    def node_loses_its_link(self) -> None:
        self.ends.node_down()

    @precondition(lambda self: self.ends.node is None)
    @rule()
    def node_is_back(self) -> None:
        self.ends.node_up()

    @rule()
    def process_begins_anew(self) -> None:
        """Begin a process after one that had told Redis all it had to tell."""
        self.ends.redis.run()
        if self.ends.node is None:
            self.ends.node_up()
            self.ends.redis.run()
        self.lost()
        self.ends.starts()
        self.ends.node_up()

    def lost(self) -> None:
        """What the edge has not heard of the process before is told as what nobody knows."""
        if self.ends.edge is None or not self.ends.heard:
            self.expected = Counter(self.ends.told)

    @rule()
    def redis_comes_back_empty(self) -> None:
        if self.ends.node is not None:
            self.ends.node_down()
        self.ends.edge_down()
        self.ends.redis.hashes.clear()

    def teardown(self) -> None:
        self.all_settles()

    @invariant()
    def nothing_is_told_twice(self) -> None:
        assert self.ends.told <= self.expected, (self.ends.told, self.expected)

    @invariant()
    def what_is_wanted_alone_is_remembered(self) -> None:
        assert set(self.ends.tallies._wanted) == self.wanted


class Told(SynchronousTestCase):
    """An edge whose link, or publisher, comes and goes."""

    def setUp(self) -> None:
        self.ends = _Ends()

    def want(self, *names: bytes) -> None:
        self.ends.tallies.want(names, self.ends.edge)

    def test_whatever_happens_all_is_told_and_once(self) -> None:
        run_state_machine_as_test(_Machine, settings=_SETTINGS)

    def test_what_was_missed_without_a_link_is_told_once_it_is_back(self) -> None:
        self.want(RB)
        self.ends.redis.run()
        self.ends.edge_down()
        self.ends.missed(RB, 2)
        self.ends.settle()
        self.ends.settle()
        self.assertEqual(self.ends.told, {RB: 2})

    def test_what_was_missed_before_it_was_wanted_is_no_loss(self) -> None:
        self.ends.missed(RB, 2)
        self.ends.redis.run()
        self.want(RB)
        self.ends.settle()
        self.assertEqual(self.ends.told, {})

    def test_a_note_that_comes_before_the_answer_is_told_once(self) -> None:
        self.ends.missed(RB, 5)
        self.ends.redis.run()
        self.ends.missed(RB, 2)
        self.want(RB)
        self.ends.settle()
        self.assertEqual(self.ends.told, {RB: 2})

    def test_an_answer_from_before_it_was_wanted_anew_is_passed_over(self) -> None:
        self.want(RB)
        self.ends.redis.run(lambda words: words[0] == b"HMGET")
        self.ends.tallies.forget([RB])
        self.ends.redis.hashes[_NAMES.missed][RB] = b"2"  # told before it is wanted again
        self.want(RB)
        self.ends.settle()
        self.assertEqual(self.ends.told, {})

    def test_a_read_from_before_it_was_given_up_is_passed_over(self) -> None:
        self.want(RB)
        self.ends.redis.run()
        self.ends.tallies.read(cast(Any, self.ends.edge))
        self.ends.redis.hashes[_NAMES.missed][RB] = b"2"
        self.ends.tallies.forget([RB])
        self.want(RB)
        self.ends.settle()
        self.assertEqual(self.ends.told, {})

    def test_a_link_lost_before_the_answer_hides_nothing(self) -> None:
        self.want(RB, CU)
        self.ends.edge_down()
        self.ends.missed(RB, 2)
        self.ends.settle()
        self.assertEqual(self.ends.told, {RB: 1}, "how many of it are news nobody knows")

    def test_what_stands_of_another_process_or_in_part_is_not_taken(self) -> None:
        self.want(RB)
        self.ends.redis.run()
        kept = self.ends.redis.hashes[_NAMES.missed]
        for whose in (b"0", b"99"):
            kept.update({b"": whose, RB: b"9"})
            self.ends.tallies.read(cast(Any, self.ends.edge))
            self.ends.redis.run()
        del kept[b""]
        self.ends.tallies.read(cast(Any, self.ends.edge))
        self.ends.redis.run()
        self.assertEqual(self.ends.told, {})

    def test_a_lower_total_is_no_news(self) -> None:
        self.want(RB)
        self.ends.missed(RB, 3)
        self.ends.settle()
        for total in (b"1", b"3"):
            self.ends.redis.hashes[_NAMES.missed][RB] = total
            self.ends.tallies.read(cast(Any, self.ends.edge))
            self.ends.redis.run()
        self.assertEqual(self.ends.told, {RB: 3})

    def test_a_halted_process_does_not_take_the_place_of_its_successor(self) -> None:
        self.want(RB)
        self.ends.starts()
        self.ends.settle()
        self.ends.missed(RB, 1)
        self.ends.settle()
        self.ends.tallies.begins(1)
        self.ends.edge_down()
        self.ends.settle()
        self.assertEqual(self.ends.told, {RB: 1})

    def test_all_that_a_new_process_was_not_given_is_news(self) -> None:
        self.want(RB)
        self.ends.redis.run()
        self.ends.edge_down()
        self.ends.starts()
        self.ends.missed(RB, 2)
        self.ends.node_up()
        self.ends.redis.run()
        self.ends.settle()
        self.assertEqual(self.ends.told, {RB: 2})

    def test_an_older_release_is_told_of_as_it_tells(self) -> None:
        self.want(RB)
        self.ends.redis.run()
        for _ in range(2):
            self.ends.tallies.take(notes.Missed(names={RB: 2, CU: 1}))
        self.assertEqual(self.ends.told, {RB: 4})

    def test_many_instruments_are_read_and_written_in_pieces(self) -> None:
        names = [b"SR%d" % number for number in range(_MANY)]
        self.want(*names)
        self.ends.redis.run()
        self.ends.edge_down()
        for _ in range(2):
            self.ends.untold.missed(dict.fromkeys(names, 1))
            self.ends.untold.tell(cast(Any, self.ends.node))
        self.ends.settle()
        self.assertEqual(self.ends.told, dict.fromkeys(names, 2))
        longest = max(map(len, self.ends.redis.done))
        self.assertLess(longest, _MANY)
