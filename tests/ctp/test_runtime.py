"""The binding's package: loaded once, with its locale, one to a process."""

import importlib
from importlib import metadata
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from tests.conformance import holds
from webctp.ctp import locale, runtime
from webctp.ctp.runtime import PACKAGES, BindingError

ROOT = Path(__file__).resolve().parents[2]


class LoadTests(SynchronousTestCase):
    """What load gives."""

    def test_both_modules(self) -> None:
        modules = runtime.load()
        package = PACKAGES[modules.package]
        self.assertEqual(modules.td.__name__, f"{modules.package}.{package.td}")
        self.assertEqual(modules.md.__name__, f"{modules.package}.{package.md}")
        self.assertTrue(hasattr(modules.td, "CThostFtdcTraderApi"))
        self.assertTrue(hasattr(modules.md, "CThostFtdcMdApi"))

    def test_once(self) -> None:
        self.assertIs(runtime.load(), runtime.load())
        self.assertIs(runtime.load(), runtime.load(runtime.load().package))

    def test_another_is_refused(self) -> None:
        loaded = runtime.load().package
        for other in PACKAGES.keys() - {loaded}:
            problem = str(self.assertRaises(BindingError, runtime.load, other))
            self.assertIn(f"{loaded} is loaded", problem)
            self.assertIn(f"use {other} in a process of its own", problem)

    def test_the_version_is_the_packages(self) -> None:
        modules = runtime.load()
        self.assertEqual(modules.version, metadata.version(modules.distribution))

    def test_where_the_locale_came_from(self) -> None:
        origin = runtime.load().locale
        self.assertTrue(origin == "system" or (Path(origin) / locale.NAME).is_dir(), origin)

    def test_one_that_is_not_installed(self) -> None:
        self.patch(runtime, "_loaded", {})

        def missing(name: str) -> None:
            raise ModuleNotFoundError(f"No module named {name!r}")

        self.patch(importlib, "import_module", missing)
        problem = str(self.assertRaises(BindingError, runtime.load, "openctp_tts"))
        self.assertIn("No module named 'openctp_tts'", problem)
        self.assertIn("python -m pip install openctp-tts", problem)
        self.assertEqual(runtime._loaded, {})

    def test_without_a_locale_the_binding_is_not_imported(self) -> None:
        # The import would abort the process.
        def missing() -> str:
            raise locale.LocaleError("no locale")

        def imported(name: str) -> None:
            raise AssertionError(f"{name} was imported")

        self.patch(runtime, "_loaded", {})
        self.patch(locale, "ensure", missing)
        self.patch(importlib, "import_module", imported)
        self.assertRaises(locale.LocaleError, runtime.load)

    def test_nothing_imports_a_binding_past_the_locale(self) -> None:
        for path in (ROOT / "webctp").rglob("*.py"):
            lines = path.read_text("utf-8").splitlines()
            imports = [line for line in lines if line.startswith(("import ", "from "))]
            self.assertNotIn("openctp_", "\n".join(imports), path)


class LibraryTests(SynchronousTestCase):
    """The native libraries below the modules."""

    def test_the_file_is_the_one_that_is_mapped(self) -> None:
        modules = runtime.load()
        for module, api in (
            (modules.td, modules.td.CThostFtdcTraderApi),
            (modules.md, modules.md.CThostFtdcMdApi),
        ):
            library = runtime.library_of(module, api)
            stem = module.__name__.rpartition(".")[2]
            self.assertTrue(Path(library.path).name.startswith(f"lib{stem}"), library)
            self.assertEqual(Path(library.path).parent.name, f"{modules.package}.libs")
            self.assertTrue(Path(library.path).is_file(), library)
            self.assertEqual(library.version, api.GetApiVersion())

    def test_one_that_is_linked_in(self) -> None:
        module: Any = SimpleNamespace(__name__="a.nowhereapi", __file__="/a/nowhereapi.py")
        api: Any = SimpleNamespace(GetApiVersion=lambda: "v1")
        library = runtime.library_of(module, api)
        self.assertEqual(library, runtime.Library("/a/_nowhereapi.so", "v1"))


class ApiTests(SynchronousTestCase):
    """Facts about the API classes."""

    @holds("GETAPIVERSION-1")
    def test_versions_are_told_without_an_instance(self) -> None:
        modules = runtime.load()
        for version in (
            modules.td.CThostFtdcTraderApi.GetApiVersion(),
            modules.md.CThostFtdcMdApi.GetApiVersion(),
        ):
            self.assertRegex(version, r"\d+[._]\d+[._]\d+")

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
