"""Mutated messages of every method, at both services, with a journal: `make fuzz`.

A whole gateway in this process, on the simulated front, its journal a real file. A client that is
logged in sends bodies whose fields are wrong in every way; strangers send the logins. Each
request must be answered, unless CTP leaves it so; nothing may be logged as a fault; the journal
must have taken everything; memory must come back. ``python -m tests.hostile.fuzz --help``.
"""

import argparse
import ctypes
import gc
import json
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any, Final

import msgspec
from twisted.internet import reactor
from twisted.internet.defer import ensureDeferred
from twisted.internet.task import deferLater
from twisted.logger import ILogObserver, LogEvent, globalLogPublisher
from twisted.python.failure import Failure
from zope.interface import implementer

from tests.wsclient import Client, Message, connect
from webctp.config import load
from webctp.ctp import catalog
from webctp.ctp.catalog import Catalogue, Method
from webctp.daemon import Daemon
from webctp.upstream.journal.reader import Reader

CONFIG: Final = """
AppType: both
TdFrontAddress: sim://
MdFrontAddress: sim://
BrokerID: "9999"
Host: 127.0.0.1
Port: 0
QueryInterval: 0
QueryQueue: 5000
MessageRate: 0
SessionLinger: 0
Journal: {{Path: {directory}/journal/j.sqlite}}
ConFilePath: {directory}/con_file
"""
PATIENCE: Final = 30.0
"""Seconds until an answer that does not come is taken for lost."""
AT_ONCE: Final = 50
"""Messages sent before their answers are waited for."""
USER: Final = {"UserID": "fuzz", "Password": "p"}
SESSION: Final = ("ReqUserLogin", "ReqUserLogout", "ReqUserAuthMethod", "ReqGenUser", "Register")
"""How methods begin that a client of its own sends: they open a session, or end it."""

_ODD: Final[tuple[Any, ...]] = (
    None, True, 0, -1, 2**31, 2**63, 2**64, 10**40, -(2**70), 0.5, 1e308, 5e-324, 2.0, -0.0,
    "", " ", "0", "x" * 1000, "\0", "a\0b", "\ud83d", "\udcb0x", "张三", "\U0001f600", "%s{0}",
    "../x", [], {}, [[]], {"a": {"b": []}}, [1, "2", None],
)  # fmt: skip
_WORDS: Final = (
    "ClientOrderID",
    "Resume",
    "CancelOnDisconnect",
    "Fields",
    "IntervalMs",
    "Bars",
    "Stale",
)


@dataclass
class Report:
    """What came of it."""

    sent: int = 0
    answers: Counter[int] = field(default_factory=Counter)
    unanswered: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    alarms: int = 0
    records: int = 0
    memory: list[int] = field(default_factory=list)

    @property
    def wrong(self) -> list[str]:
        """What must not be, a line each."""
        lines = [f"unanswered: {one}" for one in self.unanswered[:20]]
        lines += [f"logged: {one}" for one in self.faults[:5]]
        if self.alarms:
            lines.append(f"the journal failed {self.alarms} times")
        return lines


