"""`twistd webctp`: its options in this process, and twistd itself in processes of its own."""

import os
import subprocess
import sys
import syslog
import time
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

from twisted.application.service import Service
from twisted.logger import FilteringLogObserver, LogLevel
from twisted.scripts._twistd_unix import ServerOptions
from twisted.trial.unittest import SynchronousTestCase

from webctp import __version__, tap
from webctp.logs import Log
from webctp.signals import Signals

ROOT = Path(__file__).resolve().parent.parent
CONFIG = "TdFrontAddress: sim://\nMdFrontAddress: sim://\n"
HEAVY = ("openctp_ctp", "autobahn", "msgspec", "OpenSSL", "cryptography", "webctp.daemon")
PATIENCE = 60  # seconds until a process that says nothing is taken for lost

#: Stands in for the gateway in processes started here, from a sitecustomize module: says at every
#: level that it is up, and ends when a file named `end` appears.
STAND_IN = """
import os, sys, types
from twisted.application.service import MultiService
from twisted.logger import Logger, LogLevel

class Daemon(MultiService):
    def __init__(self, reactor, config):
        super().__init__()
        if "refuse" in os.environ:
            from webctp.config import ConfigError
            keys = tuple(filter(None, os.environ["refuse"].split(".")))
            raise ConfigError("found one, wanted the other", keys)
        self.reactor, self.config = reactor, config
        reactor.callWhenRunning(self.look)

    def startService(self):
        for name in ("webctp", "autobahn.websocket"):
            for level in LogLevel.iterconstants():
                Logger(name).emit(level, "[{name} {says} {kind}]",
                                  name=name, says=level.name, kind=self.config.app_type)
        super().startService()

    def look(self):
        if os.path.exists("end"):
            self.reactor.stop()
        else:
            self.reactor.callLater(0.02, self.look)

sys.modules["webctp.daemon"] = module = types.ModuleType("webctp.daemon")
module.Daemon = Daemon
"""


def command(*arguments: str) -> list[str]:
    """Return the command line of twistd with these arguments."""
    return [sys.executable, "-c", "from twisted.scripts.twistd import run; run()", *arguments]


