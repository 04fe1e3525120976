"""The console in a real browser: each row of ``console/specs/*.md`` by its id."""

import gzip
import hashlib
import importlib.util
import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

from twisted.internet.threads import deferToThread
from twisted.trial.unittest import SkipTest, SynchronousTestCase, TestCase

from tests.browser.chromium import find
from tests.chaos.stories.exchange import Exchange
from tests.daemons import PATIENCE, ROOT, DaemonProcess
from tests.gateway.access.tokens.test_record import token
from tests.ports import free_port
from webctp.gateway.access.principal import Scope
from webctp.gateway.access.tokens.file import editing
from webctp.gateway.access.tokens.record import hash_of, new_token
from webctp.gateway.http.console import FOLDER, INDEX

SPECS: Final = ROOT / "console" / "specs"
SCRIPT: Final = SPECS / "acceptance.mjs"
_ROW: Final = re.compile(r"^\| ([A-Z]-\d\d) \|", re.MULTILINE)
_TEST: Final = re.compile(r'^  "([A-Z]-\d\d)": async', re.MULTILINE)
_CONFIG: Final = """
AppType: both
TdFrontAddress: {front}
MdFrontAddress: {front}
BrokerID: "9999"
AppID: simnow_client_test
AuthCode: "0000000000000000"
QueryInterval: 0
OrderPatience: 30
TickHistory: 500
Host: 127.0.0.1
Port: {port}
Journal:
  Path: {journal}
"""
_GUARDED: Final = """
Access:
  Tokens: {tokens}
Compliance: {{}}
"""
LARGEST: Final = 300 * 1024
"""Bytes of the whole console as it is sent, compressed."""
LARGEST_PICTURE: Final = 250 * 1024
"""Bytes of a screenshot: every clone has them."""


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
    """A daemon that a script breaks and starts again, on one port. Blocks.

    :param more: keys of its configuration beside the usual ones.
    """

    def __init__(self, folder: Path, front: str = "sim://", more: str = "") -> None:
        self._folder = folder
        self._front = front
        self._more = more
        self._count = 0
        self.port = free_port()
        self._daemon: DaemonProcess | None = None

    @property
    def address(self) -> str:
        """Of its page."""
        return f"http://127.0.0.1:{self.port}/"

    def start(self) -> None:
        """Start one, and wait until it serves."""
        self._count += 1
        journal = self._folder / "journal.sqlite"
        config = _CONFIG.format(port=self.port, journal=journal, front=self._front) + self._more
        daemon = self._daemon = DaemonProcess(str(self._folder / str(self._count)), config)
        wait_for(lambda: daemon.serving, lambda: f"the daemon: {daemon.output}")

    def signal(self, number: int) -> None:
        """Let it stop, or go on."""
        if self._daemon is not None:
            self._daemon.signal(number)

    def kill(self) -> None:
        """End it at once."""
        if self._daemon is not None:
            self._daemon.kill()


class Guarded:
    """A gateway that wants a token, before a front that is a process of its own. Blocks.

    Both begin at once, beside whatever is done until they are wanted.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        # The path of a Unix socket has 107 bytes at most.
        self._short = Path(tempfile.mkdtemp(prefix="webctp-"))
        self._front = Exchange(self._short, folder / "front.sqlite", "seed=7")
        self._tokens = folder / "tokens.json"
        self._secret = new_token()
        self._beginning = ThreadPoolExecutor(1)
        more = _GUARDED.format(tokens=self._tokens)
        self.gateways = Gateways(folder, f"sim+unix://{self._short}/front", more)
        self._begun = self._beginning.submit(self._begin)

    def _begin(self) -> None:
        with editing(self._tokens) as found:
            found[:] = [token("page", sha256=hash_of(self._secret), scopes=tuple(Scope))]
        self.start_front()
        self.gateways.start()

    def start(self) -> str:
        """See that both are there; give the page's address and the token."""
        self._begun.result()
        return f"{self.gateways.address} {self._secret.reveal()}"

    def start_front(self) -> None:
        """Start the front, with what the last one left."""
        self._front.start()
        wait_for(lambda: self._front.serving, lambda: f"the front: {self._front.output}")

    def kill_front(self) -> None:
        """End the front at once."""
        self._front.kill()

    def revoke(self) -> None:
        """Revoke the token."""
        with editing(self._tokens) as found:
            found[:] = []

    def kill(self) -> None:
        """End both."""
        self._beginning.shutdown()
        self.gateways.kill()
        self._front.kill()
        shutil.rmtree(self._short)


