"""What the documents tell people to type, typed: commands and programs of every page."""

import ast
import importlib
import re
import shutil
import signal
import sys
import tempfile
from collections.abc import Awaitable, Callable, Iterable
from fnmatch import fnmatchcase
from itertools import chain
from pathlib import Path
from typing import Any, Final
from urllib.request import urlopen

from twisted.internet.defer import Deferred, gatherResults
from twisted.internet.threads import deferToThread
from twisted.internet.utils import getProcessOutputAndValue
from twisted.trial.unittest import SynchronousTestCase, TestCase

from tests.commands.docs.support import DOCS, READMES
from tests.daemons import ROOT, DaemonProcess, until
from tests.documented import Machine, Running, documented, programs
from tests.test_end_to_end import sample
from tests.wsclient import Client, connect
from webctp.testing import Gateway

_MINUTES: Final = "takes minutes; its short form is a test of its own"
_SYSTEMD: Final = "needs a running systemd; tests.test_systemd reads the unit"
_INSTALLS: Final = "installs from the network; tests.test_packaging installs the wheel"
_DOCKER: Final = "no engine runs here; make container carries the steps out"
_ADMINISTRATOR: Final = "needs root, and changes the system's groups or certificates"
_SHORT: Final = "takes a minute; tests.hostile.test_measurements is its short form"
_BENCH: Final = "its figures need a quiet machine, and minutes"
_CHECKOUT: Final = "changes the checkout; tests.commands.docs do the same on a copy"
_ITSELF: Final = "runs these very tests"

