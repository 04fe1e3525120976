"""The services as they are described to programs, and the pages that describe them."""

from collections.abc import Callable, Iterable
from typing import Final

import msgspec

from webctp.ctp.binding import Binding
from webctp.ctp.catalog import Catalogue, Method
from webctp.gateway.access.principal import Principal
from webctp.gateway.http.answer import Answer
from webctp.gateway.http.head import Head
from webctp.gateway.market.spec import market_options
from webctp.gateway.messages.schema import Options, trading_options
from webctp.gateway.rest.schemas import Json

YAML: Final = "application/yaml; charset=utf-8"
JSON: Final = "application/schema+json"

Meaning = Callable[[Method], str]
"""Says what a request is for."""


class Service:
    """A service as it is described: its name, its catalogue, the words that it takes."""

    def __init__(self, name: str, catalogue: Catalogue, options: Options) -> None:
        self.name = name
        self.catalogue = catalogue
        self.options = options


def services_of(loaded: Binding, names: Iterable[str] = ("td", "md")) -> tuple[Service, ...]:
    """Return services as they are described.

    :param names: of those that are served.
    """
    known = {
        "td": Service("td", loaded.trading, trading_options),
        "md": Service("md", loaded.market, market_options),
    }
    return tuple(known[name] for name in names)


def headers_meaning(method: Method) -> str:
    """Return what a request is for in the words of CTP's headers."""
    return method.meaning


def info(about: str) -> Json:
    """Return what each description says of itself first.

    :param about: what it describes, and where more of it stands.
    """
    return {"title": "webctp", "version": "1", "description": about}


class MadePage:
    """Serve a description, made when it is first asked for.

    JSON is YAML: what is served is written by the JSON encoder, which takes a tenth of the time.
    """

    def __init__(self, make: Callable[[], Json], content_type: str) -> None:
        self._make = make
        self._content_type = content_type
        self._made = b""

    def __call__(self, head: Head, address: str, who: Callable[[], Principal]) -> Answer:
        """Give the page; it says nothing that the documents do not."""
        if not self._made:
            self._made = msgspec.json.format(msgspec.json.encode(self._make()))
        return Answer(200, self._made, content_type=self._content_type)
