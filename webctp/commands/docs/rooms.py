"""The modules of each room, with what each says of itself in its first line."""

import ast
from collections.abc import Iterator
from pathlib import Path

import webctp
from webctp.commands.docs.markdown import code, table

ROOMS = (
    "serving",
    "gateway",
    "upstream",
    "bus",
    "recording",
    "ctp",
    "sim",
    "exchanges",
    "config",
    "language",
    "commands",
    "testing",
)


def modules() -> str:
    """Return every module of the rooms above, by room."""
    root = Path(str(webctp.__file__)).parent
    parts = []
    for room in _rooms(root):
        rows = [(code(name), line) for name, line in _lines(room)]
        if rows:
            name = room.relative_to(root).as_posix()
            parts.append(f"**`{name}/`**\n\n{table(('Module', 'What it is'), rows)}")
    return "\n\n".join(parts)


def _rooms(root: Path) -> Iterator[Path]:
    """Give the rooms, each before those that lie in it."""
    for room in ROOMS:
        yield root / room
        yield from sorted(init.parent for init in (root / room).glob("*/__init__.py"))


def _lines(room: Path) -> Iterator[tuple[str, str]]:
    for path in sorted(room.glob("*.py")):
        said = ast.get_docstring(ast.parse(path.read_text("utf-8"))) or ""
        if not path.name.startswith("__"):
            yield path.name, said.partition("\n")[0].replace("|", "\\|")
