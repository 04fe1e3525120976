"""The log's file: who may read it, how much there is of it, and how it is opened anew."""

import errno
import json
import os
import signal
import stat
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from twisted.logger import LogLevel
from twisted.trial.unittest import SynchronousTestCase, TestCase

from tests.daemons import ROOT, until
from tests.test_end_to_end import sample
from webctp.config import Config
from webctp.config.process import ProcessSettings
from webctp.language.text import english
from webctp.logs import Log
from webctp.logs.output import LAST_LINES

EVENT: dict[str, Any] = {
    "log_level": LogLevel.info,
    "log_namespace": "webctp",
    "log_time": 0.0,
    "log_format": "{text}",
}


class LogFiles(SynchronousTestCase):
    """twistd's ``--logfile``, or that of a daemon in the background."""

    def setUp(self) -> None:
        self.path = Path(self.mktemp()).absolute()
        self.path.mkdir()
        self.file = self.path / "log"

    def log(self, **changes: Any) -> Log:
        twistd = {"logfile": str(self.file), "syslog": False, "nodaemon": True}
        log = Log(twistd, replace(Config(), **changes))
        self.addCleanup(self.close, log)
        return log

    def close(self, log: Log) -> None:
        file: Any = log._file
        file.close()

    def say(self, log: Log, text: str) -> None:
        log.observer({**EVENT, "text": text})

    def mode(self, name: str = "log") -> int:
        return stat.S_IMODE((self.path / name).stat().st_mode)

    def test_lines_are_written_in_the_configured_language(self) -> None:
        event = {
            **EVENT,
            "log_format": "cannot start: {reason}",
            "reason": english("the session is closed"),
        }
        foreign = {**EVENT, "log_format": "Main loop of {what}", "what": "{reason}"}
        for language, expected in (
            ("en", "cannot start: the session is closed"),
            ("zh", "无法启动：会话已关闭"),
        ):
            log = self.log(language=language)
            log.observer(event)
            log.observer(foreign)
            first, second = self.file.read_text("utf-8").splitlines()[-2:]
            self.assertTrue(first.endswith(expected), first)
            self.assertTrue(second.endswith("Main loop of {reason}"), second)

    def test_only_its_owner_reads_it(self) -> None:
        old = os.umask(0)
        self.addCleanup(os.umask, old)
        log = self.log(log_file_bytes=1)
        self.say(log, "one")
        self.say(log, "two")
        self.assertEqual((self.mode(), self.mode("log.1")), (0o600, 0o600))

    def test_one_that_everybody_could_read_is_closed_to_them(self) -> None:
        self.file.touch()
        self.file.chmod(0o644)
        self.log()
        self.assertEqual(self.mode(), 0o640)

    def test_no_line_holds_a_token(self) -> None:
        token = f"webctp_{'Ab-_9' * 9}"
        for log_format in ("text", "json"):
            log = self.log(log_format=log_format)
            self.say(log, f"login of {token} refused")
            written = self.file.read_text("utf-8") + "".join(log.last_lines)
            self.assertNotIn("Ab-_9", written)
            self.assertIn("login of webctp_*** refused", written)

    def test_it_is_bounded(self) -> None:
        log = self.log(log_file_bytes=100, log_file_count=3)
        for number in range(50):
            self.say(log, f"{number} {'x' * 50}")
        kept = sorted(os.listdir(self.path))
        self.assertEqual(kept, ["log", "log.1", "log.2", "log.3"])
        for name in kept:
            self.assertLess((self.path / name).stat().st_size, 300)
        self.assertIn("49 xx", self.file.read_text())

    def test_zero_leaves_it_to_others(self) -> None:
        log = self.log(log_file_bytes=0)
        for _ in range(50):
            self.say(log, "x" * 50)
        self.assertEqual(os.listdir(self.path), ["log"])

    def test_opened_anew_after_it_was_moved(self) -> None:
        log = self.log()
        self.say(log, "before")
        self.file.rename(self.path / "moved")
        self.say(log, "between")
        log.reopen()
        self.say(log, "after")
        self.assertNotIn("after", (self.path / "moved").read_text())
        self.assertIn("between", (self.path / "moved").read_text())
        self.assertIn("after", self.file.read_text())
        self.assertEqual(self.mode(), 0o600)

    def test_what_cannot_be_put_aside_goes_on(self) -> None:
        log = self.log(log_file_bytes=100)

        def rename(*_: object) -> None:
            raise OSError(errno.EROFS, os.strerror(errno.EROFS))

        self.patch(os, "rename", rename)
        for number in range(10):
            self.say(log, f"{number} {'x' * 50}")
        self.assertFalse(log.rotate())
        self.say(log, "the last")
        text = self.file.read_text()
        self.assertEqual(len(text.splitlines()), 11)

    def test_what_cannot_be_opened_anew_goes_on(self) -> None:
        log = self.log()
        self.say(log, "before")
        moved = self.path / "moved"
        self.file.rename(moved)
        self.file.mkdir()
        with self.assertRaises(OSError):
            log.reopen()
        self.say(log, "after")
        self.assertIn("after", moved.read_text())

    def test_levels(self) -> None:
        log = self.log(log_level="WARN")
        self.say(log, "one")
        log.set_levels("DEBUG", {})
        self.say(log, "two")
        log.observer({**EVENT, "log_level": LogLevel.debug, "log_namespace": "autobahn.x"})
        self.assertEqual(len(self.file.read_text().splitlines()), 1)

    def test_levels_of_rooms(self) -> None:
        log = self.log(log_level="WARN", log_levels={"webctp.upstream": "DEBUG"})
        for room in ("webctp.upstream.session", "webctp.upstreams", "webctp.gateway"):
            debug = {"log_level": LogLevel.debug, "log_namespace": room}
            log.observer({**EVENT, **debug, "text": room})
        log.set_levels("WARN", {"autobahn": "DEBUG"})
        for room in ("webctp.upstream", "autobahn.websocket"):
            debug = {"log_level": LogLevel.debug, "log_namespace": room}
            log.observer({**EVENT, **debug, "text": "after"})
        (line,) = self.file.read_text().splitlines()
        self.assertTrue(line.endswith("[webctp.upstream.session#debug] webctp.upstream.session"))

    def test_another_format_from_now_on(self) -> None:
        log = self.log()
        self.say(log, "one")
        log.take_settings(ProcessSettings(log_format="json"))
        self.say(log, "two")
        log.take_settings(ProcessSettings())
        self.say(log, "three")
        first, second, third = self.file.read_text().splitlines()
        self.assertTrue(first.endswith("one"), first)
        self.assertEqual(json.loads(second)["message"], "two")
        self.assertTrue(third.endswith("three"), third)

    def test_the_last_lines_stay_in_memory(self) -> None:
        log = self.log(log_format="json")
        for number in range(LAST_LINES + 3):
            self.say(log, f"{number} {'x' * 5_000}")
        self.assertEqual(len(log.last_lines), LAST_LINES)
        self.assertIn('"message": "3 x', log.last_lines[0])
        self.assertLess(max(map(len, log.last_lines)), 5_000)
        self.assertEqual(
            json.loads(self.file.read_text().splitlines()[-1])["fields"]["text"][:3],
            f"{LAST_LINES + 2}",
        )


class Processes(TestCase):
    """A real daemon with a log file."""

    timeout = 120

    async def test_logrotate(self) -> None:
        directory = Path(self.mktemp()).absolute()
        directory.mkdir()
        (directory / "webctp.yaml").write_text(sample())
        script = "from twisted.scripts.twistd import run; run()"
        process = subprocess.Popen(
            [sys.executable, "-c", script, "-n", "-l", "log", "webctp", "--config", "webctp.yaml"],
            cwd=directory,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        log, moved = directory / "log", directory / "log.old"
        await until(lambda: log.exists() and "serving" in log.read_text(), "the daemon")
        log.rename(moved)
        process.send_signal(signal.SIGHUP)
        await until(log.exists, "the new file")
        process.send_signal(signal.SIGUSR1)
        await until((directory / "log.1").exists, "the file put aside")
        process.terminate()
        await until(lambda: process.poll() is not None, "the end")
        self.assertIn("received SIGHUP", moved.read_text())
        self.assertIn("received SIGUSR1: a new log file", log.read_text())
        self.assertIn("Server Shut Down", log.read_text())
        self.assertEqual(stat.S_IMODE(log.stat().st_mode), 0o600)
