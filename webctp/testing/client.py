"""A WebSocket client on real sockets that waits for messages and says what has come instead."""

import json
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, cast

from autobahn.twisted.websocket import WebSocketClientFactory, WebSocketClientProtocol
from twisted.internet.defer import Deferred
from twisted.internet.endpoints import TCP4ClientEndpoint
from twisted.internet.interfaces import IDelayedCall, IReactorTime, IStreamClientEndpoint

Message = dict[str, Any]

PATIENCE: Final = 60.0
"""Seconds until a message that does not come is taken for lost; a slow machine is no failure."""
KEPT: Final = 200
"""Messages that are remembered, to be shown when a wait has been in vain; older ones go."""
SHOWN: Final = 300
"""Characters shown of each of them."""


def default_reactor() -> Any:
    """Return Twisted's reactor; importing it chooses one, so that is done as late as it can."""
    from twisted.internet import reactor

    return reactor


class WaitedInVain(AssertionError):
    """A message has not come in time; the text shows those that have."""


class GatewayClient(WebSocketClientProtocol):
    """One connection to a gateway. Runs in the reactor's thread.

    ``closed`` fires with the code that the server has closed the connection with. Every wait
    takes ``timeout`` seconds at most, :data:`PATIENCE` where none is given.

    :raises WaitedInVain: from every wait, after that time, with what has been received so far.
    :raises ConnectionError: from every wait, when the connection is closed.
    """

    def __init__(self) -> None:
        super().__init__()
        self.opened: Deferred[GatewayClient] = Deferred()
        self.closed: Deferred[int | None] = Deferred()
        self.patience = PATIENCE
        self.reason = ""
        """What the server has said when it closed the connection."""
        self.history: deque[Message] = deque(maxlen=KEPT)
        """The newest messages, whether anybody has asked for them or not."""
        self._unread: deque[Message] = deque()
        self._waiting: Deferred[None] | None = None
        self._is_closed = False

    def onOpen(self) -> None:
        """Autobahn calls this when the handshake is done."""
        self.opened.callback(self)

    def onMessage(self, payload: bytes, isBinary: bool) -> None:
        """Autobahn calls this with each message."""
        message = json.loads(payload)
        self.history.append(message)
        self._unread.append(message)
        self._wake()

    def onClose(self, wasClean: bool, code: int | None, reason: str | None) -> None:
        """Autobahn calls this when the connection has closed."""
        self._is_closed = True
        self.reason = reason or ""
        if not self.opened.called:
            self.opened.errback(ConnectionError(reason))
        self._wake()
        self.closed.callback(code)

    def say(self, message: Message) -> None:
        """Send a message."""
        self.sendMessage(json.dumps(message, ensure_ascii=False).encode())

    async def next(self, timeout: float | None = None) -> Message:
        """Return the next message, whatever it is."""
        return await self.until(lambda message: True, "a message", timeout)

    async def until(
        self,
        wanted: str | Callable[[Message], object],
        what: str = "",
        timeout: float | None = None,
    ) -> Message:
        """Return the next message that is wanted; others are passed over.

        :param wanted: a ``MsgType``, or a function that says of a message whether it is wanted.
        :param what: names it where a wait has been in vain.
        """
        if isinstance(wanted, str):
            what, name = what or wanted, wanted
            wanted = lambda message: message["MsgType"] == name  # noqa: E731 - a test of one word
        seconds = self.patience if timeout is None else timeout
        clock = cast(IReactorTime, self.factory.reactor)
        end = clock.seconds() + seconds
        while True:
            while self._unread:
                message = self._unread.popleft()
                if wanted(message):
                    return message
            if self._is_closed:
                raise ConnectionError(f"the connection was closed{self._received()}")
            left = end - clock.seconds()
            if left <= 0 or not await self._arrival(clock, left):
                raise WaitedInVain(
                    f"waited {seconds:g} s in vain for {what or 'a message'}{self._received()}"
                )

    async def answer(self, timeout: float | None = None) -> Message:
        """Return the next answer: pushes carry no RequestID."""
        return await self.until(lambda message: "RequestID" in message, "an answer", timeout)

    async def answers(self, message: Message, timeout: float | None = None) -> list[Message]:
        """Send a request; return all its answers, the last with ``IsLast``."""
        self.say(message)
        number = message.get("RequestID", 0)
        found: list[Message] = []
        while not found or not found[-1].get("IsLast"):
            found.append(
                await self.until(
                    lambda one: one.get("RequestID") == number,
                    f"the answer to {message.get('MsgType')}",
                    timeout,
                )
            )
        return found

    async def ask(self, message: Message, timeout: float | None = None) -> Message:
        """Send a request; return its last answer."""
        return (await self.answers(message, timeout))[-1]

    async def leave(self) -> int | None:
        """Close, and wait until the server has closed too; return its code."""
        self.sendClose(1000)
        return await self.closed

    def abort(self) -> None:
        """Break the connection without a word."""
        transport: Any = self.transport
        if transport is not None and not self._is_closed:
            transport.abortConnection()

    def _wake(self) -> None:
        waiting, self._waiting = self._waiting, None
        if waiting is not None:
            waiting.callback(None)

    async def _arrival(self, clock: IReactorTime, seconds: float) -> bool:
        """Wait for a message or the end of the connection; return False when the time is up."""
        if self._waiting is not None:
            raise RuntimeError("two waits at one connection: the first would lose its message")
        waiting: Deferred[None] = Deferred()
        self._waiting = waiting
        late: IDelayedCall = clock.callLater(seconds, self._wake)
        await waiting
        if late.active():
            late.cancel()
            return True
        return False

    def _received(self) -> str:
        """Return what has been received so far, a line each."""
        if not self.history:
            return "; nothing was received"
        lines = [json.dumps(one, ensure_ascii=False)[:SHOWN] for one in self.history]
        return f"; received so far, the last {len(lines)}:\n  " + "\n  ".join(lines)


async def connect(
    port: int,
    path: str = "/",
    *,
    endpoint: IStreamClientEndpoint | None = None,
    patience: float = PATIENCE,
    headers: Mapping[str, str] | None = None,
    protocols: Sequence[str] = (),
) -> GatewayClient:
    """Open a connection to a port of this machine, or to ``endpoint``.

    :param headers: of the request, beside the usual ones; ``protocols`` are the subprotocols.
    :raises ConnectionError: if the gateway does not let the client in.
    """
    reactor = default_reactor()
    factory = WebSocketClientFactory(
        f"ws://localhost:{port}{path}",
        reactor=reactor,
        headers=dict(headers or {}),
        protocols=list(protocols),
    )
    factory.setProtocolOptions(
        maxMessagePayloadSize=0,
        # Where systemd holds the socket, a connection waits in it while the gateway restarts.
        openHandshakeTimeout=patience,
        # The server is to end the connection; a client that did would hide that it does not.
        serverConnectionDropTimeout=0,
        closeHandshakeTimeout=0,
    )
    factory.protocol = GatewayClient
    factory.noisy = False
    if endpoint is None:
        endpoint = TCP4ClientEndpoint(reactor, "127.0.0.1", port)
    made: Any = await endpoint.connect(factory)
    client: GatewayClient = getattr(made, "wrappedProtocol", made)
    client.patience = patience
    return await client.opened
