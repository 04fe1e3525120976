"""What the machine can do at all: a plain server of sockets that sends ready frames.

``python -m bench.ceiling OPTIONS`` (JSON: clients, bytes, rate, batch, seconds). Every client
gets each frame; ``batch`` frames leave in one write. Nothing is encoded, nothing is looked up:
number and time are patched into the frame, once for all clients. ``rate`` 0 means flat out.
Before, each client has asked a few times and been answered, as a WebSocket's has: with a peer
that has only ever listened the kernel acknowledges each frame at once, at the peer's expense.
"""

import json
import select
import socket
import sys
import time
from typing import Any

from bench.lines import say
from bench.sockets import ROUNDS, TICK, served


def main() -> None:
    """Serve one run."""
    options: dict[str, Any] = json.loads(sys.argv[1])
    listener = socket.create_server(("127.0.0.1", 0), backlog=2048)
    say(port=listener.getsockname()[1])
    sockets = []
    for _ in range(options["clients"]):
        accepted, _ = listener.accept()
        accepted.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sockets.append(accepted)
    for one in sockets:
        for _ in range(ROUNDS):
            one.sendall(one.recv(1))
    sys.stdin.readline()
    cpu = time.process_time()
    sent, took = _serve(sockets, options)
    say(sequence=sent, cpu=time.process_time() - cpu, seconds=took)
    sys.stdin.read()


def _serve(sockets: list[socket.socket], options: dict[str, Any]) -> tuple[int, float]:
    rest = b"." * max(0, options["bytes"] - len(TICK % (0, 0.0, b"")))
    rate, batch = options["rate"], options["batch"]
    began = time.monotonic()
    sequence, due = 0, began
    while due < began + options["seconds"]:
        if rate:
            due += batch / rate
            _sleep_until(due)
        else:
            due = time.monotonic()
        now = time.monotonic()
        frames = b"".join(
            served(TICK % (number, now, rest))
            for number in range(sequence + 1, sequence + batch + 1)
        )
        sequence += batch
        for one in sockets:
            one.sendall(frames)
    return sequence, time.monotonic() - began


def _sleep_until(due: float) -> None:
    """Sleep as a server does, in the kernel's poll."""
    rest = due - time.monotonic()
    if rest > 0:
        select.select([], [], [], rest)


if __name__ == "__main__":
    main()
