"""End the daemon in good order: tell clients, let orders go on, close clients one by one.

The table is in :mod:`~webctp.lifecycle.drainstate`. Runs in the reactor's thread.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from random import random
from time import time
from typing import Any, Final

from msgspec import UNSET, UnsetType
from twisted.internet.interfaces import IDelayedCall
from twisted.logger import Logger

from webctp.clock import Wall
from webctp.ctp import errors
from webctp.ctp.refusal import Refusal
from webctp.gateway.client import ServiceClient
from webctp.gateway.http.head import BadHead
from webctp.gateway.messages import own
from webctp.gateway.messages.schema import Request
from webctp.gateway.trading.service import TradingService
from webctp.gateway.websocket.fanout import Fanout
from webctp.gateway.websocket.openclient import OpenClient
from webctp.gateway.websocket.peer import Peer
from webctp.gateway.websocket.protocol import GOING_AWAY, STOPS, GatewayFactory
from webctp.language.text import Language, Text, english
from webctp.lifecycle.drainstate import DRAIN_TABLE, DrainAction, DrainEvent, DrainState
from webctp.metrics import Kind, Metric, Sample

_log = Logger()

SERVICE_RESTART: Final = 1012
"""The close code where systemd holds the listening socket, and connections wait in it (IANA)."""

_LOOK: Final = 0.25
"""Seconds between two looks at whether a client is left."""
_EACH: Final = 0.01
"""Seconds by which closings are spread for each client: as many handshakes take a tenth of it."""
_MOST_SPREAD: Final = 5.0
_NO_LOGINS: Final = ("ReqUserLogin", "ReqUserAuthMethod", "ReqGenUser", "Register")
"""How requests begin that open a session with the front."""
_RESTARTS: Final = english("the daemon restarts; connect again")


_STATE: Final = Metric(
    "webctp_drain_state",
    Kind.GAUGE,
    "How far the daemon is from its end: 1 for the state it is in, 0 for the others.",
    "网关距离结束有多远：所处的状态为 1，其余为 0。",
    ("state",),
)
_LEFT: Final = Metric(
    "webctp_drain_left_seconds",
    Kind.GAUGE,
    "How long orders still go on where the daemon is about to end; 0 while it serves, and once "
    "clients are being closed.",
    "网关即将结束时，报单还可继续的秒数；正常服务时与开始关闭客户端之后为 0。",
)


def _nothing() -> None:
    pass


@dataclass(frozen=True, slots=True)
class Farewell:
    """How clients are closed when the daemon ends.

    :ivar restarts: whether connections are taken meanwhile, by a socket that systemd holds.
    """

    restarts: bool

    @property
    def code(self) -> int:
        """Return the close code."""
        return SERVICE_RESTART if self.restarts else GOING_AWAY

    @property
    def reason(self) -> Text:
        """Return the reason in the close frame."""
        return _RESTARTS if self.restarts else STOPS


class LoginsClosed:
    """Refuse what would begin a session, while the daemon is about to end."""

    def refusal(self, request: Request) -> Refusal | None:
        """Refuse a login; everything else passes."""
        if not request.method.name.startswith(_NO_LOGINS):
            return None
        detail = english("the daemon is about to end and takes no login; connect again afterwards")
        return Refusal(errors.NOT_READY, detail)


class Drain:
    """Take the daemon to its end; asked again, it hurries.

    :param fanout: of all clients; its reactor counts the time.
    :param factories: makers of WebSockets, by the name of their service.
    :param trading: None where it is not served.
    :param seconds: ``DrainSeconds``.
    :param on_change: called after each change of the state.
    """

    def __init__(
        self,
        fanout: Fanout,
        factories: Mapping[str, GatewayFactory],
        trading: TradingService | None,
        farewell: Farewell,
        seconds: float,
        *,
        language: Language,
        on_change: Callable[[DrainState], object],
        wall: Wall = time,
    ) -> None:
        self._fanout = fanout
        self._clock = fanout.reactor
        self._factories = factories
        self._trading = trading
        self._farewell = farewell
        self._seconds = seconds
        self._language = language
        self._on_change = on_change
        self._wall = wall
        self._then: Callable[[], object] = _nothing
        self._ends = 0.0
        self._calls: dict[object, IDelayedCall] = {}
        self.state = DrainState.SERVING

    def take(self, seconds: float) -> None:
        """Take another ``DrainSeconds``, where the end has not begun."""
        if self.state is DrainState.SERVING:
            self._seconds = seconds

    @property
    def seconds_left(self) -> float:
        """Return how long orders still go on; 0 once clients are being closed."""
        if self.state is DrainState.SERVING:
            return self._seconds
        return max(self._ends - self._clock.seconds(), 0.0)

    @property
    def most_seconds(self) -> float:
        """Return the seconds from now within which each client is sent its closing."""
        return self.seconds_left + self._spread

    def clients(self) -> int:
        """Count the WebSockets that are open."""
        return sum(len(made.open) for made in self._factories.values())

    def status(self) -> dict[str, Any]:
        """Return how far it is, for ``/readyz`` and administrators."""
        return {
            "state": self.state.value,
            "seconds_left": round(self.seconds_left, 3),
            "clients": self.clients(),
        }

    def samples(self) -> Iterator[Sample]:
        """Read how far it is; called on a scrape."""
        for state in DrainState:
            yield _STATE.sample(self.state is state, state.value)
        yield _LEFT.sample(0.0 if self.state is DrainState.SERVING else self.seconds_left)

    def ask(self, then: Callable[[], object], seconds: float | None = None) -> None:
        """End the daemon; asked again, close clients at once.

        :param then: called once at the end; that of the first asking.
        :param seconds: in place of ``DrainSeconds``, at the first asking.
        """
        if self.state is DrainState.SERVING:
            self._then = then
            if seconds is not None:
                self._seconds = seconds
        self._happen(DrainEvent.ASKED)
        self._fanout.flush()

    def stop(self) -> None:
        """Plan nothing more: the process stops."""
        self._happen(DrainEvent.STOPPED)
        self._forget()

    def _forget(self) -> None:
        """Leave off what was planned."""
        calls, self._calls = self._calls, {}
        for call in calls.values():
            call.cancel()

    def making(self, make: Callable[[Peer], ServiceClient]) -> Callable[[Peer], ServiceClient]:
        """Return what makes clients that may not log in while the daemon is about to end."""

        def made(peer: Peer) -> ServiceClient:
            client = make(peer)
            if self.state is not DrainState.SERVING:
                client.restrict(LoginsClosed())
            return client

        return made

    def check_open(self) -> None:
        """Let a client open a WebSocket.

        :raises BadHead: 503, with the time to come back, while the daemon is about to end.
        """
        if self.state is DrainState.SERVING:
            return
        after = str(int(self.most_seconds) + 1)
        detail = english(
            "the daemon is about to end; connect again in {seconds} seconds", seconds=after
        )
        raise BadHead(503, detail, (("Retry-After", after),))

    def _happen(self, event: DrainEvent) -> None:
        self.state, action = DRAIN_TABLE.next(self.state, event)
        match action:
            case DrainAction.ANNOUNCE:
                self._announce()
            case DrainAction.CLOSE_SPREAD:
                self._close(self._spread)
            case DrainAction.CLOSE_NOW:
                self._close(0.0)
            case DrainAction.STOP:
                self._stop()
            case DrainAction.NONE:
                pass

    def _announce(self) -> None:
        """Tell every client, refuse logins, and count down."""
        self._ends = self._clock.seconds() + self._seconds
        _log.info(
            "draining: {clients} clients, {seconds:g} s; asked again, it closes them at once",
            clients=self.clients(),
            seconds=self._seconds,
        )
        self._tell()
        for made in self._factories.values():
            for one in made.open:
                if isinstance(one.client, ServiceClient):
                    one.client.restrict(LoginsClosed())
        self._on_change(self.state)
        self._later(self._seconds, self._time_up)
        self._look()

    def _tell(self) -> None:
        """Send RtnShutdown: numbered where a session's pushes are, plain to everybody else."""
        told: set[object] = set()
        for shared in () if self._trading is None else self._trading.registry:
            told |= shared.tell(lambda seq: own.encode(self._message(seq), self._language))
        for made in self._factories.values():
            for one in made.open:
                client = one.client
                if isinstance(client, ServiceClient) and client not in told:
                    client.say(own.encode(self._message(UNSET), one.language))

    def _message(self, seq: int | UnsetType) -> own.RtnShutdown:
        shutdown = own.Shutdown(
            Seconds=self._seconds,
            ClosesAt=own.moment(self._wall() + self._seconds),
            Restarts=self._farewell.restarts,
            Reason=self._farewell.reason,
        )
        return own.RtnShutdown(Seq=seq, Shutdown=shutdown)

    @property
    def _spread(self) -> float:
        """Return the seconds over which closings are spread: more for more clients."""
        return min(_EACH * self.clients(), self._seconds / 2, _MOST_SPREAD)

    def _time_up(self) -> None:
        self._happen(DrainEvent.TIME_UP)

    def _close(self, spread: float) -> None:
        """Close each client at a random moment of ``spread`` seconds."""
        self._forget()
        self._ends = self._clock.seconds()
        self._on_change(self.state)
        if self._trading is not None:
            self._trading.leave_clients()
        going = [one for made in self._factories.values() for one in made.open]
        if not spread:
            for one in going:
                self._close_one(one)
            self._happen(DrainEvent.ALL_CLOSED)
            return
        for one in going:
            self._later(random() * spread, self._close_one, one)
        # Whoever has gone by itself meanwhile is not waited for.
        self._later(spread, self._happen, DrainEvent.ALL_CLOSED)
        self._look()

    def _close_one(self, one: OpenClient) -> None:
        one.close(self._farewell.code, self._farewell.reason)

    def _look(self) -> None:
        """End before the time when no client is left."""
        if self.clients():
            self._later(_LOOK, self._look)
        else:
            self._happen(DrainEvent.ALL_CLOSED)

    def _stop(self) -> None:
        self._forget()
        self._on_change(self.state)
        self._then()

    def _later(self, delay: float, function: Callable[..., object], *arguments: object) -> None:
        """Call it unless it is left off before."""
        mark = object()

        def due() -> None:
            del self._calls[mark]
            function(*arguments)

        self._calls[mark] = self._clock.callLater(delay, due)