def wait_for(met: Callable[[], bool], lacking: Callable[[], str]) -> None:
    """Block until a condition is met.

    :raises AssertionError: if it is not within :data:`PATIENCE`.
    """
    end = time.monotonic() + PATIENCE
    while not met():
        if time.monotonic() > end:
            raise AssertionError(f"waited in vain for {lacking()}")
        time.sleep(0.05)


class Worlds:
    """What a script may ask for, by its words: the guarded gateway, and how it breaks. Blocks."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.gateways = Gateways(folder)
        self.guarded = Guarded(folder / "guarded")
        broken = self.guarded.gateways
        self.words: Mapping[str, Callable[[], str | None]] = {
            "start": broken.start,
            "stop": lambda: broken.signal(signal.SIGSTOP),
            "continue": lambda: broken.signal(signal.SIGCONT),
            "kill": broken.kill,
            "guard": self.guarded.start,
            "front-kill": self.guarded.kill_front,
            "front-start": self.guarded.start_front,
            "revoke": self.guarded.revoke,
        }

    def end(self) -> None:
        """Leave no process."""
        self.gateways.kill()
        self.guarded.kill()


class Acceptance(TestCase):
    """All rows, one after another, in one browser before one gateway."""

    timeout = 600

    async def test_every_row_holds(self) -> None:
        browser = find()
        built()
        folder = Path(self.mktemp()).absolute()
        worlds = Worlds(folder)
        self.addCleanup(worlds.end)
        told = await deferToThread(self.play, worlds, browser)
        faults = [f"{one['row']}: {one['fault']}" for one in told if one["fault"]]
        self.assertEqual(faults, [])
        self.assertEqual(sorted(one["row"] for one in told), rows())

    def play(self, worlds: Worlds, browser: str) -> list[Any]:
        """Run the script; give what it told of each row."""
        worlds.gateways.start()
        node, _ = tools().find_node()
        script = subprocess.Popen(
            [node, SCRIPT, worlds.gateways.address, browser],
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
                answer = worlds.words[message["do"]]()
                script.stdin.write(f"{answer or 'done'}\n")
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

    def test_a_change_of_the_client_builds_the_page_anew(self) -> None:
        folder, tool = Path(self.mktemp()), tools()
        for part in ("console", "client"):
            (folder / part).mkdir(parents=True)
            (folder / part / "a.ts").write_text("1", "utf-8")
        first = tool.digest_of(folder / "console", folder / "client")
        (folder / "client" / "a.ts").write_text("2", "utf-8")
        self.assertNotEqual(tool.digest_of(folder / "console", folder / "client"), first)
        self.assertEqual(tool.CLIENT, ROOT / "clients" / "typescript" / "src")
        self.assertTrue((tool.CLIENT / "index.ts").is_file())

    def test_a_node_that_is_too_old_is_passed_over(self) -> None:
        folder, tool = Path(self.mktemp()), tools()
        folder.mkdir()
        for version, good in (("v18.20.4", False), ("v20.18.1", False), ("v20.19.0", True)):
            node = folder / version
            node.write_text(f"#!/bin/sh\necho {version}\n", "ascii")
            node.chmod(0o755)
            self.assertIs(tool.is_new_enough(node), good, version)
        self.assertIs(tool.is_new_enough(folder / "none"), False)

    def test_each_readme_shows_the_pictures_of_the_page(self) -> None:
        kept = json.loads((SPECS / "screenshots.json").read_text("utf-8"))
        for name in ("console-en.jpg", "console-zh.jpg"):
            picture = (ROOT / "docs" / name).read_bytes()
            for page in ("README.md", "README.zh-CN.md"):
                self.assertIn(f"](docs/{name})", (ROOT / page).read_text("utf-8"), page)
            self.assertLess(len(picture), LARGEST_PICTURE, name)
            # What is kept beside a picture was written with it.
            self.assertEqual(hashlib.sha256(picture).hexdigest(), kept[name]["sha256"], name)

    def test_it_is_small(self) -> None:
        built()
        size = sum(
            len(gzip.compress(path.read_bytes())) for path in FOLDER.rglob("*") if path.is_file()
        )
        self.assertLess(size, LARGEST)
