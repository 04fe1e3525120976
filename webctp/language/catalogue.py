"""The Chinese of every sentence: ``chinese.yaml``, read when the first one is asked for."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

DATA: Final = Path(__file__).with_name("chinese.yaml")

_Loader: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


@cache
def chinese() -> Mapping[str, str]:
    """Return the Chinese template of each English one; some 20 ms at the first call.

    ``tests/language/test_catalogue.py`` holds it against the source.
    """
    found: Mapping[str, str] = yaml.load(DATA.read_text("utf-8"), Loader=_Loader) or {}
    return found
