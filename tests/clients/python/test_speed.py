"""What is measured is whole: `speed`, in short. Times are for people, and not asserted."""

from unittest import TestCase

from tests.clients.python import speed


class Speed(TestCase):
    """The benchmark itself."""

    def test_all_rows_and_ticks_come(self) -> None:
        found = speed.run(rows=200, ticks=1280)
        self.assertEqual(found.ticks, 1280)
        self.assertGreater(found.query, 0)
