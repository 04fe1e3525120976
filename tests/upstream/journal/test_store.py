"""The journal's file: what is written, claimed, found, pruned and read meanwhile."""

import contextlib
import os
import re
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any
from unittest.mock import patch

import msgspec
from twisted.trial.unittest import SynchronousTestCase

from webctp.ctp import catalog
from webctp.upstream.journal import store
from webctp.upstream.journal.due import CANCEL_ON_DISCONNECT, Due
from webctp.upstream.journal.reader import Reader
from webctp.upstream.journal.secrets import secret_fields
from webctp.upstream.journal.store import RECORD_DAYS, Record, Store, Type
from webctp.upstream.orders.client_order import ClientOrder, JournalBroken
from webctp.upstream.orders.client_order import ClientOrderState as State

CATALOGUE = catalog.trading()
VERSION_1 = """
CREATE TABLE record (
    id INTEGER PRIMARY KEY, time INTEGER NOT NULL, trading_day TEXT NOT NULL,
    broker_id TEXT NOT NULL, user_id TEXT NOT NULL, type TEXT NOT NULL, name TEXT NOT NULL,
    client_order_id TEXT NOT NULL, instrument_id TEXT NOT NULL, exchange_id TEXT NOT NULL,
    front_id INTEGER NOT NULL, session_id INTEGER NOT NULL, order_ref TEXT NOT NULL,
    order_sys_id TEXT NOT NULL, code INTEGER, detail TEXT NOT NULL, body TEXT
);
CREATE INDEX record_of_day ON record (trading_day, type);
CREATE INDEX record_of_client_order ON record (client_order_id) WHERE client_order_id <> '';
CREATE TABLE client_order (
    broker_id TEXT NOT NULL, user_id TEXT NOT NULL, client_order_id TEXT NOT NULL,
    time INTEGER NOT NULL, trading_day TEXT NOT NULL, value TEXT NOT NULL,
    PRIMARY KEY (broker_id, user_id, client_order_id)
) WITHOUT ROWID;
CREATE INDEX client_order_by_time ON client_order (time);
PRAGMA user_version = 1;
"""
LOCKED = """
import sqlite3, sys
base = sqlite3.connect(sys.argv[1], timeout=0, isolation_level=None)
try:
    base.execute("BEGIN IMMEDIATE")
except sqlite3.OperationalError as problem:
    sys.exit("locked" not in str(problem))
sys.exit("the lock is gone")
"""


def client_order(client_order_id: str = "a-1", **values: Any) -> ClientOrder:
    common: dict[str, Any] = {
        "broker_id": "9999",
        "user_id": "028742",
        "client_order_id": client_order_id,
        "request": "ReqOrderInsert",
        "digest": "00",
        "time": 1,
        "trading_day": "20240102",
        "front_id": 1,
        "session_id": 7,
        "order_ref": "12",
        "match_fields": {"InstrumentID": "rb2405", "VolumeTotalOriginal": 2},
        "state": State.RECORDED,
    }
    return ClientOrder(**(common | values))


class StoreTestCase(SynchronousTestCase):
    """A store in a directory of its own."""

    def setUp(self) -> None:
        self.path = Path(self.mktemp()).absolute() / "deep" / "journal.sqlite"
        self.store = self.open()

    def open(self) -> Store:
        store = Store(self.path)
        self.addCleanup(store.close)
        return store

    def write(self, *records: Record) -> None:
        self.store.begin()
        for record in records:
            self.store.add(record)
        self.store.commit()

    def read(self, **chosen: list[str]) -> list[dict[str, Any]]:
        reader = Reader(self.path)
        self.addCleanup(reader.close)
        return [dict(row) for row in reader.records(chosen)]


