"""`tests/` mirrors `webctp/`, or says where it does not and why."""

from functools import cache
from typing import Final

from twisted.trial.unittest import SynchronousTestCase

from tests import mirror, quick
from tests.test_layers import MODULES

_CLIENTS: Final = "tests.clients."
TESTS: Final = {
    name.removeprefix("tests."): path
    for name, path in quick.MODULES.items()
    if name.rpartition(".")[2].startswith("test_") and not name.startswith(_CLIENTS)
}
OWN: Final = [
    name
    for name, path in MODULES.items()
    if path.name != "__init__.py" and not name.rpartition(".")[2].startswith("__")
]
ROOMS: Final = {name for name, path in MODULES.items() if path.name == "__init__.py"}


def mirrored(module: str) -> str:
    """Return the name of a module's own test module."""
    room, _, name = module.rpartition(".")
    return f"{room}.test_{name}" if room else f"test_{name}"


def has_own(module: str) -> bool:
    """Return whether a module, or the room it is in, has a test module of its name."""
    room = module.rpartition(".")[0]
    return mirrored(module) in TESTS or (room in ROOMS and mirrored(room) in TESTS)


def near(module: str) -> list[str]:
    """Return the test modules in the folder that mirrors a module's room."""
    room = module.rpartition(".")[0]
    return [test for test in TESTS if room and test.rpartition(".")[0] == room]


@cache
def uses(test: str) -> set[str]:
    """Return the modules of the house that a test module imports, also through others."""
    seen: set[str] = set()
    ahead = [f"tests.{test}"]
    while ahead:
        name = ahead.pop()
        if name in seen:
            continue
        seen.add(name)
        path = quick.MODULES.get(name) or MODULES.get(name.removeprefix("webctp."))
        if path is not None:
            ahead += [one for one in quick.named(path) if one.startswith(("tests.", "webctp."))]
    return {one.removeprefix("webctp.") for one in seen}


class Mirror(SynchronousTestCase):
    """Both ways."""

    def test_every_module_is_tested_in_its_room(self) -> None:
        left = [one for one in OWN if not has_own(one) and one not in mirror.WITH]
        without = [one for one in left if not any(one in uses(test) for test in near(one))]
        self.assertEqual(without, [], "add tests/…/test_….py, or name it in tests/mirror.py")

    def test_every_test_module_has_its_module(self) -> None:
        known = {mirrored(one) for one in (*OWN, *ROOMS)}
        without = [one for one in TESTS if one not in known and one not in mirror.BEHAVIOUR]
        self.assertEqual(without, [], "say in tests/mirror.py what it tests")

    def test_what_is_named_exists_and_needs_to_be(self) -> None:
        wrong = [one for one in mirror.WITH if mirrored(one) in TESTS]
        wrong += [one for one in mirror.BEHAVIOUR if one not in TESTS]
        self.assertEqual(wrong, [], "take it out of tests/mirror.py")

    def test_where_a_module_is_tested_it_is_used(self) -> None:
        wrong = {one: at for one, at in mirror.WITH.items() if one not in uses(at)}
        self.assertEqual(wrong, {})


class Clients(SynchronousTestCase):
    """`tests/clients/python/` mirrors `clients/python/webctp_client/` in the same manner."""

    def test_every_module_is_tested_in_its_room(self) -> None:
        tests = {
            name.removeprefix(f"{_CLIENTS}python."): path
            for name, path in quick.MODULES.items()
            if name.startswith(f"{_CLIENTS}python.")
        }
        house = quick.ROOT / "clients" / "python" / "webctp_client"
        missing = []
        for path in sorted(house.rglob("*.py")):
            parts = path.relative_to(house).with_suffix("").parts
            if parts[0] == "made" or parts[-1].startswith("__"):
                continue
            room = ".".join(parts[:-1])
            whole = ".".join(("webctp_client", *parts))
            near = [one for name, one in tests.items() if name.rpartition(".")[0] == room]
            if not any(whole in quick.named(one) for one in near):
                missing.append(whole)
        self.assertEqual(missing, [], "import it in a test of tests/clients/python/…")
