"""`make quick`: the tests that need neither a process nor a sleep, in random order, in a minute.

Which those are is read from their sources: a test module is left out when it, or what it uses of
`tests`, may start processes or sleep; and when it stands in :data:`LONG`. A hook of the interpreter
refuses both while they run, so that none can do so unseen.

`python -m tests.quick [SEED [TEST…]]`: the seed that was printed plays the same order again.
"""

import ast
import random
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from tests.progress import Progress

ROOT: Final = Path(__file__).resolve().parent.parent
JOBS: Final = 2
"""Processes side by side."""

PROCESSES: Final = frozenset(
    (
        "subprocess",
        "multiprocessing",
        "venv",
        "time.sleep",
        "os.fork",
        "twisted.internet.utils",
        "tests.daemons",
        "tests.native",
    )
)
"""Modules, and functions of modules, by which a test starts processes, waits for them or sleeps."""

LONG: Final = {
    "tests.chaos.test_schedules": "random schedules of a whole gateway",
    "tests.commands.test_bars": "whole days of an exchange",
    "tests.exchanges.test_instruments": "all instruments of many days",
    "tests.exchanges.test_products": "the file of products, read a hundred times",
    "tests.fuzz.test_fuzz": "a corpus of whole gateways",
    "tests.gateway.rest.test_openapi": "the whole description of the API, validated",
    "tests.gateway.rest.test_asyncapi": "the same, by a program of JavaScript",
    "tests.gateway.trading.test_kill_moments": "two hundred flows of orders",
    "tests.gateway.websocket.test_direct_send": "a real socket that reads slowly",
    "tests.gateway.websocket.test_fairness": "floods",
    "tests.hostile.test_fuzz": "random messages",
    "tests.hostile.test_http": "floods on sockets",
    "tests.recording.test_tickfile": "large files",
    "tests.serving.test_access": "waits for looks at a file, and for a token to expire",
    "tests.sim.accounts.test_banks": "a whole exchange for each test",
    "tests.sim.accounts.test_combmargins": "a whole exchange for each test",
    "tests.sim.broker.test_combactions": "combinations at a whole exchange",
    "tests.sim.broker.test_exercise": "exercise through whole days",
    "tests.sim.broker.test_quotes": "quotes at six exchanges",
    "tests.sim.exchange.test_exchange": "a whole exchange for each test",
    "tests.sim.handlers.test_batch": "a whole exchange for each test",
    "tests.sim.handlers.test_reference": "all instruments of an exchange",
    "tests.sim.handlers.test_trading": "orders of all kinds at a whole exchange",
    "tests.sim.host.test_api": "the exchange on its thread, in real time",
    "tests.sim.host.test_state": "a whole exchange for each test",
    "tests.sim.host.test_thread": "the exchange on its thread, in real time",
    "tests.sim.market.test_auction": "auctions of whole days",
    "tests.sim.matching.test_transit": "a whole exchange for each test",
    "tests.sim.model.test_combinations": "all combinations of many days",
    "tests.sim.paper.test_exchange": "a whole exchange for each test",
    "tests.sim.paper.test_front": "the exchange on its thread, in real time",
    "tests.sim.paper.test_markets": "a whole exchange for each test",
    "tests.sim.paper.test_waiting": "a whole exchange for each test",
    "tests.sim.replay.test_front": "recordings in real time",
    "tests.sim.settlement.test_expiry": "the last days of contracts",
    "tests.sim.settlement.test_statement": "months of days",
    "tests.sim.test_books": "random days, every account after every event",
    "tests.sim.test_day": "a whole day",
    "tests.sim.test_fuzz": "random requests",
    "tests.sim.test_independent": "random days against the ledger",
    "tests.sim.test_joined": "days that follow one another",
    "tests.sim.test_looking": "whole days, twice",
    "tests.sim.test_marketorders": "a whole exchange for each test",
    "tests.sim.test_orderfields": "every exchange, every order kind",
    "tests.sim.test_past": "whole days, one after another",
    "tests.sim.test_phases": "whole days of six exchanges",
    "tests.sim.test_refusals": "a whole exchange for each test",
    "tests.sim.test_sequences": "every exchange, every order kind",
    "tests.sim.test_spreads": "combinations at a whole exchange",
    "tests.sim.test_strategy": "a whole day through the API",
    "tests.test_sbom": "lists the whole environment, in a process",
    "tests.testing.test_gateway": "whole gateways on sockets, simulated exchanges",
    "tests.testing.test_memory": "a whole gateway for each test",
    "tests.upstream.orders.test_replay": "random orders",
    "tests.upstream.portfolio.test_keeper": "random days of an exchange",
    "tests.upstream.portfolio.test_portfolio": "random days of an exchange",
}
"""Modules that take longer than a second or two, each with what takes so long."""

