"""What checks and counters cost an order: frame in -> native call, ``python -m bench.risk``.

The way in begins with the bytes of the WebSocket frame, as the socket gives them, and ends with
the native call; what is booked after the call is told beside it.

In one process and one run, the cases in turn, some orders each: without anything, with the kill
switch alone, with its word in force on another account, with every check, and with the counters
as well. What was entered is told as cancelled between the turns, so that few orders rest.
"""

import argparse
import itertools
import json
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from twisted.internet import defer, reactor, task

from bench import report
from bench.structs import INSERT
from webctp.config.risk import ComplianceConfig, RiskConfig
from webctp.config.serving import Limits, WebSocketOptions
from webctp.config.trading import TradingSettings
from webctp.ctp.encoder import InvalidPrice
from webctp.gateway.trading.service import TradingService
from webctp.gateway.websocket.fanout import Fanout
from webctp.gateway.websocket.protocol import GatewayFactory
from webctp.secret import Secret
from webctp.testing import FakeFront, WebSocketPeer
from webctp.testing.websocket import client_frame
from webctp.upstream.account import AccountKey
from webctp.upstream.kill.halts import KillLevel
from webctp.upstream.session.apiqueue import ApiQueue

_PAUSE = 0.01
"""Seconds between two rounds: no case sends more than MaxOrdersPerSecond."""
_ME = AccountKey("9999", "u")
_LIMITS = RiskConfig(
    max_order_volume=100,
    max_order_value=10**9,
    price_tick=True,
    price_band_ticks=10**6,
    price_band_percent=100.0,
    instruments=("*",),
    offsets=("Open", "Close", "CloseToday", "CloseYesterday"),
    max_working_orders=10**6,
    max_orders_per_second=4000,
    max_orders_per_day=10**9,
    duplicate_seconds=0.001,
    self_trade="refuse",
    max_position=10**6,
)
_USUAL = RiskConfig(
    max_order_volume=100,
    max_order_value=10**9,
    price_tick=True,
    price_band_percent=100.0,
    self_trade="refuse",
)
_COUNTERS = ComplianceConfig(max_orders_in_second=10**6)


Found = dict[str, tuple[list[float], list[float]]]
"""By case: the seconds of each order to the native call, and until it was done with."""


class _Native:
    """A native API that takes every call, and notes when it was called last."""

    called = 0.0

    def __getattr__(self, name: str) -> Callable[..., int]:
        return lambda *_: 0

    def ReqOrderInsert(self, *_: object) -> int:
        """Take an order."""
        self.called = time.perf_counter()
        return 0


class Case:
    """A gateway with a client that is logged in."""

    def __init__(
        self, folder: Path, numbers: Iterator[int], kill_path: str = "", **settings: Any
    ) -> None:
        self.front = FakeFront()
        fanout = Fanout(reactor, Limits())
        self.service = TradingService(
            ApiQueue.on(fanout.reactor),
            self.front,
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
                **settings,
            ),
            fanout,
            InvalidPrice.ZERO,
            kill_path=kill_path,
        )
        self.service.start()
        options = WebSocketOptions(0, 0, 1 << 20, login_deadline=0)
        self.peer = WebSocketPeer(GatewayFactory(reactor, fanout, options, self.service.client))
        login = {"UserID": "u", "Password": "p"}
        self.peer.send({"MsgType": "ReqUserLogin", "ReqUserLogin": login})
        self._numbers = numbers
        self.native = _Native()
        self.taken: list[float] = []
        """Seconds to the native call, of each order."""
        self.whole: list[float] = []
        """Seconds until the order is done with here."""

    async def ready(self) -> None:
        """Wait until it is logged in, and put the native API that takes every call in place."""
        while "ReqSettlementInfoConfirm" not in self.front.names:
            await task.deferLater(reactor, 0.01)
        await task.deferLater(reactor, 0.5)
        (shared,) = self.service.registry
        self.session: Any = shared.session
        self.session._connection._api = self.native
        risk = self.service.risk
        self.book = None if risk is None else risk.desk.own(_ME).book
        if risk is not None:
            risk.desk.facts.take_price(str(INSERT["InstrumentID"]), 3185.0)
        if self.book is not None:
            self.book.positions_whole()

    def turn(self, count: int) -> None:
        """Send some orders, and take the time of each."""
        frames = []
        for _ in range(count):
            number = next(self._numbers)
            fields = {**INSERT, "LimitPrice": 3000.0 + number % 100}
            message = {"MsgType": "ReqOrderInsert", "RequestID": number, "InputOrder": fields}
            frames.append(client_frame(json.dumps(message).encode()))
        received, native = self.peer.feed, self.native
        for frame in frames:
            start = time.perf_counter()
            received(frame)
            self.whole.append(time.perf_counter() - start)
            self.taken.append(native.called - start)
        refused = [one for one in self.peer.received() if one.get("RspInfo")]
        if refused and refused[-1].get("Detail"):
            raise SystemExit(f"an order was refused: {refused[-1]['Detail']}")
        if self.book is not None:
            self.book.drop(list(self.book._entered))

    async def end(self) -> None:
        """Release everything."""
        self.session._connection._api = self.front.api
        await self.service.stop()


