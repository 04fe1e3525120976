"""What a daemon that dies leaves to its next run: CancelAllAfter, CancelOnDisconnect."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

from msgspec import structs
from twisted.internet.defer import Deferred, maybeDeferred

from tests.gateway.trading.test_kill_moments import SlowJournal
from tests.gateway.trading.test_risk import BUY, RiskTest
from tests.gateway.trading.test_shared import answer
from webctp.config.risk import ComplianceConfig
from webctp.config.sections import JournalConfig
from webctp.gateway.access.audit import Act
from webctp.language.text import verbatim
from webctp.testing import WebSocketPeer, rows
from webctp.upstream.journal.due import Due
from webctp.upstream.journal.journal import Journal
from webctp.upstream.journal.store import Record, Return, Store
from webctp.upstream.journal.trading import TradingJournal
from webctp.upstream.orders.client_order import JournalBroken


class DueJournal(SlowJournal):
    """A journal whose dues are in a real file, written at once."""

    def __init__(self, store: Store) -> None:
        super().__init__()
        self.store = store
        self.is_broken = False

    def put_due(self, due: Due) -> Deferred[None]:
        """Of ``Journal``."""
        return maybeDeferred(self._broken if self.is_broken else self.store.dues.put, due)

    def drop_due(self, due: Due) -> None:
        """Of ``Journal``."""
        self.store.dues.drop(due.broker_id, due.user_id, due.key, due.kind)

    def claim_dues(self, *of: str) -> Deferred[list[Due]]:
        """Of ``Journal``."""
        return maybeDeferred(self._fail if self.is_broken else self.store.dues.claim, *of)

    def append(self, record: object) -> None:
        """Of ``Journal``."""
        assert isinstance(record, Record)
        self.store.add(record)

    def returns(self, *of: Any) -> Deferred[list[Return]]:
        """Of ``Journal``."""
        return maybeDeferred(self.store.returns, *of)

    def _fail(self, *_: str) -> list[Due]:
        raise JournalBroken("full")

    def _broken(self, _: Due) -> None:
        raise JournalBroken("full")


class DueTest(RiskTest):
    """Runs of a daemon on one journal; the front goes on with the day."""

    def setUp(self) -> None:
        self.store = Store(Path(self.mktemp()).absolute() / "journal.sqlite")
        self.addCleanup(self.store.close)
        self.now = 0.0

    def run_daemon(self, **settings: Any) -> None:
        """Start a run; the one before has died without a word."""
        journal = DueJournal(self.store)
        self.journal = journal

        def kept(reactor: Any, path: str, catalogue: Any, **more: Any) -> TradingJournal:
            def make(*_: object, **__: object) -> Journal:
                return journal  # type: ignore[return-value]

            return TradingJournal(reactor, path, catalogue, **more, journal=make)

        with patch("webctp.gateway.trading.service.TradingJournal", kept):
            self.start(journal=JournalConfig("unused"), **{"linger": 60, **settings})
        self.reactor.advance(self.now)
        keeper = self.desk.commons.dues
        assert keeper is not None
        keeper.began = keeper.wall()

    def dies(self, for_seconds: float) -> None:
        """The daemon dies, and is started again after a while."""
        self.now = self.reactor.seconds() - 1_800_000_000 + for_seconds

    def trader(self, session: int, **options: Any) -> WebSocketPeer:
        """A client that logs in as the CTP session of that number."""
        login = {"TradingDay": "20261123", "FrontID": 1, "SessionID": session, "MaxOrderRef": "1"}
        self.front.on("ReqUserLogin", answer=login)
        peer = self.client()
        self.login(peer, **options)
        return peer

    def rests(self, session: int, number: int) -> None:
        """An order of a CTP session rests."""
        self.order(number, "3", OrderSysID=str(number), SessionID=session)

    def cancelled(self) -> list[str]:
        self.settle()
        return [one["OrderSysID"].strip() for one in self.actions()]

    @property
    def left(self) -> list[Due]:
        """What is in the journal."""
        return self.store.dues.claim("9999", "u1", "nobody", "20261123")


class AuditTests(DueTest):
    """What the audit log says of what is carried out for the run before."""

    def run_audited(self) -> list[dict[str, Any]]:
        """Start a run; returns the lines of its audit log, which grow."""
        self.run_daemon()
        lines: list[dict[str, Any]] = []

        def record(act: Act, who: str, address: str, account: str, **fields: Any) -> None:
            lines.append({"act": act, "who": who, "account": account, **fields})

        log: Any = SimpleNamespace(record=record)
        self.desk.commons.fanout.audit = log
        return lines

    def test_each_order_has_one_line_however_often_it_is_asked_for(self) -> None:
        self.run_daemon()
        peer = self.trader(7)
        self.ask(peer, "CancelAllAfter", Milliseconds=10_000)
        self.assertEqual([(one.who, one.address) for one in self.left], [("", "192.168.1.1")])
        self.dies(for_seconds=30)
        lines = self.run_audited()
        self.trader(8)
        for number in (2, 3):
            self.rests(7, number)
        self.settle()
        self.reactor.pump([1.0] * 25)  # they rest all the same, and are cancelled again
        self.assertEqual(self.cancelled(), ["2", "3"] * 3)
        said = [(one.get("Request"), one.get("OrderSysID"), one.get("For")) for one in lines]
        action, kind = "ReqOrderAction", "CancelAllAfter"
        self.assertEqual(said[-3:], [(kind, None, None), (action, "2", kind), (action, "3", kind)])
        due = lines[-3]["Due"]
        self.assertTrue(due.startswith("2027-01-15T08:00:1"), due)

    def test_what_an_older_version_has_left_has_no_name(self) -> None:
        self.run_daemon()
        self.trader(7, CancelOnDisconnect=10)
        (due,) = self.left
        self.store.dues.put(structs.replace(due, who="", address=""))
        self.dies(for_seconds=30)
        lines = self.run_audited()
        self.reactor.advance(11)
        self.trader(8)
        self.settle()
        (line,) = [one for one in lines if one.get("Request") == "CancelOnDisconnect"]
        self.assertEqual((line["who"], line["Run"]), ("", "before"))


class CountTests(DueTest):
    """The counters of ``Compliance``, where CTP has begun its flow anew and tells nothing."""

    def test_what_the_run_before_was_told_counts(self) -> None:
        config = ComplianceConfig(max_cancels=3)
        self.run_daemon(compliance=config)
        self.trader(7)
        for number in range(2, 5):
            fields = rows.order("rb2701", TradingDay="20261123", InvestorID="u1", LimitPrice=1e300)
            names = {"OrderLocalID": str(number), "OrderSysID": str(number), "OrderStatus": "5"}
            self.front.push("OnRtnOrder", {**fields, **names, "OrderRef": str(number)})
        self.settle()
        self.dies(for_seconds=3)
        self.run_daemon(compliance=config)
        peer = self.trader(8)
        (row,) = self.ask(peer, "QryCompliance")
        self.assertEqual((row["Compliance"]["Inserts"], row["Compliance"]["Cancels"]), (3, 3))
        peer.send({"MsgType": "ReqOrderInsert", "RequestID": 4, "InputOrder": BUY})
        self.settle()
        self.assertIn("Cancels of rb2701 has reached", answer(peer.received())["Detail"])


class TimerTests(DueTest):
    """``CancelAllAfter``."""

    def arm(self, peer: WebSocketPeer, milliseconds: int) -> dict[str, Any]:
        (found,) = self.ask(peer, "CancelAllAfter", Milliseconds=milliseconds)
        return found  # type: ignore[no-any-return]

    def first_run(self, milliseconds: int = 10_000) -> None:
        self.run_daemon()
        self.arm(self.trader(7), milliseconds)

    def test_it_is_carried_out_by_the_next_run(self) -> None:
        self.first_run()
        self.dies(for_seconds=30)
        self.run_daemon()
        self.trader(8)
        self.rests(7, 2)
        self.rests(8, 3)
        self.assertEqual(self.cancelled(), ["2"], "that of the run before, and no other")
        self.order(2, "5", OrderSysID="2", SessionID=7)
        self.reactor.advance(31)
        self.assertEqual(self.left, [])
        self.assertEqual(self.cancelled(), ["2"])

    def test_not_before_its_time(self) -> None:
        self.first_run()
        self.dies(for_seconds=4)
        self.run_daemon()
        self.trader(8)
        self.rests(7, 2)
        self.reactor.advance(5)
        self.assertEqual(self.cancelled(), [])
        self.reactor.advance(2)
        self.assertEqual(self.cancelled(), ["2"])

    def test_who_arms_it_anew_goes_on_with_its_orders(self) -> None:
        self.first_run()
        self.dies(for_seconds=4)
        self.run_daemon()
        peer = self.trader(8)
        self.rests(7, 2)
        self.arm(peer, 10_000)
        self.reactor.advance(8)
        self.assertEqual(self.cancelled(), [])

    def test_one_that_was_disarmed_or_has_fired_leaves_nothing(self) -> None:
        for milliseconds, wait in ((0, 0.0), (1000, 2.0)):
            self.run_daemon()
            peer = self.trader(7)
            self.arm(peer, 10_000)
            self.arm(peer, milliseconds)
            self.reactor.advance(wait)
            self.assertEqual(self.left, [], milliseconds)

    def test_a_run_that_dies_while_it_cancels_leaves_it_to_the_next(self) -> None:
        self.first_run()
        for session in (8, 9):
            self.dies(for_seconds=30)
            self.run_daemon()
            self.trader(session)
            self.rests(7, 2)
            self.assertEqual(self.cancelled(), ["2"], session)

    def test_another_day_s_is_forgotten(self) -> None:
        self.first_run()
        self.dies(for_seconds=30)
        self.run_daemon()
        self.front.on("ReqUserLogin", answer={"TradingDay": "20261124", "SessionID": 7})
        self.login(self.client())
        self.order(2, "3", OrderSysID="2", SessionID=7, TradingDay="20261124")
        self.assertEqual(self.cancelled(), [])

    def test_what_a_bad_disk_kept_from_being_read_is_read_at_the_next_login(self) -> None:
        self.first_run()
        self.dies(for_seconds=30)
        self.run_daemon()
        self.journal.is_broken = True
        self.trader(8)
        self.rests(7, 2)
        self.assertEqual(self.cancelled(), [])
        self.journal.is_broken = False
        self.front.disconnect()
        self.front.connect()
        self.settle()
        self.rests(7, 2)
        self.assertEqual(self.cancelled(), ["2"])

    def test_without_the_disk_it_is_said(self) -> None:
        self.run_daemon()
        peer = self.trader(7)
        self.journal.is_broken = True
        peer.send({"MsgType": "CancelAllAfter", "CancelAllAfter": {"Milliseconds": 1000}})
        self.settle()
        refused = answer(peer.received())
        self.assertEqual(refused["RspInfo"]["ErrorID"], -503)
        self.assertIn("set in this run, but it is not in the journal: full", refused["Detail"])
        self.rests(7, 2)
        self.reactor.advance(1.1)
        self.assertEqual(self.cancelled(), ["2"])


class DisconnectTests(DueTest):
    """``CancelOnDisconnect``: counted from the next start."""

    def first_run(self) -> None:
        self.run_daemon()
        self.trader(7, CancelOnDisconnect=10)

    def test_who_comes_too_late(self) -> None:
        self.first_run()
        self.dies(for_seconds=30)
        self.run_daemon()
        self.reactor.advance(11)
        self.trader(8)
        self.rests(7, 2)
        self.assertEqual(self.cancelled(), ["2"])

    def test_a_daemon_that_ends_leaves_it_to_the_next_run(self) -> None:
        for linger in (0, 60):
            self.run_daemon(linger=linger)
            peer = self.trader(7, CancelOnDisconnect=0.5)
            self.rests(7, 2)
            self.desk.leave_clients()
            peer.drop()
            self.reactor.advance(5)
            self.assertEqual(self.cancelled(), [], "it is no client's disconnect")
            self.desk.stop()
            self.assertEqual([one.kind for one in self.left], ["CancelOnDisconnect"])
            self.dies(for_seconds=5)
            self.run_daemon()
            self.reactor.advance(1)
            self.trader(8)
            self.rests(7, 2)
            self.assertEqual(self.cancelled(), ["2"], "nobody came back in time")
            self.dies(for_seconds=5)

    def test_one_that_ends_with_a_broken_journal_cancels_itself(self) -> None:
        self.run_daemon()
        peer = self.trader(7, CancelOnDisconnect=30)
        self.rests(7, 2)
        self.journal.trouble = verbatim("the disk is full")
        self.desk.leave_clients()
        peer.drop()
        self.assertEqual(self.cancelled(), ["2"])

    def test_who_comes_back_in_time(self) -> None:
        self.first_run()
        self.dies(for_seconds=30)
        self.run_daemon()
        self.reactor.advance(9)
        self.trader(8)
        self.rests(7, 2)
        self.reactor.advance(60)
        self.assertEqual(self.cancelled(), [])
        self.assertEqual(self.left, [])

    def test_an_onlooker_is_not_the_one_that_has_gone(self) -> None:
        self.run_daemon(sharing=True)
        self.trader(7, CancelOnDisconnect=10)
        self.dies(for_seconds=30)
        self.run_daemon(sharing=True)
        self.trader(8)
        self.rests(7, 2)
        self.reactor.advance(9)
        self.assertEqual(self.cancelled(), [])
        self.reactor.advance(2)
        self.assertEqual(self.cancelled(), ["2"])

    def test_one_that_logged_out_leaves_nothing(self) -> None:
        self.run_daemon(sharing=True)
        other = self.trader(7)
        peer = self.client()
        self.login(peer, CancelOnDisconnect=10)
        self.assertEqual(len(self.left), 1)
        peer.send({"MsgType": "ReqUserLogout", "RequestID": 2})
        self.settle()
        self.assertEqual(self.left, [])
        other.drop()
