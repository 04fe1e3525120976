"""The JSON messages that the documents show."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parent.parent
_BLOCK: Final = re.compile(r"^```jsonc?\n(.*?)^```", re.M | re.S)
_REMARK: Final = re.compile(r"//.*$", re.M)


def examples() -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each whole message in the documents, and the page that shows it.

    What is shortened by a remark (``…``) is none, nor is the body of an HTTP answer.
    """
    decode = json.JSONDecoder().raw_decode
    for path in (*ROOT.glob("README*.md"), *(ROOT / "docs").rglob("*.md")):
        for block in _BLOCK.findall(path.read_text("utf-8")):
            if "…" in block or "/*" in block:
                continue
            text = _REMARK.sub("", block).strip()
            while text:
                value, end = decode(text)
                text = text[end:].lstrip(" \n,")
                if isinstance(value, dict) and "MsgType" in value and "title" not in value:
                    yield str(path.relative_to(ROOT)), value
