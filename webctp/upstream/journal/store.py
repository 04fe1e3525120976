"""The journal's file: an SQLite database of records and ClientOrderIDs.

WAL with ``synchronous=FULL``: what is committed survives a power cut, and others may read while
the daemon writes (``python -m webctp journal``). Used by one thread at a time; it blocks on the
disk, so that is never the reactor's.
"""

import contextlib
import os
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

import msgspec
from twisted.logger import Logger

from webctp.language.text import NOTHING, Text, english, reason_of
from webctp.secret import hide_tokens
from webctp.storage.versions import DAMAGED, UnknownVersion
from webctp.upstream.journal.due import DueTable
from webctp.upstream.journal.place import file_id, sides, sides_put_aside
from webctp.upstream.journal.plans import PlanTable
from webctp.upstream.journal.schema import BUSY_MS, MERGE, SCHEMA
from webctp.upstream.journal.value import cell, json, text
from webctp.upstream.orders.client_order import ClientOrder, ClientOrderState, JournalBroken, Key

_log = Logger()

RECORD_DAYS: Final = 10
"""Of how many trading days, told last, the records are kept whatever the clock says."""

_CUT_SHORT: Final = english("was cut short")


class Type(StrEnum):
    """What a record is of."""

    REQUEST = "request"
    """A request as it was sent."""
    RETURN = "return"
    """The native call's value, in ``code``."""
    ORDER = "order"
    """A RtnOrder."""
    TRADE = "trade"
    """A RtnTrade."""
    PUSH = "push"
    """Another push of an account: a quote, an exercise …"""
    ERROR = "error"
    """A refusal, by CTP or by the daemon: ``code`` and ``detail``."""
    SESSION = "session"
    """A session's new state in ``name``, the reason in ``detail``."""
    GAP = "gap"
    """Records are missing before this one, for want of a disk: ``code`` says how many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One line of the journal. ``name`` is a MsgType or a state.

    ``time`` in ns since 1970; 0 becomes the time at which the journal is given it.

    ``body`` is a struct by field names, without secrets; the columns that can be searched
    (InstrumentID, OrderSysID …) are taken from it.
    """

    type: Type
    name: str
    time: int = 0
    broker_id: str = ""
    user_id: str = ""
    trading_day: str = ""
    client_order_id: str = ""
    code: int | None = None
    detail: str = ""
    body: Mapping[str, Any] | None = None


_COLUMNS: Final = {
    "instrument_id": ("InstrumentID", ""),
    "exchange_id": ("ExchangeID", ""),
    "front_id": ("FrontID", 0),
    "session_id": ("SessionID", 0),
    "order_ref": ("OrderRef", ""),
    "order_sys_id": ("OrderSysID", ""),
}
"""Columns that come from the body: field, and what stands where there is none."""


Return = tuple[int, str, str]
"""An order or a trade as it was told: the record's number, its type, its JSON."""


