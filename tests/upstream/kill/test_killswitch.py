"""The kill switch of a running daemon: in force at once, and never lost."""

from typing import Any
from unittest.mock import patch

from twisted.internet.defer import Deferred, maybeDeferred
from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from tests.upstream.risk.samples import ME, Desk, order, trade
from webctp.ctp import errors
from webctp.ctp.refusal import Refusal
from webctp.testing import rows
from webctp.upstream.kill.acknowledging import running
from webctp.upstream.kill.halts import (
    ALL,
    Halt,
    KillFile,
    KillLevel,
    Word,
    account_target,
    token_target,
)
from webctp.upstream.kill.killswitch import LOOK_EVERY, LOOK_SOMETIMES, KillSwitch

ACCOUNT = account_target(ME)


class Disk:
    """Threads whose work is done when it is let."""

    def __init__(self) -> None:
        self.held = False
        self.waiting: list[Any] = []

    def __call__(self, function: Any, *arguments: Any) -> Any:
        if not self.held:
            return maybeDeferred(function, *arguments)
        done: Deferred[Any] = Deferred()
        self.waiting.append((done, function, arguments))
        return done

    def sync(self) -> None:
        """Do the oldest work."""
        done, function, arguments = self.waiting.pop(0)
        maybeDeferred(function, *arguments).chainDeferred(done)


class SwitchCase(SynchronousTestCase):
    """A switch on a real file and a clock."""

    def setUp(self) -> None:
        self.clock = Clock()
        self.disk = Disk()
        self.path = self.mktemp() + "/kill.json"
        self.file = KillFile(self.path)
        self.switch = self.make()

    def make(self) -> KillSwitch:
        disk: Any = self.disk
        switch = KillSwitch(self.clock, KillFile(self.path), disk, lambda: 1000.0)
        switch.start()
        self.addCleanup(switch.stop)
        return switch

    def say(self, level: KillLevel | None, target: str = ALL) -> None:
        """Another process writes the file."""
        if level is None:
            self.file.change(lambda state: state.without(target), 1.0)
        else:
            word = Halt(target=target, level=level, since=1.0)
            self.file.change(lambda state: state.with_halt(word), 1.0)

    @property
    def levels(self) -> dict[str, str]:
        return {name: halt.level.value for name, halt in self.switch.halts.items()}


class Figures(SwitchCase):
    """What a scrape reads."""

    def test_what_is_forbidden_is_counted_by_level(self) -> None:
        self.say(KillLevel.STOP)
        self.say(KillLevel.STOP, ACCOUNT)
        self.say(KillLevel.REDUCE_ONLY, token_target("bot"))
        self.clock.advance(LOOK_EVERY)
        found = {sample.labels: sample.value for sample in self.switch.samples()}
        told = {("reduce-only",): 1, ("stop",): 2, ("stop-and-cancel",): 0}
        self.assertEqual(found, told)


class Words(SwitchCase):
    """Who said what by the file: told once each, whatever becomes of the daemon."""

    def setUp(self) -> None:
        super().setUp()
        self.told: list[tuple[str, str | None, str]] = []
        self.switch.on_word(self.note)

    def note(self, word: Word) -> None:
        """Take what a switch tells of."""
        self.told.append((word.target, word.level, word.by))

    def word(self, level: KillLevel | None, target: str = ALL, by: str = "ann") -> None:
        """The command of another process."""
        self.file.say(Word(target=target, level=level, at=1.0, by=by))

    def test_a_change_of_its_own_is_no_word_though_the_file_is_seen_first(self) -> None:
        self.switch.set(ALL, KillLevel.STOP, by="me", reason="")
        self.disk.held = True
        self.switch.lift(ALL, by="me")
        done, function, arguments = self.disk.waiting.pop()
        written = function(*arguments)  # in the thread; the reactor has not heard of it yet
        self.clock.advance(LOOK_EVERY)
        self.assertEqual(self.levels, {})
        done.callback(written)
        self.clock.advance(LOOK_EVERY)
        self.assertEqual((self.levels, self.told), ({}, []))

    def test_each_once_also_those_between_two_looks(self) -> None:
        self.word(KillLevel.STOP)
        self.word(None, by="bob")
        self.word(KillLevel.REDUCE_ONLY, ACCOUNT)
        self.clock.advance(LOOK_EVERY)
        said = [(ALL, "stop", "ann"), (ALL, None, "bob"), (ACCOUNT, "reduce-only", "ann")]
        self.assertEqual(self.told, said)
        self.clock.advance(10)
        self.successResultOf(self.switch.set(ALL, KillLevel.STOP, by="me", reason=""))
        self.clock.advance(10)
        self.assertEqual(self.told, said, "the daemon's own word is no word of the file")

    def test_what_was_said_while_no_daemon_ran(self) -> None:
        self.switch.stop()
        self.word(KillLevel.STOP)
        for told in ([(ALL, "stop", "ann")], []):
            disk: Any = self.disk
            self.told = []
            switch = KillSwitch(self.clock, KillFile(self.path), disk, lambda: 1000.0)
            switch.on_word(self.note)
            switch.start()
            switch.stop()
            self.assertEqual(self.told, told)

    def test_beside_a_word_of_the_daemon_s_own(self) -> None:
        self.disk.held = True
        self.switch.set(ACCOUNT, KillLevel.STOP, by="me", reason="")
        self.word(KillLevel.STOP)
        self.disk.sync()
        self.assertEqual(self.told, [(ALL, "stop", "ann")])
        self.clock.advance(LOOK_EVERY)
        self.assertEqual(len(self.told), 1)

    def test_a_file_that_somebody_edits(self) -> None:
        self.say(KillLevel.STOP)
        self.clock.advance(LOOK_EVERY)
        self.say(None)
        self.clock.advance(LOOK_EVERY)
        self.assertEqual(self.told, [(ALL, "stop", ""), (ALL, None, "")])

    def test_words_that_cannot_be_kept_stop_no_word(self) -> None:
        with patch.object(KillFile, "_keep", side_effect=OSError(28, "No space left")):
            self.word(KillLevel.STOP)
        self.flushLoggedErrors()
        self.clock.advance(LOOK_EVERY)
        self.assertEqual(self.levels, {ALL: "stop"})
        self.assertEqual(self.told, [(ALL, "stop", "ann")])

    def test_the_last_are_kept(self) -> None:
        for number in range(210):
            self.word(KillLevel.STOP, by=str(number))
        self.assertEqual([one.by for one in self.file.words(0)], list(map(str, range(10, 210))))


