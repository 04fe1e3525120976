"""The binding as a value: what a front hands to whoever speaks to it."""

from dataclasses import dataclass
from functools import cache

from webctp.ctp import catalog, runtime
from webctp.ctp.catalog import Catalogue
from webctp.ctp.codec import Codec, codec_for
from webctp.ctp.runtime import Library


@dataclass(frozen=True, slots=True, eq=False)  # there is one of it
class Binding:
    """The binding of this process: which package it is, and all that is read from it.

    ``package`` is the name that Python imports, ``distribution`` the one that pip knows,
    ``version`` the package's own; ``locale`` is where its locale came from (``"system"`` or a
    directory). ``td_library`` and ``md_library`` are the native libraries below.
    """

    package: str
    distribution: str
    version: str
    locale: str
    trading: Catalogue
    market: Catalogue
    td_library: Library
    md_library: Library

    @property
    def trading_codec(self) -> Codec:
        """The layouts of the trading module's structs."""
        return codec_for(self.trading.module)

    @property
    def market_codec(self) -> Codec:
        """The layouts of the market-data module's structs."""
        return codec_for(self.market.module)

    def __str__(self) -> str:
        return f"{self.distribution} {self.version}"


def load(package: str | None = None) -> Binding:
    """Return the binding of this process, loaded and read the first time.

    :param package: a key of :data:`webctp.ctp.runtime.PACKAGES`; None takes the one that is
        loaded, else the default.
    :raises webctp.ctp.locale.LocaleError: if its locale cannot be provided.
    :raises webctp.ctp.runtime.BindingError: if it cannot be loaded, or another is.
    """
    runtime.load(package)
    return _read()


@cache
def _read() -> Binding:
    modules = runtime.load()
    td, md = catalog.trading(), catalog.market_data()
    return Binding(
        modules.package,
        modules.distribution,
        modules.version,
        modules.locale,
        td,
        md,
        runtime.library_of(modules.td, td.api_class),
        runtime.library_of(modules.md, md.api_class),
    )
