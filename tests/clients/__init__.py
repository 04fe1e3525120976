"""Tests of the client packages in ``clients/``, each on its own sources in the checkout."""

import sys
from pathlib import Path
from typing import Final

PYTHON: Final = Path(__file__).resolve().parents[2] / "clients" / "python"
"""The distribution ``webctp-client``."""

VNPY: Final = PYTHON.parent / "vnpy"
"""The distribution ``vnpy_webctp``."""

TYPESCRIPT: Final = PYTHON.parent / "typescript"
"""The package ``webctp-client`` of npm."""

for place in (PYTHON, VNPY):
    if str(place) not in sys.path:
        sys.path.insert(0, str(place))