NOT_RUN: Final = {
    **dict.fromkeys(("make test", "make test TESTS=*", "make quick"), _ITSELF),
    **dict.fromkeys(("make quick SEED=7", "make coverage", "make lint"), _ITSELF),
    **dict.fromkeys(("make format", "make docs", "python -m webctp docs --record"), _CHECKOUT),
    **dict.fromkeys(
        ("make fuzz", "make soak", "make vnpy", "make hostile", "make chaos", "make native"),
        _MINUTES,
    ),
    **dict.fromkeys(
        ("make conformance", "make ledger", "make chaos STORIES=500", "make matrix"), _MINUTES
    ),
    "make portfolio DAYS=100": _MINUTES,
    "make soak HOURS=76 SECONDS=660": _MINUTES,
    "make schemathesis": _MINUTES,
    "make clients": _MINUTES,
    **dict.fromkeys(("make conditional", "make conditional STORIES=200"), _MINUTES),
    **dict.fromkeys(("make conformance PYTHON2=python2.7", "make fuzz SECONDS=1800"), _MINUTES),
    **dict.fromkeys(("make bindings", "make container", "make sbom", "make console"), _INSTALLS),
    **dict.fromkeys(("docker build -t webctp .", "docker run *"), _DOCKER),
    "docker compose up *": _DOCKER,
    "docker compose -f etc/compose/edges.yaml up *": _DOCKER,
    **dict.fromkeys(("install -d -m 700 secrets", "openssl rand -hex 24 *"), _CHECKOUT),
    **dict.fromkeys(("make bench", "python -m bench --quick", "python -m bench.micro"), _BENCH),
    **dict.fromkeys(("python -m bench.profile", "python -m bench.journal"), _BENCH),
    "python -m bench --only compact": _BENCH,
    "python -m bench.risk": _BENCH,
    "python -m bench.checkedorders": _BENCH,
    "python -m bench.bars": _BENCH,
    "python -m bench.portfolio": _BENCH,
    "python -m bench.tokens": _BENCH,
    "python -m bench.wire": _BENCH,
    "python -m bench.many": _BENCH,
    "make bus": "takes minutes; tests.bus.test_schedules is its short form",
    "make bus STORIES=300": _MINUTES,
    "python -m tests.bus.schedules --seed 7": "tests.bus.test_schedules plays others of its kind",
    "python -m tests.chaos --story 30002": _MINUTES,
    "python -m tests.clients.python.kills --moments 50": _MINUTES,
    "python -m tests.clients.python.speed": _BENCH,
    "python -m tests.clients.typescript.kills --moments 50": _MINUTES,
    "npm *": _INSTALLS,
    "pip install ./clients/python": _INSTALLS,
    "pip install ./clients/python ./clients/vnpy": _INSTALLS,
    "webctp-client --user demo desk *": "fills a terminal; tests.clients.python.desk plays it",
    "webctp-client --user demo mcp": "waits for an assistant; clients.python.assistant is one",
    "pip install './clients/python[[]*": _INSTALLS,
    "python -m tests.hostile --tls": _MINUTES,
    "python -m tests.hostile.halfopen": _SHORT,
    "python -m tests.hostile.halfopen --tls": _SHORT,
    "python -m tests.hostile.tokentimes": _SHORT,
    "python -m tests.hostile --only ticks --seconds 10 --turns": _MINUTES,
    "python -m tests.hostile --only pings --seconds 10": _MINUTES,
    **dict.fromkeys(("python3 -m venv /opt/webctp", "pip install ."), _INSTALLS),
    "python -m tests.upgrade --clients 200 --restarts 2": _MINUTES,
    "python -m tests.browser.screenshots": "makes pictures anew; the row R-01 compares them",
    "make upgrade": "takes a minute; tests.upgrade.test_proof is its short form",
    "systemctl daemon-reload": _SYSTEMD,
    "systemctl enable --now webctp-edge@1 webctp-edge@2": _SYSTEMD,
    **dict.fromkeys(
        ("twistd -n webctp --config etc/node.yaml", "twistd -n webctp --config etc/edge.yaml"),
        "needs a Redis on its usual port; tests.bus.test_feed runs both on one of its own",
    ),
    "systemctl edit webctp@td.socket": _SYSTEMD,
    "systemctl enable --now webctp@td.socket": _SYSTEMD,
    "systemctl stop webctp@td.socket webctp@td": _SYSTEMD,
    "systemctl enable --now webctp@td webctp@md": _SYSTEMD,
    "systemctl edit webctp@td": _SYSTEMD,
    **dict.fromkeys(("systemctl start", "systemctl status", "systemctl reload"), _SYSTEMD),
    **dict.fromkeys(("systemctl restart", "systemctl restart webctp@td"), _SYSTEMD),
    "systemctl reload webctp@td": _SYSTEMD,
    "systemd-analyze security webctp@td": _SYSTEMD,
    "journalctl -fu webctp@td": _SYSTEMD,
    "groupadd -r webctp-tls": _ADMINISTRATOR,
    "install -d -m 750 -g webctp-tls /etc/webctp-tls": _ADMINISTRATOR,
    "cp fullchain.pem privkey.pem /etc/webctp-tls/": _ADMINISTRATOR,
    "chgrp webctp-tls /etc/webctp-tls/*.pem": _ADMINISTRATOR,
    "chmod 640 /etc/webctp-tls/*.pem": _ADMINISTRATOR,
    "make news": _INSTALLS,
    "pip install pyarrow": _INSTALLS,
    "pre-commit install": "changes the checkout's hooks",
    "towncrier build --version X.Y.Z": "makes a release; tests.test_news reads the fragments",
}
"""Commands that are not run, and why; ``*`` is any text. Make says what its own would do."""

