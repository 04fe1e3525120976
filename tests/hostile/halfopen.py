"""``python -m tests.hostile.halfopen``: logins beside handshakes that nobody finishes.

Thousands of connections from an address of its own send the beginning of a request (over TLS, of
a ClientHello) and no more; what the daemon cuts is opened anew. Beside them others connect and log
in, in turn there and at another daemon on the same machine that nobody floods. Prints a line for
each: how many were held, and what a login took from the connection to its answer; and what the
flood adds. ``--tls`` over TLS, ``--count 5000``, ``--logins 200``.
"""

import argparse
import json
import resource
import select
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.daemons import ROOT
from tests.hostile.beside import Tried, daemon, with_tls
from tests.hostile.floods import OWN
from tests.hostile.honest import SERVER, Client

HALF_A_REQUEST: Final = b"GET /td/ HTTP/1.1\r\nHost: loc"
HALF_A_HELLO: Final = b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 16
_SPARE: Final = 64
"""Descriptors that are left to everything else."""
_PAUSE: Final = 0.02
_OPENED_AT_ONCE: Final = 64
_RISING: Final = 9.0
"""Seconds in which all are to be open: after 10 the daemon cuts the first."""
_USERS: Final = 20
"""Accounts that log in at td, each once: more sessions than that tell of the front."""

_BETWEEN: Final = 0.05
"""Seconds between two logins: all of them last longer than the daemon lets a handshake wait."""

HEAD: Final = (
    "| half-open | held | md median ms | md p99 | td median ms | td p99 |\n"
    "|---|---|---|---|---|---|"
)


@dataclass(frozen=True)
class Logins:
    """What logins took beside a number of half-open handshakes, in ms."""

    held: int
    md: list[float]
    td: list[float]

    def row(self, name: str) -> str:
        """A line of the table."""
        parts = [f"{statistics.median(one):.1f} | {_high(one):.1f}" for one in (self.md, self.td)]
        return f"| {name} | {self.held} | {' | '.join(parts)} |"


def _high(found: list[float]) -> float:
    """The 99th percentile; the highest of few."""
    return sorted(found)[min(len(found) - 1, int(len(found) * 0.99))]


def hold(port: int, count: int, seconds: float, begin: bytes) -> None:
    """Hold connections half open until ``seconds`` are over, or nobody waits for them any more.

    Prints how many there are: once when they stand, and at the end.
    """
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[0] - _SPARE
    count = min(count, most)
    watched = select.epoll()
    watched.register(sys.stdin.fileno(), select.EPOLLIN | select.EPOLLHUP)
    held: dict[int, socket.socket] = {}
    begun, is_told = time.monotonic(), False
    while (left := begun + seconds - time.monotonic()) > 0:
        for _ in range(min(_OPENED_AT_ONCE, count - len(held))):
            one = socket.socket()
            one.bind((OWN, 0))
            with suppress(OSError):
                one.settimeout(left)
                one.connect((SERVER, port))
                one.sendall(begin)
                one.setblocking(False)
                held[one.fileno()] = one
                watched.register(one.fileno(), select.EPOLLIN | select.EPOLLHUP)
        stands = len(held) == count
        if not is_told and (stands or time.monotonic() > begun + _RISING):
            is_told = True
            print(json.dumps(len(held)), flush=True)
        for number, _ in watched.poll(_PAUSE if stands else 0):
            if number == sys.stdin.fileno():
                seconds = 0
                continue
            watched.unregister(number)
            held.pop(number).close()
    print(json.dumps(len(held)), flush=True)


@contextmanager
def holding(one: Tried, count: int, seconds: float) -> Iterator[int]:
    """Hold connections to a daemon half open, in a process of its own; gives how many stand."""
    if not count:
        yield 0
        return
    command = [sys.executable, "-m", "tests.hostile.halfopen", "--hold", str(one.port)]
    command += ["--count", str(count), "--seconds", str(seconds), *(["--tls"] if one.tls else [])]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        if not line:
            raise AssertionError("the process that was to hold connections has ended")
        yield int(line)
    finally:
        if process.stdin is not None:
            process.stdin.close()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdout is not None:
            process.stdout.close()


def _login(one: Tried, path: str, user: str) -> float:
    """Connect and log in; gives the ms until the answer."""
    begun = time.perf_counter()
    client = Client(one.port, path, tls=one.tls)
    login = {"UserID": user, "Password": user}
    client.say(MsgType="ReqUserLogin", ReqUserLogin=login, RequestID=1)
    answer = client.until(lambda told: told["MsgType"] == "RspUserLogin")
    took = time.perf_counter() - begun
    client.close()
    if answer["RspInfo"]["ErrorID"]:
        raise AssertionError(f"no login: {answer}")
    return took * 1000


def logins(
    calm: Tried, flooded: Tried, count: int, held: int, seconds: float = 40.0
) -> tuple[Logins, Logins]:
    """Log in while connections are held half open at one of two daemons; at each in turn.

    At td accounts of these logins' own: each opens its session with the front.

    :param count: logins at md of each; at td a fifth, and no more than 20.
    :param held: connections to hold.
    """
    with holding(flooded, held, seconds) as stand:
        found = Logins(0, [], []), Logins(stand, [], [])
        both = tuple(zip((calm, flooded), found, strict=True))
        for _ in range(count):
            for one, taken in both:
                taken.md.append(_login(one, "/md/", "demo"))
            time.sleep(_BETWEEN)
        for number in range(min(_USERS, max(count // 5, 1))):
            for one, taken in both:
                taken.td.append(_login(one, "/td/", f"half{held}n{number}"))
    return found


def added(calm: Logins, flooded: Logins) -> str:
    """A line of the table: what the flood adds."""
    parts = [
        f"{statistics.median(there) - statistics.median(here):+.1f}"
        f" | {_high(there) - _high(here):+.1f}"
        for here, there in ((calm.md, flooded.md), (calm.td, flooded.td))
    ]
    return f"| added |  | {' | '.join(parts)} |"


def main() -> None:
    """Measure, or hold connections for one who measures."""
    parser = argparse.ArgumentParser(prog="python -m tests.hostile.halfopen", description=__doc__)
    parser.add_argument("--count", type=int, default=5_000)
    parser.add_argument("--logins", type=int, default=200)
    parser.add_argument("--tls", action="store_true")
    parser.add_argument("--seconds", type=float, default=40.0, help=argparse.SUPPRESS)
    parser.add_argument("--hold", type=int, metavar="PORT", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.hold is not None:
        begin = HALF_A_HELLO if options.tls else HALF_A_REQUEST
        hold(options.hold, options.count, options.seconds, begin)
        return
    with ExitStack() as stack:
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        more = with_tls(directory) if options.tls else ""
        calm, flooded = (
            stack.enter_context(daemon(directory / name, more)) for name in ("calm", "flooded")
        )
        for one in (calm, flooded):
            _login(one, "/md/", "demo")
        found = logins(calm, flooded, options.logins, options.count, options.seconds)
        kind = "TLS" if options.tls else "plain"
        print(HEAD, found[0].row("none"), found[1].row(kind), added(*found), sep="\n", flush=True)


if __name__ == "__main__":
    main()
