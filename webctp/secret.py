"""Text that must not be printed."""

import re
from typing import Final

TOKEN_PREFIX: Final = "webctp_"
"""What every token begins with: programs that look for secrets in sources find it by that."""
_TOKEN: Final = re.compile(rf"{TOKEN_PREFIX}[A-Za-z0-9_-]{{32,}}", re.ASCII)
_TOKEN_BYTES: Final = re.compile(_TOKEN.pattern.encode())
_MASKED: Final = TOKEN_PREFIX.encode() + b"***"


def holds_token(text: str) -> bool:
    """Return whether a token, or most of one, stands in a text that is meant for something else."""
    return _TOKEN.search(text) is not None


def mask_tokens(content: bytes) -> bytes:
    """Return bytes for a file, with every token in them made unreadable."""
    return _TOKEN_BYTES.sub(_MASKED, content)


def hide_tokens(text: str) -> str:
    """Return a text that is written down, with every token in it made unreadable."""
    # The search takes 50 ns; hardly any text has the prefix.
    return _TOKEN.sub(f"{TOKEN_PREFIX}***", text) if TOKEN_PREFIX in text else text


class Secret:
    """A password, code or token: prints as stars, and gives its text only to who asks by name.

    It is no `str` on purpose: a place that would log, format or encode it gets `***` or a type
    error, never the text, and a place that needs the text says `reveal()` where all can see it.
    """

    __slots__ = ("_text",)

    def __init__(self, text: str = "") -> None:
        self._text = text

    def reveal(self) -> str:
        """Return the text itself."""
        return self._text

    def __bool__(self) -> bool:
        return bool(self._text)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._text == self._text

    def __hash__(self) -> int:
        return hash(self._text)

    def __repr__(self) -> str:
        return "***"
