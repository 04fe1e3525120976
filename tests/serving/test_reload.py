"""The configuration taken anew by a daemon that runs: by the table of keys, all or nothing."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Final

from twisted.internet import defer
from twisted.internet.threads import deferToThread
from twisted.logger import capturedLogs
from twisted.trial.unittest import SynchronousTestCase, TestCase

from tests import test_config
from tests.config import own_environment
from tests.daemons import ROOT, DaemonProcess, until
from webctp.config import Config, ConfigError, keys, load
from webctp.config.risk import ComplianceConfig, RiskConfig
from webctp.config.sections import Key
from webctp.language.text import verbatim
from webctp.serving.reload import Change, Outcome, Reload, merged
from webctp.testing import FakeFront, MemoryGateway

BASE: Final = {
    "AppType": "AppType: both",
    "TdFrontAddress": "TdFrontAddress: sim://",
    "MdFrontAddress": "MdFrontAddress: sim://",
    "Host": "Host: 127.0.0.1",
    "Port": "Port: 0",
    "AdminListen": "AdminListen: unix:a.sock",
    "CoreDumps": "CoreDumps: true",
    "Risk": "Risk: {MaxOrderVolume: 77}",
    "Compliance": "Compliance:",
    "Journal": "Journal: {Path: j.sqlite}",
    "Access": "Access: {Tokens: tokens.json}",
    "AuditLog": "AuditLog: {Path: a.jsonl}",
    "BarStore": "BarStore: {Path: bars.sqlite}",
    "Record": "Record: {Path: ticks}",
    "History": "History: {Instruments: rb2701}",
    "Bus": "Bus: {Url: redis://127.0.0.1:1}",
}
"""What a daemon begins with: every section is there, for only then can its keys change."""

MORE: Final = (
    "DrainSeconds: 9",
    *("CoreDumps: false", "LogFileCount: 3", "LogFileBytes: 5", "Sim: {Seed: 4}", "AuthCode: x"),
    *("MaxQueriesPerClient: 7", "KillFile: k.json", "BrokerID: 1", "AppID: a", "Host: localhost"),
    *("ConFilePath: elsewhere", "InstrumentsFile: instruments.txt", "MaxConnections: 9"),
    *("TdFrontAddress: tcp://127.0.0.1:1", "AppType: td"),
    *("TLS: {CertFile: webctp.yaml, KeyFile: webctp.yaml}",),
    *("Journal: {Path: k}", "Journal: {Path: j.sqlite, Days: 2}"),
    "Journal: {Path: j.sqlite, OnFailure: continue}",
    *("Access: {Tokens: other.json}", "Access: {Tokens: tokens.json, TokenInQuery: true}"),
    *("AuditLog: {Path: b}", "AuditLog: {Path: a.jsonl, Bytes: 65536}"),
    "AuditLog: {Path: a.jsonl, Days: 2}",
    *("BarStore: {Path: b.sqlite}", "BarStore: {Path: bars.sqlite, Days: 3}"),
    "BarStore: {Path: bars.sqlite, Instruments: rb2701}",
    *("Record: {Path: more}", "Record: {Path: ticks, Format: parquet}"),
    *("History: {Instruments: au2701}", "History: {Instruments: rb2701, Periods: 5m}"),
    "History: {Instruments: rb2701, Bars: 5}",
    *("BusPassword: x", "Bus: {Url: redis://127.0.0.1:2}"),
    *(f"Bus: {{Url: redis://127.0.0.1:1, {one}}}"
      for one in ("Publish: true", "Name: 2", "Partitions: 2", "Prefix: w", "User: u")),
    "Bus: {Url: redis://127.0.0.1:1, CaFile: webctp.yaml}",
    *(f"Compliance: {{{one.name}: 33}}" for one in keys(ComplianceConfig)),
    *(f"Risk: {{MaxOrderVolume: 77, {one.name}: {one.example}}}"
      for one in keys(RiskConfig) if one.name != "MaxOrderVolume"),
    "Risk: {MaxOrderVolume: 9}",
    "MdRedundancy: true\nMdFrontAddress: [tcp://127.0.0.1:1, tcp://127.0.0.1:2]",
)  # fmt: skip
"""Lines for keys that `tests.test_config` has no other value of. Those of `TLS` are files, which
`tests.serving.test_certificates` changes."""


def every(target: Any = Config, prefix: str = "") -> Iterator[tuple[str, Key]]:
    """Every key of the table, those of sections behind their section's name."""
    for key in keys(target):
        yield prefix + key.name, key
        if key.kind.section is not None:
            yield from every(key.kind.section, f"{prefix}{key.name}.")


