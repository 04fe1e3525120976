"""Signals, sent to real daemons: none ends one at once, and each does what it is to do."""

import os
import pty
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from twisted.internet import reactor
from twisted.internet.defer import Deferred
from twisted.internet.endpoints import TCP4ClientEndpoint
from twisted.internet.interfaces import IHandshakeListener
from twisted.internet.protocol import Factory, Protocol
from twisted.internet.ssl import CertificateOptions
from twisted.protocols.tls import TLSMemoryBIOFactory
from zope.interface import implementer

from tests.daemons import ROOT, DaemonProcess, sleep, until, usual_signals
from tests.gateway.http.test_tls import Authority, Files, key_pem, pem
from tests.serving.administrators import raw
from tests.test_end_to_end import USER, EndToEnd, code, sample
from tests.wsclient import Client, connect
from webctp.signals import DEEDS, Deed

HARMLESS = [number for number, deed in DEEDS.items() if deed in (Deed.NOTHING, Deed.SILENCE)]
STOPPING = [number for number, deed in DEEDS.items() if deed is Deed.STOP]
FAULTS = {"ILL", "TRAP", "ABRT", "BUS", "FPE", "SEGV", "SYS"}
JOB_CONTROL = {"CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "WINCH"}
"""Neither ends a process; SIGSTOP cannot be caught."""
TWISTED = {"INT", "TERM"}


class Table(EndToEnd):
    """The table of signals."""

    def test_every_signal_is_decided(self) -> None:
        left = FAULTS | JOB_CONTROL | TWISTED | {"KILL"}
        for number in signal.valid_signals():
            name = signal.Signals(number).name if number in set(signal.Signals) else "RT"
            self.assertNotEqual(number in DEEDS, name.removeprefix("SIG") in left, name)


class Harmless(EndToEnd):
    """Signals that ask for nothing."""

    async def test_all_of_them_at_a_daemon_with_a_client(self) -> None:
        daemon = await self.start()
        client = await self.trader(daemon)
        for number in HARMLESS:
            daemon.signal(number)
        self.assertEqual(len(await self.query(client, "TradingAccount")), 1)
        for number in (signal.SIGUSR1, signal.SIGUSR2, signal.SIGHUP):
            daemon.signal(number)
            name = signal.Signals(number).name
            await until(lambda name=name: f"received {name}" in daemon.output, name)  # type: ignore[misc]
        self.assertEqual(len(await self.query(client, "TradingAccount")), 1)
        await self.stop(daemon)
        self.assertEqual(await client.closed, 1001)


class Stopping(EndToEnd):
    """Signals that stop it as SIGTERM does."""

    async def test_clients_are_told(self) -> None:
        for number in STOPPING:
            daemon = await self.start()
            client = await self.trader(daemon)
            daemon.signal(number)
            self.assertEqual(await client.closed, 1001)
            self.assertEqual(await daemon.ended(), 0, daemon.output)
            self.assertIn("Server Shut Down", daemon.output)

    async def test_impatience_is_no_fault(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT):
            daemon = await self.start()
            client = await self.trader(daemon)
            for _ in range(3):
                daemon.signal(number)
            daemon.signal(signal.SIGTERM)
            self.assertEqual(await client.closed, 1001)
            await daemon.ended()
            self.assertIn("Server Shut Down", daemon.output)
            self.assertNotIn("Traceback", daemon.output)

    async def test_a_background_job_with_sigint_ignored_stops_at_sigterm(self) -> None:
        first = "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\n"
        daemon = DaemonProcess(self.mktemp(), sample(), first=first)
        self.addCleanup(daemon.kill)
        await daemon.listening()
        client = await self.trader(daemon)
        daemon.signal(signal.SIGINT)
        await client.ask({"MsgType": "ReqQryInvestor", "RequestID": 1})
        daemon.terminate()
        self.assertEqual(await client.closed, 1001)
        await daemon.ended()
        self.assertNotIn("Traceback", daemon.output)

    async def test_hup_during_the_stop_does_not_break_it_off(self) -> None:
        daemon = await self.start()
        client = await self.trader(daemon)
        daemon.terminate()
        while daemon.running:
            daemon.signal(signal.SIGHUP)
            await sleep(0.01)
        self.assertEqual(await client.closed, 1001)
        self.assertEqual(await daemon.ended(), -signal.SIGTERM, daemon.output)


class Draining(EndToEnd):
    """SIGTERM with ``DrainSeconds``."""

    async def drained(self, seconds: int) -> tuple[DaemonProcess, Client]:
        daemon = await self.start(sample() + f"DrainSeconds: {seconds}\n")
        client = await self.trader(daemon)
        daemon.terminate()
        told = await client.until(lambda one: one["MsgType"] == "RtnShutdown")
        self.assertEqual(told["Shutdown"]["Seconds"], seconds)
        return daemon, client

    async def test_clients_are_told_and_go_on_until_they_are_closed(self) -> None:
        daemon, client = await self.drained(3)
        status, _ = await page(daemon.port, "/readyz")
        self.assertEqual(status, 503)
        status, text = await page(daemon.port, "/td/", "Upgrade: websocket\r\n")
        self.assertEqual(status, 503)
        self.assertIn("retry-after:", text.lower())
        self.assertEqual(len(await self.query(client, "TradingAccount")), 1)
        answer = await client.ask({"MsgType": "ReqUserLogin", "ReqUserLogin": USER})
        self.assertEqual(code(answer), -503)
        self.assertEqual(await client.closed, 1001)
        self.assertEqual(await daemon.ended(), -signal.SIGTERM)
        self.assertNotIn("Traceback", daemon.output)

    async def test_a_second_signal_ends_it_at_once(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT):
            daemon, client = await self.drained(3000)
            daemon.signal(number)
            self.assertEqual(await client.closed, 1001)
            await daemon.ended()
            self.assertNotIn("Traceback", daemon.output)

    async def test_it_ends_when_the_last_client_has_gone(self) -> None:
        daemon, client = await self.drained(3000)
        await client.leave()
        self.assertEqual(await daemon.ended(), -signal.SIGTERM)


async def page(port: int, path: str, more: str = "") -> tuple[int, str]:
    """Ask for a page; gives its status and all of the answer."""
    head = f"GET {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n{more}\r\n"
    return await raw(port, head.encode())


class Terminals(EndToEnd):
    """SIGHUP because the terminal was closed."""

    async def test_a_daemon_in_the_foreground_stops_in_good_order(self) -> None:
        directory = Path(self.mktemp()).absolute()
        directory.mkdir()
        (directory / "webctp.yaml").write_text(sample())
        log = directory / "log"
        ours, theirs = pty.openpty()
        script = (
            "import fcntl, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0)\n"
            "from twisted.scripts.twistd import run; run()"
        )
        process = subprocess.Popen(
            [sys.executable, "-c", script, "-n", "-l", "log", "webctp", "--config", "webctp.yaml"],
            cwd=directory,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
            preexec_fn=usual_signals,
        )
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        os.close(theirs)
        await until(lambda: log.exists() and "serving" in log.read_text(), "the daemon")
        os.close(ours)
        await until(lambda: process.poll() is not None, "its end")
        self.assertIn("received SIGHUP: stopping", log.read_text())
        self.assertEqual(process.returncode, 0)

    async def test_one_in_the_background_lives_on_and_reloads(self) -> None:
        directory = Path(self.mktemp()).absolute()
        directory.mkdir()
        (directory / "webctp.yaml").write_text(sample())
        log, pid_file = directory / "webctp-both.log", directory / "pid"
        ours, theirs = pty.openpty()
        self.addCleanup(os.close, ours)
        script = (
            "import fcntl, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0)\n"
            "from twisted.scripts.twistd import run; run()"
        )
        process = subprocess.Popen(
            [sys.executable, "-c", script, "--pidfile=pid", "webctp", "--config", "webctp.yaml"],
            cwd=directory,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
            preexec_fn=usual_signals,
        )
        os.close(theirs)
        self.addCleanup(process.wait)
        await until(lambda: process.poll() is not None, "the daemon to be in the background")
        await until(lambda: log.exists() and "serving" in log.read_text(), "the daemon")
        pid = int(pid_file.read_text())
        try:
            os.kill(pid, signal.SIGHUP)
            await until(lambda: "received SIGHUP" in log.read_text(), "SIGHUP")
            self.assertIn("received SIGHUP: reloading", log.read_text())
        finally:
            os.kill(pid, signal.SIGQUIT)
        await until(lambda: "Server Shut Down" in log.read_text(), "the end")


@implementer(IHandshakeListener)
class Meeting(Protocol):
    """Looks at the certificate that it is shown, and leaves."""

    def __init__(self) -> None:
        self.met: Deferred[Any] = Deferred()

    def handshakeCompleted(self) -> None:
        """Of ``IHandshakeListener``."""
        transport: Any = self.transport
        self.met.callback(transport.getPeerCertificate())
        transport.abortConnection()


async def shown_by(port: int) -> int:
    """The serial number of the certificate that a port shows."""
    meeting = Meeting()
    factory = Factory.forProtocol(lambda: meeting)
    factory.noisy = False
    options = CertificateOptions(verify=False)
    await TCP4ClientEndpoint(reactor, "127.0.0.1", port).connect(
        TLSMemoryBIOFactory(options, True, factory)
    )
    found = await meeting.met
    number: int = found.get_serial_number()
    return number


class Reloading(EndToEnd):
    """SIGHUP."""

    def setUp(self) -> None:
        self.authority = Authority("root")
        self.files = Files(self.mktemp())
        self.first = self.write(*self.authority.issue("localhost"))

    def write(self, certificate: Any, key: Any) -> int:
        """Put a pair into the files; gives the certificate's serial number."""
        self.cert = Path(self.files.write("cert.pem", pem(certificate))).absolute()
        self.key = Path(self.files.write("key.pem", key_pem(key))).absolute()
        number: int = certificate.serial_number
        return number

    async def tls_daemon(self) -> DaemonProcess:
        tls = f"TLS: {{CertFile: {self.cert}, KeyFile: {self.key}}}\n"
        return await self.start(sample() + tls)

    async def reload(self, daemon: DaemonProcess, said: str) -> None:
        count = daemon.output.count(said)
        daemon.signal(signal.SIGHUP)
        await until(lambda: daemon.output.count(said) > count, f"{said} in\n{daemon.output}")

    async def test_a_renewed_certificate_is_served(self) -> None:
        daemon = await self.tls_daemon()
        self.assertEqual(await shown_by(daemon.port), self.first)
        second = self.write(*self.authority.issue("localhost"))
        await self.reload(daemon, "TLS: new certificate")
        self.assertEqual(await shown_by(daemon.port), second)
        await self.stop(daemon)

    async def test_a_pair_that_does_not_match_is_refused_and_the_old_stays(self) -> None:
        daemon = await self.tls_daemon()
        certificate, _ = self.authority.issue("localhost")
        _, key = self.authority.issue("localhost")
        self.write(certificate, key)
        await self.reload(daemon, "not reloaded, everything stays as it was: TLS: ")
        self.assertIn(f"{self.key} is not the key of {self.cert}", daemon.output)
        self.assertEqual(await shown_by(daemon.port), self.first)
        await self.stop(daemon)

    async def test_one_that_has_expired_is_refused(self) -> None:
        daemon = await self.tls_daemon()
        self.write(*self.authority.issue("localhost", expired=True))
        await self.reload(daemon, "not reloaded, everything stays as it was: TLS: ")
        self.assertIn("expired", daemon.output)
        self.assertEqual(await shown_by(daemon.port), self.first)
        await self.stop(daemon)

    async def test_files_that_are_gone(self) -> None:
        daemon = await self.tls_daemon()
        self.key.unlink()
        await self.reload(daemon, "not reloaded")
        self.assertIn("TLS.KeyFile: found", daemon.output)
        self.assertEqual(await shown_by(daemon.port), self.first)
        await self.stop(daemon)

    async def test_an_expired_certificate_is_told_at_the_start(self) -> None:
        self.first = self.write(*self.authority.issue("localhost", expired=True))
        daemon = await self.tls_daemon()
        self.assertIn("the certificate is expired", daemon.output)
        await self.stop(daemon)

    async def test_the_level_of_the_log(self) -> None:
        directory = self.mktemp()
        daemon = DaemonProcess(directory, sample())
        self.addCleanup(daemon.kill)
        await daemon.listening()
        config = Path(directory, "webctp.yaml")
        text = config.read_text("utf-8").replace("LogLevel: INFO", "LogLevel: ERROR")
        config.write_text(text + "LogFileCount: 3\n", "utf-8")
        await self.reload(daemon, "received SIGHUP")
        client = await connect(daemon.port, "/td/")
        for _ in range(500):  # the configuration is read in a thread
            before = daemon.output.count("SIGUSR2")
            daemon.signal(signal.SIGUSR2)
            await client.ask({"MsgType": "ReqQryInvestor", "RequestID": 1})
            if daemon.output.count("SIGUSR2") == before:
                break
        else:
            self.fail(daemon.output)
        config.write_text("Port: wrong\n")
        await self.reload(daemon, "not reloaded")
        self.assertEqual(daemon.output.count("SIGUSR2"), before)
        self.assertNotIn("taken over at a restart only", daemon.output)  # a warning
        await client.leave()
        await self.stop_quietly(daemon)

    async def test_other_changes_are_told_to_need_a_restart(self) -> None:
        directory = self.mktemp()
        daemon = DaemonProcess(directory, sample())
        self.addCleanup(daemon.kill)
        await daemon.listening()
        config = Path(directory, "webctp.yaml")
        config.write_text(config.read_text("utf-8") + "LogFileCount: 3\n", "utf-8")
        await self.reload(daemon, "taken over at a restart only: LogFileCount, from 10 to 3")
        await self.stop(daemon)

    async def stop_quietly(self, daemon: DaemonProcess) -> None:
        """End a daemon that logs errors only."""
        daemon.terminate()
        self.assertEqual(await daemon.ended(), -signal.SIGTERM)
