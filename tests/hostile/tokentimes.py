"""``python -m tests.hostile.tokentimes``: how long tokens take through a real socket.

A daemon is shown right, wrong, revoked and expired tokens, 1,000 tries of each in an order by
chance: ``GET /metrics`` over a new connection, from an address of its own, as answers to a source
that shows many wrong ones are held back. The right one lacks the scope ``admin`` and is answered
403, all others 401: answers of like length. Prints a line for each kind: its answers, and what
they took from the request on. ``--tries 1000``.
"""

import argparse
import random
import socket
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from tests.gateway.access.tokens.test_record import token
from tests.hostile.beside import daemon
from tests.hostile.honest import SERVER
from webctp.gateway.access.tokens.file import editing
from webctp.gateway.access.tokens.record import hash_of, new_token
from webctp.secret import Secret

_PATIENCE: Final = 30.0
OTHERS: Final = 100
"""Tokens in the file that nobody shows."""


@dataclass
class Took:
    """What one kind of token took, in µs, and how often it was answered with which status."""

    times: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)

    def row(self, kind: str) -> str:
        """A line of the table."""
        low, middle, high = statistics.quantiles(self.times, n=4)
        statuses = " ".join(f"{count}x{status}" for status, count in sorted(self.statuses.items()))
        return f"| {kind} | {statuses} | {middle:.0f} | {low:.0f} to {high:.0f} |"


def write_tokens(path: Path) -> dict[str, Secret]:
    """Write a file of tokens; gives what is to be shown, by its kind."""
    now = datetime.now(UTC)
    shown = {kind: new_token() for kind in ("right", "wrong", "revoked", "expired")}
    text = shown["right"].reveal()
    shown["wrong at the end"] = Secret(text[:-1] + ("A" if text[-1] != "A" else "B"))
    with editing(path) as tokens:
        for number in range(OTHERS):
            tokens.append(token(f"other{number}", sha256=hash_of(new_token()), created=now))
        for kind in ("right", "revoked", "expired"):
            expires = now - timedelta(days=1) if kind == "expired" else None
            entry = token(kind, sha256=hash_of(shown[kind]), created=now, expires=expires)
            tokens.append(entry)
    with editing(path) as tokens:
        tokens[:] = [one for one in tokens if one.name != "revoked"]
    return shown


def show(port: int, secret: Secret, source: str) -> tuple[int, float]:
    """Show a token once; gives the status of the answer, and the µs until it came."""
    request = (
        f"GET /metrics HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {secret.reveal()}\r\n"
        "Connection: close\r\n\r\n"
    ).encode()
    with closing(socket.create_connection((SERVER, port), _PATIENCE, (source, 0))) as one:
        begun = time.perf_counter()
        one.sendall(request)
        answer = one.recv(4096)
        took = time.perf_counter() - begun
    return int(answer.split(b" ", 2)[1]), took * 1e6


def measure(port: int, shown: Mapping[str, Secret], tries: int) -> dict[str, Took]:
    """Show each token so many times, mixed."""
    found = {kind: Took() for kind in shown}
    order = [kind for kind in shown for _ in range(tries)]
    random.shuffle(order)
    for number, kind in enumerate(order):
        source = f"127.{1 + number // 60_000}.{number // 250 % 240}.{number % 250 + 1}"
        status, took = show(port, shown[kind], source)
        found[kind].statuses[status] += 1
        found[kind].times.append(took)
    return found


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.hostile.tokentimes", description=__doc__)
    parser.add_argument("--tries", type=int, default=1_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        path = Path(place, "tokens.json")
        shown = write_tokens(path)
        with daemon(Path(place, "one"), f"Access: {{Tokens: {path}}}\n") as one:
            found = measure(one.port, shown, options.tries)
    print("| token | answers | median µs | half of them |\n|---|---|---|---|")
    for kind, took in found.items():
        print(took.row(kind))


if __name__ == "__main__":
    main()