class TwistdTests(SynchronousTestCase):
    """twistd as a process, in a directory of its own."""

    def setUp(self) -> None:
        self.directory = Path(self.mktemp()).resolve()
        self.directory.mkdir()
        (self.directory / "sitecustomize.py").write_text(STAND_IN)
        (self.directory / "config.yaml").write_text(CONFIG)
        self.environment = {**os.environ, "PYTHONPATH": f"{self.directory}{os.pathsep}{ROOT}"}

    def run_twistd(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            command(*arguments),
            cwd=self.directory,
            env=self.environment,
            capture_output=True,
            encoding="utf-8",
            check=False,
            timeout=PATIENCE,
        )

    def end(self) -> None:
        """Let gateways that run here stop."""
        (self.directory / "end").touch()

    def test_help_imports_nothing_heavy(self) -> None:
        script = (
            "import atexit, sys\n"
            f"atexit.register(lambda: print([name for name in {HEAVY} if name in sys.modules]))\n"
            "from twisted.scripts.twistd import run; run()"
        )
        done = subprocess.run(
            [sys.executable, "-c", script, "-n", "webctp", "--help"],
            cwd=self.directory,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=True,
            timeout=PATIENCE,
        )
        self.assertIn("--app-type=", done.stdout)
        self.assertEqual(done.stdout.splitlines()[-1], "[]")

    def test_version(self) -> None:
        self.assertTrue(
            self.run_twistd("webctp", "--version").stdout.startswith(f"webctp {__version__}, ")
        )

    def test_a_mistake_is_one_line_and_an_exit_code(self) -> None:
        (self.directory / "wrong.yaml").write_text(CONFIG + "Port: x\n")
        for code, arguments in (
            (os.EX_CONFIG, ["--config", "wrong.yaml"]),
            (os.EX_CONFIG, ["--config", "missing.yaml"]),
            (os.EX_CONFIG, ["--app-type", "dev"]),
            (os.EX_USAGE, ["--bogus"]),
            (os.EX_USAGE, ["surplus"]),
        ):
            done = self.run_twistd("-n", "webctp", *arguments)
            self.assertEqual((done.returncode, done.stdout), (code, ""), arguments)
            self.assertRegex(done.stderr, r"\Awebctp: .+\n\Z")

    def test_a_mistake_is_told_in_the_reader_s_language(self) -> None:
        """That of the file where it says one, else that of the environment."""
        for language, environment, expected in (
            ("", "zh_CN.UTF-8", "Port：当前为'x'，应为"),
            ("", "en_US.UTF-8", "Port: found 'x', wanted"),
            ("Language: zh\n", "C", "Port：当前为'x'，应为"),
            ("Language: en\n", "zh_CN.UTF-8", "Port: found 'x', wanted"),
        ):
            (self.directory / "wrong.yaml").write_text(f"{CONFIG}{language}Port: x\n")
            self.environment |= {"LC_ALL": environment, "PYTHONIOENCODING": "utf-8"}
            done = self.run_twistd("-n", "webctp", "--config", "wrong.yaml")
            self.assertIn(expected, done.stderr)

    def test_a_misspelt_option_is_named(self) -> None:
        """As the original spells it, among others."""
        for option, meant in (("--app_type=td", "app-type"), ("--confg", "config")):
            done = self.run_twistd("-n", "webctp", option)
            self.assertEqual(done.returncode, os.EX_USAGE)
            self.assertIn(f"; did you mean --{meant}? (", done.stderr)

    def test_a_configuration_without_its_option_is_told(self) -> None:
        done = self.run_twistd("-n", "webctp", "td.yaml")
        self.assertEqual(done.returncode, os.EX_USAGE)
        self.assertIn("'td.yaml' is no option; did you mean --config td.yaml? (", done.stderr)

    def test_a_mistake_the_gateway_finds_is_told_in_the_same_way(self) -> None:
        for keys, where in (("", ""), ("MdFrontAddress", ":2"), ("Port", ""), ("Sim.Seed", "")):
            self.environment["refuse"] = keys
            done = self.run_twistd("-n", "webctp")
            self.assertEqual(done.returncode, os.EX_CONFIG)
            self.assertEqual(
                done.stderr, f"webctp: config.yaml{where}: found one, wanted the other\n"
            )

    def test_log_levels(self) -> None:
        self.end()
        every = ["debug", "info", "warn", "error", "critical"]
        for level, least in (("NOTSET", 0), ("DEBUG", 0), ("INFO", 1), ("WARN", 2), ("ERROR", 3),
                             ("CRITICAL", 4)):  # fmt: skip
            (self.directory / "config.yaml").write_text(f"{CONFIG}LogLevel: {level}\n")
            logged = self.run_twistd("-n", "webctp").stdout
            for place, name in enumerate(every):
                self.assertEqual(f"[webctp {name} td]" in logged, place >= least, level)
            for name in every:
                told = f"[autobahn.websocket {name}" in logged
                self.assertEqual(told, name == "critical", (level, name))

    def until_logged(self, log: Path, text: str) -> None:
        """Wait until a log file holds a text."""
        for _ in range(PATIENCE * 50):
            if log.exists() and text in log.read_text():
                return
            time.sleep(0.02)
        self.fail(f"{log} never said {text!r}")

    def test_two_gateways_run_from_one_directory(self) -> None:
        logs = [self.directory / f"webctp-{kind}.log" for kind in ("td", "md")]
        self.addCleanup(self.end)
        for kind, log in zip(("td", "md"), logs, strict=True):
            self.assertEqual(self.run_twistd("webctp", f"--app-type={kind}").returncode, 0)
            self.until_logged(log, f"[webctp info {kind}]")
            self.assertEqual(log.stat().st_mode & 0o777, 0o600)
        self.assertFalse(list(self.directory.glob("*.pid")))
        self.end()
        for log in logs:
            self.until_logged(log, "Server Shut Down")


