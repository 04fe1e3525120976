"""Files that are open to all, and what a start of a real daemon fails on."""

import errno
import os
import socket
import subprocess
import sys
from pathlib import Path

from twisted.internet import reactor
from twisted.internet.address import IPv4Address, IPv6Address, UNIXAddress
from twisted.internet.error import CannotListenError
from twisted.trial.unittest import SynchronousTestCase

from tests.daemons import PATIENCE, ROOT, DaemonProcess, until
from tests.ports import free_port
from tests.test_daemon import CONFIG, LOGIN, DaemonCase
from tests.wsclient import connect
from webctp import preflight, sim
from webctp.config import ConfigError, load
from webctp.daemon import Daemon
from webctp.serving import prepared
from webctp.sim.options import SimOptions
from webctp.start import cannot_listen, exposures, idle_sim, open_to_all, place_of


class Exposures(SynchronousTestCase):
    """Who may read the configuration and the key."""

    def lines(self, mode: int, text: str) -> list[str]:
        """What is said of a configuration file with this mode."""
        self.path = self.mktemp()
        Path(self.path).write_text(text)
        os.chmod(self.path, mode)
        return [one.line for one in exposures(self.path, load(self.path))]

    def test_an_authcode_that_all_may_read(self) -> None:
        secret = "TdFrontAddress: tcp://127.0.0.1:1\nAuthCode: geheim\n"
        (line,) = self.lines(0o644, secret)
        self.assertIn(f"chmod o= {self.path}", line)
        self.assertNotIn("geheim", line)
        self.assertEqual(self.lines(0o640, secret), [])

    def test_one_that_is_no_secret(self) -> None:
        for text in (
            "TdFrontAddress: sim://\nAuthCode: '0000000000000000'\n",
            "TdFrontAddress: tcp://127.0.0.1:1\n",
            "AppType: md\nMdFrontAddress: tcp://127.0.0.1:1\nAuthCode: x\n",
        ):
            self.assertEqual(self.lines(0o644, text), [], text)


class IdleSim(SynchronousTestCase):
    """Keys below ``Sim`` where no front is simulated."""

    def said(self, text: str) -> str:
        """What is said of a configuration."""
        path = self.mktemp()
        Path(path).write_text(text)
        return str(idle_sim(load(path)) or "")

    def test_they_are_named_beside_a_real_front(self) -> None:
        real = "TdFrontAddress: tcp://127.0.0.1:1\n"
        said = self.said(real + "Sim: {Balance: 1000}\n")
        self.assertIn("Sim has no effect", said)
        self.assertIn("tcp://127.0.0.1:1", said)
        self.assertEqual(self.said(real), "")

    def test_they_are_heeded_where_one_served_front_is_simulated(self) -> None:
        sim = "Sim: {Balance: 1000}\n"
        both = "AppType: both\nTdFrontAddress: sim://\nMdFrontAddress: tcp://127.0.0.1:1\n"
        self.assertEqual(self.said(both + sim), "")
        alone = "AppType: md\nTdFrontAddress: sim://\nMdFrontAddress: tcp://127.0.0.1:1\n"
        self.assertIn("no effect", self.said(alone + sim))


class OpenToAll(SynchronousTestCase):
    """Ports that anybody on the network may try."""

    def warning(self, text: str) -> str:
        path = self.mktemp()
        Path(path).write_text(f"TdFrontAddress: sim://\n{text}\n")
        found = open_to_all(load(path))
        return "" if found is None else found.line

    def test_those_of_this_machine_are_not(self) -> None:
        for text in (
            *("Host: 127.0.0.1", "Host: localhost", "Host: ::1", "Listen: unix:/run/x"),
            *("Listen: tcp:8080:interface=127.0.0.1", r"Listen: tcp6:8080:interface=\:\:1"),
            "Listen: [tcp:80:interface=127.0.0.1, haproxy:tcp:81:interface=127.0.0.1]",
        ):
            self.assertEqual(self.warning(text), "", text)

    def test_those_with_tls_or_tokens_are_not(self) -> None:
        for text in ("Listen: ssl:8443", "Access: {Tokens: /nowhere}"):
            self.assertEqual(self.warning(text), "", text)

    def test_others_are_named_with_the_remedy(self) -> None:
        for text, place in (
            ("", "0.0.0.0:8080"),
            ("Host: 10.0.0.1", "10.0.0.1:8080"),
            ("Host: gateway", "gateway:8080"),
            ("Listen: [unix:/run/x, tcp:80]", "tcp:80"),
            ("Listen: haproxy:tcp:80", "haproxy:tcp:80"),
            ("Listen: systemd:domain=INET:index=0", "systemd:domain=INET:index=0"),
        ):
            warning = self.warning(text)
            self.assertIn(f"whoever reaches {place} may try", warning)
            self.assertIn("Access.Tokens", warning)


