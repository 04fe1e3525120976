"""What the gateway is to do by itself for a client, as the journal keeps it: a row for each plan.

A plan is on disk before the client is answered, and every change of it before what follows from
the change. What is in a plan its own room knows: the journal keeps text.
"""

import sqlite3
from collections.abc import Iterable
from typing import Final, NamedTuple

from webctp.secret import hide_tokens

OFFSET: Final = "offset"
"""An order with ``"Offset": "auto"``, and the orders that it became."""
CONDITIONAL: Final = "conditional"
"""A conditional order."""

TABLE: Final = """
CREATE TABLE plan (
    broker_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    plan_id TEXT NOT NULL,
    trading_day TEXT NOT NULL,
    settled INTEGER NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (broker_id, user_id, kind, plan_id)
) WITHOUT ROWID;
CREATE INDEX plan_by_day ON plan (broker_id, trading_day);
"""


class PlanRow(NamedTuple):
    """A plan on disk: whose it is, what it is called, and what it says.

    ``trading_day`` is the last one of which anything is to be done; ``settled`` says that nothing
    is to be done any more. ``value`` is JSON.
    """

    broker_id: str
    user_id: str
    kind: str
    plan_id: str
    trading_day: str
    settled: bool
    value: str


TAKEN: Final = b""
"""What a claim gives where an order, and no plan, has the name."""
_VALUE: Final = "CAST(value AS BLOB)"
"""A text that is no UTF-8 is for its reader to refuse: SQLite would take it for a broken disk."""
_ONE: Final = "broker_id = ? AND user_id = ? AND kind = ? AND plan_id = ?"


class PlanTable:
    """Read and write plans within the open transaction of a journal's file.

    Its methods raise :class:`sqlite3.Error`; they run in the journal's thread.
    """

    def __init__(self, database: sqlite3.Connection) -> None:
        self._db = database

    def find(self, broker_id: str, user_id: str, kind: str, plan_id: str) -> bytes | None:
        """Return what a plan says; None where there is none of that name."""
        asked = broker_id, user_id, kind, plan_id
        row = self._db.execute(f"SELECT {_VALUE} FROM plan WHERE {_ONE}", asked).fetchone()
        return None if row is None else bytes(row[0])

    def claim(self, row: PlanRow) -> bytes | None:
        """Write a new plan; gives what the one says that has its name, and then writes nothing.

        :data:`TAKEN` where an order bears the name as its ClientOrderID.
        """
        added = self._db.execute(
            "INSERT OR IGNORE INTO plan SELECT ?, ?, ?, ?, ?, ?, ? WHERE NOT EXISTS (SELECT 1"
            " FROM client_order WHERE broker_id = ? AND user_id = ? AND client_order_id = ?)",
            (*_cells(row), row.broker_id, row.user_id, row.plan_id),
        )
        return None if added.rowcount else self.find(*row[:4]) or TAKEN

    def put(self, rows: Iterable[PlanRow]) -> None:
        """Write what has become of plans: all of them, or none."""
        self._db.executemany(
            "INSERT OR REPLACE INTO plan VALUES (?, ?, ?, ?, ?, ?, ?)", map(_cells, rows)
        )

    def unsettled(self, broker_id: str, user_id: str, kind: str) -> list[bytes]:
        """Return an account's plans of a kind of which something is still to be done."""
        rows = self._db.execute(
            f"SELECT {_VALUE} FROM plan WHERE broker_id = ? AND user_id = ? AND kind = ?"
            " AND settled = 0 ORDER BY plan_id",
            (broker_id, user_id, kind),
        )
        return [bytes(value) for (value,) in rows]

    def waiting(self, kind: str) -> list[tuple[str, str, int]]:
        """Return how many plans of a kind are to be carried out still, of each account."""
        return self._db.execute(
            "SELECT broker_id, user_id, count(*) FROM plan WHERE kind = ? AND settled = 0"
            " GROUP BY broker_id, user_id",
            (kind,),
        ).fetchall()

    def prune(self, broker_id: str, floor: str, most: int) -> int:
        """Remove some plans of trading days before ``floor``; gives how many."""
        keys = self._db.execute(
            "SELECT broker_id, user_id, kind, plan_id FROM plan"
            " WHERE broker_id = ? AND trading_day < ? LIMIT ?",
            (broker_id, floor, most),
        ).fetchall()
        self._db.executemany(f"DELETE FROM plan WHERE {_ONE}", keys)
        return len(keys)


def _cells(row: PlanRow) -> PlanRow:
    return row._replace(value=hide_tokens(row.value))