async def _run(rounds: int, count: int) -> Found:
    numbers = itertools.count(1)
    with tempfile.TemporaryDirectory(dir=".") as name:
        folder = Path(name)
        kill = {"kill_path": f"{folder}/kill.json"}
        cases = {
            "nothing configured": Case(folder / "0", numbers),
            "kill switch": Case(folder / "1", numbers, **kill),
            "kill switch, another account stopped": Case(folder / "2", numbers, **kill),
            "five checks": Case(folder / "5", numbers, **kill, risk=_USUAL),
            "all checks": Case(folder / "3", numbers, **kill, risk=_LIMITS),
            "all checks and counters": Case(
                folder / "4", numbers, **kill, risk=_LIMITS, compliance=_COUNTERS
            ),
        }
        for case in cases.values():
            await case.ready()
        stopped = cases["kill switch, another account stopped"].service.risk
        if stopped is None or stopped.switch is None:
            raise RuntimeError("a gateway without its kill switch")
        for case in cases.values():
            switch = None if case.service.risk is None else case.service.risk.switch
            if switch is not None and switch is not stopped.switch:
                switch.stop()  # they have one file: only this one is to read it
        await stopped.switch.set("account:9999/other", KillLevel.STOP, by="bench", reason="")
        for number in range(rounds):
            order = list(cases.values())
            for case in order[number % len(order) :] + order[: number % len(order)]:
                case.turn(count)
                if count == 1:
                    await task.deferLater(reactor, _PAUSE / 2)
            await task.deferLater(reactor, _PAUSE)
        for case in cases.values():
            await case.end()
    return {name: (case.taken, case.whole) for name, case in cases.items()}


def table(found: Found) -> str:
    """Microseconds, and what each case adds to the first, as a Markdown table."""
    lines = [
        "| frame in → | native call, p50 µs | added | done with, p50 µs | added |",
        "|---|---|---|---|---|",
    ]
    floors = [statistics.median(taken) for taken in next(iter(found.values()))]
    for name, both in found.items():
        middles = [statistics.median(taken) for taken in both]
        cells = [
            f"{middle * 1e6:.1f} | {100 * (middle / floor - 1):+.1f} %"
            for middle, floor in zip(middles, floors, strict=True)
        ]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines)


def main() -> None:
    """Measure, print the table, write the file."""
    parser = argparse.ArgumentParser(prog="python -m bench.risk", description=__doc__)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument(
        "--orders", type=int, default=20, help="of a case in its turn; 1: one every 5 ms"
    )
    parser.add_argument("--json", default="bench-risk.json")
    options = parser.parse_args()

    async def measured(_: object) -> None:
        found = await _run(options.rounds, options.orders)
        print(table(found))
        report.write(options.json, {"machine": report.machine(), "seconds": found})

    task.react(lambda reactor: defer.ensureDeferred(measured(reactor)))


if __name__ == "__main__":
    main()
