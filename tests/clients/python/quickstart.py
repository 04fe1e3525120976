"""docs/quickstart.md, walked through: its programs, its strategy, and its command lines."""

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from tests import clients
from tests.commands.docs.shell import commands, fences

ROOT: Final = clients.PYTHON.parents[1]
PAGE: Final = ROOT / "docs" / "quickstart.md"
URL: Final = "ws://127.0.0.1:8080"
"""Where the page's gateway is."""


def walk_programs(ran: Callable[[str], str]) -> None:
    """Run each program of the page, which asks one another's account nothing.

    :param ran: returns what a program prints, given its text.
    :raises AssertionError: with what one printed, if that is not what the page promises.
    """
    quotes, queries, order = fences(PAGE, "python")
    told = ran(quotes)
    assert len(told.splitlines()) == 5, told
    told = ran(queries)
    assert "-400 InstrumentID: wants at most" in told, told
    told = ran(order)
    assert told.startswith("True 1\n"), told


def walk_strategy(ran: Callable[[Path], str]) -> None:
    """Run the strategy that the page leads to until it has traded twice.

    :param ran: returns what a program prints, given its file.
    """
    assert "(../examples/moving_average.py)" in PAGE.read_text("utf-8")
    told = ran(ROOT / "examples" / "moving_average.py")
    assert told.count("held") == 2, told


def walk_commands(ran: Callable[[Sequence[str]], str], place: Path) -> None:
    """Type the page's commands of the client.

    :param ran: returns what the client prints in ``place``, given its arguments.
    """
    typed = [words[1:] for words in commands(PAGE) if words[0] == "webctp-client"]
    told = {words[0]: ran(words) for words in typed if "--user" not in words}
    assert set(told) == {"call", "watch", "record", "export"}, told
    assert re.search(r"螺纹钢|rb\d{4}", told["call"]), told["call"]
    assert len(told["watch"].splitlines()) == 6, told["watch"]
    for name in ("ticks.csv", "rebar.csv"):
        rows = (place / name).read_text("utf-8").splitlines()
        assert "InstrumentID" in rows[0], rows[:2]
        assert len(rows) > 1, name
