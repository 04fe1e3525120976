"""The state file: an exchange's accounts, orders, transfers and flows in SQLite, to the last event.

All that a turn of the exchange changed is written before its messages go out, in one transaction.
That survives the end of the process at any moment; for the end of the machine the file is as good
as SQLite's write-ahead log without a sync for each transaction (``synchronous = NORMAL``).
"""

import contextlib
import json
import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from webctp.language.text import english, reason_of
from webctp.sim.events import (
    AccountKey,
    Broadcast,
    Changed,
    DayBegan,
    Event,
    FlowsBegan,
    LoggedIn,
    Push,
    Reply,
)
from webctp.sim.exchange import records
from webctp.sim.exchange.exchange import Exchange
from webctp.sim.exchange.restore import Stored, restore
from webctp.sim.exchange.restore import facts as facts_of
from webctp.sim.host.flows import PUBLIC
from webctp.sim.host.packing import Delivery
from webctp.storage.versions import DAMAGED, Schema, UnknownVersion

_FACTS: Final = "CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;"
_SINCE_1: Final = """
CREATE TABLE IF NOT EXISTS users (broker TEXT, investor TEXT, value TEXT,
    PRIMARY KEY (broker, investor)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS accounts (broker TEXT, investor TEXT, value TEXT,
    PRIMARY KEY (broker, investor)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS orders (number INTEGER PRIMARY KEY, value TEXT);
CREATE TABLE IF NOT EXISTS trades (sequence INTEGER PRIMARY KEY, value TEXT);
CREATE TABLE IF NOT EXISTS flows (broker TEXT, investor TEXT, place INTEGER, callback TEXT,
    body BLOB, info BLOB, PRIMARY KEY (broker, investor, place)) WITHOUT ROWID;
"""
_SINCE_2: Final = """
CREATE TABLE IF NOT EXISTS notices (number INTEGER PRIMARY KEY, value TEXT);
CREATE TABLE IF NOT EXISTS statements (broker TEXT, investor TEXT, day TEXT, value BLOB,
    PRIMARY KEY (broker, investor, day)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS transfers (serial INTEGER PRIMARY KEY, value TEXT);
CREATE TABLE IF NOT EXISTS instructions (number INTEGER PRIMARY KEY, value TEXT);
INSERT OR REPLACE INTO facts VALUES ('version', '2');
"""
# Version 1 bears no user_version, and some files of it have tables of version 2 already: between
# releases they came one by one. The fact is for webctp 1.0, which refuses what is not 1.
SCHEMA: Final = Schema(
    make=_FACTS + _SINCE_1 + _SINCE_2,
    mark="facts",
    steps={1: _SINCE_1 + _SINCE_2},
    unmarked=True,
)

_LOGIN: Final = "OnRspUserLogin"

Flows = dict[AccountKey, list[Delivery]]


class StateError(Exception):
    """A state file that cannot be used, as one line with the remedy."""


