"""A user's typed program: what is wrong in it is found, and nothing else."""

from unittest import TestCase

from tests.clients.python.typed import by_mypy, marked


class Typed(TestCase):
    """By mypy --strict; `make clients` asks pyright, too."""

    def test_every_wrong_use_is_found_and_no_right_one(self) -> None:
        self.assertEqual(sorted(by_mypy()), sorted(marked()))
