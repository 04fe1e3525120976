"""What commands print for people: tables whose columns stand, and no text that a terminal obeys."""

import unicodedata
from collections.abc import Iterator, Sequence


def printable(text: str) -> str:
    """Return a text that a terminal shows, and does not obey: it may come from a client."""
    return "".join(one if one.isprintable() else "\N{REPLACEMENT CHARACTER}" for one in text)


def columns(text: str) -> int:
    """Return how many columns of a terminal a text takes: Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text)


def padded(text: str, width: int) -> str:
    """Return a text with blanks behind it up to a width in columns."""
    return text + " " * (width - columns(text))


def table(lines: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield the lines of a table, its cells one below the other; all lines have as many cells."""
    widths = [max(map(columns, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        yield "  ".join(map(padded, line, widths)).rstrip()
