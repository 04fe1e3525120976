"""The memory of a real daemon is its own."""

import os
import re
import signal
from pathlib import Path

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

    async def test_a_handler_of_roots_gets_no_memory_and_no_file_is_written(self) -> None:
        """``fs.suid_dumpable`` may have it take cores of what is not dumpable."""
        for config, mask, most in (("# no CoreDumps\n", 0, 0), ("CoreDumps: true\n", None, None)):
            daemon = DaemonProcess(self.mktemp(), sample() + config)
            self.addCleanup(daemon.kill)
            await daemon.listening()
            place = Path("/proc") / str(daemon.pid)
            found = int((place / "coredump_filter").read_text("ascii"), 16)
            limits = (place / "limits").read_text("ascii")
            (soft,) = re.findall(r"Max core file size +(\S+)", limits)
            if mask is None:
                self.assertNotEqual(found, 0)
            else:
                self.assertEqual((found, int(soft)), (mask, most))
            daemon.signal(signal.SIGQUIT)
            await daemon.ended()

    async def test_unless_they_are_asked_for(self) -> None:
        self.assertEqual(await self.dumpable("CoreDumps: true\n"), "dumpable: 1")
