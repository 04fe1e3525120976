"""The binding as it is loaded: once, with its locale, and with the facts that others build on."""

import importlib
import sys
from importlib import metadata
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from tests.conformance import holds
from webctp.ctp import locale, runtime

ROOT = Path(__file__).resolve().parents[2]


class LoadTests(SynchronousTestCase):
    """What load gives."""

    def test_both_modules(self) -> None:
        binding = runtime.load()
        self.assertTrue(hasattr(binding.td, "CThostFtdcTraderApi"))
        self.assertTrue(hasattr(binding.md, "CThostFtdcMdApi"))
        self.assertIs(binding.td, sys.modules["openctp_ctp.thosttraderapi"])
        self.assertIs(binding.md, sys.modules["openctp_ctp.thostmduserapi"])

    def test_once(self) -> None:
        self.assertIs(runtime.load(), runtime.load())

    def test_the_version_is_the_packages(self) -> None:
        self.assertEqual(runtime.load().version, metadata.version("openctp-ctp"))

    def test_where_the_locale_came_from(self) -> None:
        origin = runtime.load().locale
        self.assertTrue(origin == "system" or (Path(origin) / locale.NAME).is_dir(), origin)

    def test_without_a_locale_the_binding_is_not_imported(self) -> None:
        # The import would abort the process.
        def missing() -> str:
            raise locale.LocaleError("no locale")

        def imported(name: str) -> None:
            raise AssertionError(f"{name} was imported")

        self.patch(locale, "ensure", missing)
        self.patch(importlib, "import_module", imported)
        self.assertRaises(locale.LocaleError, runtime.load.__wrapped__)

    def test_nothing_imports_the_binding_past_the_locale(self) -> None:
        for path in (ROOT / "webctp").rglob("*.py"):
            if path.name != "runtime.py":
                lines = path.read_text("utf-8").splitlines()
                imports = [line for line in lines if line.startswith(("import ", "from "))]
                self.assertNotIn("openctp_ctp", "\n".join(imports), path)


class ApiTests(SynchronousTestCase):
    """Facts about the API classes."""

    @holds("GETAPIVERSION-1")
    def test_versions_are_told_without_an_instance(self) -> None:
        binding = runtime.load()
        for version in (
            binding.td.CThostFtdcTraderApi.GetApiVersion(),
            binding.md.CThostFtdcMdApi.GetApiVersion(),
        ):
            self.assertRegex(version, r"\d+\.\d+\.\d+")

    def test_struct_attributes(self) -> None:
        order = runtime.load().td.CThostFtdcInputOrderField()
        with self.assertRaises(TypeError):
            order.InstrumentID = "x" * 99
        with self.assertRaises(TypeError):
            order.VolumeTotalOriginal = "1"
        with self.assertRaises(OverflowError):
            order.VolumeTotalOriginal = 2**31
        order.Nothing = 1  # taken in silence, which is why requests are checked by us
        self.assertEqual(order.Nothing, 1)
