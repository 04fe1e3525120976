"""The commands of administrators, by the WebSocket: who may, what is carried out and noted."""

from itertools import combinations
from types import SimpleNamespace
from typing import Any, Final

import msgspec
from twisted.internet.defer import Deferred, fail, succeed

from tests.gateway.trading.test_risk import ADMIN, RiskTest
from webctp.ctp import errors
from webctp.ctp.refusal import Refusal
from webctp.gateway.access.principal import Principal, Scope
from webctp.gateway.admin.commands import AT_SOCKETS, COMMANDS, Command
from webctp.gateway.admin.desk import Done
from webctp.gateway.messages import own_admin, own_risk
from webctp.language.text import english

BODIES: Final[dict[str, dict[str, Any]]] = {
    own_risk.KILL: {"Level": "stop"},
    own_admin.END_CLIENT: {"ID": 1},
    own_admin.END_SESSION: {"Account": "9999:u1"},
}
"""The bodies of commands that want one."""
STATE: Final = own_risk.TradingState(Target="all", Level="stop", Since="", By="", Reason="")
ROWS: Final[dict[str, list[Any]]] = {
    own_admin.CLIENTS: [
        own_admin.ConnectedClient(
            ID=number,
            Service="td",
            Address="192.0.2.1",
            Principal="page",
            Account="9999:u1",
            Since="",
            Held=0,
            Behind=False,
        )
        for number in (1, 2)
    ],
    own_admin.SESSIONS: [],
    own_admin.LIMITS: [own_admin.LimitInForce(Key="MaxSessions", Limit=7, Used=None)],
    own_admin.TOKENS: [
        own_admin.TokenInUse(
            Name="page",
            Scopes=("td-read",),
            Connections=1,
            Sessions=1,
            Subscriptions=0,
            Limits={"held_bytes": 0},
            Seen="",
            Expires="",
        )
    ],
    own_admin.LOG: [own_admin.LogLine(Text="one line")] * 2,
    own_risk.TRADING_STATE: [STATE],
}
"""What queries are answered by."""
TOLD: Final[dict[str, dict[str, Any]]] = {
    own_admin.RELOAD: {
        "Reloaded": own_admin.Reloaded(
            Changes=(own_admin.ConfigChange(Key="a", Old="1", New="2", InForce=True),)
        )
    },
    own_risk.KILL: {"TradingState": STATE},
    own_admin.DRAIN: {
        "Drain": own_admin.DrainProgress(State="draining", SecondsLeft=5.0, Clients=1)
    },
    own_admin.END_CLIENT: {"Ended": own_admin.Ended(Count=1)},
    own_admin.END_SESSION: {"Ended": own_admin.Ended(Count=1)},
}
"""What acts are answered by."""


class Carriers:
    """Stand for whoever carries commands out; note which, and who asked."""

    def __init__(self) -> None:
        self.reached: list[tuple[str, str]] = []

    def all(self) -> dict[str, Any]:
        """Return one for each command."""
        return {one.name: self._carrier(one) for one in COMMANDS}

    def _carrier(self, command: Command) -> Any:
        def carry_out(word: Any, by: Any) -> Any:
            self.reached.append((command.name, by.who))
            if command.act is None:
                return ROWS[command.name]
            return succeed(Done(TOLD[command.name], "9999:u1", {"Command": command.name}))

        return carry_out


