"""The WebSocket client in memory."""

from autobahn.twisted.websocket import WebSocketServerFactory, WebSocketServerProtocol
from twisted.trial.unittest import SynchronousTestCase

from webctp.testing import Frame, WebSocketPeer, client_frame, server_frames


class Frames(SynchronousTestCase):
    """The helpers of WebSockets."""

    def test_an_exchange_with_a_server(self) -> None:
        factory = WebSocketServerFactory()
        factory.protocol = WebSocketServerProtocol
        peer = WebSocketPeer(factory)
        self.assertEqual(peer.status, 101)
        peer.feed(client_frame(b"hello", 9))
        self.assertEqual(peer.frames(), [Frame(10, b"hello")])
        peer.drop()
        self.assertTrue(peer.transport.disconnecting)

    def test_half_a_frame_waits_for_the_rest(self) -> None:
        for length in (5, 126, 70_000):
            size = length.to_bytes(2 if length < 65_536 else 8, "big")
            head = (
                bytes((0x81, length))
                if length < 126
                else bytes((0x81, 126 if length < 65_536 else 127)) + size
            )
            data = head + b"x" * length
            for cut in (0, 1, len(head), len(data) - 1):
                self.assertEqual(server_frames(data[:cut]), ([], data[:cut]))
            self.assertEqual(server_frames(data + b"\x81"), ([Frame(1, b"x" * length)], b"\x81"))
