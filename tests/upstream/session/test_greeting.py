"""A first word with a front, at a fake front and with the real library."""

import socket
import threading
from collections.abc import Callable
from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from webctp.ctp import binding, catalog
from webctp.ctp.front import NativeFront
from webctp.testing import FakeFront
from webctp.upstream.session.greeting import NotGreeted, greet

ADDRESS = "tcp://one:1"
USER = {"BrokerID": "9999", "UserID": "user", "AppID": "client", "AuthCode": "0000"}


class GreetingTests(SynchronousTestCase):
    """What comes of it."""

    def setUp(self) -> None:
        self.front = FakeFront()

    def greet(self, authentication: Any = None, patience: float = 5.0) -> None:
        try:
            greet(
                self.front,
                catalog.trading(),
                ADDRESS,
                production_mode=True,
                authentication=authentication,
                patience=patience,
            )
        finally:
            self.assertTrue(self.front.api.released)

    def trouble(self, authentication: Any = None, patience: float = 5.0) -> str:
        with self.assertRaises(NotGreeted) as raised:
            self.greet(authentication, patience)
        return str(raised.exception)

    def test_one_that_connects(self) -> None:
        self.greet()
        self.assertNotIn("ReqAuthenticate", self.front.names)

    def test_market_data_too(self) -> None:
        greet(self.front, catalog.market_data(), ADDRESS, production_mode=False)
        self.assertEqual(self.front.last("create_market").arguments[1], False)

    def test_one_that_authenticates(self) -> None:
        self.greet(USER)
        values = self.front.last("ReqAuthenticate").values
        self.assertEqual({name: values[name] for name in USER}, USER)

    def test_a_refused_authentication(self) -> None:
        self.front.on("ReqAuthenticate", error=63)
        self.assertIn("63, CTP:客户端认证失败", self.trouble(USER))

    def test_an_error_in_its_place(self) -> None:
        self.front.on("ReqAuthenticate", error=4040, callback="OnRspError")
        self.assertIn("4040", self.trouble(USER))

    def test_one_that_says_nothing(self) -> None:
        self.front.connects = False
        self.assertIn("no OnFrontConnected within", self.trouble(patience=0.01))
        self.front.connects = True
        self.front.on("ReqAuthenticate", silent=True)
        self.assertIn("no OnRspAuthenticate within", self.trouble(USER, patience=0.01))


class NativeTests(SynchronousTestCase):
    """The real library before who is no front."""

    def trouble(self, behave: Callable[[socket.socket], object]) -> str:
        with socket.create_server(("127.0.0.1", 0)) as server:

            def serve() -> None:
                while True:
                    try:
                        met, _ = server.accept()
                    except OSError:
                        return
                    behave(met)

            thread = threading.Thread(target=serve)
            thread.start()
            try:
                with self.assertRaises(NotGreeted) as raised:
                    greet(
                        NativeFront(binding.load()),
                        catalog.trading(),
                        f"tcp://127.0.0.1:{server.getsockname()[1]}",
                        production_mode=True,
                        patience=60,
                    )
            finally:
                server.shutdown(socket.SHUT_RDWR)
                thread.join(60)
        return str(raised.exception)

    def test_one_that_hangs_up(self) -> None:
        told = self.trouble(lambda met: met.close())
        self.assertIn("OnFrontDisconnected (0x1001): the front closes the connection", told)

    def test_one_that_speaks_something_else(self) -> None:
        kept: list[socket.socket] = []

        def speak(met: socket.socket) -> None:
            kept.append(met)
            met.sendall(b"SSH-2.0-OpenSSH_9.6\r\n" * 4)

        told = self.trouble(speak)
        for one in kept:
            one.close()
        self.assertIn("OnFrontDisconnected (0x2003): what answers speaks no CTP", told)
