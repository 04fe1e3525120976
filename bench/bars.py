"""What bars cost, ``python -m bench.bars``: keeping them, and answering with those of the past.

In one process: ticks of 1,000 instruments through the hub into bars of a minute, without and with
the bar store; a subscription with 5,000 bars of history, from its frame to the last bar's; and
searches over 20,000 instruments.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from twisted.internet import defer, reactor, task

from bench import report
from webctp.config.market import MarketSettings
from webctp.config.sections import BarStoreConfig
from webctp.config.serving import Limits, WebSocketOptions
from webctp.ctp.encoder import InvalidPrice
from webctp.exchanges.instruments import listed
from webctp.gateway.market.barkeeping import BarKeeper
from webctp.gateway.market.service import MarketService
from webctp.gateway.websocket.fanout import Fanout
from webctp.gateway.websocket.protocol import GatewayFactory
from webctp.testing import FakeFront, WebSocketPeer
from webctp.upstream.barstore.row import BarRow, SeriesKey, seconds_of
from webctp.upstream.barstore.store import BarStore
from webctp.upstream.contracts.search import InstrumentIndex, Wanted
from webctp.upstream.market.ctpfeed import ctp_feeds
from webctp.upstream.session.apiqueue import ApiQueue

_INSTRUMENTS = 1_000
_HISTORY = 5_000
_SEARCHED = 20_000
_CHINA = datetime(1970, 1, 1, 8)
_MORNING = datetime(2026, 11, 23, 9)
_ROUNDS = 7
Bench = tuple[MarketService, FakeFront, BarStore | None, GatewayFactory]


async def _service(folder: Path, *, keeps: bool) -> Bench:
    """A service of market data before a fake front, on this process's reactor."""
    front = FakeFront()
    fanout = Fanout(reactor, Limits())
    apis = ApiQueue.on(fanout.reactor)
    settings = MarketSettings(
        md_front_address=("tcp://127.0.0.1:1",), con_file_path=str(folder / "flow")
    )
    sources = partial(ctp_feeds, fanout.reactor, apis, front, settings, None)
    store = keeper = None
    if keeps:
        store = BarStore(fanout.reactor, folder / "bars.sqlite", 0)
        layout = front.binding.market_codec.layout("CThostFtdcDepthMarketDataField")
        keeper = BarKeeper(BarStoreConfig(""), store, fanout.reactor, layout)
    service = MarketService(front, sources, settings, fanout, InvalidPrice.ZERO, keeper=keeper)
    service.start()
    options = WebSocketOptions(0, 0, 1 << 20, login_deadline=0)
    return service, front, store, GatewayFactory(reactor, fanout, options, service.client)


async def _logged_in(factory: GatewayFactory) -> WebSocketPeer:
    peer = WebSocketPeer(factory)
    peer.send({"MsgType": "ReqUserLogin", "ReqUserLogin": {}})
    while not any(one["MsgType"] == "RspUserLogin" for one in peer.received()):
        await task.deferLater(reactor, 0.01)
    return peer


