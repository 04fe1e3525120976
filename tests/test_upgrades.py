"""Files kept from earlier versions are read by this one; those of newer ones are left untouched.

`tests/kept` has a folder for 1.0, made by its code (commit 6140575), and one for each format that
came later. A new format brings a folder of the one before.
"""

import contextlib
import json
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import msgspec
from twisted.trial.unittest import SynchronousTestCase

from tests.sim.audit import audit
from tests.sim.helpers import Bench
from webctp.commands import kill
from webctp.exchanges import calendar, productfile
from webctp.gateway.access.principal import Scope
from webctp.gateway.access.tokens import file as tokenfile
from webctp.gateway.access.tokens.file import TokenFileError, editing, read_tokens
from webctp.sim import SimOptions, StateError
from webctp.sim.exchange import records
from webctp.sim.host import state as statefile
from webctp.sim.host.state import StateFile
from webctp.sim.model.timeline import ExchangeHours
from webctp.storage.versions import UnknownVersion, copy_path
from webctp.upstream.account import AccountKey
from webctp.upstream.barstore import file as barfile
from webctp.upstream.barstore.file import BarFile, BarStoreError
from webctp.upstream.barstore.row import SeriesKey
from webctp.upstream.conditional.conditional import Conditional
from webctp.upstream.conditional.table import ConditionalState
from webctp.upstream.journal import schema as journal_schema
from webctp.upstream.journal.plans import CONDITIONAL, OFFSET
from webctp.upstream.journal.reader import Reader
from webctp.upstream.journal.store import Store
from webctp.upstream.kill import halts
from webctp.upstream.kill.halts import ALL, KillFile, KillLevel, KillState
from webctp.upstream.offset.plan import OffsetPlan
from webctp.upstream.orders.client_order import ClientOrder, JournalBroken

ROOT: Final = Path(__file__).resolve().parent.parent
KEPT: Final = ROOT / "tests" / "kept"


@dataclass(frozen=True)
class Kind:
    """A kind of file that bears a version.

    :param module: where its version stands, below ``webctp``.
    :param version: the one that this webctp writes.
    :param bears: how a kept file says its version.
    :param first: the folder of version 1, where it is another than its own.
    :param unmarked: whether files of version 1 say 0.
    """

    module: str
    version: int
    bears: str = "PRAGMA user_version = {};"
    first: str = ""
    unmarked: bool = False

    def folder(self, name: str, version: int) -> str:
        """Name the folder below ``tests/kept`` of a version."""
        return self.first if version == 1 and self.first else f"{Path(name).stem}-{version}"


KINDS: Final = {
    "journal.sql": Kind("upstream/journal/schema.py", journal_schema.SCHEMA.version, first="1.0"),
    "state.sql": Kind("sim/host/state.py", statefile.SCHEMA.version, first="1.0", unmarked=True),
    "bars.sql": Kind("upstream/barstore/file.py", barfile.SCHEMA.version),
    "tokens.json": Kind("gateway/access/tokens/file.py", tokenfile.VERSION, '"version": {},'),
    "kill.json": Kind("upstream/kill/halts.py", halts.VERSION, '"version":{},'),
}
"""By the name of the kept file. Conditional orders, splits and what is to be cancelled are in the
journal, the counters of Compliance are made of it; audit logs and recordings are lines that name
their fields, and bear no version (docs/upgrading.md)."""


def made(sql: str, path: Path) -> None:
    """Make an SQLite file of a dump."""
    with contextlib.closing(sqlite3.connect(path)) as database:
        database.executescript(sql)


def rows(path: Path, query: str) -> list[Any]:
    """Ask an SQLite file."""
    with contextlib.closing(sqlite3.connect(path)) as database:
        database.row_factory = sqlite3.Row
        return [dict(row) for row in database.execute(query)]