class RecordTests(StoreTestCase):
    """Records."""

    def test_the_file_is_for_its_owner_only(self) -> None:
        self.write(Record(type=Type.SESSION, name="ready"))
        for file in self.path.parent.iterdir():
            self.assertEqual(file.stat().st_mode & 0o077, 0, file)

    def test_a_record_comes_back_with_its_columns(self) -> None:
        body = {
            "InstrumentID": "rb2405",
            "ExchangeID": "SHFE",
            "FrontID": 1,
            "SessionID": -7,
            "OrderRef": "12",
            "OrderSysID": "131",
            "TradingDay": "20240102",
            "StatusMsg": "未成交",
        }
        self.write(
            Record(
                type=Type.ORDER,
                name="RtnOrder",
                time=17,
                broker_id="9999",
                user_id="028742",
                client_order_id="a-1",
                body=body,
            )
        )
        (row,) = self.read()
        self.assertEqual(msgspec.json.decode(row.pop("body")), body)
        self.assertEqual(
            row,
            {
                "id": 1,
                "time": 17,
                "trading_day": "20240102",
                "broker_id": "9999",
                "user_id": "028742",
                "type": "order",
                "name": "RtnOrder",
                "client_order_id": "a-1",
                "instrument_id": "rb2405",
                "exchange_id": "SHFE",
                "front_id": 1,
                "session_id": -7,
                "order_ref": "12",
                "order_sys_id": "131",
                "code": None,
                "detail": "",
            },
        )

    def test_filters_take_any_of_their_values_and_all_count(self) -> None:
        for day in ("20240102", "20240103"):
            for user in ("1", "2", "3"):
                self.write(Record(type=Type.TRADE, name="t", user_id=user, trading_day=day))
        found = self.read(user=["1", "3"], day=["20240103"], type=[])
        self.assertEqual(
            [(row["user_id"], row["trading_day"]) for row in found],
            [("1", "20240103"), ("3", "20240103")],
        )

    def test_a_filters_value_is_never_sql(self) -> None:
        self.write(Record(type=Type.TRADE, name="t"))
        self.assertEqual(self.read(user=["' OR '1'='1"]), [])

    def test_what_is_not_committed_is_not_there(self) -> None:
        self.store.begin()
        self.store.add(Record(type=Type.TRADE, name="t"))
        self.store.close()
        self.assertEqual(self.read(), [])

    def test_it_is_read_while_it_is_written(self) -> None:
        self.write(Record(type=Type.TRADE, name="first"))
        self.store.begin()
        self.store.add(Record(type=Type.TRADE, name="second"))
        self.assertEqual([row["name"] for row in self.read()], ["first"])
        self.store.commit()
        self.assertEqual([row["name"] for row in self.read()], ["first", "second"])

    def test_a_commit_is_synced(self) -> None:
        settings = sqlite3.connect(self.path)
        self.addCleanup(settings.close)
        self.assertEqual(settings.execute("PRAGMA journal_mode").fetchone(), ("wal",))
        (level,) = self.store._db.execute("PRAGMA synchronous").fetchone()
        self.assertEqual(level, 2)


class ClaimTests(StoreTestCase):
    """ClientOrderIDs."""

    def claim(self, order: ClientOrder) -> ClientOrder | None:
        self.store.begin()
        had = self.store.claim(order)
        self.store.commit()
        return had

    def test_an_id_is_claimed_once(self) -> None:
        self.assertIsNone(self.claim(client_order()))
        self.assertEqual(self.claim(client_order(digest="11")), client_order())

    def test_another_account_has_its_own(self) -> None:
        self.claim(client_order())
        self.assertIsNone(self.claim(client_order(user_id="2")))
        self.assertIsNone(self.claim(client_order(broker_id="1")))

    def test_it_is_claimed_in_another_life_of_the_daemon(self) -> None:
        self.claim(client_order())
        self.store.close()
        self.store = self.open()
        self.assertEqual(self.claim(client_order()), client_order())

    def test_the_latest_state_counts(self) -> None:
        self.claim(client_order())
        known = client_order(state=State.KNOWN, order_sys_id="131", message="未成交")
        self.store.begin()
        self.store.update(known)
        self.store.commit()
        self.assertEqual(self.claim(client_order()), known)

    def test_what_another_run_claimed_is_not_overwritten(self) -> None:
        self.claim(client_order(time=1))
        self.store.begin()
        self.store.update(client_order(time=2, state=State.REFUSED))
        self.store.commit()
        self.assertEqual(self.claim(client_order(time=3)), client_order(time=1))

    def test_those_of_an_account_and_day_and_later(self) -> None:
        for number, day in enumerate(("20240101", "20240102", "20240103")):
            self.claim(client_order(str(number), trading_day=day))
            self.claim(client_order(str(number), trading_day=day, user_id="2"))
        found = self.store.client_orders("9999", "028742", "20240102", "", 9)
        self.assertEqual([order.client_order_id for order in found], ["1", "2"])