PROGRAMS: Final = {
    ("README.md", "python"): "test_documented.Commands.python_of_a_readme",
    ("README.zh-CN.md", "python"): "test_documented.Commands.python_of_a_readme",
    ("testing.md", "python"): "testing.test_threaded.Threaded",
    ("quickstart.md", "python"): "clients.python.test_documents.Documents.test_quickstart",
    ("recording.md", "python"): "test_documented.Programs.test_pandas_is_no_dependency",
    ("http.md", "python"): "gateway.rest.test_orders.Page",
    ("quickstart.md", "ts"): "clients.typescript.test_documents.Documents.test_quickstart",
    ("clients/python/README.md", "python"): "clients.python.test_documents.Documents",
    ("clients/typescript/README.md", "ts"): "clients.typescript.test_documents.Documents",
    ("clients/vnpy/README.md", "python"): "clients.vnpy.test_documents.Documents",
    ("README.md", "js"): "test_first_steps.Console",
    ("README.zh-CN.md", "js"): "test_first_steps.Readme.test_both_languages_show_the_same",
    ("td_protocol.md", "js"): "test_first_steps.Console",
    ("md_protocol.md", "js"): "test_first_steps.Console",
}
"""Who runs the programs of a page in a language."""

INTERRUPTED: Final = (0, 2, -signal.SIGINT, 128 + signal.SIGINT)
"""How a shell, make, or twistd end after Ctrl-C."""
_LONG: Final = re.compile(
    r"twistd -n webctp |python -m tests|python -m webctp sim \S+ --opt|twistd w"
)
_AFTERWARDS: Final = re.compile(r"make run PORT=|python -m webctp sim \S+ --control")
"""What another program must have ended before."""
_Run = Callable[[str], Awaitable[object]]


def reason(line: str) -> str:
    """Return why a command is not run; nothing where it is to be."""
    return next((why for one, why in NOT_RUN.items() if fnmatchcase(line, one)), "")


class Tables(SynchronousTestCase):
    """The tables of what is run say nothing of what is not documented any more."""

    def test_of_commands(self) -> None:
        shown = documented()
        self.assertGreater(len(shown), 50)
        unused = [one for one in NOT_RUN if not any(fnmatchcase(line, one) for line in shown)]
        self.assertEqual(unused, [])

    def test_both_languages_show_the_same_commands(self) -> None:
        english, chinese = (list(documented((page,))) for page in READMES)
        self.assertEqual(english, chinese)
        self.assertGreater(len(english), 8)


class Programs(SynchronousTestCase):
    """Each program that a page shows is run by a test."""

    def test_each_is_run_by_a_test(self) -> None:
        shown = {(page, one) for one in ("python", "js", "ts") for page, _ in programs(one)}
        self.assertEqual(shown, set(PROGRAMS))
        for name in PROGRAMS.values():
            module, _, rest = name.partition(".")
            while rest and rest[0].islower():
                more, _, rest = rest.partition(".")
                module += f".{more}"
            found: Any = importlib.import_module(f"tests.{module}")
            for part in rest.split("."):
                found = getattr(found, part)

    def test_pandas_is_no_dependency(self) -> None:
        """So this one is only read; its columns are those of a recording."""
        (text,) = (text for page, text in programs("python") if page == "recording.md")
        ast.parse(text)
        self.assertLessEqual(
            set(re.findall(r'"(\w+)"', text)), {"TradingDay", "ActionDay", "ReceivedTime"}
        )


