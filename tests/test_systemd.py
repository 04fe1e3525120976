"""The systemd unit: accepted by systemd, and fitting what the gateway does."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

UNIT = Path(__file__).resolve().parent.parent / "etc" / "webctp@.service"
INSTALLED = "/opt/webctp/bin/twistd"


class UnitTests(SynchronousTestCase):
    """etc/webctp@.service, as systemd sees it where there is one."""

    if shutil.which("systemd-analyze") is None:
        skip = "systemd-analyze is not installed"

    def setUp(self) -> None:
        self.text = UNIT.read_text("utf-8")

    def verify(self, text: str) -> "subprocess.CompletedProcess[str]":
        """Let systemd judge an instance of the unit."""
        directory = Path(self.mktemp()).resolve()
        directory.mkdir()
        (directory / "webctp@.service").write_text(text)
        (directory / "webctp@td.service").symlink_to("webctp@.service")
        return subprocess.run(
            ["systemd-analyze", "verify", "--man=no", directory / "webctp@td.service"],
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    def rendered(self) -> str:
        """Return the unit with this environment's twistd in place of the installed one."""
        self.assertEqual(self.text.count(INSTALLED), 1)
        return self.text.replace(INSTALLED, f'"{Path(sys.prefix, "bin", "twistd")}"')

    def test_systemd_accepts_it(self) -> None:
        done = self.verify(self.rendered())
        self.assertEqual((done.returncode, done.stdout + done.stderr), (0, ""))

    def test_systemd_is_really_asked(self) -> None:
        done = self.verify(self.rendered().replace("NoNewPrivileges=yes", "NoNewPrivilege=yes"))
        self.assertIn("'NoNewPrivilege'", done.stdout + done.stderr)

    def test_a_mistake_is_not_tried_again(self) -> None:
        codes = re.findall(r"^RestartPreventExitStatus=(.*)$", self.text, re.MULTILINE)
        self.assertEqual(codes, [f"{os.EX_USAGE} {os.EX_CONFIG}"])
