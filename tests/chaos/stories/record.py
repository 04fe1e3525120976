"""What really happened in a story: the exchange's state file, which keeps every event of it.

The exchange writes each event before it tells anybody. Triggers in its file keep what it later
overwrites or forgets: each state of each order, each push, whatever the day.
"""

import json
import sqlite3
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from tests.chaos.ledger import TOLD, Account, Ledger, Place, Seconds, Violation
from webctp.ctp import catalog
from webctp.ctp.codec import codec_for
from webctp.exchanges import calendar
from webctp.sim.host.state import StateFile
from webctp.sim.model.timeline import AlwaysOpen

_NOW: Final = "(julianday('now') - 2440587.5) * 86400.0"
_TRIGGERS: Final = f"""
CREATE TABLE seen_orders (at REAL, value TEXT);
CREATE TABLE seen_pushes (broker TEXT, investor TEXT, callback TEXT, body BLOB);
CREATE TRIGGER see_order AFTER INSERT ON orders
    BEGIN INSERT INTO seen_orders VALUES ({_NOW}, NEW.value); END;
CREATE TRIGGER see_push AFTER INSERT ON flows BEGIN
    INSERT INTO seen_pushes VALUES (NEW.broker, NEW.investor, NEW.callback, NEW.body); END;
"""
_BUSY: Final = 30.0
_CALLBACKS: Final = {kind: callback for callback, kind in TOLD.items()}
_TIMELINE: Final = AlwaysOpen(calendar.default())


@dataclass
class Executed:
    """An order that reached the exchange: its latest state, and what it was entered as.

    ``at`` is when the exchange took it, in seconds since 1970; ``session`` is (front, session).
    """

    number: int
    tag: int
    account: Account
    trading_day: str
    session: tuple[int, int]
    at: float
    sequence: int = 0
    status: str = ""
    traded: int = 0
    sys_id: str = ""

    @property
    def alive(self) -> bool:
        """Whether it rests, as far as is written."""
        return self.status in "13abc"


class Record(Ledger):
    """A :class:`Ledger` that reads what happened in the file of an exchange's process.

    :param path: the state file; made here.
    """

    def __init__(self, time: Seconds, path: Path, seed: int) -> None:
        super().__init__(time)
        StateFile(str(path), seed).close()
        self._base = sqlite3.connect(path, isolation_level=None, timeout=_BUSY)
        self._base.executescript(_TRIGGERS)
        self._orders_seen = self._pushes_seen = 0
        self._catalogue = catalog.trading()
        self._codec = codec_for(self._catalogue.module)
        self.orders: dict[tuple[str, int], Executed] = {}
        """By trading day and BrokerOrderSeq."""
        self.by_tag: dict[int, Executed] = {}
        self.pushes = 0
        """How many orders and trades it has told."""
        self.trades: dict[tuple[Account, str], list[tuple[str, str]]] = {}
        """(TradeID, direction), by account and trading day."""

    def pull(self) -> bool:
        """Read what has happened since the last time; whether there was anything."""
        orders = self._base.execute(
            "SELECT rowid, at, value FROM seen_orders WHERE rowid > ? ORDER BY rowid",
            (self._orders_seen,),
        ).fetchall()
        pushes = self._base.execute(
            "SELECT rowid, broker, investor, callback, body FROM seen_pushes"
            " WHERE rowid > ? ORDER BY rowid",
            (self._pushes_seen,),
        ).fetchall()
        for self._orders_seen, at, value in orders:
            self._see_order(at, json.loads(value))
        for self._pushes_seen, broker, investor, callback, body in pushes:
            self._see_push((broker, investor), callback, body)
        return bool(orders or pushes)

    def place(self, account: Account, kind: str, row: Any) -> Place:
        """Where a push stands; the file is read again if it is not known yet.

        What a trading day ends with is in no file: the next day begins in the same transaction.
        There the first client that is told says what comes next, and the others are held to it.
        """
        try:
            return super().place(account, kind, row)
        except Violation:
            self.pull()
        try:
            return super().place(account, kind, row)
        except Violation:
            if str(row["TradingDay"]) >= self.day():
                raise
            self.told(account, _CALLBACKS[kind], row)
            return super().place(account, kind, row)

    def answered_by_front(self, tag: int, code: int) -> None:
        """What the exchange refuses is not in its file: there is nothing to compare."""

    def day(self) -> str:
        """The exchange's trading day."""
        (facts,) = self._base.execute("SELECT value FROM facts WHERE name = 'now'").fetchone()
        return _TIMELINE.day_of(datetime.fromisoformat(json.loads(facts))).name

    def close(self) -> None:
        """Close the file."""
        self._base.close()

    def _see_order(self, at: float, row: dict[str, Any]) -> None:
        values = row["values"]
        key = row["trading_day"], row["number"]
        order = self.orders.get(key)
        if order is None:
            session = row["front"], row["session"]
            tag = int(values["RequestID"])
            order = Executed(
                row["number"], tag, tuple(row["account"]), row["trading_day"], session, at
            )
            self.orders[key] = order
            self.by_tag[tag] = order
            self.called(*session, "ReqOrderInsert", values | {"OrderRef": row["ref"]})
        order.sequence, order.status = row["sequence"], row["status"]
        order.traded, order.sys_id = row["traded"], row["sys_id"]

    def _see_push(self, account: Account, callback: str, body: bytes | None) -> None:
        struct = self._catalogue.callbacks[callback].struct
        if body is None or struct is None:
            return
        row = self._codec.layout(struct).unpack(body)
        self.told(account, callback, row)
        self.pushes += 1
        if callback == "OnRtnTrade":
            trades = self.trades.setdefault((account, str(row["TradingDay"])), [])
            trades.append((str(row["TradeID"]), str(row["Direction"])))
