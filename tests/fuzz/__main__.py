"""``python -m tests.fuzz``: run the fuzz targets, each for its share of the time: `make fuzz`.

Prints a line a target: executions, edges of the code that they reached, and findings. What breaks
a target is written to ``tests/fuzz/findings``, where ``tests/fuzz/test_fuzz.py`` replays it; what
reaches more than the corpus stays below ``build/fuzz``, and ``--merge`` picks from there what is
worth keeping in the corpus. Where atheris has no wheel for this Python, inputs are mutated blindly.
"""

import argparse
import hashlib
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from tests.fuzz import engine
from tests.fuzz import target as targets

PLACE: Final = targets.HERE.parent.parent / "build" / "fuzz"
MOST_BYTES: Final = 40_000
"""Bytes of the corpus of one target that are worth keeping."""
HEAD: Final = (
    "| target | engine | seconds | executions | edges | findings |\n|---|---|---|---|---|---|"
)


def fuzz(name: str, seconds: float) -> bool:
    """Run one target; give whether nothing broke it."""
    outcome = engine.run(name, PLACE / name, seconds)
    print(
        f"| {name} | {outcome['engine']} | {seconds:.0f} | {outcome['executions']} "
        f"| {outcome['edges'] or '-'} | {len(outcome['findings'])} |",
        flush=True,
    )
    for found in outcome["findings"]:
        kept = keep(name, Path(found)) if Path(found).is_file() else found
        print(f"{name}: {kept}", flush=True)
    return not outcome["findings"]


def keep(name: str, found: Path) -> Path:
    """Keep an input that broke a target where the tests replay it."""
    folder = targets.FINDINGS / name
    folder.mkdir(parents=True, exist_ok=True)
    content = found.read_bytes()
    kept = folder / hashlib.sha256(content).hexdigest()[:12]
    kept.write_bytes(content)
    return kept


def merge(name: str) -> None:
    """Keep of the corpus, and of what runs have added to it, the inputs that reach something.

    The smallest ones first, up to :data:`MOST_BYTES`.
    """
    corpus = targets.CORPUS / name
    with tempfile.TemporaryDirectory(dir=PLACE) as merged:
        command = [sys.executable, "-m", "tests.fuzz.engine", name, str(PLACE / name), "0"]
        subprocess.run([*command, "--merge", merged], check=True)
        files = sorted(Path(merged).iterdir(), key=lambda file: file.stat().st_size)
        shutil.rmtree(corpus)
        corpus.mkdir()
        size = 0
        for file in files:
            size += file.stat().st_size
            if size <= MOST_BYTES:
                shutil.copy(file, corpus / hashlib.sha256(file.read_bytes()).hexdigest()[:12])


def main(argv: Sequence[str]) -> int:
    """Run the targets that are named, or all; return 0 if nothing broke them."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=", ".join(targets.NAMES))
    parser.add_argument("--seconds", type=float, default=300.0, help="for all together")
    parser.add_argument("--merge", action="store_true", help="renew the corpus; fuzz nothing")
    options = parser.parse_args(argv)
    names = options.targets or list(targets.NAMES)
    unknown = [name for name in names if name not in targets.NAMES]
    if unknown:
        parser.error(f"no target is called {', '.join(unknown)}; there are {targets.NAMES}")
    PLACE.mkdir(parents=True, exist_ok=True)
    if options.merge:
        for name in names:
            merge(name)
        return 0
    print(HEAD, flush=True)
    fine = [fuzz(name, max(1.0, options.seconds / len(names))) for name in names]
    return 0 if all(fine) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