class UpgradeTestCase(SynchronousTestCase):
    """A folder for each test."""

    def setUp(self) -> None:
        self.folder = Path(self.mktemp()).absolute()
        self.folder.mkdir()

    def kept(self, version: str, name: str) -> Path:
        """Put a kept file where it may be changed."""
        source = KEPT / version / name
        path = self.folder / name
        if source.suffix == ".sql":
            made(source.read_text("utf-8"), path)
        else:
            shutil.copy(source, path)
            path.chmod(0o600)
        return path

    def newer(self, name: str) -> Path:
        """Make a file of a version to come, whose webctp was killed."""
        path = self.folder / name
        script = (
            "import os, sqlite3, sys; base = sqlite3.connect(sys.argv[1], isolation_level=None);"
            "base.execute('PRAGMA journal_mode = WAL'); base.execute('CREATE TABLE later (x)');"
            "base.execute('PRAGMA user_version = 99'); os._exit(0)"
        )
        subprocess.run([sys.executable, "-c", script, str(path)], check=True, timeout=60)
        return path

    def files(self) -> dict[str, bytes]:
        """Return every file of the folder but SQLite's index of its -wal and locks."""
        return {
            path.name: path.read_bytes()
            for path in self.folder.iterdir()
            if not path.name.endswith(("-shm", ".lock"))
        }


class KeptTests(SynchronousTestCase):
    """Which files are kept."""

    def test_one_of_each_version_that_was_ever_written(self) -> None:
        missing = [
            f"{folder}/{name}"
            for name, kind in KINDS.items()
            for version in range(1, kind.version + 1)
            if not (KEPT / (folder := kind.folder(name, version)) / name).is_file()
        ]
        self.assertEqual(missing, [], "keep one, made by the code that wrote that version")

    def test_each_bears_its_version(self) -> None:
        for name, kind in KINDS.items():
            for version in range(1, kind.version + 1):
                content = (KEPT / kind.folder(name, version) / name).read_text("utf-8")
                bears = kind.bears.format(0 if kind.unmarked and version == 1 else version)
                self.assertIn(bears, content, (name, version))

    def test_nothing_is_kept_that_no_test_looks_at(self) -> None:
        kept = {str(path.relative_to(KEPT)) for path in KEPT.rglob("*") if path.is_file()}
        wanted = {
            f"{kind.folder(name, version)}/{name}"
            for name, kind in KINDS.items()
            for version in range(1, kind.version + 1)
        }
        self.assertEqual(kept, wanted)

    def test_every_file_that_bears_a_version_is_one_of_these(self) -> None:
        """What has a Schema, or looks at a version in JSON, has its files here."""
        makes = re.compile(
            r"from webctp\.storage\.versions import (?:\([^)]*|[^\n]*)\b(?:Schema|check_json)\b"
        )
        house = ROOT / "webctp"
        found = {
            path.relative_to(house).as_posix()
            for path in house.rglob("*.py")
            if makes.search(path.read_text("utf-8"))
        }
        self.assertEqual(found, {kind.module for kind in KINDS.values()})


