"""The journal's file: an SQLite database of records and ClientOrderIDs.

WAL with ``synchronous=FULL``: what is committed survives a power cut, and others may read while
the daemon writes (``python -m webctp journal``). Used by one thread at a time; it blocks on the
disk, so that is never the reactor's.
"""

import os
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

import msgspec

from webctp.ctp.catalog import Catalogue
from webctp.upstream.journal_entry import ClientOrder, JournalBroken, Key

_VERSION: Final = 1
_BUSY_MS: Final = 2000
_SCHEMA: Final = """
CREATE TABLE record (
    id INTEGER PRIMARY KEY,
    time INTEGER NOT NULL,
    trading_day TEXT NOT NULL,
    broker_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    type TEXT NOT NULL,
    name TEXT NOT NULL,
    client_order_id TEXT NOT NULL,
    instrument_id TEXT NOT NULL,
    exchange_id TEXT NOT NULL,
    front_id INTEGER NOT NULL,
    session_id INTEGER NOT NULL,
    order_ref TEXT NOT NULL,
    order_sys_id TEXT NOT NULL,
    code INTEGER,
    detail TEXT NOT NULL,
    body TEXT
);
CREATE INDEX record_of_day ON record (trading_day, type);
CREATE INDEX record_of_client_order ON record (client_order_id) WHERE client_order_id <> '';
CREATE TABLE client_order (
    broker_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    client_order_id TEXT NOT NULL,
    time INTEGER NOT NULL,
    trading_day TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (broker_id, user_id, client_order_id)
) WITHOUT ROWID;
CREATE INDEX client_order_by_time ON client_order (time);
"""

_SECRET_TYPES: Final = frozenset(
    {
        "TThostFtdcPasswordType",
        "TThostFtdcPasswordKeyType",
        "TThostFtdcAuthCodeType",
        "TThostFtdcAuthKeyType",
        "TThostFtdcAuthInfoType",
        "TThostFtdcCFMMCKeyType",
        "TThostFtdcCFMMCTokenType",
        "TThostFtdcCaptchaInfoType",
    }
)
_SECRET_NAMES: Final = frozenset(
    {
        "Password", "OldPassword", "NewPassword", "OneTimePassword", "OTPPassword",
        "TradingPassword", "BankPassWord", "NewBankPassWord", "AuthCode", "AuthKey", "PinKey",
        "MacKey", "PIN", "Captcha", "Token", "CurrentKey",
    }
)  # fmt: skip


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


def secret_fields(catalogue: Catalogue) -> frozenset[str]:
    """The names of fields that hold secrets: those of CTP's types of secrets, and the known."""
    return _SECRET_NAMES | {
        field.name
        for name in catalogue.struct_names
        for field in catalogue.struct(name).fields
        if field.ctp_type in _SECRET_TYPES
    }


