"""The package for TypeScript: types, style, unit tests, and what it is made of."""

import gzip
import json
import re
import shutil
from pathlib import Path
from unittest import TestCase

from tests import clients
from tests.clients.typescript.node import PLACE, built, node, run, tool

MOST_BYTES = 14_000
"""Of the whole client in a page, minified and compressed."""


class Package(TestCase):
    """What `npm` makes of it."""

    def setUp(self) -> None:
        built()

    def test_types_hold(self) -> None:
        run(tool("tsc"), PLACE)

    def test_style_holds(self) -> None:
        run(["node_modules/.bin/biome", "ci", "src", "specs", "vitest.config.ts"], PLACE)

    def test_unit_tests_pass(self) -> None:
        told = run([*tool("vitest"), "run", "--reporter=json"], PLACE)
        report = json.loads(told[told.index("{") :])
        self.assertGreater(report["numPassedTests"], 200)
        self.assertEqual(report["numPendingTests"], 0, "nothing is passed over")

    def test_types_cost_no_bytes(self) -> None:
        for name in ("structs", "own", "messages", "requests"):
            text = (PLACE / "dist" / "made" / f"{name}.js").read_text("utf-8")
            self.assertLess(len(re.sub(r"/\*.*?\*/", "", text, flags=re.S).strip()), 20, name)

    def test_a_page_takes_little_and_no_enumeration_that_it_does_not_name(self) -> None:
        shutil.copy(Path(__file__).with_name("bundle.mjs"), PLACE)
        code = run([str(node()), "bundle.mjs", "./dist/index.js"], PLACE)
        self.assertIn("WebSocket", code)
        self.assertNotIn("HMMainlandTravelPermit", code)
        self.assertLess(len(gzip.compress(code.encode())), MOST_BYTES)

    def test_nothing_is_needed_at_run_time(self) -> None:
        package = json.loads((clients.TYPESCRIPT / "package.json").read_text("utf-8"))
        self.assertEqual([one for one in package if "ependencies" in one], ["devDependencies"])
        self.assertIs(package["sideEffects"], False)
        for script in (PLACE / "dist").rglob("*.js"):
            for name in re.findall(
                r'^(?:im|ex)port .*from "([^"]+)"', script.read_text("utf-8"), re.M
            ):
                self.assertTrue(name.startswith("."), f"{script.name}: {name}")

    def test_the_lockfile_names_no_host_that_packages_come_from(self) -> None:
        lock = (clients.TYPESCRIPT / "package-lock.json").read_text("utf-8")
        self.assertNotIn('"resolved"', lock)

    def test_versions_of_the_clients_agree(self) -> None:
        package = json.loads((clients.TYPESCRIPT / "package.json").read_text("utf-8"))
        version = (clients.PYTHON / "webctp_client" / "version.py").read_text("utf-8")
        self.assertIn(f'VERSION = "{package["version"]}"', version)

    def test_rooms_and_modules_are_small(self) -> None:
        for folder in ("src", "src/protocol", "specs"):
            modules = list((clients.TYPESCRIPT / folder).glob("*.ts"))
            self.assertLessEqual(len(modules), 15, folder)
            for path in modules:
                self.assertLessEqual(len(path.read_text("utf-8").splitlines()), 500, path.name)
