"""`twistd webctp`: its command line, its log and the service it runs.

Nothing heavy is imported before the service is made: `twistd webctp --help` answers at once.
"""

import os
import sys
from collections.abc import Sequence
from typing import Any, NoReturn

from twisted.application.service import IService, MultiService
from twisted.copyright import version as twisted_version
from twisted.logger import (
    FilteringLogObserver,
    ILogObserver,
    LegacyLogObserverWrapper,
    LogLevel,
    LogLevelFilterPredicate,
)
from twisted.python import usage
from twisted.scripts._twistd_unix import UnixAppLogger

from webctp import __version__
from webctp.config import Config, ConfigError, load

#: Twisted's level for each LogLevel of the configuration; NOTSET holds nothing back.
LOG_LEVELS = {
    "NOTSET": LogLevel.debug,
    "DEBUG": LogLevel.debug,
    "INFO": LogLevel.info,
    "WARN": LogLevel.warn,
    "ERROR": LogLevel.error,
    "CRITICAL": LogLevel.critical,
}


def _refuse(message: str, code: int) -> NoReturn:
    print(f"webctp: {message}", file=sys.stderr)
    sys.exit(code)


class Options(usage.Options):
    """The options after `twistd webctp`; `config` is the configuration they lead to.

    A mistake ends the process with one line on stderr, and with the exit code that sysexits.h
    has for it: 64 for the command line, 78 for the configuration.
    """

    config: Config
    parent: Any  # twistd's own options; there always are some, this being its sub-command

    synopsis = "[options]"
    longdesc = (
        "Serves CTP, the trading API of China's futures markets, over WebSocket and JSON. "
        "以 WebSocket + JSON 提供 CTP 交易与行情服务。"
    )
    optParameters = [  # noqa: RUF012 - the form in which Twisted wants it
        ["config", "c", "config.yaml", "The configuration file. 配置文件。"],
        ["app-type", "t", None, "What to serve: td, md or both; wins over AppType. 服务类型。"],
    ]

    def parseOptions(self, options: Sequence[str] | None = None) -> None:
        """Parse the command line, or end the process with what is wrong with it."""
        try:
            super().parseOptions(options)
        except usage.UsageError as error:
            _refuse(f"{error} (twistd webctp --help lists the options)", os.EX_USAGE)

    def postOptions(self) -> None:
        """Read the configuration and fit twistd's own options to it."""
        try:
            self.config = load(self["config"], self["app-type"])
        except ConfigError as error:
            _refuse(str(error), os.EX_CONFIG)
        twistd = self.parent
        # Two gateways run from one directory: neither a pid file nor a log file may be shared.
        # A pid file is kept when one is asked for by another name than twistd's own.
        if twistd["pidfile"] == twistd.defaults["pidfile"]:
            twistd["pidfile"] = ""
        if not twistd["nodaemon"] and not twistd["logfile"] and not twistd["syslog"]:
            twistd["logfile"] = f"webctp-{self.config.app_type}.log"

    def opt_version(self) -> None:
        """Print the versions of webctp and Twisted, and exit."""
        print(f"webctp {__version__}, Twisted {twisted_version}")
        sys.exit(0)


def log_observer(twistd: Any, level: str) -> FilteringLogObserver:
    """Return the log observer that twistd's options ask for, less the events below `level`.

    twistd has no log level of its own. What it would log to (--logfile, --syslog or standard
    output) is made by its own code, and given back to it with a filter in front.
    """
    made = UnixAppLogger(twistd)._getLogObserver()
    observer = made if ILogObserver.providedBy(made) else LegacyLogObserverWrapper(made)
    predicate = LogLevelFilterPredicate(defaultLogLevel=LOG_LEVELS[level])
    # Autobahn's debug events carry whole messages, and those carry passwords.
    predicate.setLogLevelForNamespace("autobahn", max(LOG_LEVELS[level], LogLevel.info))
    return FilteringLogObserver(observer, [predicate])


class Application(MultiService):
    """Holds the gateway, and gives the application it is put into the log observer.

    twistd asks its application for one before it makes its own; only --logger goes before it.
    """

    def __init__(self, options: Options) -> None:
        super().__init__()
        self._options = options

    def setServiceParent(self, parent: Any) -> None:
        """Join twistd's application."""
        super().setServiceParent(parent)
        if not self._options.parent["logger"]:
            observer = log_observer(self._options.parent, self._options.config.log_level)
            parent.setComponent(ILogObserver, observer)


def makeService(options: Options) -> IService:
    """Return the gateway that the options describe, for twistd to start."""
    from twisted.internet import reactor

    from webctp.clock import count_monotonically
    from webctp.daemon import Daemon

    count_monotonically(reactor)
    service = Application(options)
    try:
        Daemon(reactor, options.config).setServiceParent(service)
    except ConfigError as error:
        _refuse(f"{options['config']}: {error}", os.EX_CONFIG)
    return service
