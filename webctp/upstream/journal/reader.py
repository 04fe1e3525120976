"""Read a journal's file, also while a daemon writes it."""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

from webctp.language.text import english, reason_of
from webctp.storage.versions import DAMAGED, UnknownVersion
from webctp.upstream.journal.schema import BUSY_MS, SCHEMA
from webctp.upstream.orders.client_order import JournalBroken

FILTERS: Final = {
    "day": "trading_day",
    "user": "user_id",
    "client_order_id": "client_order_id",
    "type": "type",
    "instrument": "instrument_id",
    "order_sys_id": "order_sys_id",
}
"""What records can be chosen by, and the column that says it."""


class Reader:
    """A journal's file, open for reading only; the daemon may write meanwhile.

    :raises JournalBroken: with one line, if there is no journal to read.
    """

    def __init__(self, path: Path) -> None:
        if not path.exists():
            raise JournalBroken(english("there is no journal {path}", path=path))
        if not path.is_file():
            raise JournalBroken(english("{path} is no file", path=path))
        try:
            self._db = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
            self._db.row_factory = sqlite3.Row
            # Text that is no UTF-8 is shown as far as it can be: one such cell hides no record.
            self._db.text_factory = lambda raw: raw.decode("utf-8", "replace")
            self._db.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
            is_ours = SCHEMA.found(self._db, path) and not SCHEMA.is_foreign(self._db, path)
        except UnknownVersion as problem:
            self._db.close()
            raise JournalBroken(reason_of(problem)) from problem
        except DAMAGED as problem:
            raise JournalBroken(
                english("cannot read {path}: {problem}", path=path, problem=problem)
            ) from problem
        if not is_ours:
            self._db.close()
            raise JournalBroken(english("{path} is no journal of this webctp", path=path))

    def records(self, chosen: Mapping[str, Sequence[str]]) -> Iterable[sqlite3.Row]:
        """Read records in the order they were written; ``chosen``: any of the values, by filter."""
        wanted = {name: values for name, values in chosen.items() if values}
        where = " AND ".join(
            f"{FILTERS[name]} IN ({', '.join('?' * len(values))})"
            for name, values in wanted.items()
        )
        values = [value for values in wanted.values() for value in values]
        return self._db.execute(
            f"SELECT * FROM record {f'WHERE {where}' if where else ''} ORDER BY id", values
        )

    def days(self) -> list[str]:
        """Return the trading days that there are records of, in their order."""
        found = self._db.execute(
            "SELECT DISTINCT trading_day FROM record WHERE trading_day <> '' ORDER BY trading_day"
        )
        return [day for (day,) in found]

    def close(self) -> None:
        """Close the file."""
        self._db.close()