def _ticks(front: FakeFront, names: list[str], at: datetime, volume: int) -> Iterator[bytes]:
    layout = front.binding.market_codec.layout("CThostFtdcDepthMarketDataField")
    for name in names:
        yield layout.pack(
            {
                **{"InstrumentID": name, "ExchangeID": "SHFE", "TradingDay": "20261123"},
                **{"ActionDay": "20261123", "UpdateTime": f"{at:%H:%M:%S}", "Volume": volume},
                **{"UpdateMillisec": at.microsecond // 1000, "LastPrice": 3000.0 + volume % 7},
                **{"OpenPrice": 3000.0, "HighestPrice": 3100.0, "LowestPrice": 2900.0},
                **{"Turnover": volume * 10.0, "OpenInterest": 5.0},
            }
        )


async def _keeping(folder: Path, *, keeps: bool, seconds: int) -> float:
    """CPU seconds a tick, of the whole process: two ticks a second of each of the instruments."""
    service, front, store, factory = await _service(folder, keeps=keeps)
    peer = await _logged_in(factory)
    names = [f"rb{number:04}" for number in range(_INSTRUMENTS)]
    # Whoever subscribes is sent one tick an hour: the hub and bars are measured.
    words = {"InstrumentID": names, "IntervalMs": 3_600_000, "Fields": ["Volume"]}
    peer.send({"MsgType": "SubscribeMarketData", **words})
    await task.deferLater(reactor, 0.5)
    (feed,) = service.feeds
    spent = 0.0
    for step in range(2 * seconds):
        at = _MORNING + timedelta(milliseconds=500 * step)
        batch = list(_ticks(front, names, at, step + 1))
        received = (at - _CHINA) // timedelta(microseconds=1) * 1000
        front.clock = lambda now=received: now  # type: ignore[misc]
        begun = time.process_time()
        service.hub.on_ticks(feed, batch, received)
        await task.deferLater(reactor, 0.0)
        spent += time.process_time() - begun
    begun = time.process_time()
    await task.deferLater(reactor, 1.0)
    spent += time.process_time() - begun
    if store is not None:
        written = {one.metric.name: one.value for one in store.samples()}
        minutes = (seconds - 1) // 60
        if written["webctp_barstore_bars_written_total"] < minutes * _INSTRUMENTS:
            raise SystemExit(f"bars are missing: {written}")
    await service.stop()
    if store is not None:
        store.stop()
    return spent / (2 * seconds * _INSTRUMENTS)


async def _history(folder: Path) -> list[tuple[float, float]]:
    """Seconds from the frame of a subscription to the last of its bars of the past, and of CPU."""
    service, _, store, factory = await _service(folder, keeps=True)
    if store is None:
        raise SystemExit("no store")
    key = SeriesKey("rb2701", "1m")
    first = seconds_of(_MORNING) - 60 * (_HISTORY + 10)
    for number in range(_HISTORY):
        begin = first + 60 * number
        prices = 3000.0, 3100.0, 2900.0, 3000.0 + number % 9
        row = BarRow(begin, begin + 60, "20261123", "SHFE", *prices, number, 5.0, 7.0)
        store.put(key, row)
    await store.bars(key, 1)
    taken = []
    for _ in range(_ROUNDS):
        peer = await _logged_in(factory)
        words = {"InstrumentID": "rb2701", "Bars": ["1m"], "History": _HISTORY}
        peer.transport.writes.clear()
        begun, spent = time.perf_counter(), time.process_time()
        peer.send({"MsgType": "SubscribeMarketData", **words})
        left = _HISTORY
        while left > 0:
            await task.deferLater(reactor, 0.001)
            left -= sum(piece.count(b'"RtnBar"') for piece in peer.transport.writes)
            peer.transport.writes.clear()
        taken.append((time.perf_counter() - begun, time.process_time() - spent))
        peer.drop()
    await service.stop()
    store.stop()
    return taken


def _searches() -> dict[str, float]:
    """The best of some searches each, in seconds."""
    today = date(2026, 11, 27)
    names = [one.instrument_id.encode() for one in listed(today)]
    index = InstrumentIndex()
    index.add((names * 2)[:_SEARCHED], today)
    found = {}
    for name, wanted in {
        "rb2701": Wanted("rb2701"),
        "lwg": Wanted("lwg"),
        "白糖 6000": Wanted("白糖 6000"),
        "(none)": Wanted("2 nothing"),
        "chain of rb2701": Wanted(underlying_id="rb2701"),
    }.items():
        best = float("inf")
        for _ in range(_ROUNDS):
            begun = time.perf_counter()
            index.search(wanted, 50)
            best = min(best, time.perf_counter() - begun)
        found[name] = best
    return found


async def _run(seconds: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(dir=".") as folder:
        places = [Path(folder, str(number)) for number in range(5)]
        for place in places:
            place.mkdir()
        plain = await _keeping(places[0], keeps=False, seconds=seconds)
        kept = await _keeping(places[1], keeps=True, seconds=seconds)
        return {
            "tick": plain,
            "tick, kept": kept,
            "history": await _history(places[2]),
            "searches": _searches(),
        }


def table(found: dict[str, Any]) -> str:
    """The figures as a Markdown table."""
    plain, kept = found["tick"] * 1e6, found["tick, kept"] * 1e6
    lines = ["| what | figure |", "|---|---|"]
    lines.append(f"| a tick without a store | {plain:.1f} µs of CPU |")
    lines.append(f"| with one, minutes of {_INSTRUMENTS:,} instruments | {kept:.1f} µs |")
    lines.append(f"| the store's share of a core at 10,000 ticks/s | {(kept - plain):.1f} % |")
    whole, spent = (statistics.median(one) * 1e3 for one in zip(*found["history"], strict=True))
    lines.append(f"| {_HISTORY:,} bars of history in a subscription | {whole:.0f} ms |")
    lines.append(f"| of that CPU | {spent:.0f} ms |")
    for name, seconds in found["searches"].items():
        lines.append(f"| search of {_SEARCHED:,}: {name} | {seconds * 1e3:.2f} ms |")
    return "\n".join(lines)


def main() -> None:
    """Measure, print the table, write the file."""
    parser = argparse.ArgumentParser(prog="python -m bench.bars", description=__doc__)
    parser.add_argument("--seconds", type=int, default=130, help="of market, told at once")
    parser.add_argument("--json", default="bench-bars.json")
    options = parser.parse_args()

    async def measured(_: object) -> None:
        found = await _run(options.seconds)
        print(table(found))
        report.write(options.json, {"machine": report.machine(), "seconds": found})

    task.react(lambda reactor: defer.ensureDeferred(measured(reactor)))


if __name__ == "__main__":
    main()
