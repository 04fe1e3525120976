"""Record what a market-data front sends, off every thread that matters.

The callback thread only puts a copy of the tick's bytes and the time into a queue; a thread of
the recorder's own turns them into rows and writes those, a few at a time, so that it never holds
the interpreter for long. The queue is bounded: when the disk is full or too slow, ticks are
counted instead of kept, and serving goes on.
"""

import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from pathlib import Path
from time import monotonic, time_ns
from typing import Any, Final

from twisted.logger import Logger

from webctp.ctp import binding
from webctp.ctp.bridge import CallbackEvent, FromThread, TickBridge
from webctp.exchanges.tickdays import TickDays
from webctp.language.text import english
from webctp.metrics import Kind, Metric, Sample
from webctp.recording.errors import TickFileError
from webctp.recording.rows import TICK, RowFormat, Tick
from webctp.recording.tickfile import UNDATED, TickWriter, writer

_BOUND: Final = 65_536
"""Ticks that may wait: about 40 MB."""
_INTERVAL: Final = 0.2
"""Seconds between two writes."""
_CHUNK: Final = 64
"""Ticks made into rows at a time: under half a millisecond of the interpreter."""
_RETRY: Final = 5.0
"""Seconds until a file that could not be written is tried again."""
_OPEN: Final = 4
"""Files kept open: when a day begins, stale ticks of days before come between its own."""

_log = Logger()

_WRITTEN: Final = Metric(
    "webctp_recorder_ticks_written",
    Kind.GAUGE,
    "Ticks written to recordings since the start; those of a file that was given up are taken off.",
    "启动以来已写入录制文件的行情数；放弃的文件中的行情从中减去。",
)
_DROPPED: Final = Metric(
    "webctp_recorder_ticks_dropped_total",
    Kind.COUNTER,
    "Ticks that were not recorded: the disk was full, or too slow.",
    "因磁盘已满或过慢而未录制的行情数。",
)
_LIMIT: Final = Metric(
    "webctp_recorder_ticks_waiting_limit",
    Kind.GAUGE,
    "Ticks that may wait to be written; what comes beyond is not recorded.",
    "可等待写入的行情数上限；超出者不录制。",
)
_WAITING: Final = Metric(
    "webctp_recorder_ticks_waiting",
    Kind.GAUGE,
    "Ticks that wait to be written.",
    "等待写入录制文件的行情数。",
)
_WORKS: Final = Metric(
    "webctp_recorder_up",
    Kind.GAUGE,
    "Whether recording works: 1 or 0; /readyz says why not.",
    "录制是否正常：1 或 0；原因见 /readyz。",
)

Record = Callable[[bytes], None]
"""Takes a tick's bytes; must not wait."""


class RecordingBridge(TickBridge):
    """Give every tick to ``record`` before any can be passed over; else as its base class."""

    def __init__(
        self,
        reactor: FromThread,
        deliver: Callable[[Iterable[CallbackEvent]], object],
        instrument: slice,
        record: Record,
    ) -> None:
        super().__init__(reactor, deliver, instrument)
        self._record = record

    def put_tick(self, event: CallbackEvent) -> None:
        """Record a tick, then queue it; the native thread of one front calls this."""
        if event.body is not None:
            self._record(event.body)
        super().put_tick(event)