class OptionsCase(SynchronousTestCase):
    """Parses command lines of twistd in this process."""

    def parsed(self, *arguments: str, twistd: tuple[str, ...] = ()) -> ServerOptions:
        path = self.mktemp()
        Path(path).write_text(CONFIG)
        options = ServerOptions()
        options.parseOptions([*twistd, "webctp", "--config", path, *arguments])
        return options


class OptionsTests(OptionsCase):
    """What the options make of twistd's own."""

    def test_no_pid_file_unless_asked_for(self) -> None:
        self.assertEqual(self.parsed()["pidfile"], "")
        self.assertEqual(
            self.parsed(twistd=("--pidfile=td.pid",))["pidfile"], os.path.abspath("td.pid")
        )

    def test_a_log_file_for_each_app_type_unless_asked_for(self) -> None:
        self.assertEqual(self.parsed()["logfile"], "webctp-td.log")
        self.assertEqual(self.parsed("-t", "both")["logfile"], "webctp-both.log")
        self.assertEqual(self.parsed(twistd=("--logfile=x",))["logfile"], "x")
        for flag in ("--nodaemon", "--syslog"):
            self.assertIsNone(self.parsed(twistd=(flag,))["logfile"])

    def test_the_command_line_wins_over_port(self) -> None:
        self.assertEqual(self.parsed("--port", "1234").subOptions.config.port, 1234)

    def test_the_command_line_wins_over_app_type(self) -> None:
        self.assertEqual(self.parsed("--app-type", "md").subOptions.config.app_type, "md")


class FakeApplication(Service):
    """Takes a service and a component as twistd's application does."""

    def __init__(self) -> None:
        self.services: list[Any] = []
        self.components: list[Any] = []

    def addService(self, service: Any) -> None:
        self.services.append(service)

    def setComponent(self, interface: Any, component: Any) -> None:
        self.components.append(component)


class ApplicationTests(OptionsCase):
    """The service that is made, and the log observer it brings."""

    def made(self, *twistd: str) -> tuple[tap.Application, FakeApplication]:
        module = ModuleType("webctp.daemon")
        module.Daemon = lambda reactor, config: Service()  # type: ignore[attr-defined]
        self.patch(sys, "modules", {**sys.modules, "webctp.daemon": module})
        # Those of this process are trial's.
        self.patch(Signals, "install", lambda _: None)
        service = tap.makeService(self.parsed(twistd=twistd).subOptions)
        assert isinstance(service, tap.Application)
        application = FakeApplication()
        service.setServiceParent(application)
        return service, application

    def test_the_gateway_is_in_it(self) -> None:
        service, application = self.made("--nodaemon")
        self.assertEqual(application.services, [service])
        self.assertEqual(len(service.services), 1)
        self.assertIsInstance(application.components[0], FilteringLogObserver)

    def test_a_logger_of_the_users_own_is_left_alone(self) -> None:
        _, application = self.made("--logger=twisted.logger.STDLibLogObserver")
        self.assertEqual(application.components, [])

    def test_syslog(self) -> None:
        logged: list[Any] = []
        self.patch(syslog, "openlog", lambda prefix: logged.append(prefix))
        self.patch(syslog, "syslog", lambda *line: logged.append(line))
        twistd = self.parsed(twistd=("--syslog", "--prefix=x"))
        log = Log(twistd, replace(twistd.subOptions.config, log_level="WARN"))
        for level in (LogLevel.info, LogLevel.warn):
            log.observer(
                {"log_level": level, "log_namespace": "y", "log_time": 0.0, "log_format": "a\nb"}
            )
        self.assertEqual(logged, ["x", (syslog.LOG_WARNING, r"[y#warn] a\nb")])
