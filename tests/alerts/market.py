"""What makes the alerts about market data fire."""

import sqlite3
import time
from datetime import UTC, datetime
from pathlib import Path

from tests.alerts.stage import Stage
from tests.alerts.story import fires, stall, tick
from tests.alerts.trading import FakedGateway
from webctp.testing import FakeFront, MemoryGateway, WebSocketPeer
from webctp.upstream.barstore.file import BarFile

_TICK = "OnRtnDepthMarketData"


def watcher(gateway: MemoryGateway) -> WebSocketPeer:
    """Return a client that subscribes to an instrument."""
    peer = gateway.watcher()
    peer.send({"MsgType": "SubscribeMarketData", "InstrumentID": ["rb2405"], "RequestID": 2})
    gateway.settle()
    return peer


def _until(gateway: MemoryGateway, line: bytes) -> None:
    """Wait for what a thread does: until the page has a line."""
    end = time.monotonic() + 60
    while line not in gateway.get("/metrics")[1]:
        if time.monotonic() > end:
            raise AssertionError(f"waited in vain for {line!r}: {gateway.get('/readyz')}")
        time.sleep(0.05)


@fires("WebctpNotReady")
async def not_ready(stage: Stage) -> None:
    """The only market-data front goes away."""
    with FakedGateway() as gateway:
        stage.watch(gateway)
        gateway.settle()
        await stage.fine(4)
        gateway.front.disconnect()
        gateway.settle()
        await stage.scrape(4)


@fires("WebctpFeedLost")
async def lost_feed(stage: Stage) -> None:
    """One of two lines is lost; the service stays ready."""
    both = ["tcp://127.0.0.1:1", "tcp://127.0.0.1:2"]
    with FakedGateway(MdFrontAddress=both, MdRedundancy="true") as gateway:
        stage.watch(gateway)
        gateway.settle()
        await stage.fine(4)
        gateway.front.apis[1].push("OnFrontDisconnected", 0x1001)
        gateway.settle()
        await stage.scrape(4)


@fires("WebctpFeedStalled")
async def stalled_feed(stage: Stage) -> None:
    """One of two lines brings ticks, the other does not."""
    both = ["tcp://127.0.0.1:1", "tcp://127.0.0.1:2"]
    with FakedGateway(MdFrontAddress=both, MdRedundancy="true") as gateway:
        stage.watch(gateway)
        watcher(gateway)
        one, other = gateway.front.apis[:2]
        for api in (one, other):
            api.push(_TICK, tick(1))
        gateway.settle()
        await stage.fine(3)
        for second in range(2, 200):
            one.push(_TICK, tick(second))
            gateway.reactor.advance(1)
        await stage.scrape(3)


@fires("WebctpNoTicks")
async def no_ticks(stage: Stage) -> None:
    """Ticks come each minute, and then no more."""
    with FakedGateway() as gateway:
        stage.watch(gateway)
        watcher(gateway)
        for minute in range(6):
            gateway.front.push(_TICK, tick(minute))
            gateway.settle()
            await stage.fine()
        await stage.scrape(7)


@fires("WebctpTicksDropped")
async def dropped_ticks(stage: Stage) -> None:
    """More ticks come at once than may wait for the reactor."""
    with FakedGateway() as gateway:
        stage.watch(gateway)
        watcher(gateway)
        await stage.fine(3)
        for number in range(4_200):
            gateway.front.push(_TICK, tick(number))
        gateway.settle()
        for _ in range(50):
            gateway.reactor.turn()
        await stage.scrape(2)


@fires("WebctpClientTicksDropped")
async def slow_reader(stage: Stage) -> None:
    """A client reads nothing; the newest tick replaces those before it."""
    with FakedGateway() as gateway:
        stage.watch(gateway)
        peer = watcher(gateway)
        number = 0
        for minute in range(15):
            for _ in range(10):
                number += 1
                gateway.front.push(_TICK, tick(number))
                gateway.settle()
            if minute < 4:
                await stage.fine()
            else:
                stall(peer)
                await stage.scrape()


@fires("WebctpRecorderTrouble")
async def full_recording(stage: Stage) -> None:
    """The day's recording lies on a disk that is full."""
    folder = Path(stage.case.mktemp()).absolute()
    with FakedGateway(Record={"Path": str(folder)}) as gateway:
        stage.watch(gateway)
        watcher(gateway)
        await stage.fine(3)
        folder.mkdir(exist_ok=True)
        today = datetime.now(UTC)
        for name in ("20240102", f"{today:%Y%m%d}"):
            (folder / f"TICKS-{name}.csv").symlink_to("/dev/full")
        gateway.front.push(_TICK, tick(1))
        gateway.settle()
        _until(gateway, b"webctp_recorder_up 0.0")
        await stage.scrape(2)


@fires("WebctpBarStoreTrouble")
async def full_bar_store(stage: Stage) -> None:
    """The disk of the bar store takes nothing any more."""
    path = Path(stage.case.mktemp()).absolute() / "bars.sqlite"
    with FakedGateway(BarStore={"Path": str(path)}) as gateway:
        stage.watch(gateway)
        watcher(gateway)
        await stage.fine(3)

        def put(*_: object) -> None:
            raise sqlite3.OperationalError("database or disk is full")

        stage.case.patch(BarFile, "put", put)
        for second in (1, 61, 121):
            gateway.front.push(_TICK, tick(second))
            gateway.settle()
        _until(gateway, b"webctp_barstore_up 0.0")
        await stage.scrape(3)


@fires("WebctpCalendarEnds")
async def old_release(stage: Stage) -> None:
    """A release is still in use when the last year that it knows comes to its end."""
    with MemoryGateway(FakeFront()) as gateway:
        stage.watch(gateway)
        await stage.fine(3)
        for family in gateway.daemon.registry.gather().items():
            if family[0].name == "webctp_calendar_ends_timestamp_seconds":
                stage.now = int(family[1][0].value) - 20 * 86_400
        await stage.scrape(2)
