"""The log: where twistd's options send it, from which level on, and its file on disk."""

import os
import stat
import sys
from contextlib import redirect_stdout
from typing import Any, Final

from twisted.logger import (
    FilteringLogObserver,
    ILogObserver,
    LegacyLogObserverWrapper,
    LogEvent,
    LogLevel,
    LogLevelFilterPredicate,
    textFileLogObserver,
)
from twisted.python import threadable
from twisted.python.logfile import LogFile
from twisted.scripts._twistd_unix import UnixAppLogger
from zope.interface import implementer

from webctp.config import Config
from webctp.language.catalogue import chinese
from webctp.language.text import Language, said

LEVELS: Final = {
    "NOTSET": LogLevel.debug,
    "DEBUG": LogLevel.debug,
    "INFO": LogLevel.info,
    "WARN": LogLevel.warn,
    "ERROR": LogLevel.error,
    "CRITICAL": LogLevel.critical,
}
"""Twisted's level for each LogLevel of the configuration; NOTSET holds nothing back."""

_MODE: Final = 0o600


class _File(LogFile):
    """A log file for its owner alone, rotated by size, that can be opened anew.

    A file that its operator has opened to a group stays so; others never read it.
    """

    synchronized = ["reopen", "rotate"]  # noqa: RUF012 - as Twisted has it

    def _openFile(self) -> None:
        if os.path.exists(self.path):
            self.defaultMode = stat.S_IMODE(os.stat(self.path).st_mode) & 0o770 | _MODE
        super()._openFile()

    def rotate(self) -> None:
        """Put the file aside and begin another; if that fails, go on with the one there is."""
        try:
            super().rotate()
        except OSError:
            if self._file.closed:
                self._openFile()
        # Tried again when as much has come again, not with each line.
        self.size = 0

    def reopen(self) -> None:
        """Open the path anew, as after ``logrotate``.

        :raises OSError: if that cannot be done; the old file stays in use.
        """
        old, size = self._file, self.size
        try:
            self._openFile()
        except OSError:
            self._file, self.size = old, size
            raise
        old.close()


threadable.synchronize(_File)


def _own_stdout() -> Any:
    """Return standard output by a descriptor of the log's own, where it has one.

    Descriptor 1 is what the native library prints to; see :mod:`webctp.nativeoutput`.
    """
    stdout: Any = sys.stdout
    try:
        own = os.dup(stdout.fileno())
    except (AttributeError, OSError, ValueError):
        return stdout
    return open(own, "w", encoding=stdout.encoding, errors=stdout.errors)


@implementer(ILogObserver)
class Translating:
    """Passes events on with their format, and the sentences among their fields, in a language.

    Lines of Twisted and of other libraries stay as they are.
    """

    def __init__(self, observer: ILogObserver, language: Language) -> None:
        self._observer = observer
        self._language = language

    def __call__(self, event: LogEvent) -> None:
        """Take an event; it is not changed, for others observe it, too."""
        shown = {name: said(value, self._language) for name, value in event.items()}
        template = event.get("log_format")
        if template is not None:
            shown["log_format"] = chinese().get(template, template)
        self._observer(shown)


class Log:
    """What twistd's options ask for, less the events below the configuration's ``LogLevel``.

    twistd has no level of its own, and its log files have neither a bound nor a mode. To syslog
    and standard output its own code writes, with a filter in front.
    """

    def __init__(self, twistd: Any, config: Config) -> None:
        self._file: _File | None = None
        name = twistd["logfile"]
        if name and name != "-" and not twistd["syslog"]:
            self._file = _File.fromFullPath(
                name,
                rotateLength=config.log_file_bytes,
                defaultMode=_MODE,
                maxRotatedFiles=config.log_file_count,
            )
            file: Any = self._file
            written: Any = textFileLogObserver(file)
        else:
            with redirect_stdout(_own_stdout()):
                made = UnixAppLogger(twistd)._getLogObserver()
            written = made if ILogObserver.providedBy(made) else LegacyLogObserverWrapper(made)
        if config.language != "en":
            written = Translating(written, config.language)
        self._predicate = LogLevelFilterPredicate()
        self.set_level(config.log_level)
        self.observer = FilteringLogObserver(written, [self._predicate])

    def set_level(self, level: str) -> None:
        """Hold back events below a LogLevel of the configuration."""
        least = LEVELS[level]
        self._predicate.setLogLevelForNamespace("", least)
        # Autobahn's debug events carry whole messages, and those carry passwords. It warns of what
        # clients do, several lines for each connection: strangers could fill the disk with them.
        self._predicate.setLogLevelForNamespace("autobahn", LogLevel.critical)

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
