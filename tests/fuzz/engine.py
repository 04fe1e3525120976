"""``python -m tests.fuzz.engine TARGET``: run one target, guided by coverage where atheris is.

Without atheris (it has wheels for some Pythons only) inputs of the corpus are mutated blindly. The
last line is a JSON object: executions, edges (0 where nobody counts them) and the finding's file.
"""

import argparse
import os
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from random import Random
from typing import Any, Final

from tests.fuzz import target as targets

INSTRUMENTED: Final = ("webctp", "autobahn.websocket", "autobahn.twisted.websocket")
_MOST: Final = 4096
"""Bytes of an input."""


def mutated(random: Random, seeds: Sequence[bytes], words: Sequence[bytes]) -> bytes:
    """Return an input like one of the seeds: changed in a few places, or spliced with another."""
    data = bytearray(random.choice(seeds)) if seeds else bytearray()
    for _ in range(random.choice((1, 1, 2, 4, 8))):
        at = random.randrange(len(data) + 1)
        match random.randrange(6):
            case 0:
                data[at:at] = random.choice(words)
            case 1:
                data[at:at] = random.randbytes(random.randint(1, 4))
            case 2:
                del data[at : at + random.randint(1, 16)]
            case 3:
                data[at : at + 1] = random.randbytes(1)
            case 4:
                data[at : at + 1] = bytes(((data[at] if at < len(data) else 0) ^ 1 << at % 8,))
            case _:
                other = random.choice(seeds) if seeds else b""
                data[at:] = other[random.randrange(len(other) + 1) :]
    return bytes(data[:_MOST])


def words_of(target: targets.Target) -> list[bytes]:
    """Return a target's words as bytes: characters below 256 are bytes where they are no text."""
    return [
        word.encode("latin-1" if not word.isascii() and max(word) < "\u0100" else "utf-8")
        for word in target.words
    ]


def blindly(
    name: str, target: targets.Target, *, goes_on: Callable[[int], bool], seed: int
) -> tuple[int, bytes | None]:
    """Run mutated inputs while ``goes_on`` of their number; give how many, and what broke it."""
    random = Random(seed)
    seeds = [data for _, data in targets.inputs_of(name)]
    words = words_of(target)
    count = 0
    while goes_on(count):
        data = mutated(random, seeds, words)
        count += 1
        try:
            target.run(data)
        except Exception:  # noqa: BLE001 - whatever it raises is the finding
            traceback.print_exc()
            return count, data
    return count, None


def guided(name: str, place: Path, seconds: float, merged: Path | None) -> None:
    """Let libFuzzer run a target for some time; it ends the process.

    What it finds out of the ordinary is kept in ``place``, and what breaks the target there, too.

    :param merged: where instead the inputs go of which each reaches something.
    """
    import atheris

    with atheris.instrument_imports(include=list(INSTRUMENTED)):
        target = targets.make(name)
    dictionary = place / "words"
    dictionary.write_text(
        "".join(f'"{_escaped(word)}"\n' for word in words_of(target) if word), "ascii"
    )
    grown = place / "corpus"
    grown.mkdir(exist_ok=True)
    folders = [
        folder for folder in (targets.CORPUS / name, targets.FINDINGS / name) if folder.is_dir()
    ]
    options = [
        *(f"-max_total_time={seconds:.0f}", f"-max_len={_MOST}", "-timeout=60", "-rss_limit_mb=0"),
        *(f"-dict={dictionary}", f"-artifact_prefix={place}/", "-print_final_stats=1"),
    ]
    if merged is not None:
        options = ["-merge=1", f"-max_len={_MOST}"]
        folders = [merged, *folders]
    else:
        folders = [grown, *folders]
    argv = ["fuzz", *options, *map(str, dict.fromkeys((*folders, grown)))]
    atheris.Setup(argv, target.run)
    atheris.Fuzz()


def _escaped(word: bytes) -> str:
    """Return a word as a dictionary of libFuzzer's has it."""
    return "".join(
        chr(byte) if 32 <= byte < 127 and byte not in b'"\\' else f"\\x{byte:02x}" for byte in word
    )


def run(name: str, place: Path, seconds: float) -> dict[str, Any]:
    """Run a target in a process of its own for some time; return what came of it."""
    place.mkdir(parents=True, exist_ok=True)
    for old in place.glob("crash-*"):
        old.unlink()
    command = [sys.executable, "-m", "tests.fuzz.engine", name, str(place), str(seconds)]
    log = place / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**os.environ, "WEBCTP_FUZZ_PLACE": str(place)},
        )
        try:
            process.wait(timeout=seconds * 2 + 300)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    return outcome(log.read_text("utf-8", "replace"), process.returncode, place)


def outcome(log: str, code: int, place: Path) -> dict[str, Any]:
    """Read what an engine has printed: executions, edges, and what broke the target."""
    executions = edges = 0
    is_guided = False
    for line in log.splitlines():
        words = line.split()
        if line.startswith("stat::number_of_executed_units:"):
            executions, is_guided = int(words[-1]), True
        elif line.startswith("#") and "cov:" in words:
            edges = int(words[words.index("cov:") + 1])
        elif line.startswith("blindly:"):
            executions = int(words[1])
    broken = sorted(str(file) for file in place.glob("*-*") if file.name.split("-")[0] in _BROKEN)
    if code and not broken:
        broken = [f"ended with {code}: {place / 'log'}"]
    return {
        "engine": "atheris" if is_guided else "blind",
        "executions": executions,
        "edges": edges,
        "findings": broken,
    }


_BROKEN: Final = ("crash", "timeout", "oom")


def main(argv: Sequence[str]) -> int:
    """Run one target in this process."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.engine", description=__doc__)
    parser.add_argument("target", choices=targets.NAMES)
    parser.add_argument("place", type=Path)
    parser.add_argument("seconds", type=float)
    parser.add_argument("--merge", type=Path)
    options = parser.parse_args(argv)
    options.place.mkdir(parents=True, exist_ok=True)
    if find_spec("atheris") is not None:
        guided(options.target, options.place, options.seconds, options.merge)
        return 0
    target = targets.make(options.target)
    end = time.monotonic() + options.seconds
    count, broken = blindly(
        options.target,
        target,
        goes_on=lambda _: time.monotonic() < end,
        seed=int(time.time()),
    )
    target.close()
    print(f"blindly: {count} executions")
    if broken is not None:
        (options.place / f"crash-{abs(hash(broken)):x}").write_bytes(broken)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
