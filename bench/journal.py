"""What the journal costs an order: frame in -> native call, ``python -m bench.journal``.

In one process and one run: without a journal, with one, with a ClientOrderID (on disk before the
call), and the floor of that: one SQLite commit of the same kind on the same disk.
"""

import argparse
import json
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from twisted.internet import defer, reactor, task

from bench import report
from bench.structs import INSERT
from webctp.config.sections import JournalConfig
from webctp.config.serving import Limits, WebSocketOptions
from webctp.config.trading import TradingSettings
from webctp.ctp.encoder import InvalidPrice
from webctp.gateway.trading.service import TradingService
from webctp.gateway.websocket.fanout import Fanout
from webctp.gateway.websocket.protocol import GatewayFactory
from webctp.secret import Secret
from webctp.testing import FakeFront, WebSocketPeer
from webctp.upstream.session.apiqueue import ApiQueue

_PAUSE = 0.005
"""Seconds between two orders, so that the records of one are on disk before the next comes."""


class _Stopwatch:
    """A native API whose every call tells :attr:`called` the time.

    Whoever waits for it lets the reactor sleep: one that turns without a pause would keep the
    journal's thread from running for 5 ms, the interpreter's switch interval, each time.
    """

    def __init__(self) -> None:
        self.called: defer.Deferred[float] = defer.Deferred()

    def __getattr__(self, name: str) -> Callable[..., int]:
        def call(*_: object) -> int:
            self.called.callback(time.perf_counter())
            return 0

        return call


async def _orders(folder: Path, count: int, *, journal: bool, once: bool) -> list[float]:
    """Seconds from frame in to native call, for each of ``count`` orders, one after another."""
    front = FakeFront()
    fanout = Fanout(reactor, Limits())
    kept = JournalConfig(str(folder / "journal.sqlite")) if journal else None
    desk = TradingService(
        ApiQueue.on(fanout.reactor),
        front,
        TradingSettings(
            td_front_address=("tcp://127.0.0.1:1",),
            broker_id="9999",
            app_id="",
            auth_code=Secret(""),
            user_product_info="bench",
            con_file_path=str(folder / "flow"),
            production_mode=False,
            login_timeout=15.0,
            session_linger=0.0,
            journal=kept,
        ),
        fanout,
        InvalidPrice.ZERO,
    )
    desk.start()
    options = WebSocketOptions(0, 0, 1 << 20, login_deadline=0)
    peer = WebSocketPeer(GatewayFactory(reactor, fanout, options, desk.client))
    peer.send({"MsgType": "ReqUserLogin", "ReqUserLogin": {"UserID": "u", "Password": "p"}})
    while "ReqSettlementInfoConfirm" not in front.names:
        await task.deferLater(reactor, 0.01)
    await task.deferLater(reactor, 0.2)
    native = _Stopwatch()
    (shared,) = desk.registry
    shared.session._connection._api = native
    client: Any = peer.transport.protocol.client
    taken = []
    for number in range(count):
        words = {"ClientOrderID": f"bench-{number}"} if once else {}
        message = {"MsgType": "ReqOrderInsert", "RequestID": number, "InputOrder": INSERT, **words}
        payload = json.dumps(message).encode()
        called = native.called = defer.Deferred()
        start = time.perf_counter()
        client.received(payload, False)
        taken.append(await called - start)
        await task.deferLater(reactor, _PAUSE)
    shared.session._connection._api = front.api
    await desk.stop()
    return taken


def _commits(folder: Path, count: int) -> list[float]:
    """Seconds of a one-row commit with the journal's own settings."""
    store = sqlite3.connect(folder / "floor.sqlite", isolation_level=None)
    store.execute("PRAGMA journal_mode=WAL")
    store.execute("PRAGMA synchronous=FULL")
    store.execute("CREATE TABLE floor (id INTEGER PRIMARY KEY, value TEXT)")
    taken = []
    for _ in range(count):
        start = time.perf_counter()
        store.execute("INSERT INTO floor (value) VALUES (?)", ("x" * 600,))
        taken.append(time.perf_counter() - start)
        time.sleep(_PAUSE)
    store.close()
    return taken


async def _run(count: int) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {}
    cases = {
        "no journal": (False, False),
        "journal": (True, False),
        "journal, ClientOrderID": (True, True),
    }
    with tempfile.TemporaryDirectory(dir=".") as folder:
        for name, (journal, once) in cases.items():
            place = Path(folder, str(len(found)))
            place.mkdir()
            found[name] = await _orders(place, count, journal=journal, once=once)
        found["one SQLite commit"] = _commits(Path(folder), count)
    return found


def table(found: dict[str, list[float]]) -> str:
    """Microseconds, as a Markdown table."""
    lines = ["| frame in → native call | p50 µs | p99 µs |", "|---|---|---|"]
    for name, taken in found.items():
        cuts = statistics.quantiles(taken, n=100)
        lines.append(f"| {name} | {cuts[49] * 1e6:.0f} | {cuts[98] * 1e6:.0f} |")
    return "\n".join(lines)


def main() -> None:
    """Measure, print the table, write the file."""
    parser = argparse.ArgumentParser(prog="python -m bench.journal", description=__doc__)
    parser.add_argument("--orders", type=int, default=500)
    parser.add_argument("--json", default="bench-journal.json")
    options = parser.parse_args()

    async def measured(_: object) -> None:
        found = await _run(options.orders)
        print(table(found))
        report.write(options.json, {"machine": report.machine(), "seconds": found})

    task.react(lambda reactor: defer.ensureDeferred(measured(reactor)))


if __name__ == "__main__":
    main()