class DueTests(StoreTestCase):
    """What is to be cancelled."""

    def test_one_that_cannot_be_read_keeps_no_other_from_being_claimed(self) -> None:
        due = Due(
            broker_id="9999", user_id="028742", key="good", kind=CANCEL_ON_DISCONNECT, run="old",
            trading_day="20240102", at=0.0, seconds=5.0, sessions=((1, 2),),
        )  # fmt: skip
        good = msgspec.json.encode(due).decode()
        spoilt = ("{", "[" * 5000, good.replace("[[1,2]]", "[[1,true]]"), b"\xff")
        self.store.begin()
        for key, value in enumerate((*spoilt, good)):
            self.store._db.execute(
                "INSERT INTO due VALUES ('9999', '028742', ?, 'x', ?)", (str(key), value)
            )
        claimed = self.store.dues.claim("9999", "028742", "new", "20240102")
        self.store.commit()
        self.assertEqual(claimed, [msgspec.structs.replace(due, run="new")])


class DayTests(StoreTestCase):
    """The trading days that CTP has told."""

    def told(self, *days: str) -> None:
        self.store.begin()
        for day in days:
            self.store.told_day("9999", day)
        self.store.commit()

    def test_the_last_two_are_known_in_another_life(self) -> None:
        self.assertEqual(self.store.last_days("9999"), "")
        self.told("20240102", "20240103", "20240104")
        self.store.close()
        self.store = self.open()
        self.assertEqual(self.store.last_days("9999"), "20240103")
        self.assertEqual(self.store.last_days("1"), "")

    def test_a_later_one_told_before_was_wrong(self) -> None:
        self.told("20240102", "20991231", "20991232", "20240103")
        self.assertEqual(self.store.last_days("9999"), "20240102")

    def test_the_days_of_ids_count(self) -> None:
        self.told("20240102")
        self.store.begin()
        self.store.claim(client_order(trading_day="20240105"))
        self.store.commit()
        self.assertEqual(self.store.last_days("9999"), "20240102")


class PruneTests(StoreTestCase):
    """Old records go, a few at a time; of what may still be traded nothing goes."""

    def days(self, count: int) -> list[str]:
        days = [f"202401{number:02}" for number in range(1, count + 1)]
        self.store.begin()
        for day in days:
            self.store.told_day("9999", day)
            self.store.claim(client_order(day, trading_day=day))
            self.store.add(
                Record(type=Type.TRADE, name=day, time=1, broker_id="9999", trading_day=day)
            )
        self.store.commit()
        return days

    def prune(self, before: int, id_days: int, most: int) -> int:
        turns, after, more = 0, 0, True
        while more:
            self.store.begin()
            after, more = self.store.prune(before, id_days, after, most)
            self.store.commit()
            turns += 1
        return turns

    def left(self) -> list[str]:
        found = self.store.client_orders("9999", "028742", "", "", 99)
        return [order.client_order_id for order in found]

    def test_the_old_go_and_the_young_stay(self) -> None:
        days = self.days(25)
        self.assertEqual(self.prune(8, 12, 3), 9)
        self.assertEqual([row["name"] for row in self.read()], days[-RECORD_DAYS:])
        self.assertEqual(self.left(), days[-12:])

    def test_records_that_are_young_by_the_clock_stay(self) -> None:
        days = self.days(25)
        self.prune(1, 10, 100)
        self.assertEqual([row["name"] for row in self.read()], days)

    def test_without_days_only_what_belongs_to_none_goes(self) -> None:
        self.write(
            Record(type=Type.SESSION, name="lost", time=1),
            Record(type=Type.TRADE, name="", time=1, trading_day="20240102"),
        )
        self.store.begin()
        self.store.claim(client_order())
        self.store.commit()
        self.prune(10**19, 10, 10)
        self.assertEqual([row["type"] for row in self.read()], ["trade"])
        self.assertEqual(self.left(), ["a-1"])

    def test_damaged_records_stay_and_keep_no_other(self) -> None:
        """A time and a day that are none, and a text that is no UTF-8."""
        days = self.days(25)
        self.store.begin()
        for name, column, value in ((0, "time", "x'00'"), (1, "trading_day", "x'00'"),
                                    (2, "broker_id", "CAST(x'ff' AS TEXT)")):  # fmt: skip
            query = f"UPDATE record SET {column} = {value} WHERE name = ?"
            self.store._db.execute(query, (days[name],))
        self.store.commit()
        self.prune(8, 12, 3)
        left = [row["name"] for row in self.read()]
        self.assertEqual(left, [*days[:3], *days[-RECORD_DAYS:]])

    def test_a_clock_set_back_does_not_stop_it(self) -> None:
        self.write(*(Record(type=Type.TRADE, name="", time=time) for time in (1, 9, 2)))
        self.prune(5, 10, 10)
        self.assertEqual([row["time"] for row in self.read()], [9])


