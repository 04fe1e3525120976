"""What of administrators' commands only the daemon can do: clients, sessions, limits, its end."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from time import time
from typing import Final, Protocol, runtime_checkable

from twisted.internet.defer import Deferred

from webctp.config import Config
from webctp.ctp import errors
from webctp.ctp.refusal import Refusal
from webctp.gateway.admin.commands import NO_CLIENT, NO_SESSION
from webctp.gateway.admin.desk import Carrier, Done, NotThere
from webctp.gateway.client import ServiceClient
from webctp.gateway.http.adminport import Administrator
from webctp.gateway.messages import own, own_admin
from webctp.gateway.trading.service import TradingService
from webctp.gateway.websocket.fanout import Fanout
from webctp.gateway.websocket.openclient import OpenClient
from webctp.gateway.websocket.protocol import GatewayFactory
from webctp.language.text import english
from webctp.lifecycle.drain import Drain
from webctp.lifecycle.drainstate import DrainState
from webctp.serving.access import Access
from webctp.serving.reload import Outcome

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


@runtime_checkable
class Process(Protocol):
    """What runs the daemon, and has its configuration and its log."""

    def reload(self) -> "Deferred[Outcome]":
        """Read the configuration anew."""

    def last_lines(self) -> list[str]:
        """Return the last lines of the log, oldest first."""


class Admin:
    """Carry out commands of administrators. Runs in the reactor's thread.

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

    def carriers(self) -> Mapping[str, Carrier]:
        """Return what carries out each command, by its name."""
        process = self._process
        reloading: dict[str, Carrier] = {}
        if process is not None:
            reloading[own_admin.RELOAD] = self._reload(process)
        return {
            own_admin.CLIENTS: self._clients,
            own_admin.SESSIONS: self._sessions,
            own_admin.LIMITS: self._limits,
            own_admin.TOKENS: self._tokens,
            own_admin.LOG: self._log_lines,
            own_admin.DRAIN: self._drain,
            own_admin.END_CLIENT: self._end_client,
            own_admin.END_SESSION: self._end_session,
            **reloading,
        }

    def take_settings(self, config: Config) -> None:
        """Show other limits."""
        self._config = config

    def _clients(self, _: object, by: Administrator) -> list[own_admin.ConnectedClient]:
        now, clock = time(), self._fanout.clock.seconds()
        return [
            own_admin.ConnectedClient(
                ID=one.number,
                Service=service,
                Address=one.outbox.peer,
                Principal=one.principal.name,
                Account=_account_of(one),
                Since=own.moment(now - (clock - one.opened)),
                Held=one.outbox.held,
                Behind=one.outbox.is_behind,
            )
            for service, one in self._open()
            if one.outbox is not None
        ]

    def _sessions(self, _: object, by: Administrator) -> list[own_admin.OpenSession]:
        sessions = () if self._trading is None else self._trading.registry
        return [
            own_admin.OpenSession(
                Account=":".join(one.session.account),
                State=one.state.value,
                Reason=one.session.status.reason,
                Since=own.moment(one.session.status.since),
                Clients=len(one.clients),
                Working=one.session.entry.resting,
            )
            for one in sessions
        ]

    def _limits(self, _: object, by: Administrator) -> list[own_admin.LimitInForce]:
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
        return [own_admin.LimitInForce(Key=key, Limit=most, Used=used) for key, most, used in rows]

    def _tokens(self, _: object, by: Administrator) -> list[own_admin.TokenInUse]:
        # The same names, as messages spell them.
        return [
            own_admin.TokenInUse(**{name.title(): value for name, value in one.items()})
            for one in self._access.tokens()
        ]

    def _log_lines(self, _: object, by: Administrator) -> list[own_admin.LogLine]:
        """Give the last lines of the log, which hold accounts and addresses, and no secret."""
        lines = [] if self._process is None else self._process.last_lines()
        return [own_admin.LogLine(Text=one) for one in lines]

    def _reload(self, process: Process) -> Carrier:
        """Return what reads the configuration anew, as at SIGHUP; a mistake in it is refused."""

        def done(outcome: Outcome) -> Done:
            if outcome.problem:
                raise Refusal(errors.BAD_REQUEST, outcome.problem)
            rows = tuple(
                own_admin.ConfigChange(Key=one.key, Old=one.old, New=one.new, InForce=in_force)
                for in_force, found in ((True, outcome.changed), (False, outcome.kept))
                for one in found
            )
            told = {"Reloaded": own_admin.Reloaded(Changes=rows)}
            return Done(told, noted={"Command": "reload"})

        return lambda _, by: process.reload().addCallback(done)

    def _drain(self, asked: own_admin.DrainWord, by: Administrator) -> Done:
        """Begin to end the daemon, as SIGTERM does; asked again, it closes clients at once."""
        drain = self._ending.drain
        # Answered first: with no client the process stops at once.
        self._fanout.clock.callLater(0, drain.ask, self._ending.stop, asked.Seconds)
        status = drain.status()
        left = status["seconds_left"] if asked.Seconds is None else asked.Seconds
        progress = own_admin.DrainProgress(
            State=DrainState.DRAINING.value, SecondsLeft=left, Clients=status["clients"]
        )
        return Done({"Drain": progress}, noted={"Command": "drain"})

    def _end_client(self, asked: own_admin.ClientWord, by: Administrator) -> Done:
        """Close a connection, with a code that says who did it."""
        for _, one in self._open():
            if one.number == asked.ID:
                # Answered first: an administrator may end the connection that it asks by.
                self._fanout.clock.callLater(0, self._close, one)
                noted = {"Command": "end client", "Client": str(one.number)}
                return Done({"Ended": own_admin.Ended(Count=1)}, _account_of(one), noted)
        raise NotThere(NO_CLIENT)

    def _close(self, one: OpenClient) -> None:
        if one.outbox is not None:
            one.close(ENDED, ENDED_REASON)

    def _end_session(self, asked: own_admin.SessionWord, by: Administrator) -> Done:
        """End every session of an account; its clients stay connected, and may log in anew."""
        account = asked.Account.replace("/", ":")
        found = [
            one
            for one in (() if self._trading is None else self._trading.registry)
            if ":".join(one.session.account) == account
        ]
        if not found:
            raise NotThere(NO_SESSION)
        for one in found:
            one.close(ENDED_REASON)
        self._fanout.flush()
        ended = own_admin.Ended(Count=len(found))
        return Done({"Ended": ended}, account, {"Command": "end session"})

    def _open(self) -> Iterator[tuple[str, OpenClient]]:
        """Give the connections that are open, oldest first, with the names of their services."""
        found = [(name, one) for name, made in self._factories.items() for one in made.open]
        yield from sorted(found, key=lambda one: one[1].number)


def _account_of(one: OpenClient) -> str:
    return one.client.account() if isinstance(one.client, ServiceClient) else ""
