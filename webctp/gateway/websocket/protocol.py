"""One WebSocket connection: Autobahn's protocol, and the factory that sets its options."""

from collections.abc import Callable
from functools import partial
from time import thread_time
from typing import Any, Final

from autobahn.twisted.websocket import WebSocketServerFactory, WebSocketServerProtocol
from autobahn.util import encode_truncate
from autobahn.websocket.types import ConnectionRequest
from twisted.internet.defer import Deferred, DeferredList
from twisted.internet.error import ConnectionDone
from twisted.internet.interfaces import IDelayedCall, IReactorTime
from twisted.python.failure import Failure

from webctp.config.serving import WebSocketOptions
from webctp.gateway.access.address import peer_address
from webctp.gateway.access.logindeadline import LoginDeadline, shorter
from webctp.gateway.access.principal import ANYBODY, Principal
from webctp.gateway.access.rate import MessageRate
from webctp.gateway.access.usage import rate_of, shared_rate
from webctp.gateway.websocket import deflate
from webctp.gateway.websocket.comings import Coming, Comings
from webctp.gateway.websocket.fanout import DeflatingOutbox, Fanout, Outbox
from webctp.gateway.websocket.frames import text_frame
from webctp.gateway.websocket.memory import STRANGER_BYTES
from webctp.gateway.websocket.openclient import OpenClient
from webctp.gateway.websocket.peer import Peer
from webctp.gateway.websocket.socketclient import SocketClient
from webctp.gateway.websocket.timers import Timers
from webctp.language.text import Language, Text, english
from webctp.upstream.turns import A_TURN, Slice

SUBPROTOCOL: Final = "webctp"
"""The subprotocol that is spoken, named or not."""
GOING_AWAY: Final = 1001
"""The close code of a daemon that ends."""
STOPS: Final = english("the daemon stops")
_POLICY_VIOLATION: Final = 1008
_TRY_AGAIN_LATER: Final = 1013
_BREACHES: Final = frozenset((1002, 1007, 1009))
"""The codes for what a client may not send: a bad frame, bad UTF-8, too much."""
_CLOSE_FRAME: Final = 0x8
_CLOSE_HANDSHAKE: Final = 1.0
_FAREWELL: Final = 10.0
"""Seconds that one who was given up has to read on, up to the reason."""
_GONE: Final = Failure(ConnectionDone())
_MESSAGES_A_TURN: Final = 32
_MOST_REASON: Final = 123  # bytes that a close frame has room for


def _nothing(_: object = None) -> None:
    pass