GUARDED: Final = ("subprocess.Popen", "os.fork", "os.posix_spawn", "os.exec", "time.sleep")
"""Events of the interpreter that a quick test must not cause (`sys.addaudithook`)."""


def modules() -> dict[str, Path]:
    """Return every module of tests by name."""
    found = {}
    for path in sorted((ROOT / "tests").rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


MODULES: Final = modules()


@cache
def named(path: Path) -> frozenset[str]:
    """Return what a module imports, and the attributes of modules that it names."""
    return frozenset(_named(path))


def _named(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        match node:
            case ast.ImportFrom(module=str(module), names=names):
                yield module
                yield from (f"{module}.{one.name}" for one in names)
            case ast.Import(names=names):
                yield from (one.name for one in names)
            case ast.Attribute(value=ast.Name(id=module), attr=name):
                yield f"{module}.{name}"
            case _:
                pass


@cache
def why_not(module: str) -> str:
    """Return what keeps a module of tests out of the quick ones; empty for nothing."""
    if module in LONG:
        return LONG[module]
    if module in PROCESSES:
        return module
    found = named(MODULES[module])
    direct = sorted(found & PROCESSES)
    if direct:
        return direct[0]
    for other in sorted(found & MODULES.keys() - {module, "tests"}):
        reason = why_not(other)
        if reason and other not in LONG:
            return f"{other}: {reason}"
    return ""


def quick() -> list[str]:
    """Return the names of the test modules that are quick."""
    return [
        name
        for name in MODULES
        if name.rpartition(".")[2].startswith("test_") and not why_not(name)
    ]


def guard(event: str, arguments: tuple[Any, ...]) -> None:
    """Refuse what a quick test must not do; an audit hook.

    :raises AssertionError: naming it.
    """
    if event in GUARDED:
        raise AssertionError(f"{event}{arguments!r} in a quick test; see tests/quick.py")


def main(argv: Sequence[str]) -> int:
    """Run the quick tests, or those named, say how far they are, and return the exit code."""
    if argv and argv[0] == "--guarded":
        return run_guarded(argv[1:])
    seed = int(argv[0]) if argv and argv[0] != "0" else random.randrange(1, 1_000_000)
    names = list(argv[1:]) or quick()
    print(f"seed {seed}: make quick SEED={seed} plays this order again", flush=True)
    parts = shares(names, seed)
    begun = time.monotonic()
    with ThreadPoolExecutor(len(parts)) as pool:
        codes = list(pool.map(partial(_run, seed), range(1, len(parts) + 1), parts))
    failed = any(codes)
    word = "FAILED" if failed else "PASSED"
    print(f"{word} in {time.monotonic() - begun:.0f} s, seed {seed}", flush=True)
    return 1 if failed else 0


def shares(names: Sequence[str], seed: int) -> list[list[str]]:
    """Return what each process runs: the names shuffled and dealt out."""
    shuffled = list(names)
    random.Random(seed).shuffle(shuffled)
    return [share for n in range(JOBS) if (share := shuffled[n::JOBS])]


def _run(seed: int, number: int, names: Sequence[str]) -> int:
    """Run tests in a process of their own, and return its exit code; any thread."""
    # Unbuffered: into a pipe Python would write thousands of lines at once.
    command = [sys.executable, "-u", "-m", "tests.quick", "--guarded", f"--random={seed}"]
    progress = Progress(lambda line: print(f"[{number}] {line}", flush=True), time.monotonic)
    with subprocess.Popen(
        [*command, f"--temp-directory=.trial-quick-{number}", *names],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            progress.line(line.rstrip("\n"))
    return process.returncode


def run_guarded(arguments: Sequence[str]) -> int:
    """Run trial in this process, with processes and sleeps refused."""
    from twisted.scripts import trial

    import_module("webctp.upstream.kill.filewatch")  # Twisted's inotify asks ldconfig, once
    sys.argv = ["trial", *arguments]
    sys.addaudithook(guard)
    try:
        trial.run()
    except SystemExit as end:
        return int(end.code or 0)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