class Watched(SwitchCase):
    """Where the kernel tells of changes."""

    def make(self) -> KillSwitch:
        self.calls: list[Any] = []
        self.stopped = 0

        def stop() -> None:
            self.stopped += 1

        def watch(path: Any, on_change: Any, on_lost: Any) -> Any:
            self.calls.append((on_change, on_lost))
            return stop

        disk: Any = self.disk
        switch = KillSwitch(self.clock, KillFile(self.path), disk, lambda: 1000.0, watch)
        switch.start()
        self.addCleanup(switch.stop)
        return switch

    def test_it_looks_when_it_is_told_and_seldom_else(self) -> None:
        self.say(KillLevel.STOP)
        self.clock.advance(LOOK_EVERY)
        self.assertEqual(self.levels, {})
        on_change, _ = self.calls[-1]
        on_change()
        self.clock.advance(0)
        self.assertEqual(self.levels, {ALL: "stop"})
        self.say(None)
        self.clock.advance(LOOK_SOMETIMES)
        self.assertEqual(self.levels, {}, "whatever the kernel has not told")

    def test_it_looks_often_again_where_the_directory_has_gone(self) -> None:
        _, on_lost = self.calls[-1]
        on_lost()
        self.clock.advance(0)
        self.say(KillLevel.STOP)
        self.clock.advance(LOOK_EVERY)
        self.assertEqual(self.levels, {ALL: "stop"})
        self.assertEqual(len(self.calls), 2, "the new directory is watched")

    def test_the_end(self) -> None:
        self.switch.stop()
        self.assertEqual(self.stopped, 1)
        self.assertEqual(self.clock.getDelayedCalls(), [])


