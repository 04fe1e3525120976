"""A daemon of a story: started, killed, stopped and started again on the same files."""

import os
import re
import signal
import sqlite3
from collections import Counter
from contextlib import closing, suppress
from mmap import mmap
from pathlib import Path
from struct import Struct
from typing import Final

from tests.chaos.ledger import Violation
from tests.daemons import DaemonProcess

_FIRST: Final = (Path(__file__).parent / "stepped.py").read_text("utf-8")
KEY: Final = {"AppID": "chaos", "AuthCode": "SECRET-authcode"}
_DOUBLE: Final = Struct("<d")
_POOLED: Final = re.compile(r"MainThread|journal|PoolThread-twisted.*")
"""Threads that a daemon may keep when nobody is there."""
_CONFIG: Final = """
AppType: td
TdFrontAddress: sim+unix://{front}
BrokerID: "9999"
AppID: {app_id}
AuthCode: {auth_code}
Host: 127.0.0.1
Port: 0
QueryInterval: 0
QueryTimeout: 3
LoginTimeout: 20
SessionLinger: {linger}
SessionSharing: {sharing}
OrderRate: {order_rate}
ConFilePath: {directory}/con_file
Journal: {{Path: {journal}}}
"""


class WallClock:
    """The clock on the wall, as daemons see it."""

    def __init__(self, path: Path) -> None:
        path.write_bytes(_DOUBLE.pack(0.0))
        self.path = path
        with path.open("r+b") as file:
            self._error = mmap(file.fileno(), _DOUBLE.size)

    @property
    def error(self) -> float:
        """How many seconds it is wrong by."""
        return float(_DOUBLE.unpack_from(self._error)[0])

    def step(self, seconds: float) -> None:
        """Set it so many seconds forwards, or back."""
        _DOUBLE.pack_into(self._error, 0, self.error + seconds)


class Daemon:
    """``twistd webctp`` in ``directory``, over all its runs.

    :param front: the exchange's socket.
    :param journal: the journal's file; the directory of none else.
    :param shares: whether another daemon has the same journal; then it may refuse to start.
    :param settings: ``linger``, ``sharing`` and ``order_rate``.
    """

    def __init__(
        self,
        directory: Path,
        front: Path,
        journal: Path,
        clock: WallClock,
        *,
        shares: bool,
        **settings: object,
    ) -> None:
        directory.mkdir()
        self.journal = journal
        self._directory = directory
        self._clock = clock
        self.may_refuse = shares
        """Whether it may end at its start, with a line about its journal."""
        self._config = _CONFIG.format(
            front=front,
            directory=directory,
            journal=journal,
            app_id=KEY["AppID"],
            auth_code=KEY["AuthCode"],
            **settings,
        )
        self._runs: list[DaemonProcess] = []
        self._process: DaemonProcess | None = None
        self._idle: Counter[str] = Counter()
        self.ending = False
        """Whether it was asked to end."""
        self.refused = False
        """Whether its last run ended by itself, for it could not have its journal."""
        self.kills = 0

    def start(self) -> None:
        """A new process begins, with what the last one left on disk."""
        self.ending = self.refused = False
        self._idle.clear()
        self._process = DaemonProcess(
            str(self._directory / str(len(self._runs))),
            self._config,
            first=_FIRST,
            environment={
                "STORY_CLOCK": str(self._clock.path),
                "STORY_THREADS": str(self._threads_file),
            },
        )
        self._runs.append(self._process)

    @property
    def alive(self) -> bool:
        """Whether there is a process."""
        return self._process is not None

    @property
    def port(self) -> int:
        """Where it listens; 0 while it does not."""
        process = self._process
        if process is None or self.ending or not self._listens(process):
            return 0
        if not self._idle:
            # Nobody has connected yet: this is what it has open when it has nothing to do.
            self._idle = self._descriptors(process.pid)
        return process.port

    @property
    def pid(self) -> int:
        """Its process."""
        if self._process is None:
            raise RuntimeError("no daemon runs")
        return self._process.pid

    @property
    def output(self) -> str:
        """What all its runs have printed."""
        return "".join(run.output for run in self._runs)

    def kill(self) -> None:
        """SIGKILL."""
        if self._process is not None:
            self.kills += 1
            self._process.kill()
            self._process = None

    def terminate(self) -> None:
        """SIGTERM; :attr:`ended` says when it has come to its end."""
        if self._process is not None:
            self._process.terminate()
            self.ending = True

    @property
    def ended(self) -> bool:
        """Whether a daemon that was asked to end has ended.

        :raises Violation: if it did not end well.
        """
        if self._process is None:
            return True
        process, code = self._process, self._process.exit_code
        if code is None:
            return False
        self._process = None
        if code == os.EX_CONFIG and self._may_have_refused(process):
            self.refused = True
            return True
        # twistd ends by the signal that ended it, once it has stopped in good order.
        if code not in (0, -signal.SIGTERM):
            raise Violation(f"the daemon ended with {code} after SIGTERM")
        return True

    def send(self, number: signal.Signals) -> None:
        """Send a signal, if there is a process."""
        if self._process is not None:
            self._process.signal(number)

    def leaks(self) -> list[str]:
        """What it holds though nobody is there: descriptors, threads, locks; they take a moment."""
        if self._process is None:
            return []
        pid = self._process.pid
        held = self._descriptors(pid) - self._idle
        found = [f"{many} descriptors of {what}" for what, many in held.items()]
        names = self._threads()
        found += [f"thread {name}" for name in names if not _POOLED.fullmatch(name)]
        return found + ([] if names else ["no word of its threads yet"])

    def unlocked(self) -> bool:
        """Whether the journal can be written by another program at once."""
        if not self.journal.exists():
            return True
        with closing(sqlite3.connect(self.journal, timeout=0, isolation_level=None)) as base:
            try:
                base.execute("BEGIN IMMEDIATE")
                base.execute("ROLLBACK")
            except sqlite3.OperationalError:
                return False
        return True

    def _listens(self, process: DaemonProcess) -> bool:
        """Whether a process listens; one that may refuse to start, and has, is no more."""
        try:
            return process.serving
        except AssertionError:
            if not self._may_have_refused(process):
                raise
            self.refused, self._process = True, None
            return False

    def _may_have_refused(self, process: DaemonProcess) -> bool:
        """Return whether a process may end at its start, and has said something of its journal."""
        return self.may_refuse and "ournal" in process.output

    @property
    def _threads_file(self) -> Path:
        return self._directory / "threads"

    def _threads(self) -> list[str]:
        """The names of its threads when it was asked last; it is asked again."""
        names: list[str] = []
        with suppress(FileNotFoundError):
            names = self._threads_file.read_text().splitlines()
            self._threads_file.unlink()
        self.send(signal.SIGUSR1)
        return names

    def _descriptors(self, pid: int) -> Counter[str]:
        """What it has open, counted by what it is; of the journal's files each may be open once."""
        found: Counter[str] = Counter()
        directory = Path(f"/proc/{pid}/fd")
        for name in os.listdir(directory):
            with suppress(FileNotFoundError):
                target = os.readlink(directory / name)
                found[target.partition(":[")[0]] += 1
        for name in list(found):
            if name.startswith(str(self.journal)) and found[name] == 1:
                del found[name]
        return found
