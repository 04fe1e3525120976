"""The audit log: what is in it, and that neither its disk nor its readers stand in the way."""

import json
import stat
from pathlib import Path
from typing import Any, ClassVar

from twisted.trial.unittest import SynchronousTestCase

from tests.fifos import fifo
from tests.gateway.access.test_grants import GrantCase
from tests.gateway.support import Message
from webctp.ctp import errors
from webctp.gateway.access.audit import MOST_REFUSALS, MOST_WAITING, Act, AuditLog, put_aside
from webctp.gateway.access.tokens.record import new_token
from webctp.gateway.websocket.fanout import Fanout
from webctp.language.text import verbatim
from webctp.testing import ThreadlessReactor
from webctp.upstream.session.apiqueue import reactor_threads

DAY = 86_400.0


class LogCase(SynchronousTestCase):
    """A log on a clock, its wall clock beside it."""

    def setUp(self) -> None:
        self.reactor = ThreadlessReactor()
        self.path = Path(self.mktemp()).absolute() / "audit.jsonl"
        self.now = 1_764_205_200.0  # 2025-11-27, 01:00 UTC
        self.log = self.open()

    def open(self, most: int = 2**20, days: int = 0) -> AuditLog:
        in_thread = reactor_threads(self.reactor)
        return AuditLog(self.reactor, in_thread, lambda: self.now, self.path, most, days)

    def settle(self) -> None:
        for _ in range(4):
            self.reactor.turn()

    def lines(self) -> list[dict[str, Any]]:
        files = [*put_aside(self.path), *([self.path] if self.path.exists() else [])]
        return [json.loads(line) for one in files for line in one.read_text("utf-8").splitlines()]


