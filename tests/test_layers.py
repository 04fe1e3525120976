"""The house: which room may use which, how many live in one, how long a module may be."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from twisted.trial.unittest import SynchronousTestCase

ROOT: Final = Path(__file__).resolve().parent.parent
HOUSE: Final = ROOT / "webctp"

FLOORS: Final = (
    # What knows nothing of CTP.
    ("language", "secret", "clock", "metrics"),
    ("upstream.files", "upstream.decoding", "upstream.statetable"),
    ("storage",),
    ("exchanges",),
    ("ctp",),
    # What a configuration says: rooms take their settings from there.
    ("config",),
    ("recording",),
    # What knows CTP, and no client.
    ("upstream.account", "upstream.turns", "upstream.session"),
    ("upstream.orders",),
    ("upstream.journal",),
    ("upstream.kill",),
    ("upstream.risk", "upstream.portfolio", "upstream.offset"),
    ("upstream.trading", "upstream.market"),
    ("upstream.barstore", "upstream.contracts", "upstream.conditional"),
    # Ticks between machines.
    ("bus",),
    # What knows clients.
    ("gateway.messages",),
    ("gateway.access",),
    ("gateway.websocket",),
    ("gateway.client", "gateway.http"),
    ("gateway.portfolio", "gateway.admin"),
    ("gateway.conditional",),
    ("gateway.trading", "gateway.market"),
    ("gateway.rest",),
    # Beside all that: a front of our own.
    ("sim.events", "sim.money", "sim.draws", "sim.options", "sim.refusals", "sim.manners"),
    ("sim.model",),
    ("sim.market",),
    ("sim.accounts",),
    ("sim.matching",),
    ("sim.broker",),
    ("sim.settlement",),
    ("sim.exchange",),
    ("sim.handlers",),
    ("sim.host",),
    ("sim.replay", "sim.remote"),
    ("sim.paper",),
    ("sim.front", "sim.main", "sim.past"),
    ("sim.__main__",),
    # Whoever puts it together.
    ("signals", "upkeep", "logs", "preflight", "start", "coredump", "nativeoutput"),
    ("filewatch",),
    ("fronts", "listening"),
    ("lifecycle",),
    ("serving",),
    ("daemon",),
    # Fakes and whole gateways, for tests.
    ("testing",),
    ("tap",),
    ("commands", "__main__"),
)
"""From the ground up: a room uses those below it, and what it holds; no other of its floor."""

MOST_MODULES: Final = 15
MOST_LINES: Final = 500


def modules() -> dict[str, Path]:
    """Every module by its name within ``webctp``; a package by its own."""
    found = {}
    for path in sorted(HOUSE.rglob("*.py")):
        parts = path.relative_to(HOUSE).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        if name:
            found[name] = path
    return found


MODULES: Final = modules()


def used(path: Path) -> Iterator[str]:
    """Name the modules of the house that one imports, wherever it does, also for types alone."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        match node:
            case ast.ImportFrom(module=str(module), names=names):
                for one in names:
                    whole = f"{module}.{one.name}".removeprefix("webctp.")
                    yield whole if whole in MODULES else module.removeprefix("webctp.")
            case ast.Import(names=names):
                for one in names:
                    yield one.name.removeprefix("webctp.")
            case _:
                pass


USES: Final = {
    name: {one for one in used(path) if one in MODULES and one != name}
    for name, path in MODULES.items()
}


def room_of(module: str) -> tuple[int, str] | None:
    """The floor and the room that a module lives in; None for what belongs to none."""
    for floor, rooms in enumerate(FLOORS):
        for room in rooms:
            if module == room or module.startswith(f"{room}."):
                return floor, room
    return None


