"""A file that others replace, watched by the kernel."""

import shutil
from pathlib import Path

from twisted.internet import reactor
from twisted.internet.task import Clock
from twisted.trial.unittest import TestCase

from tests.daemons import until
from webctp.upstream import files
from webctp.upstream.kill.filewatch import unwatched, watch_with


class WatchTests(TestCase):
    """Of a real directory, by a real reactor."""

    timeout = 60

    def setUp(self) -> None:
        self.path = Path(self.mktemp()).absolute() / "kill.json"
        self.told: list[str] = []

    def watch(self) -> None:
        stop = watch_with(reactor)(
            self.path, lambda: self.told.append("changed"), lambda: self.told.append("lost")
        )
        assert stop is not None
        self.addCleanup(stop)

    async def test_a_replacement_an_edit_and_a_deletion_are_told(self) -> None:
        self.path.parent.mkdir()
        self.watch()
        for change in (
            lambda: files.replace(self.path, b"1"),
            lambda: self.path.write_bytes(b"2"),
            self.path.unlink,
        ):
            self.told.clear()
            change()
            await until(lambda: "changed" in self.told, "word of a change")

    async def test_other_files_of_the_directory_are_none_of_its_business(self) -> None:
        self.path.parent.mkdir()
        self.watch()
        (self.path.parent / "other").write_bytes(b"1")
        files.replace(self.path, b"1")
        await until(lambda: bool(self.told), "word of a change")
        self.assertEqual(self.told, ["changed"])

    async def test_a_directory_that_is_moved_or_deleted_is_lost(self) -> None:
        for go in (
            lambda: self.path.parent.rename(self.path.parent.with_name("moved")),
            lambda: shutil.rmtree(self.path.parent),
        ):
            self.told.clear()
            self.path.parent.mkdir()
            self.watch()
            go()
            await until(lambda: "lost" in self.told, "word of the loss")

    def test_where_nothing_can_be_told(self) -> None:
        watch = watch_with(reactor)
        self.assertIsNone(watch(self.path, list, list), "there is no directory")
        self.path.parent.mkdir()
        self.assertIsNone(watch_with(Clock())(self.path, list, list), "no real reactor")
        self.assertIsNone(unwatched(self.path, list, list))