class Listening(SynchronousTestCase):
    """What is said of a port that cannot be had."""

    def test_the_remedy_is_told(self) -> None:
        for number, host, where, remedy in (
            (errno.EADDRINUSE, "127.0.0.1", "127.0.0.1:80", "take another port"),
            (errno.EACCES, "", "0.0.0.0:80", "a port of 1024 or more"),
            (socket.EAI_NONAME, "[::1", "[::1:80", "no such host or address; correct Host"),
            (errno.EADDRNOTAVAIL, "2001:db8::1", "[2001:db8::1]:80", "correct Host"),
        ):
            said = cannot_listen(CannotListenError(host, 80, OSError(number, "no")))
            self.assertTrue(said.startswith(where), said)
            self.assertIn(remedy, said)

    def test_what_has_no_remedy_is_told_as_it_is(self) -> None:
        for problem in (
            CannotListenError("x", 80, OSError(errno.EIO, "no")),
            CannotListenError("/run/a.sock", None, OSError(errno.EADDRINUSE, "no")),
            ValueError("no"),
        ):
            self.assertEqual(cannot_listen(problem), str(problem))


class Addresses(SynchronousTestCase):
    """Where it listens, as people write it."""

    def test_of_each_kind(self) -> None:
        for address, written in (
            (IPv4Address("TCP", "127.0.0.1", 80), "127.0.0.1:80"),
            (IPv6Address("TCP", "::1", 80), "[::1]:80"),
            (UNIXAddress("/run/x.sock"), "unix:/run/x.sock"),
            ("elsewhere", "elsewhere"),
        ):
            self.assertEqual(place_of(address), written)


class Simulated(SynchronousTestCase):
    """Options of the simulated front, below Sim."""

    def test_those_that_are_called_like_secrets(self) -> None:
        path = Path(self.mktemp())
        path.write_text(
            "TdFrontAddress: sim://\nSim:\n  WeakPassword: 8\n  AuthCode: '0123'\n"
            "  Faults: {NoAnswer: 0.5}\n"
        )
        made: list[SimOptions] = []
        self.patch(sim, "SimulatedFront", made.append)
        Daemon(reactor, load(str(path)))
        (options,) = made
        self.assertEqual((options.weak_password, options.auth_code), (8, "0123"))
        self.assertEqual(options.faults.no_answer, 0.5)

    def test_their_mistakes_tell_no_value(self) -> None:
        path = Path(self.mktemp())
        path.write_text("TdFrontAddress: sim://\nSim: {WeakPassword: geheim}\n")
        problem = self.assertRaises(ConfigError, Daemon, reactor, load(str(path)))
        self.assertIn("Sim.WeakPassword: found ***, wanted", str(problem))


class Faults(SynchronousTestCase):
    """A fault of ours is no mistake in the configuration."""

    def test_it_shows_as_what_it_is(self) -> None:
        path = self.mktemp()
        Path(path).write_text("TdFrontAddress: sim://\n")

        def fault() -> None:
            raise ValueError("substring not found")

        for place, name in (
            (preflight, "check_values"),
            (prepared, "endpoints_of"),
        ):
            with self.subTest(name=name):
                self.patch(place, name, lambda *_: fault())
                with self.assertRaisesRegex(ValueError, "substring not found"):
                    Daemon(reactor, load(path))


