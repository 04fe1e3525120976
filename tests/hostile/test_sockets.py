"""Raw hostility against a real daemon: it lives, the others are served, nothing is left behind."""

import atexit
import contextlib
import socket
import ssl
import struct
import time
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from twisted.trial.unittest import SynchronousTestCase

from tests.daemons import PATIENCE, DaemonProcess
from tests.hostile.beside import with_tls
from tests.hostile.floods import OWN, login
from tests.hostile.honest import Client
from webctp.testing import client_frame, server_frames

CONFIG: Final = """
AppType: both
TdFrontAddress: sim://
MdFrontAddress: sim://
BrokerID: "9999"
QueryInterval: 0
SessionLinger: 0
Host: 127.0.0.1
Port: 0
MaxConnectionsPerAddress: 0
SlowClientBytes: 262144
SlowClientSeconds: 5
MessageRate: 2000
"""
LIMITED: Final = "import resource; resource.setrlimit(resource.RLIMIT_NOFILE, (300, 300))"
"""Descriptors of the daemon that is to run out of them: 128 of them it keeps for itself."""
HEALTH: Final = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
UPGRADE: Final = (
    b"GET /md/ HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)
ASK: Final = client_frame(b'{"MsgType":"Nope","RequestID":7}')
ECHOED: Final = b'"RequestID":7'
CLOSE: Final = 8
FAULTS: Final = ("Traceback", "Unhandled", "CRITICAL")


def wait(met: Callable[[], bool], what: str) -> None:
    """Wait for a condition."""
    end = time.monotonic() + PATIENCE
    while not met():
        if time.monotonic() > end:
            raise AssertionError(f"waited in vain for {what}")
        time.sleep(0.02)


@contextlib.contextmanager
def daemon(directory: str, more: str = "", first: str = "") -> Iterator[DaemonProcess]:
    """A daemon that serves; ended at the end."""
    one = DaemonProcess(directory, CONFIG + more, first=first)
    try:
        wait(lambda: one.serving, "the daemon to serve")
        yield one
    finally:
        if one.running:
            one.terminate()
            with contextlib.suppress(AssertionError):
                wait(lambda: not one.running, "its end")
        one.kill()


_serving = contextlib.ExitStack()
atexit.register(_serving.close)


@cache
def shared() -> DaemonProcess:
    """One daemon for all that leaves it as it was; ended with this process."""
    place = _serving.enter_context(TemporaryDirectory(dir="."))
    return _serving.enter_context(daemon(f"{place}/daemon"))


class Hostile(SynchronousTestCase):
    """A daemon that goes on, and what a socket may do to it."""

    timeout = 600

    def setUp(self) -> None:
        self.daemon = shared()
        self.honest = Client(self.daemon.port, "/md/")
        self.addCleanup(self.honest.close)
        self.honest.say(MsgType="ReqUserLogin", ReqUserLogin={}, RequestID=1)
        self.honest.until(lambda one: one["MsgType"] == "RspUserLogin")
        self.before = self.daemon.descriptors

    def line(self) -> socket.socket:
        """A raw connection."""
        line = socket.create_connection(
            ("127.0.0.1", self.daemon.port), PATIENCE, source_address=(OWN, 0)
        )
        self.addCleanup(line.close)
        return line

    def opened(self) -> socket.socket:
        """A WebSocket of a stranger's."""
        line = self.line()
        line.sendall(UPGRADE)
        self.assertIn(b" 101 ", self.head(line))
        return line

    def head(self, line: socket.socket) -> bytes:
        """The head of an answer, and not a byte more."""
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            read = line.recv(1)
            self.assertTrue(read, head)
            head += read
        return head

    def rest(self, line: socket.socket) -> bytes:
        """What comes until the end."""
        told = b""
        with contextlib.suppress(ConnectionError, ssl.SSLError):
            while read := line.recv(1 << 16):
                told += read
        return told

    def code(self, line: socket.socket) -> int:
        """The code that a WebSocket is closed with."""
        frames, _ = server_frames(self.rest(line))
        self.assertEqual(frames[-1].opcode, CLOSE, frames[-3:])
        (code,) = struct.unpack("!H", frames[-1].payload[:2])
        return int(code)

    def all_is_well(self) -> None:
        """Hold that the honest are served, nothing is left behind, and no fault was logged."""
        for number in range(2, 5):
            self.honest.ask(number, MsgType="GetTradingDay")
        wait(lambda: self.daemon.descriptors <= self.before, "descriptors to be given back")
        self.assertTrue(self.daemon.running)
        for fault in FAULTS:
            self.assertNotIn(fault, self.daemon.output)


class Handshakes(Hostile):
    """What may come instead of a handshake, or within one."""

    def test_truncated_ones_leave_nothing(self) -> None:
        for end in range(0, len(UPGRADE), 5):
            line = self.line()
            line.sendall(UPGRADE[:end])
            line.close()
        self.all_is_well()

    def test_slow_ones_are_cut_in_time(self) -> None:
        lines = [self.line() for _ in range(12)]
        slow = lines[:6]  # the others say nothing at all
        sent = 0
        begun = time.monotonic()
        open_ones = set(lines)
        while open_ones and time.monotonic() < begun + PATIENCE:
            for line in slow:
                with contextlib.suppress(OSError):
                    line.sendall(UPGRADE[sent : sent + 1])
            sent += 1
            for line in tuple(open_ones):
                line.settimeout(0.02)
                with contextlib.suppress(TimeoutError):
                    try:
                        ended = not line.recv(4096)
                    except ConnectionError:
                        ended = True
                    if ended:
                        open_ones.discard(line)
        self.assertEqual(open_ones, set(), "some are never cut")
        self.all_is_well()

    def test_header_floods_are_refused(self) -> None:
        for flood, status in (
            (b"GET /" + b"x" * 100_000 + b" HTTP/1.1\r\n", 414),
            (b"GET / HTTP/1.1\r\nX: " + b"y" * 100_000, 431),
            (b"GET / HTTP/1.1\r\nHost: a\r\n" + b"X: y\r\n" * 200 + b"\r\n", 431),
            (b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 50_000, 431),
        ):
            line = self.line()
            with contextlib.suppress(ConnectionError):
                line.sendall(flood)
            told = self.rest(line)
            self.assertTrue(told.startswith(b"HTTP/1.1 %d " % status), (status, told[:200]))
        self.all_is_well()

    def test_pipelined_requests_are_answered_in_order(self) -> None:
        line = self.line()
        count = 100
        line.sendall(HEALTH * count + UPGRADE + ASK)
        told = b""
        while ECHOED not in told:
            read = line.recv(1 << 16)
            self.assertTrue(read, told[-300:])
            told += read
        before, upgraded, _ = told.partition(b"HTTP/1.1 101 ")
        self.assertTrue(upgraded)
        self.assertEqual(before.count(b"HTTP/1.1 200 "), count)
        line.close()
        self.all_is_well()


class Frames(Hostile):
    """What may come behind a handshake."""

    def test_illegal_frames_end_only_their_own_connection(self) -> None:
        lines = []
        for bad in (
            b"\x81\x01a",
            b"\x83\x80\0\0\0\0",
            b"\xc1\x80\0\0\0\0",
            b"\x81\xff" + b"\xff" * 8 + b"\0\0\0\0",
        ):
            lines.append(self.opened())
            lines[-1].sendall(bad)
        for line in lines:
            self.assertEqual(self.code(line), 1002)
        self.all_is_well()

    def test_a_message_byte_by_byte_in_fragments_of_one_byte_is_answered(self) -> None:
        line = self.opened()
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        payload = b'{"MsgType":"Nope","RequestID":7}'
        frames = [client_frame(payload[:1], 1, fin=False)]
        frames += [
            client_frame(payload[at : at + 1], 0, fin=False) for at in range(1, len(payload))
        ]
        for byte in b"".join([*frames, client_frame(b"", 0)]):
            line.sendall(bytes((byte,)))
        told = b""
        while ECHOED not in told:
            read = line.recv(4096)
            self.assertTrue(read, told)
            told += read
        line.close()
        self.all_is_well()

    def test_endless_fragments_are_cut(self) -> None:
        line = self.opened()
        line.sendall(client_frame(b"[", 1, fin=False))
        more = client_frame(b"x" * 1000, 0, fin=False)
        with contextlib.suppress(ConnectionError):
            for _ in range(1000):
                line.sendall(more)
        self.rest(line)
        empty = self.opened()
        empty.sendall(client_frame(b"", 1, fin=False))
        before = self.daemon.resident
        none = client_frame(b"", 0, fin=False) * 1000
        with contextlib.suppress(ConnectionError):
            for _ in range(300):
                empty.sendall(none)
        self.assertLess(self.daemon.resident - before, 64, "empty fragments pile up")
        empty.close()
        self.all_is_well()

    def test_a_flood_of_pings_is_closed(self) -> None:
        line = self.opened()
        pings = client_frame(b"", 9) * 1000
        with contextlib.suppress(ConnectionError):
            for _ in range(40):
                line.sendall(pings)
        line.shutdown(socket.SHUT_WR)
        self.rest(line)
        wait(lambda: self.daemon.descriptors <= self.before, "it to be closed")
        self.all_is_well()

    def test_closes_that_cross_leave_nothing(self) -> None:
        closing = client_frame(struct.pack("!H", 1000), CLOSE)
        for ending in (
            closing + ASK,
            ASK * 50 + closing,
            closing * 20,
            b"\x88\x00" + closing,
            client_frame(b"\x03", CLOSE) + closing,
            ASK,
        ):
            for linger in (None, struct.pack("ii", 1, 0)):  # as usual, or with a reset
                for half in (False, True):
                    line = self.opened()
                    if linger is not None:
                        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                    line.sendall(ending)
                    if half:
                        line.shutdown(socket.SHUT_WR)
                    line.close()
        self.all_is_well()

    def test_answers_that_nobody_reads_are_bounded(self) -> None:
        line = self.line()
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        line.sendall(UPGRADE + login())
        line.settimeout(0.5)
        before = self.daemon.resident
        subscribe = client_frame(b'{"MsgType":"SubscribeMarketData","InstrumentID":["rb*","cu*"]}')
        end = time.monotonic() + PATIENCE
        closed = False
        while not closed and time.monotonic() < end:
            try:
                line.sendall(subscribe * 20)
            except TimeoutError:
                continue
            except ConnectionError:
                closed = True
        self.assertTrue(closed, "who never reads is never closed")
        self.assertLess(self.daemon.resident - before, 128)
        self.all_is_well()


class OverTls(SynchronousTestCase):
    """What may come instead of TLS."""

    timeout = 600

    def test_rubbish_is_dropped_and_the_honest_log_in(self) -> None:
        place = Path(self.mktemp()).absolute()
        place.mkdir()
        with daemon(str(place / "daemon"), with_tls(place)) as one:
            hello = b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"
            before = one.descriptors
            for rubbish in (
                *(
                    b"",
                    b"\0" * 5000,
                    HEALTH,
                    hello,
                    hello + b"\xff" * 600,
                    b"\x15\x03\x03\0\2\2\x28",
                ),
                b"\x16\x03\x01\xff\xff" + b"\0" * 70_000,
            ):
                with socket.create_connection(("127.0.0.1", one.port), PATIENCE) as line:
                    with contextlib.suppress(ConnectionError):
                        line.sendall(rubbish)
                        line.shutdown(socket.SHUT_WR)
                    with contextlib.suppress(ConnectionError):
                        while line.recv(4096):
                            continue
            honest = Client(one.port, "/md/", tls=True)
            honest.say(MsgType="ReqUserLogin", ReqUserLogin={}, RequestID=1)
            honest.until(lambda message: message["MsgType"] == "RspUserLogin")
            honest.close()
            wait(lambda: one.descriptors <= before + 1, "descriptors to be given back")
            for fault in FAULTS:
                self.assertNotIn(fault, one.output)


class Descriptors(SynchronousTestCase):
    """A daemon that has no descriptors left for more clients."""

    timeout = 600

    def test_those_who_are_there_go_on_and_it_recovers(self) -> None:
        with daemon(self.mktemp(), first=LIMITED) as one:
            watcher, trader = Client(one.port, "/md/"), Client(one.port, "/td/")
            self.addCleanup(watcher.close)
            self.addCleanup(trader.close)
            watcher.say(MsgType="ReqUserLogin", ReqUserLogin={}, RequestID=1)
            watcher.until(lambda message: message["MsgType"] == "RspUserLogin")
            crowd = [
                socket.create_connection(("127.0.0.1", one.port), PATIENCE) for _ in range(400)
            ]
            for line in crowd:
                with contextlib.suppress(ConnectionError):
                    line.sendall(UPGRADE)
            wait(lambda: "too few file descriptors are free" in one.output, "the shortage")
            for number in range(2, 6):
                watcher.ask(number, MsgType="GetTradingDay")
            # Who is connected can still log in: descriptors for sessions are kept back.
            body = {"UserID": "late", "Password": "late"}
            trader.say(MsgType="ReqUserLogin", ReqUserLogin=body, RequestID=1)
            answer = trader.until(lambda message: message["MsgType"] == "RspUserLogin")
            self.assertEqual(answer["RspInfo"]["ErrorID"], 0)
            for line in crowd:
                line.close()
            wait(lambda: "clients are accepted again" in one.output, "clients to be accepted")
            newcomer = Client(one.port, "/md/")
            self.addCleanup(newcomer.close)
            newcomer.say(MsgType="ReqUserLogin", ReqUserLogin={}, RequestID=1)
            newcomer.until(lambda message: message["MsgType"] == "RspUserLogin")
            self.assertTrue(one.running)
            for fault in FAULTS:
                self.assertNotIn(fault, one.output)
