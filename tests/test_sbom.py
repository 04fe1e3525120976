"""The bill of materials that `make sbom` writes: whole, valid, and of what runs alone."""

import json
import re
import runpy
from importlib.metadata import distribution, metadata
from pathlib import Path
from typing import Any, Final

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from twisted.trial.unittest import SynchronousTestCase

from webctp import __version__

ROOT: Final = Path(__file__).resolve().parent.parent


class SbomTests(SynchronousTestCase):
    """Made once, for it takes seconds."""

    bill: dict[str, Any] = {}  # noqa: RUF012 - made by the first test, read by all

    def setUp(self) -> None:
        self.tool = runpy.run_path(str(ROOT / "tools" / "sbom.py"))
        if not self.bill:
            self.bill.update(self.tool["bill_of_materials"]())
        self.listed = {self.tool["canonical"](one["name"]): one for one in self.bill["components"]}

    def test_it_is_cyclonedx(self) -> None:
        self.assertEqual(self.bill["bomFormat"], "CycloneDX")
        validator = JsonStrictValidator(SchemaVersion.from_version(self.bill["specVersion"]))
        self.assertIsNone(validator.validate_str(json.dumps(self.bill)))
        self.assertIsNotNone(validator.validate_str(json.dumps({**self.bill, "bomFormat": "x"})))

    def test_it_is_of_this_version(self) -> None:
        ours = self.bill["metadata"]["component"]
        self.assertEqual((ours["name"], ours["version"]), ("webctp", __version__))

    def test_all_that_setup_requires_is_listed_with_its_version_and_licence(self) -> None:
        source = (ROOT / "setup.py").read_text("utf-8")
        required = re.search(r"install_requires=\[(.*?)\]", source, re.DOTALL)
        assert required is not None
        names = re.findall(r'"([A-Za-z0-9_.-]+)>=', required[1])
        self.assertGreaterEqual(len(names), 8)
        for name in names:
            one = self.listed[self.tool["canonical"](name)]
            self.assertEqual(one["version"], distribution(name).version, name)
            self.assertTrue(one["purl"].endswith(f"@{one['version']}"), name)
            stated = metadata(name)
            if stated["License-Expression"] or stated["License"]:
                self.assertTrue(one["licenses"], name)

    def test_what_those_require_is_listed_and_no_tool_of_tests(self) -> None:
        for name in ("zope-interface", "cryptography", "txaio", "typing-extensions"):
            self.assertIn(name, self.listed)
        for name in ("mypy", "ruff", "hypothesis", "cyclonedx-bom", "pip", "pyarrow", "webctp"):
            self.assertNotIn(name, self.listed)

    def test_who_needs_whom_is_whole(self) -> None:
        known = {one["bom-ref"] for one in self.bill["components"]}
        ours = self.bill["metadata"]["component"]["bom-ref"]
        self.assertEqual({one["ref"] for one in self.bill["dependencies"]}, known | {ours})
        for one in self.bill["dependencies"]:
            self.assertLessEqual(set(one.get("dependsOn", ())), known)
        (ours_on,) = (o["dependsOn"] for o in self.bill["dependencies"] if o["ref"] == ours)
        self.assertIn(self.listed["openctp-ctp"]["bom-ref"], ours_on)

    def test_where_it_was_made_is_not_told(self) -> None:
        self.assertNotIn(str(ROOT), json.dumps(self.bill))
        self.assertNotIn("file:", json.dumps(self.bill))
