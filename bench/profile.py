"""Where a loaded daemon spends its time: ``python -m bench.profile [CxRxK]``, by py-spy.

It prints a table of the functions that were at work themselves, as shares of the time that the
daemon's threads were busy. What Python calls in C counts for the function that calls it: nearly
all of ``Audience.flush`` is ``send`` in the kernel.
"""

import re
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from pathlib import Path

from bench import feeder
from bench.rig import Rig

_RATE = 500
_SHOWN = 16
_SECONDS = 6.0
_WAITING = ("", "Condition.wait (threading.py)", "EPollReactor.doPoll (epollreactor.py)")
"""Threads that wait, which py-spy cannot tell everywhere; the empty one is the feed's."""
_BENCH = "(daemon.py)"
"""The benchmark's own listener on standard input."""
_PLACE = re.compile(r"(.+?) \((?:.*/)?([^/:)]+)(:\d+)?\)")


def main(load: str = "50x1000x100") -> None:
    """Load a daemon, look at it, print what it does."""
    clients, rate, instruments = (int(part) for part in load.split("x"))
    with tempfile.TemporaryDirectory() as folder:
        library = feeder.build(folder)
        stacks = Path(folder) / "stacks"
        with Rig(folder, library, instruments=instruments) as rig:
            process, _ = rig.clients(clients)
            rig.measure(process, min(rate, 1_000), 0.5)
            watching = threading.Thread(target=_watch, args=(rig.daemon.pid, stacks))
            watching.start()
            rig.measure(process, rate, _SECONDS + 1)
            watching.join()
        print(table(stacks.read_text().splitlines()))


def _watch(pid: int, path: Path) -> None:
    """Take stacks of all threads while they are busy."""
    command = [str(Path(sys.executable).with_name("py-spy")), "record", "--pid", str(pid)]
    command += ["--format", "raw", "--rate", str(_RATE), "--output", str(path)]
    command += ["--duration", f"{_SECONDS:.0f}"]
    subprocess.run(command, check=True, capture_output=True)


def table(stacks: list[str]) -> str:
    """Count py-spy's lines ``outer;inner;innermost count`` as a Markdown table."""
    own: Counter[str] = Counter()
    for line in stacks:
        stack, _, count = line.rpartition(" ")
        name = _named(stack.rpartition(";")[2])
        if name not in _WAITING and not name.endswith(_BENCH):
            own[name] += int(count)
    total = own.total()
    lines = ["| at work | share |", "|---|---|"]
    lines += [f"| `{name}` | {count / total:.1%} |" for name, count in own.most_common(_SHOWN)]
    rest = total - sum(count for _, count in own.most_common(_SHOWN))
    return "\n".join([*lines, f"| {len(own) - _SHOWN} others | {rest / total:.1%} |"])


def _named(frame: str) -> str:
    """``function (file)`` without its path and line."""
    found = _PLACE.fullmatch(frame)
    return f"{found[1]} ({found[2]})" if found else frame


if __name__ == "__main__":
    main(*sys.argv[1:])
