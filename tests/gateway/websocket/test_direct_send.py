"""A real socket whose client reads when it likes: frames stay whole and in order."""

import gc
import socket
import weakref
from collections.abc import Callable
from typing import Any, cast

from twisted.internet import reactor
from twisted.internet.defer import Deferred, inlineCallbacks
from twisted.internet.task import deferLater
from twisted.trial.unittest import TestCase

from webctp.config.serving import Limits, WebSocketOptions
from webctp.gateway.access.logindeadline import Presence
from webctp.gateway.client import ServiceClient
from webctp.gateway.http.site import site
from webctp.gateway.messages import encoder as wire
from webctp.gateway.websocket.fanout import Fanout
from webctp.gateway.websocket.peer import Peer
from webctp.gateway.websocket.protocol import GatewayFactory, GatewayProtocol
from webctp.testing.websocket import Frame, client_frame, server_frames

HANDSHAKE = (
    b"GET /md/ HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)


class Echo:
    """In place of a dispatcher: says what it hears, at once."""

    work = None

    def __init__(self, fanout: Fanout, peer: Peer) -> None:
        self.fanout = fanout
        self.outbox = peer.outbox

    def received(self, payload: bytes, is_binary: bool) -> None:
        self.outbox.message(wire.frame(payload))
        self.fanout.flush()

    def presence(self) -> Presence:
        return Presence.STRANGER

    def is_admitted(self) -> bool:
        return True

    def account(self) -> str:
        return ""

    def stop(self) -> None:
        pass

    def gone(self) -> None:
        pass


class SocketCase(TestCase):
    """A server on a loopback port, a client on a plain socket with small buffers."""

    timeout = 60
    limits = Limits()

    def setUp(self) -> None:
        self.fanout = Fanout(reactor, self.limits)

        def make(peer: Peer) -> ServiceClient:
            return cast(ServiceClient, Echo(self.fanout, peer))

        options = WebSocketOptions(
            ping_interval=0, ping_timeout=0, max_message_bytes=1 << 20, login_deadline=0
        )
        self.factory = GatewayFactory(reactor, self.fanout, options, make)
        listening = site({"md": (self.factory, dict)}, reactor)
        any_reactor: Any = reactor
        self.port = any_reactor.listenTCP(0, listening, interface="127.0.0.1")
        self.client = socket.socket()
        self.client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self.client.setblocking(False)
        self.client.connect_ex(("127.0.0.1", self.port.getHost().port))
        self.read = b""

    @inlineCallbacks
    def tearDown(self) -> Any:  # type: ignore[override]
        self.client.close()
        while self.factory.open:
            yield self.turn()
        yield self.port.stopListening()

    def turn(self) -> Deferred[None]:
        return deferLater(reactor, 0.001, lambda: None)

    def take(self) -> None:
        """Read what is there."""
        while True:
            try:
                piece = self.client.recv(1 << 16)
            except BlockingIOError:
                return
            if not piece:
                return
            self.read += piece

    @inlineCallbacks
    def until(self, enough: Callable[[], bool]) -> Any:
        while not enough():
            self.take()
            yield self.turn()

    @inlineCallbacks
    def opened(self) -> Any:
        """Shake hands; gives the connection."""
        yield self.turn()
        self.client.send(HANDSHAKE)
        yield self.until(lambda: b"\r\n\r\n" in self.read)
        self.read = self.read.partition(b"\r\n\r\n")[2]
        (connection,) = self.factory.open
        return connection

    def frames(self) -> list[Frame]:
        return server_frames(self.read)[0]


class ReadsWhenItLikes(SocketCase):
    """A client that is behind for a while."""

    @inlineCallbacks
    def test_an_answer(self) -> Any:
        yield self.opened()
        for _ in range(3):
            self.client.send(client_frame(b"one") + client_frame(b"two"))
        yield self.until(lambda: len(self.frames()) == 6)
        self.assertEqual([frame.payload for frame in self.frames()], [b"one", b"two"] * 3)

    @inlineCallbacks
    def test_what_the_kernel_does_not_take_comes_later_and_whole(self) -> Any:
        connection: GatewayProtocol = yield self.opened()
        outbox = connection.outbox
        assert outbox is not None
        sent = []
        for number in range(400):
            message = b"%d:" % number + b"x" * (number * 97 % 60_000)
            sent.append(message)
            outbox.message(wire.frame(message))
            self.fanout.flush()
            if number % 7 == 0:
                connection.sendPing(b"ping %d" % number)
            if number % 11 == 0:
                self.take()
                yield self.turn()
        yield self.until(lambda: sum(frame.opcode == 1 for frame in self.frames()) == 400)
        texts = [frame.payload for frame in self.frames() if frame.opcode == 1]
        self.assertEqual(texts, sent)
        pings = [frame.payload for frame in self.frames() if frame.opcode == 9]
        self.assertEqual(pings, [b"ping %d" % number for number in range(0, 400, 7)])

    @inlineCallbacks
    def test_ticks_while_behind_are_the_newest_and_the_note_is_right(self) -> Any:
        connection: GatewayProtocol = yield self.opened()
        outbox = connection.outbox
        assert outbox is not None
        told: list[int] = []
        outbox.on_dropped = told.append
        audience = self.fanout.audience([outbox])
        count = 2_000
        for number in range(count):
            audience.tick(b"cu", wire.frame(b"%d:" % number + b"x" * 8_000))
            self.fanout.flush()
        last = b"%d:" % (count - 1)
        yield self.until(lambda: any(f.payload.startswith(last) for f in self.frames()))
        numbers = [int(frame.payload.partition(b":")[0]) for frame in self.frames()]
        self.assertEqual(numbers, sorted(set(numbers)))
        self.assertLess(len(numbers), count)
        self.assertEqual(sum(told), count - len(numbers))
        self.assertEqual(sum(told), outbox.ticks_dropped)


class ReadsNothing(SocketCase):
    """A client that does not read until it is too late."""

    limits = Limits(slow_client_seconds=0.2)

    @inlineCallbacks
    def test_it_is_closed_with_a_reason(self) -> Any:
        connection: GatewayProtocol = yield self.opened()
        outbox = connection.outbox
        assert outbox is not None
        while connection.state == connection.STATE_OPEN:
            outbox.tick(b"cu", wire.frame(b"x" * 60_000))
            self.fanout.flush()
            yield self.turn()
        # It has a moment to read why, behind all that the kernel still held.
        yield self.until(lambda: any(frame.opcode == 8 for frame in self.frames()))
        *ticks, close = self.frames()
        self.assertEqual({frame.payload for frame in ticks}, {b"x" * 60_000})
        self.assertEqual(int.from_bytes(close.payload[:2], "big"), 1013)
        self.assertIn(b"too slow", close.payload)
        self.client.send(client_frame(close.payload, 8))


class ReadsSlowly(SocketCase):
    """A client that takes a little all the time."""

    limits = Limits(slow_client_bytes=6 << 20, slow_client_seconds=0.3)

    @inlineCallbacks
    def test_it_is_not_given_up_as_long_as_it_takes_something(self) -> Any:
        connection: GatewayProtocol = yield self.opened()
        outbox = connection.outbox
        assert outbox is not None
        for _ in range(5):
            outbox.message(wire.frame(b"x" * (1 << 20)))
        self.fanout.flush()
        for _ in range(20):  # 1.2 s: four times what it may take nothing for
            self.read += self.client.recv(4_096)
            yield deferLater(reactor, 0.06, lambda: None)
        self.assertIsNotNone(connection.outbox)
        self.assertEqual(connection.state, connection.STATE_OPEN)
        yield self.until(lambda: len(self.frames()) == 5)

    @inlineCallbacks
    def test_one_that_holds_too_much_reads_why(self) -> Any:
        connection: GatewayProtocol = yield self.opened()
        outbox = connection.outbox
        assert outbox is not None
        while connection.state == connection.STATE_OPEN:
            outbox.message(wire.frame(b"x" * (1 << 20)))
            self.fanout.flush()
            yield self.turn()
        for _ in range(40):  # more than a second: longer than a close usually takes
            self.read += self.client.recv(4_096)
            yield deferLater(reactor, 0.04, lambda: None)
        yield self.until(lambda: bool(self.frames()) and self.frames()[-1].opcode == 8)
        self.assertEqual(self.frames()[-1].payload[:2], (1013).to_bytes(2, "big"))
        self.assertIn(b"too slow", self.frames()[-1].payload)


class Gone(SocketCase):
    """What is left of a client that has gone."""

    @inlineCallbacks
    def test_nothing_is_left_for_the_collector(self) -> Any:
        connection: GatewayProtocol = yield self.opened()
        outbox = connection.outbox
        assert outbox is not None
        outbox.message(wire.frame(b"x" * (8 << 20)))
        self.client.send(client_frame(b"x" * 100_000, fin=False)[:60_000])
        yield self.turn()
        gc.collect()
        gc.disable()
        try:
            gone = [weakref.ref(one) for one in (connection, outbox, connection.client)]
            del connection, outbox
            self.client.close()
            yield self.until_gone()
            self.fanout.flush()
            yield self.turn()
            self.assertEqual([one() for one in gone], [None] * 3)
        finally:
            gc.enable()
        self.assertEqual(self.fanout.memory.held, 0)

    def until_gone(self) -> Any:
        @inlineCallbacks
        def wait() -> Any:
            while self.factory.open:
                yield self.turn()

        return wait()
