"""The binding: the locale it needs, its import, its version. Everything else asks here for it."""

import importlib
from dataclasses import dataclass
from functools import cache
from types import ModuleType

from webctp.ctp import locale


@dataclass(frozen=True, slots=True)
class Binding:
    """The loaded openctp_ctp.

    ``td`` and ``md`` are its SWIG modules for trading and market data, ``version`` the package's
    version, ``locale`` where the locale came from (``"system"`` or a directory).
    """

    td: ModuleType
    md: ModuleType
    version: str
    locale: str


@cache
def load() -> Binding:
    """Load openctp_ctp once, after providing its locale; later calls are free.

    :raises webctp.ctp.locale.LocaleError: if the locale cannot be provided.
    """
    origin = locale.ensure()
    package = importlib.import_module("openctp_ctp")
    return Binding(package.tdapi, package.mdapi, package.__version__, origin)
