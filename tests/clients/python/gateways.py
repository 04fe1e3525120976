"""Real gateways for the client's tests: the daemon as a process, on a port that it keeps."""

import asyncio
import atexit
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Coroutine
from functools import cache
from pathlib import Path
from typing import Any, Final
from unittest import TestCase

from tests.chaos.stories.exchange import Exchange
from tests.daemons import PATIENCE, DaemonProcess
from tests.test_daemon import free_port
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


@cache
def shared(front: str = "sim://?seed=7") -> RealGateway:
    """Return this process's gateway, which ends with it: a daemon takes seconds to start."""
    gateway = RealGateway(front=front)
    atexit.register(gateway.end)
    with connect(gateway.url) as client:
        # It takes the exchange's list of instruments in a little after its start.
        wait_until(lambda: bool(client.QryInstruments(ProductID="rb")), "the instruments")
    return gateway


class GatewayCase(TestCase):
    """Tests with one gateway for all of them; each has accounts of its own."""

    def setUp(self) -> None:
        self.gateway = shared()

    def play(self, work: Coroutine[Any, Any, None]) -> None:
        """Run a coroutine to its end, within :data:`PATIENCE`."""
        asyncio.run(asyncio.wait_for(work, PATIENCE))
