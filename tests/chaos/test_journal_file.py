"""The journal's file deleted, moved, replaced or spoilt under a daemon that trades.

The exchange lives on in a process of its own, the daemon is killed afterwards. Whatever the client
was told, no ClientOrderID may have been executed twice.
"""

import contextlib
import os
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Final

from tests.chaos.test_restarts import CONFIG, Exchange, RestartCase, Trader
from tests.daemons import DaemonProcess, until

COUNT: Final = 10


class FileCase(RestartCase):
    """A daemon with a journal in a directory of its own."""

    on_failure = "refuse"

    def daemon(self) -> DaemonProcess:
        """A new process, with the files of the last."""
        kept = f"{{Path: {self.path}, OnFailure: {self.on_failure}}}"
        config = CONFIG.replace("{{Path: {directory}/journal.sqlite}}", "{kept}")
        directory = f"{self.directory}/{next(self.starts)}"
        daemon = DaemonProcess(directory, config.format(directory=self.directory, kept=kept))
        self.addCleanup(daemon.kill)
        return daemon

    @property
    def path(self) -> Path:
        """The journal, in a directory that may be deleted."""
        return Path(self.directory, "journal", "j.sqlite")

    async def spoil(self, harm: Callable[[], object]) -> None:
        """Trade, do harm, trade on, kill, and ask again for everything."""
        exchange = Exchange(self.directory, 1, "")
        self.addCleanup(exchange.end)
        await exchange.serving()
        trader = Trader(Random(1))
        daemon = await self.daemon().listening()
        await trader.login(daemon.port)
        for _ in range(COUNT):
            trader.order()
        await until(lambda: _answered(trader), "the first orders")
        harm()
        for _ in range(COUNT):
            trader.order()
        await until(lambda: _answered(trader), "the orders after it")
        await until(lambda: "the disk is back" in daemon.output, "the journal to be well")
        self.assertRegex(daemon.output, "journal: .*(is gone|replaced|lost its|cut short)")
        for _ in range(COUNT):
            trader.order()
        await until(lambda: _answered(trader), "the last orders")
        daemon.kill()
        self.assertNotIn("Traceback", daemon.output)
        await trader.gone()
        await self.settle(trader)

    def path_unlink(self) -> None:
        """Delete the file alone."""
        self.path.unlink()

    def path_replace(self) -> None:
        """Put a copy in the file's place, as a restored backup."""
        copy = self.path.with_name("copy")
        with contextlib.closing(sqlite3.connect(self.path)) as base:
            base.execute("VACUUM INTO ?", (str(copy),))
        copy.replace(self.path)


class FileTests(FileCase):
    """Each story has an exchange, and a test, of its own."""

    async def test_deleted(self) -> None:
        await self.spoil(self.path_unlink)

    async def test_moved(self) -> None:
        await self.spoil(lambda: self.path.rename(self.path.with_name("moved")))

    async def test_its_directory_deleted(self) -> None:
        await self.spoil(lambda: shutil.rmtree(self.path.parent))

    async def test_replaced_by_a_copy(self) -> None:
        await self.spoil(self.path_replace)

    async def test_its_wal_deleted(self) -> None:
        await self.spoil(self.path.with_name("j.sqlite-wal").unlink)

    async def test_cut_short(self) -> None:
        await self.spoil(lambda: os.truncate(self.path, 0))


class ContinueTests(FileCase):
    """The same where orders go on without the disk."""

    on_failure = "continue"

    async def test_deleted(self) -> None:
        await self.spoil(self.path_unlink)

    async def test_replaced_by_a_copy(self) -> None:
        await self.spoil(self.path_replace)


class TwoDaemonsTests(FileCase):
    """Two daemons with one journal."""

    async def test_the_second_ends_with_one_line(self) -> None:
        exchange = Exchange(self.directory, 1, "")
        self.addCleanup(exchange.end)
        await exchange.serving()
        first = await self.daemon().listening()
        trader = Trader(Random(1))
        await trader.login(first.port)
        second = self.daemon()
        self.assertEqual(await second.ended(), os.EX_CONFIG)
        said = [line for line in second.output.splitlines() if line.startswith("webctp: ")]
        self.assertEqual(len(said), 1, second.output)
        self.assertIn("is kept by another process", said[0])
        self.assertNotIn("Traceback", second.output)
        trader.order()
        await until(lambda: bool(trader.fates), "an order of the first")
        await trader.leave()
        first.terminate()
        await first.ended()
        third = await self.daemon().listening()
        third.terminate()
        await third.ended()


def _answered(trader: Trader) -> bool:
    """Whether something was said of each order: what became of it, or that it was refused."""
    return all(
        given in trader.fates or trader.tags[given] <= trader.refused for given in trader.given
    )