class OpeningTests(StoreTestCase):
    """Files that are no journals, and places where none can be."""

    def test_a_place_that_cannot_be_written(self) -> None:
        (self.path.parent / "file").touch()
        with self.assertRaises(JournalBroken) as caught:
            Store(self.path.parent / "file" / "journal")
        self.assertRegex(str(caught.exception), r"^cannot open the journal .*/file/journal: .+$")

    def test_a_file_of_something_else(self) -> None:
        other = self.path.parent / "other"
        other.write_bytes(b"no database, but long enough to be looked at" * 100)
        with self.assertRaises(JournalBroken):
            Store(other)
        with self.assertRaises(JournalBroken):
            Reader(other)

    def test_a_journal_of_another_version(self) -> None:
        self.store._db.execute("PRAGMA user_version = 99")
        with self.assertRaises(JournalBroken) as caught:
            Store(self.path)
        self.assertIn("version 99", str(caught.exception))
        with self.assertRaises(JournalBroken):
            Reader(self.path)

    def test_another_database_is_left_alone(self) -> None:
        other = self.path.parent / "other"
        with contextlib.closing(sqlite3.connect(other)) as base:
            base.execute("CREATE TABLE mine (x)")
            base.commit()
        before = other.read_bytes()
        with self.assertRaises(JournalBroken) as caught:
            Store(other)
        self.assertIn("is no journal but another database", str(caught.exception))
        self.assertEqual(other.read_bytes(), before)

    def test_a_journal_of_version_1_is_taken_over(self) -> None:
        old = self.path.parent / "old"
        with contextlib.closing(sqlite3.connect(old)) as base:
            base.executescript(VERSION_1)
            value = msgspec.json.encode(client_order()).decode()
            row = ("9999", "028742", "a-1", 1, "20240102", value)
            base.execute("INSERT INTO client_order VALUES (?, ?, ?, ?, ?, ?)", row)
            row = ("9999", "028742", "a-2", 1, "20240103", value)
            base.execute("INSERT INTO client_order VALUES (?, ?, ?, ?, ?, ?)", row)
            base.commit()
        self.store.close()
        self.path = old
        self.store = self.open()
        self.write(Record(type=Type.TRADE, name="t"))
        self.assertEqual(self.store.last_days("9999"), "20240102")
        self.store.begin()
        self.assertEqual(self.store.claim(client_order(digest="11")), client_order())
        self.store.commit()
        self.assertEqual([row["name"] for row in self.read()], ["t"])

    def test_an_opening_that_fails_leaves_no_descriptor(self) -> None:
        other = self.path.parent / "other"
        other.write_bytes(b"no database, but long enough to be looked at" * 100)
        before = os.listdir("/proc/self/fd")
        for _ in range(3):
            with self.assertRaises(JournalBroken):
                Store(other)
        self.assertEqual(len(os.listdir("/proc/self/fd")), len(before))

    def test_opening_it_again_leaves_the_locks_of_the_first(self) -> None:
        self.store.begin()
        with contextlib.closing(sqlite3.connect(self.path, timeout=0)) as base:
            base.execute("PRAGMA busy_timeout = 0")
            with patch.object(store, "BUSY_MS", 0), self.assertRaises(JournalBroken):
                Store(self.path)
        command = [sys.executable, "-c", LOCKED, str(self.path)]
        self.assertEqual(subprocess.run(command, check=False).returncode, 0)
        self.store.commit()

    def test_no_journal_to_read(self) -> None:
        with self.assertRaises(JournalBroken):
            Reader(self.path.parent / "none")
        self.assertFalse(os.path.exists(self.path.parent / "none"))


class SecretTests(SynchronousTestCase):
    """Which fields are never recorded."""

    def test_every_field_that_looks_like_one_is_one(self) -> None:
        secrets = secret_fields(CATALOGUE)
        looks = re.compile(r"(?i)pass ?word|psw|^pin|authcode|authkey|mackey|^captcha$|^token$")
        for name in CATALOGUE.struct_names:
            for field in CATALOGUE.struct(name).fields:
                if looks.search(field.name):
                    self.assertIn(field.name, secrets, name)

    def test_what_an_order_says_is_none(self) -> None:
        secrets = secret_fields(CATALOGUE)
        for name in ("InputOrder", "Order", "Trade", "InputOrderAction", "InputQuote"):
            fields = {field.name for field in CATALOGUE.struct(f"CThostFtdc{name}Field").fields}
            self.assertEqual(fields & secrets, set())