class GatewayProtocol(WebSocketServerProtocol):
    """Run one client's WebSocket connection; own its outbox and its :class:`SocketClient`.

    Methods in camelCase are Autobahn's or Twisted's, which call them in the reactor's thread.
    """

    factory: "GatewayFactory"
    transport: Any
    peer: str
    maxMessagePayloadSize: int
    autoPingInterval: float
    client: SocketClient | None = None
    principal: Principal = ANYBODY
    """Who is calling; whoever hands the connection over sets it."""
    language: Language = "en"
    """What the client reads; whoever hands the connection over sets it."""
    outbox: Outbox | None = None
    number = 0
    """What an administrator calls the connection; 0 until it is open."""
    opened = 0.0
    """When it was opened, by the reactor's clock."""
    _rate: MessageRate
    _login_deadline: LoginDeadline | None = None
    _held: list[bytes] | None = None
    """What was read and has to wait for its turn; None while reading goes on."""
    _incoming = 0
    """Bytes of a message that has not come whole."""
    _coming: Coming | None = None
    """Writes lines of the log about it; None until the connection is open."""
    _perMessageCompress: Any
    _isMessageCompressed: bool
    _deflater: deflate.Deflater | None = None
    """Compresses what it is sent; None where that was not agreed on."""
    _is_slow = False
    """Whether the client was slow to read when the last ping was due to be answered."""
    _is_given_up = False
    _last_words: IDelayedCall | None = None
    """What ends a connection that does not take the close frame."""

    def onConnect(self, request: ConnectionRequest) -> tuple[str | None, dict[str, str]]:
        """Autobahn calls this with the handshake; its path was checked when it was routed here.

        A page that shows its token as a subprotocol must be answered with one that it offers.
        """
        headers = {}
        agreed = self.factory.compression.agree(request.extensions)
        self.websocket_extensions = []  # Autobahn turns away whoever makes an illegal offer
        if agreed is not None:
            headers[deflate.HEADER], self._deflater = agreed
            self._perMessageCompress = deflate.PassOn()
        return SUBPROTOCOL if SUBPROTOCOL in request.protocols else None, headers

    def failHandshake(
        self, reason: str, code: int = 400, responseHeaders: object | None = None
    ) -> None:
        """Autobahn calls this when it lets a WebSocket not in.

        The HTTP connection sees that the socket is not open, and answers: Autobahn's answer would
        repeat what the client wrote, and its log has a line for each try.
        """

    def onOpen(self) -> None:
        """Autobahn calls this when the handshake is done: make the outbox and the client."""
        peer = peer_address(self.transport.getPeer())
        fanout, transport = self.factory.fanout, self.transport
        if self._deflater is None:
            self.outbox = Outbox(fanout, transport, self._give_up, peer, self.peer)
        else:
            self.outbox = DeflatingOutbox(
                fanout, transport, self._give_up, peer, self.peer, deflater=self._deflater
            )
        factory, who = self.factory, self.principal
        self._rate = rate_of(fanout.clock, who.usage, factory.message_rate)
        peered = Peer(self.outbox, who, self.language, factory.max_nesting)
        self.client = factory.make_client(peered)
        self.client.on_idle, self.client.rate = self._idle, self._rate
        self.outbox.is_admitted = self.client.is_admitted
        self.maxMessagePayloadSize = min(self.maxMessagePayloadSize, STRANGER_BYTES)
        self.maxFramePayloadSize = self.maxMessagePayloadSize
        seconds = shorter(factory.login_deadline, who.limits.login_seconds)
        if seconds > 0:
            end = partial(self._no_login, seconds)
            self._login_deadline = LoginDeadline(fanout.clock, seconds, self.client, end)
        self.number, self.opened = next(fanout.numbers), fanout.clock.seconds()
        self.factory.open.add(self)
        self._coming = self.factory.comings.came(self.peer, self.principal)

    def limit_rate(self, limit: int) -> None:
        """Take another ``MessageRate``."""
        if shared_rate(self.principal.usage, limit) is None:
            self._rate.change(limit)

    def dataReceived(self, data: bytes) -> None:
        """Twisted calls this with what was read; beyond a turn's worth wait, and stop reading."""
        fanout = self.factory.fanout
        fanout.traffic.bytes_in += len(data)
        if self._held is None:
            try:
                self._read(data)
            finally:
                fanout.flush()
        else:
            self._held.append(data)  # TLS hands on what it had read already
            if self.autoPingTimeoutCall is not None:
                self._is_alive()

    def _read(self, data: bytes) -> None:
        """Read whole text messages here; give everything else to Autobahn."""
        at, end = 0, len(data)
        some: Slice | None = None
        while at < end and self._between_messages:
            found = text_frame(data, at, self.maxMessagePayloadSize)
            if found is None:
                break
            payload, at = found
            if self.autoPingTimeoutCall is not None:
                self._is_alive()
            client = self.client
            if client is None:
                return
            rate = self._rate
            rate.left -= 1
            if rate.left >= 0:
                client.received(payload, False)
            else:
                self._beyond_rate(client, payload, False)
            if client.work is not None:
                self._hold(data[at:])
                return
            if at < end:
                if some is None:
                    some = Slice(_MESSAGES_A_TURN, A_TURN)
                if not some.goes_on():
                    self._hold(data[at:])
                    return
        if at < end:
            self._read_by_autobahn(data[at:] if at else data)

    def _read_by_autobahn(self, data: bytes) -> None:
        """Let Autobahn read ``data``; note how many bytes of an unfinished message have come."""
        self._dataReceived(data)
        if self.outbox is not None:
            whole = self._between_messages or self.state != self.STATE_OPEN
            self._incoming = 0 if whole else self._incoming + len(data)
            self.outbox.receiving(self._incoming)

    def onMessageFrameBegin(self, length: int) -> None:
        """Autobahn calls this when a data frame begins: allow long ones after the login."""
        most = self.factory.max_message_bytes
        if self.maxMessagePayloadSize < most and self.client is not None:
            long = self.message_data_total_length + length > self.maxMessagePayloadSize
            if long and self.client.is_admitted():
                self.maxMessagePayloadSize = self.maxFramePayloadSize = most
        if self._isMessageCompressed:
            self.utf8validateIncomingCurrentMessage = False  # what it inflates to is looked at
        super().onMessageFrameBegin(length)

    def consumeData(self) -> None:
        """Autobahn calls this to process its buffer: stop after one turn's worth."""
        if self.state not in (self.STATE_OPEN, self.STATE_CLOSING) or self.client is None:
            super().consumeData()
            return
        some = Slice(_MESSAGES_A_TURN, A_TURN)
        while self.processData() and self.state != self.STATE_CLOSED:
            if not some.goes_on() or self._is_busy:
                rest = b""
                if self.current_frame is None and not self.inside_message:
                    rest, self.data = self.data, rest
                self._hold(rest)
                return

    def _hold(self, data: bytes) -> None:
        """Read no more before the turn in which ``data``, and what Autobahn has, goes on."""
        if self._held is None:
            self._held = []
            self.transport.pauseProducing()
            if not self._is_busy:
                self.factory.fanout.turns.add(self._go_on)
        if data:
            self._held.append(data)

    def _go_on(self) -> bool:
        """Take what was held, as far as it goes; the client's long work may come between."""
        held, self._held = self._held, None
        if held is None or self.state == self.STATE_CLOSED:
            return False
        data = b"".join(held)
        if self.data or self.current_frame is not None:
            self._read_by_autobahn(data)
        elif data:
            self._read(data)
        self._resume()
        return False

    def _resume(self) -> None:
        """Read on, unless what was held is held again or the connection is gone."""
        if self._held is None and self.state != self.STATE_CLOSED:
            self.transport.resumeProducing()

    def _idle(self) -> None:
        """Go on reading: the client's long work is done."""
        if self._held is not None:
            self.factory.fanout.turns.add(self._go_on)

    @property
    def _is_busy(self) -> bool:
        """Return whether the next message must wait for work that the last one began."""
        return self.client is not None and self.client.work is not None

    def _is_alive(self) -> None:
        """Wait for no pong any more: a client that sends is alive."""
        self._cancelAutoPingTimeoutCall()

    @property
    def _between_messages(self) -> bool:
        """Return whether the next byte begins a message, and messages are still taken."""
        return (
            self.state == self.STATE_OPEN
            and not self.inside_message
            and self.current_frame is None
            and not self.data
        )

    def onMessage(self, payload: bytes, isBinary: bool) -> None:
        """Autobahn calls this with a message that did not come in one piece."""
        client = self.client
        if client is None or self.state != self.STATE_OPEN:
            return
        if self._isMessageCompressed:
            inflated = self._inflate(client, payload, isBinary)
            if inflated is None:
                return
            payload = inflated
        self._rate.left -= 1
        if self._rate.left >= 0:
            client.received(payload, isBinary)
        else:
            self._beyond_rate(client, payload, isBinary)

    def _inflate(self, client: SocketClient, payload: bytes, is_binary: bool) -> bytes | None:
        """Decompress a message, whose time counts as messages; None where that ends it all."""
        most = self.factory.max_message_bytes if client.is_admitted() else STRANGER_BYTES
        begun = thread_time()
        try:
            return deflate.message(payload, is_binary, most)
        except deflate.BadData as problem:
            self.close(problem.code, problem.reason)
            return None
        finally:
            self._rate.charge(thread_time() - begun)

    def onPing(self, payload: bytes) -> None:
        """Autobahn calls this with a ping, which counts as a message of the client's rate."""
        rate = self._rate
        rate.left -= 1
        if rate.left >= 0 or rate.admit():
            super().onPing(payload)
        elif rate.persists():
            self._too_fast()

    def _beyond_rate(self, client: SocketClient, payload: bytes, is_binary: bool) -> None:
        """Admit a message if the rate has been refilled by now; else refuse it, or close."""
        if self._rate.admit():
            client.received(payload, is_binary)
        elif self._rate.persists():
            self._too_fast()
        else:
            client.too_fast(payload, is_binary, self._rate)

    def _too_fast(self) -> None:
        if self.state == self.STATE_OPEN:
            self._log_closing(english("too fast, beyond {key}", key=self._rate.key))
            self.close(_POLICY_VIOLATION, self._rate.beyond())

    def sendData(self, data: bytes, sync: bool = False, chopsize: int | None = None) -> None:
        """Autobahn sends everything by this: put it in line behind what the outbox holds.

        A close frame goes past the outbox, which has sent all it had and sends nothing after it.
        """
        if self.outbox is None or data[0] & 0x0F == _CLOSE_FRAME:
            super().sendData(data, sync, chopsize)
        else:
            self.outbox.message(data)
            self.outbox.flush()

    def onClose(self, wasClean: bool, code: int | None, reason: str | None) -> None:
        """Autobahn calls this when the connection has closed, or its opening failed."""
        if self._coming is not None:
            self._coming.went(self.client, code)
        self.factory.open.discard(self)
        if self._login_deadline is not None:
            self._login_deadline.cancel()
            self._login_deadline = None
        outbox, self.outbox = self.outbox, None
        client, self.client = self.client, None
        if outbox is not None:
            outbox.release()
        if client is not None:
            client.stop()
            client.gone()
            client.on_idle = _nothing

    def connectionLost(self, reason: Failure = _GONE) -> None:
        """Twisted calls this when the connection has closed: free all without a collector."""
        super().connectionLost(reason)
        if self.closeHandshakeTimeoutCall is not None:
            self.closeHandshakeTimeoutCall.cancel()
            self.closeHandshakeTimeoutCall = None
        if self._last_words is not None and self._last_words.active():
            self._last_words.cancel()
        # Autobahn fires these with the protocol itself, which they would hold from then on.
        for fired in (self.is_open, self.is_closed):
            fired.addBoth(_nothing)
        self.factory.fanout.flush()  # others may have been told of that

    def onAutoPingTimeout(self) -> None:
        """Autobahn calls this when no pong has come: wait longer for clients that read slowly."""
        slow = self.outbox is not None and self.outbox.reads_slowly()
        if slow or self._is_slow:
            self._is_slow = slow
            self.autoPingTimeoutCall = None
            self.autoPingPending = None
            self._send_next_ping()
        else:
            super().onAutoPingTimeout()

    def _send_next_ping(self) -> None:
        timers = self.factory._batched_timer
        self.autoPingPendingCall = timers.call_later(self.autoPingInterval, self._sendAutoPing)

    def close(self, code: int, reason: Text) -> None:
        """Begin the closing handshake; it ends within a second, whatever the client does.

        Autobahn's ``sendClose`` takes the codes of applications only, not those of RFC 6455.
        """
        said = reason.in_language(self.language)
        self.sendCloseFrame(code, encode_truncate(said, _MOST_REASON), False)

    def sendCloseFrame(
        self, code: int | None = None, reasonUtf8: bytes | None = None, isReply: bool = False
    ) -> None:
        """Autobahn sends close frames by this: flush the outbox before, and close it after."""
        if code in _BREACHES and not isReply and self.state == self.STATE_OPEN:
            breach = (reasonUtf8 or b"").decode()
            self._log_closing(english("{breach} ({code})", breach=breach, code=code))
        outbox = self.outbox
        if outbox is not None:
            outbox.flush()
        super().sendCloseFrame(code, reasonUtf8, isReply)
        if outbox is not None:
            outbox.close()

    def _log_closing(self, reason: Text) -> None:
        if self._coming is not None:
            self._coming.closing(self.client, reason)

    def _no_login(self, seconds: float) -> None:
        """Close a client that has not logged in within ``LoginDeadline``, or its token's limit."""
        self._log_closing(english("no login within LoginDeadline"))
        self.close(
            _POLICY_VIOLATION,
            english("no login within {seconds:g} s: send ReqUserLogin", seconds=seconds),
        )

    def _give_up(self, reason: Text) -> None:
        """Close a client that is too slow, with the reason in the close frame."""
        self._log_closing(english("too slow, {reason}", reason=reason))
        self._is_given_up = True
        self.closeHandshakeTimeout = _FAREWELL
        self.close(_TRY_AGAIN_LATER, english("too slow: {reason}", reason=reason))

    def _closeConnection(self, abort: bool = False) -> None:
        """Autobahn calls this to end the connection.

        A client that was given up is not reset: a reset would throw away the close frame, and
        the reason in it, that the kernel still holds. Nor is one whose close frame has come: it
        may have come before ours has left.
        """
        outbox = self.outbox
        keep = self._is_given_up and outbox is not None and outbox.is_drained
        if abort and self.wasClean:
            clock, end = self.factory.fanout.clock, self.transport.abortConnection
            self._last_words = clock.callLater(_CLOSE_HANDSHAKE, end)
        super()._closeConnection(abort and not keep and not self.wasClean)


