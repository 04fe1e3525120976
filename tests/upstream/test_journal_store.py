"""The journal's file: what is written, claimed, found, pruned and read meanwhile."""

import os
import re
import sqlite3
from pathlib import Path
from typing import Any

import msgspec
from twisted.trial.unittest import SynchronousTestCase

from webctp.ctp import catalog
from webctp.upstream.journal_entry import ClientOrder, JournalBroken, State
from webctp.upstream.journal_store import Reader, Record, Store, Type, secret_fields

CATALOGUE = catalog.trading()


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
        "telltale": {"InstrumentID": "rb2405", "VolumeTotalOriginal": 2},
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
        found = self.store.client_orders("9999", "028742", "20240102")
        self.assertEqual([order.client_order_id for order in found], ["1", "2"])


class PruneTests(StoreTestCase):
    """Old records go, a few at a time."""

    def test_the_old_go_and_the_young_stay(self) -> None:
        self.write(*(Record(type=Type.TRADE, name=str(time), time=time) for time in range(1, 11)))
        self.store.begin()
        for time in range(1, 11):
            self.store.claim(client_order(str(time), time=time))
        self.store.commit()
        turns = 0
        while self.store.prune(8, 8, 3):
            turns += 1
        self.assertEqual(turns, 2)
        self.assertEqual([row["name"] for row in self.read()], ["8", "9", "10"])
        left = self.store.client_orders("9999", "028742", "")
        self.assertEqual(sorted(int(order.client_order_id) for order in left), [8, 9, 10])

    def test_ids_may_stay_longer(self) -> None:
        self.write(Record(type=Type.TRADE, name="", time=5))
        self.store.begin()
        for name, time in (("a", 1), ("b", 5)):
            self.store.claim(client_order(name, time=time))
        self.store.commit()
        self.assertFalse(self.store.prune(8, 3, 10))
        self.assertEqual(self.read(), [])
        left = self.store.client_orders("9999", "028742", "")
        self.assertEqual([order.client_order_id for order in left], ["b"])

    def test_a_clock_set_back_does_not_stop_it(self) -> None:
        self.write(*(Record(type=Type.TRADE, name="", time=time) for time in (1, 9, 2)))
        self.assertFalse(self.store.prune(5, 5, 10))
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