TABLE: Final = dict(every())


def changed_lines() -> Iterator[str]:
    """Give a line with another value for every key."""
    known = [*(line for line, _, _ in test_config.KeyTests.TAKEN), *MORE]
    yield from known
    stated = {one.partition(":")[0] for line in known for one in line.splitlines()}
    for key in keys():
        if key.name not in stated and key.kind.section is None:
            yield f"{key.name}: {another(key)}"


def another(key: Key) -> str:
    """Return a value that a key takes, and that is not its default."""
    for text in (key.example, "true", "false", "7", "0.5", *key.kind.en.split(), "other"):
        try:
            if text and key.kind.read(text) != key.default:
                return text
        except ValueError:
            continue
    raise AssertionError(f"add a line for {key.name} to MORE")


def is_looked_at(name: str) -> bool:
    """Return whether a daemon that begins with ``BASE`` can have another value of a key."""
    section, _, below = name.partition(".")
    if below:
        return section in BASE
    return TABLE[name].kind.section is None


def text_of(line: str) -> str:
    """Return the configuration with one line in place of its own."""
    names = {one.partition(":")[0] for one in line.splitlines()}
    if "Listen" in names:
        names |= {"Host", "Port"}
    return "\n".join([*(one for name, one in BASE.items() if name not in names), line, ""])


class Merged(SynchronousTestCase):
    """What can be in force of a configuration that takes another's place."""

    def setUp(self) -> None:
        own_environment(self)
        folder = Path(self.mktemp()).absolute()
        folder.mkdir()
        self.addCleanup(os.chdir, os.getcwd())
        os.chdir(folder)
        Path("instruments.txt").write_text("rb2701\n")
        self.path = folder / "webctp.yaml"

    def load(self, line: str = "") -> Config:
        self.path.write_text(text_of(line), "utf-8")
        return load(str(self.path))

    def test_each_key_by_the_table(self) -> None:
        """A key that can be reloaded is taken, another is named; nothing else changes."""
        old = self.load()
        seen = set()
        for line in changed_lines():
            asked = self.load(line)
            made, changed, kept = merged(old, asked)
            for one in changed:
                self.assertTrue(TABLE[one.key].reload, (line, one))
            for one in kept:
                self.assertFalse(TABLE[one.key].reload, (line, one))
                self.assertTrue(one.old != one.new or one.new == "***", line)
            self.assertEqual(made == old, not changed, line)
            seen |= {one.key for one in (*changed, *kept)}
        self.assertEqual({one for one in TABLE if is_looked_at(one)} - seen, set())

    def test_sections_that_come_or_go_wait_for_a_restart(self) -> None:
        old = self.load()
        for name in ("Risk", "Compliance"):
            gone: Any = {name.lower(): None}
            without = replace(old, **gone)
            for before, now in ((old, without), (without, old)):
                made, changed, kept = merged(before, now)
                self.assertEqual(([one.key for one in kept], changed), ([name], []))
                self.assertEqual(made, before)

    def test_secrets_are_not_told(self) -> None:
        _, _, kept = merged(self.load("AuthCode: geheim1"), self.load("AuthCode: geheim2"))
        self.assertEqual(kept, [Change("AuthCode", "***", "***")])
        _, _, kept = merged(self.load(), self.load("Sim: {AuthCode: geheim3}"))
        self.assertNotIn("geheim3", str(kept))