class Fuzzer:
    """Makes messages; the seed says which."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._numbers = iter(range(1, 2**31))

    def body(self, catalogue: Catalogue, method: Method) -> dict[str, Any]:
        """A body of some fields, most of them wrong."""
        random = self._random
        if method.struct is None:
            return {"InstrumentID": self._value()} if random.random() < 0.9 else {"x": 1}
        names = [one.name for one in catalogue.struct(method.request_struct).fields]
        chosen = random.sample(names, min(len(names), random.randint(0, 8)))
        body = {name: self._value() for name in chosen}
        if random.random() < 0.2:
            body["Nonsense"] = self._value()
        return body

    def message(self, catalogue: Catalogue, method: Method) -> tuple[int, bytes]:
        """A message as it is sent, and its RequestID; 0 where that is spoilt, too."""
        random = self._random
        number = next(self._numbers)
        message: dict[str, Any] = {"MsgType": method.name, "RequestID": number}
        body = self.body(catalogue, method)
        if method.body_key is not None:
            message[method.body_key] = body if random.random() < 0.95 else self._value()
        else:
            message |= body
        if random.random() < 0.3:
            message[random.choice(_WORDS)] = random.choice((self._value(), f"id-{number % 50}"))
        text = json.dumps(message)
        if random.random() < 0.05:
            return 0, self._spoilt(text)
        # What is no JSON, as half a surrogate pair, is answered with RequestID 0.
        return number if _is_json(text) else 0, text.encode()

    def _value(self) -> Any:
        random = self._random
        value = random.choice(_ODD)
        if random.random() < 0.3:
            value = random.choice(("rb2701", "SHFE", "1", "3", 1, 3200.0, "fuzz", "9999"))
        if random.random() < 0.01:
            for _ in range(random.choice((3, 100, 400))):
                value = [value]
        return value

    def _spoilt(self, text: str) -> bytes:
        random = self._random
        cut = random.randrange(len(text) - 1)
        return random.choice(
            (text[:cut].encode(), text.encode() + b"}", text.replace('"', "'").encode(), b"{}x")
        )


class _Link:
    """A client on a real socket that takes note of what is answered."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.answered: Counter[int] = Counter()
        self.codes: Counter[int] = Counter()
        self.closed = False
        hearing = ensureDeferred(self._hear())
        hearing.addErrback(lambda failure: failure.trap(ConnectionError))

    async def _hear(self) -> None:
        try:
            while True:
                self._take(await self.client.next())
        finally:
            self.closed = True

    def _take(self, message: Message) -> None:
        if "RequestID" in message and message.get("IsLast", True):
            self.answered[message["RequestID"]] += 1
            self.codes[(message.get("RspInfo") or {}).get("ErrorID", 0)] += 1


async def fuzz(port: int, count: int, seed: int, report: Report) -> None:
    """Send ``count`` messages, of every method in turn, and wait for what must be answered."""
    fuzzer = Fuzzer(Random(seed))
    turns = {path: _turn(made()) for path, made in SERVICES.items()}
    links = {path: await _login(port, path) for path in SERVICES}
    while report.sent < count:
        for path, made in SERVICES.items():
            if links[path].closed:
                links[path] = await _login(port, path)
            link = links[path]
            strangers: list[_Link] = []
            waits: list[tuple[_Link, int, str]] = []
            spoilt = 0
            before = links[path].answered[0]
            for _ in range(AT_ONCE):
                method = next(turns[path])
                number, payload = fuzzer.message(made(), method)
                link = links[path]
                if method.name.startswith(SESSION):
                    link = _Link(await connect(port, f"/{path}/"))
                    strangers.append(link)
                spoilt += number == 0 and link is links[path]
                report.sent += 1
                if link.closed:
                    report.unanswered.append(f"a client was closed before {payload[:300]!r}")
                    break
                link.client.sendMessage(payload)
                # A registration is answered at the login that follows.
                if number and method.is_answered and not method.name.startswith("Register"):
                    waits.append((link, number, f"{payload[:300]!r} (seed {seed})"))
            await _all_answered(waits, report)
            if await _until(lambda: links[path].answered[0] - before >= spoilt):  # noqa: B023
                report.unanswered.append(f"of {spoilt} spoilt messages some (seed {seed})")
            for link in strangers:
                await link.client.leave()
    for link in links.values():
        report.answers += link.codes
        await link.client.leave()


SERVICES: Final[dict[str, Callable[[], Catalogue]]] = {
    "td": catalog.trading,
    "md": catalog.market_data,
}


def _is_json(text: str) -> bool:
    try:
        msgspec.json.decode(text)
    except msgspec.DecodeError:
        return False
    return True


def _turn(catalogue: Catalogue) -> Iterator[Method]:
    """Every method, again and again."""
    while True:
        yield from catalogue.methods.values()


async def _login(port: int, path: str) -> _Link:
    client = await connect(port, f"/{path}/")
    answer = await client.ask({"MsgType": "ReqUserLogin", "ReqUserLogin": USER, "RequestID": 0})
    if (answer["RspInfo"] or {}).get("ErrorID"):
        raise AssertionError(answer)
    return _Link(client)


