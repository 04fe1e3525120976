"""`twistd webctp`: its command line, its log and the service it runs.

Nothing heavy is imported before the service is made: `twistd webctp --help` answers at once.
"""

import difflib
import os
import sys
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, NoReturn

from twisted.application.service import IService, MultiService
from twisted.copyright import version as twisted_version
from twisted.internet.defer import Deferred
from twisted.logger import ILogObserver, Logger
from twisted.python import usage

from webctp import __version__, coredump
from webctp.config import Config, ConfigError, language_of, load, located
from webctp.language.environment import spoken
from webctp.language.text import NOTHING, Language, Text, english, reason_of
from webctp.lifecycle.supervision import Supervised, Supervision
from webctp.logs import Log
from webctp.nativeoutput import NativeOutput
from webctp.signals import Signals
from webctp.start import CannotStart, exposures, idle_sim, open_to_all, uses_native_library

if TYPE_CHECKING:
    from webctp.serving.reload import Outcome, Reload

_log = Logger()


def _refuse(message: Text, code: int, language: Language) -> NoReturn:
    print(f"webctp: {message.in_language(language)}", file=sys.stderr)
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
        ["port", "p", None, "The port to listen on; wins over Port. 监听端口。"],
    ]

    def parseOptions(self, options: Sequence[str] | None = None) -> None:
        """Parse the command line, or end the process with what is wrong with it."""
        try:
            super().parseOptions(options)
        except usage.UsageError as error:
            message = english(
                "{error}{hint} (twistd webctp --help lists the options)",
                error=error,
                hint=self._hint(options or ()),
            )
            _refuse(message, os.EX_USAGE, spoken())

    def parseArgs(self, *words: str) -> None:
        """Take nothing but options; a configuration is named by one."""
        if words:
            raise usage.UsageError(
                english("{word!r} is no option; did you mean --config {word}?", word=words[0])
            )

    def _hint(self, options: Sequence[str]) -> Text:
        """Name the option that an unknown one is nearly, such as --app-type for --app_type."""
        known = [name.rstrip("=") for name in self.longOpt]
        for option in options:
            name = option.partition("=")[0].removeprefix("--")
            near = difflib.get_close_matches(name, known, n=1)
            if option.startswith("--") and near and name not in known:
                return english("; did you mean {name}?", name=f"--{near[0]}")
        return NOTHING

    def postOptions(self) -> None:
        """Read the configuration and fit twistd's own options to it."""
        try:
            self.config = load(self["config"], self["app-type"], self["port"])
        except ConfigError as error:
            _refuse(reason_of(error), os.EX_CONFIG, language_of(self["config"]))
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


