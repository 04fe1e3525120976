"""The command line of the long forms."""

import contextlib
import io
from unittest import TestCase

from tests.clients.moments import Flow, run


class Moments(TestCase):
    """How many flows are played, and what is said of them."""

    def play(self, *argv: str, wrong: tuple[str, ...] = ()) -> tuple[int, str]:
        """Return the exit code and what was printed; the flow of seed 6 goes wrong."""
        self.played: list[tuple[int, int]] = []

        def one(seed: int, moments: int) -> Flow:
            self.played.append((seed, moments))
            return Flow(moments, 3 * moments, wrong if seed == 6 else ())

        with contextlib.redirect_stdout(io.StringIO()) as told:
            code = run(argv, "flows", one)
        return code, told.getvalue()

    def test_each_flow_has_a_seed_of_its_own_and_the_last_the_rest(self) -> None:
        code, told = self.play("--moments", "25", "--seed", "5")
        self.assertEqual(self.played, [(5, 10), (6, 10), (7, 5)])
        self.assertEqual(code, 0)
        self.assertTrue(told.endswith("25 kills, 75 orders, 0 flows failed\n"), told)

    def test_what_is_wrong_is_named_with_the_seed_and_fails(self) -> None:
        code, told = self.play("--moments", "3", "--each", "1", "--seed", "5", wrong=("lost",))
        self.assertEqual(code, 1)
        self.assertIn("seed 6: 1 kills, 3 orders\n  lost\nseed 7", told)
        self.assertIn("1 flows failed", told)
