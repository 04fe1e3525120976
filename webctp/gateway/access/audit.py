"""Who did what, when, from where: one JSON line each, in files that are only added to.

Whoever acts hands over a tuple; a thread encodes and writes. The reactor never waits for the disk,
and what is in no line because the disk takes none is counted and said.
"""

import errno
import os
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, Final

import msgspec
from twisted.internet.defer import Deferred, succeed
from twisted.internet.interfaces import IDelayedCall, IReactorTime
from twisted.logger import Logger
from twisted.python.failure import Failure

from webctp.clock import Wall
from webctp.ctp.catalog import Method
from webctp.gateway.access.grants import CANCELS
from webctp.gateway.access.linelimit import LineLimit
from webctp.gateway.access.principal import Scope
from webctp.gateway.access.scopes import trading_scope
from webctp.gateway.messages.schema import Request
from webctp.language.text import Text, english
from webctp.metrics import Kind, Metric, Sample
from webctp.secret import mask_tokens
from webctp.upstream.session.apiqueue import InThread

_log = Logger()

MOST_WAITING: Final = 100_000
"""Lines that wait for the disk; what comes beyond is dropped and counted."""
MOST_REFUSALS: Final = 600
"""Lines of refusals in a minute; each says how many it stands for, and a flood fills no disk."""
_AGAIN: Final = 1.0
"""Seconds until a disk that has refused lines is tried again."""
ORDER_FIELDS: Final = (
    *("InvestorID", "InstrumentID", "ExchangeID", "Direction", "CombOffsetFlag", "LimitPrice"),
    *("VolumeTotalOriginal", "OrderRef", "OrderSysID", "FrontID", "SessionID", "ActionFlag"),
    *("QuoteRef", "QuoteSysID", "ParkedOrderID"),
)
"""Fields of orders and cancellations that are kept; none is a secret."""
_LIMIT: Final = Metric(
    "webctp_audit_lines_waiting_limit",
    Kind.GAUGE,
    "Lines of the audit log that may wait for its disk; more are lost.",
    "可等待写入磁盘的审计日志行数上限；超出者丢失。",
)
_WAITING: Final = Metric(
    "webctp_audit_lines_waiting",
    Kind.GAUGE,
    "Lines of the audit log that wait for its disk.",
    "等待写入磁盘的审计日志行数。",
)
_LOST: Final = Metric(
    "webctp_audit_lines_dropped_total",
    Kind.COUNTER,
    "Lines of the audit log that are lost because its disk took none for too long.",
    "因磁盘长期不接受写入而丢失的审计日志行数。",
)
_HEALTHY: Final = Metric(
    "webctp_audit_healthy",
    Kind.GAUGE,
    "Whether the disk takes what the audit log writes: 1 or 0.",
    "磁盘是否接受审计日志的写入：1 或 0。",
)
_json: Final = msgspec.json.Encoder(enc_hook=str).encode


class Act(StrEnum):
    """What a line is of."""

    LOGIN = "login"
    ORDER = "order"
    CANCEL = "cancel"
    CONDITIONAL = "conditional"
    """A conditional order was entered or cancelled, or something has come of it."""
    ACCOUNT = "account"
    """A transfer, a change of a password, and the like."""
    REFUSAL = "refusal"
    KILL = "kill"
    TOKEN = "token"
    ADMIN = "admin"
    DROPPED = "dropped"
    """Lines that were lost: the disk took none."""


_Line = tuple[float, Act, Mapping[str, Any]]


class AuditLog:
    """Add lines to a file. Used in the reactor's thread; the disk is left to another.

    :param in_thread: runs what may wait for the disk.
    :param path: the file; one that is full, or of another day (UTC), is put aside as
        ``PATH.20261127-1``.
    :param most: bytes of a file.
    :param days: how long files put aside are kept; 0 for ever.
    """

    def __init__(
        self,
        clock: IReactorTime,
        in_thread: InThread,
        wall: Wall,
        path: Path,
        most: int,
        days: int,
    ) -> None:
        self._clock = clock
        self._in_thread = in_thread
        self._wall = wall
        self._file = _File(path, most, days)
        self._waiting: deque[_Line] = deque()
        self._dropped = self._lost = 0
        self._call: IDelayedCall | None = None
        self._writing: Deferred[Any] | None = None
        self._is_failing = False
        self._refusals = LineLimit(clock, MOST_REFUSALS)

    def record(self, act: Act, who: str, address: str, account: str = "", **fields: Any) -> None:
        """Add a line: who did what, from where, for which account.

        :param who: the principal's name; empty where nobody has to say.
        :param fields: more, by CTP's names where it has them; no secret.
        """
        if len(self._waiting) >= MOST_WAITING:
            self._dropped += 1
            self._lost += 1
            return
        told = {"who": who, "address": address, "account": account, **fields}
        self._waiting.append((self._wall(), act, told))
        if self._call is None and self._writing is None:
            self._call = self._clock.callLater(0, self._write)

    def refused(
        self, who: str, address: str, account: str, request: str, code: int, detail: Text
    ) -> None:
        """Add a line of a refusal, unless there were too many within the minute."""
        for count in self._refusals.take():
            self.record(
                Act.REFUSAL,
                who,
                address,
                account,
                Request=request,
                ErrorID=code,
                Detail=detail.recorded(),
                Count=count,
            )

    def samples(self) -> Iterator[Sample]:
        """Read how the disk keeps up; called on a scrape."""
        yield _HEALTHY.sample(not self._is_failing)
        yield _WAITING.sample(len(self._waiting))
        yield _LIMIT.sample(MOST_WAITING)
        yield _LOST.sample(self._lost)

    def close(self) -> "Deferred[Any]":
        """Write what waits; fires when that is done or has failed."""
        if self._call is not None and self._call.active():
            self._call.cancel()
            self._call = None
        first = self._writing or succeed(None)
        return first.addCallback(lambda _: self._in_thread(self._file.add, self._taken()))

    def _taken(self) -> list[_Line]:
        lines = list(self._waiting)
        self._waiting.clear()
        if self._dropped:
            lines.append((self._wall(), Act.DROPPED, {"Count": self._dropped}))
            self._dropped = 0
        return lines

    def _write(self) -> None:
        self._call = None
        lines = self._taken()
        if not lines:
            return
        writing: Deferred[Any] = self._in_thread(self._file.add, lines)
        self._writing = writing

        def written(_: object) -> None:
            self._writing = None
            if self._is_failing:
                self._is_failing = False
                _log.info("the audit log is written again")
            if self._waiting:
                self._call = self._clock.callLater(0, self._write)

        def failed(failure: Failure) -> None:
            failure.trap(OSError)
            self._writing = None
            self._waiting.extendleft(reversed(lines))
            if not self._is_failing:
                self._is_failing = True
                _log.error("the audit log cannot be written: {why}", why=failure.getErrorMessage())
            self._call = self._clock.callLater(_AGAIN, self._write)

        writing.addCallbacks(written, failed)