class Recorder:
    """Write ticks into files by trading day, in the formats of :mod:`webctp.recording.tickfile`.

    :param folder: where the files lie; made when missing.
    :param kind: ``csv`` or ``parquet``.
    :param clock: the time of reception in nanoseconds since 1970; asked on the callback thread.
    :param bound: how many ticks may wait to be written.
    :param now: seconds, for the time between two tries.
    :raises TickFileError: if the format needs what is not installed.
    """

    def __init__(
        self,
        folder: str,
        kind: str,
        *,
        clock: Callable[[], int] = time_ns,
        bound: int = _BOUND,
        now: Callable[[], float] = monotonic,
    ) -> None:
        if kind == "parquet":
            from webctp.recording.parquet import pyarrow

            pyarrow()
        self._folder = Path(folder)
        self._kind = kind
        self._clock = clock
        self._bound = bound
        self._now = now
        layout = binding.load().market_codec.layout(TICK)
        self._day_at, self._time_at, self._name_at = (
            slice(layout.by_name[name].offset, layout.by_name[name].offset + size)
            for name, size in (("TradingDay", 8), ("UpdateTime", 8), ("InstrumentID", 31))
        )
        self._days = TickDays()
        self._rows = RowFormat(layout)
        self._ticks: deque[Tick] = deque()
        self._files: dict[str, TickWriter] = {}
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._retry_at: float | None = None
        self._reason = ""
        self._told = 0
        self._overflowed = 0  # counted on the callback thread,
        self._lost = 0  # and this on the recorder's own
        self.written = 0

    @property
    def dropped(self) -> int:
        """Return how many ticks were not recorded."""
        return self._overflowed + self._lost

    def put(self, body: bytes) -> None:
        """Take a tick; never waits. On the callback thread of one front."""
        if len(self._ticks) >= self._bound:
            self._overflowed += 1
        else:
            self._ticks.append(Tick(self._clock(), body))

    def status(self) -> dict[str, Any]:
        """Return for ``/readyz``: whether it works (``ok``), why not, ticks written and dropped."""
        return {
            "ok": not self._reason,
            "reason": self._reason,
            "written": self.written,
            "dropped": self.dropped,
        }

    def samples(self) -> Iterator[Sample]:
        """Read the recorder's figures; called on a scrape, in the reactor's thread."""
        yield _WRITTEN.sample(self.written)
        yield _DROPPED.sample(self.dropped)
        yield _WAITING.sample(len(self._ticks))
        yield _LIMIT.sample(self._bound)
        yield _WORKS.sample(not self._reason)

    def start(self) -> None:
        """Start the thread."""
        self._stopping.clear()
        self._thread = threading.Thread(target=self._run, name="recorder", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Write what waits, close the files. Blocks: not for the reactor's thread."""
        thread, self._thread = self._thread, None
        if thread is not None:
            self._stopping.set()
            thread.join()

    def work(self) -> None:
        """Write what waits now. What the thread does; never raises."""
        if self._retry_at is not None and self._now() < self._retry_at:
            return
        try:
            while chunk := self._chunk():
                self._write(chunk)
            self._close_full()
        except (OSError, TickFileError) as problem:
            self._failed(problem)
            return
        self._worked()

    def close(self) -> None:
        """Write what waits and close the files; what cannot be written then is lost and told."""
        self._retry_at = None
        self.work()
        for day in list(self._files):
            try:
                self._close(day)
            except OSError as problem:
                self._failed(problem)
        if self._ticks:
            self._lost += len(self._ticks)
            self._ticks.clear()
        self._tell_dropped()

    # The thread

    def _run(self) -> None:
        try:
            while not self._stopping.wait(_INTERVAL):
                self.work()
            self.close()
        except Exception:  # noqa: BLE001 - the last resort of the thread
            self._reason = english("the recorder has stopped over an error; see the log")
            _log.failure("the recorder has stopped")

    def _chunk(self) -> list[Tick]:
        """Return the next ticks, which stay in the queue until they are written."""
        ticks = self._ticks
        return [ticks[place] for place in range(min(_CHUNK, len(ticks)))]

    def _write(self, chunk: list[Tick]) -> None:
        for day, ticks in groupby(chunk, self._day_of):
            together = list(ticks)
            self._file(day).write(together)
            self.written += len(together)
            for _ in together:
                self._ticks.popleft()

    def _day_of(self, tick: Tick) -> str:
        """Return the trading day, or what stands for it: no file is named by a front unchecked."""
        raw = tick.raw
        day = self._days.of(
            raw[self._day_at], raw[self._time_at], raw[self._name_at], tick.received
        )
        return UNDATED if day is None else f"{day:%Y%m%d}"

    def _file(self, day: str) -> TickWriter:
        known = self._files.get(day)
        if known is None:
            self._folder.mkdir(parents=True, exist_ok=True)
            for oldest in list(self._files)[: len(self._files) + 1 - _OPEN]:
                self._close(oldest)
            known = self._files[day] = writer(self._folder, day, self._kind, self._rows)
        return known

    def _close_full(self) -> None:
        for day in [day for day, file in self._files.items() if file.full]:
            self._close(day)

    def _close(self, day: str) -> None:
        self._files[day].close()
        del self._files[day]

    # What goes wrong

    def _failed(self, problem: Exception) -> None:
        """Give up the open files: they are opened anew at the next try."""
        for day in list(self._files):
            lost = self._files.pop(day).abandon()
            self.written -= lost
            self._lost += lost
        self._retry_at = self._now() + _RETRY
        reason = f"{self._folder}: {getattr(problem, 'strerror', None) or problem}"
        if reason != self._reason:
            self._reason = reason
            _log.critical("recording has stopped: {reason}; serving goes on", reason=reason)

    def _worked(self) -> None:
        self._retry_at = None
        if self._reason:
            self._reason = ""
            _log.info("recording again")
        self._tell_dropped()

    def _tell_dropped(self) -> None:
        """Log how many ticks were not recorded: one line for an outage, when it is over."""
        dropped = self.dropped
        if dropped > self._told:
            _log.warn("{count} ticks were not recorded", count=dropped - self._told)
            self._told = dropped
