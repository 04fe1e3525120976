"""What makes the alerts about the process, its machine and its certificates fire."""

import dataclasses
import os
import socket
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from twisted.internet.task import deferLater

from tests.alerts.disk import told
from tests.alerts.stage import Stage
from tests.alerts.story import fires
from tests.alerts.trading import FakedGateway
from tests.commands.test_doctor import certificate
from tests.daemons import DaemonProcess
from webctp.ctp import binding
from webctp.testing import FakeFront, Gateway
from webctp.testing.client import default_reactor
from webctp.upstream.session import descriptors
from webctp.upstream.session.descriptors import ACCEPTING, Room

_DAY = timedelta(days=1)


@fires("WebctpDown")
async def down(stage: Stage) -> None:
    """A daemon ends."""
    gateway = Gateway(FakeFront())
    await gateway.start()
    try:
        stage.watch(gateway, gateway.port)
        await stage.fine(3)
    finally:
        await gateway.stop()
    await stage.scrape(3)


@fires("WebctpAbsent")
async def absent(stage: Stage) -> None:
    """Prometheus is given no target any more."""
    with FakedGateway() as gateway:
        stage.watch(gateway)
        await stage.fine(3)
        stage.gone(12)


@fires("WebctpRestarts")
async def restarts(stage: Stage) -> None:
    """A real daemon is started three times."""
    folder = Path(stage.case.mktemp()).absolute()
    folder.mkdir()
    front = "TdFrontAddress: sim://\nMdFrontAddress: sim://\nHost: 127.0.0.1\nPort: 0\n"
    for number in range(3):
        daemon = DaemonProcess(f"{folder}/{number}", f"AppType: both\nBrokerID: '9999'\n{front}")
        try:
            await daemon.listening()
            stage.watch(None, daemon.port)
            if number < 2:
                await stage.fine(2)
            else:
                await stage.scrape(2)
        finally:
            daemon.kill()
            await daemon.ended()


@fires("WebctpLibraryChanged")
async def another_library(stage: Stage) -> None:
    """A daemon comes back with another native library."""
    with FakedGateway() as gateway:
        stage.watch(gateway)
        await stage.fine(5)
    loaded = binding.load()
    library = dataclasses.replace(loaded.td_library, version="v6.7.12 another")
    other = dataclasses.replace(loaded, td_library=library)
    stage.case.patch(binding, "load", lambda _=None: other)
    with FakedGateway() as gateway:
        stage.watch(gateway)
        await stage.scrape(2)


@fires("WebctpReactorStalls")
async def stalled_reactor(stage: Stage) -> None:
    """Something holds the reactor up."""
    async with Gateway(FakeFront()) as gateway:
        stage.watch(gateway)
        await stage.fine(3)
        await deferLater(default_reactor(), 0, time.sleep, 0.7)
        await stage.scrape(2)


@fires("WebctpDescriptorsNearLimit")
async def few_descriptors(stage: Stage) -> None:
    """Few descriptors are left below those that the library can use."""
    with FakedGateway() as gateway:
        stage.watch(gateway)
        await stage.fine(3)
        taken = []
        try:
            while descriptors.free_low() >= 100:
                taken.append(os.dup(0))
            await stage.scrape(3)
        finally:
            for one in taken:
                os.close(one)


@fires("WebctpNotAccepting")
async def no_descriptors(stage: Stage) -> None:
    """Too few descriptors are left for another client."""
    room = Room(500, 0)
    stage.case.patch(descriptors, "prepare", lambda: room)
    async with Gateway(FakeFront()) as gateway:
        stage.watch(gateway)
        await stage.fine(3)
        clients = [socket.socket() for _ in range(40)]
        taken = []
        try:
            while descriptors.free_high(room) > ACCEPTING // 2:
                taken.append(os.dup(0))
            for client in clients:
                client.setblocking(False)
                client.connect_ex(("127.0.0.1", gateway.port))
            await gateway.until(lambda: told(gateway, "webctp_accepting") == 0, "the stop")
            await stage.scrape(2)
        finally:
            for client in clients:
                client.close()
            for one in taken:
                os.close(one)
        await gateway.until(lambda: told(gateway, "webctp_accepting") == 1, "the ports' return")


@fires("WebctpMemoryGrows")
async def growing_memory(stage: Stage) -> None:
    """The process takes half as much again, and 160 MiB more, for two hours, a day later."""
    with FakedGateway() as gateway:
        stage.watch(gateway)
        await stage.fine(25 * stage.an_hour)
        resident = int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE")
        leak = b"\1" * (resident // 2 + 160 * 1024**2)
        await stage.scrape(2 * stage.an_hour)
        del leak


async def ending_certificate(stage: Stage, days: int) -> None:
    """Serve with a certificate of 30 days; some days pass."""
    folder = Path(stage.case.mktemp()).absolute()
    folder.mkdir()
    cert, key = certificate(folder, "localhost", -_DAY, 30 * _DAY)
    listen = f"ssl:0:interface=127.0.0.1:certKey={cert}:privateKey={key}"
    stage.now = int(time.time())
    async with Gateway(FakeFront(), MetricsListen=["tcp:0:interface=127.0.0.1", listen]) as gateway:
        plain: Any = gateway.daemon.ports[1].getHost()
        stage.watch(gateway, plain.port)
        await stage.fine(3)
        stage.now += days * 86_400
        await stage.scrape(2)


@fires("WebctpCertificateExpiresSoon")
async def certificate_ends_soon(stage: Stage) -> None:
    """Twenty of a certificate's thirty days are over."""
    await ending_certificate(stage, 20)


@fires("WebctpCertificateExpired")
async def certificate_has_ended(stage: Stage) -> None:
    """All of a certificate's days are over."""
    await ending_certificate(stage, 31)
