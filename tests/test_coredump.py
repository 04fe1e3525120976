"""The memory of a real daemon is its own."""

import os
import signal

from tests.daemons import DaemonProcess
from tests.test_end_to_end import EndToEnd, sample

ASKING = """
import atexit, ctypes, sys
PR_GET_DUMPABLE = 3
atexit.register(lambda: print("dumpable:", ctypes.CDLL(None).prctl(PR_GET_DUMPABLE, 0, 0, 0, 0),
                              file=sys.__stdout__, flush=True))
"""


class CoreDumps(EndToEnd):
    """``CoreDumps`` of the configuration."""

    async def dumpable(self, config: str) -> str:
        """What the kernel says of a daemon with this configuration, at its end."""
        daemon = DaemonProcess(self.mktemp(), sample() + config, first=ASKING)
        self.addCleanup(daemon.kill)
        await daemon.listening()
        daemon.signal(signal.SIGQUIT)
        self.assertEqual(await daemon.ended(), os.EX_OK, daemon.output)
        return daemon.output.splitlines()[-1]

    async def test_there_are_none(self) -> None:
        self.assertEqual(await self.dumpable("# no CoreDumps\n"), "dumpable: 0")

    async def test_unless_they_are_asked_for(self) -> None:
        self.assertEqual(await self.dumpable("CoreDumps: true\n"), "dumpable: 1")
