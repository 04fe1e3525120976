"""What makes the alerts about the journal and its disk fire: a real daemon, a disk in the hand."""

import os
import sqlite3
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from threading import Event
from typing import Any

from tests.alerts.stage import Stage
from tests.alerts.story import fires, insert
from webctp.testing import FakeFront, Gateway
from webctp.upstream.journal.journal import Journal
from webctp.upstream.journal.store import Store


@asynccontextmanager
async def a_gateway(stage: Stage, limit: int = 10_000) -> AsyncIterator[Gateway]:
    """Run a gateway that keeps a journal.

    :param limit: how many records may wait for the disk.
    """
    defaults: Any = Journal.__init__.__kwdefaults__
    stage.case.patch(Journal.__init__, "__kwdefaults__", {**defaults, "limit": limit})
    folder = Path(stage.case.mktemp()).absolute()
    front = FakeFront()
    keys: dict[str, Any] = {"MessageRate": "0", "OrderPatience": "30"}
    async with Gateway(front, Journal={"Path": f"{folder}/journal.sqlite"}, **keys) as gateway:
        stage.watch(gateway)
        yield gateway


def told(gateway: Gateway, name: str) -> float:
    """Return a figure that has one sample."""
    for metric, samples in gateway.daemon.registry.gather().items():
        if metric.name == name:
            return samples[0].value
    raise AssertionError(f"{name} is not told")


def commits(stage: Stage, first: Callable[[], object]) -> None:
    """Let something happen before each commit."""
    commit = Store.commit

    def slowly(self: Store) -> None:
        first()
        commit(self)

    stage.case.patch(Store, "commit", slowly)


@fires("WebctpOrdersUnknown")
async def unknown_order(stage: Stage) -> None:
    """The connection breaks before CTP has said a word of an order."""
    async with a_gateway(stage) as gateway:
        front: Any = gateway.front
        trader = await gateway.trader()
        await stage.fine(3)
        trader.say(insert(3, ClientOrderID="a"))
        await gateway.until(lambda: "ReqOrderInsert" in front.names, "the order's call")
        front.connects = False
        front.disconnect()
        await trader.until("FrontDisconnected")
        await stage.scrape(3)


@fires("WebctpJournalBroken")
async def broken_disk(stage: Stage) -> None:
    """The disk says that it is full."""
    async with a_gateway(stage) as gateway:
        trader = await gateway.trader()
        await stage.fine(3)
        stage.case.patch(Store, "begin", _full)
        trader.say(insert(3))
        await gateway.until(lambda: told(gateway, "webctp_journal_healthy") == 0, "the trouble")
        await stage.scrape(2)


def _full(_: Store) -> None:
    raise sqlite3.OperationalError("database or disk is full")


@fires("WebctpJournalBacklog")
async def backlog(stage: Stage) -> None:
    """The disk does not answer while orders go on."""
    async with a_gateway(stage, limit=100) as gateway:
        trader = await gateway.trader()
        await stage.fine(3)
        answers = Event()
        commits(stage, lambda: answers.wait(60))
        try:
            for number in range(50):
                trader.say(insert(number))
            await gateway.until(
                lambda: told(gateway, "webctp_journal_records_waiting") > 10, "a tenth of the bound"
            )
            await stage.scrape(3)
        finally:
            answers.set()


@fires("WebctpJournalRecordsLost")
async def lost_records(stage: Stage) -> None:
    """The disk takes nothing for longer than memory lasts."""
    async with a_gateway(stage, limit=100) as gateway:
        trader = await gateway.trader()
        await stage.fine(3)
        stage.case.patch(Store, "begin", _full)
        for number in range(300):
            trader.say(insert(number))
        await gateway.until(
            lambda: told(gateway, "webctp_journal_records_lost_total") > 0, "a record's loss"
        )
        await stage.scrape(2)


async def slow_disk(stage: Stage, seconds: float) -> None:
    """Let each commit take some time, and enter an order that waits for it."""
    async with a_gateway(stage) as gateway:
        trader = await gateway.trader()
        await stage.fine(6)
        commits(stage, lambda: time.sleep(seconds))
        for number in range(3):
            trader.say(insert(number, ClientOrderID=f"{number}"))
            front: Any = gateway.front
            await gateway.until(
                lambda n=number, f=front: f.names.count("ReqOrderInsert") > n,  # type: ignore[misc]
                "the order's call",
            )
        await stage.scrape(5)


@fires("WebctpJournalSlow")
async def slow_journal(stage: Stage) -> None:
    """Each commit takes 0.4 s."""
    await slow_disk(stage, 0.4)


@fires("WebctpOrdersSlow")
async def slow_orders(stage: Stage) -> None:
    """Orders wait 0.15 s for the disk, each."""
    await slow_disk(stage, 0.15)


@fires("WebctpDiskNearlyFull")
async def little_room(stage: Stage) -> None:
    """Something else fills the journal's disk."""
    room = [10 * 1024**3]
    whole = os.statvfs("/")

    def statvfs(_: Path) -> os.statvfs_result:
        block = whole.f_frsize
        return os.statvfs_result((whole.f_bsize, block, *whole[2:4], room[0] // block, *whole[5:]))

    stage.case.patch(os, "statvfs", statvfs)
    async with a_gateway(stage) as gateway:
        await gateway.trader()
        await gateway.until(
            lambda: told(gateway, "webctp_journal_free_bytes") > 9 * 1024**3, "a look at the disk"
        )
        await stage.fine(3)
        room[0] = 1024**3
        await gateway.until(
            lambda: told(gateway, "webctp_journal_free_bytes") < 2 * 1024**3, "another look"
        )
        await stage.scrape(3)
