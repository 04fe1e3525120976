"""Take a kept file over, killed after each statement in turn; the file is the old or the new one.

    python tests/storage/killed.py OPENER FILE VERSION FIELD

Each time the file is made of the SQL in FILE, and a child that opens it (``journal``, ``state``)
kills itself within the migration. Prints how many children were killed, and in how many files what
was found was old, and new. Ends with an error where a file is neither, or has lost a row.
"""

import os
import shutil
import signal
import sqlite3
import sys
import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from webctp.sim.host.state import StateFile
from webctp.upstream.journal.store import Store

SIGKILLED: Final = -int(signal.SIGKILL)
OPENERS: Final[dict[str, Callable[[Path], Any]]] = {
    "journal": Store,
    "state": lambda path: StateFile(str(path), 7),
}
_connect = sqlite3.connect


class Deadly(sqlite3.Connection):
    """A connection that kills its process before the n-th statement."""

    left = 0

    def execute(self, *arguments: Any) -> sqlite3.Cursor:
        Deadly.left -= 1
        if Deadly.left < 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return super().execute(*arguments)


def make(sql: str, path: Path) -> None:
    """Make a file of SQL."""
    with closing(_connect(path)) as database:
        database.executescript(sql)


def content(path: Path, tables: list[str]) -> dict[str, int]:
    """Count the rows of some tables."""
    with closing(_connect(path)) as database:
        return {
            one: database.execute(f"SELECT count(*) FROM {one}").fetchone()[0] for one in tables
        }


def tables_of(path: Path) -> list[str]:
    """Name the tables of a file."""
    with closing(_connect(path)) as database:
        query = "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
        return [name for (name,) in database.execute(query)]


def killed(opened: Callable[[Path], Any], path: Path, after: int) -> bool:
    """Open a file in a child that dies after so many statements; False if it came to the end."""
    child = os.fork()
    if child == 0:
        Deadly.left = after
        sqlite3.connect = lambda *args, **options: _connect(  # type: ignore[assignment]
            *args, **options, factory=Deadly
        )
        try:
            opened(path).close()
        except BaseException as problem:  # noqa: BLE001 - a child of a fork must not go on
            print(repr(problem), file=sys.stderr)
            os._exit(1)
        os._exit(0)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if status not in (0, SIGKILLED):
        raise SystemExit(f"the child ended with {status}")
    return status == SIGKILLED


def main(name: str, source: str) -> None:
    """Run it; see above."""
    opened, sql = OPENERS[name], Path(source).read_text("utf-8")
    folder = Path(tempfile.mkdtemp(dir="."))
    old, new = folder / "old.sqlite", folder / "new.sqlite"
    make(sql, old)
    make(sql, new)
    opened(new).close()
    old_tables, new_tables = tables_of(old), tables_of(new)
    kept = content(old, old_tables)
    counts = {"old": 0, "new": 0}
    after, dies = 0, True
    while dies:
        path = folder / f"{after}.sqlite"
        shutil.copy(old, path)
        dies = killed(opened, path, after)
        found = tables_of(path)
        if found not in (old_tables, new_tables):
            raise SystemExit(f"after {after} statements it has {found}")
        rows = content(path, old_tables)
        if rows != kept:
            raise SystemExit(f"after {after} statements it has {rows}, not {kept}")
        counts["old" if found == old_tables else "new"] += 1
        opened(path).close()  # and the next start goes on from there
        if tables_of(path) != new_tables or content(path, old_tables) != kept:
            raise SystemExit(f"after {after} statements the next start made something else")
        after += 1
    print(f"killed={after - 1} old={counts['old']} new={counts['new']}")


if __name__ == "__main__":
    main(*sys.argv[1:])
