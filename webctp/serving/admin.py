"""What administrators see and do: clients, sessions, limits, tokens, the kill switch."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from time import time
from typing import Annotated, Any, Final, Protocol, runtime_checkable
from urllib.parse import unquote

import msgspec
from twisted.internet.defer import Deferred
from twisted.logger import Logger
from twisted.python.failure import Failure

from webctp.config import Config
from webctp.ctp import errors
from webctp.ctp.refusal import Refusal, refusal_of
from webctp.gateway.access.audit import Act
from webctp.gateway.client import ServiceClient
from webctp.gateway.http.adminport import AdminRequest
from webctp.gateway.http.answer import JSON, Answer
from webctp.gateway.http.head import BadHead
from webctp.gateway.messages import own, own_risk
from webctp.gateway.trading.riskservice import RiskService
from webctp.gateway.trading.service import TradingService
from webctp.gateway.websocket.fanout import Fanout
from webctp.gateway.websocket.openclient import OpenClient
from webctp.gateway.websocket.protocol import GatewayFactory
from webctp.language.text import Text, english, said
from webctp.lifecycle.drain import MOST_SECONDS, Drain
from webctp.lifecycle.drainstate import DrainState
from webctp.serving.access import Access
from webctp.serving.reload import Outcome
from webctp.upstream.decoding import NOT_JSON
from webctp.upstream.orders.parkedorders import ParkedLeft

_log = Logger()

ENDED: Final = 4410
"""The close code of a connection that an administrator has ended."""
ENDED_REASON: Final = english("ended by an administrator")


@dataclass(frozen=True, slots=True)
class Ending:
    """How an administrator ends the daemon.

    :ivar drain: takes it to its end.
    :ivar stop: stops the process.
    """

    drain: Drain
    stop: Callable[[], object]


class DrainWord(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What ``POST /admin/drain`` takes."""

    Seconds: Annotated[float, msgspec.Meta(ge=0, le=MOST_SECONDS)] | None = None
    """In place of ``DrainSeconds``."""


_STATUSES: Final = {errors.BAD_REQUEST: 400, errors.NOT_READY: 503}
_Found = Answer | Deferred[Answer]


@runtime_checkable
class Process(Protocol):
    """What runs the daemon, and has its configuration and its log."""

    def reload(self) -> "Deferred[Outcome]":
        """Read the configuration anew."""

    def last_lines(self) -> list[str]:
        """Return the last lines of the log, oldest first."""


