"""The plainest program in Python that takes orders in and sends ticks and order returns out.

``python -m bench.floor CONFIG FEEDER TICKS ORDERS``: called as :mod:`bench.daemon` is, in whose
place a :class:`bench.rig.Rig` may run it. Its parts are the daemon's: the binding's own directors,
called by the same native threads; callbacks that copy, queue and wake; one thread that waits for
sockets. But it knows its messages by heart, checks nothing and keeps nothing, so what it takes is
what Python, the kernel and the machine take. Whoever sends an order is the trader; all others get
the ticks.
"""

import ctypes
import os
import select
import socket
import struct
import sys
import time
from collections import deque
from collections.abc import Callable
from typing import Any

import msgspec

from bench.feeder import Feeder
from bench.lines import say
from bench.sockets import TICK, served
from tests.native import NativeSpi
from webctp.ctp import catalog
from webctp.ctp.catalog import Catalogue
from webctp.ctp.codec import Layout, codec_for

_MASKED_HEADER = 8
"""Two bytes, two of length, four of a mask that is zero."""
_ORDER = b'{"MsgType":"RtnOrder","LimitPrice":%.17g,"VolumeTotal":%d,"Rest":"%b"}'
_REST = b"." * 860
"""Makes messages as long as the daemon's."""

Sender = Callable[[bytes], None]


class Floor:
    """See the module's text."""

    def __init__(self) -> None:
        self._woken, self._wake = os.pipe()
        self._waiting: deque[tuple[Sender, bytes]] = deque()
        self._clients: dict[int, socket.socket] = {}
        self._trader: socket.socket | None = None
        self._decode = msgspec.json.Decoder().decode
        layout = codec_for(catalog.trading().module).layout("CThostFtdcInputOrderField")
        self._order: Any = layout.new(bytes(layout.size))
        self._times: list[float] = []
        self._natives: list[NativeSpi] = []

    def ticks(self, feeder: Feeder, fd: int) -> None:
        """Send a tick for each struct that comes from ``fd``."""
        layout = self._feed(feeder, fd, catalog.market_data(), "OnRtnDepthMarketData", None)
        self._volume = layout.by_name["Volume"].offset
        self._turnover = layout.by_name["Turnover"].offset

    def returns(self, feeder: Feeder, fd: int) -> None:
        """Send an order return for each struct that comes from ``fd``."""
        layout = self._feed(feeder, fd, catalog.trading(), "OnRtnOrder", "LimitPrice")
        self._price = layout.by_name["LimitPrice"].offset
        self._number = layout.by_name["VolumeTotal"].offset

    def _feed(
        self, feeder: Feeder, fd: int, catalogue: Catalogue, push: str, stamp: str | None
    ) -> Layout:
        layout = codec_for(catalogue.module).layout(catalogue.callbacks[push].body_struct)
        waiting, wake, size = self._waiting, self._wake, layout.size
        send = self._send_tick if stamp is None else self._send_return

        def callback(_: Any, body: Any) -> None:
            waiting.append((send, ctypes.string_at(int(body.this), size)))
            os.write(wake, b"!")

        native = NativeSpi(type("Plain", (catalogue.spi_class,), {push: callback})(), catalogue)
        self._natives.append(native)
        at = -1 if stamp is None else layout.by_name[stamp].offset
        feeder.feed(os.dup(fd), size, at, native.address, native.entry(push))
        return layout

    def _send_tick(self, body: bytes) -> None:
        (number,) = struct.unpack_from("<i", body, self._volume)
        (stamp,) = struct.unpack_from("<d", body, self._turnover)
        frame = served(TICK % (number, stamp, _REST))
        for client in self._clients.values():
            client.send(frame)

    def _send_return(self, body: bytes) -> None:
        (number,) = struct.unpack_from("<i", body, self._number)
        (stamp,) = struct.unpack_from("<d", body, self._price)
        assert self._trader is not None
        self._trader.send(served(_ORDER % (stamp, number, _REST)))

    def _take(self, client: socket.socket) -> None:
        """Orders, of which several may have come while this program had no turn; or a greeting."""
        data = client.recv(1 << 16)
        if data[:1] != b"\x81":
            client.send(data)
            return
        if self._trader is None:
            self._trader = self._clients.pop(client.fileno())
        at = 0
        while at < len(data):
            begin = at + _MASKED_HEADER
            at = begin + int.from_bytes(data[at + 2 : at + 4], "big")
            self._enter(data[begin:at])

    def _enter(self, payload: bytes) -> None:
        """An order: decoded, filled in, passed to what would be the API."""
        message = self._decode(payload)
        for name, value in message["InputOrder"].items():
            setattr(self._order, name, value)
        self._insert(self._order, message["RequestID"])

    def _insert(self, order: Any, request_id: int) -> None:
        self._times.append(time.time())

    def run(self) -> None:
        """Serve until the standard input ends."""
        listener = socket.create_server(("127.0.0.1", 0), backlog=2048)
        say(port=listener.getsockname()[1])
        poll = select.epoll()
        sockets: dict[int, socket.socket] = {}
        for fd in (0, self._woken, listener.fileno()):
            poll.register(fd, select.EPOLLIN)
        while True:
            for fd, _ in poll.poll():
                if fd == self._woken:
                    os.read(fd, 1 << 16)
                    while self._waiting:
                        send, body = self._waiting.popleft()
                        send(body)
                elif fd in sockets:
                    self._take(sockets[fd])
                elif fd == 0:
                    if not sys.stdin.readline():
                        return
                    say(order_times=self._times)
                    self._times = []
                else:
                    client, _ = listener.accept()
                    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                    sockets[client.fileno()] = self._clients[client.fileno()] = client
                    poll.register(client.fileno(), select.EPOLLIN)


def main(_: str, library: str, ticks: str, orders: str) -> None:
    """Run until the standard input ends."""
    feeder, floor = Feeder(library), Floor()
    floor.ticks(feeder, int(ticks))
    floor.returns(feeder, int(orders))
    floor.run()


if __name__ == "__main__":
    main(*sys.argv[1:])
