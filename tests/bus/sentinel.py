"""Two real Redis, of which one follows the other, and a Sentinel that says who is the master."""

import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any, Final

from twisted.internet import reactor
from twisted.trial.unittest import SkipTest

from tests.bus.redisserver import RedisProcess
from tests.daemons import PATIENCE, sleep, until
from tests.ports import free_port
from webctp.bus.redis.address import BusAddress, Connector
from webctp.bus.redis.line import RedisLine, RedisTrouble
from webctp.config.bus import BusConfig
from webctp.language.text import Text
from webctp.secret import Secret

_SENTINEL: Final = shutil.which("redis-sentinel")
_SERVER: Final = shutil.which("redis-server")
_READY: Final = "Ready to accept connections"
_SETTINGS: Final = """\
bind 127.0.0.1
{key} {port}
dir "{folder}"
save ""
client-output-buffer-limit pubsub 8mb 4mb 5
"""


class Server(RedisProcess):
    """A process of Redis or of Sentinel, on a port of its own.

    :param tls: whether it speaks TLS there, with the certificate that the settings name.
    """

    def __init__(self, folder: Path, name: str, settings: str, *, tls: bool = False) -> None:
        self._key = "port 0\ntls-port" if tls else "port"
        self._folder = folder / name
        self._folder.mkdir()
        self._settings = settings
        self.port = 0

    async def start(self, ready: str = _READY) -> "Server":
        """Start it on a port that nobody else has; once started, again on that one."""
        for _ in range(20):
            if await self._started(self.port or free_port(), ready):
                return self
        raise AssertionError(f"it found no port: {self._output()}")

    async def _started(self, port: int, ready: str) -> bool:
        # A Sentinel writes its file anew: what it has learnt is in there.
        conf = self._folder / "redis.conf"
        if not self.port or "sentinel monitor" not in self._settings:
            settings = _SETTINGS.format(key=self._key, port=port, folder=self._folder)
            conf.write_text(settings + self._settings, "utf-8")
        program = _SENTINEL if "sentinel monitor" in self._settings else _SERVER
        with (self._folder / "output").open("wb") as output:
            process = subprocess.Popen(
                [program or "", str(conf)], stdout=output, stderr=subprocess.STDOUT
            )
        self._process = process
        await until(
            lambda: ready in self._output() or process.poll() is not None, "a server to be ready"
        )
        if process.poll() is None:
            self.port = port
            return True
        return False

    def _output(self) -> str:
        return (self._folder / "output").read_text("utf-8", "replace")

    async def ask(self, *parts: bytes) -> Any:
        """Send a command over a connection of its own; gives the reply."""
        made: Any = reactor
        place = BusAddress((("127.0.0.1", self.port),))
        connector = Connector(made, place, BusConfig(), Secret())
        line = await connector.connect(lambda: RedisLine(made))
        try:
            return await line.ask(*parts)
        finally:
            line.drop(Text("enough"))
            await line.lost


class SentinelPair:
    """Two Redis and a Sentinel on ``redis+sentinel://…``; a failover comes when it is asked for."""

    def __init__(self) -> None:
        if _SENTINEL is None or _SERVER is None:
            if "CI" in os.environ:
                raise AssertionError("redis-sentinel is not installed; see .ci/run")
            raise SkipTest("redis-sentinel is not installed")
        self._folder = Path(tempfile.mkdtemp(prefix="webctp-sentinel-"))
        self._servers: list[Server] = []
        self._sentinel: Server | None = None
        self.url = ""

    async def start(self) -> "SentinelPair":
        """Start all three, and wait until the Sentinel could name another master."""
        first = await self._server("first", "").start()
        await self._server("second", f"replicaof 127.0.0.1 {first.port}\n").start()
        # It is told when to act: whatever a busy machine takes for dead, it does not.
        settings = (
            f"sentinel monitor bus 127.0.0.1 {first.port} 1\n"
            "sentinel down-after-milliseconds bus 600000\n"
        )
        self._sentinel = self._server("sentinel", settings)
        await self._sentinel.start("+monitor master bus")
        self.url = f"redis+sentinel://127.0.0.1:{self._sentinel.port}/bus"
        await self._until_replicated()
        return self

    def _server(self, name: str, settings: str) -> Server:
        server = Server(self._folder, name, settings)
        self._servers.append(server)
        return server

    async def master(self) -> Server:
        """Return whom the Sentinel names."""
        assert self._sentinel is not None
        told = await self._sentinel.ask(b"SENTINEL", b"GET-MASTER-ADDR-BY-NAME", b"bus")
        return next(one for one in self._servers if one.port == int(told[1]))

    async def fail_over(self, *, kill: bool) -> None:
        """Have the other one be master; a killed one comes back, and follows."""
        assert self._sentinel is not None
        await self._until_replicated()
        before = await self.master()
        if kill:
            before.kill()
        await self._sentinel.ask(b"SENTINEL", b"FAILOVER", b"bus")
        end = time.monotonic() + PATIENCE
        while (after := await self.master()) is before:
            assert time.monotonic() < end, "the Sentinel names no other master"
            await sleep(0.05)
        if kill:
            await before.start()
        # What the Sentinel does, too, after ten seconds or so.
        await before.ask(b"REPLICAOF", b"127.0.0.1", b"%d" % after.port)
        for kind in (b"normal", b"pubsub"):
            await before.ask(b"CLIENT", b"KILL", b"TYPE", kind, b"SKIPME", b"yes")

    async def _until_replicated(self) -> None:
        """Wait until the Sentinel could name another master: a replica that has what it has."""
        assert self._sentinel is not None
        end = time.monotonic() + PATIENCE
        while True:
            try:
                replicas = await self._sentinel.ask(b"SENTINEL", b"REPLICAS", b"bus")
            except RedisTrouble as problem:
                replicas = []
                told = str(problem)
            else:
                told = str(replicas)
            states = [dict(zip(one[::2], one[1::2], strict=True)) for one in replicas]
            ready = [
                one
                for one in states
                if one.get(b"master-link-status") == b"ok" and one.get(b"flags") == b"slave"
            ]
            if ready:
                return
            assert time.monotonic() < end, f"no replica: {told}"
            await sleep(0.05)

    def remove(self) -> None:
        """End all, and remove their files."""
        for one in self._servers:
            one.kill()
        shutil.rmtree(self._folder, ignore_errors=True)