class Admin:
    """Answer the requests of administrators. Runs in the reactor's thread.

    Acts leave a line in the audit log, what is only read leaves none.

    :param factories: makers of WebSockets, by the name of their service.
    :param trading: None where it is not served.
    :param connections: gives how many connections the services' ports have.
    :param ending: how the daemon is ended.
    :param process: what runs the daemon; None in tests.
    """

    def __init__(
        self,
        config: Config,
        fanout: Fanout,
        factories: Mapping[str, GatewayFactory],
        trading: TradingService | None,
        access: Access,
        connections: Callable[[], Mapping[str, int]],
        ending: Ending,
        process: Process | None = None,
    ) -> None:
        self._process = process
        self._config = config
        self._fanout = fanout
        self._factories = factories
        self._trading = trading
        self._access = access
        self._connections = connections
        self._ending = ending
        self._acts: tuple[tuple[str, re.Pattern[str], Callable[..., _Found]], ...] = (
            ("GET", re.compile("/admin/clients"), self._clients),
            ("GET", re.compile("/admin/sessions"), self._sessions),
            ("GET", re.compile("/admin/limits"), self._limits),
            ("GET", re.compile("/admin/tokens"), self._tokens),
            ("GET", re.compile("/admin/log"), self._log_lines),
            ("POST", re.compile("/admin/reload"), self._reload),
            ("GET", re.compile("/admin/kill"), self._halts),
            ("POST", re.compile("/admin/kill"), self._kill),
            ("POST", re.compile("/admin/drain"), self._drain),
            ("POST", re.compile("/admin/clients/([^/]+)/end"), self._end_client),
            ("POST", re.compile("/admin/sessions/([^/]+)/end"), self._end_session),
        )

    def take_settings(self, config: Config) -> None:
        """Show other limits."""
        self._config = config

    def __call__(self, request: AdminRequest) -> _Found:
        """Answer a request.

        :raises BadHead: 404 where there is nothing, 405 for another method, 400 for a wrong body.
        """
        method = "GET" if request.head.method == "HEAD" else request.head.method
        allowed = []
        for taken, path, act in self._acts:
            match = path.fullmatch(request.head.path)
            if match is None:
                continue
            if taken == method:
                return act(request, *match.groups())
            allowed.append(taken)
        if allowed:
            listed = ", ".join(allowed)
            detail = english("the method is not taken; {methods} is", methods=listed)
            raise BadHead(405, detail, (("Allow", listed),))
        where = "\n".join(f"{taken} {path.pattern}" for taken, path, _ in self._acts)
        where = re.sub(r"\(.*?\)", "ID", where)
        raise BadHead(404, english("there is nothing at this path\n{where}", where=where))

    def _clients(self, request: AdminRequest) -> Answer:
        now, clock = time(), self._fanout.clock.seconds()
        return _answer(
            request,
            "clients",
            [
                {
                    "id": one.number,
                    "service": service,
                    "address": one.outbox.peer,
                    "principal": one.principal.name,
                    "account": _account_of(one),
                    "since": own.moment(now - (clock - one.opened)),
                    "held": one.outbox.held,
                    "behind": one.outbox.is_behind,
                }
                for service, one in self._open()
                if one.outbox is not None
            ],
        )

    def _sessions(self, request: AdminRequest) -> Answer:
        sessions = () if self._trading is None else self._trading.registry
        return _answer(
            request,
            "sessions",
            [
                {
                    "account": ":".join(one.session.account),
                    "state": one.state.value,
                    "reason": one.session.status.reason,
                    "since": own.moment(one.session.status.since),
                    "clients": len(one.clients),
                    "working": one.session.entry.resting,
                }
                for one in sessions
            ],
        )

    def _limits(self, request: AdminRequest) -> Answer:
        config, memory = self._config, self._fanout.memory
        open_ = self._connections()["open"]
        sessions = 0 if self._trading is None else len(list(self._trading.registry))
        rows: list[tuple[str, float, float | None]] = [
            ("MaxConnections", config.max_connections, open_),
            ("MaxConnectionsPerAddress", config.max_connections_per_address, None),
            ("MaxSessions", config.max_sessions, sessions),
            ("MaxQueriesPerClient", config.max_queries_per_client, None),
            ("MessageRate", config.message_rate, None),
            ("MaxMessageBytes", config.max_message_bytes, None),
            ("MaxNesting", config.max_nesting, None),
            ("LoginDeadline", config.login_deadline, None),
            ("ClientMemory", memory.limit, memory.held),
            ("SlowClientBytes", config.slow_client_bytes, None),
            ("SlowClientSeconds", config.slow_client_seconds, None),
        ]
        told = [{"key": key, "limit": limit, "used": used} for key, limit, used in rows]
        return _answer(request, "limits", told)

    def _tokens(self, request: AdminRequest) -> Answer:
        return _answer(request, "tokens", self._access.tokens())

    def _log_lines(self, request: AdminRequest) -> Answer:
        """Give the last lines of the log, which hold accounts and addresses, and no secret."""
        lines = [] if self._process is None else self._process.last_lines()
        return _answer(request, "log", lines)

    def _reload(self, request: AdminRequest) -> Deferred[Answer]:
        """Read the configuration anew, as at SIGHUP; a mistake in it is answered 400."""
        _no_body(request)
        if self._process is None:
            raise BadHead(503, english("nothing runs this gateway that could be asked to reload"))

        def told(outcome: Outcome) -> Answer:
            if outcome.problem:
                raise BadHead(400, outcome.problem)
            self._note(request, Act.ADMIN, "", Command="reload")
            rows = [
                {"key": one.key, "old": one.old, "new": one.new, "in_force": in_force}
                for in_force, found in ((True, outcome.changed), (False, outcome.kept))
                for one in found
            ]
            return _answer(request, "reload", rows)

        return self._process.reload().addCallback(told)

    @property
    def _risk(self) -> RiskService:
        risk = None if self._trading is None else self._trading.risk
        if risk is None:
            raise BadHead(503, english("this gateway has no kill switch"))
        return risk

    def _halts(self, request: AdminRequest) -> Answer:
        found = self._risk.halts_on(None, "", is_admin=True)
        states = [msgspec.to_builtins(own_risk.trading_state(one)) for one in found]
        return _answer(request, "halts", states)

    def _kill(self, request: AdminRequest) -> Deferred[Answer]:
        """Set the kill switch, or lift it; answered when it is on disk."""
        try:
            asked = own_risk.read(
                own_risk.KILL, own_risk.KillWord, {own_risk.KILL: _json_of(request.body)}, 0
            )
            done = self._risk.kill(asked, request.by.who)
        except Refusal as problem:
            raise _bad(problem) from problem

        def kept(found: tuple[own_risk.TradingState, ParkedLeft | None]) -> Answer:
            state, left = found
            words = {name: str(one) for name, one in msgspec.to_builtins(asked).items()}
            self._note(request, Act.KILL, "", **words)
            more = {} if left is None else msgspec.to_builtins(own_risk.parked(left))
            return _answer(request, "TradingState", msgspec.to_builtins(state), more)

        def refused(failure: Failure) -> Answer:
            raise _bad(refusal_of(failure))

        return done.addCallbacks(kept, refused)

    def _drain(self, request: AdminRequest) -> Answer:
        """Begin to end the daemon, as SIGTERM does; asked again, it closes clients at once."""
        try:
            asked = msgspec.json.decode(request.body or b"{}", type=DrainWord)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as problem:
            detail = english(
                'the body is {problem}; send none, or such as {{"Seconds": 30}}, 0 to {most}',
                problem=problem,
                most=MOST_SECONDS,
            )
            raise BadHead(400, detail) from None
        self._note(request, Act.ADMIN, "", Command="drain")
        drain = self._ending.drain
        # Answered first: with no client the process stops at once.
        self._fanout.clock.callLater(0, drain.ask, self._ending.stop, asked.Seconds)
        told = {**drain.status(), "state": DrainState.DRAINING.value}
        if asked.Seconds is not None:
            told["seconds_left"] = asked.Seconds
        return _answer(request, "drain", told)

    def _end_client(self, request: AdminRequest, number: str) -> Answer:
        """Close a connection, with a code that says who did it."""
        _no_body(request)
        for _, one in self._open():
            if str(one.number) == number:
                account = _account_of(one)
                self._note(request, Act.ADMIN, account, Command="end client", Client=number)
                one.close(ENDED, ENDED_REASON)
                return _answer(request, "ended", 1)
        raise BadHead(404, english("there is no such client; GET /admin/clients lists them"))

    def _end_session(self, request: AdminRequest, account: str) -> Answer:
        """End every session of an account; its clients stay connected, and may log in anew."""
        _no_body(request)
        asked = unquote(account).replace("/", ":")
        found = [
            one
            for one in (() if self._trading is None else self._trading.registry)
            if ":".join(one.session.account) == asked
        ]
        if not found:
            raise BadHead(404, english("there is no such session; GET /admin/sessions lists them"))
        for one in found:
            self._note(request, Act.ADMIN, asked, Command="end session")
            one.close(ENDED_REASON)
        self._fanout.flush()
        return _answer(request, "ended", len(found))

    def _open(self) -> Iterator[tuple[str, OpenClient]]:
        """Give the connections that are open, oldest first, with the names of their services."""
        found = [(name, one) for name, made in self._factories.items() for one in made.open]
        yield from sorted(found, key=lambda one: one[1].number)

    def _note(self, request: AdminRequest, act: Act, account: str, **fields: str) -> None:
        by = request.by
        if self._fanout.audit is not None:
            self._fanout.audit.record(act, by.who, by.address, account, **fields)
        _log.info(
            "{act} by {who} from {address}: {what} {account}",
            act=act.value,
            who=by.who,
            address=by.address,
            what=", ".join(f"{name} {value}" for name, value in fields.items()),
            account=account,
        )


def _account_of(one: OpenClient) -> str:
    return one.client.account() if isinstance(one.client, ServiceClient) else ""


def _answer(
    request: AdminRequest, name: str, value: Any, more: Mapping[str, Any] | None = None
) -> Answer:
    told = said({name: value, **(more or {})}, request.language)
    return Answer(200, json.dumps(told, ensure_ascii=False) + "\n", content_type=JSON)


def _json_of(body: bytes) -> Any:
    """Read a body.

    :raises BadHead: for what is no JSON object.
    """
    try:
        return msgspec.json.decode(body, type=dict[str, Any])
    except NOT_JSON:
        raise BadHead(
            400, english("the body is no JSON object; send one such as {example}", example=_EXAMPLE)
        ) from None


_EXAMPLE: Final = '{"Level": "stop", "Reason": "…"}'


def _no_body(request: AdminRequest) -> None:
    if request.body:
        raise BadHead(400, english("a body is not taken here; send none"))


def _bad(problem: Refusal) -> BadHead:
    detail: Text = problem.detail
    return BadHead(_STATUSES.get(problem.code, 503), detail)
