"""kill -9 of the daemon amid a flow of orders, at two moments: `kills`, in short."""

from unittest import TestCase

from tests.clients.typescript.kills import played


class Kills(TestCase):
    """Orders and the account over daemons that die."""

    def test_no_order_is_doubled_or_lost_and_the_mirrors_are_right(self) -> None:
        flow = played(seed=7, moments=2)
        self.assertEqual(flow.wrong, [])
        self.assertGreaterEqual(flow.orders, 2)
