"""`python -m webctp docs`: makes the parts of the documents that the code itself can tell.

Without options the pages are written anew; `--check` only says what would change; `--record`
first plays the examples against the simulated front and keeps what it answers. All of it works on
a checkout: the pages are not part of an installed package.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from webctp.commands.docs.conversation import play
from webctp.commands.docs.examples import SCRIPTS, ExampleError, load, save_recorded
from webctp.commands.docs.page import PageError
from webctp.commands.docs.pages import Pages

__all__ = ["Pages", "main", "play"]

_CHECKOUT = Path(__file__).resolve().parents[3]


def main(argv: Sequence[str]) -> int:
    """Run the command; 0 when the pages are (or were made) as they should be, 1 when not."""
    parser = argparse.ArgumentParser("python -m webctp docs", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, fail on differences")
    parser.add_argument("--record", action="store_true", help="play the examples anew first")
    options = parser.parse_args(argv)
    if not (_CHECKOUT / "docs" / "examples").is_dir():
        print("webctp: no docs/ here; run this in a checkout（请在源码目录运行）", file=sys.stderr)
        return 1
    try:
        if options.record:
            _record(_CHECKOUT / "docs" / "examples")
        return _check() if options.check else _write()
    except (PageError, ExampleError) as problem:
        print(f"webctp: {problem}", file=sys.stderr)
        return 1


def _write() -> int:
    # Those modules use some of this room's, whose import would begin here.
    from webctp.commands.clients import python, typescript

    made = {
        **Pages(_CHECKOUT).made(),
        **python.Sources(_CHECKOUT).made(),
        **typescript.Sources(_CHECKOUT).made(),
    }
    for path, text in made.items():
        if not path.exists() or path.read_text("utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
            print(f"written 已更新: {path.relative_to(_CHECKOUT)}")
    return 0


def _check() -> int:
    from webctp.commands.clients import python, typescript

    report = Pages(_CHECKOUT).compared()
    differences, left_out = list(report.differences), list(report.left_out)
    for sources in (python.Sources(_CHECKOUT), typescript.Sources(_CHECKOUT)):
        found, passed_over = sources.compared()
        differences += found
        left_out += passed_over
    for line in (*left_out, *differences):
        print(line)
    if differences:
        print("run `python -m webctp docs`（文档与代码不一致，请重新生成）")
        return 1
    return 0


def _record(directory: Path) -> None:
    """Play every script on a reactor of its own run, and keep what came back."""
    from twisted.internet import defer, task

    scripts = {script: load(directory, script) for script in SCRIPTS}
    problems: list[Exception] = []

    async def record(reactor: object) -> None:
        try:
            played = await play(reactor, directory / "config.yaml", scripts)
        except Exception as problem:  # noqa: BLE001 - raised again below, outside the reactor
            problems.append(problem)
            return
        for script, recorded in played.items():
            save_recorded(directory, script, recorded)

    try:
        task.react(lambda reactor: defer.Deferred.fromCoroutine(record(reactor)))
    except SystemExit:
        # That is how react ends, well or badly.
        if problems:
            raise problems[0] from None