class StateFile:
    """One exchange's state. Used by one thread at a time.

    :raises StateError: if the file is no state file, or one of a newer version or another seed.
    """

    def __init__(self, path: str, seed: int) -> None:
        self._path = Path(path)
        self._seen: dict[AccountKey, int] = {}
        self._statements: set[tuple[str, str, str]] = set()
        self._trades = self._transfers = self._notices = 0
        try:
            SCHEMA.look(self._path)  # what is of a newer version stays as it is
            self._path.absolute().parent.mkdir(parents=True, exist_ok=True)
            # The file holds passwords: SQLite would make it readable by all.
            with contextlib.suppress(FileExistsError):
                os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
            self._base = sqlite3.connect(self._path, isolation_level=None, check_same_thread=False)
        except UnknownVersion as problem:
            raise StateError(
                english("{where}: {problem}", where="StatePath", problem=reason_of(problem))
            ) from problem
        except (OSError, *DAMAGED) as problem:
            raise _unusable(path, problem) from problem
        try:
            self._prepare(seed)
        except BaseException as problem:
            self._base.close()
            if not isinstance(problem, (OSError, *DAMAGED)):
                raise
            raise _unusable(path, problem) from problem

    def _prepare(self, seed: int) -> None:
        base = self._base
        if SCHEMA.is_foreign(base, self._path):
            raise StateError(
                english(
                    "StatePath: {path} is no state but another database; name another file",
                    path=self._path,
                )
            )
        self._check_seed(seed)
        base.execute("PRAGMA journal_mode = WAL")
        base.execute("PRAGMA synchronous = NORMAL")
        base.execute("BEGIN IMMEDIATE")
        before = SCHEMA.found(base, self._path)
        SCHEMA.apply(base, self._path)
        base.execute("COMMIT")
        SCHEMA.tell(self._path, before)

    def _check_seed(self, wanted: int) -> None:
        """Check that the file was made with this seed, if it was."""
        with self._reading():
            found = self._facts().get("seed", wanted)
        if found != wanted:
            raise StateError(
                english(
                    "StatePath: {path} is of seed {found}, wanted {wanted}; name another file or "
                    "delete it",
                    path=self._path,
                    found=found,
                    wanted=wanted,
                )
            )

    def close(self) -> None:
        """Close the file."""
        self._base.close()

    def moment(self) -> datetime | None:
        """Return the market's time when the state was last written; None for a new file."""
        with self._reading():
            stored = self._facts().get("now")
            return datetime.fromisoformat(stored) if stored else None

    def markets(self) -> Mapping[str, Any] | None:
        """Return what is kept of the markets; None in a new file."""
        with self._reading():
            stored = self._facts().get("exchange")
            return None if stored is None else stored.get("markets", {})

    def load(self, exchange: Exchange) -> Flows:
        """Put the stored state into a fresh exchange whose time is `moment`; return the flows.

        :raises StateError: if it is damaged; then the exchange is of no use.
        """
        with self._reading():
            return self._load(exchange)

    @contextlib.contextmanager
    def _reading(self) -> Iterator[None]:
        """Say that the file is damaged, whatever reading it raises."""
        try:
            yield
        except StateError:
            raise
        except Exception as problem:
            said = problem if isinstance(problem, sqlite3.Error) else repr(problem)[:200]
            raise StateError(
                english(
                    "StatePath: {path} is damaged ({problem}): put a copy in its place, or delete "
                    "it for a new exchange",
                    path=self._path,
                    problem=said,
                )
            ) from problem

    def _load(self, exchange: Exchange) -> Flows:
        facts = self._facts()
        if "exchange" not in facts:
            return {}
        stored = Stored(
            facts["exchange"],
            users=[records.to_user(r) for r in self._values("users")],
            accounts={
                (broker, investor): json.loads(value)
                for broker, investor, value in self._base.execute(
                    "SELECT broker, investor, value FROM accounts"
                )
            },
            orders=self._values("orders", "number"),
            trades=self._values("trades", "sequence"),
            transfers=self._values("transfers", "serial"),
            instructions=self._values("instructions", "number"),
            notices=self._values("notices", "number"),
        )
        restore(exchange, stored)
        for broker, investor, day, value in self._base.execute("SELECT * FROM statements"):
            exchange.users[broker, investor].statements[day] = value
            self._statements.add((broker, investor, day))
        self._trades = len(exchange.engine.trades)
        self._transfers = len(exchange.transfers.all)
        self._notices = len(exchange.notices.all)
        return self._flows()

    def save(self, exchange: Exchange, events: Iterable[Event], flows: Flows) -> None:
        """Write what these events have changed, if anything."""
        events = list(events)
        accounts = {e.account for e in events if isinstance(e, Push | LoggedIn | Changed)}
        if any(isinstance(event, Broadcast) for event in events):
            accounts.add(PUBLIC)
        new_day = any(isinstance(event, DayBegan) for event in events)
        new_flows = any(isinstance(event, FlowsBegan) for event in events)
        answered = any(isinstance(event, Reply) and _changes(event) for event in events)
        if not (accounts or new_day or new_flows or answered):
            return
        if new_day or new_flows or answered:
            accounts |= exchange.accounts.keys() | flows.keys()
        orders = {
            event.values["BrokerOrderSeq"]
            for event in events
            if isinstance(event, Push) and event.callback == "OnRtnOrder"
        }
        base = self._base
        base.execute("BEGIN")
        try:
            if new_day:
                self._forget("transfers", "instructions", "notices")
                self._transfers = self._notices = 0
                self._save_statements(exchange)
            if new_day or new_flows:  # the flows' orders and trades are all sent anew
                self._forget("orders", "trades", "flows")
                self._seen.clear()
                self._trades = 0
            self._save_accounts(exchange, accounts)
            self._put(
                "orders",
                [
                    (order.number, records.of_order(order))
                    for number in orders
                    if (order := exchange.engine.by_number(int(str(number)))) is not None
                ],
            )
            self._put(
                "instructions",
                [
                    (number, records.of_instruction(told))
                    for number in exchange.instructions.told(events)
                    if (told := exchange.instructions.by_number(number)) is not None
                ],
            )
            trades = exchange.engine.trades[self._trades :]
            self._put("trades", [(trade.sequence, records.of_trade(trade)) for trade in trades])
            self._trades += len(trades)
            transfers = exchange.transfers.all[self._transfers :]
            self._put("transfers", [(one.serial, records.of_transfer(one)) for one in transfers])
            self._transfers += len(transfers)
            notices = exchange.notices.all[self._notices :]
            self._put("notices", [(one.number, asdict(one)) for one in notices])
            self._notices += len(notices)
            self._save_flows(flows, accounts)
            self._save_facts(exchange)
            base.execute("COMMIT")
        except BaseException:
            base.execute("ROLLBACK")
            raise

    def _save_facts(self, exchange: Exchange) -> None:
        facts = {
            "seed": exchange.options.seed,
            "now": exchange.now.isoformat(),
            "exchange": facts_of(exchange),
        }
        self._base.executemany(
            "INSERT OR REPLACE INTO facts VALUES (?, ?)",
            [(name, json.dumps(value)) for name, value in facts.items()],
        )

    def _save_accounts(self, exchange: Exchange, keys: Iterable[AccountKey]) -> None:
        known = [key for key in keys if key in exchange.accounts]
        for table, values in (
            ("users", [records.of_user(exchange.users[key]) for key in known]),
            ("accounts", [records.of_account(exchange.accounts[key]) for key in known]),
        ):
            self._base.executemany(
                f"INSERT OR REPLACE INTO {table} VALUES (?, ?, ?)",
                [(*key, json.dumps(value)) for key, value in zip(known, values, strict=True)],
            )

    def _save_statements(self, exchange: Exchange) -> None:
        """Write the statements that are new, and drop those that are kept no longer."""
        kept = {
            (*key, day): value
            for key, user in exchange.users.items()
            for day, value in user.statements.items()
        }
        self._base.executemany(
            "INSERT OR REPLACE INTO statements VALUES (?, ?, ?, ?)",
            [(*place, kept[place]) for place in kept.keys() - self._statements],
        )
        self._base.executemany(
            "DELETE FROM statements WHERE broker = ? AND investor = ? AND day = ?",
            list(self._statements - kept.keys()),
        )
        self._statements = set(kept)

    def _save_flows(self, flows: Flows, keys: Iterable[AccountKey]) -> None:
        for key in keys:
            flow = flows.get(key, [])
            seen = self._seen.get(key, 0)
            self._base.executemany(
                "INSERT INTO flows VALUES (?, ?, ?, ?, ?, ?)",
                [(*key, d.flow, d.callback, d.body, d.info) for d in flow[seen:]],
            )
            self._seen[key] = len(flow)

    def _forget(self, *tables: str) -> None:
        """Empty tables whose rows are over."""
        for table in tables:
            self._base.execute(f"DELETE FROM {table}")

    def _put(self, table: str, rows: Iterable[tuple[int, Mapping[str, Any]]]) -> None:
        self._base.executemany(
            f"INSERT OR REPLACE INTO {table} VALUES (?, ?)",
            [(number, json.dumps(value)) for number, value in rows],
        )

    def _facts(self) -> dict[str, Any]:
        if not SCHEMA.found(self._base, self._path):
            return {}
        rows = self._base.execute("SELECT name, value FROM facts")
        return {name: json.loads(value) for name, value in rows}

    def _values(self, table: str, order: str = "investor") -> list[dict[str, Any]]:
        rows = self._base.execute(f"SELECT value FROM {table} ORDER BY {order}")
        return [json.loads(value) for (value,) in rows]

    def _flows(self) -> Flows:
        flows: Flows = {}
        rows = self._base.execute(
            "SELECT broker, investor, callback, body, info, place FROM flows "
            "ORDER BY broker, investor, place"
        )
        for broker, investor, callback, body, info, place in rows:
            whose = broker, investor
            message = Delivery(callback, body, info, flow=place, public=whose == PUBLIC)
            flows.setdefault(whose, []).append(message)
        self._seen = {key: len(flow) for key, flow in flows.items()}
        return flows


def _unusable(path: str, problem: BaseException) -> StateError:
    return StateError(
        english(
            "StatePath: {path} cannot be used ({problem}); name another file or delete it",
            path=path,
            problem=problem,
        )
    )


def _changes(reply: Reply) -> bool:
    """Return whether an answer may have changed something; a refused login is counted."""
    return not reply.error or reply.callback == _LOGIN
