"""The clients of the load: one process, one epoll loop, nothing parsed but what is measured.

``python -m bench.clients OPTIONS`` (JSON: port, clients, instruments, tls, plain, words,
compressed; ``words`` stand beside the subscription). It connects,
logs in and subscribes, says how long that took, then counts. Lines on its standard input:
``{"until": sequence, "seconds": patience}`` is answered with a report as soon as every client
has that tick, ``{"stick": n}`` lets n clients stop reading,
``{"stuck": true}`` asks how many of them the server has closed. It ends with its standard input.

All clients get the same, so five of them are watched and of the others the bytes are counted (the
kernel throws these away unread): a client that was sent fewer has missed something. Of a read
only the first and the last tick are looked at: with the count of frames between them that tells
every gap. The delay noted for a read is its first tick's, the longest of its ticks.
"""

import json
import math
import select
import socket
import ssl
import sys
import time
from array import array
from dataclasses import dataclass, field
from typing import Any

from bench.lines import say
from bench.sockets import HEADER, connect, converse, handshake, send, until, until_inflated
from bench.structs import instrument_id
from webctp.testing.websocket import server_frames

_ROOM = 1 << 18
_WATCHED = 5
_STUCK_ROOM = 1 << 16
_FAREWELL = 5.0
_TOO_SLOW = b"too slow"
_TAIL = 256
_VOLUME = b'"Volume":'
_TURNOVER = b'"Turnover":'


@dataclass(slots=True)
class Client:
    """A client and what has come to it since the last report."""

    sock: socket.socket
    tail: bytes = b""
    watched: bool = False
    received: int = 0
    sequence: int = 0
    frames: int = 0
    missing: int = 0
    stuck: bool = False
    closed: bool = False

    def stick(self) -> None:
        """Read no more. The kernel of a machine may take megabytes for it, and so is told not to.

        The daemon counts the seconds from the last byte that is taken.
        """
        self.stuck = True
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _STUCK_ROOM)

    def is_given_up(self) -> bool:
        """Read on, as one may who was given up: the last of it is the close frame.

        One that is still served gets what the kernel holds, then ticks without end.
        """
        self.sock.settimeout(_FAREWELL)
        end, tail = time.monotonic() + _FAREWELL, b""
        while _TOO_SLOW not in tail and time.monotonic() < end:
            try:
                read = self.sock.recv(_ROOM)
            except ConnectionError:
                return True
            except TimeoutError:
                return False
            if not read:
                return True
            tail = (tail + read)[-_TAIL:]
        return _TOO_SLOW in tail


