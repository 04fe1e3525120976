"""A whole gateway in this process, on a free port of loopback; see :mod:`webctp.testing`."""

import gc
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, Self

import yaml
from twisted.internet.task import deferLater

from webctp.config import load
from webctp.ctp.front import MarketFront
from webctp.daemon import Daemon
from webctp.fronts import Fronts
from webctp.testing.client import (
    PATIENCE,
    GatewayClient,
    WaitedInVain,
    connect,
    default_reactor,
)
from webctp.testing.rows import BROKER, USER

PASSWORD: Final = "password"
FAKE_ADDRESS: Final = "tcp://127.0.0.1:1"
"""Stands in the configuration where the front is an object; nothing connects to it."""
_LOOK: Final = 0.01
"""Seconds between two looks at a condition."""


def configuration(folder: Path, address: str, keys: dict[str, Any]) -> str:
    """Write a configuration file for tests below ``folder``; return its path.

    :param keys: keys as they stand in a file; they win over the defaults for tests.
    """
    values: dict[str, Any] = {
        "AppType": "both",
        "TdFrontAddress": address,
        "MdFrontAddress": address,
        "BrokerID": BROKER,
        "AppID": "client_test_1.0",
        "AuthCode": "0000000000000000",
        "Host": "127.0.0.1",
        "Port": "0",
        "QueryInterval": "0",
        "SessionLinger": "0",
        "ConFilePath": str(folder / "flow"),
        "Origins": ["*", "null"],
        "AdminListen": "off",
        **keys,
    }
    if "Listen" in values:
        del values["Host"], values["Port"]
    path = folder / "webctp.yaml"
    path.write_text(yaml.safe_dump(values, allow_unicode=True), "utf-8")
    return str(path)


class Gateway:
    """A whole gateway: the daemon itself, with real WebSockets on a free port of 127.0.0.1.

    For tests on Twisted (trial, a reactor that runs). Tests that have no reactor use
    :class:`webctp.testing.ThreadedGateway`.

    ``port`` is where it listens while it runs; ``url("td")`` and ``url("md")`` lead there.

    :param front: the address of a simulated exchange or a replay, as in a configuration
        (``sim://?seed=7``), or a :class:`webctp.testing.FakeFront`.
    :param patience: seconds that its clients wait for a message.
    :param keys: keys of a configuration, such as ``SessionLinger=5``.

    :raises webctp.config.ConfigError: from :meth:`start`, for a key as it must not be.
    """

    def __init__(
        self, front: str | MarketFront = "sim://", *, patience: float = PATIENCE, **keys: Any
    ) -> None:
        self.front = front
        self.port = 0
        self._patience = patience
        self._keys = keys
        self.folder: Path | None = None
        self._daemon: Daemon | None = None
        self._behind: list[MarketFront] = []
        self._clients: list[GatewayClient] = []

    async def start(self) -> Self:
        """Begin to listen."""
        self.folder = Path(tempfile.mkdtemp(prefix="webctp-test-"))
        try:
            self._daemon = self._make(self.folder)
            self._daemon.startService()
        except BaseException:
            shutil.rmtree(self.folder)
            self.folder = None
            raise
        listening: Any = self._daemon.ports[0]
        self.port = listening.getHost().port
        return self

    async def stop(self) -> None:
        """Close every client, release every session, and remove all files."""
        daemon, self._daemon = self._daemon, None
        self._behind.clear()
        if daemon is not None:
            await daemon.stopService()
            # The daemon sets aside what lives as long as a process does; this one ends earlier.
            gc.unfreeze()
        for client in self._clients:
            client.abort()
        for client in self._clients:
            await self.until(lambda one=client: one.closed.called, "a client's end")  # type: ignore[misc]
        self._clients.clear()
        if self.folder is not None:
            shutil.rmtree(self.folder)
            self.folder = None

    async def __aenter__(self) -> Self:
        return await self.start()

    async def __aexit__(self, *problem: object) -> None:
        await self.stop()

    @property
    def daemon(self) -> Daemon:
        """The daemon itself, while it runs.

        :raises ValueError: before :meth:`start` and after :meth:`stop`.
        """
        if self._daemon is None:
            raise ValueError("the gateway does not run")
        return self._daemon

    def control(self, command: str, **arguments: str) -> None:
        """Have the simulated exchange do something, a moment later: break connections, fall silent.

        The requests are those of docs/simulation.md: ``control("disconnect", reason="0x1001")``.

        :raises ValueError: while the gateway does not run, on a front that is no simulated
            exchange, and for a request that is not understood.
        """
        for front in self._behind:
            act = getattr(front, "control", None)
            if act is not None:
                act(command, **arguments)
                return
        raise ValueError(f"{self.front!r} is no simulated exchange that runs: use sim://")

    def url(self, service: str = "td") -> str:
        """Return where a service (``td``, ``md``) is."""
        return f"ws://127.0.0.1:{self.port}/{service}/"

    async def connect(self, service: str = "td", **options: Any) -> GatewayClient:
        """Open a connection to a service (``td``, ``md``).

        :param options: ``headers`` and ``protocols`` of the request, such as ``Authorization``.
        """
        client = await connect(self.port, f"/{service}/", patience=self._patience, **options)
        self._clients.append(client)
        return client

    async def trader(
        self, user: str = USER, password: str = PASSWORD, **options: Any
    ) -> GatewayClient:
        """Open a connection that is logged in on td.

        :param options: what stands beside ``ReqUserLogin`` in the message, such as ``Resume``.
        """
        body = {"UserID": user, "Password": password}
        return await self._login("td", {"ReqUserLogin": body, **options})

    async def watcher(self) -> GatewayClient:
        """Open a connection that is logged in on md."""
        return await self._login("md", {"ReqUserLogin": {}})

    async def until(
        self, met: Callable[[], object], what: str, timeout: float | None = None
    ) -> None:
        """Wait until a condition is met, such as that a fake front has got a request.

        :raises WaitedInVain: naming ``what``, with the calls that a fake front has got.
        """
        seconds = self._patience if timeout is None else timeout
        end = time.monotonic() + seconds
        while not met():
            if time.monotonic() > end:
                calls = getattr(self.front, "names", None)
                got = (
                    "" if calls is None else f"; the front has got {', '.join(calls) or 'nothing'}"
                )
                raise WaitedInVain(f"waited {seconds:g} s in vain for {what}{got}")
            await deferLater(default_reactor(), _LOOK, lambda: None)

    def _make(self, folder: Path) -> Daemon:
        front = self.front
        if isinstance(front, str):
            config = load(configuration(folder, front, self._keys))
            made = Fronts(config)

            def front_of(key: str, addresses: tuple[str, ...]) -> MarketFront:
                self._behind.append(made.of(key, addresses))
                return self._behind[-1]

            return Daemon(default_reactor(), config, fronts=front_of)
        config = load(configuration(folder, FAKE_ADDRESS, self._keys))
        return Daemon(default_reactor(), config, fronts=lambda key, addresses: front)

    async def _login(self, service: str, words: dict[str, Any]) -> GatewayClient:
        client = await self.connect(service)
        answer = await client.ask({"MsgType": "ReqUserLogin", "RequestID": 1, **words})
        if answer["MsgType"] != "RspUserLogin" or answer["RspInfo"]["ErrorID"]:
            raise AssertionError(f"the login was refused: {answer}")
        return client
