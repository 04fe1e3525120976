"""Whether the made modules of client packages are as the code makes them."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

_MADE_FROM: Final = re.compile(r"openctp-ctp (\d+(?:\.\d+)+)")

Comparison = tuple[list[str], list[str]]
"""A line for each module that differs, and for each that was not compared."""


def compared(root: Path, version: str, made: Mapping[Path, str]) -> Comparison:
    """Compare files with what they should be.

    Those made from another version of the binding than is loaded cannot be compared.

    :param version: that of the loaded binding.
    """
    differences, left_out = [], []
    for path, wanted in made.items():
        name = path.relative_to(root).as_posix()
        text = path.read_text("utf-8") if path.exists() else ""
        found = _MADE_FROM.search(text)
        if found and found[1] != version:
            left_out.append(
                f"{name}: made from openctp-ctp {found[1]}, and {version} is "
                "loaded: not compared（版本不同，未比较）"
            )
        elif text != wanted:
            differences.append(f"{name} differs from what the code makes")
    return differences, left_out