class AdminRequestsTest(RiskTest):
    """Commands reach carriers that only note them."""

    def setUp(self) -> None:
        super().setUp()
        self.begin()
        self.carriers = Carriers()
        self.audited: list[Any] = []
        self.desk.commons.admin.add(self.carriers.all())

    def audit(self) -> None:
        """Note the lines of the audit log."""
        log: Any = SimpleNamespace(
            record=lambda act, who, address, account="", **more: self.audited.append(
                (act, who, account, more)
            ),
            refused=lambda *told: None,
        )
        self.desk.commons.admin._audit = log

    def command(self, peer: Any, name: str, **more: Any) -> list[Any]:
        """Send a command with a body that fits."""
        return self.ask(peer, name, **{**BODIES.get(name, {}), **more})

    def test_without_the_scope_each_is_refused_and_nothing_is_reached(self) -> None:
        others = [one for one in Scope if one is not Scope.ADMIN]
        some = [frozenset(found) for size in range(5) for found in combinations(others, size)]
        self.assertEqual(len(some), 16)
        for scopes in some:
            peer = self.as_principal(Principal("page", scopes))
            for name in AT_SOCKETS:
                (refused,) = self.command(peer, name)
                self.assertEqual((refused["MsgType"], refused["RspInfo"]["ErrorID"]), (name, -403))
                self.assertIn(f"{name} needs the scope admin; page has", refused["Detail"])
        self.assertEqual(self.carriers.reached, [])

    def test_where_nobody_has_to_say_who_calls_each_is_refused(self) -> None:
        for name in AT_SOCKETS:
            (refused,) = self.command(self.peer, name)
            self.assertEqual(refused["RspInfo"]["ErrorID"], -403)
        self.assertEqual(self.carriers.reached, [])

    def test_with_the_scope_each_is_carried_out_and_answered(self) -> None:
        boss = self.as_principal(ADMIN)
        for name, command in AT_SOCKETS.items():
            told = self.command(boss, name)
            self.assertEqual({one["MsgType"] for one in told}, {f"Rsp{name}"})
            self.assertEqual([one["IsLast"] for one in told], [*[False] * (len(told) - 1), True])
            found = [one[command.field] for one in told]
            wanted = ROWS[name] or [None] if command.is_query else [TOLD[name][command.field]]
            self.assertEqual(found, msgspec.json.decode(msgspec.json.encode(wanted)), name)
        self.assertEqual(self.carriers.reached, [(name, "boss") for name in AT_SOCKETS])

    def test_each_that_changes_something_is_a_line_of_the_audit_log(self) -> None:
        self.audit()
        boss = self.as_principal(ADMIN)
        for name in AT_SOCKETS:
            self.command(boss, name)
        wanted = [
            (one.act, "boss", "9999:u1", {"Command": one.name})
            for one in AT_SOCKETS.values()
            if one.act is not None
        ]
        self.assertEqual(self.audited, wanted)
        self.assertEqual(len(wanted), 5)

    def test_what_is_not_done_is_refused_and_no_line(self) -> None:
        self.audit()
        boss = self.as_principal(ADMIN)
        why = Refusal(errors.BAD_REQUEST, english("send ReqUserLogin first"))
        self.desk.commons.admin.add({own_admin.END_CLIENT: lambda word, by: fail(why)})
        (refused,) = self.command(boss, own_admin.END_CLIENT)
        self.assertEqual((refused["MsgType"], refused["RspInfo"]["ErrorID"]), ("EndClient", -400))
        self.assertEqual(refused["Detail"], why.detail)
        self.assertEqual(self.audited, [])

    def test_a_fault_of_the_gateways_is_answered_and_logged(self) -> None:
        boss = self.as_principal(ADMIN)
        self.desk.commons.admin.add({own_admin.LOG: lambda word, by: 1 / 0})
        (refused,) = self.command(boss, own_admin.LOG)
        self.assertIn("see the log", refused["Detail"])
        self.assertEqual(len(self.flushLoggedErrors(ZeroDivisionError)), 1)

    def test_wrong_bodies_are_refused_before_anybody_is_reached(self) -> None:
        boss = self.as_principal(ADMIN)
        for name, body, said in (
            (own_admin.END_CLIENT, {"ID": "x"}, "Expected `int`"),
            (own_admin.END_CLIENT, {"ID": -1}, ">= 0"),
            (own_admin.DRAIN, {"Seconds": 3601}, "<= 3600"),
            (own_admin.CLIENTS, {"ID": 1}, "unknown field 'ID'"),
        ):
            (refused,) = self.command(boss, name, **body)
            self.assertEqual(refused["RspInfo"]["ErrorID"], -400)
            self.assertIn(said, refused["Detail"])
        (refused,) = self.ask(boss, own_admin.END_SESSION)
        self.assertIn("missing required field `Account`", refused["Detail"])
        self.assertEqual(self.carriers.reached, [])

    def test_an_answer_that_comes_later_reaches_who_asked(self) -> None:
        boss = self.as_principal(ADMIN)
        later: Deferred[Any] = Deferred()
        self.desk.commons.admin.add({own_admin.RELOAD: lambda word, by: later})
        self.assertEqual(self.command(boss, own_admin.RELOAD), [])
        later.callback(Done(TOLD[own_admin.RELOAD]))
        (told,) = boss.received()
        self.assertEqual(told["MsgType"], "RspReloadConfig")

    def test_a_client_is_told_who_it_is(self) -> None:
        for principal in (Principal("page", frozenset({Scope.READ, Scope.MARKET})), ADMIN):
            (told,) = self.ask(self.as_principal(principal), own_admin.PRINCIPAL)
            caller = {"Name": principal.name, "Scopes": sorted(principal.scopes)}
            self.assertEqual(told["Caller"], caller)
        (told,) = self.ask(self.peer, own_admin.PRINCIPAL)
        self.assertNotIn("admin", told["Caller"]["Scopes"])


class Lacking(RiskTest):
    """A service that nobody has joined to a daemon."""

    def test_what_nobody_carries_out_is_refused_with_the_reason(self) -> None:
        self.start()
        boss = self.as_principal(ADMIN)
        for name in AT_SOCKETS:
            (refused,) = self.ask(boss, name, **BODIES.get(name, {}))
            self.assertEqual(refused["RspInfo"]["ErrorID"], -503)
        (refused,) = self.ask(boss, own_risk.KILL, Level="stop")
        self.assertEqual(refused["Detail"], "this gateway has no kill switch")
