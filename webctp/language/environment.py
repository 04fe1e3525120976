"""Which language whoever calls a command reads, before there is a configuration to say so."""

import os
from collections.abc import Mapping

from webctp.language.text import Language

_VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")
"""The first that is set decides, as gettext has it."""


def spoken(environment: Mapping[str, str] = os.environ) -> Language:
    """Return Chinese where the environment asks for it (``LANG=zh_CN.UTF-8``), else English."""
    chosen = next(filter(None, map(environment.get, _VARIABLES)), "")
    return "zh" if chosen.lower().startswith("zh") else "en"