class Places(DaemonCase):
    """What the configuration names and cannot be had: one line, no traceback."""

    async def refused(self, line: str, said: str) -> None:
        config = CONFIG.format(app_type="td", front=1, login_timeout=1, port=0)
        config = config.replace("ConFilePath: con_file\n", "") + line
        daemon = DaemonProcess(self.mktemp(), config)
        self.addCleanup(daemon.kill)
        self.assertEqual(await daemon.ended(), os.EX_CONFIG, daemon.output)
        self.assertIn(said, daemon.output)
        where = f"webctp.yaml:{config.count(chr(10))}: {line.partition(':')[0]}"
        self.assertIn(where, daemon.output)
        self.assertNotIn("Traceback", daemon.output)
        self.assertNotIn("serving", daemon.output)

    async def test_flow_files(self) -> None:
        await self.refused("ConFilePath: /proc/nowhere\n", "ConFilePath: cannot make flow")

    async def test_a_journal_that_is_no_database(self) -> None:
        path = Path(self.mktemp()).absolute()
        path.write_text("no database, but text of more than one line\n" * 100)
        await self.refused(f"Journal: {{Path: {path}}}\n", f"cannot read {path}")
        self.assertTrue(path.read_text().startswith("no database"))

    async def test_a_journal_in_a_file(self) -> None:
        path = Path(self.mktemp()).absolute()
        path.touch()
        await self.refused(f"Journal: {{Path: {path}/td}}\n", f"{path} is no directory")

    async def test_a_broker_id_that_is_too_long(self) -> None:
        config = CONFIG.format(app_type="td", front=1, login_timeout=1, port=0)
        daemon = DaemonProcess(self.mktemp(), config.replace('"9999"', "'123456789012'"))
        self.addCleanup(daemon.kill)
        self.assertEqual(await daemon.ended(), os.EX_CONFIG)
        self.assertIn("BrokerID: CTP wants at most 10 bytes", daemon.output)
        self.assertNotIn("Traceback", daemon.output)


class Background(SynchronousTestCase):
    """A daemon that goes to the background, and who waits for it."""

    def test_a_port_that_is_taken_is_told_to_whoever_started_it(self) -> None:
        directory = Path(self.mktemp()).absolute()
        directory.mkdir()
        with socket.socket() as holder:
            holder.bind(("127.0.0.1", 0))
            holder.listen()
            taken = holder.getsockname()[1]
            config = CONFIG.format(app_type="td", front=1, login_timeout=1, port=taken)
            (directory / "webctp.yaml").write_text(config)
            script = "from twisted.scripts.twistd import run; run()"
            done = subprocess.run(
                [sys.executable, "-c", script, "webctp", "--config", "webctp.yaml"],
                cwd=directory,
                env={**os.environ, "PYTHONPATH": str(ROOT)},
                capture_output=True,
                text=True,
                check=False,
                timeout=PATIENCE,
            )
        self.assertEqual(done.returncode, 1)
        self.assertIn(f"127.0.0.1:{taken} is taken by another program", done.stdout + done.stderr)
        self.assertIn("cannot start", (directory / "webctp-td.log").read_text())


class Told(DaemonCase):
    """What the log says of fronts and clients."""

    async def test_a_front_that_is_not_there(self) -> None:
        port = free_port()
        daemon = await self.start(port, app_type="md", login_timeout=1)
        said = f"no connection to tcp://127.0.0.1:{port} after 1 s"
        await until(lambda: said in daemon.output, said)
        await self.stop(daemon)
        self.assertEqual(daemon.output.count("no connection to"), 1)

    async def test_where_a_login_comes_from(self) -> None:
        daemon = await self.start(free_port(), login_timeout=1)
        client = await connect(daemon.port, "/td/")
        await client.ask(LOGIN)
        await client.leave()
        await self.stop(daemon)
        self.assertRegex(daemon.output, r"login of user from tcp4:127\.0\.0\.1:\d+")

    async def test_every_client_that_comes_and_goes(self) -> None:
        daemon = await self.start(free_port(), login_timeout=1)
        client = await connect(daemon.port, "/td/")
        await client.leave()
        await self.stop(daemon)
        self.assertRegex(daemon.output, r"tcp4:127\.0\.0\.1:\d+ has connected")
        self.assertRegex(daemon.output, r"tcp4:127\.0\.0\.1:\d+ is gone after \d+ s, with 1000")