class Commands(TestCase):
    """Every command of every page, on a machine of its own."""

    timeout = 240

    def setUp(self) -> None:
        # Not below the checkout, whose path may have spaces: commands are typed as they stand.
        folder = Path(tempfile.mkdtemp(prefix="webctp-documented-"))
        self.addCleanup(shutil.rmtree, folder)
        self.machine = Machine(folder)
        self.addCleanup(self.machine.kill)
        self.day = ""

    async def test_each(self) -> None:
        with self.machine.start(self.makes("make run")) as daemon:
            port = await self.greets(daemon)
            await self.trades(port)
            shown = list(documented().items())
            long = [one for one in shown if _LONG.match(one[0])]
            short = [one for one in shown if one not in long and not _AFTERWARDS.match(one[0])]
            lanes = (short, long[::2], long[1::2])
            begun = [Deferred.fromCoroutine(self.lane(one, port)) for one in lanes]
            told: list[list[str]] = await gatherResults(begun, consumeErrors=True)
            wrong = list(chain.from_iterable(told))
            self.assertEqual(wrong, [], "\n".join(wrong))
            await self.python_of_a_readme(port)
            self.assertIn(await daemon.interrupted(), INTERRUPTED, daemon.output)
            self.assertNotIn("Traceback", daemon.output)
        afterwards = [one for one in shown if _AFTERWARDS.match(one[0])]
        self.assertEqual(await self.lane(afterwards, port), [])

    async def lane(self, shown: Iterable[tuple[str, str]], port: int) -> list[str]:
        """Run some commands, one after the other; return what is wrong."""
        wrong = []
        for line, page in shown:
            try:
                await self.try_out(line, port)
            except Exception as problem:  # noqa: BLE001 - each is told with its page
                wrong.append(f"{page}: {line}: {problem!r}: {problem}")
        return wrong

    async def try_out(self, line: str, port: int) -> None:
        run = self.runner(line, port)
        if line == "make run":
            return
        if run is not None:
            await run(line)
            return
        self.assertTrue(reason(line), "nobody has said how this is run, or why it is not")
        if line.startswith("make "):
            await self.dry(line)

    def runner(self, line: str, port: int) -> _Run | None:
        """Return what runs a command, None where the table of reasons has to say why nothing."""
        for pattern, run in (
            (r"make help", self.helps),
            (r"make run PORT=\d+", self.takes_a_port),
            (r"python etc/hello\.py", lambda line: self.hello(line, port)),
            (r"twistd -n webctp .*", self.serves),
            (r"twistd webctp .*", self.goes_to_the_background),
            (r"twistd --pidfile=\S+ --logfile=\S+", self.goes_to_the_background),
            (r"python -m webctp doctor .*", self.diagnoses),
            (r"python -m webctp check \S+", self.checks),
            (r"python -m webctp journal \w+ .*", self.reads_the_journal),
            (r"python -m webctp token \w+ .*", self.manages_tokens),
            (r"python -m webctp kill \S+ .*", self.forbids),
            (r"python -m webctp admin drain .*", self.drains),
            (r"python -m webctp admin reload .*", self.reloads),
            (r"python -m webctp admin (?!drain|reload)\w+ .*", self.administers),
            (r"python -m webctp audit .*", self.finds_nothing),
            (r"python -m webctp bars .*", self.finds_nothing),
            (r"python -m webctp sim \S+ --options .*", self.simulates),
            (r"python -m webctp sim \S+ --control .*", self.controls),
            (r"python -m tests\.chaos --seed \d+", self.succeeds),
            (r"webctp-client .*", lambda line: self.asks(line, port)),
            (r"twistd -n|python -m webctp( \w+)?( --help)?", self.only_named),
            (r"twistd --help.*|install .*/etc/webctp|\$\{EDITOR:-vi\} .*", self.succeeds),
            (r"cp etc/webctp(-edge)?@\.(service|socket) .*", self.succeeds),
        ):
            if re.fullmatch(pattern, line) and not reason(line):
                return run
        return None

    # How they are run

    def makes(self, line: str) -> str:
        """Return a command of make's; where there is no make, its recipe."""
        if shutil.which("make") is not None:
            return line
        self.assertIn(line.partition("=")[0], ("make run", "make run PORT"))
        port = line.partition("PORT=")[2]
        return f"twistd --nodaemon webctp --config etc/sim.yaml {f'--port {port}' if port else ''}"

    async def dry(self, line: str) -> None:
        """Let make say what it would do: each module that it would run is there."""
        if shutil.which("make") is None:
            return
        status, said = await self.machine.run(line.replace("make ", "make -n ", 1))
        self.assertEqual(status, 0, said)
        for module in re.findall(r" -m ((?:tests|bench|webctp)[\w.]*)", said):
            importlib.import_module(module)

    async def succeeds(self, line: str) -> str:
        status, said = await self.machine.run(line)
        self.assertEqual(status, 0, said)
        self.assertNotIn("Traceback", said)
        return said

    async def asks(self, line: str, port: int) -> None:
        """Ask the gateway by the client's command line."""
        here = f"python -m webctp_client --url ws://127.0.0.1:{port}"
        await self.succeeds(line.replace("webctp-client", here, 1))

    async def helps(self, line: str) -> None:
        if shutil.which("make") is not None:
            self.assertIn("make run PORT=8081", await self.succeeds(line))

    async def only_named(self, line: str) -> None:
        said = await self.succeeds(line if line.endswith("--help") else f"{line} --help")
        self.assertRegex(said, "(?i)usage|Its tools")

    async def greets(self, daemon: Running) -> int:
        """`make run` says where the gateway is, and it is there."""
        port = await daemon.serves()
        if shutil.which("make") is not None:
            self.assertIn(f"hello.py ws://127.0.0.1:{port}", daemon.output)
        url = f"http://127.0.0.1:{port}/healthz"
        answer: bytes = await deferToThread(lambda: urlopen(url).read())
        self.assertEqual(answer.strip(), b"ok")
        return port

    async def trades(self, port: int) -> None:
        """Let the journal hold an order, a trade, and an error."""
        client = await connect(port, "/td/")
        login = {"UserID": "demo", "Password": "demo"}
        answer = await client.ask({"MsgType": "ReqUserLogin", "ReqUserLogin": login})
        self.day = answer["RspUserLogin"]["TradingDay"]
        listed = await self.query(client, "Instrument", ExchangeID="SHFE", ProductID="cu")
        name = listed[0]["InstrumentID"]
        (tick,) = await self.query(client, "DepthMarketData", InstrumentID=name)
        order = {
            "InstrumentID": name,
            "ExchangeID": "SHFE",
            "Direction": "0",
            "CombOffsetFlag": "0",
            "CombHedgeFlag": "1",
            "OrderPriceType": "2",
            "LimitPrice": tick["UpperLimitPrice"],
            "VolumeTotalOriginal": 1,
            "TimeCondition": "3",
            "VolumeCondition": "1",
            "MinVolume": 1,
            "ContingentCondition": "1",
            "ForceCloseReason": "0",
        }
        for number in (order, {**order, "InstrumentID": "cu9999"}):
            client.say({"MsgType": "ReqOrderInsert", "RequestID": 5, "InputOrder": number})
        await client.until("RtnTrade")
        await client.until("ErrRtnOrderInsert")
        await client.leave()

    async def query(self, client: Client, name: str, **body: str) -> list[dict[str, Any]]:
        request = {"MsgType": f"ReqQry{name}", "RequestID": 2, f"Qry{name}": body}
        return [one[name] for one in await client.answers(request)]

    async def takes_a_port(self, line: str) -> None:
        free = str(self.machine.closed)
        with self.machine.start(self.makes(re.sub(r"\d+", free, line))) as daemon:
            self.assertEqual(await self.greets(daemon), int(free))
            self.assertIn(await daemon.interrupted(), INTERRUPTED, daemon.output)

    async def administers(self, line: str) -> None:
        """Ask a gateway of its own; whoever is to be ended there is not there."""
        # Short: the path of a Unix socket has some 100 bytes.
        folder = Path(tempfile.mkdtemp(prefix="webctp-"))
        self.addCleanup(shutil.rmtree, folder)
        async with Gateway("sim://", AdminListen=f"unix:{folder}/admin.sock") as gateway:
            asked = re.sub(r"--config \S+", f"--config {gateway.folder}/webctp.yaml", line)
            status, said = await self.machine.run(asked)
        self.assertEqual(status, 1 if " end " in line else 0, said)
        self.assertNotIn("Traceback", said)

    async def drains(self, line: str) -> None:
        """End a daemon of its own."""
        folder = Path(tempfile.mkdtemp(prefix="webctp-"))
        self.addCleanup(shutil.rmtree, folder)
        daemon = DaemonProcess(str(folder / "d"), f"{sample()}AdminListen: unix:{folder}/a.sock\n")
        self.addCleanup(daemon.kill)
        await daemon.listening()
        asked = re.sub(r"--config \S+", f"--config {folder}/d/webctp.yaml", line)
        status, said = await self.machine.run(asked)
        self.assertEqual(status, 0, said)
        self.assertIn("draining", said)
        self.assertEqual(await daemon.ended(), 0, daemon.output)

    async def reloads(self, line: str) -> None:
        """Ask a daemon of its own to read its configuration again, which is the same."""
        folder = Path(tempfile.mkdtemp(prefix="webctp-"))
        self.addCleanup(shutil.rmtree, folder)
        daemon = DaemonProcess(str(folder / "d"), f"{sample()}AdminListen: unix:{folder}/a.sock\n")
        self.addCleanup(daemon.kill)
        await daemon.listening()
        await self.succeeds(re.sub(r"--config \S+", f"--config {folder}/d/webctp.yaml", line))
        self.assertIn("reloaded: 0 keys have changed", daemon.output)

    async def hello(self, line: str, port: int) -> None:
        said = await self.succeeds(f"{line} ws://127.0.0.1:{port}")
        self.assertIn("RtnDepthMarketData", said)

    async def serves(self, line: str) -> None:
        """A gateway whose fronts are not there says so, and serves."""
        self.original(line)
        line = re.sub(r" --port \d+", "", line)
        # Several run at a time, some of them with one file.
        with self.machine.start(f"{line} --port 0") as daemon:
            port = await daemon.serves()
            url = f"http://127.0.0.1:{port}/healthz"
            answer: bytes = await deferToThread(lambda: urlopen(url).read())
            self.assertEqual(answer.strip(), b"ok")
            self.assertIn(await daemon.interrupted(), INTERRUPTED, daemon.output)
            self.assertNotIn("Traceback", daemon.output)

    def original(self, line: str) -> None:
        """Put the configuration there that a user brings along."""
        for name in re.findall(r"--config (\S+)", line):
            path = self.machine.folder / self.machine.here(name)
            if not path.exists():
                kind = "md" if "md" in path.name else "td"
                shutil.copy(self.machine.folder / "etc" / f"{kind}.yaml", path)

    async def goes_to_the_background(self, line: str) -> None:
        pid, log = (f"{self.machine.folder}/{one}.of.it" for one in ("pid", "log"))
        if "--pidfile" in line:
            _, pid, log = re.split(r" ?--\w+=", self.machine.here(line))
            line = f"{line} webctp --config td.yaml"
        else:
            line = line.replace("twistd", f"twistd --pidfile={pid} --logfile={log}")
        self.original(line)
        await self.succeeds(f"{line} --port 0")
        await until(lambda: "serving td" in Path(log).read_text("utf-8"), f"a gateway in {log}")
        await self.succeeds(f"kill $(cat {pid})")
        await until(lambda: not Path(pid).exists(), f"the end of the gateway of {log}")

    async def diagnoses(self, line: str) -> None:
        """The doctor finds that no front is there, and nothing else."""
        self.original(line)
        status, said = await self.machine.run(line)
        self.assertEqual(status, 1, said)
        self.assertIn(f"127.0.0.1:{self.machine.closed}", said)
        self.assertNotIn("Traceback", said)

    async def checks(self, line: str) -> None:
        """A sample says something, and nothing is wrong with it."""
        said = await self.succeeds(re.sub(r"check \S+", "check etc/sim.yaml", line))
        self.assertIn("etc/sim.yaml:", said)

    async def reads_the_journal(self, line: str) -> None:
        line = re.sub(r"--config \S+", "--config etc/sim.yaml", line)
        line = re.sub(r"--path \S+", "--path var/sim-journal.sqlite", line)
        said = await self.succeeds(re.sub(r"--day \d+", f"--day {self.day}", line))
        if ">" in line:
            said = (self.machine.folder / line.rpartition("> ")[2]).read_text("utf-8")
        self.assertRegex(said, "cu9999|Buy|cu2")

    async def manages_tokens(self, line: str) -> None:
        """In the order of the page: added, listed, rotated, revoked."""
        config = self.machine.folder / "etc" / "tokens.yaml"
        text = (self.machine.folder / "etc" / "td.yaml").read_text("utf-8")
        config.write_text(f"{text}\nAccess: {{Tokens: var/tokens.json}}\n", "utf-8")
        await self.succeeds(re.sub(r"--config \S+", "--config etc/tokens.yaml", line))

    async def forbids(self, line: str) -> None:
        """No gateway runs there that could take it: that is told, and it is on disk."""
        status, said = await self.machine.run(line)
        self.assertIn(status, (0, 3), said)
        self.assertRegex(said, "on disk in|reduce-only +account")
        self.assertNotIn("Traceback", said)

    async def finds_nothing(self, line: str) -> None:
        """A tool whose files no gateway has written yet says so, and ends in order."""
        status, said = await self.machine.run(line)
        self.assertIn(status, (0, 1), said)
        self.assertTrue(status == 0 or said.startswith("webctp "), said)
        self.assertNotIn("Traceback", said)

    async def simulates(self, line: str) -> None:
        """An exchange of its own process; the table of its controls is typed as well."""
        socket = Path(self.machine.here(line.split()[4]))
        # As typed it would be shut at night and at weekends, as a front is: here it is a morning.
        line = line.replace("clock=calendar", "clock=calendar&start=2026-11-23T09:30:00")
        with self.machine.start(line) as front:
            await until(lambda: socket.is_socket() or front.output != "", "the socket")
            async with Gateway(f"sim+unix://{socket}") as gateway:
                client = await gateway.trader("1001")
                await gateway.watcher()
                for control in self.documented_controls():
                    path = line.split()[4]
                    await self.succeeds(f"python -m webctp sim {path} --control {control}")
                await client.until("RtnBulletin")
            self.assertEqual(await front.interrupted(), 0, front.output)
            self.assertNotIn("Traceback", front.output)

    def documented_controls(self) -> list[str]:
        """Return the requests of the table in docs/simulation.md."""
        text = (DOCS / "simulation.md").read_text("utf-8").partition("控制请求 Request")[2]
        rows = re.findall(r"^\| (`.*?) \|", text.partition("\n\n")[0], re.MULTILINE)
        found = [one for row in rows for one in re.findall(r"`([^`]+)`", row)]
        self.assertGreater(len(found), 9)
        # A disconnection and a silence last; what is left to the reader is some word.
        order = sorted(found, key=lambda one: one.startswith(("disconnect", "silence", "newflow")))
        same = " investor=1001 amount=1000"
        return [
            (one.replace(" …", same if one.startswith("withdraw") else "")).replace("…", "word")
            for one in order
        ]

    async def controls(self, line: str) -> None:
        """Nobody serves the socket any more: that is told."""
        status, said = await self.machine.run(line)
        self.assertEqual(status, 1, said)
        self.assertNotIn("Traceback", said)

    async def python_of_a_readme(self, port: int) -> None:
        for page, text in programs("python"):
            if page.startswith("README"):
                program = text.replace("127.0.0.1:8080", f"127.0.0.1:{port}")
                out, err, status = await getProcessOutputAndValue(
                    sys.executable, ("-c", program), {"PYTHONUTF8": "1"}, str(ROOT)
                )
                self.assertEqual(status, 0, (out + err).decode())
                self.assertRegex(out.decode(), r"^available: \d")