OF_THE_PROCESS: Final = {"log_level", "log_levels", "log_format", "tls"}
"""Keys whose rooms are no daemon's: of the log, and of certificates."""


class FakeDaemon:
    """Takes a configuration over, or refuses it."""

    def __init__(self) -> None:
        self.taken: list[Config] = []
        self.problem: ConfigError | None = None
        self.waits: defer.Deferred[None] = defer.succeed(None)

    async def _reload(self, config: Config) -> None:
        await self.waits
        if self.problem is not None:
            raise self.problem
        self.taken.append(config)

    def reload(self, config: Config) -> Any:
        return defer.ensureDeferred(self._reload(config))


class Reloading(SynchronousTestCase):
    """One time after the other, all or nothing."""

    def setUp(self) -> None:
        self.daemon = FakeDaemon()
        self.asked: list[Config | ConfigError] = []
        self.levels: list[str] = []

        def read() -> Config:
            found = self.asked.pop(0)
            if isinstance(found, ConfigError):
                raise found
            return found

        self.base = Config(td_front_address=("sim://",))
        in_thread: Any = defer.maybeDeferred
        self.reload = Reload(
            self.base,
            read,
            in_thread,
            self.daemon,
            lambda config: self.levels.append(config.log_level),
        )

    def outcome(self, asked: Config | ConfigError) -> Outcome:
        self.asked.append(asked)
        found: Outcome = self.successResultOf(self.reload())
        return found

    def test_what_can_change_does_and_the_rest_is_told(self) -> None:
        asked = replace(self.base, log_level="WARN", message_rate=7, port=9, broker_id="1")
        with capturedLogs() as events:
            told = self.outcome(asked)
        self.assertEqual({one.key for one in told.changed}, {"LogLevel", "MessageRate"})
        self.assertEqual({one.key for one in told.kept}, {"Port", "BrokerID"})
        (daemon,) = self.daemon.taken
        self.assertEqual((daemon.message_rate, daemon.port), (7, self.base.port))
        self.assertEqual(self.levels, ["WARN"])
        waits = [one for one in events if "at a restart only" in one["log_format"]]
        self.assertEqual({(one["key"], one["old"], one["new"]) for one in waits},
                         {("Port", "8080", "9"), ("BrokerID", "-", "1")})  # fmt: skip

    def test_a_mistake_leaves_everything_as_it_was(self) -> None:
        first = replace(self.base, log_level="WARN")
        self.outcome(first)
        told = self.outcome(ConfigError(verbatim("webctp.yaml:3: Port: found 'x'")))
        self.assertEqual(told.problem, "webctp.yaml:3: Port: found 'x'")
        self.daemon.problem = ConfigError(verbatim("TLS: no such file"))
        told = self.outcome(replace(first, log_level="ERROR", message_rate=5))
        self.assertEqual((told.problem, told.changed), ("TLS: no such file", ()))
        self.assertEqual((len(self.daemon.taken), self.levels), (1, ["WARN"]))
        self.assertEqual(self.reload.config, first)
        self.daemon.problem = None
        self.assertEqual(self.outcome(first), Outcome())

    def test_a_fault_of_ours_is_logged_and_told(self) -> None:
        self.asked.append(replace(self.base, message_rate=1))
        self.patch(self.daemon, "reload", lambda _: 1 / 0)
        told = self.successResultOf(self.reload())
        self.assertEqual(told.problem, "internal error; see the log")
        self.assertEqual(len(self.flushLoggedErrors(ZeroDivisionError)), 1)
        self.assertEqual(self.reload.config, self.base)

    def test_two_at_a_time_are_done_one_after_the_other(self) -> None:
        waits: defer.Deferred[None] = defer.Deferred()
        self.daemon.waits = waits
        self.asked += [replace(self.base, message_rate=1), replace(self.base, message_rate=2)]
        done = [self.reload(), self.reload()]
        self.assertEqual(len(self.asked), 1)
        self.daemon.waits = defer.succeed(None)
        waits.callback(None)
        self.assertEqual([self.successResultOf(one).changed[0].new for one in done], ["1", "2"])