class Store:
    """A journal's file, open for writing.

    :raises JournalBroken: with one line, if it cannot be opened or is no journal of ours.
    """

    def __init__(self, path: Path) -> None:
        # SQLite's names of the file, and of the files beside it.
        self._path = Path(os.path.realpath(path))
        self._days: set[tuple[str, str]] = set()
        try:
            SCHEMA.look(self._path)  # what is of a newer version stays as it is, its -wal included
            _make_file(self._path)
            self._file = file_id(self._path)
            self._db = sqlite3.connect(self._path, isolation_level=None, check_same_thread=False)
        except UnknownVersion as problem:
            raise JournalBroken(reason_of(problem)) from problem
        except (OSError, *DAMAGED) as problem:
            raise JournalBroken(
                english("cannot open the journal {path}: {problem}", path=path, problem=problem)
            ) from problem
        self.dues = DueTable(self._db)
        """What is to be cancelled where a daemon dies."""
        self.plans = PlanTable(self._db)
        """What the gateway is to do by itself for a client."""
        try:
            self._prepare(path)
            self._size = os.stat(self._path).st_size
            self._sides = [file_id(side) for side in sides(self._path)]
        except BaseException as problem:
            self._db.close()
            if not isinstance(problem, (OSError, *DAMAGED)):
                raise
            raise JournalBroken(
                english("cannot open the journal {path}: {problem}", path=path, problem=problem)
            ) from problem

    @property
    def misplaced(self) -> Text:
        """What has become of the file, if what is written is not where a restart will look.

        Empty while all is well.
        """
        try:
            found = os.stat(self._path)
        except OSError as problem:
            return english("is gone ({reason})", reason=problem.strerror)
        if (found.st_dev, found.st_ino) != self._file:
            return english("was replaced")
        if found.st_size < self._size:
            return _CUT_SHORT
        self._size = found.st_size
        if self._sides != [file_id(side) for side in sides(self._path)]:
            return english("has lost its -wal or -shm")
        return NOTHING

    def begin(self) -> None:
        """Begin a transaction. It and the others raise :class:`sqlite3.Error`."""
        self._db.execute("BEGIN IMMEDIATE")

    def touch(self) -> None:
        """Write something, so that a transaction has something to bring to disk."""
        self._db.execute(f"PRAGMA user_version = {SCHEMA.version}")

    def commit(self) -> None:
        """End the transaction: what was written is on disk when this returns."""
        self._db.execute("COMMIT")

    def undo(self) -> None:
        """Undo what is not committed; nothing if there is nothing."""
        self._db.rollback()

    def add(self, record: Record) -> None:
        """Write a record. What the columns or JSON cannot hold is kept as text."""
        body = record.body
        fields: Mapping[str, Any] = body if body is not None else {}
        values = {
            "time": record.time,
            "trading_day": text(record.trading_day or fields.get("TradingDay") or ""),
            "broker_id": text(record.broker_id),
            "user_id": text(record.user_id),
            "type": record.type.value,
            "name": text(record.name),
            "client_order_id": text(record.client_order_id),
            "code": cell(record.code),
            "detail": text(record.detail),
            "body": None if body is None else json(body),
        }
        values |= {
            column: cell(fields.get(name) or empty) for column, (name, empty) in _COLUMNS.items()
        }
        marks = ", ".join("?" * len(values))
        self._db.execute(
            f"INSERT INTO record ({', '.join(values)}) VALUES ({marks})", tuple(values.values())
        )

    def claim(self, order: ClientOrder) -> ClientOrder | None:
        """Write a new ClientOrderID; gives what has it already, and then writes nothing.

        Where a plan has it, and no order, that is an order like no other.
        """
        added = self._db.execute(
            "INSERT OR IGNORE INTO client_order SELECT ?, ?, ?, ?, ?, ?, 0 WHERE NOT EXISTS"
            " (SELECT 1 FROM plan WHERE broker_id = ? AND user_id = ? AND plan_id = ?)",
            (*_row(order), *order.key),
        )
        if added.rowcount:
            self._know_day(order.broker_id, order.trading_day)
            return None
        found = self.client_order(order.key)
        return found or msgspec.structs.replace(order, digest="", state=ClientOrderState.REFUSED)

    def client_order(self, key: Key) -> ClientOrder | None:
        """Return what is kept of a ClientOrderID; None where it was never claimed."""
        where = "broker_id = ? AND user_id = ? AND client_order_id = ?"
        found = self._db.execute(f"SELECT value FROM client_order WHERE {where}", key).fetchone()
        return None if found is None else msgspec.json.decode(found[0], type=ClientOrder)

    def update(self, order: ClientOrder, *, settled: bool = False) -> None:
        """Write what has become of a ClientOrderID.

        Where the ID is another run's, which the caller could not know, that one's word stands.

        :param settled: whether nothing more can become of it.
        """
        self._db.execute(
            f"INSERT INTO client_order VALUES (?, ?, ?, ?, ?, ?, ?) {MERGE}",
            (*_row(order), int(settled)),
        )

    def client_orders(
        self, broker_id: str, user_id: str, trading_day: str, after: str, most: int
    ) -> list[ClientOrder]:
        """Return an account's unsettled ClientOrderIDs of a trading day and later ones.

        At most ``most`` of them, in the order of the IDs, those behind ``after``.
        """
        rows = self._db.execute(
            "SELECT value FROM client_order INDEXED BY client_order_unsettled"
            " WHERE broker_id = ? AND user_id = ? AND client_order_id > ? AND settled = 0"
            " AND trading_day >= ? ORDER BY client_order_id LIMIT ?",
            (broker_id, user_id, after, trading_day, most),
        )
        return [msgspec.json.decode(value, type=ClientOrder) for (value,) in rows]

    def told_day(self, broker_id: str, trading_day: str) -> None:
        """Write that CTP has told this trading day; later ones, told before, cannot have been."""
        self._know_day(broker_id, trading_day)
        wrong = self._db.execute(
            "DELETE FROM trading_day WHERE broker_id = ? AND day > ?", (broker_id, trading_day)
        )
        if wrong.rowcount:
            self._days.clear()

    def returns(self, of: tuple[str, str, str], after: int, most: int) -> list[Return]:
        """Return some of a user's (BrokerID, UserID, day) orders and trades, behind a number."""
        return self._db.execute(
            "SELECT id, type, body FROM record WHERE trading_day = ? AND type IN ('order', 'trade')"
            " AND broker_id = ? AND user_id = ? AND id > ? ORDER BY id LIMIT ?",
            (of[2], *of[:2], after, most),
        ).fetchall()

    def last_days(self, broker_id: str) -> str:
        """Return the first of the last two trading days that CTP told; empty where it told one."""
        return self._day(broker_id, 1)

    def prune(self, before: int, id_days: int, after: int, most: int) -> tuple[int, bool]:
        """Remove at most ``most`` records older than ``before`` (ns since 1970), and old IDs.

        Age is what CTP has told: a clock may be wrong. IDs are kept for the ``id_days`` trading
        days told last, records for :data:`RECORD_DAYS` at least.

        :param after: the number of the record behind which to look.
        :returns: the number behind which to look next, and whether there may be more.
        """
        brokers = [one for (one,) in self._db.execute("SELECT DISTINCT broker_id FROM trading_day")]
        floors = {broker: self._day(broker, RECORD_DAYS - 1) for broker in brokers}
        rows: Sequence[tuple[int, int, str, str]] = self._db.execute(
            # What is damaged has no age that could be told, and stays.
            "SELECT id, time, broker_id, trading_day FROM record WHERE id > ?"
            " AND typeof(time) = 'integer' AND typeof(trading_day) = 'text' ORDER BY id LIMIT ?",
            (after, most),
        ).fetchall()
        self._db.executemany(
            "DELETE FROM record WHERE id = ?",
            [
                (number,)
                for number, time, broker, day in rows
                # A record without a day is no order's: a session's state before its login.
                if time < before and (not day or day < floors.get(broker, ""))
            ],
        )
        removed = 0
        for broker in brokers:
            floor = self._day(broker, id_days - 1)
            removed = max(removed, self._prune_ids(broker, floor, most))
            removed = max(removed, self.plans.prune(broker, floor, most))
        # Records are in the order of time: all behind a young one are young.
        more_records = len(rows) == most and rows[-1][1] < before
        return rows[-1][0] if more_records else after, more_records or removed == most

    def carry(self, path: Path, opened: Callable[[Path], "Store"]) -> "Store":
        """Bring all that this store holds to where ``path`` is now, and give the store there.

        For a store that is :attr:`misplaced`; it is closed, but if it fails it can be tried again.
        A file that is gone is written anew, whole. One that stands in its place, if it is a
        journal, stays, and is given the ClientOrderIDs.

        :raises JournalBroken: as the constructor, and if it cannot be done now.
        """
        try:
            found = file_id(self._path)
            cut_short = self.misplaced == _CUT_SHORT
            if found == self._file and not cut_short:
                self._settle_sides()
                return opened(path)
            if found is None or cut_short:
                self._write_anew()
                self._db.close()
                return opened(path)
            return self._carry_into(path, opened)
        except (OSError, *DAMAGED) as problem:
            raise JournalBroken(
                english(
                    "cannot write the journal {path} anew: {problem}", path=path, problem=problem
                )
            ) from problem

    def close(self) -> None:
        """Close the file; at any time, more than once does no harm."""
        if file_id(self._path) in (None, self._file):
            self._db.close()
        else:
            with sides_put_aside(self._path):
                self._db.close()

    def _day(self, broker_id: str, back: int) -> str:
        """Return the trading day told last but ``back``; empty if there are not so many."""
        row = self._db.execute(
            "SELECT day FROM trading_day WHERE broker_id = ? ORDER BY day DESC LIMIT 1 OFFSET ?",
            (broker_id, back),
        ).fetchone()
        return "" if row is None else str(row[0])

    def _know_day(self, broker_id: str, day: str) -> None:
        if day and (broker_id, day) not in self._days:
            self._db.execute("INSERT OR IGNORE INTO trading_day VALUES (?, ?)", (broker_id, day))
            self._days = {(broker_id, day)}

    def _prune_ids(self, broker_id: str, floor: str, most: int) -> int:
        keys: Sequence[Key] = self._db.execute(
            "SELECT broker_id, user_id, client_order_id FROM client_order"
            " WHERE broker_id = ? AND trading_day < ? LIMIT ?",
            (broker_id, floor, most),
        ).fetchall()
        self._db.executemany(
            "DELETE FROM client_order WHERE broker_id = ? AND user_id = ? AND client_order_id = ?",
            keys,
        )
        return len(keys)

    def _settle_sides(self) -> None:
        """Bring everything into the database itself, whose side files nobody else can find."""
        busy, _, _ = self._db.execute("PRAGMA wal_checkpoint(FULL)").fetchone()
        if busy:
            raise JournalBroken(
                english(
                    "somebody reads {path}, which {misplaced}",
                    path=self._path,
                    misplaced=self.misplaced,
                )
            )
        self._db.close()
        for side in sides(self._path):
            side.unlink(missing_ok=True)

    def _write_anew(self) -> None:
        """Copy the whole to where the file was."""
        _make_directory(self._path)
        copy = self._path.with_name(f"{self._path.name}.new")
        copy.unlink(missing_ok=True)
        _make_file(copy)
        with contextlib.closing(sqlite3.connect(copy, isolation_level=None)) as target:
            self._db.backup(target)
            (found,) = target.execute("PRAGMA quick_check(1)").fetchone()
            if found != "ok":
                raise JournalBroken(
                    english(
                        "{path} {misplaced} and cannot be made whole; "
                        "put a copy there and restart: {found}",
                        path=self._path,
                        misplaced=self.misplaced,
                        found=found.splitlines()[-1],
                    )
                )
        with contextlib.suppress(FileNotFoundError):
            self._path.rename(self._path.with_name(f"{self._path.name}.spoilt"))
        for side in (*sides(copy), *sides(self._path)):
            side.unlink(missing_ok=True)
        os.link(copy, self._path)
        copy.unlink()
        _sync_directory(self._path)

    def _carry_into(self, path: Path, opened: Callable[[Path], "Store"]) -> "Store":
        """Give the journal in this one's place the ClientOrderIDs and plans of this one."""
        self._db.execute("PRAGMA wal_checkpoint(FULL)")  # what was moved away shall be whole
        bag = self._path.with_name(f"{self._path.name}.ids")
        bag.unlink(missing_ok=True)
        self._db.execute("ATTACH ? AS bag", (str(bag),))
        try:
            for table in ("client_order", "trading_day", "plan"):
                self._db.execute(f"CREATE TABLE bag.{table} AS SELECT * FROM main.{table}")
        finally:
            self._db.execute("DETACH bag")
        for side, mine in zip(sides(self._path), self._sides, strict=True):
            # Side files that this database left: SQLite would take them for the new one's.
            if mine is not None and file_id(side) == mine:
                side.unlink()
        store = opened(path)
        try:
            store.take(bag)
        except BaseException:
            store.close()
            raise
        with sides_put_aside(self._path):
            self._db.close()
        bag.unlink()
        return store

    def take(self, bag: Path) -> None:
        """Write the ClientOrderIDs and plans that another store has left in a file."""
        self._db.execute("ATTACH ? AS bag", (str(bag),))
        try:
            self.begin()
            try:
                self._db.execute(
                    f"INSERT INTO client_order SELECT * FROM bag.client_order WHERE true {MERGE}"
                )
                for table in ("trading_day", "plan"):
                    self._db.execute(f"INSERT OR IGNORE INTO {table} SELECT * FROM bag.{table}")
                self.commit()
            except BaseException:
                self.undo()
                raise
        finally:
            self._db.execute("DETACH bag")

    def _prepare(self, path: Path) -> None:
        # One text that is no UTF-8 is one spoilt row, not a disk that fails.
        self._db.text_factory = lambda raw: raw.decode("utf-8", "replace")
        self._db.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
        if SCHEMA.is_foreign(self._db, path):
            raise JournalBroken(
                english("{path} is no journal but another database; name another file", path=path)
            )
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = FULL")
        self._db.execute("BEGIN IMMEDIATE")
        before = SCHEMA.found(self._db, path)
        SCHEMA.apply(self._db, self._path)
        self._db.execute("COMMIT")
        SCHEMA.tell(self._path, before)


def _make_file(path: Path) -> None:
    """Make an empty file for its owner's eyes only, if there is none, and its directory.

    One that is there is not opened: closing it would drop the process's locks on it.
    """
    _make_directory(path)
    with contextlib.suppress(FileExistsError):
        # Made here, because SQLite would make a file that everybody can read.
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))


def _make_directory(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)


def _sync_directory(path: Path) -> None:
    directory = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


def _row(order: ClientOrder) -> tuple[object, ...]:
    value = hide_tokens(msgspec.json.encode(order).decode())
    return (*order.key, order.time, order.trading_day, value)
