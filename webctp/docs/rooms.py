"""The modules of each room, with what each says of itself in its first line."""

import ast
from collections.abc import Iterator
from pathlib import Path

import webctp
from webctp.docs.markdown import code, table

ROOMS = ("gateway", "upstream", "ctp", "sim", "exchanges", "testing")


def modules() -> str:
    """Every module of the rooms above, by room."""
    root = Path(str(webctp.__file__)).parent
    parts = []
    for room in ROOMS:
        rows = [(code(name), line) for name, line in _lines(root / room)]
        parts.append(f"**`{room}/`**\n\n{table(('Module', 'What it is'), rows)}")
    return "\n\n".join(parts)


def _lines(room: Path) -> Iterator[tuple[str, str]]:
    for path in sorted(room.glob("*.py")):
        said = ast.get_docstring(ast.parse(path.read_text("utf-8"))) or ""
        if not path.name.startswith("__"):
            yield path.name, said.partition("\n")[0].replace("|", "\\|")