class JournalTests(UpgradeTestCase):
    """Records and ClientOrderIDs."""

    def take_over(self, version: str) -> tuple[list[Any], list[ClientOrder], Path, Store]:
        """Open a kept journal; gives what was in it before."""
        path = self.kept(version, "journal.sql")
        before = rows(path, "SELECT * FROM record ORDER BY id")
        values = [row["value"] for row in rows(path, "SELECT value FROM client_order")]
        orders = [msgspec.json.decode(value, type=ClientOrder) for value in values]
        store = Store(path)
        self.addCleanup(store.close)
        return before, orders, path, store

    def holds_all(self, version: str, records: int) -> Path:
        before, orders, path, store = self.take_over(version)
        self.assertEqual((len(before), len(orders)), (records, 16))
        reader = Reader(path)
        self.addCleanup(reader.close)
        self.assertEqual([dict(row) for row in reader.records({})], before)
        self.assertEqual(store.last_days("9999"), "20261124")
        for order in orders:
            store.begin()
            # The same ID again is answered by what became of it, and sends nothing.
            again = msgspec.structs.replace(order, digest="another", order_ref="99")
            self.assertEqual(store.claim(again), order, order.client_order_id)
            store.commit()
        unsettled = store.client_orders("9999", "1001", "20261125", "", 100)
        self.assertEqual(len(unsettled), 4)
        return path

    def test_of_1_0(self) -> None:
        path = self.holds_all("1.0", 114)
        copy = copy_path(path, 1)
        self.assertEqual(rows(copy, "PRAGMA user_version"), [{"user_version": 1}])
        self.assertEqual(len(rows(copy, "SELECT * FROM record")), 114)

    def test_of_version_2(self) -> None:
        self.holds_all("journal-2", 49)

    def test_of_version_3(self) -> None:
        path = self.holds_all("journal-3", 24)
        self.assertTrue(copy_path(path, 3).exists())
        store = Store(path)
        self.addCleanup(store.close)
        store.begin()
        (due,) = store.dues.claim("9999", "1001", "b", "20261125")
        store.commit()
        self.assertEqual((due.kind, due.sessions), ("CancelAllAfter", ((1, 9),)))

    def test_of_version_4(self) -> None:
        """With plans, of the first webctp that kept conditional orders."""
        before, orders, path, store = self.take_over("journal-4")
        self.assertEqual((len(before), len(orders)), (31, 5))
        unsettled = store.client_orders("9999", "1001", "20261130", "", 100)
        self.assertEqual([one.client_order_id for one in unsettled], ["rests"])
        account = AccountKey("9999", "1001")
        waiting = map(Conditional.of, store.plans.unsettled(*account, CONDITIONAL))
        self.assertEqual(
            {one.conditional_id: (one.state, len(one.legs), one.parent) for one in waiting},
            {
                "bracket#1": (ConditionalState.PAUSED, 1, "bracket"),
                "late": (ConditionalState.PAUSED, 1, ""),
                "pair": (ConditionalState.PAUSED, 2, ""),
                "stop": (ConditionalState.PAUSED, 1, ""),
            },
        )
        ended = store.plans.find(*account, CONDITIONAL, "bracket")
        split = store.plans.find(*account, OFFSET, "auto")
        assert ended is not None and split is not None
        bracket = Conditional.of(ended)
        self.assertEqual((bracket.state, bracket.covered), (ConditionalState.DONE, 2))
        self.assertEqual(OffsetPlan.of(split).parts, (("3", 1),))
        store.begin()
        dues = store.dues.claim(*account, "b", "20261130")
        store.commit()
        self.assertEqual(
            sorted((one.kind, one.sessions) for one in dues),
            [("CancelAllAfter", ((1, 2),)), ("CancelOnDisconnect", ((1, 2),))],
        )
        reader = Reader(path)
        self.addCleanup(reader.close)
        self.assertEqual([dict(row) for row in reader.records({})], before)

    def test_a_migration_that_is_killed_leaves_the_old_or_the_new(self) -> None:
        for name in ("journal", "state"):
            command = [sys.executable, str(ROOT / "tests" / "storage" / "killed.py"), name]
            done = subprocess.run(
                [*command, str(KEPT / "1.0" / f"{name}.sql")],
                cwd=self.folder,
                env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
                capture_output=True,
                text=True,
                check=False,
                timeout=300,
            )
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertRegex(done.stdout, r"^killed=[1-9]\d+ old=\d+ new=1\n$")

    def test_of_a_newer_version(self) -> None:
        """Also one whose webctp was killed: what is in its -wal only is left there."""
        path = self.newer("journal.sql")
        before = self.files()
        self.assertEqual(set(before), {"journal.sql", "journal.sql-wal"})
        for opened in (Store, Reader):
            error = self.assertRaises(JournalBroken, opened, path)
            self.assertIn(f"{path} is of version 99, this webctp reads versions up to", str(error))
            self.assertIn("use the webctp that wrote it", str(error))
            self.assertEqual(self.files(), before)


class BarTests(UpgradeTestCase):
    """The bar store."""

    def test_of_version_1(self) -> None:
        path = self.kept("bars-1", "bars.sql")
        before = rows(path, "SELECT * FROM bar ORDER BY series, begin")
        file = BarFile(path)
        self.addCleanup(file.close)
        self.assertEqual(rows(path, "SELECT * FROM bar ORDER BY series, begin"), before)
        self.assertEqual(
            [(key.instrument_id, key.period, count) for key, count, _, _ in file.series()],
            [("cu2701", "1m", 4), ("rb2701", "1d", 1), ("rb2701", "1m", 4)],
        )
        (day,) = file.bars(SeriesKey("rb2701", "1d"), 9)
        self.assertEqual((day.trading_day, day.close, day.settlement), ("20261123", 3103.0, 3099.0))

    def test_of_a_newer_version(self) -> None:
        """Also one whose webctp was killed: what is in its -wal only is left there."""
        path = self.newer("bars.sqlite")
        before = self.files()
        self.assertEqual(set(before), {"bars.sqlite", "bars.sqlite-wal"})
        error = self.assertRaises(BarStoreError, BarFile, path)
        self.assertIn(f"{path} is of version 99, this webctp reads versions up to 1", str(error))
        self.assertIn("use the webctp that wrote it", str(error))
        self.assertEqual(self.files(), before)