def insert_of(lots: int) -> dict[str, Any]:
    """Return the body of an insert."""
    return {
        "ExchangeID": "SHFE", "InstrumentID": "rb2701", "Direction": "0",
        "CombOffsetFlag": "0", "CombHedgeFlag": "1", "OrderPriceType": "2",
        "LimitPrice": 3500.0, "VolumeTotalOriginal": lots, "TimeCondition": "3",
        "VolumeCondition": "1", "MinVolume": 1, "ContingentCondition": "1",
        "ForceCloseReason": "0",
    }  # fmt: skip


class InForce(SynchronousTestCase):
    """Each limit, in the daemon that has taken it."""

    def setUp(self) -> None:
        self.gateway = MemoryGateway(
            AppType="both", Risk={"MaxOrderVolume": 77}, Compliance={"MaxCancels": 400}
        )
        self.addCleanup(self.gateway.stop)
        self.daemon: Any = self.gateway.daemon

    def take(self, **changes: Any) -> None:
        done = self.daemon.reload(replace(self.daemon._config, **changes))
        self.gateway.settle()
        self.successResultOf(done)

    def test_each_key_reaches_its_room(self) -> None:
        daemon = self.daemon
        self.gateway.trader()
        (client,) = daemon._factories["td"].open
        (shared,) = daemon.services.td.registry
        session, hub = shared.session, daemon.services.md.hub
        factory = daemon._factories["md"]
        td, site = daemon.services.td, self.gateway._site
        fanout = daemon._factories["td"].fanout
        limits = RiskConfig(max_order_volume=3, max_position=8)
        probes: dict[str, tuple[Any, Any]] = {
            "ping_interval": (99.0, lambda: factory.autoPingInterval),
            "ping_timeout": (98.0, lambda: factory.autoPingTimeout),
            "max_message_bytes": (4096, lambda: factory.max_message_bytes),
            "message_rate": (97, lambda: (factory.message_rate + client._rate.limit) / 2),
            "http_session_idle": (95.0, lambda: factory.http_session_idle),
            "login_deadline": (96.0, lambda: factory.login_deadline),
            "max_nesting": (40, lambda: factory.max_nesting),
            "compression": (128, lambda: factory.compression.least),
            "origins": (
                ("https://a.cn",),
                lambda: (
                    site.origins.check("https://a.cn", None),
                    daemon._prepared.access.entrance.origins,
                )[1],
            ),
            "max_connections": (95, lambda: site.admission._limits.max_connections),
            "max_connections_per_address": (
                94,
                lambda: site.admission._limits.max_connections_per_address,
            ),
            "slow_client_bytes": (70_000, lambda: fanout.limits.slow_client_bytes),
            "slow_client_seconds": (93.0, lambda: fanout.limits.slow_client_seconds),
            "client_memory": (2**21, lambda: fanout.memory.limit),
            "login_refusals": (2, lambda: td.commons.guard._refusals),
            "login_refusal_window": (92.0, lambda: td.commons.guard._window),
            "max_sessions": (91, lambda: td.registry._max_sessions),
            "max_queries_per_client": (90, lambda: td.commons.settings.max_queries_per_client),
            "session_linger": (89.0, td.commons.portfolios.linger),
            "query_interval": (88.0, lambda: session.queries._interval),
            "query_timeout": (87.0, lambda: session.queries._timeout),
            "query_queue": (86, lambda: session.queries._limit),
            "order_patience": (
                82.0,
                lambda: {
                    session.entry._inserts._patience,
                    session.entry._actions._patience,
                    td.commons.portfolios.patience(),
                }.pop(),
            ),
            "portfolio_interval": (81.0, lambda: td.commons.portfolios.context.interval),
            "portfolio_reconcile": (80.0, lambda: td.commons.portfolios.context.reconcile),
            "order_rate": (85, lambda: session._send_checks[-1]._rate),
            "max_instruments": (
                84,
                lambda: {
                    daemon.services.md.max_instruments,
                    *(one._limit for one in hub._subscriptions.values()),
                }.pop(),
            ),
            "drain_seconds": (83.0, lambda: daemon._drain.seconds_left),
            "risk": (limits, lambda: td.risk.desk._limits),
            "compliance": (ComplianceConfig(max_cancels=5), lambda: td.risk.desk._compliance),
        }
        reloadable = {key.attribute for key in keys() if key.reload}
        sections = {"risk", "compliance"}
        self.assertEqual(set(probes), (reloadable | sections) - OF_THE_PROCESS)
        self.take(**{name: value for name, (value, _) in probes.items()})
        found = {name: probe() for name, (_, probe) in probes.items()}
        self.assertEqual(found, {name: value for name, (value, _) in probes.items()})
        self.assertIn(client, daemon._factories["td"].open, "nobody is closed")

    def test_a_lower_limit_refuses_the_next_order_of_a_session_that_is_in(self) -> None:
        peer = self.gateway.trader()

        def insert(lots: int) -> int:
            peer.send(
                {"MsgType": "ReqOrderInsert", "InputOrder": insert_of(lots), "RequestID": lots}
            )
            self.gateway.settle()
            codes = [
                one["RspInfo"]["ErrorID"]
                for one in peer.received()
                if one.get("RequestID") == lots and one.get("RspInfo")
            ]
            return codes[0] if codes else 0

        self.assertEqual(insert(70), 0)
        self.take(risk=RiskConfig(max_order_volume=5))
        self.assertEqual(insert(6), -403)
        self.take(risk=RiskConfig(max_order_volume=50))
        self.assertEqual(insert(7), 0)
        self.take(risk=RiskConfig(max_order_volume=50, offsets=("Close",)))
        self.assertEqual(insert(8), -403)

    def test_a_lower_rate_refuses_the_next_order_of_a_session_that_is_in(self) -> None:
        peer = self.gateway.trader()

        def inserts(count: int) -> list[int]:
            for number in range(count):
                message = {
                    "MsgType": "ReqOrderInsert",
                    "InputOrder": insert_of(1),
                    "RequestID": number,
                }
                peer.send(message)
            self.gateway.settle()
            told = [one for one in peer.received() if one.get("RspInfo")]
            return [one["RspInfo"]["ErrorID"] for one in told]

        self.assertEqual(inserts(5), [])
        self.take(order_rate=2)
        self.assertEqual(inserts(2), [])
        self.assertEqual(inserts(2), [-429, -429])
        self.take(order_rate=3)
        self.assertEqual(inserts(2), [-429])
        self.take(order_rate=0)
        self.assertEqual(inserts(1), [])

    def test_a_session_that_comes_later_has_the_limits_too(self) -> None:
        self.take(order_rate=1, query_queue=7)
        self.gateway.trader()
        (shared,) = self.daemon.services.td.registry
        self.assertEqual(shared.session._send_checks[-1]._rate, 1)
        self.assertEqual(shared.session.queries._limit, 7)

    def test_a_shorter_linger_counts_for_who_goes_now(self) -> None:
        peer = self.gateway.trader()
        self.take(session_linger=5.0)
        peer.drop()
        self.gateway.settle()
        self.gateway.reactor.advance(4.0)
        self.assertEqual(len(list(self.daemon.services.td.registry)), 1)
        self.gateway.reactor.advance(2.0)
        self.assertEqual(list(self.daemon.services.td.registry), [])

    def test_fewer_instruments_count_for_the_next_subscription(self) -> None:
        peer = self.gateway.watcher()

        def subscribed(*names: str) -> int:
            peer.send({"MsgType": "SubscribeMarketData", "InstrumentID": list(names)})
            self.gateway.settle()
            codes = [one["RspInfo"]["ErrorID"] for one in peer.received() if one.get("RspInfo")]
            return codes[-1] if codes else 0

        self.assertEqual(subscribed("rb2701", "rb2705", "cu2701"), 0)
        self.take(max_instruments=2)
        self.assertEqual(subscribed("au2701"), -429)
        self.take(max_instruments=9)
        self.assertEqual(subscribed("au2701"), 0)

    def test_a_query_interval_counts_from_the_next_query_on(self) -> None:
        peer, front = self.gateway.trader(), self.gateway.front
        assert isinstance(front, FakeFront)
        self.take(query_interval=30.0)
        for number in (1, 2):
            peer.send({"MsgType": "ReqQryInvestor", "QryInvestor": {"InvestorID": str(number)}})
        self.gateway.settle()
        sent = front.names.count("ReqQryInvestor")
        self.gateway.reactor.advance(20.0)
        self.assertEqual(front.names.count("ReqQryInvestor"), sent)


