"""Where the log goes: twistd's options and the configuration put together."""

import os
import sys
import syslog
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any, Final

from twisted.logger import (
    FilteringLogObserver,
    ILogObserver,
    LogEvent,
    LogLevel,
    LogLevelFilterPredicate,
)
from zope.interface import implementer

from webctp.config import Config
from webctp.config.process import ProcessSettings
from webctp.language.text import Language
from webctp.logs.file import MODE, OwnLogFile
from webctp.logs.lines import FORMATS
from webctp.secret import hide_tokens

LEVELS: Final = {
    "NOTSET": LogLevel.debug,
    "DEBUG": LogLevel.debug,
    "INFO": LogLevel.info,
    "WARN": LogLevel.warn,
    "ERROR": LogLevel.error,
    "CRITICAL": LogLevel.critical,
}
"""Twisted's level for each LogLevel of the configuration; NOTSET holds nothing back."""

LAST_LINES: Final = 500
"""Lines that are kept in memory, for administrators."""
_LONGEST_KEPT: Final = 4096
"""Characters that are kept of each."""


def _own_stdout() -> Any:
    """Return standard output by a descriptor of the log's own, where it has one.

    Descriptor 1 is what the native library prints to; see :mod:`webctp.nativeoutput`.
    """
    stdout: Any = sys.stdout
    try:
        own = os.dup(stdout.fileno())
    except (AttributeError, OSError, ValueError):
        return stdout
    return open(own, "w", encoding=stdout.encoding, errors="backslashreplace")


@implementer(ILogObserver)
class Lines:
    """Makes a line of each event, writes it, and keeps the last ones in memory; any thread.

    :param make: a line of :data:`webctp.logs.lines.FORMATS`.
    :param write: takes a line and its level.
    """

    def __init__(
        self,
        make: Callable[[LogEvent, Language], str | None],
        language: Language,
        write: Callable[[str, Any], object],
    ) -> None:
        self._make = make
        self._language = language
        self._write = write
        self.last: deque[str] = deque(maxlen=LAST_LINES)
        """The last lines, oldest first."""

    def take_format(self, make: Callable[[LogEvent, Language], str | None]) -> None:
        """Make other lines from now on; those that are kept stay as they are."""
        self._make = make

    def __call__(self, event: LogEvent) -> None:
        """Take an event; it is not changed, for others observe it, too."""
        line = self._make(event, self._language)
        if line is not None:
            line = hide_tokens(line)
            self.last.append(line.rstrip("\n")[:_LONGEST_KEPT])
            self._write(line, event.get("log_level"))


class Log:
    """What twistd's options ask for, less the events below the configuration's levels.

    twistd has no level of its own, and its log files have neither a bound nor a mode.

    :ivar observer: for twistd's application.
    """

    def __init__(self, twistd: Any, config: Config) -> None:
        self._file: OwnLogFile | None = None
        self._format = config.log_format
        lines = Lines(FORMATS[config.log_format], config.language, self._writer(twistd, config))
        self._lines = lines
        self._predicate = LogLevelFilterPredicate()
        self.take_settings(config)
        self.observer = FilteringLogObserver(lines, [self._predicate])

    @property
    def last_lines(self) -> list[str]:
        """The last lines, oldest first, as they were written."""
        return list(self._lines.last)

    def take_settings(self, settings: ProcessSettings) -> None:
        """Take other levels, and another format."""
        self._format = settings.log_format
        self._lines.take_format(FORMATS[settings.log_format])
        self.set_levels(settings.log_level, settings.log_levels)

    def set_levels(self, level: str, rooms: Mapping[str, str]) -> None:
        """Hold back events below a LogLevel of the configuration.

        :param rooms: levels of single namespaces, and of what is below them.
        """
        predicate = self._predicate
        predicate.clearLogLevels()
        predicate.setLogLevelForNamespace("", LEVELS[level])
        for room, own in rooms.items():
            predicate.setLogLevelForNamespace(room, LEVELS[own])
        # Autobahn's debug events carry whole messages, and those carry passwords. It warns of what
        # clients do, several lines for each connection: strangers could fill the disk with them.
        predicate.setLogLevelForNamespace("autobahn", LogLevel.critical)

    def reopen(self) -> None:
        """Open the log's file anew, where there is one.

        :raises OSError: if that cannot be done; the old file stays in use.
        """
        if self._file is not None:
            self._file.reopen()

    def rotate(self) -> bool:
        """Put the log's file aside and begin another; whether that was done."""
        if self._file is None:
            return False
        self._file.rotate()
        return os.stat(self._file.path).st_size == 0

    def _writer(self, twistd: Any, config: Config) -> Callable[[str, Any], object]:
        """Return what writes a line to where twistd's options say."""
        if twistd["syslog"]:
            return _to_syslog(twistd["prefix"], lambda: self._format == "text")
        name = twistd["logfile"]
        if name and name != "-":
            file = self._file = OwnLogFile.fromFullPath(
                name,
                rotateLength=config.log_file_bytes,
                defaultMode=MODE,
                maxRotatedFiles=config.log_file_count,
            )
            return lambda line, _: file.write(line)
        return _to_stream(_own_stdout())


def _to_stream(stream: Any) -> Callable[[str, Any], object]:
    def write(line: str, _: Any) -> None:
        stream.write(line)
        stream.flush()

    return write


_PRIORITIES: Final = {
    LogLevel.debug: syslog.LOG_DEBUG,
    LogLevel.info: syslog.LOG_INFO,
    LogLevel.warn: syslog.LOG_WARNING,
    LogLevel.error: syslog.LOG_ERR,
    LogLevel.critical: syslog.LOG_CRIT,
}


def _to_syslog(prefix: str, timed: Callable[[], bool]) -> Callable[[str, Any], object]:
    """Return what writes to syslog, by the priority of each level.

    :param timed: returns whether lines begin with a time, which syslog has itself.
    """
    syslog.openlog(prefix)

    def write(line: str, level: Any) -> None:
        told = line.partition(" ")[2] if timed() else line
        for one in told.rstrip("\n").split("\n"):
            syslog.syslog(_PRIORITIES.get(level, syslog.LOG_INFO), one)

    return write
