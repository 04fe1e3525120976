"""``docs/openapi.yaml``: what the daemon serves at ``/openapi.yaml``, with English beside it."""

from typing import Any, Final

import yaml

from webctp.commands.docs import english
from webctp.ctp import binding
from webctp.ctp.catalog import Method
from webctp.gateway.rest.openapi import document, services_of

PART: Final = "openapi"
"""The part of the page that it is."""
_DUMPER: Final[Any] = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


def text() -> str:
    """Return the description of the API as YAML."""
    loaded = binding.load()
    made = document(services_of(loaded), loaded.version, _meaning)
    return str(yaml.dump(made, Dumper=_DUMPER, allow_unicode=True, sort_keys=False, width=100))


def _meaning(method: Method) -> str:
    """Return what a request is for, in both languages."""
    return f"{english.chinese(method.name, method.meaning)} {english.message(method.name)}"
