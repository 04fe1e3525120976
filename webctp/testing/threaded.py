"""A gateway beside a test that has no reactor: pytest, unittest, asyncio, another language."""

import threading
from collections.abc import Callable, Coroutine
from typing import Any, Self, TypeVar

from twisted.internet.defer import Deferred
from twisted.internet.threads import blockingCallFromThread
from twisted.python.threadable import isInIOThread

from webctp.ctp.front import MarketFront
from webctp.testing.client import PATIENCE, GatewayClient, Message, default_reactor
from webctp.testing.gateway import PASSWORD, Gateway
from webctp.testing.rows import USER

T = TypeVar("T")
_starting = threading.Lock()


def _run_reactor() -> None:
    """Let the reactor run in a thread of its own, until the process ends. Only once."""
    reactor = default_reactor()
    with _starting:
        if reactor.running:
            return
        running = threading.Event()
        reactor.callWhenRunning(running.set)
        # A signal's handlers belong to the test runner, in the main thread.
        threading.Thread(
            target=reactor.run, args=(False,), name="webctp-reactor", daemon=True
        ).start()
        running.wait()


def _block(work: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Run ``work`` in the reactor's thread; return its result here."""
    if isInIOThread():
        raise RuntimeError("this is the reactor's thread, which must not wait; use Gateway")

    def begin() -> Deferred[T]:
        return Deferred.fromCoroutine(work())

    made: T = blockingCallFromThread(default_reactor(), begin)  # type: ignore[arg-type]
    return made


class ThreadedGateway:
    """A whole gateway for tests without a reactor: a :class:`Gateway` whose reactor has a thread.

    The bot under test connects to ``url("td")`` and ``url("md")``. All methods block. The
    reactor's thread lives on until the process ends, for a reactor cannot begin twice::

        with ThreadedGateway("sim://?seed=7") as gateway:
            client = gateway.trader()
            client.ask({"MsgType": "ReqQryTradingAccount", "RequestID": 2})

    Parameters and errors are those of :class:`Gateway`.

    :raises RuntimeError: in the reactor's own thread, which must never wait.
    """

    def __init__(
        self, front: str | MarketFront = "sim://", *, patience: float = PATIENCE, **keys: Any
    ) -> None:
        self._gateway = Gateway(front, patience=patience, **keys)

    def __enter__(self) -> Self:
        _run_reactor()
        _block(self._gateway.start)
        return self

    def __exit__(self, *problem: object) -> None:
        _block(self._gateway.stop)

    @property
    def port(self) -> int:
        """Where it listens, on 127.0.0.1."""
        return self._gateway.port

    def control(self, command: str, **arguments: str) -> None:
        """Have the simulated exchange do something; see :meth:`Gateway.control`."""

        async def act() -> None:
            self._gateway.control(command, **arguments)

        _block(act)

    def url(self, service: str = "td") -> str:
        """Return where a service (``td``, ``md``) is."""
        return self._gateway.url(service)

    def connect(self, service: str = "td") -> "ThreadedClient":
        """Open a connection to a service."""
        return ThreadedClient(_block(lambda: self._gateway.connect(service)))

    def trader(
        self, user: str = USER, password: str = PASSWORD, **options: Any
    ) -> "ThreadedClient":
        """Open a connection that is logged in on td; see :meth:`Gateway.trader`."""
        return ThreadedClient(_block(lambda: self._gateway.trader(user, password, **options)))

    def watcher(self) -> "ThreadedClient":
        """Open a connection that is logged in on md."""
        return ThreadedClient(_block(self._gateway.watcher))

    def until(self, met: Callable[[], object], what: str, timeout: float | None = None) -> None:
        """Wait until a condition is met; it is looked at in the reactor's thread."""
        _block(lambda: self._gateway.until(met, what, timeout))


class ThreadedClient:
    """A :class:`GatewayClient` whose methods block, for any thread but the reactor's."""

    def __init__(self, client: GatewayClient) -> None:
        self._client = client

    def say(self, message: Message) -> None:
        """Send a message."""

        async def send() -> None:
            self._client.say(message)

        _block(send)

    def next(self, timeout: float | None = None) -> Message:
        """Return the next message, whatever it is."""
        return _block(lambda: self._client.next(timeout))

    def until(
        self,
        wanted: str | Callable[[Message], object],
        what: str = "",
        timeout: float | None = None,
    ) -> Message:
        """Return the next message that is wanted; see :meth:`GatewayClient.until`."""
        return _block(lambda: self._client.until(wanted, what, timeout))

    def answers(self, message: Message, timeout: float | None = None) -> list[Message]:
        """Send a request; return all its answers."""
        return _block(lambda: self._client.answers(message, timeout))

    def ask(self, message: Message, timeout: float | None = None) -> Message:
        """Send a request; return its last answer."""
        return _block(lambda: self._client.ask(message, timeout))

    def leave(self) -> int | None:
        """Close, and wait until the server has closed too; return its code."""
        return _block(self._client.leave)
