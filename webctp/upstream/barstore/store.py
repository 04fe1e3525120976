"""The bar store: a thread of its own writes bars to disk and reads them, off the reactor.

What is asked sees all that was put before. Bars wait in memory while the disk takes none, up to a
bound; the file is then tried again every few seconds.
"""

import threading
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic, time
from typing import Any, Final, NamedTuple, TypeVar

from twisted.internet.defer import Deferred
from twisted.logger import Logger
from twisted.python.failure import Failure

from webctp.ctp.bridge import FromThread
from webctp.exchanges.bars import period_minutes
from webctp.language.text import english, verbatim
from webctp.metrics import Sample
from webctp.storage.versions import DAMAGED
from webctp.upstream.barstore import figures
from webctp.upstream.barstore.file import BarFile, BarStoreError
from webctp.upstream.barstore.row import KEPT, MINUTE, BarRow, SeriesKey, longer

_log = Logger()

_T = TypeVar("_T")
_BOUND: Final = 200_000
"""Bars that may wait to be written: about 60 MB."""
_A_BATCH: Final = 2_000
"""Bars written in one transaction."""
_INTERVAL: Final = 0.2
"""Seconds that bars wait for others, so that a minute's end is a few transactions."""
_RETRY: Final = 5.0
"""Seconds until a file that could not be used is tried again."""
_PRUNE: Final = 3600.0
"""Seconds between two looks for bars that are too old."""
_DAY: Final = 86_400


MOST_MINUTES: Final = 100_000
"""Minutes that one answer is made of at most: about a third of a second of the store's thread."""


class Past(NamedTuple):
    """Bars of the past, and when the last minute began that is in them (-1 for none)."""

    rows: list[BarRow]
    upto: int


def past_of(file: BarFile, key: SeriesKey, count: int, begin: int | None, end: int | None) -> Past:
    """Return bars of a file, made of its minutes where it keeps none of their period."""
    if key.period in KEPT:
        rows = file.bars(key, count, begin, end)
        return Past(rows, rows[-1].begin if rows else -1)
    most = min((count + 1) * period_minutes(key.period), MOST_MINUTES)
    minutes = file.bars(SeriesKey(key.instrument_id, MINUTE), most, begin, end)
    if not minutes:
        return Past([], -1)
    rows = longer(key.instrument_id, minutes, key.period)
    if rows[0].begin < minutes[0].begin or len(minutes) == most:
        # Where minutes are cut off, the first bar may lack some of its own.
        del rows[0]
    if end is not None and rows and rows[-1].end > end:
        del rows[-1]
    return Past(rows[-count:], minutes[-1].begin)


class Tail:
    """The bars of one series that are put after a moment, the oldest first."""

    def __init__(self) -> None:
        self.rows: list[BarRow] = []


class _Asked:
    """Something to read: ``run`` in the store's thread, its result for ``done``."""

    def __init__(self, run: Callable[[BarFile], Any]) -> None:
        self.run = run
        self.done: Deferred[Any] = Deferred()