class GatewayFactory(WebSocketServerFactory):
    """Make the connections of one service.

    :param make_client: makes what handles a new client's messages.
    """

    protocol: Any = GatewayProtocol

    def __init__(
        self,
        reactor: IReactorTime,
        fanout: Fanout,
        options: WebSocketOptions,
        make_client: Callable[[Peer], SocketClient],
    ) -> None:
        super().__init__(server="webctp", reactor=reactor)
        self.fanout = fanout
        self.make_client = make_client
        self.comings = Comings(fanout.clock)
        self.compression = deflate.Compression()
        self.language: Language = options.language
        self.open: set[OpenClient] = set()
        # Autobahn's own timers run on Twisted's global reactor, whichever we were given.
        self._batched_timer = Timers(reactor)
        self.take_settings(options)

    def take_settings(self, options: WebSocketOptions) -> None:
        """Take other settings: the rate for every connection, the rest for those to come."""
        self.message_rate = options.message_rate
        self.max_message_bytes = options.max_message_bytes
        self.max_nesting = options.max_nesting
        self.login_deadline = options.login_deadline
        self.compression.least = options.compression
        self.http_session_idle = options.http_session_idle
        for one in self.open:
            one.limit_rate(options.message_rate)
        self.setProtocolOptions(
            autoPingInterval=options.ping_interval,
            autoPingTimeout=options.ping_timeout,
            maxMessagePayloadSize=options.max_message_bytes,
            maxFramePayloadSize=options.max_message_bytes,
            closeHandshakeTimeout=_CLOSE_HANDSHAKE,
            failByDrop=False,
            webStatus=False,
            allowNullOrigin=True,  # Origins has decided
        )

    def close_all(self, code: int = GOING_AWAY, reason: Text = STOPS) -> Deferred[Any]:
        """Close every client; fires when all are gone, those included that are closing already."""
        going = list(self.open)
        for protocol in going:
            protocol.close(code, reason)
        return DeferredList([protocol.is_closed for protocol in going])
