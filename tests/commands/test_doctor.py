"""`python -m webctp doctor`: each check when all is well, each trouble, and the command."""

import contextlib
import ctypes
import io
import os
import re
import socket
import subprocess
import sys
import tarfile
import tempfile
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib import metadata
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from twisted.trial.unittest import SkipTest, SynchronousTestCase

from tests.conformance import holds
from tests.gateway.access.tokens.test_record import NOW, token
from webctp import preflight
from webctp.commands import doctor, terminal
from webctp.commands.docs.pages import made_from
from webctp.commands.doctor import bundle, check, files, installation, network
from webctp.commands.doctor.check import Check, Trouble
from webctp.config import Config, ConfigError, Tls, load
from webctp.ctp import binding, catalog, locale, runtime, selftest
from webctp.gateway.access.tokens.file import editing
from webctp.gateway.http import tls
from webctp.language.text import verbatim
from webctp.secret import Secret
from webctp.testing import FakeFront
from webctp.upstream.journal.place import JournalLock
from webctp.upstream.journal.store import Store
from webctp.upstream.session import descriptors, flow
from webctp.upstream.session.descriptors import Room

ROOT = Path(__file__).resolve().parents[2]
DAY = timedelta(days=1)

#: Rows that stand without any configuration.
INSTALLATION = [
    "Python",
    "packages",
    "C library",
    "descriptors",
    "locale",
    "CTP library",
    "catalogue td",
    "layouts td",
    "catalogue md",
    "layouts md",
]