class AuditedRequests:
    """A check that refuses nothing: notes orders, cancellations, transfers, passwords.

    :param account: says who is logged in.
    """

    def __init__(self, audit: AuditLog, who: str, address: str, account: Callable[[], str]) -> None:
        self._audit = audit
        self._who = who
        self._address = address
        self._account = account

    def refusal(self, request: Request) -> None:
        """See :class:`~webctp.gateway.access.grants.RequestCheck`."""
        method = request.method
        act = _act_of(method)
        if act is None:
            return
        body = request.body
        fields: dict[str, Any] = {name: body[name] for name in ORDER_FIELDS if name in body}
        given = request.options.get("ClientOrderID")
        if given:
            fields["ClientOrderID"] = given
        account = self._account()
        self._audit.record(act, self._who, self._address, account, Request=method.name, **fields)


@cache
def _act_of(method: Method) -> Act | None:
    """Return what a request is, for the log; None for what is not noted."""
    if method.is_order:
        return Act.CANCEL if method.name.endswith(CANCELS) else Act.ORDER
    return Act.ACCOUNT if trading_scope(method) is Scope.ACCOUNT else None


class _File:
    """The file itself. Used in one thread at a time."""

    def __init__(self, path: Path, most: int, days: int) -> None:
        self._path = path
        self._most = most
        self._days = days
        self._day: date | None = None
        """Of the last line; as the file's time says before the first."""

    def add(self, lines: list[_Line]) -> None:
        """Append lines; blocks.

        :raises OSError: if they cannot be written; then none is.
        """
        if not lines:
            return
        content = mask_tokens(b"".join(map(_encoded, lines)))
        self._path.parent.mkdir(parents=True, exist_ok=True)
        today = datetime.fromtimestamp(lines[-1][0], UTC).date()
        self._rotate(today, len(content))
        descriptor = os.open(
            self._path,
            # To open a FIFO that nobody reads would wait, for ever.
            os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NONBLOCK,
            0o600,
        )
        try:
            before = os.fstat(descriptor).st_size
            written = os.write(descriptor, content)
            if written < len(content):
                os.ftruncate(descriptor, before)
                raise OSError(errno.ENOSPC, english("the disk is full"))
        finally:
            os.close(descriptor)
        self._day = today

    def _rotate(self, today: date, more: int) -> None:
        """Put the file aside if it is of another day, or would be too long."""
        try:
            stat = self._path.stat()
        except FileNotFoundError:
            return
        day = self._day or datetime.fromtimestamp(stat.st_mtime, UTC).date()
        if not stat.st_size or (day == today and stat.st_size + more <= self._most):
            return
        number = 1
        while (aside := Path(f"{self._path}.{day:%Y%m%d}-{number}")).exists():
            number += 1
        self._path.rename(aside)
        if self._days:
            for old in put_aside(self._path):
                if today - _day_of(old) > timedelta(days=self._days):
                    old.unlink()


def _day_of(aside: Path) -> date:
    day = aside.name.rpartition(".")[2].partition("-")[0]
    return datetime.strptime(day, "%Y%m%d").replace(tzinfo=UTC).date()


def put_aside(path: Path) -> list[Path]:
    """Return the files that were put aside, oldest first."""

    def age(one: Path) -> tuple[str, int]:
        day, _, number = one.name.removeprefix(f"{path.name}.").partition("-")
        return day, int(number)

    pattern = f"{path.name}.[0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9]-[0-9]*"
    return sorted(path.parent.glob(pattern), key=age)


def utc(moment: float) -> str:
    """Return a moment, in seconds since 1970, as the lines have it."""
    when = datetime.fromtimestamp(moment, UTC).isoformat(timespec="microseconds")
    return f"{when[:-6]}Z"


def _encoded(line: _Line) -> bytes:
    moment, act, told = line
    return _json({"time": utc(moment), "act": act, **told}) + b"\n"
