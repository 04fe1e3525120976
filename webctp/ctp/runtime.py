"""The binding's package: which there are, the locale they need, the import, the libraries in it.

A process loads one. SWIG keeps the types of all its modules in one table of the process, by their
names: two bindings, whose structs are named alike, would hand out each other's classes.
"""

import importlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from types import ModuleType
from typing import Any, Final

from webctp.ctp import locale
from webctp.language.text import english


class BindingError(Exception):
    """A binding cannot be loaded; the text says which, why, and what to do."""


@dataclass(frozen=True, slots=True)
class Package:
    """A binding that can be loaded: its distribution, and its SWIG modules for td and md."""

    distribution: str
    td: str = "thosttraderapi"
    md: str = "thostmduserapi"


DEFAULT: Final = "openctp_ctp"
PACKAGES: Final[Mapping[str, Package]] = {
    DEFAULT: Package("openctp-ctp"),
    "openctp_tts": Package("openctp-tts"),
    "openctp_ctpopt": Package("openctp-ctpopt", "soptthosttraderapi", "soptthostmduserapi"),
}
"""Every binding that webctp can use, by the name that Python imports it by."""


@dataclass(frozen=True, slots=True)
class Library:
    """A shipped native library: the file that the process has mapped, and its own version."""

    path: str
    version: str


@dataclass(frozen=True, slots=True)
class Modules:
    """The loaded package: ``td`` and ``md`` are its SWIG modules for trading and market data.

    ``version`` is the package's, ``locale`` where the locale came from (``"system"`` or a
    directory).
    """

    package: str
    td: ModuleType
    md: ModuleType
    version: str
    locale: str

    @property
    def distribution(self) -> str:
        """The name that pip knows the package by."""
        return PACKAGES[self.package].distribution


_lock: Final = Lock()
_loaded: dict[str, Modules] = {}


def load(package: str | None = None) -> Modules:
    """Load a binding once, after providing its locale; later calls are free.

    :param package: a key of :data:`PACKAGES`; None takes the one that is loaded, else the default.
    :raises webctp.ctp.locale.LocaleError: if the locale cannot be provided.
    :raises BindingError: if the package is not installed, or another is loaded.
    """
    with _lock:
        for name, modules in _loaded.items():
            if package in (None, name):
                return modules
            raise BindingError(
                english(
                    "{name} is loaded, and a process holds one binding; use {package} in a "
                    "process of its own",
                    name=name,
                    package=package,
                )
            )
        name = package or DEFAULT
        modules = _loaded[name] = _import(name)
        return modules


def _import(name: str) -> Modules:
    package = PACKAGES[name]
    origin = locale.ensure()
    try:
        root: Any = importlib.import_module(name)
        td, md = (importlib.import_module(f"{name}.{one}") for one in (package.td, package.md))
    except ImportError as problem:
        raise BindingError(
            english(
                "{name} cannot be loaded ({problem}); install it, on Linux with x86-64: python -m "
                "pip install {distribution}",
                name=name,
                problem=problem,
                distribution=package.distribution,
            )
        ) from problem
    return Modules(name, td, md, root.__version__, origin)


def library_of(module: ModuleType, api: type) -> Library:
    """Return the native library that a loaded SWIG module calls.

    Where the process maps none of the module's name, as with one linked in, the path is that of
    the module's own extension.
    """
    stem = module.__name__.rpartition(".")[2]
    own = str(Path(str(module.__file__)).with_name(f"_{stem}.so"))
    version: str = api.GetApiVersion()  # type: ignore[attr-defined]
    return Library(_mapped(f"lib{stem}", own), version)


def _mapped(start: str, otherwise: str) -> str:
    """Return the file mapped into the process whose name begins so."""
    for line in Path("/proc/self/maps").read_text("utf-8", "surrogateescape").splitlines():
        path = line.partition("/")[2]
        if path.rpartition("/")[2].startswith(start):
            return f"/{path}"
    return otherwise
