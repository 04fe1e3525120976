"""One WebSocket connection: Autobahn's protocol, and the factory that sets its options."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from autobahn.twisted.websocket import WebSocketServerFactory, WebSocketServerProtocol
from autobahn.util import encode_truncate
from autobahn.websocket.types import ConnectionRequest
from twisted.internet.defer import Deferred, DeferredList
from twisted.internet.interfaces import IDelayedCall, IReactorTime
from twisted.logger import Logger

from webctp.gateway.address import peer_address
from webctp.gateway.dispatch import Dispatcher
from webctp.gateway.fanout import Fanout, Outbox
from webctp.gateway.textframes import text_frame

_log = Logger()

_GOING_AWAY: Final = 1001
_TRY_AGAIN_LATER: Final = 1013
_CLOSE_FRAME: Final = 0x8
_CLOSE_HANDSHAKE: Final = 1.0
_MOST_REASON: Final = 123  # bytes that a close frame has room for


class _Timer:
    """A call to come; cancelling it late does no harm, as Autobahn expects."""

    def __init__(self, call: IDelayedCall) -> None:
        self._call = call

    def cancel(self) -> None:
        """Do not call, if there is still time."""
        if self._call.active():
            self._call.cancel()


class _Timers:
    """Autobahn's timers on a reactor of our choice."""

    def __init__(self, clock: IReactorTime) -> None:
        self._clock = clock

    def call_later(self, delay: float, function: Callable[..., Any], *args: Any) -> _Timer:
        """Call ``function`` after ``delay`` seconds."""
        return _Timer(self._clock.callLater(delay, function, *args))


@dataclass(frozen=True, slots=True)
class WebSocketOptions:
    """What the configuration says of WebSockets: seconds, seconds, bytes."""

    ping_interval: float
    ping_timeout: float
    max_message_bytes: int


class GatewayProtocol(WebSocketServerProtocol):
    """A client's connection. It owns the client's outbox and dispatcher."""

    factory: "GatewayFactory"
    transport: Any
    maxMessagePayloadSize: int
    client: Dispatcher | None = None
    outbox: Outbox | None = None

    def onConnect(self, request: ConnectionRequest) -> None:
        """Of Autobahn: the path was checked when the request was routed here."""

    def failHandshake(
        self, reason: str, code: int = 400, responseHeaders: object | None = None
    ) -> None:
        """Autobahn calls this when it lets a WebSocket not in.

        The HTTP connection sees that the socket is not open, and answers: Autobahn's answer would
        repeat what the client wrote, and its log has a line for each try.
        """

    def onOpen(self) -> None:
        """Of Autobahn: the handshake is done."""
        peer = peer_address(self.transport.getPeer())
        self.outbox = Outbox(self.factory.fanout, self.transport, self._give_up, peer)
        self.client = self.factory.make_client(self.outbox)
        self.factory.open.add(self)

    def dataReceived(self, data: bytes) -> None:
        """Of Twisted: bytes. Whole text messages are read here, all else by Autobahn."""
        at = 0
        while at < len(data) and self._between_messages:
            found = text_frame(data, at, self.maxMessagePayloadSize)
            if found is None:
                break
            payload, at = found
            if self.autoPingTimeoutCall is not None:
                self._cancelAutoPingTimeoutCall()  # whoever speaks is alive
            self.onMessage(payload, False)
        if at < len(data):
            self._dataReceived(data[at:] if at else data)

    @property
    def _between_messages(self) -> bool:
        """Whether the next byte begins a message, and messages are still taken."""
        return (
            self.state == self.STATE_OPEN
            and not self.inside_message
            and self.current_frame is None
            and not self.data
        )

    def onMessage(self, payload: bytes, isBinary: bool) -> None:
        """Of Autobahn: a whole message."""
        if self.client is not None:
            self.client.received(payload, isBinary)

    def sendData(self, data: bytes, sync: bool = False, chopsize: int | None = None) -> None:
        """Of Autobahn, its one way out: what the outbox sends must not cut through it.

        (Before a close frame the outbox has sent all it had, and after it sends nothing.)
        """
        if self.outbox is None or data[0] & 0x0F == _CLOSE_FRAME:
            super().sendData(data, sync, chopsize)
        else:
            self.outbox.message(data)
            self.outbox.flush()

    def onClose(self, wasClean: bool, code: int | None, reason: str | None) -> None:
        """Of Autobahn: the connection is gone, or its opening failed."""
        self.factory.open.discard(self)
        outbox, self.outbox = self.outbox, None
        client, self.client = self.client, None
        if outbox is not None:
            outbox.close()
        if client is not None:
            client.gone()

    def close(self, code: int, reason: str) -> None:
        """Begin the closing handshake; it ends within a second, whatever the client does.

        Autobahn's ``sendClose`` takes the codes of applications only, not those of RFC 6455.
        """
        self.sendCloseFrame(code, encode_truncate(reason, _MOST_REASON), False)

    def sendCloseFrame(
        self, code: int | None = None, reasonUtf8: bytes | None = None, isReply: bool = False
    ) -> None:
        """Of Autobahn: what was said goes out before a close frame, and nothing after it."""
        outbox = self.outbox
        if outbox is not None:
            outbox.flush()
        super().sendCloseFrame(code, reasonUtf8, isReply)
        if outbox is not None:
            outbox.close()

    def _give_up(self, reason: str) -> None:
        """The client is too slow: say why; it has a moment to read that."""
        _log.warn("closing {peer}: too slow, {reason}", peer=self.peer, reason=reason)
        self.close(_TRY_AGAIN_LATER, f"too slow: {reason}")


class GatewayFactory(WebSocketServerFactory):
    """Makes the connections of one service.

    :param make_client: gives the dispatcher of a new client.
    """

    protocol: Any = GatewayProtocol

    def __init__(
        self,
        reactor: Any,
        fanout: Fanout,
        options: WebSocketOptions,
        make_client: Callable[[Outbox], Dispatcher],
    ) -> None:
        super().__init__(server="webctp", reactor=reactor)
        self.fanout = fanout
        self.make_client = make_client
        self.open: set[GatewayProtocol] = set()
        # Autobahn's own timers run on Twisted's global reactor, whichever we were given.
        self._batched_timer = _Timers(reactor)
        self.setProtocolOptions(
            autoPingInterval=options.ping_interval,
            autoPingTimeout=options.ping_timeout,
            maxMessagePayloadSize=options.max_message_bytes,
            maxFramePayloadSize=options.max_message_bytes,
            closeHandshakeTimeout=_CLOSE_HANDSHAKE,
            failByDrop=False,
            tcpNoDelay=True,
            webStatus=False,
        )

    def close_all(self) -> Deferred[Any]:
        """Close every client with 1001; fires when all are gone."""
        going = list(self.open)
        for protocol in going:
            protocol.close(_GOING_AWAY, "the daemon stops")
        return DeferredList([protocol.is_closed for protocol in going])
