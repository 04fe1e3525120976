"""A WebSocket client on real sockets, for tests: asks, waits, hears how it was closed."""

import json
from collections.abc import Callable
from typing import Any

from autobahn.twisted.websocket import WebSocketClientFactory, WebSocketClientProtocol
from twisted.internet import reactor
from twisted.internet.defer import Deferred, DeferredQueue
from twisted.internet.endpoints import TCP4ClientEndpoint
from twisted.internet.interfaces import IStreamClientEndpoint

Message = dict[str, Any]


class Client(WebSocketClientProtocol):
    """One connection. ``closed`` fires with the code that the server closed it with."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: Deferred[Client] = Deferred()
        self.closed: Deferred[int | None] = Deferred()
        self._received: DeferredQueue[Message | None] = DeferredQueue()

    def onOpen(self) -> None:
        """Of Autobahn."""
        self.opened.callback(self)

    def onMessage(self, payload: bytes, isBinary: bool) -> None:
        """Of Autobahn."""
        self._received.put(json.loads(payload))

    def onClose(self, wasClean: bool, code: int | None, reason: str | None) -> None:
        """Of Autobahn."""
        if not self.opened.called:
            self.opened.errback(ConnectionError(reason))
        self._received.put(None)
        self.closed.callback(code)

    def say(self, message: Message) -> None:
        """Send a message."""
        self.sendMessage(json.dumps(message, ensure_ascii=False).encode())

    async def next(self) -> Message:
        """The next message, whatever it is."""
        received = await self._received.get()
        if received is None:
            raise ConnectionError("the connection was closed")
        return received

    async def until(self, wanted: Callable[[Message], bool]) -> Message:
        """The next message that is wanted; others are passed over."""
        while not wanted(message := await self.next()):
            pass
        return message

    async def answer(self) -> Message:
        """The next answer: pushes carry no RequestID."""
        return await self.until(lambda message: "RequestID" in message)

    async def ask(self, message: Message) -> Message:
        """Send a message; gives its last answer."""
        self.say(message)
        return await self.until(
            lambda one: bool(
                one.get("IsLast") and one.get("RequestID") == message.get("RequestID", 0)
            )
        )

    async def leave(self) -> int | None:
        """Close, and wait until the server has closed too; gives its code."""
        self.sendClose(1000)
        return await self.closed


async def connect(
    port: int, path: str = "/", *, endpoint: IStreamClientEndpoint | None = None
) -> Client:
    """An open connection to a port of this machine."""
    factory = WebSocketClientFactory(f"ws://localhost:{port}{path}", reactor=reactor)
    factory.setProtocolOptions(
        maxMessagePayloadSize=0,
        # The server is to end the connection; a client that did would hide that it does not.
        serverConnectionDropTimeout=0,
        closeHandshakeTimeout=0,
    )
    factory.protocol = Client
    factory.noisy = False
    if endpoint is None:
        endpoint = TCP4ClientEndpoint(reactor, "127.0.0.1", port)
    made: Any = await endpoint.connect(factory)
    client: Client = getattr(made, "wrappedProtocol", made)
    return await client.opened
