"""What is to be cancelled where nobody tends it any more, as the journal keeps it."""

import sqlite3
from typing import Final

import msgspec
from twisted.logger import Logger

from webctp.upstream.decoding import NOT_JSON

_log = Logger()

CANCEL_ALL_AFTER: Final = "CancelAllAfter"
CANCEL_ON_DISCONNECT: Final = "CancelOnDisconnect"


class Due(msgspec.Struct, frozen=True, kw_only=True):
    """The cancelling of one session's orders, if nobody prevents it.

    ``key`` names the session in its daemon, ``run`` the daemon's run. ``at`` is the moment in
    seconds since 1970; 0 where it is ``seconds`` after the daemon's end. ``sessions`` are the
    (FrontID, SessionID) of its orders. ``who`` is the name of the token whose client asked for it,
    ``address`` where that came from; both are empty in what 1.0 and the versions before 5 wrote.
    """

    broker_id: str
    user_id: str
    key: str
    kind: str
    run: str
    trading_day: str
    at: float
    seconds: float
    sessions: tuple[tuple[int, int], ...]
    who: str = ""
    address: str = ""


class DueTable:
    """Read and write dues within the open transaction of a journal's file.

    Its methods raise :class:`sqlite3.Error`; they run in the journal's thread.
    """

    def __init__(self, database: sqlite3.Connection) -> None:
        self._db = database

    def put(self, due: Due) -> None:
        """Write what is to be cancelled; what was written of that session and kind is replaced."""
        value = msgspec.json.encode(due).decode()
        row = due.broker_id, due.user_id, due.key, due.kind, value
        self._db.execute("INSERT OR REPLACE INTO due VALUES (?, ?, ?, ?, ?)", row)

    def drop(self, broker_id: str, user_id: str, key: str, kind: str) -> None:
        """Remove what was to be cancelled of a session."""
        where = "broker_id = ? AND user_id = ? AND key = ? AND kind = ?"
        self._db.execute(f"DELETE FROM due WHERE {where}", (broker_id, user_id, key, kind))

    def claim(self, broker_id: str, user_id: str, run: str, trading_day: str) -> list[Due]:
        """Give an account's dues of other runs to this one; those of other days are removed.

        One that cannot be read stays, and keeps no other from being claimed.
        """
        query = "SELECT CAST(value AS BLOB) FROM due WHERE broker_id = ? AND user_id = ?"
        claimed = []
        for (value,) in self._db.execute(query, (broker_id, user_id)).fetchall():
            try:
                due = msgspec.json.decode(value, type=Due)
            except NOT_JSON as problem:
                told = {"user_id": user_id, "problem": problem}
                _log.error("journal: what to cancel of {user_id} is unreadable: {problem}", **told)
                continue
            if due.trading_day != trading_day:
                self.drop(broker_id, user_id, due.key, due.kind)
            elif due.run != run:
                claimed.append(msgspec.structs.replace(due, run=run))
                self.put(claimed[-1])
        return claimed