class ForeignTests(UpgradeTestCase):
    """One kind of file where another is named."""

    def test_each_is_refused_and_stays_as_it_is(self) -> None:
        openers: dict[str, tuple[Callable[[Path], object], type[Exception]]] = {
            "journal.sql": (Store, JournalBroken),
            "state.sql": (lambda path: StateFile(str(path), 7), StateError),
            "bars.sql": (BarFile, BarStoreError),
        }
        for version, name in (
            *(("1.0", "journal.sql"), ("1.0", "state.sql"), ("bars-1", "bars.sql")),
            *(("journal-2", "journal.sql"), ("journal-3", "journal.sql")),
            *(("journal-4", "journal.sql"), ("state-2", "state.sql")),
        ):
            for other, (opened, error) in openers.items():
                if other == name:
                    continue
                path = self.kept(version, name)
                before = self.files()
                problem = self.assertRaises(error, opened, path)
                self.assertIn(str(path), str(problem), (version, other))
                self.assertEqual(self.files(), before, (version, other))
                path.unlink()


class StateTests(UpgradeTestCase):
    """The simulated exchange."""

    def exchange(self, path: Path) -> tuple[Bench, dict[tuple[str, str], list[Any]]]:
        file = StateFile(str(path), 7)
        self.addCleanup(file.close)
        moment = file.moment()
        assert moment is not None
        hours = ExchangeHours(calendar.default(), productfile.default().values())
        bench = Bench(SimOptions(seed=7), hours, moment)
        return bench, file.load(bench.exchange)

    def test_of_1_0(self) -> None:
        path = self.kept("1.0", "state.sql")
        flows_before = rows(path, "SELECT * FROM flows WHERE investor = '1001'")
        bench, flows = self.exchange(path)
        audit(bench.exchange)
        self.assertEqual(bench.now, datetime(2026, 11, 25, 10, 0, 8, 211280))
        session = bench.login("1001", "kept-1001")
        # What 1.0 itself answered when the file was made (with a market that has moved since).
        funds = bench.funds(session)
        told = {name: funds[name] for name in ("PreBalance", "CurrMargin", "Commission")}
        self.assertEqual(
            told, {"PreBalance": 10000418.2, "CurrMargin": 10699.2, "Commission": 11.85}
        )
        orders = bench.rows(session, "ReqQryOrder")
        self.assertEqual("".join(str(row["OrderStatus"]) for row in orders), "0035")
        trades = bench.rows(session, "ReqQryTrade")
        self.assertEqual([(row["Price"], row["Volume"]) for row in trades], [(2964, 3), (2963, 1)])
        held = bench.rows(session, "ReqQryInvestorPosition")
        self.assertEqual([(row["Position"], row["YdPosition"]) for row in held], [(2, 0), (2, 2)])
        self.assertEqual(len(bench.rows(session, "ReqQryParkedOrder")), 2)
        statement = bench.rows(session, "ReqQrySettlementInfo", TradingDay="20261124")
        self.assertIn("10000418.20", b"".join(bytes(r["Content"]) for r in statement).decode("gbk"))  # type: ignore[call-overload]
        self.assertEqual(
            [(one.flow, one.callback, one.body) for one in flows["9999", "1001"]],
            [(row["place"], row["callback"], row["body"]) for row in flows_before],
        )
        copy = copy_path(path, 1)
        self.assertEqual(len(rows(copy, "SELECT * FROM orders")), 8)
        again, _ = self.exchange(path)
        key = "9999", "1001"
        self.assertEqual(
            records.of_account(again.exchange.accounts[key])["cash"]["pre_balance"], 100_004_182_000
        )

    def test_of_version_2(self) -> None:
        path = self.kept("state-2", "state.sql")
        bench, flows = self.exchange(path)
        audit(bench.exchange)
        session = bench.login("1001", "kept-1001")
        funds = bench.funds(session)
        # What was answered when the file was made (with a market that has moved since).
        told = {name: funds[name] for name in ("PreBalance", "CurrMargin", "Commission")}
        self.assertEqual(
            told, {"PreBalance": 10000000.0, "CurrMargin": 10926.0, "Commission": 18.06}
        )
        orders = bench.rows(session, "ReqQryOrder")
        self.assertEqual("".join(str(row["OrderStatus"]) for row in orders), "03500")
        trades = bench.rows(session, "ReqQryTrade")
        self.assertEqual(
            [(row["Price"], row["Volume"], row["OffsetFlag"]) for row in trades],
            [(3011, 3, "0"), (3010, 1, "3"), (3011, 2, "0")],
        )
        count = rows(path, "SELECT count(*) AS count FROM flows WHERE investor = '1001'")
        self.assertEqual([{"count": len(flows["9999", "1001"])}], count)

    def test_1_0_itself_refuses_what_this_version_writes(self) -> None:
        """It looks at a fact, and would read newer records wrongly."""
        path = self.kept("1.0", "state.sql")
        StateFile(str(path), 7).close()
        (fact,) = rows(path, "SELECT value FROM facts WHERE name = 'version'")
        self.assertEqual(json.loads(fact["value"]), 2)

    def test_of_a_newer_version(self) -> None:
        path = self.kept("1.0", "state.sql")
        with contextlib.closing(sqlite3.connect(path)) as database:
            database.execute("PRAGMA user_version = 99")
        before = self.files()
        error = self.assertRaises(StateError, StateFile, str(path), 7)
        self.assertIn("is of version 99, this webctp reads versions up to 2", str(error))
        self.assertEqual(self.files(), before)

    def test_another_database(self) -> None:
        path = self.folder / "mine.sqlite"
        made("CREATE TABLE mine (x);", path)
        before = self.files()
        error = self.assertRaises(StateError, StateFile, str(path), 7)
        self.assertIn("is no state but another database", str(error))
        self.assertEqual(self.files(), before)


