"""The daemon's trading side, whole but for the reactor: started, killed and started again."""

from functools import partial
from random import Random
from typing import Any, cast
from unittest.mock import patch

from twisted.internet.interfaces import IReactorTime

from tests.chaos.client import Peer
from tests.chaos.clock import Life, Time
from tests.chaos.front import Front
from tests.chaos.journal import Disk, VirtualJournal
from webctp.config.serving import Limits, WebSocketOptions
from webctp.config.trading import TradingSettings
from webctp.ctp.encoder import InvalidPrice
from webctp.gateway.trading import service as desk_module
from webctp.gateway.trading.service import TradingService
from webctp.gateway.websocket.fanout import Fanout
from webctp.gateway.websocket.protocol import GatewayFactory
from webctp.upstream.journal.trading import TradingJournal
from webctp.upstream.session.apiqueue import ApiQueue


class _Socket(Peer):
    """A socket to one run of the daemon: nobody notices when it breaks after that run's end."""

    def __init__(self, life: Life, factory: GatewayFactory) -> None:
        super().__init__(factory)
        self._life = life

    def drop(self) -> None:
        """Break the connection."""
        if not self._life.dead:
            super().drop()


class Office:
    """See the module's text. ``life`` and ``desk`` are those of the present or last run."""

    def __init__(
        self,
        time: Time,
        front: Front,
        disk: Disk,
        settings: TradingSettings,
        random: Random,
    ) -> None:
        self._time = time
        self._front = front
        self._disk = disk
        self._settings = settings
        self._random = random
        self.start()

    def start(self) -> None:
        """A new process begins, with what the last one left on disk."""
        self.life = Life(self._time, self._thread_time)
        fanout = Fanout(cast(IReactorTime, self.life), Limits())
        self.life.reactor = fanout.reactor
        journal: Any = partial(VirtualJournal, self._disk)
        kept = partial(TradingJournal, journal=journal, wall=self._wall)
        with patch.object(desk_module, "TradingJournal", kept):
            self.desk = TradingService(
                ApiQueue(cast(IReactorTime, self.life), self.life.in_thread),
                self._front,
                self._settings,
                fanout,
                InvalidPrice.ZERO,
                wall=self._time.wall,
            )
        self._factory = GatewayFactory(
            cast(IReactorTime, self.life),
            fanout,
            WebSocketOptions(0, 0, 1 << 20, login_deadline=0),
            self.desk.client,
        )
        self.desk.start()

    def kill(self) -> None:
        """SIGKILL: nothing is said, nothing is written; the system closes what was open."""
        self.life.kill()
        for connection in self.life.owners.values():
            connection._release()

    def connect(self) -> Peer | None:
        """A new socket, None while no process runs."""
        return None if self.life.dead else _Socket(self.life, self._factory)

    def _thread_time(self) -> float:
        return self._random.random() ** 4

    def _wall(self) -> int:
        return int(self._time.wall() * 1e9)
