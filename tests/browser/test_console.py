"""The console in a real browser: each row of ``console/specs/*.md`` by its id."""

import gzip
import importlib.util
import json
import os
import re
import signal
import subprocess
import time
from pathlib import Path
from typing import Any, Final

from twisted.internet.threads import deferToThread
from twisted.trial.unittest import SkipTest, SynchronousTestCase, TestCase

from tests.browser.chromium import find
from tests.daemons import PATIENCE, ROOT, DaemonProcess
from tests.test_daemon import free_port
from webctp.gateway.http.console import FOLDER, INDEX

SPECS: Final = ROOT / "console" / "specs"
SCRIPT: Final = SPECS / "acceptance.mjs"
_ROW: Final = re.compile(r"^\| ([A-Z]-\d\d) \|", re.MULTILINE)
_TEST: Final = re.compile(r'^  "([A-Z]-\d\d)": async', re.MULTILINE)
_CONFIG: Final = """
AppType: both
TdFrontAddress: sim://
MdFrontAddress: sim://
BrokerID: "9999"
AppID: simnow_client_test
AuthCode: "0000000000000000"
QueryInterval: 0
OrderPatience: 30
Host: 127.0.0.1
Port: {port}
Journal:
  Path: {journal}
"""
LARGEST: Final = 300 * 1024
"""Bytes of the whole console as it is sent, compressed."""


def tools() -> Any:
    """Return ``tools/console.py``, which builds the console."""
    spec = importlib.util.spec_from_file_location("console_tool", ROOT / "tools" / "console.py")
    if spec is None or spec.loader is None:
        raise AssertionError("tools/console.py cannot be loaded")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def built() -> None:
    """See that the console is there.

    :raises SkipTest: if it is not; in CI, which builds it, that is an AssertionError.
    """
    if (FOLDER / INDEX).is_file() and (ROOT / "console" / "node_modules").is_dir():
        return
    missing = "the console is not built: make console"
    if os.environ.get("CI"):
        raise AssertionError(missing)
    raise SkipTest(missing)


class Gateways:
    """The daemon that a script breaks and starts again, on one port. Blocks."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._count = 0
        self.port = free_port()
        self._daemon: DaemonProcess | None = None

    def start(self) -> None:
        """Start one, and wait until it serves."""
        self._count += 1
        config = _CONFIG.format(port=self.port, journal=self._folder / "journal.sqlite")
        daemon = self._daemon = DaemonProcess(str(self._folder / str(self._count)), config)
        end = time.monotonic() + PATIENCE
        while not daemon.serving:
            if time.monotonic() > end:
                raise AssertionError(f"it does not serve:\n{daemon.output}")
            time.sleep(0.05)

    def stop(self) -> None:
        """Let it do nothing from now on."""
        if self._daemon is not None:
            self._daemon.signal(signal.SIGSTOP)

    def kill(self) -> None:
        """End it at once."""
        if self._daemon is not None:
            self._daemon.kill()


class Acceptance(TestCase):
    """All rows, one after another, in one browser before one gateway."""

    timeout = 600

    async def test_every_row_holds(self) -> None:
        browser = find()
        built()
        folder = Path(self.mktemp()).absolute()
        folder.mkdir()
        gateways = Gateways(folder)
        self.addCleanup(gateways.kill)
        told = await deferToThread(self.play, gateways, browser)
        faults = [f"{one['row']}: {one['fault']}" for one in told if one["fault"]]
        self.assertEqual(faults, [])
        self.assertEqual(sorted(one["row"] for one in told), rows())

    def play(self, gateways: Gateways, browser: str) -> list[Any]:
        """Run the script; give what it told of each row."""
        gateways.start()
        node, _ = tools().find_node()
        script = subprocess.Popen(
            [node, SCRIPT, f"http://127.0.0.1:{gateways.port}/", browser],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        if script.stdin is None or script.stdout is None:
            raise AssertionError("the script has no pipes")
        told = []
        try:
            for line in script.stdout:
                message = json.loads(line)
                if "row" in message:
                    told.append(message)
                    continue
                {"start": gateways.start, "stop": gateways.stop, "kill": gateways.kill}[
                    message["do"]
                ]()
                script.stdin.write("done\n")
                script.stdin.flush()
        finally:
            os.killpg(script.pid, signal.SIGKILL)
            script.wait()
            script.stdin.close()
            script.stdout.close()
        return told


def rows() -> list[str]:
    """Return the ids of all rows of the acceptance lists."""
    found = [one for page in sorted(SPECS.glob("*.md")) for one in _ROW.findall(page.read_text())]
    return sorted(found)


class Lists(SynchronousTestCase):
    """What needs no browser."""

    def test_each_row_has_one_test_and_each_test_a_row(self) -> None:
        self.assertEqual(rows(), sorted(_TEST.findall(SCRIPT.read_text("utf-8"))))
        self.assertEqual(len(rows()), len(set(rows())))

    def test_the_lock_names_no_registry(self) -> None:
        lock = json.loads((ROOT / "console" / "package-lock.json").read_text("utf-8"))
        named = [name for name, one in lock["packages"].items() if "resolved" in one]
        self.assertEqual(named, [])
        self.assertGreater(len(lock["packages"]), 10)

    def test_what_was_built_is_told_from_other_sources(self) -> None:
        folder, tool = Path(self.mktemp()), tools()
        (folder / "src").mkdir(parents=True)
        (folder / "src" / "a.ts").write_text("1", "utf-8")
        first = tool.digest_of(folder)
        (folder / "node_modules").mkdir()
        (folder / "node_modules" / "b.js").write_text("2", "utf-8")
        self.assertEqual(tool.digest_of(folder), first)
        (folder / "src" / "a.ts").rename(folder / "src" / "c.ts")
        self.assertNotEqual(tool.digest_of(folder), first)

    def test_a_node_that_is_too_old_is_passed_over(self) -> None:
        folder, tool = Path(self.mktemp()), tools()
        folder.mkdir()
        for version, good in (("v18.20.4", False), ("v20.18.1", False), ("v20.19.0", True)):
            node = folder / version
            node.write_text(f"#!/bin/sh\necho {version}\n", "ascii")
            node.chmod(0o755)
            self.assertIs(tool.is_new_enough(node), good, version)
        self.assertIs(tool.is_new_enough(folder / "none"), False)

    def test_it_is_small(self) -> None:
        built()
        size = sum(
            len(gzip.compress(path.read_bytes())) for path in FOLDER.rglob("*") if path.is_file()
        )
        self.assertLess(size, LARGEST)
