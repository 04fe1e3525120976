"""``docs/openapi.yaml``, ``docs/asyncapi.yaml``: what the daemon serves, with English beside it."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

import yaml

from webctp.commands.docs import english
from webctp.ctp import binding
from webctp.ctp.catalog import Method
from webctp.gateway.rest import asyncapi, openapi
from webctp.gateway.rest.services import services_of

_DUMPER: Final[Any] = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


def _text(document: Callable[..., Mapping[str, Any]]) -> str:
    """Return a description as YAML."""
    loaded = binding.load()
    made = document(services_of(loaded), loaded.version, _meaning)
    return str(yaml.dump(made, Dumper=_DUMPER, allow_unicode=True, sort_keys=False, width=100))


def _meaning(method: Method) -> str:
    """Return what a request is for, in both languages."""
    return f"{english.chinese(method.name, method.meaning)} {english.message(method.name)}"


PARTS: Final[Mapping[str, Callable[[], str]]] = {
    "openapi": partial(_text, openapi.document),
    "asyncapi": partial(_text, asyncapi.document),
}
"""The parts of pages that each of them is, and what makes it."""
