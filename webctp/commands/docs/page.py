"""A page of the documents: hand-written text with made parts between markers.

A part begins with a line `<!-- made: NAME -->` and ends with a line `<!-- end: NAME -->`; what
stands between them is replaced by what the generator makes under that name. All else on the page
belongs to whoever writes it. In a YAML file the two lines are comments: `# <!-- made: NAME -->`.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

_MARKER = re.compile(r"(# )?<!-- (made|end): (\S+) -->")


class PageError(Exception):
    """A page's markers do not make sense; the text names page, line and remedy."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a page: its text, and the name of the part it is (None for hand-written).

    :ivar comment: what its markers begin with: ``# `` in YAML.
    """

    text: str
    part: str | None
    comment: str = ""


def pieces(name: str, text: str) -> Iterator[Piece]:
    """Cut the page `name` into hand-written pieces and made parts, markers belonging to neither.

    Joined with their markers (see :func:`joined`) they are the page again.

    :raises PageError: for a part that is not closed, or closed by another name.
    """
    gathered: list[str] = []
    part: str | None = None
    comment = ""
    opened = 0
    for number, line in enumerate(text.splitlines(keepends=True), 1):
        marker = _MARKER.fullmatch(line.strip())
        if marker is None:
            gathered.append(line)
            continue
        kind, found = marker[2], marker[3]
        if (kind == "made") != (part is None) or (kind == "end" and found != part):
            expected = "no open part" if part is None else f"part {part}, opened in line {opened}"
            raise PageError(f"{name}:{number}: found {line.strip()}, with {expected}")
        yield Piece("".join(gathered), part, comment)
        gathered.clear()
        comment = (marker[1] or "") if kind == "made" else ""
        part, opened = (found, number) if kind == "made" else (None, 0)
    if part is not None:
        raise PageError(f"{name}:{opened}: part {part} is not closed by <!-- end: {part} -->")
    yield Piece("".join(gathered), None)


def joined(parts: Iterator[Piece]) -> str:
    """Return the page that pieces make."""
    return "".join(
        piece.text
        if piece.part is None
        else f"{piece.comment}<!-- made: {piece.part} -->\n{piece.text}"
        f"{piece.comment}<!-- end: {piece.part} -->\n"
        for piece in parts
    )


def remade(name: str, text: str, make: Callable[[str], str | None]) -> str:
    """Return the page with its parts made anew.

    :param make: gives a part's text by its name, None for a part that is to stay as it is.
    """
    return joined(
        piece if piece.part is None else _made(piece, make(piece.part))
        for piece in pieces(name, text)
    )


def _made(piece: Piece, text: str | None) -> Piece:
    # Blank lines about the text: Markdown reads what touches a comment as HTML.
    return piece if text is None else Piece(f"\n{text.strip()}\n\n", piece.part, piece.comment)