class SwitchTests(SwitchCase):
    """Words from within and from without."""

    def test_a_word_from_within_is_in_force_before_and_answered_after_the_disk(self) -> None:
        self.disk.held = True
        answered = self.switch.set(ALL, KillLevel.STOP, by="me", reason="")
        self.assertEqual(self.levels, {ALL: "stop"})
        self.assertNoResult(answered)
        self.assertEqual(self.file.read(1.0).halts, {})
        self.disk.sync()
        self.assertEqual(self.successResultOf(answered).level, KillLevel.STOP)
        self.assertEqual(self.file.read(1.0).halts[ALL].by, "me")
        self.assertEqual({*self.make().halts}, {ALL}, "a restart finds it")

    def test_a_word_from_without_is_in_force_within_100_ms(self) -> None:
        self.say(KillLevel.REDUCE_ONLY)
        self.assertEqual(self.levels, {})
        self.clock.advance(0.05)
        self.assertEqual(self.levels, {ALL: "reduce-only"})
        self.assertEqual([one.told.serial for one in running(self.file.path)], [1])
        self.say(None)
        self.clock.advance(0.05)
        self.assertEqual(self.levels, {})
        self.assertLess(LOOK_EVERY, 0.05)

    def test_a_disk_that_takes_nothing(self) -> None:
        with patch.object(KillFile, "_write", side_effect=OSError(28, "No space left")):
            answered = self.switch.set(ALL, KillLevel.STOP, by="me", reason="")
        refusal = self.failureResultOf(answered, Refusal).value
        self.assertEqual(refusal.code, errors.NOT_READY)
        self.assertIn("in force in this run, but it is not on disk", refusal.detail)
        self.assertEqual(self.levels, {ALL: "stop"})
        with patch.object(KillFile, "_write", side_effect=OSError(28, "No space left")):
            lifted = self.switch.lift(ALL, by="me")
        self.assertIn("not lifted", self.failureResultOf(lifted, Refusal).value.detail)
        self.assertEqual(self.levels, {ALL: "stop"})
        self.successResultOf(self.switch.lift(ALL, by="me"))
        self.assertEqual(self.levels, {})

    def test_of_two_words_at_once_the_later_stands(self) -> None:
        for first_is_halt in (True, False):
            self.disk.held = True
            words = [
                lambda: self.switch.set(ALL, KillLevel.STOP, by="a", reason=""),
                lambda: self.switch.lift(ALL, by="b"),
            ]
            for word in words if first_is_halt else words[::-1]:
                word()
            for _ in range(2):
                self.assertEqual(self.levels, {ALL: "stop"}, "never lifted before its turn")
                self.assertEqual(len(self.disk.waiting), 1, "one at a time")
                self.disk.sync()
            self.assertEqual(bool(self.levels), not first_is_halt)
            self.assertEqual(bool(self.make().halts), not first_is_halt)

    def test_deleting_the_file_lifts_nothing(self) -> None:
        self.say(KillLevel.STOP)
        self.clock.advance(0.05)
        self.file.path.unlink()
        self.clock.advance(0.05)
        self.assertEqual(self.levels, {ALL: "stop"})
        self.assertEqual({*self.file.read(1.0).halts}, {ALL}, "it is written anew")
        self.flushLoggedErrors()

    def test_a_spoilt_file_stops_everything_until_it_is_lifted(self) -> None:
        self.say(KillLevel.REDUCE_ONLY, ACCOUNT)
        self.clock.advance(0.05)
        self.file.path.write_text("{", "utf-8")
        self.clock.advance(0.05)
        self.assertEqual(self.levels, {ALL: "stop"})
        self.assertEqual({*self.make().halts}, {ALL})
        self.say(None)
        self.clock.advance(0.05)
        self.assertEqual(self.levels, {})

    def test_changes_are_told_once(self) -> None:
        told: list[frozenset[str]] = []
        self.switch.on_change(told.append)
        self.say(KillLevel.STOP)
        self.say(KillLevel.STOP, ACCOUNT)
        for _ in range(9):
            self.clock.advance(0.05)
        self.assertEqual(told, [{ALL, ACCOUNT}])
        self.switch.lift(ALL, by="")
        self.clock.advance(0.05)
        self.assertEqual(told[1:], [{ALL}])


INSERTS = (
    "ReqOrderInsert",
    "ReqParkedOrderInsert",
    "ReqQuoteInsert",
    "ReqForQuoteInsert",
    "ReqExecOrderInsert",
    "ReqOptionSelfCloseInsert",
    "ReqCombActionInsert",
)