async def _ask_for_all(port: int) -> None:
    """Let the simulated exchange make all its markets, some 60 MiB: the first who asks does."""
    client = await connect(port, "/td/")
    await client.ask({"MsgType": "ReqUserLogin", "ReqUserLogin": USER, "RequestID": 0})
    for name in ("QryInstrument", "QryDepthMarketData"):
        client.say({"MsgType": f"Req{name}", name: {}, "RequestID": 7})
        while not (await client.next()).get("IsLast"):
            continue
    await client.leave()


async def _all_answered(waits: list[tuple[_Link, int, str]], report: Report) -> None:
    def missing() -> list[str]:
        return [
            told for link, number, told in waits if not link.answered[number] and not link.closed
        ]

    await _until(lambda: not missing())
    report.unanswered += missing()


async def _until(met: Callable[[], bool]) -> bool:
    """Wait for a condition; gives whether it was in vain."""
    end = time.monotonic() + PATIENCE
    while not met():
        if time.monotonic() > end:
            return True
        await deferLater(reactor, 0.005)
    return False


async def run(count: int, seed: int, *, warm_up: int = 0) -> Report:
    """Start a gateway, fuzz it, stop it.

    :param warm_up: messages before memory is looked at for the first time.
    """
    report = Report()
    directory = tempfile.mkdtemp()

    @implementer(ILogObserver)
    def observe(event: LogEvent) -> None:
        failure = event.get("log_failure")
        if isinstance(failure, Failure):
            report.faults.append(failure.getTraceback())

    globalLogPublisher.addObserver(observe)
    file = Path(directory, "fuzz.yaml")
    file.write_text(CONFIG.format(directory=directory), "utf-8")
    daemon = Daemon(reactor, load(str(file), None))
    daemon.startService()
    try:
        while not daemon.ports:
            await deferLater(reactor, 0.01)
        host: Any = daemon.ports[0].getHost()
        port: int = host.port
        if warm_up:
            await _ask_for_all(port)
            await fuzz(port, warm_up, seed, Report())
            report.memory.append(resident())
        await fuzz(port, count, seed + 1, report)
        if warm_up:
            report.memory.append(resident())
        assert daemon.services and daemon.services.td and daemon.services.td.journal
        report.alarms = daemon.services.td.journal.file.alarms
    finally:
        await daemon.stopService()
        globalLogPublisher.removeObserver(observe)
    reader = Reader(Path(directory, "journal", "j.sqlite"))
    report.records = sum(1 for _ in reader.records({}))
    reader.close()
    shutil.rmtree(directory)
    return report


def resident() -> int:
    """Bytes of memory that this process holds, after garbage is collected and given back."""
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096


def main(argv: Sequence[str]) -> int:
    """Run the fuzzer, say what came of it, and return 0 if all is as it must be."""
    parser = argparse.ArgumentParser(prog="python -m tests.hostile.fuzz", description=__doc__)
    parser.add_argument("--messages", type=int, default=40_000)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    options = parser.parse_args(argv)
    code = [1]

    async def told() -> None:
        # Long enough for all that is made once for each method and client.
        warm_up = options.messages // 2
        report = await run(options.messages, options.seed, warm_up=warm_up)
        before, after = report.memory
        grown = after / before - 1
        print(f"seed {options.seed}: {report.sent} messages, {report.records} records")
        print(f"answers by code: {dict(report.answers.most_common(12))}")
        print(f"memory: {before / 2**20:.0f} MiB, then {after / 2**20:.0f} MiB ({grown:+.1%})")
        wrong = report.wrong + ([f"memory grew by {grown:.1%}"] if grown > 0.1 else [])
        print("\n".join(wrong) or "all is well")
        code[0] = 1 if wrong else 0

    def end(result: Any) -> None:
        if isinstance(result, Failure):
            print(result.getTraceback(), file=sys.stderr)
        reactor.stop()

    reactor.callWhenRunning(lambda: ensureDeferred(told()).addBoth(end))
    reactor.run()
    return code[0]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
