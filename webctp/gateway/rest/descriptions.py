"""The pages that describe the gateway to programs and to their authors."""

from collections.abc import Iterable
from functools import partial

from webctp.ctp.binding import Binding
from webctp.gateway.http.site import Page
from webctp.gateway.rest import asyncapi, openapi, socketschemas
from webctp.gateway.rest.services import JSON, YAML, MadePage, services_of


def description_pages(loaded: Binding, names: Iterable[str]) -> dict[str, Page]:
    """Return the pages of a gateway that serves these services, by path."""
    services, version = services_of(loaded, names), loaded.version
    return {
        openapi.PATH: MadePage(partial(openapi.document, services, version), YAML),
        asyncapi.PATH: MadePage(partial(asyncapi.document, services, version), YAML),
        socketschemas.SCHEMAS: MadePage(partial(socketschemas.document, services), JSON),
    }