class LevelTests(SwitchCase):
    """What passes at which level, on which target."""

    def setUp(self) -> None:
        super().setUp()
        self.desk = Desk(switch=self.switch)

    def halt(self, level: KillLevel, target: str = ALL) -> None:
        """Halt a target."""
        self.successResultOf(self.switch.set(target, level, by="me", reason="test"))

    def passes(self, method: str = "ReqOrderInsert", **fields: Any) -> bool:
        """Whether an insert passes, at both doors alike."""
        one = self.desk.order(method, **fields)
        first, last = self.desk.session.refusal(one), self.desk.session.halted(one)
        self.assertEqual(first is None, last is None)
        for refusal in filter(None, (first, last)):
            self.assertEqual(refusal.code, errors.FORBIDDEN)
            self.assertIn("(test)", refusal.detail)
        return first is None

    def test_stop_stops_every_insert_and_no_cancel(self) -> None:
        for level in (KillLevel.STOP, KillLevel.STOP_AND_CANCEL):
            self.halt(level)
            for name in INSERTS:
                self.assertFalse(self.passes(name, CombOffsetFlag="1"), name)
            for name in (
                "ReqOrderAction",
                "ReqQuoteAction",
                "ReqBatchOrderAction",
                "ReqRemoveParkedOrder",
                "ReqParkedOrderAction",
            ):
                self.assertTrue(self.passes(name), name)

    def test_no_order_is_changed_by_an_action_either(self) -> None:
        changes = {"ActionFlag": "3", "VolumeChange": 100, "LimitPrice": 3600.0}
        actions = ("ReqOrderAction", "ReqParkedOrderAction", "ReqQuoteAction")
        for level in (KillLevel.REDUCE_ONLY, KillLevel.STOP, KillLevel.STOP_AND_CANCEL):
            self.halt(level)
            for name in actions:
                self.assertFalse(self.passes(name, **changes), (level, name))
                self.assertTrue(self.passes(name, ActionFlag="0"), (level, name))
        self.successResultOf(self.switch.lift(ALL, by=""))
        self.assertTrue(self.passes("ReqOrderAction", **changes), "nothing is in force")

    def test_reduce_only_by_offsets(self) -> None:
        self.halt(KillLevel.REDUCE_ONLY)
        both = {"AskVolume": 1, "BidVolume": 1}
        table: list[tuple[str, dict[str, Any], bool]] = [
            ("ReqOrderInsert", {"CombOffsetFlag": "0"}, False),
            ("ReqOrderInsert", {"CombOffsetFlag": ""}, False),
            ("ReqOrderInsert", {"CombOffsetFlag": "10"}, False),
            ("ReqOrderInsert", {"CombOffsetFlag": "9"}, False),
            ("ReqOrderInsert", {"CombOffsetFlag": "1x"}, False),
            ("ReqOrderInsert", {"CombOffsetFlag": "2"}, True),
            ("ReqOrderInsert", {"CombOffsetFlag": "13"}, True),
            ("ReqOrderInsert", {"CombOffsetFlag": "1"}, True),
            ("ReqOrderInsert", {"CombOffsetFlag": "3"}, True),
            ("ReqOrderInsert", {"CombOffsetFlag": "4"}, True),
            ("ReqParkedOrderInsert", {"CombOffsetFlag": "0"}, False),
            ("ReqParkedOrderInsert", {"CombOffsetFlag": "1"}, True),
            ("ReqQuoteInsert", {**both, "AskOffsetFlag": "1", "BidOffsetFlag": "0"}, False),
            ("ReqQuoteInsert", {**both, "AskOffsetFlag": "1", "BidOffsetFlag": "1"}, True),
            ("ReqExecOrderInsert", {"ActionType": "1"}, False),
            ("ReqExecOrderInsert", {"ActionType": "2"}, True),
            ("ReqExecOrderInsert", {}, False),
            ("ReqOptionSelfCloseInsert", {}, True),
            ("ReqCombActionInsert", {}, True),
            ("ReqForQuoteInsert", {}, True),
            ("ReqOrderAction", {}, True),
        ]
        for method, fields, passes in table:
            self.assertEqual(self.passes(method, **fields), passes, (method, fields))

    def test_reduce_only_by_position_where_it_is_known(self) -> None:
        self.desk = Desk(switch=self.switch, max_position=1000)
        book = self.desk.book
        book.take_position(rows.position(PosiDirection="2", Position=5, YdPosition=5))
        book.positions_whole()
        self.halt(KillLevel.REDUCE_ONLY)
        sell = {"Direction": "1", "CombOffsetFlag": "1"}
        self.assertTrue(self.passes(VolumeTotalOriginal=5, **sell))
        self.assertFalse(self.passes(VolumeTotalOriginal=6, **sell))
        self.assertFalse(self.passes(CombOffsetFlag="1"), "nothing is held short")
        self.desk.session.take_order(
            order(Direction="1", CombOffsetFlag="1", VolumeTotalOriginal=3, SessionID=7)
        )
        self.assertTrue(self.passes(VolumeTotalOriginal=2, **sell))
        self.assertFalse(self.passes(VolumeTotalOriginal=3, **sell), "three are closing already")
        self.desk.session.take_trade(trade(Direction="1", OffsetFlag="1", Volume=2))
        self.assertFalse(self.passes(VolumeTotalOriginal=2, **sell))

    def test_targets(self) -> None:
        page = token_target("page")
        for target, other in ((ACCOUNT, "account:9999/another"), (page, token_target("p"))):
            self.halt(KillLevel.STOP, other)
            self.assertTrue(self.passes(token="page"), target)
            self.halt(KillLevel.STOP, target)
            self.assertFalse(self.passes(token="page"), target)
            self.successResultOf(self.switch.lift(target, by=""))
        self.halt(KillLevel.STOP, page)
        self.assertTrue(self.passes(), "without the token")
        self.halt(KillLevel.REDUCE_ONLY, ALL)
        self.assertFalse(self.passes(token="page", CombOffsetFlag="1"), "the strictest holds")

    def test_an_operator_s_investor(self) -> None:
        self.halt(KillLevel.STOP, "account:9999/one")
        self.assertFalse(self.passes(InvestorID="one"))
        self.assertFalse(self.passes(InvestorID=" one "))
        self.assertTrue(self.passes(InvestorID="two"))
        self.halt(KillLevel.STOP, ACCOUNT)
        self.assertFalse(self.passes(InvestorID="two"), "its session is the operator's")