class Application(MultiService):
    """Holds the gateway; gives the application it is put into the log, and answers signals.

    twistd asks its application for a log observer before it makes its own; only --logger goes
    before it.
    """

    def __init__(self, reactor: Any, options: Options) -> None:
        super().__init__()
        self._supervision = Supervision(reactor, options.config.language)
        self._reactor = reactor
        self._options = options
        self._config = options.config
        self._path = os.path.abspath(options["config"])
        self._log: Log | None = None
        self._output = NativeOutput()
        self._reload: Reload
        self._signals = Signals(reactor, self.reload, self._rotate, self._drain)

    def setServiceParent(self, parent: Any) -> None:
        """Join twistd's application."""
        super().setServiceParent(parent)
        if not self._options.parent["logger"]:
            self._log = Log(self._options.parent, self._config)
            parent.setComponent(ILogObserver, self._log.observer)
        self._signals.install()

    def startService(self) -> None:
        """Start the gateway, in the process and as the user that it goes on with."""
        if not self._config.core_dumps:
            coredump.forbid()
        self._supervision.start()
        for daemon in self.services:
            if isinstance(daemon, Supervised):
                daemon.supervise(self._supervision)
        self._signals.started()
        for exposure in exposures(self._path, self._config):
            _log.warn("{line}", line=exposure.line)
        unheeded = idle_sim(self._config)
        if unheeded is not None:
            _log.warn("{line}", line=unheeded)
        open_ports = open_to_all(self._config)
        if open_ports is not None:
            _log.error("OPEN TO THE NETWORK: {line}", line=open_ports.line)
        if self._options.parent["nodaemon"] and uses_native_library(self._config):
            self._hush()
        try:
            super().startService()
        except CannotStart as problem:
            self._output.stop()
            cause = problem.__cause__
            said = reason_of(problem)
            where = located(self._path, cause) if isinstance(cause, ConfigError) else said
            self._give_up(where, said, problem.code)

    def stopService(self) -> "Deferred[Any]":
        """Stop the gateway; the output is what it was from then on."""
        stopping: Deferred[Any] = super().stopService()
        return stopping.addBoth(self._unhush)

    def _hush(self) -> None:
        """Keep the native library's lines for broken connections out of the output.

        In the background that leads nowhere: twistd gives descriptors 1 and 2 to /dev/null.
        """
        try:
            self._output.start()
        except OSError as problem:
            _log.warn("what the CTP library prints stays in the output: {problem}", problem=problem)

    def _unhush(self, result: object) -> object:
        self._output.stop()
        return result

    def _give_up(self, reason: Text, short: Text, code: int) -> NoReturn:
        """End the process, with the reason for whoever started it."""
        _log.critical("cannot start: {reason}", reason=reason)
        pipe = self._options.parent.get("statusPipe")
        if pipe is not None:
            # The process that went to the background has one that waits in the foreground for
            # this, with room for 100 bytes of ASCII; it would wait for ever.
            os.write(pipe, f"1 {short}".encode()[:100])
            os.close(pipe)
        # Not sys.stderr, which by now is the log, too.
        print(f"webctp: {reason.in_language(language_of(self._path))}", file=sys.__stderr__)
        sys.exit(code)

    def reload(self) -> "Deferred[Outcome]":
        """Open the log anew, and take over what the configuration says by now.

        What cannot be used is logged, and everything stays as it was. Fires when all is done.
        """
        if self._log is not None:
            try:
                self._log.reopen()
            except OSError as problem:
                _log.error("the log file cannot be opened anew: {problem}", problem=problem)
        self._supervision.reloading()
        return self._reload().addCallback(self._reloaded)

    def _reloaded(self, outcome: "Outcome") -> "Outcome":
        self._supervision.reloaded()
        return outcome

    def last_lines(self) -> list[str]:
        """Return the last lines of the log; none where it is somebody else's (``--logger``)."""
        return [] if self._log is None else self._log.last_lines

    def serve(self, daemon: Any) -> None:
        """Run the gateway itself."""
        from webctp.serving.reload import Reload
        from webctp.upstream.session.apiqueue import reactor_threads

        options, in_thread = self._options, reactor_threads(self._reactor)
        read = partial(load, self._path, options["app-type"], options["port"])
        self._reload = Reload(self._config, read, in_thread, daemon, self._taken)
        daemon.setServiceParent(self)

    def _taken(self, config: Config) -> None:
        if self._log is not None:
            self._log.take_settings(config)

    def _drain(self, then: Callable[[], object]) -> None:
        """End in good order, then stop the process; asked again, at once."""
        (daemon,) = self.services
        if isinstance(daemon, Supervised):
            daemon.drain(then)
        else:
            then()

    def _rotate(self) -> bool:
        return self._log is not None and self._log.rotate()


def makeService(options: Options) -> IService:
    """Return the gateway that the options describe, for twistd to start."""
    from twisted.internet import reactor

    from webctp.clock import count_monotonically
    from webctp.daemon import Daemon

    count_monotonically(reactor)
    service = Application(reactor, options)
    try:
        service.serve(Daemon(reactor, options.config))
    except ConfigError as error:
        path = options["config"]
        _refuse(located(path, error), os.EX_CONFIG, language_of(path))
    return service
