"""The short form of ``make upgrade``: the shipped unit, restarted and frozen under load."""

import shutil
import signal
import tempfile
from pathlib import Path

from twisted.internet.defer import gatherResults
from twisted.trial.unittest import TestCase

from tests.booted import MISSING
from tests.daemons import sleep, until
from tests.upgrade.proof import UNIT, Findings, Proof


class UnderLoad(TestCase):
    """20 clients that trade meanwhile."""

    timeout = 400
    if MISSING:
        skip = MISSING

    async def proof(self, more: str = "") -> Proof:
        """A gateway that systemd runs, and its clients."""
        # Short: the path of a Unix socket has some 100 bytes.
        folder = Path(tempfile.mkdtemp(prefix="webctp-"))
        self.addCleanup(shutil.rmtree, folder)
        made = Proof(folder / "m", 20, more)
        self.addCleanup(made.end)
        await made.start()
        return made

    def check(self, found: Findings) -> None:
        self.assertEqual(found.wrong, [])
        self.assertGreater(found.orders, 40)
        self.assertGreater(found.executed, 20)

    async def test_a_restart_refuses_no_connection_and_loses_and_doubles_nothing(self) -> None:
        made = await self.proof()
        found = await made.restarted(1)
        self.check(found)
        self.assertGreaterEqual(found.closed_with[1012], 20)
        for one in made.traders:
            self.assertTrue(any(told["Shutdown"]["Restarts"] for told in one.notices))

    async def test_one_that_is_frozen_is_started_anew_by_the_watchdog(self) -> None:
        made = await self.proof("WatchdogSec=8\n")
        found = Findings(20, 1)
        trading = gatherResults(await made.begin(), consumeErrors=True)
        await sleep(2)
        before = made.machine.show(UNIT, "MainPID")
        made.machine.signal(UNIT, signal.SIGSTOP)
        await until(
            lambda: made.machine.show(UNIT, "MainPID") not in (before, "0"), "another process"
        )
        self.assertEqual(made.machine.show(UNIT, "NRestarts"), "1")
        await until(lambda: made.machine.show(UNIT, "ActiveState") == "active", "it to serve")
        await sleep(2)
        await made.finish(trading, found)
        self.check(found)