class Writing(LogCase):
    """Lines on the disk."""

    def test_a_line_says_who_did_what_when_from_where(self) -> None:
        self.log.record(Act.ADMIN, "boss", "10.0.0.1", "9999:a", Level="stop", Why="测试")
        self.settle()
        self.assertEqual(
            self.lines(),
            [
                {
                    "time": "2025-11-27T01:00:00.000000Z",
                    "act": "admin",
                    "who": "boss",
                    "address": "10.0.0.1",
                    "account": "9999:a",
                    "Level": "stop",
                    "Why": "测试",
                }
            ],
        )
        self.assertEqual(stat.S_IMODE(self.path.stat().st_mode), 0o600)

    def test_a_token_is_masked_wherever_somebody_has_pasted_it(self) -> None:
        shown = new_token().reveal()
        self.log.record(Act.ORDER, "bot", "", ClientOrderID=f"a {shown}.", InstrumentID=shown)
        self.log.refused("bot", "", "", shown, errors.NO_SUCH_REQUEST, verbatim(f"no {shown!a}"))
        self.settle()
        order, refusal = self.lines()
        self.assertEqual(
            (order["ClientOrderID"], order["InstrumentID"]), ("a webctp_***.", "webctp_***")
        )
        self.assertEqual((refusal["Request"], refusal["Detail"]), ("webctp_***", "no 'webctp_***'"))

    def test_nothing_is_written_in_the_reactors_thread(self) -> None:
        self.reactor.hold_threads = True
        for number in range(100):
            self.log.record(Act.ORDER, "bot", "", Number=number)
            self.settle()
        self.assertFalse(self.path.exists())
        self.reactor.hold_threads = False
        self.reactor.run_threads()
        self.settle()
        self.assertEqual([one["Number"] for one in self.lines()], list(range(100)))

    def test_a_fifo_that_nobody_reads_is_not_waited_for(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        fifo(self, self.path)
        self.log.record(Act.ORDER, "bot", "", Number=1)
        self.settle()
        found = {one.name: one.value for one in self.log.samples()}
        self.assertEqual(found["webctp_audit_healthy"], 0)
        self.path.unlink()
        self.reactor.advance(1)
        self.settle()
        self.assertEqual([one["Number"] for one in self.lines()], [1], "nothing was lost")

    def test_what_is_there_is_added_to(self) -> None:
        for number in range(3):
            log = self.open()
            log.record(Act.ORDER, "bot", "", Number=number)
            closing = log.close()
            self.settle()
            self.successResultOf(closing)
        self.assertEqual([one["Number"] for one in self.lines()], [0, 1, 2])

    def test_a_disk_that_takes_nothing_loses_nothing_until_too_much_waits(self) -> None:
        self.path.parent.write_text("")  # in the directory's place
        self.log.record(Act.ORDER, "bot", "", Number=1)
        self.settle()
        for number in range(MOST_WAITING + 5):
            self.log.record(Act.ORDER, "bot", "", Number=number)
        found = {one.name.removeprefix("webctp_audit_"): one.value for one in self.log.samples()}
        waiting = {"lines_waiting": MOST_WAITING, "lines_waiting_limit": MOST_WAITING}
        told = {"healthy": 0, **waiting, "lines_dropped_total": 6}
        self.assertEqual(found, told)
        self.path.parent.unlink()
        self.reactor.advance(1)
        self.settle()
        lines = self.lines()
        self.assertEqual(lines[0]["Number"], 1)
        self.assertEqual(len(lines), MOST_WAITING + 1)
        self.assertEqual((lines[-1]["act"], lines[-1]["Count"]), ("dropped", 6))
        self.assertEqual([one.value for one in self.log.samples()], [1, 0, MOST_WAITING, 6])

    def test_a_flood_of_refusals_is_a_few_lines(self) -> None:
        for _ in range(5_000):
            self.log.refused("bot", "", "", "X", errors.TOO_MANY, verbatim("no"))
        self.reactor.advance(60)
        self.log.refused("bot", "", "", "X", errors.TOO_MANY, verbatim("no"))
        self.settle()
        told = self.lines()
        self.assertEqual(len(told), MOST_REFUSALS + 1)
        self.assertEqual(sum(one["Count"] for one in told), 5_001)


class Rotating(LogCase):
    """Files that are put aside."""

    def write(self, log: AuditLog, *, at: float) -> None:
        self.now = at
        log.record(Act.ORDER, "bot", "", Text="x" * 600)
        self.settle()

    def test_one_that_is_full(self) -> None:
        log = self.open(most=1_000)
        for number in range(4):
            self.write(log, at=self.now + number)
        names = [one.name for one in put_aside(self.path)]
        self.assertEqual(names, [f"audit.jsonl.20251127-{number}" for number in (1, 2, 3)])
        self.assertEqual(len(self.lines()), 4)

    def test_one_of_another_day_and_those_that_are_old_go(self) -> None:
        log = self.open(days=2)
        for number in range(6):
            self.write(log, at=self.now + DAY)
            del number
        names = [one.name for one in put_aside(self.path)]
        self.assertEqual(names, ["audit.jsonl.20251201-1", "audit.jsonl.20251202-1"])

    def test_days_and_numbers_are_in_their_order(self) -> None:
        self.path.parent.mkdir()
        for suffix in ("20251128-2", "20251128-10", "20251127-1", "20251128-1", "other", "2025-1"):
            Path(f"{self.path}.{suffix}").touch()
        found = [one.name.rpartition(".")[2] for one in put_aside(self.path)]
        self.assertEqual(found, ["20251127-1", "20251128-1", "20251128-2", "20251128-10"])


class Acts(GrantCase):
    """What clients do."""

    grants: ClassVar[dict[str, Any]] = {"instruments": ("rb*",)}

    def setUp(self) -> None:
        self.path = Path(self.mktemp()).absolute()
        super().setUp()

    def make_fanout(self) -> Fanout:
        in_thread = reactor_threads(self.reactor)
        audit = AuditLog(self.reactor, in_thread, self.wall, self.path, 2**20, 0)
        return Fanout(self.reactor, self.limits, audit)

    def acts(self) -> list[Message]:
        self.settle()
        return [json.loads(line) for line in self.path.read_text("utf-8").splitlines()]

    def test_logins_orders_cancellations_refusals_and_no_secret(self) -> None:
        peer = self.trader(Password="s3cret")
        self.order(peer)
        self.order(peer, InstrumentID="IF2612")
        action = {"InstrumentID": "rb2701", "OrderSysID": "  77", "ActionFlag": "0"}
        peer.send({"MsgType": "ReqOrderAction", "InputOrderAction": action})
        change = {"OldPassword": "s3cret", "NewPassword": "s3cret2"}
        peer.send({"MsgType": "ReqUserPasswordUpdate", "UserPasswordUpdate": change})
        told = self.acts()
        self.assertEqual(
            [(one["act"], one["who"], one["account"]) for one in told],
            [
                ("login", "bot", "9999:user"),
                ("order", "bot", "9999:user"),
                ("refusal", "bot", "9999:user"),
                ("cancel", "bot", "9999:user"),
                ("account", "bot", "9999:user"),
            ],
        )
        login, order, refusal, cancel, _ = told
        self.assertEqual((login["ErrorID"], login["address"]), (0, "192.168.1.1"))
        self.assertEqual((order["InstrumentID"], order["LimitPrice"]), ("rb2701", 3500))
        self.assertEqual(refusal["ErrorID"], errors.FORBIDDEN)
        self.assertIn("'IF2612' is none of", refusal["Detail"])
        self.assertEqual(cancel["OrderSysID"], "  77")
        self.assertNotIn("s3cret", self.path.read_text("utf-8"))

    def test_a_login_that_the_front_refuses(self) -> None:
        self.front.on("ReqUserLogin", error=3)
        self.login(self.connect())
        (login,) = self.acts()
        self.assertEqual((login["act"], login["ErrorID"]), ("login", 3))
