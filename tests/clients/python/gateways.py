"""Real gateways for the client's tests: the daemon as a process, on a port that it keeps."""

import asyncio
import atexit
import os
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Coroutine
from pathlib import Path
from threading import Lock, Timer
from typing import Any, Final
from unittest import TestCase

from tests.chaos.stories.exchange import Exchange
from tests.daemons import PATIENCE, DaemonProcess
from tests.ports import free_port
from webctp_client import connect

CONFIG: Final = """
AppType: both
TdFrontAddress: {front}
MdFrontAddress: {front}
BrokerID: "9999"
Host: 127.0.0.1
Port: {port}
QueryInterval: 0
AdminListen: "off"
PortfolioInterval: 0.1
Journal: {{Path: {folder}/journal.sqlite}}
OrderPatience: 30
History: {{Instruments: ["rb????"], Periods: [1m]}}
ConFilePath: {folder}/flow
"""


def wait_until(met: Callable[[], bool], what: str) -> None:
    """Wait until a condition is met.

    :raises AssertionError: naming ``what`` when it is not within :data:`PATIENCE`.
    """
    end = time.monotonic() + PATIENCE
    while not met():
        if time.monotonic() > end:
            raise AssertionError(f"waited in vain for {what}")
        time.sleep(0.02)


class RealGateway:
    """A daemon that can be killed, and comes back on the same port with the same journal.

    :param apart: whether the exchange is a process of its own, which outlives the daemon.
    :param more: further lines of the configuration.
    :param front: the exchange, inside the daemon or apart.
    """

    def __init__(
        self, *, apart: bool = False, more: str = "", front: str = "sim://?seed=7"
    ) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="client-", dir=os.environ.get("TMPDIR")))
        self._more = more
        self._front = front
        self._runs = 0
        self._daemon: DaemonProcess | None = None
        self._exchange: Exchange | None = None
        self.port = free_port()
        if apart:
            state = self._folder / "state.sqlite"
            options = f"{front.partition('?')[2]}&balance=1000000000"
            self._exchange = Exchange(self._folder, state, options)
            self._exchange.start()
            wait_until(lambda: self._exchange is not None and self._exchange.serving, "exchange")
        self.start()

    @property
    def url(self) -> str:
        """Where it is."""
        return f"ws://127.0.0.1:{self.port}"

    def begin(self) -> None:
        """Start the daemon; it does not listen yet."""
        front = f"sim+unix://{self._folder}/front" if self._exchange else self._front
        config = CONFIG.format(front=front, port=self.port, folder=self._folder) + self._more
        self._runs += 1
        self._daemon = DaemonProcess(str(self._folder / f"run{self._runs}"), config)

    def start(self) -> None:
        """Start the daemon and wait until it listens."""
        self.begin()
        wait_until(lambda: self._daemon is not None and self._daemon.serving, "the daemon")

    def kill(self) -> None:
        """SIGKILL."""
        if self._daemon is not None:
            self._daemon.kill()

    def end(self) -> None:
        """End it, and remove its files."""
        self.kill()
        if self._exchange is not None:
            self._exchange.kill()
        shutil.rmtree(self._folder)


MORNING: Final = "sim://?seed=7&start=2026-11-23T09:30:00&speed=30"
"""An exchange whose prices move quickly, whatever the hour is here."""


class _Shared:
    """The gateways of this process, which take seconds to start. Of any thread.

    One that no test has begun to use for :data:`UNUSED` seconds ends: its exchange takes a good
    part of a processor, and tests of other rooms follow.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._gateways: dict[str, RealGateway] = {}
        self._uses: Counter[str] = Counter()

    def at(self, front: str) -> RealGateway:
        """Return the gateway of an exchange; it is started where there is none."""
        with self._lock:
            gateway = self._gateways.get(front)
            if gateway is None:
                gateway = self._gateways[front] = ready(front)
            self._uses[front] += 1
            timer = Timer(UNUSED, self._end, (front, self._uses[front]))
            timer.daemon = True
            timer.start()
            return gateway

    def end(self) -> None:
        """End all."""
        for front in list(self._gateways):
            self._end(front, self._uses[front])

    def _end(self, front: str, use: int) -> None:
        """End one that nobody has begun to use after this use."""
        with self._lock:
            if self._uses[front] == use:
                self._gateways.pop(front).end()
                self._uses[front] += 1


UNUSED: Final = 10 * PATIENCE
"""Seconds; a walk through a document uses one for minutes."""
_shared: Final = _Shared()
atexit.register(_shared.end)


def ready(front: str) -> RealGateway:
    """Start a gateway, and wait until it knows its instruments."""
    gateway = RealGateway(front=front)
    with connect(gateway.url) as client:
        # It takes the exchange's list of instruments in a little after its start.
        wait_until(lambda: bool(client.QryInstruments(ProductID="rb")), "the instruments")
    return gateway


def shared(front: str = "sim://?seed=7") -> RealGateway:
    """Return this process's gateway at an exchange: see :class:`_Shared`."""
    return _shared.at(front)


class GatewayCase(TestCase):
    """Tests with one gateway for all of them; each has accounts of its own."""

    def setUp(self) -> None:
        self.gateway = shared()

    def play(self, work: Coroutine[Any, Any, None]) -> None:
        """Run a coroutine to its end, within :data:`PATIENCE`."""
        asyncio.run(asyncio.wait_for(work, PATIENCE))
