"""What stands behind a front address, as the daemon picks it by the scheme."""

import tempfile
from pathlib import Path
from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from webctp.config import ConfigError, load, located
from webctp.config.kinds import FRONTS
from webctp.ctp import binding
from webctp.ctp.front import NativeFront
from webctp.ctp.runtime import PACKAGES
from webctp.fronts import SCHEMES
from webctp.serving.prepared import Prepared, prepare
from webctp.sim import RemoteFront, SimulatedFront
from webctp.sim.paper.front import PaperFront
from webctp.testing import ThreadlessReactor


class FrontTests(SynchronousTestCase):
    """Schemes, and what is wrong with addresses."""

    def prepared(self, address: str, more: str = "") -> Prepared:
        directory = Path(tempfile.mkdtemp())
        path = directory / "config.yaml"
        self.path = str(path)
        path.write_text(f'TdFrontAddress: "{address}"\nConFilePath: {directory}\n{more}')
        return prepare(ThreadlessReactor(), load(str(path)))

    def front(self, address: str) -> object:
        (front,) = self.prepared(address).fronts.values()
        return front

    def test_the_scheme_picks(self) -> None:
        self.assertIsInstance(self.front("tcp://127.0.0.1:1"), NativeFront)
        self.assertIsInstance(self.front("ssl://127.0.0.1:1"), NativeFront)
        self.assertIsInstance(self.front("sim://?seed=3"), SimulatedFront)
        self.assertIsInstance(self.front("sim+unix:///run/x.sock"), RemoteFront)

    def test_every_scheme_of_the_table_is_one_that_a_configuration_may_name(self) -> None:
        places = {"sim": "", "sim+unix": "/run/x.sock", "replay": "/a/file.csv", "tcp6": "::1:1"}
        for scheme in SCHEMES:
            address = f"{scheme}://{places.get(scheme, '127.0.0.1:1')}"
            self.assertEqual(FRONTS.read((address,)), (address,))
        self.assertRaises(ValueError, FRONTS.read, ("strange://127.0.0.1:1",))

    def test_one_exchange_serves_both(self) -> None:
        made = self.prepared("sim://", "MdFrontAddress: sim://\nAppType: both\n")
        self.assertEqual(len(made.fronts), 1)

    def test_only_what_is_served_is_made(self) -> None:
        made = self.prepared("sim://", "MdFrontAddress: replay:///nowhere.csv\nAppType: td\n")
        self.assertEqual(list(made.fronts), [("sim://",)])

    def test_mistakes_stop_the_start_with_one_line(self) -> None:
        for address, said in (
            ("sim://?sped=3", "Speed"),
            ("sim://host", "sim://?seed=7"),
            ("sim+unix://", "sim+unix:///a/path"),
            ("replay:///nowhere.csv", "no such file"),
        ):
            mistake = str(self.assertRaises(ConfigError, self.prepared, address))
            self.assertTrue(mistake.startswith("TdFrontAddress: "), mistake)
            self.assertIn(said, mistake)
            self.assertNotIn("\n", mistake)

    def test_a_binding_that_cannot_be_loaded_stops_the_start(self) -> None:
        loaded = binding.load().package
        other = next(name for name in PACKAGES if name != loaded)
        mistake = self.assertRaises(ConfigError, self.prepared, "sim://", f"Binding: {other}\n")
        told = located(self.path, mistake)
        self.assertTrue(told.startswith(f"{self.path}:3: Binding: {loaded} is loaded"), told)
        self.assertIn(f"use {other} in a process of its own", told)

    def test_paper_keeps_the_hours_of_a_real_market(self) -> None:
        for market, clock in (("tcp://127.0.0.1:1", "calendar"), ("sim://", "always")):
            more = f"MdFrontAddress: {market}\nAppType: both\n"
            (front, _) = self.prepared("paper://", more).fronts.values()
            assert isinstance(front, PaperFront)
            self.assertEqual(front.venue.options.clock, clock, market)

    def test_fronts_speak_by_the_loaded_binding(self) -> None:
        for address in ("tcp://127.0.0.1:1", "sim://", "sim+unix:///run/x.sock"):
            front: Any = self.front(address)
            self.assertIs(front.binding, binding.load(), address)

    def test_mistakes_below_sim_are_told_with_their_line(self) -> None:
        for address, more, line, said in (
            ("sim://", "Sim: {Sede: 7}\n", 3, "Sim.Sede: found an unknown key, wanted Sim.Seed（"),
            (
                "sim://?seed=3",
                "Sim:\n  Seed: many\n",
                4,
                "Sim.Seed: found 'many', wanted an integer",
            ),
            ("sim+unix:///x", "Sim:\n  zzzz: 1\n", 4, "Sim.zzzz: found an unknown key, wanted one"),
            ("sim://", "Sim:\n  Faults:\n    Duplicate: 2\n", 5, "Sim.Faults.Duplicate: found '2'"),
            ("sim://", "Sim:\n  Faults: all\n", 4, "Sim.Faults: found 'all', wanted a mapping"),
            (
                "sim://",
                "Sim:\n  Seed:\n",
                4,
                "Sim.Seed: found nothing, wanted an integer（应为整数）",
            ),
            (
                "sim://?sped=3",
                "Sim:\n  Seed: 1\n",
                1,
                "TdFrontAddress: option sped: found an unknown",
            ),
        ):
            with self.subTest(more=more):
                mistake = self.assertRaises(ConfigError, self.prepared, address, more)
                told = located(self.path, mistake)
                self.assertTrue(told.startswith(f"{self.path}:{line}: {said}"), told)