class TokenTests(UpgradeTestCase):
    """The file of tokens."""

    def test_of_version_1(self) -> None:
        (token,) = read_tokens(self.kept("tokens-1", "tokens.json"))
        self.assertEqual((token.name, token.scopes), ("desk", (Scope("td-trade"), Scope("md"))))
        self.assertEqual((token.accounts, token.networks), (("9999:1001",), ("10.0.0.0/8",)))
        self.assertEqual(token.created.tzinfo, UTC)
        self.assertEqual(len(token.sha256), 64)

    def test_of_a_newer_version(self) -> None:
        path = self.kept("tokens-1", "tokens.json")
        path.write_bytes(path.read_bytes().replace(b'"version": 1', b'"version": 2'))
        before = self.files()

        def edit() -> None:
            with editing(path) as tokens:
                tokens.clear()

        for act in (lambda: read_tokens(path), edit):
            error = self.assertRaises(TokenFileError, act)
            self.assertIn(f"{path} is of version 2, this webctp reads versions up to 1", str(error))
        self.assertEqual(self.files(), before)


class KillTests(UpgradeTestCase):
    """The kill switch's file."""

    def test_of_version_1(self) -> None:
        state = KillFile(str(self.kept("kill-1", "kill.json"))).read(1.0)
        halt = state.halts["account:9999/1001"]
        self.assertEqual((halt.level, halt.reason), (KillLevel.REDUCE_ONLY, "结算"))

    def test_of_a_newer_version(self) -> None:
        """Nobody knows what it forbids: everything is stopped, and nothing lifts that."""
        path = self.kept("kill-1", "kill.json")
        path.write_bytes(b'{"version":2,"halted":{"all":"stop"}}')
        before = self.files()
        file = KillFile(str(path))
        halt = file.read(1.0).halts[ALL]
        self.assertIs(halt.level, KillLevel.STOP)
        self.assertIn(f"{path} is of version 2", halt.reason)
        self.assertRaises(UnknownVersion, file.change, lambda _: KillState(), 1.0)
        self.assertEqual(kill.main(["none", "--path", str(path)]), kill.NOT_ON_DISK)
        self.assertEqual(self.files(), before)