@dataclass(slots=True)
class Clients:
    """All clients of the process."""

    options: dict[str, Any]
    clients: list[Client] = field(default_factory=list)
    delays: "array[float]" = field(default_factory=lambda: array("d"))
    room: bytearray = field(default_factory=lambda: bytearray(_ROOM))
    spent: int = 0

    def open(self) -> float:
        """Connect, log in and subscribe; gives the seconds that took."""
        began = time.monotonic()
        options = self.options
        for _ in range(options["clients"]):
            self.clients.append(Client(connect(options["port"], tls=options["tls"])))
        if options["plain"]:
            for client in self.clients:
                converse(client.sock)
        else:
            self._subscribe()
        took = time.monotonic() - began
        # A TLS client must read to count.
        step = 1 if options["tls"] else max(1, len(self.clients) // _WATCHED)
        for client in self.clients[step // 2 :: step]:
            client.watched = True
        for client in self.clients:
            client.sock.setblocking(False)
        return took

    def _subscribe(self) -> None:
        instruments = [instrument_id(number) for number in range(self.options["instruments"])]
        compressed = self.options["compressed"]
        read = until_inflated if compressed else until
        for client in self.clients:
            handshake(client.sock, "/md/", compressed=compressed)
        for client in self.clients:
            until(client.sock, b"\r\n\r\n")
            send(client.sock, {"MsgType": "ReqUserLogin", "ReqUserLogin": {}})
        for client in self.clients:
            read(client.sock, b'"RspUserLogin"')
            send(
                client.sock,
                {
                    "MsgType": "SubscribeMarketData",
                    "InstrumentID": instruments,
                    "RequestID": 1,
                    **self.options["words"],
                },
            )
        for client in self.clients:
            read(client.sock, b'"RspSubMarketData"', b'"IsLast":true')

    def run(self) -> None:
        """Count until the standard input ends."""
        poll = select.epoll()
        by_fd = {client.sock.fileno(): client for client in self.clients}
        for fd in by_fd:
            poll.register(fd, select.EPOLLIN)
        poll.register(0, select.EPOLLIN)
        goal, deadline = 0, 0.0
        while True:
            for fd, _ in poll.poll(0.05 if goal else -1, 64):
                if fd == 0:
                    line = sys.stdin.readline()
                    if not line:
                        return
                    order = json.loads(line)
                    for client in self.clients[: order.get("stick", 0)]:
                        client.stick()
                        poll.unregister(client.sock.fileno())
                    if "stuck" in order:
                        say(closed=self._shut())
                    if "until" in order:
                        goal, deadline = order["until"], time.monotonic() + order["seconds"]
                else:
                    client = by_fd[fd]
                    self._read(client)
                    if client.closed:
                        poll.unregister(fd)
            if goal and (time.monotonic() > deadline or self._reached(goal)):
                say(**self._report())
                goal = 0

    def _shut(self) -> int:
        """How many of the stuck the server has given up: what it had sent ends with the reason."""
        return sum(client.stuck and client.is_given_up() for client in self.clients)

    def _reached(self, goal: int) -> bool:
        reading = [client for client in self.clients if not (client.stuck or client.closed)]
        watched = [client for client in reading if client.watched]
        if not all(client.sequence >= goal for client in watched):
            return False
        most = max((client.received for client in watched), default=0)
        return all(client.received >= most for client in reading)

    def _read(self, client: Client) -> None:
        room, begin = self.room, len(client.tail)
        room[:begin] = client.tail
        try:
            if not client.watched:
                got = client.sock.recv_into(room, _ROOM, socket.MSG_TRUNC)
                client.received += got
                client.closed = not got
                return
            got = client.sock.recv_into(memoryview(room)[begin:])
        except (BlockingIOError, ssl.SSLWantReadError):
            return
        except OSError:
            got = 0
        now = time.monotonic()
        client.received += got
        client.closed = not got
        full = begin + got
        if self.options["compressed"]:
            self._count_inflated(client, bytes(room[:full]), now)
            return
        last = room.rfind(HEADER, 0, full)
        if last < 0:
            client.tail = bytes(room[full - 1 : full]) if room[full - 1] == HEADER[0] else b""
            return
        # Two bytes of length follow the header, then the payload.
        end = last + 4 + int.from_bytes(room[last + 2 : last + 4], "big")
        if last + 4 > full or end > full:
            end = last
            last = room.rfind(HEADER, 0, end)
        client.tail = bytes(room[end:full])
        if last >= 0:
            self._count(client, end, now)

    def _count_inflated(self, client: Client, data: bytes, now: float) -> None:
        frames, client.tail = server_frames(data)
        # A notice among the ticks, such as RtnTicksDropped, is none.
        ticks = [one.payload for one in frames if _TURNOVER in one.payload]
        for number, payload in enumerate(ticks):
            if not number:
                at = payload.find(_TURNOVER) + len(_TURNOVER)
                self.delays.append(now - float(payload[at:].partition(b",")[0].rstrip(b"}")))
            at = payload.find(_VOLUME) + len(_VOLUME)
            sequence = int(payload[at:].partition(b",")[0])
            client.frames += 1
            client.missing += sequence - client.sequence - 1
            client.sequence = sequence

    def _count(self, client: Client, end: int, now: float) -> None:
        """Count the ticks of a read; a notice among them, such as RtnTicksDropped, is none."""
        room = self.room
        frames = room.count(_TURNOVER, 0, end)
        if not frames:
            return
        at = room.find(_TURNOVER, 0, end) + len(_TURNOVER)
        self.delays.append(now - float(room[at : _end(room, at)]))
        at = room.rfind(_VOLUME, 0, end) + len(_VOLUME)
        sequence = int(room[at : _end(room, at)])
        client.frames += frames
        client.missing += sequence - client.sequence - frames
        client.sequence = sequence

    def _report(self) -> dict[str, Any]:
        reading = [client for client in self.clients if not client.stuck]
        watched = [client for client in reading if client.watched]
        frames = sum(client.frames for client in watched)
        most = max((client.received for client in watched), default=0)
        size = max(1.0, sum(client.received for client in watched) / max(1, frames))
        # What the others lack, in ticks of the usual size.
        lacking = [max(0, most - one.received) / size for one in reading if not one.watched]
        delays = sorted(self.delays)
        spent, self.spent = self.spent, time.process_time_ns()
        report = {
            "frames": int(frames / max(1, len(watched)) * len(reading)),
            "missing": sum(client.missing for client in watched) + math.ceil(sum(lacking)),
            "closed": sum(client.closed for client in reading),
            "p50": _quantile(delays, 0.5),
            "p99": _quantile(delays, 0.99),
            "p999": _quantile(delays, 0.999),
            "max": delays[-1] if delays else 0.0,
            "reads": len(delays),
            "bytes": size,
            "cpu": (self.spent - spent) / 1e9,
        }
        self.delays = array("d")
        for client in self.clients:
            client.frames = client.missing = client.received = 0
        return report


def _end(room: bytearray, at: int) -> int:
    """Where a number ends: another field follows, or the struct is over."""
    comma, brace = room.find(b",", at), room.find(b"}", at)
    return brace if comma < 0 else min(comma, brace)


def _quantile(ordered: list[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0


def main() -> None:
    """Open the clients and count."""
    clients = Clients(json.loads(sys.argv[1]))
    say(opened=clients.open())
    clients.spent = time.process_time_ns()
    clients.run()
    for client in clients.clients:
        client.sock.close()


if __name__ == "__main__":
    main()