class Layers(SynchronousTestCase):
    """Imports point down."""

    def test_every_module_has_a_room(self) -> None:
        packages = {name for name, path in MODULES.items() if path.name == "__init__.py"}
        self.assertEqual(
            [name for name in MODULES if name not in packages and not room_of(name)], []
        )

    def test_rooms_use_those_below_only(self) -> None:
        wrong = []
        for name, uses in USES.items():
            here = room_of(name)
            for other in uses:
                there = room_of(other)
                if here and there and here != there and here[0] <= there[0]:
                    wrong.append(f"{name} uses {other}")
        self.assertEqual(wrong, [])

    def test_no_circles(self) -> None:
        self.assertEqual(sorted(circles()), [])


def circles() -> Iterator[tuple[str, ...]]:
    """Name the modules that reach themselves, each circle's together (Tarjan's way)."""
    number: dict[str, int] = {}
    low: dict[str, int] = {}
    path: list[str] = []

    def visit(one: str) -> Iterator[tuple[str, ...]]:
        number[one] = low[one] = len(number)
        path.append(one)
        for other in USES[one]:
            if other not in number:
                yield from visit(other)
                low[one] = min(low[one], low[other])
            elif other in path:
                low[one] = min(low[one], number[other])
        if low[one] == number[one]:
            at = path.index(one)
            circle = tuple(sorted(path[at:]))
            del path[at:]
            if len(circle) > 1:
                yield circle

    for name in USES:
        if name not in number:
            yield from visit(name)


class Clients(SynchronousTestCase):
    """What is for machines on which no binding can be installed."""

    def test_clients_use_nothing_of_the_gateways(self) -> None:
        wrong = [
            path.relative_to(ROOT).as_posix()
            for path in sorted((ROOT / "clients").rglob("*.py"))
            if re.search(
                r"^\s*(?:from|import) (?:webctp|openctp_ctp|twisted)\b", path.read_text(), re.M
            )
        ]
        self.assertEqual(wrong, [])

    def test_their_rooms_and_modules_are_small(self) -> None:
        found: dict[Path, int] = {}
        for path in sorted((ROOT / "clients").rglob("*.py")):
            if path.parent.name == "made" or path.name.startswith("__"):
                continue
            found[path.parent] = found.get(path.parent, 0) + 1
            self.assertLessEqual(len(path.read_text("utf-8").splitlines()), MOST_LINES, path.name)
        self.assertGreater(len(found), 2)
        self.assertLessEqual(max(found.values()), MOST_MODULES)


class Words(SynchronousTestCase):
    """What a docstring may not leave to another."""

    def test_docstrings_stand_alone(self) -> None:
        found = [
            name for name, path in MODULES.items() if "See the module's" in path.read_text("utf-8")
        ]
        self.assertEqual(found, [], "say it in the class's own first line")


class Sizes(SynchronousTestCase):
    """What one can read in a sitting."""

    def test_rooms_are_small(self) -> None:
        crowded = {}
        for package in {path.parent for path in MODULES.values()}:
            count = sum(1 for one in package.glob("*.py") if not one.name.startswith("__"))
            room = package.relative_to(HOUSE).as_posix()
            if count > MOST_MODULES:
                crowded[room] = count
        self.assertEqual(crowded, {})

    def test_modules_are_short(self) -> None:
        long = {}
        for name, path in MODULES.items():
            lines = len(path.read_text("utf-8").splitlines())
            if lines > MOST_LINES:
                long[name] = lines
        self.assertEqual(long, {})


class Shapes(SynchronousTestCase):
    """What a method or a callback may lack."""

    def test_nobody_makes_text_of_a_struct_that_may_be_none(self) -> None:
        forced = re.compile(r"\bstr\([^()\n]*\.(struct|response|body_key)\)")
        found = [
            path.relative_to(ROOT).as_posix()
            for room in ("webctp", "tests", "bench")
            for path in sorted((ROOT / room).rglob("*.py"))
            if forced.search(path.read_text("utf-8"))
        ]
        self.assertEqual(found, [], "request_struct, request_key, reply, body_struct raise instead")
