"""A real Redis for tests: a process on a Unix socket, in a directory of its own."""

import os
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path
from typing import Any, Final

from twisted.internet import reactor
from twisted.trial.unittest import SkipTest

from tests.daemons import until
from webctp.bus.redis.address import BusAddress, Connector
from webctp.bus.redis.line import RedisLine
from webctp.config.bus import BusConfig
from webctp.secret import Secret

SERVER: Final = shutil.which("redis-server")
IN_CI: Final = "CI" in os.environ
_SETTINGS: Final = """\
port 0
unixsocket "{folder}/redis.sock"
dir "{folder}"
save ""
appendonly no
daemonize no
loglevel warning
client-output-buffer-limit pubsub 8mb 4mb 5
"""


class RedisProcess:
    """A process of Redis or of Sentinel."""

    _process: subprocess.Popen[bytes] | None = None

    def signal(self, number: int) -> None:
        """Send it a signal."""
        if self._process is not None:
            self._process.send_signal(number)

    def kill(self) -> None:
        """End it, in whatever state it is; what a Redis has kept is gone."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


class RedisServer(RedisProcess):
    """Redis on ``redis+unix://FOLDER/redis.sock``; it keeps nothing on disk.

    :param settings: further lines of its configuration.
    """

    def __init__(self, settings: str = "") -> None:
        if SERVER is None:
            if IN_CI:
                raise AssertionError("redis-server is not installed; see .ci/run")
            raise SkipTest("redis-server is not installed")
        # Below /tmp itself: a socket's path has room for 107 bytes.
        self.folder = Path(tempfile.mkdtemp(prefix="webctp-redis-"))
        self.path = str(self.folder / "redis.sock")
        self.url = f"redis+unix://{self.path}"
        self._settings = _SETTINGS.format(folder=self.folder) + settings

    async def start(self) -> "RedisServer":
        """Start it, empty, and wait until it answers."""
        Path(self.path).unlink(missing_ok=True)
        (self.folder / "redis.conf").write_text(self._settings, "utf-8")
        with (self.folder / "output").open("ab") as output:
            self._process = subprocess.Popen(
                [SERVER or "", str(self.folder / "redis.conf")],
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        await until(lambda: self._is_there, "Redis to listen")
        return self

    @property
    def _is_there(self) -> bool:
        if self._process is not None and self._process.poll() is not None:
            raise AssertionError(f"Redis ended: {(self.folder / 'output').read_text('utf-8')}")
        # The socket's file is there a moment before anybody listens.
        with socket.socket(socket.AF_UNIX) as trial:
            return trial.connect_ex(self.path) == 0

    def remove(self) -> None:
        """End it, and remove its files."""
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    async def ask(self, *parts: bytes) -> Any:
        """Send a command over a connection of its own; gives the reply."""
        made: Any = reactor
        connector = Connector(made, BusAddress(path=self.path), BusConfig(), Secret())
        line = await connector.connect(lambda: RedisLine(made))
        try:
            return await line.ask(*parts)
        finally:
            transport = line.transport
            transport.loseConnection()
            await line.lost