def certificate(
    folder: Path, name: str, begins: timedelta, ends: timedelta, issuer: str = ""
) -> tuple[str, str]:
    """Make a key and its certificate, valid from and to so long from now; return their paths.

    :param issuer: the name of one made before; else it signs itself.
    """
    key = signer = ec.generate_private_key(ec.SECP256R1())
    subject, issued_by = (
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, one)]) for one in (name, issuer or name)
    )
    if issuer:
        loaded = serialization.load_pem_private_key((folder / f"{issuer}.key").read_bytes(), None)
        assert isinstance(loaded, ec.EllipticCurvePrivateKey)
        signer = loaded
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issued_by)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + begins)
        .not_valid_after(now + ends)
        .sign(signer, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    cert_path, key_path = folder / f"{name}.crt", folder / f"{name}.key"
    cert_path.write_bytes(made.public_bytes(pem))
    key_path.touch(0o600)
    key_path.write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return str(cert_path), str(key_path)


class DoctorCase(SynchronousTestCase):
    """A folder of its own, and the troubles that checks must have."""

    def setUp(self) -> None:
        self.folder = Path(self.mktemp()).resolve()
        self.folder.mkdir(parents=True)

    def write(self, text: str) -> str:
        path = self.folder / "config.yaml"
        path.write_text(text)
        return str(path)

    def trouble(self, check: Callable[..., object], *arguments: object) -> Trouble:
        """Return what a check complains of; a remedy must be there in both languages."""
        trouble = self.assertRaises(Trouble, check, *arguments)
        for text in (str(trouble), trouble.en, trouble.zh):
            self.assertTrue(text)
            self.assertNotIn("\n", text)
        self.assertTrue(any(ord(character) > 0x2E80 for character in trouble.zh), trouble.zh)
        return trouble  # type: ignore[no-any-return]

    def run_main(self, *argv: str) -> tuple[int, str]:
        """Run the command in this process; return its exit code and what it printed."""
        with contextlib.redirect_stdout(io.StringIO()) as output:
            code = doctor.main(argv)
        return code, output.getvalue()


class TableTests(DoctorCase):
    """How the checks are run and told."""

    def examine(self, *table: Check) -> tuple[tuple[int, int], list[str]]:
        with contextlib.redirect_stdout(io.StringIO()) as output:
            counts = check.examine(iter(table))
        return counts, output.getvalue().splitlines()

    def failing(self) -> str:
        raise Trouble(verbatim("found this"), "do that", "请这样做")

    def test_what_a_configuration_is_needed_for_is_not_passed_over(self) -> None:
        for option in ("--user", "--app-type"):
            with (
                contextlib.redirect_stderr(io.StringIO()) as said,
                self.assertRaises(SystemExit) as ended,
            ):
                doctor.main([option, "td"])
            self.assertEqual(ended.exception.code, 2)
            self.assertIn("need --config", said.getvalue())

    def test_all_well(self) -> None:
        counts, lines = self.examine(
            Check("one", "一", lambda: "first"), Check("two", "二", lambda: "second", needs="one")
        )
        self.assertEqual(counts, (0, 0))
        self.assertEqual([line.split() for line in lines], [
            ["one", "一", "ok", "first"], ["two", "二", "ok", "second"]
        ])  # fmt: skip

    def test_a_failure_is_told_with_its_remedies(self) -> None:
        counts, lines = self.examine(Check("one", "一", self.failing))
        self.assertEqual(counts, (1, 0))
        self.assertEqual(lines[0].split(None, 3), ["one", "一", "FAILED", "found this"])
        self.assertEqual([line.strip() for line in lines[1:]], ["→ do that", "→ 请这样做"])

    def test_what_needs_a_failed_check_is_not_run(self) -> None:
        def run() -> str:
            raise AssertionError("was run")

        counts, lines = self.examine(
            Check("one", "一", self.failing),
            Check("two", "二", run, needs="one"),
            Check("three", "三", run, needs="two"),
            Check("four", "四", lambda: "well"),
        )
        self.assertEqual(counts, (1, 2))
        told = [line.split()[:3] for line in lines if line.startswith("  t") or "four" in line]
        self.assertEqual(told, [["two", "二", "-"], ["three", "三", "-"], ["four", "四", "ok"]])
        self.assertIn("needs one", lines[3])

    def test_a_line_is_begun_before_its_check_and_ended_before_the_next(self) -> None:
        output = io.StringIO()
        seen: list[str] = []

        def look() -> str:
            seen.append(output.getvalue())
            return "seen"

        with contextlib.redirect_stdout(output):
            check.examine(iter([Check("one", "一", look), Check("two", "二", look)]))
        self.assertIn("one", seen[0])
        self.assertNotIn("seen", seen[0])
        self.assertIn("seen\n", seen[1])
        self.assertIn("two", seen[1])

    def test_labels_are_as_wide_on_the_screen(self) -> None:
        self.assertEqual(terminal.columns("ab 张三"), 7)
        _, lines = self.examine(
            Check("a", "解释器", lambda: "X"), Check("longer", "锁", lambda: "X")
        )
        self.assertEqual(len({terminal.columns(line) for line in lines}), 1)

    def test_rows_have_names_of_their_own_and_needs_come_first(self) -> None:
        path = self.write(
            "AppType: both\nTdFrontAddress: [tcp://127.0.0.1:1, ssl://127.0.0.1:2]\n"
            "MdFrontAddress: sim://\nListen: [tcp:0, tcp:1]\n"
        )
        names: list[str] = []
        for row in doctor.checks(path):
            self.assertNotIn(row.en, names)
            if row.needs:
                self.assertIn(row.needs, names)
            names.append(row.en)
            if row.en == "configuration":
                row.find()
        self.assertEqual(
            names,
            [
                *INSTALLATION,
                "configuration",
                "permissions",
                "access",
                "values",
                "flow directory",
                "front td 1",
                "CTP td 1",
                "front td 2",
                "CTP td 2",
                "front md",
                "listen 1",
                "listen 2",
            ],
        )

    def test_only_what_is_served_is_checked(self) -> None:
        path = self.write(
            "AppType: td\nTdFrontAddress: sim://\nMdFrontAddress: tcp://127.0.0.1:1\n"
        )
        for app_type, expected in ((None, ["front td"]), ("md", ["front md"])):
            names = []
            for row in doctor.configured(path, app_type):
                names.append(row.en)
                if row.en == "configuration":
                    row.find()
            self.assertEqual([name for name in names if name.startswith("front")], expected)


class InstallationTests(DoctorCase):
    """The checks of what is installed."""

    def test_python(self) -> None:
        self.assertIn(".".join(map(str, sys.version_info[:3])), installation.python())
        self.patch(installation, "PYTHON", (99, 1))
        self.assertIn("99.1", self.trouble(installation.python).en)

    def test_packages(self) -> None:
        found = installation.packages()
        for name in installation.required():
            self.assertIn(f"{name} ", found)
        self.patch(installation, "required", lambda: ["twisted", "no-such-package-of-ours"])
        trouble = self.trouble(installation.packages)
        self.assertEqual(str(trouble), "missing: no-such-package-of-ours")
        self.assertIn("pip install no-such-package-of-ours", trouble.en)

    def test_packages_are_those_of_setup(self) -> None:
        setup = (ROOT / "setup.py").read_text("utf-8")
        listed = setup.partition("install_requires=[")[2].partition("]")[0]
        self.assertEqual(
            [re.match("[A-Za-z-]+", line.strip(' "'))[0] for line in listed.strip().splitlines()],  # type: ignore[index]
            installation.required(),
        )

    def test_webctp_in_a_directory_that_was_not_installed(self) -> None:
        def absent(name: str) -> list[str]:
            raise metadata.PackageNotFoundError(name)

        self.patch(metadata, "requires", absent)
        self.patch(metadata, "version", absent)
        self.assertEqual(str(self.trouble(installation.packages)), "missing: webctp")

    @holds("CREATEFTDCTRADERAPI-1")
    def test_file_descriptors(self) -> None:
        self.patch(descriptors, "prepare", lambda: Room(65_536, 4_096))
        self.assertIn("room for 61312 clients", installation.file_descriptors())
        self.patch(descriptors, "prepare", lambda: Room(1_024, 0))
        self.trouble(installation.file_descriptors)

    def test_c_library(self) -> None:
        self.assertRegex(installation.c_library(), r"^glibc 2\.\d+")
        self.patch(ctypes, "CDLL", lambda name: object())
        self.trouble(installation.c_library)

    def test_locale(self) -> None:
        self.assertIn(locale.NAME, installation.chinese_locale())

        def missing() -> str:
            raise locale.LocaleError("there is no localedef")

        self.patch(locale, "ensure", missing)
        self.assertEqual(str(self.trouble(installation.chinese_locale)), "there is no localedef")

    def test_ctp_library(self) -> None:
        loaded = binding.load()
        found = installation.ctp_library(loaded.package)
        self.assertIn(str(loaded), found)
        for library in (loaded.td_library, loaded.md_library):
            self.assertIn(f"{library.version} from {library.path}", found)
        (other, *_) = [name for name in runtime.PACKAGES if name != loaded.package]
        trouble = self.trouble(installation.ctp_library, other)
        self.assertIn("a process holds one binding", str(trouble))

    def test_catalogues(self) -> None:
        trading = catalog.trading()
        found = installation.catalogue_of(catalog.trading)
        self.assertIn(f"{len(trading.callbacks)} callbacks", found)
        self.assertIn(f"{len(trading.struct_names)} structs", found)
        self.assertIn(f"{len(trading.enumerations)} enumerations", found)
        self.assertIn("9 requests, 13 callbacks", installation.catalogue_of(catalog.market_data))

    def test_a_request_without_an_answer(self) -> None:
        class Odd:
            """A catalogue of one request that nothing answers, or of none."""

            enumerations: tuple[object, ...] = ()
            methods: dict[str, catalog.Method]

        odd: Any = Odd()
        known = catalog.trading().methods["ReqQryOrder"]
        odd.methods = {known.name: replace(known, answer=None)}
        self.assertIn("ReqQryOrder", str(self.trouble(installation.catalogue_of, lambda: odd)))
        odd.methods = {}
        self.assertIn("any request", str(self.trouble(installation.catalogue_of, lambda: odd)))

    def test_layouts(self) -> None:
        self.assertIn("agree both ways", installation.layouts_of(catalog.trading))
        faults = tuple(f"CThostFtdcOrderField.F{number}: off" for number in range(5))
        self.patch(selftest, "run", lambda *_: selftest.Report(1, 5, faults))
        found = str(self.trouble(installation.layouts_of, catalog.trading))
        self.assertIn("5 disagree: CThostFtdcOrderField.F0: off", found)
        self.assertNotIn("F3", found)


class FlowTests(DoctorCase):
    """The directory of flow files, left as it was found."""

    def setUp(self) -> None:
        super().setUp()
        self.base = self.folder / "a" / "con_file"

    def test_one_that_is_missing_is_not_left_behind(self) -> None:
        self.assertIn(str(self.base), files.flow_directory(str(self.base)))
        self.assertEqual(list(self.folder.iterdir()), [])

    def test_what_was_there_stays(self) -> None:
        held = flow.acquire(str(self.base), "front", "broker", "user")
        Path(held.path, "Private.con").write_text("kept")
        before = sorted(self.base.rglob("*"))
        files.flow_directory(str(self.base))
        self.assertEqual(sorted(self.base.rglob("*")), before)
        held.release()
        files.flow_directory(str(self.base))
        self.assertEqual(sorted(self.base.rglob("*")), before)

    def test_an_empty_one_stays(self) -> None:
        self.base.mkdir(parents=True)
        files.flow_directory(str(self.base))
        self.assertEqual(list(self.base.iterdir()), [])

    def test_one_that_cannot_be_made(self) -> None:
        self.base.parent.write_text("a file is in the way")
        self.assertIn(str(self.base), str(self.trouble(files.flow_directory, str(self.base))))
        self.assertEqual(self.base.parent.read_text(), "a file is in the way")

    def test_a_disk_on_which_locks_do_not_hold(self) -> None:
        def flock(*_: object) -> None:
            """Lock nothing, as some network disks do."""

        self.patch(flow.fcntl, "flock", flock)  # type: ignore[attr-defined]
        self.assertIn("locks", str(self.trouble(files.flow_directory, str(self.base))))
        self.assertEqual(list(self.folder.iterdir()), [])


class FrontTests(DoctorCase):
    """Whether fronts can be reached."""

    def found(self, address: str) -> str:
        path = self.write(f"TdFrontAddress: {address}\n")
        return network.front(path, load(path), address)

    def test_one_that_listens(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as server:
            for scheme in ("tcp", "ssl"):
                address = f"{scheme}://127.0.0.1:{server.getsockname()[1]}"
                self.assertIn(f"{address} accepts connections", self.found(address))

    def test_one_that_does_not(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as server:
            port = server.getsockname()[1]
        trouble = self.trouble(self.found, f"tcp://127.0.0.1:{port}")
        self.assertIn(f"tcp://127.0.0.1:{port}", str(trouble))
        self.assertIn("refused", str(trouble))

    def test_one_that_is_silent_is_given_three_seconds(self) -> None:
        asked: list[tuple[object, object]] = []

        def connect(address: object, timeout: object) -> None:
            asked.append((address, timeout))
            raise TimeoutError("timed out")

        self.patch(socket, "create_connection", connect)
        self.assertIn("timed out", str(self.trouble(self.found, "tcp://127.0.0.1:41205")))
        self.assertEqual(asked, [(("127.0.0.1", 41205), 3.0)])

    def greeting(self, user: str | None = None, **answers: int) -> str:
        """What is said of a front that answers so."""
        front = FakeFront()
        for name, error in answers.items():
            front.on(name, error=error)
        self.patch(network, "NativeFront", lambda binding: front)
        config = Config(
            app_id="client",
            auth_code=Secret("0123456789abcdef"),
            td_front_address=("tcp://one:1",),
        )
        found = network.greeting(config, "tcp://one:1", user)
        self.assertEqual(user is not None, "ReqAuthenticate" in front.names)
        return found

    def test_one_that_is_greeted(self) -> None:
        self.assertIn("tcp://one:1: OnFrontConnected", self.greeting())
        self.assertIn("6001 is authenticated", self.greeting("6001"))

    def test_one_that_does_not_take_the_authentication(self) -> None:
        with self.assertRaises(Trouble) as raised:
            self.greeting("6001", ReqAuthenticate=63)
        self.assertIn("63, CTP:客户端认证失败", str(raised.exception))
        self.assertIn("the broker's trading port", raised.exception.en)
        self.assertNotIn("0123456789abcdef", f"{raised.exception} {raised.exception.en}")

    def test_simulated_ones(self) -> None:
        self.patch(socket, "create_connection", None)
        state = self.folder / "state.db"
        for address in ("sim://", f"sim://?statepath={state}"):
            self.assertIn("simulated", self.found(address))
        self.assertFalse(state.exists())
        with tempfile.TemporaryDirectory() as place, socket.socket(socket.AF_UNIX) as served:
            served.bind(f"{place}/sock")
            served.listen()
            self.assertIn("simulated", self.found(f"sim+unix://{place}/sock"))

    def test_simulated_ones_that_cannot_be(self) -> None:
        for address, said in (
            ("sim://?seed=x", ":1: TdFrontAddress: option Seed: found 'x', wanted an integer"),
            ("sim://?statepath=/proc/none/state", ": Sim.StatePath: /proc"),
            ("replay:///nowhere.csv", "/nowhere.csv: no such file"),
            ("sim+unix:///none/sock", "/none/sock: No such file or directory; start the exchange"),
        ):
            self.assertIn(said, str(self.trouble(self.found, address)))

    def test_a_mistake_below_sim_is_told_with_its_line(self) -> None:
        for address in ("sim://", "sim+unix:///none/sock", "replay:///nowhere.csv"):
            path = self.write(f"TdFrontAddress: {address}\nSim:\n  Seed: 7\n  Sped: 60\n")
            trouble = self.trouble(network.front, path, load(path), address)
            said = f"{path}:4: Sim.Sped: found an unknown key, wanted Sim.Speed（未知的键）"
            self.assertEqual(str(trouble), said)


class JournalTests(DoctorCase):
    """The journal's file."""

    def setUp(self) -> None:
        super().setUp()
        self.path = self.folder / "journal" / "td.sqlite"

    def test_one_that_is_to_be_made_is_not_made(self) -> None:
        self.assertEqual(files.journal(str(self.path)), f"{self.path}, to be made")
        self.assertEqual(list(self.folder.iterdir()), [])

    def test_one_that_is_kept(self) -> None:
        Store(self.path).close()
        self.assertRegex(files.journal(str(self.path)), r"td\.sqlite, \d\.\d MiB$")
        lock = JournalLock(self.path)
        lock.acquire()
        self.addCleanup(lock.release)
        self.assertIn(f", kept by process {os.getpid()} now", files.journal(str(self.path)))

    def test_what_is_no_journal(self) -> None:
        self.path.parent.mkdir()
        self.path.write_bytes(b"no database, but long enough to be looked at" * 100)
        self.check_trouble()
        self.path.unlink()
        self.path.mkdir()
        self.check_trouble()

    def check_trouble(self) -> None:
        with self.assertRaises(Trouble) as caught:
            files.journal(str(self.path))
        self.assertIn(str(self.path), str(caught.exception))

    def test_a_place_where_none_can_be(self) -> None:
        self.path.parent.touch()
        with self.assertRaises(Trouble):
            files.journal(str(self.path))

    def test_it_is_a_row_where_trading_is_served(self) -> None:
        path = self.write(
            f"AppType: td\nTdFrontAddress: sim://\nMdFrontAddress: sim://\n"
            f"Journal: {{Path: {self.path}}}\n"
        )
        for app_type, expected in (("td", ["journal"]), ("md", [])):
            names = []
            for row in doctor.configured(path, app_type):
                names.append(row.en)
                if row.en == "configuration":
                    row.find()
            self.assertEqual([name for name in names if name == "journal"], expected)


class UnwritableTests(DoctorCase):
    """Places that the access bits allow, for root at least, and the file system does not."""

    def test_doctor_and_the_daemon_say_so(self) -> None:
        front = "AppType: both\nTdFrontAddress: sim://\nMdFrontAddress: sim://\n"
        base = f"ConFilePath: {self.folder}/flow\n"
        for key, name, find in (
            ("Journal", "journal.sqlite", files.journal),
            ("Record", "ticks", files.recordings),
        ):
            path = f"/proc/{name}"
            trouble = self.trouble(find, path)
            self.assertIn("/proc cannot be written", str(trouble))
            config = load(self.write(f"{front}{base}{key}: {{Path: {path}}}\n"))
            problem = self.assertRaises(ConfigError, preflight.check_places, config)
            self.assertTrue(str(problem).startswith(f"{key}.Path: /proc cannot be written"))

    def test_recordings(self) -> None:
        self.assertEqual(files.recordings(f"{self.folder}/new"), f"{self.folder}/new")
        (self.folder / "file").touch()
        self.assertIn("is no directory", str(self.trouble(files.recordings, f"{self.folder}/file")))


class PortTests(DoctorCase):
    """Where the gateway is to listen."""

    def config(self, number: int) -> Config:
        return load(self.write(f"TdFrontAddress: sim://\nHost: 127.0.0.1\nPort: {number}\n"))

    def answering(self, answer: bytes) -> int:
        """Serve one connection with this answer; return the port."""
        listening = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(listening.close)

        def serve() -> None:
            connection, _ = listening.accept()
            with connection:
                connection.recv(4096)
                connection.sendall(answer)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        self.addCleanup(thread.join, 10)
        return int(listening.getsockname()[1])

    def test_a_free_one(self) -> None:
        self.assertEqual(network.port(self.config(0)), "127.0.0.1:0 is free")

    def test_one_that_another_program_holds(self) -> None:
        number = self.answering(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok\n")
        trouble = self.trouble(network.port, self.config(number))
        self.assertIn(f"127.0.0.1:{number} is taken by another program", str(trouble))
        self.assertIn("--port", trouble.en)

    def test_one_that_a_gateway_holds(self) -> None:
        answer = b"HTTP/1.1 200 OK\r\nServer: webctp\r\nContent-Length: 3\r\n\r\nok\n"
        self.assertIn("a gateway that runs", network.port(self.config(self.answering(answer))))

    def test_one_that_cannot_be(self) -> None:
        config = replace(self.config(0), host="192.0.2.1")
        self.assertIn("no such address", str(self.trouble(network.port, config)))

    def test_the_counts_are_those_of_the_documents(self) -> None:
        text = (ROOT / "docs" / "td_protocol.md").read_text("utf-8")
        version, loaded = made_from("td_protocol.md", text), runtime.load().version
        if version != loaded:
            raise SkipTest(f"docs/td_protocol.md is made from {version}, and {loaded} is loaded")
        for made, told in (
            (catalog.trading, r": (\d+) requests and (\d+) answers"),
            (catalog.market_data, r", (\d+) and (\d+) for market data"),
        ):
            found = re.search(told, text)
            assert found is not None
            said = installation.catalogue_of(made)
            self.assertTrue(said.startswith(f"{found[1]} requests, {found[2]} callbacks"), said)


class PlaceTests(DoctorCase):
    """Values, files and who may read them."""

    def config(self, text: str) -> tuple[str, Config]:
        path = self.write(f"TdFrontAddress: tcp://127.0.0.1:1\n{text}")
        return path, load(path)

    def test_a_configuration_that_all_may_read(self) -> None:
        path, config = self.config("AuthCode: 0123456789abcdef\n")
        os.chmod(path, 0o644)
        trouble = self.trouble(files.permissions, path, config)
        self.assertIn(path, str(trouble))
        self.assertEqual(trouble.en, f"chmod o= {path}")
        self.assertNotIn("0123456789abcdef", str(trouble))
        os.chmod(path, 0o640)
        files.permissions(path, config)

    def test_a_value_that_is_too_long(self) -> None:
        trouble = self.trouble(files.values, *self.config("BrokerID: '123456789012'\n"))
        self.assertIn("config.yaml:2: BrokerID: CTP wants at most 10 bytes", str(trouble))
        trouble = self.trouble(files.values, *self.config("MdUserID: '1234567890123456'\n"))
        self.assertIn("MdUserID: CTP wants at most 15 bytes", str(trouble))


class TlsTests(DoctorCase):
    """Certificates, keys and endpoints."""

    def files(self, begins: timedelta = -DAY, ends: timedelta = 90 * DAY) -> Tls:
        cert, key = certificate(self.folder, "server", begins, ends)
        return Tls(cert_file=cert, key_file=key)

    def test_valid(self) -> None:
        until = datetime.now(UTC) + 90 * DAY
        self.assertIn(f"valid until {until:%Y-%m-%d}", network.tls(self.files()))

    def test_expired(self) -> None:
        self.assertTrue(
            str(self.trouble(network.tls, self.files(-9 * DAY, -DAY))).startswith("expired")
        )

    def test_about_to_expire(self) -> None:
        trouble = self.trouble(network.tls, self.files(ends=tls.EXPIRES_SOON - DAY))
        self.assertTrue(str(trouble).startswith("expires soon"))
        network.tls(self.files(ends=tls.EXPIRES_SOON + DAY))

    def test_not_valid_yet(self) -> None:
        trouble = self.trouble(network.tls, self.files(begins=DAY))
        self.assertTrue(str(trouble).startswith("not valid before"))

    def test_a_chain_expires_with_its_first_certificate(self) -> None:
        chain, _ = certificate(self.folder, "between", -DAY, 2 * DAY)
        cert, key = certificate(self.folder, "issued", -DAY, 90 * DAY, issuer="between")
        files = Tls(cert_file=cert, key_file=key, chain_file=chain)
        self.assertTrue(str(self.trouble(network.tls, files)).startswith("expires soon"))

    def test_a_chain_of_another_issuer(self) -> None:
        chain, _ = certificate(self.folder, "another", -DAY, 90 * DAY)
        trouble = self.trouble(network.tls, replace(self.files(), chain_file=chain))
        self.assertIn(f"{chain}: CN=another has not issued the certificate of ", str(trouble))

    def test_the_key_of_another(self) -> None:
        _, key = certificate(self.folder, "other", -DAY, DAY)
        self.assertIn(key, str(self.trouble(network.tls, replace(self.files(), key_file=key))))

    def test_files_that_are_gone(self) -> None:
        files = replace(self.files(), cert_file=str(self.folder / "gone"))
        self.assertIn("gone", str(self.trouble(network.tls, files)))

    def test_endpoints(self) -> None:
        files = self.files()
        self.assertEqual(network.endpoint("tcp:0"), "tcp:0")
        ssl = f"ssl:0:privateKey={files.key_file}:certKey={files.cert_file}"
        self.assertIn("ssl, valid until", network.endpoint(ssl))
        self.files(-9 * DAY, -DAY)
        self.assertTrue(str(self.trouble(network.endpoint, ssl)).startswith("expired"))

    def test_the_audit_log(self) -> None:
        self.assertEqual(
            files.audit_log(f"{self.folder}/audit/td.jsonl"), f"{self.folder}/audit/td.jsonl"
        )
        self.assertIn("is a directory", str(self.trouble(files.audit_log, str(self.folder))))

    def test_tokens(self) -> None:
        path = Path(self.folder) / "tokens.json"
        config = load(self.write(f"TdFrontAddress: sim://\nAccess: {{Tokens: {path}}}\n"))
        self.assertIn("token add makes it", str(self.trouble(files.access, config)))
        with editing(path) as tokens:
            tokens += [token(), token("old", expires=NOW.replace(year=2020))]
        found = files.access(config)
        self.assertIn("2 tokens", found)
        self.assertIn("expired 已过期: old", found)

    def test_endpoints_that_cannot_be_made(self) -> None:
        for description in ("tcp:port", "nothing:0", f"ssl:0:privateKey={self.folder}/gone"):
            self.assertIn(description, str(self.trouble(network.endpoint, description)))


class CommandTests(DoctorCase):
    """The command, in this process and as one of its own."""

    def test_all_well(self) -> None:
        cert, key = certificate(self.folder, "server", -DAY, 90 * DAY)
        path = self.write(
            "AppType: both\nTdFrontAddress: sim://\nMdFrontAddress: sim://\n"
            f"ConFilePath: {self.folder}/con_file\nAuthCode: 0123456789abcdef\n"
            f"Journal: {{Path: {self.folder}/journal/td.sqlite}}\n"
            f"TLS: {{CertFile: {cert}, KeyFile: {key}}}\nPort: 0\n"
        )
        code, output = self.run_main("--config", path)
        self.assertEqual(code, 0, output)
        rows = [
            *INSTALLATION,
            "configuration",
            "permissions",
            "access",
            "values",
            "flow directory",
            "journal",
            "front td",
            "front md",
            "port",
            "TLS",
        ]
        lines = [line.strip() for line in output.splitlines() if line.startswith("  ")]
        self.assertEqual(len(lines), len(rows), output)
        for row, line in zip(rows, lines, strict=True):
            self.assertTrue(line.startswith(f"{row} "), line)
            self.assertIn("  ok      ", line)
        self.assertIn("all is well · 一切正常", output)
        self.assertNotIn("0123456789abcdef", output)

    def test_a_port_that_is_open_to_the_network_is_a_failure(self) -> None:
        path = self.write(f"TdFrontAddress: sim://\nConFilePath: {self.folder}/c\nPort: 0\n")
        code, output = self.run_main("--config", path)
        self.assertEqual(code, 1, output)
        self.assertIn("whoever reaches 0.0.0.0:0 may try any account", output)
        self.assertIn("Access.Tokens", output)

    def test_what_is_found_is_told_in_chinese(self) -> None:
        path = self.write(
            "AppType: td\nTdFrontAddress: sim://\nLanguage: zh\nPort: 0\nHost: 127.0.0.1\n"
        )
        self.patch(files, "flow_directory", lambda base: base)
        code, output = self.run_main("--config", path)
        self.assertEqual(code, 0, output)
        self.assertIn("  正常    sim:// 为模拟前置\n", output)
        self.assertIn("机密只有其所有者可读", output)
        path = self.write("TdFrontAdress: sim://\nLanguage: zh\n")
        code, output = self.run_main("--config", path)
        self.assertEqual(code, 1)
        self.assertIn(f"失败    {path}:1：TdFrontAdress：未知的键，应为 TdFrontAddress\n", output)
        self.assertIn("→ 请改正配置文件；各项说明见 etc/td.yaml\n", output)
        self.assertNotIn("correct the file", output)

    def test_without_a_configuration(self) -> None:
        code, output = self.run_main()
        self.assertEqual(code, 0, output)
        self.assertNotIn("configuration", output)

    def test_a_configuration_that_cannot_be_read(self) -> None:
        code, output = self.run_main("--config", self.write("TdFrontAdress: sim://\n"))
        self.assertEqual(code, 1)
        self.assertIn("TdFrontAddress", output)  # the nearest key
        self.assertIn("1 failed, 0 not checked · 1 项失败，0 项未检查", output)

    def test_no_locale(self) -> None:
        def missing() -> str:
            raise locale.LocaleError("there is no localedef")

        self.patch(locale, "ensure", missing)
        code, output = self.run_main()
        self.assertEqual(code, 1)
        self.assertIn("1 failed, 5 not checked", output)

    def test_a_process_of_its_own(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as server:
            closed = server.getsockname()[1]
        sound = self.write("TdFrontAddress: sim://\nAppType: td\nHost: 127.0.0.1\nPort: 0\n")
        broken = self.folder / "broken.yaml"
        broken.write_text(f"TdFrontAddress: tcp://127.0.0.1:{closed}\nAppType: td\nPort: 0\n")
        for path, encoding, expected in ((sound, "utf-8", 0), (str(broken), "ascii", 1)):
            done = subprocess.run(
                [sys.executable, "-m", "webctp", "doctor", "--config", path],
                cwd=self.folder,
                env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": encoding},
                capture_output=True,
                encoding=encoding,
                check=False,
            )
            self.assertEqual((done.returncode, done.stderr), (expected, ""), done.stdout)
            self.assertEqual("FAILED" in done.stdout, bool(expected))
        self.assertIn(f"tcp://127.0.0.1:{closed}", done.stdout)
        self.assertFalse((self.folder / "con_file").exists())


class Bundles(SynchronousTestCase):
    """`--bundle`: what is packed without a daemon, and how it is masked."""

    def test_accounts_addresses_and_secrets_are_masked_alike(self) -> None:
        files = {
            "admin/log.txt": "login of 012345 from tcp4:10.1.2.3:5 [account=9999:012345]\n"
            "10.1.2.3 again, 10.9.9.9, tcp6:2001:db8::1 and ::1 and 127.0.0.1 at 10:11:12\n",
            "admin/sessions.json": '{"sessions": [{"account": "9999:trader7"}]}',
        }
        masked = bundle.Masking(files, [Secret('ge"heim'), Secret()])
        self.assertEqual(
            masked(files["admin/log.txt"]).decode(),
            "login of 01*** from tcp4:address-1:5 [account=9999:01***]\n"
            "address-1 again, address-2, tcp6:address-3 and ::1 and 127.0.0.1 at 10:11:12\n",
        )
        self.assertEqual(masked("trader7, trader77, x.trader7"), b"tr***, trader77, x.trader7")
        self.assertEqual(masked('ge"heim {"a": "ge\\"heim"}'), b'*** {"a": "***"}')
        self.assertEqual(masked(f"webctp_{'a' * 43}"), b"webctp_***")

    def test_without_a_daemon_it_says_so_and_is_never_overwritten(self) -> None:
        folder = Path(self.mktemp()).absolute()
        folder.mkdir()
        config, path = folder / "webctp.yaml", folder / "x.tar.gz"
        config.write_text(f"TdFrontAddress: sim://\nConFilePath: {folder}/flow\nPort: 1\n")
        names = bundle.written(str(path), str(config), None, "all is well\n")
        self.assertEqual(names, ["doctor.txt", "versions.json", "configuration.json", "daemon.txt"])
        self.assertEqual(path.stat().st_mode & 0o777, 0o600)
        with tarfile.open(path) as packed:
            entry = packed.extractfile("webctp-bundle/daemon.txt")
            assert entry is not None
            told = entry.read().decode()
        self.assertIn("admin/log.txt: ", told)
        with self.assertRaises(FileExistsError):
            bundle.written(str(path), str(config), None, "")
