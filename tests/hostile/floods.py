"""What a hostile client may do, as fast as it can: one flood each, in a process of its own.

``python -m tests.hostile.floods PORT NAME SECONDS [tls]`` does one of them for a while and prints,
as JSON, how often it was closed and with which codes. Everything goes to 127.0.0.1, from an
address of its own.
"""

import json
import select
import socket
import ssl
import struct
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

from tests.hostile.honest import secured
from webctp.testing import client_frame

SERVER: Final = "127.0.0.1"
OWN: Final = "127.0.0.66"
"""Where floods come from: bounds by address must not strike the honest."""
_PIECE: Final = 60_000
_KIBIBYTE: Final = 1024
_MEBIBYTE: Final = 1024 * 1024
_CLOSE: Final = 0x88


def text(**message: Any) -> bytes:
    """A message in a frame."""
    return client_frame(json.dumps(message).encode())


def login(user: str = "flood") -> bytes:
    """A login."""
    return text(MsgType="ReqUserLogin", ReqUserLogin={"UserID": user, "Password": user})


def _subscribe(on: bool, names: list[str]) -> bytes:
    kind = "SubscribeMarketData" if on else "UnSubscribeMarketData"
    return text(MsgType=kind, InstrumentID=names)


def _many(frame: bytes) -> bytes:
    return frame * max(1, _PIECE // len(frame))


def _near_misses() -> bytes:
    return b"".join(
        text(MsgType=f"ReqQryInvestorPositionDetai{number:x}", RequestID=number)
        for number in range(1_000)
    )


def _unknown_fields() -> bytes:
    return b"".join(
        text(MsgType="ReqUserLogin", ReqUserLogin={f"UserProductInf{number:x}": ""})
        for number in range(1_000)
    )


def _patterns() -> bytes:
    patterns = ["?" * (number % 9 + 1) + "*" * (number // 9 + 1) for number in range(100)]
    return _subscribe(True, patterns) + _subscribe(False, patterns)


def _long() -> bytes:
    return client_frame(b'{"MsgType":"X","Y":[' + b'{"b":1},' * (250 * _KIBIBYTE) + b"1]}")


def _names() -> bytes:
    return _subscribe(True, [f"x{number}" for number in range(40_000)])


def _pieces() -> bytes:
    whole = b'{"MsgType":"X","Y":"' + b"x" * 2_000 + b'"}'
    first, *rest = [whole[at : at + 1] for at in range(len(whole))]
    frames = [client_frame(first, fin=False)]
    frames += [client_frame(one, 0, fin=False) for one in rest[:-1]]
    return b"".join([*frames, client_frame(rest[-1], 0)])


def _order() -> bytes:
    return text(
        MsgType="ReqOrderInsert",
        InputOrder={"InstrumentID": "no such", "LimitPrice": 1.0, "VolumeTotalOriginal": 1},
    )


@dataclass(frozen=True)
class Flood:
    """One kind of it.

    :param sends: what is sent again and again; nothing to do ``instead``.
    :param first: what is sent once, and answered, before it: a login.
    :param reads: whether it reads what it is answered.
    :param closed: the code that it is closed with, where it must be.
    :param only_tls: whether it makes sense over TLS alone.
    """

    name: str
    path: str = "/td/"
    sends: Callable[[], bytes] | None = None
    first: bytes = b""
    reads: bool = True
    clients: int = 1
    closed: int = 0
    instead: Callable[["Flooding"], None] | None = None
    only_tls: bool = False


class Flooding:
    """A flood under way, until ``end`` (monotonic seconds)."""

    def __init__(self, port: int, flood: Flood, end: float, *, tls: bool = False) -> None:
        self.port = port
        self.tls = tls
        self.flood = flood
        self.end = end
        self.sent = 0
        self.codes: Counter[str] = Counter()

    @property
    def goes_on(self) -> bool:
        """Whether there is time left."""
        return time.monotonic() < self.end

    def connect(self) -> socket.socket:
        """A connection, without a word."""
        plain = socket.socket()
        plain.settimeout(5)
        plain.bind((OWN, 0))
        plain.connect((SERVER, self.port))
        return plain

    def opened(self) -> socket.socket:
        """A connection on which HTTP may begin."""
        plain = self.connect()
        return secured(plain) if self.tls else plain

    def upgraded(self) -> socket.socket:
        """A WebSocket, logged in where the flood begins with that."""
        plain = self.opened()
        plain.sendall(
            f"GET {self.flood.path} HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
            "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n".encode()
        )
        read = b""
        while b"\r\n\r\n" not in read:
            more = plain.recv(4096)
            if not more:
                raise ConnectionError("no WebSocket")
            read += more
        if b" 101 " not in read.partition(b"\r\n")[0]:
            raise ConnectionError("no WebSocket")
        if self.flood.first:
            plain.sendall(self.flood.first)
            while b"RspUserLogin" not in read and b"ReqUserLogin" not in read:
                more = plain.recv(1 << 16)
                if not more:
                    raise ConnectionError("closed at the login")
                read += more
        return plain

    def run(self) -> None:
        """Flood until the end."""
        while self.goes_on:
            try:
                if self.flood.instead is not None:
                    self.flood.instead(self)
                else:
                    self._send_on()
            except OSError as problem:
                self.codes[type(problem).__name__] += 1
                time.sleep(0.01)

    def _send_on(self) -> None:
        made = self.flood.sends
        assert made is not None
        data = memoryview(made())
        open_ones = {self.upgraded(): 0 for _ in range(self.flood.clients)}
        last = dict.fromkeys(open_ones, b"")
        for one in open_ones:
            one.setblocking(False)
        while self.goes_on and open_ones:
            reading = list(open_ones) if self.flood.reads else []
            readable, writable, _ = select.select(reading, list(open_ones), [], 0.1)
            for one in readable:
                try:
                    read = one.recv(1 << 18)
                except ssl.SSLWantReadError:
                    continue
                except ConnectionResetError:
                    read = b""
                last[one] = (last[one] + read)[-200:]
                if not read:
                    self.codes[closing_code(last[one])] += 1
                    del open_ones[one]
                    one.close()
            for one in writable:
                if one not in open_ones:
                    continue
                at = open_ones[one]
                try:
                    count = one.send(data[at : at + _PIECE])
                except (BlockingIOError, ssl.SSLWantWriteError, ssl.SSLWantReadError):
                    continue
                except OSError:
                    if self.flood.reads:
                        continue  # what it was told last is still to be read
                    self.codes["dropped"] += 1
                    del open_ones[one]
                    one.close()
                    continue
                self.sent += count
                open_ones[one] = (at + count) % len(data)
        for one in open_ones:
            one.close()


def closing_code(last: bytes) -> str:
    """The code of the close frame at the end of what was read, or that there is none."""
    for at in range(len(last) - 1, -1, -1):
        if last[at] == _CLOSE and at + 4 <= len(last) and last[at + 1] == len(last) - at - 2:
            return str(struct.unpack("!H", last[at + 2 : at + 4])[0])
    return "dropped"


def _incomplete(flooding: Flooding) -> None:
    """Messages of 2 MiB that lack their end, on many connections, all dropped together."""
    open_ones = []
    piece = client_frame(b" " * (_MEBIBYTE // 4), fin=False)
    for _ in range(100):
        if not flooding.goes_on:
            break
        with suppress(OSError):
            one = flooding.upgraded()
            open_ones.append(one)
            one.sendall(piece)
            for _ in range(6):
                one.sendall(client_frame(b" " * (_MEBIBYTE // 4), 0, fin=False))
            flooding.sent += 7 * _MEBIBYTE // 4
    for one in open_ones:
        one.close()


def _non_readers(flooding: Flooding) -> None:
    """Clients that want everything and read nothing."""
    open_ones = []
    for _ in range(20):
        with suppress(OSError):
            one = flooding.upgraded()
            one.sendall(_subscribe(True, ["*"]))
            open_ones.append(one)
    while flooding.goes_on:
        for one in open_ones:
            with suppress(OSError):
                one.sendall(text(MsgType="GetTradingDay"))
        time.sleep(0.02)
    for one in open_ones:
        one.close()


def _connect_and_close(flooding: Flooding) -> None:
    one = flooding.upgraded()
    flooding.sent += 1
    one.close()


def _http(flooding: Flooding) -> None:
    one = flooding.opened()
    with one:
        for path in ("/", "/healthz", "/readyz", "/x" * 100):
            one.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
            if not one.recv(1 << 16):
                break
            flooding.sent += 1


def _begun_together(flooding: Flooding) -> None:
    """Many handshakes that begin at once; each is the server's work of a millisecond or more."""
    open_ones = [flooding.connect() for _ in range(100)]
    shaking = []
    for one in open_ones:
        one.settimeout(0)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        shaking.append(context.wrap_socket(one, do_handshake_on_connect=False))
    while shaking and flooding.goes_on:
        for shaken in list(shaking):
            try:
                shaken.do_handshake()
            except ssl.SSLWantReadError:
                continue
            flooding.sent += 1
            shaking.remove(shaken)
            shaken.close()
        time.sleep(0.001)
    for shaken in shaking:
        shaken.close()


def _rubbish(flooding: Flooding) -> None:
    """What looks like TLS and is none."""
    with flooding.connect() as one:
        one.sendall(b"\x16\x03\x01\x40\x00" + bytes(range(256)) * 64)
        flooding.sent += 1


FLOODS: Final = (
    Flood("bad JSON", sends=lambda: _many(client_frame(b'{"MsgType":')), closed=1008),
    Flood("unknown names", sends=lambda: _many(text(MsgType="Nope")), closed=1008),
    Flood("near-miss names", sends=_near_misses),
    Flood("near-miss fields", sends=_unknown_fields),
    Flood("pings", sends=lambda: _many(client_frame(b"", 9)), closed=1008),
    Flood("one-byte fragments", sends=_pieces),
    Flood("long messages", sends=_long, first=login()),
    Flood("many names", "/md/", _names, login()),
    Flood("100 patterns on and off", "/md/", _patterns, login()),
    Flood(
        "* on and off",
        "/md/",
        lambda: _many(_subscribe(True, ["*"]) + _subscribe(False, ["*"])),
        login(),
    ),
    Flood("unreadable orders", sends=lambda: _many(_order()), first=login(), closed=1008),
    Flood("the same query", sends=lambda: _many(text(MsgType="ReqQryInstrument")), first=login()),
    Flood("ten at a time", sends=lambda: _many(text(MsgType="Nope")), clients=10),
    Flood("answers unread", sends=lambda: _many(text(MsgType="Nope")), reads=False, clients=5),
    Flood("ticks unread", "/md/", first=login(), instead=_non_readers),
    Flood("incomplete messages", "/md/", first=login(), instead=_incomplete),
    Flood("connect and close", instead=_connect_and_close),
    Flood("HTTP requests", instead=_http),
    Flood("handshakes together", instead=_begun_together, only_tls=True),
    Flood("rubbish for TLS", instead=_rubbish, only_tls=True),
)


def named(name: str) -> Flood:
    """The flood of that name."""
    return next(flood for flood in FLOODS if flood.name == name)


def main(arguments: Iterator[str]) -> None:
    """Do one flood; say how it went."""
    port, name, seconds = int(next(arguments)), next(arguments), float(next(arguments))
    end = time.monotonic() + seconds
    flooding = Flooding(port, named(name), end, tls=next(arguments, "") == "tls")
    flooding.run()
    print(json.dumps({"sent": flooding.sent, "codes": flooding.codes}))


if __name__ == "__main__":
    main(iter(sys.argv[1:]))