class Store:
    """A journal's file, open for writing.

    :raises JournalBroken: with one line, if it cannot be opened or is no journal of ours.
    """

    def __init__(self, path: Path) -> None:
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            # Orders are nobody's business: made before SQLite would make it readable by all.
            os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
            self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
            self._prepare(path)
        except (OSError, sqlite3.Error) as problem:
            raise JournalBroken(f"cannot open the journal {path}: {problem}") from problem

    def begin(self) -> None:
        """Begin a transaction. It and the others raise :class:`sqlite3.Error`."""
        self._db.execute("BEGIN IMMEDIATE")

    def touch(self) -> None:
        """Write something, so that a transaction has something to bring to disk."""
        self._db.execute(f"PRAGMA user_version = {_VERSION}")

    def commit(self) -> None:
        """End the transaction: what was written is on disk when this returns."""
        self._db.execute("COMMIT")

    def add(self, record: Record) -> None:
        """Write a record."""
        body = record.body
        fields: Mapping[str, Any] = body if body is not None else {}
        values = {
            "time": record.time,
            "trading_day": record.trading_day or str(fields.get("TradingDay") or ""),
            "broker_id": record.broker_id,
            "user_id": record.user_id,
            "type": record.type.value,
            "name": record.name,
            "client_order_id": record.client_order_id,
            "code": record.code,
            "detail": record.detail,
            "body": None if body is None else msgspec.json.encode(body).decode(),
        }
        values |= {column: fields.get(name) or empty for column, (name, empty) in _COLUMNS.items()}
        marks = ", ".join("?" * len(values))
        self._db.execute(
            f"INSERT INTO record ({', '.join(values)}) VALUES ({marks})", tuple(values.values())
        )

    def claim(self, order: ClientOrder) -> ClientOrder | None:
        """Write a new ClientOrderID; gives what has it already, and then writes nothing."""
        added = self._db.execute(
            "INSERT OR IGNORE INTO client_order VALUES (?, ?, ?, ?, ?, ?)", _row(order)
        )
        if added.rowcount:
            return None
        where = "broker_id = ? AND user_id = ? AND client_order_id = ?"
        (value,) = self._db.execute(
            f"SELECT value FROM client_order WHERE {where}", order.key
        ).fetchone()
        return msgspec.json.decode(value, type=ClientOrder)

    def update(self, order: ClientOrder) -> None:
        """Write what has become of a ClientOrderID.

        Where the ID is another run's, which the caller could not know, that one's word stands.
        """
        self._db.execute(
            "INSERT INTO client_order VALUES (?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (broker_id, user_id, client_order_id) DO UPDATE"
            " SET trading_day = excluded.trading_day, value = excluded.value"
            " WHERE time = excluded.time",
            _row(order),
        )

    def client_orders(self, broker_id: str, user_id: str, trading_day: str) -> list[ClientOrder]:
        """An account's ClientOrderIDs of a trading day and later ones."""
        rows = self._db.execute(
            "SELECT value FROM client_order"
            " WHERE broker_id = ? AND user_id = ? AND trading_day >= ?",
            (broker_id, user_id, trading_day),
        )
        return [msgspec.json.decode(value, type=ClientOrder) for (value,) in rows]

    def prune(self, before: int, ids_before: int, most: int) -> bool:
        """Remove at most ``most`` records older than ``before``, and IDs than ``ids_before``.

        Both in ns since 1970.

        :returns: whether there may be more.
        """
        # Records are written in the order of time, so the oldest have the least numbers.
        records = self._db.execute(
            "DELETE FROM record WHERE id IN"
            " (SELECT id FROM (SELECT id, time FROM record ORDER BY id LIMIT ?) WHERE time < ?)",
            (most, before),
        )
        keys: Sequence[Key] = self._db.execute(
            "SELECT broker_id, user_id, client_order_id FROM client_order"
            " WHERE time < ? ORDER BY time LIMIT ?",
            (ids_before, most),
        ).fetchall()
        self._db.executemany(
            "DELETE FROM client_order WHERE broker_id = ? AND user_id = ? AND client_order_id = ?",
            keys,
        )
        return max(records.rowcount, len(keys)) == most

    def close(self) -> None:
        """Close the file; at any time, more than once does no harm."""
        self._db.close()

    def _prepare(self, path: Path) -> None:
        self._db.execute(f"PRAGMA busy_timeout = {_BUSY_MS}")
        (version,) = self._db.execute("PRAGMA user_version").fetchone()
        if version not in (0, _VERSION):
            raise JournalBroken(
                f"the journal {path} is of version {version}, this webctp writes {_VERSION}; "
                "name another file, or use the webctp that wrote it"
            )
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = FULL")
        if version == 0:
            self._db.executescript(
                f"BEGIN IMMEDIATE; {_SCHEMA} PRAGMA user_version = {_VERSION}; COMMIT;"
            )


def _row(order: ClientOrder) -> tuple[object, ...]:
    value = msgspec.json.encode(order).decode()
    return (*order.key, order.time, order.trading_day, value)


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
        if not path.is_file():
            raise JournalBroken(f"there is no journal {path}")
        try:
            self._db = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
            self._db.row_factory = sqlite3.Row
            self._db.execute(f"PRAGMA busy_timeout = {_BUSY_MS}")
            (version,) = self._db.execute("PRAGMA user_version").fetchone()
        except sqlite3.Error as problem:
            raise JournalBroken(f"cannot read {path}: {problem}") from problem
        if version != _VERSION:
            raise JournalBroken(f"{path} is no journal of this webctp")

    def records(self, chosen: Mapping[str, Sequence[str]]) -> Iterable[sqlite3.Row]:
        """Records in the order they were written; ``chosen``: any of the values, by filter."""
        wanted = {name: values for name, values in chosen.items() if values}
        where = " AND ".join(
            f"{FILTERS[name]} IN ({', '.join('?' * len(values))})"
            for name, values in wanted.items()
        )
        values = [value for values in wanted.values() for value in values]
        return self._db.execute(
            f"SELECT * FROM record {f'WHERE {where}' if where else ''} ORDER BY id", values
        )

    def close(self) -> None:
        """Close the file."""
        self._db.close()
