"""The targets of `make fuzz`: their corpus, what once broke them, and some mutations of both."""

from collections.abc import Sequence
from pathlib import Path
from random import Random

from twisted.trial.unittest import SynchronousTestCase

from tests.fuzz import engine
from tests.fuzz import target as targets
from tests.fuzz.target import Choices

MUTATIONS = 200
"""Of each target, the same ones each time."""


class Targets(SynchronousTestCase):
    """Each target on what it has met."""

    timeout = 300

    def replay(self, name: str) -> None:
        """Run a target on its corpus, its findings, and some mutations."""
        target = targets.make(name)
        self.addCleanup(target.close)
        inputs = targets.inputs_of(name)
        self.assertGreater(len(inputs), 5, "the corpus is missing")
        for where, data in inputs:
            try:
                target.run(data)
            except Exception as problem:
                raise AssertionError(f"{name}, {where}: {data[:300]!r}") from problem
        _, broken = engine.blindly(name, target, goes_on=MUTATIONS.__gt__, seed=1)
        self.assertIsNone(broken)

    def test_frames(self) -> None:
        self.replay("frames")

    def test_dispatch(self) -> None:
        self.replay("dispatch")

    def test_heads(self) -> None:
        self.replay("heads")

    def test_configuration(self) -> None:
        self.replay("configuration")

    def test_files(self) -> None:
        self.replay("files")

    def test_recordings(self) -> None:
        self.replay("recordings")

    def test_databases(self) -> None:
        self.replay("databases")

    def test_there_is_a_test_of_each(self) -> None:
        for name in targets.NAMES:
            self.assertTrue(hasattr(self, f"test_{name}"), name)

    def test_the_corpus_is_small(self) -> None:
        sizes = [
            file.stat().st_size
            for folder in (targets.CORPUS, targets.FINDINGS)
            for file in folder.rglob("*")
            if file.is_file()
        ]
        self.assertLess(sum(sizes), 300_000)


class Broken:
    """A target that takes no zero."""

    words: Sequence[str] = ("\0",)

    def run(self, data: bytes) -> None:
        if b"\0" in data:
            raise ValueError(f"a zero at {data.index(0)}")

    def close(self) -> None:
        """Nothing is held."""


class Engines(SynchronousTestCase):
    """What runs the targets."""

    def test_what_breaks_a_target_is_given(self) -> None:
        count, broken = engine.blindly("none", Broken(), goes_on=(10_000).__gt__, seed=3)
        self.assertIn(b"\0", broken or b"")
        self.assertLess(count, 10_000)

    def test_a_run_goes_on_for_as_long_as_it_may(self) -> None:
        class Fine(Broken):
            def run(self, data: bytes) -> None:
                pass

        self.assertEqual(engine.blindly("none", Fine(), goes_on=(50).__gt__, seed=3), (50, None))

    def test_libfuzzers_words_are_read(self) -> None:
        place = Path(self.mktemp())
        place.mkdir()
        log = (
            "#4421\tREDUCE cov: 691 ft: 1334 corp: 99/557b\n"
            "#4520\tDONE   cov: 702 ft: 1336 corp: 100/562b\n"
            "stat::number_of_executed_units: 4520\n"
        )
        told = engine.outcome(log, 0, place)
        self.assertEqual((told["executions"], told["edges"], told["findings"]), (4520, 702, []))
        (place / "crash-1").write_bytes(b"x")
        self.assertEqual(engine.outcome(log, 77, place)["findings"], [str(place / "crash-1")])

    def test_an_engine_that_ends_badly_is_a_finding(self) -> None:
        place = Path(self.mktemp())
        place.mkdir()
        self.assertIn("ended with -11", engine.outcome("", -11, place)["findings"][0])

    def test_bytes_decide(self) -> None:
        options = range(200)
        same = [Choices(b"\x01\x02\x03").sample(options, 9) for _ in range(2)]
        self.assertEqual(*same)
        self.assertNotEqual(Choices(b"\x09\x02\x03").sample(options, 9), same[0])
        self.assertEqual(b"".join(Choices(b"\5\3\1").pieces(b"x" * 100)), b"x" * 100)

    def test_mutations_are_told_by_the_seed(self) -> None:
        made = [
            [engine.mutated(random, [b"abc", b"defg"], [b"word"]) for _ in range(50)]
            for random in (Random(5), Random(5), Random(6))
        ]
        self.assertEqual(made[0], made[1])
        self.assertNotEqual(made[0], made[2])