def says(daemon: DaemonProcess, since: int, what: str) -> bool:
    """Return whether a daemon has said something since its output was so long."""
    return what in daemon.output[since:]


class Processes(TestCase):
    """A real daemon, and SIGHUP for every key of the table."""

    timeout = 240

    async def admin(self, config: Path, *arguments: str) -> tuple[int, str]:
        """Ask the daemon as an administrator does; gives exit code and output."""
        command = [sys.executable, "-m", "webctp", "admin", *arguments]
        command += ["--path", "a.sock"]
        done = await deferToThread(
            subprocess.run,
            command,
            cwd=config.parent,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            encoding="utf-8",
            timeout=60,
        )
        return done.returncode, done.stdout + done.stderr

    async def test_hup_for_every_key(self) -> None:
        directory = Path(self.mktemp()).absolute()
        daemon = DaemonProcess(str(directory), "", first=_TOKENS)
        self.addCleanup(daemon.kill)
        path = directory / "webctp.yaml"
        path.write_text(text_of("LogLevel: INFO"), "utf-8")
        (directory / "instruments.txt").write_text("rb2701\n")
        await daemon.listening()
        seen: set[str] = set()
        for line in changed_lines():
            if "LogLevel: WARN" in line or line.startswith("TLS"):
                continue  # the first would silence what is looked at
            path.write_text(text_of(line), "utf-8")
            before = len(daemon.output)
            daemon.signal(signal.SIGHUP)
            await until(partial(says, daemon, before, "reloaded: "), line)
            told = daemon.output[before:]
            self.assertNotIn("not reloaded", told, line)
            for name, key in TABLE.items():
                waits = f"at a restart only: {name}, from" in told
                taken = f"] {name} is " in told or f'"{name} is ' in told  # text, and JSON
                self.assertFalse(waits and key.reload, (line, name))
                self.assertFalse(taken and not key.reload, (line, name))
                if waits or taken:
                    seen.add(name)
        self.assertEqual({one for one in TABLE if is_looked_at(one)} - seen, set())
        path.write_text(text_of("MessageRate: 7\nMaxOrderVolume: 5"), "utf-8")
        daemon.signal(signal.SIGHUP)
        await until(lambda: "not reloaded, everything" in daemon.output, "the refusal")
        self.assertIn("MaxOrderVolume: found an unknown key", daemon.output)
        self.assertNotIn("MessageRate is 7", daemon.output)
        status, _ = await self.admin(path, "reload")
        self.assertEqual(status, 1)
        path.write_text(text_of("MessageRate: 8\nPort: 9"), "utf-8")
        status, said = await self.admin(path, "reload", "--json")
        self.assertEqual(
            json.loads(said)["reload"],
            [
                {"key": "MessageRate", "old": "5000", "new": "8", "in_force": True},
                {"key": "Port", "old": "0", "new": "9", "in_force": False},
            ],
        )
        status, said = await self.admin(path, "log")
        self.assertEqual(status, 0)
        self.assertIn("MessageRate is 8 now, and was 5000", said)
        daemon.terminate()
        self.assertEqual(await daemon.ended(), -signal.SIGTERM)


_TOKENS: Final = """
import os
if not os.path.exists("tokens.json"):
    with open(os.open("tokens.json", os.O_CREAT | os.O_WRONLY, 0o600), "w") as file:
        file.write('{"version": 1, "tokens": []}')
"""
