"""kill -9 of the daemon amid a flow of orders by the client in TypeScript; the long form.

The exchange is a process of its own and lives on. `python -m tests.clients.typescript.kills
--moments 50 --seed 7` kills at so many moments.
"""

import json
import queue
import shutil
import subprocess
import sys
import threading
from pathlib import Path
from random import Random
from typing import Any, Final

from tests.clients.moments import Flow, run
from tests.clients.python.gateways import RealGateway
from tests.clients.typescript.node import built, node
from tests.daemons import PATIENCE

_MOST_ORDERS: Final = 25
"""After so many orders the daemon is killed, at the latest."""


class Program:
    """The program `flow.mjs`, and what it says."""

    def __init__(self, url: str) -> None:
        place = built()
        shutil.copy(Path(__file__).with_name("flow.mjs"), place)
        self._process = subprocess.Popen(
            [str(node()), "flow.mjs", url],
            cwd=place,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._lines: queue.Queue[str] = queue.Queue()
        self._told: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def until(self, wanted: str, times: int = 1) -> str:
        """Wait until it has said a line that begins so, so many times; return the last.

        :raises AssertionError: with what it has said, if it does not within :data:`PATIENCE`.
        """
        while times:
            try:
                line = self._lines.get(timeout=PATIENCE)
            except queue.Empty:
                raise self._failure(f"no {wanted!r} in time") from None
            self._told.append(line)
            if not line:
                raise self._failure(f"it ended before {wanted!r}")
            times -= line.startswith(wanted)
        return self._told[-1]

    def over(self) -> dict[str, Any]:
        """Have it sum up; return what it says."""
        assert self._process.stdin is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        found: dict[str, Any] = json.loads(self.until("{"))
        return found

    def end(self) -> None:
        """End it, in whatever state it is."""
        self._process.kill()
        self._process.wait()
        self._reader.join()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()

    def _failure(self, what: str) -> AssertionError:
        return AssertionError(f"{what}; it has said:\n{''.join(self._told[-40:])}")

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._lines.put(line)
        self._lines.put("")


def played(seed: int, moments: int) -> Flow:
    """Play a flow through a daemon that is killed at so many moments; return what came of it."""
    random = Random(seed)
    gateway = RealGateway(apart=True)
    try:
        program = Program(gateway.url)
        try:
            for _ in range(moments):
                program.until("sent", random.randint(1, _MOST_ORDERS))
                gateway.kill()
                gateway.start()
                program.until("back")
            found = program.over()
            return Flow(moments, found["orders"], found["wrong"])
        finally:
            program.end()
    finally:
        gateway.end()


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:], "orders of the client in TypeScript over kill -9", played))
