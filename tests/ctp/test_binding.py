"""The binding as a value; and each other binding that is installed, in a process of its own."""

import ast
import importlib.util
import os
import subprocess
import sys
from typing import Final

from twisted.trial.unittest import SkipTest, SynchronousTestCase, TestCase

from tests.daemons import ROOT
from webctp.ctp import binding, catalog, runtime
from webctp.ctp.codec import codec_for

OFFLINE: Final = (
    "tests.ctp.test_binding.ValueTests",
    "tests.ctp.test_bridge",
    "tests.ctp.test_catalog",
    "tests.ctp.test_codec",
    "tests.ctp.test_encoder",
    "tests.ctp.test_errors",
    "tests.ctp.test_front",
    "tests.ctp.test_rspinfo",
    "tests.ctp.test_runtime",
    "tests.ctp.test_selftest",
    "tests.ctp.test_threads",
    "tests.ctp.test_tick_bridge",
)
"""Tests of layouts, callbacks on native threads, and the API instances: no network."""


class ValueTests(SynchronousTestCase):
    """What load gives."""

    def test_one_for_the_process(self) -> None:
        loaded = binding.load()
        self.assertIs(loaded, binding.load(loaded.package))
        self.assertEqual(loaded.package, runtime.load().package)
        self.assertEqual(str(loaded), f"{loaded.distribution} {loaded.version}")

    def test_catalogues_and_codecs_are_those_of_its_modules(self) -> None:
        loaded = binding.load()
        self.assertIs(loaded.trading, catalog.trading())
        self.assertIs(loaded.market, catalog.market_data())
        self.assertIs(loaded.trading_codec, codec_for(runtime.load().td))
        self.assertIs(loaded.market_codec, codec_for(runtime.load().md))

    def test_no_room_asks_for_the_catalogues_past_the_binding(self) -> None:
        asked = []
        for path in (ROOT / "webctp").rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                match node:
                    case ast.Attribute(value=ast.Name("catalog"), attr="trading" | "market_data"):
                        asked.append(path.relative_to(ROOT).as_posix())
                    case _:
                        pass
        self.assertEqual(set(asked), {"webctp/ctp/binding.py"})


class OtherBindings(TestCase):
    """The bindings that this process has not loaded: the offline tests on each."""

    timeout = 600

    def run_on(self, package: str) -> None:
        """Run the offline tests on a package."""
        if package == runtime.load().package:
            raise SkipTest(f"{package} is what all other tests run on")
        if importlib.util.find_spec(package) is None:
            distribution = runtime.PACKAGES[package].distribution
            raise SkipTest(f"{distribution} is not installed: make bindings installs and runs it")
        done = subprocess.run(
            [sys.executable, "-m", "twisted.trial", f"--temp-directory={self.mktemp()}", *OFFLINE],
            cwd=ROOT,
            env={**os.environ, "WEBCTP_TEST_BINDING": package},
            capture_output=True,
            text=True,
            timeout=500,
            check=False,
        )
        self.assertEqual(done.returncode, 0, (done.stdout + done.stderr)[-6000:])

    def test_openctp_ctp(self) -> None:
        self.run_on("openctp_ctp")

    def test_openctp_tts(self) -> None:
        self.run_on("openctp_tts")

    def test_openctp_ctpopt(self) -> None:
        self.run_on("openctp_ctpopt")

    def test_every_binding_has_its_test(self) -> None:
        names = {name.removeprefix("test_") for name in dir(self) if name.startswith("test_open")}
        self.assertEqual(names, set(runtime.PACKAGES))
