"""What gateways say beside the kill switch's file, each under a name of its own."""

import os
import shutil
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from tests.fifos import fifo
from webctp.upstream.kill.acknowledging import Acknowledging, running


class NamesTests(SynchronousTestCase):
    """Who runs, and has which change in force."""

    def setUp(self) -> None:
        self.path = Path(self.mktemp()).absolute() / "kill.json"

    def begun(self, place: str = "/var/td") -> Acknowledging:
        """A gateway that runs."""
        one = Acknowledging(self.path, place)
        one.begin()
        self.addCleanup(one.end)
        return one

    def told(self) -> list[tuple[str, int]]:
        """What the command reads."""
        return sorted((one.told.place, one.told.serial) for one in running(self.path))

    def test_nobody_runs(self) -> None:
        self.assertEqual(self.told(), [])

    def test_each_says_what_it_has_in_force_and_none_over_another(self) -> None:
        first, second = self.begun("/var/one"), self.begun("/var/two")
        first.acknowledge(7)
        self.assertEqual(self.told(), [("/var/one", 7), ("/var/two", 0)])
        second.acknowledge(6)
        self.assertEqual(self.told(), [("/var/one", 7), ("/var/two", 6)])
        self.assertEqual({one.told.pid for one in running(self.path)}, {os.getpid()})

    def test_one_that_has_ended_is_waited_for_no_longer(self) -> None:
        first, second = self.begun("/var/one"), self.begun("/var/two")
        first.acknowledge(1)
        second.acknowledge(1)
        first.end()
        self.assertEqual(self.told(), [("/var/two", 1)])

    def test_its_next_run_finds_what_it_had_heard(self) -> None:
        first = self.begun()
        first.acknowledge(5)
        first.end()
        self.begun("/var/other").acknowledge(9)
        next_run = Acknowledging(self.path, "/var/td")
        self.addCleanup(next_run.end)
        self.assertEqual(next_run.begin(), 5)

    def test_what_a_gateway_of_before_has_heard_counts_once(self) -> None:
        self.path.parent.mkdir()
        self.path.with_name("kill.json.seen").write_text("4 123\n")
        one = Acknowledging(self.path, "/var/td")
        self.addCleanup(one.end)
        self.assertEqual(one.begin(), 4)

    def test_two_of_one_place_are_two(self) -> None:
        first, second = self.begun(), self.begun()
        first.acknowledge(1)
        second.acknowledge(2)
        self.assertEqual(self.told(), [("/var/td", 1), ("/var/td", 2)])

    def test_looking_takes_no_name_away(self) -> None:
        first = self.begun()
        first.end()
        for _ in range(3):
            self.assertEqual(running(self.path), [])
        again = self.begun()
        again.acknowledge(3)
        self.assertEqual(self.told(), [("/var/td", 3)])
        self.assertEqual(len(list(self.path.parent.glob("*.lock"))), 1)

    def test_where_the_directory_was_replaced_it_speaks_in_the_new_one(self) -> None:
        one = self.begun()
        shutil.rmtree(self.path.parent)
        self.assertEqual(self.told(), [])
        one.acknowledge(2)
        self.assertEqual(self.told(), [("/var/td", 2)])

    def test_parked_orders_are_told_by_each(self) -> None:
        first, second = self.begun("/var/one"), self.begun("/var/two")
        first.tell_left(3, b"one")
        second.tell_left(4, b"two")
        for serial, left in ((3, [b"one", b"two"]), (4, [None, b"two"])):
            found = sorted(running(self.path), key=str)
            self.assertEqual([one.left(serial) for one in found], left)

    def test_what_is_spoilt_says_nothing(self) -> None:
        one = self.begun()
        one.acknowledge(2)
        (told,) = running(self.path)
        for spoilt in (b"", b"{", b"2 1\n"):
            told._path.write_bytes(spoilt)
            self.assertEqual(self.told(), [("", 0)])
        told._path.unlink()
        fifo(self, told._path)
        self.assertEqual(self.told(), [("", 0)])
