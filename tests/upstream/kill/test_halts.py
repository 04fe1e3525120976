"""The kill switch's state and its file."""

import stat
import threading
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from tests.fifos import fifo
from webctp.upstream.account import AccountKey
from webctp.upstream.kill.halts import (
    ALL,
    Halt,
    KillFile,
    KillLevel,
    KillState,
    account_target,
    is_target,
    token_target,
)

ACCOUNT = account_target(AccountKey("9999", "012345"))
TARGETS = (ALL, ACCOUNT, token_target("page"))


def halt(target: str = ALL, level: KillLevel = KillLevel.STOP) -> Halt:
    """A halt."""
    return Halt(target=target, level=level, since=1.5, by="me", reason="因为 reasons")


class FileTests(SynchronousTestCase):
    """What is on disk is what was said, or everything is stopped."""

    def setUp(self) -> None:
        self.file = KillFile(self.mktemp() + "/deep/kill.json")

    def test_no_file_forbids_nothing(self) -> None:
        self.assertEqual(self.file.read(1.0), KillState())
        self.assertIsNone(self.file.stamp())

    def test_another_process_reads_what_was_written(self) -> None:
        self.file.change(lambda state: state.with_halt(halt()), 1.0)
        stamp = self.file.stamp()
        state = self.file.change(lambda state: state.with_halt(halt(ACCOUNT)), 1.0)
        self.assertNotEqual(self.file.stamp(), stamp)
        self.assertEqual(KillFile(str(self.file.path)).read(2.0), state)
        self.assertEqual((state.serial, set(state.halts)), (2, {ALL, ACCOUNT}))
        self.assertEqual(self.file.change(lambda state: state.without(ALL), 1.0).serial, 3)
        mode = stat.S_IMODE(self.file.path.stat().st_mode)
        self.assertEqual(mode, 0o600, "whom it names is nobody's business")

    def test_a_file_that_cannot_be_read_stops_everything(self) -> None:
        self.file.change(lambda state: state.with_halt(halt()), 1.0)
        good = self.file.path.read_bytes()
        for spoilt in (
            b"",
            b"{",
            good[:-20],
            good.replace(b'"stop"', b'"go"'),
            b"\xff" * 9,
            good.replace(b'"all"', b'"\xff"'),
            b'{"x":' + b"[" * 5000,
            good.replace(b'"version":1', b'"version":2'),
            good.replace(b'"all"', b'"x"'),
        ):
            self.file.path.write_bytes(spoilt)
            state = self.file.read(7.0)
            self.assertEqual(state.halts[ALL].level, KillLevel.STOP, spoilt)
            self.assertIn("cannot be read", state.halts[ALL].reason)
        state = self.file.change(lambda state: state.without(ALL), 8.0)
        self.assertEqual(self.file.read(9.0), state, "lifted, it is whole again")

    def test_a_fifo_in_its_place_stops_everything(self) -> None:
        self.file.path.parent.mkdir(parents=True)
        fifo(self, self.file.path)
        halt = self.file.read(7.0).halts[ALL]
        self.assertEqual(halt.level, KillLevel.STOP)
        self.assertIn("not a regular file", halt.reason)

    def test_changes_at_the_same_time_are_all_kept(self) -> None:
        names = [token_target(f"t{number}") for number in range(8)]
        threads = [
            threading.Thread(
                target=lambda name=name: self.file.change(
                    lambda state: state.with_halt(halt(name)), 1.0
                )
            )
            for name in names
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        state = self.file.read(1.0)
        self.assertEqual((state.serial, set(state.halts)), (8, set(names)))

    def test_nothing_but_the_last_content_is_left_beside_it(self) -> None:
        for _ in range(3):
            self.file.change(lambda state: state.with_halt(halt()), 1.0)
        names = sorted(one.name for one in Path(self.file.path.parent).iterdir())
        self.assertEqual(names, ["kill.json", "kill.json.lock"])


class StateTests(SynchronousTestCase):
    """Any order of words."""

    @given(st.lists(st.tuples(st.sampled_from(TARGETS), st.sampled_from([None, *KillLevel]))))
    def test_each_target_is_at_its_last_word(
        self, words: list[tuple[str, KillLevel | None]]
    ) -> None:
        state, last = KillState(), dict[str, KillLevel | None]()
        for target, level in words:
            last[target] = level
            change = halt(target, level) if level else None
            state = state.without(target) if change is None else state.with_halt(change)
        self.assertEqual(state.serial, len(words))
        self.assertEqual(
            {name: one.level for name, one in state.halts.items()},
            {name: level for name, level in last.items() if level},
        )

    def test_targets(self) -> None:
        for text in TARGETS:
            self.assertTrue(is_target(text), text)
        for text in ("", "All", "account:", "account:9999", "account:/1", "token:", "x:y"):
            self.assertFalse(is_target(text), text)