class BarStore:
    """Keep bars on disk. Its methods are for the reactor's thread, unless they say otherwise.

    :param days: how long bars are kept; 0 for ever.
    :param open_file: opens the file, in the store's thread.
    """

    def __init__(
        self,
        reactor: FromThread,
        path: Path,
        days: int,
        open_file: Callable[[Path], BarFile] = BarFile,
    ) -> None:
        self._reactor = reactor
        self._path = path
        self._days = days
        self._open_file = open_file
        self._condition = threading.Condition()
        self._puts: deque[tuple[SeriesKey, BarRow]] = deque()
        self._settled: deque[tuple[str, str, float]] = deque()
        self._asked: deque[_Asked] = deque()
        self._tails: dict[SeriesKey, list[Tail]] = {}
        self._stopping = False
        self._thread: threading.Thread | None = None
        self._file: BarFile | None = None
        self._trouble = ""
        self._retry_at = 0.0
        self._prune_at = 0.0
        self._written = 0
        self._dropped = 0

    def start(self) -> None:
        """Start the thread, which opens the file."""
        self._thread = threading.Thread(target=self._run, name="webctp-bars", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Write what waits and end the thread. Waits for the disk: not for the reactor's thread."""
        with self._condition:
            self._stopping = True
            self._condition.notify()
        if self._thread is not None:
            self._thread.join()

    def put(self, key: SeriesKey, row: BarRow) -> None:
        """Keep a bar; of the same time the one with more volume stands."""
        for tail in self._tails.get(key, ()):
            tail.rows.append(row)
        with self._condition:
            if len(self._puts) >= _BOUND:
                self._dropped += 1
                return
            self._puts.append((key, row))
            self._condition.notify()

    def settle(self, instrument_id: str, trading_day: str, price: float) -> None:
        """Keep a day's settlement price."""
        with self._condition:
            self._settled.append((instrument_id, trading_day, price))
            self._condition.notify()

    def bars(
        self, key: SeriesKey, count: int, begin: int | None = None, end: int | None = None
    ) -> "Deferred[Past]":
        """Return the newest ``count`` bars of any period, the oldest first.

        Longer bars are made of at most :data:`MOST_MINUTES` minutes; the last of them may lack
        some of its own. The Deferred fails with :class:`BarStoreError` where the disk cannot be
        read.

        :param begin: bars that begin earlier are left out.
        :param end: so are bars that end later.
        """
        return self._ask(lambda file: past_of(file, key, count, begin, end))

    def follow(self, key: SeriesKey) -> Tail:
        """Return what collects the bars of a series that are put from now on."""
        tail = Tail()
        self._tails.setdefault(key, []).append(tail)
        return tail

    def unfollow(self, key: SeriesKey, tail: Tail) -> None:
        """Collect no more of them."""
        tails = self._tails[key]
        tails.remove(tail)
        if not tails:
            del self._tails[key]

    def samples(self) -> Iterator[Sample]:
        """Read the store's figures; called on a scrape."""
        yield figures.WRITTEN.sample(self._written)
        yield figures.DROPPED.sample(self._dropped)
        yield figures.WAITING.sample(len(self._puts))
        yield figures.LIMIT.sample(_BOUND)
        yield figures.WORKS.sample(int(not self._trouble))

    def _ask(self, run: Callable[[BarFile], _T]) -> "Deferred[_T]":
        asked = _Asked(run)
        with self._condition:
            self._asked.append(asked)
            self._condition.notify()
        return asked.done

    def _run(self) -> None:
        while self._wait():
            self.turn()
        self.turn()
        if self._file is not None:
            self._file.close()

    def _wait(self) -> bool:
        """Wait for something to do, in the store's thread; False once it is to stop."""
        with self._condition:
            while not (self._stopping or self._asked):
                now = monotonic()
                if self._trouble and now < self._retry_at:
                    self._condition.wait(self._retry_at - now)
                elif not (self._puts or self._settled or self._file is None):
                    self._condition.wait(max(0.0, self._prune_at - now))
                    if monotonic() >= self._prune_at:
                        break
                else:
                    # What comes within this time goes into the same transaction.
                    self._condition.wait_for(
                        lambda: self._stopping or bool(self._asked), timeout=_INTERVAL
                    )
                    break
            return not self._stopping

    def turn(self) -> None:
        """Write what waits, then answer what was asked before; for the store's thread."""
        with self._condition:
            asked = list(self._asked)
            self._asked.clear()
        try:
            file = self._opened()
            self._write(file)
        except (*DAMAGED, BarStoreError) as problem:
            self._failed(problem)
        for one in asked:
            self._answer(one)

    def _opened(self) -> BarFile:
        if self._file is None:
            self._file = self._open_file(self._path)
            if self._trouble:
                _log.info("bar store: {path} is written again", path=str(self._path))
            self._trouble = ""
        return self._file

    def _write(self, file: BarFile) -> None:
        while self._puts:
            batch = [self._puts[at] for at in range(min(len(self._puts), _A_BATCH))]
            file.put(batch)
            self._written += len(batch)
            for _ in batch:
                self._puts.popleft()
        while self._settled:
            file.settle(*self._settled[0])
            self._settled.popleft()
        now = monotonic()
        if now >= self._prune_at:
            self._prune_at = now + _PRUNE
            if self._days:
                file.prune(int(time()) - self._days * _DAY)

    def _failed(self, problem: Exception) -> None:
        """Close the file after trouble; it is opened again later."""
        file, self._file = self._file, None
        if file is not None:
            file.close()
        self._retry_at = monotonic() + _RETRY
        if str(problem) != self._trouble:
            self._trouble = str(problem)
            _log.error(
                "bar store: {path}: {problem}; bars wait in memory",
                path=str(self._path),
                problem=self._trouble,
            )

    def _answer(self, asked: _Asked) -> None:
        result: Any
        try:
            if self._file is None:
                raise BarStoreError(
                    english("the bar store cannot be read: {problem}", problem=self._trouble)
                )
            result = asked.run(self._file)
        except DAMAGED as problem:
            self._failed(problem)
            result = Failure(BarStoreError(verbatim(problem)))
        except Exception:  # noqa: BLE001 - whoever asked is told
            result = Failure()
        self._reactor.callFromThread(asked.done.callback, result)
