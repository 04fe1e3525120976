"""The systemd unit: accepted by systemd, and fitting what the gateway does."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from twisted.trial.unittest import SkipTest, SynchronousTestCase

from tests.booted import MISSING
from tests.daemons import DaemonProcess
from tests.syscalls import LIBRARY, allowed_by
from tests.test_daemon import CONFIG, LOGIN, DaemonCase
from tests.test_end_to_end import USER, code, sample
from tests.wsclient import connect

UNIT = Path(__file__).resolve().parent.parent / "etc" / "webctp@.service"
INSTALLED = "/opt/webctp/bin/twistd"


class UnitTests(SynchronousTestCase):
    """etc/webctp@.service, as systemd sees it where there is one."""

    if shutil.which("systemd-analyze") is None:
        skip = "systemd-analyze is not installed"

    def setUp(self) -> None:
        self.text = UNIT.read_text("utf-8")

    def test_systemd_accepts_the_socket(self) -> None:
        directory = Path(self.mktemp()).resolve()
        directory.mkdir()
        (directory / "webctp@td.service").write_text(self.rendered())
        shutil.copy(UNIT.with_name("webctp@.socket"), directory / "webctp@td.socket")
        done = subprocess.run(
            ["systemd-analyze", "verify", "--man=no", directory / "webctp@td.socket"],
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        self.assertEqual((done.returncode, done.stdout + done.stderr), (0, ""))

    def test_the_unit_of_edges_is_the_same_but_for_its_names(self) -> None:
        edges = UNIT.with_name("webctp-edge@.service").read_text("utf-8")
        wanted = self.text[self.text.index("[Unit]") :]
        for one, other in (
            ("webctp gateway (%i)", "webctp edge (%i)"),
            ("/etc/webctp/%i.yaml", "/etc/webctp/edge.yaml"),
            ("webctp/%i", "webctp/edge-%i"),
        ):
            self.assertIn(one, wanted)
            wanted = wanted.replace(one, other)
        self.assertEqual(edges[edges.index("[Unit]") :], wanted)

    def test_the_watchdog_is_fed_twice_in_its_time_and_the_type_is_notify(self) -> None:
        self.assertIn("\nType=notify\n", self.text)
        found = re.findall(r"^WatchdogSec=(\d+)$", self.text, re.MULTILINE)
        self.assertEqual(found, ["20"])

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
        installed = f"ExecStart={INSTALLED}"
        self.assertEqual(self.text.count(installed), 1)
        return self.text.replace(installed, f'ExecStart="{Path(sys.prefix, "bin", "twistd")}"')

    def test_systemd_accepts_it(self) -> None:
        done = self.verify(self.rendered())
        self.assertEqual((done.returncode, done.stdout + done.stderr), (0, ""))

    def test_systemd_is_really_asked(self) -> None:
        done = self.verify(self.rendered().replace("NoNewPrivileges=yes", "NoNewPrivilege=yes"))
        self.assertIn("'NoNewPrivilege'", done.stdout + done.stderr)

    def test_a_mistake_is_not_tried_again(self) -> None:
        codes = re.findall(r"^RestartPreventExitStatus=(.*)$", self.text, re.MULTILINE)
        self.assertEqual(codes, [f"{os.EX_USAGE} {os.EX_CONFIG}"])

    def test_it_restarts_however_often_it_has_ended(self) -> None:
        self.assertIn("\nRestart=always\n", self.text)
        self.assertIn("\nStartLimitIntervalSec=0\n", self.text)

    def exposure(self, text: str) -> float:
        """What systemd's own judgement of a sandbox comes to, from 0 (best) to 10."""
        path = Path(self.mktemp()).resolve()
        path.mkdir()
        (path / "webctp@.service").write_text(text)
        said = subprocess.run(
            [
                "systemd-analyze",
                "security",
                "--offline=yes",
                "--no-pager",
                path / "webctp@.service",
            ],
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        ).stdout
        found = re.search(r"Overall exposure level for [^:]+: ([0-9.]+)", said)
        assert found is not None, said
        return float(found[1])

    def test_its_exposure(self) -> None:
        self.assertLessEqual(self.exposure(self.text), 1.1)

    def test_its_exposure_with_the_networks_filled_in(self) -> None:
        text = re.sub(r"^#(IPAddress)", r"\1", self.text, flags=re.MULTILINE)
        self.assertNotEqual(text, self.text)
        self.assertLessEqual(self.exposure(text), 1.0)
        path = self.rendered().replace("#IPAddress", "IPAddress")
        self.assertEqual(self.verify(path).stdout, "")


class Missing(SynchronousTestCase):
    """Tests that need a systemd of their own must not be left out unseen."""

    def test_continuous_integration_has_what_they_need(self) -> None:
        if not os.environ.get("CI"):
            raise SkipTest(MISSING or "tests.lifecycle.test_unit and tests.upgrade are run")
        self.assertNotIn("not installed", MISSING)


class FilterTests(DaemonCase):
    """The daemon under the unit's ``SystemCallFilter``, with no systemd to run it."""

    if shutil.which("systemd-analyze") is None:
        skip = "systemd-analyze is not installed"
    elif LIBRARY is None:
        skip = "libseccomp is not installed"

    def filtered(self, config: str) -> DaemonProcess:
        names = allowed_by(UNIT)
        self.assertIn("openat", names)
        for name in ("chown", "setuid", "nice", "sched_setaffinity", "mount", "ptrace"):
            self.assertNotIn(name, names)
        first = f"from tests.syscalls import allow_only\nallow_only({names})\n"
        daemon = DaemonProcess(self.mktemp(), config, first=first)
        self.addCleanup(daemon.kill)
        return daemon

    async def test_it_is_really_in_force(self) -> None:
        names = [name for name in allowed_by(UNIT) if name not in ("listen", "bind")]
        first = f"from tests.syscalls import allow_only\nallow_only({names})\n"
        daemon = DaemonProcess(self.mktemp(), sample(), first=first)
        self.addCleanup(daemon.kill)
        self.assertEqual(await daemon.ended(), 1)
        self.assertIn("Operation not permitted", daemon.output)

    async def test_trading_and_market_data_with_a_journal_and_a_recorder(self) -> None:
        self.assertIn("\nJournal:", sample())
        daemon = await self.filtered(sample() + "Record: {Path: ticks}\n").listening()
        client = await connect(daemon.port, "/td/")
        login = {"MsgType": "ReqUserLogin", "ReqUserLogin": USER, "RequestID": 1}
        answer = await client.ask(login)
        self.assertEqual((answer["MsgType"], code(answer)), ("RspUserLogin", 0), answer)
        await client.leave()
        await self.stop(daemon)

    async def test_the_native_library(self) -> None:
        front, port = await self.silent_front()
        config = CONFIG.format(app_type="both", front=port, login_timeout=2, port=0)
        daemon = await self.filtered(config).listening()
        client = await connect(daemon.port, "/td/")
        answer = await client.ask(LOGIN)
        self.assertEqual(code(answer), -408)
        self.assertNotEqual(front.met, [])
        await client.leave()
        await self.stop(daemon)
