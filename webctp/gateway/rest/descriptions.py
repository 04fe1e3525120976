"""The pages that describe the gateway to programs and to their authors."""

from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Final

from webctp.ctp.binding import Binding
from webctp.gateway.http.console import File
from webctp.gateway.http.site import Page
from webctp.gateway.rest import asyncapi, openapi, socketschemas
from webctp.gateway.rest.services import JSON, YAML, MadePage, services_of

REFERENCE: Final = "/reference"
"""The page that shows the messages of the WebSocket to people."""
_FOLDER: Final = Path(__file__).with_name("reference")
_FILES: Final = {
    REFERENCE: ("reference.html", "text/html; charset=utf-8"),
    "/reference.js": ("reference.js", "text/javascript; charset=utf-8"),
    "/reference.css": ("reference.css", "text/css; charset=utf-8"),
}


def description_pages(loaded: Binding, names: Iterable[str]) -> dict[str, Page]:
    """Return the pages of a gateway that serves these services, by path.

    Blocks: to be called once, at the start.
    """
    services, version = services_of(loaded, names), loaded.version
    shown = {
        path: File((_FOLDER / name).read_bytes(), content_type)
        for path, (name, content_type) in _FILES.items()
    }
    return {
        **shown,
        openapi.PATH: MadePage(partial(openapi.document, services, version), YAML),
        asyncapi.PATH: MadePage(partial(asyncapi.document, services, version), YAML),
        socketschemas.SCHEMAS: MadePage(partial(socketschemas.document, services), JSON),
    }
